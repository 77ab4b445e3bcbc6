/*
 * What the key pairs of DH and DSA have in common: a group, a public value y = g^x and perhaps x. A
 * key is made empty with a size; parameters may be set; finalizing it chooses x. An imported key is
 * final from the start.
 */
#ifndef PRIMITIVES_FFC_KEY_H
#define PRIMITIVES_FFC_KEY_H

#include "ffc.h"

/* The first member of struct dh_key and struct dsa_key. */
struct ffc_key {
    struct key key;
    _Atomic uint32_t bits;   /* asked for; of an imported key, of p */
    size_t key_bytes;        /* width of p, g and y in blobs; a peer's may be wider than p */
    struct ffc_group *group; /* NULL: not set, and not final */
    BIGNUM *y;
    BIGNUM *x; /* NULL: public key only */
};

static inline struct ffc_key *ffc_key_of(struct key *key)
{
    return CONTAINER_OF(key, struct ffc_key, key);
}

/* What an import has to check, from BCryptImportKeyPair's flags. Sizes and the structure of the
 * numbers are always checked: without them there is no arithmetic. */
struct ffc_checks {
    bool values; /* ranges, and what can be told without an exponentiation */
    bool order;  /* that values have the order q */
    bool pair;   /* that the private part matches the public one */
};

#define FFC_IMPORT_FLAGS (BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER | BCRYPT_KEY_VALIDATION_REGENERATE)

struct ffc_checks ffc_checks_of(uint32_t import_flags);

/* An empty key of `size` bytes; STATUS_INVALID_PARAMETER when the class has
 * no keys of so many bits. */
NTSTATUS ffc_key_empty(struct alg *alg, size_t size, uint32_t bits, struct key **out) MUST_CHECK;

/* Gives a key its group, which belongs to the key from then on; a former one is released. */
void ffc_key_set_group(struct ffc_key *k, struct ffc_group *group);

/* Chooses x, computes y, and tests that they match. */
NTSTATUS ffc_key_make(struct ffc_key *k) MUST_CHECK;

/* Takes x and y of an import to a key that has its group; x empty: public
 * key; y empty: computed from x. */
NTSTATUS ffc_key_take(struct ffc_key *k, struct num y, struct num x,
                      const struct ffc_checks *checks) MUST_CHECK;

/* Bits that any private exponent of the group may have; public. */
size_t ffc_key_x_bits(const struct ffc_key *k);

void ffc_key_done(struct ffc_key *k);

/* ---- properties ---- */

NTSTATUS ffc_get_key_length(const struct prop_target *t, const struct out *o) MUST_CHECK;
NTSTATUS ffc_set_key_length(const struct prop_target *t, const struct in *in) MUST_CHECK;

/* KeyLength may be set like dwLength of BCryptGenerateKeyPair. */
#define PROP_ROW_FFC_KEY_LENGTH                                                                    \
    {                                                                                              \
        .name = "KeyLength", .on = ON_KEY, .settable_on = ON_KEY, .get = ffc_get_key_length,       \
        .set = ffc_set_key_length                                                                  \
    }
#define PROP_ROW_FFC_KEY_STRENGTH                                                                  \
    {                                                                                              \
        .name = "KeyStrength", .on = ON_KEY, .get = ffc_get_key_length                             \
    }
#define PROP_ROW_FFC_PUBLIC_KEY_LENGTH                                                             \
    {                                                                                              \
        .name = "PublicKeyLength", .on = ON_KEY, .get = ffc_get_key_length                         \
    }

#endif
