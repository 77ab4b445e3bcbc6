/* The time as Windows counts it. */
#ifndef STORE_STORE_TIME_H
#define STORE_STORE_TIME_H

#include <stdint.h>
#include <time.h>

/* FILETIME: units of 100 ns since 1601-01-01; 11644473600 s lie between that and 1970. */
static inline uint64_t store_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return ((uint64_t)now.tv_sec + UINT64_C(11644473600)) * 10000000 + (uint64_t)now.tv_nsec / 100;
}

#endif
