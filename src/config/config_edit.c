/* What can be done to a context (config_change.h). */
#include "config_change.h"

#include <string.h>

NTSTATUS edit_context(struct config_context *c, struct arena *a, const struct config_edit *e)
{
    (void)a;
    c->flags = e->flags;
    return STATUS_SUCCESS;
}

static struct config_list *list_of(struct config_context *c, uint32_t interface_id)
{
    for (size_t i = 0; i < c->list_count; i++) {
        if (c->lists[i].interface_id == interface_id)
            return &c->lists[i];
    }
    return NULL;
}

/* The index of the function; the list's count when it is not there. */
static size_t function_index(const struct config_list *list, const struct name *function)
{
    size_t i = 0;
    while (i < list->count && !name_is(function, list->functions[i].name.s))
        i++;
    return i;
}

static struct config_function *function_of(struct config_context *c, const struct config_edit *e)
{
    struct config_list *list = list_of(c, e->interface_id);
    size_t i = list == NULL ? 0 : function_index(list, e->function);
    return list == NULL || i == list->count ? NULL : &list->functions[i];
}

static NTSTATUS list_insert(struct config_list *list, struct arena *a, size_t at,
                            const struct config_function *f)
{
    struct config_function *grown =
        arena_insert(a, list->functions, &list->count, sizeof *f, at, f);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    list->functions = grown;
    return STATUS_SUCCESS;
}

NTSTATUS edit_function_add(struct config_context *c, struct arena *a, const struct config_edit *e)
{
    struct config_list *list = list_of(c, e->interface_id);
    if (list == NULL) {
        struct config_list fresh = {.interface_id = e->interface_id};
        struct config_list *lists =
            arena_insert(a, c->lists, &c->list_count, sizeof fresh, c->list_count, &fresh);
        if (lists == NULL)
            return STATUS_NO_MEMORY;
        c->lists = lists;
        list = &lists[c->list_count - 1];
    }
    struct config_function f = {.name = *e->function};
    size_t old = function_index(list, e->function);
    if (old < list->count) {
        f = list->functions[old];
        arena_remove(list->functions, &list->count, sizeof f, old);
    }
    return list_insert(list, a, e->position < list->count ? e->position : list->count, &f);
}

NTSTATUS edit_function_remove(struct config_context *c, struct arena *a,
                              const struct config_edit *e)
{
    (void)a;
    struct config_list *list = list_of(c, e->interface_id);
    size_t at = list == NULL ? 0 : function_index(list, e->function);
    if (list == NULL || at == list->count)
        return STATUS_NOT_FOUND;
    arena_remove(list->functions, &list->count, sizeof *list->functions, at);
    if (list->count == 0)
        arena_remove(c->lists, &c->list_count, sizeof *list, (size_t)(list - c->lists));
    return STATUS_SUCCESS;
}

NTSTATUS edit_function_flags(struct config_context *c, struct arena *a, const struct config_edit *e)
{
    (void)a;
    struct config_function *f = function_of(c, e);
    if (f == NULL)
        return STATUS_NOT_FOUND;
    f->flags = e->flags;
    return STATUS_SUCCESS;
}

/* Takes the provider out, if it is there. */
static bool provider_take(struct config_function *f, const struct name *provider)
{
    for (size_t i = 0; i < f->provider_count; i++) {
        if (name_is(provider, f->providers[i].s)) {
            arena_remove(f->providers, &f->provider_count, sizeof *f->providers, i);
            return true;
        }
    }
    return false;
}

NTSTATUS edit_provider_add(struct config_context *c, struct arena *a, const struct config_edit *e)
{
    struct config_edit at_end = *e;
    at_end.position = CRYPT_PRIORITY_BOTTOM;
    if (function_of(c, e) == NULL)
        TRY(edit_function_add(c, a, &at_end));
    struct config_function *f = function_of(c, e);
    (void)provider_take(f, e->item);
    size_t at = e->position < f->provider_count ? e->position : f->provider_count;
    struct name *grown =
        arena_insert(a, f->providers, &f->provider_count, sizeof *e->item, at, e->item);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    f->providers = grown;
    return STATUS_SUCCESS;
}

NTSTATUS edit_provider_remove(struct config_context *c, struct arena *a,
                              const struct config_edit *e)
{
    (void)a;
    struct config_function *f = function_of(c, e);
    return f != NULL && provider_take(f, e->item) ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

NTSTATUS edit_property(struct config_context *c, struct arena *a, const struct config_edit *e)
{
    struct config_function *f = function_of(c, e);
    if (f == NULL)
        return STATUS_NOT_FOUND;
    size_t at = 0;
    while (at < f->property_count && !name_is(e->item, f->properties[at].name.s))
        at++;
    bool there = at < f->property_count;
    if (e->value.p == NULL && !there)
        return STATUS_NOT_FOUND;
    if (there)
        arena_remove(f->properties, &f->property_count, sizeof *f->properties, at);
    if (e->value.p == NULL)
        return STATUS_SUCCESS;
    struct config_property fresh = {*e->item, e->value};
    struct config_property *grown =
        arena_insert(a, f->properties, &f->property_count, sizeof fresh, at, &fresh);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    f->properties = grown;
    return STATUS_SUCCESS;
}
