/*
 * Base64 (RFC 4648), read with white space anywhere and written in lines; also with the alphabet for names of
 * files.
 */
#include "crypt_forms.h"

#include <string.h>

#define LINE_BYTES ((size_t)64 / 4 * 3) /* 64 characters */

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
        if ((i + 3) % LINE_BYTES == 0 && i + 3 < n)
            fputs(line_end, to);
    }
    fputs(line_end, to);
}

bool base64_read(struct text in, bool strict, struct bytes_out *out)
{
    return read_base64(in, false, strict, out);
}

bool base64_uri_read(struct text in, bool strict, struct bytes_out *out)
{
    return read_base64(in, true, strict, out);
}

void base64_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_base64(to, bytes, n, line_end, false);
}

void base64_uri_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_base64(to, bytes, n, line_end, true);
}
