/*
 * Small primes, and the sieve that looks for large ones along a line of numbers start + i * step.
 *
 * Domain parameters need numbers that are prime together (a factor r and the modulus 2Qr + 1, say):
 * the lines of both are struck from one window, so that only indices at which neither number has a
 * small factor remain.
 */
#ifndef PRIMITIVES_FFC_SIEVE_H
#define PRIMITIVES_FFC_SIEVE_H

#include "ossl.h"

/* Odd primes for trial division, as many at a time as have a product below 2^64. */
#define PRIME_GROUPS 200
#define PRIME_GROUP_MOST 15

struct prime_group {
    uint64_t product;
    uint64_t inverse; /* of the product, modulo 2^64 */
    uint16_t primes[PRIME_GROUP_MOST];
    uint16_t count;
};

/* The groups of the smallest odd primes, PRIME_GROUPS of them. */
const struct prime_group *prime_groups(void);

/* A residue that each prime of the group divides if and only if it divides the number of `count`
 * words, least significant first. Its time depends on `count` alone. */
uint64_t prime_group_residue(const struct prime_group *g, const uint64_t *words, size_t count);

#define SIEVE_LENGTH (1u << 17)

/* A window of SIEVE_LENGTH indices. */
struct ffc_sieve {
    uint64_t struck[SIEVE_LENGTH / 64];
};

/* Strikes every index i at which start + i * step has a prime factor below 2^16. */
NTSTATUS ffc_sieve_strike(struct ffc_sieve *s, const BIGNUM *start, const BIGNUM *step) MUST_CHECK;

/* The first index from `from` on that is not struck, or SIEVE_LENGTH. */
uint32_t ffc_sieve_next(const struct ffc_sieve *s, uint32_t from);

#endif
