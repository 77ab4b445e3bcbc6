/*
 * NCryptKeyDerivation: every key derivation function of the provider gives what BCryptKeyDerivation gives from the
 * same secret and parameters; with keys that have a name and keys that have none, and with keys out of blobs.
 */
#include "conform_ncrypt.h"

static BYTE secret[40];
static WCHAR sha256[] = L"SHA256", sha1[] = L"SHA1", sha384[] = L"SHA384";
static BYTE text[] = "sixteen bytes or more of anything";
static BYTE seed[64] = {3, 1, 4, 1, 5, 9};
static ULONGLONG count = 5000;

#define BYTES_OF(type, p, n)                                                                       \
    {                                                                                              \
        n, type, p                                                                                 \
    }
#define HASH_OF(name)                                                                              \
    {                                                                                              \
        sizeof name, KDF_HASH_ALGORITHM, name                                                      \
    }

struct row {
    const char *label;
    LPCWSTR alg;
    ULONG bytes; /* that are derived */
    ULONG flags;
    bool hkdf; /* the hash and the salt are properties */
    ULONG n;
    BCryptBuffer params[6];
};

static const struct row rows[] = {
    {"SP800_108_CTR_HMAC",
     L"SP800_108_CTR_HMAC",
     77,
     0,
     false,
     3,
     {HASH_OF(sha256), BYTES_OF(KDF_LABEL, text, 5), BYTES_OF(KDF_CONTEXT, text + 5, 9)}},
    {"SP800_108_CTR_HMAC, SHA384, generic",
     L"SP800_108_CTR_HMAC",
     48,
     0,
     false,
     2,
     {HASH_OF(sha384), BYTES_OF(KDF_GENERIC_PARAMETER, text, 20)}},
    {"SP800_56A_CONCAT",
     L"SP800_56A_CONCAT",
     50,
     0,
     false,
     6,
     {HASH_OF(sha256), BYTES_OF(KDF_ALGORITHMID, text, 4), BYTES_OF(KDF_PARTYUINFO, text, 6),
      BYTES_OF(KDF_PARTYVINFO, text, 7), BYTES_OF(KDF_SUPPPUBINFO, text, 8),
      BYTES_OF(KDF_SUPPPRIVINFO, text, 9)}},
    {"PBKDF2",
     L"PBKDF2",
     64,
     0,
     false,
     3,
     {HASH_OF(sha256), BYTES_OF(KDF_SALT, text, 16), {sizeof count, KDF_ITERATION_COUNT, &count}}},
    {"PBKDF2, the usual count",
     L"PBKDF2",
     20,
     0,
     false,
     2,
     {HASH_OF(sha1), BYTES_OF(KDF_SALT, text, 8)}},
    {"CAPI_KDF", L"CAPI_KDF", 20, 0, false, 1, {HASH_OF(sha1)}},
    {"CAPI_KDF for AES", L"CAPI_KDF", 32, BCRYPT_CAPI_AES_FLAG, false, 1, {HASH_OF(sha256)}},
    {"TLS1_1_KDF",
     L"TLS1_1_KDF",
     48,
     0,
     false,
     2,
     {BYTES_OF(KDF_TLS_PRF_LABEL, text, 13), BYTES_OF(KDF_TLS_PRF_SEED, seed, 64)}},
    {"TLS1_2_KDF",
     L"TLS1_2_KDF",
     48,
     0,
     false,
     3,
     {HASH_OF(sha384), BYTES_OF(KDF_TLS_PRF_LABEL, text, 13),
      BYTES_OF(KDF_TLS_PRF_SEED, seed, 64)}},
    {"HKDF", L"HKDF", 42, 0, true, 1, {BYTES_OF(KDF_HKDF_INFO, text, 10)}},
};

#define MOST 80

/* The list as a call takes it: other copies, since a row is constant. */
struct list {
    BCryptBuffer buffers[6];
    BCryptBufferDesc desc;
};

static void list_of(const struct row *r, struct list *l)
{
    memcpy(l->buffers, r->params, sizeof l->buffers);
    l->desc = (BCryptBufferDesc){BCRYPTBUFFER_VERSION, r->n, l->buffers};
}

static bool want_of(const struct row *r, BYTE out[MOST])
{
    BCRYPT_ALG_HANDLE alg = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    struct list l;
    ULONG n = 0;
    list_of(r, &l);
    bool good = BCryptOpenAlgorithmProvider(&alg, r->alg, NULL, 0) == 0 &&
                BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, sizeof secret, 0) == 0;
    if (good && r->hkdf)
        good = BCryptSetProperty(key, BCRYPT_HKDF_HASH_ALGORITHM, (PUCHAR)sha256, sizeof sha256,
                                 0) == 0 &&
               BCryptSetProperty(key, BCRYPT_HKDF_SALT_AND_FINALIZE, text, 12, 0) == 0;
    good = good && BCryptKeyDerivation(key, &l.desc, out, r->bytes, &n, r->flags) == 0 &&
           n == r->bytes;
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
    return good;
}

/* Whether a key gives it, twice. HKDF's is told hash and salt first, unless they are in it already. */
static bool gives(const struct row *r, NCRYPT_KEY_HANDLE key, bool fresh, const BYTE *want)
{
    BYTE out[MOST] = {0};
    struct list l;
    DWORD n = 0;
    bool good = true;
    if (r->hkdf && fresh)
        good = NCryptSetProperty(key, BCRYPT_HKDF_HASH_ALGORITHM, (PBYTE)sha256, sizeof sha256,
                                 0) == ERROR_SUCCESS &&
               NCryptSetProperty(key, BCRYPT_HKDF_SALT_AND_FINALIZE, text, 12, 0) == ERROR_SUCCESS;
    for (int i = 0; i < 2 && good; i++) {
        memset(out, 0, sizeof out);
        list_of(r, &l);
        good = NCryptKeyDerivation(key, (NCryptBufferDesc *)&l.desc, out, r->bytes, &n, r->flags) ==
                   ERROR_SUCCESS &&
               n == r->bytes && memcmp(out, want, n) == 0;
    }
    return good;
}

static NCRYPT_KEY_HANDLE key_of(NCRYPT_PROV_HANDLE provider, const struct row *r, LPCWSTR name)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptCreatePersistedKey(provider, &key, r->alg, name, 0, NCRYPT_OVERWRITE_KEY_FLAG) !=
            ERROR_SUCCESS ||
        NCryptSetProperty(key, NCRYPT_KDF_SECRET_VALUE, secret, sizeof secret, 0) !=
            ERROR_SUCCESS ||
        set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0) !=
            ERROR_SUCCESS ||
        NCryptFinalizeKey(key, 0) != ERROR_SUCCESS) {
        NCryptFreeObject(key);
        return 0;
    }
    return key;
}

/* Out of a blob, nameless and with a name. */
static void blobs(NCRYPT_PROV_HANDLE provider, const struct row *r, NCRYPT_KEY_HANDLE key,
                  const BYTE *want)
{
    static WCHAR name[] = L"out of a blob";
    NCryptBuffer buffer = {sizeof name, NCRYPTBUFFER_PKCS_KEY_NAME, name};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    NCRYPT_KEY_HANDLE again = 0;
    DWORD n = 0, again_n = 0;
    BYTE *blob = export_blob(key, NCRYPT_KDF_KEY_BLOB, NULL, &n);
    tap(blob != NULL, "KDFKeyBlob is written");
    if (blob == NULL)
        return;
    tap_status(NCryptImportKey(provider, 0, NCRYPT_KDF_KEY_BLOB, NULL, &again, blob, n, 0),
               ERROR_SUCCESS, "and read");
    tap(gives(r, again, false, want), "the same");
    set_dword(again, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0);
    BYTE *second = export_blob(again, NCRYPT_KDF_KEY_BLOB, NULL, &again_n);
    tap(second != NULL && again_n == n && memcmp(blob, second, n) == 0, "the same bytes again");
    free(second);
    NCryptFreeObject(again);
    tap_status(NCryptImportKey(provider, 0, NCRYPT_KDF_KEY_BLOB, &list, &again, blob, n,
                               NCRYPT_OVERWRITE_KEY_FLAG),
               ERROR_SUCCESS, "under a name");
    NCryptFreeObject(again);
    tap_status(NCryptOpenKey(provider, &again, name, 0, 0), ERROR_SUCCESS, "which opens");
    tap(gives(r, again, false, want), "the same");
    NCryptFreeObject(again);
    tap_status(NCryptImportKey(provider, 0, NCRYPT_CIPHER_KEY_BLOB, NULL, &again, blob, n, 0),
               NTE_INVALID_PARAMETER, "as a cipher's");
    tap_status(NCryptImportKey(provider, 0, NCRYPT_KDF_KEY_BLOB, NULL, &again, blob, n - 1, 0),
               NTE_BAD_DATA, "cut");
    free(blob);
}

/* HKDF is told hash and salt after it was finalized, and has no blob before: it gets a name by way of a blob only. */
static void nameless(NCRYPT_PROV_HANDLE provider, const struct row *r)
{
    NCRYPT_KEY_HANDLE key = 0;
    NCryptCreatePersistedKey(provider, &key, r->alg, L"of a function", 0, 0);
    NCryptSetProperty(key, NCRYPT_KDF_SECRET_VALUE, secret, sizeof secret, 0);
    tap_status(NCryptFinalizeKey(key, 0), NTE_INVALID_HANDLE, "a new one cannot be stored");
    NCryptFreeObject(key);
}

static void walk(NCRYPT_PROV_HANDLE provider, const struct row *r)
{
    BYTE want[MOST];
    row_begin("%s", r->label);
    tap(want_of(r, want), "bcrypt.h derives");
    NCRYPT_KEY_HANDLE key = key_of(provider, r, NULL);
    tap(key != 0 && gives(r, key, true, want), "a key without a name gives the same");
    blobs(provider, r, key, want);
    NCryptFreeObject(key);
    if (r->hkdf) {
        nameless(provider, r);
        return;
    }
    key = key_of(provider, r, L"of a function");
    tap(key != 0 && gives(r, key, true, want), "so does one with a name");
    NCryptFreeObject(key);
    tap_status(NCryptOpenKey(provider, &key, L"of a function", 0, 0), ERROR_SUCCESS,
               "opened again");
    tap(gives(r, key, true, want), "it still does");
    NCryptDeleteKey(key, 0);

    secret[0] ^= 1;
    key = key_of(provider, r, NULL);
    tap(key != 0 && !gives(r, key, true, want), "another secret gives something else");
    NCryptFreeObject(key);
    secret[0] ^= 1;
}

int main(void)
{
    store_begin();
    for (size_t i = 0; i < sizeof secret; i++)
        secret[i] = (BYTE)(7 * i + 1);
    NCRYPT_PROV_HANDLE provider = provider_open();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        walk(provider, &rows[i]);
    NCryptFreeObject(provider);
    return tap_done();
}
