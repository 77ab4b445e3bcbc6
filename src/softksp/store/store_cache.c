/*
 * The KEK that a store has found, in locked memory. One lock for all stores of the process: it is held
 * for the copy of 64 bytes, and over fork, so that a child finds it free.
 */
#include <pthread.h>
#include <string.h>

#include "store_explain.h"
#include "store_kek.h"

struct cache {
    bool full;
    bool has_retired;
    struct stamp stamp;
    uint8_t id[STORE_KEK_ID_BYTES];
    uint8_t retired_id[STORE_KEK_ID_BYTES];
    uint8_t keys[RING_BYTES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void enter(void)
{
    pthread_mutex_lock(&lock);
}

static void leave(void)
{
    pthread_mutex_unlock(&lock);
}

static void start(void)
{
    pthread_atfork(enter, leave, leave);
}

SECURITY_STATUS cache_new(struct cache **out)
{
    pthread_once(&once, start);
    struct cache *c = secret_calloc(sizeof *c);
    if (c == NULL)
        return NTE_NO_MEMORY;
    *out = c;
    return STATUS_SUCCESS;
}

void cache_free(struct cache *c)
{
    secret_free(c, sizeof *c);
}

void cache_forget(struct cache *c)
{
    enter();
    wipe(c, sizeof *c);
    leave();
}

void cache_put(struct cache *c, const struct ring *r)
{
    enter();
    *c = (struct cache){.full = true, .has_retired = r->has_retired, .stamp = r->stamp};
    memcpy(c->id, r->id, sizeof c->id);
    memcpy(c->retired_id, r->retired_id, sizeof c->retired_id);
    memcpy(c->keys, r->keys.p, r->keys.n < sizeof c->keys ? r->keys.n : sizeof c->keys);
    leave();
}

bool cache_get(struct cache *c, struct ring *out)
{
    /* The copy's memory is taken before the lock: the pool of secrets has a lock of its own. */
    SECRET keys = {NULL, 0};
    if (secret_new(&keys, sizeof c->keys) < 0)
        return false;
    enter();
    bool full = c->full;
    *out = (struct ring){.stamp = c->stamp, .has_retired = c->has_retired};
    memcpy(out->id, c->id, sizeof out->id);
    memcpy(out->retired_id, c->retired_id, sizeof out->retired_id);
    memcpy(keys.p, c->keys, sizeof c->keys);
    leave();
    if (!full)
        return false;
    out->keys = keys;
    keys = (struct secret){NULL, 0};
    return true;
}
