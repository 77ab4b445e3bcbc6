/*
 * DSA: RFC 3279 2.3.2, and the older private key that stands alone. The parameters carry no seed.
 */
#include "der.h"

#include <bcrypt.h>

/* The largest key of BCRYPT_DSA_KEY_BLOB, and the bytes of its q, seed and private number. */
#define V1_MOST 128
#define V1_BYTES 20

static const struct {
    const char *path;
    enum field_id field;
} group[] = {{"p", FIELD_P}, {"q", FIELD_Q}, {"g", FIELD_G}};

static void set_not_given(struct fields *out, enum field_id field, size_t n)
{
    OCTETS ff = {0};
    octets_resize(&ff, n);
    for (size_t i = 0; i < n; i++)
        ff.p[i] = 0xFF;
    fields_set(out, field, view_of(&ff));
}

/* Only version 2 of the blobs has the hash and the standard. */
void der_dsa_complete(struct fields *f)
{
    size_t q_bytes = view_trim(fields_get(f, FIELD_Q)).n;
    bool v1 = view_trim(fields_get(f, FIELD_P)).n <= V1_MOST && q_bytes <= V1_BYTES;
    if (!f->has[FIELD_DSA_COUNT])
        set_not_given(f, FIELD_DSA_COUNT, 4);
    if (!f->has[FIELD_DSA_SEED])
        set_not_given(f, FIELD_DSA_SEED, v1 ? V1_BYTES : q_bytes);
    if (v1 || f->has[FIELD_DSA_HASH])
        return;
    uint32_t hash = q_bytes <= 32 ? DSA_HASH_ALGORITHM_SHA256 : DSA_HASH_ALGORITHM_SHA512;
    fields_set_int(f, FIELD_DSA_HASH, q_bytes <= V1_BYTES ? DSA_HASH_ALGORITHM_SHA1 : hash);
    fields_set_int(f, FIELD_DSA_STANDARD, DSA_FIPS186_3);
}

static bool read_group(const struct asn *a, struct fields *out, struct why *why)
{
    for (size_t i = 0; i < ARRAY_COUNT(group); i++) {
        OCTETS number = {0};
        if (!asn_number(a, group[i].path, &number))
            return because(why, "the DSA parameter %s is not a number", group[i].path);
        fields_set(out, group[i].field, view_of(&number));
    }
    return true;
}

static bool read_parameters(const struct der_parts *in, struct fields *out, struct why *why)
{
    ASN a = {0};
    if (!asn_decode(&a, "DSAParameters", view_of(&in->parameters)))
        return because(why, "the DSA key has no parameters of its own");
    return read_group(&a, out, why);
}

static bool read_number(const struct der_parts *in, enum field_id field, struct fields *out,
                        struct why *why)
{
    ASN a = {0};
    OCTETS number = {0};
    if (!asn_decode(&a, "Number", view_of(&in->key)) || !asn_number(&a, "", &number))
        return because(why, "the DSA key is not a number");
    fields_set(out, field, view_of(&number));
    return true;
}

static bool read_public(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why)
{
    (void)row;
    return read_parameters(in, out, why) && read_number(in, FIELD_PUBLIC_VALUE, out, why);
}

/* The file has no public value; whoever makes a blob computes it. */
static bool read_private(const struct der_row *row, const struct der_parts *in, struct fields *out,
                         struct why *why)
{
    (void)row;
    return read_parameters(in, out, why) && read_number(in, FIELD_PRIVATE_VALUE, out, why);
}

bool der_dsa_read_alone(struct view der, struct fields *out, struct why *why)
{
    ASN a = {0};
    OCTETS y = {0};
    OCTETS x = {0};
    if (!asn_decode(&a, "DSAPrivateKey", der) || !asn_number(&a, "y", &y) ||
        !asn_number(&a, "x", &x))
        return because(why, "the DSA private key is damaged");
    fields_set(out, FIELD_PUBLIC_VALUE, view_of(&y));
    fields_set(out, FIELD_PRIVATE_VALUE, view_of(&x));
    return read_group(&a, out, why);
}

static bool write_key(enum field_id field, const struct fields *in, struct der_parts *out,
                      struct why *why)
{
    ASN a = asn_new("DSAParameters");
    for (size_t i = 0; i < ARRAY_COUNT(group); i++)
        asn_put_number(&a, group[i].path, fields_get(in, group[i].field));
    return (asn_encode(&a, &out->parameters) &&
            asn_wrap_number(fields_get(in, field), &out->key)) ||
           because(why, "the DSA key could not be encoded");
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

const struct der_codec der_dsa = {read_public, read_private, write_public, write_private};
