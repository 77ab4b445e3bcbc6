#include "octets.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"

void *alloc_or_exit(size_t n)
{
    void *p = calloc(1, n > 0 ? n : 1);
    if (p == NULL)
        exit(complain(BAD_SYSTEM, NULL, NULL, "memory is exhausted"));
    return p;
}

void octets_done(struct octets *o)
{
    if (o->p != NULL)
        explicit_bzero(o->p, o->room);
    free(o->p);
    *o = (struct octets){0};
}

struct view view_of_text(const char *text)
{
    return (struct view){(const uint8_t *)text, strlen(text)};
}

struct view view_trim(struct view v)
{
    while (v.n > 0 && v.p[0] == 0)
        v = (struct view){v.p + 1, v.n - 1};
    return v;
}

/* Without an early end, so that it may compare anything. */
bool view_equal(struct view a, struct view b)
{
    unsigned differ = a.n != b.n;
    for (size_t i = 0; i < a.n && i < b.n; i++)
        differ |= (unsigned)(a.p[i] ^ b.p[i]);
    return differ == 0;
}

size_t view_bits(struct view v)
{
    v = view_trim(v);
    size_t bits = 8 * v.n;
    for (unsigned top = v.n > 0 ? v.p[0] : 0x80; (top & 0x80) == 0; top <<= 1)
        bits--;
    return bits;
}

/* Room for n bytes and a NUL. realloc() would leave a copy behind. */
static void reserve(struct octets *o, size_t n)
{
    if (n < o->room)
        return;
    size_t room = 2 * o->room > n ? 2 * o->room : n + 1;
    uint8_t *p = alloc_or_exit(room);
    if (o->n > 0)
        memcpy(p, o->p, o->n);
    size_t kept = o->n;
    octets_done(o);
    *o = (struct octets){p, kept, room};
}

void octets_resize(struct octets *o, size_t n)
{
    reserve(o, n);
    if (n > o->n)
        memset(o->p + o->n, 0, n - o->n);
    else
        explicit_bzero(o->p + n, o->n - n);
    o->n = n;
}

void octets_append(struct octets *o, struct view v)
{
    reserve(o, o->n + v.n);
    if (v.n > 0)
        memcpy(o->p + o->n, v.p, v.n);
    o->n += v.n;
}

void octets_set(struct octets *o, struct view v)
{
    struct octets made = {0};
    octets_append(&made, v);
    octets_done(o);
    *o = made;
}

void octets_append_text(struct octets *o, const char *text)
{
    octets_append(o, view_of_text(text));
}

bool octets_set_number(struct octets *o, struct view number, size_t width)
{
    number = view_trim(number);
    if (number.n > width)
        return false;
    struct octets made = {0};
    octets_resize(&made, width - number.n);
    octets_append(&made, number);
    octets_done(o);
    *o = made;
    return true;
}

void octets_reverse(struct octets *o)
{
    for (size_t i = 0; i < o->n / 2; i++) {
        uint8_t byte = o->p[i];
        o->p[i] = o->p[o->n - 1 - i];
        o->p[o->n - 1 - i] = byte;
    }
}

const char *octets_text(struct octets *o)
{
    reserve(o, o->n + 1);
    o->p[o->n] = 0;
    return (const char *)o->p;
}

void octets_to_hex(struct octets *text, struct view v)
{
    static const char digits[] = "0123456789abcdef";
    size_t start = text->n;
    octets_resize(text, start + 2 * v.n);
    for (size_t i = 0; i < v.n; i++) {
        text->p[start + 2 * i] = (uint8_t)digits[v.p[i] >> 4];
        text->p[start + 2 * i + 1] = (uint8_t)digits[v.p[i] & 15];
    }
}

static int digit_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    int letter = tolower(c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static bool is_separator(uint8_t c)
{
    return isspace(c) || c == ':';
}

bool octets_from_hex(struct octets *o, struct view text)
{
    OCTETS made = {0};
    for (size_t i = 0; i < text.n; i++) {
        if (is_separator(text.p[i]))
            continue;
        int high = digit_value(text.p[i]);
        int low = i + 1 < text.n ? digit_value(text.p[i + 1]) : -1;
        if (high < 0 || low < 0)
            return false;
        uint8_t byte = (uint8_t)(high << 4 | low);
        octets_append(&made, (struct view){&byte, 1});
        i++;
    }
    octets_set(o, view_of(&made));
    return true;
}
