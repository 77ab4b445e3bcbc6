/* A line of the trace while it is put together: bounded, on the stack. */
#ifndef TRACE_TRACE_LINE_H
#define TRACE_TRACE_LINE_H

#include "base.h"

/* Longer than any call makes it, and not more than a pipe takes in one piece. */
#define TRACE_LINE_BYTES 4096

struct trace_line {
    size_t n;
    size_t limit; /* where it ends for the time being, with a NUL */
    char s[TRACE_LINE_BYTES];
};

/* An empty line that keeps room for its end. */
void trace_line_begin(struct trace_line *l);

/* What follows may fill that room too. */
void trace_line_finish(struct trace_line *l);

/* Appends; what does not fit is left out. */
void trace_line_put(struct trace_line *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends a text of the library's or the system's; what is not printable ASCII is escaped. */
void trace_line_escape(struct trace_line *l, const char *text);

/* Appends a program's string in quotes, escaped alike, cut after TRACE_TEXT_CHARS characters. `unit`: bytes of a character: 1, 2 or 4. */
#define TRACE_TEXT_CHARS 80
void trace_line_quote(struct trace_line *l, const void *text, size_t unit);

#endif
