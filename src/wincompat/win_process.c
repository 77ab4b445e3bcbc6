/*
 * The process and the thread that one is.
 */
#include "win_clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

HANDLE WINAPI GetCurrentProcess(VOID)
{
    return CURRENT_PROCESS;
}

HANDLE WINAPI GetCurrentThread(VOID)
{
    return CURRENT_THREAD;
}

DWORD WINAPI GetCurrentProcessId(VOID)
{
    return (DWORD)getpid();
}

DWORD WINAPI GetCurrentThreadId(VOID)
{
    return (DWORD)syscall(SYS_gettid);
}

/* When the process began, in ticks since the machine started: field 22 of proc(5)'s stat, counted
 * from behind the name, which may hold spaces and parentheses. */
static bool start_ticks(unsigned long long *ticks)
{
    char line[1024];
    FILE *file = fopen("/proc/self/stat", "re");
    if (file == NULL)
        return false;
    size_t n = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[n] = 0;
    char *at = strrchr(line, ')');
    for (int field = 2; at != NULL && field < 22; field++)
        at = strchr(at + 1, ' ');
    if (at == NULL)
        return false;
    *ticks = strtoull(at + 1, NULL, 10);
    return true;
}

static int64_t hundred_ns(struct timeval t)
{
    return (int64_t)t.tv_sec * 10000000 + (int64_t)t.tv_usec * 10;
}

BOOL WINAPI GetProcessTimes(HANDLE hProcess, LPFILETIME lpCreationTime, LPFILETIME lpExitTime,
                            LPFILETIME lpKernelTime, LPFILETIME lpUserTime)
{
    unsigned long long ticks;
    struct rusage usage;
    if (hProcess != CURRENT_PROCESS)
        return fail(ERROR_INVALID_HANDLE);
    if (lpCreationTime == NULL || lpExitTime == NULL || lpKernelTime == NULL || lpUserTime == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    if (!start_ticks(&ticks) || getrusage(RUSAGE_SELF, &usage) != 0)
        return fail(ERROR_GEN_FAILURE);
    int64_t boot = clock_hundred_ns(CLOCK_REALTIME) - clock_hundred_ns(CLOCK_BOOTTIME);
    *lpCreationTime = filetime_of_unix(boot + (int64_t)ticks * (10000000 / sysconf(_SC_CLK_TCK)));
    *lpExitTime = filetime_of(0);
    *lpKernelTime = filetime_of(hundred_ns(usage.ru_stime));
    *lpUserTime = filetime_of(hundred_ns(usage.ru_utime));
    return TRUE;
}
