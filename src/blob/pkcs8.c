/*
 * The envelope of private keys (RFC 5208, RFC 5958).
 *
 *   SEQUENCE
 *     INTEGER 0 or 1
 *     SEQUENCE                 AlgorithmIdentifier
 *       OBJECT IDENTIFIER
 *       parameters             optional, of any type
 *     OCTET STRING             the key, in the algorithm's own form
 *     [0] SET                  attributes, optional
 *     [1] BIT STRING           public key, optional, only with version 1
 *
 * One attribute is understood and written: key usage (2.5.29.15), in which Windows keeps apart keys
 * of ECDSA and of ECDH, which look the same otherwise.
 */
#include "pkcs8.h"

#include <string.h>

#define OID_KEY_USAGE "2.5.29.15"

static NTSTATUS decode_attributes(struct asn1 attributes, uint8_t *usage)
{
    while (asn1_ok(&attributes) && attributes.n > 0) {
        struct asn1 one = asn1_enter(&attributes, ASN1_SEQUENCE);
        struct asn1_oid oid = asn1_oid(&one);
        struct asn1 values = asn1_enter(&one, ASN1_SET);
        if (!asn1_end(&one))
            return NTE_BAD_DATA;
        if (strcmp(oid.s, OID_KEY_USAGE) != 0)
            continue;
        struct span bits = asn1_take(&values, ASN1_BITS);
        if (!asn1_end(&values) || bits.n < 2)
            return NTE_BAD_DATA;
        *usage = bits.p[1];
    }
    return asn1_end(&attributes) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

NTSTATUS pkcs8_decode(struct span in, struct pkcs8 *out)
{
    *out = (struct pkcs8){.usage = 0};
    struct asn1 file = asn1_of(in);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    uint32_t version = asn1_small(&body);
    struct asn1 algorithm = asn1_enter(&body, ASN1_SEQUENCE);
    out->oid = asn1_oid(&algorithm);
    if (asn1_ok(&algorithm) && algorithm.n > 0)
        out->params = asn1_any(&algorithm);
    out->key = asn1_take(&body, ASN1_OCTETS);
    if (asn1_is(&body, ASN1_CONTEXT_OF(0)))
        TRY(decode_attributes(asn1_enter(&body, ASN1_CONTEXT_OF(0)), &out->usage));
    if (version == 1 && asn1_is(&body, ASN1_CONTEXT(1)))
        (void)asn1_take(&body, ASN1_CONTEXT(1));
    bool good = version <= 1 && asn1_end(&algorithm) && asn1_end(&body) && asn1_end(&file);
    return good ? STATUS_SUCCESS : NTE_BAD_DATA;
}

/* One bit of the attribute: how many bits of its byte are not used. */
static uint8_t unused_bits(uint8_t usage)
{
    uint8_t n = 0;
    while ((usage >> n & 1) == 0)
        n++;
    return n;
}

static void encode_usage(uint8_t usage, struct asn1_out *o)
{
    const uint8_t bits[2] = {unused_bits(usage), usage};
    size_t all = o->n;
    asn1_put_element(o, ASN1_BITS, (struct span){bits, sizeof bits});
    asn1_put_header(o, ASN1_SET, all);
    asn1_put_oid(o, OID_KEY_USAGE);
    asn1_put_header(o, ASN1_SEQUENCE, all);
    asn1_put_header(o, ASN1_CONTEXT_OF(0), all);
}

void pkcs8_encode(const struct pkcs8 *v, struct asn1_out *o)
{
    size_t all = o->n;
    if (v->usage != 0)
        encode_usage(v->usage, o);
    asn1_put_element(o, ASN1_OCTETS, v->key);
    size_t algorithm = o->n;
    asn1_put(o, v->params);
    asn1_put_oid(o, v->oid.s);
    asn1_put_header(o, ASN1_SEQUENCE, algorithm);
    asn1_put_small(o, 0);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}
