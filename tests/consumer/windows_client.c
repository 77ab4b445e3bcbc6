/*
 * A program as Windows programmers write them: MSDN style, its own wide literals, wide structures,
 * HeapAlloc habits left out. It is compiled unchanged as C with 32-bit wchar_t, as C with
 * -fshort-wchar, and as C++.
 */
#include <windows.h>
#include <bcrypt.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef NT_SUCCESS
#define NT_SUCCESS(Status) (((NTSTATUS)(Status)) >= 0)
#endif
#ifndef STATUS_SUCCESS
#define STATUS_SUCCESS ((NTSTATUS)0x00000000L)
#endif
#ifndef STATUS_INVALID_SIGNATURE
#define STATUS_INVALID_SIGNATURE ((NTSTATUS)0xC000A000L)
#endif

static int g_test = 0;
static int g_failed = 0;

static void Check(BOOL fGood, const char *pszWhat)
{
    g_test++;
    if (!fGood)
        g_failed++;
    printf("%sok %d - %s\n", fGood ? "" : "not ", g_test, pszWhat);
}

static BOOL SignWithRsa(void)
{
    BCRYPT_ALG_HANDLE hAlg = NULL;
    BCRYPT_KEY_HANDLE hKey = NULL, hPublic = NULL;
    BCRYPT_PSS_PADDING_INFO Padding = {0};
    PBYTE pbBlob = NULL;
    BYTE rgbHash[32] = {1, 2, 3}, rgbSignature[256];
    DWORD cbBlob = 0, cbResult = 0;
    DWORD dwBits = 2048;
    BOOL fResult = FALSE;

    if (!NT_SUCCESS(BCryptOpenAlgorithmProvider(&hAlg, L"RSA", L"Microsoft Primitive Provider", 0)))
        goto Cleanup;
    if (!NT_SUCCESS(BCryptGenerateKeyPair(hAlg, &hKey, 1024, 0)))
        goto Cleanup;
    if (!NT_SUCCESS(BCryptSetProperty(hKey, L"KeyLength", (PUCHAR)&dwBits, sizeof(dwBits), 0)))
        goto Cleanup;
    if (!NT_SUCCESS(BCryptFinalizeKeyPair(hKey, 0)))
        goto Cleanup;
    if (!NT_SUCCESS(BCryptExportKey(hKey, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, 0, &cbBlob, 0)))
        goto Cleanup;
    pbBlob = (PBYTE)malloc(cbBlob);
    if (pbBlob == NULL ||
        !NT_SUCCESS(BCryptExportKey(hKey, NULL, BCRYPT_RSAPUBLIC_BLOB, pbBlob, cbBlob, &cbBlob, 0)))
        goto Cleanup;
    if (((BCRYPT_RSAKEY_BLOB *)(void *)pbBlob)->Magic != BCRYPT_RSAPUBLIC_MAGIC ||
        ((BCRYPT_RSAKEY_BLOB *)(void *)pbBlob)->cbModulus != 256)
        goto Cleanup;

    Padding.pszAlgId = BCRYPT_SHA256_ALGORITHM;
    Padding.cbSalt = sizeof(rgbHash);
    if (!NT_SUCCESS(BCryptSignHash(hKey, &Padding, rgbHash, sizeof(rgbHash), rgbSignature,
                                   sizeof(rgbSignature), &cbResult, BCRYPT_PAD_PSS)))
        goto Cleanup;
    if (!NT_SUCCESS(
            BCryptImportKeyPair(hAlg, NULL, BCRYPT_RSAPUBLIC_BLOB, &hPublic, pbBlob, cbBlob, 0)))
        goto Cleanup;
    if (!NT_SUCCESS(BCryptVerifySignature(hPublic, &Padding, rgbHash, sizeof(rgbHash), rgbSignature,
                                          cbResult, BCRYPT_PAD_PSS)))
        goto Cleanup;
    rgbHash[0] ^= 1;
    fResult = BCryptVerifySignature(hPublic, &Padding, rgbHash, sizeof(rgbHash), rgbSignature,
                                    cbResult, BCRYPT_PAD_PSS) == STATUS_INVALID_SIGNATURE;

Cleanup:
    if (hPublic)
        BCryptDestroyKey(hPublic);
    if (hKey)
        BCryptDestroyKey(hKey);
    if (hAlg)
        BCryptCloseAlgorithmProvider(hAlg, 0);
    free(pbBlob);
    return fResult;
}

static BOOL AgreeOnKey(void)
{
    BCRYPT_KEY_HANDLE hAlice = NULL, hBob = NULL;
    BCRYPT_SECRET_HANDLE hSecretA = NULL, hSecretB = NULL;
    WCHAR wszHash[] = L"SHA256";
    BYTE rgbLabel[] = {'a', 'p', 'p'};
    BYTE rgbA[32], rgbB[32];
    ULONG cbA = 0, cbB = 0;
    BCryptBuffer rgBuffers[2];
    BCryptBufferDesc Parameters;
    BOOL fResult = FALSE;

    rgBuffers[0].BufferType = KDF_HASH_ALGORITHM;
    rgBuffers[0].cbBuffer = sizeof(wszHash);
    rgBuffers[0].pvBuffer = wszHash;
    rgBuffers[1].BufferType = KDF_SECRET_PREPEND;
    rgBuffers[1].cbBuffer = sizeof(rgbLabel);
    rgBuffers[1].pvBuffer = rgbLabel;
    Parameters.ulVersion = BCRYPTBUFFER_VERSION;
    Parameters.cBuffers = 2;
    Parameters.pBuffers = rgBuffers;

    if (NT_SUCCESS(BCryptGenerateKeyPair(BCRYPT_ECDH_P384_ALG_HANDLE, &hAlice, 384, 0)) &&
        NT_SUCCESS(BCryptFinalizeKeyPair(hAlice, 0)) &&
        NT_SUCCESS(BCryptGenerateKeyPair(BCRYPT_ECDH_P384_ALG_HANDLE, &hBob, 384, 0)) &&
        NT_SUCCESS(BCryptFinalizeKeyPair(hBob, 0)) &&
        NT_SUCCESS(BCryptSecretAgreement(hAlice, hBob, &hSecretA, 0)) &&
        NT_SUCCESS(BCryptSecretAgreement(hBob, hAlice, &hSecretB, 0)) &&
        NT_SUCCESS(
            BCryptDeriveKey(hSecretA, BCRYPT_KDF_HASH, &Parameters, rgbA, sizeof(rgbA), &cbA, 0)) &&
        NT_SUCCESS(BCryptDeriveKey(hSecretB, L"HASH", &Parameters, rgbB, sizeof(rgbB), &cbB, 0)))
        fResult = cbA == 32 && cbB == 32 && memcmp(rgbA, rgbB, 32) == 0;
    if (hSecretA)
        BCryptDestroySecret(hSecretA);
    if (hSecretB)
        BCryptDestroySecret(hSecretB);
    if (hAlice)
        BCryptDestroyKey(hAlice);
    if (hBob)
        BCryptDestroyKey(hBob);
    return fResult;
}

/* A curve by name, set with the byte length that MSDN's samples use. */
static BOOL CurveByName(void)
{
    BCRYPT_ALG_HANDLE hAlg = NULL;
    BCRYPT_KEY_HANDLE hKey = NULL;
    WCHAR wszName[64] = {0};
    ULONG cbName = 0;
    BOOL fResult = FALSE;
    if (NT_SUCCESS(BCryptOpenAlgorithmProvider(&hAlg, BCRYPT_ECDSA_ALGORITHM, NULL, 0)) &&
        NT_SUCCESS(BCryptSetProperty(hAlg, BCRYPT_ECC_CURVE_NAME,
                                     (PUCHAR)BCRYPT_ECC_CURVE_SECP256K1,
                                     sizeof(BCRYPT_ECC_CURVE_SECP256K1), 0)) &&
        NT_SUCCESS(BCryptGenerateKeyPair(hAlg, &hKey, 256, 0)) &&
        NT_SUCCESS(BCryptFinalizeKeyPair(hKey, 0)) &&
        NT_SUCCESS(BCryptGetProperty(hKey, BCRYPT_ECC_CURVE_NAME, (PUCHAR)wszName, sizeof(wszName),
                                     &cbName, 0)))
        fResult = cbName == sizeof(BCRYPT_ECC_CURVE_SECP256K1) &&
                  memcmp(wszName, L"secP256k1", cbName) == 0;
    if (hKey)
        BCryptDestroyKey(hKey);
    if (hAlg)
        BCryptCloseAlgorithmProvider(hAlg, 0);
    return fResult;
}

static BOOL ListAlgorithms(void)
{
    BCRYPT_ALGORITHM_IDENTIFIER *pAlgorithms = NULL;
    ULONG cAlgorithms = 0, i;
    BOOL fFound = FALSE;
    if (!NT_SUCCESS(
            BCryptEnumAlgorithms(BCRYPT_SIGNATURE_OPERATION, &cAlgorithms, &pAlgorithms, 0)))
        return FALSE;
    for (i = 0; i < cAlgorithms; i++) {
        if (memcmp(pAlgorithms[i].pszName, L"DSA", sizeof(L"DSA")) == 0)
            fFound = pAlgorithms[i].dwClass == BCRYPT_SIGNATURE_INTERFACE;
    }
    BCryptFreeBuffer(pAlgorithms);
    return fFound;
}

int main(void)
{
    BYTE rgbRandom[16] = {0}, rgbZero[16] = {0};
    Check(SignWithRsa(), "RSA-PSS signature, key length as a property, public blob");
    Check(AgreeOnKey(), "ECDH P-384, HASH with a parameter list");
    Check(CurveByName(), "ECDSA on a named curve");
    Check(ListAlgorithms(), "enumeration of algorithms");
    Check(NT_SUCCESS(BCryptGenRandom(NULL, rgbRandom, sizeof(rgbRandom),
                                     BCRYPT_USE_SYSTEM_PREFERRED_RNG)) &&
              memcmp(rgbRandom, rgbZero, sizeof(rgbZero)) != 0,
          "random numbers");
    printf("1..%d\n", g_test);
    return g_failed != 0;
}
