/*
 * Hex: plain digits, or lines of 16 bytes with an address before and the characters behind them.
 */
#include "crypt_forms.h"

#include <string.h>

#define LINE_BYTES 16

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

/* Pairs of digits, white space between them; where characters follow, up to a line's bytes and to the gap in front
 * of the characters, which is wider than the one in the middle. Stops where no pair stands. */
static size_t read_pairs(struct text line, bool characters, struct bytes_out *out)
{
    size_t i = 0;
    for (size_t bytes = 0; !characters || bytes < LINE_BYTES; bytes++) {
        size_t at = i;
        while (at < line.n && is_space(line.p[at]))
            at++;
        if (line.n - at < 2 || hex_value(line.p[at]) < 0 || hex_value(line.p[at + 1]) < 0 ||
            (line.n - at > 2 && !is_space(line.p[at + 2])) ||
            (characters && bytes > 0 && at - i > 2))
            break;
        out->p[out->n++] = (BYTE)(hex_value(line.p[at]) << 4 | hex_value(line.p[at + 1]));
        i = at + 2;
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
        size_t used = read_pairs(line, characters, out);
        if (out->n == before || (!characters && !is_blank(behind(line, used))))
            return false;
        any = true;
    }
    return any || out->n > 0;
}

bool hex_read(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, false, false, out);
}

bool hex_ascii_read(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, false, true, out);
}

bool hex_address_read(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, true, false, out);
}

bool hex_ascii_address_read(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    return read_lines(in, true, true, out);
}

/* Digits without spaces; white space at the ends only. */
bool hex_raw_read(struct text in, bool strict, struct bytes_out *out)
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

void hex_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, false, false);
}

void hex_ascii_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, false, true);
}

void hex_address_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, true, false);
}

void hex_ascii_address_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    write_hex(to, bytes, n, line_end, true, true);
}

void hex_raw_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    for (size_t i = 0; i < n; i++)
        fprintf(to, "%02x", bytes[i]);
    fputs(line_end, to);
}
