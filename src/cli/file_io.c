#include "file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"

#define STEP_WRITE "writing"

struct descriptor {
    int fd;
};

static void descriptor_done(struct descriptor *d)
{
    if (d->fd > STDERR_FILENO)
        close(d->fd);
}

#define DESCRIPTOR CLEANUP(descriptor_done) struct descriptor

static bool is_dash(const char *path)
{
    return path[0] == '-' && path[1] == 0;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

enum outcome file_read(const char *path, const char *step, size_t most, struct octets *out)
{
    DESCRIPTOR in = {is_dash(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)};
    if (in.fd < 0)
        return complain_errno(BAD_INPUT, path, step, errno);
    OCTETS made = {0};
    size_t got = 0;
    for (;;) {
        octets_resize(&made, got + 65536);
        ssize_t n = read(in.fd, made.p + got, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return complain_errno(BAD_INPUT, path, step, errno);
        got += (size_t)n;
        if (got > most)
            return complain(BAD_INPUT, path, step,
                            "the file is larger than %zu KiB, the limit here", most / 1024);
        if (n == 0)
            break;
    }
    octets_resize(&made, got);
    octets_done(out);
    *out = made;
    made = (struct octets){0};
    return DONE;
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

bool sink_is_stdout(const struct sink *sink)
{
    return sink->path == NULL || is_dash(sink->path);
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

static bool write_all(int fd, struct view data)
{
    while (data.n > 0) {
        ssize_t n = write(fd, data.p, data.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data = (struct view){data.p + n, data.n - (size_t)n};
    }
    return true;
}

/* A name beside the target that nobody has: PATH.cng-PID. */
static void temporary_name(struct octets *name, const char *path)
{
    char suffix[32];
    snprintf(suffix, sizeof suffix, ".cng-%ld", (long)getpid());
    octets_append_text(name, path);
    octets_append_text(name, suffix);
}

/* Gives the finished temporary file its name. Not every file system can rename without replacing. */
static bool publish(const char *temporary, const struct sink *sink)
{
    unsigned flags = sink->force ? 0 : RENAME_NOREPLACE;
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, sink->path, flags) == 0)
        return true;
    bool linked = !sink->force && errno == EINVAL && link(temporary, sink->path) == 0;
    int error = errno;
    unlink(temporary);
    errno = error;
    return linked;
}

static enum outcome write_file(const struct sink *sink, struct view data)
{
    OCTETS name = {0};
    temporary_name(&name, sink->path);
    const char *temporary = octets_text(&name);
    mode_t mode = sink->secret ? 0600 : 0666;
    DESCRIPTOR out = {open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (out.fd < 0)
        return complain_errno(BAD_SYSTEM, sink->path, STEP_WRITE, errno);
    if (!write_all(out.fd, data) || fsync(out.fd) != 0) {
        int error = errno;
        unlink(temporary);
        return complain_errno(BAD_SYSTEM, sink->path, STEP_WRITE, error);
    }
    if (publish(temporary, sink))
        return DONE;
    if (errno == EEXIST)
        return complain_exists(sink->path);
    return complain_errno(BAD_SYSTEM, sink->path, STEP_WRITE, errno);
}

/* Interrupts wait until the temporary file is gone or has its name. */
static enum outcome write_file_undisturbed(const struct sink *sink, struct view data)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    enum outcome outcome = write_file(sink, data);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return outcome;
}

static enum outcome write_stream(const struct sink *sink, struct view data)
{
    bool to_stdout = sink_is_stdout(sink);
    DESCRIPTOR out = {to_stdout ? STDOUT_FILENO : open(sink->path, O_WRONLY | O_CLOEXEC)};
    if (out.fd < 0 || !write_all(out.fd, data))
        return complain_errno(BAD_SYSTEM, to_stdout ? "standard output" : sink->path, STEP_WRITE,
                              errno);
    return DONE;
}

enum outcome sink_write(const struct sink *sink, struct view data)
{
    TRY(sink_check(sink));
    if (sink_is_stdout(sink) || is_device(sink->path))
        return write_stream(sink, data);
    return write_file_undisturbed(sink, data);
}
