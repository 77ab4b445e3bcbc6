/* The pool (ctx_pool.h) where the short way through it ends: places that are taken and filled by one atomic exchange. */
#include "ctx_pool.h"

#include <stdlib.h>

struct place {
    _Alignas(CACHE_LINE) _Atomic(void *) ctx;
};

struct ctx_pool_places {
    struct place of[CTX_POOL_PLACES];
};

/* The place at which this thread starts to look: threads are numbered in the
 * order in which they come here. */
static unsigned own_place(void)
{
    static _Atomic unsigned threads;
    static _Thread_local unsigned mine __attribute__((tls_model("initial-exec")));
    if (mine == 0)
        mine = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % CTX_POOL_PLACES + 1;
    return mine - 1;
}

static void *empty(_Atomic(void *) *place)
{
    if (atomic_load_explicit(place, memory_order_relaxed) == NULL)
        return NULL;
    return atomic_exchange_explicit(place, NULL, memory_order_acquire);
}

static bool fill(_Atomic(void *) *place, void *ctx)
{
    void *none = NULL;
    return atomic_load_explicit(place, memory_order_relaxed) == NULL &&
           atomic_compare_exchange_strong_explicit(place, &none, ctx, memory_order_release,
                                                   memory_order_relaxed);
}

void *ctx_pool_search(struct ctx_pool *pool)
{
    struct ctx_pool_places *places = atomic_load_explicit(&pool->places, memory_order_acquire);
    if (places == NULL)
        return empty(&pool->first);
    unsigned own = own_place();
    for (unsigned i = 0; i < CTX_POOL_PLACES; i++) {
        void *ctx = empty(&places->of[(own + i) % CTX_POOL_PLACES].ctx);
        if (ctx != NULL)
            return ctx;
    }
    return empty(&pool->first);
}

/* The places, made when they are wanted for the first time; NULL: out of memory. */
static struct ctx_pool_places *places_of(struct ctx_pool *pool)
{
    struct ctx_pool_places *places = atomic_load_explicit(&pool->places, memory_order_acquire);
    if (places != NULL)
        return places;
    struct ctx_pool_places *made = aligned_alloc(CACHE_LINE, sizeof *made);
    if (made == NULL)
        return NULL;
    for (unsigned i = 0; i < CTX_POOL_PLACES; i++)
        atomic_init(&made->of[i].ctx, NULL);
    if (atomic_compare_exchange_strong_explicit(&pool->places, &places, made, memory_order_acq_rel,
                                                memory_order_acquire))
        return made;
    free(made);
    return places;
}

bool ctx_pool_store(struct ctx_pool *pool, void *ctx)
{
    bool met = atomic_load_explicit(&pool->places, memory_order_relaxed) != NULL;
    if (!met && fill(&pool->first, ctx))
        return true;
    struct ctx_pool_places *places = places_of(pool);
    if (places == NULL)
        return false;
    unsigned own = own_place();
    for (unsigned i = 0; i < CTX_POOL_PLACES; i++) {
        if (fill(&places->of[(own + i) % CTX_POOL_PLACES].ctx, ctx))
            return true;
    }
    return fill(&pool->first, ctx);
}

void ctx_pool_drain(struct ctx_pool *pool, void (*release)(void *ctx))
{
    void *first = empty(&pool->first);
    if (first != NULL)
        release(first);
    struct ctx_pool_places *places = atomic_load_explicit(&pool->places, memory_order_acquire);
    if (places == NULL)
        return;
    for (unsigned i = 0; i < CTX_POOL_PLACES; i++) {
        void *ctx = empty(&places->of[i].ctx);
        if (ctx != NULL)
            release(ctx);
    }
    atomic_store_explicit(&pool->places, NULL, memory_order_relaxed);
    free(places);
}
