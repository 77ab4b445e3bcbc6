/*
 * The program's own malloc, which the library and libcrypto get to see: it counts what is allocated, and keeps the peak. One thread;
 * nothing for sanitizers, which have a malloc of their own.
 */
#ifndef WATCHED_MALLOC_H
#define WATCHED_MALLOC_H

#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t alignment, size_t n);
extern void __libc_free(void *p);

static size_t live_bytes, peak_bytes;

#define SEEN __attribute__((visibility("default")))

static void *taken(void *p)
{
    if (p != NULL)
        live_bytes += malloc_usable_size(p);
    if (live_bytes > peak_bytes)
        peak_bytes = live_bytes;
    return p;
}

SEEN void *malloc(size_t n)
{
    return taken(__libc_malloc(n));
}

SEEN void *calloc(size_t count, size_t n)
{
    return taken(__libc_calloc(count, n));
}

SEEN void *realloc(void *p, size_t n)
{
    size_t before = p == NULL ? 0 : malloc_usable_size(p);
    void *q = __libc_realloc(p, n);
    if (q != NULL || n == 0)
        live_bytes -= before;
    return taken(q);
}

SEEN void *aligned_alloc(size_t alignment, size_t n)
{
    return taken(__libc_memalign(alignment, n));
}

SEEN void free(void *p)
{
    if (p != NULL)
        live_bytes -= malloc_usable_size(p);
    __libc_free(p);
}

/* What is asked for from here on. */
static size_t watch_from;

static inline void watch_begin(void)
{
    watch_from = peak_bytes = live_bytes;
}

static inline size_t watch_peak(void)
{
    return peak_bytes - watch_from;
}

#endif
