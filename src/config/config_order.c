/* Who is asked for a function, and in which order. */
#include "config.h"

const struct config_provider *config_find(const struct config *c, const struct name *name)
{
    for (size_t i = 0; i < c->provider_count; i++) {
        if (name_is(name, c->providers[i].name.s))
            return &c->providers[i];
    }
    for (size_t i = 0; i < c->provider_count; i++) {
        const struct config_provider *p = &c->providers[i];
        for (size_t k = 0; k < p->alias_count; k++) {
            if (name_is(name, p->aliases[k].s))
                return p;
        }
    }
    return NULL;
}

const struct config_interface *config_offers(const struct config_provider *p, uint32_t interface_id,
                                             const struct name *function)
{
    for (size_t i = 0; i < p->interface_count; i++) {
        const struct config_interface *f = &p->interfaces[i];
        if (interface_id != 0 && f->id != interface_id)
            continue;
        for (size_t k = 0; k < f->count; k++) {
            if (name_is(function, f->functions[k].s))
                return f;
        }
    }
    return NULL;
}

const struct config_context *config_context_find(const struct config_contexts *in,
                                                 const struct name *name)
{
    for (size_t i = 0; i < in->count; i++) {
        if (name_is(name, in->list[i].name.s))
            return &in->list[i];
    }
    return NULL;
}

static const struct config_function *entry_find(const struct config_context *context,
                                                uint32_t interface_id, const struct name *function,
                                                uint32_t *found)
{
    for (size_t i = 0; i < context->list_count; i++) {
        const struct config_list *list = &context->lists[i];
        if (interface_id != 0 && list->interface_id != interface_id)
            continue;
        for (size_t k = 0; k < list->count; k++) {
            if (name_is(function, list->functions[k].name.s)) {
                *found = list->interface_id;
                return &list->functions[k];
            }
        }
    }
    return NULL;
}

const struct config_function *config_function_find(const struct config_context *context,
                                                   uint32_t interface_id,
                                                   const struct name *function)
{
    uint32_t found;
    return entry_find(context, interface_id, function, &found);
}

/* ---- the order -------------------------------------------------------------------------------- */

/* The choices so far; those that do not fit are counted only. */
struct order {
    struct config_choice *out;
    size_t max;
    size_t count;
    bool has_builtin;
};

static void choose(struct order *o, const struct config_provider *p, uint32_t interface_id)
{
    if (o->count < o->max)
        o->out[o->count] = (struct config_choice){p, interface_id};
    o->count++;
}

static bool is_listed(const struct config_function *entry, const struct config_provider *p)
{
    for (size_t i = 0; entry != NULL && i < entry->provider_count; i++) {
        if (name_is(&p->name, entry->providers[i].s))
            return true;
    }
    return false;
}

static void choose_listed(struct order *o, const struct config *c,
                          const struct config_function *entry, uint32_t interface_id)
{
    for (size_t i = 0; i < entry->provider_count; i++) {
        const struct name *name = &entry->providers[i];
        const struct config_provider *p = config_find(c, name);
        if (name_is(name, config_built_in_of(interface_id))) {
            o->has_builtin = true;
            choose(o, NULL, interface_id);
        } else if (p != NULL && config_offers(p, interface_id, &entry->name) != NULL) {
            choose(o, p, config_offers(p, interface_id, &entry->name)->id);
        }
    }
}

static bool has_list(const struct config_context *context, uint32_t interface_id)
{
    for (size_t i = 0; i < context->list_count; i++) {
        if (context->lists[i].interface_id == interface_id)
            return true;
    }
    return false;
}

/* The entry that decides, of the context itself or else of Default. False: the context is exclusive, and has none: nothing at all is
 * chosen. An entry of Default counts in an exclusive context only on an interface that this one has too (Microsoft
 * documents it so). */
static bool entry_decides(const struct config *c, const struct config_context *context,
                          uint32_t *interface_id, const struct name *function,
                          const struct config_function **entry)
{
    static const struct name by_default = {CONFIG_DEFAULT_CONTEXT};
    uint32_t found = *interface_id;
    bool exclusive = (context->flags & CRYPT_EXCLUSIVE) != 0;
    *entry = entry_find(context, *interface_id, function, &found);
    if (*entry == NULL) {
        const struct config_context *fallback = config_context_find(&c->in_force, &by_default);
        *entry = fallback == NULL ? NULL : entry_find(fallback, *interface_id, function, &found);
        if (exclusive && (*entry == NULL || !has_list(context, found)))
            return false;
    }
    *interface_id = found;
    return true;
}

size_t config_order_in(const struct config *c, const struct config_context *context,
                       uint32_t interface_id, const struct name *function,
                       struct config_choice *out, size_t max)
{
    struct order o = {out, max, 0, false};
    const struct config_function *entry;
    if (!entry_decides(c, context, &interface_id, function, &entry))
        return 0;
    if (entry != NULL)
        choose_listed(&o, c, entry, interface_id);
    if (entry != NULL && (entry->flags & CRYPT_EXCLUSIVE) != 0)
        return o.count;
    if (!o.has_builtin)
        choose(&o, NULL, interface_id);
    for (size_t i = 0; i < c->provider_count; i++) {
        const struct config_interface *f = config_offers(&c->providers[i], interface_id, function);
        if (f != NULL && !is_listed(entry, &c->providers[i]))
            choose(&o, &c->providers[i], f->id);
    }
    return o.count;
}

size_t config_order(const struct config *c, uint32_t interface_id, const struct name *function,
                    struct config_choice *out, size_t max)
{
    static const struct name by_default = {CONFIG_DEFAULT_CONTEXT};
    const struct config_context *context = config_context_find(&c->in_force, &by_default);
    return context == NULL ? 0 : config_order_in(c, context, interface_id, function, out, max);
}
