/*
 * The sieve that looks for primes along a line of numbers start + i * step.
 *
 * Domain parameters need numbers that are prime together (a factor r and the modulus 2Qr + 1, say):
 * the lines of both are struck from one window, so that only indices at which neither number has a
 * small factor remain.
 */
#ifndef PRIMITIVES_FFC_SIEVE_H
#define PRIMITIVES_FFC_SIEVE_H

#include "ossl.h"

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
