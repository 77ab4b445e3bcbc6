/* The rows of the suite `keypairs`, one function for each family; and what their set-up has in common. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "bench.h"
#include "ours.h"
#include "ref.h"

void rows_rsa(struct bench *b);
void rows_ecdsa(struct bench *b);
void rows_ecdh(struct bench *b);
void rows_dh(struct bench *b);
void rows_dsa(struct bench *b);
void rows_mlkem(struct bench *b);
void rows_mldsa(struct bench *b);
void rows_wrapper(struct bench *b);
void rows_threads(struct bench *b);

/* Their part of the suite `patterns`. */
void rows_rsa_patterns(struct bench *b);
void rows_dh_patterns(struct bench *b);
void rows_ecc_patterns(struct bench *b);

#define HASH_BYTES 32

static inline struct bench_op op(bool (*run)(void *arg), void *arg)
{
    return (struct bench_op){run, arg};
}

/* A use of a key, beside libcrypto with a kept context and with one for each call. */
static inline void call_row(struct bench *b, const char *name, struct bench_op ours,
                            bool (*ref_run)(void *), struct ref_call *ref)
{
    ref->run = ref_run;
    bench_goal(b, (struct bench_goal){1.03, 150});
    bench_naive_row(b, name, ours, op(ref_run, ref), op(naive_call, ref));
    bench_goal(b, BENCH_GOAL);
}

/* A hash, or a message of the size of one: any bytes will do. */
static inline void fill_in(struct ours_call *ours, struct ref_call *ref, size_t n)
{
    ours->in.n = (ULONG)n;
    ref->in_n = n;
    for (size_t i = 0; i < n; i++)
        ours->in.bytes[i] = ref->in[i] = (uint8_t)(i * 37 + 11);
}

/* What one operation gave is what the next one takes: a signature to verify, a ciphertext to decrypt. */
static inline void out_to_in(struct ours_call *ours, struct ref_call *ref)
{
    ours->in = ours->out;
    ref->in_n = ref->out_n;
    for (size_t i = 0; i < ref->out_n; i++)
        ref->in[i] = ref->out[i];
}

/* Exports a blob of the type. */
static inline bool export_blob(BCRYPT_KEY_HANDLE key, LPCWSTR type, struct ours_blob *blob)
{
    struct ours_export e = {.key = key, .type = type};
    if (!ours_export(&e))
        return false;
    *blob = e.blob;
    return true;
}

#endif
