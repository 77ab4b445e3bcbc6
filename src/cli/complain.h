/*
 * What the user is told when something is wrong: one line on standard error that says which file, which step, what
 * happened and, where the tool knows, what to do. Statuses of the library are explained with the library's own
 * sentences (opencng_status.def).
 */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

#include "cli.h"

/* "cng: FILE: STEP: text"; file and step may be NULL. Returns `outcome`. */
enum outcome complain(enum outcome outcome, const char *file, const char *step, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

/* The same for errno. */
enum outcome complain_errno(enum outcome outcome, const char *file, const char *step, int error);

/* The same for a status of the library; `advice` says what to do, or is NULL. The outcome follows from the status. */
enum outcome complain_status(const char *file, const char *step, NTSTATUS status,
                             const char *advice);

/* DONE when the status is good, otherwise as above. */
enum outcome complain_if_failed(const char *file, const char *step, NTSTATUS status,
                                const char *advice);

/* The symbol and the sentence of a status; "unknown status" for one that the table does not have. */
const char *status_name(NTSTATUS status);
const char *status_sentence(NTSTATUS status);

#endif
