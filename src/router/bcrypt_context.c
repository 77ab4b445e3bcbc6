/* Contexts of the configuration: what is asked of one table is answered from a picture that is as new as the files; what is
 * changed is an edit (config/config_change.h). */
#include "router_config.h"

#include "config_format.h"
#include "config_place.h"

NTSTATUS config_name_check(const struct name *name)
{
    /* name.c: what cannot be a name matches nothing, and is no UTF-8. */
    bool good = name != NULL && name->s[0] != '\0' && (uint8_t)name->s[0] != 0xFF;
    return good ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS config_table_read(uint32_t table, enum config_table *out)
{
    if (table != CRYPT_LOCAL && table != CRYPT_DOMAIN)
        return STATUS_INVALID_PARAMETER;
    *out = table == CRYPT_DOMAIN ? CONFIG_MACHINE : place_local();
    return STATUS_SUCCESS;
}

/* ---- changing ---------------------------------------------------------------------------------- */

/* CRYPT_OVERRIDE lets the machine's entry win over a user's; in a user's own table it would say nothing. */
static NTSTATUS flags_check(uint32_t flags, enum config_table table)
{
    uint32_t known = CRYPT_EXCLUSIVE | (table == CONFIG_MACHINE ? CRYPT_OVERRIDE : 0u);
    return (flags & ~known) == 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS edit(uint32_t table, const struct name *context, enum config_missing missing,
                     const struct config_edit *e)
{
    enum config_table t;
    TRY(config_table_read(table, &t));
    TRY(config_name_check(context));
    TRY(flags_check(e->flags, t));
    return config_context_change(t, context, missing, e);
}

NTSTATUS router_function_edit(const struct entry_ref *at, struct config_edit e)
{
    TRY(config_name_check(at->function));
    if (at->interface_id == 0)
        return STATUS_INVALID_PARAMETER;
    e.interface_id = at->interface_id;
    e.function = at->function;
    return edit(at->table, at->context, CONFIG_MUST_EXIST, &e);
}

NTSTATUS router_context_configure(uint32_t table, const struct name *context,
                                  const CRYPT_CONTEXT_CONFIG *config)
{
    if (config == NULL)
        return STATUS_INVALID_PARAMETER;
    struct config_edit e = {.apply = edit_context, .flags = config->dwFlags};
    return edit(table, context, CONFIG_MUST_EXIST, &e);
}

NTSTATUS router_function_configure(const struct entry_ref *at,
                                   const CRYPT_CONTEXT_FUNCTION_CONFIG *config)
{
    if (config == NULL)
        return STATUS_INVALID_PARAMETER;
    return router_function_edit(
        at, (struct config_edit){.apply = edit_function_flags, .flags = config->dwFlags});
}

NTSTATUS router_function_property_set(const struct entry_ref *at, const struct name *property,
                                      const void *value, uint32_t n)
{
    TRY(config_name_check(property));
    if (n > CONFIG_VALUE_MAX)
        return STATUS_INVALID_PARAMETER;
    return router_function_edit(
        at,
        (struct config_edit){.apply = edit_property, .item = property, .value = span_of(value, n)});
}

/* Under the name that it is registered by; an alias may mean another one tomorrow. */
static NTSTATUS registered_name(const struct name *provider, struct name *out)
{
    TRY(config_name_check(provider));
    *out = *provider;
    if (config_is_built_in(provider))
        return STATUS_SUCCESS;
    (void)config_refresh();
    CONFIG c = config_acquire();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    const struct config_provider *p = config_find(c, provider);
    if (p == NULL)
        return STATUS_NOT_FOUND;
    *out = p->name;
    return STATUS_SUCCESS;
}

NTSTATUS router_function_provider_add(const struct entry_ref *at, const struct name *provider,
                                      uint32_t position)
{
    struct name name;
    TRY(registered_name(provider, &name));
    return router_function_edit(
        at, (struct config_edit){.apply = edit_provider_add, .item = &name, .position = position});
}

NTSTATUS router_function_provider_remove(const struct entry_ref *at, const struct name *provider)
{
    TRY(config_name_check(provider));
    struct config_edit e = {.apply = edit_provider_remove, .item = provider};
    NTSTATUS status = router_function_edit(at, e);
    if (status != STATUS_NOT_FOUND)
        return status;
    /* It is not listed under this name, which may be an alias, as in adding. */
    struct name name;
    TRY(registered_name(provider, &name));
    e.item = &name;
    return router_function_edit(at, e);
}

NTSTATUS router_context_delete(uint32_t table, const struct name *context)
{
    enum config_table t;
    TRY(config_table_read(table, &t));
    TRY(config_name_check(context));
    if (config_context_is_permanent(context))
        return STATUS_ACCESS_DENIED;
    return config_context_delete(t, context);
}

/* ---- asking ------------------------------------------------------------------------------------ */

/* A picture, and what is built from it for the answer. */
struct asking {
    const struct config *c;
    const struct config_contexts *contexts; /* of the table */
    struct arena arena;
};

static void asking_done(struct asking *a)
{
    config_release(a->c);
    arena_done(&a->arena);
}

#define ASKING CLEANUP(asking_done) struct asking

static NTSTATUS asking_init(struct asking *a, uint32_t table)
{
    enum config_table t;
    TRY(config_table_read(table, &t));
    (void)config_refresh();
    a->c = config_acquire();
    if (a->c == NULL)
        return STATUS_NO_MEMORY;
    a->contexts = &a->c->tables[t];
    return STATUS_SUCCESS;
}

static NTSTATUS context_of(const struct asking *a, const struct name *name,
                           const struct config_context **out)
{
    TRY(config_name_check(name));
    *out = config_context_find(a->contexts, name);
    return *out == NULL ? STATUS_NOT_FOUND : STATUS_SUCCESS;
}

static NTSTATUS function_of(const struct asking *a, const struct entry_ref *at,
                            const struct config_function **out)
{
    const struct config_context *context;
    TRY(config_name_check(at->function));
    if (at->interface_id == 0)
        return STATUS_INVALID_PARAMETER;
    TRY(context_of(a, at->context, &context));
    *out = config_function_find(context, at->interface_id, at->function);
    return *out == NULL ? STATUS_NOT_FOUND : STATUS_SUCCESS;
}

NTSTATUS strings_view(struct arena *a, const void *items, size_t n, size_t size, PWSTR **out)
{
    *out = arena_alloc(a, n * sizeof **out);
    if (*out == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        (*out)[i] = block_string((const char *)items + i * size);
    return STATUS_SUCCESS;
}

_Static_assert(offsetof(struct config_context, name) == 0 &&
                   offsetof(struct config_function, name) == 0,
               "strings_view takes what begins with its name");

NTSTATUS router_context_create(uint32_t table, const struct name *context,
                               const CRYPT_CONTEXT_CONFIG *config)
{
    const struct config_context *there;
    ASKING a = {0};
    TRY(asking_init(&a, table));
    NTSTATUS status = context_of(&a, context, &there);
    struct config_edit e = {.apply = edit_context, .flags = config == NULL ? 0 : config->dwFlags};
    return status == STATUS_NOT_FOUND ? edit(table, context, CONFIG_CREATE, &e) : status;
}

NTSTATUS router_contexts(uint32_t table, const struct block_target *to)
{
    ASKING a = {0};
    TRY(asking_init(&a, table));
    CRYPT_CONTEXTS view = {.cContexts = (ULONG)a.contexts->count};
    TRY(strings_view(&a.arena, a.contexts->list, a.contexts->count, sizeof *a.contexts->list,
                     &view.rgpszContexts));
    return block_give(to, &shape_contexts, &view);
}

NTSTATUS router_context_flags(uint32_t table, const struct name *context,
                              const struct block_target *to)
{
    const struct config_context *found;
    ASKING a = {0};
    TRY(asking_init(&a, table));
    TRY(context_of(&a, context, &found));
    CRYPT_CONTEXT_CONFIG view = {.dwFlags = found->flags};
    return block_give(to, &shape_flags, &view);
}

/* None is an answer, too: Windows answers so for SSL (observed). */
NTSTATUS router_context_functions(uint32_t table, const struct name *context, uint32_t interface_id,
                                  const struct block_target *to)
{
    const struct config_context *found;
    ASKING a = {0};
    if (interface_id == 0)
        return STATUS_INVALID_PARAMETER;
    TRY(asking_init(&a, table));
    TRY(context_of(&a, context, &found));
    CRYPT_CONTEXT_FUNCTIONS view = {0};
    for (size_t i = 0; i < found->list_count; i++) {
        const struct config_list *list = &found->lists[i];
        if (list->interface_id != interface_id)
            continue;
        view.cFunctions = (ULONG)list->count;
        TRY(strings_view(&a.arena, list->functions, list->count, sizeof *list->functions,
                         &view.rgpszFunctions));
    }
    return block_give(to, &shape_functions, &view);
}

NTSTATUS router_function_flags(const struct entry_ref *at, const struct block_target *to)
{
    const struct config_function *found;
    ASKING a = {0};
    TRY(asking_init(&a, at->table));
    TRY(function_of(&a, at, &found));
    CRYPT_CONTEXT_FUNCTION_CONFIG view = {.dwFlags = found->flags};
    return block_give(to, &shape_flags, &view);
}

NTSTATUS router_function_providers(const struct entry_ref *at, const struct block_target *to)
{
    const struct config_function *found;
    ASKING a = {0};
    TRY(asking_init(&a, at->table));
    TRY(function_of(&a, at, &found));
    CRYPT_PROVIDERS view = {.cProviders = (ULONG)found->provider_count};
    TRY(strings_view(&a.arena, found->providers, found->provider_count, sizeof *found->providers,
                     &view.rgpszProviders));
    return block_give(to, &shape_providers, &view);
}

NTSTATUS router_function_property(const struct entry_ref *at, const struct name *property,
                                  const struct block_target *to)
{
    const struct config_function *found;
    ASKING a = {0};
    TRY(config_name_check(property));
    TRY(asking_init(&a, at->table));
    TRY(function_of(&a, at, &found));
    for (size_t i = 0; i < found->property_count; i++) {
        if (name_is(property, found->properties[i].name.s))
            return block_give_bytes(to, found->properties[i].value);
    }
    return STATUS_NOT_FOUND;
}
