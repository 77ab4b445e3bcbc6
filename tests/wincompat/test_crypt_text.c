/*
 * CryptBinaryToString and CryptStringToBinary: each form written, read back, damaged, and in both widths.
 */
#include "conform.h"

#include <wincrypt.h>

static const BYTE data[20] = {0x00, 'H',  'e',  'l',  'l',  'o',  ' ', 0xFF, 0x10, 0x20,
                              0x30, 0x40, 0x7E, 0x7F, 0x80, 0x81, 'x', 'y',  'z',  0x1F};

#define B64 "AEhlbGxvIP8QIDBAfn+AgXh5eh8="

static const struct {
    const char *label;
    DWORD flags;
    const char *text;
} forms[] = {
    {"BASE64HEADER", CRYPT_STRING_BASE64HEADER,
     "-----BEGIN CERTIFICATE-----\r\n" B64 "\r\n-----END CERTIFICATE-----\r\n"},
    {"BASE64", CRYPT_STRING_BASE64, B64 "\r\n"},
    {"BASE64, NOCR", CRYPT_STRING_BASE64 | CRYPT_STRING_NOCR, B64 "\n"},
    {"BASE64, NOCRLF", CRYPT_STRING_BASE64 | CRYPT_STRING_NOCRLF, B64},
    {"BASE64REQUESTHEADER", CRYPT_STRING_BASE64REQUESTHEADER,
     "-----BEGIN NEW CERTIFICATE REQUEST-----\r\n" B64
     "\r\n-----END NEW CERTIFICATE REQUEST-----\r\n"},
    {"BASE64X509CRLHEADER", CRYPT_STRING_BASE64X509CRLHEADER,
     "-----BEGIN X509 CRL-----\r\n" B64 "\r\n-----END X509 CRL-----\r\n"},
    {"HEX", CRYPT_STRING_HEX,
     "00 48 65 6c 6c 6f 20 ff  10 20 30 40 7e 7f 80 81\r\n78 79 7a 1f\r\n"},
    {"HEX, NOCRLF", CRYPT_STRING_HEX | CRYPT_STRING_NOCRLF,
     "00 48 65 6c 6c 6f 20 ff  10 20 30 40 7e 7f 80 81 78 79 7a 1f"},
    {"HEXASCII", CRYPT_STRING_HEXASCII,
     "00 48 65 6c 6c 6f 20 ff  10 20 30 40 7e 7f 80 81   .Hello .. 0@~...\r\n"
     "78 79 7a 1f                                        xyz.\r\n"},
    {"HEXADDR", CRYPT_STRING_HEXADDR,
     "0000\t00 48 65 6c 6c 6f 20 ff  10 20 30 40 7e 7f 80 81\r\n0010\t78 79 7a 1f\r\n"},
    {"HEXASCIIADDR", CRYPT_STRING_HEXASCIIADDR,
     "0000\t00 48 65 6c 6c 6f 20 ff  10 20 30 40 7e 7f 80 81   .Hello .. 0@~...\r\n"
     "0010\t78 79 7a 1f                                        xyz.\r\n"},
    {"HEXRAW", CRYPT_STRING_HEXRAW, "0048656c6c6f20ff102030407e7f808178797a1f\r\n"},
    {"HEXRAW, NOCRLF", CRYPT_STRING_HEXRAW | CRYPT_STRING_NOCRLF,
     "0048656c6c6f20ff102030407e7f808178797a1f"},
    {"BASE64URI, NOCRLF", CRYPT_STRING_BASE64URI | CRYPT_STRING_NOCRLF,
     "AEhlbGxvIP8QIDBAfn-AgXh5eh8="},
};

static void written_and_read(void)
{
    for (size_t i = 0; i < ARRAYSIZE(forms); i++) {
        char text[400];
        WCHAR wide[400];
        BYTE back[64];
        DWORD want = (DWORD)strlen(forms[i].text), n = 0, m = sizeof back, form = 99, skip = 99;
        row_begin("CRYPT_STRING_%s", forms[i].label);
        tap(CryptBinaryToStringA(data, sizeof data, forms[i].flags, NULL, &n) && n == want + 1,
            "size with the NUL");
        tap(CryptBinaryToStringA(data, sizeof data, forms[i].flags, text, &n) && n == want &&
                strcmp(text, forms[i].text) == 0,
            "text, counted without it");
        if (strcmp(text, forms[i].text) != 0)
            printf("# got [%s]\n", text);
        n = want;
        SetLastError(0);
        tap(!CryptBinaryToStringA(data, sizeof data, forms[i].flags, text, &n) &&
                GetLastError() == ERROR_MORE_DATA && n == want + 1,
            "too small");
        n = ARRAYSIZE(wide);
        bool same = CryptBinaryToStringW(data, sizeof data, forms[i].flags, wide, &n) && n == want;
        for (DWORD k = 0; same && k <= want; k++)
            same = wide[k] == (WCHAR)(unsigned char)forms[i].text[k];
        tap(same, "wide");
        tap(CryptStringToBinaryA(forms[i].text, 0, forms[i].flags & 0xFF, NULL, &m, NULL, NULL) &&
                m == sizeof data,
            "size of the bytes");
        tap(CryptStringToBinaryA(forms[i].text, 0, forms[i].flags & 0xFF, back, &m, &skip, &form) &&
                m == sizeof data && memcmp(back, data, sizeof data) == 0 && skip == 0 &&
                form == (forms[i].flags & 0xFF),
            "the bytes");
        m = sizeof back;
        tap(CryptStringToBinaryW(wide, 0, forms[i].flags & 0xFF, back, &m, NULL, NULL) &&
                m == sizeof data && memcmp(back, data, sizeof data) == 0,
            "out of a wide text");
        m = sizeof data - 1;
        SetLastError(0);
        tap(!CryptStringToBinaryA(forms[i].text, 0, forms[i].flags & 0xFF, back, &m, NULL, NULL) &&
                GetLastError() == ERROR_MORE_DATA && m == sizeof data,
            "no room for the bytes");
    }
    row_begin("CRYPT_STRING_BINARY");
    char text[sizeof data];
    DWORD n = sizeof text;
    tap(CryptBinaryToStringA(data, sizeof data, CRYPT_STRING_BINARY, text, &n) &&
            n == sizeof data && memcmp(text, data, sizeof data) == 0,
        "is a copy, without a NUL");
    BYTE back[64];
    DWORD m = sizeof back;
    tap(CryptStringToBinaryA((LPCSTR)data, sizeof data, CRYPT_STRING_BINARY, back, &m, NULL,
                             NULL) &&
            m == sizeof data,
        "and back");
}

/* What is read, and as what; NULL: not at all. */
static const struct {
    const char *label;
    DWORD flags;
    const char *text;
    const char *bytes;
    DWORD form, skip;
} readings[] = {
    {"spaces in base64", CRYPT_STRING_BASE64, " YW Jj\r\n\tZA = = ", "abcd", CRYPT_STRING_BASE64,
     0},
    {"what follows a =", CRYPT_STRING_BASE64, "YWJjZA==garbage!", "abcd", CRYPT_STRING_BASE64, 0},
    {"the same, strict", CRYPT_STRING_BASE64 | CRYPT_STRING_STRICT, "YWJjZA==garbage!", NULL, 0, 0},
    {"no padding", CRYPT_STRING_BASE64, "YWJjZA", NULL, 0, 0},
    {"no padding for names of files", CRYPT_STRING_BASE64URI, "YWJjZA", "abcd",
     CRYPT_STRING_BASE64URI, 0},
    {"a lone digit", CRYPT_STRING_BASE64, "YWJjZ", NULL, 0, 0},
    {"another character", CRYPT_STRING_BASE64, "YW*j", NULL, 0, 0},
    {"- in base64", CRYPT_STRING_BASE64, "YW-j", NULL, 0, 0},
    {"any label", CRYPT_STRING_BASE64HEADER,
     "text before\n-----BEGIN PRIVATE KEY-----\nYWJj\n-----END PRIVATE KEY-----\nafter", "abc",
     CRYPT_STRING_BASE64HEADER, 12},
    {"no end", CRYPT_STRING_BASE64HEADER, "-----BEGIN X-----\nYWJj\n", NULL, 0, 0},
    {"no header", CRYPT_STRING_BASE64HEADER, "YWJj", NULL, 0, 0},
    {"BASE64_ANY with a header", CRYPT_STRING_BASE64_ANY,
     "-----BEGIN X-----\nYWJj\n-----END X-----", "abc", CRYPT_STRING_BASE64HEADER, 0},
    {"BASE64_ANY without", CRYPT_STRING_BASE64_ANY, "YWJj", "abc", CRYPT_STRING_BASE64, 0},
    {"ANY that is neither", CRYPT_STRING_ANY, "a*b", "a*b", CRYPT_STRING_BINARY, 0},
    {"HEX_ANY of plain hex", CRYPT_STRING_HEX_ANY, "61 62 63", "abc", CRYPT_STRING_HEX, 0},
    {"HEX_ANY of digits without spaces", CRYPT_STRING_HEX_ANY, "616263", "abc", CRYPT_STRING_HEX,
     0},
    {"HEX_ANY of groups", CRYPT_STRING_HEX_ANY, "6162 6364", "abcd", CRYPT_STRING_HEX, 0},
    {"HEX_ANY of characters that look like hex", CRYPT_STRING_HEX_ANY,
     "64 65 61 64 62 65 65 66   deadbeef", "deadbeef", CRYPT_STRING_HEXASCII, 0},
    {"digits without spaces", CRYPT_STRING_HEX, "6162634A\r\n64\r\n", "abcJd", CRYPT_STRING_HEX, 0},
    {"the same and half a byte", CRYPT_STRING_HEX, "6162636", NULL, 0, 0},
    {"digits apart, then not", CRYPT_STRING_HEX, "61 6263", NULL, 0, 0},
    {"an address, digits without spaces", CRYPT_STRING_HEXADDR, "0000\t616263\r\n0003\t6465\r\n",
     "abcde", CRYPT_STRING_HEXADDR, 0},
    {"what may be no address", CRYPT_STRING_HEXADDR, "6162 6364", NULL, 0, 0},
    {"characters behind digits without spaces", CRYPT_STRING_HEXASCII, "6162   ab", NULL, 0, 0},
    {"bytes where the gap should be", CRYPT_STRING_HEXASCII, "61 62 6364", NULL, 0, 0},
    {"more characters than bytes", CRYPT_STRING_HEXASCII, "61 62   63 64", NULL, 0, 0},
    {"more bytes than in a line", CRYPT_STRING_HEXASCII,
     "61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61", NULL, 0, 0},
    {"bars around the characters", CRYPT_STRING_HEXASCIIADDR, "00000000  61 62   |ab|\n", "ab",
     CRYPT_STRING_HEXASCIIADDR, 0},
    {"HEX_ANY with an address", CRYPT_STRING_HEX_ANY, "0000\t61 62 63\r\n", "abc",
     CRYPT_STRING_HEXADDR, 0},
    {"characters that look like hex", CRYPT_STRING_HEXASCII, "61 62   ab\r\n", "ab",
     CRYPT_STRING_HEXASCII, 0},
    {"upper case", CRYPT_STRING_HEXRAW, "4A4b", "JK", CRYPT_STRING_HEXRAW, 0},
    {"half a byte", CRYPT_STRING_HEXRAW, "616", NULL, 0, 0},
    {"no hex", CRYPT_STRING_HEX, "61 6g", NULL, 0, 0},
    {"nothing", CRYPT_STRING_HEXRAW, "  ", NULL, 0, 0},
    {"an unknown form", 0x7F, "61", NULL, 0, 0},
};

/* Without line ends, lines run into each other: such a text is read whole or not at all. */
static void no_line_ends(void)
{
    static const DWORD rows[] = {CRYPT_STRING_HEX, CRYPT_STRING_HEXASCII, CRYPT_STRING_HEXADDR,
                                 CRYPT_STRING_HEXASCIIADDR};
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        row_begin("form 0x%x without line ends", (unsigned)rows[i]);
        bool good = true;
        for (DWORD n = 1; n <= 49; n++) {
            BYTE bytes[49], back[64];
            char text[400];
            for (int kind = 0; kind < 3; kind++) {
                for (DWORD k = 0; k < n; k++)
                    bytes[k] = kind == 0 ? ' ' : kind == 1 ? (BYTE)('0' + k % 10) : (BYTE)k;
                DWORD length = sizeof text, m = sizeof back;
                good = good &&
                       CryptBinaryToStringA(bytes, n, rows[i] | CRYPT_STRING_NOCRLF, text, &length);
                if (CryptStringToBinaryA(text, 0, rows[i], back, &m, NULL, NULL))
                    good = good && m == n && memcmp(back, bytes, n) == 0;
                else
                    good = good && n > 16 && rows[i] != CRYPT_STRING_HEX &&
                           GetLastError() == ERROR_INVALID_DATA;
            }
        }
        tap(good, "whole, or ERROR_INVALID_DATA");
    }
}

static void read_only(void)
{
    for (size_t i = 0; i < ARRAYSIZE(readings); i++) {
        BYTE out[64];
        DWORD n = sizeof out, form = 99, skip = 99;
        row_begin("read, %s", readings[i].label);
        SetLastError(0);
        BOOL good =
            CryptStringToBinaryA(readings[i].text, 0, readings[i].flags, out, &n, &skip, &form);
        if (readings[i].bytes == NULL)
            tap(!good && GetLastError() == ERROR_INVALID_DATA, "ERROR_INVALID_DATA");
        else
            tap(good && n == strlen(readings[i].bytes) && memcmp(out, readings[i].bytes, n) == 0 &&
                    form == readings[i].form && skip == readings[i].skip,
                "the bytes, the form and what was skipped");
    }
    DWORD n = 8;
    row_begin("refused");
    tap(!CryptStringToBinaryA(NULL, 0, 1, NULL, &n, NULL, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER &&
            !CryptStringToBinaryA("YWJj", 0, 1, NULL, NULL, NULL, NULL) &&
            !CryptStringToBinaryW(NULL, 0, 1, NULL, &n, NULL, NULL),
        "NULL");
    tap(!CryptBinaryToStringA(NULL, 1, 1, NULL, &n) &&
            !CryptBinaryToStringA(data, 1, 1, NULL, NULL) &&
            !CryptBinaryToStringA(data, 1, CRYPT_STRING_ANY, NULL, &n) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "writing NULL, or any form");
    WCHAR wide[16];
    n = 16;
    tap(!CryptBinaryToStringW(NULL, 1, 1, wide, &n) &&
            !CryptBinaryToStringW(data, 0, 1, wide, &n) &&
            !CryptBinaryToStringW(data, 1, 1, wide, NULL) &&
            !CryptBinaryToStringW(data, 1, CRYPT_STRING_ANY, wide, &n) &&
            GetLastError() == ERROR_INVALID_PARAMETER && n == 16,
        "the same wide");
    n = 2;
    tap(!CryptBinaryToStringW(data, 3, CRYPT_STRING_HEXRAW | CRYPT_STRING_NOCRLF, wide, &n) &&
            GetLastError() == ERROR_MORE_DATA && n == 7,
        "too little room tells how much it takes");
    tap(CryptBinaryToStringW(data, 3, CRYPT_STRING_HEXRAW | CRYPT_STRING_NOCRLF, NULL, &n) &&
            n == 7,
        "as asking for it does");
    BYTE three[3];
    n = sizeof three;
    tap(CryptStringToBinaryW(L"61 62 63 and more", 8, CRYPT_STRING_HEX, three, &n, NULL, NULL) &&
            n == 3 && memcmp(three, "abc", 3) == 0,
        "a count of wide characters");
    const WCHAR outside[] = {'Y', 'W', 'J', (WCHAR)0x2603, 0};
    tap(!CryptStringToBinaryW(outside, 0, CRYPT_STRING_BASE64, NULL, &n, NULL, NULL) &&
            GetLastError() == ERROR_INVALID_DATA,
        "a character that is no byte");
    BYTE out[8];
    n = sizeof out;
    tap(CryptStringToBinaryA("YWJjZA==", 4, CRYPT_STRING_BASE64, out, &n, NULL, NULL) && n == 3,
        "a count of characters");
}

static void long_text(void)
{
    BYTE bytes[200], back[200];
    char text[400];
    for (size_t n = 1; n <= sizeof bytes; n++) {
        DWORD length = sizeof text, m = sizeof back;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (BYTE)(i * 7 + n);
        bool good = CryptBinaryToStringA(bytes, (DWORD)n, CRYPT_STRING_BASE64, text, &length);
        size_t longest = 0;
        for (char *line = text; good && *line != 0;) {
            size_t width = strcspn(line, "\r");
            longest = width > longest ? width : longest;
            line += width + 2;
        }
        good = good && longest <= 64 &&
               CryptStringToBinaryA(text, 0, CRYPT_STRING_BASE64_ANY | CRYPT_STRING_STRICT, back,
                                    &m, NULL, NULL) &&
               m == n && memcmp(back, bytes, n) == 0;
        if (!good || n == sizeof bytes) {
            row_begin("base64 of 1 to %zu bytes", n);
            tap(good, "in lines of 64, and back");
        }
        if (!good)
            return;
    }
}

int main(void)
{
    written_and_read();
    no_line_ends();
    read_only();
    long_text();
    return tap_done();
}
