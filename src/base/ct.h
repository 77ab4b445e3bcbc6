/*
 * Constant time: the few operations on secrets that the project does itself. Time and memory access
 * depend on lengths only. Masks are all ones (true) or zero. The barrier keeps compilers from
 * turning a mask back into a branch.
 */
#ifndef BASE_CT_H
#define BASE_CT_H

#include "base.h"

#ifdef OPENCNG_TAINT
#include <valgrind/memcheck.h>
#endif

/* Says that what was a secret may be known from here on. Each use has a comment with the reason. It costs nothing: in the build of
 * tests/ct, where valgrind takes secrets for undefined, it is what makes these bytes defined again. */
static inline void ct_publish(const void *p, size_t n)
{
#ifdef OPENCNG_TAINT
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
#else
    (void)p, (void)n;
#endif
}

/* The same for a value. */
static inline uint32_t ct_public(uint32_t v)
{
    ct_publish(&v, sizeof v);
    return v;
}

static inline uint32_t ct_barrier(uint32_t v)
{
    __asm__("" : "+r"(v));
    return v;
}

/* All ones when v is zero. */
static inline uint32_t ct_is_zero(uint32_t v)
{
    v = ct_barrier(v);
    return (uint32_t)0 - (((~v) & (v - 1)) >> 31);
}

static inline uint32_t ct_eq(uint32_t a, uint32_t b)
{
    return ct_is_zero(a ^ b);
}

/* All ones when a < b. */
static inline uint32_t ct_lt(uint32_t a, uint32_t b)
{
    return (uint32_t)0 - ((a ^ ((a ^ b) | ((a - b) ^ b))) >> 31);
}

static inline uint32_t ct_select(uint32_t mask, uint32_t yes, uint32_t no)
{
    mask = ct_barrier(mask);
    return (mask & yes) | (~mask & no);
}

/* Whether two buffers of n bytes are equal. The answer is public: callers accept or refuse by it. */
bool ct_equal(const void *a, const void *b, size_t n) MUST_CHECK;

/* Whether n bytes are all zero; public, too. */
bool ct_all_zero(const void *p, size_t n) MUST_CHECK;

#endif
