/*
 * Files inside a folder of the store: opened without following anything, checked before they are
 * believed, and published so that a crash at any instant leaves the old state or the new one.
 *
 *   create   O_TMPFILE, write, fsync, linkat        } else a temporary name, fsync,
 *                                                   } and a rename that replaces nothing (or link)
 *   replace  a temporary name, write, fsync, rename
 *
 * The folder is synced afterwards by folder_sync. Temporary names start with ".tmp-"; only a killed
 * program leaves one behind.
 */
#ifndef STORE_STORE_FILE_H
#define STORE_STORE_FILE_H

#include <sys/stat.h>

#include "store_place.h"

#define TEMPORARY_PREFIX ".tmp-"

/* A folder that is open, with the name that people know it by. */
struct folder {
    int fd;
    const char *path;
};

/* Which file this is; changes when it is replaced. */
struct stamp {
    dev_t device;
    ino_t inode;
    int64_t seconds;
    int64_t nanoseconds;
};

struct stamp stamp_of(const struct stat *st);
bool stamp_is(const struct stamp *a, const struct stamp *b) MUST_CHECK;

/* Opens a regular file of ours for reading, at most `max` bytes long. A missing one is `missing`.
 * NTE_PERM: a link, FIFO, folder, device; another owner; writable by others; more than one name. */
SECURITY_STATUS file_open(const struct folder *f, const char *name, size_t max,
                          SECURITY_STATUS missing, int *fd, struct stat *st) MUST_CHECK;

/* Reads n bytes at an offset. NTE_BAD_DATA when the file ends before. */
SECURITY_STATUS file_read(int fd, const struct folder *f, const char *name, void *p, size_t n,
                          size_t offset) MUST_CHECK;

/* Whether a file that was opened has lost its name meanwhile: then its bytes may be gone too. */
bool file_is_gone(int fd) MUST_CHECK;

/* --- publishing ------------------------------------------------------------------------------------- */

/* A file that is not visible yet. */
struct draft {
    struct folder folder;
    struct span bytes; /* borrowed until the end */
    mode_t mode;
    gid_t group; /* (gid_t)-1: as it comes */
    int fd;
    char temporary[32]; /* its name, or empty: it has none yet, or no more */
};

/* Writes the bytes to a new file and syncs them. With `replace` it will be put in another's place, and has a temporary
 * name until then: the lock is held. */
SECURITY_STATUS draft_init(struct draft *d, const struct folder *f, struct span bytes, bool replace,
                           mode_t mode, gid_t group) MUST_CHECK;

/* Gives it its name; a name that is taken is NTE_EXISTS. The lock is held. */
SECURITY_STATUS draft_link(struct draft *d, const char *name) MUST_CHECK;

/* Puts it in the place of whatever has the name. */
SECURITY_STATUS draft_replace(struct draft *d, const char *name) MUST_CHECK;

/* Removes what was not published. */
void draft_done(struct draft *d);

/* DRAFT d = NO_DRAFT; */
#define DRAFT CLEANUP(draft_done) struct draft
#define NO_DRAFT                                                                                   \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

/* Makes the names of a folder durable. */
SECURITY_STATUS folder_sync(const struct folder *f) MUST_CHECK;

/* Calls `visit` with every name in the folder, in no order, until it gives a status < 0. */
SECURITY_STATUS folder_each(const struct folder *f,
                            SECURITY_STATUS (*visit)(const char *name, void *arg),
                            void *arg) MUST_CHECK;

/* Removes a name; one that is not there is `missing`. */
SECURITY_STATUS folder_remove(const struct folder *f, const char *name,
                              SECURITY_STATUS missing) MUST_CHECK;

/* Opens a file that is about to lose its name, for file_erase_gone; -1 and errno. */
int file_open_to_erase(const struct folder *f, const char *name);

/* Overwrites a file of ours that has lost its last name, as far as that helps; at most `max` bytes. */
void file_erase_gone(int fd, size_t max);

/* --- the lock --------------------------------------------------------------------------------------- */

/* Waits for the lock of the store whose key folder this is. Held by an open file description: neither
 * fork nor another close of the file in this process drops it; death does. */
SECURITY_STATUS lock_take(const struct folder *keys, int *lock) MUST_CHECK;

#endif
