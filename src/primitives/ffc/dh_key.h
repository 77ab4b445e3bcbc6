/* Key pairs of Diffie-Hellman: making, importing, exporting. */
#ifndef PRIMITIVES_DH_KEY_H
#define PRIMITIVES_DH_KEY_H

#include "ffc_key.h"

struct dh_key {
    struct ffc_key ffc;
    _Atomic bool
        trusted; /* y needs no check of its order before an agreement, any more or at all */
};

static inline struct dh_key *dh_key_of(struct key *key)
{
    return CONTAINER_OF(ffc_key_of(key), struct dh_key, ffc);
}

extern const struct key_format dh_formats[];

/* Slots of struct asym_class. */
NTSTATUS dh_key_generate(struct alg *alg, uint32_t bits, uint32_t flags,
                         struct key **key) MUST_CHECK;
NTSTATUS dh_key_finalize(struct key *key, uint32_t flags) MUST_CHECK;
void dh_key_done(struct key *key);

/* The property DHParameters. */
NTSTATUS dh_get_parameters(const struct prop_target *t, const struct out *o) MUST_CHECK;
NTSTATUS dh_set_parameters(const struct prop_target *t, const struct in *in) MUST_CHECK;

#endif
