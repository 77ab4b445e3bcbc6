/* Reading, publishing and locking files (store_file.h). */
#include "store_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store_crypto.h"
#include "store_explain.h"

/* New names that are tried before a random generator must be broken. */
#define TEMPORARY_TRIES 8

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

struct stamp stamp_of(const struct stat *st)
{
    return (struct stamp){st->st_dev, st->st_ino, st->st_mtim.tv_sec, st->st_mtim.tv_nsec};
}

bool stamp_is(const struct stamp *a, const struct stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->seconds == b->seconds &&
           a->nanoseconds == b->nanoseconds;
}

/* --- reading ---------------------------------------------------------------------------------------- */

static SECURITY_STATUS file_check(const struct stat *st, const struct folder *f, const char *name,
                                  size_t max)
{
    if (!S_ISREG(st->st_mode))
        return store_refuse(NTE_PERM, f->path, name, "this is not a regular file", "Move it away.");
    if (st->st_uid != geteuid() && st->st_uid != 0)
        return store_refuse(NTE_PERM, f->path, name, "this file belongs to another user",
                            "Give it to its user: chown.");
    if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return store_refuse(NTE_PERM, f->path, name, "others may write to this file",
                            "If nobody did, take the right away: chmod go-w.");
    if (st->st_nlink > 1)
        return store_refuse(NTE_PERM, f->path, name, "this file has a second name (a hard link)",
                            "Find and remove the other name: find -samefile.");
    if (st->st_size < 0 || (uint64_t)st->st_size > max)
        return store_refuse(NTE_BAD_DATA, f->path, name,
                            "this file is larger than any of the store", NULL);
    return STATUS_SUCCESS;
}

/* Where a file system knows neither files without names nor renames that replace nothing, a new file
 * has two names for a moment: look again before it is refused for that. */
static int stat_settled(int fd, struct stat *st)
{
    int result = fstat(fd, st);
    for (int i = 0; i < 20 && result == 0 && S_ISREG(st->st_mode) && st->st_nlink == 2; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        result = fstat(fd, st);
    }
    return result;
}

SECURITY_STATUS file_open(const struct folder *f, const char *name, size_t max,
                          SECURITY_STATUS missing, int *fd, struct stat *st)
{
    SCOPED_FD file = fd_open(f->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (file < 0 && errno == ENOENT)
        return store_refuse(missing, f->path, name, "there is no such file", NULL);
    if (file < 0 || stat_settled(file, st) != 0)
        return store_refuse_errno(errno, f->path, name, true);
    TRY(file_check(st, f, name, max));
    *fd = file;
    file = -1;
    return STATUS_SUCCESS;
}

SECURITY_STATUS file_read(int fd, const struct folder *f, const char *name, void *p, size_t n,
                          size_t offset)
{
    ssize_t got = fd_read(fd, p, n, offset);
    if (got < 0)
        return store_refuse_errno(errno, f->path, name, true);
    if ((size_t)got < n)
        return store_refuse(NTE_BAD_DATA, f->path, name, "this file has been cut", NULL);
    return STATUS_SUCCESS;
}

bool file_is_gone(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

/* --- publishing ------------------------------------------------------------------------------------- */

static SECURITY_STATUS draft_fails(const struct draft *d, int error)
{
    return store_refuse_errno(error, d->folder.path, NULL, false);
}

/* The mode is right from the first instant as far as others go; fchmod gives back what the umask took
 * from the owner. A group that cannot be kept loses its rights. */
static SECURITY_STATUS draft_write(const struct draft *d)
{
    mode_t mode = d->mode;
    if (d->group != (gid_t)-1) {
        struct stat st;
        if (fstat(d->fd, &st) != 0)
            return draft_fails(d, errno);
        if (st.st_gid != d->group && fchown(d->fd, (uid_t)-1, d->group) != 0)
            mode &= 0700;
    }
    if (fchmod(d->fd, mode) != 0)
        return draft_fails(d, errno);
    if (fd_write(d->fd, d->bytes) != 0 || fd_sync(d->fd) != 0)
        return draft_fails(d, errno);
    return STATUS_SUCCESS;
}

static SECURITY_STATUS draft_name(struct draft *d)
{
    for (int i = 0; i < TEMPORARY_TRIES; i++) {
        uint64_t random;
        TRY(store_random(&random, sizeof random));
        snprintf(d->temporary, sizeof d->temporary, TEMPORARY_PREFIX "%016llx",
                 (unsigned long long)random);
        d->fd = fd_open(d->folder.fd, d->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
        if (d->fd >= 0)
            return draft_write(d);
        d->temporary[0] = '\0';
        if (errno != EEXIST)
            return draft_fails(d, errno);
    }
    return store_refuse(NTE_FAIL, d->folder.path, NULL,
                        "no name for a temporary file is free; random names are all taken", NULL);
}

SECURITY_STATUS draft_init(struct draft *d, const struct folder *f, struct span bytes, bool replace,
                           mode_t mode, gid_t group)
{
    *d = (struct draft){.folder = *f, .bytes = bytes, .mode = mode, .group = group, .fd = -1};
    if (!replace) {
        d->fd = fd_open(f->fd, ".", O_WRONLY | O_TMPFILE, 0600);
        if (d->fd >= 0)
            return draft_write(d);
        /* Not every file system has files without names; old kernels say EISDIR. Then draft_link
         * writes the file: under the lock, since a check removes what it sees. */
        bool lacking = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOENT;
        return lacking ? STATUS_SUCCESS : draft_fails(d, errno);
    }
    return draft_name(d);
}

/* rename that replaces nothing; where there is none, link and unlink do the same in two steps. */
static SECURITY_STATUS draft_move(struct draft *d, const char *name)
{
    int fd = d->folder.fd;
    if (renameat2(fd, d->temporary, fd, name, RENAME_NOREPLACE) == 0) {
        d->temporary[0] = '\0';
        return STATUS_SUCCESS;
    }
    if (errno != EINVAL && errno != ENOSYS)
        return store_refuse_errno(errno, d->folder.path, name, false);
    if (linkat(fd, d->temporary, fd, name, 0) != 0)
        return store_refuse_errno(errno, d->folder.path, name, false);
    if (unlinkat(fd, d->temporary, 0) == 0)
        d->temporary[0] = '\0';
    return STATUS_SUCCESS;
}

SECURITY_STATUS draft_link(struct draft *d, const char *name)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", d->fd);
    if (d->fd >= 0 && linkat(AT_FDCWD, self, d->folder.fd, name, AT_SYMLINK_FOLLOW) == 0)
        return STATUS_SUCCESS;
    if (d->fd >= 0 && errno == EEXIST)
        return store_refuse(NTE_EXISTS, d->folder.path, name, "this file exists", NULL);
    /* No such files, or no /proc: the same bytes under a temporary name. */
    fd_done(&d->fd);
    TRY(draft_name(d));
    return draft_move(d, name);
}

SECURITY_STATUS draft_replace(struct draft *d, const char *name)
{
    if (renameat(d->folder.fd, d->temporary, d->folder.fd, name) != 0)
        return store_refuse_errno(errno, d->folder.path, name, false);
    d->temporary[0] = '\0';
    return STATUS_SUCCESS;
}

void draft_done(struct draft *d)
{
    if (d->temporary[0] != '\0')
        (void)unlinkat(d->folder.fd, d->temporary, 0);
    d->temporary[0] = '\0';
    fd_done(&d->fd);
}

SECURITY_STATUS folder_sync(const struct folder *f)
{
    if (fd_sync_folder(f->fd) != 0)
        return store_refuse_errno(errno, f->path, NULL, false);
    return STATUS_SUCCESS;
}

static void stream_done(DIR **stream)
{
    if (*stream != NULL)
        closedir(*stream);
}

SECURITY_STATUS folder_each(const struct folder *f,
                            SECURITY_STATUS (*visit)(const char *name, void *arg), void *arg)
{
    /* A descriptor of its own: the position in a folder belongs to the open file description. */
    SCOPED_FD fd = fd_open(f->fd, ".", O_RDONLY | O_DIRECTORY, 0);
    CLEANUP(stream_done) DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    if (stream == NULL)
        return store_refuse_errno(errno, f->path, NULL, true);
    fd = -1;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL)
            break;
        TRY(visit(entry->d_name, arg));
    }
    return errno == 0 ? STATUS_SUCCESS : store_refuse_errno(errno, f->path, NULL, true);
}

SECURITY_STATUS folder_remove(const struct folder *f, const char *name, SECURITY_STATUS missing)
{
    if (unlinkat(f->fd, name, 0) == 0)
        return STATUS_SUCCESS;
    if (errno == ENOENT)
        return store_refuse(missing, f->path, name, "there is no such file", NULL);
    return store_refuse_errno(errno, f->path, name, false);
}

int file_open_to_erase(const struct folder *f, const char *name)
{
    return fd_open(f->fd, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0);
}

void file_erase_gone(int fd, size_t max)
{
    static const uint8_t zeros[4096];
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 0 || st.st_uid != geteuid() ||
        st.st_size < 0)
        return;
    size_t n = (uint64_t)st.st_size < max ? (size_t)st.st_size : max;
    for (size_t at = 0; at < n;) {
        size_t part = n - at < sizeof zeros ? n - at : sizeof zeros;
        if (pwrite(fd, zeros, part, (off_t)at) <= 0)
            return;
        at += part;
    }
    (void)fsync(fd);
}

/* --- the lock --------------------------------------------------------------------------------------- */

#define LOCK_NAME ".lock"

/* Files that are gone when they are locked, before somebody must be at work on it. */
#define LOCK_TRIES 1000

static SECURITY_STATUS lock_open(const struct folder *keys, int *out)
{
    SCOPED_FD fd = fd_open(keys->fd, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return store_refuse_errno(errno, keys->path, LOCK_NAME, false);
    TRY(file_check(&st, keys, LOCK_NAME, SIZE_MAX));
    /* A umask that takes the owner's rights would lock us out the next time. */
    if ((st.st_mode & 0600) != 0600 && fchmod(fd, 0600) != 0)
        return store_refuse_errno(errno, keys->path, LOCK_NAME, false);
    *out = fd;
    fd = -1;
    return STATUS_SUCCESS;
}

SECURITY_STATUS lock_take(const struct folder *keys, int *lock)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        SCOPED_FD fd = -1;
        TRY(lock_open(keys, &fd));
        if (fd_lock(fd) != 0)
            return store_refuse_errno(errno, keys->path, LOCK_NAME, false);
        /* Somebody may have removed the file between opening and locking it. */
        if (!file_is_gone(fd)) {
            *lock = fd;
            fd = -1;
            return STATUS_SUCCESS;
        }
    }
    return store_refuse(NTE_FAIL, keys->path, LOCK_NAME, "this file keeps being removed", NULL);
}
