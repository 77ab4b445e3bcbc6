/*
 * What two tables say together. An entry of the user's table hides the machine's of the same name, be it the configuration of a
 * context or of one of its functions, unless the machine's is marked CRYPT_OVERRIDE. A context that is marked so hides all of the
 * user's.
 */
#include "config_picture.h"

#include <string.h>

/* Contexts that are always there, also where no file names them. Windows lists the functions of SSL without anybody having made it
 * (observed). */
static const struct name always[] = {{CONFIG_DEFAULT_CONTEXT}, {"SSL"}};

bool config_context_is_permanent(const struct name *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(always); i++) {
        if (name_is(name, always[i].s))
            return true;
    }
    return false;
}

static const struct config_list *list_find(const struct config_context *c, uint32_t interface_id)
{
    for (size_t i = 0; c != NULL && i < c->list_count; i++) {
        if (c->lists[i].interface_id == interface_id)
            return &c->lists[i];
    }
    return NULL;
}

static bool is_override(uint32_t flags)
{
    return (flags & CRYPT_OVERRIDE) != 0;
}

static NTSTATUS function_add(struct config_list *to, struct arena *a,
                             const struct config_function *f)
{
    struct config_function *list =
        arena_insert(a, to->functions, &to->count, sizeof *f, to->count, f);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    to->functions = list;
    return STATUS_SUCCESS;
}

static const struct config_function *function_in(const struct config_list *list,
                                                 const struct name *name)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (name_is(name, list->functions[i].name.s))
            return &list->functions[i];
    }
    return NULL;
}

/* The user's functions in the user's order, then the machine's others in the machine's. */
static NTSTATUS list_merge(struct config_context *to, struct arena *a, uint32_t interface_id,
                           const struct config_context *user, const struct config_context *machine)
{
    const struct config_list *first = list_find(user, interface_id);
    const struct config_list *second = list_find(machine, interface_id);
    struct config_list merged = {.interface_id = interface_id};
    for (size_t i = 0; first != NULL && i < first->count; i++) {
        const struct config_function *f = &first->functions[i];
        const struct config_function *over = function_in(second, &f->name);
        TRY(function_add(&merged, a, over != NULL && is_override(over->flags) ? over : f));
    }
    for (size_t i = 0; second != NULL && i < second->count; i++) {
        if (function_in(first, &second->functions[i].name) == NULL)
            TRY(function_add(&merged, a, &second->functions[i]));
    }
    struct config_list *lists =
        arena_insert(a, to->lists, &to->list_count, sizeof merged, to->list_count, &merged);
    if (lists == NULL)
        return STATUS_NO_MEMORY;
    to->lists = lists;
    return STATUS_SUCCESS;
}

static NTSTATUS context_merge(struct config_context *to, struct arena *a,
                              const struct config_context *user,
                              const struct config_context *machine)
{
    if (machine != NULL && is_override(machine->flags))
        user = NULL;
    const struct config_context *both[] = {user, machine};
    to->flags = user != NULL ? user->flags : machine != NULL ? machine->flags : 0;
    for (size_t i = 0; i < ARRAY_COUNT(both); i++) {
        for (size_t k = 0; both[i] != NULL && k < both[i]->list_count; k++) {
            uint32_t id = both[i]->lists[k].interface_id;
            if (list_find(to, id) == NULL)
                TRY(list_merge(to, a, id, user, machine));
        }
    }
    return STATUS_SUCCESS;
}

static NTSTATUS context_add(struct config *c, struct arena *a, const struct name *name)
{
    if (config_context_find(&c->in_force, name) != NULL)
        return STATUS_SUCCESS;
    struct config_context merged = {.name = *name};
    TRY(context_merge(&merged, a, config_context_find(&c->tables[CONFIG_USER], name),
                      config_context_find(&c->tables[CONFIG_MACHINE], name)));
    struct config_contexts *to = &c->in_force;
    struct config_context *list =
        arena_insert(a, to->list, &to->count, sizeof merged, to->count, &merged);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    to->list = list;
    return STATUS_SUCCESS;
}

/* Each table holds those that are always there, whether or not it has a file of them. */
static NTSTATUS table_complete(struct config_contexts *to, struct arena *a)
{
    for (size_t i = 0; i < ARRAY_COUNT(always); i++) {
        if (config_context_find(to, &always[i]) != NULL)
            continue;
        struct config_context empty = {.name = always[i]};
        struct config_context *list =
            arena_insert(a, to->list, &to->count, sizeof empty, to->count, &empty);
        if (list == NULL)
            return STATUS_NO_MEMORY;
        to->list = list;
    }
    return STATUS_SUCCESS;
}

NTSTATUS contexts_merge(struct config *c, struct arena *a)
{
    for (size_t t = 0; t < CONFIG_TABLES; t++) {
        for (size_t i = 0; i < c->tables[t].count; i++)
            TRY(context_add(c, a, &c->tables[t].list[i].name));
    }
    for (size_t i = 0; i < ARRAY_COUNT(always); i++)
        TRY(context_add(c, a, &always[i]));
    for (size_t t = 0; t < CONFIG_TABLES; t++)
        TRY(table_complete(&c->tables[t], a));
    return STATUS_SUCCESS;
}
