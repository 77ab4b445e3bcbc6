/* BCryptResolveProviders: who is asked for a function in a context, in order, with all that a program needs to know of them. */
#include "router_config.h"

/* One answer in the making. */
struct resolving {
    const struct resolve_query *q;
    const struct config *c;
    const struct config_context *context;
    struct config_provider built_in[BUILT_INS];
    struct arena arena;
    size_t count;
    PCRYPT_PROVIDER_REF *refs;
    size_t asked_count;
    struct name *asked; /* functions that have had their turn */
};

static void resolving_done(struct resolving *r)
{
    config_release(r->c);
    arena_done(&r->arena);
}

static NTSTATUS properties_view(struct resolving *r, const struct config_function *f,
                                CRYPT_PROVIDER_REF *ref)
{
    if (f == NULL || f->property_count == 0)
        return STATUS_SUCCESS;
    CRYPT_PROPERTY_REF *rows = arena_alloc(&r->arena, f->property_count * sizeof *rows);
    PCRYPT_PROPERTY_REF *list = arena_alloc(&r->arena, f->property_count * sizeof(void *));
    if (rows == NULL || list == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < f->property_count; i++) {
        const struct config_property *p = &f->properties[i];
        rows[i] = (CRYPT_PROPERTY_REF){.pszProperty = block_string(p->name.s),
                                       .cbValue = (ULONG)p->value.n,
                                       .pbValue = (PUCHAR)p->value.p};
        list[i] = &rows[i];
    }
    ref->cProperties = (ULONG)f->property_count;
    ref->rgpProperties = list;
    return STATUS_SUCCESS;
}

/* The entry whose properties count: the context's, else that of Default. */
static const struct config_function *entry_of(const struct resolving *r, uint32_t interface_id,
                                              const struct name *function)
{
    static const struct name by_default = {CONFIG_DEFAULT_CONTEXT};
    const struct config_function *f = config_function_find(r->context, interface_id, function);
    const struct config_context *fallback = config_context_find(&r->c->in_force, &by_default);
    return f != NULL || fallback == NULL ? f
                                         : config_function_find(fallback, interface_id, function);
}

static NTSTATUS add(struct resolving *r, const struct config_provider *p,
                    const struct config_interface *f, const struct name *function)
{
    CRYPT_PROVIDER_REF *ref = arena_alloc(&r->arena, sizeof *ref);
    CRYPT_IMAGE_REF *image = arena_alloc(&r->arena, sizeof *image);
    struct name *kept = arena_alloc(&r->arena, sizeof *kept);
    if (ref == NULL || image == NULL || kept == NULL)
        return STATUS_NO_MEMORY;
    *kept = *function;
    *image = (CRYPT_IMAGE_REF){.pszImage = block_string(p->image), .dwFlags = f->flags};
    *ref = (CRYPT_PROVIDER_REF){.dwInterface = f->id,
                                .pszFunction = block_string(kept->s),
                                .pszProvider = block_string(p->name.s),
                                .pUM = image};
    TRY(properties_view(r, entry_of(r, f->id, function), ref));
    PCRYPT_PROVIDER_REF *list =
        arena_insert(&r->arena, r->refs, &r->count, sizeof(void *), r->count, &ref);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    r->refs = list;
    return STATUS_SUCCESS;
}

static bool is_wanted(const struct resolving *r, const struct config_provider *p)
{
    const struct name *wanted = r->q->provider;
    if (wanted == NULL || name_is(wanted, p->name.s))
        return true;
    for (size_t i = 0; i < p->alias_count; i++) {
        if (name_is(wanted, p->aliases[i].s))
            return true;
    }
    return false;
}

/* Who is chosen, and where he has the function; NULL: the built-in one does not have it. */
static const struct config_provider *chosen(const struct resolving *r,
                                            const struct config_choice *choice,
                                            const struct name *function,
                                            const struct config_interface **f)
{
    const struct config_provider *p = choice->p != NULL ? choice->p : r->built_in;
    size_t n = choice->p != NULL ? 1 : BUILT_INS;
    for (size_t i = 0; i < n; i++) {
        *f = config_offers(&p[i], choice->interface_id, function);
        if (*f != NULL)
            return &p[i];
    }
    return NULL;
}

/* The providers of one function: all, or the first. */
static NTSTATUS function_resolve(struct resolving *r, const struct name *function)
{
    uint32_t id = r->q->interface_id;
    size_t n = config_order_in(r->c, r->context, id, function, NULL, 0);
    struct config_choice *choices = arena_alloc(&r->arena, n * sizeof *choices);
    if (choices == NULL)
        return STATUS_NO_MEMORY;
    n = config_order_in(r->c, r->context, id, function, choices, n);
    for (size_t i = 0; i < n; i++) {
        const struct config_interface *f;
        const struct config_provider *p = chosen(r, &choices[i], function, &f);
        if (p == NULL || !is_wanted(r, p))
            continue;
        TRY(add(r, p, f, function));
        if ((r->q->flags & CRYPT_ALL_PROVIDERS) == 0)
            break;
    }
    return STATUS_SUCCESS;
}

/* The same in an enumeration: each function once, and nothing more after the first that somebody has unless all are
 * wanted. */
static NTSTATUS function_visit(struct resolving *r, const struct name *function)
{
    for (size_t i = 0; i < r->asked_count; i++) {
        if (name_is(function, r->asked[i].s))
            return STATUS_SUCCESS;
    }
    struct name *asked = arena_insert(&r->arena, r->asked, &r->asked_count, sizeof *function,
                                      r->asked_count, function);
    if (asked == NULL)
        return STATUS_NO_MEMORY;
    r->asked = asked;
    if (r->count > 0 && (r->q->flags & CRYPT_ALL_FUNCTIONS) == 0)
        return STATUS_SUCCESS;
    return function_resolve(r, function);
}

static NTSTATUS provider_visit(struct resolving *r, const struct config_provider *p)
{
    for (size_t i = 0; i < p->interface_count; i++) {
        const struct config_interface *f = &p->interfaces[i];
        for (size_t k = 0; f->id == r->q->interface_id && k < f->count; k++)
            TRY(function_visit(r, &f->functions[k]));
    }
    return STATUS_SUCCESS;
}

/* Functions of an interface: first those that the context puts in an order. */
static NTSTATUS interface_resolve(struct resolving *r)
{
    for (size_t i = 0; i < r->context->list_count; i++) {
        const struct config_list *list = &r->context->lists[i];
        for (size_t k = 0; list->interface_id == r->q->interface_id && k < list->count; k++)
            TRY(function_visit(r, &list->functions[k].name));
    }
    for (size_t i = 0; i < BUILT_INS; i++)
        TRY(provider_visit(r, &r->built_in[i]));
    for (size_t i = 0; i < r->c->provider_count; i++)
        TRY(provider_visit(r, &r->c->providers[i]));
    return STATUS_SUCCESS;
}

static NTSTATUS query_check(const struct resolve_query *q)
{
    if (q->function == NULL && q->interface_id == 0)
        return STATUS_INVALID_PARAMETER;
    if (q->mode < CRYPT_UM || q->mode > CRYPT_MM ||
        (q->flags & ~(uint32_t)(CRYPT_ALL_FUNCTIONS | CRYPT_ALL_PROVIDERS)) != 0)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

NTSTATUS router_resolve_providers(const struct resolve_query *q, const struct block_target *to)
{
    static const struct name by_default = {CONFIG_DEFAULT_CONTEXT};
    TRY(query_check(q));
    (void)config_refresh();
    CLEANUP(resolving_done) struct resolving r = {.q = q, .c = config_acquire()};
    if (r.c == NULL)
        return STATUS_NO_MEMORY;
    bool named = q->context != NULL && q->context->s[0] != '\0';
    r.context = config_context_find(&r.c->in_force, named ? q->context : &by_default);
    if (r.context == NULL || q->mode != CRYPT_UM) /* nothing has an image for kernel mode */
        return STATUS_NOT_FOUND;
    TRY(built_in_registrations(&r.arena, r.built_in));
    TRY(q->function != NULL ? function_resolve(&r, q->function) : interface_resolve(&r));
    if (r.count == 0)
        return STATUS_NOT_FOUND;
    CRYPT_PROVIDER_REFS view = {.cProviders = (ULONG)r.count, .rgpProviders = r.refs};
    return block_give(to, &shape_provider_refs, &view);
}
