/*
 * Comparison of wide strings by the characters' numbers.
 */
#include "win_wide.h"

#include <limits.h>

/* -1, 0 or 1. In 16 bits the units are compared, as on Windows. */
static int compare(const WCHAR *a, size_t an, const WCHAR *b, size_t bn, bool fold)
{
    for (size_t i = 0; i < an && i < bn; i++) {
        uint32_t x = (uint32_t)a[i], y = (uint32_t)b[i];
        if (x != y && fold) {
            x = wide_upper(x);
            y = wide_upper(y);
        }
        if (x != y)
            return x < y ? -1 : 1;
    }
    return an == bn ? 0 : an < bn ? -1 : 1;
}

static int compare_counted(const WCHAR *a, int an, const WCHAR *b, int bn, bool fold)
{
    if (a == NULL || b == NULL || an < -1 || bn < -1)
        return fail(ERROR_INVALID_PARAMETER);
    return CSTR_EQUAL + compare(a, an < 0 ? wide_length(a) : (size_t)an, b,
                                bn < 0 ? wide_length(b) : (size_t)bn, fold);
}

int WINAPI CompareStringOrdinal(LPCWCH lpString1, int cchCount1, LPCWCH lpString2, int cchCount2,
                                BOOL bIgnoreCase)
{
    return compare_counted(lpString1, cchCount1, lpString2, cchCount2, bIgnoreCase != FALSE);
}

int WINAPI CompareStringW(LCID Locale, DWORD dwCmpFlags, LPCWCH lpString1, int cchCount1,
                          LPCWCH lpString2, int cchCount2)
{
    (void)Locale;
    if ((dwCmpFlags & ~(DWORD)(NORM_IGNORECASE | LINGUISTIC_IGNORECASE)) != 0)
        return fail(ERROR_INVALID_FLAGS);
    return compare_counted(lpString1, cchCount1, lpString2, cchCount2, dwCmpFlags != 0);
}

/* NULL is below every string. */
static int compare_texts(LPCWSTR a, LPCWSTR b, bool fold)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return compare(a, wide_length(a), b, wide_length(b), fold);
}

int WINAPI lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    return compare_texts(lpString1, lpString2, false);
}

int WINAPI lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    return compare_texts(lpString1, lpString2, true);
}

int WINAPI lstrlenW(LPCWSTR lpString)
{
    size_t n = lpString == NULL ? 0 : wide_length(lpString);
    return n > INT_MAX ? INT_MAX : (int)n;
}

int _wcsicmp(const wchar_t *a, const wchar_t *b)
{
    return compare_texts(a, b, true);
}

static size_t length_up_to(const wchar_t *s, size_t count)
{
    size_t n = 0;
    while (n < count && s[n] != 0)
        n++;
    return n;
}

int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    return compare(a, length_up_to(a, count), b, length_up_to(b, count), true);
}
