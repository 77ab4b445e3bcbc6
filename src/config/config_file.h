/*
 * The files of one folder: read with care, and replaced so that a crash at any instant leaves the old
 * file or the new one: a temporary name, write, fsync, rename, fsync of the folder.
 */
#ifndef CONFIG_CONFIG_FILE_H
#define CONFIG_CONFIG_FILE_H

#include "config_place.h"

/* Bytes of a file; for free(). */
struct config_bytes {
    uint8_t *p;
    size_t n;
};

void config_bytes_done(struct config_bytes *b);

/* Reads a file of a folder. STATUS_NOT_FOUND: there is none. STATUS_DATA_ERROR: *flaw says why it is not believed. *st is what was read, or
 * zero. */
NTSTATUS file_load(int folder, const char *file, struct config_bytes *out, struct stat *st,
                   const char **flaw) MUST_CHECK;

/* Puts these bytes into the place of whatever has the name. The lock is held. */
NTSTATUS file_store(int folder, const char *file, struct span bytes) MUST_CHECK;

/* STATUS_NOT_FOUND: there is no such file. */
NTSTATUS file_remove(int folder, const char *file) MUST_CHECK;

/* Waits for the lock of a table. It is the descriptor's, and ends with it, also when the process dies. */
NTSTATUS lock_acquire(int table, int *lock) MUST_CHECK;

#endif
