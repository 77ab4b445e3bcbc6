/*
 * Finite-field groups: the arithmetic that DH and DSA share.
 *
 * A group is a prime p and a generator g, with the order q of g where it is known. It is made once,
 * then only read, by any number of threads at a time; what is costly to derive from it
 * (Montgomery's constants, the table for powers of g) is derived when it is first needed and kept.
 *
 * Side channels: exponents are secret in ffc_power and ffc_power_g, whose time and memory access
 * depend on public bounds alone, given that libcrypto's Montgomery product is constant-time, as it
 * states. The checks handle public values and are not constant-time.
 */
#ifndef PRIMITIVES_FFC_H
#define PRIMITIVES_FFC_H

#include "ossl.h"

/* Limits of what is computed with at all: nobody uses larger groups, and
 * time grows with the cube. */
#define FFC_MIN_BITS 512
#define FFC_MAX_BITS 10000
#define FFC_MAX_BYTES (FFC_MAX_BITS / 8)

struct ffc_comb;

struct ffc_group {
    BIGNUM *p, *g;
    BIGNUM *q;         /* order of g; NULL: not known */
    BIGNUM *last;      /* p - 1 */
    size_t bytes;      /* of p */
    int exponent_bits; /* private exponents need no more bits; 0: they range up to q or p */
    bool safe_prime;   /* p = 2q + 1, and g a square */
    bool shared;       /* a standard group, never released */
    _Atomic(BN_MONT_CTX *) mont;
    _Atomic(struct ffc_comb *) comb;
    _Atomic(uint8_t *) written;
};

/* A group of its own; q may be empty. p must be odd and of a size within
 * the limits, g in 2..p-2. */
NTSTATUS ffc_group_new(struct num p, struct num q, struct num g, struct ffc_group **out) MUST_CHECK;

/* The same from numbers that the group takes over when it succeeds; q may be NULL. */
NTSTATUS ffc_group_adopt(BIGNUM *p, BIGNUM *q, BIGNUM *g, struct ffc_group **out) MUST_CHECK;

/* p, and behind it g, big-endian in group->bytes each; written once, because that takes libcrypto longer than all the
 * rest of an export. NULL: out of memory. */
const uint8_t *ffc_group_written(struct ffc_group *group) MUST_CHECK;

/* Releases it unless it is shared. */
void ffc_group_free(struct ffc_group *group);

bool ffc_group_same(const struct ffc_group *a, const struct ffc_group *b) MUST_CHECK;

/* Bits that a private exponent takes for the strength of a p of so many bits: twice the strength
 * (SP 800-57 part 1, table 2), rounded up to whole 64-bit limbs because libcrypto's time is that of
 * whole limbs anyway. */
int ffc_exponent_bits(size_t p_bits);

/* A new arithmetic context in our library context. */
BN_CTX *ffc_ctx_new(void);

/* Montgomery's constants of p; NULL: out of memory. */
BN_MONT_CTX *ffc_group_mont(struct ffc_group *group, BN_CTX *ctx) MUST_CHECK;

/* r = base^x mod p for a secret x. */
NTSTATUS ffc_power(struct ffc_group *group, const BIGNUM *base, const BIGNUM *x, BIGNUM *r,
                   BN_CTX *ctx) MUST_CHECK;

/* r = g^x mod p for a secret x below 2^bits. */
NTSTATUS ffc_power_g(struct ffc_group *group, const BIGNUM *x, size_t bits, BIGNUM *r,
                     BN_CTX *ctx) MUST_CHECK;

/* The table for powers of g, made when it is first asked for; NULL: there is none (a size that it
 * does not suit, or out of memory), powers are taken without. */
const struct ffc_comb *ffc_group_comb(struct ffc_group *group, BN_CTX *ctx) MUST_CHECK;

/* A table like the group's for powers of another member; NULL as above. */
struct ffc_comb *ffc_comb_like(struct ffc_group *group, const BIGNUM *base, BN_CTX *ctx) MUST_CHECK;

/* STATUS_INVALID_PARAMETER unless y is in 2..p-2. */
NTSTATUS ffc_check_range(const struct ffc_group *group, const BIGNUM *y) MUST_CHECK;

/* STATUS_INVALID_PARAMETER unless y, known to be in range, has the order q. Where q is not known
 * there is nothing to check against. */
NTSTATUS ffc_check_order(struct ffc_group *group, const BIGNUM *y, BN_CTX *ctx) MUST_CHECK;

#endif
