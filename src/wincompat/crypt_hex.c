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

static bool is_pair(struct text line, size_t at)
{
    return line.n - at >= 2 && hex_value(line.p[at]) >= 0 && hex_value(line.p[at + 1]) >= 0;
}

static BYTE pair_value(struct text line, size_t at)
{
    return (BYTE)((unsigned)hex_value(line.p[at]) << 4 | (unsigned)hex_value(line.p[at + 1]));
}

static size_t skip_space(struct text line, size_t from)
{
    while (from < line.n && is_space(line.p[from]))
        from++;
    return from;
}

/* Whether nothing or white space follows the pair. */
static bool is_apart(struct text line, size_t at)
{
    return line.n - at == 2 || is_space(line.p[at + 2]);
}

/* Pairs of digits, white space between them or, where they need not stand apart, none; where characters follow, up to
 * a line's bytes and to the gap in front of the characters, which is wider than the one in the middle. Stops where no
 * pair stands. */
static size_t read_pairs(struct text line, bool apart, bool characters, struct bytes_out *out)
{
    size_t i = 0;
    for (size_t bytes = 0; !characters || bytes < LINE_BYTES; bytes++) {
        size_t at = skip_space(line, i);
        if (!is_pair(line, at) || (apart && !is_apart(line, at)) ||
            (characters && bytes > 0 && at - i > 2))
            break;
        out->p[out->n++] = pair_value(line, at);
        i = at + 2;
    }
    return i;
}

static bool is_blank(struct text line)
{
    return skip_space(line, 0) == line.n;
}

static struct text behind(struct text line, size_t n)
{
    return (struct text){line.p + n, line.n - n};
}

/* What is written between the bytes of a line and its characters. */
static size_t gap_of(size_t bytes)
{
    size_t missing = LINE_BYTES - bytes;
    return 3 * missing + (bytes <= LINE_BYTES / 2 ? 1 : 0) + 3;
}

/* Whether what stands behind the bytes of a line can be their characters, and is no further bytes: it is not longer
 * than they are, but for the bars that hexdump puts around it. */
static bool are_characters(struct text rest, size_t bytes)
{
    if (is_blank(rest))
        return true;
    size_t gap = skip_space(rest, 0);
    while (is_space(rest.p[rest.n - 1]))
        rest.n--;
    if (gap < (bytes < LINE_BYTES ? 3 : 2))
        return false;
    return rest.n - (gap < gap_of(bytes) ? gap : gap_of(bytes)) <= bytes + 2;
}

/* The address in front of a line: its length, 0 when it is none. */
static size_t read_address(struct text line)
{
    size_t start = skip_space(line, 0), n = start;
    while (n < line.n && hex_value(line.p[n]) >= 0)
        n++;
    return n - start >= 4 && (n == line.n || is_space(line.p[n])) ? n : 0;
}

/* Lines of [address] bytes [characters]. A line whose first pair stands apart has no others: what would be four digits
 * there is an address, or characters. Behind an address digits follow each other only after the tab that is written there:
 * "0102 0304" are bytes alone. */
static bool read_lines(struct text in, bool address, bool characters, struct bytes_out *out)
{
    while (in.n > 0) {
        struct text line = next_line(&in);
        if (is_blank(line))
            continue;
        size_t digits = address ? read_address(line) : 0;
        if (address && digits == 0)
            return false;
        line = behind(line, digits);
        size_t first = skip_space(line, 0), before = out->n;
        bool apart = characters || (address && line.n > 0 && line.p[0] != '\t') ||
                     (is_pair(line, first) && is_apart(line, first));
        struct text rest = behind(line, read_pairs(line, apart, characters, out));
        if (out->n == before ||
            !(characters ? are_characters(rest, out->n - before) : is_blank(rest)))
            return false;
    }
    return out->n > 0;
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
        if (!is_pair(in, i))
            return false;
        out->p[out->n++] = pair_value(in, i);
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
        fprintf(to, "%*s", (int)gap_of(n), "");
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
