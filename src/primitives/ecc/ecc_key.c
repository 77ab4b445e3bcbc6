/* The life of an elliptic-curve key pair from generate to release (ecc_key.h). */
#include "ecc_key.h"

#include <string.h>

enum point_state { POINT_ABSENT, POINT_BEING_WRITTEN, POINT_READY };

NTSTATUS ecc_key_generate(struct alg *alg, uint32_t bits, uint32_t flags, struct key **key)
{
    (void)flags; /* the class accepts none */
    const struct ecc_row *row = ecc_row_of(alg->class);
    SCOPED_CHOICE choice = {0};
    TRY(ecc_alg_choice(alg, &choice));
    /* ECDSA_P256 and its like want their size; observed on Windows: ECDSA
     * and ECDH take 0 as well. */
    bool any = bits == 0 && row->fixed == NULL;
    if (!any && choice.group != NULL && bits != choice.group->field_bits)
        return STATUS_INVALID_PARAMETER;
    if (bits > ECC_MOST_BITS)
        return STATUS_INVALID_PARAMETER;

    struct key *made = key_alloc(alg, sizeof(struct ecc_key));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    struct ecc_key *k = ecc_key_of(made);
    k->asked_bits = bits;
    k->curve = choice;
    choice.group = NULL;
    *key = made;
    return STATUS_SUCCESS;
}

NTSTATUS ecc_key_set_curve(struct ecc_key *k, struct ecc_choice *choice)
{
    if (k->asked_bits != 0 && k->asked_bits != choice->group->field_bits)
        return STATUS_INVALID_PARAMETER;
    pthread_mutex_lock(&k->lock);
    struct ecc_choice before = k->curve;
    k->curve = *choice;
    pthread_mutex_unlock(&k->lock);
    *choice = before; /* released by the caller's scope */
    return STATUS_SUCCESS;
}

void ecc_key_curve(struct ecc_key *k, struct ecc_choice *out)
{
    bool changes = atomic_load_explicit(&k->base.state, memory_order_acquire) != KEY_FINAL;
    if (changes)
        pthread_mutex_lock(&k->lock);
    *out = (struct ecc_choice){k->curve.name, ecc_group_ref(k->curve.group)};
    if (changes)
        pthread_mutex_unlock(&k->lock);
}

NTSTATUS ecc_key_finalize(struct key *key, uint32_t flags)
{
    (void)flags; /* what they ask for holds for fresh keys */
    struct ecc_key *k = ecc_key_of(key);
    if (k->curve.group == NULL)
        return STATUS_INVALID_PARAMETER; /* observed on Windows */
    TRY(k->curve.group->form->generate(k));
    k->order_checked = true;
    key->has_private = true;
    return STATUS_SUCCESS;
}

void ecc_key_done(struct key *key)
{
    struct ecc_key *k = ecc_key_of(key);
    if (k->curve.group != NULL)
        k->curve.group->form->key_done(k);
    secret_done(&k->d);
    ecc_choice_done(&k->curve);
    pthread_mutex_destroy(&k->lock);
}

void ecc_key_keep_point(struct ecc_key *k, const uint8_t *xy)
{
    memcpy(k->point, xy, 2 * k->curve.group->field_bytes);
    atomic_store_explicit(&k->point_state, POINT_READY, memory_order_release);
}

NTSTATUS ecc_key_point(struct ecc_key *k, uint8_t *xy)
{
    size_t n = 2 * k->curve.group->field_bytes;
    if (atomic_load_explicit(&k->point_state, memory_order_acquire) == POINT_READY) {
        memcpy(xy, k->point, n);
        return STATUS_SUCCESS;
    }
    TRY(k->curve.group->form->get_public(k, xy));
    /* The first to get here keeps the coordinates for everybody; nobody waits for it. */
    int state = POINT_ABSENT;
    if (atomic_compare_exchange_strong(&k->point_state, &state, POINT_BEING_WRITTEN))
        ecc_key_keep_point(k, xy);
    return STATUS_SUCCESS;
}
