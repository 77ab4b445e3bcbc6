/*
 * Names of Microsoft's C library on wide strings, for both widths.
 */
#include "win_wide.h"

#include <string.h>

wchar_t *_wcsdup(const wchar_t *text)
{
    size_t n = (wide_length(text) + 1) * sizeof(wchar_t);
    wchar_t *copy = malloc(n);
    return copy == NULL ? NULL : memcpy(copy, text, n);
}

/* Copies up to `count` units of src, or all with _TRUNCATE, behind the first `used` ones of dest. */
static errno_t append(wchar_t *dest, size_t room, size_t used, const wchar_t *src, size_t count)
{
    size_t n = 0;
    if (dest == NULL || room == 0)
        return EINVAL;
    if (src == NULL || used >= room) {
        dest[0] = 0;
        return EINVAL;
    }
    while (n < count && n < room - used && src[n] != 0)
        n++;
    bool cut = n == room - used;
    if (cut && count != _TRUNCATE) {
        dest[0] = 0;
        return ERANGE;
    }
    n -= cut;
    memcpy(dest + used, src, n * sizeof(wchar_t));
    dest[used + n] = 0;
    return cut ? STRUNCATE : 0;
}

errno_t wcscpy_s(wchar_t *dest, rsize_t destsz, const wchar_t *src)
{
    return append(dest, destsz, 0, src, (size_t)-2);
}

errno_t wcsncpy_s(wchar_t *dest, rsize_t destsz, const wchar_t *src, rsize_t count)
{
    return append(dest, destsz, 0, src, count);
}

errno_t wcscat_s(wchar_t *dest, rsize_t destsz, const wchar_t *src)
{
    size_t used = 0;
    while (dest != NULL && used < destsz && dest[used] != 0)
        used++;
    return append(dest, destsz, used, src, (size_t)-2);
}

int _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list args)
{
    size_t n = 0;
    wchar_t *text = WIDE_NAME(wide_format_new)(format, args, &n);
    if (text == NULL)
        return -1;
    if (buffer != NULL)
        memcpy(buffer, text, (n < count ? n + 1 : count) * sizeof(wchar_t));
    free(text);
    return n <= count || buffer == NULL ? (int)n : -1;
}

int _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = _vsnwprintf(buffer, count, format, args);
    va_end(args);
    return n;
}

int vswprintf_s(wchar_t *buffer, size_t sizeOfBuffer, const wchar_t *format, va_list args)
{
    if (buffer == NULL || sizeOfBuffer == 0)
        return -1;
    int n = _vsnwprintf(buffer, sizeOfBuffer, format, args);
    if (n >= 0 && (size_t)n < sizeOfBuffer)
        return n;
    buffer[0] = 0;
    return -1;
}

int swprintf_s(wchar_t *buffer, size_t sizeOfBuffer, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vswprintf_s(buffer, sizeOfBuffer, format, args);
    va_end(args);
    return n;
}
