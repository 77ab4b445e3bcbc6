/*
 * The C library's functions on wide strings, for 16 bits: wchar.h of the installed headers leads a
 * build with -fshort-wchar here. Compiled without built-ins, so that no compiler makes a call of glibc's
 * function out of a loop.
 */
#include "win_wide.h"

#include <limits.h>
#include <string.h>

_Static_assert(sizeof(wchar_t) == 2, "only for -fshort-wchar");

size_t wcslen(const wchar_t *text)
{
    return wide_length(text);
}

size_t wcsnlen(const wchar_t *text, size_t count)
{
    size_t n = 0;
    while (n < count && text[n] != 0)
        n++;
    return n;
}

int wcsncmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
        if (a[i] == 0)
            break;
    }
    return 0;
}

int wcscmp(const wchar_t *a, const wchar_t *b)
{
    return wcsncmp(a, b, SIZE_MAX);
}

int wcscoll(const wchar_t *a, const wchar_t *b)
{
    return wcscmp(a, b);
}

int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    return _wcsnicmp(a, b, count);
}

int wcscasecmp(const wchar_t *a, const wchar_t *b)
{
    return _wcsicmp(a, b);
}

wchar_t *wcscpy(wchar_t *to, const wchar_t *from)
{
    return memcpy(to, from, (wide_length(from) + 1) * sizeof(wchar_t));
}

wchar_t *wcsncpy(wchar_t *to, const wchar_t *from, size_t count)
{
    size_t n = wcsnlen(from, count);
    memcpy(to, from, n * sizeof(wchar_t));
    wmemset(to + n, 0, count - n);
    return to;
}

wchar_t *wcscat(wchar_t *to, const wchar_t *from)
{
    wcscpy(to + wide_length(to), from);
    return to;
}

wchar_t *wcsncat(wchar_t *to, const wchar_t *from, size_t count)
{
    size_t used = wide_length(to), n = wcsnlen(from, count);
    memcpy(to + used, from, n * sizeof(wchar_t));
    to[used + n] = 0;
    return to;
}

wchar_t *wcsdup(const wchar_t *text)
{
    return _wcsdup(text);
}

/* The standard's signatures take const and return without it. */
static wchar_t *plain(const wchar_t *text)
{
    return (wchar_t *)(uintptr_t)text;
}

wchar_t *wmemchr(const wchar_t *text, wchar_t c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text[i] == c)
            return plain(text + i);
    }
    return NULL;
}

wchar_t *wcschr(const wchar_t *text, wchar_t c)
{
    return wmemchr(text, c, wide_length(text) + 1);
}

wchar_t *wcsrchr(const wchar_t *text, wchar_t c)
{
    for (size_t n = wide_length(text) + 1; n > 0; n--) {
        if (text[n - 1] == c)
            return plain(text + n - 1);
    }
    return NULL;
}

/* Length of the beginning whose characters are (or are not) in the set. */
static size_t span(const wchar_t *text, const wchar_t *set, bool in)
{
    size_t n = 0, size = wide_length(set);
    while (text[n] != 0 && (wmemchr(set, text[n], size) != NULL) == in)
        n++;
    return n;
}

size_t wcsspn(const wchar_t *text, const wchar_t *accept)
{
    return span(text, accept, true);
}

size_t wcscspn(const wchar_t *text, const wchar_t *reject)
{
    return span(text, reject, false);
}

wchar_t *wcspbrk(const wchar_t *text, const wchar_t *accept)
{
    size_t n = span(text, accept, false);
    return text[n] == 0 ? NULL : plain(text + n);
}

wchar_t *wcsstr(const wchar_t *text, const wchar_t *part)
{
    size_t n = wide_length(part);
    for (;; text++) {
        if (wcsncmp(text, part, n) == 0)
            return plain(text);
        if (*text == 0)
            return NULL;
    }
}

wchar_t *wcstok(wchar_t *text, const wchar_t *delimiters, wchar_t **next)
{
    wchar_t *start = text != NULL ? text : *next;
    if (start == NULL)
        return NULL;
    start += span(start, delimiters, true);
    size_t n = span(start, delimiters, false);
    *next = start[n] == 0 ? NULL : start + n + 1;
    start[n] = 0;
    return n == 0 ? NULL : start;
}

wchar_t *wmemcpy(wchar_t *to, const wchar_t *from, size_t count)
{
    return memcpy(to, from, count * sizeof(wchar_t));
}

wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t count)
{
    return memmove(to, from, count * sizeof(wchar_t));
}

wchar_t *wmemset(wchar_t *to, wchar_t c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = c;
    return to;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static unsigned digit_of(wchar_t c)
{
    if (c >= '0' && c <= '9')
        return c - (unsigned)'0';
    unsigned letter = c | 0x20u;
    return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10 : UINT_MAX;
}

/* The magnitude of a number in the text: at most `limit` (negative: `below`), else errno is ERANGE. */
static unsigned long long magnitude(const wchar_t *text, wchar_t **end, int base, bool *negative,
                                    unsigned long long limit, unsigned long long below)
{
    const wchar_t *p = text;
    unsigned long long n = 0;
    bool any = false, over = false;
    while (*p == ' ' || (*p >= '\t' && *p <= '\r'))
        p++;
    *negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    unsigned long long most = *negative ? below : limit;
    bool hex = p[0] == '0' && (p[1] | 0x20) == 'x' && digit_of(p[2]) < 16;
    if ((base == 0 || base == 16) && hex)
        p += 2;
    unsigned radix = base != 0 ? (unsigned)base : hex ? 16 : *p == '0' ? 8 : 10;
    for (unsigned d; (d = digit_of(*p)) < radix; p++) {
        any = true;
        over |= n > most / radix || n * radix > most - d;
        n = over ? most : n * radix + d;
    }
    if (over)
        errno = ERANGE;
    if (end != NULL)
        *end = plain(any ? p : text);
    return n;
}

long long wcstoll(const wchar_t *text, wchar_t **end, int base)
{
    bool negative;
    unsigned long long n =
        magnitude(text, end, base, &negative, LLONG_MAX, (unsigned long long)LLONG_MAX + 1);
    return (long long)(negative ? 0 - n : n);
}

unsigned long long wcstoull(const wchar_t *text, wchar_t **end, int base)
{
    bool negative;
    unsigned long long n = magnitude(text, end, base, &negative, ULLONG_MAX, ULLONG_MAX);
    return negative && n != ULLONG_MAX ? 0 - n : n;
}

long wcstol(const wchar_t *text, wchar_t **end, int base)
{
    return (long)wcstoll(text, end, base);
}

unsigned long wcstoul(const wchar_t *text, wchar_t **end, int base)
{
    return (unsigned long)wcstoull(text, end, base);
}
