/* Hash objects of the hashes with a fixed length. */
#ifndef PRIMITIVES_HASH_PLAIN_H
#define PRIMITIVES_HASH_PLAIN_H

#include "digest_state.h"
#include "hash_prop.h"

struct hash_plain {
    struct hash hash;
    struct digest_state state;
};

NTSTATUS hash_plain_init(struct hash *h, const struct alg *alg, struct span key) MUST_CHECK;
NTSTATUS hash_plain_data(struct hash *h, struct span in) MUST_CHECK;
NTSTATUS hash_plain_finish(struct hash *h, uint8_t *out, size_t n, bool more) MUST_CHECK;
NTSTATUS hash_plain_reset(struct hash *h) MUST_CHECK;
NTSTATUS hash_plain_copy(struct hash *to, const struct hash *from) MUST_CHECK;
void hash_plain_done(struct hash *h);
NTSTATUS hash_plain_once(struct alg *alg, struct span key, struct span in, uint8_t *out,
                         size_t n) MUST_CHECK;
NTSTATUS hash_plain_capi(struct hash *h, bool expand, uint8_t *out, size_t n) MUST_CHECK;

/* What a struct hash_class is filled with, but for the length. */
#define HASH_PLAIN_OPS                                                                             \
    .size = sizeof(struct hash_plain), .object_length = HASH_OBJECT_BYTES,                         \
    .init = hash_plain_init, .data = hash_plain_data, .finish = hash_plain_finish,                 \
    .reset = hash_plain_reset, .copy = hash_plain_copy, .done = hash_plain_done,                   \
    .once = hash_plain_once, .capi = hash_plain_capi

#endif
