/*
 * DSA (RFC 3279 2.3.2, PKCS #11's form) and Diffie-Hellman (PKCS #3):
 *
 *   parameters of DSA: SEQUENCE { INTEGER p, q, g }
 *   parameters of DH:  SEQUENCE { INTEGER p, g, bits of x optional }
 *   key:               INTEGER x
 */
#include "pkcs8.h"

static NTSTATUS decode_x(struct span key, struct num *x)
{
    struct asn1 file = asn1_of(key);
    *x = asn1_number(&file);
    return asn1_end(&file) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

NTSTATUS pkcs8_dsa_decode(const struct pkcs8 *in, struct dsa_view *out)
{
    struct asn1 file = asn1_of(in->params);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    out->p = asn1_number(&body);
    out->q = asn1_number(&body);
    out->g = asn1_number(&body);
    if (!asn1_end(&body) || !asn1_end(&file))
        return NTE_BAD_DATA;
    return decode_x(in->key, &out->x);
}

NTSTATUS pkcs8_dh_decode(const struct pkcs8 *in, struct dh_view *out)
{
    struct asn1 file = asn1_of(in->params);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    out->p = asn1_number(&body);
    out->g = asn1_number(&body);
    if (asn1_is(&body, ASN1_INTEGER))
        (void)asn1_small(&body);
    if (!asn1_end(&body) || !asn1_end(&file))
        return NTE_BAD_DATA;
    return decode_x(in->key, &out->x);
}

void pkcs8_dsa_encode_params(const struct dsa_view *v, struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_number(o, v->g);
    asn1_put_number(o, v->q);
    asn1_put_number(o, v->p);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}

void pkcs8_dh_encode_params(const struct dh_view *v, struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_number(o, v->g);
    asn1_put_number(o, v->p);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}
