/*
 * What the commands of `cng store` share: the scope, the passphrase that may open the store, and how a refusal is told,
 * with the path and the remedy that the library knows.
 */
#ifndef CLI_STORE_ARGS_H
#define CLI_STORE_ARGS_H

#include "complain.h"
#include "engine_store.h"
#include "secret_source.h"

struct store_args {
    bool machine;
    struct passphrase_source passphrase;
    bool json;
};

/* Members called `store` of type struct store_args. */
#define STORE_OPTION_MACHINE(type)                                                                 \
    OPTION(type, store.machine, "machine", 'm', NULL, "the machine's keys instead of the user's")
#define STORE_OPTION_JSON(type)                                                                    \
    OPTION(type, store.json, "json", 0, NULL, "report in JSON on standard output")
#define STORE_OPTIONS_PASSPHRASE(type)                                                             \
    PASSPHRASE_SOURCE_OPTIONS(type, store.passphrase, "passphrase")
#define STORE_OPTION_SPEC(type)                                                                    \
    OPTION(type, spec, "spec", 0, "NUMBER", "0 (default), 1 AT_KEYEXCHANGE, 2 AT_SIGNATURE")

/* Opens the provider, and gives it the passphrase where one is named. */
enum outcome store_enter(const struct store_args *args, struct engine_store *out) MUST_CHECK;

/* DONE, or the refusal of a step, told. */
enum outcome store_told(const char *what, const char *step, NTSTATUS status) MUST_CHECK;

/* Whether the refusal is the want of a passphrase, and the user has given one now: then try again. Asks once, on a
 * terminal, where none was named. */
bool store_may_retry(const struct store_args *args, const struct engine_store *store,
                     NTSTATUS status);

/* The commands, one row each; `cng store help COMMAND` prints their help. */
extern const struct verb store_list, store_show, store_delete;
extern const struct verb store_create, store_import;
extern const struct verb store_export, store_sign, store_decrypt;
extern const struct verb store_slots, store_protect, store_change, store_unprotect;
extern const struct verb store_rotate, store_check;

#endif
