/*
 * Domain parameters of DSA, and where they come from: FIPS 186 derives q and p from a seed by
 * hashing, so that whoever has seed and counter can see that nobody chose them for a weakness.
 */
#ifndef PRIMITIVES_DSA_DOMAIN_H
#define PRIMITIVES_DSA_DOMAIN_H

#include "digest.h"
#include "ffc.h"

#define DSA_SEED_MAX 384 /* bytes; as long as the largest p */

/* What blobs and parameters say of the origin. */
struct dsa_origin {
    uint32_t hash;     /* HASHALGORITHM_ENUM */
    uint32_t standard; /* DSAFIPSVERSION_ENUM */
    uint8_t count[4];  /* big-endian; all FF: not given */
    size_t seed_bytes;
    uint8_t seed[DSA_SEED_MAX]; /* all FF: not given */
};

/* The sizes that belong to a p of so many bits: up to 1024, q has 160 bits (FIPS 186-2, blobs of
 * version 1); above, 256 (FIPS 186-3, version 2). */
bool dsa_is_v2(size_t p_bits);
size_t dsa_q_bytes(size_t p_bits);

/* Whether seed and counter are given. */
bool dsa_origin_given(const struct dsa_origin *origin) MUST_CHECK;

/* STATUS_INVALID_PARAMETER unless q and p come from the given seed and counter. One derivation:
 * that no smaller counter gives a prime is not tested. */
NTSTATUS dsa_origin_check(const struct dsa_origin *origin, const struct ffc_group *group,
                          BN_CTX *ctx) MUST_CHECK;

/* STATUS_INVALID_PARAMETER unless the sizes are DSA's and q divides p - 1. */
NTSTATUS dsa_check_sizes(const struct ffc_group *group) MUST_CHECK;
NTSTATUS dsa_check_divides(const struct ffc_group *group, BN_CTX *ctx) MUST_CHECK;

/* STATUS_INVALID_PARAMETER unless p and q are prime. */
NTSTATUS dsa_check_primes(const struct ffc_group *group, BN_CTX *ctx) MUST_CHECK;

/* Fresh parameters for a p of so many bits (dsa_generate.c). */
NTSTATUS dsa_generate(size_t p_bits, struct dsa_origin *origin, struct ffc_group **out) MUST_CHECK;

/* ---- derivation, for dsa_generate.c ---- */

/* A way to derive q and p. */
struct dsa_recipe {
    uint32_t standard;
    uint32_t first_offset; /* added to the seed for the first hash of p */
    bool two_hashes;       /* q is H(seed) ^ H(seed + 1), not H(seed) */
    uint32_t most;         /* counters are below this; 0: below 4 times the bits of p */
};

extern const struct dsa_recipe dsa_recipes[2]; /* by DSAFIPSVERSION_ENUM */

const struct digest *dsa_digest(uint32_t hash);

/* Rounds of Miller and Rabin before Lucas' test, FIPS 186-4 table C.1. */
int dsa_rounds_p(size_t p_bits);
int dsa_rounds_q(size_t p_bits);

/* The counters that a p of so many bits may have are below this. */
uint32_t dsa_recipe_counters(const struct dsa_recipe *recipe, size_t p_bits);

NTSTATUS dsa_derive_q(const struct dsa_recipe *recipe, const struct digest *d, struct span seed,
                      size_t q_bytes, BIGNUM *q) MUST_CHECK;

/* p, or 0 where the counter gives a number that is too small. `two_q` is 2q. */
NTSTATUS dsa_derive_p(const struct dsa_recipe *recipe, const struct digest *d, struct span seed,
                      uint32_t counter, size_t p_bits, const BIGNUM *two_q, BIGNUM *p,
                      BN_CTX *ctx) MUST_CHECK;

#endif
