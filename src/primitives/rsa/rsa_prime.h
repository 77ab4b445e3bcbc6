/*
 * Primality of secret numbers, two at a time.
 *
 * A round of Miller and Rabin is one exponentiation, and machines with AVX-512 IFMA do two in the
 * time of one. So candidates stand in lanes, a pair of lanes takes a round together, and each keeps
 * its own count. (Numbers of public value have a quicker, not constant-time test of their own in
 * ffc_prime.c.)
 */
#ifndef PRIMITIVES_RSA_PRIME_H
#define PRIMITIVES_RSA_PRIME_H

#include "ossl.h"

struct prime_lane {
    BIGNUM *w;    /* the candidate, odd */
    BIGNUM *last; /* w - 1 */
    BIGNUM *odd;  /* w - 1 = odd * 2^twos */
    BIGNUM *base, *z;
    BN_MONT_CTX *mont;
    int twos;
    unsigned passed; /* rounds */
    bool composite;
};

/* Zeroed memory is a lane to start with. */
NTSTATUS prime_lane_set(struct prime_lane *lane, const BIGNUM *w, BN_CTX *ctx) MUST_CHECK;
void prime_lane_done(struct prime_lane *lane);

/* Takes the number out; the lane is then one to start with. */
BIGNUM *prime_lane_take(struct prime_lane *lane);

/* A round with a random base for each lane. */
NTSTATUS prime_round(struct prime_lane *a, struct prime_lane *b, BN_CTX *ctx) MUST_CHECK;

/* Whether rounds of two lanes are one call of libcrypto; for tests, which want to see both ways. */
void prime_rounds_together(bool together);

/* The rounds that a random number of so many bits needs to be taken for a prime (FIPS 186-5, table
 * B.1; below its sizes the bound of Damgard, Landrock and Pomerance for 2^-100). */
unsigned prime_rounds_random(int bits);

/* The same for a number that somebody else chose, perhaps to deceive. */
unsigned prime_rounds_chosen(int bits);

/* Whether both numbers pass so many rounds. */
NTSTATUS prime_test_pair(const BIGNUM *p, const BIGNUM *q, unsigned rounds, bool *prime) MUST_CHECK;

#endif
