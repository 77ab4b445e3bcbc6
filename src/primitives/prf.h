/*
 * A keyed pseudorandom function, ready for many messages: HMAC of a hash, or AES-CMAC. Key derivation
 * is made of calls of one.
 *
 * For one thread at a time.
 */
#ifndef PRIMITIVES_PRF_H
#define PRIMITIVES_PRF_H

#include "cmac_key.h"
#include "hmac_key.h"

/* One kind of it; prf.c has the rows. */
struct prf_kind;

/* A zeroed one holds nothing. */
struct prf {
    const struct prf_kind *kind;
    size_t length; /* bytes of its results, at most DIGEST_MAX_BYTES */
    union {
        struct hmac_key hmac;
        struct cmac_key cmac;
    };
};

/* HMAC of the hash with a key of any length. XOFs and hashes that the installed libcrypto lacks:
 * STATUS_NOT_SUPPORTED. */
NTSTATUS prf_init_hmac(struct prf *f, const struct digest *d, struct span key) MUST_CHECK;

/* AES-CMAC; keys that do not have 16, 24 or 32 bytes: STATUS_INVALID_PARAMETER. */
NTSTATUS prf_init_cmac(struct prf *f, struct span key) MUST_CHECK;

/* By name: a hash's means its HMAC; "AES-CMAC". Others: STATUS_NOT_SUPPORTED. */
NTSTATUS prf_init(struct prf *f, const struct name *name, struct span key) MUST_CHECK;

/* The function of the concatenation of `count` spans into out[f->length]. `out` may lie in a part. */
NTSTATUS prf_mac(struct prf *f, const struct span *parts, size_t count, uint8_t *out) MUST_CHECK;

void prf_done(struct prf *f);

#define PRF CLEANUP(prf_done) struct prf

#endif
