/* AES-GMAC objects. */
#ifndef PRIMITIVES_HASH_GMAC_H
#define PRIMITIVES_HASH_GMAC_H

#include "hash_prop.h"
#include "ossl.h"

#define GMAC_BYTES 16

struct hash_gmac {
    struct hash hash;
    EVP_CIPHER_CTX *ctx;
    bool has_nonce; /* for the message in the making */
};

NTSTATUS hash_gmac_init(struct hash *h, const struct alg *alg, struct span key) MUST_CHECK;
NTSTATUS hash_gmac_data(struct hash *h, struct span in) MUST_CHECK;
NTSTATUS hash_gmac_finish(struct hash *h, uint8_t *out, size_t n, bool more) MUST_CHECK;
NTSTATUS hash_gmac_reset(struct hash *h) MUST_CHECK;
NTSTATUS hash_gmac_copy(struct hash *to, const struct hash *from) MUST_CHECK;
void hash_gmac_done(struct hash *h);
NTSTATUS hash_gmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out,
                        size_t n) MUST_CHECK;

/* The property "IV": the nonce of the next message, before its data. */
NTSTATUS hash_gmac_set_nonce(const struct prop_target *t, const struct in *in) MUST_CHECK;

/* What a struct hash_class is filled with. */
#define HASH_GMAC_OPS                                                                              \
    .keyed = true, .length = GMAC_BYTES, .size = sizeof(struct hash_gmac),                         \
    .object_length = HASH_OBJECT_BYTES, .init = hash_gmac_init, .data = hash_gmac_data,            \
    .finish = hash_gmac_finish, .reset = hash_gmac_reset, .copy = hash_gmac_copy,                  \
    .done = hash_gmac_done, .once = hash_gmac_once, .no_multi = true

#endif
