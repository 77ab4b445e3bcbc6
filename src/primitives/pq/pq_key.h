/*
 * The key object of ML-KEM, ML-DSA and SLH-DSA, and its life: generated empty, given its parameter
 * set by property, finalized; or imported final. The family's row (pq_set.h) is the class's
 * `params`.
 */
#ifndef PRIMITIVES_PQ_KEY_H
#define PRIMITIVES_PQ_KEY_H

#include "pq_evp.h"

struct pq_key {
    struct key key;
    _Atomic(const struct pq_set *) set; /* NULL until ParameterSetName is set */
    bool unchecked;                     /* generated under BCRYPT_NO_KEY_VALIDATION */
    bool has_seed;
    EVP_PKEY *pkey; /* NULL until final */

    /* Initialised contexts of the family's two operations: encapsulate or
     * sign, decapsulate or verify. */
    struct ctx_pool forward;
    struct ctx_pool backward;
};

static inline struct pq_key *pq_key_of(struct key *key)
{
    return CONTAINER_OF(key, struct pq_key, key);
}

static inline const struct pq_family *pq_family_of(const struct alg_class *class)
{
    return class->params;
}

static inline const struct pq_set *pq_key_set(const struct pq_key *k)
{
    return atomic_load_explicit(&k->set, memory_order_acquire);
}

/* Slots of struct asym_class and struct key_format. */
NTSTATUS pq_key_generate(struct alg *alg, uint32_t bits, uint32_t flags,
                         struct key **key) MUST_CHECK;
NTSTATUS pq_key_finalize(struct key *key, uint32_t flags) MUST_CHECK;
NTSTATUS pq_key_import(struct alg *alg, const struct key_format *format, struct span blob,
                       uint32_t flags, struct key **key) MUST_CHECK;
NTSTATUS pq_key_export(struct key *key, const struct key_format *format,
                       const struct out *o) MUST_CHECK;

/* What the families' `done` slots end with: empties the pools with
 * `release_ctx` and lets the key go. */
void pq_key_done(struct key *key, void (*release_ctx)(void *ctx));

#endif
