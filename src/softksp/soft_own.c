/* What programs store with a key under names of their own, or under those of the provider's
 * properties with NCRYPT_PERSIST_ONLY_FLAG. */
#include "soft.h"

#include <stdlib.h>
#include <string.h>

static struct soft_own **find(struct soft_key *k, const char *name)
{
    struct soft_own **at = &k->own;
    while (*at != NULL && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    return at;
}

const struct soft_own *soft_own_find(const struct soft_key *k, const char *name)
{
    const struct soft_own *own = k->own;
    while (own != NULL && strcmp(own->name, name) != 0)
        own = own->next;
    return own;
}

static void own_free(struct soft_own *own)
{
    wipe(own->value, own->n);
    free(own->name);
    free(own);
}

NTSTATUS soft_own_keep(struct soft_key *k, const char *name, struct span value)
{
    struct soft_own *own = malloc(sizeof *own + value.n);
    if (own == NULL)
        return NTE_NO_MEMORY;
    *own = (struct soft_own){.name = strdup(name), .n = value.n};
    if (own->name == NULL) {
        free(own);
        return NTE_NO_MEMORY;
    }
    if (value.n > 0)
        memcpy(own->value, value.p, value.n);
    struct soft_own **at = find(k, name);
    struct soft_own *old = *at;
    own->next = old == NULL ? NULL : old->next;
    *at = own;
    if (old != NULL)
        own_free(old);
    return STATUS_SUCCESS;
}

void soft_own_done(struct soft_key *k)
{
    while (k->own != NULL) {
        struct soft_own *own = k->own;
        k->own = own->next;
        own_free(own);
    }
}

NTSTATUS soft_own_get(struct ksp_key *key, const struct text *name, const struct out *o)
{
    const struct soft_own *own = soft_own_find(soft_key_of(key), name->s);
    return own == NULL ? NTE_NOT_FOUND : out_bytes(o, own->value, own->n);
}

NTSTATUS soft_own_set(struct ksp_key *key, const struct text *name, const struct in *in,
                      uint32_t flags)
{
    struct soft_key *k = soft_key_of(key);
    (void)flags;
    const struct span value = {in->p, in->n};
    const struct store_property property = {{(const uint8_t *)name->s, strlen(name->s)}, value};
    TRY(soft_store_change(k, &(struct store_change){.set = &property, .set_count = 1}));
    return soft_own_keep(k, name->s, value);
}
