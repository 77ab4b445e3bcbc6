/*
 * Idle operation contexts of one key. Making and initialising a libcrypto context costs up to a
 * microsecond and takes reference counts that all threads share; a kept one costs a load and a store in a
 * process with one thread, else two atomic exchanges. A thread takes a context out, has it to itself, and
 * gives it back.
 *
 * Most keys have one user, and many live for one operation: a pool begins as one place. When two threads
 * meet there it gets a place for each, on cache lines of their own, so that threads that share a key find the
 * context that they used last and do not disturb each other.
 *
 * The pool knows nothing about contexts: whoever finds it empty makes one, whoever finds it full
 * frees one.
 */
#ifndef PRIMITIVES_CTX_POOL_H
#define PRIMITIVES_CTX_POOL_H

#include <stdatomic.h>

#include "alone.h"
#include "base.h"

#define CTX_POOL_PLACES 16
#define CTX_POOL_MOST (1 + CTX_POOL_PLACES) /* contexts that a pool may hold */

/* Zeroed memory is an empty pool. */
struct ctx_pool {
    _Atomic(void *) first;
    _Atomic(struct ctx_pool_places *) places; /* NULL: nobody met yet */
};

/* The two below, wherever there is a context or room for one. */
void *ctx_pool_search(struct ctx_pool *pool) MUST_CHECK;
bool ctx_pool_store(struct ctx_pool *pool, void *ctx) MUST_CHECK;

/* An idle context, which is the caller's from now on; NULL when there is none. */
static inline MUST_CHECK void *ctx_pool_take(struct ctx_pool *pool)
{
    void *ctx = atomic_load_explicit(&pool->first, memory_order_relaxed);
    if (ctx == NULL || !process_is_alone())
        return ctx_pool_search(pool);
    atomic_store_explicit(&pool->first, NULL, memory_order_relaxed);
    return ctx;
}

/* Puts a context into the pool; false: no room, it is still the caller's. */
static inline MUST_CHECK bool ctx_pool_give(struct ctx_pool *pool, void *ctx)
{
    if (atomic_load_explicit(&pool->first, memory_order_relaxed) != NULL || !process_is_alone())
        return ctx_pool_store(pool, ctx);
    atomic_store_explicit(&pool->first, ctx, memory_order_relaxed);
    return true;
}

/* Empties the pool. Nobody else may be using it. */
void ctx_pool_drain(struct ctx_pool *pool, void (*release)(void *ctx));

#endif
