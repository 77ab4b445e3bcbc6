/*
 * Kinds of arguments and results: how each is shown. A row of a function (trace.h) points to one for
 * each argument.
 */
#ifndef TRACE_TRACE_KIND_H
#define TRACE_TRACE_KIND_H

#include "trace_line.h"

struct trace_call;

struct trace_kind {
    /* Writes argument i between the call's parentheses; NULL: another argument shows it. */
    void (*show)(struct trace_line *l, const struct trace_call *call, size_t i);
    /* What the call returned through argument i, which is not NULL; NULL: nothing that is shown. */
    void (*returned)(struct trace_line *l, const void *at);
    /* Whether a call that returned `status` left something there. */
    bool (*has_returned)(NTSTATUS status);
};

extern const struct trace_kind trace_kind_handle;
extern const struct trace_kind trace_kind_flags;
extern const struct trace_kind trace_kind_number;
extern const struct trace_kind trace_kind_wide;    /* a string in the caller's width */
extern const struct trace_kind trace_kind_narrow;  /* a string of char */
extern const struct trace_kind trace_kind_memory;  /* bytes, of which only the number is shown */
extern const struct trace_kind trace_kind_size;    /* that number */
extern const struct trace_kind trace_kind_buffers; /* a parameter list: its types and sizes */
extern const struct trace_kind trace_kind_pointer; /* anything else that has an address */
extern const struct trace_kind trace_kind_out_handle;
extern const struct trace_kind trace_kind_out_byte;
extern const struct trace_kind trace_kind_out_ulong;
extern const struct trace_kind trace_kind_out_size;

/* Writes what a function returned. */
typedef void trace_result_fn(struct trace_line *l, uint32_t result);

trace_result_fn trace_result_status;
trace_result_fn trace_result_bool;
trace_result_fn trace_result_void;

#endif
