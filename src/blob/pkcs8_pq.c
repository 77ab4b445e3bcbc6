/*
 * ML-DSA (RFC 9881) and ML-KEM (RFC 9935): one of
 *
 *   [0] seed              OCTET STRING, implicit
 *   OCTET STRING          the expanded key
 *   SEQUENCE              both
 *     OCTET STRING seed
 *     OCTET STRING expanded key
 *
 * An older draft, which Windows writes (observed), has the bytes of the seed or of the expanded key without any of these
 * around them. They have exactly the parameter set's length, which none of the three forms has.
 */
#include "pkcs8.h"

static struct span take_sized(struct asn1 *a, uint8_t tag, size_t bytes)
{
    struct span s = asn1_take(a, tag);
    a->bad |= s.n != bytes;
    return s;
}

NTSTATUS pkcs8_seeded_decode(struct span key, size_t seed_bytes, size_t expanded_bytes,
                             struct pkcs8_seeded *out)
{
    *out = (struct pkcs8_seeded){{NULL, 0}, {NULL, 0}};
    if (key.n == seed_bytes || key.n == expanded_bytes) {
        *(key.n == seed_bytes ? &out->seed : &out->expanded) = key;
        return STATUS_SUCCESS;
    }
    struct asn1 file = asn1_of(key);
    if (asn1_is(&file, ASN1_CONTEXT(0))) {
        out->seed = take_sized(&file, ASN1_CONTEXT(0), seed_bytes);
    } else if (asn1_is(&file, ASN1_OCTETS)) {
        out->expanded = take_sized(&file, ASN1_OCTETS, expanded_bytes);
    } else {
        struct asn1 both = asn1_enter(&file, ASN1_SEQUENCE);
        out->seed = take_sized(&both, ASN1_OCTETS, seed_bytes);
        out->expanded = take_sized(&both, ASN1_OCTETS, expanded_bytes);
        if (!asn1_end(&both))
            return NTE_BAD_DATA;
    }
    return asn1_end(&file) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

void pkcs8_seeded_encode(const struct pkcs8_seeded *v, struct asn1_out *o)
{
    if (v->seed.n > 0)
        asn1_put_element(o, ASN1_CONTEXT(0), v->seed);
    else
        asn1_put_element(o, ASN1_OCTETS, v->expanded);
}
