/*
 * Post-quantum keys as libcrypto has them: made, loaded, read and checked through EVP_PKEY.
 * Parameter names are strings, so that this compiles against libcrypto 3.0, where none of these key
 * types exists.
 *
 * What libcrypto 3.5 checks when it loads a key, and what is therefore not done again here:
 *   ML-KEM   every coefficient below q (FIPS 203 7.2, "modulus check"), the hash of the public key
 *            inside the private one (7.3, "hash check"), and for private keys and seeds one
 *            encapsulation and decapsulation;
 *   ML-DSA   coefficients in range; the public key computed from the private one must give the t0
 *            and tr that are in it;
 *   SLH-DSA  lengths only.
 */
#ifndef PRIMITIVES_PQ_EVP_H
#define PRIMITIVES_PQ_EVP_H

#include "ossl.h"
#include "pq_set.h"

/* A new key pair; from a seed when `seed` is not empty. Not checked. */
NTSTATUS pq_evp_generate(const struct pq_set *set, struct span seed, EVP_PKEY **pkey) MUST_CHECK;

/* The key in `bytes`, whose length is right for the form. A bad key is STATUS_INVALID_PARAMETER. */
NTSTATUS pq_evp_load(const struct pq_set *set, enum pq_form form, struct span bytes,
                     EVP_PKEY **pkey) MUST_CHECK;

/* Writes one form of the key, exactly `n` bytes; `absent` when the key does not have it. */
NTSTATUS pq_evp_read(EVP_PKEY *pkey, enum pq_form form, uint8_t *out, size_t n,
                     NTSTATUS absent) MUST_CHECK;

/* Whether the private and the public half belong together: ML-KEM encapsulates and decapsulates,
 * ML-DSA and SLH-DSA compute the public half again. Otherwise `mismatch`. */
NTSTATUS pq_evp_check_pair(EVP_PKEY *pkey, NTSTATUS mismatch) MUST_CHECK;

/* Around an operation: when memory runs out, libcrypto's decapsulation and ML-DSA signing may go on
 * and report success with wrong bytes. Only its error queue tells; so it must be empty before. */
static inline void pq_evp_begin(void)
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

static inline bool pq_evp_succeeded(int ok)
{
    return ok == 1 && ERR_peek_error() == 0;
}

#endif
