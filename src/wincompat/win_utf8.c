#include "win_utf8.h"

#include <stdbool.h>

/* The second byte is where overlong forms, surrogates and what is above 10FFFF end. */
static bool second_is_good(unsigned first, unsigned second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second < 0xA0;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second < 0x90;
    default:
        return true;
    }
}

uint32_t utf8_next(const unsigned char **p, const unsigned char *end)
{
    const unsigned char *at = *p;
    unsigned first = *at++;
    *p = at;
    if (first < 0x80)
        return first;
    if (first < 0xC2 || first > 0xF4)
        return UTF8_BAD;
    int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t c = first & (0x3Fu >> more);
    for (int i = 0; i < more; i++) {
        if (at == end || (*at & 0xC0) != 0x80 || (i == 0 && !second_is_good(first, *at)))
            return UTF8_BAD;
        c = c << 6 | (*at++ & 0x3Fu);
        *p = at;
    }
    return c;
}

size_t utf8_put(unsigned char out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (unsigned char)(0xC0 | c >> 6);
        out[1] = (unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (unsigned char)(0xE0 | c >> 12);
        out[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (unsigned char)(0xF0 | c >> 18);
    out[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (unsigned char)(0x80 | (c & 0x3F));
    return 4;
}
