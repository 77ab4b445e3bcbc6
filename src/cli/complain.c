#include "complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    NTSTATUS status;
    const char *name;
    const char *sentence;
};

static const struct status_row statuses[] = {
#define OPENCNG_STATUS(symbol, value, sentence) {(NTSTATUS)(value), #symbol, sentence},
#include <opencng_status.def>
#undef OPENCNG_STATUS
};

/* Statuses that do not mean that the input is bad. */
static const struct {
    NTSTATUS status;
    enum outcome outcome;
} outcomes[] = {
    {STATUS_NOT_FOUND, UNAVAILABLE},     {STATUS_INVALID_SIGNATURE, REFUSED},
    {STATUS_AUTH_TAG_MISMATCH, REFUSED}, {STATUS_NO_MEMORY, BAD_SYSTEM},
    {STATUS_INTERNAL_ERROR, BAD_SYSTEM}, {STATUS_UNSUCCESSFUL, BAD_SYSTEM},
    {STATUS_INVALID_HANDLE, BAD_SYSTEM},
};

static const struct status_row *status_find(NTSTATUS status)
{
    for (size_t i = 0; i < ARRAY_COUNT(statuses); i++) {
        if (statuses[i].status == status)
            return &statuses[i];
    }
    return NULL;
}

const char *status_name(NTSTATUS status)
{
    const struct status_row *row = status_find(status);
    return row != NULL ? row->name : "unknown status";
}

const char *status_sentence(NTSTATUS status)
{
    const struct status_row *row = status_find(status);
    return row != NULL ? row->sentence : "The library gave a status that it does not explain.";
}

static void print_place(const char *file, const char *step)
{
    fputs("cng: ", stderr);
    if (file != NULL)
        fprintf(stderr, "%s: ", strcmp(file, "-") == 0 ? "standard input" : file);
    if (step != NULL)
        fprintf(stderr, "%s: ", step);
}

enum outcome complain(enum outcome outcome, const char *file, const char *step, const char *format,
                      ...)
{
    va_list args;
    va_start(args, format);
    print_place(file, step);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return outcome;
}

enum outcome complain_errno(enum outcome outcome, const char *file, const char *step, int error)
{
    return complain(outcome, file, step, "%s", strerror(error));
}

enum outcome complain_status(const char *file, const char *step, NTSTATUS status,
                             const char *advice)
{
    enum outcome outcome = BAD_INPUT;
    for (size_t i = 0; i < ARRAY_COUNT(outcomes); i++) {
        if (outcomes[i].status == status)
            outcome = outcomes[i].outcome;
    }
    print_place(file, step);
    fprintf(stderr, "%s (0x%08X): %s", status_name(status), (unsigned)status,
            status_sentence(status));
    fprintf(stderr, advice != NULL ? " %s\n" : "\n", advice);
    return outcome;
}

enum outcome complain_if_failed(const char *file, const char *step, NTSTATUS status,
                                const char *advice)
{
    return status >= 0 ? DONE : complain_status(file, step, status, advice);
}
