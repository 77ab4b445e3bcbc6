/*
 * A picture of both tables (config.h's struct config), with its memory and with what was looked at.
 */
#ifndef CONFIG_CONFIG_PICTURE_H
#define CONFIG_CONFIG_PICTURE_H

#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>

#include "config_arena.h"
#include "config.h"

/* What was there under a path; all zero: nothing. Every replacement, and every change in place, makes another one. */
struct stamp {
    dev_t device;
    ino_t inode;
    struct timespec changed;
    off_t size;
};

struct seen {
    const char *path;
    struct stamp stamp;
};

struct picture {
    struct config config;
    struct arena arena;
    size_t seen_count;
    struct seen *seen;
    bool
        fresh; /* a change may have come in the same tick of the file system's clock as the reading */
    size_t uses;
};

/* Reads both tables; NULL: no memory. */
struct picture *picture_read(void) MUST_CHECK;
void picture_free(struct picture *p);

/* Whether the files are as they were. */
bool picture_is_current(const struct picture *p) MUST_CHECK;

/* Merges the tables' contexts into those in force (config_merge.c). */
NTSTATUS contexts_merge(struct config *c, struct arena *a) MUST_CHECK;

#endif
