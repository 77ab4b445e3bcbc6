/* Numbers that may become the primes of an RSA key. */
#ifndef PRIMITIVES_RSA_CANDIDATE_H
#define PRIMITIVES_RSA_CANDIDATE_H

#include "ossl.h"

#define RSA_FRESH_EXPONENT 65537u /* the public exponent of fresh keys */

/* Where candidates come from; each thread has its own. */
struct rsa_candidates {
    size_t bytes;        /* of a candidate */
    unsigned long left;  /* candidates until we give up */
    struct secret drawn; /* random bytes */
    size_t used;         /* of these */
    BIGNUM *number;
};

/* For primes of `bits` bits, a multiple of 32. */
NTSTATUS rsa_candidates_init(struct rsa_candidates *c, int bits) MUST_CHECK;
void rsa_candidates_done(struct rsa_candidates *c);

/* Makes `number` a random candidate without small factors, of the full length and so large that the
 * product of two has twice that length, and one that the exponent 65537 can go with. */
NTSTATUS rsa_candidates_next(struct rsa_candidates *c) MUST_CHECK;

#endif
