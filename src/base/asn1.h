/*
 * DER, as much of it as key files need: a strict reader that borrows, and a writer that fills a
 * buffer from its end.
 *
 *   element:   tag (1 byte) | length (1 to 5 bytes, the shortest form) | contents
 *
 * Reading: failure is sticky, as in rd.h; indefinite lengths, long tags and lengths that could be
 * shorter are failures. Nothing recurses: whoever enters an element says so in code.
 *
 * Writing from the end: the contents are there before their length is written, so that nothing has
 * to be measured first.
 */
#ifndef BASE_ASN1_H
#define BASE_ASN1_H

#include "span.h"

enum asn1_tag {
    ASN1_BOOLEAN = 0x01,
    ASN1_INTEGER = 0x02,
    ASN1_BITS = 0x03,
    ASN1_OCTETS = 0x04,
    ASN1_NULL = 0x05,
    ASN1_OID = 0x06,
    ASN1_UTF8 = 0x0C,
    ASN1_TIME = 0x18, /* GeneralizedTime */
    ASN1_SEQUENCE = 0x30,
    ASN1_SET = 0x31,
};

#define ASN1_CONTEXT(n) (0x80 | (n))    /* [n] IMPLICIT of a primitive type */
#define ASN1_CONTEXT_OF(n) (0xA0 | (n)) /* [n] of something constructed */

/* ---- reading -------------------------------------------------------------------------------- */

struct asn1 {
    const uint8_t *p;
    size_t n; /* bytes left */
    bool bad;
};

struct asn1 asn1_of(struct span in);

/* Whether the next element has the tag; false at the end. */
bool asn1_is(const struct asn1 *a, uint8_t tag);

/* The contents of the next element, which must have the tag. */
struct span asn1_take(struct asn1 *a, uint8_t tag);

/* The next element whole, whatever it is. */
struct span asn1_any(struct asn1 *a);

/* How many bytes the element takes that starts so. 0: too few are here to tell. STATUS_DATA_ERROR: no element of DER
 * starts so. */
NTSTATUS asn1_size(struct span start, size_t *size) MUST_CHECK;

/* The inside of the next element, to be read and ended on its own; what is bad here is bad there. */
struct asn1 asn1_enter(struct asn1 *a, uint8_t tag);

/* INTEGER, not negative; without its leading zero. */
struct num asn1_number(struct asn1 *a);
uint32_t asn1_small(struct asn1 *a);

/* BIT STRING of whole bytes. */
struct span asn1_bits(struct asn1 *a);

#define ASN1_OID_CHARS 64

/* OBJECT IDENTIFIER as "1.2.840.113549.1.1.1". */
struct asn1_oid {
    char s[ASN1_OID_CHARS];
};
struct asn1_oid asn1_oid(struct asn1 *a);

/* True when nothing went wrong so far; and when nothing is left over either. */
bool asn1_ok(const struct asn1 *a) MUST_CHECK;
bool asn1_end(const struct asn1 *a) MUST_CHECK;

/* ---- writing -------------------------------------------------------------------------------- */

struct asn1_out {
    uint8_t *p; /* NULL: count only */
    size_t cap; /* bytes at p */
    size_t n;   /* bytes written, the last ones of the buffer */
    bool bad;
};

struct asn1_out asn1_count(void);
struct asn1_out asn1_into(void *p, size_t cap);

/* Each puts itself in front of what was written before. */
void asn1_put(struct asn1_out *o, struct span bytes);
void asn1_put_zero(struct asn1_out *o, size_t n);

/* Makes an element of what was written since o->n was `since`. */
void asn1_put_header(struct asn1_out *o, uint8_t tag, size_t since);
void asn1_put_element(struct asn1_out *o, uint8_t tag, struct span contents);
void asn1_put_number(struct asn1_out *o, struct num v);
void asn1_put_small(struct asn1_out *o, uint32_t v);
void asn1_put_bits(struct asn1_out *o, struct span bytes);
void asn1_put_oid(struct asn1_out *o, const char *dotted);

/* A number in exactly n bytes, as an OCTET STRING's contents may be. */
void asn1_put_fixed(struct asn1_out *o, struct num v, size_t n);

#endif
