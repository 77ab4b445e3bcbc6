/*
 * CryptImportPublicKeyInfoEx2: a certificate's public key as a key of bcrypt.h.
 *
 * RSA's bit string is an RSAPublicKey. An EC key's is a point, 04 x y, and the parameters name the
 * curve; bcrypt.h wants x and y behind a BCRYPT_ECCKEY_BLOB. NIST's curves have algorithms and magics of
 * their own, which programs look at; the others go by the curve's name, with the generic magic.
 */
#include "crypt_types.h"

#include <string.h>

struct curve_use {
    BCRYPT_ALG_HANDLE alg; /* a pseudo-handle, or NULL: opened, and told the curve */
    ULONG magic;
};

struct curve {
    const char *oid;
    LPCWSTR name;
    struct curve_use sign, agree;
};

#define GENERIC                                                                                    \
    {NULL, BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC},                                                     \
    {                                                                                              \
        NULL, BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC                                                     \
    }

static const struct curve curves[] = {
    {szOID_ECC_CURVE_P256,
     BCRYPT_ECC_CURVE_NISTP256,
     {BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_ECDSA_PUBLIC_P256_MAGIC},
     {BCRYPT_ECDH_P256_ALG_HANDLE, BCRYPT_ECDH_PUBLIC_P256_MAGIC}},
    {szOID_ECC_CURVE_P384,
     BCRYPT_ECC_CURVE_NISTP384,
     {BCRYPT_ECDSA_P384_ALG_HANDLE, BCRYPT_ECDSA_PUBLIC_P384_MAGIC},
     {BCRYPT_ECDH_P384_ALG_HANDLE, BCRYPT_ECDH_PUBLIC_P384_MAGIC}},
    {szOID_ECC_CURVE_P521,
     BCRYPT_ECC_CURVE_NISTP521,
     {BCRYPT_ECDSA_P521_ALG_HANDLE, BCRYPT_ECDSA_PUBLIC_P521_MAGIC},
     {BCRYPT_ECDH_P521_ALG_HANDLE, BCRYPT_ECDH_PUBLIC_P521_MAGIC}},
    {"1.2.840.10045.3.1.1", BCRYPT_ECC_CURVE_NISTP192, GENERIC},
    {"1.3.132.0.33", BCRYPT_ECC_CURVE_NISTP224, GENERIC},
    {"1.3.132.0.10", BCRYPT_ECC_CURVE_SECP256K1, GENERIC},
    {"1.3.36.3.3.2.8.1.1.7", BCRYPT_ECC_CURVE_BRAINPOOLP256R1, GENERIC},
    {"1.3.36.3.3.2.8.1.1.11", BCRYPT_ECC_CURVE_BRAINPOOLP384R1, GENERIC},
    {"1.3.36.3.3.2.8.1.1.13", BCRYPT_ECC_CURVE_BRAINPOOLP512R1, GENERIC},
};

static ULONG text_size(LPCWSTR text)
{
    ULONG n = 0;
    while (text[n] != 0)
        n++;
    return (n + 1) * (ULONG)sizeof(WCHAR);
}

/* The curve that the parameters, an OBJECT IDENTIFIER, name. */
static DWORD curve_of(const CRYPT_OBJID_BLOB *parameters, const struct curve **curve)
{
    BYTE text[512] = {0};
    struct der d = {parameters->pbData, parameters->cbData, NO_ERROR};
    struct block b = {text, 0};
    LPSTR oid = block_oid(&b, &d);
    if (d.error != NO_ERROR)
        return d.error;
    for (size_t i = 0; i < ARRAY_COUNT(curves); i++) {
        if (strcmp(curves[i].oid, oid) == 0) {
            *curve = &curves[i];
            return NO_ERROR;
        }
    }
    return ERROR_FILE_NOT_FOUND;
}

static DWORD status_to_error(NTSTATUS status)
{
    return BCRYPT_SUCCESS(status) ? NO_ERROR : (DWORD)status;
}

static DWORD import_rsa(const CERT_PUBLIC_KEY_INFO *info, DWORD flags, BCRYPT_KEY_HANDLE *key)
{
    (void)flags;
    BYTE *blob = NULL;
    DWORD n = 0;
    if (!CryptDecodeObjectEx(X509_ASN_ENCODING, CNG_RSA_PUBLIC_KEY_BLOB, info->PublicKey.pbData,
                             info->PublicKey.cbData, CRYPT_DECODE_ALLOC_FLAG, NULL, (void *)&blob,
                             &n))
        return GetLastError();
    NTSTATUS status =
        BCryptImportKeyPair(BCRYPT_RSA_ALG_HANDLE, NULL, BCRYPT_RSAPUBLIC_BLOB, key, blob, n, 0);
    LocalFree(blob);
    return status_to_error(status);
}

/* x and y behind the header. */
static BCRYPT_ECCKEY_BLOB *point_blob_new(const CRYPT_BIT_BLOB *point, ULONG magic)
{
    BCRYPT_ECCKEY_BLOB *blob = malloc(sizeof *blob + point->cbData);
    if (blob == NULL)
        return NULL;
    *blob = (BCRYPT_ECCKEY_BLOB){magic, (point->cbData - 1) / 2};
    fields_turn((DWORD *)blob, sizeof *blob / sizeof(DWORD));
    memcpy(blob + 1, point->pbData + 1, point->cbData - 1);
    return blob;
}

static NTSTATUS import_point(const struct curve *curve, bool agrees, BCRYPT_ECCKEY_BLOB *blob,
                             ULONG n, BCRYPT_KEY_HANDLE *key)
{
    const struct curve_use *use = agrees ? &curve->agree : &curve->sign;
    BCRYPT_ALG_HANDLE opened = NULL;
    NTSTATUS status = 0;
    if (use->alg == NULL)
        status = BCryptOpenAlgorithmProvider(
            &opened, agrees ? BCRYPT_ECDH_ALGORITHM : BCRYPT_ECDSA_ALGORITHM, NULL, 0);
    if (opened != NULL)
        status = BCryptSetProperty(opened, BCRYPT_ECC_CURVE_NAME, (PUCHAR)(uintptr_t)curve->name,
                                   text_size(curve->name), 0);
    if (BCRYPT_SUCCESS(status))
        status = BCryptImportKeyPair(opened != NULL ? opened : use->alg, NULL,
                                     BCRYPT_ECCPUBLIC_BLOB, key, (PUCHAR)blob, n, 0);
    if (opened != NULL)
        BCryptCloseAlgorithmProvider(opened, 0);
    return status;
}

static DWORD import_ec(const CERT_PUBLIC_KEY_INFO *info, DWORD flags, BCRYPT_KEY_HANDLE *key)
{
    bool agrees = (flags & CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG) != 0;
    const CRYPT_BIT_BLOB *point = &info->PublicKey;
    const struct curve *curve = NULL;
    DWORD error = curve_of(&info->Algorithm.Parameters, &curve);
    if (error != NO_ERROR)
        return error;
    if (point->cbData < 3 || point->cbData % 2 == 0 || point->pbData[0] != 4)
        return (DWORD)CRYPT_E_ASN1_CORRUPT;
    BCRYPT_ECCKEY_BLOB *blob =
        point_blob_new(point, agrees ? curve->agree.magic : curve->sign.magic);
    if (blob == NULL)
        return (DWORD)E_OUTOFMEMORY;
    NTSTATUS status =
        import_point(curve, agrees, blob, (ULONG)sizeof *blob + point->cbData - 1, key);
    free(blob);
    return status_to_error(status);
}

static const struct {
    const char *oid;
    DWORD (*import)(const CERT_PUBLIC_KEY_INFO *info, DWORD flags, BCRYPT_KEY_HANDLE *key);
} kinds[] = {
    {szOID_RSA_RSA, import_rsa},
    {szOID_ECC_PUBLIC_KEY, import_ec},
};

BOOL WINAPI CryptImportPublicKeyInfoEx2(DWORD dwCertEncodingType, PCERT_PUBLIC_KEY_INFO pInfo,
                                        DWORD dwFlags, void *pvAuxInfo, BCRYPT_KEY_HANDLE *phKey)
{
    const DWORD known =
        CRYPT_OID_INFO_PUBKEY_SIGN_KEY_FLAG | CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG;
    if (pInfo == NULL || pInfo->Algorithm.pszObjId == NULL || phKey == NULL || pvAuxInfo != NULL ||
        (dwFlags & ~known) != 0 || dwFlags == known)
        return fail((DWORD)E_INVALIDARG);
    for (size_t i = 0; (dwCertEncodingType & X509_ASN_ENCODING) != 0 && i < ARRAY_COUNT(kinds);
         i++) {
        if (strcmp(kinds[i].oid, pInfo->Algorithm.pszObjId) == 0)
            return finish(kinds[i].import(pInfo, dwFlags, phKey));
    }
    return fail(ERROR_FILE_NOT_FOUND);
}
