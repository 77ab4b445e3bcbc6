/*
 * Where the two tables lie, and which folders and files of them are believed: those that nobody but root and
 * the effective user can change.
 *
 *     machine   /etc/opencng                                   OPENCNG_HOME=DIR   DIR/machine/config
 *     user      $XDG_CONFIG_HOME/opencng, ~/.config/opencng                       DIR/user/config
 *
 * with a folder `providers` and a folder `contexts` in each. The environment is read at first use, and never in
 * set-user-id programs. Root has no table of its own: the machine's is root's.
 */
#ifndef CONFIG_CONFIG_PLACE_H
#define CONFIG_CONFIG_PLACE_H

#include <sys/stat.h>

#include "config.h"
#include "fd.h"

enum config_kind { CONFIG_PROVIDERS, CONFIG_CONTEXTS, CONFIG_KINDS };

/* Bytes of a file's name, with its NUL. */
#define PLACE_FILE_BYTES 256

/* The table's folder; NULL: there is none. */
const char *place_path(enum config_table table);

/* What is wrong with the environment; NULL: nothing. */
const struct config_problem *place_problem(void);

/* The table that CRYPT_LOCAL means. */
enum config_table place_local(void);

/* "providers", "contexts" */
const char *place_kind(enum config_kind kind);

/* The name of the file of a provider or context: ASCII letters small, other bytes than letters, digits, dots, dashes and underlines as %XX,
 * and .conf. */
void place_file(const struct name *name, char out[PLACE_FILE_BYTES]);

/* Why a file is not believed that has this name inside, as after a copy; NULL: it is the name's own. */
const char *place_name_flaw(const struct name *inside, const char *file);

/* Whether a folder's entry is such a file. */
bool place_is_file(const char *file) MUST_CHECK;

/* Why what was opened is not believed; NULL: it is. */
const char *place_flaw(const struct stat *st, bool folder);

/* Makes the table's folders where they are missing. STATUS_ACCESS_DENIED, STATUS_NO_MEMORY, STATUS_UNSUCCESSFUL: what the
 * system said. */
NTSTATUS place_make(enum config_table table) MUST_CHECK;

/* Opens the table's folder, or one of its two, and checks it. With *fd = -1: *flaw is why it is not believed, or NULL: it is missing. */
void place_open(enum config_table table, int *fd, struct stat *st, const char **flaw);
void place_open_kind(int table, enum config_kind kind, int *fd, struct stat *st, const char **flaw);

/* What the system's error number is. */
NTSTATUS place_status(int error);

#endif
