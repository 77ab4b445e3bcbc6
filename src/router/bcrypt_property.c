/*
 * Properties of every kind of object, through one table walk: the router's own rows first, then the
 * class's. A name without a row for the object is STATUS_NOT_SUPPORTED; a provider that is loaded has a
 * row that fits every name.
 */
#include "router.h"

static NTSTATUS get_algorithm_name(const struct prop_target *t, const struct out *o)
{
    return out_string(o, t->class->name, 0);
}

static NTSTATUS get_provider_handle(const struct prop_target *t, const struct out *o)
{
    return out_pointer(o, t->key != NULL    ? t->key->alg_handle
                          : t->hash != NULL ? t->hash->alg_handle
                                            : t->agreed->alg_handle);
}

static NTSTATUS get_primitive_type(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, t->class->interface_id);
}

/* What the library computes with; not of Windows. */
static NTSTATUS get_engine(const struct prop_target *t, const struct out *o)
{
    (void)t;
    return out_string(o, opencng_primitive_provider.engine(), 0);
}

static NTSTATUS get_processor(const struct prop_target *t, const struct out *o)
{
    (void)t;
    return out_string(o, opencng_primitive_provider.processor(), 0);
}

static NTSTATUS get_levers(const struct prop_target *t, const struct out *o)
{
    (void)t;
    char text[PROVIDER_LEVERS_MAX];
    opencng_primitive_provider.levers(text);
    return out_string(o, text, 0);
}

static const struct prop_row common_rows[] = {
    {.name = "AlgorithmName",
     .on = ON_ALG | ON_KEY | ON_SECRET | ON_HASH,
     .get = get_algorithm_name},
    {.name = "ProviderHandle", .on = ON_KEY | ON_SECRET | ON_HASH, .get = get_provider_handle},
    {.name = "PrimitiveType", .on = ON_ALG, .get = get_primitive_type},
    {.name = "OpenCNG Engine", .on = ON_ALG, .get = get_engine},
    {.name = "OpenCNG Processor", .on = ON_ALG, .get = get_processor},
    {.name = "OpenCNG Levers", .on = ON_ALG, .get = get_levers},
    {.name = NULL},
};

static const struct prop_row *find_in(const struct prop_row *rows, const struct name *name,
                                      enum prop_on on)
{
    for (; rows != NULL && rows->name != NULL; rows++) {
        if (((rows->on | rows->settable_on) & on) != 0 && row_fits(rows->name, name))
            return rows;
    }
    return NULL;
}

static const struct prop_row *find_row(const struct prop_target *t, const struct name *name,
                                       enum prop_on on)
{
    const struct prop_row *row = find_in(common_rows, name, on);
    return row != NULL ? row : find_in(t->class->props, name, on);
}

/* Any object that has properties, held for the call. */
struct target_use {
    struct prop_target target;
    enum prop_on on;
    struct alg_use alg;
    struct handle_use use;
};

static void target_leave(struct target_use *u)
{
    alg_leave(&u->alg);
    handle_leave(&u->use);
}

static NTSTATUS target_enter(const void *handle, struct target_use *u)
{
    *u = (struct target_use){.on = ON_ALG};
    if (is_pseudo(handle)) {
        TRY(alg_enter(handle, &u->alg));
        u->target.alg = u->alg.alg;
        u->target.class = u->target.alg->class;
        return STATUS_SUCCESS;
    }
    u->use = handle_enter(handle, OBJECT_ANY);
    struct object *o = u->use.object;
    if (o == NULL)
        return STATUS_INVALID_HANDLE;
    switch (o->kind) {
    case OBJECT_ALG:
        u->target.alg = CONTAINER_OF(o, struct alg, object);
        u->target.class = u->target.alg->class;
        break;
    case OBJECT_KEY:
        u->target.key = CONTAINER_OF(o, struct key, object);
        u->target.class = u->target.key->class;
        u->on = ON_KEY;
        break;
    case OBJECT_HASH:
        u->target.hash = CONTAINER_OF(o, struct hash, object);
        u->target.class = u->target.hash->class;
        u->on = ON_HASH;
        break;
    case OBJECT_SECRET:
        u->target.agreed = CONTAINER_OF(o, struct agreed, object);
        u->target.class = u->target.agreed->class;
        u->on = ON_SECRET;
        break;
    default:
        return STATUS_INVALID_HANDLE; /* the scope leaves it */
    }
    return STATUS_SUCCESS;
}

NTSTATUS router_get_property(const void *object, const struct name *name, uint32_t flags,
                             const struct out *o)
{
    CLEANUP(target_leave) struct target_use u;
    TRY(target_enter(object, &u));
    if (o->result == NULL || name == NULL || flags != 0)
        return STATUS_INVALID_PARAMETER;
    u.target.name = name;
    const struct prop_row *row = find_row(&u.target, name, u.on);
    if (row == NULL || row->get == NULL || (row->on & u.on) == 0)
        return STATUS_NOT_SUPPORTED;
    if (row->only_final && u.on == ON_KEY &&
        atomic_load_explicit(&u.target.key->state, memory_order_acquire) != KEY_FINAL)
        return STATUS_INVALID_HANDLE;
    return row->get(&u.target, o);
}

NTSTATUS router_set_property(void *object, const struct name *name, uint32_t flags,
                             const struct in *in)
{
    CLEANUP(target_leave) struct target_use u;
    TRY(target_enter(object, &u));
    if (name == NULL || flags != 0)
        return STATUS_INVALID_PARAMETER;
    if (u.on == ON_ALG && u.target.alg->pseudo)
        return STATUS_ACCESS_DENIED;
    if (in->p == NULL && in->n != 0)
        return STATUS_INVALID_PARAMETER;
    u.target.name = name;
    const struct prop_row *row = find_row(&u.target, name, u.on);
    if (row == NULL || row->set == NULL || (row->settable_on & u.on) == 0)
        return STATUS_NOT_SUPPORTED;
    struct key *key = u.target.key;
    if (key == NULL && u.target.hash == NULL)
        return row->set(&u.target, in);
    if (key == NULL || key->class->sym != NULL) {
        BUSY held = busy_take(key == NULL ? &u.target.hash->busy : &key->busy);
        return row->set(&u.target, in);
    }

    /* A key pair takes properties only between generate and finalize, from one thread at a time. */
    int state = KEY_EMPTY;
    if (!atomic_compare_exchange_strong(&key->state, &state, KEY_BUSY)) {
        if (state == KEY_BUSY || !row->any_state)
            return STATUS_INVALID_HANDLE;
        BUSY held = busy_take(&key->busy);
        return row->set(&u.target, in);
    }
    NTSTATUS status = row->set(&u.target, in);
    atomic_store_explicit(&key->state, KEY_EMPTY, memory_order_release);
    return status;
}
