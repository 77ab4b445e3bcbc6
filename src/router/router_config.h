/* The configuration behind the border: contexts and registered providers. Names are the caller's; NULL is a NULL string. */
#ifndef ROUTER_ROUTER_CONFIG_H
#define ROUTER_ROUTER_CONFIG_H

#include "block.h"
#include "config_change.h"

/* STATUS_INVALID_PARAMETER: NULL, empty, or what cannot be a name. */
NTSTATUS config_name_check(const struct name *name) MUST_CHECK;

/* CRYPT_LOCAL, CRYPT_DOMAIN. */
NTSTATUS config_table_read(uint32_t table, enum config_table *out) MUST_CHECK;

/* Strings for POINTS_AT_STRINGS (block.h), one from each item of `size` bytes, which begins with its name. */
NTSTATUS strings_view(struct arena *a, const void *items, size_t n, size_t size,
                      PWSTR **out) MUST_CHECK;

/* ---- contexts (bcrypt_context.c) --------------------------------------------------------------- */

/* Which function of which context. */
struct entry_ref {
    uint32_t table;
    const struct name *context;
    uint32_t interface_id;
    const struct name *function;
};

NTSTATUS router_context_create(uint32_t table, const struct name *context,
                               const CRYPT_CONTEXT_CONFIG *config) MUST_CHECK;
NTSTATUS router_context_delete(uint32_t table, const struct name *context) MUST_CHECK;
NTSTATUS router_context_configure(uint32_t table, const struct name *context,
                                  const CRYPT_CONTEXT_CONFIG *config) MUST_CHECK;
NTSTATUS router_contexts(uint32_t table, const struct block_target *to) MUST_CHECK;
NTSTATUS router_context_flags(uint32_t table, const struct name *context,
                              const struct block_target *to) MUST_CHECK;
NTSTATUS router_context_functions(uint32_t table, const struct name *context, uint32_t interface_id,
                                  const struct block_target *to) MUST_CHECK;

/* `edit` is completed by the function that `at` names. */
NTSTATUS router_function_edit(const struct entry_ref *at, struct config_edit edit) MUST_CHECK;
NTSTATUS router_function_configure(const struct entry_ref *at,
                                   const CRYPT_CONTEXT_FUNCTION_CONFIG *config) MUST_CHECK;
NTSTATUS router_function_property_set(const struct entry_ref *at, const struct name *property,
                                      const void *value, uint32_t n) MUST_CHECK;
NTSTATUS router_function_provider_add(const struct entry_ref *at, const struct name *provider,
                                      uint32_t position) MUST_CHECK;
NTSTATUS router_function_provider_remove(const struct entry_ref *at,
                                         const struct name *provider) MUST_CHECK;
NTSTATUS router_function_flags(const struct entry_ref *at,
                               const struct block_target *to) MUST_CHECK;
NTSTATUS router_function_providers(const struct entry_ref *at,
                                   const struct block_target *to) MUST_CHECK;
NTSTATUS router_function_property(const struct entry_ref *at, const struct name *property,
                                  const struct block_target *to) MUST_CHECK;

/* ---- registered providers (bcrypt_registered.c) ------------------------------------------------- */

NTSTATUS router_register(const struct name *provider, uint32_t flags,
                         const CRYPT_PROVIDER_REG *registration, enum width w) MUST_CHECK;
NTSTATUS router_unregister(const struct name *provider) MUST_CHECK;
NTSTATUS router_registration(const struct name *provider, uint32_t mode, uint32_t interface_id,
                             const struct block_target *to) MUST_CHECK;
NTSTATUS router_registered(const struct block_target *to) MUST_CHECK;

/* The built-in providers as if they were registered, that of bcrypt.h from its rows. */
#define BUILT_INS 2
NTSTATUS built_in_registrations(struct arena *a, struct config_provider out[BUILT_INS]) MUST_CHECK;

/* What the provider is registered with, for shape_provider_reg; `interface_id` 0: all interfaces. */
NTSTATUS registration_view(struct arena *a, const struct config_provider *p, uint32_t interface_id,
                           CRYPT_PROVIDER_REG *out) MUST_CHECK;

/* ---- resolution by context (bcrypt_resolved.c) --------------------------------------------------- */

struct resolve_query {
    const struct name *context;  /* NULL or empty: Default */
    uint32_t interface_id;       /* 0: the function's */
    const struct name *function; /* NULL: those of the interface */
    const struct name *provider; /* NULL: all */
    uint32_t mode;
    uint32_t flags;
};

NTSTATUS router_resolve_providers(const struct resolve_query *q,
                                  const struct block_target *to) MUST_CHECK;

#endif
