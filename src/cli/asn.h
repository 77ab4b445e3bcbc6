/*
 * DER, over libtasn1 and the definitions of keys.asn. A value is named by its path inside the structure, as libtasn1
 * does; "" is the whole. Structures are wiped when they go.
 */
#ifndef CLI_ASN_H
#define CLI_ASN_H

#include <libtasn1.h>

#include "octets.h"

struct asn {
    asn1_node node;
    bool bad; /* a value could not be written */
};

void asn_done(struct asn *a);

#define ASN CLEANUP(asn_done) struct asn

/* ---- reading: false when the bytes are something else -------------------------------------------------------- */

/* Decodes exactly all of `der` as a type of keys.asn. */
bool asn_decode(struct asn *a, const char *type, struct view der) MUST_CHECK;

/* A non-negative INTEGER, without leading zeros. */
bool asn_number(const struct asn *a, const char *path, struct octets *out) MUST_CHECK;
bool asn_is_number(const struct asn *a, const char *path, uint8_t value) MUST_CHECK;

/* An OCTET STRING, a BIT STRING of whole bytes, or the DER of an ANY. */
bool asn_bytes(const struct asn *a, const char *path, struct octets *out) MUST_CHECK;
bool asn_bits(const struct asn *a, const char *path, struct octets *out) MUST_CHECK;

/* An OBJECT IDENTIFIER in dots, or which alternative of a CHOICE it is. */
bool asn_text(const struct asn *a, const char *path, struct octets *out) MUST_CHECK;
bool asn_is_text(const struct asn *a, const char *path, const char *text) MUST_CHECK;

/* ---- writing: failures show at asn_encode -------------------------------------------------------------------- */

struct asn asn_new(const char *type);
void asn_put_number(struct asn *a, const char *path, struct view number);
void asn_put_small(struct asn *a, const char *path, uint8_t number);
void asn_put_bytes(struct asn *a, const char *path, struct view bytes);
void asn_put_bits(struct asn *a, const char *path, struct view bytes);
void asn_put_text(struct asn *a, const char *path, const char *text);
void asn_leave_out(struct asn *a, const char *path);
bool asn_encode(struct asn *a, struct octets *out) MUST_CHECK;

/* DER of one value, for the types of keys.asn that are no more than that. */
bool asn_wrap_number(struct view number, struct octets *out) MUST_CHECK;
bool asn_wrap_octets(struct view bytes, struct octets *out) MUST_CHECK;

#endif
