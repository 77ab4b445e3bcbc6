/* Calls in which nearly all of the time is the wrapper's, and one key that two threads use at once. */
#include "rows.h"

#include <openssl/core_names.h>
#include <openssl/rand.h>

/* ---- calls that compute nothing -------------------------------------------------------------------------------- */

static bool ours_random(void *alg)
{
    UCHAR bytes[32];
    return ours_ok(BCryptGenRandom(alg, bytes, sizeof bytes, 0), "BCryptGenRandom");
}

static bool ours_random_system(void *unused)
{
    UCHAR bytes[32];
    return ours_ok(BCryptGenRandom(unused, bytes, sizeof bytes, BCRYPT_USE_SYSTEM_PREFERRED_RNG),
                   "BCryptGenRandom");
}

static bool ref_random(void *unused)
{
    (void)unused;
    uint8_t bytes[32];
    return ref_ok(RAND_bytes(bytes, sizeof bytes) == 1, "RAND_bytes");
}

static bool ours_open_close(void *unused)
{
    (void)unused;
    BCRYPT_ALG_HANDLE alg = ours_open(BCRYPT_ECDSA_P256_ALGORITHM);
    return alg != NULL &&
           ours_ok(BCryptCloseAlgorithmProvider(alg, 0), "BCryptCloseAlgorithmProvider");
}

static bool ref_open_close(void *unused)
{
    (void)unused;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY_CTX_free(ctx);
    return ref_ok(ctx != NULL, "EVP_PKEY_CTX_new_from_name");
}

static bool ours_sign_size(void *arg)
{
    struct ours_call *c = arg;
    return ours_ok(BCryptSignHash(c->key, NULL, c->in.bytes, c->in.n, NULL, 0, &c->out.n, 0),
                   "BCryptSignHash");
}

static bool ref_sign_size(void *arg)
{
    struct ref_call *c = arg;
    return ref_ok(EVP_PKEY_sign(c->ctx, NULL, &c->out_n, c->in, c->in_n) == 1, "EVP_PKEY_sign");
}

static bool ours_key_length(void *key)
{
    DWORD bits;
    ULONG n;
    return ours_ok(BCryptGetProperty(key, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, &n, 0),
                   "BCryptGetProperty");
}

static bool ref_key_length(void *pkey)
{
    int bits = 0;
    return ref_ok(EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_BITS, &bits) == 1,
                  "EVP_PKEY_get_int_param");
}

/* ---- the keys -------------------------------------------------------------------------------------------------- */

struct p256 {
    struct ref_ecc ref;
    BCRYPT_KEY_HANDLE key;
};

static bool p256_init(struct p256 *k)
{
    static struct ours_blob blob;
    *k = (struct p256){0};
    k->key =
        ours_key_new(&(struct ours_generate){.alg = BCRYPT_ECDSA_P256_ALG_HANDLE, .bits = 256});
    return k->key != NULL && export_blob(k->key, BCRYPT_ECCPRIVATE_BLOB, &blob) &&
           ref_ecc_init(&k->ref, blob.bytes, "P-256");
}

static void p256_done(struct p256 *k)
{
    ref_ecc_done(&k->ref);
    if (k->key != NULL)
        BCryptDestroyKey(k->key);
}

static const struct ref_prepare sign_plain = {ref_sign_init, NULL};

void rows_wrapper(struct bench *b)
{
    static struct p256 k;
    static struct ours_call ours;
    static struct ref_call ref;
    if (!bench_group(b, "wrapper"))
        return;
    ours = (struct ours_call){0};
    fill_in(&ours, &ref, HASH_BYTES);
    bench_row(b, "random, 32 bytes", op(ours_random, BCRYPT_RNG_ALG_HANDLE), op(ref_random, NULL));
    bench_row(b, "random, 32 bytes, no handle", op(ours_random_system, NULL), op(ref_random, NULL));
    bench_row(b, "open and close an algorithm", op(ours_open_close, NULL),
              op(ref_open_close, NULL));
    if (p256_init(&k) && ref_call_init(&ref, k.ref.pkey, sign_plain)) {
        ours.key = k.key;
        bench_row(b, "size of a signature", op(ours_sign_size, &ours), op(ref_sign_size, &ref));
        bench_row(b, "key length property", op(ours_key_length, k.key),
                  op(ref_key_length, k.ref.pkey));
    }
    ref_call_done(&ref);
    p256_done(&k);
}

/* ---- one key, two threads -------------------------------------------------------------------------------------- */

/* Each thread of libcrypto's has a context of its own. */
static void threads_row(struct bench *b, const char *name, const struct ours_call *call,
                        bool (*ours_run)(void *), EVP_PKEY *pkey, struct ref_prepare prepare,
                        bool (*ref_run)(void *))
{
    static struct ours_call ours[BENCH_THREADS];
    static struct ref_call ref[BENCH_THREADS];
    struct bench_op ours_ops[BENCH_THREADS];
    struct bench_op ref_ops[BENCH_THREADS];
    bool ok = true;
    for (size_t i = 0; i < BENCH_THREADS; i++) {
        ours[i] = *call;
        fill_in(&ours[i], &ref[i], HASH_BYTES);
        ok = ref_call_init(&ref[i], pkey, prepare) && ok;
        ours_ops[i] = op(ours_run, &ours[i]);
        ref_ops[i] = op(ref_run, &ref[i]);
    }
    if (ok)
        bench_threads_row(b, name, ours_ops, ref_ops);
    for (size_t i = 0; i < BENCH_THREADS; i++)
        ref_call_done(&ref[i]);
}

static void rsa_threads_row(struct bench *b)
{
    static struct ours_blob blob;
    static BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    struct ref_rsa ref = {0};
    BCRYPT_KEY_HANDLE key =
        ours_key_new(&(struct ours_generate){.alg = BCRYPT_RSA_ALG_HANDLE, .bits = 2048});
    if (key != NULL && export_blob(key, BCRYPT_RSAFULLPRIVATE_BLOB, &blob) &&
        ref_rsa_init(&ref, blob.bytes))
        threads_row(b, "RSA-2048 sign",
                    &(struct ours_call){.key = key, .padding = &pkcs1, .flags = BCRYPT_PAD_PKCS1},
                    ours_sign, ref.pkey, ref_rsa_sign(REF_PKCS1), ref_sign);
    ref_rsa_done(&ref);
    if (key != NULL)
        BCryptDestroyKey(key);
}

void rows_threads(struct bench *b)
{
    static struct p256 k;
    if (!bench_group(b, "two threads, one key:"))
        return;
    if (p256_init(&k)) {
        const struct ours_call call = {.key = k.key};
        threads_row(b, "ECDSA P-256 sign", &call, ours_sign, k.ref.pkey, sign_plain, ref_sign);
        threads_row(b, "size of a signature", &call, ours_sign_size, k.ref.pkey, sign_plain,
                    ref_sign_size);
    }
    p256_done(&k);
    rsa_threads_row(b);
}
