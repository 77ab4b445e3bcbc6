/*
 * The contract of the functions around symmetric keys, hashes and key derivation: every wrong kind of handle, NULLs, unknown
 * flags, size queries, buffers a byte short, guards around outputs and objects, outputs untouched on failure. What the
 * algorithms do with right arguments is the business of the other suites.
 */
#include "conform_sym.h"

static BCRYPT_ALG_HANDLE aes_alg, sha_alg, hmac_alg, rng_alg, closed_alg;
static BCRYPT_KEY_HANDLE aes, kdf, dead_key, rsa, empty_pair;
static BCRYPT_HASH_HANDLE hash, dead_hash;
static BCRYPT_SECRET_HANDLE secret, dead_secret;
static UCHAR some[64];
static ULONG object_bytes, hash_object_bytes;

static void prepare(void)
{
    BCRYPT_KEY_HANDLE ecdh = make_key(BCRYPT_ECDH_P256_ALG_HANDLE, 256);
    bool good = BCryptSecretAgreement(ecdh, ecdh, &secret, 0) == STATUS_SUCCESS &&
                BCryptSecretAgreement(ecdh, ecdh, &dead_secret, 0) == STATUS_SUCCESS &&
                BCryptDestroySecret(dead_secret) == STATUS_SUCCESS;
    BCryptDestroyKey(ecdh);
    fill(some, sizeof some);
    aes_alg = open_alg(BCRYPT_AES_ALGORITHM);
    sha_alg = open_alg(BCRYPT_SHA256_ALGORITHM);
    hmac_alg = open_with(BCRYPT_SHA256_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    rng_alg = open_alg(BCRYPT_RNG_ALGORITHM);
    closed_alg = open_alg(BCRYPT_AES_ALGORITHM);
    good = good && BCryptCloseAlgorithmProvider(closed_alg, 0) == STATUS_SUCCESS;
    aes = sym_key(aes_alg, some, 16);
    dead_key = sym_key(aes_alg, some, 16);
    kdf = sym_key(BCRYPT_PBKDF2_ALG_HANDLE, some, 16);
    good = good && BCryptDestroyKey(dead_key) == STATUS_SUCCESS;
    rsa = make_key(BCRYPT_RSA_ALG_HANDLE, 1024);
    good = good &&
           BCryptGenerateKeyPair(BCRYPT_RSA_ALG_HANDLE, &empty_pair, 1024, 0) == STATUS_SUCCESS;
    good = good && BCryptCreateHash(sha_alg, &hash, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
           BCryptCreateHash(sha_alg, &dead_hash, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
           BCryptDestroyHash(dead_hash) == STATUS_SUCCESS;
    object_bytes = get_u32(aes_alg, BCRYPT_OBJECT_LENGTH);
    hash_object_bytes = get_u32(sha_alg, BCRYPT_OBJECT_LENGTH);
    ROW("preparation");
    tap(good && aes_alg != NULL && sha_alg != NULL && hmac_alg != NULL && rng_alg != NULL &&
            aes != NULL && kdf != NULL && hash != NULL,
        "handles of every kind");
}

/* ---- handles ---------------------------------------------------------------------------------------------------- */

enum kind { NO_KIND, AN_ALG, A_KEY, A_HASH, A_SECRET };

/* What every call writes to. */
static VOID *made;
static struct guarded out;

static UCHAR iv_bytes[16];

static NTSTATUS do_create_hash(VOID *h)
{
    return BCryptCreateHash(h, &made, NULL, 0, NULL, 0, 0);
}
static NTSTATUS do_hash(VOID *h)
{
    return BCryptHash(h, NULL, 0, some, 16, out.p, 32);
}
static NTSTATUS do_generate(VOID *h)
{
    return BCryptGenerateSymmetricKey(h, &made, NULL, 0, some, 16, 0);
}
static NTSTATUS do_import(VOID *h)
{
    return BCryptImportKey(h, NULL, BCRYPT_KEY_DATA_BLOB, &made, NULL, 0, some, 28, 0);
}
static NTSTATUS do_pbkdf2(VOID *h)
{
    return BCryptDeriveKeyPBKDF2(h, some, 8, some, 8, 1, out.p, 32, 0);
}
static NTSTATUS do_capi_target(VOID *h)
{
    return BCryptDeriveKeyCapi(hash, h, out.p, 20, 0);
}
static NTSTATUS do_import_wrapped(VOID *h)
{
    return BCryptImportKey(aes_alg, h, BCRYPT_AES_WRAP_KEY_BLOB, &made, NULL, 0, some, 24, 0);
}
static NTSTATUS do_export_wrapped(VOID *h)
{
    return BCryptExportKey(aes, h, BCRYPT_AES_WRAP_KEY_BLOB, out.p, 64, &got, 0);
}
static NTSTATUS do_export(VOID *h)
{
    return BCryptExportKey(h, NULL, BCRYPT_KEY_DATA_BLOB, out.p, 64, &got, 0);
}
static NTSTATUS do_duplicate_key(VOID *h)
{
    return BCryptDuplicateKey(h, &made, NULL, 0, 0);
}
static NTSTATUS do_destroy_key(VOID *h)
{
    return BCryptDestroyKey(h);
}
static NTSTATUS do_encrypt(VOID *h)
{
    return BCryptEncrypt(h, some, 16, NULL, iv_bytes, 16, out.p, 64, &got, 0);
}
static NTSTATUS do_decrypt(VOID *h)
{
    return BCryptDecrypt(h, some, 16, NULL, iv_bytes, 16, out.p, 64, &got, BCRYPT_BLOCK_PADDING);
}
static NTSTATUS do_derive(VOID *h)
{
    return BCryptKeyDerivation(h, NULL, out.p, 32, &got, 0);
}
static NTSTATUS do_hash_data(VOID *h)
{
    return BCryptHashData(h, some, 16, 0);
}
static NTSTATUS do_finish(VOID *h)
{
    return BCryptFinishHash(h, out.p, 32, 0);
}
static NTSTATUS do_duplicate_hash(VOID *h)
{
    return BCryptDuplicateHash(h, &made, NULL, 0, 0);
}
static NTSTATUS do_destroy_hash(VOID *h)
{
    return BCryptDestroyHash(h);
}
static NTSTATUS do_capi(VOID *h)
{
    return BCryptDeriveKeyCapi(h, NULL, out.p, 20, 0);
}

static const struct taker {
    const char *name;
    enum kind takes;
    NTSTATUS (*call)(VOID *h);
    NTSTATUS null, other; /* what NULL and every other wrong handle give; 0: NULL is right */
} takers[] = {
    {"BCryptCreateHash", AN_ALG, do_create_hash, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptHash", AN_ALG, do_hash, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptGenerateSymmetricKey", AN_ALG, do_generate, STATUS_INVALID_HANDLE,
     STATUS_INVALID_HANDLE},
    {"BCryptImportKey", AN_ALG, do_import, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptDeriveKeyPBKDF2", AN_ALG, do_pbkdf2, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptDeriveKeyCapi (target)", AN_ALG, do_capi_target, 0, STATUS_INVALID_HANDLE},
    {"BCryptImportKey (import key)", A_KEY, do_import_wrapped, STATUS_INVALID_PARAMETER,
     STATUS_INVALID_HANDLE},
    {"BCryptExportKey (export key)", A_KEY, do_export_wrapped, STATUS_INVALID_PARAMETER,
     STATUS_INVALID_HANDLE},
    {"BCryptExportKey", A_KEY, do_export, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptDuplicateKey", A_KEY, do_duplicate_key, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptDestroyKey", A_KEY, do_destroy_key, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptEncrypt", A_KEY, do_encrypt, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptDecrypt", A_KEY, do_decrypt, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptKeyDerivation", A_KEY, do_derive, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptHashData", A_HASH, do_hash_data, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptFinishHash", A_HASH, do_finish, STATUS_INVALID_HANDLE, STATUS_INVALID_HANDLE},
    {"BCryptDuplicateHash", A_HASH, do_duplicate_hash, STATUS_INVALID_HANDLE,
     STATUS_INVALID_HANDLE},
    {"BCryptDestroyHash", A_HASH, do_destroy_hash, STATUS_INVALID_PARAMETER,
     STATUS_INVALID_PARAMETER},
    {"BCryptDeriveKeyCapi", A_HASH, do_capi, STATUS_INVALID_PARAMETER, STATUS_INVALID_HANDLE},
};

static void check_handles(void)
{
    const struct {
        const char *label;
        VOID *handle;
        enum kind kind;
    } handles[] = {
        {"NULL", NULL, NO_KIND},
        {"a small number", (VOID *)8, NO_KIND},
        {"an unknown pseudo-handle", (VOID *)0xFFF1, NO_KIND},
        {"all ones", (VOID *)-1, NO_KIND},
        {"the address of a variable", &object_bytes, NO_KIND},
        {"the address of the handle variable", &aes, NO_KIND},
        {"an algorithm", aes_alg, AN_ALG},
        {"a pseudo-handle", BCRYPT_AES_CBC_ALG_HANDLE, AN_ALG},
        {"a closed algorithm", closed_alg, NO_KIND},
        {"a key", aes, A_KEY},
        {"a destroyed key", dead_key, NO_KIND},
        {"a hash", hash, A_HASH},
        {"a destroyed hash", dead_hash, NO_KIND},
        {"a secret", secret, A_SECRET},
        {"a destroyed secret", dead_secret, NO_KIND},
    };
    out = guarded_new(64);
    for (size_t t = 0; t < COUNT(takers); t++) {
        for (size_t i = 0; i < COUNT(handles); i++) {
            const struct taker *taker = &takers[t];
            NTSTATUS want = handles[i].handle == NULL ? taker->null : taker->other;
            char what[96];
            if (handles[i].kind == taker->takes || want == 0)
                continue;
            ROW(taker->name);
            made = UNTOUCHED;
            snprintf(what, sizeof what, "given %s", handles[i].label);
            tap_status(taker->call(handles[i].handle), want, what);
            tap(made == UNTOUCHED && guarded_untouched(&out), "the outputs are untouched");
        }
    }
    guarded_free(&out);
    ROW("properties of a destroyed hash");
    tap_status(BCryptGetProperty(dead_hash, BCRYPT_HASH_LENGTH, room, 4, &got, 0),
               STATUS_INVALID_HANDLE, "BCryptGetProperty");
    tap_status(BCryptSetProperty(dead_hash, BCRYPT_INITIALIZATION_VECTOR, room, 12, 0),
               STATUS_INVALID_HANDLE, "BCryptSetProperty");
    /* None of that hurt what the handles stand for. */
    UCHAR digest[32], iv[16] = {0};
    ROW("after all that");
    tap_status(BCryptFinishHash(hash, digest, 32, 0), STATUS_SUCCESS, "the hash still finishes");
    tap(crypt_once(ENCRYPT, aes, some, 16, NULL, iv, 16, room, 16, 0) == STATUS_SUCCESS,
        "the key still encrypts");
    BCryptDestroyHash(hash);
}

/* A right handle of an algorithm or key that cannot do what is asked. */
static void check_kinds(void)
{
    UCHAR digest[32];
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    BCRYPT_HASH_HANDLE h = UNTOUCHED;
    ROW("algorithms and keys that cannot");
    const struct {
        const char *label;
        BCRYPT_ALG_HANDLE alg;
        bool hashes, has_keys;
    } algs[] = {
        {"AES", aes_alg, false, true},
        {"SHA256", sha_alg, true, false},
        {"HMAC-SHA256", hmac_alg, true, false},
        {"RSA", BCRYPT_RSA_ALG_HANDLE, false, false},
        {"ECDH_P256", BCRYPT_ECDH_P256_ALG_HANDLE, false, false},
        {"RNG", rng_alg, false, false},
        {"PBKDF2", BCRYPT_PBKDF2_ALG_HANDLE, false, true},
    };
    for (size_t i = 0; i < COUNT(algs); i++) {
        char what[96];
        if (!algs[i].hashes) {
            snprintf(what, sizeof what, "BCryptCreateHash of %s", algs[i].label);
            tap_status(BCryptCreateHash(algs[i].alg, &h, NULL, 0, NULL, 0, 0), STATUS_NOT_SUPPORTED,
                       what);
            tap_status(BCryptHash(algs[i].alg, NULL, 0, some, 16, digest, 32), STATUS_NOT_SUPPORTED,
                       "BCryptHash");
            tap_status(BCryptDeriveKeyPBKDF2(algs[i].alg, some, 8, some, 8, 1, digest, 32, 0),
                       STATUS_INVALID_PARAMETER, "BCryptDeriveKeyPBKDF2");
        }
        if (!algs[i].has_keys) {
            snprintf(what, sizeof what, "BCryptGenerateSymmetricKey of %s", algs[i].label);
            tap_status(BCryptGenerateSymmetricKey(algs[i].alg, &key, NULL, 0, some, 16, 0),
                       STATUS_NOT_SUPPORTED, what);
            tap_status(BCryptImportKey(algs[i].alg, NULL, BCRYPT_KEY_DATA_BLOB, &key, NULL, 0, some,
                                       28, 0),
                       STATUS_NOT_SUPPORTED, "BCryptImportKey");
        }
    }
    tap_status(BCryptDeriveKeyPBKDF2(sha_alg, some, 8, some, 8, 1, digest, 32, 0),
               STATUS_INVALID_PARAMETER, "BCryptDeriveKeyPBKDF2 of a hash without a key");
    tap_status(BCryptGenerateKeyPair(aes_alg, &key, 128, 0), STATUS_NOT_SUPPORTED,
               "BCryptGenerateKeyPair of AES");
    tap_status(BCryptImportKeyPair(aes_alg, NULL, BCRYPT_KEY_DATA_BLOB, &key, some, 28, 0),
               STATUS_NOT_SUPPORTED, "BCryptImportKeyPair of AES");
    tap(key == UNTOUCHED && h == UNTOUCHED, "the outputs are untouched");
    tap_status(BCryptKeyDerivation(aes, NULL, digest, 32, &got, 0), STATUS_NOT_SUPPORTED,
               "BCryptKeyDerivation with a cipher's key");
    tap_status(BCryptKeyDerivation(rsa, NULL, digest, 32, &got, 0), STATUS_NOT_SUPPORTED,
               "BCryptKeyDerivation with a key pair");
    tap_status(crypt_once(ENCRYPT, kdf, some, 16, NULL, NULL, 0, room, 64, 0), STATUS_NOT_SUPPORTED,
               "BCryptEncrypt with a key derivation key");
    tap_status(crypt_once(DECRYPT, kdf, some, 16, NULL, NULL, 0, room, 64, 0), STATUS_NOT_SUPPORTED,
               "BCryptDecrypt with it");
    tap_status(BCryptSignHash(aes, NULL, some, 32, room, sizeof room, &got, 0),
               STATUS_NOT_SUPPORTED, "BCryptSignHash with a symmetric key");
    tap_status(BCryptVerifySignature(aes, NULL, some, 32, some, 64, 0), STATUS_NOT_SUPPORTED,
               "BCryptVerifySignature with one");
    BCRYPT_SECRET_HANDLE s = UNTOUCHED;
    tap_status(BCryptSecretAgreement(aes, aes, &s, 0), STATUS_NOT_SUPPORTED,
               "BCryptSecretAgreement with one");
    BCRYPT_KEY_HANDLE ecdh = make_key(BCRYPT_ECDH_P256_ALG_HANDLE, 256);
    tap_status(BCryptSecretAgreement(ecdh, aes, &s, 0), STATUS_OBJECT_TYPE_MISMATCH,
               "BCryptSecretAgreement with one as the peer's");
    BCryptDestroyKey(ecdh);
    tap_status(BCryptEncapsulate(aes, room, 32, &got, room, sizeof room, &got, 0),
               STATUS_NOT_SUPPORTED, "BCryptEncapsulate with one");
    tap_status(BCryptDecapsulate(aes, some, 32, room, 32, &got, 0), STATUS_NOT_SUPPORTED,
               "BCryptDecapsulate with one");
    tap_status(BCryptFinalizeKeyPair(aes, 0), STATUS_NOT_SUPPORTED,
               "BCryptFinalizeKeyPair with one");
    tap_status(BCryptFinalizeKeyPair(kdf, 0), STATUS_NOT_SUPPORTED, "with one for derivation, too");
    tap(crypt_once(ENCRYPT, aes, some, 16, NULL, NULL, 0, room, 16, 0) == STATUS_SUCCESS,
        "which goes on working");
    tap(s == UNTOUCHED, "the output is untouched");
}

/* ---- hashes ----------------------------------------------------------------------------------------------------- */

static void check_create_hash(void)
{
    BCRYPT_HASH_HANDLE h = UNTOUCHED;
    ROW("BCryptCreateHash");
    tap_status(BCryptCreateHash(sha_alg, NULL, NULL, 0, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "no handle variable");
    tap_status(BCryptCreateHash(sha_alg, &h, NULL, 0, NULL, 0, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptCreateHash(sha_alg, &h, NULL, 0, NULL, 0, BCRYPT_ALG_HANDLE_HMAC_FLAG),
               STATUS_INVALID_PARAMETER, "a flag of BCryptOpenAlgorithmProvider");
    tap_status(BCryptCreateHash(sha_alg, &h, NULL, 0, some, 16, 0), STATUS_INVALID_PARAMETER,
               "a key for a hash that takes none");
    tap_status(BCryptCreateHash(hmac_alg, &h, NULL, 0, NULL, 16, 0), STATUS_INVALID_PARAMETER,
               "no key for its bytes");
    static const ULONG cmac_bad[] = {0, 1, 15, 17, 23, 25, 31, 33, 64};
    for (size_t i = 0; i < COUNT(cmac_bad); i++) {
        char what[64];
        snprintf(what, sizeof what, "an AES-CMAC key of %u bytes", (unsigned)cmac_bad[i]);
        tap_status(BCryptCreateHash(BCRYPT_AES_CMAC_ALG_HANDLE, &h, NULL, 0, some, cmac_bad[i], 0),
                   STATUS_INVALID_PARAMETER, what);
        tap_status(BCryptCreateHash(BCRYPT_AES_GMAC_ALG_HANDLE, &h, NULL, 0, some, cmac_bad[i], 0),
                   STATUS_INVALID_PARAMETER, "and of AES-GMAC");
    }
    tap(hash_object_bytes > 0 && hash_object_bytes <= 1024, "ObjectLength is at most 1024");
    struct guarded object = guarded_new(hash_object_bytes <= 4096 ? hash_object_bytes : 4096);
    tap_status(BCryptCreateHash(sha_alg, &h, object.p, object.n - 1, NULL, 0, 0),
               STATUS_BUFFER_TOO_SMALL, "an object a byte short");
    tap_status(BCryptCreateHash(sha_alg, &h, object.p, 0, NULL, 0, 0), STATUS_BUFFER_TOO_SMALL,
               "an object of no bytes");
    tap(h == UNTOUCHED && guarded_untouched(&object), "handle variable and object are untouched");

    UCHAR digest[32], want[32];
    bool good = BCryptHash(sha_alg, NULL, 0, some, 64, want, 32) == STATUS_SUCCESS;
    tap_status(BCryptCreateHash(sha_alg, &h, object.p, object.n, NULL, 0, 0), STATUS_SUCCESS,
               "an object of exactly ObjectLength");
    BCRYPT_HASH_HANDLE copy = NULL;
    struct guarded twin = guarded_new(object.n);
    tap(good && BCryptHashData(h, some, 30, 0) == STATUS_SUCCESS &&
            BCryptDuplicateHash(h, &copy, twin.p, twin.n, 0) == STATUS_SUCCESS &&
            BCryptHashData(h, some + 30, 34, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, digest, 32, 0) == STATUS_SUCCESS && memcmp(digest, want, 32) == 0 &&
            BCryptDestroyHash(h) == STATUS_SUCCESS,
        "works");
    memset(object.p, GUARD_BYTE, object.n);
    tap(BCryptHashData(copy, some + 30, 34, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(copy, digest, 32, 0) == STATUS_SUCCESS &&
            memcmp(digest, want, 32) == 0 && BCryptDestroyHash(copy) == STATUS_SUCCESS,
        "so does its copy, when the first object is gone");
    tap(guarded_intact(&object) && guarded_intact(&twin), "nothing is written around the objects");
    guarded_free(&object);
    guarded_free(&twin);
    struct guarded large = guarded_new(8192);
    h = NULL;
    tap(BCryptCreateHash(sha_alg, &h, large.p, large.n, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptDestroyHash(h) == STATUS_SUCCESS && guarded_intact(&large),
        "a larger object");
    guarded_free(&large);
}

static void check_hash_calls(void)
{
    BCRYPT_HASH_HANDLE h = NULL, copy = UNTOUCHED;
    struct guarded digest = guarded_new(32);
    UCHAR want[32];
    ROW("BCryptHashData, BCryptFinishHash, BCryptDuplicateHash");
    bool good = BCryptHash(sha_alg, NULL, 0, some, 64, want, 32) == STATUS_SUCCESS &&
                BCryptCreateHash(sha_alg, &h, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS;
    tap(good, "a hash");
    tap_status(BCryptHashData(h, NULL, 5, 0), STATUS_INVALID_PARAMETER, "no data for its bytes");
    tap_status(BCryptHashData(h, some, 5, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "data with an unknown flag");
    tap_fails(BCryptHashData(h, some, 5, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG),
              "a TLS record for a hash without a key");
    tap_status(BCryptHashData(h, NULL, 0, 0), STATUS_SUCCESS, "NULL and 0 bytes");
    tap_status(BCryptHashData(h, some, 0, 0), STATUS_SUCCESS, "0 bytes");
    tap_status(BCryptHashData(h, some, 64, 0), STATUS_SUCCESS, "data");
    static const ULONG bad[] = {0, 1, 31, 33, 64, 0xFFFFFFFF};
    for (size_t i = 0; i < COUNT(bad); i++) {
        char what[64];
        snprintf(what, sizeof what, "a result of %u bytes", (unsigned)bad[i]);
        tap_status(BCryptFinishHash(h, digest.p, bad[i], 0), STATUS_INVALID_PARAMETER, what);
    }
    tap_status(BCryptFinishHash(h, NULL, 32, 0), STATUS_INVALID_PARAMETER, "no result");
    tap_status(BCryptFinishHash(h, digest.p, 32, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "finish with an unknown flag");
    tap_status(BCryptFinishHash(h, digest.p, 32, BCRYPT_HASH_DONT_RESET_FLAG),
               STATUS_INVALID_PARAMETER, "BCRYPT_HASH_DONT_RESET_FLAG of a fixed-length hash");
    tap_status(BCryptDuplicateHash(h, NULL, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "duplicate without a handle variable");
    tap_status(BCryptDuplicateHash(h, &copy, NULL, 0, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "duplicate with an unknown flag");
    tap_status(BCryptDuplicateHash(h, &copy, room, hash_object_bytes - 1, 0),
               STATUS_BUFFER_TOO_SMALL, "duplicate into an object a byte short");
    tap(copy == UNTOUCHED && guarded_untouched(&digest), "the outputs are untouched");
    tap(BCryptFinishHash(h, digest.p, 32, 0) == STATUS_SUCCESS && memcmp(digest.p, want, 32) == 0 &&
            guarded_intact(&digest),
        "and the hash is still good");
    memset(digest.p, GUARD_BYTE, 32);
    tap_status(BCryptHashData(h, some, 5, 0), STATUS_INVALID_HANDLE, "data for a finished hash");
    tap_status(BCryptFinishHash(h, digest.p, 32, 0), STATUS_INVALID_HANDLE, "a second finish");
    tap_status(BCryptDuplicateHash(h, &copy, NULL, 0, 0), STATUS_INVALID_HANDLE,
               "a duplicate of it");
    tap(copy == UNTOUCHED && guarded_untouched(&digest), "the outputs are untouched");
    tap_status(BCryptDestroyHash(h), STATUS_SUCCESS, "destroy");
    tap_status(BCryptDestroyHash(h), STATUS_INVALID_PARAMETER, "destroy again");

    ROW("BCryptHash");
    tap_status(BCryptHash(sha_alg, NULL, 0, NULL, 0, digest.p, 32), STATUS_SUCCESS,
               "NULL and 0 bytes of data");
    memset(digest.p, GUARD_BYTE, 32);
    tap_status(BCryptHash(sha_alg, NULL, 0, some, 5, NULL, 32), STATUS_INVALID_PARAMETER,
               "no result");
    for (size_t i = 0; i < COUNT(bad); i++) {
        char what[64];
        snprintf(what, sizeof what, "a result of %u bytes", (unsigned)bad[i]);
        tap_status(BCryptHash(sha_alg, NULL, 0, some, 5, digest.p, bad[i]),
                   STATUS_INVALID_PARAMETER, what);
    }
    tap_status(BCryptHash(sha_alg, NULL, 0, NULL, 5, digest.p, 32), STATUS_INVALID_PARAMETER,
               "no data for its bytes");
    tap_status(BCryptHash(sha_alg, some, 16, some, 5, digest.p, 32), STATUS_INVALID_PARAMETER,
               "a key for a hash that takes none");
    tap_status(BCryptHash(hmac_alg, NULL, 16, some, 5, digest.p, 32), STATUS_INVALID_PARAMETER,
               "no key for its bytes");
    tap_status(BCryptHash(BCRYPT_AES_CMAC_ALG_HANDLE, some, 15, some, 5, digest.p, 16),
               STATUS_INVALID_PARAMETER, "an AES-CMAC key of 15 bytes");
    tap_status(BCryptHash(BCRYPT_AES_GMAC_ALG_HANDLE, some, 16, some, 5, digest.p, 16),
               STATUS_INVALID_PARAMETER, "AES-GMAC, which has no place for its nonce here");
    tap(guarded_untouched(&digest), "the result is untouched");
    tap(BCryptHash(hmac_alg, NULL, 0, some, 5, digest.p, 32) == STATUS_SUCCESS &&
            guarded_intact(&digest),
        "HMAC with an empty key");
    guarded_free(&digest);
}

/* ---- symmetric keys --------------------------------------------------------------------------------------------- */

static void check_generate(void)
{
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    ROW("BCryptGenerateSymmetricKey");
    tap_status(BCryptGenerateSymmetricKey(aes_alg, NULL, NULL, 0, some, 16, 0),
               STATUS_INVALID_PARAMETER, "no key variable");
    tap_status(BCryptGenerateSymmetricKey(aes_alg, &key, NULL, 0, NULL, 16, 0),
               STATUS_INVALID_PARAMETER, "no secret");
    tap_status(BCryptGenerateSymmetricKey(aes_alg, &key, NULL, 0, NULL, 0, 0),
               STATUS_INVALID_PARAMETER, "no secret, no bytes");
    tap_status(BCryptGenerateSymmetricKey(BCRYPT_PBKDF2_ALG_HANDLE, &key, NULL, 0, NULL, 0, 0),
               STATUS_INVALID_PARAMETER, "no secret, no bytes, of a key derivation function");
    tap_status(BCryptGenerateSymmetricKey(BCRYPT_PBKDF2_ALG_HANDLE, &key, NULL, 0, room, 2049, 0),
               STATUS_INVALID_PARAMETER, "2049 bytes of a key derivation function");
    tap_status(BCryptGenerateSymmetricKey(aes_alg, &key, NULL, 0, some, 16, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    struct guarded object = guarded_new(object_bytes <= 4096 ? object_bytes : 4096);
    tap_status(BCryptGenerateSymmetricKey(aes_alg, &key, object.p, object.n - 1, some, 16, 0),
               STATUS_BUFFER_TOO_SMALL, "an object a byte short");
    tap_status(BCryptGenerateSymmetricKey(aes_alg, &key, object.p, 0, some, 16, 0),
               STATUS_BUFFER_TOO_SMALL, "an object of no bytes");
    tap_status(BCryptGenerateSymmetricKey(aes_alg, &key, object.p, object.n, some, 17, 0),
               STATUS_INVALID_PARAMETER, "an AES key of 17 bytes");
    tap(key == UNTOUCHED && guarded_untouched(&object), "key variable and object are untouched");
    guarded_free(&object);
    for (ULONG n = 0; n <= 2048; n += 1024) {
        key = NULL;
        tap_status(BCryptGenerateSymmetricKey(BCRYPT_PBKDF2_ALG_HANDLE, &key, NULL, 0, room, n, 0),
                   STATUS_SUCCESS, "0 to 2048 bytes of a key derivation function");
        BCryptDestroyKey(key);
    }

    ROW("BCryptDuplicateKey");
    key = UNTOUCHED;
    tap_status(BCryptDuplicateKey(aes, NULL, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "no key variable");
    tap_status(BCryptDuplicateKey(aes, &key, NULL, 0, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    tap_status(BCryptDuplicateKey(aes, &key, room, object_bytes - 1, 0), STATUS_BUFFER_TOO_SMALL,
               "an object a byte short");
    tap_status(BCryptDuplicateKey(rsa, &key, NULL, 0, 0), STATUS_INVALID_HANDLE, "a key pair");
    tap_status(BCryptDuplicateKey(empty_pair, &key, NULL, 0, 0), STATUS_INVALID_HANDLE,
               "an empty one");
    tap(key == UNTOUCHED, "the key variable is untouched");
    key = NULL;
    tap(BCryptDuplicateKey(kdf, &key, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptDestroyKey(key) == STATUS_SUCCESS,
        "a key derivation key can be duplicated");
}

static void check_blob_calls(void)
{
    UCHAR blob[64];
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    ROW("BCryptExportKey of symmetric keys");
    ULONG n = export_to(aes, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob);
    tap(n == 28, "KeyDataBlob of 28 bytes");
    struct guarded to = guarded_new(27);
    got = 0;
    tap(BCryptExportKey(aes, NULL, BCRYPT_KEY_DATA_BLOB, NULL, 99, &got, 0) == STATUS_SUCCESS &&
            got == 28,
        "a size query");
    got = 0;
    tap_status(BCryptExportKey(aes, NULL, BCRYPT_KEY_DATA_BLOB, to.p, 27, &got, 0),
               STATUS_BUFFER_TOO_SMALL, "a byte short");
    tap(got == 28, "the size is told");
    tap_status(BCryptExportKey(aes, NULL, BCRYPT_KEY_DATA_BLOB, to.p, 0, &got, 0),
               STATUS_BUFFER_TOO_SMALL, "count 0");
    tap_status(BCryptExportKey(aes, NULL, NULL, to.p, 27, &got, 0), STATUS_INVALID_PARAMETER,
               "no blob type");
    tap_status(BCryptExportKey(aes, NULL, BCRYPT_KEY_DATA_BLOB, to.p, 27, NULL, 0),
               STATUS_INVALID_PARAMETER, "no size variable");
    tap_status(BCryptExportKey(aes, NULL, BCRYPT_KEY_DATA_BLOB, to.p, 27, &got, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptExportKey(aes, aes, BCRYPT_KEY_DATA_BLOB, to.p, 27, &got, 0),
               STATUS_INVALID_PARAMETER, "an export key that is not needed");
    tap_status(BCryptExportKey(aes, NULL, BCRYPT_RSAPUBLIC_BLOB, to.p, 27, &got, 0),
               STATUS_NOT_SUPPORTED, "a blob type of key pairs");
    tap_status(BCryptExportKey(aes, NULL, L"NOSUCHBLOB", to.p, 27, &got, 0), STATUS_NOT_SUPPORTED,
               "an unknown blob type");
    tap(guarded_untouched(&to), "the output is untouched");
    guarded_free(&to);

    ROW("BCryptImportKey");
    tap_status(BCryptImportKey(aes_alg, NULL, NULL, &key, NULL, 0, blob, n, 0),
               STATUS_INVALID_PARAMETER, "no blob type");
    tap_status(BCryptImportKey(aes_alg, NULL, BCRYPT_KEY_DATA_BLOB, NULL, NULL, 0, blob, n, 0),
               STATUS_INVALID_PARAMETER, "no key variable");
    tap_status(BCryptImportKey(aes_alg, NULL, BCRYPT_KEY_DATA_BLOB, &key, NULL, 0, NULL, n, 0),
               STATUS_INVALID_PARAMETER, "no blob");
    tap_status(
        BCryptImportKey(aes_alg, NULL, BCRYPT_KEY_DATA_BLOB, &key, NULL, 0, blob, n, UNKNOWN_BIT),
        STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptImportKey(aes_alg, aes, BCRYPT_KEY_DATA_BLOB, &key, NULL, 0, blob, n, 0),
               STATUS_INVALID_PARAMETER, "an import key that is not needed");
    tap_status(BCryptImportKey(aes_alg, NULL, BCRYPT_RSAPUBLIC_BLOB, &key, NULL, 0, blob, n, 0),
               STATUS_NOT_SUPPORTED, "a blob type of key pairs");
    tap_status(BCryptImportKey(aes_alg, NULL, BCRYPT_ECCPUBLIC_BLOB, &key, NULL, 0, blob, n, 0),
               STATUS_NOT_SUPPORTED, "another");
    tap_status(BCryptImportKey(aes_alg, NULL, L"NOSUCHBLOB", &key, NULL, 0, blob, n, 0),
               STATUS_NOT_SUPPORTED, "an unknown blob type");
    tap_status(BCryptImportKey(aes_alg, NULL, BCRYPT_KEY_DATA_BLOB, &key, room, object_bytes - 1,
                               blob, n, 0),
               STATUS_BUFFER_TOO_SMALL, "an object a byte short");
    tap(key == UNTOUCHED, "the key variable is untouched");
    struct guarded object = guarded_new(object_bytes <= 4096 ? object_bytes : 4096);
    key = NULL;
    tap(BCryptImportKey(aes_alg, NULL, BCRYPT_KEY_DATA_BLOB, &key, object.p, object.n, blob, n,
                        0) == STATUS_SUCCESS &&
            BCryptDestroyKey(key) == STATUS_SUCCESS && guarded_intact(&object),
        "an object of exactly ObjectLength, with guards around");
    guarded_free(&object);
}

static void check_crypt_calls(void)
{
    UCHAR iv[16] = {0};
    struct guarded to = guarded_new(32);
    ROW("BCryptEncrypt, BCryptDecrypt of a symmetric key");
    for (int way = ENCRYPT; way <= DECRYPT; way++) {
        NTSTATUS(*const call)
        (BCRYPT_KEY_HANDLE, PUCHAR, ULONG, VOID *, PUCHAR, ULONG, PUCHAR, ULONG, ULONG *, ULONG) =
            way == ENCRYPT ? BCryptEncrypt : BCryptDecrypt;
        tap_status(call(aes, some, 32, NULL, iv, 16, to.p, 32, NULL, 0), STATUS_INVALID_PARAMETER,
                   "no size variable");
        tap_status(call(aes, NULL, 32, NULL, iv, 16, to.p, 32, &got, 0), STATUS_INVALID_PARAMETER,
                   "no input");
        tap_status(call(aes, some, 32, NULL, iv, 16, to.p, 32, &got, UNKNOWN_BIT),
                   STATUS_INVALID_PARAMETER, "an unknown flag");
        tap_status(call(aes, some, 32, NULL, iv, 15, to.p, 32, &got, 0), STATUS_INVALID_PARAMETER,
                   "an IV of 15 bytes");
        tap_status(call(aes, some, 32, NULL, iv, 16, to.p, 31, &got, 0), STATUS_BUFFER_TOO_SMALL,
                   "an output a byte short");
        tap_status(call(aes, some, 31, NULL, iv, 16, to.p, 32, &got, 0), STATUS_INVALID_BUFFER_SIZE,
                   "a partial block");
        tap(guarded_untouched(&to) && all_bytes(iv, 16, 0), "output and IV are untouched");
    }
    guarded_free(&to);
}

/* ---- key derivation --------------------------------------------------------------------------------------------- */

static void check_derivation(void)
{
    struct guarded to = guarded_new(40);
    BCryptBuffer hash_name = {(ULONG)sizeof BCRYPT_SHA256_ALGORITHM, KDF_HASH_ALGORITHM,
                              (PVOID)BCRYPT_SHA256_ALGORITHM};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &hash_name};
    BCryptBufferDesc no_list = {BCRYPTBUFFER_VERSION, 1, NULL};
    BCryptBufferDesc endless = {BCRYPTBUFFER_VERSION, 0xFFFFFFFF, &hash_name};
    ROW("BCryptKeyDerivation");
    got = 0;
    tap_status(BCryptKeyDerivation(kdf, &list, to.p, 40, NULL, 0), STATUS_INVALID_PARAMETER,
               "no size variable");
    tap_status(BCryptKeyDerivation(kdf, &list, NULL, 40, &got, 0), STATUS_INVALID_PARAMETER,
               "no output");
    tap_status(BCryptKeyDerivation(kdf, &list, to.p, 0, &got, 0), STATUS_INVALID_PARAMETER,
               "an output of no bytes");
    tap_status(BCryptKeyDerivation(kdf, &list, NULL, 0, &got, 0), STATUS_INVALID_PARAMETER,
               "neither");
    tap_status(BCryptKeyDerivation(kdf, &list, to.p, 40, &got, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptKeyDerivation(kdf, &list, to.p, 40, &got, BCRYPT_CAPI_AES_FLAG),
               STATUS_INVALID_PARAMETER, "a flag of another function");
    tap_status(BCryptKeyDerivation(kdf, NULL, to.p, 40, &got, 0), STATUS_INVALID_PARAMETER,
               "no parameters where one is needed");
    tap_status(BCryptKeyDerivation(kdf, &no_list, to.p, 40, &got, 0), STATUS_INVALID_PARAMETER,
               "a list without its array");
    tap_status(BCryptKeyDerivation(kdf, &endless, to.p, 40, &got, 0), STATUS_INVALID_PARAMETER,
               "a list of 2^32 - 1 parameters");
    tap(guarded_untouched(&to), "the output is untouched");
    tap(BCryptKeyDerivation(kdf, &list, to.p, 40, &got, 0) == STATUS_SUCCESS && got == 40 &&
            guarded_intact(&to) && !guarded_untouched(&to),
        "and it works");
    list.ulVersion = 77;
    tap_status(BCryptKeyDerivation(kdf, &list, to.p, 1, &got, 0), STATUS_SUCCESS,
               "one byte works, and the list's version is not looked at");
    guarded_free(&to);

    ROW("BCryptDeriveKeyPBKDF2");
    to = guarded_new(40);
    tap_status(BCryptDeriveKeyPBKDF2(hmac_alg, NULL, 8, some, 8, 1, to.p, 40, 0),
               STATUS_INVALID_PARAMETER, "no password for its bytes");
    tap_status(BCryptDeriveKeyPBKDF2(hmac_alg, some, 8, NULL, 8, 1, to.p, 40, 0),
               STATUS_INVALID_PARAMETER, "no salt for its bytes");
    tap_status(BCryptDeriveKeyPBKDF2(hmac_alg, some, 8, some, 8, 0, to.p, 40, 0),
               STATUS_INVALID_PARAMETER, "no iterations");
    tap_status(BCryptDeriveKeyPBKDF2(hmac_alg, some, 8, some, 8, 1, NULL, 40, 0),
               STATUS_INVALID_PARAMETER, "no output");
    tap_status(BCryptDeriveKeyPBKDF2(hmac_alg, some, 8, some, 8, 1, to.p, 0, 0),
               STATUS_INVALID_PARAMETER, "an output of no bytes");
    tap_status(BCryptDeriveKeyPBKDF2(hmac_alg, some, 8, some, 8, 1, to.p, 40, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptDeriveKeyPBKDF2(BCRYPT_AES_GMAC_ALG_HANDLE, some, 16, some, 8, 1, to.p, 40, 0),
               STATUS_INVALID_PARAMETER, "AES-GMAC, which wants a nonce for each block");
    tap_status(BCryptDeriveKeyPBKDF2(BCRYPT_AES_CMAC_ALG_HANDLE, some, 15, some, 8, 1, to.p, 40, 0),
               STATUS_INVALID_PARAMETER, "an AES-CMAC key of 15 bytes");
    tap(guarded_untouched(&to), "the output is untouched");
    tap(BCryptDeriveKeyPBKDF2(hmac_alg, some, 8, NULL, 0, 1, to.p, 40, 0) == STATUS_SUCCESS &&
            guarded_intact(&to) && !guarded_untouched(&to),
        "a NULL salt with 0 bytes works");
    tap(BCryptDeriveKeyPBKDF2(hmac_alg, NULL, 0, some, 8, 1, to.p, 40, 0) == STATUS_SUCCESS,
        "so does a NULL password with 0 bytes");
    tap(BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA1_ALG_HANDLE, some, 8, some, 8, 1, to.p, 40, 0) ==
            STATUS_SUCCESS,
        "and a pseudo-handle");
    guarded_free(&to);

    ROW("BCryptDeriveKeyCapi");
    BCRYPT_HASH_HANDLE h = NULL;
    to = guarded_new(40);
    tap(BCryptCreateHash(BCRYPT_SHA1_ALG_HANDLE, &h, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptDestroyHash(h) == STATUS_SUCCESS,
        "a hash");
    BCRYPT_ALG_HANDLE sha1 = open_alg(BCRYPT_SHA1_ALGORITHM);
    BCryptCreateHash(sha1, &h, NULL, 0, NULL, 0, 0);
    tap_status(BCryptDeriveKeyCapi(NULL, NULL, to.p, 20, 0), STATUS_INVALID_PARAMETER,
               "a NULL hash");
    tap_status(BCryptDeriveKeyCapi(h, NULL, NULL, 20, 0), STATUS_INVALID_PARAMETER, "no output");
    tap_status(BCryptDeriveKeyCapi(h, NULL, to.p, 0, 0), STATUS_INVALID_PARAMETER,
               "an output of no bytes");
    tap_status(BCryptDeriveKeyCapi(h, NULL, to.p, 41, 0), STATUS_INVALID_PARAMETER,
               "41 bytes for SHA1");
    tap_status(BCryptDeriveKeyCapi(h, NULL, to.p, 20, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    tap(guarded_untouched(&to), "the output is untouched");
    tap_status(BCryptDeriveKeyCapi(h, NULL, to.p, 40, 0), STATUS_SUCCESS,
               "and the hash is still good: 40 bytes");
    tap(guarded_intact(&to), "are all that is written");
    tap_status(BCryptDeriveKeyCapi(h, NULL, to.p, 20, 0), STATUS_INVALID_HANDLE,
               "the hash is consumed by the call");
    tap_status(BCryptHashData(h, some, 5, 0), STATUS_INVALID_HANDLE, "and takes no more data");
    BCryptDestroyHash(h);
    tap(BCryptCreateHash(hmac_alg, &h, NULL, 0, some, 16, 0) == STATUS_SUCCESS &&
            BCryptDeriveKeyCapi(h, NULL, to.p, 20, 0) == STATUS_INVALID_PARAMETER,
        "a keyed hash");
    BCryptDestroyHash(h);
    tap(BCryptCreateHash(BCRYPT_SHAKE128_ALG_HANDLE, &h, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, to.p, 8, BCRYPT_HASH_DONT_RESET_FLAG) == STATUS_SUCCESS &&
            BCryptDeriveKeyCapi(h, NULL, to.p, 20, 0) == STATUS_INVALID_HANDLE,
        "one that has given output");
    BCryptDestroyHash(h);
    BCryptCloseAlgorithmProvider(sha1, 0);
    guarded_free(&to);
}

/* A count without a value, of each kind of object and value. */
static void check_no_value(void)
{
    ROW("BCryptSetProperty, a count without a value");
    BCRYPT_ALG_HANDLE rc2 = open_alg(BCRYPT_RC2_ALGORITHM);
    BCRYPT_KEY_HANDLE hkdf = key_of(BCRYPT_HKDF_ALGORITHM, NULL, some, 16);
    BCRYPT_HASH_HANDLE cshake = NULL, gmac = NULL;
    BCryptCreateHash(BCRYPT_CSHAKE128_ALG_HANDLE, &cshake, NULL, 0, NULL, 0, 0);
    BCryptCreateHash(BCRYPT_AES_GMAC_ALG_HANDLE, &gmac, NULL, 0, some, 16, 0);
    const struct {
        BCRYPT_HANDLE object;
        LPCWSTR name;
        const char *what;
    } rows[] = {
        {aes_alg, BCRYPT_CHAINING_MODE, "ChainingMode"},
        {rc2, BCRYPT_EFFECTIVE_KEY_LENGTH, "EffectiveKeyLength"},
        {aes, BCRYPT_CHAINING_MODE, "ChainingMode of a key"},
        {aes, BCRYPT_INITIALIZATION_VECTOR, "IV"},
        {hkdf, BCRYPT_HKDF_HASH_ALGORITHM, "HkdfHashAlgorithm"},
        {hkdf, BCRYPT_HKDF_SALT_AND_FINALIZE, "HkdfSaltAndFinalize"},
        {hkdf, BCRYPT_HKDF_PRK_AND_FINALIZE, "HkdfPrkAndFinalize"},
        {gmac, BCRYPT_INITIALIZATION_VECTOR, "IV of a hash"},
        {cshake, BCRYPT_FUNCTION_NAME_STRING, "FunctionNameString"},
        {cshake, BCRYPT_CUSTOMIZATION_STRING, "CustomizationString"},
        {empty_pair, BCRYPT_KEY_LENGTH, "KeyLength"},
    };
    UCHAR before[32], after[32];
    BCRYPT_HASH_HANDLE copy = NULL;
    bool good = BCryptSetProperty(cshake, BCRYPT_CUSTOMIZATION_STRING, some, 5, 0) >= 0 &&
                BCryptDuplicateHash(cshake, &copy, NULL, 0, 0) >= 0 &&
                BCryptFinishHash(copy, before, 32, 0) >= 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tap_status(BCryptSetProperty(rows[i].object, rows[i].name, NULL, 5, 0),
                   STATUS_INVALID_PARAMETER, rows[i].what);
        tap_status(BCryptSetProperty(rows[i].object, rows[i].name, NULL, 16, 0),
                   STATUS_INVALID_PARAMETER, "of another size");
    }
    tap(good && BCryptFinishHash(cshake, after, 32, 0) == STATUS_SUCCESS &&
            memcmp(before, after, 32) == 0,
        "what was set before stays");
    tap_status(BCryptSetProperty(hkdf, BCRYPT_HKDF_HASH_ALGORITHM,
                                 (PUCHAR)(ULONG_PTR)BCRYPT_SHA256_ALGORITHM,
                                 sizeof BCRYPT_SHA256_ALGORITHM, 0),
               STATUS_SUCCESS, "a hash");
    tap_status(BCryptSetProperty(hkdf, BCRYPT_HKDF_PRK_AND_FINALIZE, NULL, 0, 0), STATUS_SUCCESS,
               "no value, and no count, where nothing is wanted");
    BCryptDestroyHash(copy);
    BCryptDestroyHash(cshake);
    BCryptDestroyHash(gmac);
    BCryptDestroyKey(hkdf);
    BCryptCloseAlgorithmProvider(rc2, 0);
}

static void check_rest(void)
{
    BOOLEAN on = 0x55;
    ROW("BCryptGetFipsAlgorithmMode");
    tap_status(BCryptGetFipsAlgorithmMode(NULL), STATUS_INVALID_PARAMETER, "no output");
    tap_status(BCryptGetFipsAlgorithmMode(&on), STATUS_SUCCESS, "an output");
    FILE *file = fopen("/proc/sys/crypto/fips_enabled", "r");
    int flag = file == NULL ? '0' : fgetc(file);
    if (file != NULL)
        fclose(file);
    tap((on != 0) == (flag == '1'), "says what the kernel says");

    ROW("ProcessPrng");
    struct guarded bytes = guarded_new(1000), zeros = guarded_new(32);
    tap(ProcessPrng(bytes.p, bytes.n) == TRUE && guarded_intact(&bytes) &&
            !guarded_untouched(&bytes),
        "fills the buffer and nothing around it");
    memcpy(zeros.p, bytes.p, 32);
    tap(ProcessPrng(bytes.p, 32) == TRUE && memcmp(zeros.p, bytes.p, 32) != 0, "anew each time");
    tap(ProcessPrng(NULL, 0) == TRUE && ProcessPrng(bytes.p, 0) == TRUE, "no bytes");
    guarded_free(&bytes);
    guarded_free(&zeros);
}

int main(void)
{
    prepare();
    check_handles();
    check_kinds();
    check_create_hash();
    check_hash_calls();
    check_generate();
    check_blob_calls();
    check_crypt_calls();
    check_derivation();
    check_no_value();
    check_rest();
    BCryptDestroyKey(aes);
    BCryptDestroyKey(kdf);
    BCryptDestroyKey(rsa);
    BCryptDestroyKey(empty_pair);
    BCryptDestroySecret(secret);
    BCryptCloseAlgorithmProvider(aes_alg, 0);
    BCryptCloseAlgorithmProvider(sha_alg, 0);
    BCryptCloseAlgorithmProvider(hmac_alg, 0);
    BCryptCloseAlgorithmProvider(rng_alg, 0);
    return tap_done();
}
