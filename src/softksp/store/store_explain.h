/* How the store refuses: a status for the caller, and for people which path, what is wrong and what to
 * do (store_explain in store.h). Formats nothing but the path, and that only on failure. */
#ifndef STORE_STORE_EXPLAIN_H
#define STORE_STORE_EXPLAIN_H

#include "store.h"

/* Notes the refusal and gives `status` back. `name` is a file in `folder`, or NULL; `remedy` may be NULL. */
SECURITY_STATUS store_refuse(SECURITY_STATUS status, const char *folder, const char *name,
                             const char *problem, const char *remedy);

/* The same for a system call that failed with `error` (an errno value). `reading` tells the two
 * kinds of I/O error apart. */
SECURITY_STATUS store_refuse_errno(int error, const char *folder, const char *name, bool reading);

/* Whether a status speaks of one file, so that others may well be good: damage, a newer version, a wrong owner or
 * mode. */
bool store_is_about_file(SECURITY_STATUS status) MUST_CHECK;

/* NTSTATUS of base and of bcrypt.h as the status that the store's callers know. */
SECURITY_STATUS store_status(NTSTATUS status);

#endif
