/*
 * What the commands of `cng providers` and `cng config` share: which table, and how a refusal is told, with the files that are
 * not believed, because they are often why.
 */
#ifndef CLI_CONFIG_ARGS_H
#define CLI_CONFIG_ARGS_H

#include "complain.h"
#include "engine_config.h"
#include "options.h"

#define CONFIG_OPTION_MACHINE(type)                                                                \
    OPTION(type, machine, "machine", 'm', NULL, "the machine's table instead of one's own")

/* DONE, or the refusal of a step, told. */
enum outcome config_told(const char *what, const char *step, NTSTATUS status) MUST_CHECK;

/* An interface by its word or number; complains where there is none. */
enum outcome config_interface(const char *text, uint32_t *id) MUST_CHECK;

/* "hash", or "0x00010099". The text lives until the next call. */
const char *config_interface_text(uint32_t id);

/* Says on standard error which files are ignored. */
void config_warn(void);

/* The commands, one row each. */
extern const struct verb providers_list, providers_show, providers_register, providers_unregister,
    providers_order;
extern const struct verb config_list, config_show, config_set, config_remove, config_files;

#endif
