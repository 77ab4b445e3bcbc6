/*
 * Sleeping, and the two kinds of handle that can be waited for: a change notification is an inotify
 * or eventfd descriptor cast to HANDLE (NCryptNotifyChangeKey, BCryptRegisterConfigChangeNotify).
 * What a descriptor is, /proc tells; one of another kind is no handle and is never touched.
 *
 * The events are Windows' auto-reset kind: a wait that succeeds consumes what was signalled.
 */
#include "wincompat.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The descriptor of a notification; -1 for every other handle. */
static int descriptor_of(HANDLE handle)
{
    static const char *const kinds[] = {"anon_inode:inotify", "anon_inode:[eventfd]"};
    intptr_t number = (intptr_t)handle;
    char path[64], target[64];
    if (number <= 0 || number > INT_MAX)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", (int)number);
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n < 0)
        return -1;
    target[n] = 0;
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        if (strcmp(target, kinds[i]) == 0)
            return (int)number;
    }
    return -1;
}

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

/* The descriptors do not block, so whoever comes second reads nothing. Returns whether there was
 * something. */
static bool consume(int descriptor)
{
    char events[4096];
    bool some = false;
    while (read(descriptor, events, sizeof events) > 0)
        some = true;
    return some;
}

DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
{
    int descriptor = descriptor_of(hHandle);
    if (descriptor < 0) {
        SetLastError(ERROR_INVALID_HANDLE);
        return WAIT_FAILED;
    }
    int64_t end = now_ms() + dwMilliseconds;
    for (;;) {
        int64_t left = dwMilliseconds == INFINITE ? -1 : end - now_ms();
        int result = poll_until(descriptor, left < -1 ? 0 : left);
        if (result > 0 && !consume(descriptor) && (dwMilliseconds == INFINITE || now_ms() < end))
            continue; /* another thread was faster */
        if (result < 0)
            SetLastError(ERROR_INVALID_HANDLE);
        return result > 0 ? WAIT_OBJECT_0 : result == 0 ? (DWORD)WAIT_TIMEOUT : WAIT_FAILED;
    }
}

BOOL WINAPI CloseHandle(HANDLE hObject)
{
    if (hObject == CURRENT_PROCESS || hObject == CURRENT_THREAD)
        return TRUE;
    int descriptor = descriptor_of(hObject);
    if (descriptor < 0)
        return fail(ERROR_INVALID_HANDLE);
    close(descriptor);
    return TRUE;
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
