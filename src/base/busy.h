/*
 * The lock of one object that calls change: a hash, the chaining value of a key. Programs do not
 * use such an object from two threads at once, so it is nearly always free; when it is not, the
 * calls must happen one after another, or a buffer index inside libcrypto runs wild. Taking it costs
 * one atomic exchange of memory that belongs to the object, and a process with one thread not even that.
 */
#ifndef BASE_BUSY_H
#define BASE_BUSY_H

#include <stdatomic.h>

#include "alone.h"
#include "base.h"

/* Zeroed memory is a free lock. */
struct busy {
    _Atomic bool taken;
};

/* Waits for the holder to leave; busy.c. */
void busy_wait(struct busy *b);

/* Takes the lock if it is free. */
static inline bool busy_try(struct busy *b)
{
    if (!process_is_alone())
        return !atomic_exchange_explicit(&b->taken, true, memory_order_acquire);
    bool taken = atomic_load_explicit(&b->taken, memory_order_relaxed);
    atomic_store_explicit(&b->taken, true, memory_order_relaxed);
    return !taken;
}

static inline void busy_enter(struct busy *b)
{
    if (!busy_try(b))
        busy_wait(b);
}

static inline void busy_leave(struct busy *b)
{
    atomic_store_explicit(&b->taken, false, memory_order_release);
}

static inline void busy_done(struct busy **b)
{
    busy_leave(*b);
}

static inline struct busy *busy_take(struct busy *b)
{
    busy_enter(b);
    return b;
}

/* Holds the lock until the end of the scope: BUSY held = busy_take(&h->busy); */
#define BUSY CLEANUP(busy_done) __attribute__((unused)) struct busy *

#endif
