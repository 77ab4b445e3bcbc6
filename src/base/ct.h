/*
 * Constant time: the few operations on secrets that the project does itself. Time and memory access
 * depend on lengths only. Masks are all ones (true) or zero. The barrier keeps compilers from
 * turning a mask back into a branch.
 */
#ifndef BASE_CT_H
#define BASE_CT_H

#include "base.h"

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

/* A mark for where the program goes by what a secret decided, with a reason beside it: an answer, a
 * size, never the secret. It does nothing but in the test that follows secrets through this code
 * under valgrind (tests/ct), which lets no other decision on a secret pass. */
#ifdef OPENCNG_CT_CHECK
int ct_reveal(int v);
#else
static inline int ct_reveal(int v)
{
    return v;
}
#endif

/* Whether two buffers of n bytes are equal. */
bool ct_equal(const void *a, const void *b, size_t n) MUST_CHECK;

/* Whether n bytes are all zero. */
bool ct_all_zero(const void *p, size_t n) MUST_CHECK;

#endif
