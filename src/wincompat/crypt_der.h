/*
 * DER for the structures of wincrypt.h: a reader whose failure is the last error that Windows would
 * leave, and a writer that fills a buffer from its end, so that nothing is measured first.
 *
 *   element:   tag (1 byte) | length (1 to 5 bytes, the shortest form) | contents
 *
 * Reading: failure is sticky; indefinite lengths, long tags and lengths that could be shorter are
 * failures. Nothing recurses.
 */
#ifndef CRYPT_DER_H
#define CRYPT_DER_H

#include "wincompat.h"

enum {
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_OCTETS = 0x04,
    DER_OID = 0x06,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
};

#define DER_CONTEXT_OF(n) (0xA0 | (n))

struct bytes {
    const BYTE *p;
    size_t n;
};

/* ---- reading --------------------------------------------------------------------------------- */

struct der {
    const BYTE *p;
    size_t n;
    DWORD error; /* NO_ERROR, or CRYPT_E_ASN1_... of the first failure */
};

/* Makes the reader fail, unless it has already. */
void der_fail(struct der *d, HRESULT error);

/* The next element: its contents, which must be under the tag; or as a whole, whatever it is. */
struct bytes der_take(struct der *d, BYTE tag);
struct bytes der_any(struct der *d);

/* Whether the next element has the tag; false at the end. */
bool der_is(const struct der *d, BYTE tag);

/* The inside of the next element. What fails there has to be carried over with der_leave, which also
 * fails where something is left over inside. */
struct der der_enter(struct der *d, BYTE tag);
void der_leave(struct der *d, const struct der *inside);

/* INTEGER, not negative, without leading zeros (0 is one zero byte); and one of 32 bits. */
struct bytes der_number(struct der *d);
DWORD der_small(struct der *d);

/* BIT STRING. */
struct bytes der_bits(struct der *d, DWORD *unused);

/* ---- writing --------------------------------------------------------------------------------- */

struct der_out {
    BYTE *p; /* NULL: count only */
    size_t cap;
    size_t n; /* bytes written, the last ones of the buffer */
    bool bad;
};

/* Each puts itself in front of what was written before. */
void der_put(struct der_out *o, const void *bytes, size_t n);
void der_put_byte(struct der_out *o, BYTE byte);
void der_put_reversed(struct der_out *o, const BYTE *bytes, size_t n);

/* Makes an element of what was written since o->n was `since`. */
void der_wrap(struct der_out *o, BYTE tag, size_t since);

/* INTEGER of a number in big-endian (or little-endian) bytes of any length, at least 1 after zeros. */
void der_put_number(struct der_out *o, const BYTE *bytes, size_t n, bool little_endian);
void der_put_small(struct der_out *o, DWORD value);
void der_put_bits(struct der_out *o, const BYTE *bytes, size_t n, DWORD unused);
void der_put_octets(struct der_out *o, const BYTE *bytes, size_t n);

/* OBJECT IDENTIFIER of a dotted text; bad when it is none. */
void der_put_oid(struct der_out *o, const char *dotted);

#endif
