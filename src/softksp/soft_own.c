/*
 * What programs store with a key under names of their own, or under those of the provider's properties with
 * NCRYPT_PERSIST_ONLY_FLAG; and what the provider keeps for its properties. Both are properties of the stored key; a program's name has
 * 64 characters at most, so that none is ever one of the provider's.
 */
#include "soft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUILT_IN "Microsoft Software Key Storage Provider, the value of the property "
_Static_assert(sizeof BUILT_IN - 1 > NCRYPT_MAX_PROPERTY_NAME, "a program could say this");

static void built_in(struct text *name, const char *property)
{
    snprintf(name->s, sizeof name->s, BUILT_IN "%s", property);
}

static const struct soft_own *find(const struct soft_key *k, const char *name)
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

NTSTATUS soft_own_keep(struct soft_key *k, const char *name, struct span value, bool persists)
{
    struct soft_own *own = malloc(sizeof *own + value.n);
    if (own == NULL)
        return NTE_NO_MEMORY;
    *own = (struct soft_own){.name = strdup(name), .persists = persists, .n = value.n};
    if (own->name == NULL) {
        free(own);
        return NTE_NO_MEMORY;
    }
    if (value.n > 0)
        memcpy(own->value, value.p, value.n);
    struct soft_own **at = &k->own;
    while (*at != NULL && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
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

static NTSTATUS set(struct soft_key *k, const char *name, struct span value, bool persists)
{
    const struct store_property property = {{(const uint8_t *)name, strlen(name)}, value};
    if (persists)
        TRY(soft_store_change(k, &(struct store_change){.set = &property, .set_count = 1}));
    return soft_own_keep(k, name, value, persists);
}

NTSTATUS soft_own_get(struct ksp_key *key, const struct text *name, const struct out *o)
{
    const struct soft_own *own = find(soft_key_of(key), name->s);
    return own == NULL ? NTE_NOT_FOUND : out_bytes(o, own->value, own->n);
}

NTSTATUS soft_own_set(struct ksp_key *key, const struct text *name, const struct in *in,
                      uint32_t flags)
{
    (void)flags;
    return set(soft_key_of(key), name->s, in_span(in), true);
}

const struct soft_own *soft_built_in_find(const struct soft_key *k, const char *property)
{
    struct text name;
    built_in(&name, property);
    return find(k, name.s);
}

NTSTATUS soft_built_in_set(struct soft_key *k, const char *property, struct span value,
                           bool persists)
{
    struct text name;
    built_in(&name, property);
    return set(k, name.s, value, persists);
}
