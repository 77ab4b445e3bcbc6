/*
 * printf on wide strings in Windows' meaning: _snwprintf in both widths, the standard names with 16 bits.
 */
#include "conform.h"

static void is(const WCHAR *want, int n, const WCHAR *got, const char *what)
{
    bool good = n == lstrlenW(want) && lstrcmpW(want, got) == 0;
    tap(good, what);
    if (!good) {
        char text[256] = "";
        WideCharToMultiByte(CP_UTF8, 0, got, -1, text, sizeof text, NULL, NULL);
        printf("# got %d, \"%s\"\n", n, text);
    }
}

#define IS(want, ...)                                                                              \
    do {                                                                                           \
        WCHAR made[200] = {0};                                                                     \
        int n = _snwprintf(made, ARRAYSIZE(made), __VA_ARGS__);                                    \
        is(want, n, made, #__VA_ARGS__);                                                           \
    } while (0)

int main(void)
{
    WCHAR out[8];
    row_begin("format");
    IS(L"plain 100%", L"plain 100%%");
    IS(L"wide", L"%s", L"wide");
    IS(L"narrow", L"%S", "narrow");
    IS(L"narrow", L"%hs", "narrow");
    IS(L"wide", L"%ls", L"wide");
    IS(L"wide", L"%ws", L"wide");
    IS(L"wide", L"%lS", L"wide");
    IS(L"\u2603", L"%S", "\xE2\x98\x83");
    IS(L"[  ab]", L"[%4s]", L"ab");
    IS(L"[ab  ]", L"[%-4s]", L"ab");
    IS(L"[ab  ]", L"[%*s]", -4, L"ab");
    IS(L"[ab]", L"[%.2s]", L"abcdef");
    IS(L"[ab]", L"[%.*S]", 2, "abcdef");
    IS(L"(null)", L"%s", (WCHAR *)NULL);
    IS(L"(null)", L"%S", (char *)NULL);
    IS(L"xy", L"%c%C", L'x', 'y');
    IS(L"-5 5 5", L"%d %i %u", -5, 5, 5u);
    IS(L"ff FF 0xff 17", L"%x %X %#x %o", 255, 255, 255, 15);
    IS(L"00042|42   |+42", L"%05d|%-5d|%+d", 42, 42, 42);
    IS(L"4294967295", L"%lu", (ULONG)0xFFFFFFFF);
    IS(L"-1", L"%ld", (LONG)-1);
    IS(L"0xC0000008", L"0x%08lX", (ULONG)STATUS_INVALID_HANDLE);
    IS(L"18446744073709551615", L"%llu", UINT64_MAX);
    IS(L"18446744073709551615", L"%I64u", UINT64_MAX);
    IS(L"-7 7", L"%I32d %Iu", -7, (SIZE_T)7);
    IS(L"123 9", L"%zu %td", (size_t)123, (ptrdiff_t)9);
    IS(L"-1 255", L"%hhd %hhu", 255, 255);
    IS(L"3.50 1e+06", L"%.2f %g", 3.5, 1e6);
    IS(L"0000000000000010", L"%p", (void *)16);
    IS(L"y", L"%y");
    IS(L"end", L"end%");
    IS(L"\u00e9", L"%\u00e9");
    IS(L"-1 65535", L"%hd %hu", 0xFFFF, 0xFFFF);
    IS(L"+7   |", L"%-+ #0-+ #0-*d|", 5, 7);
    IS(L"7|", L"%*d|", INT32_MIN, 7);
    IS(L"[abc]", L"[%.*s]", -1, L"abc");
    IS(L"x y", L"%hc %lc", 'x', L'y');
    IS(L"00ab", L"%04s", L"ab");
    IS(L"0000000000000010    |", L"%-20p|", (void *)16);
    IS(L"2.50", L"%.2Lf", 2.5L);
    IS(L"a\uFFFDb", L"%S",
       "a\xFF"
       "b");
    IS(L"\u2603", L"%.1S", "\xE2\x98\x83\xE2\x98\x83");
    IS(L"", L"%.1S", &"\xF0\x9F\x94\x91"[sizeof(WCHAR) == 4 ? 4 : 0]);

    row_begin("sizes");
    memset(out, 0x7A, sizeof out);
    tap(_snwprintf(out, 4, L"%s", L"abcd") == 4 && out[3] == 'd' && out[4] != 0,
        "_snwprintf that just fits has no NUL");
    tap(_snwprintf(out, 4, L"%s", L"abcde") == -1 && out[3] == 'd', "that does not is -1");
    tap(swprintf_s(out, 4, L"%s", L"abcd") == -1 && out[0] == 0 &&
            swprintf_s(out, 5, L"%s", L"abcd") == 4,
        "swprintf_s");
    tap(_snwprintf(NULL, 0, L"%d", 12345) == 5, "NULL counts");
    tap(swprintf_s(NULL, 5, L"%d", 1) == -1 && swprintf_s(out, 0, L"%d", 1) == -1,
        "swprintf_s wants room");
    tap(_snwprintf(out, 8, L"%n", &checks) == -1, "%n is refused");

#if __WCHAR_MAX__ <= 0xFFFF
    char text[64] = {0};
    FILE *file = tmpfile();
    row_begin("the standard's names");
    tap(swprintf(out, 8, L"%s%S", L"ab", "cd") == 4 && wcscmp(out, L"abcd") == 0, "swprintf");
    tap(swprintf(out, 4, L"%s", L"abcd") == -1 && wcscmp(out, L"abc") == 0, "cut with a NUL");
    tap(file != NULL && fwprintf(file, L"%s \u2603 %d", L"wide", 7) == 8 &&
            fputws(L"!", file) >= 0 && fputwc(L'?', file) == L'?' && fprintf(file, "narrow") == 6,
        "fwprintf, mixed with fprintf");
    rewind(file);
    tap(fread(text, 1, sizeof text - 1, file) == 18 &&
            strcmp(text, "wide \xE2\x98\x83 7!?narrow") == 0,
        "writes UTF-8");
    fclose(file);
    tap(wprintf(L"# %s %S\n", L"to standard", "output") == 21, "wprintf");
#endif
    return tap_done();
}
