/* A clock for short times, in the processor's ticks where it has some, and numbers that need not be secret. */
#ifndef SOAK_CLOCK_H
#define SOAK_CLOCK_H

#include <stdint.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>
#endif

/* Not before everything in front of it is done, and before anything behind it begins. */
static inline uint64_t clock_ticks(void)
{
#if defined(__x86_64__) || defined(__i386__)
    /* Written out: compilers have the intrinsic for 32 bits only where SSE2 may be used. */
    __asm__ __volatile__("lfence" : : : "memory");
    uint64_t now = __rdtsc();
    __asm__ __volatile__("lfence" : : : "memory");
    return now;
#else
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
#endif
}

/* xorshift64; each run draws the same. */
static inline uint64_t clock_draw(void)
{
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

#endif
