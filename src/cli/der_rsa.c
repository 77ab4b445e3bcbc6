/*
 * RSA: RSAPublicKey and RSAPrivateKey of RFC 8017 A.1, with NULL for parameters.
 */
#include "der.h"

static const uint8_t null_der[] = {0x05, 0x00};

/* The numbers of RSAPrivateKey; the first two are also RSAPublicKey. */
static const struct {
    const char *path;
    enum field_id field;
} numbers[] = {
    {"modulus", FIELD_MODULUS},
    {"publicExponent", FIELD_PUBLIC_EXPONENT},
    {"privateExponent", FIELD_PRIVATE_EXPONENT},
    {"prime1", FIELD_PRIME1},
    {"prime2", FIELD_PRIME2},
    {"exponent1", FIELD_EXPONENT1},
    {"exponent2", FIELD_EXPONENT2},
    {"coefficient", FIELD_COEFFICIENT},
};

#define PUBLIC_NUMBERS 2

static bool read_numbers(const struct asn *a, size_t count, struct fields *out, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        OCTETS number = {0};
        if (!asn_number(a, numbers[i].path, &number))
            return because(why, "the RSA key's %s is not a number", numbers[i].path);
        fields_set(out, numbers[i].field, view_of(&number));
    }
    return true;
}

static bool write_numbers(struct asn *a, size_t count, const struct fields *in, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        if (!in->has[numbers[i].field])
            return because(why, "the RSA key has no %s", numbers[i].path);
        asn_put_number(a, numbers[i].path, fields_get(in, numbers[i].field));
    }
    return true;
}

static bool read_public(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why)
{
    (void)row;
    ASN a = {0};
    if (!asn_decode(&a, "RSAPublicKey", view_of(&in->key)))
        return because(why, "the RSA public key is damaged");
    return read_numbers(&a, PUBLIC_NUMBERS, out, why);
}

static bool read_private(const struct der_row *row, const struct der_parts *in, struct fields *out,
                         struct why *why)
{
    (void)row;
    ASN a = {0};
    if (!asn_decode(&a, "RSAPrivateKey", view_of(&in->key)) || !asn_is_number(&a, "version", 0))
        return because(why, "the RSA private key is damaged, or has more than two primes");
    return read_numbers(&a, ARRAY_COUNT(numbers), out, why);
}

static bool write_public(const struct der_row *row, struct fields *in, struct der_parts *out,
                         struct why *why)
{
    (void)row;
    ASN a = asn_new("RSAPublicKey");
    octets_set(&out->parameters, (struct view){null_der, sizeof null_der});
    if (!write_numbers(&a, PUBLIC_NUMBERS, in, why))
        return false;
    return asn_encode(&a, &out->key) || because(why, "the RSA public key could not be encoded");
}

static bool write_private(const struct der_row *row, struct fields *in, struct der_parts *out,
                          struct why *why)
{
    (void)row;
    ASN a = asn_new("RSAPrivateKey");
    octets_set(&out->parameters, (struct view){null_der, sizeof null_der});
    asn_put_small(&a, "version", 0);
    if (!write_numbers(&a, ARRAY_COUNT(numbers), in, why))
        return false;
    return asn_encode(&a, &out->key) || because(why, "the RSA private key could not be encoded");
}

const struct der_codec der_rsa = {read_public, read_private, write_public, write_private};
