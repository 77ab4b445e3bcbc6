/* Reading and comparing the caller's strings (name.h). Most calls of the API read one, so the
 * plain case, ASCII, has the short path. */
#include "name.h"

#include <string.h>

#include "rd.h"

/* No identifier starts with this byte, which is not UTF-8 either. Written into a wide string it is half a surrogate pair, so that
 * who reads that finds no name again. */
#define NO_NAME 0xFFu
#define NO_CHARACTER 0xD800u

/* One UTF-16 or UTF-32 unit at index i. The caller's strings may be
 * unaligned (they come out of blobs too). */
static uint32_t unit_at(const void *wide, size_t i, enum width w)
{
    if (w == WIDTH_16) {
        uint16_t u;
        memcpy(&u, (const uint8_t *)wide + 2 * i, sizeof u);
        return u;
    }
    uint32_t u;
    memcpy(&u, (const uint8_t *)wide + 4 * i, sizeof u);
    return u;
}

static size_t utf8_put(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xC0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xE0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

/* The units up to the first that is not ASCII, or the NUL. All of CNG's own identifiers are ASCII,
 * and most calls read one: each width has a loop of its own. */
static inline __attribute__((always_inline)) size_t read_ascii(uint8_t *text, const void *wide,
                                                               size_t units, enum width w)
{
    const size_t most = units < NAME_MAX_BYTES - 4 ? units : NAME_MAX_BYTES - 4;
    size_t n = 0;
    for (; n < most; n++) {
        uint32_t c = unit_at(wide, n, w);
        if (c == 0 || c >= 0x80)
            break;
        text[n] = (uint8_t)c;
    }
    return n;
}

/* Reads at most `units` units, up to the NUL. Stops looking as soon as the text cannot be an
 * identifier, so that an unterminated string is read no further than one is long. */
static void read_units(struct name *out, const void *wide, size_t units, enum width w)
{
    uint8_t *text = (uint8_t *)out->s;
    size_t i = w == WIDTH_16 ? read_ascii(text, wide, units, WIDTH_16)
                             : read_ascii(text, wide, units, WIDTH_32);
    size_t n = i;
    bool good = true;
    for (; i < units; i++) {
        uint32_t c = unit_at(wide, i, w);
        if (c == 0)
            break;
        if (w == WIDTH_16 && c >= 0xD800 && c < 0xDC00) {
            uint32_t low = i + 1 < units ? unit_at(wide, ++i, w) : 0;
            good = low >= 0xDC00 && low < 0xE000;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        } else {
            good = (c < 0xD800 || c >= 0xE000) && c < 0x110000;
        }
        if (!good || n + 4 >= NAME_MAX_BYTES) {
            good = false;
            break;
        }
        n += utf8_put(text + n, c);
    }
    if (!good) {
        text[0] = NO_NAME;
        n = 1;
    }
    text[n] = '\0';
}

NTSTATUS name_read(struct name *out, const void *wide, enum width w)
{
    if (wide == NULL)
        return STATUS_INVALID_PARAMETER;
    read_units(out, wide, SIZE_MAX, w);
    return STATUS_SUCCESS;
}

NTSTATUS name_read_counted(struct name *out, const void *wide, size_t cb, enum width w)
{
    if (wide == NULL)
        return STATUS_INVALID_PARAMETER;
    read_units(out, wide, cb / (size_t)w, w);
    return STATUS_SUCCESS;
}

enum width name_stored_width(struct span text)
{
    bool wide = text.n % WIDTH_32 == 0 && text.n > WIDTH_32;
    for (struct rd r = rd_of(text); wide && r.n > 0;)
        wide = rd_le32(&r) <= UINT16_MAX;
    return wide ? WIDTH_32 : WIDTH_16;
}

/* Enough units for what is too long to be seen to be. */
NTSTATUS name_read_stored(struct name *out, struct span text)
{
    uint16_t units[NAME_MAX_BYTES];
    size_t n = 0;
    if (text.p == NULL)
        return STATUS_INVALID_PARAMETER;
    const enum width w = name_stored_width(text);
    for (struct rd r = rd_of(text); r.n >= (size_t)w && n < ARRAY_COUNT(units); n++)
        units[n] = (uint16_t)(w == WIDTH_16 ? rd_le16(&r) : rd_le32(&r));
    read_units(out, units, n, WIDTH_16);
    return STATUS_SUCCESS;
}

static unsigned char fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool name_equal(const struct name *a, const char *b)
{
    const char *s = a->s;
    if (strcmp(s, b) == 0) /* as most programs write it */
        return true;
    while (*s != '\0' && (*s == *b || fold(*s) == fold(*b))) {
        s++;
        b++;
    }
    return fold(*s) == fold(*b);
}

/* The next code point of a well-formed UTF-8 string of our own, or of what is no name; advances *s. */
static uint32_t utf8_next(const char **s)
{
    const uint8_t *p = (const uint8_t *)*s;
    uint32_t c = *p++;
    if (c == NO_NAME) {
        c = NO_CHARACTER;
    } else if (c >= 0x80) {
        int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        c &= 0x3Fu >> more;
        while (more-- > 0)
            c = c << 6 | (*p++ & 0x3F);
    }
    *s = (const char *)p;
    return c;
}

size_t wide_length(const char *utf8, enum width w)
{
    size_t n = 0;
    while (*utf8 != '\0') {
        bool pair = utf8_next(&utf8) >= 0x10000 && w == WIDTH_16;
        n += pair ? 2 : 1;
    }
    return n;
}

size_t wide_put(void *out, uint32_t c, enum width w)
{
    if (w == WIDTH_32) {
        if (out != NULL)
            memcpy(out, &c, sizeof c);
        return sizeof c;
    }
    bool pair = c >= 0x10000;
    uint16_t units[2] = {(uint16_t)(pair ? 0xD800 + ((c - 0x10000) >> 10) : c),
                         (uint16_t)(0xDC00 + ((c - 0x10000) & 0x3FF))};
    size_t n = pair ? sizeof units : sizeof units[0];
    if (out != NULL)
        memcpy(out, units, n);
    return n;
}

void wide_write(void *out, const char *utf8, enum width w)
{
    uint8_t *at = out;
    while (*utf8 != '\0')
        at += wide_put(at, utf8_next(&utf8), w);
    wide_put(at, 0, w);
}

void wr_utf16(struct wr *w, const char *utf8)
{
    uint16_t units[2];
    while (*utf8 != '\0') {
        size_t n = wide_put(units, utf8_next(&utf8), WIDTH_16) / sizeof *units;
        for (size_t i = 0; i < n; i++)
            wr_le16(w, units[i]);
    }
    wr_le16(w, 0);
}
