/* The rows of the suites `primitives` and `patterns`, one function for each family; and what they have in common. */
#ifndef BENCH_ROWS_SYM_H
#define BENCH_ROWS_SYM_H

#include "ours_sym.h"
#include "ref_sym.h"
#include "rows.h"

void rows_hash(struct bench *b);
void rows_mac(struct bench *b);
void rows_cipher(struct bench *b);
void rows_rc4(struct bench *b);
void rows_random(struct bench *b, const char *group);
void rows_derive(struct bench *b, bool quick);
void rows_patterns(struct bench *b);
void rows_mac_patterns(struct bench *b);
void rows_derive_patterns(struct bench *b, bool quick);
void rows_shared(struct bench *b);
void rows_overhead(struct bench *b);

/* The sizes of messages, in bytes. */
#define SYM_SIZES 6
#define SYM_MOST ((size_t)1 << 20)
extern const size_t sym_sizes[SYM_SIZES];

/* One message for both sides, and for each side a place for what becomes of it. */
#define SYM_ROOM (SYM_MOST + 64)
extern uint8_t sym_in[SYM_ROOM], sym_ours[SYM_ROOM], sym_ref[SYM_ROOM];

/* Fills the message and a key. */
void sym_fill(uint8_t *p, size_t n, unsigned seed);

/* Goals. */
#define GOAL_SMALL ((struct bench_goal){1.03, 100}) /* calls in which our own work is to be seen */
#define GOAL_BULK ((struct bench_goal){1.02, 0})    /* 16 KiB and more */
#define GOAL_NO_SLOWER ((struct bench_goal){1, 0})
#define GOAL_HASH                                                                                  \
    ((struct bench_goal){1.15, 0}) /* one small hash, beside three calls on a kept context */
#define GOAL_BLOCK ((struct bench_goal){1, 30}) /* one block of ECB */
struct bench_goal sym_goal(size_t n);

/* "WHAT, 16 KiB" */
struct sym_name {
    char text[80];
};
struct sym_name sym_name(const char *what, size_t n);

/* Two sides, and a third unless its function is NULL. The bytes that two sides must agree on: a row in which they
 * differ measures nothing. */
struct sym_row {
    struct bench_op ours, reference, naive;
    const void *ours_out, *ref_out;
    size_t out_n;
};
void sym_row(struct bench *b, const char *name, struct bench_goal goal, const struct sym_row *row);

/* A cipher in a mode, with a kept key on both sides (rows_cipher.c). */
struct sym_kind {
    const char *group;
    LPCWSTR alg, mode;
    const char *ossl_name;
    const EVP_CIPHER *(*implicit)(void);
    size_t key_n, iv_n, ref_iv_n;
    bool aead, ccm;
    bool one_block; /* 16 bytes are judged as one block of ECB */
    ULONG segment;  /* MessageBlockLength; 0: as it is */
};

struct sym_pair {
    const struct sym_kind *kind;
    struct ours_cipher ours;
    struct ref_cipher ref;
};

/* Of a cipher in the table, by the name of its group. */
bool sym_pair_init(struct sym_pair *p, const char *group);
void sym_pair_done(struct sym_pair *p);
void sym_pair_size(struct sym_pair *p, size_t n);

/* A row of operations that turn sym_in into sym_ours and sym_ref. */
void sym_pair_row(struct bench *b, struct sym_pair *p, const char *what, struct bench_goal goal,
                  bool (*ours)(void *), bool (*ref)(void *), bool (*naive)(void *));

#endif
