/* Times as FILETIME, for the clocks and for the process's own times. Units of 100 ns. */
#ifndef WIN_CLOCK_H
#define WIN_CLOCK_H

#include "wincompat.h"

/* A duration; and a moment that counts from 1970. */
FILETIME filetime_of(int64_t hundred_ns);
FILETIME filetime_of_unix(int64_t hundred_ns);

/* What a clock of clock_gettime says. */
int64_t clock_hundred_ns(int clock);

#endif
