/*
 * The named curves of bcrypt.h as the tool needs them: their object identifiers, which PEM and DER files carry, and
 * their sizes, by which a blob that names no curve is recognised.
 */
#ifndef CLI_CURVE_TABLE_H
#define CLI_CURVE_TABLE_H

#include "cli.h"

struct curve_row {
    const char *name; /* as in CNG */
    const char *oid;  /* NULL: none */
    uint16_t bits;
    uint16_t tls; /* TLS' number; 0: none */
};

extern const struct curve_row curve_rows[];
extern const size_t curve_row_count;

#define CURVE_X25519 "curve25519"

/* Bytes of a coordinate. */
static inline size_t curve_bytes(const struct curve_row *row)
{
    return (row->bits + 7u) / 8;
}

/* The row of that name, in any case of letters and under the names that OpenSSL uses; NULL: none. */
const struct curve_row *curve_named(const char *name);

/* The first row with that identifier or number; NULL: none. */
const struct curve_row *curve_of_oid(const char *oid);
const struct curve_row *curve_of_tls(uint32_t tls);

#endif
