/*
 * The curve of an algorithm handle. ECDSA_P256 and its like have theirs by name; ECDSA and ECDH
 * take one through the properties ECCCurveName and ECCParameters, and keys made afterwards start
 * with it.
 */
#ifndef PRIMITIVES_ECC_ALG_H
#define PRIMITIVES_ECC_ALG_H

#include <pthread.h>

#include "ecc_group.h"

/* What alg_class.params of the family points to. */
struct ecc_row {
    enum ecc_use use;
    const struct curve_domain *fixed; /* NULL: generic */
};

static inline const struct ecc_row *ecc_row_of(const struct alg_class *class)
{
    return class->params;
}

/* A curve that somebody chose. */
struct ecc_choice {
    const struct curve *name; /* NULL: explicit parameters that no named curve has */
    struct ecc_group *group;  /* counted; NULL: nothing chosen */
};

static inline void ecc_choice_done(struct ecc_choice *c)
{
    ecc_group_unref(c->group);
    *c = (struct ecc_choice){0};
}

#define SCOPED_CHOICE CLEANUP(ecc_choice_done) struct ecc_choice

/* From a name or from explicit parameters, for a use. STATUS_NOT_SUPPORTED: no such curve, or not
 * for this use. */
NTSTATUS ecc_choice_named(enum ecc_use use, const struct name *name,
                          struct ecc_choice *out) MUST_CHECK;
NTSTATUS ecc_choice_explicit(enum ecc_use use, const struct ecc_params_view *params,
                             struct ecc_choice *out) MUST_CHECK;

/* The first name of a domain. */
NTSTATUS ecc_choice_domain(const struct curve_domain *domain, struct ecc_choice *out) MUST_CHECK;

/* An open generic algorithm. Readers take no lock unless the curve is one
 * of explicit parameters. */
struct ecc_alg {
    struct alg base;
    _Atomic(const struct curve *) name; /* NULL: nothing chosen; a marker: see `group` */
    pthread_mutex_t lock;               /* of `group`, and of changes */
    struct ecc_group *group;
};

NTSTATUS ecc_alg_init(struct alg *alg) MUST_CHECK;
void ecc_alg_done(struct alg *alg);

/* What keys made through the algorithm start with; no group where nothing is chosen. */
NTSTATUS ecc_alg_choice(struct alg *alg, struct ecc_choice *out) MUST_CHECK;

/* Changes the curve of a generic algorithm; takes the choice over. */
void ecc_alg_set(struct alg *alg, struct ecc_choice *choice);

#endif
