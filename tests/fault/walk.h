/*
 * A life is a sequence of calls of the public API. It is walked once without faults and then again and again, each time with
 * another request for memory refused: only that one, or all from it on. What a walk promises about every call:
 *
 *   - the status is the one that the call has without faults, or STATUS_NO_MEMORY when memory was refused in this call;
 *   - a call that failed has left its outputs alone, or zero;
 *   - after one refusal the same call, repeated, has its ordinary status: nothing is damaged for good;
 *   - what releases something succeeds however little memory there is;
 *   - libcrypto's error queue is empty, and what was not released is counted (alloc.c).
 */
#ifndef FAULT_WALK_H
#define FAULT_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base.h"

struct walk {
    const char *life;
    unsigned long refuse; /* number of the request that is refused; 0: none */
    bool from_then_on;
    bool over; /* memory is out: nothing but releasing is left to do */
    unsigned long refused_before;
    bool again;
};

/* Makes a call with injection armed. `out`, `n`: its output, filled with a pattern before. True: it has the wanted
 * status. */
#define WANT(w, out, n, want, call)                                                                \
    (!(w)->over &&                                                                                 \
     ((walk_begin(w, out, n), walk_end(w, out, n, want, (call), #call)) ||                         \
      (walk_repeats(w) && (walk_begin(w, out, n), walk_end(w, out, n, want, (call), #call)))))
#define CALL(w, out, n, call) WANT(w, out, n, STATUS_SUCCESS, call)

/* A call that releases something. */
#define DROP(w, call) (walk_begin(w, NULL, 0), walk_dropped(w, (call), #call))

/* A result of calls that succeeded. */
#define HOLDS(w, cond) walk_holds(w, (cond), #cond)

void walk_begin(struct walk *w, void *out, size_t n);
bool walk_end(struct walk *w, void *out, size_t n, NTSTATUS want, NTSTATUS got, const char *call);
bool walk_repeats(struct walk *w);
void walk_dropped(struct walk *w, NTSTATUS got, const char *call);
bool walk_holds(struct walk *w, bool cond, const char *what);

/* ---- findings: shared with child processes ---- */

void findings_share(void);
void finding_add(const struct walk *w, const char *what, NTSTATUS status, const char *call);

/* Prints those of a life as comments; how many there are. */
unsigned findings_print(const char *life);

#endif
