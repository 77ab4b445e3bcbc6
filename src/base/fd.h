/*
 * Files by descriptor, for what keeps its state in them (the key store, the configuration). Each call is that of the system's with the
 * same name, which answers -1 with errno, but that a signal in between only delays it and that it does all that was asked for.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <sys/types.h>

#include "base.h"
#include "span.h"

/* openat. No program that is started has the descriptor, and no terminal becomes the process's. */
int fd_open(int folder, const char *name, int flags, mode_t mode);

/* pread, until `n` bytes are there or the file ends: how many there were. */
ssize_t fd_read(int fd, void *p, size_t n, size_t offset);

/* write. ENOSPC: the file takes no more, whatever the reason. */
int fd_write(int fd, struct span bytes);

/* fsync. */
int fd_sync(int fd);

/* The same of a folder. Some network file systems cannot, and say so with EINVAL: that is a success. */
int fd_sync_folder(int fd);

/* The same of the folder that a path of less than PATH_MAX bytes is in, if we may read it. */
void fd_sync_above(const char *path);

/* Waits for the whole file as its only writer; given back when the last descriptor of this opening is closed, so that closing
 * another one of the file in the same process loses nothing. */
int fd_lock(int fd);

/* Closes *fd if it is one; for CLEANUP. */
void fd_done(int *fd);

#define SCOPED_FD CLEANUP(fd_done) int

#endif
