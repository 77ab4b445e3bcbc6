/*
 * Powers of a fixed base by a comb (Lim and Lee, CRYPTO '94): the exponent is written as a matrix
 * of FFC_COMB_TEETH rows, a table holds the base's power for every value of a column, and one
 * squaring and one product for each column give the power. Making the table costs about as much as
 * one power by square-and-multiply; every power after that takes about a quarter of it.
 *
 * Constant time: each column reads the whole table and takes its entry by a mask. All entries carry
 * a factor that makes even the one for the column 0 an ordinary full-sized number, because
 * libcrypto's Montgomery product takes another path for numbers with leading zero limbs.
 */
#ifndef PRIMITIVES_FFC_COMB_H
#define PRIMITIVES_FFC_COMB_H

#include "ossl.h"

#define FFC_COMB_TEETH 5
#define FFC_COMB_MAX_BITS 640 /* of the exponent: beyond, tables do not pay */

struct ffc_comb;

/* A table for powers of `base`, with exponents of up to `bits` bits; NULL: out of memory, or no
 * modulus or width for this method. */
struct ffc_comb *ffc_comb_new(const BIGNUM *base, const BIGNUM *p, BN_MONT_CTX *mont, size_t bits,
                              BN_CTX *ctx) MUST_CHECK;
void ffc_comb_free(struct ffc_comb *comb);

/* r = base^x mod p for a secret x that fits. */
NTSTATUS ffc_comb_power(const struct ffc_comb *comb, const BIGNUM *x, BIGNUM *r, BN_MONT_CTX *mont,
                        BN_CTX *ctx) MUST_CHECK;

/* r = base_a^u * base_b^v mod p for public exponents; both tables must be
 * of one modulus and width. */
NTSTATUS ffc_comb_power2(const struct ffc_comb *a, const BIGNUM *u, const struct ffc_comb *b,
                         const BIGNUM *v, BIGNUM *r, BN_MONT_CTX *mont, BN_CTX *ctx) MUST_CHECK;

#endif
