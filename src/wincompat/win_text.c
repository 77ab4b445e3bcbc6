/*
 * Narrow strings: the l... functions, the system's folder, and Microsoft's snprintf, which writes no
 * NUL when the text fills the buffer.
 */
#include "wincompat.h"

#include <limits.h>
#include <string.h>

int WINAPI lstrlenA(LPCSTR lpString)
{
    size_t n = lpString == NULL ? 0 : strlen(lpString);
    return n > INT_MAX ? INT_MAX : (int)n;
}

/* NULL is below every string. */
static int compare(LPCSTR a, LPCSTR b, int (*how)(const char *, const char *))
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    int result = how(a, b);
    return (result > 0) - (result < 0);
}

int WINAPI lstrcmpA(LPCSTR lpString1, LPCSTR lpString2)
{
    return compare(lpString1, lpString2, strcmp);
}

int WINAPI lstrcmpiA(LPCSTR lpString1, LPCSTR lpString2)
{
    return compare(lpString1, lpString2, strcasecmp);
}

UINT WINAPI GetSystemDirectoryA(LPSTR lpBuffer, UINT uSize)
{
    if (lpBuffer == NULL || uSize < sizeof SYSTEM_DIRECTORY)
        return sizeof SYSTEM_DIRECTORY;
    memcpy(lpBuffer, SYSTEM_DIRECTORY, sizeof SYSTEM_DIRECTORY);
    return sizeof SYSTEM_DIRECTORY - 1;
}

int _vsnprintf(char *buffer, size_t count, const char *format, va_list args)
{
    char *text = NULL;
    int n = vasprintf(&text, format, args);
    if (n < 0)
        return -1;
    if (buffer != NULL) {
        size_t whole = (size_t)n + 1;
        memcpy(buffer, text, whole < count ? whole : count);
    }
    free(text);
    return (size_t)n <= count || buffer == NULL ? n : -1;
}

int _snprintf(char *buffer, size_t count, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = _vsnprintf(buffer, count, format, args);
    va_end(args);
    return n;
}
