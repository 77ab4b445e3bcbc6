/*
 * The C library's wide output, for 16 bits: UTF-8 to a stream that stays byte-oriented, so that printf
 * and wprintf may be mixed; or into memory. What %s and l mean there: wide_format.c.
 */
#include "win_wide.h"

#include <stdio.h>
#include <string.h>

/* Writes n units as UTF-8; n, or -1. */
static int write_units(FILE *file, const wchar_t *units, size_t n)
{
    size_t length;
    char *bytes = wide_utf8_new(units, n, &length);
    bool good = bytes != NULL && fwrite(bytes, 1, length, file) == length;
    free(bytes);
    return good ? (int)n : -1;
}

int vfwprintf(FILE *file, const wchar_t *format, va_list args)
{
    size_t n = 0;
    wchar_t *text = WIDE_NAME(wide_format_new)(format, args, &n);
    int result = text == NULL ? -1 : write_units(file, text, n);
    free(text);
    return result;
}

int vwprintf(const wchar_t *format, va_list args)
{
    return vfwprintf(stdout, format, args);
}

int fwprintf(FILE *file, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): the line above starts it
    int n = vfwprintf(file, format, args);
    va_end(args);
    return n;
}

int wprintf(const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): the line above starts it
    int n = vfwprintf(stdout, format, args);
    va_end(args);
    return n;
}

/* -1 when the text and its NUL need more than `count` units; what fits is there then, with a NUL. */
int vswprintf(wchar_t *to, size_t count, const wchar_t *format, va_list args)
{
    size_t n = 0;
    wchar_t *text = WIDE_NAME(wide_format_new)(format, args, &n);
    if (text == NULL || count == 0) {
        free(text);
        return -1;
    }
    size_t fits = n < count ? n : count - 1;
    memcpy(to, text, fits * sizeof(wchar_t));
    to[fits] = 0;
    free(text);
    return n < count ? (int)n : -1;
}

int swprintf(wchar_t *to, size_t count, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): the line above starts it
    int n = vswprintf(to, count, format, args);
    va_end(args);
    return n;
}

int fputws(const wchar_t *text, FILE *file)
{
    return write_units(file, text, wide_length(text)) < 0 ? -1 : 0;
}

wint_t fputwc(wchar_t c, FILE *file)
{
    return write_units(file, &c, 1) < 0 ? WEOF : c;
}

wint_t putwc(wchar_t c, FILE *file)
{
    return fputwc(c, file);
}

wint_t putwchar(wchar_t c)
{
    return fputwc(c, stdout);
}
