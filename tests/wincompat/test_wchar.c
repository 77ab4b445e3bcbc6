/*
 * The C library's wide functions in the program's width: with 16 bits they are libwincompat's, with 32 bits
 * glibc's. The same checks hold for both; literals and buffers have both compilers' chance to fold a call.
 */
#include "conform.h"

#include <limits.h>
#include <wchar.h>

static const WCHAR *volatile unknown = L"ChainingModeCBC";

static void lengths(void)
{
    row_begin("wcslen");
    tap(wcslen(L"ChainingModeCBC") == 15, "of a literal");
    tap(wcslen(BCRYPT_CHAIN_MODE_CBC) == 15, "of a header's name");
    tap(wcslen(unknown) == 15 && wcslen(L"") == 0, "of what the compiler does not know");
    tap(wcsnlen(unknown, 5) == 5 && wcsnlen(unknown, 99) == 15, "wcsnlen");
    static const WCHAR array[] = L"abc\0def";
    tap(wcslen(array) == 3 && sizeof array == 8 * sizeof(WCHAR), "of an array");
    size_t (*pointer)(const wchar_t *) = wcslen;
    tap(pointer(unknown) == 15, "through a pointer");
}

static void comparing(void)
{
    row_begin("comparing");
    tap(wcscmp(L"AES", L"AES") == 0 && wcscmp(L"AES", L"AET") < 0 && wcscmp(unknown, L"Chain") > 0,
        "wcscmp");
    tap(wcsncmp(unknown, L"ChainX", 5) == 0 && wcsncmp(unknown, L"ChainX", 6) != 0 &&
            wcsncmp(L"a", L"b", 0) == 0,
        "wcsncmp");
    tap(wcscasecmp(L"sha256", L"SHA256") == 0 && wcsncasecmp(L"shaX", L"SHAY", 3) == 0,
        "wcscasecmp");
    tap(wmemcmp(L"a\0b", L"a\0c", 3) < 0 && wmemcmp(L"a\0b", L"a\0c", 2) == 0, "wmemcmp");
    tap(wcscmp(L"\uff00", L"\u0100") > 0, "characters are not signed");
}

static void copying(void)
{
    WCHAR b[32];
    row_begin("copying");
    tap(wcscpy(b, L"abc") == b && wcslen(b) == 3 && b[2] == 'c', "wcscpy");
    tap(wcscat(b, L"de") == b && wcscmp(b, L"abcde") == 0 &&
            wcscmp(wcsncat(b, L"fgh", 1), L"abcdef") == 0,
        "wcscat, wcsncat");
    wmemset(b, L'z', 32);
    tap(wcsncpy(b, L"ab", 5) == b && b[1] == 'b' && b[2] == 0 && b[4] == 0 && b[5] == 'z',
        "wcsncpy pads with zeros");
    tap(wmemcpy(b, L"wxyz", 5) == b && wcscmp(b, L"wxyz") == 0 && wmemmove(b + 1, b, 4) == b + 1 &&
            b[1] == 'w' && b[4] == 'z',
        "wmemcpy, wmemmove");
    WCHAR *copy = wcsdup(L"copied");
    tap(copy != NULL && wcscmp(copy, L"copied") == 0, "wcsdup");
    free(copy);
}

static void searching(void)
{
    static const WCHAR text[] = L"one,two;three,";
    WCHAR work[32], *rest = NULL;
    row_begin("searching");
    tap(wcschr(text, L',') == text + 3 && wcschr(text, L'x') == NULL &&
            wcschr(text, 0) == text + 14,
        "wcschr");
    tap(wcsrchr(text, L',') == text + 13 && wcsrchr(text, L'x') == NULL, "wcsrchr");
    tap(wcsstr(text, L"two") == text + 4 && wcsstr(text, L"") == text &&
            wcsstr(text, L"twx") == NULL,
        "wcsstr");
    tap(wcspbrk(text, L";,") == text + 3 && wcspbrk(text, L"#") == NULL &&
            wcscspn(text, L";") == 7 && wcsspn(text, L"eno") == 3,
        "wcspbrk, wcscspn, wcsspn");
    tap(wmemchr(text, L't', 4) == NULL && wmemchr(text, L't', 5) == text + 4, "wmemchr");
    wcscpy(work, text);
    tap(wcscmp(wcstok(work, L",;", &rest), L"one") == 0 &&
            wcscmp(wcstok(NULL, L",;", &rest), L"two") == 0 &&
            wcscmp(wcstok(NULL, L",;", &rest), L"three") == 0 &&
            wcstok(NULL, L",;", &rest) == NULL && wcstok(NULL, L",;", &rest) == NULL,
        "wcstok");
}

static void numbers(void)
{
    WCHAR *end;
    row_begin("numbers");
    tap(wcstol(L" -42x", &end, 10) == -42 && *end == 'x' && wcstol(L"+7", NULL, 0) == 7, "wcstol");
    tap(wcstoul(L"0xFFz", &end, 0) == 255 && *end == 'z' && wcstoul(L"ff", NULL, 16) == 255 &&
            wcstoul(L"017", NULL, 0) == 15 && wcstoul(L"zz", NULL, 36) == 35 * 36 + 35,
        "bases");
    tap(wcstol(L"0x", &end, 16) == 0 && *end == 'x' && wcstol(L"none", &end, 10) == 0 &&
            *end == 'n',
        "what is none");
    errno = 0;
    tap(wcstoll(L"9223372036854775808", NULL, 10) == LLONG_MAX && errno == ERANGE, "too large");
    errno = 0;
    tap(wcstoll(L"-9223372036854775808", NULL, 10) == LLONG_MIN && errno == 0 &&
            wcstoll(L"-9223372036854775809", NULL, 10) == LLONG_MIN && errno == ERANGE,
        "the smallest, and smaller");
    errno = 0;
    tap(wcstoull(L"18446744073709551615", NULL, 10) == ULLONG_MAX && errno == 0 &&
            wcstoull(L"18446744073709551616", NULL, 10) == ULLONG_MAX && errno == ERANGE &&
            wcstoull(L"-1", NULL, 10) == ULLONG_MAX,
        "wcstoull");
}

int main(void)
{
    lengths();
    comparing();
    copying();
    searching();
    numbers();
    return tap_done();
}
