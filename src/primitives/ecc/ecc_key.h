/*
 * Key pairs on elliptic curves: one object for ECDSA and ECDH, for fixed and generic algorithms,
 * for every form of curve. What needs a curve's arithmetic goes through the form's methods.
 */
#ifndef PRIMITIVES_ECC_KEY_H
#define PRIMITIVES_ECC_KEY_H

#include "ctx_pool.h"
#include "ecc_alg.h"

#include <openssl/types.h>

struct ecc_key {
    struct key base;
    struct ecc_choice curve; /* no group: none yet; final once the key is */
    pthread_mutex_t lock;    /* of `curve` until then; zeroed is unlocked */
    uint32_t asked_bits;     /* dwLength of a key whose curve was not known then; 0: any */
    bool order_checked;      /* the public point is known to be a multiple of the generator */

    EC_KEY *ec;      /* Weierstrass and Edwards; its numbers are those of group->ec */
    struct secret d; /* Edwards and Montgomery: the private number as blobs have it */

    /* Montgomery: libcrypto's key, made on first use, and idle contexts that derive with it. */
    _Atomic(EVP_PKEY *) pkey;
    struct ctx_pool derivers;

    /* X and Y as blobs have them, field_bytes each; computed on the first use that needs them. */
    _Atomic int point_state;
    uint8_t point[2 * ECC_MOST_FIELD_BYTES];
};

static inline struct ecc_key *ecc_key_of(struct key *key)
{
    return CONTAINER_OF(key, struct ecc_key, base);
}

#define ECC_IMPORT_FLAGS                                                                           \
    (BCRYPT_NO_KEY_VALIDATION | BCRYPT_KEY_VALIDATION_RANGE | BCRYPT_KEY_VALIDATION_REGENERATE)

/* What the named curves span. */
#define ECC_GENERIC_KEY_LENGTHS                                                                    \
    {                                                                                              \
        160, 521, 1                                                                                \
    }

NTSTATUS ecc_key_generate(struct alg *alg, uint32_t bits, uint32_t flags,
                          struct key **key) MUST_CHECK;
NTSTATUS ecc_key_finalize(struct key *key, uint32_t flags) MUST_CHECK;
void ecc_key_done(struct key *key);

/* Gives an empty key its curve: exchanges it for the one before. STATUS_INVALID_PARAMETER: not of
 * the size asked for. */
NTSTATUS ecc_key_set_curve(struct ecc_key *k, struct ecc_choice *choice) MUST_CHECK;

/* The curve of a key in any state; no group where it has none yet. */
void ecc_key_curve(struct ecc_key *k, struct ecc_choice *out);

/* X and Y of a final key; field_bytes each at `xy`. */
NTSTATUS ecc_key_point(struct ecc_key *k, uint8_t *xy) MUST_CHECK;

/* Stores coordinates that are known already, before the key is shared. */
void ecc_key_keep_point(struct ecc_key *k, const uint8_t *xy);

/* The blob types of every elliptic-curve algorithm (ecc_format.c). */
extern const struct key_format ecc_formats[];

#endif
