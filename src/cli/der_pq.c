/*
 * Post-quantum keys have no parameters, and a public key is the bytes of FIPS 203, 204 or 205.
 *
 * A private key of SLH-DSA is such bytes too (RFC 9909). ML-KEM (RFC 9935) and ML-DSA (RFC 9881) have three forms: the
 * seed, the expanded key, or both, which OpenSSL writes. The fields that are there decide which is written.
 */
#include "der.h"

static bool read_public(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why)
{
    if (in->parameters.n > 0)
        return because(why, "%s keys have no parameters, this file has some", row->family);
    fields_set_text(out, FIELD_SET, row->set);
    fields_set(out, FIELD_PUBLIC_KEY, view_of(&in->key));
    return true;
}

static bool write_public(const struct der_row *row, struct fields *in, struct der_parts *out,
                         struct why *why)
{
    if (!in->has[FIELD_PUBLIC_KEY])
        return because(why, "the %s key has no public part", row->family);
    octets_set(&out->key, fields_get(in, FIELD_PUBLIC_KEY));
    return true;
}

/* ---- bytes ---------------------------------------------------------------------------------------------------- */

static bool read_raw(const struct der_row *row, const struct der_parts *in, struct fields *out,
                     struct why *why)
{
    if (in->parameters.n > 0)
        return because(why, "%s keys have no parameters, this file has some", row->family);
    fields_set_text(out, FIELD_SET, row->set);
    fields_set(out, FIELD_PRIVATE_KEY, view_of(&in->key));
    return true;
}

static bool write_raw(const struct der_row *row, struct fields *in, struct der_parts *out,
                      struct why *why)
{
    if (!in->has[FIELD_PRIVATE_KEY])
        return because(why, "the %s key has no private part", row->family);
    octets_set(&out->key, fields_get(in, FIELD_PRIVATE_KEY));
    return true;
}

const struct der_codec der_raw = {read_public, read_raw, write_public, write_raw};

/* ---- seed and expanded key ------------------------------------------------------------------------------------ */

static bool read_value(const struct asn *a, const char *path, enum field_id field,
                       struct fields *out)
{
    OCTETS value = {0};
    if (!asn_bytes(a, path, &value))
        return false;
    fields_set(out, field, view_of(&value));
    return true;
}

static bool read_seeded(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why)
{
    ASN a = {0};
    if (!asn_decode(&a, "SeededPrivateKey", view_of(&in->key)))
        return because(why, "the %s private key is in none of the three standard forms",
                       row->family);
    fields_set_text(out, FIELD_SET, row->set);
    if (asn_is_text(&a, "", "seed"))
        return read_value(&a, "seed", FIELD_SEED, out);
    if (asn_is_text(&a, "", "expandedKey"))
        return read_value(&a, "expandedKey", FIELD_PRIVATE_KEY, out);
    return read_value(&a, "both.seed", FIELD_SEED, out) &&
           read_value(&a, "both.expandedKey", FIELD_PRIVATE_KEY, out);
}

static bool write_seeded(const struct der_row *row, struct fields *in, struct der_parts *out,
                         struct why *why)
{
    ASN a = asn_new("SeededPrivateKey");
    bool seed = in->has[FIELD_SEED];
    bool expanded = in->has[FIELD_PRIVATE_KEY];
    if (!seed && !expanded)
        return because(why, "the %s key has no private part", row->family);
    const char *form = seed && expanded ? "both" : seed ? "seed" : "expandedKey";
    asn_put_text(&a, "", form);
    if (seed)
        asn_put_bytes(&a, expanded ? "both.seed" : "seed", fields_get(in, FIELD_SEED));
    if (expanded)
        asn_put_bytes(&a, seed ? "both.expandedKey" : "expandedKey",
                      fields_get(in, FIELD_PRIVATE_KEY));
    return asn_encode(&a, &out->key) || because(why, "the private key could not be encoded");
}

const struct der_codec der_seeded = {read_public, read_seeded, write_public, write_seeded};
