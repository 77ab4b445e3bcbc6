/* Reading the caller's longer strings (text.h). */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "rd.h"

/* A string of the caller's, read from its beginning. */
struct reader {
    const uint8_t *p;
    size_t units; /* that may be looked at; SIZE_MAX: up to the NUL */
    size_t i;
    enum width w;
};

static uint32_t unit(const struct reader *r, size_t i)
{
    if (r->w == WIDTH_16) {
        uint16_t u;
        memcpy(&u, r->p + 2 * i, sizeof u);
        return u;
    }
    uint32_t u;
    memcpy(&u, r->p + 4 * i, sizeof u);
    return u;
}

#define MALFORMED UINT32_MAX

/* The next code point; 0 at the end, MALFORMED where there is none. */
static uint32_t next(struct reader *r)
{
    uint32_t c = r->i < r->units ? unit(r, r->i) : 0;
    if (c == 0)
        return 0;
    r->i++;
    if (r->w == WIDTH_16 && c >= 0xD800 && c < 0xDC00) {
        uint32_t low = r->i < r->units ? unit(r, r->i) : 0;
        if (low < 0xDC00 || low >= 0xE000)
            return MALFORMED;
        r->i++;
        return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    return (c >= 0xD800 && c < 0xE000) || c >= 0x110000 ? MALFORMED : c;
}

static size_t put(char *out, uint32_t c)
{
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[more] | c >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3F));
    return more + 1;
}

/* Writes at most `chars` characters of UTF-16, and a NUL, to `out`, which has room for three bytes
 * of each; counts the bytes without it. */
static NTSTATUS read(char *out, struct reader r, size_t chars, size_t *bytes)
{
    size_t n = 0;
    size_t used = 0;
    uint32_t c;
    while ((c = next(&r)) != 0) {
        if (c == MALFORMED)
            return STATUS_INVALID_PARAMETER;
        used += c < 0x10000 ? 1 : 2;
        if (used > chars)
            return STATUS_INVALID_PARAMETER;
        n += put(out + n, c);
    }
    out[n] = '\0';
    *bytes = n;
    return STATUS_SUCCESS;
}

static NTSTATUS read_text(struct text *out, struct reader r, size_t chars)
{
    size_t n;
    if (r.p == NULL)
        return STATUS_INVALID_PARAMETER;
    TRY(read(out->s, r, chars, &n));
    return n == 0 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

NTSTATUS text_read(struct text *out, const void *wide, size_t chars, enum width w)
{
    return read_text(out, (struct reader){wide, SIZE_MAX, 0, w}, chars);
}

NTSTATUS text_read_counted(struct text *out, const void *wide, size_t cb, size_t chars,
                           enum width w)
{
    return read_text(out, (struct reader){wide, cb / (size_t)w, 0, w}, chars);
}

/* One unit more than may be, so that a string that is too long is seen to be. */
NTSTATUS text_read_stored(struct text *out, struct span stored)
{
    uint16_t units[TEXT_MAX_CHARS + 1];
    size_t n = 0;
    for (struct rd r = rd_of(stored); r.n >= sizeof *units && n < ARRAY_COUNT(units); n++)
        units[n] = rd_le16(&r);
    return text_read_counted(out, units, n * sizeof *units, TEXT_MAX_CHARS, WIDTH_16);
}

static NTSTATUS new_text(char **out, struct reader r, size_t chars)
{
    if (r.p == NULL)
        return STATUS_INVALID_PARAMETER;
    size_t units = 0;
    while (units <= 2 * chars && units < r.units && unit(&r, units) != 0)
        units++;
    if (units > 2 * chars)
        return STATUS_INVALID_PARAMETER;
    char *text = malloc(4 * units + 1);
    if (text == NULL)
        return STATUS_NO_MEMORY;
    size_t n;
    NTSTATUS status = read(text, r, chars, &n);
    if (status < 0) {
        free(text);
        return status;
    }
    *out = text;
    return STATUS_SUCCESS;
}

NTSTATUS text_new(char **out, const void *wide, size_t chars, enum width w)
{
    return new_text(out, (struct reader){wide, SIZE_MAX, 0, w}, chars);
}

NTSTATUS text_new_counted(char **out, const void *wide, size_t cb, size_t chars, enum width w)
{
    return new_text(out, (struct reader){wide, cb / (size_t)w, 0, w}, chars);
}

char *text_of_bytes(const uint8_t *p, size_t n)
{
    char *text = malloc(n + 1);
    if (text == NULL)
        return NULL;
    if (n > 0)
        memcpy(text, p, n);
    text[n] = '\0';
    return text;
}

/* Writes to `out`, or only counts where it is NULL. */
static NTSTATUS recode(uint8_t *out, struct reader r, enum width to, size_t *bytes)
{
    size_t n = 0;
    while (r.i < r.units) {
        uint32_t c = next(&r);
        if (c == MALFORMED)
            return STATUS_INVALID_PARAMETER;
        if (c == 0)
            r.i++; /* where the reader stops */
        n += wide_put(out == NULL ? NULL : out + n, c, to);
    }
    *bytes = n;
    return STATUS_SUCCESS;
}

NTSTATUS text_recode(struct secret *out, const void *wide, size_t n, enum width from, enum width to)
{
    const struct reader r = {wide, n / (size_t)from, 0, from};
    size_t bytes;
    TRY(recode(NULL, r, to, &bytes));
    SECRET made = {NULL, 0};
    TRY(secret_new(&made, bytes));
    TRY(recode(made.p, r, to, &bytes));
    *out = made;
    made = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

static char fold(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool text_is(const char *a, const char *b)
{
    while (*a != '\0' && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return fold(*a) == fold(*b);
}

bool text_is_utf8(struct span text)
{
    struct rd r = rd_of(text);
    while (r.n > 0) {
        uint32_t c = rd_u8(&r);
        if (c == 0)
            return false;
        if (c < 0x80)
            continue;
        size_t more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        if (c < 0xC2 || c > 0xF4)
            return false;
        uint32_t code = c & (0x3Fu >> more);
        for (size_t i = 0; i < more; i++) {
            uint32_t next = rd_u8(&r);
            if (!rd_ok(&r) || (next & 0xC0) != 0x80)
                return false;
            code = code << 6 | (next & 0x3F);
        }
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            return false;
    }
    return true;
}

void text_done(char **text)
{
    free(*text);
}
