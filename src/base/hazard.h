/*
 * What each thread says that it uses, in a record of its own: of the handle table (handle.c), and only of it.
 *
 * A user says what it uses ("hazard"), then looks whether that still exists; whoever takes it away first makes it look gone, then asks all
 * records. Sequential consistency makes this safe on the way in: in the one order that all threads agree on, either the user sees
 * that it is gone, or the other sees the user. (Sequentially consistent stores rather than fences: they are cheaper on x86, and
 * ThreadSanitizer understands them.)
 *
 * On the way out the user takes its hazard back, then looks whether it is the one to clean up, and the same must hold. But to meet a user is
 * rare, and every call leaves: so the other one pays for both. It has the kernel run a barrier on all processors (membarrier) before it
 * asks again, and leaving is a plain store and a plain load. Where the kernel lacks that, leaving is an exchange.
 *
 * In a process of one thread nobody takes away what a call uses, but the call itself, or code that it calls. Where that is known not to
 * happen (struct object.quiet), nothing is said there. A thread that is made during the call is ours or libcrypto's, and uses no handles.
 */
#ifndef BASE_HAZARD_H
#define BASE_HAZARD_H

#include <stdatomic.h>

#include "alone.h"
#include "base.h"

#define HAZARDS 11 /* things that one thread may use at once */
#define ALL_HAZARDS ((1u << HAZARDS) - 1)
#define HAZARD_BYTES (2 * (size_t)CACHE_LINE) /* of a record, in which its hazards are */

struct slot;

/* The first hazards, as many as are used but by providers that call back, are in one line with what else a call needs. */
struct hazards {
    _Alignas(HAZARD_BYTES) uint32_t unused; /* a bit each; for its own thread */
    bool fenced;                            /* leaving needs an exchange */

    /* What the thread looked up last, as it was asked; the tag with which the slot was live for this thread; and the same where its object is
     * quiet, otherwise a tag that no slot has. */
    uint8_t last_kind;
    const void *last_handle;
    struct slot *last_slot;
    uint64_t last_tag;
    uint64_t last_quiet_tag;

    _Atomic(struct slot *) slot[HAZARDS];

    struct slot *spare; /* a free slot that the thread's next object gets, or NULL */
    _Atomic bool owned;
    struct hazards *next;
};

/* The address of a hazard tells both the record and the number. */
_Static_assert(offsetof(struct hazards, spare) <= HAZARD_BYTES, "hazards are in the first bytes");

/* The calling thread's; NULL: it has none yet. */
extern _Thread_local struct hazards *hazards_mine __attribute__((tls_model("initial-exec")));

/* Gives the calling thread one, in which nothing was looked up; NULL: out of memory. */
struct hazards *hazards_claim(void) MUST_CHECK;

/* Says in a record that has an unused hazard what the thread uses from now on. */
static inline __attribute__((always_inline)) void *hazard_take(struct hazards *r, struct slot *s)
{
    uint32_t unused = r->unused;
    size_t i = __builtin_ctzll(unused);
    _Atomic(struct slot *) *hazard = r->slot + i;
    r->unused = unused & (unused - 1);
    if (process_is_alone())
        atomic_store_explicit(hazard, s, memory_order_relaxed);
    else
        atomic_store(hazard, s);
    return hazard;
}

/* Takes it back, and returns it: what is read of it afterwards tells whether this thread was the last. */
static inline __attribute__((always_inline)) struct slot *hazard_drop(void *place)
{
    _Atomic(struct slot *) *hazard = place;
    struct hazards *r = (struct hazards *)((uintptr_t)hazard & ~(uintptr_t)(HAZARD_BYTES - 1));
    struct slot *s = atomic_load_explicit(hazard, memory_order_relaxed);
    if (r->fenced)
        atomic_store(hazard, NULL);
    else
        atomic_store_explicit(hazard, NULL, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst); /* loads that follow stay behind the store */
    r->unused |= 1u << (hazard - r->slot);
    return s;
}

/* Whether a thread uses it; with `own`, that can only be this one. */
bool hazard_is_held(const struct slot *s, bool own) MUST_CHECK;

/* After it, what other threads stored before is seen here, and they see what was stored here. */
void hazard_barrier(void);

/* Whether leaving is a plain store; and, for tests, whether it may be, while nobody uses anything. */
bool hazards_leave_free(void);
void hazards_allow_barrier(bool on);

#endif
