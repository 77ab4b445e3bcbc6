/*
 * MultiByteToWideChar and WideCharToMultiByte. Every code page here is UTF-8; the ones that stand for
 * "the system's" take the flags that such a code page takes on Windows, too.
 *
 * One walk counts, and writes as long as there is room; the result is then the count or an error.
 */
#include "win_wide.h"

#include <limits.h>
#include <string.h>

static bool is_system(UINT page)
{
    return page == CP_ACP || page == CP_OEMCP || page == CP_THREAD_ACP;
}

/* What was counted as the functions' result. */
static int answer(size_t n, int room, bool bad)
{
    if (bad)
        return fail(ERROR_NO_UNICODE_TRANSLATION);
    if (n > INT_MAX)
        return fail(ERROR_INVALID_PARAMETER);
    if (room != 0 && n > (size_t)room)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    return (int)n;
}

int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCCH lpMultiByteStr, int cbMultiByte,
                               LPWSTR lpWideCharStr, int cchWideChar)
{
    const DWORD more = is_system(CodePage) ? MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS : 0;
    if ((!is_system(CodePage) && CodePage != CP_UTF8) || lpMultiByteStr == NULL ||
        cbMultiByte == 0 || cbMultiByte < -1 || cchWideChar < 0 ||
        (cchWideChar != 0 &&
         (lpWideCharStr == NULL || (const void *)lpWideCharStr == lpMultiByteStr)))
        return fail(ERROR_INVALID_PARAMETER);
    if ((dwFlags & ~(MB_ERR_INVALID_CHARS | more)) != 0)
        return fail(ERROR_INVALID_FLAGS);

    size_t length = cbMultiByte < 0 ? strlen(lpMultiByteStr) + 1 : (size_t)cbMultiByte;
    const unsigned char *p = (const unsigned char *)lpMultiByteStr, *end = p + length;
    size_t n = 0;
    bool bad = false;
    while (p < end) {
        WCHAR units[2];
        uint32_t c = utf8_next(&p, end);
        bad |= c == UTF8_BAD && (dwFlags & MB_ERR_INVALID_CHARS) != 0;
        size_t more_units = wide_put(units, c == UTF8_BAD ? UTF8_REPLACEMENT : c);
        if (n + more_units <= (size_t)cchWideChar)
            memcpy(lpWideCharStr + n, units, more_units * sizeof(WCHAR));
        n += more_units;
    }
    return answer(n, cchWideChar, bad);
}

int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWCH lpWideCharStr, int cchWideChar,
                               LPSTR lpMultiByteStr, int cbMultiByte, LPCCH lpDefaultChar,
                               LPBOOL lpUsedDefaultChar)
{
    const DWORD more = is_system(CodePage) ? WC_COMPOSITECHECK | WC_NO_BEST_FIT_CHARS : 0;
    if ((!is_system(CodePage) && CodePage != CP_UTF8) || lpWideCharStr == NULL ||
        cchWideChar == 0 || cchWideChar < -1 || cbMultiByte < 0 ||
        (cbMultiByte != 0 &&
         (lpMultiByteStr == NULL || (const void *)lpMultiByteStr == lpWideCharStr)) ||
        (CodePage == CP_UTF8 && (lpDefaultChar != NULL || lpUsedDefaultChar != NULL)))
        return fail(ERROR_INVALID_PARAMETER);
    if ((dwFlags & ~(WC_ERR_INVALID_CHARS | more)) != 0)
        return fail(ERROR_INVALID_FLAGS);

    size_t length = cchWideChar < 0 ? wide_length(lpWideCharStr) + 1 : (size_t)cchWideChar;
    size_t n = 0;
    bool bad = false;
    for (const WCHAR *p = lpWideCharStr, *end = p + length; p < end;) {
        unsigned char bytes[4];
        uint32_t c = wide_next(&p, end);
        bad |= c == UTF8_BAD && (dwFlags & WC_ERR_INVALID_CHARS) != 0;
        size_t more_bytes = utf8_put(bytes, c == UTF8_BAD ? UTF8_REPLACEMENT : c);
        if (n + more_bytes <= (size_t)cbMultiByte)
            memcpy(lpMultiByteStr + n, bytes, more_bytes);
        n += more_bytes;
    }
    if (lpUsedDefaultChar != NULL)
        *lpUsedDefaultChar = FALSE;
    return answer(n, cbMultiByte, bad);
}
