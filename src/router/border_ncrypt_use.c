/* Border of the operations: padding information and parameter lists hold strings too. */
#include "border_ncrypt.h"
#include "border_padding.h"

SECURITY_STATUS WINAPI NCryptSignHash(NCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PBYTE pbHashValue,
                                      DWORD cbHashValue, PBYTE pbSignature, DWORD cbSignature,
                                      DWORD *pcbResult, DWORD dwFlags)
{
    struct padding pad;
    border_padding(&pad, pPaddingInfo, dwFlags & ~(DWORD)NCRYPT_SILENT_FLAG);
    const struct out o = {pbSignature, cbSignature, pcbResult, BORDER_WIDTH};
    return ncrypt_status(
        ncrypt_sign(hKey, &pad, (struct span){pbHashValue, cbHashValue}, dwFlags, &o));
}

SECURITY_STATUS WINAPI NCryptVerifySignature(NCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo,
                                             PBYTE pbHashValue, DWORD cbHashValue,
                                             PBYTE pbSignature, DWORD cbSignature, DWORD dwFlags)
{
    struct padding pad;
    border_padding(&pad, pPaddingInfo, dwFlags & ~(DWORD)NCRYPT_SILENT_FLAG);
    return ncrypt_status(ncrypt_verify(hKey, &pad, (struct span){pbHashValue, cbHashValue},
                                       (struct span){pbSignature, cbSignature}, dwFlags));
}

static SECURITY_STATUS crypt(NCRYPT_KEY_HANDLE key, bool encrypt, struct span in, void *info,
                             const struct out *o, DWORD flags)
{
    struct ksp_crypt call = {.encrypt = encrypt, .flags = flags, .in = in, .info = info};
    border_encryption_padding(&call.pad, info, flags & ~(DWORD)NCRYPT_SILENT_FLAG);
    return ncrypt_status(ncrypt_crypt(key, &call, o));
}

SECURITY_STATUS WINAPI NCryptEncrypt(NCRYPT_KEY_HANDLE hKey, PBYTE pbInput, DWORD cbInput,
                                     VOID *pPaddingInfo, PBYTE pbOutput, DWORD cbOutput,
                                     DWORD *pcbResult, DWORD dwFlags)
{
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return crypt(hKey, true, (struct span){pbInput, cbInput}, pPaddingInfo, &o, dwFlags);
}

SECURITY_STATUS WINAPI NCryptDecrypt(NCRYPT_KEY_HANDLE hKey, PBYTE pbInput, DWORD cbInput,
                                     VOID *pPaddingInfo, PBYTE pbOutput, DWORD cbOutput,
                                     DWORD *pcbResult, DWORD dwFlags)
{
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return crypt(hKey, false, (struct span){pbInput, cbInput}, pPaddingInfo, &o, dwFlags);
}

SECURITY_STATUS WINAPI NCryptDeriveKey(NCRYPT_SECRET_HANDLE hSharedSecret, LPCWSTR pwszKDF,
                                       NCryptBufferDesc *pParameterList, PBYTE pbDerivedKey,
                                       DWORD cbDerivedKey, DWORD *pcbResult, ULONG dwFlags)
{
    struct name kdf;
    const struct ksp_params params = border_params(pParameterList);
    const struct out o = {pbDerivedKey, cbDerivedKey, pcbResult, BORDER_WIDTH};
    return ncrypt_status(
        ncrypt_derive(hSharedSecret, border_name(&kdf, pwszKDF), &params, dwFlags, &o));
}

SECURITY_STATUS WINAPI NCryptKeyDerivation(NCRYPT_KEY_HANDLE hKey, NCryptBufferDesc *pParameterList,
                                           PUCHAR pbDerivedKey, DWORD cbDerivedKey,
                                           DWORD *pcbResult, ULONG dwFlags)
{
    const struct ksp_params params = border_params(pParameterList);
    const struct out o = {pbDerivedKey, cbDerivedKey, pcbResult, BORDER_WIDTH};
    return ncrypt_status(ncrypt_key_derivation(hKey, &params, dwFlags, &o));
}
