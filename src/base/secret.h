/*
 * Secret memory: locked (as far as RLIMIT_MEMLOCK allows), left out of core dumps, wiped before it
 * is given back. A `secret` is the only type in which the project keeps private key material and
 * shared secrets; whatever else holds them for a moment is wiped by scope with `wipe`.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "span.h"

#include <string.h>

struct secret {
    uint8_t *p;
    size_t n;
};

/* Zeroed bytes from the locked pool; NULL when memory is exhausted.
 * `secret_free` needs the same size. */
void *secret_calloc(size_t n) MUST_CHECK;
void secret_free(void *p, size_t n);

/* A zeroed secret of n bytes (n may be 0). */
NTSTATUS secret_new(struct secret *out, size_t n) MUST_CHECK;
NTSTATUS secret_copy(struct secret *out, struct span from) MUST_CHECK;

/* Wipes and releases; safe on a zeroed and on a released secret. */
void secret_done(struct secret *s);

/* Overwrites memory in a way that the compiler keeps: for all that it knows, the empty instruction reads the
 * bytes. This is glibc's explicit_bzero without its three calls, which short operations would feel. */
static inline void wipe(void *p, size_t n)
{
    if (n == 0)
        return;
    memset(p, 0, n);
    __asm__ __volatile__("" : : "r"(p) : "memory");
}

/* Overwrites 8 KiB of the stack below the caller's frame: what functions that were called from about here may have left. Not
 * every assembler routine of libcrypto tidies up. */
void wipe_stack(void);

static inline struct span secret_span(const struct secret *s)
{
    return span_of(s->p, s->n);
}

#define SECRET CLEANUP(secret_done) struct secret

#endif
