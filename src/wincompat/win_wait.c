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

/* Whether something was signalled within so many milliseconds (-1: without end). */
static int poll_until(int descriptor, int64_t milliseconds)
{
    int64_t end = now_ms() + milliseconds;
    for (;;) {
        struct pollfd one = {descriptor, POLLIN, 0};
        int64_t left = milliseconds < 0 ? -1 : end - now_ms();
        int result = poll(&one, 1, left < -1 ? 0 : left > INT_MAX ? INT_MAX : (int)left);
        if (result > 0)
            return (one.revents & POLLIN) != 0 ? 1 : -1;
        if (result < 0 && errno != EINTR)
            return -1;
        if (milliseconds >= 0 && now_ms() >= end)
            return 0;
    }
}

DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
{
    int descriptor = event_descriptor(hHandle);
    if (descriptor < 0) {
        SetLastError(ERROR_INVALID_HANDLE);
        return WAIT_FAILED;
    }
    int64_t end = now_ms() + dwMilliseconds;
    for (;;) {
        int64_t left = dwMilliseconds == INFINITE ? -1 : end - now_ms();
        int result = poll_until(descriptor, left < -1 ? 0 : left);
        if (result > 0 && !event_take(descriptor) && (dwMilliseconds == INFINITE || now_ms() < end))
            continue; /* another thread was faster */
        if (result < 0)
            SetLastError(ERROR_INVALID_HANDLE);
        return result > 0 ? WAIT_OBJECT_0 : result == 0 ? (DWORD)WAIT_TIMEOUT : WAIT_FAILED;
    }
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
