/*
 * ML-DSA (RFC 9881) and ML-KEM (RFC 9935): one of
 *
 *   [0] seed              OCTET STRING, implicit
 *   OCTET STRING          the expanded key
 *   SEQUENCE              both
 *     OCTET STRING seed
 *     OCTET STRING expanded key
 */
#include "pkcs8.h"

NTSTATUS pkcs8_seeded_decode(struct span key, struct pkcs8_seeded *out)
{
    *out = (struct pkcs8_seeded){{NULL, 0}, {NULL, 0}};
    struct asn1 file = asn1_of(key);
    if (asn1_is(&file, ASN1_CONTEXT(0))) {
        out->seed = asn1_take(&file, ASN1_CONTEXT(0));
    } else if (asn1_is(&file, ASN1_OCTETS)) {
        out->expanded = asn1_take(&file, ASN1_OCTETS);
    } else {
        struct asn1 both = asn1_enter(&file, ASN1_SEQUENCE);
        out->seed = asn1_take(&both, ASN1_OCTETS);
        out->expanded = asn1_take(&both, ASN1_OCTETS);
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
