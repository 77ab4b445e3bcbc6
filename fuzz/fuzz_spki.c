/*
 * A certificate's public key (SubjectPublicKeyInfo, RFC 5280) into a key of bcrypt.h, as programs that read
 * certificates do it: CryptDecodeObjectEx, then CryptImportPublicKeyInfoEx2. An input is
 *
 *    0  flags     index into `flags`
 *    1  the DER
 *
 * What is a key is exported, is the same key again from its blob, and signs nothing: it has no private part. A
 * refusal leaves the handle alone.
 */
#include "fuzz_api.h"

#include <wincrypt.h>

static const DWORD flags[] = {
    0,
    CRYPT_OID_INFO_PUBKEY_SIGN_KEY_FLAG,
    CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG,
};

static void same_again(BCRYPT_KEY_HANDLE key)
{
    UCHAR once[8192], twice[8192];
    ULONG n = 0, m = 0;
    WCHAR name[64];
    BCRYPT_KEY_HANDLE again = NULL;
    FUZZ_CHECK(BCryptGetProperty(key, BCRYPT_ALGORITHM_NAME, (PUCHAR)name, sizeof name, &n, 0) ==
               STATUS_SUCCESS);
    BCRYPT_ALG_HANDLE alg = open_algorithm(name, 0);
    FUZZ_CHECK(BCryptExportKey(key, NULL, BCRYPT_PUBLIC_KEY_BLOB, once, sizeof once, &n, 0) ==
               STATUS_SUCCESS);
    if (BCryptImportKeyPair(alg, NULL, BCRYPT_PUBLIC_KEY_BLOB, &again, once, n, 0) ==
        STATUS_SUCCESS) {
        FUZZ_CHECK(BCryptExportKey(again, NULL, BCRYPT_PUBLIC_KEY_BLOB, twice, sizeof twice, &m,
                                   0) == STATUS_SUCCESS);
        FUZZ_CHECK(n == m && memcmp(once, twice, n) == 0);
        FUZZ_CHECK(BCryptDestroyKey(again) == STATUS_SUCCESS);
    }
    FUZZ_CHECK(BCryptExportKey(key, NULL, BCRYPT_PRIVATE_KEY_BLOB, twice, sizeof twice, &m, 0) < 0);
    UCHAR hash[32] = {0};
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    FUZZ_CHECK(BCryptSignHash(key, &pkcs1, hash, sizeof hash, twice, sizeof twice, &m,
                              BCRYPT_PAD_PKCS1) < 0);
    FUZZ_CHECK(BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS);
}

static void one(struct input *in)
{
    static char nobody;
    DWORD flag = flags[take_byte(in) % COUNT(flags)];
    struct bytes der = take_rest(in);
    CERT_PUBLIC_KEY_INFO *info = NULL;
    DWORD n = 0;
    BCRYPT_KEY_HANDLE key = &nobody;
    if (!CryptDecodeObjectEx(X509_ASN_ENCODING, X509_PUBLIC_KEY_INFO, der.p, der.n,
                             CRYPT_DECODE_ALLOC_FLAG, NULL, &info, &n))
        return;
    if (CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, info, flag, NULL, &key)) {
        same_again(key);
        FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
    } else {
        FUZZ_CHECK(key == &nobody || key == NULL);
        FUZZ_CHECK(GetLastError() != 0);
    }
    LocalFree(info);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
