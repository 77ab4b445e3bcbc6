/*
 * A result on its way to a file, a device or standard output, block by block. A file is written under a temporary name
 * beside its own and gets that name when all of it is on the disk; whatever ends the program before, an interrupt too,
 * removes it. Files that hold secrets have mode 0600 from their first instant.
 */
#ifndef CLI_OUTLET_H
#define CLI_OUTLET_H

#include "octets.h"

/* Where a result goes. */
struct sink {
    const char *path; /* NULL or "-": standard output */
    bool force;       /* an existing file may be replaced */
    bool secret;
    bool text; /* may go to a terminal */
};

bool sink_is_stdout(const struct sink *sink);

/* Before long work: whether the result would have a place to go. */
enum outcome sink_check(const struct sink *sink) MUST_CHECK;

struct outlet {
    struct sink sink;
    int fd;
    struct octets temporary; /* its name; empty: there is none */
};

/* Takes back what was not committed. */
void outlet_done(struct outlet *out);

#define OUTLET CLEANUP(outlet_done) struct outlet
#define OUTLET_CLOSED                                                                              \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

/* One at a time: the interrupt handler knows one name. */
enum outcome outlet_open(const struct sink *sink, struct outlet *out) MUST_CHECK;
enum outcome outlet_write(struct outlet *out, struct view data) MUST_CHECK;

/* All is well: the file appears. */
enum outcome outlet_commit(struct outlet *out) MUST_CHECK;

#endif
