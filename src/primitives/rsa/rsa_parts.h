/*
 * The numbers of an RSA key as libcrypto's, while a key is being made: completing those that a blob
 * leaves out, and checking those that it gives.
 */
#ifndef PRIMITIVES_RSA_PARTS_H
#define PRIMITIVES_RSA_PARTS_H

#include "ossl.h"

#include <openssl/rsa.h>

#include "rsa_blob.h"

/* All but e and n are marked constant-time and wiped. */
struct rsa_parts {
    BIGNUM *e, *n;
    BIGNUM *p, *q;
    BIGNUM *dp, *dq, *qi, *d;
    int p_bits, q_bits;
};

void rsa_parts_done(struct rsa_parts *k);

#define RSA_PARTS CLEANUP(rsa_parts_done) struct rsa_parts

/* Whether a modulus and a public exponent can be used. As liberal as callers need: the modulus need
 * not be the product of two primes, any exponent from 1 to below the modulus is good
 * (STATUS_INVALID_PARAMETER). */
NTSTATUS rsa_check_public(const struct rsa_view *v) MUST_CHECK;

/* Reads a private key, and computes d, dp, dq and qi where the view leaves them out. That n = p*q
 * and that e can have an inverse is checked (STATUS_INVALID_PARAMETER); what the view says of the
 * others is not, and neither is whether p and q are prime. */
NTSTATUS rsa_parts_read(struct rsa_parts *k, const struct rsa_view *v) MUST_CHECK;

/* d, dp, dq and qi from e, p and q, which must not share a factor with (p-1)(q-1). */
NTSTATUS rsa_parts_derive(struct rsa_parts *k, BN_CTX *ctx) MUST_CHECK;

/* libcrypto's key of the numbers, which it takes over. */
NTSTATUS rsa_parts_into(struct rsa_parts *k, RSA **out) MUST_CHECK;

/* Whether d, dp, dq and qi are the right ones (STATUS_INVALID_PARAMETER). */
NTSTATUS rsa_check_private(const RSA *rsa) MUST_CHECK;

#endif
