/*
 * Whether the process has no other thread, as glibc knows it. What one thread alone does needs no atomic
 * exchange, and those are half of what a short call costs. A thread that is made later sees all that was
 * stored before; nothing that asks this makes one between the question and the store.
 */
#ifndef BASE_ALONE_H
#define BASE_ALONE_H

#include <stdbool.h>

#if __has_include(<sys/single_threaded.h>)

#include <sys/single_threaded.h>

static inline bool process_is_alone(void)
{
    return __libc_single_threaded != 0;
}

#else /* glibc before 2.32, other C libraries */

static inline bool process_is_alone(void)
{
    return false;
}

#endif

#endif
