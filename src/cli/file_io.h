/*
 * Small files, whole: keys in, results out. What may be large goes through inlets and outlets.
 */
#ifndef CLI_FILE_IO_H
#define CLI_FILE_IO_H

#include "outlet.h"

/* The most that is read: nobody's key is larger, and such messages are kept in memory. */
#define KEY_FILE_MOST ((size_t)1 << 20)
#define DATA_FILE_MOST ((size_t)64 << 20)

/* "-" is standard input. */
enum outcome file_read(const char *path, const char *step, size_t most,
                       struct octets *out) MUST_CHECK;

enum outcome sink_write(const struct sink *sink, struct view data) MUST_CHECK;

#endif
