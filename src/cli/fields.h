/*
 * A key as named values: what a blob says and what a DER file says come to the same fields, so that each format is
 * described once (layout_table.c, der_*.c) and printing knows no format at all.
 */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include "octets.h"

enum field_id {
    FIELD_NONE,
    /* which key this is */
    FIELD_CURVE,      /* text: a named curve */
    FIELD_SET,        /* text: a parameter set */
    FIELD_TLS_CURVE,  /* TLS' number of a curve */
    FIELD_COORDINATE, /* bytes of a coordinate, where a blob pads to it */
    /* RSA */
    FIELD_MODULUS,
    FIELD_PUBLIC_EXPONENT,
    FIELD_PRIME1,
    FIELD_PRIME2,
    FIELD_EXPONENT1,
    FIELD_EXPONENT2,
    FIELD_COEFFICIENT,
    FIELD_PRIVATE_EXPONENT,
    /* explicit curves */
    FIELD_CURVE_TYPE,
    FIELD_GENERATION,
    FIELD_CURVE_P,
    FIELD_CURVE_A,
    FIELD_CURVE_B,
    FIELD_CURVE_GX,
    FIELD_CURVE_GY,
    FIELD_CURVE_ORDER,
    FIELD_CURVE_COFACTOR,
    FIELD_CURVE_SEED,
    /* points of curves */
    FIELD_X,
    FIELD_Y,
    FIELD_D,
    /* DSA and DH */
    FIELD_DSA_HASH,
    FIELD_DSA_STANDARD,
    FIELD_DSA_COUNT,
    FIELD_DSA_SEED,
    FIELD_P,
    FIELD_Q,
    FIELD_G,
    FIELD_J,
    FIELD_PUBLIC_VALUE,
    FIELD_PRIVATE_VALUE,
    /* post-quantum */
    FIELD_PUBLIC_KEY,
    FIELD_SEED,
    FIELD_PRIVATE_KEY,
    /* others that are only shown */
    FIELD_KEY_DATA,
    FIELD_WRAPPED_KEY,
    FIELD_WRAP_HASH,
    FIELD_WRAP_LABEL,
    FIELD_COUNT,
};

enum field_kind {
    KIND_NUMBER, /* big-endian */
    KIND_BYTES,
    KIND_INT, /* four bytes, big-endian */
    KIND_TEXT,
};

struct field_fact {
    const char *name;
    enum field_kind kind;
    bool secret;
};

extern const struct field_fact field_facts[FIELD_COUNT];

struct fields {
    struct octets value[FIELD_COUNT];
    bool has[FIELD_COUNT];
};

void fields_done(struct fields *f);

#define FIELDS CLEANUP(fields_done) struct fields

static inline struct view fields_get(const struct fields *f, enum field_id id)
{
    return view_of(&f->value[id]);
}

/* The string of a text field; NULL: it is not there. */
const char *fields_text(struct fields *f, enum field_id id);

/* The value of an integer field; 0: it is not there. */
uint32_t fields_int(const struct fields *f, enum field_id id);

void fields_set(struct fields *f, enum field_id id, struct view v);
void fields_set_text(struct fields *f, enum field_id id, const char *text);
void fields_set_int(struct fields *f, enum field_id id, uint32_t value);

/* Copies what `from` has and `to` has not. */
void fields_complete(struct fields *to, const struct fields *from);

#endif
