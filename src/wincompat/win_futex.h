/*
 * Waiting for a word of memory to change. INIT_ONCE, SRWLOCK and CONDITION_VARIABLE have the size of a
 * pointer on Windows and may be zero instead of initialized: no lock of pthreads fits.
 */
#ifndef WIN_FUTEX_H
#define WIN_FUTEX_H

#include "wincompat.h"

#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Sleeps while *word is `value`, up to `limit` (relative; NULL: without end). May wake early; false
 * when time ran out. */
static inline bool futex_wait(_Atomic uint32_t *word, uint32_t value, const struct timespec *limit)
{
    return syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, limit, NULL, 0) == 0 ||
           errno != ETIMEDOUT;
}

static inline void futex_wake(_Atomic uint32_t *word, int threads)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, NULL, NULL, 0);
}

#endif
