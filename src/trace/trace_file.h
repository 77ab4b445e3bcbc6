/* The file that the trace goes to. */
#ifndef TRACE_TRACE_FILE_H
#define TRACE_TRACE_FILE_H

#include "base.h"

/* Whether the environment names a file. */
bool trace_file_is_named(void) MUST_CHECK;

/* Opens that file; one that cannot be opened is complained of on stderr. Called once. Whether there is
 * a file to write to. */
bool trace_file_open(void) MUST_CHECK;

/* Appends n bytes with one write. False: the file is gone for good. */
bool trace_file_write(const char *line, size_t n) MUST_CHECK;

#endif
