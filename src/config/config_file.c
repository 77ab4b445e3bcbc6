/* Reading, replacing and locking (config_file.h). */
#include "config_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_format.h"

#define LOCK_NAME ".lock"

/* There is one writer at a time, who removes it before he goes; a leftover is a dead one's. */
#define TEMPORARY_NAME ".new"

void config_bytes_done(struct config_bytes *b)
{
    free(b->p);
    *b = (struct config_bytes){0};
}

/* Reads to the end, at most `cap` bytes; false: the system says no. */
static bool read_all(int fd, uint8_t *p, size_t cap, size_t *n)
{
    for (*n = 0; *n < cap;) {
        ssize_t got = read(fd, p + *n, cap - *n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        *n += (size_t)got;
    }
    return true;
}

NTSTATUS file_load(int folder, const char *file, struct config_bytes *out, struct stat *st,
                   const char **flaw)
{
    *st = (struct stat){0};
    DESCRIPTOR fd = openat(folder, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return STATUS_NOT_FOUND;
    if (fd < 0 || fstat(fd, st) != 0) {
        *flaw = errno == ELOOP ? "links are not followed" : "this file cannot be read";
        return STATUS_DATA_ERROR;
    }
    *flaw = place_flaw(st, false);
    if (*flaw != NULL)
        return STATUS_DATA_ERROR;
    CLEANUP(config_bytes_done) struct config_bytes b = {malloc(CONFIG_FILE_MAX + 1), 0};
    if (b.p == NULL)
        return STATUS_NO_MEMORY;
    if (!read_all(fd, b.p, CONFIG_FILE_MAX + 1, &b.n))
        *flaw = "this file cannot be read";
    else if (b.n > CONFIG_FILE_MAX)
        *flaw = "this file is larger than any of the configuration";
    if (*flaw != NULL)
        return STATUS_DATA_ERROR;
    *out = b;
    b = (struct config_bytes){0};
    return STATUS_SUCCESS;
}

/* --- replacing ---------------------------------------------------------------------------------- */

static int write_all(int fd, struct span bytes)
{
    while (bytes.n > 0) {
        ssize_t put = write(fd, bytes.p, bytes.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return -1;
        bytes = span_of(bytes.p + put, bytes.n - (size_t)put);
    }
    return 0;
}

static int sync_patiently(int fd)
{
    int result;
    do
        result = fsync(fd);
    while (result != 0 && errno == EINTR);
    return result;
}

static NTSTATUS draft(int folder, struct span bytes)
{
    DESCRIPTOR fd =
        openat(folder, TEMPORARY_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return place_status(errno);
    /* The mode is everybody's to read whatever the umask. */
    if (fchmod(fd, 0644) != 0 || write_all(fd, bytes) != 0 || sync_patiently(fd) != 0)
        return place_status(errno);
    return STATUS_SUCCESS;
}

NTSTATUS file_store(int folder, const char *file, struct span bytes)
{
    if (unlinkat(folder, TEMPORARY_NAME, 0) != 0 && errno != ENOENT)
        return place_status(errno);
    NTSTATUS status = draft(folder, bytes);
    if (status >= 0 && renameat(folder, TEMPORARY_NAME, folder, file) != 0)
        status = place_status(errno);
    if (status < 0) {
        (void)unlinkat(folder, TEMPORARY_NAME, 0);
        return status;
    }
    return sync_patiently(folder) == 0 ? STATUS_SUCCESS : place_status(errno);
}

NTSTATUS file_remove(int folder, const char *file)
{
    if (unlinkat(folder, file, 0) != 0)
        return place_status(errno);
    return sync_patiently(folder) == 0 ? STATUS_SUCCESS : place_status(errno);
}

/* --- the lock ----------------------------------------------------------------------------------- */

/* A file of its own that only the owner may open: whoever could lock a folder that all may read could keep its owner out. */
NTSTATUS lock_acquire(int table, int *lock)
{
    DESCRIPTOR fd =
        openat(table, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return place_status(errno);
    if (place_flaw(&st, false) != NULL)
        return STATUS_ACCESS_DENIED;
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    while (fcntl(fd, F_OFD_SETLKW, &whole) != 0) {
        if (errno != EINTR)
            return place_status(errno);
    }
    *lock = fd;
    fd = -1;
    return STATUS_SUCCESS;
}
