/* The bounded reader (rd.h). Every read goes through rd_span, where the bounds are checked. */
#include "rd.h"

struct rd rd_of(struct span in)
{
    return (struct rd){in.p, in.n, false};
}

struct span rd_span(struct rd *r, size_t n)
{
    if (r->bad || n > r->n) {
        r->bad = true;
        r->n = 0;
        return (struct span){NULL, 0};
    }
    struct span s = {r->p, n};
    if (n > 0)
        r->p += n; /* an empty reader may have no bytes to point at */
    r->n -= n;
    return s;
}

struct num rd_num_be(struct rd *r, size_t n)
{
    struct span s = rd_span(r, n);
    return num_be(s.p, s.n);
}

struct num rd_num_le(struct rd *r, size_t n)
{
    struct span s = rd_span(r, n);
    return num_le(s.p, s.n);
}

uint8_t rd_u8(struct rd *r)
{
    struct span s = rd_span(r, 1);
    return s.n == 1 ? s.p[0] : 0;
}

uint16_t rd_le16(struct rd *r)
{
    struct span s = rd_span(r, 2);
    return s.n == 2 ? (uint16_t)(s.p[0] | (unsigned)s.p[1] << 8) : 0;
}

uint32_t rd_le32(struct rd *r)
{
    struct span s = rd_span(r, 4);
    return s.n == 4
               ? s.p[0] | (uint32_t)s.p[1] << 8 | (uint32_t)s.p[2] << 16 | (uint32_t)s.p[3] << 24
               : 0;
}

uint32_t rd_be32(struct rd *r)
{
    struct span s = rd_span(r, 4);
    return s.n == 4
               ? s.p[3] | (uint32_t)s.p[2] << 8 | (uint32_t)s.p[1] << 16 | (uint32_t)s.p[0] << 24
               : 0;
}

bool rd_ok(const struct rd *r)
{
    return !r->bad;
}

bool rd_end(const struct rd *r)
{
    return !r->bad && r->n == 0;
}
