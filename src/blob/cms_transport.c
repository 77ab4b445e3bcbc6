/*
 * RSA as the carrier of a content's key (RFC 3370 4.2.1, RFC 4055 4.1):
 *
 *   rsaEncryption: NULL, or nothing
 *   id-RSAES-OAEP: SEQUENCE
 *     [0] SEQUENCE { hash, any }                                     default SHA-1
 *     [1] SEQUENCE { id-mgf1, SEQUENCE { hash, any } }               default SHA-1; the same hash is wanted
 *     [2] SEQUENCE { id-pSpecified, OCTET STRING label }             default: an empty label
 */
#include "cms_enveloped.h"

#include <string.h>

#define OID_RSA "1.2.840.113549.1.1.1"
#define OID_OAEP "1.2.840.113549.1.1.7"
#define OID_MGF1 "1.2.840.113549.1.1.8"
#define OID_LABEL "1.2.840.113549.1.1.9"

static const struct {
    const char *oid;
    const char *hash;
} hashes[] = {
    {"1.3.14.3.2.26", "SHA1"},
    {"2.16.840.1.101.3.4.2.1", "SHA256"},
    {"2.16.840.1.101.3.4.2.2", "SHA384"},
    {"2.16.840.1.101.3.4.2.3", "SHA512"},
};

static const uint8_t null_element[] = {ASN1_NULL, 0};

/* AlgorithmIdentifier of a hash; NULL: none that is known. */
static const char *read_hash(struct asn1 *a)
{
    struct asn1 body = asn1_enter(a, ASN1_SEQUENCE);
    struct asn1_oid oid = asn1_oid(&body);
    if (asn1_is(&body, ASN1_NULL))
        (void)asn1_take(&body, ASN1_NULL);
    a->bad |= !asn1_end(&body);
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        if (strcmp(hashes[i].oid, oid.s) == 0)
            return hashes[i].hash;
    }
    return NULL;
}

static NTSTATUS decode_oaep(struct span params, struct cms_transport *out)
{
    struct asn1 file = asn1_of(params);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    const char *mask = out->hash = hashes[0].hash;
    bool known = true;
    if (asn1_is(&body, ASN1_CONTEXT_OF(0))) {
        struct asn1 inside = asn1_enter(&body, ASN1_CONTEXT_OF(0));
        out->hash = read_hash(&inside);
        body.bad |= !asn1_end(&inside);
    }
    if (asn1_is(&body, ASN1_CONTEXT_OF(1))) {
        struct asn1 inside = asn1_enter(&body, ASN1_CONTEXT_OF(1));
        struct asn1 function = asn1_enter(&inside, ASN1_SEQUENCE);
        known = strcmp(asn1_oid(&function).s, OID_MGF1) == 0;
        mask = read_hash(&function);
        body.bad |= !asn1_end(&function) || !asn1_end(&inside);
    }
    if (asn1_is(&body, ASN1_CONTEXT_OF(2))) {
        struct asn1 inside = asn1_enter(&body, ASN1_CONTEXT_OF(2));
        struct asn1 source = asn1_enter(&inside, ASN1_SEQUENCE);
        known = known && strcmp(asn1_oid(&source).s, OID_LABEL) == 0;
        out->label = asn1_take(&source, ASN1_OCTETS);
        body.bad |= !asn1_end(&source) || !asn1_end(&inside);
    }
    if (!asn1_end(&body) || !asn1_end(&file))
        return NTE_BAD_DATA;
    return known && out->hash != NULL && out->hash == mask ? STATUS_SUCCESS : NTE_NOT_SUPPORTED;
}

NTSTATUS cms_transport_decode(const struct cms_algorithm *in, struct cms_transport *out)
{
    *out = (struct cms_transport){.hash = NULL};
    if (strcmp(in->oid.s, OID_OAEP) == 0)
        return decode_oaep(in->params, out);
    if (strcmp(in->oid.s, OID_RSA) != 0)
        return NTE_NOT_SUPPORTED;
    bool null = in->params.n == sizeof null_element && in->params.p[0] == ASN1_NULL;
    return null || in->params.n == 0 ? STATUS_SUCCESS : NTE_BAD_DATA;
}

struct cms_algorithm cms_transport_usual(void)
{
    return (struct cms_algorithm){
        .oid = {OID_RSA},
        .params = {null_element, sizeof null_element},
    };
}
