/*
 * Clocks. FILETIME counts units of 100 ns since 1601; Linux counts since 1970.
 */
#include "wincompat.h"

#include <time.h>

#include "win_clock.h"

#define SECONDS_FROM_1601_TO_1970 INT64_C(11644473600)

FILETIME filetime_of(int64_t hundred_ns)
{
    FILETIME t = {(DWORD)hundred_ns, (DWORD)((uint64_t)hundred_ns >> 32)};
    return t;
}

int64_t clock_hundred_ns(int clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 10000000 + t.tv_nsec / 100;
}

FILETIME filetime_of_unix(int64_t hundred_ns)
{
    return filetime_of(hundred_ns + SECONDS_FROM_1601_TO_1970 * 10000000);
}

VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
    *lpSystemTimeAsFileTime = filetime_of_unix(clock_hundred_ns(CLOCK_REALTIME));
}

VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
    GetSystemTimeAsFileTime(lpSystemTimeAsFileTime);
}

ULONGLONG WINAPI GetTickCount64(VOID)
{
    return (ULONGLONG)clock_hundred_ns(CLOCK_BOOTTIME) / 10000;
}

DWORD WINAPI GetTickCount(VOID)
{
    return (DWORD)GetTickCount64();
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount)
{
    struct timespec t;
    if (lpPerformanceCount == NULL)
        return fail(ERROR_NOACCESS);
    clock_gettime(CLOCK_MONOTONIC, &t);
    lpPerformanceCount->QuadPart = (LONGLONG)t.tv_sec * 1000000000 + t.tv_nsec;
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency)
{
    if (lpFrequency == NULL)
        return fail(ERROR_NOACCESS);
    lpFrequency->QuadPart = 1000000000;
    return TRUE;
}
