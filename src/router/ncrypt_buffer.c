/*
 * The buffers that functions of ncrypt.h return: lists, names of keys, the state of an enumeration.
 * NCryptFreeBuffer has to tell them from addresses that are none and from those that are freed
 * already, without looking at the memory; so the live ones are in a table.
 */
#include "ncrypt_router.h"

#include <pthread.h>
#include <stdlib.h>

/* In front of each buffer, and aligned as malloc aligns. */
struct header {
    _Alignas(max_align_t) struct header *next;
    void (*done)(void *buffer);
};

#define BUCKETS 256

static struct header *table[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void take(void)
{
    pthread_mutex_lock(&lock);
}

static void release(void)
{
    pthread_mutex_unlock(&lock);
}

static void start(void)
{
    pthread_atfork(take, release, release);
}

static struct header **bucket_of(const struct header *h)
{
    return &table[((uintptr_t)h >> 5) % BUCKETS];
}

/* Where the table points at the buffer's header; NULL: nowhere. Under the lock. */
static struct header **find(const void *buffer)
{
    const struct header *wanted = (const struct header *)buffer - 1;
    for (struct header **at = bucket_of(wanted); *at != NULL; at = &(*at)->next) {
        if (*at == wanted)
            return at;
    }
    return NULL;
}

void *ncrypt_buffer_new(size_t n, void (*done)(void *buffer))
{
    pthread_once(&once, start);
    struct header *h = calloc(1, sizeof *h + n);
    if (h == NULL)
        return NULL;
    h->done = done;
    take();
    struct header **bucket = bucket_of(h);
    h->next = *bucket;
    *bucket = h;
    release();
    return h + 1;
}

bool ncrypt_buffer_is(const void *buffer, void (*done)(void *buffer))
{
    take();
    struct header **at = find(buffer);
    bool same = at != NULL && (*at)->done == done;
    release();
    return same;
}

bool ncrypt_buffer_free(void *buffer)
{
    take();
    struct header **at = buffer == NULL ? NULL : find(buffer);
    struct header *h = at == NULL ? NULL : *at;
    if (h != NULL)
        *at = h->next;
    release();
    if (h == NULL)
        return false;
    if (h->done != NULL)
        h->done(h + 1);
    free(h);
    return true;
}

SECURITY_STATUS WINAPI NCryptFreeBuffer(PVOID pvInput)
{
    return ncrypt_buffer_free(pvInput) ? ERROR_SUCCESS : NTE_INVALID_PARAMETER;
}
