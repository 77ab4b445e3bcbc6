/*
 * One request is refused, or one and all that follow: a request for memory, of the program's own malloc, which the library and libcrypto
 * get to see; or, where REFUSES_LIBCRYPTO is defined, a call of the library's to libcrypto, which then says that it failed
 * (tools/make_failing_calls.py), or to one of its provider's functions (refusing_provider.c). malloc counts the blocks that are held in
 * any case. One thread; nothing for sanitizers, which have a malloc of their own.
 */
#ifndef REFUSING_H
#define REFUSING_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t alignment, size_t n);
extern void __libc_free(void *p);

/* Ends a life whose step fails: that is what it may do. */
#define STEP(call)                                                                                 \
    do {                                                                                           \
        NTSTATUS step_ = (call);                                                                   \
        if (step_ < 0)                                                                             \
            return step_;                                                                          \
    } while (0)

static const char *wrong; /* what a status does not show */

static inline void must(bool good, const char *what)
{
    if (!good && wrong == NULL)
        wrong = what;
}

static long countdown = -1; /* requests until the one that is refused; below 0: none is */
static bool for_ever;       /* and all that follow */
static bool refused;
static long held; /* blocks that are allocated */

static bool is_refused(void)
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

#ifdef REFUSES_LIBCRYPTO
#define REFUSED_THINGS "calls of libcrypto"
#define REFUSED_FIGURE ""

bool libcrypto_call_fails(void);
bool libcrypto_call_fails(void)
{
    return is_refused();
}

/* Of the library: each random number is asked of libcrypto; whether ciphers go to the provider's functions, which they do, or to EVP's. */
void rng_allow_buffer(bool on);
void evp_allow_direct(bool on);

static inline void refusing_begin(bool direct)
{
    rng_allow_buffer(false);
    evp_allow_direct(direct);
}

static bool starved(void)
{
    return false;
}
#else
#define REFUSED_THINGS "requests"
#define REFUSED_FIGURE "figure: 12 " /* of a bar */

static bool starved(void)
{
    return is_refused();
}

static inline void refusing_begin(bool direct)
{
    (void)direct;
}
#endif

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

SEEN void *aligned_alloc(size_t alignment, size_t n)
{
    return starved() ? NULL : counted(__libc_memalign(alignment, n));
}

SEEN void free(void *p)
{
    held -= p != NULL;
    __libc_free(p);
}

#endif
