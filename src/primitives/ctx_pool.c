/* The pool (ctx_pool.h): a few slots, each taken and filled by one atomic exchange. */
#include "ctx_pool.h"

/* The slot at which this thread starts to look: threads are numbered in the
 * order in which they come here. */
static unsigned first_slot(void)
{
    static _Atomic unsigned threads;
    static _Thread_local unsigned mine __attribute__((tls_model("initial-exec")));
    if (mine == 0)
        mine = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % CTX_POOL_SLOTS + 1;
    return mine - 1;
}

static void *empty_slot(_Atomic(void *) *slot)
{
    if (!process_is_alone())
        return atomic_exchange_explicit(slot, NULL, memory_order_acquire);
    void *ctx = atomic_load_explicit(slot, memory_order_relaxed);
    atomic_store_explicit(slot, NULL, memory_order_relaxed);
    return ctx;
}

static bool fill_slot(_Atomic(void *) *slot, void *ctx)
{
    void *empty = NULL;
    if (!process_is_alone())
        return atomic_compare_exchange_strong_explicit(slot, &empty, ctx, memory_order_release,
                                                       memory_order_relaxed);
    atomic_store_explicit(slot, ctx, memory_order_relaxed);
    return true;
}

void *ctx_pool_search(struct ctx_pool *pool)
{
    unsigned first = first_slot();
    for (unsigned i = 0; i < CTX_POOL_SLOTS; i++) {
        _Atomic(void *) *slot = &pool->slots[(first + i) % CTX_POOL_SLOTS];
        if (atomic_load_explicit(slot, memory_order_relaxed) == NULL)
            continue;
        void *ctx = empty_slot(slot);
        if (ctx != NULL)
            return ctx;
    }
    return NULL;
}

bool ctx_pool_store(struct ctx_pool *pool, void *ctx)
{
    unsigned first = first_slot();
    for (unsigned i = 0; i < CTX_POOL_SLOTS; i++) {
        _Atomic(void *) *slot = &pool->slots[(first + i) % CTX_POOL_SLOTS];
        if (atomic_load_explicit(slot, memory_order_relaxed) == NULL && fill_slot(slot, ctx))
            return true;
    }
    return false;
}

void ctx_pool_drain(struct ctx_pool *pool, void (*release)(void *ctx))
{
    for (unsigned i = 0; i < CTX_POOL_SLOTS; i++) {
        void *ctx = atomic_load_explicit(&pool->slots[i], memory_order_acquire);
        if (ctx == NULL)
            continue;
        atomic_store_explicit(&pool->slots[i], NULL, memory_order_relaxed);
        release(ctx);
    }
}
