/* Objects that give any number of bytes: SHAKE, cSHAKE and KMAC. */
#ifndef PRIMITIVES_HASH_XOF_H
#define PRIMITIVES_HASH_XOF_H

#include "hash_prop.h"
#include "xof.h"

struct hash_xof {
    struct hash hash;
    struct secret function; /* cSHAKE's N */
    struct secret custom;   /* S */
    struct secret key;      /* KMAC */
    EVP_MD_CTX
    *prefix; /* the sponge after what precedes the data; NULL: not made, or nothing does */
    struct xof x;
    bool begun; /* x has the prefix, and perhaps more */
    bool ended; /* KMAC: it has the length of the output */
};

NTSTATUS hash_xof_init(struct hash *h, const struct alg *alg, struct span key) MUST_CHECK;
NTSTATUS hash_xof_data(struct hash *h, struct span in) MUST_CHECK;
NTSTATUS hash_xof_finish(struct hash *h, uint8_t *out, size_t n, bool more) MUST_CHECK;
NTSTATUS hash_xof_reset(struct hash *h) MUST_CHECK;
NTSTATUS hash_xof_copy(struct hash *to, const struct hash *from) MUST_CHECK;
void hash_xof_done(struct hash *h);
NTSTATUS hash_xof_once(struct alg *alg, struct span key, struct span in, uint8_t *out,
                       size_t n) MUST_CHECK;

NTSTATUS hash_kmac_init(struct hash *h, const struct alg *alg, struct span key) MUST_CHECK;
NTSTATUS hash_kmac_finish(struct hash *h, uint8_t *out, size_t n, bool more) MUST_CHECK;
NTSTATUS hash_kmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out,
                        size_t n) MUST_CHECK;

/* The properties "FunctionNameString" and "CustomizationString": bytes, before the data. */
NTSTATUS hash_xof_set_function(const struct prop_target *t, const struct in *in) MUST_CHECK;
NTSTATUS hash_xof_set_custom(const struct prop_target *t, const struct in *in) MUST_CHECK;

#define HASH_SPONGE_OPS                                                                            \
    .xof = true, .size = sizeof(struct hash_xof), .object_length = HASH_OBJECT_BYTES,              \
    .data = hash_xof_data, .reset = hash_xof_reset, .copy = hash_xof_copy, .done = hash_xof_done

/* What a struct hash_class is filled with, but for the length: SHAKE and cSHAKE, which without its
 * strings is SHAKE; KMAC. */
#define HASH_XOF_OPS                                                                               \
    HASH_SPONGE_OPS, .init = hash_xof_init, .finish = hash_xof_finish, .once = hash_xof_once
#define HASH_KMAC_OPS                                                                              \
    HASH_SPONGE_OPS, .keyed = true, .init = hash_kmac_init, .finish = hash_kmac_finish,            \
                     .once = hash_kmac_once

#endif
