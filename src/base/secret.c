/*
 * The pool of locked memory. Blocks of a few sizes are cut from chunks that are mapped, locked and
 * excluded from core dumps once; a request above the largest size gets a mapping of its own. Where
 * the lock limit is used up the memory is used unlocked: refusing to work would be the greater
 * harm, and Windows locks no key memory at all.
 *
 * AddressSanitizer builds take every block from malloc instead, so that overruns and leaks of
 * secrets are seen.
 */
#include "secret.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "spare.h"

#if SPARES_KEPT

#define CHUNK_BYTES ((size_t)256 * 1024)
#define SMALLEST 64u
#define CLASSES 8 /* 64 … 8192 bytes */

struct block {
    struct block *next;
};

static struct block *free_blocks[CLASSES];
static uint8_t *chunk_at; /* unused rest of the newest chunk */
static size_t chunk_left;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void lock_pool(void)
{
    pthread_mutex_lock(&lock);
}

static void unlock_pool(void)
{
    pthread_mutex_unlock(&lock);
}

static void start(void)
{
    pthread_atfork(lock_pool, unlock_pool, unlock_pool);
}

static size_t class_of(size_t n)
{
    size_t c = 0;
    while (c < CLASSES && (size_t)SMALLEST << c < n)
        c++;
    return c;
}

static void *map_locked(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    (void)mlock(p, n);
    (void)madvise(p, n, MADV_DONTDUMP);
    return p;
}

static void *take_locked(size_t c)
{
    struct block *b = free_blocks[c];
    if (b != NULL) {
        free_blocks[c] = b->next;
        b->next = NULL;
        return b;
    }
    size_t n = (size_t)SMALLEST << c;
    if (chunk_left < n) {
        /* What is left of the old chunk goes to the free lists of its own size. */
        while (chunk_left >= SMALLEST) {
            size_t fit = class_of(chunk_left + 1) - 1;
            struct block *rest = (struct block *)(void *)chunk_at;
            rest->next = free_blocks[fit];
            free_blocks[fit] = rest;
            chunk_at += (size_t)SMALLEST << fit;
            chunk_left -= (size_t)SMALLEST << fit;
        }
        chunk_at = map_locked(CHUNK_BYTES);
        chunk_left = chunk_at == NULL ? 0 : CHUNK_BYTES;
        if (chunk_at == NULL)
            return NULL;
    }
    void *p = chunk_at;
    chunk_at += n;
    chunk_left -= n;
    return p;
}

void *secret_calloc(size_t n)
{
    pthread_once(&once, start);
    size_t c = class_of(n);
    if (c == CLASSES)
        return map_locked(n);
    void *spare = c < SPARE_SECRETS ? spare_take(SPARE_OBJECTS + c) : NULL;
    if (spare != NULL)
        return spare;
    lock_pool();
    void *p = take_locked(c);
    unlock_pool();
    return p;
}

static void release(void *p, size_t kind)
{
    struct block *b = p;
    size_t c = kind - SPARE_OBJECTS;
    lock_pool();
    b->next = free_blocks[c];
    free_blocks[c] = b;
    unlock_pool();
}

void secret_free(void *p, size_t n)
{
    if (p == NULL)
        return;
    wipe(p, n);
    size_t c = class_of(n);
    if (c == CLASSES) {
        munmap(p, n);
        return;
    }
    size_t kind = SPARE_OBJECTS + c;
    if (c >= SPARE_SECRETS || !spare_keep(kind, p, release))
        release(p, kind);
}

#else

void *secret_calloc(size_t n)
{
    return calloc(1, n > 0 ? n : 1);
}

void secret_free(void *p, size_t n)
{
    if (p == NULL)
        return;
    wipe(p, n);
    free(p);
}

#endif

NTSTATUS secret_new(struct secret *out, size_t n)
{
    uint8_t *p = secret_calloc(n);
    if (p == NULL)
        return STATUS_NO_MEMORY;
    *out = (struct secret){p, n};
    return STATUS_SUCCESS;
}

NTSTATUS secret_copy(struct secret *out, struct span from)
{
    TRY(secret_new(out, from.n));
    if (from.n > 0)
        memcpy(out->p, from.p, from.n);
    return STATUS_SUCCESS;
}

void secret_done(struct secret *s)
{
    secret_free(s->p, s->n);
    *s = (struct secret){NULL, 0};
}

__attribute__((noinline)) void wipe_stack(void)
{
    uint8_t below[8192];
    wipe(below, sizeof below);
}
