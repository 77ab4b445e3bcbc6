/*
 * Diffie-Hellman: PKCS #3's DHParameter is read and written, X9.42's DomainParameters (RFC 3279 2.3.3) only read,
 * because CNG's blobs do not keep q.
 */
#include "der.h"

static bool read_number_at(const struct asn *a, const char *path, enum field_id field,
                           struct fields *out, struct why *why)
{
    OCTETS number = {0};
    if (!asn_number(a, path, &number))
        return because(why, "the Diffie-Hellman value %s is not a number", path);
    fields_set(out, field, view_of(&number));
    return true;
}

static bool read_group(const char *type, const struct der_parts *in, struct fields *out,
                       struct why *why)
{
    ASN a = {0};
    if (!asn_decode(&a, type, view_of(&in->parameters)))
        return because(why, "the Diffie-Hellman parameters are damaged");
    return read_number_at(&a, "p", FIELD_P, out, why) && read_number_at(&a, "g", FIELD_G, out, why);
}

static bool read_key(const char *type, enum field_id field, const struct der_parts *in,
                     struct fields *out, struct why *why)
{
    ASN a = {0};
    OCTETS number = {0};
    if (!read_group(type, in, out, why))
        return false;
    if (!asn_decode(&a, "Number", view_of(&in->key)) || !asn_number(&a, "", &number))
        return because(why, "the Diffie-Hellman key is not a number");
    fields_set(out, field, view_of(&number));
    return true;
}

static bool read_public(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why)
{
    (void)row;
    return read_key("DHParameter", FIELD_PUBLIC_VALUE, in, out, why);
}

/* The file has no public value; whoever makes a blob computes it. */
static bool read_private(const struct der_row *row, const struct der_parts *in, struct fields *out,
                         struct why *why)
{
    (void)row;
    return read_key("DHParameter", FIELD_PRIVATE_VALUE, in, out, why);
}

static bool read_public_x942(const struct der_row *row, const struct der_parts *in,
                             struct fields *out, struct why *why)
{
    (void)row;
    return read_key("DomainParameters", FIELD_PUBLIC_VALUE, in, out, why);
}

static bool read_private_x942(const struct der_row *row, const struct der_parts *in,
                              struct fields *out, struct why *why)
{
    (void)row;
    return read_key("DomainParameters", FIELD_PRIVATE_VALUE, in, out, why);
}

static bool write_key(enum field_id field, const struct fields *in, struct der_parts *out,
                      struct why *why)
{
    ASN a = asn_new("DHParameter");
    asn_put_number(&a, "p", fields_get(in, FIELD_P));
    asn_put_number(&a, "g", fields_get(in, FIELD_G));
    asn_leave_out(&a, "privateValueLength");
    return (asn_encode(&a, &out->parameters) &&
            asn_wrap_number(fields_get(in, field), &out->key)) ||
           because(why, "the Diffie-Hellman key could not be encoded");
}

static bool write_public(const struct der_row *row, struct fields *in, struct der_parts *out,
                         struct why *why)
{
    (void)row;
    return write_key(FIELD_PUBLIC_VALUE, in, out, why);
}

static bool write_private(const struct der_row *row, struct fields *in, struct der_parts *out,
                          struct why *why)
{
    (void)row;
    return write_key(FIELD_PRIVATE_VALUE, in, out, why);
}

const struct der_codec der_dh = {read_public, read_private, write_public, write_private};
const struct der_codec der_dhx = {read_public_x942, read_private_x942, NULL, NULL};
