/*
 * From a call to a line of the file (trace.h). Nothing is allocated and nothing locked: the line is
 * put together on the stack and appended by one write, which the kernel does not tear.
 */
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "trace_file.h"
#include "trace_module.h"

atomic_int trace_state = TRACE_UNKNOWN;

/* A call that is not a cancellation point does not become one, and its result is not lost. */
static int forbid_cancellation(void)
{
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    return before;
}

static void allow_cancellation(int before)
{
    pthread_setcancelstate(before, &before);
}

static void open_once(void)
{
    int before = forbid_cancellation();
    atomic_store(&trace_state, trace_file_open() ? TRACE_ON : TRACE_OFF);
    allow_cancellation(before);
}

/* A program that is not traced makes no system call for it, not even once. */
static bool is_on(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!trace_file_is_named())
        atomic_store(&trace_state, TRACE_OFF);
    else
        pthread_once(&once, open_once);
    return atomic_load(&trace_state) == TRACE_ON;
}

void trace_begin(struct trace_call *call)
{
    int error = errno;
    call->on = atomic_load(&trace_state) == TRACE_ON || is_on();
    if (call->on) {
        clock_gettime(CLOCK_REALTIME, &call->time);
        clock_gettime(CLOCK_MONOTONIC, &call->start);
    }
    errno = error;
}

#define SECOND 1000000000

static int64_t nanoseconds(const struct timespec *from, const struct timespec *to)
{
    return (int64_t)(to->tv_sec - from->tv_sec) * SECOND + (to->tv_nsec - from->tv_nsec);
}

/* 20:14:07.031337 4711/4712 program: */
static void put_origin(struct trace_line *l, const struct trace_call *call)
{
    int second = (int)(call->time.tv_sec % 86400);
    trace_line_put(l, "%02d:%02d:%02d.%06ld %d/%ld ", second / 3600, second / 60 % 60, second % 60,
                   call->time.tv_nsec / 1000, getpid(), syscall(SYS_gettid));
    trace_line_escape(l, trace_module_name(call->caller));
    trace_line_put(l, ": ");
}

static void put_arguments(struct trace_line *l, const struct trace_call *call)
{
    const char *separator = "";
    for (size_t i = 0; i < call->row->count; i++) {
        const struct trace_arg *arg = &call->row->args[i];
        if (arg->kind->show == NULL)
            continue;
        trace_line_put(l, "%s%s=", separator, arg->name);
        arg->kind->show(l, call, i);
        separator = ", ";
    }
}

static void put_returned(struct trace_line *l, const struct trace_call *call, NTSTATUS status)
{
    for (size_t i = 0; i < call->row->count; i++) {
        const struct trace_arg *arg = &call->row->args[i];
        const void *at = (const void *)call->args[i];
        if (arg->kind->returned == NULL || at == NULL || !arg->kind->has_returned(status))
            continue;
        trace_line_put(l, ", *%s=", arg->name);
        arg->kind->returned(l, at);
    }
}

static void write_line(const struct trace_call *call, uint32_t result)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    struct trace_line l;
    trace_line_begin(&l);
    put_origin(&l, call);
    trace_line_put(&l, "%s(", call->row->name);
    put_arguments(&l, call);
    trace_line_finish(&l);
    trace_line_put(&l, ")");
    call->row->result(&l, result);
    put_returned(&l, call, (NTSTATUS)result);
    trace_line_put(&l, ", %lld ns", (long long)nanoseconds(&call->start, &end));
    l.s[l.n++] = '\n'; /* in the place of the NUL */
    if (!trace_file_write(l.s, l.n))
        atomic_store(&trace_state, TRACE_OFF);
}

void trace_end(const struct trace_call *call, uint32_t result)
{
    if (!call->on)
        return;
    int error = errno;
    int before = forbid_cancellation();
    write_line(call, result);
    allow_cancellation(before);
    errno = error;
}
