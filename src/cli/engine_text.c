/* Names that may hold any character: UTF-8 here, WCHAR there. */
#include <string.h>

#include "engine_border.h"

/* One character of UTF-8; 0 at the end and where it is malformed. */
static uint32_t utf8_next(const uint8_t **p)
{
    uint32_t c = *(*p)++;
    if (c < 0x80)
        return c;
    int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC2 ? 1 : 0;
    if (more == 0)
        return 0;
    c &= 0x3Fu >> more;
    for (; more > 0; more--) {
        if ((**p & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (*(*p)++ & 0x3Fu);
    }
    return c;
}

/* What is not well-formed or too long becomes a name that the library refuses. */
struct wide_name name_of(const char *utf8)
{
    struct wide_name name = {{0}};
    const uint8_t *p = (const uint8_t *)utf8, *end = p + strlen(utf8);
    size_t n = 0;
    while (p < end) {
        uint32_t c = utf8_next(&p);
        if (c == 0 || n + 3 > ARRAY_COUNT(name.text))
            return (struct wide_name){{0}};
        if (sizeof(WCHAR) == 2 && c > 0xFFFF) {
            name.text[n++] = (WCHAR)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + (c & 0x3FF);
        }
        name.text[n++] = (WCHAR)c;
    }
    return name;
}

static void append_utf8(struct octets *out, uint32_t c)
{
    uint8_t text[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n; i-- > 1; c >>= 6)
        text[i] = (uint8_t)(0x80 | (c & 0x3F));
    text[0] = (uint8_t)(leads[n] | c);
    octets_append(out, (struct view){text, n});
}

void utf8_of(struct octets *out, const WCHAR *text, size_t most)
{
    octets_resize(out, 0);
    for (size_t i = 0; i < most && text[i] != 0; i++) {
        uint32_t c = (uint32_t)text[i];
        if (sizeof(WCHAR) == 2 && c >= 0xD800 && c < 0xDC00 && i + 1 < most)
            c = 0x10000 + ((c - 0xD800) << 10) + ((uint32_t)text[++i] & 0x3FF);
        append_utf8(out, c);
    }
}
