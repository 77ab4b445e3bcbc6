/*
 * What administrators and users chose: which providers there are beside the built-in one, and in which order
 * they are asked. It lies in small text files (config_format.c draws them), in two tables:
 * the machine's, and the user's own. This header is what the routers see: an immutable picture of both.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "name.h"
#include "ncrypt.h"

/* The built-in provider of bcrypt.h, and that of ncrypt.h. No file can name a provider so. */
#define CONFIG_PRIMITIVE_PROVIDER "Microsoft Primitive Provider"
#define CONFIG_KEY_STORAGE_PROVIDER "Microsoft Software Key Storage Provider"

#define CONFIG_DEFAULT_CONTEXT "Default"

/* The built-in provider of an interface. */
static inline const char *config_built_in_of(uint32_t interface_id)
{
    return interface_id == NCRYPT_KEY_STORAGE_INTERFACE ? CONFIG_KEY_STORAGE_PROVIDER
                                                        : CONFIG_PRIMITIVE_PROVIDER;
}

/* Whether a name is that of a built-in provider. */
static inline bool config_is_built_in(const struct name *name)
{
    return name_is(name, CONFIG_PRIMITIVE_PROVIDER) || name_is(name, CONFIG_KEY_STORAGE_PROVIDER);
}

/* ---- registered providers ------------------------------------------------------------------- */

/* One interface of a registered provider. */
struct config_interface {
    uint32_t id;    /* BCRYPT_..._INTERFACE, NCRYPT_KEY_STORAGE_INTERFACE */
    uint32_t flags; /* of CRYPT_INTERFACE_REG; kept, and without effect */
    size_t count;
    const struct name *functions; /* algorithms; for key stores {"KEY_STORAGE"} */
};

struct config_provider {
    struct name name;
    size_t alias_count;
    const struct name *aliases;
    const char
        *image; /* as registered: an absolute path, or the name of a file in the fixed folder */
    size_t interface_count;
    const struct config_interface *interfaces;
    bool machine; /* from the machine's table */
};

/* ---- contexts ------------------------------------------------------------------------------- */

struct config_property {
    struct name name;
    struct span value;
};

/* A function (an algorithm, a cipher suite) of a context. */
struct config_function {
    struct name name;
    uint32_t flags; /* CRYPT_EXCLUSIVE, CRYPT_OVERRIDE */
    size_t provider_count;
    struct name *providers; /* first the one to be asked first */
    size_t property_count;
    struct config_property *properties;
};

/* The functions of one interface, in order of priority. */
struct config_list {
    uint32_t interface_id;
    size_t count;
    struct config_function *functions;
};

struct config_context {
    struct name name;
    uint32_t flags; /* CRYPT_EXCLUSIVE, CRYPT_OVERRIDE */
    size_t list_count;
    struct config_list *lists;
};

struct config_contexts {
    size_t count;
    const struct config_context *list;
};

/* ---- the picture ---------------------------------------------------------------------------- */

/* For root the two are one: the machine's. */
enum config_table { CONFIG_USER, CONFIG_MACHINE, CONFIG_TABLES };

/* A file or folder that was not believed, and why. */
struct config_problem {
    const char *path;
    const char *text;
};

/* An immutable picture of both tables. */
struct config {
    size_t provider_count;
    const struct config_provider *providers; /* a user's own first; each name once */
    struct config_contexts in_force;         /* both tables merged; holds Default always */
    struct config_contexts tables[CONFIG_TABLES];
    size_t problem_count;
    const struct config_problem *problems;
};

/* The picture, counted. It is taken at first use, and anew after a change that was made by this library, or seen by
 * config_refresh. NULL: no memory. */
const struct config *config_acquire(void) MUST_CHECK;

/* NULL is accepted. */
void config_release(const struct config *c);

static inline void config_done(const struct config **c)
{
    config_release(*c);
}

/* CONFIG c = config_acquire(); releases by scope. */
#define CONFIG CLEANUP(config_done) const struct config *

/* Whether the context Default says anything about the order of algorithms' providers: one atomic load after first
 * use. When false, the built-in provider's rows come first, and nothing else needs to be read. */
bool config_orders(void) MUST_CHECK;

/* Looks whether files changed since the picture was taken, a stat for each of them; then the next one is taken anew. For
 * names that were not found, and before lists are shown. True: something may have changed. */
bool config_refresh(void);

/* A provider that may have a function. */
struct config_choice {
    const struct config_provider *p; /* NULL: the built-in one, which may not have the function */
    uint32_t
        interface_id; /* the one asked for, or where the provider has the function; 0: not known */
};

/* Providers of a function in the context Default, first the one to be asked first: those that the context lists for it, then,
 * unless it is exclusive about that, the built-in one and the other registered ones that have the function on that
 * interface (0: on any). Writes at most `max` of them, and returns how many there are. */
size_t config_order(const struct config *c, uint32_t interface_id, const struct name *function,
                    struct config_choice *out, size_t max) MUST_CHECK;

/* The same in another context, one of in_force; a function that Default has counts there too, as Microsoft documents for
 * exclusive contexts. */
size_t config_order_in(const struct config *c, const struct config_context *context,
                       uint32_t interface_id, const struct name *function,
                       struct config_choice *out, size_t max) MUST_CHECK;

/* By name, else by alias; NULL: none. */
const struct config_provider *config_find(const struct config *c, const struct name *name);

/* The interface on which the provider has the function; `interface_id` 0: any. NULL: it has not. */
const struct config_interface *config_offers(const struct config_provider *p, uint32_t interface_id,
                                             const struct name *function);

const struct config_context *config_context_find(const struct config_contexts *in,
                                                 const struct name *name);

/* Default, and the one of cipher suites: they are there without a file, too, and cannot be deleted. */
bool config_context_is_permanent(const struct name *name) MUST_CHECK;

/* The entry of a context; `interface_id` 0: of the first interface that has one. NULL: none. */
const struct config_function *config_function_find(const struct config_context *context,
                                                   uint32_t interface_id,
                                                   const struct name *function);

/* The path of the provider's image, for free(): absolute and without symbolic links; it and every folder above it belong to
 * root or the effective user, and nobody else may write to them (that a folder is sticky does not help).
 * STATUS_ACCESS_DENIED: not so. STATUS_NOT_FOUND: there is no such file. STATUS_INVALID_PARAMETER: what was registered is no path. */
NTSTATUS config_image_path(const struct config_provider *p, char **path) MUST_CHECK;

#endif
