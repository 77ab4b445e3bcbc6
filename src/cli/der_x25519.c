/*
 * X25519: RFC 8410. No parameters; the public key is u in RFC 7748's 32 bytes, the private key an OCTET STRING
 * inside the OCTET STRING.
 *
 * CNG's blob has u in the place of X, zero for Y, and a private number that is clamped already (RFC 7748 5); files may
 * hold any 32 bytes, which mean the same as their clamped form.
 */
#include "der.h"

#include "curve_table.h"

#define BYTES 32

static void set_curve(struct fields *out)
{
    fields_set_text(out, FIELD_CURVE, CURVE_X25519);
    fields_set_int(out, FIELD_COORDINATE, BYTES);
    fields_set(out, FIELD_Y, (struct view){0});
}

static bool read_public(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why)
{
    (void)row;
    if (in->key.n != BYTES)
        return because(why, "an X25519 public key has 32 bytes");
    set_curve(out);
    fields_set(out, FIELD_X, view_of(&in->key));
    return true;
}

static bool read_private(const struct der_row *row, const struct der_parts *in, struct fields *out,
                         struct why *why)
{
    (void)row;
    ASN a = {0};
    OCTETS d = {0};
    if (!asn_decode(&a, "Octets", view_of(&in->key)) || !asn_bytes(&a, "", &d) || d.n != BYTES)
        return because(why, "an X25519 private key has 32 bytes");
    d.p[0] &= 0xF8;
    d.p[BYTES - 1] = (uint8_t)((d.p[BYTES - 1] & 0x3F) | 0x40);
    set_curve(out);
    fields_set(out, FIELD_X, (struct view){0});
    fields_set(out, FIELD_D, view_of(&d));
    return true;
}

static bool write_public(const struct der_row *row, struct fields *in, struct der_parts *out,
                         struct why *why)
{
    (void)row;
    octets_set(&out->key, fields_get(in, FIELD_X));
    return out->key.n == BYTES || because(why, "an X25519 public key has 32 bytes");
}

static bool write_private(const struct der_row *row, struct fields *in, struct der_parts *out,
                          struct why *why)
{
    (void)row;
    return asn_wrap_octets(fields_get(in, FIELD_D), &out->key) ||
           because(why, "the private key could not be encoded");
}

const struct der_codec der_x25519 = {read_public, read_private, write_public, write_private};
