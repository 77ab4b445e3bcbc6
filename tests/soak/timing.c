/*
 * timing [COUNT [ROW]]: does a private operation take another time for another secret? For each row COUNT measurements of two
 * classes in random order, and Welch's t of their means, in the manner of Reparaz, Balasch and Verbauwhede ("dude, is my code
 * constant time?", 2017): |t| < 4.5 says that no difference was seen. Interrupts and other programs make long tails, so the
 * test is repeated on the measurements below some quantiles of both classes together, and the largest |t| counts.
 *
 * Both classes work in the same buffers and objects, so that caches see no difference but the secret's. The planted
 * row, a comparison that stops early, has to be found; where it is not, the machine is too noisy to say anything.
 */
#include "../conform/conform_sym.h"

#include <math.h>

#include "clock.h"

#define POOL 64 /* objects, or inputs, of each class */
#define K 256   /* bytes of RSA's modulus */

struct row {
    const char *name;
    bool (*setup)(void);
    void (*choose)(unsigned class, unsigned sample); /* not measured */
    void (*run)(void);
    unsigned share; /* COUNT is divided by it: for what takes a millisecond */
    bool planted;
};

static volatile NTSTATUS sink;
static UCHAR input[2048], output[4096];
static ULONG input_bytes;
static UCHAR pool[2][POOL][2048];
static BCRYPT_KEY_HANDLE key, peer;

/* ---- RSA: ciphertexts with this and that under the padding ---------------------------------------------------- */

static BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA256_ALGORITHM, NULL, 0};

static bool rsa_key(void)
{
    key = make_key(BCRYPT_RSA_ALG_HANDLE, K * 8);
    input_bytes = K;
    return true;
}

static bool raw(UCHAR *em, UCHAR *out)
{
    ULONG n = 0;
    return BCryptEncrypt(key, em, K, NULL, NULL, 0, out, K, &n, BCRYPT_PAD_NONE) >= 0;
}

/* A right PKCS #1 block of a message of 32 bytes. */
static void block(UCHAR em[K])
{
    for (ULONG i = 0; i < K; i++)
        em[i] = (UCHAR)(1 + clock_draw() % 255);
    em[0] = 0;
    em[1] = 2;
    em[K - 33] = 0;
}

/* Wrong where class and row say: 0 nowhere, 1 the type, 2 a zero too early, 3 no zero. */
static bool pkcs1_pool(unsigned first, unsigned second)
{
    bool good = rsa_key();
    for (unsigned i = 0; i < 2 * POOL && good; i++) {
        UCHAR em[K];
        unsigned wrong = i % 2 == 0 ? first : second;
        block(em);
        if (wrong == 1)
            em[1] = 1;
        if (wrong == 2)
            em[4] = 0;
        if (wrong == 3)
            em[K - 33] = 1;
        good = raw(em, pool[i % 2][i / 2]);
    }
    return good;
}

static bool pkcs1_valid_setup(void)
{
    return pkcs1_pool(0, 1);
}

static bool pkcs1_wrong_setup(void)
{
    return pkcs1_pool(2, 3);
}

/* Right ones; in the other class a byte of the encoding is another, so that almost everything under the masks is. */
static bool oaep_setup(void)
{
    bool good = rsa_key();
    for (unsigned i = 0; i < 2 * POOL && good; i++) {
        UCHAR em[K], *out = pool[i % 2][i / 2];
        ULONG n = 0;
        fill(em, 32);
        good = BCryptEncrypt(key, em, 32, &oaep, NULL, 0, out, K, &n, BCRYPT_PAD_OAEP) >= 0;
        if (i % 2 == 1) {
            good =
                good && BCryptDecrypt(key, out, K, NULL, NULL, 0, em, K, &n, BCRYPT_PAD_NONE) >= 0;
            em[K - 1] ^= 1;
            good = good && raw(em, out);
        }
    }
    return good;
}

/* Manger: the first byte is wrong, or another. */
static bool manger_setup(void)
{
    bool good = rsa_key();
    for (unsigned i = 0; i < 2 * POOL && good; i++) {
        UCHAR em[K];
        fill(em, K);
        em[0] = (UCHAR)(i % 2);
        good = raw(em, pool[i % 2][i / 2]);
    }
    return good;
}

/* Both classes' inputs are read, whichever is wanted: which of two places was read would itself be seen in the caches. */
static void choose_input(unsigned class, unsigned sample)
{
    const UCHAR *first = pool[0][sample % POOL], *second = pool[1][sample % POOL];
    UCHAR mask = (UCHAR)(0 - class);
    for (ULONG i = 0; i < input_bytes; i++)
        input[i] = first[i] ^ (mask & (first[i] ^ second[i]));
}

static void pkcs1_run(void)
{
    ULONG n = 0;
    sink = BCryptDecrypt(key, input, K, NULL, NULL, 0, output, K, &n, BCRYPT_PAD_PKCS1);
}

static void oaep_run(void)
{
    ULONG n = 0;
    sink = BCryptDecrypt(key, input, K, &oaep, NULL, 0, output, K, &n, BCRYPT_PAD_OAEP);
}

/* ---- paddings and tags of ciphers -------------------------------------------------------------------------------- */

static UCHAR iv[16], secret[32];

/* Both wrong: the last byte is no length of a padding, or the byte furthest from it is not the padding's. */
static bool cbc_setup(void)
{
    static const UCHAR wrong[2][2] = {{0x10, 0x11},
                                      {0x0F, 0x10}}; /* first and last byte of the last block */
    fill(secret, sizeof secret);
    key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, secret, sizeof secret);
    input_bytes = 256;
    for (unsigned i = 0; i < 2 * POOL; i++) {
        UCHAR text[256];
        ULONG n = 0;
        fill(text, sizeof text);
        memset(text + 240, 0x10, 16);
        text[240] = wrong[i % 2][0];
        text[255] = wrong[i % 2][1];
        memset(iv, 0, sizeof iv);
        if (BCryptEncrypt(key, text, 256, NULL, iv, 16, pool[i % 2][i / 2], 256, &n, 0) < 0)
            return false;
    }
    return true;
}

static void cbc_choose(unsigned class, unsigned sample)
{
    choose_input(class, sample);
    memset(iv, 0, sizeof iv);
}

static void cbc_run(void)
{
    ULONG n = 0;
    sink = BCryptDecrypt(key, input, 256, NULL, iv, 16, output, 256, &n, BCRYPT_BLOCK_PADDING);
}

/* Both tags wrong, in the first byte or in the last. */
static bool tag_setup(void)
{
    fill(secret, sizeof secret);
    key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, sizeof secret);
    input_bytes = 64 + 16;
    for (unsigned i = 0; i < 2 * POOL; i++) {
        UCHAR *p = pool[i % 2][i / 2], text[64];
        BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
        BCRYPT_INIT_AUTH_MODE_INFO(info);
        info.pbNonce = iv;
        info.cbNonce = 12;
        info.pbTag = p + 64;
        info.cbTag = 16;
        ULONG n = 0;
        fill(text, sizeof text);
        if (BCryptEncrypt(key, text, 64, &info, NULL, 0, p, 64, &n, 0) < 0)
            return false;
        p[64 + (i % 2) * 15] ^= 0x80;
    }
    return true;
}

static void tag_run(void)
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = iv;
    info.cbNonce = 12;
    info.pbTag = input + 64;
    info.cbTag = 16;
    ULONG n = 0;
    sink = BCryptDecrypt(key, input, 64, &info, NULL, 0, output, 64, &n, 0);
}

/* ---- curves: one private number in many keys, or as many random ones ---------------------------------------------------- */

#define EC_BLOB (8 + 96)

static UCHAR hash[32];

/* d = n - 1, whose point is the generator's negative (P-256: SP 800-186). Not a small number: libcrypto leaves out words that are
 * zero, which a random number has once in 2^64. */
static void last_number(UCHAR *blob, ULONG magic)
{
    const ULONG head[2] = {magic, 32};
    memcpy(blob, head, sizeof head);
    unhex(blob + 8, "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                    "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a"
                    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550");
}

static BCRYPT_ALG_HANDLE curve;

static bool curve_blobs(BCRYPT_ALG_HANDLE alg, ULONG magic)
{
    curve = alg;
    input_bytes = EC_BLOB;
    for (unsigned i = 0; i < POOL; i++) {
        BCRYPT_KEY_HANDLE made = make_key(alg, 256);
        last_number(pool[0][i], magic);
        export_to(made, BCRYPT_ECCPRIVATE_BLOB, pool[1][i], EC_BLOB);
        BCryptDestroyKey(made);
    }
    key = NULL;
    return true;
}

/* Numbers that begin with a zero byte, or any: as many different ones of either kind. Where one number comes again and again, the
 * imports before the measurements train the processor on it, and so short a call then shows how far. */
static bool export_setup(void)
{
    curve = BCRYPT_ECDSA_P256_ALG_HANDLE;
    input_bytes = EC_BLOB;
    for (unsigned i = 0; i < 2 * POOL;) {
        UCHAR *blob = pool[i % 2][i / 2];
        BCRYPT_KEY_HANDLE made = make_key(curve, 256);
        export_to(made, BCRYPT_ECCPRIVATE_BLOB, blob, EC_BLOB);
        BCryptDestroyKey(made);
        i += i % 2 == 1 || blob[8 + 64] == 0;
    }
    key = NULL;
    return true;
}

static bool ecdsa_setup(void)
{
    fill(hash, sizeof hash);
    return curve_blobs(BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_ECDSA_PRIVATE_P256_MAGIC);
}

static bool ecdh_setup(void)
{
    BCRYPT_KEY_HANDLE made = make_key(BCRYPT_ECDH_P256_ALG_HANDLE, 256);
    peer = public_half(BCRYPT_ECDH_P256_ALG_HANDLE, made, BCRYPT_ECCPUBLIC_BLOB);
    BCryptDestroyKey(made);
    return peer != NULL && curve_blobs(BCRYPT_ECDH_P256_ALG_HANDLE, BCRYPT_ECDH_PRIVATE_P256_MAGIC);
}

static void ecdsa_run(void)
{
    ULONG n = 0;
    sink = BCryptSignHash(key, NULL, hash, sizeof hash, output, 64, &n, 0);
}

static void ecdh_run(void)
{
    BCRYPT_SECRET_HANDLE made = NULL;
    sink = BCryptSecretAgreement(key, peer, &made, 0);
    BCryptDestroySecret(made);
}

static void export_run(void)
{
    ULONG n = 0;
    sink = BCryptExportKey(key, NULL, BCRYPT_ECCPRIVATE_BLOB, output, sizeof output, &n, 0);
}

/* A key of either class is made where the one before it was, and used once: two sets of objects would lie at two sets of places,
 * and caches tell them apart whatever is in them. */
static void choose_key(unsigned class, unsigned sample, void (*run)(void))
{
    if (key != NULL)
        BCryptDestroyKey(key);
    choose_input(class, sample);
    if (import_from(curve, BCRYPT_ECCPRIVATE_BLOB, input, EC_BLOB, BCRYPT_NO_KEY_VALIDATION, &key) <
        0)
        abort();
    run();
}

static void ecdsa_choose(unsigned class, unsigned sample)
{
    choose_key(class, sample, ecdsa_run);
}

static void ecdh_choose(unsigned class, unsigned sample)
{
    choose_key(class, sample, ecdh_run);
}

static void export_choose(unsigned class, unsigned sample)
{
    choose_key(class, sample, export_run);
}

/* ---- ML-KEM: a right ciphertext, or one that is rejected implicitly ------------------------------------------------- */

static bool mlkem_setup(void)
{
    key = make_named(BCRYPT_MLKEM_ALGORITHM, BCRYPT_PARAMETER_SET_NAME,
                     BCRYPT_MLKEM_PARAMETER_SET_768);
    if (key == NULL)
        return false;
    for (unsigned i = 0; i < 2 * POOL; i++) {
        UCHAR shared[32];
        ULONG n = 0;
        if (BCryptEncapsulate(key, shared, sizeof shared, &n, pool[i % 2][i / 2], sizeof pool[0][0],
                              &input_bytes, 0) < 0)
            return false;
        if (i % 2 == 1)
            pool[1][i / 2][clock_draw() % input_bytes] ^= 1;
    }
    return true;
}

static void mlkem_run(void)
{
    ULONG n = 0;
    sink = BCryptDecapsulate(key, input, input_bytes, output, 32, &n, 0);
}

/* ---- planted -------------------------------------------------------------------------------------------------------- */

static bool planted_setup(void)
{
    input_bytes = 64;
    for (unsigned i = 0; i < POOL; i++)
        pool[1][i][0] = 1; /* differs in the first byte, the other class in none */
    return true;
}

static __attribute__((noinline)) void planted_run(void)
{
    static UCHAR right[64];
    volatile UCHAR *p = input;
    ULONG i = 0;
    while (i < sizeof right && p[i] == right[i])
        i++;
    sink = i == sizeof right;
}

/* ---- statistics ------------------------------------------------------------------------------------------------------ */

/* Welch's t of the measurements that are at most `most`. */
static double welch(const uint64_t *took, const UCHAR *class, size_t n, uint64_t most)
{
    double count[2] = {0}, mean[2] = {0}, square[2] = {0};
    for (size_t i = 0; i < n; i++) {
        if (took[i] > most)
            continue;
        unsigned c = class[i];
        double x = (double)took[i], before = x - mean[c];
        count[c]++;
        mean[c] += before / count[c];
        square[c] += before * (x - mean[c]);
    }
    if (count[0] < 100 || count[1] < 100)
        return 0;
    double error = square[0] / (count[0] - 1) / count[0] + square[1] / (count[1] - 1) / count[1];
    return error > 0 ? (mean[0] - mean[1]) / sqrt(error) : 0;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The largest |t| over the crops. Where the classes differ in nothing each is normal, so that 4.5 has odds of some 1 in 10^5. */
static double worst(const uint64_t *took, const UCHAR *class, size_t n, uint64_t *sorted)
{
    static const double crops[] = {0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1};
    double most = 0;
    memcpy(sorted, took, n * sizeof *took);
    qsort(sorted, n, sizeof *sorted, by_size);
    for (size_t i = 0; i < COUNT(crops); i++) {
        double t = fabs(welch(took, class, n, sorted[(size_t)((double)(n - 1) * crops[i])]));
        most = t > most ? t : most;
    }
    return most;
}

static double measure(const struct row *row, size_t n)
{
    uint64_t *took = calloc(n, sizeof *took), *sorted = calloc(n, sizeof *sorted);
    UCHAR *class = calloc(n, 1);
    if (took == NULL || sorted == NULL || class == NULL)
        abort();
    for (size_t i = 0; i < n + n / 100; i++) { /* the first hundredth warms up */
        size_t at = i < n / 100 ? i : i - n / 100;
        uint64_t random = clock_draw();
        class[at] = random >> 40 & 1;
        row->choose(class[at], (unsigned)(random >> 41) % POOL);
        uint64_t start = clock_ticks();
        row->run();
        took[at] = clock_ticks() - start;
    }
    double t = worst(took, class, n, sorted);
    free(took);
    free(sorted);
    free(class);
    return t;
}

static const struct row rows[] = {
    {"planted: a comparison that stops early", planted_setup, choose_input, planted_run, 1, true},
    {"RSA PKCS #1, right or wrong", pkcs1_valid_setup, choose_input, pkcs1_run, 10, false},
    {"RSA PKCS #1, wrong in two ways", pkcs1_wrong_setup, choose_input, pkcs1_run, 10, false},
    {"RSA OAEP, right or wrong", oaep_setup, choose_input, oaep_run, 10, false},
    {"RSA OAEP, wrong in two ways", manger_setup, choose_input, oaep_run, 10, false},
    {"AES-CBC, wrong padding in two places", cbc_setup, cbc_choose, cbc_run, 1, false},
    {"AES-GCM, wrong tag in two places", tag_setup, choose_input, tag_run, 1, false},
    {"ECDSA P-256, n - 1 or random", ecdsa_setup, ecdsa_choose, ecdsa_run, 1, false},
    {"ECDH P-256, n - 1 or random", ecdh_setup, ecdh_choose, ecdh_run, 1, false},
    {"ML-KEM-768, right or wrong ciphertext", mlkem_setup, choose_input, mlkem_run, 1, false},
    {"export of a P-256 key, short or random", export_setup, export_choose, export_run, 1, false},
};

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        if (argc > 2 && strstr(row->name, argv[2]) == NULL)
            continue;
        ROW(row->name);
        if (!row->setup()) {
            tap_skip("time", "libcrypto lacks it");
            continue;
        }
        double t = measure(row, n / row->share);
        printf("# %s: %zu measurements, |t| %.2f\n", row->name, n / row->share, t);
        tap(row->planted ? t > 10 : t < 4.5, row->planted ? "is found" : "no difference in time");
    }
    return tap_done();
}
