/*
 * CryptDecodeObjectEx and CryptEncodeObjectEx over keys that openssl wrote: every type decodes, encodes to the
 * same bytes again, keeps the convention for sizes and answers damage with an error; the keys that come out
 * work in bcrypt.h.
 */
#include "conform.h"

#include <wincrypt.h>

#include "crypt_samples.h"

#define BOTH (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)

static const BYTE sequence_der[] = {0x30, 0x09, 0x02, 0x01, 0x05, 0x05,
                                    0x00, 0x04, 0x02, 0xAA, 0xBB};
static const BYTE number_der[] = {0x02, 0x03, 0x00, 0x81, 0x02};
static const BYTE attributes_der[] = {
    /* PrivateKeyInfo with version 0, an OID without parameters, 2 bytes, and one attribute of one value */
    0x30, 0x1C, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x6E, 0x04, 0x02, 0x01,
    0x02, 0xA0, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x1D, 0x0F, 0x31, 0x03, 0x05, 0x01, 0x07,
};

/* The attribute's value is an element of one byte; a NULL would have none. */
static const struct {
    const char *label;
    LPCSTR type;
    const BYTE *der;
    DWORD n;
} types[] = {
    {"X509_PUBLIC_KEY_INFO, RSA", X509_PUBLIC_KEY_INFO, rsa_spki_der, sizeof rsa_spki_der},
    {"X509_PUBLIC_KEY_INFO, EC", X509_PUBLIC_KEY_INFO, ec_spki_der, sizeof ec_spki_der},
    {"RSA_CSP_PUBLICKEYBLOB", RSA_CSP_PUBLICKEYBLOB, rsa_pub_der, sizeof rsa_pub_der},
    {"szOID_RSA_RSA", szOID_RSA_RSA, rsa_pub_der, sizeof rsa_pub_der},
    {"CNG_RSA_PUBLIC_KEY_BLOB", CNG_RSA_PUBLIC_KEY_BLOB, rsa_pub_der, sizeof rsa_pub_der},
    {"PKCS_RSA_PRIVATE_KEY", PKCS_RSA_PRIVATE_KEY, rsa_pkcs1_der, sizeof rsa_pkcs1_der},
    {"CNG_RSA_PRIVATE_KEY_BLOB", CNG_RSA_PRIVATE_KEY_BLOB, rsa_pkcs1_der, sizeof rsa_pkcs1_der},
    {"PKCS_PRIVATE_KEY_INFO", PKCS_PRIVATE_KEY_INFO, rsa_p8_der, sizeof rsa_p8_der},
    {"PKCS_PRIVATE_KEY_INFO with attributes", PKCS_PRIVATE_KEY_INFO, attributes_der,
     sizeof attributes_der},
    {"PKCS_ENCRYPTED_PRIVATE_KEY_INFO", PKCS_ENCRYPTED_PRIVATE_KEY_INFO, ec_enc_der,
     sizeof ec_enc_der},
    {"X509_ECC_PRIVATE_KEY", X509_ECC_PRIVATE_KEY, ec_der, sizeof ec_der},
    {"X509_ECC_SIGNATURE", X509_ECC_SIGNATURE, ec_sig_der, sizeof ec_sig_der},
    {"X509_DSS_PARAMETERS", X509_DSS_PARAMETERS, dsa_params_der, sizeof dsa_params_der},
    {"szOID_X957_DSA", szOID_X957_DSA, dsa_params_der, sizeof dsa_params_der},
    {"X509_DSS_SIGNATURE", X509_DSS_SIGNATURE, dsa_sig_der, sizeof dsa_sig_der},
    {"X509_SEQUENCE_OF_ANY", X509_SEQUENCE_OF_ANY, sequence_der, sizeof sequence_der},
    {"X509_MULTI_BYTE_UINT", X509_MULTI_BYTE_UINT, number_der, sizeof number_der},
};

static LONG allocated;

static LPVOID WINAPI counted_alloc(size_t n)
{
    InterlockedIncrement(&allocated);
    return malloc(n);
}

static VOID WINAPI counted_free(LPVOID p)
{
    InterlockedDecrement(&allocated);
    free(p);
}

static bool is_asn1_error(DWORD error)
{
    return error == (DWORD)CRYPT_E_ASN1_EOD || error == (DWORD)CRYPT_E_ASN1_CORRUPT ||
           error == (DWORD)CRYPT_E_ASN1_BADTAG || error == (DWORD)CRYPT_E_ASN1_LARGE;
}

static void each_type(void)
{
    for (size_t i = 0; i < ARRAYSIZE(types); i++) {
        LPCSTR type = types[i].type;
        DWORD n = 0, m = 0, k;
        row_begin("%s", types[i].label);
        tap(CryptDecodeObjectEx(BOTH, type, types[i].der, types[i].n, 0, NULL, NULL, &n) && n > 0,
            "size");
        struct guarded info = guarded_new(n);
        m = n - 1;
        SetLastError(0);
        tap(!CryptDecodeObjectEx(BOTH, type, types[i].der, types[i].n, 0, NULL, info.p, &m) &&
                GetLastError() == ERROR_MORE_DATA && m == n && guarded_untouched(&info),
            "too small");
        tap(CryptDecodeObject(X509_ASN_ENCODING, type, types[i].der, types[i].n, 0, info.p, &m) &&
                m == n && guarded_intact(&info),
            "decodes");

        BYTE *again = NULL;
        tap(CryptEncodeObjectEx(BOTH, type, info.p, CRYPT_ENCODE_ALLOC_FLAG, NULL, &again, &k) &&
                k == types[i].n && memcmp(again, types[i].der, k) == 0,
            "encodes to the same bytes");
        LocalFree(again);
        struct guarded der = guarded_new(types[i].n);
        k = 0;
        tap(CryptEncodeObject(BOTH, type, info.p, NULL, &k) && k == types[i].n,
            "size of the encoding");
        k--;
        SetLastError(0);
        tap(!CryptEncodeObject(BOTH, type, info.p, der.p, &k) &&
                GetLastError() == ERROR_MORE_DATA && k == types[i].n && guarded_untouched(&der),
            "too small for the encoding");
        tap(CryptEncodeObject(BOTH, type, info.p, der.p, &k) && guarded_intact(&der) &&
                memcmp(der.p, types[i].der, k) == 0,
            "into a buffer");
        guarded_free(&der);

        void *made = NULL;
        CRYPT_DECODE_PARA para = {sizeof para, counted_alloc, counted_free};
        tap(CryptDecodeObjectEx(BOTH, type, types[i].der, types[i].n, CRYPT_DECODE_ALLOC_FLAG,
                                &para, &made, &m) &&
                m == n && made != NULL && allocated == 1,
            "allocates as it is told");
        if (made != NULL)
            counted_free(made);
        tap(CryptDecodeObjectEx(BOTH, type, types[i].der, types[i].n,
                                CRYPT_DECODE_ALLOC_FLAG | CRYPT_DECODE_NOCOPY_FLAG, NULL, &made,
                                &m) &&
                LocalFree(made) == NULL,
            "or for LocalFree");
        guarded_free(&info);
    }
}

/* Every prefix, and every byte changed: an error or a structure that encodes, never a crash. */
static void damage(void)
{
    for (size_t i = 0; i < ARRAYSIZE(types); i++) {
        bool ends = true, sane = true;
        row_begin("%s, damaged", types[i].label);
        for (DWORD n = 0; n < types[i].n; n++) {
            DWORD size = 0;
            BYTE *part = malloc(n == 0 ? 1 : n); /* so that reading on is seen */
            memcpy(part, types[i].der, n);
            SetLastError(0);
            ends &= !CryptDecodeObjectEx(BOTH, types[i].type, part, n, 0, NULL, NULL, &size) &&
                    GetLastError() == (DWORD)CRYPT_E_ASN1_EOD;
            free(part);
        }
        tap(ends, "cut anywhere it is CRYPT_E_ASN1_EOD");
        BYTE *copy = malloc(types[i].n);
        for (DWORD at = 0; at < types[i].n; at++) {
            static const BYTE changes[] = {0x00, 0x7F, 0x80, 0xFF, 0x30, 0x02};
            for (size_t c = 0; c < sizeof changes; c++) {
                void *made = NULL;
                BYTE *out = NULL;
                DWORD size = 0;
                memcpy(copy, types[i].der, types[i].n);
                copy[at] = changes[c];
                if (!CryptDecodeObjectEx(BOTH, types[i].type, copy, types[i].n,
                                         CRYPT_DECODE_ALLOC_FLAG, NULL, &made, &size)) {
                    sane &= is_asn1_error(GetLastError()) && made == NULL;
                    continue;
                }
                if (types[i].type != CNG_RSA_PRIVATE_KEY_BLOB &&
                    CryptEncodeObjectEx(BOTH, types[i].type, made, CRYPT_ENCODE_ALLOC_FLAG, NULL,
                                        &out, &size))
                    LocalFree(out);
                LocalFree(made);
            }
        }
        free(copy);
        tap(sane, "changed anywhere it is an ASN.1 error or another value");
    }
}

static void refusals(void)
{
    DWORD n = 0;
    void *made = NULL;
    static const BYTE negative[] = {0x02, 0x01, 0x80}, padded[] = {0x02, 0x02, 0x00, 0x01},
                      indefinite[] = {0x30, 0x80, 0x00, 0x00},
                      long_form[] = {0x02, 0x81, 0x01, 0x05};
    static const BYTE *const bad[] = {negative, padded, indefinite, long_form};
    static const DWORD sizes[] = {sizeof negative, sizeof padded, sizeof indefinite,
                                  sizeof long_form};
    row_begin("refused");
    for (size_t i = 0; i < ARRAYSIZE(bad); i++) {
        SetLastError(0);
        LPCSTR type = bad[i][0] == 0x30 ? X509_SEQUENCE_OF_ANY : X509_MULTI_BYTE_UINT;
        tap(!CryptDecodeObjectEx(BOTH, type, bad[i], sizes[i], 0, NULL, NULL, &n) &&
                GetLastError() == (DWORD)CRYPT_E_ASN1_CORRUPT,
            "what is no DER");
    }
    SetLastError(0);
    tap(!CryptDecodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, sequence_der, sizeof sequence_der, 0, NULL,
                             NULL, &n) &&
            GetLastError() == (DWORD)CRYPT_E_ASN1_BADTAG,
        "another type");
    SetLastError(0);
    tap(!CryptDecodeObjectEx(BOTH, (LPCSTR)7, number_der, sizeof number_der, 0, NULL, NULL, &n) &&
            GetLastError() == ERROR_FILE_NOT_FOUND &&
            !CryptDecodeObjectEx(BOTH, "1.2.3", number_der, sizeof number_der, 0, NULL, NULL, &n) &&
            GetLastError() == ERROR_FILE_NOT_FOUND,
        "a type that is not in the list, as a number and as text");
    SetLastError(0);
    tap(!CryptDecodeObjectEx(2, X509_MULTI_BYTE_UINT, number_der, sizeof number_der, 0, NULL, NULL,
                             &n) &&
            GetLastError() == ERROR_FILE_NOT_FOUND &&
            !CryptEncodeObject(2, X509_MULTI_BYTE_UINT, &n, NULL, &n) &&
            GetLastError() == ERROR_FILE_NOT_FOUND,
        "another encoding");
    SetLastError(0);
    tap(!CryptDecodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, number_der, sizeof number_der, 0, NULL,
                             NULL, NULL) &&
            !CryptDecodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, NULL, 3, 0, NULL, NULL, &n) &&
            !CryptDecodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, number_der, sizeof number_der, 0x4000,
                                 NULL, NULL, &n) &&
            !CryptDecodeObject(BOTH, X509_MULTI_BYTE_UINT, number_der, sizeof number_der,
                               CRYPT_DECODE_ALLOC_FLAG, &made, &n) &&
            GetLastError() == (DWORD)E_INVALIDARG,
        "NULL and unknown flags");
    tap(!CryptDecodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, number_der, sizeof number_der,
                             CRYPT_DECODE_ALLOC_FLAG, NULL, NULL, &n) &&
            !CryptEncodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, &n, CRYPT_ENCODE_ALLOC_FLAG, NULL,
                                 NULL, &n) &&
            !CryptEncodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, &n, 0x40, NULL, NULL, &n) &&
            !CryptEncodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, NULL, 0, NULL, NULL, &n) &&
            !CryptEncodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, &n, 0, NULL, NULL, NULL) &&
            GetLastError() == (DWORD)E_INVALIDARG,
        "nowhere to put what is made, and the same to encode");
    SetLastError(0);
    tap(!CryptEncodeObjectEx(BOTH, "1.2.3", &n, 0, NULL, NULL, &n) &&
            GetLastError() == ERROR_FILE_NOT_FOUND,
        "a type that is not in the list, to encode");
    BYTE longer[sizeof number_der + 3] = {0};
    memcpy(longer, number_der, sizeof number_der);
    tap(CryptDecodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, longer, sizeof longer, 0, NULL, NULL, &n),
        "bytes behind are ignored");

    row_begin("refused to encode");
    CERT_PUBLIC_KEY_INFO info = {{(LPSTR) "1.2.840.x", {0, NULL}}, {0, NULL, 0}};
    SetLastError(0);
    tap(!CryptEncodeObject(BOTH, X509_PUBLIC_KEY_INFO, &info, NULL, &n) &&
            GetLastError() == (DWORD)CRYPT_E_BAD_ENCODE,
        "an object identifier that is none");
    static const char *const wrong[] = {"",     "1",    "3.1",  "1.40",
                                        ".1.2", "1.2.", "1..2", "1.2.99999999999999999999999"};
    bool all = true;
    for (size_t i = 0; i < ARRAYSIZE(wrong); i++) {
        info.Algorithm.pszObjId = (LPSTR)(uintptr_t)wrong[i];
        all &= !CryptEncodeObject(BOTH, X509_PUBLIC_KEY_INFO, &info, NULL, &n);
    }
    info.Algorithm.pszObjId = NULL;
    tap(all && !CryptEncodeObject(BOTH, X509_PUBLIC_KEY_INFO, &info, NULL, &n),
        "or of another kind");
    BCRYPT_RSAKEY_BLOB blob = {BCRYPT_RSAPRIVATE_MAGIC, 512, 3, 64, 0, 0};
    head_turn(&blob, sizeof blob);
    tap(!CryptEncodeObject(BOTH, CNG_RSA_PUBLIC_KEY_BLOB, &blob, NULL, &n) &&
            GetLastError() == (DWORD)CRYPT_E_BAD_ENCODE,
        "a blob of another kind");
}

static void values(void)
{
    DWORD n;
    row_begin("values");
    CRYPT_UINT_BLOB *number = NULL;
    tap(CryptDecodeObjectEx(BOTH, X509_MULTI_BYTE_UINT, number_der, sizeof number_der,
                            CRYPT_DECODE_ALLOC_FLAG, NULL, &number, &n) &&
            number->cbData == 2 && number->pbData[0] == 2 && number->pbData[1] == 0x81,
        "numbers are little-endian, without the leading zero");
    LocalFree(number);
    CRYPT_SEQUENCE_OF_ANY *list = NULL;
    tap(CryptDecodeObjectEx(BOTH, X509_SEQUENCE_OF_ANY, sequence_der, sizeof sequence_der,
                            CRYPT_DECODE_ALLOC_FLAG, NULL, &list, &n) &&
            list->cValue == 3 && list->rgValue[0].cbData == 3 && list->rgValue[1].cbData == 2 &&
            list->rgValue[2].pbData[2] == 0xAA,
        "elements of a sequence are whole");
    LocalFree(list);
    CRYPT_PRIVATE_KEY_INFO *key = NULL;
    tap(CryptDecodeObjectEx(BOTH, PKCS_PRIVATE_KEY_INFO, attributes_der, sizeof attributes_der,
                            CRYPT_DECODE_ALLOC_FLAG, NULL, &key, &n) &&
            strcmp(key->Algorithm.pszObjId, "1.3.101.110") == 0 &&
            key->Algorithm.Parameters.cbData == 0 && key->PrivateKey.cbData == 2 &&
            key->pAttributes->cAttr == 1 &&
            strcmp(key->pAttributes->rgAttr[0].pszObjId, "2.5.29.15") == 0 &&
            key->pAttributes->rgAttr[0].cValue == 1 &&
            key->pAttributes->rgAttr[0].rgValue[0].cbData == 3,
        "an attribute");
    LocalFree(key);
    CRYPT_ECC_PRIVATE_KEY_INFO *ec = NULL;
    tap(CryptDecodeObjectEx(BOTH, X509_ECC_PRIVATE_KEY, ec_der, sizeof ec_der,
                            CRYPT_DECODE_ALLOC_FLAG, NULL, &ec, &n) &&
            ec->dwVersion == CRYPT_ECC_PRIVATE_KEY_INFO_v1 && ec->PrivateKey.cbData == 32 &&
            ec->PublicKey.cbData == 65 && strcmp(ec->szCurveOid, szOID_ECC_CURVE_P256) == 0,
        "an EC key");
    LocalFree(ec);
    BYTE little[40], big[40];
    n = sizeof little;
    DWORD m = sizeof big;
    bool turned = CryptDecodeObjectEx(BOTH, X509_DSS_SIGNATURE, dsa_sig_der, sizeof dsa_sig_der, 0,
                                      NULL, little, &n) &&
                  CryptDecodeObjectEx(BOTH, X509_DSS_SIGNATURE, dsa_sig_der, sizeof dsa_sig_der,
                                      CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG, NULL, big, &m);
    for (int i = 0; turned && i < 20; i++)
        turned = little[i] == big[19 - i] && little[20 + i] == big[39 - i];
    tap(turned && n == 40 && m == 40, "DSA's signature, turned and not");
}

/* ---- the keys at work ----------------------------------------------------------------------------- */

static BYTE digest[32];

static BOOL rsa_verifies(BCRYPT_KEY_HANDLE key, const BYTE *signature, ULONG n)
{
    BCRYPT_PKCS1_PADDING_INFO padding = {BCRYPT_SHA256_ALGORITHM};
    return BCryptVerifySignature(key, &padding, digest, sizeof digest, (PUCHAR)(uintptr_t)signature,
                                 n, BCRYPT_PAD_PKCS1) == STATUS_SUCCESS;
}

static void imported(LPCSTR type, LPCWSTR blob_type, const BYTE *der, DWORD size, const char *what)
{
    BYTE *blob = NULL, signature[128];
    DWORD n = 0;
    ULONG written = 0;
    BCRYPT_KEY_HANDLE key = NULL;
    BCRYPT_PKCS1_PADDING_INFO padding = {BCRYPT_SHA256_ALGORITHM};
    tap(CryptDecodeObjectEx(BOTH, type, der, size, CRYPT_DECODE_ALLOC_FLAG, NULL, &blob, &n) &&
            BCryptImportKeyPair(BCRYPT_RSA_ALG_HANDLE, NULL, blob_type, &key, blob, n, 0) ==
                STATUS_SUCCESS &&
            rsa_verifies(key, rsa_sig, sizeof rsa_sig),
        what);
    if (der == rsa_pkcs1_der)
        tap(BCryptSignHash(key, &padding, digest, sizeof digest, signature, sizeof signature,
                           &written, BCRYPT_PAD_PKCS1) == STATUS_SUCCESS &&
                written == sizeof rsa_sig && memcmp(signature, rsa_sig, written) == 0,
            "and signs");
    BCryptDestroyKey(key);
    LocalFree(blob);
}

/* bcrypt.h exports such a blob and does not import it. */
static void csp_public(void)
{
    BYTE *blob = NULL, *csp = NULL, exported[256];
    DWORD n = 0, csp_size = 0;
    ULONG size = 0;
    BCRYPT_KEY_HANDLE key = NULL;
    tap(CryptDecodeObjectEx(BOTH, CNG_RSA_PUBLIC_KEY_BLOB, rsa_pub_der, sizeof rsa_pub_der,
                            CRYPT_DECODE_ALLOC_FLAG, NULL, &blob, &n) &&
            CryptDecodeObjectEx(BOTH, RSA_CSP_PUBLICKEYBLOB, rsa_pub_der, sizeof rsa_pub_der,
                                CRYPT_DECODE_ALLOC_FLAG, NULL, &csp, &csp_size) &&
            BCryptImportKeyPair(BCRYPT_RSA_ALG_HANDLE, NULL, BCRYPT_RSAPUBLIC_BLOB, &key, blob, n,
                                0) == STATUS_SUCCESS &&
            BCryptExportKey(key, NULL, LEGACY_RSAPUBLIC_BLOB, exported, sizeof exported, &size,
                            0) == STATUS_SUCCESS &&
            size == csp_size && memcmp(exported, csp, size) == 0,
        "RSA_CSP_PUBLICKEYBLOB is what bcrypt.h exports");
    BCryptDestroyKey(key);
    LocalFree(blob);
    LocalFree(csp);
}

static BCRYPT_KEY_HANDLE public_key(const BYTE *der, DWORD size, DWORD flags)
{
    CERT_PUBLIC_KEY_INFO *info = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    DWORD n;
    if (CryptDecodeObjectEx(BOTH, X509_PUBLIC_KEY_INFO, der, size, CRYPT_DECODE_ALLOC_FLAG, NULL,
                            &info, &n) &&
        !CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, info, flags, NULL, &key))
        key = NULL;
    LocalFree(info);
    return key;
}

static bool has_algorithm(BCRYPT_KEY_HANDLE key, LPCWSTR name)
{
    WCHAR found[64] = {0};
    ULONG n;
    return BCryptGetProperty(key, BCRYPT_ALGORITHM_NAME, (PUCHAR)found, sizeof found, &n, 0) ==
               STATUS_SUCCESS &&
           lstrcmpW(found, name) == 0;
}

static void at_work(void)
{
    BYTE raw[64];
    DWORD n;
    BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, (PUCHAR)(uintptr_t) "hello", 5, digest,
               sizeof digest);
    row_begin("RSA key of a file");
    imported(CNG_RSA_PUBLIC_KEY_BLOB, BCRYPT_RSAPUBLIC_BLOB, rsa_pub_der, sizeof rsa_pub_der,
             "CNG_RSA_PUBLIC_KEY_BLOB verifies");
    csp_public();
    imported(CNG_RSA_PRIVATE_KEY_BLOB, BCRYPT_RSAPRIVATE_BLOB, rsa_pkcs1_der, sizeof rsa_pkcs1_der,
             "CNG_RSA_PRIVATE_KEY_BLOB verifies");
    imported(PKCS_RSA_PRIVATE_KEY, LEGACY_RSAPRIVATE_BLOB, rsa_pkcs1_der, sizeof rsa_pkcs1_der,
             "PKCS_RSA_PRIVATE_KEY verifies");

    row_begin("CryptImportPublicKeyInfoEx2");
    BCRYPT_KEY_HANDLE key = public_key(rsa_spki_der, sizeof rsa_spki_der, 0);
    tap(key != NULL && rsa_verifies(key, rsa_sig, sizeof rsa_sig), "RSA verifies");
    BCryptDestroyKey(key);
    key = public_key(ec_spki_der, sizeof ec_spki_der, CRYPT_OID_INFO_PUBKEY_SIGN_KEY_FLAG);
    CERT_ECC_SIGNATURE *signature = NULL;
    memset(raw, 0, sizeof raw);
    bool decoded = CryptDecodeObjectEx(BOTH, X509_ECC_SIGNATURE, ec_sig_der, sizeof ec_sig_der,
                                       CRYPT_DECODE_ALLOC_FLAG, NULL, &signature, &n);
    for (DWORD i = 0; decoded && i < 32; i++) {
        raw[31 - i] = i < signature->r.cbData ? signature->r.pbData[i] : 0;
        raw[63 - i] = i < signature->s.cbData ? signature->s.pbData[i] : 0;
    }
    LocalFree(signature);
    tap(key != NULL && BCryptVerifySignature(key, NULL, digest, sizeof digest, raw, sizeof raw,
                                             0) == STATUS_SUCCESS,
        "EC verifies openssl's signature");
    BCryptDestroyKey(key);
    key = public_key(ec_spki_der, sizeof ec_spki_der, CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG);
    tap(key != NULL && has_algorithm(key, BCRYPT_ECDH_P256_ALGORITHM),
        "an ECDH key when it is to agree");
    BCryptDestroyKey(key);
    key = public_key(k1_spki_der, sizeof k1_spki_der, 0);
    tap(key != NULL, "secp256k1");
    BCryptDestroyKey(key);
    CERT_PUBLIC_KEY_INFO other = {{(LPSTR) "1.3.101.112", {0, NULL}}, {0, NULL, 0}};
    SetLastError(0);
    tap(!CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other, 0, NULL, &key) &&
            GetLastError() == ERROR_FILE_NOT_FOUND,
        "another algorithm");
    other.Algorithm.pszObjId = (LPSTR)szOID_RSA_RSA;
    tap(!CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other, 0, NULL, &key) &&
            GetLastError() == (DWORD)CRYPT_E_ASN1_EOD,
        "a key that is none");
    other.Algorithm.pszObjId = (LPSTR)szOID_ECC_PUBLIC_KEY;
    tap(!CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other, 0, NULL, &key) &&
            GetLastError() == (DWORD)CRYPT_E_ASN1_EOD,
        "a curve that is none");
    tap(!CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, NULL, 0, NULL, &key) &&
            GetLastError() == (DWORD)E_INVALIDARG &&
            !CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other, 0, NULL, NULL) &&
            !CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other, 1, NULL, &key) &&
            !CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other, 0, &key, &key) &&
            !CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other,
                                         CRYPT_OID_INFO_PUBKEY_SIGN_KEY_FLAG |
                                             CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG,
                                         NULL, &key) &&
            GetLastError() == (DWORD)E_INVALIDARG,
        "NULL and unknown flags");
    tap(!CryptImportPublicKeyInfoEx2(PKCS_7_ASN_ENCODING, &other, 0, NULL, &key) &&
            GetLastError() == ERROR_FILE_NOT_FOUND,
        "another encoding");
    other.Algorithm.pszObjId = NULL;
    tap(!CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &other, 0, NULL, &key) &&
            GetLastError() == (DWORD)E_INVALIDARG,
        "no algorithm");
}

int main(void)
{
    each_type();
    damage();
    refusals();
    values();
    at_work();
    return tap_done();
}
