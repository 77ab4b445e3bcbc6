/*
 * Signing and verifying with ML-DSA and SLH-DSA: FIPS 204 and FIPS 205 build the signed message M'
 * in the same way, and libcrypto takes the same parameters for both.
 */
#ifndef PRIMITIVES_PQ_SIGN_H
#define PRIMITIVES_PQ_SIGN_H

#include "pq_key.h"

/* Slots of struct asym_class. */
NTSTATUS pq_sign(struct key *key, const struct padding *pad, struct span hash,
                 const struct out *o) MUST_CHECK;
NTSTATUS pq_verify(struct key *key, const struct padding *pad, struct span hash,
                   struct span sig) MUST_CHECK;
void pq_sign_done(struct key *key);

#endif
