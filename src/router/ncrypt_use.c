/* Using a final key: sign, verify, encrypt, decrypt, agree, derive, encapsulate, decapsulate. */
#include "ncrypt_router.h"

#define SIGN_FLAGS                                                                                 \
    (NCRYPT_PAD_PKCS1_FLAG | NCRYPT_PAD_PSS_FLAG | NCRYPT_PAD_PQDSA_FLAG | NCRYPT_SILENT_FLAG)

NTSTATUS ncrypt_sign(NCRYPT_KEY_HANDLE handle, struct padding *pad, struct span hash,
                     uint32_t flags, const struct out *o)
{
    NKEY_USE u;
    TRY(nkey_enter(handle, true, &u));
    if (o->result == NULL || input_missing(hash, o))
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(flags, SIGN_FLAGS | u.ksp->flags));
    TRY(ncrypt_has(u.ksp->sign != NULL));
    return u.ksp->sign(u.key, pad, hash, flags, o);
}

NTSTATUS ncrypt_verify(NCRYPT_KEY_HANDLE handle, struct padding *pad, struct span hash,
                       struct span sig, uint32_t flags)
{
    NKEY_USE u;
    TRY(nkey_enter(handle, true, &u));
    if (hash.p == NULL || sig.p == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(flags, SIGN_FLAGS | u.ksp->flags));
    TRY(ncrypt_has(u.ksp->verify != NULL));
    return u.ksp->verify(u.key, pad, hash, sig, flags);
}

NTSTATUS ncrypt_crypt(NCRYPT_KEY_HANDLE handle, const struct ksp_crypt *call, const struct out *o)
{
    NKEY_USE u;
    TRY(nkey_enter(handle, true, &u));
    TRY(ncrypt_flags(call->flags, NCRYPT_NO_PADDING_FLAG | NCRYPT_PAD_PKCS1_FLAG |
                                      NCRYPT_PAD_OAEP_FLAG | NCRYPT_PAD_CIPHER_FLAG |
                                      NCRYPT_SILENT_FLAG | u.ksp->flags));
    if (o->result == NULL || input_missing(call->in, o))
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_has(u.ksp->crypt != NULL));
    return u.ksp->crypt(u.key, call, o);
}

SECURITY_STATUS WINAPI NCryptSecretAgreement(NCRYPT_KEY_HANDLE hPrivKey, NCRYPT_KEY_HANDLE hPubKey,
                                             NCRYPT_SECRET_HANDLE *phAgreedSecret, DWORD dwFlags)
{
    NKEY_USE own;
    TRY(nkey_enter(hPrivKey, true, &own));
    NKEY_USE peer;
    TRY(nkey_enter(hPubKey, true, &peer));
    if (phAgreedSecret == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(dwFlags, NCRYPT_SILENT_FLAG | own.ksp->flags));
    if (peer.ksp != own.ksp)
        return NTE_INVALID_HANDLE;
    TRY(ncrypt_has(own.ksp->agree != NULL));
    struct ksp_secret *secret;
    NTSTATUS status = own.ksp->agree(own.key, peer.key, dwFlags, &secret);
    if (status < 0)
        return ncrypt_status(status);
    void *handle;
    status = handle_new(&secret->object, &handle);
    if (status < 0) {
        ksp_secret_free(secret);
        return ncrypt_status(status);
    }
    *phAgreedSecret = (NCRYPT_SECRET_HANDLE)handle;
    return ERROR_SUCCESS;
}

NTSTATUS ncrypt_derive(NCRYPT_SECRET_HANDLE handle, const struct name *kdf,
                       const struct ksp_params *params, uint32_t flags, const struct out *o)
{
    CLEANUP(handle_leave)
    struct handle_use use = handle_enter((const void *)handle, OBJECT_KSP_SECRET);
    if (use.object == NULL)
        return NTE_INVALID_HANDLE;
    struct ksp_secret *secret = CONTAINER_OF(use.object, struct ksp_secret, object);
    if (o->result == NULL || kdf == NULL || (params->count > 0 && params->list == NULL))
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = secret->provider->ksp;
    TRY(ncrypt_flags(flags, KDF_USE_SECRET_AS_HMAC_KEY_FLAG | NCRYPT_SILENT_FLAG | ksp->flags));
    TRY(ncrypt_has(ksp->derive != NULL));
    return ksp->derive(secret, kdf, params, flags, o);
}

NTSTATUS ncrypt_key_derivation(NCRYPT_KEY_HANDLE handle, const struct ksp_params *params,
                               uint32_t flags, const struct out *o)
{
    NKEY_USE u;
    TRY(nkey_enter(handle, true, &u));
    if (o->result == NULL || o->p == NULL || o->cap == 0 || params->list == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(flags, BCRYPT_CAPI_AES_FLAG | NCRYPT_SILENT_FLAG | u.ksp->flags));
    TRY(ncrypt_has(u.ksp->key_derivation != NULL));
    return u.ksp->key_derivation(u.key, params, flags, o);
}

/* Microsoft documents NULL as an invalid parameter here, not as an invalid handle. */
SECURITY_STATUS WINAPI NCryptEncapsulate(NCRYPT_KEY_HANDLE hKey, PBYTE pbSecretKey,
                                         DWORD cbSecretKey, DWORD *pcbSecretKey, PBYTE pbCipherText,
                                         DWORD cbCipherText, DWORD *pcbCipherText, DWORD dwFlags)
{
    if (hKey == 0)
        return NTE_INVALID_PARAMETER;
    NKEY_USE u;
    TRY(nkey_enter(hKey, true, &u));
    if (pcbSecretKey == NULL || pcbCipherText == NULL)
        return NTE_INVALID_PARAMETER;
    if (dwFlags != 0)
        return NTE_BAD_FLAGS;
    TRY(ncrypt_has(u.ksp->encapsulate != NULL));
    const struct out secret = {pbSecretKey, cbSecretKey, pcbSecretKey, WIDTH_16};
    const struct out ciphertext = {pbCipherText, cbCipherText, pcbCipherText, WIDTH_16};
    return ncrypt_status(u.ksp->encapsulate(u.key, &secret, &ciphertext));
}

SECURITY_STATUS WINAPI NCryptDecapsulate(NCRYPT_KEY_HANDLE hKey, PBYTE pbCipherText,
                                         DWORD cbCipherText, PBYTE pbSecretKey, DWORD cbSecretKey,
                                         DWORD *pcbSecretKey, DWORD dwFlags)
{
    if (hKey == 0)
        return NTE_INVALID_PARAMETER;
    NKEY_USE u;
    TRY(nkey_enter(hKey, true, &u));
    if (pcbSecretKey == NULL || pbCipherText == NULL)
        return NTE_INVALID_PARAMETER;
    if (dwFlags != 0)
        return NTE_BAD_FLAGS;
    TRY(ncrypt_has(u.ksp->decapsulate != NULL));
    const struct out secret = {pbSecretKey, cbSecretKey, pcbSecretKey, WIDTH_16};
    return ncrypt_status(
        u.ksp->decapsulate(u.key, (struct span){pbCipherText, cbCipherText}, &secret));
}
