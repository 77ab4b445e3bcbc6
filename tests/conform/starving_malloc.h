/*
 * The program's own malloc, which the library and libcrypto get to see: it refuses one request, or one and all that follow, and counts the
 * blocks that are held. One thread; nothing for sanitizers, which have a malloc of their own.
 */
#ifndef STARVING_MALLOC_H
#define STARVING_MALLOC_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);

static long countdown = -1; /* requests until the one that is refused; below 0: none is */
static bool for_ever;       /* and all that follow */
static bool refused;
static long held; /* blocks that are allocated */

static bool starved(void)
{
    if (countdown < 0 || countdown > 0) {
        countdown -= countdown > 0;
        return false;
    }
    if (!for_ever)
        countdown = -1;
    refused = true;
    errno = ENOMEM;
    return true;
}

static void *counted(void *p)
{
    held += p != NULL;
    return p;
}

#define SEEN __attribute__((visibility("default")))

SEEN void *malloc(size_t n)
{
    return starved() ? NULL : counted(__libc_malloc(n));
}

SEEN void *calloc(size_t count, size_t n)
{
    return starved() ? NULL : counted(__libc_calloc(count, n));
}

SEEN void *realloc(void *p, size_t n)
{
    if (starved())
        return NULL;
    return p == NULL ? counted(__libc_realloc(p, n)) : __libc_realloc(p, n);
}

SEEN void free(void *p)
{
    held -= p != NULL;
    __libc_free(p);
}

#endif
