/* The library's own work by itself: calls around operations that compute little or nothing. */
#include "rows_sym.h"

static bool open_close(void *name)
{
    BCRYPT_ALG_HANDLE alg;
    return ours_ok(BCryptOpenAlgorithmProvider(&alg, name, NULL, 0),
                   "BCryptOpenAlgorithmProvider") &&
           ours_ok(BCryptCloseAlgorithmProvider(alg, 0), "BCryptCloseAlgorithmProvider");
}

static void key_rows(struct bench *b)
{
    static WCHAR aes[] = BCRYPT_AES_ALGORITHM;
    static struct sym_pair p;
    if (sym_pair_init(&p, "AES-128-ECB")) {
        sym_pair_size(&p, 16);
        bench_note_row(b, "size query on a key", op(ours_cipher_query, &p.ours),
                       op(ref_cipher_number, &p.ref));
        bench_note_row(b, "block length of a key", op(ours_cipher_block_length, &p.ours),
                       op(ref_cipher_number, &p.ref));
        bench_naive_row(b, "make and destroy a key", op(ours_cipher_key, &p.ours),
                        op(ref_cipher_key, &p.ref), op(naive_cipher_key, &p.ref));
        bench_row(b, "open and close AES", op(open_close, aes), op(ref_cipher_fetch, &p.ref));
    }
    sym_pair_done(&p);
}

static void hash_rows(struct bench *b)
{
    static WCHAR sha256[] = BCRYPT_SHA256_ALGORITHM;
    struct ours_hash ours = {.alg = BCRYPT_SHA256_ALG_HANDLE};
    struct ref_hash ref = {.name = "SHA256", .implicit = EVP_sha256};
    if (ref_hash_init(&ref)) {
        bench_naive_row(b, "create and destroy a hash", op(ours_hash_empty, &ours),
                        op(ref_hash_empty, &ref), op(naive_hash_empty, &ref));
        bench_row(b, "open and close SHA256", op(open_close, sha256), op(ref_hash_fetch, &ref));
    }
    ref_hash_done(&ref);
}

void rows_overhead(struct bench *b)
{
    if (!bench_group(b, "overhead:"))
        return;
    bench_goal(b, GOAL_SMALL);
    key_rows(b);
    hash_rows(b);
}
