/*
 * Conversion and comparison of strings, and the names of Microsoft's C library.
 */
#include "conform.h"

#include <strsafe.h>
#include <tchar.h>

/* Strings as code points, written as this width has them. */
static size_t put(WCHAR *to, uint32_t c)
{
    if (sizeof(WCHAR) == 2 && c >= 0x10000) {
        to[0] = (WCHAR)(0xD800 + ((c - 0x10000) >> 10));
        to[1] = (WCHAR)(0xDC00 + (c & 0x3FF));
        return 2;
    }
    to[0] = (WCHAR)c;
    return 1;
}

/* Malformed UTF-8 and what it becomes; sequences end at 0. Rows from Unicode's table of maximal subparts. */
static const struct {
    const char *label;
    const char *bytes;
    uint32_t out[10];
    bool good;
} conversions[] = {
    {"ASCII", "abc", {'a', 'b', 'c'}, true},
    {"two bytes", "\xC3\xA9", {0xE9}, true},
    {"three bytes", "\xE2\x98\x83", {0x2603}, true},
    {"four bytes", "\xF0\x9D\x84\x9E!", {0x1D11E, '!'}, true},
    {"the largest", "\xF4\x8F\xBF\xBF", {0x10FFFF}, true},
    {"overlong", "\xC0\xAF", {0xFFFD, 0xFFFD}, false},
    {"overlong in three", "\xE0\x80\xAF", {0xFFFD, 0xFFFD, 0xFFFD}, false},
    {"a surrogate", "\xED\xA0\x80", {0xFFFD, 0xFFFD, 0xFFFD}, false},
    {"too large", "\xF4\x90\x80\x80", {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, false},
    {"cut in the middle", "a\xF0\x9D\x84z", {'a', 0xFFFD, 'z'}, false},
    {"cut at the end", "\xE2\x98", {0xFFFD}, false},
    {"a continuation alone", "\x80z", {0xFFFD, 'z'}, false},
    {"Unicode's example",
     "a\xF1\x80\x80\xE1\x80\xC2"
     "b\x80",
     {'a', 0xFFFD, 0xFFFD, 0xFFFD, 'b', 0xFFFD},
     false},
};

static void to_wide(void)
{
    for (size_t i = 0; i < ARRAYSIZE(conversions); i++) {
        WCHAR want[32], got[32];
        char back[64];
        size_t n = 0;
        for (size_t k = 0; conversions[i].out[k] != 0; k++)
            n += put(want + n, conversions[i].out[k]);
        want[n++] = 0;
        row_begin("MultiByteToWideChar, %s", conversions[i].label);
        const char *s = conversions[i].bytes;
        tap(MultiByteToWideChar(CP_UTF8, 0, s, -1, NULL, 0) == (int)n, "counts with the NUL");
        tap(MultiByteToWideChar(CP_ACP, 0, s, -1, got, ARRAYSIZE(got)) == (int)n &&
                memcmp(got, want, n * sizeof(WCHAR)) == 0,
            "converts");
        tap(MultiByteToWideChar(CP_UTF8, 0, s, (int)strlen(s), got, (int)n - 1) == (int)n - 1,
            "without the NUL");
        SetLastError(0);
        int strict = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, s, -1, got, ARRAYSIZE(got));
        tap(conversions[i].good ? strict == (int)n
                                : strict == 0 && GetLastError() == ERROR_NO_UNICODE_TRANSLATION,
            "MB_ERR_INVALID_CHARS");
        if (conversions[i].good)
            tap(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, want, -1, back, sizeof back,
                                    NULL, NULL) == (int)strlen(s) + 1 &&
                    strcmp(back, s) == 0,
                "and back");
    }
}

static void refusals(void)
{
    WCHAR wide[8] = {'a', 'b', 0};
    char narrow[8] = "ab";
    BOOL used = 7;
    static const struct {
        const char *label;
        UINT page;
        DWORD flags;
        int from, to;
        DWORD error;
    } rows[] = {
        {"another code page", 1252, 0, -1, 8, ERROR_INVALID_PARAMETER},
        {"no bytes", CP_UTF8, 0, 0, 8, ERROR_INVALID_PARAMETER},
        {"a negative count", CP_UTF8, 0, -2, 8, ERROR_INVALID_PARAMETER},
        {"a negative size", CP_UTF8, 0, -1, -1, ERROR_INVALID_PARAMETER},
        {"a flag that UTF-8 does not take", CP_UTF8, 0x1000, -1, 8, ERROR_INVALID_FLAGS},
        {"MB_PRECOMPOSED or WC_DISCARDNS with UTF-8", CP_UTF8, 0x0010, -1, 8, ERROR_INVALID_FLAGS},
        {"too small", CP_UTF8, 0, -1, 2, ERROR_INSUFFICIENT_BUFFER},
    };
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        row_begin("refused, %s", rows[i].label);
        SetLastError(0);
        tap(MultiByteToWideChar(rows[i].page, rows[i].flags, narrow, rows[i].from, wide,
                                rows[i].to) == 0 &&
                GetLastError() == rows[i].error,
            "to wide");
        SetLastError(0);
        tap(WideCharToMultiByte(rows[i].page, rows[i].flags, L"ab", rows[i].from, narrow,
                                rows[i].to, NULL, NULL) == 0 &&
                GetLastError() == rows[i].error,
            "to bytes");
        narrow[0] = 'a', narrow[1] = 'b', narrow[2] = 0;
    }
    row_begin("refused");
    tap(!MultiByteToWideChar(CP_UTF8, 0, NULL, 1, wide, 8) &&
            !MultiByteToWideChar(CP_UTF8, 0, "a", 1, NULL, 8) &&
            !WideCharToMultiByte(CP_UTF8, 0, NULL, 1, narrow, 8, NULL, NULL) &&
            !WideCharToMultiByte(CP_UTF8, 0, L"a", 1, NULL, 8, NULL, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "NULL");
    tap(!WideCharToMultiByte(CP_UTF8, 0, wide, 1, (LPSTR)wide, 8, NULL, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER && wide[1] == 'b',
        "to bytes in place");
    tap(!MultiByteToWideChar(CP_UTF8, 0, (LPCCH)wide, 1, wide, 8) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "in place");
    tap(!WideCharToMultiByte(CP_UTF8, 0, L"a", 1, narrow, 8, "?", NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER &&
            !WideCharToMultiByte(CP_UTF8, 0, L"a", 1, narrow, 8, NULL, &used),
        "a default character with UTF-8");
    row_begin("the system's code page");
    tap(WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, L"a", 1, narrow, 8, "?", &used) == 1 &&
            used == FALSE,
        "is UTF-8, which needs no default character");
    tap(MultiByteToWideChar(CP_ACP, MB_PRECOMPOSED, "a", 1, wide, 8) == 1, "takes MB_PRECOMPOSED");
    row_begin("half a pair");
    WCHAR half[] = {'x', (WCHAR)0xD834, 'y'};
    tap(WideCharToMultiByte(CP_UTF8, 0, half, 3, narrow, 8, NULL, NULL) == 5 &&
            memcmp(narrow, "x\xEF\xBF\xBDy", 5) == 0,
        "becomes U+FFFD");
    SetLastError(0);
    tap(!WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, half, 3, narrow, 8, NULL, NULL) &&
            GetLastError() == ERROR_NO_UNICODE_TRANSLATION,
        "or an error");
}

static void comparison(void)
{
    row_begin("lstrcmpW");
    tap(lstrcmpW(L"AES", L"AES") == 0 && lstrcmpW(L"AES", L"AET") < 0 && lstrcmpW(L"b", L"a") > 0 &&
            lstrcmpW(L"ab", L"abc") < 0,
        "by the characters");
    tap(lstrcmpW(NULL, NULL) == 0 && lstrcmpW(NULL, L"") < 0 && lstrcmpW(L"", NULL) > 0,
        "NULL is below");
    tap(lstrcmpiW(L"Sha256", L"SHA256") == 0 && lstrcmpiW(L"\u00e9", L"\u00c9") == 0 &&
            lstrcmpiW(L"a", L"B") < 0,
        "without case");
    tap(lstrlenW(L"abc") == 3 && lstrlenW(NULL) == 0 && lstrlenA("abc") == 3 && lstrlenA(NULL) == 0,
        "lengths");
    tap(lstrcmpA("a", "b") < 0 && lstrcmpiA("A", "a") == 0 && lstrcmpA(NULL, "") < 0, "narrow");
    row_begin("CompareStringOrdinal");
    tap(CompareStringOrdinal(L"abc", -1, L"abd", -1, FALSE) == CSTR_LESS_THAN &&
            CompareStringOrdinal(L"abc", 2, L"abd", 2, FALSE) == CSTR_EQUAL &&
            CompareStringOrdinal(L"b", 1, L"abd", -1, FALSE) == CSTR_GREATER_THAN,
        "orders");
    tap(CompareStringOrdinal(L"ABC", -1, L"abc", -1, TRUE) == CSTR_EQUAL &&
            CompareStringOrdinal(L"ABC", -1, L"abc", -1, FALSE) == CSTR_LESS_THAN,
        "with and without case");
    SetLastError(0);
    tap(CompareStringOrdinal(NULL, 0, L"", 0, FALSE) == 0 &&
            GetLastError() == ERROR_INVALID_PARAMETER &&
            CompareStringOrdinal(L"", -2, L"", 0, FALSE) == 0,
        "refuses NULL and negative counts");
    row_begin("CompareStringW");
    tap(CompareStringW(LOCALE_INVARIANT, NORM_IGNORECASE, L"Rsa", -1, L"RSA", -1) == CSTR_EQUAL &&
            CompareStringW(LOCALE_USER_DEFAULT, 0, L"Rsa", -1, L"RSA", -1) == CSTR_GREATER_THAN,
        "compares");
    tap(CompareStringW(0, 0x10000000, L"", 0, L"", 0) == 0 && GetLastError() == ERROR_INVALID_FLAGS,
        "refuses other flags");
}

static void crt(void)
{
    char a[8], big[64];
    WCHAR w[8];
    row_begin("Microsoft's C library");
    tap(_stricmp("AbC", "aBc") == 0 && _strnicmp("abX", "ABY", 2) == 0, "_stricmp, _strnicmp");
    tap(strcpy_s(a, sizeof a, "1234567") == 0 && strcmp(a, "1234567") == 0, "strcpy_s that fits");
    tap(strcpy_s(a, sizeof a, "12345678") == ERANGE && a[0] == 0, "and that does not");
    tap(strcpy_s(NULL, 3, "a") == EINVAL && strcpy_s(a, 0, "a") == EINVAL &&
            strcpy_s(a, 8, NULL) == EINVAL,
        "nor NULL");
    tap(strncpy_s(a, sizeof a, "abcdefghij", 3) == 0 && strcmp(a, "abc") == 0,
        "strncpy_s with a count");
    tap(strncpy_s(a, sizeof a, "abcdefghij", _TRUNCATE) == STRUNCATE && strcmp(a, "abcdefg") == 0,
        "and with _TRUNCATE");
    tap(strcpy_s(a, sizeof a, "ab") == 0 && strcat_s(a, sizeof a, "cd") == 0 &&
            strcmp(a, "abcd") == 0 && strcat_s(a, sizeof a, "efgh") == ERANGE && a[0] == 0,
        "strcat_s");
    tap(memcpy_s(a, 8, "abc", 4) == 0 && strcmp(a, "abc") == 0 &&
            memcpy_s(a, 2, "abc", 3) == ERANGE && a[0] == 0 && a[1] == 0 &&
            memcpy_s(a, 8, NULL, 1) == EINVAL && memcpy_s(NULL, 0, NULL, 0) == 0,
        "memcpy_s");
    tap(memmove_s(a, 8, "xyz", 4) == 0 && strcmp(a, "xyz") == 0 &&
            memmove_s(a, 2, "abc", 3) == ERANGE,
        "memmove_s");
    tap(sprintf_s(big, sizeof big, "%d-%s", 5, "x") == 3 && strcmp(big, "5-x") == 0 &&
            sprintf_s(a, 3, "%d", 100) == -1 && a[0] == 0,
        "sprintf_s");
    memset(a, 'z', sizeof a);
    tap(_snprintf(a, 4, "%s", "abcd") == 4 && memcmp(a, "abcdz", 5) == 0 &&
            _snprintf(a, 4, "%s", "abcde") == -1 && _snprintf(a, 8, "%s", "ab") == 2 &&
            strcmp(a, "ab") == 0 && _snprintf(NULL, 0, "%d", 1234) == 4,
        "_snprintf, with its missing NUL");
    tap(_snprintf_s(a, sizeof a, _TRUNCATE, "%s", "0123456789") == -1 &&
            strcmp(a, "0123456") == 0 && _snprintf_s(a, sizeof a, 3, "%s", "0123456789") == -1 &&
            strcmp(a, "012") == 0 && _snprintf_s(a, sizeof a, 20, "%s", "0123456789") == -1 &&
            a[0] == 0,
        "_snprintf_s");
    char *copy = _strdup("abc");
    tap(copy != NULL && strcmp(copy, "abc") == 0, "_strdup");
    free(copy);

    row_begin("Microsoft's C library, wide");
    tap(_wcsicmp(L"AbC\u00e9", L"aBc\u00c9") == 0 && _wcsnicmp(L"abX", L"ABY", 2) == 0 &&
            _wcsicmp(L"a", L"b") < 0 && _wcsnicmp(L"ab", L"abc", 9) < 0,
        "_wcsicmp, _wcsnicmp");
    tap(wcscpy_s(w, 8, L"1234567") == 0 && wcscpy_s(w, 8, L"12345678") == ERANGE && w[0] == 0,
        "wcscpy_s");
    tap(wcsncpy_s(w, 8, L"abcdefghij", _TRUNCATE) == STRUNCATE && lstrcmpW(w, L"abcdefg") == 0 &&
            wcsncpy_s(w, 8, L"abcdefghij", 2) == 0 && lstrcmpW(w, L"ab") == 0,
        "wcsncpy_s");
    tap(wcscat_s(w, 8, L"cd") == 0 && lstrcmpW(w, L"abcd") == 0 &&
            wcscat_s(w, 8, L"efgh") == ERANGE && w[0] == 0 && wcscat_s(NULL, 8, L"") == EINVAL,
        "wcscat_s");
    wcscpy_s(w, 8, L"abc");
    tap(wcscpy_s(w, 8, NULL) == EINVAL && w[0] == 0 && wcscpy_s(w, 0, L"a") == EINVAL,
        "nor NULL, nor into nothing");
    const WCHAR endless[] = {'a', 'b', 'c', 'd'};
    memcpy(w, endless, sizeof endless);
    tap(wcscat_s(w, 4, L"x") == EINVAL && w[0] == 0, "nor behind what has no end");
    tap(_wcsicmp(L"b", L"a") > 0 && _wcsicmp(L"abc", L"ab") > 0 && _wcsicmp(L"ab", L"abc") < 0,
        "and the longer one is the greater");
    WCHAR *wide_copy = _wcsdup(L"abc");
    tap(wide_copy != NULL && lstrcmpW(wide_copy, L"abc") == 0, "_wcsdup");
    free(wide_copy);

    row_begin("strsafe.h");
    size_t n = 99;
    tap(StringCchCopyA(a, sizeof a, "1234567") == S_OK &&
            StringCchCopyA(a, sizeof a, "123456789") == STRSAFE_E_INSUFFICIENT_BUFFER &&
            strcmp(a, "1234567") == 0 && StringCchCopyA(a, 0, "") == STRSAFE_E_INVALID_PARAMETER,
        "StringCchCopyA");
    tap(StringCbCopyW(w, sizeof w, L"ab") == S_OK && StringCchCatW(w, 8, L"cd") == S_OK &&
            lstrcmpW(w, L"abcd") == 0 &&
            StringCchCatW(w, 8, L"efghij") == STRSAFE_E_INSUFFICIENT_BUFFER &&
            lstrcmpW(w, L"abcdefg") == 0,
        "StringCbCopyW, StringCchCatW");
    tap(StringCchLengthW(w, 8, &n) == S_OK && n == 7 &&
            StringCchLengthW(w, 7, &n) == STRSAFE_E_INVALID_PARAMETER &&
            StringCbLengthA("abc", 9, &n) == S_OK && n == 3,
        "lengths");
    tap(StringCchPrintfA(a, sizeof a, "%d", 123456789) == STRSAFE_E_INSUFFICIENT_BUFFER &&
            strcmp(a, "1234567") == 0 && StringCchPrintfW(w, 8, L"%s-%d", L"ab", 7) == S_OK &&
            lstrcmpW(w, L"ab-7") == 0 &&
            StringCchPrintfW(w, 8, L"%s", L"abcdefghij") == STRSAFE_E_INSUFFICIENT_BUFFER &&
            lstrcmpW(w, L"abcdefg") == 0,
        "StringCchPrintf");
    row_begin("tchar.h");
    tap(_tcslen(_T("abc")) == 3 && _tcsicmp(_T("A"), _TEXT("a")) == 0, "narrow without _UNICODE");
}

int main(void)
{
    to_wide();
    refusals();
    comparison();
    crt();
    return tap_done();
}
