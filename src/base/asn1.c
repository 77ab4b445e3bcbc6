/* The reader and the writer of DER (asn1.h). */
#include "asn1.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading -------------------------------------------------------------------------------- */

struct asn1 asn1_of(struct span in)
{
    return (struct asn1){in.p, in.n, in.p == NULL};
}

bool asn1_is(const struct asn1 *a, uint8_t tag)
{
    return !a->bad && a->n > 0 && a->p[0] == tag;
}

static struct span fail(struct asn1 *a)
{
    a->bad = true;
    a->n = 0;
    return (struct span){NULL, 0};
}

/* Splits what an element starts with; *header is how many bytes stand before its contents. */
static bool measure_start(const uint8_t *p, size_t n, size_t *header, size_t *contents)
{
    if (n < 2 || (p[0] & 0x1F) == 0x1F)
        return false;
    size_t length = p[1];
    size_t more = 0;
    if (length >= 0x80) {
        more = length & 0x7F;
        if (more == 0 || more > 4 || n < 2 + more || p[2] == 0)
            return false;
        length = 0;
        for (size_t i = 0; i < more; i++)
            length = length << 8 | p[2 + i];
        if (length < 0x80)
            return false;
    }
    *header = 2 + more;
    *contents = length;
    return true;
}

/* The same for the next element, which must be here whole. */
static bool measure(const struct asn1 *a, size_t *header, size_t *contents)
{
    return !a->bad && measure_start(a->p, a->n, header, contents) && *contents <= a->n - *header;
}

#define HEADER_MAX 6 /* bytes */

NTSTATUS asn1_size(struct span start, size_t *size)
{
    size_t header;
    size_t contents;
    *size = 0;
    if (measure_start(start.p, start.n, &header, &contents))
        *size = header + contents;
    else if (start.n >= HEADER_MAX)
        return STATUS_DATA_ERROR;
    return STATUS_SUCCESS;
}

static struct span advance(struct asn1 *a, size_t skip, size_t n)
{
    struct span s = {a->p + skip, n};
    a->p += skip + n;
    a->n -= skip + n;
    return s;
}

struct span asn1_take(struct asn1 *a, uint8_t tag)
{
    size_t header;
    size_t contents;
    if (!asn1_is(a, tag) || !measure(a, &header, &contents))
        return fail(a);
    return advance(a, header, contents);
}

struct span asn1_any(struct asn1 *a)
{
    size_t header;
    size_t contents;
    if (!measure(a, &header, &contents))
        return fail(a);
    return advance(a, 0, header + contents);
}

struct asn1 asn1_enter(struct asn1 *a, uint8_t tag)
{
    return asn1_of(asn1_take(a, tag));
}

struct num asn1_number(struct asn1 *a)
{
    struct span s = asn1_take(a, ASN1_INTEGER);
    bool zero_first = s.n > 1 && s.p[0] == 0;
    if (s.n == 0 || (s.p[0] & 0x80) != 0 || (zero_first && (s.p[1] & 0x80) == 0)) {
        fail(a);
        return num_be(NULL, 0);
    }
    return zero_first ? num_be(s.p + 1, s.n - 1) : num_be(s.p, s.n);
}

uint32_t asn1_small(struct asn1 *a)
{
    struct num v = asn1_number(a);
    if (v.n > 4) {
        fail(a);
        return 0;
    }
    uint32_t small = 0;
    for (size_t i = 0; i < v.n; i++)
        small = small << 8 | v.p[i];
    return small;
}

struct span asn1_bits(struct asn1 *a)
{
    struct span s = asn1_take(a, ASN1_BITS);
    if (s.n == 0 || s.p[0] != 0)
        return fail(a);
    return (struct span){s.p + 1, s.n - 1};
}

struct asn1_oid asn1_oid(struct asn1 *a)
{
    struct asn1_oid oid = {""};
    struct span s = asn1_take(a, ASN1_OID);
    size_t at = 0;
    uint32_t arc = 0;
    bool inside = false;
    if (s.n == 0)
        fail(a);
    for (size_t i = 0; i < s.n; i++) {
        /* The first byte of an arc is not 0x80, which would be a leading zero. */
        if ((!inside && s.p[i] == 0x80) || arc > UINT32_MAX >> 7 || at + 13 > sizeof oid.s) {
            fail(a);
            break;
        }
        arc = arc << 7 | (s.p[i] & 0x7F);
        inside = (s.p[i] & 0x80) != 0;
        if (inside)
            continue;
        uint32_t top = at > 0 ? 0 : arc < 80 ? arc / 40 : 2;
        at += (size_t)(at > 0 ? sprintf(oid.s + at, ".%u", arc)
                              : sprintf(oid.s, "%u.%u", top, arc - 40 * top));
        arc = 0;
    }
    if (inside)
        fail(a);
    if (a->bad)
        oid.s[0] = '\0';
    return oid;
}

bool asn1_ok(const struct asn1 *a)
{
    return !a->bad;
}

bool asn1_end(const struct asn1 *a)
{
    return !a->bad && a->n == 0;
}

/* ---- writing -------------------------------------------------------------------------------- */

struct asn1_out asn1_count(void)
{
    return (struct asn1_out){NULL, SIZE_MAX, 0, false};
}

struct asn1_out asn1_into(void *p, size_t cap)
{
    return (struct asn1_out){p, p == NULL ? 0 : cap, 0, p == NULL};
}

/* Claims n bytes in front; NULL when counting or when they do not fit. */
static uint8_t *claim(struct asn1_out *o, size_t n)
{
    if (o->bad || n > o->cap - o->n) {
        o->bad = true;
        return NULL;
    }
    o->n += n;
    return o->p == NULL ? NULL : o->p + (o->cap - o->n);
}

void asn1_put(struct asn1_out *o, struct span bytes)
{
    uint8_t *at = claim(o, bytes.n);
    if (at != NULL && bytes.n > 0)
        memcpy(at, bytes.p, bytes.n);
}

void asn1_put_zero(struct asn1_out *o, size_t n)
{
    uint8_t *at = claim(o, n);
    if (at != NULL && n > 0)
        memset(at, 0, n);
}

static void put_byte(struct asn1_out *o, uint8_t b)
{
    asn1_put(o, (struct span){&b, 1});
}

void asn1_put_header(struct asn1_out *o, uint8_t tag, size_t since)
{
    size_t length = o->n - since;
    if (length > UINT32_MAX) {
        o->bad = true;
        return;
    }
    if (length < 0x80) {
        put_byte(o, (uint8_t)length);
    } else {
        uint8_t more = 0;
        for (size_t rest = length; rest > 0; rest >>= 8, more++)
            put_byte(o, (uint8_t)rest);
        put_byte(o, (uint8_t)(0x80 | more));
    }
    put_byte(o, tag);
}

void asn1_put_element(struct asn1_out *o, uint8_t tag, struct span contents)
{
    size_t since = o->n;
    asn1_put(o, contents);
    asn1_put_header(o, tag, since);
}

void asn1_put_fixed(struct asn1_out *o, struct num v, size_t n)
{
    uint8_t *at = claim(o, n);
    if (at != NULL && !num_to_be(v, at, n))
        o->bad = true;
}

void asn1_put_number(struct asn1_out *o, struct num v)
{
    size_t since = o->n;
    size_t bits = num_bits(v);
    asn1_put_fixed(o, v, bits / 8 + 1); /* a zero in front of a byte with its top bit set */
    asn1_put_header(o, ASN1_INTEGER, since);
}

void asn1_put_small(struct asn1_out *o, uint32_t v)
{
    const uint8_t be[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    asn1_put_number(o, num_be(be, sizeof be));
}

void asn1_put_bits(struct asn1_out *o, struct span bytes)
{
    size_t since = o->n;
    asn1_put(o, bytes);
    put_byte(o, 0);
    asn1_put_header(o, ASN1_BITS, since);
}

static void put_arc(struct asn1_out *o, uint32_t arc)
{
    put_byte(o, arc & 0x7F);
    while ((arc >>= 7) > 0)
        put_byte(o, (uint8_t)(0x80 | (arc & 0x7F)));
}

#define ARCS_MAX (ASN1_OID_CHARS / 2)

void asn1_put_oid(struct asn1_out *o, const char *dotted)
{
    uint32_t arcs[ARCS_MAX];
    size_t count = 0;
    size_t since = o->n;
    const char *at = dotted;
    for (bool more = true; more && count < ARCS_MAX; more = *at++ == '.') {
        char *end;
        arcs[count++] = (uint32_t)strtoul(at, &end, 10);
        at = end;
    }
    /* Half of an identifier is another one. */
    if (count < 2 || at[-1] != '\0') {
        o->bad = true;
        return;
    }
    for (size_t i = count; i-- > 2;)
        put_arc(o, arcs[i]);
    put_arc(o, 40 * arcs[0] + arcs[1]);
    asn1_put_header(o, ASN1_OID, since);
}
