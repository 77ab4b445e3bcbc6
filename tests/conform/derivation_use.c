/*
 * What is particular to one key derivation function of BCryptKeyDerivation: the states of HKDF, counts
 * of PBKDF2, pseudorandom functions, limits; and one key in many threads. What all functions promise is
 * derivation.c's.
 */
#include "conform_keys.h"

#include <pthread.h>

struct list {
    BCryptBuffer buffers[8];
    ULONG count;
};

static void add(struct list *l, ULONG type, const void *p, size_t n)
{
    l->buffers[l->count++] = (BCryptBuffer){(ULONG)n, type, (PVOID)(ULONG_PTR)p};
}

static NTSTATUS derive_flags(BCRYPT_KEY_HANDLE key, const struct list *l, ULONG flags, UCHAR *out,
                             ULONG n)
{
    struct list mine = *l;
    BCryptBufferDesc desc = {BCRYPTBUFFER_VERSION, mine.count, mine.buffers};
    return BCryptKeyDerivation(key, &desc, out, n, &got, flags);
}

static NTSTATUS derives(BCRYPT_KEY_HANDLE key, const struct list *l, UCHAR *out, ULONG n)
{
    return derive_flags(key, l, 0, out, n);
}

static BCRYPT_KEY_HANDLE key_of(BCRYPT_ALG_HANDLE alg, const void *secret, size_t n)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptGenerateSymmetricKey(alg, &key, NULL, 0, (PUCHAR)(ULONG_PTR)secret, (ULONG)n, 0) < 0)
        abort();
    return key;
}

static BCRYPT_KEY_HANDLE copy_of(BCRYPT_KEY_HANDLE key)
{
    BCRYPT_KEY_HANDLE copy = NULL;
    if (BCryptDuplicateKey(key, &copy, NULL, 0, 0) < 0)
        abort();
    return copy;
}

/* ---- HKDF ---------------------------------------------------------------------------------------------------- */

/* RFC 5869, test case 1. */
static const UCHAR salt[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const UCHAR info[] = {0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9};
static const UCHAR prk[] = {0x07, 0x77, 0x09, 0x36, 0x2c, 0x2e, 0x32, 0xdf, 0x0d, 0xdc, 0x3f,
                            0x0d, 0xc4, 0x7b, 0xba, 0x63, 0x90, 0xb6, 0xc7, 0x3b, 0xb5, 0x0f,
                            0x9c, 0x31, 0x22, 0xec, 0x84, 0x4a, 0xd7, 0xc2, 0xb3, 0xe5};
static const UCHAR okm[] = {0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a, 0x90, 0x43, 0x4f,
                            0x64, 0xd0, 0x36, 0x2f, 0x2a, 0x2d, 0x2d, 0x0a, 0x90, 0xcf, 0x1a,
                            0x5a, 0x4c, 0x5d, 0xb0, 0x2d, 0x56, 0xec, 0xc4, 0xc5, 0xbf, 0x34,
                            0x00, 0x72, 0x08, 0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65};

static BCRYPT_KEY_HANDLE hkdf_key(void)
{
    UCHAR secret[22];
    memset(secret, 0x0b, sizeof secret);
    return key_of(BCRYPT_HKDF_ALG_HANDLE, secret, sizeof secret);
}

static NTSTATUS set_bytes(BCRYPT_KEY_HANDLE key, LPCWSTR name, const void *p, size_t n)
{
    return BCryptSetProperty(key, name, (PUCHAR)(ULONG_PTR)p, (ULONG)n, 0);
}

static NTSTATUS hkdf_derive(BCRYPT_KEY_HANDLE key, UCHAR *out, ULONG n)
{
    struct list l = {.count = 0};
    add(&l, KDF_HKDF_INFO, info, sizeof info);
    return derives(key, &l, out, n);
}

static bool hkdf_right(BCRYPT_KEY_HANDLE key)
{
    UCHAR out[sizeof okm];
    return hkdf_derive(key, out, sizeof out) == STATUS_SUCCESS && memcmp(out, okm, sizeof okm) == 0;
}

static void check_hkdf_states(void)
{
    ROW("HKDF states");
    UCHAR out[32];
    ULONG n;
    BCRYPT_KEY_HANDLE key = hkdf_key(), fresh = copy_of(key);
    tap_status(hkdf_derive(key, out, 32), STATUS_INVALID_HANDLE, "a new key does not derive");
    tap_status(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, NULL, 0, &n, 0),
               STATUS_INVALID_HANDLE, "nor is it exported");
    tap_status(set_bytes(key, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, sizeof salt),
               STATUS_INVALID_HANDLE, "the salt before the hash");
    tap_status(set_bytes(key, BCRYPT_HKDF_PRK_AND_FINALIZE, NULL, 0), STATUS_INVALID_HANDLE,
               "no salt before the hash");
    tap_status(set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA257"), STATUS_NOT_SUPPORTED,
               "an unknown hash");
    tap_status(set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHAKE128"), STATUS_NOT_SUPPORTED,
               "a hash without HMAC");
    tap_status(set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA1"), STATUS_SUCCESS, "a hash");
    tap_status(set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256"), STATUS_SUCCESS, "another");
    tap_status(hkdf_derive(key, out, 32), STATUS_INVALID_HANDLE, "the hash alone is not enough");
    BCRYPT_KEY_HANDLE hashed = copy_of(key);
    tap_status(set_bytes(key, BCRYPT_HKDF_PRK_AND_FINALIZE, salt, sizeof salt),
               STATUS_INVALID_PARAMETER, "the key is the pseudorandom key: no value");
    tap_status(set_bytes(key, BCRYPT_HKDF_SALT_AND_FINALIZE, NULL, 4), STATUS_INVALID_PARAMETER,
               "a NULL salt of four bytes");
    tap_status(set_bytes(key, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, sizeof salt), STATUS_SUCCESS,
               "the salt");
    tap(hkdf_right(key), "derives what RFC 5869 says");
    tap_status(set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256"), STATUS_INVALID_HANDLE,
               "no hash afterwards");
    tap_status(set_bytes(key, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, sizeof salt),
               STATUS_INVALID_HANDLE, "no salt");
    tap_status(set_bytes(key, BCRYPT_HKDF_PRK_AND_FINALIZE, NULL, 0), STATUS_INVALID_HANDLE,
               "and no end");
    tap_status(BCryptGetProperty(key, BCRYPT_HKDF_HASH_ALGORITHM, NULL, 0, &n, 0),
               STATUS_NOT_SUPPORTED, "the settings cannot be read");

    BCRYPT_KEY_HANDLE done = copy_of(key);
    BCryptDestroyKey(key);
    tap(hkdf_right(done), "a copy of a finished key is finished");
    tap_status(hkdf_derive(fresh, out, 32), STATUS_INVALID_HANDLE, "one of a new key is new");
    tap_status(set_bytes(hashed, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, sizeof salt), STATUS_SUCCESS,
               "one that has its hash takes the salt");
    tap(hkdf_right(hashed), "and derives the same");
    BCryptDestroyKey(fresh);
    BCryptDestroyKey(hashed);
    BCryptDestroyKey(done);

    BCRYPT_KEY_HANDLE expand = key_of(BCRYPT_HKDF_ALG_HANDLE, prk, sizeof prk);
    tap(set_text(expand, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256") == STATUS_SUCCESS &&
            set_bytes(expand, BCRYPT_HKDF_PRK_AND_FINALIZE, NULL, 0) == STATUS_SUCCESS &&
            hkdf_right(expand),
        "from the pseudorandom key");
    static UCHAR much[255 * 32 + 1];
    tap_status(hkdf_derive(expand, much, sizeof much - 1), STATUS_SUCCESS, "255 digests");
    tap_status(hkdf_derive(expand, much, sizeof much), STATUS_INVALID_PARAMETER, "and no more");
    BCryptDestroyKey(expand);
}

/* Readers of the blob on Windows skip the name and take the rest. */
static void check_hkdf_blob(void)
{
    ROW("HKDF blob");
    static const UCHAR head[] = {'K', 'D', 'B', 'M', 1, 0,   0, 0,   50, 0,   0, 0,   0, 0, 0,
                                 14,  'S', 0,   'H', 0, 'A', 0, '2', 0,  '5', 0, '6', 0, 0, 0};
    UCHAR blob[200];
    BCRYPT_KEY_HANDLE key = hkdf_key(), again = NULL;
    if (set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256") < 0 ||
        set_bytes(key, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, sizeof salt) < 0)
        abort();
    ULONG n = export_to(key, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob);
    tap(n == sizeof head + sizeof prk && memcmp(blob, head, sizeof head) == 0 &&
            memcmp(blob + sizeof head, prk, sizeof prk) == 0,
        "name and pseudorandom key");
    BCryptDestroyKey(key);

    BCRYPT_ALG_HANDLE alg = BCRYPT_HKDF_ALG_HANDLE;
    tap_status(BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &again, NULL, 0, blob, n, 0),
               STATUS_SUCCESS, "import");
    tap(hkdf_right(again), "the imported key derives");
    tap_status(set_text(again, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256"), STATUS_INVALID_HANDLE,
               "and is final");
    BCryptDestroyKey(again);
    blob[26] = '7';
    tap_status(BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &again, NULL, 0, blob, n, 0),
               STATUS_NOT_SUPPORTED, "an unknown hash");
    UCHAR raw[12 + 32] = {'K', 'D', 'B', 'M', 1, 0, 0, 0, 32};
    tap_status(
        BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &again, NULL, 0, raw, sizeof raw, 0),
        STATUS_INVALID_PARAMETER, "a raw secret");
}

/* ---- PBKDF2 -------------------------------------------------------------------------------------------------- */

static const UCHAR by_default[] = {/* SHA-256, "password", "salt", 10000; libcrypto's */
                                   0x5E, 0xC0, 0x2B, 0x91, 0xA4, 0xB5, 0x9C, 0x6F, 0x59, 0xDD, 0x5F,
                                   0xBE, 0x4C, 0xA6, 0x49, 0xEC, 0xE4, 0xFA, 0x85, 0x68, 0xCD, 0xB8,
                                   0xBA, 0x36, 0xCF, 0x41, 0x42, 0x6E, 0x88, 0x05, 0x52, 0x2B};

static struct list pbkdf2_list(LPCWSTR hash, const void *count, size_t count_bytes)
{
    struct list l = {.count = 0};
    add(&l, KDF_HASH_ALGORITHM, hash, text_bytes(hash));
    if (count != NULL || count_bytes > 0)
        add(&l, KDF_ITERATION_COUNT, count, count_bytes);
    return l;
}

static void check_pbkdf2(void)
{
    ROW("PBKDF2");
    static const UCHAR zeros[16];
    static const ULONGLONG ten_thousand = 10000, one = 1;
    UCHAR out[32], other[32];
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_PBKDF2_ALG_HANDLE, "password", 8);
    struct list l = pbkdf2_list(L"SHA256", NULL, 0);
    add(&l, KDF_SALT, "salt", 4);
    tap_status(derives(key, &l, out, 32), STATUS_SUCCESS, "without a count");
    tap(memcmp(out, by_default, 32) == 0, "it is 10000");
    l = pbkdf2_list(L"SHA256", &ten_thousand, 8);
    add(&l, KDF_SALT, "salt", 4);
    tap(derives(key, &l, out, 32) == STATUS_SUCCESS && memcmp(out, by_default, 32) == 0,
        "10000 said in words");
    UCHAR unaligned[9];
    memcpy(unaligned + 1, &ten_thousand, 8);
    l.buffers[1].pvBuffer = unaligned + 1;
    tap(derives(key, &l, out, 32) == STATUS_SUCCESS && memcmp(out, by_default, 32) == 0,
        "wherever the count lies");
    l = pbkdf2_list(L"SHA256", zeros, 8);
    tap_status(derives(key, &l, out, 32), STATUS_INVALID_PARAMETER, "a count of 0");
    bool sizes = true;
    for (size_t n = 0; n <= 16; n++) {
        l = pbkdf2_list(L"SHA256", &zeros, n);
        sizes = sizes && (n == 8 || derives(key, &l, out, 32) == STATUS_INVALID_PARAMETER);
    }
    tap(sizes, "a count that does not have 8 bytes");

    l = pbkdf2_list(L"SHA1", &one, 8);
    tap_status(derives(key, &l, out, 32), STATUS_SUCCESS, "no salt");
    add(&l, KDF_SALT, NULL, 0);
    tap(derives(key, &l, other, 32) == STATUS_SUCCESS && memcmp(out, other, 32) == 0,
        "is an empty one");
    l = pbkdf2_list(L"SHAKE128", &one, 8);
    tap_status(derives(key, &l, out, 32), STATUS_NOT_SUPPORTED, "a hash without HMAC");
    l = pbkdf2_list(BCRYPT_AES_CMAC_ALGORITHM, &one, 8);
    tap_status(derives(key, &l, out, 32), STATUS_INVALID_PARAMETER,
               "AES-CMAC with a secret of 8 bytes");
    BCryptDestroyKey(key);
    key = key_of(BCRYPT_PBKDF2_ALG_HANDLE, "0123456789abcdef", 16);
    tap_status(derives(key, &l, out, 32), STATUS_SUCCESS, "and of 16");
    BCryptDestroyKey(key);
}

/* ---- the others ---------------------------------------------------------------------------------------------- */

static void check_counter(void)
{
    ROW("SP800_108_CTR_HMAC");
    static const UCHAR expected[] = {0x49, 0xF5, 0xFC, 0xCB, 0xAF, 0x88, 0x23, 0x03, 0x26, 0x5F,
                                     0xDB, 0xDB, 0x6D, 0x6B, 0xD4, 0xAF, 0xB5, 0x5D, 0x70, 0x4B,
                                     0xAE, 0xB3, 0x5A, 0x70, 0xE4, 0x7D, 0x1A, 0x0A, 0xE9, 0x77,
                                     0x3D, 0x42, 0x2D, 0x0C, 0xF6, 0x37, 0x2F, 0x17, 0x2E, 0x33};
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE, "0123456789abcdef", 16);
    UCHAR out[sizeof expected], other[sizeof expected];
    struct list l = {.count = 0};
    add(&l, KDF_HASH_ALGORITHM, BCRYPT_AES_CMAC_ALGORITHM, text_bytes(BCRYPT_AES_CMAC_ALGORITHM));
    add(&l, KDF_LABEL, "label", 5);
    add(&l, KDF_CONTEXT, "context", 7);
    tap_status(derives(key, &l, out, sizeof out), STATUS_SUCCESS, "AES-CMAC");
    tap(memcmp(out, expected, sizeof out) == 0, "gives libcrypto's answer");
    BCRYPT_KEY_HANDLE odd = key_of(BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE, "0123456789abcde", 15);
    tap_status(derives(odd, &l, out, sizeof out), STATUS_INVALID_PARAMETER,
               "a secret that is no AES key");
    BCryptDestroyKey(odd);

    struct list nulls = {.count = 0}, zero = {.count = 0};
    add(&nulls, KDF_HASH_ALGORITHM, L"SHA512", sizeof L"SHA512");
    add(&nulls, KDF_LABEL, NULL, 0);
    add(&nulls, KDF_CONTEXT, NULL, 0);
    add(&zero, KDF_HASH_ALGORITHM, L"SHA512", sizeof L"SHA512");
    add(&zero, KDF_GENERIC_PARAMETER, "", 1);
    tap_status(derives(key, &nulls, out, sizeof out), STATUS_SUCCESS, "label and context of NULL");
    tap(derives(key, &zero, other, sizeof other) == STATUS_SUCCESS &&
            memcmp(out, other, sizeof out) == 0,
        "leave the zero between them");
    BCryptDestroyKey(key);
}

static void check_capi(void)
{
    ROW("CAPI_KDF");
    static const UCHAR sha1[] = {0xbd, 0x5d, 0xfb, 0xbb, 0xad, 0x9d, 0x66, 0x38,
                                 0x45, 0xee, 0xd8, 0x21, 0x55, 0xcd, 0xb1, 0xa7};
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_CAPI_KDF_ALG_HANDLE, "the secret", 10);
    UCHAR out[128], other[128];
    struct list l = {.count = 0};
    add(&l, KDF_HASH_ALGORITHM, L"SHA1", sizeof L"SHA1");
    tap(derives(key, &l, out, 16) == STATUS_SUCCESS && memcmp(out, sha1, 16) == 0,
        "a short key is the start of the digest");
    tap(derive_flags(key, &l, BCRYPT_CAPI_AES_FLAG, other, 16) == STATUS_SUCCESS &&
            memcmp(out, other, 16) != 0,
        "one for AES is not");
    tap_status(derives(key, &l, out, 40), STATUS_SUCCESS, "twice the digest's length");
    tap(memcmp(out, other, 16) == 0, "is expanded too");
    tap_status(derives(key, &l, out, 41), STATUS_INVALID_PARAMETER, "one byte more");
    tap_status(derive_flags(key, &l, BCRYPT_CAPI_AES_FLAG, out, 41), STATUS_INVALID_PARAMETER,
               "for AES, too");
    l.count = 0;
    add(&l, KDF_HASH_ALGORITHM, L"SHA256", sizeof L"SHA256");
    tap(derives(key, &l, out, 32) == STATUS_SUCCESS &&
            derive_flags(key, &l, BCRYPT_CAPI_AES_FLAG, other, 32) == STATUS_SUCCESS &&
            memcmp(out, other, 32) == 0,
        "SHA-2 is not expanded for AES");
    BCryptDestroyKey(key);
}

static void check_tls(BCRYPT_ALG_HANDLE alg, const char *label, bool hash)
{
    row_begin("%s (%d-bit WCHAR)", label, (int)sizeof(WCHAR) * 8);
    static const UCHAR field[257] = {1, 2, 3};
    static const ULONG sizes[] = {0, 1, 256, 257};
    BCRYPT_KEY_HANDLE key = key_of(alg, "secret", 6);
    UCHAR out[100];
    for (size_t i = 0; i < 16; i++) {
        ULONG a = sizes[i / 4], b = sizes[i % 4];
        struct list l = {.count = 0};
        char what[64];
        if (hash)
            add(&l, KDF_HASH_ALGORITHM, L"SHA256", sizeof L"SHA256");
        add(&l, KDF_TLS_PRF_LABEL, field, a);
        add(&l, KDF_TLS_PRF_SEED, field, b);
        snprintf(what, sizeof what, "label of %u bytes, seed of %u", (unsigned)a, (unsigned)b);
        tap_status(derives(key, &l, out, sizeof out),
                   a > 256 || b > 256 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS, what);
    }
    BCryptDestroyKey(key);
}

/* ---- the functions beside BCryptKeyDerivation ---------------------------------------------------------------- */

static const LPCWSTR hashes[] = {L"MD2",      L"MD4",      L"MD5",    L"SHA1",
                                 L"SHA256",   L"SHA384",   L"SHA512", L"SHA3-256",
                                 L"SHA3-384", L"SHA3-512", NULL};

static BCRYPT_ALG_HANDLE open_flags(LPCWSTR name, ULONG flags)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    if (BCryptOpenAlgorithmProvider(&alg, name, NULL, flags) < 0)
        abort();
    return alg;
}

/* With the handle of a keyed hash: the same as with its name. */
static bool pbkdf2_agrees(LPCWSTR name, const char *password)
{
    static const ULONGLONG count = 3;
    UCHAR out[100], other[100];
    ULONG n = (ULONG)strlen(password);
    BCRYPT_ALG_HANDLE alg = open_flags(name, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_PBKDF2_ALG_HANDLE, password, n);
    struct list l = pbkdf2_list(name, &count, sizeof count);
    add(&l, KDF_SALT, salt, sizeof salt);
    bool good =
        derives(key, &l, out, sizeof out) == STATUS_SUCCESS &&
        BCryptDeriveKeyPBKDF2(alg, (PUCHAR)(ULONG_PTR)password, n, (PUCHAR)(ULONG_PTR)salt,
                              sizeof salt, count, other, sizeof other, 0) == STATUS_SUCCESS &&
        memcmp(out, other, sizeof out) == 0;
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
    return good;
}

static void check_pbkdf2_function(void)
{
    ROW("BCryptDeriveKeyPBKDF2");
    static UCHAR password[] = "password", some_salt[] = "salt";
    static const UCHAR rfc6070[] = {0xea, 0x6c, 0x01, 0x4d, 0xc7, 0x2d, 0x6f, 0x8c, 0xcd, 0x1e,
                                    0xd9, 0x2a, 0xce, 0x1d, 0x41, 0xf0, 0xd8, 0xde, 0x89, 0x57};
    BCRYPT_ALG_HANDLE hmac = BCRYPT_HMAC_SHA1_ALG_HANDLE;
    struct guarded g = guarded_new(sizeof rfc6070);
    tap_status(BCryptDeriveKeyPBKDF2(hmac, password, 8, some_salt, 4, 2, g.p, g.n, 0),
               STATUS_SUCCESS, "through a pseudo-handle");
    tap(memcmp(g.p, rfc6070, sizeof rfc6070) == 0 && guarded_intact(&g), "what RFC 6070 says");
    guarded_free(&g);

    for (size_t i = 0; hashes[i] != NULL; i++) {
        char what[40];
        snprintf(what, sizeof what, "HMAC of hash %u as by name", (unsigned)i);
        tap(pbkdf2_agrees(hashes[i], "password"), what);
    }
    tap(pbkdf2_agrees(BCRYPT_AES_CMAC_ALGORITHM, "0123456789abcdef"), "AES-CMAC as by name");

    g = guarded_new(20);
    tap_status(BCryptDeriveKeyPBKDF2(NULL, password, 8, some_salt, 4, 2, g.p, 20, 0),
               STATUS_INVALID_HANDLE, "no function");
    tap_status(BCryptDeriveKeyPBKDF2(hmac, NULL, 8, some_salt, 4, 2, g.p, 20, 0),
               STATUS_INVALID_PARAMETER, "a NULL password of eight bytes");
    tap_status(BCryptDeriveKeyPBKDF2(hmac, password, 8, NULL, 4, 2, g.p, 20, 0),
               STATUS_INVALID_PARAMETER, "a NULL salt of four bytes");
    tap_status(BCryptDeriveKeyPBKDF2(hmac, password, 8, some_salt, 4, 0, g.p, 20, 0),
               STATUS_INVALID_PARAMETER, "a count of 0");
    tap_status(BCryptDeriveKeyPBKDF2(hmac, password, 8, some_salt, 4, 2, NULL, 20, 0),
               STATUS_INVALID_PARAMETER, "no buffer");
    tap_status(BCryptDeriveKeyPBKDF2(hmac, password, 8, some_salt, 4, 2, g.p, 0, 0),
               STATUS_INVALID_PARAMETER, "a buffer of no bytes");
    tap_status(BCryptDeriveKeyPBKDF2(hmac, password, 8, some_salt, 4, 2, g.p, 20, 1),
               STATUS_INVALID_PARAMETER, "a flag");
    tap_status(
        BCryptDeriveKeyPBKDF2(BCRYPT_SHA1_ALG_HANDLE, password, 8, some_salt, 4, 2, g.p, 20, 0),
        STATUS_INVALID_PARAMETER, "a hash without a key");
    tap_status(
        BCryptDeriveKeyPBKDF2(BCRYPT_AES_CMAC_ALG_HANDLE, password, 8, some_salt, 4, 2, g.p, 20, 0),
        STATUS_INVALID_PARAMETER, "AES-CMAC with a password that is no key");
    tap_status(
        BCryptDeriveKeyPBKDF2(BCRYPT_PBKDF2_ALG_HANDLE, password, 8, some_salt, 4, 2, g.p, 20, 0),
        STATUS_INVALID_PARAMETER, "an algorithm that does not hash");
    tap(guarded_untouched(&g), "write nothing");
    tap_status(BCryptDeriveKeyPBKDF2(hmac, NULL, 0, NULL, 0, 1, g.p, 20, 0), STATUS_SUCCESS,
               "neither password nor salt");
    guarded_free(&g);
}

/* From a hash with its data: the same as from the data, for every length. */
static bool capi_agrees(LPCWSTR name, BCRYPT_ALG_HANDLE target, ULONG flags)
{
    static UCHAR data[] = "the secret";
    UCHAR out[128], other[128];
    BCRYPT_ALG_HANDLE alg = open_flags(name, 0);
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_CAPI_KDF_ALG_HANDLE, data, sizeof data);
    struct list l = {.count = 0};
    add(&l, KDF_HASH_ALGORITHM, name, text_bytes(name));
    ULONG most = 0, size;
    BCryptGetProperty(alg, BCRYPT_HASH_LENGTH, (PUCHAR)&most, sizeof most, &size, 0);
    bool good = most > 0;
    for (ULONG n = 1; good && n <= 2 * most; n++) {
        BCRYPT_HASH_HANDLE hash = NULL;
        good = BCryptCreateHash(alg, &hash, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
               BCryptHashData(hash, data, sizeof data, 0) == STATUS_SUCCESS &&
               BCryptDeriveKeyCapi(hash, target, out, n, 0) == STATUS_SUCCESS &&
               derive_flags(key, &l, flags, other, n) == STATUS_SUCCESS &&
               memcmp(out, other, n) == 0;
        BCryptDestroyHash(hash);
    }
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
    return good;
}

static void check_capi_function(void)
{
    ROW("BCryptDeriveKeyCapi");
    for (size_t i = 0; hashes[i] != NULL; i++) {
        char what[40];
        snprintf(what, sizeof what, "hash %u as by name", (unsigned)i);
        tap(capi_agrees(hashes[i], NULL, 0), what);
        snprintf(what, sizeof what, "hash %u for RC4, the same", (unsigned)i);
        tap(capi_agrees(hashes[i], BCRYPT_RC4_ALG_HANDLE, 0), what);
        snprintf(what, sizeof what, "hash %u for AES", (unsigned)i);
        tap(capi_agrees(hashes[i], BCRYPT_AES_CBC_ALG_HANDLE, BCRYPT_CAPI_AES_FLAG), what);
    }
}

/* ---- threads ------------------------------------------------------------------------------------------------- */

#define THREADS 4
#define ROUNDS 500

/* Everybody derives, and tries to finish the key; one gets it done. */
static void *hammer(void *key)
{
    ULONG_PTR wins = 0;
    for (int i = 0; i < ROUNDS; i++) {
        UCHAR out[sizeof okm];
        if (set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256") == STATUS_SUCCESS &&
            set_bytes(key, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, sizeof salt) == STATUS_SUCCESS)
            wins++;
        struct list l = {.count = 0};
        add(&l, KDF_HKDF_INFO, info, sizeof info);
        BCryptBufferDesc desc = {BCRYPTBUFFER_VERSION, l.count, l.buffers};
        ULONG n;
        NTSTATUS status = BCryptKeyDerivation(key, &desc, out, sizeof out, &n, 0);
        BCRYPT_KEY_HANDLE copy = NULL;
        NTSTATUS copied = BCryptDuplicateKey(key, &copy, NULL, 0, 0);
        BCryptDestroyKey(copy);
        if (copied < 0 || (status != STATUS_SUCCESS && status != STATUS_INVALID_HANDLE) ||
            (status == STATUS_SUCCESS && memcmp(out, okm, sizeof okm) != 0))
            return (void *)(ULONG_PTR)1000;
    }
    return (void *)wins;
}

static void check_threads(void)
{
    ROW("one HKDF key in threads");
    bool good = true;
    for (int round = 0; round < 10; round++) {
        BCRYPT_KEY_HANDLE key = hkdf_key();
        pthread_t threads[THREADS];
        ULONG_PTR wins = 0;
        for (int i = 0; i < THREADS; i++) {
            if (pthread_create(&threads[i], NULL, hammer, key) != 0)
                abort();
        }
        for (int i = 0; i < THREADS; i++) {
            void *one;
            pthread_join(threads[i], &one);
            wins += (ULONG_PTR)one;
        }
        good = good && wins == 1 && hkdf_right(key);
        BCryptDestroyKey(key);
    }
    tap(good, "one thread finishes it, and every answer is right");
}

int main(void)
{
    check_hkdf_states();
    check_hkdf_blob();
    check_pbkdf2();
    check_counter();
    check_capi();
    check_tls(BCRYPT_TLS1_1_KDF_ALG_HANDLE, "TLS1_1_KDF", false);
    check_tls(BCRYPT_TLS1_2_KDF_ALG_HANDLE, "TLS1_2_KDF", true);
    check_pbkdf2_function();
    check_capi_function();
    check_threads();
    return tap_done();
}
