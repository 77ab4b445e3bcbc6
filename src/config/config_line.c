/* Words and values of one line (config_line.h). */
#include "config_line.h"

#include <string.h>

#include "text.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static struct span trim(struct span s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool line_word(struct span *value, struct span *word)
{
    struct span rest = trim(*value);
    size_t n = 0;
    while (n < rest.n && !is_blank(rest.p[n]))
        n++;
    *word = span_of(rest.p, n);
    *value = trim(span_of(rest.p + n, rest.n - n));
    return n > 0;
}

bool line_next(struct span *text, size_t *number, struct line *out, bool *cut)
{
    *cut = false;
    while (text->n > 0) {
        const uint8_t *end = memchr(text->p, '\n', text->n);
        ++*number;
        if (end == NULL) {
            *cut = true;
            return false;
        }
        size_t n = (size_t)(end - text->p);
        struct span line = trim(span_of(text->p, n));
        text->p += n + 1;
        text->n -= n + 1;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        out->value = line;
        return line_word(&out->value, &out->word);
    }
    return false;
}

bool line_is(struct span s, const char *word)
{
    size_t n = strlen(word);
    struct span w = span_of(word, n);
    for (size_t i = 0; i < n && i < s.n; i++) {
        if (s.p[i] != w.p[i])
            return false;
    }
    return s.n == n;
}

/* 16: not a digit. Capitals count. */
static unsigned digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 16;
}

static bool byte_of(const uint8_t *p, uint8_t *out)
{
    unsigned high = digit_of(p[0]);
    unsigned low = digit_of(p[1]);
    *out = (uint8_t)(high << 4 | (low & 15));
    return high < 16 && low < 16;
}

bool line_text(struct span value, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < value.n; n++) {
        uint8_t c = value.p[i++];
        bool escaped = c == '%';
        if (n + 1 >= cap || (!escaped && (c < 0x20 || c == 0x7F)))
            return false;
        if (escaped) {
            if (value.n - i < 2 || !byte_of(value.p + i, &c))
                return false;
            i += 2;
        }
        out[n] = (char)c;
    }
    out[n] = '\0';
    return text_is_utf8(span_of(out, n));
}

bool line_number(struct span value, uint32_t *out)
{
    if (value.n < 3 || value.n > 10 || value.p[0] != '0' || value.p[1] != 'x')
        return false;
    uint32_t v = 0;
    for (size_t i = 2; i < value.n; i++) {
        unsigned d = digit_of(value.p[i]);
        if (d >= 16)
            return false;
        v = v << 4 | d;
    }
    *out = v;
    return true;
}

bool line_bytes(struct span value, uint8_t *out, size_t cap, size_t *n)
{
    if (value.n % 2 != 0 || value.n / 2 > cap)
        return false;
    *n = value.n / 2;
    for (size_t i = 0; i < *n; i++) {
        if (!byte_of(value.p + 2 * i, &out[i]))
            return false;
    }
    return true;
}

/* --- writing ----------------------------------------------------------------------------------- */

static void put_hex(struct wr *w, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    wr_u8(w, (uint8_t)digits[byte >> 4]);
    wr_u8(w, (uint8_t)digits[byte & 15]);
}

void line_put(struct wr *w, const char *literal)
{
    wr_bytes(w, literal, strlen(literal));
}

void line_put_text(struct wr *w, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)text[i];
        bool at_end = i == 0 || i + 1 == n;
        if (c < 0x20 || c == 0x7F || c == '%' || (c == ' ' && at_end)) {
            wr_u8(w, '%');
            put_hex(w, c);
        } else {
            wr_u8(w, c);
        }
    }
}

void line_put_number(struct wr *w, uint32_t v)
{
    line_put(w, "0x");
    for (unsigned i = 4; i-- > 0;)
        put_hex(w, (uint8_t)(v >> (8 * i)));
}

void line_put_bytes(struct wr *w, struct span bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        put_hex(w, bytes.p[i]);
}
