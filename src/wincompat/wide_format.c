/*
 * printf on wide strings in Windows' meaning, whatever the width of the characters:
 *
 *     %s %c      wide        %S %C %hs %hc   narrow (UTF-8)        %ls %ws %lc   wide
 *     l          32 bits     ll I64 j        64 bits               I z t         as wide as a pointer
 *     %p         16 digits
 *
 * Numbers are formatted by the C library, one at a time. %n is refused.
 */
#include "win_wide.h"

#include <stdio.h>
#include <string.h>

/* What was written so far. */
struct sink {
    WCHAR *p;
    size_t n, room;
    bool bad;
};

static void put(struct sink *out, const WCHAR *units, size_t n)
{
    if (out->bad || n > SIZE_MAX / sizeof(WCHAR) / 4 - out->n) {
        out->bad = true;
        return;
    }
    if (n > out->room - out->n) {
        size_t room = 2 * (out->n + n) + 64;
        WCHAR *grown = reallocarray(out->p, room, sizeof *grown);
        if (grown == NULL) {
            out->bad = true;
            return;
        }
        out->p = grown;
        out->room = room;
    }
    if (n > 0)
        memcpy(out->p + out->n, units, n * sizeof(WCHAR));
    out->n += n;
}

static void put_many(struct sink *out, WCHAR c, size_t n)
{
    while (n-- > 0 && !out->bad)
        put(out, &c, 1);
}

enum size { PLAIN, SIZE_HH, SIZE_H, SIZE_L, SIZE_64, SIZE_PTR, SIZE_LONG_DOUBLE };

/* One conversion: %[flags][width][.precision][size]type. */
struct spec {
    char flags[8];
    int width;     /* 0: none */
    int precision; /* -1: none */
    bool width_is_argument, precision_is_argument;
    enum size size;
    uint32_t type;
};

/* What va_arg fetches for a conversion, and what it fetched. */
enum argument { ARG_NOTHING, ARG_WORD, ARG_LONG_WORD, ARG_POINTER, ARG_REAL, ARG_LONG_REAL };

union value {
    uint64_t bits;
    const void *pointer;
    double real;
    long double long_real;
};

/* Digits, or a '*' for an argument. */
static int read_number(const WCHAR **p, bool *is_argument)
{
    int n = 0;
    *is_argument = **p == '*';
    if (*is_argument)
        (*p)++;
    for (; **p >= '0' && **p <= '9'; (*p)++)
        n = n > 100000000 ? n : 10 * n + (int)(**p - '0');
    return n;
}

/* In the order in which they are tried. */
static const struct {
    const char *prefix;
    enum size size;
} sizes[] = {
    {"hh", SIZE_HH}, {"h", SIZE_H},    {"ll", SIZE_64}, {"l", SIZE_L},
    {"w", SIZE_L},   {"I64", SIZE_64}, {"I32", SIZE_L}, {"I", SIZE_PTR},
    {"z", SIZE_PTR}, {"t", SIZE_PTR},  {"j", SIZE_64},  {"L", SIZE_LONG_DOUBLE},
};

static enum size read_size(const WCHAR **p)
{
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        size_t n = 0;
        while (sizes[i].prefix[n] != 0 && (*p)[n] == (WCHAR)sizes[i].prefix[n])
            n++;
        if (sizes[i].prefix[n] == 0) {
            *p += n;
            return sizes[i].size;
        }
    }
    return PLAIN;
}

/* Reads what stands behind a '%'. */
static struct spec read_spec(const WCHAR **p)
{
    struct spec s = {.precision = -1};
    size_t flags = 0;
    while (**p != 0 && **p < 0x80 && strchr("-+ #0", (int)**p) != NULL) {
        if (flags + 2 < sizeof s.flags)
            s.flags[flags++] = (char)**p;
        (*p)++;
    }
    s.width = read_number(p, &s.width_is_argument);
    if (**p == '.') {
        (*p)++;
        s.precision = read_number(p, &s.precision_is_argument);
    }
    s.size = read_size(p);
    s.type = (uint32_t) * *p;
    if (s.type != 0)
        (*p)++;
    return s;
}

/* A width out of an argument; a negative one is the flag '-' and a width. */
static void set_width(struct spec *s, int width)
{
    if (width < 0)
        s->flags[strlen(s->flags)] = '-';
    s->width = width >= 0 ? width : width == INT32_MIN ? 0 : -width;
}

/* Text of n units, in the width of the conversion. */
static void put_padded(struct sink *out, const struct spec *s, const WCHAR *units, size_t n)
{
    size_t width = (size_t)s->width, padding = width > n ? width - n : 0;
    bool left = strchr(s->flags, '-') != NULL;
    if (!left)
        put_many(out, strchr(s->flags, '0') != NULL ? '0' : ' ', padding);
    put(out, units, n);
    if (left)
        put_many(out, ' ', padding);
}

static void put_wide(struct sink *out, const struct spec *s, const WCHAR *text)
{
    static const WCHAR null[] = {'(', 'n', 'u', 'l', 'l', ')', 0};
    size_t n = 0;
    if (text == NULL)
        text = null;
    while ((s->precision < 0 || n < (size_t)s->precision) && text[n] != 0)
        n++;
    put_padded(out, s, text, n);
}

/* UTF-8; the precision limits the units that come out. */
static void put_narrow(struct sink *out, const struct spec *s, const char *text, size_t length)
{
    struct sink units = {0};
    const unsigned char *p = (const unsigned char *)text, *end = p + length;
    while (p < end) {
        WCHAR one[2];
        uint32_t c = utf8_next(&p, end);
        size_t n = wide_put(one, c == UTF8_BAD ? UTF8_REPLACEMENT : c);
        if (s->precision >= 0 && units.n + n > (size_t)s->precision)
            break;
        put(&units, one, n);
    }
    out->bad |= units.bad;
    put_padded(out, s, units.p, units.n);
    free(units.p);
}

static void put_string(struct sink *out, const struct spec *s, union value v)
{
    bool wide = s->size == PLAIN ? s->type == 's' : s->size == SIZE_L;
    const void *text = v.pointer;
    if (wide || text == NULL) {
        put_wide(out, s, text);
        return;
    }
    size_t limit = s->precision < 0 ? SIZE_MAX : 4 * (size_t)s->precision;
    put_narrow(out, s, text, strnlen(text, limit));
}

static void put_char(struct sink *out, const struct spec *s, union value v)
{
    bool wide = s->size == PLAIN ? s->type == 'c' : s->size == SIZE_L;
    WCHAR unit = (WCHAR)(wide ? v.bits : (unsigned char)v.bits);
    put_padded(out, s, &unit, 1);
}

/* A number by the C library's snprintf; the format is made of checked parts. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void put_number(struct sink *out, const struct spec *s, const char *size, ...)
{
    char format[48];
    char *text = NULL;
    va_list args;
    int n = snprintf(format, sizeof format, "%%%s", s->flags);
    if (s->width > 0)
        n += snprintf(format + n, sizeof format - (size_t)n, "%d", s->width);
    if (s->precision >= 0)
        n += snprintf(format + n, sizeof format - (size_t)n, ".%d", s->precision);
    snprintf(format + n, sizeof format - (size_t)n, "%s%c", size, (char)s->type);
    va_start(args, size);
    n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0) {
        out->bad = true;
        return;
    }
    for (int i = 0; i < n; i++) {
        WCHAR unit = (WCHAR)text[i];
        put(out, &unit, 1);
    }
    free(text);
}
#pragma GCC diagnostic pop

static void put_integer(struct sink *out, const struct spec *s, union value v)
{
    bool is_signed = s->type == 'd' || s->type == 'i';
    uint64_t bits = v.bits;
    switch (s->size) {
    case SIZE_HH:
        bits = is_signed ? (uint64_t)(int8_t)bits : (uint8_t)bits;
        break;
    case SIZE_H:
        bits = is_signed ? (uint64_t)(int16_t)bits : (uint16_t)bits;
        break;
    case SIZE_64:
    case SIZE_PTR:
        break;
    default:
        bits = is_signed ? (uint64_t)(int32_t)bits : (uint32_t)bits;
        break;
    }
    put_number(out, s, "ll", bits);
}

static void put_real(struct sink *out, const struct spec *s, union value v)
{
    if (s->size == SIZE_LONG_DOUBLE)
        put_number(out, s, "L", v.long_real);
    else
        put_number(out, s, "", v.real);
}

static void put_pointer(struct sink *out, const struct spec *s, union value v)
{
    struct spec hex = {.width = s->width, .precision = 16, .type = 'X'};
    if (strchr(s->flags, '-') != NULL)
        hex.flags[0] = '-';
    put_number(out, &hex, "ll", (uint64_t)(uintptr_t)v.pointer);
}

static void refuse(struct sink *out, const struct spec *s, union value v)
{
    (void)s, (void)v;
    errno = EINVAL;
    out->bad = true;
}

/* No conversion: the character stands for itself, "%%" among them. */
static void put_itself(struct sink *out, const struct spec *s, union value v)
{
    (void)v;
    WCHAR unit = (WCHAR)s->type;
    if (s->type != 0)
        put(out, &unit, 1);
}

struct conversion {
    const char *types;
    enum argument argument;
    void (*put)(struct sink *out, const struct spec *s, union value v);
};

static const struct conversion conversions[] = {
    {"diouxX", ARG_WORD, put_integer}, {"sS", ARG_POINTER, put_string}, {"cC", ARG_WORD, put_char},
    {"fFeEgGaA", ARG_REAL, put_real},  {"p", ARG_POINTER, put_pointer}, {"n", ARG_NOTHING, refuse},
};

static const struct conversion *conversion_of(const struct spec *s)
{
    static const struct conversion none = {"", ARG_NOTHING, put_itself};
    for (size_t i = 0; s->type != 0 && s->type < 0x80 && i < ARRAY_COUNT(conversions); i++) {
        if (strchr(conversions[i].types, (int)s->type) != NULL)
            return &conversions[i];
    }
    return &none;
}

/* The size prefix makes an argument a wider one. */
static enum argument argument_of(const struct spec *s, const struct conversion *c)
{
    if (c->put == put_integer && (s->size == SIZE_64 || s->size == SIZE_PTR))
        return ARG_LONG_WORD;
    return c->argument == ARG_REAL && s->size == SIZE_LONG_DOUBLE ? ARG_LONG_REAL : c->argument;
}

WCHAR *WIDE_NAME(wide_format_new)(const WCHAR *format, va_list args, size_t *n)
{
    struct sink out = {0};
    while (*format != 0 && !out.bad) {
        const WCHAR *start = format;
        while (*format != 0 && *format != '%')
            format++;
        put(&out, start, (size_t)(format - start));
        if (*format == 0)
            break;
        format++;
        struct spec s = read_spec(&format);
        if (s.width_is_argument)
            set_width(&s, va_arg(args, int));
        if (s.precision_is_argument)
            s.precision = va_arg(args, int);
        const struct conversion *c = conversion_of(&s);
        union value v = {0};
        switch (argument_of(&s, c)) {
        case ARG_NOTHING:
            break;
        case ARG_WORD:
            v.bits = va_arg(args, uint32_t);
            break;
        case ARG_LONG_WORD:
            v.bits = va_arg(args, uint64_t);
            break;
        case ARG_POINTER:
            v.pointer = va_arg(args, const void *);
            break;
        case ARG_REAL:
            v.real = va_arg(args, double);
            break;
        case ARG_LONG_REAL:
            v.long_real = va_arg(args, long double);
            break;
        }
        c->put(&out, &s, v);
    }
    *n = out.n;
    put_many(&out, 0, 1);
    if (out.bad) {
        free(out.p);
        return NULL;
    }
    return out.p;
}
