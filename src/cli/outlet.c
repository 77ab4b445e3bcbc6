#include "outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"

#define STEP_WRITE "writing"

/* ---- sinks ---------------------------------------------------------------------------------------------------- */

bool sink_is_stdout(const struct sink *sink)
{
    return sink->path == NULL || strcmp(sink->path, "-") == 0;
}

/* Pipes and devices are written to; files are made anew. */
static bool is_device(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static enum outcome complain_exists(const char *path)
{
    return complain(BAD_SYSTEM, path, STEP_WRITE,
                    "the file exists already; say --force to replace it, or choose another name");
}

enum outcome sink_check(const struct sink *sink)
{
    if (sink_is_stdout(sink)) {
        if (!sink->text && isatty(STDOUT_FILENO))
            return complain(
                BAD_USAGE, NULL, NULL,
                "the result is binary and standard output is a terminal; say --out FILE, or "
                "--hex");
        return DONE;
    }
    struct stat st;
    if (lstat(sink->path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return complain_errno(BAD_SYSTEM, sink->path, STEP_WRITE, EISDIR);
        return sink->force || is_device(sink->path) ? DONE : complain_exists(sink->path);
    }
    char *copy = alloc_or_exit(strlen(sink->path) + 1);
    memcpy(copy, sink->path, strlen(sink->path) + 1);
    bool writable = access(dirname(copy), W_OK) == 0;
    int error = errno;
    free(copy);
    return writable ? DONE : complain_errno(BAD_SYSTEM, sink->path, STEP_WRITE, error);
}

/* ---- interrupts ----------------------------------------------------------------------------------------------- */

static const int interrupts[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/* The temporary file that an interrupt removes; changed only while interrupts are held back. */
static char doomed[PATH_MAX];

/* The handler is gone when it runs: the signal that it sends itself ends the program as if nothing had been caught. */
static void on_interrupt(int number)
{
    (void)unlink(doomed);
    (void)raise(number);
}

static void hold_interrupts(sigset_t *before)
{
    sigset_t held;
    sigemptyset(&held);
    for (size_t i = 0; i < ARRAY_COUNT(interrupts); i++)
        sigaddset(&held, interrupts[i]);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

static void let_interrupts(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* What is ignored (nohup) stays ignored. */
static void set_handlers(void (*from)(int), void (*to)(int))
{
    for (size_t i = 0; i < ARRAY_COUNT(interrupts); i++) {
        struct sigaction action;
        if (sigaction(interrupts[i], NULL, &action) != 0 || action.sa_handler != from)
            continue;
        action = (struct sigaction){.sa_handler = to, .sa_flags = to == SIG_DFL ? 0 : SA_RESETHAND};
        (void)sigaction(interrupts[i], &action, NULL);
    }
}

/* ---- the temporary file --------------------------------------------------------------------------------------- */

/* A name beside the target that nobody has: PATH.cng-PID. */
static void temporary_name(struct octets *name, const char *path)
{
    char suffix[32];
    snprintf(suffix, sizeof suffix, ".cng-%ld", (long)getpid());
    octets_append_text(name, path);
    octets_append_text(name, suffix);
}

static enum outcome create(struct outlet *out)
{
    sigset_t before;
    OCTETS name = {0};
    temporary_name(&name, out->sink.path);
    if (name.n >= sizeof doomed)
        return complain_errno(BAD_SYSTEM, out->sink.path, STEP_WRITE, ENAMETOOLONG);
    mode_t mode = out->sink.secret ? 0600 : 0666;
    hold_interrupts(&before);
    out->fd = open(octets_text(&name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    int error = errno;
    if (out->fd >= 0) {
        memcpy(doomed, octets_text(&name), name.n + 1);
        set_handlers(SIG_DFL, on_interrupt);
        octets_set(&out->temporary, view_of(&name));
    }
    let_interrupts(&before);
    return out->fd >= 0 ? DONE : complain_errno(BAD_SYSTEM, out->sink.path, STEP_WRITE, error);
}

/* Not every file system can rename without replacing. */
static bool rename_to(const char *temporary, const struct sink *sink)
{
    unsigned flags = sink->force ? 0 : RENAME_NOREPLACE;
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, sink->path, flags) == 0)
        return true;
    if (sink->force || errno != EINVAL || link(temporary, sink->path) != 0)
        return false;
    (void)unlink(temporary);
    return true;
}

/* The end of the temporary name: by another name, or with the file. */
static bool settle(struct outlet *out, bool keep)
{
    sigset_t before;
    hold_interrupts(&before);
    bool named = keep && rename_to(octets_text(&out->temporary), &out->sink);
    int error = errno;
    if (!named)
        (void)unlink(octets_text(&out->temporary));
    set_handlers(on_interrupt, SIG_DFL);
    let_interrupts(&before);
    octets_done(&out->temporary);
    errno = error;
    return named;
}

/* ---- outlets -------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct outlet *out)
{
    return sink_is_stdout(&out->sink) ? "standard output" : out->sink.path;
}

void outlet_done(struct outlet *out)
{
    if (out->temporary.n > 0)
        (void)settle(out, false);
    if (out->fd > STDERR_FILENO)
        close(out->fd);
    out->fd = -1;
}

enum outcome outlet_open(const struct sink *sink, struct outlet *out)
{
    TRY(sink_check(sink));
    *out = (struct outlet){.sink = *sink, .fd = STDOUT_FILENO};
    if (sink_is_stdout(sink))
        return DONE;
    if (!is_device(sink->path))
        return create(out);
    out->fd = open(sink->path, O_WRONLY | O_CLOEXEC);
    return out->fd >= 0 ? DONE : complain_errno(BAD_SYSTEM, name_of(out), STEP_WRITE, errno);
}

enum outcome outlet_write(struct outlet *out, struct view data)
{
    while (data.n > 0) {
        ssize_t n = write(out->fd, data.p, data.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return complain_errno(BAD_SYSTEM, name_of(out), STEP_WRITE, errno);
        data = (struct view){data.p + n, data.n - (size_t)n};
    }
    return DONE;
}

enum outcome outlet_commit(struct outlet *out)
{
    if (out->temporary.n == 0)
        return DONE;
    if (fsync(out->fd) != 0)
        return complain_errno(BAD_SYSTEM, name_of(out), STEP_WRITE, errno);
    if (settle(out, true))
        return DONE;
    return errno == EEXIST ? complain_exists(out->sink.path)
                           : complain_errno(BAD_SYSTEM, name_of(out), STEP_WRITE, errno);
}
