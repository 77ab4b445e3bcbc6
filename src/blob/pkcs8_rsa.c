/*
 * RSAPrivateKey (RFC 8017 A.1.2):
 *
 *   SEQUENCE
 *     INTEGER 0       two primes
 *     INTEGER n, e, d, p, q, d mod p-1, d mod q-1, 1/q mod p
 */
#include "pkcs8.h"

NTSTATUS pkcs8_rsa_decode(struct span key, struct rsa_view *out)
{
    struct asn1 file = asn1_of(key);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    uint32_t version = asn1_small(&body);
    out->n = asn1_number(&body);
    out->e = asn1_number(&body);
    out->d = asn1_number(&body);
    out->p = asn1_number(&body);
    out->q = asn1_number(&body);
    out->dp = asn1_number(&body);
    out->dq = asn1_number(&body);
    out->qi = asn1_number(&body);
    return version == 0 && asn1_end(&body) && asn1_end(&file) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

void pkcs8_rsa_encode(const struct rsa_view *v, struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_number(o, v->qi);
    asn1_put_number(o, v->dq);
    asn1_put_number(o, v->dp);
    asn1_put_number(o, v->q);
    asn1_put_number(o, v->p);
    asn1_put_number(o, v->d);
    asn1_put_number(o, v->e);
    asn1_put_number(o, v->n);
    asn1_put_small(o, 0);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}
