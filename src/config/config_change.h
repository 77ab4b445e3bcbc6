/*
 * Changing the files: read, edited and written again under the table's lock, so that of two writers at a time neither
 * loses the other's change.
 *
 * Statuses of all: STATUS_ACCESS_DENIED: the system refuses, or a folder or file is not safe. STATUS_NO_MEMORY. STATUS_UNSUCCESSFUL: the
 * disk is full, or the like.
 */
#ifndef CONFIG_CONFIG_CHANGE_H
#define CONFIG_CONFIG_CHANGE_H

#include "config_arena.h"
#include "config.h"

/* What is done to a context; the members that `apply` does not speak of are not read. */
struct config_edit {
    NTSTATUS (*apply)(struct config_context *c, struct arena *a, const struct config_edit *e);
    uint32_t interface_id;
    const struct name *function;
    const struct name *item; /* a provider or a property */
    uint32_t position;       /* CRYPT_PRIORITY_TOP and so on; beyond the end: at the end */
    uint32_t flags;
    struct span value; /* of a property; NULL: it is taken away */
};

/* Flags of the context. */
NTSTATUS edit_context(struct config_context *c, struct arena *a, const struct config_edit *e);

/* Adds a function in front of the one at the position, or moves it there with all that belongs to it. */
NTSTATUS edit_function_add(struct config_context *c, struct arena *a, const struct config_edit *e);

/* STATUS_NOT_FOUND from here on: the context does not have the function, the function not the item. */
NTSTATUS edit_function_remove(struct config_context *c, struct arena *a,
                              const struct config_edit *e);
NTSTATUS edit_function_flags(struct config_context *c, struct arena *a,
                             const struct config_edit *e);
NTSTATUS edit_property(struct config_context *c, struct arena *a, const struct config_edit *e);
NTSTATUS edit_provider_remove(struct config_context *c, struct arena *a,
                              const struct config_edit *e);

/* Adds or moves a provider; a function that the context does not have yet is added at the end. */
NTSTATUS edit_provider_add(struct config_context *c, struct arena *a, const struct config_edit *e);

enum config_missing { CONFIG_MUST_EXIST, CONFIG_CREATE };

/* STATUS_NOT_FOUND: there is no such context. STATUS_DATA_ERROR: its file is damaged; it is left as it is.
 * STATUS_INVALID_PARAMETER: with the change it would be larger than a file may be. */
NTSTATUS config_context_change(enum config_table table, const struct name *context,
                               enum config_missing missing,
                               const struct config_edit *edit) MUST_CHECK;

/* STATUS_NOT_FOUND: there is no such file. */
NTSTATUS config_context_delete(enum config_table table, const struct name *context) MUST_CHECK;

/* STATUS_OBJECT_NAME_COLLISION: there is one of that name in the table, and it is not to be replaced. */
NTSTATUS config_provider_write(enum config_table table, const struct config_provider *p,
                               bool replace) MUST_CHECK;
NTSTATUS config_provider_delete(enum config_table table, const struct name *name) MUST_CHECK;

#endif
