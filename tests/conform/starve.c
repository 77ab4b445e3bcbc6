/*
 * Memory that runs out. The program's own malloc, which the library and libcrypto get to see, refuses one request: the first, the
 * second, and so on, in every kind of call. A call then fails or succeeds; when it says success its answer is right; it writes no
 * handle and no output when it fails; what it took it gives back; and the next call, with memory, works. The library has been used
 * before: libcrypto's own first steps do not survive a lack of memory.
 */
#include "starving_malloc.h"

#include "conform_sym.h"

/* ---- the calls -------------------------------------------------------------------------------------------------- */

static UCHAR secret[64], data[256];
static UCHAR result[128];
static ULONG result_n;

/* Set when something was wrong that a status does not show. */
static const char *wrong;

static long requests; /* in all */

static void must(bool good, const char *what)
{
    if (!good && wrong == NULL)
        wrong = what;
}

/* After a failure the variable must be as it was. */
static NTSTATUS checked(NTSTATUS status, VOID *const *variable)
{
    must((*variable == UNTOUCHED) == (status < 0), "a handle variable");
    return status;
}

#define STEP(call)                                                                                 \
    do {                                                                                           \
        NTSTATUS step_ = (call);                                                                   \
        if (step_ < 0)                                                                             \
            return step_;                                                                          \
    } while (0)

struct subject {
    const char *label;
    LPCWSTR alg, mode;
    ULONG flags, key;
    ULONG iv; /* bytes; 12: a nonce */
};

/* Handles of one run; what there is of them is closed at its end. */
static struct {
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key, copy;
    BCRYPT_HASH_HANDLE hash, twin;
} run;

static NTSTATUS open_it(const struct subject *s)
{
    BCRYPT_ALG_HANDLE alg = UNTOUCHED;
    STEP(checked(BCryptOpenAlgorithmProvider(&alg, s->alg, NULL, s->flags), &alg));
    run.alg = alg;
    return s->mode == NULL ? STATUS_SUCCESS : set_text(alg, BCRYPT_CHAINING_MODE, s->mode);
}

static NTSTATUS crypt_it(const struct subject *s, enum way way, BCRYPT_KEY_HANDLE key,
                         const UCHAR *in, UCHAR *out, UCHAR tag[16])
{
    UCHAR iv[16] = {0};
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = iv;
    info.cbNonce = 12;
    info.pbTag = tag;
    info.cbTag = 16;
    bool aead = s->iv == 12;
    return crypt_once(way, key, in, 64, aead ? &info : NULL, aead || s->iv == 0 ? NULL : iv,
                      aead ? 0 : s->iv, out, 64, 0);
}

static NTSTATUS use_cipher(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    UCHAR tag[16], other_tag[16], blob[512], back[64];
    STEP(open_it(s));
    STEP(checked(BCryptGenerateSymmetricKey(run.alg, &made, NULL, 0, secret, s->key, 0), &made));
    run.key = made;
    STEP(crypt_it(s, ENCRYPT, run.key, data, result, tag));
    result_n = 64;
    made = UNTOUCHED;
    STEP(checked(BCryptDuplicateKey(run.key, &made, NULL, 0, 0), &made));
    run.copy = made;
    if (s->alg[0] == 'R' && s->alg[2] == '4') /* RC4 goes on in its stream */
        return STATUS_SUCCESS;
    STEP(crypt_it(s, DECRYPT, run.copy, result, back, tag));
    must(memcmp(back, data, 64) == 0, "a decryption");
    STEP(crypt_it(s, ENCRYPT, run.copy, data, back, other_tag));
    must(memcmp(back, result, 64) == 0, "a second encryption");
    BCryptDestroyKey(run.copy);
    run.copy = NULL;
    STEP(BCryptExportKey(run.key, NULL, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob, &got, 0));
    made = UNTOUCHED;
    STEP(checked(
        BCryptImportKey(run.alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &made, NULL, 0, blob, got, 0),
        &made));
    run.copy = made;
    return STATUS_SUCCESS;
}

static NTSTATUS use_chain(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    UCHAR context[16], iv[16], nonce[12] = {0};
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    STEP(open_it(s));
    STEP(checked(BCryptGenerateSymmetricKey(run.alg, &made, NULL, 0, secret, s->key, 0), &made));
    run.key = made;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = 12;
    info.pbTag = result + 64;
    info.cbTag = 16;
    info.pbMacContext = context;
    info.cbMacContext = 16;
    info.pbAuthData = data;
    info.cbAuthData = 40;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    STEP(crypt_once(ENCRYPT, run.key, data, 48, &info, iv, 16, result, 48, 0));
    info.pbAuthData = NULL;
    info.cbAuthData = 0;
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    STEP(crypt_once(ENCRYPT, run.key, data + 48, 16, &info, iv, 16, result + 48, 16, 0));
    result_n = 80;
    return STATUS_SUCCESS;
}

static NTSTATUS use_hash(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    PUCHAR key = s->key > 0 ? secret : NULL;
    UCHAR other[64];
    ULONG n = 0;
    STEP(open_it(s));
    STEP(BCryptGetProperty(run.alg, BCRYPT_HASH_LENGTH, (PUCHAR)&n, sizeof n, &got, 0));
    STEP(checked(BCryptCreateHash(run.alg, &made, NULL, 0, key, s->key, BCRYPT_HASH_REUSABLE_FLAG),
                 &made));
    run.hash = made;
    if (s->iv == 12)
        STEP(BCryptSetProperty(run.hash, BCRYPT_INITIALIZATION_VECTOR, secret, 12, 0));
    STEP(BCryptHashData(run.hash, data, 150, 0));
    made = UNTOUCHED;
    STEP(checked(BCryptDuplicateHash(run.hash, &made, NULL, 0, 0), &made));
    run.twin = made;
    STEP(BCryptFinishHash(run.hash, result, n, 0));
    result_n = n;
    STEP(BCryptFinishHash(run.twin, other, n, 0));
    must(memcmp(result, other, n) == 0, "a copy's result");
    if (s->iv == 12)
        return STATUS_SUCCESS;
    STEP(BCryptHash(run.alg, key, s->key, data, 150, other, n));
    must(memcmp(result, other, n) == 0, "BCryptHash");
    STEP(BCryptHashData(run.hash, data, 150, 0));
    STEP(BCryptFinishHash(run.hash, other, n, 0));
    must(memcmp(result, other, n) == 0, "the second result of a reusable hash");
    return STATUS_SUCCESS;
}

static NTSTATUS use_kdf(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    static WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer buffers[] = {
        {sizeof name, KDF_HASH_ALGORITHM, name},
        {8, KDF_LABEL, data},
        {8, KDF_CONTEXT, data},
    };
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, s->iv, buffers};
    STEP(open_it(s));
    STEP(checked(BCryptGenerateSymmetricKey(run.alg, &made, NULL, 0, secret, s->key, 0), &made));
    run.key = made;
    STEP(BCryptKeyDerivation(run.key, &list, result, 80, &got, 0));
    result_n = 80;
    return BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA256_ALG_HANDLE, secret, 20, data, 8, 2, result + 80,
                                 40, 0);
}

static NTSTATUS use_wrap(const struct subject *s)
{
    UCHAR wrapped[64];
    VOID *made = UNTOUCHED;
    STEP(open_it(s));
    STEP(checked(BCryptGenerateSymmetricKey(run.alg, &made, NULL, 0, secret, s->key, 0), &made));
    run.key = made;
    STEP(BCryptExportKey(run.key, run.key, BCRYPT_AES_WRAP_KEY_BLOB, wrapped, sizeof wrapped, &got,
                         0));
    made = UNTOUCHED;
    STEP(checked(BCryptImportKey(run.alg, run.key, BCRYPT_AES_WRAP_KEY_BLOB, &made, NULL, 0,
                                 wrapped, got, 0),
                 &made));
    run.copy = made;
    memcpy(result, wrapped, got);
    result_n = got;
    return STATUS_SUCCESS;
}

static const struct use {
    NTSTATUS (*call)(const struct subject *s);
    struct subject s;
} uses[] = {
    {use_cipher, {"AES ECB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 16, 0}},
    {use_cipher, {"AES CBC", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 32, 16}},
    {use_cipher, {"AES CFB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 0, 16, 16}},
    {use_cipher, {"AES GCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 0, 16, 12}},
    {use_cipher, {"AES CCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 0, 16, 12}},
    {use_cipher, {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, 0, 32, 12}},
    {use_cipher, {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, NULL, 0, 32, 8}},
    {use_cipher, {"3DES CBC", BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 24, 8}},
    {use_cipher, {"DESX CFB", BCRYPT_DESX_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 0, 24, 8}},
    {use_cipher, {"RC2 CBC", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 16, 8}},
    {use_cipher, {"RC4", BCRYPT_RC4_ALGORITHM, NULL, 0, 16, 0}},
    {use_cipher,
     {"AES in locked memory", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, BCRYPT_PROV_DISPATCH, 16,
      16}},
    {use_chain,
     {"AES GCM in chained calls", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 0, 16, 0}},
    {use_wrap, {"AES key wrap", BCRYPT_AES_ALGORITHM, NULL, 0, 16, 0}},
    {use_hash, {"MD2", BCRYPT_MD2_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"MD4", BCRYPT_MD4_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA1", BCRYPT_SHA1_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA256", BCRYPT_SHA256_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA512", BCRYPT_SHA512_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"KMAC256", BCRYPT_KMAC256_ALGORITHM, NULL, 0, 20, 0}},
    {use_hash, {"HMAC-MD4", BCRYPT_MD4_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 0}},
    {use_hash, {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 0}},
    {use_hash,
     {"HMAC-SHA512, a long key", BCRYPT_SHA512_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG, 64,
      0}},
    {use_hash, {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, NULL, 0, 16, 0}},
    {use_hash, {"AES-GMAC", BCRYPT_AES_GMAC_ALGORITHM, NULL, 0, 16, 12}},
    {use_kdf, {"PBKDF2", BCRYPT_PBKDF2_ALGORITHM, NULL, 0, 20, 1}},
    {use_kdf, {"SP800_108_CTR_HMAC", BCRYPT_SP800108_CTR_HMAC_ALGORITHM, NULL, 0, 20, 3}},
};

/* Objects that hold what the library keeps ready for the next hash of the kind. */
#define HOARD 70
static BCRYPT_HASH_HANDLE hoard[HOARD];

static void hoard_take(const struct use *u)
{
    if (u->call != use_hash)
        return;
    BCRYPT_ALG_HANDLE alg = open_with(u->s.alg, NULL, u->s.flags);
    for (int i = 0; i < HOARD; i++) {
        hoard[i] = NULL;
        BCryptCreateHash(alg, &hoard[i], NULL, 0, u->s.key > 0 ? secret : NULL, u->s.key, 0);
        if (u->s.iv == 0)
            BCryptHashData(hoard[i], data, 1, 0);
    }
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void hoard_give(const struct use *u)
{
    for (int i = 0; i < HOARD && u->call == use_hash; i++)
        BCryptDestroyHash(hoard[i]);
}

/* One run whose request number k is refused. */
static NTSTATUS starve(const struct use *u, long k)
{
    memset(&run, 0, sizeof run);
    hoard_take(u);
    refused = false;
    countdown = k;
    NTSTATUS status = u->call(&u->s);
    countdown = -1;
    BCryptDestroyKey(run.key);
    BCryptDestroyKey(run.copy);
    BCryptDestroyHash(run.hash);
    BCryptDestroyHash(run.twin);
    BCryptCloseAlgorithmProvider(run.alg, 0);
    hoard_give(u);
    return status;
}

#define REQUESTS_MAX 3000
#define ROUNDS 60       /* one request is refused */
#define ROUNDS_SHORT 12 /* and all that follow */

/* Refuses each request of a use in turn; gives how many there are. What turns out to be wrong is set false. */
static long refuse_each(const struct use *u, const UCHAR *want, bool *right, bool *tidy,
                        bool *statuses)
{
    const int rounds = for_ever ? ROUNDS_SHORT : ROUNDS;
    long k = 0;
    for (; k < REQUESTS_MAX; k++) {
        long before = 0;
        for (int round = 0; round < rounds; round++) {
            NTSTATUS status = starve(u, k);
            if (status >= 0)
                *right = *right && memcmp(want, result, result_n) == 0;
            else
                *statuses = *statuses && refused;
            if (round == rounds / 3)
                before = held;
        }
        /* libcrypto keeps its last errors, a block or two more or less. */
        if (held > before + rounds / 3) {
            *tidy = false;
            printf("# request %ld: %ld blocks more\n", k, held - before);
        }
        if (!refused)
            break;
    }
    return k;
}

static void check_use(const struct use *u)
{
    UCHAR want[sizeof result];
    bool right = true, tidy = true, statuses = true;
    ROW(u->s.label);
    wrong = NULL;
    bool good = starve(u, -1) == STATUS_SUCCESS && starve(u, -1) == STATUS_SUCCESS;
    memcpy(want, result, sizeof want);
    tap(good && wrong == NULL, "with memory");
    long k = refuse_each(u, want, &right, &tidy, &statuses);
    for_ever = true;
    (void)refuse_each(u, want, &right, &tidy, &statuses);
    for_ever = false;
    printf("# %ld requests\n", k);
    requests += k;
    tap(right && wrong == NULL, "without: what says success is right, what fails writes no handle");
    if (wrong != NULL)
        printf("# %s\n", wrong);
    tap(statuses, "only a refusal makes a call fail");
    tap(tidy, "and gives back what it took");
    tap(starve(u, -1) == STATUS_SUCCESS && memcmp(want, result, result_n) == 0,
        "with memory again");
}

int main(void)
{
    fill(secret, sizeof secret);
    fill(data, sizeof data);
    for (size_t i = 0; i < COUNT(uses); i++)
        check_use(&uses[i]);
    printf("# figure: 12 %zu scenarios of hashes and ciphers, %ld requests refused once and for "
           "good\n",
           COUNT(uses), requests);
    return tap_done();
}
