/*
 * CryptoAPI's contexts and hashes: known values, what a value's reading does to a hash, every documented
 * refusal, both widths, and threads that open and close.
 */
#include "conform.h"

#include <wincrypt.h>
#include <pthread.h>

#define THREADS 8
#define ROUNDS 500

static const BYTE abc[] = {'a', 'b', 'c'};

static const struct {
    const char *label;
    ALG_ID id;
    DWORD size;
    bool only_aes;
    BYTE begins[4]; /* of the value of "abc" (RFC 1319 to 1321, FIPS 180-4) */
} hashes[] = {
    {"CALG_MD2", CALG_MD2, 16, false, {0xda, 0x85, 0x3b, 0x0d}},
    {"CALG_MD4", CALG_MD4, 16, false, {0xa4, 0x48, 0x01, 0x7a}},
    {"CALG_MD5", CALG_MD5, 16, false, {0x90, 0x01, 0x50, 0x98}},
    {"CALG_SHA1", CALG_SHA1, 20, false, {0xa9, 0x99, 0x3e, 0x36}},
    {"CALG_SHA_256", CALG_SHA_256, 32, true, {0xba, 0x78, 0x16, 0xbf}},
    {"CALG_SHA_384", CALG_SHA_384, 48, true, {0xcb, 0x00, 0x75, 0x3f}},
    {"CALG_SHA_512", CALG_SHA_512, 64, true, {0xdd, 0xaf, 0x35, 0xa1}},
};

static HCRYPTPROV context_of(DWORD type)
{
    HCRYPTPROV context = 0;
    return CryptAcquireContextA(&context, NULL, NULL, type, CRYPT_VERIFYCONTEXT) ? context : 0;
}

/* One check that a call failed with this error. */
static void tap_error(BOOL result, DWORD want, const char *what)
{
    DWORD got = GetLastError();
    tap(!result && got == want, what);
    if (result || got != want)
        printf("# got %d and 0x%08x, expected 0x%08x\n", result, (unsigned)got, (unsigned)want);
}

static void one_hash(size_t i, HCRYPTPROV context)
{
    HCRYPTHASH hash = 0;
    BYTE value[64], again[64];
    DWORD n = sizeof value, number = 0, size = 99;
    tap(CryptCreateHash(context, hashes[i].id, 0, 0, &hash), "begins");
    tap(CryptHashData(hash, abc, 1, 0) && CryptHashData(hash, NULL, 0, 0) &&
            CryptHashData(hash, abc + 1, 2, 0),
        "takes data in pieces, and none");
    tap(CryptGetHashParam(hash, HP_HASHSIZE, NULL, &size, 0) && size == sizeof number,
        "the size of a number");
    tap(CryptGetHashParam(hash, HP_HASHSIZE, (BYTE *)&number, &size, 0) && number == hashes[i].size,
        "HP_HASHSIZE");
    tap(CryptGetHashParam(hash, HP_ALGID, (BYTE *)&number, &size, 0) && number == hashes[i].id,
        "HP_ALGID");
    tap(CryptGetHashParam(hash, HP_HASHVAL, NULL, &n, 0) && n == hashes[i].size,
        "the size of the value");
    n = hashes[i].size - 1;
    tap_error(CryptGetHashParam(hash, HP_HASHVAL, value, &n, 0), ERROR_MORE_DATA, "too small");
    tap(n == hashes[i].size && CryptHashData(hash, abc, 0, 0),
        "which tells the size, and is not the end");
    struct guarded out = guarded_new(hashes[i].size);
    n = sizeof value;
    tap(CryptGetHashParam(hash, HP_HASHVAL, out.p, &n, 0) && n == hashes[i].size &&
            guarded_intact(&out) && memcmp(out.p, hashes[i].begins, 4) == 0,
        "the value");
    n = sizeof again;
    tap(CryptGetHashParam(hash, HP_HASHVAL, again, &n, 0) && memcmp(out.p, again, n) == 0,
        "and again");
    guarded_free(&out);
    tap_error(CryptHashData(hash, abc, 1, 0), (DWORD)NTE_BAD_HASH_STATE, "no more data");
    tap(CryptDestroyHash(hash), "ends");
    tap_error(CryptDestroyHash(hash), ERROR_INVALID_HANDLE, "once");
}

static void known(void)
{
    HCRYPTPROV aes = context_of(PROV_RSA_AES), full = context_of(PROV_RSA_FULL);
    for (size_t i = 0; i < ARRAYSIZE(hashes); i++) {
        HCRYPTHASH hash = 0;
        row_begin("%s", hashes[i].label);
        one_hash(i, aes);
        if (hashes[i].only_aes)
            tap_error(CryptCreateHash(full, hashes[i].id, 0, 0, &hash), (DWORD)NTE_BAD_ALGID,
                      "PROV_RSA_FULL has it not");
        else
            one_hash(i, full);
    }
    tap(CryptReleaseContext(aes, 0) && CryptReleaseContext(full, 0), "the contexts are released");
}

static const struct {
    const char *label, *container, *provider;
    DWORD type, flags, error;
} refused[] = {
    {"no flag", NULL, NULL, PROV_RSA_FULL, 0, (DWORD)NTE_BAD_KEYSET},
    {"a container", "keys", NULL, PROV_RSA_FULL, 0, (DWORD)NTE_BAD_KEYSET},
    {"a new container", "keys", NULL, PROV_RSA_AES, CRYPT_NEWKEYSET, (DWORD)NTE_BAD_KEYSET},
    {"the machine's", NULL, NULL, PROV_RSA_AES, CRYPT_MACHINE_KEYSET, (DWORD)NTE_BAD_KEYSET},
    {"a container beside CRYPT_VERIFYCONTEXT", "keys", NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT,
     (DWORD)NTE_BAD_KEYSET},
    {"CRYPT_NEWKEYSET beside it", NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT | CRYPT_NEWKEYSET,
     (DWORD)NTE_BAD_FLAGS},
    {"an unknown flag", NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT | 0x800,
     (DWORD)NTE_BAD_FLAGS},
    {"half of the flag", NULL, NULL, PROV_RSA_AES, 0x80000000, (DWORD)NTE_BAD_FLAGS},
    {"type 0", NULL, NULL, 0, CRYPT_VERIFYCONTEXT, (DWORD)NTE_BAD_PROV_TYPE},
    {"type 1000", NULL, NULL, 1000, CRYPT_VERIFYCONTEXT, (DWORD)NTE_BAD_PROV_TYPE},
    {"PROV_DSS", NULL, NULL, 3, CRYPT_VERIFYCONTEXT, (DWORD)NTE_PROV_TYPE_NOT_DEF},
    {"another provider", NULL, "Some Provider", PROV_RSA_AES, CRYPT_VERIFYCONTEXT,
     (DWORD)NTE_KEYSET_NOT_DEF},
    {"the other type's", NULL, MS_DEF_PROV_A, PROV_RSA_AES, CRYPT_VERIFYCONTEXT,
     (DWORD)NTE_PROV_TYPE_NO_MATCH},
};

static LPCWSTR widened(WCHAR *to, const char *from)
{
    size_t i = 0;
    if (from == NULL)
        return NULL;
    do
        to[i] = (WCHAR)from[i];
    while (from[i++] != 0);
    return to;
}

static void refusals(void)
{
    for (size_t i = 0; i < ARRAYSIZE(refused); i++) {
        HCRYPTPROV context = 77;
        WCHAR container[64], provider[64];
        row_begin("CryptAcquireContext, %s", refused[i].label);
        SetLastError(0);
        tap_error(CryptAcquireContextA(&context, refused[i].container, refused[i].provider,
                                       refused[i].type, refused[i].flags),
                  refused[i].error, "narrow");
        SetLastError(0);
        tap_error(CryptAcquireContextW(&context, widened(container, refused[i].container),
                                       widened(provider, refused[i].provider), refused[i].type,
                                       refused[i].flags),
                  refused[i].error, "wide");
        tap(context == 77, "nothing is written");
    }
}

static void contexts(void)
{
    HCRYPTPROV context = 0, other = 0;
    row_begin("context");
    tap(CryptAcquireContextW(&context, NULL, MS_ENH_RSA_AES_PROV_W, PROV_RSA_AES,
                             CRYPT_VERIFYCONTEXT | CRYPT_SILENT),
        "a provider by name");
    tap(CryptAcquireContextA(&other, "", "microsoft enhanced cryptographic provider V1.0",
                             PROV_RSA_FULL, CRYPT_VERIFYCONTEXT | CRYPT_MACHINE_KEYSET),
        "in any case, with an empty container");
    tap(other != context && CryptReleaseContext(other, 0), "each is one of its own");
    tap_error(CryptAcquireContextA(NULL, NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT),
              ERROR_INVALID_PARAMETER, "nowhere to write");

    row_begin("CryptGenRandom");
    BYTE one[32] = {0}, two[32] = {0};
    tap(CryptGenRandom(context, sizeof one, one) && CryptGenRandom(context, sizeof two, two) &&
            memcmp(one, two, sizeof one) != 0,
        "two answers differ");
    tap(CryptGenRandom(context, 0, one), "none");
    tap_error(CryptGenRandom(context, 4, NULL), ERROR_INVALID_PARAMETER, "nowhere to write");
    tap_error(CryptGenRandom(0, 4, one), ERROR_INVALID_HANDLE, "no context");
    tap_error(CryptGenRandom(other, 4, one), ERROR_INVALID_HANDLE, "a released one");

    row_begin("CryptReleaseContext");
    tap_error(CryptReleaseContext(context, 1), (DWORD)NTE_BAD_FLAGS, "a flag");
    tap_error(CryptReleaseContext(context, 0), ERROR_INVALID_HANDLE,
              "and it is released all the same");
    tap_error(CryptReleaseContext(~(HCRYPTPROV)0, 0), ERROR_INVALID_HANDLE,
              "a number that is none");
}

static void hash_refusals(void)
{
    HCRYPTPROV context = context_of(PROV_RSA_AES);
    HCRYPTHASH hash = 0;
    BYTE value[64];
    DWORD n = sizeof value;
    row_begin("CryptCreateHash");
    tap_error(CryptCreateHash(context, 0x8009, 0, 0, &hash), (DWORD)NTE_BAD_ALGID, "CALG_HMAC");
    tap_error(CryptCreateHash(context, CALG_RSA_SIGN, 0, 0, &hash), (DWORD)NTE_BAD_ALGID,
              "no hash");
    tap_error(CryptCreateHash(context, CALG_SHA1, 5, 0, &hash), (DWORD)NTE_BAD_KEY, "a key");
    tap_error(CryptCreateHash(context, CALG_SHA1, 0, 1, &hash), (DWORD)NTE_BAD_FLAGS, "a flag");
    tap_error(CryptCreateHash(context, CALG_SHA1, 0, 0, NULL), ERROR_INVALID_PARAMETER,
              "nowhere to write");
    tap_error(CryptCreateHash(0, CALG_SHA1, 0, 0, &hash), ERROR_INVALID_HANDLE, "no context");
    tap(CryptCreateHash(context, CALG_SHA1, 0, 0, &hash), "good");
    tap_error(CryptCreateHash(hash, CALG_SHA1, 0, 0, &hash), ERROR_INVALID_HANDLE,
              "a hash is no context");

    row_begin("CryptHashData");
    tap_error(CryptHashData(context, abc, 1, 0), ERROR_INVALID_HANDLE, "a context is no hash");
    tap_error(CryptHashData(hash, NULL, 1, 0), ERROR_INVALID_PARAMETER, "no data");
    tap_error(CryptHashData(hash, abc, 1, 1), (DWORD)NTE_BAD_FLAGS, "CRYPT_USERDATA");

    row_begin("CryptGetHashParam");
    tap_error(CryptGetHashParam(hash, 0x9999, value, &n, 0), (DWORD)NTE_BAD_TYPE,
              "another parameter");
    tap_error(CryptGetHashParam(hash, HP_HASHVAL, value, NULL, 0), ERROR_INVALID_PARAMETER,
              "no size");
    tap_error(CryptGetHashParam(hash, HP_HASHVAL, value, &n, 1), (DWORD)NTE_BAD_FLAGS, "a flag");
    tap_error(CryptGetHashParam(context, HP_HASHVAL, value, &n, 0), ERROR_INVALID_HANDLE,
              "a context is no hash");

    row_begin("a hash after its context");
    n = sizeof value;
    tap(CryptReleaseContext(context, 0) && CryptHashData(hash, abc, 3, 0) &&
            CryptGetHashParam(hash, HP_HASHVAL, value, &n, 0) && n == 20 && value[0] == 0xa9,
        "stays good");
    tap_error(CryptDestroyHash(context), ERROR_INVALID_HANDLE, "a context is no hash");
    tap(CryptDestroyHash(hash), "until it is destroyed");
}

static void *race(void *arg)
{
    bool good = true;
    for (int i = 0; good && i < ROUNDS; i++) {
        HCRYPTPROV context = context_of(PROV_RSA_AES);
        HCRYPTHASH hash[3];
        BYTE value[32];
        for (int k = 0; k < 3; k++) {
            DWORD n = sizeof value;
            good &= CryptCreateHash(context, CALG_SHA_256, 0, 0, &hash[k]) &&
                    CryptHashData(hash[k], abc, 3, 0) &&
                    CryptGetHashParam(hash[k], HP_HASHVAL, value, &n, 0) && value[0] == 0xba;
        }
        for (int k = 0; k < 3; k++)
            good &= CryptDestroyHash(hash[k]) && !CryptDestroyHash(hash[k]);
        good &= CryptReleaseContext(context, 0);
    }
    return good ? arg : NULL;
}

static void threads(void)
{
    pthread_t all[THREADS];
    bool good = true;
    row_begin("threads");
    for (int i = 0; i < THREADS; i++)
        good &= pthread_create(&all[i], NULL, race, &good) == 0;
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        good &= pthread_join(all[i], &result) == 0 && result != NULL;
    }
    tap(good, "each has its own handles, and nobody another's");
}

int main(void)
{
    known();
    refusals();
    contexts();
    hash_refusals();
    threads();
    return tap_done();
}
