/*
 * Work is bounded: inputs of up to 64 KiB that somebody made to be slow. Each call is over within a second of processor time and asks
 * for no more than 64 MiB, whatever it answers: sizes beyond the largest legal one are refused before any arithmetic, and the largest legal
 * ones are not worse for being odd, even, composite, zero or all ones.
 */
#include "watched_malloc.h"

#include "conform_sym.h"

#include <time.h>

#define SECONDS_MOST 1.0
#define MEMORY_MOST (64u << 20)
#define ROOM 65536

static UCHAR blob[ROOM + 64];
static ULONG blob_n;

/* ---- numbers that are no good ------------------------------------------------------------------------------------ */

enum number { ZERO, ONE, EVEN, ODD, ONES, NUMBERS };

static void put_bytes(const void *p, ULONG n)
{
    memcpy(blob + blob_n, p, n);
    blob_n += n;
}

static void put_u32(ULONG value)
{
    head_turn(&value, sizeof value);
    put_bytes(&value, 4);
}

/* n bytes, big-endian. */
static void put_number(enum number kind, ULONG n)
{
    UCHAR *p = blob + blob_n;
    memset(p, kind == ONES ? 0xFF : 0, n);
    if (kind == EVEN || kind == ODD) {
        fill(p, n);
        p[0] |= 0x80;
        p[n - 1] = (UCHAR)((p[n - 1] & 0xFE) | (kind == ODD));
    }
    if (kind == ONE)
        p[n - 1] = 1;
    blob_n += n;
}

/* ---- one call, and what it cost ---------------------------------------------------------------------------------- */

static double worst_seconds;
static size_t worst_bytes, calls;
static struct timespec started;

static void cost_begin(void)
{
    watch_begin();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &started);
}

/* True: within bounds. */
static bool cost_end(const char *what)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    double seconds =
        (double)(now.tv_sec - started.tv_sec) + (double)(now.tv_nsec - started.tv_nsec) / 1e9;
    size_t bytes = watch_peak();
    calls++;
    worst_seconds = seconds > worst_seconds ? seconds : worst_seconds;
    worst_bytes = bytes > worst_bytes ? bytes : worst_bytes;
    if (seconds <= SECONDS_MOST && bytes <= MEMORY_MOST)
        return true;
    printf("# %s: %.2f s, %zu bytes\n", what, seconds, bytes);
    return false;
}

/* Imports the blob and, where that works, verifies, encrypts or agrees with the key. */
static bool use_blob(LPCWSTR name, LPCWSTR type, ULONG flags)
{
    static UCHAR out[4096];
    BCRYPT_ALG_HANDLE alg = open_alg(name);
    BCRYPT_KEY_HANDLE key = NULL;
    BCRYPT_SECRET_HANDLE secret = NULL;
    BCRYPT_PKCS1_PADDING_INFO sha256 = {BCRYPT_SHA256_ALGORITHM};
    cost_begin();
    NTSTATUS status = BCryptImportKeyPair(alg, NULL, type, &key, blob, blob_n, flags);
    bool good = cost_end("import");
    if (status == STATUS_SUCCESS) {
        memset(out, 0x7E, sizeof out);
        cost_begin();
        BCryptVerifySignature(key, &sha256, out, 32, out, 2048, BCRYPT_PAD_PKCS1);
        good = cost_end("verify, PKCS #1") && good;
        for (ULONG n = 40; n <= 132; n += 4) {
            cost_begin();
            BCryptVerifySignature(key, NULL, out, 32, out, n, 0);
            good = cost_end("verify") && good;
        }
        cost_begin();
        BCryptEncrypt(key, out, 2048, NULL, NULL, 0, out + 2048, 2048, &got, BCRYPT_PAD_NONE);
        good = cost_end("encrypt") && good;
        cost_begin();
        BCryptSecretAgreement(key, key, &secret, 0);
        good = cost_end("agree") && good;
        BCryptDestroySecret(secret);
        BCryptDestroyKey(key);
    }
    BCryptCloseAlgorithmProvider(alg, 0);
    return good;
}

/* ---- families ---------------------------------------------------------------------------------------------------- */

static const ULONG flag_sets[] = {0, BCRYPT_NO_KEY_VALIDATION};

static void rsa_blob(bool is_private, ULONG n_bytes, enum number n, ULONG e_bytes, enum number e)
{
    blob_n = 0;
    put_u32(is_private ? BCRYPT_RSAPRIVATE_MAGIC : BCRYPT_RSAPUBLIC_MAGIC);
    put_u32(8 * n_bytes);
    put_u32(e_bytes);
    put_u32(n_bytes);
    put_u32(is_private ? n_bytes / 2 : 0);
    put_u32(is_private ? n_bytes / 2 : 0);
    put_number(e, e_bytes);
    put_number(n, n_bytes);
    if (is_private) {
        put_number(n, n_bytes / 2);
        put_number(ODD, n_bytes / 2);
    }
}

static void check_rsa(void)
{
    static const ULONG sizes[] = {64, 256, 1024, 1025, 2048, 2049, 4096, 16384, 32000};
    bool good = true;
    ROW("RSA");
    for (size_t s = 0; s < COUNT(sizes); s++) {
        for (enum number n = 0; n < NUMBERS; n++) {
            for (enum number e = 0; e < NUMBERS; e++) {
                ULONG e_bytes = e == ODD ? sizes[s] : 3;
                rsa_blob(false, sizes[s], n, e_bytes, e);
                if (blob_n <= ROOM)
                    good = use_blob(L"RSA", BCRYPT_RSAPUBLIC_BLOB, 0) && good;
            }
            for (size_t f = 0; f < COUNT(flag_sets); f++) {
                rsa_blob(true, sizes[s] & ~1u, n, 3, ODD);
                if (blob_n <= ROOM)
                    good = use_blob(L"RSA", BCRYPT_RSAPRIVATE_BLOB, flag_sets[f]) && good;
            }
        }
    }
    tap(good, "moduli, exponents and factors of every size and kind");
}

static void check_dh(void)
{
    static const ULONG sizes[] = {64, 128, 512, 513, 1251, 16000};
    bool good = true;
    ROW("DH");
    for (size_t s = 0; s < COUNT(sizes); s++) {
        for (enum number p = 0; p < NUMBERS; p++) {
            for (enum number g = 0; g < NUMBERS; g++) {
                blob_n = 0;
                put_u32(BCRYPT_DH_PRIVATE_MAGIC);
                put_u32(sizes[s]);
                put_number(p, sizes[s]);
                put_number(g, sizes[s]);
                put_number(ODD, sizes[s]);
                put_number(ODD, sizes[s]);
                for (size_t f = 0; f < COUNT(flag_sets); f++)
                    good = use_blob(L"DH", BCRYPT_DH_PRIVATE_BLOB, flag_sets[f]) && good;
            }
        }
    }
    tap(good, "groups of every size and kind");
}

static void check_dsa(void)
{
    static const ULONG sizes[] = {136, 256, 384, 385, 1251, 16000};
    bool good = true;
    ROW("DSA");
    for (size_t s = 0; s < COUNT(sizes); s++) {
        for (enum number p = 0; p < NUMBERS; p++) {
            for (enum number q = 0; q < NUMBERS; q++) {
                blob_n = 0;
                put_u32(BCRYPT_DSA_PUBLIC_MAGIC_V2);
                put_u32(sizes[s]);
                put_u32(1);
                put_u32(1);
                put_u32(32);
                put_u32(32);
                put_u32(0xFFFFFFFF);
                put_number(ONES, 32);
                put_number(q, 32);
                put_number(p, sizes[s]);
                put_number(ODD, sizes[s]);
                put_number(ODD, sizes[s]);
                good = use_blob(L"DSA", BCRYPT_DSA_PUBLIC_BLOB, 0) && good;
            }
        }
    }
    tap(good, "groups of every size and kind");
}

/* Explicit curves: nothing in them is what it should be. */
static void check_ecc(void)
{
    static const ULONG sizes[] = {1, 14, 32, 66, 67, 1000, 6000};
    bool good = true;
    ROW("ECC");
    for (size_t s = 0; s < COUNT(sizes); s++) {
        for (enum number p = 0; p < NUMBERS; p++) {
            for (enum number a = 0; a < NUMBERS; a++) {
                for (enum number order = 0; order < NUMBERS; order++) {
                    blob_n = 0;
                    put_u32(BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC);
                    put_u32(1);
                    put_u32(1); /* a prime field, y^2 = x^3 + ax + b */
                    put_u32(0);
                    put_u32(sizes[s]);
                    put_u32(sizes[s]);
                    put_u32(1);
                    put_u32(0);
                    put_number(p, sizes[s]);
                    put_number(a, sizes[s]);
                    for (int i = 0; i < 3; i++)
                        put_number(ODD, sizes[s]);
                    put_number(order, sizes[s]);
                    put_number(ONE, 1);
                    for (int i = 0; i < 3; i++)
                        put_number(ODD, sizes[s]);
                    if (blob_n <= ROOM)
                        good = use_blob(L"ECDH", BCRYPT_ECCFULLPRIVATE_BLOB, 0) && good;
                }
            }
        }
    }
    tap(good, "curves of every size and kind");
}

/* A message, and a signature, as large as can be. */
static void check_messages(void)
{
    static const LPCWSTR hashes[] = {L"MD2", L"SHA512", L"SHA3-512", L"SHAKE256"};
    bool good = true;
    UCHAR digest[64];
    ROW("messages of 64 KiB");
    fill(blob, ROOM);
    for (size_t i = 0; i < COUNT(hashes); i++) {
        BCRYPT_ALG_HANDLE alg = open_alg(hashes[i]);
        cost_begin();
        BCryptHash(alg, NULL, 0, blob, ROOM, digest, sizeof digest);
        good = cost_end("hash") && good;
        BCryptCloseAlgorithmProvider(alg, 0);
    }
    static const struct {
        LPCWSTR alg, property, value;
    } keys[] = {{L"ECDSA", BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_NISTP521},
                {L"ML-DSA", BCRYPT_PARAMETER_SET_NAME, BCRYPT_MLDSA_PARAMETER_SET_87},
                {L"SLH-DSA", BCRYPT_PARAMETER_SET_NAME, BCRYPT_SLHDSA_PARAMETER_SET_SHA2_256F}};
    for (size_t i = 0; i < COUNT(keys); i++) {
        BCRYPT_KEY_HANDLE key = make_named(keys[i].alg, keys[i].property, keys[i].value);
        if (key == NULL)
            continue;
        cost_begin();
        BCryptVerifySignature(key, NULL, blob, 64, blob, ROOM, 0);
        good = cost_end("verify a signature of 64 KiB") && good;
        static const ULONG sizes[] = {2420, 3309, 4627, 49856};
        for (size_t k = 0; k < COUNT(sizes); k++) {
            cost_begin();
            BCryptVerifySignature(key, NULL, blob, ROOM, blob, sizes[k], 0);
            good = cost_end("verify of a message of 64 KiB") && good;
        }
        BCryptDestroyKey(key);
    }
    tap(good, "hashed, and verified with every signature's size");
}

int main(void)
{
    check_rsa();
    check_dh();
    check_dsa();
    check_ecc();
    check_messages();
    printf("# figure: 31 %zu calls with inputs of up to 64 KiB: at most %.3f s and %zu KiB each\n",
           calls, worst_seconds, worst_bytes / 1024);
    return tap_done();
}
