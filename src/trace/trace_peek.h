/* Reading memory that a program points at without trusting the pointer. */
#ifndef TRACE_TRACE_PEEK_H
#define TRACE_TRACE_PEEK_H

#include "base.h"

/* Copies up to n bytes from `at`; returns how many could be read. */
size_t trace_peek(void *out, const void *at, size_t n);

#endif
