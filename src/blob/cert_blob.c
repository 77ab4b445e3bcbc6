/*
 * Certificate (RFC 5280 4.1), as much of it as is read:
 *
 *   SEQUENCE
 *     SEQUENCE                    TBSCertificate
 *       [0] INTEGER               version, optional
 *       INTEGER                   serial number
 *       SEQUENCE                  passed over: algorithm of the signature
 *       SEQUENCE                  issuer
 *       SEQUENCE                  passed over: validity
 *       SEQUENCE                  passed over: subject
 *       SEQUENCE                  SubjectPublicKeyInfo
 *         SEQUENCE { OID, any }
 *         BIT STRING  key
 *       [1] [2]                   passed over: unique identifiers, optional
 *       [3] SEQUENCE OF           extensions, optional: SEQUENCE { OID, BOOLEAN default false, OCTET STRING }
 *     SEQUENCE                    passed over
 *     BIT STRING                  passed over
 */
#include "cert_blob.h"

#include <string.h>

#define OID_SUBJECT_KEY_ID "2.5.29.14"
#define OID_RSA "1.2.840.113549.1.1.1"

static struct span take_whole(struct asn1 *a, uint8_t tag)
{
    bool is = asn1_is(a, tag);
    a->bad |= !is;
    return asn1_any(a);
}

static NTSTATUS decode_extensions(struct asn1 wrapper, struct cert_view *out)
{
    struct asn1 list = asn1_enter(&wrapper, ASN1_SEQUENCE);
    while (asn1_ok(&list) && list.n > 0) {
        struct asn1 one = asn1_enter(&list, ASN1_SEQUENCE);
        struct asn1_oid oid = asn1_oid(&one);
        if (asn1_is(&one, ASN1_BOOLEAN))
            (void)asn1_take(&one, ASN1_BOOLEAN);
        struct asn1 value = asn1_enter(&one, ASN1_OCTETS);
        if (!asn1_end(&one))
            return NTE_BAD_DATA;
        if (strcmp(oid.s, OID_SUBJECT_KEY_ID) != 0)
            continue;
        out->key_id = asn1_take(&value, ASN1_OCTETS);
        if (!asn1_end(&value))
            return NTE_BAD_DATA;
    }
    return asn1_end(&list) && asn1_end(&wrapper) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

static NTSTATUS decode_body(struct asn1 body, struct cert_view *out)
{
    if (asn1_is(&body, ASN1_CONTEXT_OF(0)))
        (void)asn1_take(&body, ASN1_CONTEXT_OF(0));
    out->serial = asn1_take(&body, ASN1_INTEGER);
    (void)take_whole(&body, ASN1_SEQUENCE);
    out->issuer = take_whole(&body, ASN1_SEQUENCE);
    (void)take_whole(&body, ASN1_SEQUENCE);
    (void)take_whole(&body, ASN1_SEQUENCE);
    struct asn1 info = asn1_enter(&body, ASN1_SEQUENCE);
    struct asn1 algorithm = asn1_enter(&info, ASN1_SEQUENCE);
    out->key_oid = asn1_oid(&algorithm);
    out->key = asn1_bits(&info);
    for (uint8_t n = 1; n <= 2; n++) {
        if (asn1_is(&body, (uint8_t)ASN1_CONTEXT(n)))
            (void)asn1_take(&body, (uint8_t)ASN1_CONTEXT(n));
    }
    if (!asn1_ok(&algorithm) || !asn1_end(&info))
        return NTE_BAD_DATA;
    if (asn1_is(&body, ASN1_CONTEXT_OF(3)))
        TRY(decode_extensions(asn1_enter(&body, ASN1_CONTEXT_OF(3)), out));
    return asn1_end(&body) && out->serial.n > 0 ? STATUS_SUCCESS : NTE_BAD_DATA;
}

NTSTATUS cert_blob_decode(struct span in, struct cert_view *out)
{
    *out = (struct cert_view){.key = {NULL, 0}};
    struct asn1 file = asn1_of(in);
    struct asn1 all = asn1_enter(&file, ASN1_SEQUENCE);
    struct asn1 body = asn1_enter(&all, ASN1_SEQUENCE);
    (void)take_whole(&all, ASN1_SEQUENCE);
    (void)asn1_take(&all, ASN1_BITS);
    return asn1_end(&all) && asn1_end(&file) ? decode_body(body, out) : NTE_BAD_DATA;
}

NTSTATUS cert_rsa_decode(const struct cert_view *cert, struct rsa_view *out)
{
    if (strcmp(cert->key_oid.s, OID_RSA) != 0)
        return NTE_NOT_SUPPORTED;
    *out = (struct rsa_view){.n = num_be(NULL, 0)};
    struct asn1 file = asn1_of(cert->key);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    out->n = asn1_number(&body);
    out->e = asn1_number(&body);
    return asn1_end(&body) && asn1_end(&file) ? STATUS_SUCCESS : NTE_BAD_DATA;
}
