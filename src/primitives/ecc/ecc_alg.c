/* The curve of an algorithm handle (ecc_alg.h). */
#include "ecc_alg.h"

static struct ecc_alg *ecc_alg_of(struct alg *alg)
{
    return CONTAINER_OF(alg, struct ecc_alg, base);
}

/* ECDSA is not defined on curve25519; observed on Windows: STATUS_NOT_SUPPORTED. */
static bool usable(enum ecc_use use, const struct curve_form *form)
{
    return use != ECC_USE_ECDSA || form->signs;
}

static NTSTATUS choose(const struct curve *name, struct ecc_choice *out)
{
    struct ecc_group *group;
    TRY(ecc_group_named(name->domain, &group));
    *out = (struct ecc_choice){name, group};
    return STATUS_SUCCESS;
}

NTSTATUS ecc_choice_named(enum ecc_use use, const struct name *name, struct ecc_choice *out)
{
    const struct curve *curve = curve_named(name);
    if (curve == NULL || !usable(use, curve->domain->form))
        return STATUS_NOT_SUPPORTED;
    return choose(curve, out);
}

NTSTATUS ecc_choice_explicit(enum ecc_use use, const struct ecc_params_view *params,
                             struct ecc_choice *out)
{
    SCOPED_CHOICE made = {0};
    TRY(ecc_group_explicit(params, &made.group));
    if (!usable(use, made.group->form))
        return STATUS_NOT_SUPPORTED;
    if (made.group->domain != NULL)
        made.name = curve_of_domain(made.group->domain);
    *out = made;
    made.group = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS ecc_choice_domain(const struct curve_domain *domain, struct ecc_choice *out)
{
    return choose(curve_of_domain(domain), out);
}

NTSTATUS ecc_alg_init(struct alg *alg)
{
    pthread_mutex_init(&ecc_alg_of(alg)->lock, NULL);
    return STATUS_SUCCESS;
}

void ecc_alg_done(struct alg *alg)
{
    struct ecc_alg *a = ecc_alg_of(alg);
    ecc_group_unref(a->group);
    pthread_mutex_destroy(&a->lock);
}

/* Stands in ecc_alg.name for explicit parameters. */
static const struct curve explicit_marker;

void ecc_alg_set(struct alg *alg, struct ecc_choice *choice)
{
    struct ecc_alg *a = ecc_alg_of(alg);
    /* A named curve that came as parameters with a seed has a group of its
     * own, which the name would lose. */
    bool named = choice->group->permanent;
    pthread_mutex_lock(&a->lock);
    struct ecc_group *before = a->group;
    a->group = named ? NULL : choice->group;
    atomic_store_explicit(&a->name, named ? choice->name : &explicit_marker, memory_order_release);
    pthread_mutex_unlock(&a->lock);
    ecc_group_unref(before);
    *choice = (struct ecc_choice){0};
}

static void unlock(pthread_mutex_t **lock)
{
    pthread_mutex_unlock(*lock);
}

static NTSTATUS choose_locked(struct ecc_alg *a, struct ecc_choice *out)
{
    CLEANUP(unlock) pthread_mutex_t *lock = &a->lock;
    pthread_mutex_lock(lock);
    const struct curve *name = atomic_load_explicit(&a->name, memory_order_relaxed);
    if (name != &explicit_marker)
        return choose(name, out);
    out->group = ecc_group_ref(a->group);
    if (out->group->domain != NULL)
        out->name = curve_of_domain(out->group->domain);
    return STATUS_SUCCESS;
}

NTSTATUS ecc_alg_choice(struct alg *alg, struct ecc_choice *out)
{
    *out = (struct ecc_choice){0};
    const struct ecc_row *row = ecc_row_of(alg->class);
    if (row->fixed != NULL)
        return ecc_choice_domain(row->fixed, out);

    struct ecc_alg *a = ecc_alg_of(alg);
    const struct curve *name = atomic_load_explicit(&a->name, memory_order_acquire);
    if (name == NULL)
        return STATUS_SUCCESS;
    return name == &explicit_marker ? choose_locked(a, out) : choose(name, out);
}
