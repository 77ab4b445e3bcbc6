/*
 * Files in and out. "-" is standard input or output. Nothing is ever half written: a file appears under its name when
 * all of it is on the disk, and files that hold secrets have mode 0600 from their first instant.
 */
#ifndef CLI_FILE_IO_H
#define CLI_FILE_IO_H

#include "octets.h"

/* The most that is read: nobody's key is larger, and messages are kept in memory. */
#define KEY_FILE_MOST ((size_t)1 << 20)
#define DATA_FILE_MOST ((size_t)64 << 20)

enum outcome file_read(const char *path, const char *step, size_t most,
                       struct octets *out) MUST_CHECK;

struct sink {
    const char *path; /* NULL or "-": standard output */
    bool force;       /* an existing file may be replaced */
    bool secret;
    bool text; /* may go to a terminal */
};

bool sink_is_stdout(const struct sink *sink);

/* Before long work: whether the result would have a place to go. */
enum outcome sink_check(const struct sink *sink) MUST_CHECK;

enum outcome sink_write(const struct sink *sink, struct view data) MUST_CHECK;

#endif
