/* What the forms that compute with libcrypto's EC_GROUP share: its objects,
 * scalars, signatures and checks. */
#ifndef PRIMITIVES_ECC_EC_H
#define PRIMITIVES_ECC_EC_H

#include "ecc_key.h"

#include <openssl/ec.h>
#include <openssl/ecdh.h>
#include <openssl/ecdsa.h>

OSSL_CLEANUP(EC_GROUP, ec_group_done, EC_GROUP_free)
OSSL_CLEANUP(EC_POINT, ec_point_done, EC_POINT_clear_free)
OSSL_CLEANUP(EC_KEY, ec_key_done, EC_KEY_free)
OSSL_CLEANUP(ECDSA_SIG, ecdsa_sig_done, ECDSA_SIG_free)

#define SCOPED_EC_GROUP CLEANUP(ec_group_done) EC_GROUP
#define SCOPED_EC_POINT CLEANUP(ec_point_done) EC_POINT
#define SCOPED_EC_KEY CLEANUP(ec_key_done) EC_KEY
#define SCOPED_ECDSA_SIG CLEANUP(ecdsa_sig_done) ECDSA_SIG

/* libcrypto's scratch numbers, for public values only: one is kept for each
 * of a few threads. NULL: no memory. */
BN_CTX *ecc_ec_scratch_take(void) MUST_CHECK;
void ecc_ec_scratch_give(BN_CTX *ctx);

/* A Weierstrass curve of its numbers; NULL: they are none, or memory is exhausted. */
EC_GROUP *ecc_ec_group_make(const BIGNUM *p, const BIGNUM *a, const BIGNUM *b, const BIGNUM *gx,
                            const BIGNUM *gy, const BIGNUM *n, const BIGNUM *h) MUST_CHECK;

/* An empty key on the group's curve; NULL: memory is exhausted. */
EC_KEY *ecc_ec_key_new(const struct ecc_group *g) MUST_CHECK;

/* A fresh key pair, tested by computing the public point once more. */
NTSTATUS ecc_ec_generate(const struct ecc_group *g, EC_KEY **made) MUST_CHECK;

/* Reads a private number of order_bytes in 1..n-1. */
NTSTATUS ecc_ec_scalar(const struct ecc_group *g, const uint8_t *d, BIGNUM **scalar) MUST_CHECK;

/* Sets the private number; computes the public point where the key has none
 * yet, else compares if asked to. */
NTSTATUS ecc_ec_set_private(const struct ecc_group *g, EC_KEY *key, const BIGNUM *d,
                            bool compare) MUST_CHECK;

/* STATUS_INVALID_PARAMETER unless n times the point is infinity. True of every point when the
 * cofactor is 1. */
NTSTATUS ecc_ec_check_order(const struct ecc_group *g, const EC_POINT *point) MUST_CHECK;

/* r and s as order_bytes each. */
NTSTATUS ecc_ec_sig_write(const struct ecc_group *g, const ECDSA_SIG *sig, uint8_t *out) MUST_CHECK;
ECDSA_SIG *ecc_ec_sig_read(const struct ecc_group *g, const uint8_t *bytes) MUST_CHECK;

#endif
