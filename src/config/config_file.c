/* Reading, replacing and locking (config_file.h). */
#include "config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

NTSTATUS file_load(int folder, const char *file, struct config_bytes *out, struct stat *st,
                   const char **flaw)
{
    *st = (struct stat){0};
    SCOPED_FD fd = fd_open(folder, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
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
    ssize_t n = fd_read(fd, b.p, CONFIG_FILE_MAX + 1, 0);
    if (n < 0)
        *flaw = "this file cannot be read";
    else if ((size_t)n > CONFIG_FILE_MAX)
        *flaw = "this file is larger than any of the configuration";
    if (*flaw != NULL)
        return STATUS_DATA_ERROR;
    b.n = (size_t)n;
    *out = b;
    b = (struct config_bytes){0};
    return STATUS_SUCCESS;
}

/* --- replacing ---------------------------------------------------------------------------------- */

static NTSTATUS draft(int folder, struct span bytes)
{
    SCOPED_FD fd = fd_open(folder, TEMPORARY_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
    if (fd < 0)
        return place_status(errno);
    /* The mode is everybody's to read whatever the umask. */
    if (fchmod(fd, 0644) != 0 || fd_write(fd, bytes) != 0 || fd_sync(fd) != 0)
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
    return fd_sync_folder(folder) == 0 ? STATUS_SUCCESS : place_status(errno);
}

NTSTATUS file_remove(int folder, const char *file)
{
    if (unlinkat(folder, file, 0) != 0)
        return place_status(errno);
    return fd_sync_folder(folder) == 0 ? STATUS_SUCCESS : place_status(errno);
}

/* --- the lock ----------------------------------------------------------------------------------- */

/* A file of its own that only the owner may open: whoever could lock a folder that all may read could keep its owner out. */
NTSTATUS lock_acquire(int table, int *lock)
{
    SCOPED_FD fd = fd_open(table, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return place_status(errno);
    if (place_flaw(&st, false) != NULL)
        return STATUS_ACCESS_DENIED;
    if (fd_lock(fd) != 0)
        return place_status(errno);
    *lock = fd;
    fd = -1;
    return STATUS_SUCCESS;
}
