/* Putting a line of the trace together (trace_line.h). */
#include "trace_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trace_peek.h"

/* More than a status, what was returned and the time take. */
#define END_BYTES 512

void trace_line_begin(struct trace_line *l)
{
    l->n = 0;
    l->limit = sizeof l->s - END_BYTES;
    l->s[0] = '\0';
}

void trace_line_finish(struct trace_line *l)
{
    l->limit = sizeof l->s;
}

void trace_line_put(struct trace_line *l, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(l->s + l->n, l->limit - l->n, format, list);
    va_end(list);
    if (n > 0)
        l->n = (size_t)n < l->limit - l->n ? l->n + (size_t)n : l->limit - 1;
}

/* Character i of a text whose bytes were copied. */
static uint32_t character(const uint8_t *bytes, size_t unit, size_t i)
{
    uint32_t c = 0;
    uint16_t half;
    switch (unit) {
    case 1:
        return bytes[i];
    case sizeof half:
        memcpy(&half, bytes + i * unit, sizeof half);
        return half;
    default:
        memcpy(&c, bytes + i * unit, sizeof c);
        return c;
    }
}

static void put_char(struct trace_line *l, char c)
{
    if (l->n + 1 < l->limit) {
        l->s[l->n++] = c;
        l->s[l->n] = '\0';
    }
}

static void escape(struct trace_line *l, uint32_t c)
{
    if (c == '"' || c == '\\')
        put_char(l, '\\');
    if (c >= 0x20 && c < 0x7F)
        put_char(l, (char)c);
    else if (c <= 0xFFFF)
        trace_line_put(l, "\\u%04x", c);
    else
        trace_line_put(l, "\\U%08x", c);
}

void trace_line_escape(struct trace_line *l, const char *text)
{
    while (*text != '\0')
        escape(l, (uint8_t)*text++);
}

void trace_line_quote(struct trace_line *l, const void *text, size_t unit)
{
    uint8_t bytes[(TRACE_TEXT_CHARS + 1) * sizeof(uint32_t)];
    size_t chars = trace_peek(bytes, text, (TRACE_TEXT_CHARS + 1) * unit) / unit;
    size_t n = 0;
    trace_line_put(l, "\"");
    for (uint32_t c; n < chars && n < TRACE_TEXT_CHARS; n++) {
        if ((c = character(bytes, unit, n)) == 0)
            break;
        escape(l, c);
    }
    bool ended = n < chars && character(bytes, unit, n) == 0;
    trace_line_put(l, ended ? "\"" : n == TRACE_TEXT_CHARS ? "\"..." : "\"(bad address)");
    /* What stands behind a string may be anything. */
    explicit_bzero(bytes, sizeof bytes);
}
