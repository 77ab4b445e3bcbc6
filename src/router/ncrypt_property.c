/*
 * Properties of providers, keys and secrets: the router's own rows first, then the provider's. A name
 * without a row is NTE_NOT_SUPPORTED (observed on Windows); a flag of persistence addresses what a
 * program stored under the name instead.
 */
#include "ncrypt_router.h"

#include <string.h>

/* A handle of the provider, and one more to be freed. */
static NTSTATUS get_provider_handle(const struct ksp_target *t, const struct out *o)
{
    struct ksp_provider *p = t->key != NULL ? t->key->provider : t->secret->provider;
    uint8_t *dst;
    TRY(out_begin(o, sizeof(void *), &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    void *handle;
    TRY(provider_reopen(p, &handle));
    return out_pointer(o, handle);
}

static NTSTATUS get_provider_name(const struct ksp_target *t, const struct out *o)
{
    return out_string(o, t->provider->ksp->name, 0);
}

static const struct ksp_prop common_rows[] = {
    {.name = "Provider Handle", .on = ON_KSP_KEY | ON_KSP_SECRET, .get = get_provider_handle},
    {.name = "Name", .on = ON_PROVIDER, .get = get_provider_name},
    {.name = NULL},
};

#define USUAL_FLAGS (NCRYPT_SILENT_FLAG | NCRYPT_PERSIST_FLAG | NCRYPT_PERSIST_ONLY_FLAG)

static const struct ksp_prop *find_in(const struct ksp_prop *rows, const struct text *name,
                                      enum ksp_on on)
{
    for (; rows->name != NULL; rows++) {
        if (((rows->on | rows->settable_on) & on) != 0 &&
            (text_is(name->s, rows->name) || strcmp(rows->name, KSP_ANY_NAME) == 0))
            return rows;
    }
    return NULL;
}

/* Any object that has properties, held for the call. */
struct target_use {
    struct ksp_target target;
    enum ksp_on on;
    const struct ksp *ksp;
    struct handle_use use;
};

static void target_leave(struct target_use *u)
{
    handle_leave(&u->use);
}

static NTSTATUS target_enter(NCRYPT_HANDLE handle, uint32_t flags, struct target_use *u)
{
    *u = (struct target_use){.use = handle_enter((const void *)handle, OBJECT_ANY)};
    struct ksp_provider *p;
    if (u->use.object == NULL)
        return NTE_INVALID_HANDLE;
    switch (u->use.object->kind) {
    case OBJECT_KSP_PROVIDER:
        p = u->target.provider = CONTAINER_OF(u->use.object, struct ksp_provider, object);
        u->on = ON_PROVIDER;
        break;
    case OBJECT_KSP_KEY:
        u->target.key = CONTAINER_OF(u->use.object, struct ksp_key, object);
        p = u->target.key->provider;
        u->on = ON_KSP_KEY;
        break;
    case OBJECT_KSP_SECRET:
        u->target.secret = CONTAINER_OF(u->use.object, struct ksp_secret, object);
        p = u->target.secret->provider;
        u->on = ON_KSP_SECRET;
        break;
    default:
        return NTE_INVALID_HANDLE;
    }
    u->ksp = p->ksp;
    u->target.flags = flags;
    return STATUS_SUCCESS;
}

/* The row, if the call's flags are among those that its property takes. */
static NTSTATUS find_row(struct target_use *u, const struct text *name, const struct ksp_prop **row)
{
    *row = find_in(common_rows, name, u->on);
    if (*row == NULL)
        *row = find_in(u->on == ON_PROVIDER ? u->ksp->provider_props : u->ksp->props, name, u->on);
    u->target.row = *row;
    u->target.name = name;
    uint32_t known = *row == NULL || (*row)->flags == 0 ? USUAL_FLAGS : (*row)->flags;
    return ncrypt_flags(u->target.flags, known | u->ksp->flags);
}

/* Whoever changes a key's properties waits for whoever reads them. */
static struct busy *lock_of(const struct target_use *u)
{
    return u->target.key != NULL ? &u->target.key->busy : NULL;
}

static NTSTATUS get(const struct target_use *u, const struct ksp_prop *row, const struct text *name,
                    const struct out *o)
{
    if ((u->target.flags & NCRYPT_PERSIST_ONLY_FLAG) != 0 && (row == NULL || row->flags == 0))
        return u->target.key == NULL || u->ksp->own_get == NULL
                   ? NTE_NOT_FOUND
                   : u->ksp->own_get(u->target.key, name, o);
    if (row == NULL || row->get == NULL || (row->on & u->on) == 0)
        return NTE_NOT_SUPPORTED;
    return row->get(&u->target, o);
}

NTSTATUS ncrypt_get_property(NCRYPT_HANDLE object, const struct text *name, uint32_t flags,
                             const struct out *o)
{
    CLEANUP(target_leave) struct target_use u;
    TRY(target_enter(object, flags, &u));
    if (o->result == NULL || name == NULL)
        return NTE_INVALID_PARAMETER;
    const struct ksp_prop *row;
    TRY(find_row(&u, name, &row));
    struct busy *lock = lock_of(&u);
    if (lock == NULL)
        return get(&u, row, name, o);
    BUSY held = busy_take(lock);
    return get(&u, row, name, o);
}

static NTSTATUS set(const struct target_use *u, const struct ksp_prop *row, const struct text *name,
                    const struct in *in)
{
    if ((u->target.flags & NCRYPT_PERSIST_ONLY_FLAG) != 0 && (row == NULL || row->flags == 0))
        return u->target.key == NULL || u->ksp->own_set == NULL
                   ? NTE_NOT_SUPPORTED
                   : u->ksp->own_set(u->target.key, name, in, u->target.flags);
    if (row == NULL || row->set == NULL || (row->settable_on & u->on) == 0)
        return NTE_NOT_SUPPORTED;
    return row->set(&u->target, in);
}

NTSTATUS ncrypt_set_property(NCRYPT_HANDLE object, const struct text *name, uint32_t flags,
                             const struct in *in)
{
    CLEANUP(target_leave) struct target_use u;
    TRY(target_enter(object, flags, &u));
    if (name == NULL || in->p == NULL || in->n > NCRYPT_MAX_PROPERTY_DATA)
        return NTE_INVALID_PARAMETER;
    const struct ksp_prop *row;
    TRY(find_row(&u, name, &row));
    struct busy *lock = lock_of(&u);
    if (lock == NULL)
        return set(&u, row, name, in);
    BUSY held = busy_take(lock);
    return set(&u, row, name, in);
}
