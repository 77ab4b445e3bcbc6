#include "crypt_text.h"

#include "wincrypt.h"

#include <stdio.h>
#include <string.h>

#define FORM_MASK 0x000000FFu
#define LINE_CHARS 64 /* of base64 */
#define LINE_BYTES 16 /* of hex */

/* ---- reading base64 ---------------------------------------------------------------------------- */

struct text {
    const char *p;
    size_t n;
};

struct bytes_out {
    BYTE *p; /* has room for every byte that the text can hold */
    size_t n;
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int base64_value(char c, bool uri)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == (uri ? '-' : '+'))
        return 62;
    return c == (uri ? '_' : '/') ? 63 : -1;
}

/* What stands behind the first '=': only white space and up to three of them, where one is strict. */
static bool tail_is_good(struct text in, bool strict)
{
    size_t equals = 0;
    for (size_t i = 0; strict && i < in.n; i++) {
        equals += in.p[i] == '=';
        if ((in.p[i] != '=' && !is_space(in.p[i])) || equals > 3)
            return false;
    }
    return true;
}

static bool read_base64(struct text in, bool uri, bool strict, struct bytes_out *out)
{
    uint32_t bits = 0;
    size_t digits = 0, i;
    for (i = 0; i < in.n && in.p[i] != '='; i++) {
        if (is_space(in.p[i]))
            continue;
        int value = base64_value(in.p[i], uri);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        digits++;
        if (digits % 4 == 0) {
            out->p[out->n++] = (BYTE)(bits >> 16);
            out->p[out->n++] = (BYTE)(bits >> 8);
            out->p[out->n++] = (BYTE)bits;
        }
    }
    size_t left = digits % 4, equals = 0;
    for (size_t k = i; k < in.n && equals < 3 && (in.p[k] == '=' || is_space(in.p[k])); k++)
        equals += in.p[k] == '=';
    /* RFC 4648's alphabet for file names may do without "=". */
    if (left == 1 || (left != 0 && equals < 4 - left && !uri) ||
        !tail_is_good((struct text){in.p + i, in.n - i}, strict))
        return false;
    if (left >= 2)
        out->p[out->n++] = (BYTE)(bits >> (left == 2 ? 4 : 10));
    if (left == 3)
        out->p[out->n++] = (BYTE)(bits >> 2);
    return true;
}

/* ---- header lines ------------------------------------------------------------------------------ */

static size_t find(struct text in, size_t from, const char *what)
{
    const char *at = from >= in.n ? NULL : memmem(in.p + from, in.n - from, what, strlen(what));
    return at == NULL ? SIZE_MAX : (size_t)(at - in.p);
}

/* What stands between a line "-----BEGIN ...-----" and "-----END", and what was skipped before it. */
static bool between_headers(struct text in, struct text *inside, size_t *skipped)
{
    static const char begin[] = "-----BEGIN ", end[] = "-----END ";
    size_t start = find(in, 0, begin);
    if (start == SIZE_MAX)
        return false;
    size_t dashes = find(in, start + sizeof begin - 1, "-----");
    if (dashes == SIZE_MAX || memchr(in.p + start, '\n', dashes - start) != NULL)
        return false;
    size_t stop = find(in, dashes + 5, end);
    if (stop == SIZE_MAX || find(in, stop + sizeof end - 1, "-----") == SIZE_MAX)
        return false;
    *inside = (struct text){in.p + dashes + 5, stop - dashes - 5};
    *skipped = start;
    return true;
}

/* ---- reading hex ------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char letter = (char)(c | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static struct text next_line(struct text *in)
{
    const char *end = in->n == 0 ? NULL : memchr(in->p, '\n', in->n);
    struct text line = {in->p, end == NULL ? in->n : (size_t)(end - in->p)};
    size_t used = end == NULL ? line.n : line.n + 1;
    in->p += used;
    in->n -= used;
    return line;
}

/* Pairs of digits up to `most` bytes; between pairs, white space. Stops where no pair stands. */
static size_t read_pairs(struct text line, size_t most, struct bytes_out *out)
{
    size_t i = 0, bytes = 0;
    while (bytes < most) {
        size_t at = i;
        while (at < line.n && is_space(line.p[at]))
            at++;
        if (line.n - at < 2 || hex_value(line.p[at]) < 0 || hex_value(line.p[at + 1]) < 0 ||
            (line.n - at > 2 && !is_space(line.p[at + 2])))
            break;
        out->p[out->n++] = (BYTE)(hex_value(line.p[at]) << 4 | hex_value(line.p[at + 1]));
        i = at + 2;
        bytes++;
    }
    return i;
}

static bool is_blank(struct text line)
{
    for (size_t i = 0; i < line.n; i++) {
        if (!is_space(line.p[i]))
            return false;
    }
    return true;
}

static struct text behind(struct text line, size_t n)
{
    return (struct text){line.p + n, line.n - n};
}

/* Lines of [address] bytes [characters]. */
static bool read_lines(struct text in, bool address, bool characters, struct bytes_out *out)
{
    bool any = false;
    while (in.n > 0) {
        struct text line = next_line(&in);
        if (is_blank(line))
            continue;
        if (address) {
            size_t n = 0, digits = 0;
            while (n < line.n && is_space(line.p[n]))
                n++;
            for (; n < line.n && hex_value(line.p[n]) >= 0; n++)
                digits++;
            if (digits < 4 || (n < line.n && !is_space(line.p[n])))
                return false;
            line = behind(line, n);
        }
        size_t before = out->n;
        size_t used = read_pairs(line, characters ? LINE_BYTES : SIZE_MAX, out);
        if (out->n == before || (!characters && !is_blank(behind(line, used))))
            return false;
        any = true;
    }
    return any || out->n > 0;
}

static bool read_hex(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, false, false, out);
}

static bool read_hex_ascii(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, false, true, out);
}

static bool read_hex_address(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, true, false, out);
}

static bool read_hex_ascii_address(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, true, true, out);
}

/* Digits without spaces; white space at the ends only. */
static bool read_hex_raw(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    while (in.n > 0 && is_space(in.p[in.n - 1]))
        in.n--;
    while (in.n > 0 && is_space(in.p[0]))
        in = behind(in, 1);
    if (in.n % 2 != 0 || in.n == 0)
        return false;
    for (size_t i = 0; i < in.n; i += 2) {
        if (hex_value(in.p[i]) < 0 || hex_value(in.p[i + 1]) < 0)
            return false;
        out->p[out->n++] = (BYTE)(hex_value(in.p[i]) << 4 | hex_value(in.p[i + 1]));
    }
    return true;
}

/* ---- writing ----------------------------------------------------------------------------------- */

static void write_base64(FILE *to, const BYTE *bytes, size_t n, const char *line_end, bool uri)
{
    static const char standard[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char file_names[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *digits = uri ? file_names : standard;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t bits = (uint32_t)bytes[i] << 16;
        bits |= i + 1 < n ? (uint32_t)bytes[i + 1] << 8 : 0;
        bits |= i + 2 < n ? bytes[i + 2] : 0;
        fputc(digits[bits >> 18], to);
        fputc(digits[bits >> 12 & 63], to);
        fputc(i + 1 < n ? digits[bits >> 6 & 63] : '=', to);
        fputc(i + 2 < n ? digits[bits & 63] : '=', to);
        if ((i + 3) % (LINE_CHARS / 4 * 3) == 0 && i + 3 < n)
            fputs(line_end, to);
    }
    fputs(line_end, to);
}

/* One line of hex: the address, 16 bytes with a gap in the middle, the characters. */
static void write_hex_line(FILE *to, const BYTE *bytes, size_t at, size_t n, bool address,
                           bool characters)
{
    if (address)
        fprintf(to, "%04zx\t", at);
    for (size_t i = 0; i < n; i++)
        fprintf(to, "%s%02x", i == 0 ? "" : i == LINE_BYTES / 2 ? "  " : " ", bytes[at + i]);
    if (characters) {
        size_t missing = LINE_BYTES - n, gap = n <= LINE_BYTES / 2 && missing > 0 ? 1 : 0;
        fprintf(to, "%*s", (int)(3 * missing + gap + 3), "");
        for (size_t i = 0; i < n; i++)
            fputc(bytes[at + i] >= 0x20 && bytes[at + i] < 0x7F ? bytes[at + i] : '.', to);
    }
}

static void write_hex(FILE *to, const BYTE *bytes, size_t n, const char *line_end, bool address,
                      bool characters)
{
    for (size_t at = 0; at < n; at += LINE_BYTES) {
        write_hex_line(to, bytes, at, n - at < LINE_BYTES ? n - at : LINE_BYTES, address,
                       characters);
        /* Without line ends a space keeps the bytes apart. */
        fputs(*line_end == 0 && at + LINE_BYTES < n ? " " : line_end, to);
    }
}

/* ---- the forms --------------------------------------------------------------------------------- */

struct form {
    DWORD number;
    const char *label; /* of its header lines, or NULL */
    bool (*read)(struct text in, bool strict, struct bytes_out *out);
    void (*write)(FILE *to, const BYTE *bytes, size_t n, const char *line_end);
};

static bool read_standard(struct text in, bool strict, struct bytes_out *out)
{
    return read_base64(in, false, strict, out);
}

static bool read_uri(struct text in, bool strict, struct bytes_out *out)
{
    return read_base64(in, true, strict, out);
}

static bool read_binary(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    memcpy(out->p, in.p, in.n);
    out->n = in.n;
    return true;
}

static void write_standard(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_base64(to, bytes, n, line_end, false);
}

static void write_uri(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_base64(to, bytes, n, line_end, true);
}

static void write_binary(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    (void)line_end;
    fwrite(bytes, 1, n, to);
}

static void write_plain_hex(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, false, false);
}

static void write_hex_ascii(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, false, true);
}

static void write_hex_address(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, true, false);
}

static void write_hex_ascii_address(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, true, true);
}

static void write_hex_raw(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    for (size_t i = 0; i < n; i++)
        fprintf(to, "%02x", bytes[i]);
    fputs(line_end, to);
}

static const struct form forms[] = {
    {CRYPT_STRING_BASE64HEADER, "CERTIFICATE", read_standard, write_standard},
    {CRYPT_STRING_BASE64, NULL, read_standard, write_standard},
    {CRYPT_STRING_BINARY, NULL, read_binary, write_binary},
    {CRYPT_STRING_BASE64REQUESTHEADER, "NEW CERTIFICATE REQUEST", read_standard, write_standard},
    {CRYPT_STRING_HEX, NULL, read_hex, write_plain_hex},
    {CRYPT_STRING_HEXASCII, NULL, read_hex_ascii, write_hex_ascii},
    {CRYPT_STRING_BASE64X509CRLHEADER, "X509 CRL", read_standard, write_standard},
    {CRYPT_STRING_HEXADDR, NULL, read_hex_address, write_hex_address},
    {CRYPT_STRING_HEXASCIIADDR, NULL, read_hex_ascii_address, write_hex_ascii_address},
    {CRYPT_STRING_HEXRAW, NULL, read_hex_raw, write_hex_raw},
    {CRYPT_STRING_BASE64URI, NULL, read_uri, write_uri},
};

static const struct form *form_find(DWORD number)
{
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        if (forms[i].number == number)
            return &forms[i];
    }
    return NULL;
}

#define NONE 0xFFu

/* The forms that stand for several, in the order that Microsoft documents. */
static const struct {
    DWORD number;
    BYTE tried[5];
} several[] = {
    {CRYPT_STRING_BASE64_ANY, {CRYPT_STRING_BASE64HEADER, CRYPT_STRING_BASE64, NONE, NONE, NONE}},
    {CRYPT_STRING_ANY,
     {CRYPT_STRING_BASE64HEADER, CRYPT_STRING_BASE64, CRYPT_STRING_BINARY, NONE, NONE}},
    {CRYPT_STRING_HEX_ANY,
     {CRYPT_STRING_HEXADDR, CRYPT_STRING_HEXASCIIADDR, CRYPT_STRING_HEX, CRYPT_STRING_HEXRAW,
      CRYPT_STRING_HEXASCII}},
};

static bool read_form(const struct form *form, struct text in, bool strict, struct bytes_out *out,
                      size_t *skipped)
{
    out->n = 0;
    *skipped = 0;
    if (form->label != NULL && !between_headers(in, &in, skipped))
        return false;
    return form->read(in, strict, out);
}

/* Reads in the form of that number, or in the first of several that fits. */
static const struct form *read_any(DWORD number, struct text in, bool strict, struct bytes_out *out,
                                   size_t *skipped)
{
    const struct form *form = form_find(number);
    if (form != NULL)
        return read_form(form, in, strict, out, skipped) ? form : NULL;
    for (size_t i = 0; i < ARRAY_COUNT(several); i++) {
        for (size_t k = 0; several[i].number == number && k < sizeof several[i].tried; k++) {
            form = form_find(several[i].tried[k]);
            if (form != NULL && read_form(form, in, strict, out, skipped))
                return form;
        }
    }
    return NULL;
}

DWORD crypt_text_decode(const char *text, size_t n, DWORD flags, BYTE *out, DWORD *size,
                        DWORD *skipped, DWORD *form)
{
    size_t skip;
    DWORD error = NO_ERROR;
    struct bytes_out made = {malloc(n + 4), 0};
    if (made.p == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    const struct form *found = read_any(flags & FORM_MASK, (struct text){text, n},
                                        (flags & CRYPT_STRING_STRICT) != 0, &made, &skip);
    if (found == NULL) {
        error = ERROR_INVALID_DATA;
    } else {
        if (out != NULL && made.n > *size)
            error = ERROR_MORE_DATA;
        else if (out != NULL && made.n > 0)
            memcpy(out, made.p, made.n);
        *size = (DWORD)made.n;
        if (skipped != NULL)
            *skipped = (DWORD)skip;
        if (form != NULL)
            *form = found->number;
    }
    /* A key may have been in it. */
    SecureZeroMemory(made.p, n + 4);
    free(made.p);
    return error;
}

DWORD crypt_text_encode(const BYTE *bytes, size_t n, DWORD flags, char **text, size_t *length,
                        bool *raw)
{
    const struct form *form = form_find(flags & FORM_MASK);
    const char *line_end = (flags & CRYPT_STRING_NOCRLF) != 0 ? ""
                           : (flags & CRYPT_STRING_NOCR) != 0 ? "\n"
                                                              : "\r\n";
    if (form == NULL)
        return ERROR_INVALID_PARAMETER;
    *text = NULL;
    FILE *to = open_memstream(text, length);
    if (to == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (form->label != NULL)
        fprintf(to, "-----BEGIN %s-----%s", form->label, line_end);
    form->write(to, bytes, n, line_end);
    if (form->label != NULL)
        fprintf(to, "-----END %s-----%s", form->label, line_end);
    bool good = ferror(to) == 0;
    if (fclose(to) != 0 || !good) {
        free(*text);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *raw = form->number == CRYPT_STRING_BINARY;
    return NO_ERROR;
}

/* ---- narrow ------------------------------------------------------------------------------------ */

BOOL WINAPI CryptStringToBinaryA(LPCSTR pszString, DWORD cchString, DWORD dwFlags, BYTE *pbBinary,
                                 DWORD *pcbBinary, DWORD *pdwSkip, DWORD *pdwFlags)
{
    if (pszString == NULL || pcbBinary == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    size_t n = cchString != 0 ? cchString : strlen(pszString);
    return finish(crypt_text_decode(pszString, n, dwFlags, pbBinary, pcbBinary, pdwSkip, pdwFlags));
}

BOOL WINAPI CryptBinaryToStringA(const BYTE *pbBinary, DWORD cbBinary, DWORD dwFlags,
                                 LPSTR pszString, DWORD *pcchString)
{
    char *text = NULL;
    size_t n = 0;
    bool raw = false;
    if (pbBinary == NULL || cbBinary == 0 || pcchString == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    DWORD error = crypt_text_encode(pbBinary, cbBinary, dwFlags, &text, &n, &raw);
    if (error != NO_ERROR)
        return fail(error);
    size_t whole = raw ? n : n + 1;
    bool fits = pszString != NULL && whole <= *pcchString;
    if (fits)
        memcpy(pszString, text, whole);
    *pcchString = (DWORD)(fits ? n : whole);
    SecureZeroMemory(text, n);
    free(text);
    return finish(fits || pszString == NULL ? NO_ERROR : ERROR_MORE_DATA);
}
