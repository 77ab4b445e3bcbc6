#include "base64.h"

#include <ctype.h>

#define NO_DIGIT 64u

/* All ones when a < b, otherwise zero; both are small. */
static uint32_t less(uint32_t a, uint32_t b)
{
    return 0 - ((a - b) >> 31);
}

/* All ones when low <= c <= high. */
static uint32_t between(uint32_t c, uint32_t low, uint32_t high)
{
    return ~less(c, low) & ~less(high, c);
}

static uint8_t digit_of(uint32_t value)
{
    return (uint8_t)((between(value, 0, 25) & ('A' + value)) |
                     (between(value, 26, 51) & ('a' + value - 26)) |
                     (between(value, 52, 61) & ('0' + value - 52)) |
                     (between(value, 62, 62) & '+') | (between(value, 63, 63) & '/'));
}

static uint32_t value_of(uint32_t c)
{
    uint32_t upper = between(c, 'A', 'Z');
    uint32_t lower = between(c, 'a', 'z');
    uint32_t number = between(c, '0', '9');
    uint32_t plus = between(c, '+', '+');
    uint32_t slash = between(c, '/', '/');
    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (number & (c - '0' + 52)) |
           (plus & 62) | (slash & 63) | (~(upper | lower | number | plus | slash) & NO_DIGIT);
}

void base64_encode(struct view bytes, struct octets *text)
{
    size_t at = text->n;
    octets_resize(text, at + (bytes.n + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t n = bytes.n - i < 3 ? bytes.n - i : 3;
        uint32_t word = (uint32_t)bytes.p[i] << 16;
        word |= n > 1 ? (uint32_t)bytes.p[i + 1] << 8 : 0;
        word |= n > 2 ? bytes.p[i + 2] : 0;
        for (size_t digit = 0; digit < 4; digit++)
            text->p[at++] = digit > n ? '=' : digit_of(word >> (18 - 6 * digit) & 63);
    }
}

/* What is behind the last digit: the padding that makes the number of digits a multiple of four, and blanks. */
static bool ends_well(struct view rest, size_t digits)
{
    size_t padding = 0;
    for (size_t i = 0; i < rest.n; i++) {
        if (rest.p[i] == '=')
            padding++;
        else if (!isspace(rest.p[i]))
            return false;
    }
    return padding < 3 && (digits + padding) % 4 == 0;
}

bool base64_decode(struct view text, struct octets *out)
{
    OCTETS made = {0};
    uint32_t word = 0;
    unsigned bits = 0;
    size_t digits = 0;
    size_t i = 0;
    size_t n = 0;
    octets_resize(&made, text.n / 4 * 3 + 3);
    for (; i < text.n && text.p[i] != '='; i++) {
        if (isspace(text.p[i]))
            continue;
        uint32_t value = value_of(text.p[i]);
        if (value == NO_DIGIT)
            return false;
        digits++;
        word = (word << 6 | value) & 0xFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            made.p[n++] = (uint8_t)(word >> bits);
        }
    }
    /* Bits that no byte takes are zero. */
    bool good = ends_well((struct view){text.p + i, text.n - i}, digits) &&
                (word & ((1u << bits) - 1)) == 0;
    octets_resize(&made, n);
    if (good)
        octets_set(out, view_of(&made));
    return good;
}
