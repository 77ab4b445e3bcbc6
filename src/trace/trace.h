/*
 * The trace of calls: OPENCNG_TRACE=FILE logs each call of an exported function
 * (docs/tracing.md).
 *
 * Every exported function is a wrapper that tools/make_trace.py writes from the public headers and
 * abi/NAME.syms: one load and one branch when the trace is off, then a jump to the function itself,
 * which the library holds under the name untraced_FUNCTION (tools/rename_symbols.py). A wrapper
 * knows its function only through a constant row; this layer knows rows, never functions.
 *
 * What is shown is names, sizes, flags, handles and statuses. The kinds of arguments
 * (trace_kind.h) have no way to show what a pointer points at but for strings of the API and results
 * that are numbers, so no data, key or password can get into the file.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "trace_kind.h"

#include <stdatomic.h>
#include <time.h>

/* Known since the first call: the environment is read then, whatever constructor makes it. */
enum { TRACE_OFF, TRACE_ON, TRACE_UNKNOWN };
extern atomic_int trace_state
    __attribute__((__visibility__("hidden"))); /* reached without a table */

/* Not counted in coverage builds: a counter behind a wrapper's last call would keep it from being a jump. */
#define TRACE_UNCOUNTED __attribute__((__no_profile_instrument_function__))

/* Whether a wrapper has nothing to do. */
TRACE_UNCOUNTED static inline bool trace_is_off(void)
{
    return __builtin_expect(atomic_load_explicit(&trace_state, memory_order_relaxed) == TRACE_OFF,
                            1);
}

/* One argument in its function's row. */
struct trace_arg {
    const char *name;
    const struct trace_kind *kind;
    size_t size_at; /* which argument counts this memory's bytes */
};

/* A function. */
struct trace_row {
    const char *name;
    trace_result_fn *result;
    size_t unit; /* bytes of a character of the caller's strings */
    size_t count;
    const struct trace_arg *args;
};

/* A call under way, in its wrapper's frame. */
struct trace_call {
    const struct trace_row *row;
    const uintptr_t *args;
    const void *caller; /* the address that it returns to */
    bool on;
    struct timespec time;  /* of day, UTC */
    struct timespec start; /* by the clock that nobody sets */
};

/* Before the function and after it; errno stays as it is. `result` is what it returned, 0 for VOID. */
void trace_begin(struct trace_call *call);
void trace_end(const struct trace_call *call, uint32_t result);

#endif
