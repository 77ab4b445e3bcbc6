/* Key pairs of DSA: making, importing, exporting, signing. */
#ifndef PRIMITIVES_DSA_KEY_H
#define PRIMITIVES_DSA_KEY_H

#include "dsa_domain.h"
#include "ffc_key.h"

struct dsa_key {
    struct ffc_key ffc;
    struct dsa_origin origin;
    _Atomic(BN_MONT_CTX *) mont_q;
    _Atomic uint32_t verified; /* signatures checked so far; counts up to where tables pay */
    _Atomic(struct ffc_comb *) y_comb; /* table for powers of y */
};

static inline struct dsa_key *dsa_key_of(struct key *key)
{
    return CONTAINER_OF(ffc_key_of(key), struct dsa_key, ffc);
}

/* Bytes of q, also of an empty key. */
size_t dsa_key_q_bytes(const struct dsa_key *k);

extern const struct key_format dsa_formats[];

/* Slots of struct asym_class. */
NTSTATUS dsa_key_generate(struct alg *alg, uint32_t bits, uint32_t flags,
                          struct key **key) MUST_CHECK;
NTSTATUS dsa_key_finalize(struct key *key, uint32_t flags) MUST_CHECK;
void dsa_key_done(struct key *key);
NTSTATUS dsa_sign(struct key *key, const struct padding *pad, struct span hash,
                  const struct out *o) MUST_CHECK;
NTSTATUS dsa_verify(struct key *key, const struct padding *pad, struct span hash,
                    struct span sig) MUST_CHECK;

/* The property DSAParameters. */
NTSTATUS dsa_get_parameters(const struct prop_target *t, const struct out *o) MUST_CHECK;
NTSTATUS dsa_set_parameters(const struct prop_target *t, const struct in *in) MUST_CHECK;

#endif
