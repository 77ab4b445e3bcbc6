/* The bounded writer (wr.h). Every write claims its bytes first; there the bounds are checked. */
#include "wr.h"

#include <string.h>

struct wr wr_count(void)
{
    return (struct wr){NULL, SIZE_MAX, 0, false};
}

struct wr wr_into(void *p, size_t cap)
{
    return (struct wr){p, p == NULL ? 0 : cap, 0, p == NULL};
}

/* Claims n bytes; NULL when counting or when they do not fit. */
static uint8_t *claim(struct wr *w, size_t n)
{
    if (w->bad || n > w->cap - w->n) {
        w->bad = true;
        return NULL;
    }
    uint8_t *at = w->p == NULL ? NULL : w->p + w->n;
    w->n += n;
    return at;
}

void wr_bytes(struct wr *w, const void *p, size_t n)
{
    uint8_t *at = claim(w, n);
    if (at != NULL && n > 0)
        memcpy(at, p, n);
}

void wr_span(struct wr *w, struct span s)
{
    wr_bytes(w, s.p, s.n);
}

void wr_zero(struct wr *w, size_t n)
{
    uint8_t *at = claim(w, n);
    if (at != NULL && n > 0)
        memset(at, 0, n);
}

void wr_u8(struct wr *w, uint8_t v)
{
    wr_bytes(w, &v, 1);
}

void wr_le16(struct wr *w, uint16_t v)
{
    const uint8_t b[2] = {(uint8_t)v, (uint8_t)(v >> 8)};
    wr_bytes(w, b, sizeof b);
}

void wr_le32(struct wr *w, uint32_t v)
{
    const uint8_t b[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    wr_bytes(w, b, sizeof b);
}

void wr_be32(struct wr *w, uint32_t v)
{
    const uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    wr_bytes(w, b, sizeof b);
}

void wr_num_be(struct wr *w, struct num v, size_t width)
{
    uint8_t *at = claim(w, width);
    if (at != NULL && !num_to_be(v, at, width))
        w->bad = true;
}

void wr_num_le(struct wr *w, struct num v, size_t width)
{
    uint8_t *at = claim(w, width);
    if (at == NULL)
        return;
    if (!num_to_be(v, at, width))
        w->bad = true;
    for (size_t i = 0; i < width / 2; i++) {
        uint8_t swap = at[i];
        at[i] = at[width - 1 - i];
        at[width - 1 - i] = swap;
    }
}
