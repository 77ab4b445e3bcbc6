/*
 * Idle operation contexts of one key. Making and initialising a libcrypto context costs up to a
 * microsecond and takes reference counts that all threads share; a kept one costs two atomic
 * exchanges. A thread takes a context out, has it to itself, and gives it back. Each thread starts
 * looking at a slot of its own, so that threads that share a key normally find the context that
 * they used last.
 *
 * The pool knows nothing about contexts: whoever finds it empty makes one, whoever finds it full
 * frees one.
 */
#ifndef PRIMITIVES_CTX_POOL_H
#define PRIMITIVES_CTX_POOL_H

#include <stdatomic.h>

#include "alone.h"
#include "base.h"

#define CTX_POOL_SLOTS 16

/* Zeroed memory is an empty pool. */
struct ctx_pool {
    _Atomic(void *) slots[CTX_POOL_SLOTS];
};

/* The two below, over all slots. */
void *ctx_pool_search(struct ctx_pool *pool) MUST_CHECK;
bool ctx_pool_store(struct ctx_pool *pool, void *ctx) MUST_CHECK;

/* An idle context, which is the caller's from now on; NULL when there is none. */
static inline MUST_CHECK void *ctx_pool_take(struct ctx_pool *pool)
{
    void *ctx = atomic_load_explicit(&pool->slots[0], memory_order_relaxed);
    if (ctx == NULL || !process_is_alone())
        return ctx_pool_search(pool);
    atomic_store_explicit(&pool->slots[0], NULL, memory_order_relaxed);
    return ctx;
}

/* Puts a context into the pool; false: no room, it is still the caller's. */
static inline MUST_CHECK bool ctx_pool_give(struct ctx_pool *pool, void *ctx)
{
    if (atomic_load_explicit(&pool->slots[0], memory_order_relaxed) != NULL || !process_is_alone())
        return ctx_pool_store(pool, ctx);
    atomic_store_explicit(&pool->slots[0], ctx, memory_order_relaxed);
    return true;
}

/* Empties the pool. Nobody else may be using it. */
void ctx_pool_drain(struct ctx_pool *pool, void (*release)(void *ctx));

#endif
