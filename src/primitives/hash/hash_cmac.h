/* AES-CMAC objects. */
#ifndef PRIMITIVES_HASH_CMAC_H
#define PRIMITIVES_HASH_CMAC_H

#include "cmac_key.h"
#include "hash_prop.h"
#include "kdf_pbkdf2.h"

struct hash_cmac {
    struct hash hash;
    struct cmac_key key;
};

NTSTATUS hash_cmac_init(struct hash *h, const struct alg *alg, struct span key) MUST_CHECK;
NTSTATUS hash_cmac_data(struct hash *h, struct span in) MUST_CHECK;
NTSTATUS hash_cmac_finish(struct hash *h, uint8_t *out, size_t n, bool more) MUST_CHECK;
NTSTATUS hash_cmac_reset(struct hash *h) MUST_CHECK;
NTSTATUS hash_cmac_copy(struct hash *to, const struct hash *from) MUST_CHECK;
void hash_cmac_done(struct hash *h);
NTSTATUS hash_cmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out,
                        size_t n) MUST_CHECK;

/* What a struct hash_class is filled with. */
#define HASH_CMAC_OPS                                                                              \
    .keyed = true, .length = CMAC_BYTES, .size = sizeof(struct hash_cmac),                         \
    .object_length = HASH_OBJECT_BYTES, .init = hash_cmac_init, .data = hash_cmac_data,            \
    .finish = hash_cmac_finish, .reset = hash_cmac_reset, .copy = hash_cmac_copy,                  \
    .done = hash_cmac_done, .once = hash_cmac_once, .pbkdf2 = kdf_pbkdf2_alg

#endif
