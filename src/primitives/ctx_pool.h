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

#include "base.h"

#define CTX_POOL_SLOTS 16

/* Zeroed memory is an empty pool. */
struct ctx_pool {
    _Atomic(void *) slots[CTX_POOL_SLOTS];
};

/* An idle context, which is the caller's from now on; NULL when there is none. */
void *ctx_pool_take(struct ctx_pool *pool) MUST_CHECK;

/* Puts a context into the pool; false: no room, it is still the caller's. */
bool ctx_pool_give(struct ctx_pool *pool, void *ctx) MUST_CHECK;

/* Empties the pool. Nobody else may be using it. */
void ctx_pool_drain(struct ctx_pool *pool, void (*release)(void *ctx));

#endif
