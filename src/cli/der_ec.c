/*
 * Keys on elliptic curves: RFC 5480 (public), RFC 5915 (private). The curve is named by its identifier where it has
 * one, else written out (SpecifiedECDomain, SEC 1 C.2).
 */
#include "der.h"

#include "curve_table.h"

#include <bcrypt.h>

#define PRIME_FIELD "1.2.840.10045.1.1"
#define UNCOMPRESSED 4

/* ---- points --------------------------------------------------------------------------------------------------- */

/* 04, X, Y; with `bytes` 0, X and Y are halves of what there is. */
static bool read_point(struct view point, size_t bytes, enum field_id x, enum field_id y,
                       struct fields *out, struct why *why)
{
    if (point.n > 0 && (point.p[0] == 2 || point.p[0] == 3))
        return because(why, "the point is compressed, which CNG does not have; "
                            "`openssl ec -pubin -conv_form uncompressed` rewrites it");
    if (bytes == 0)
        bytes = point.n / 2;
    if (point.n != 1 + 2 * bytes || bytes == 0 || point.p[0] != UNCOMPRESSED)
        return because(why, "the point does not have the size of the curve");
    fields_set(out, x, (struct view){point.p + 1, bytes});
    fields_set(out, y, (struct view){point.p + 1 + bytes, bytes});
    return true;
}

static bool write_point(const struct fields *in, enum field_id x, enum field_id y, size_t bytes,
                        struct octets *out)
{
    static const uint8_t form = UNCOMPRESSED;
    OCTETS gx = {0};
    OCTETS gy = {0};
    octets_set(out, (struct view){&form, 1});
    if (!octets_set_number(&gx, fields_get(in, x), bytes) ||
        !octets_set_number(&gy, fields_get(in, y), bytes))
        return false;
    octets_append(out, view_of(&gx));
    octets_append(out, view_of(&gy));
    return true;
}

/* ---- the curve ------------------------------------------------------------------------------------------------ */

static bool read_named(const struct asn *a, struct fields *out, struct why *why)
{
    OCTETS oid = {0};
    if (!asn_text(a, "namedCurve", &oid))
        return because(why, "the curve's identifier cannot be read");
    const struct curve_row *curve = curve_of_oid(octets_text(&oid));
    if (curve == NULL)
        return because(why, "the curve %s is none of CNG's; `cng algorithms --curves` lists them",
                       octets_text(&oid));
    fields_set_text(out, FIELD_CURVE, curve->name);
    fields_set_int(out, FIELD_COORDINATE, (uint32_t)curve_bytes(curve));
    return true;
}

static const struct {
    const char *path;
    enum field_id field;
    bool (*read)(const struct asn *a, const char *path, struct octets *out);
} domain[] = {
    {"specifiedCurve.fieldID.prime", FIELD_CURVE_P, asn_number},
    {"specifiedCurve.curve.a", FIELD_CURVE_A, asn_bytes},
    {"specifiedCurve.curve.b", FIELD_CURVE_B, asn_bytes},
    {"specifiedCurve.order", FIELD_CURVE_ORDER, asn_number},
};

/* A group that fills its curve has the cofactor 1, which may be left out. */
static bool read_cofactor(const struct asn *a, struct fields *out, struct why *why)
{
    static const uint8_t one = 1;
    OCTETS cofactor = {0};
    size_t field = view_bits(fields_get(out, FIELD_CURVE_P));
    if (asn_number(a, "specifiedCurve.cofactor", &cofactor))
        fields_set(out, FIELD_CURVE_COFACTOR, view_of(&cofactor));
    else if (view_bits(fields_get(out, FIELD_CURVE_ORDER)) + 1 >= field)
        fields_set(out, FIELD_CURVE_COFACTOR, (struct view){&one, 1});
    else
        return because(why, "the curve's parameters lack the cofactor");
    return true;
}

static bool read_explicit(const struct asn *a, struct fields *out, struct why *why)
{
    if (!asn_is_text(a, "specifiedCurve.fieldID.fieldType", PRIME_FIELD))
        return because(why, "the curve is not over a prime field");
    for (size_t i = 0; i < ARRAY_COUNT(domain); i++) {
        OCTETS value = {0};
        if (!domain[i].read(a, domain[i].path, &value))
            return because(why, "the curve's parameters are damaged");
        fields_set(out, domain[i].field, view_of(&value));
    }
    OCTETS base = {0};
    size_t bytes = out->value[FIELD_CURVE_P].n;
    if (!asn_bytes(a, "specifiedCurve.base", &base))
        return because(why, "the curve's generator cannot be read");
    fields_set_int(out, FIELD_CURVE_TYPE, BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE);
    fields_set_int(out, FIELD_GENERATION, BCRYPT_NO_CURVE_GENERATION_ALG_ID);
    return read_cofactor(a, out, why) &&
           read_point(view_of(&base), bytes, FIELD_CURVE_GX, FIELD_CURVE_GY, out, why);
}

static bool read_curve(struct view parameters, struct fields *out, struct why *why)
{
    ASN a = {0};
    if (parameters.n == 0)
        return because(why, "the file does not say which curve the key is on");
    if (!asn_decode(&a, "ECParameters", parameters))
        return because(why, "the curve's parameters are of a kind that CNG does not have");
    return asn_is_text(&a, "", "namedCurve") ? read_named(&a, out, why)
                                             : read_explicit(&a, out, why);
}

static bool write_explicit(const struct fields *in, struct octets *out, struct why *why)
{
    size_t bytes = view_trim(fields_get(in, FIELD_CURVE_P)).n;
    if (fields_int(in, FIELD_CURVE_TYPE) != BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE)
        return because(why, "DER knows this curve neither by an identifier nor by its equation "
                            "(it is not a Weierstrass curve); use ECCFULLPRIVATEBLOB or "
                            "ECCFULLPUBLICBLOB");
    ASN a = asn_new("ECParameters");
    OCTETS coefficient = {0};
    OCTETS base = {0};
    asn_put_text(&a, "", "specifiedCurve");
    asn_put_small(&a, "specifiedCurve.version", 1);
    asn_put_text(&a, "specifiedCurve.fieldID.fieldType", PRIME_FIELD);
    asn_put_number(&a, "specifiedCurve.fieldID.prime", fields_get(in, FIELD_CURVE_P));
    bool fits = octets_set_number(&coefficient, fields_get(in, FIELD_CURVE_A), bytes);
    asn_put_bytes(&a, "specifiedCurve.curve.a", view_of(&coefficient));
    fits = fits && octets_set_number(&coefficient, fields_get(in, FIELD_CURVE_B), bytes);
    asn_put_bytes(&a, "specifiedCurve.curve.b", view_of(&coefficient));
    asn_leave_out(&a, "specifiedCurve.curve.seed");
    fits = fits && write_point(in, FIELD_CURVE_GX, FIELD_CURVE_GY, bytes, &base);
    asn_put_bytes(&a, "specifiedCurve.base", view_of(&base));
    asn_put_number(&a, "specifiedCurve.order", fields_get(in, FIELD_CURVE_ORDER));
    asn_put_number(&a, "specifiedCurve.cofactor", fields_get(in, FIELD_CURVE_COFACTOR));
    asn_leave_out(&a, "specifiedCurve.hash");
    return (fits && asn_encode(&a, out)) || because(why, "the curve could not be encoded");
}

static bool write_curve(struct fields *in, struct octets *out, struct why *why)
{
    const char *name = fields_text(in, FIELD_CURVE);
    const struct curve_row *curve = name != NULL ? curve_named(name) : NULL;
    if (curve == NULL || curve->oid == NULL)
        return write_explicit(in, out, why);
    ASN a = asn_new("ECParameters");
    asn_put_text(&a, "", "namedCurve");
    asn_put_text(&a, "namedCurve", curve->oid);
    return asn_encode(&a, out) || because(why, "the curve could not be encoded");
}

/* ---- keys ----------------------------------------------------------------------------------------------------- */

/* Bytes of a coordinate of the curve that was read. */
static size_t coordinate_bytes(const struct fields *f)
{
    return f->has[FIELD_COORDINATE] ? fields_int(f, FIELD_COORDINATE) : f->value[FIELD_CURVE_P].n;
}

static bool read_public(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why)
{
    (void)row;
    return read_curve(view_of(&in->parameters), out, why) &&
           read_point(view_of(&in->key), coordinate_bytes(out), FIELD_X, FIELD_Y, out, why);
}

/* Without a public point, or with a compressed one, the library computes it from d: X and Y are then empty. */
static bool read_private(const struct der_row *row, const struct der_parts *in, struct fields *out,
                         struct why *why)
{
    (void)row;
    ASN a = {0};
    OCTETS value = {0};
    if (!asn_decode(&a, "ECPrivateKey", view_of(&in->key)) || !asn_is_number(&a, "version", 1))
        return because(why, "the private key is damaged");
    struct view parameters = view_of(&in->parameters);
    if (parameters.n == 0 && asn_bytes(&a, "parameters", &value))
        parameters = view_of(&value);
    OCTETS d = {0};
    if (!read_curve(parameters, out, why))
        return false;
    if (!asn_bytes(&a, "privateKey", &d))
        return because(why, "the private number cannot be read");
    fields_set(out, FIELD_D, view_of(&d));

    OCTETS point = {0};
    if (asn_bits(&a, "publicKey", &point) && point.n > 0 && point.p[0] == UNCOMPRESSED)
        return read_point(view_of(&point), coordinate_bytes(out), FIELD_X, FIELD_Y, out, why);
    fields_set(out, FIELD_X, (struct view){0});
    fields_set(out, FIELD_Y, (struct view){0});
    return true;
}

static bool write_public(const struct der_row *row, struct fields *in, struct der_parts *out,
                         struct why *why)
{
    (void)row;
    size_t bytes = view_trim(fields_get(in, FIELD_CURVE_P)).n;
    if (!write_point(in, FIELD_X, FIELD_Y, bytes, &out->key))
        return because(why, "the point is longer than the curve");
    return write_curve(in, &out->parameters, why);
}

static bool write_private(const struct der_row *row, struct fields *in, struct der_parts *out,
                          struct why *why)
{
    (void)row;
    OCTETS d = {0};
    OCTETS point = {0};
    size_t bytes = view_trim(fields_get(in, FIELD_CURVE_P)).n;
    size_t order_bytes = view_trim(fields_get(in, FIELD_CURVE_ORDER)).n;
    if (!octets_set_number(&d, fields_get(in, FIELD_D), order_bytes) ||
        !write_point(in, FIELD_X, FIELD_Y, bytes, &point))
        return because(why, "the key is longer than the curve");
    ASN a = asn_new("ECPrivateKey");
    asn_put_small(&a, "version", 1);
    asn_put_bytes(&a, "privateKey", view_of(&d));
    asn_leave_out(&a, "parameters");
    asn_put_bits(&a, "publicKey", view_of(&point));
    if (!asn_encode(&a, &out->key))
        return because(why, "the private key could not be encoded");
    return write_curve(in, &out->parameters, why);
}

const struct der_codec der_ec = {read_public, read_private, write_public, write_private};
