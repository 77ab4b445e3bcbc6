/* HMAC objects. */
#ifndef PRIMITIVES_HASH_HMAC_H
#define PRIMITIVES_HASH_HMAC_H

#include "hash_prop.h"
#include "hmac_key.h"
#include "kdf_pbkdf2.h"

struct hash_hmac {
    struct hash hash;
    struct hmac_key key;
};

NTSTATUS hash_hmac_init(struct hash *h, const struct alg *alg, struct span key) MUST_CHECK;
NTSTATUS hash_hmac_data(struct hash *h, struct span in) MUST_CHECK;
NTSTATUS hash_hmac_finish(struct hash *h, uint8_t *out, size_t n, bool more) MUST_CHECK;
NTSTATUS hash_hmac_reset(struct hash *h) MUST_CHECK;
NTSTATUS hash_hmac_copy(struct hash *to, const struct hash *from) MUST_CHECK;
void hash_hmac_done(struct hash *h);
NTSTATUS hash_hmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out,
                        size_t n) MUST_CHECK;

/* For the hashes that TLS takes; tls_cbc.h. */
NTSTATUS hash_hmac_tls_verify(struct hash *h, struct span record) MUST_CHECK;

/* What a struct hash_class is filled with, but for the length. */
#define HASH_HMAC_OPS                                                                              \
    .keyed = true, .size = sizeof(struct hash_hmac), .object_length = HASH_OBJECT_BYTES,           \
    .init = hash_hmac_init, .data = hash_hmac_data, .finish = hash_hmac_finish,                    \
    .reset = hash_hmac_reset, .copy = hash_hmac_copy, .done = hash_hmac_done,                      \
    .once = hash_hmac_once, .pbkdf2 = kdf_pbkdf2_alg

#endif
