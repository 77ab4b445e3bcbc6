/*
 * The two operations that RSA consists of, without padding: x to the power of e or d, modulo n.
 *
 * `in` and `out` are as long as the modulus and may be the same. An input that is not below the
 * modulus is STATUS_INVALID_PARAMETER, as on Windows. Nothing is written on failure.
 */
#ifndef PRIMITIVES_RSA_OP_H
#define PRIMITIVES_RSA_OP_H

#include "rsa_key.h"

NTSTATUS rsa_public_op(struct rsa_key *key, const uint8_t *in, uint8_t *out) MUST_CHECK;

/* Blinded, and checked with the public exponent before the result is released. Needs a private key.
 * */
NTSTATUS rsa_private_op(struct rsa_key *key, const uint8_t *in, uint8_t *out) MUST_CHECK;

/* Releases the public side. */
void rsa_engine_free(struct rsa_engine *engine);

#endif
