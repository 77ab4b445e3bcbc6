/* Calls that are repeated (fd.h). */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A call that a signal interrupts is repeated, but not for ever. */
#define PATIENCE 1000

int fd_open(int folder, const char *name, int flags, mode_t mode)
{
    int fd = -1;
    for (int i = 0; i < PATIENCE; i++) {
        fd = openat(folder, name, flags | O_CLOEXEC | O_NOCTTY, mode);
        if (fd >= 0 || errno != EINTR)
            break;
    }
    return fd;
}

ssize_t fd_read(int fd, void *p, size_t n, size_t offset)
{
    size_t done = 0;
    int patience = PATIENCE;
    while (done < n) {
        ssize_t got = pread(fd, (uint8_t *)p + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR && --patience > 0)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

int fd_write(int fd, struct span bytes)
{
    int patience = PATIENCE;
    for (size_t done = 0; done < bytes.n;) {
        ssize_t put = write(fd, bytes.p + done, bytes.n - done);
        if (put <= 0 && (put == 0 || errno == EINTR) && --patience > 0)
            continue;
        if (put == 0)
            errno = ENOSPC;
        if (put <= 0)
            return -1;
        done += (size_t)put;
    }
    return 0;
}

int fd_sync(int fd)
{
    int result = -1;
    for (int i = 0; i < PATIENCE; i++) {
        result = fsync(fd);
        if (result == 0 || errno != EINTR)
            break;
    }
    return result;
}

int fd_sync_folder(int fd)
{
    return fd_sync(fd) == 0 || errno == EINVAL ? 0 : -1;
}

void fd_sync_above(const char *path)
{
    char above[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(above, sizeof above, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    SCOPED_FD fd = fd_open(AT_FDCWD, above, O_RDONLY | O_DIRECTORY, 0);
    if (fd >= 0)
        (void)fd_sync(fd);
}

int fd_lock(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int result = -1;
    for (int i = 0; i < PATIENCE; i++) {
        result = fcntl(fd, F_OFD_SETLKW, &whole);
        if (result == 0 || errno != EINTR)
            break;
    }
    return result;
}

void fd_done(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
