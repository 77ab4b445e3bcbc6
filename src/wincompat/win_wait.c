/*
 * Sleeping, and waiting for events (win_event.c).
 */
#include "win_event.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#define WITHOUT_END INT64_MAX

/* What poll takes for the time that is left until `end`: -1 is without end, so a moment that has passed
 * must never come out as that. */
static int poll_time(int64_t end)
{
    int64_t left = end == WITHOUT_END ? -1 : end - now_ms();
    if (end != WITHOUT_END && left < 0)
        return 0;
    return left > INT_MAX ? INT_MAX : (int)left;
}

/* Whether something was signalled until then; -1: nothing ever will be. */
static int poll_until(int descriptor, int64_t end)
{
    for (;;) {
        struct pollfd one = {descriptor, POLLIN, 0};
        int result = poll(&one, 1, poll_time(end));
        if (result > 0)
            return (one.revents & POLLIN) != 0 ? 1 : -1;
        if (result < 0 && errno != EINTR)
            return -1;
        if (end != WITHOUT_END && now_ms() >= end)
            return 0;
    }
}

DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
{
    int64_t end = dwMilliseconds == INFINITE ? WITHOUT_END : now_ms() + dwMilliseconds;
    int descriptor = event_descriptor(hHandle), result = -1;
    if (descriptor >= 0) {
        do {
            result = poll_until(descriptor, end);
        } while (result > 0 && !event_take(descriptor)); /* another thread was faster */
    }
    if (result < 0)
        SetLastError(ERROR_INVALID_HANDLE);
    return result > 0 ? WAIT_OBJECT_0 : result == 0 ? (DWORD)WAIT_TIMEOUT : WAIT_FAILED;
}

VOID WINAPI Sleep(DWORD dwMilliseconds)
{
    struct timespec left = {dwMilliseconds / 1000, (long)(dwMilliseconds % 1000) * 1000000};
    if (dwMilliseconds == INFINITE) {
        for (;;)
            pause();
    }
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}
