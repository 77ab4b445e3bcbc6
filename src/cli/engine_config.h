/*
 * The configuration, as the tool sees it: registered providers and contexts through bcrypt.h and bcrypt_provider.h, their files through
 * opencng_config.h. Only engine_config.c, engine_registered.c and engine_probe.c call them. Names are UTF-8.
 */
#ifndef CLI_ENGINE_CONFIG_H
#define CLI_ENGINE_CONFIG_H

#include "engine.h"

/* Hears of one name after another. */
typedef void name_heard(const char *name, void *context);

/* ---- interfaces ----------------------------------------------------------------------------------------------- */

struct engine_interface {
    const char *word; /* NULL ends the table */
    uint32_t id;
    const char *entry; /* what a provider exports for it; NULL: nobody loads it */
};

extern const struct engine_interface engine_interfaces[];

/* By word, or by number (0x...); 0: there is none. */
uint32_t engine_interface_id(const char *text);

/* A row with the number; NULL: it has no word. */
const struct engine_interface *engine_interface_find(uint32_t id);

/* ---- registered providers (engine_registered.c) ---------------------------------------------------------------- */

NTSTATUS engine_registered_each(name_heard *each, void *context) MUST_CHECK;

/* What a provider is registered with. Strings live until the function returns. */
struct engine_registration_heard {
    void (*image)(const char *image, void *context);
    name_heard *alias;
    void (*function)(uint32_t interface_id, const char *function, void *context);
};

NTSTATUS engine_registered_show(const char *provider, const struct engine_registration_heard *heard,
                                void *context) MUST_CHECK;

struct engine_offer {
    uint32_t interface_id;
    const char *function;
};

/* Functions of one interface stand together. */
struct engine_registration {
    const char *name;
    const char *image;
    const char *const *aliases;
    size_t alias_count;
    const struct engine_offer *offers;
    size_t offer_count;
    bool overwrite;
};

NTSTATUS engine_register(const struct engine_registration *r) MUST_CHECK;
NTSTATUS engine_unregister(const char *name) MUST_CHECK;

/* ---- contexts (engine_config.c) --------------------------------------------------------------------------------- */

/* A function of a context, in the machine's table or the caller's own. */
struct engine_entry {
    bool machine;
    const char *context;
    uint32_t interface_id;
    const char *function;
};

NTSTATUS engine_contexts_each(bool machine, name_heard *each, void *context) MUST_CHECK;
NTSTATUS engine_functions_each(const struct engine_entry *e, name_heard *each,
                               void *context) MUST_CHECK;
NTSTATUS engine_providers_each(const struct engine_entry *e, name_heard *each,
                               void *context) MUST_CHECK;

enum { ENGINE_EXCLUSIVE = 1, ENGINE_OVERRIDE = 0x10000 };

/* Without a function: those of the context. */
NTSTATUS engine_flags_get(const struct engine_entry *e, uint32_t *flags) MUST_CHECK;
NTSTATUS engine_flags_set(const struct engine_entry *e, uint32_t flags) MUST_CHECK;

NTSTATUS engine_context_create(const struct engine_entry *e) MUST_CHECK;
NTSTATUS engine_context_delete(const struct engine_entry *e) MUST_CHECK;
NTSTATUS engine_function_add(const struct engine_entry *e, uint32_t position) MUST_CHECK;
NTSTATUS engine_function_remove(const struct engine_entry *e) MUST_CHECK;
NTSTATUS engine_provider_add(const struct engine_entry *e, const char *provider,
                             uint32_t position) MUST_CHECK;
NTSTATUS engine_provider_remove(const struct engine_entry *e, const char *provider) MUST_CHECK;

/* NULL takes it away. */
NTSTATUS engine_property_set(const struct engine_entry *e, const char *property,
                             const struct view *value) MUST_CHECK;

/* Who is asked after both tables, and the properties of the function. */
struct engine_resolved {
    name_heard *provider;
    void (*property)(const char *name, struct view value, void *context);
};

NTSTATUS engine_resolve(const struct engine_entry *e, const struct engine_resolved *heard,
                        void *context) MUST_CHECK;

/* ---- files -------------------------------------------------------------------------------------------------------- */

NTSTATUS engine_config_folder(bool machine, struct octets *path) MUST_CHECK;
NTSTATUS engine_config_problems(void (*each)(const char *path, const char *problem, void *context),
                                void *context) MUST_CHECK;
NTSTATUS engine_image_find(const char *image, struct octets *path) MUST_CHECK;

/* ---- trying a provider (engine_probe.c) --------------------------------------------------------------------------- */

/* Loads the image in a process of its own, and asks it for every function. DONE; otherwise `problem` says what is wrong. */
enum outcome engine_probe(const char *path, const struct engine_registration *r,
                          struct octets *problem) MUST_CHECK;

#endif
