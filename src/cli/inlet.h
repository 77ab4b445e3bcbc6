/*
 * A file, or standard input ("-"), read from its beginning to its end in blocks: what has any size is never held as a
 * whole.
 */
#ifndef CLI_INLET_H
#define CLI_INLET_H

#include "octets.h"

struct inlet {
    int fd;
    const char *path;
    const char *step; /* for messages: what the file is read for */
    uint64_t size;    /* bytes; 0: nobody knows, or empty */
};

void inlet_done(struct inlet *in);

/* Its zeroed form is not an inlet: standard input is descriptor 0. */
#define INLET CLEANUP(inlet_done) struct inlet
#define INLET_CLOSED                                                                               \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

enum outcome inlet_open(const char *path, const char *step, struct inlet *out) MUST_CHECK;

/* Fills the buffer as far as the file goes: *got is less than `room` only at the end. */
enum outcome inlet_read(struct inlet *in, uint8_t *p, size_t room, size_t *got) MUST_CHECK;

#endif
