/*
 * Wide characters in the width of this compilation: wide_*.c are compiled twice, with and without
 * -fshort-wchar, and whatever they share under one name has the width in it.
 */
#ifndef WIN_WIDE_H
#define WIN_WIDE_H

#include "win_utf8.h"
#include "wincompat.h"

#if OPENCNG_WCHAR_BITS == 16
#define WIDE_NAME(name) name##_16
#else
#define WIDE_NAME(name) name##_32
#endif

static inline size_t wide_length(const WCHAR *s)
{
    size_t n = 0;
    while (s[n] != 0)
        n++;
    return n;
}

/* The next character of the units from *p to `end`, which are at least one; UTF8_BAD for half a
 * pair (16 bits) or a number that is no character (32 bits). */
static inline uint32_t wide_next(const WCHAR **p, const WCHAR *end)
{
    uint32_t c = (uint32_t) * (*p)++;
#if OPENCNG_WCHAR_BITS == 16
    if (c >= 0xD800 && c < 0xDC00 && *p < end && **p >= 0xDC00 && **p < 0xE000)
        return 0x10000 + ((c - 0xD800) << 10) + ((uint32_t) * (*p)++ - 0xDC00);
#else
    (void)end;
#endif
    return (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF ? UTF8_BAD : c;
}

/* Writes a character that is one into up to 2 units; how many. */
static inline size_t wide_put(WCHAR out[2], uint32_t c)
{
#if OPENCNG_WCHAR_BITS == 16
    if (c >= 0x10000) {
        out[0] = (WCHAR)(0xD800 + ((c - 0x10000) >> 10));
        out[1] = (WCHAR)(0xDC00 + ((c - 0x10000) & 0x3FF));
        return 2;
    }
#endif
    out[0] = (WCHAR)c;
    return 1;
}

/* A string of n units as UTF-8 on the heap, for free(), and its length; NULL: no memory. */
static inline char *wide_utf8_new(const WCHAR *s, size_t n, size_t *length)
{
    unsigned char *out = malloc(4 * n + 1);
    if (out == NULL)
        return NULL;
    size_t at = 0;
    for (const WCHAR *end = s + n; s < end;) {
        uint32_t c = wide_next(&s, end);
        at += utf8_put(out + at, c == UTF8_BAD ? UTF8_REPLACEMENT : c);
    }
    out[at] = 0;
    if (length != NULL)
        *length = at;
    return (char *)out;
}

/* Unicode's simple upper case (wide_compare.c). */
uint32_t wide_upper(uint32_t c);

/* wide_format.c: the text of a format in Windows' meaning, on the heap with a NUL; NULL: no memory
 * or a format that is refused. */
WCHAR *WIDE_NAME(wide_format_new)(const WCHAR *format, va_list args, size_t *n);

#endif
