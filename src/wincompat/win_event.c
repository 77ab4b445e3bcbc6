/*
 * What an event is. What a descriptor is, /proc tells; one of another kind is no handle and is never
 * touched. An event that stays signalled until it is reset is told from the auto-reset ones by O_APPEND,
 * which means nothing to an eventfd and which nobody else sets: a mark that lives where the event lives.
 */
#include "win_event.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MANUAL_RESET O_APPEND

static const char eventfd_name[] = "anon_inode:[eventfd]", inotify_name[] = "anon_inode:inotify";

/* What the descriptor behind a handle is called; -1: there is none. */
static int target_of(HANDLE handle, char *target, size_t size)
{
    intptr_t number = (intptr_t)handle;
    char path[64];
    if (number <= 0 || number > INT_MAX)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", (int)number);
    ssize_t n = readlink(path, target, size - 1);
    if (n < 0)
        return -1;
    target[n] = 0;
    return (int)number;
}

int event_descriptor(HANDLE handle)
{
    char target[64];
    int descriptor = target_of(handle, target, sizeof target);
    bool known =
        descriptor >= 0 && (strcmp(target, eventfd_name) == 0 || strcmp(target, inotify_name) == 0);
    return known ? descriptor : -1;
}

/* Takes what a descriptor holds now, and no more, so that a thread which goes on signalling keeps nobody
 * here: one read empties an eventfd, and how much inotify has is asked first. Whether something was
 * there: whoever comes second reads nothing, because these descriptors do not block. */
static bool drain(int descriptor)
{
    char events[4096];
    int pending = 0;
    ssize_t n = 0;
    bool some = false;
    if (ioctl(descriptor, FIONREAD, &pending) != 0) /* an eventfd */
        return read(descriptor, events, sizeof events) > 0;
    for (; pending > 0 && (n = read(descriptor, events, sizeof events)) > 0; pending -= (int)n)
        some = true;
    return some;
}

bool event_take(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    return (flags >= 0 && (flags & MANUAL_RESET) != 0) || drain(descriptor);
}

HANDLE event_new(BOOL manual, BOOL set, bool named)
{
    if (named)
        return fail_null(ERROR_NOT_SUPPORTED);
    int descriptor = eventfd(set ? 1 : 0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (descriptor < 0)
        return fail_null(errno == EMFILE || errno == ENFILE ? ERROR_TOO_MANY_OPEN_FILES
                                                            : ERROR_NOT_ENOUGH_MEMORY);
    if (manual && fcntl(descriptor, F_SETFL, O_NONBLOCK | MANUAL_RESET) != 0) {
        close(descriptor);
        return fail_null(ERROR_GEN_FAILURE);
    }
    return (HANDLE)(intptr_t)descriptor;
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                           BOOL bInitialState, LPCSTR lpName)
{
    (void)lpEventAttributes;
    return event_new(bManualReset, bInitialState, lpName != NULL);
}

BOOL WINAPI SetEvent(HANDLE hEvent)
{
    static const uint64_t one = 1;
    char target[64];
    int descriptor = target_of(hEvent, target, sizeof target);
    if (descriptor < 0 || strcmp(target, eventfd_name) != 0)
        return fail(ERROR_INVALID_HANDLE);
    /* A counter that is full is set already. */
    if (write(descriptor, &one, sizeof one) != (ssize_t)sizeof one && errno != EAGAIN)
        return fail(ERROR_INVALID_HANDLE);
    return TRUE;
}

BOOL WINAPI ResetEvent(HANDLE hEvent)
{
    int descriptor = event_descriptor(hEvent);
    if (descriptor < 0)
        return fail(ERROR_INVALID_HANDLE);
    drain(descriptor);
    return TRUE;
}

BOOL WINAPI CloseHandle(HANDLE hObject)
{
    if (hObject == CURRENT_PROCESS || hObject == CURRENT_THREAD)
        return TRUE;
    int descriptor = event_descriptor(hObject);
    if (descriptor < 0)
        return fail(ERROR_INVALID_HANDLE);
    close(descriptor);
    return TRUE;
}
