/*
 * An RSA key pair as the whole family sees it.
 *
 * The numbers are kept as bytes, in the order and widths of the full private blob, so that an
 * export is a copy. What libcrypto needs to compute stands beside them: the public side is made on
 * the first public operation, because many keys are imported only to be exported or thrown away;
 * the private side with the key.
 *
 * Several threads use one final key at once. Nothing here changes after that but `engine` and
 * `proven`, which are set once.
 */
#ifndef PRIMITIVES_RSA_KEY_H
#define PRIMITIVES_RSA_KEY_H

#include "ossl.h"

#include <openssl/rsa.h>

#include "rsa_blob.h"

#define RSA_MIN_BITS 512
#define RSA_MAX_BITS 16384
#define RSA_STEP_BITS 64
#define RSA_MAX_BYTES (RSA_MAX_BITS / 8)

struct rsa_engine;

struct rsa_key {
    struct key base;
    _Atomic uint32_t bits;    /* of the modulus; of an empty key: how many it shall have */
    _Atomic uint32_t threads; /* that make an empty key */
    size_t e_bytes, n_bytes, p_bytes, q_bytes;
    uint8_t *public_part;                /* e, n: big-endian without leading zeros */
    struct secret private_part;          /* p, q, dp, dq, qi, d in the widths of p, q, p, q, p, n */
    _Atomic(struct rsa_engine *) engine; /* rsa_op.c */
    RSA *rsa;                            /* the private side; NULL: public key */
    _Atomic bool proven;                 /* its numbers are known to fit together */
};

static inline struct rsa_key *rsa_key_of(struct key *key)
{
    return CONTAINER_OF(key, struct rsa_key, base);
}

/* The key's numbers, borrowed from it. Those of the private part are empty in a public key. */
struct rsa_view rsa_key_view(const struct rsa_key *key);

/* Makes sure that the numbers of a private key fit together (STATUS_INVALID_PARAMETER). Costs
 * something once. */
NTSTATUS rsa_key_prove(struct rsa_key *key) MUST_CHECK;

/* Slots of struct asym_class and struct key_format. */
NTSTATUS rsa_key_generate(struct alg *alg, uint32_t bits, uint32_t flags,
                          struct key **out) MUST_CHECK;
NTSTATUS rsa_key_finalize(struct key *base, uint32_t flags) MUST_CHECK;
void rsa_key_done(struct key *base);
NTSTATUS rsa_key_import(struct alg *alg, const struct key_format *format, struct span blob,
                        uint32_t flags, struct key **out) MUST_CHECK;
NTSTATUS rsa_key_export(struct key *base, const struct key_format *format,
                        const struct out *o) MUST_CHECK;

/* Whether keys of so many bits can be generated. */
bool rsa_bits_ok(uint32_t bits) MUST_CHECK;

#endif
