#include "crypt_der.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

void der_fail(struct der *d, HRESULT error)
{
    if (d->error == NO_ERROR)
        d->error = (DWORD)error;
    d->n = 0;
}

/* Reads a header; the bytes of the contents, which are all there. */
static size_t header(struct der *d, BYTE *tag)
{
    if (d->n < 2) {
        der_fail(d, CRYPT_E_ASN1_EOD);
        return 0;
    }
    *tag = d->p[0];
    size_t n = d->p[1], used = 2;
    if (n > 0x80) {
        size_t more = n & 0x7F;
        if (more > 4) {
            der_fail(d, CRYPT_E_ASN1_CORRUPT);
            return 0;
        }
        if (d->n < 2 + more) {
            der_fail(d, CRYPT_E_ASN1_EOD);
            return 0;
        }
        n = 0;
        for (; used < 2 + more; used++)
            n = n << 8 | d->p[used];
        if (d->p[2] == 0 || n < 0x80)
            der_fail(d, CRYPT_E_ASN1_CORRUPT);
    } else if (n == 0x80) {
        der_fail(d, CRYPT_E_ASN1_CORRUPT);
    }
    if ((*tag & 0x1F) == 0x1F)
        der_fail(d, CRYPT_E_ASN1_CORRUPT);
    if (d->error == NO_ERROR && n > d->n - used)
        der_fail(d, CRYPT_E_ASN1_EOD);
    if (d->error != NO_ERROR)
        return 0;
    d->p += used;
    d->n -= used;
    return n;
}

struct bytes der_any(struct der *d)
{
    BYTE tag;
    const BYTE *start = d->p;
    size_t n = header(d, &tag);
    if (d->error != NO_ERROR)
        return (struct bytes){NULL, 0};
    d->p += n;
    d->n -= n;
    return (struct bytes){start, (size_t)(d->p - start)};
}

bool der_is(const struct der *d, BYTE tag)
{
    return d->n > 0 && d->p[0] == tag;
}

struct bytes der_take(struct der *d, BYTE tag)
{
    BYTE found;
    if (d->n > 0 && d->p[0] != tag)
        der_fail(d, CRYPT_E_ASN1_BADTAG);
    size_t n = header(d, &found);
    if (d->error != NO_ERROR)
        return (struct bytes){NULL, 0};
    struct bytes contents = {d->p, n};
    d->p += n;
    d->n -= n;
    return contents;
}

struct der der_enter(struct der *d, BYTE tag)
{
    struct bytes inside = der_take(d, tag);
    return (struct der){inside.p, inside.n, d->error};
}

void der_leave(struct der *d, const struct der *inside)
{
    if (inside->error != NO_ERROR)
        der_fail(d, (HRESULT)inside->error);
    else if (inside->n != 0)
        der_fail(d, CRYPT_E_ASN1_CORRUPT);
}

struct bytes der_number(struct der *d)
{
    struct bytes v = der_take(d, DER_INTEGER);
    if (d->error != NO_ERROR)
        return v;
    bool padded = v.n > 1 && v.p[0] == 0;
    if (v.n == 0 || (v.p[0] & 0x80) != 0 || (padded && (v.p[1] & 0x80) == 0)) {
        der_fail(d, CRYPT_E_ASN1_CORRUPT);
        return (struct bytes){NULL, 0};
    }
    return padded ? (struct bytes){v.p + 1, v.n - 1} : v;
}

DWORD der_small(struct der *d)
{
    struct bytes v = der_number(d);
    DWORD n = 0;
    if (v.n > sizeof n) {
        der_fail(d, CRYPT_E_ASN1_LARGE);
        return 0;
    }
    for (size_t i = 0; i < v.n; i++)
        n = n << 8 | v.p[i];
    return n;
}

struct bytes der_bits(struct der *d, DWORD *unused)
{
    struct bytes v = der_take(d, DER_BITS);
    *unused = 0;
    if (d->error != NO_ERROR)
        return v;
    if (v.n == 0 || v.p[0] > 7 || (v.n == 1 && v.p[0] != 0)) {
        der_fail(d, CRYPT_E_ASN1_CORRUPT);
        return (struct bytes){NULL, 0};
    }
    *unused = v.p[0];
    return (struct bytes){v.p + 1, v.n - 1};
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Room for n bytes in front; NULL when only counting, or when they do not fit. */
static BYTE *room(struct der_out *o, size_t n)
{
    o->n += n;
    if (o->p == NULL || o->bad)
        return NULL;
    if (o->n > o->cap) {
        o->bad = true;
        return NULL;
    }
    return o->p + o->cap - o->n;
}

void der_put(struct der_out *o, const void *bytes, size_t n)
{
    BYTE *at = room(o, n);
    if (at != NULL && n > 0)
        memcpy(at, bytes, n);
}

void der_put_byte(struct der_out *o, BYTE byte)
{
    der_put(o, &byte, 1);
}

void der_put_reversed(struct der_out *o, const BYTE *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        der_put_byte(o, bytes[i]);
}

void der_wrap(struct der_out *o, BYTE tag, size_t since)
{
    size_t n = o->n - since;
    if (n > UINT32_MAX) {
        o->bad = true;
        return;
    }
    if (n < 0x80) {
        der_put_byte(o, (BYTE)n);
    } else {
        BYTE more = 0;
        for (size_t left = n; left > 0; left >>= 8, more++)
            der_put_byte(o, (BYTE)left);
        der_put_byte(o, 0x80 | more);
    }
    der_put_byte(o, tag);
}

void der_put_number(struct der_out *o, const BYTE *bytes, size_t n, bool little_endian)
{
    size_t since = o->n;
    if (little_endian) {
        while (n > 1 && bytes[n - 1] == 0)
            n--;
        der_put_reversed(o, bytes, n);
    } else {
        while (n > 1 && bytes[0] == 0) {
            bytes++;
            n--;
        }
        der_put(o, bytes, n);
    }
    if (n == 0 || (bytes[little_endian ? n - 1 : 0] & 0x80) != 0)
        der_put_byte(o, 0);
    der_wrap(o, DER_INTEGER, since);
}

void der_put_small(struct der_out *o, DWORD value)
{
    BYTE bytes[] = {(BYTE)(value >> 24), (BYTE)(value >> 16), (BYTE)(value >> 8), (BYTE)value};
    der_put_number(o, bytes, sizeof bytes, false);
}

void der_put_bits(struct der_out *o, const BYTE *bytes, size_t n, DWORD unused)
{
    size_t since = o->n;
    o->bad |= unused > 7 || (n == 0 && unused != 0);
    der_put(o, bytes, n);
    der_put_byte(o, (BYTE)unused);
    der_wrap(o, DER_BITS, since);
}

void der_put_octets(struct der_out *o, const BYTE *bytes, size_t n)
{
    size_t since = o->n;
    der_put(o, bytes, n);
    der_wrap(o, DER_OCTETS, since);
}

/* The numbers of a dotted text; how many, 0 when it is no object identifier. */
static size_t parse_oid(const char *dotted, uint64_t *arcs, size_t most)
{
    size_t n = 0;
    while (dotted != NULL && n < most) {
        char *end;
        if (*dotted < '0' || *dotted > '9')
            return 0;
        errno = 0;
        arcs[n++] = strtoull(dotted, &end, 10);
        if (errno != 0 || (*end != '.' && *end != 0))
            return 0;
        dotted = *end == 0 ? NULL : end + 1;
    }
    bool good = dotted == NULL && n >= 2 && arcs[0] <= 2 && (arcs[0] == 2 || arcs[1] < 40) &&
                arcs[1] <= UINT64_MAX - 80;
    return good ? n : 0;
}

void der_put_oid(struct der_out *o, const char *dotted)
{
    uint64_t arcs[64];
    size_t since = o->n, n = parse_oid(dotted, arcs, ARRAY_COUNT(arcs));
    if (n == 0) {
        o->bad = true;
        return;
    }
    arcs[1] += 40 * arcs[0];
    for (size_t i = n; i-- > 1;) {
        der_put_byte(o, arcs[i] & 0x7F);
        for (uint64_t left = arcs[i] >> 7; left > 0; left >>= 7)
            der_put_byte(o, (BYTE)(0x80 | left));
    }
    der_wrap(o, DER_OID, since);
}
