/* How programs that exist call the library, and two threads that share a handle. */
#include "rows_sym.h"

/* ---- ciphers ----------------------------------------------------------------------------------------------------- */

struct pattern {
    const char *id;
    const char *group; /* of the cipher */
    const char *name;
    size_t n;
    struct bench_goal goal;
    bool (*ours)(void *), (*ref)(void *), (*naive)(void *);
};

#define BLOCKS 64 /* of 16 bytes in 1 KiB */

static const struct pattern patterns[] = {
    {"P1",
     "AES-128-ECB",
     "CTR by the program, ECB block by block",
     1024,
     {1, 30 * BLOCKS},
     ours_cipher_blocks,
     ref_cipher_blocks,
     NULL},
    {"P2",
     "AES-128-ECB",
     "ECB of a batch of samples",
     80,
     {1.03, 100},
     ours_cipher_encrypt,
     ref_cipher_encrypt,
     NULL},
    {"P3",
     "AES-128-CBC",
     "CBC block by block, asking the size",
     1024,
     {1.03, 100 * BLOCKS},
     ours_cipher_chained,
     ref_cipher_blocks,
     NULL},
    {"P4",
     "AES-128-GCM",
     "GCM record",
     100,
     {1.03, 100},
     ours_cipher_seal,
     ref_cipher_seal,
     naive_cipher_seal},
    {"P4",
     "AES-128-GCM",
     "GCM record",
     1500,
     {1.03, 100},
     ours_cipher_seal,
     ref_cipher_seal,
     naive_cipher_seal},
    {"P5",
     "AES-128-GCM",
     "GCM in four chained calls",
     2148,
     {1.03, 100},
     ours_cipher_seal_chained,
     ref_cipher_seal_pieces,
     NULL},
    {"P6",
     "ChaCha20-Poly1305",
     "ChaCha20-Poly1305 packet",
     1200,
     {1.03, 100},
     ours_cipher_seal,
     ref_cipher_seal,
     naive_cipher_seal},
    {"P7",
     "AES-128-CBC",
     "open, mode, key, CBC, destroy, close",
     64,
     {1.03, 100},
     ours_cipher_provider,
     ref_cipher_object,
     naive_cipher_encrypt},
    {"P7",
     "AES-128-GCM",
     "open, mode, key, GCM, destroy, close",
     64,
     {1.03, 100},
     ours_cipher_provider_seal,
     ref_cipher_object_seal,
     naive_cipher_seal},
    {"P8",
     "AES-128-CBC",
     "import a key, CBC, destroy",
     64,
     {1.03, 100},
     ours_cipher_import,
     ref_cipher_object,
     naive_cipher_encrypt},
};

static void cipher_patterns(struct bench *b)
{
    static struct sym_pair p;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        const struct pattern *t = &patterns[i];
        if (!bench_group(b, t->id) || !bench_wants(b, sym_name(t->name, t->n).text))
            continue;
        if (sym_pair_init(&p, t->group)) {
            sym_pair_size(&p, t->n);
            sym_pair_row(b, &p, t->name, t->goal, t->ours, t->ref, t->naive);
        }
        sym_pair_done(&p);
    }
}

/* ---- hashes ------------------------------------------------------------------------------------------------------ */

struct sha {
    struct ours_hash ours;
    struct ref_hash ref;
};

static bool sha_init(struct sha *s, BCRYPT_ALG_HANDLE alg, const char *name,
                     const EVP_MD *(*implicit)(void), size_t out_n)
{
    *s = (struct sha){
        .ours = {.alg = alg, .in = sym_in, .out_n = (ULONG)out_n},
        .ref = {.name = name, .implicit = implicit, .in = sym_in, .out_n = out_n},
    };
    return ours_hash_init(&s->ours, 0) && ref_hash_init(&s->ref);
}

static void sha_done(struct sha *s)
{
    ours_hash_done(&s->ours);
    ref_hash_done(&s->ref);
}

static void sha_row(struct bench *b, struct sha *s, const char *what, size_t n,
                    bool (*ours)(void *), bool (*ref)(void *), bool (*naive)(void *))
{
    s->ours.in_n = (ULONG)n;
    s->ref.in_n = n;
    sym_row(b, sym_name(what, n).text, GOAL_SMALL,
            &(struct sym_row){op(ours, &s->ours), op(ref, &s->ref), op(naive, &s->ref), s->ours.out,
                              s->ref.out, s->ref.out_n});
}

static void hash_patterns(struct bench *b)
{
    static const size_t sizes[] = {0, 64, 256};
    struct sha s;
    if (sha_init(&s, BCRYPT_SHA1_ALG_HANDLE, "SHA1", EVP_sha1, 20)) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && bench_group(b, "P9"); i++)
            sha_row(b, &s, "SHA1, object for each message", sizes[i], ours_hash_object,
                    ref_hash_object, naive_hash);
        if (bench_group(b, "P11"))
            sha_row(b, &s, "SHA1, copy of an object", 20, ours_hash_duplicate, ref_hash_copy,
                    naive_hash_copy);
    }
    sha_done(&s);
    if (bench_group(b, "P11") && sha_init(&s, BCRYPT_SHA256_ALG_HANDLE, "SHA256", EVP_sha256, 32)) {
        sha_row(b, &s, "SHA256, copy of an object", 32, ours_hash_duplicate, ref_hash_copy,
                naive_hash_copy);
        sha_done(&s);
    }
}

void rows_patterns(struct bench *b)
{
    cipher_patterns(b);
    hash_patterns(b);
}

/* ---- two threads ------------------------------------------------------------------------------------------------- */

static uint8_t outs[BENCH_THREADS][2][2048];

/* What threads write to must not lie on one cache line, or the rows measure that. */
#define APART 256

/* Both threads use one key; each of libcrypto's has a context of its own. */
static void key_row(struct bench *b, const char *name, const char *group, size_t n,
                    bool (*ours)(void *), bool (*ref)(void *))
{
    static struct sym_pair pairs[BENCH_THREADS];
    struct bench_op ours_ops[BENCH_THREADS];
    struct bench_op ref_ops[BENCH_THREADS];
    static struct {
        _Alignas(APART) struct ours_cipher call;
    } shared[BENCH_THREADS];
    bool ok = bench_wants(b, name);
    for (size_t i = 0; i < BENCH_THREADS && ok; i++) {
        ok = sym_pair_init(&pairs[i], group);
        sym_pair_size(&pairs[i], n);
        shared[i].call = pairs[i].ours;
        shared[i].call.key = pairs[0].ours.key;
        shared[i].call.out = outs[i][0];
        pairs[i].ref.out = outs[i][1];
        ours_ops[i] = op(ours, &shared[i].call);
        ref_ops[i] = op(ref, &pairs[i].ref);
    }
    bench_goal(b, GOAL_SMALL);
    if (ok)
        bench_threads_row(b, name, ours_ops, ref_ops);
    for (size_t i = 0; i < BENCH_THREADS; i++)
        sym_pair_done(&pairs[i]);
}

static void provider_row(struct bench *b, const char *name, BCRYPT_ALG_HANDLE alg,
                         bool (*ours)(void *), bool (*ref)(void *))
{
    static struct sha shas[BENCH_THREADS];
    struct bench_op ours_ops[BENCH_THREADS];
    struct bench_op ref_ops[BENCH_THREADS];
    bool ok = true;
    for (size_t i = 0; i < BENCH_THREADS; i++) {
        ok = sha_init(&shas[i], alg, "SHA256", EVP_sha256, 32) && ok;
        shas[i].ours.in_n = 64;
        shas[i].ref.in_n = 64;
        ours_ops[i] = op(ours, &shas[i].ours);
        ref_ops[i] = op(ref, &shas[i].ref);
    }
    bench_goal(b, GOAL_SMALL);
    if (ok)
        bench_threads_row(b, name, ours_ops, ref_ops);
    for (size_t i = 0; i < BENCH_THREADS; i++)
        sha_done(&shas[i]);
}

void rows_shared(struct bench *b)
{
    if (!bench_group(b, "P18"))
        return;
    key_row(b, "one key, ECB, 16 bytes", "AES-128-ECB", 16, ours_cipher_encrypt,
            ref_cipher_encrypt);
    key_row(b, "one key, GCM, 1 KiB", "AES-128-GCM", 1024, ours_cipher_seal, ref_cipher_seal);
    BCRYPT_ALG_HANDLE alg = ours_open(BCRYPT_SHA256_ALGORITHM);
    if (alg == NULL)
        return;
    provider_row(b, "one provider, hash in one call", alg, ours_hash_once, ref_hash_kept);
    provider_row(b, "one provider, object for each message", alg, ours_hash_object,
                 ref_hash_object);
    BCryptCloseAlgorithmProvider(alg, 0);
    static struct {
        _Alignas(APART) struct ours_random call;
    } ours[BENCH_THREADS];
    static struct {
        _Alignas(APART) struct ref_random call;
    } ref[BENCH_THREADS];
    struct bench_op ours_ops[BENCH_THREADS];
    struct bench_op ref_ops[BENCH_THREADS];
    for (size_t i = 0; i < BENCH_THREADS; i++) {
        ours[i].call.n = 32;
        ref[i].call.n = 32;
        ours_ops[i] = op(ours_random_bytes, &ours[i].call);
        ref_ops[i] = op(ref_random_bytes, &ref[i].call);
    }
    bench_threads_row(b, "random, 32 bytes", ours_ops, ref_ops);
}
