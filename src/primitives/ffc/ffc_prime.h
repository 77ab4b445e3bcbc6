/*
 * Primality of numbers of public value: domain parameters, never keys.
 *
 * The rounds are those of FIPS 186-4 table C.1 with a Lucas test after them, which needs far fewer
 * of the dear Miller-Rabin rounds than libcrypto's BN_check_prime runs (64 or 128): no composite
 * number is known that passes one round of each (Baillie, Pomerance, Selfridge, Wagstaff), however
 * it was chosen.
 */
#ifndef PRIMITIVES_FFC_PRIME_H
#define PRIMITIVES_FFC_PRIME_H

#include "ossl.h"

/* Whether an odd number has a small prime factor; true for even numbers too. Cheap. */
bool ffc_has_small_factor(const BIGNUM *n) MUST_CHECK;

/* One Miller-Rabin round for each of two candidates of one size without small factors, b may be
 * NULL. The first that passes is the answer: 1 for a, 2 for b, 0 for none. Machines with AVX-512
 * IFMA do both at once for the sizes that libcrypto has code for. */
NTSTATUS ffc_probable_prime(const BIGNUM *a, const BIGNUM *b, BN_CTX *ctx, int *which) MUST_CHECK;

/* Whether n is prime: `rounds` of Miller and Rabin, then Lucas. */
NTSTATUS ffc_is_prime(const BIGNUM *n, int rounds, BN_CTX *ctx, bool *prime) MUST_CHECK;

#endif
