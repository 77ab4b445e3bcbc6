/*
 * ECPrivateKey (RFC 5915) under id-ecPublicKey:
 *
 *   SEQUENCE                              parameters: OBJECT IDENTIFIER of a curve, or
 *     INTEGER 1                           SEQUENCE                       (SEC 1 C.2)
 *     OCTET STRING  d                       INTEGER 1 to 3
 *     [0] parameters         optional       SEQUENCE { prime-field, INTEGER p }
 *     [1] BIT STRING  04|X|Y optional       SEQUENCE { OCTET STRING a, b, BIT STRING seed optional }
 *                                           OCTET STRING  04|Gx|Gy
 *                                           INTEGER n
 *                                           INTEGER h   optional
 */
#include "pkcs8.h"

#include <string.h>

#define OID_PRIME_FIELD "1.2.840.10045.1.1"
#define UNCOMPRESSED 4

static NTSTATUS decode_point(struct span point, size_t bytes, struct num *x, struct num *y)
{
    if (point.n == 0)
        return NTE_BAD_DATA;
    if (point.p[0] != UNCOMPRESSED)
        return NTE_NOT_SUPPORTED;
    if (point.n != 1 + 2 * bytes)
        return NTE_BAD_DATA;
    *x = num_be(point.p + 1, bytes);
    *y = num_be(point.p + 1 + bytes, bytes);
    return STATUS_SUCCESS;
}

static NTSTATUS decode_explicit(struct asn1 body, struct ecc_params_view *out)
{
    *out = (struct ecc_params_view){.curve_type = BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE};
    static const uint8_t one[1] = {1};
    uint32_t version = asn1_small(&body);
    struct asn1 field = asn1_enter(&body, ASN1_SEQUENCE);
    struct asn1_oid kind = asn1_oid(&field);
    if (asn1_ok(&field) && strcmp(kind.s, OID_PRIME_FIELD) != 0)
        return NTE_NOT_SUPPORTED;
    out->p = asn1_number(&field);
    struct asn1 curve = asn1_enter(&body, ASN1_SEQUENCE);
    struct span a = asn1_take(&curve, ASN1_OCTETS);
    struct span b = asn1_take(&curve, ASN1_OCTETS);
    if (asn1_is(&curve, ASN1_BITS))
        out->seed = asn1_bits(&curve);
    struct span base = asn1_take(&body, ASN1_OCTETS);
    out->order = asn1_number(&body);
    out->cofactor = asn1_is(&body, ASN1_INTEGER) ? asn1_number(&body) : num_be(one, sizeof one);
    if (version < 1 || version > 3 || !asn1_end(&field) || !asn1_end(&curve) || !asn1_end(&body))
        return NTE_BAD_DATA;
    out->a = num_be(a.p, a.n);
    out->b = num_be(b.p, b.n);
    out->field_bytes = out->p.n;
    out->order_bytes = out->order.n;
    return decode_point(base, out->field_bytes, &out->gx, &out->gy);
}

/* curve25519 by its field and the coefficient of its Montgomery form. RFC 8410 has another file for it; that Windows
 * writes this one is observed. */
static bool is_curve25519(const struct ecc_params_view *v)
{
    static const uint8_t a[] = {0x07, 0x6D, 0x06}; /* 486662 */
    static const uint8_t p[32] = {
        0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xED,
    };
    return num_equal_public(v->p, num_be(p, sizeof p)) &&
           num_equal_public(v->a, num_be(a, sizeof a));
}

static NTSTATUS decode_params(struct span params, struct pkcs8_ec *out)
{
    struct asn1 file = asn1_of(params);
    if (!asn1_is(&file, ASN1_OID)) {
        struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
        if (!asn1_end(&file))
            return NTE_BAD_DATA;
        TRY(decode_explicit(body, &out->params));
        out->montgomery = is_curve25519(&out->params);
        return STATUS_SUCCESS;
    }
    struct asn1_oid oid = asn1_oid(&file);
    if (!asn1_end(&file))
        return NTE_BAD_DATA;
    out->curve = pkcs8_curve_of(oid.s);
    return out->curve == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS;
}

NTSTATUS pkcs8_ec_decode(const struct pkcs8 *in, struct pkcs8_ec *out)
{
    *out = (struct pkcs8_ec){.curve = NULL};
    struct asn1 file = asn1_of(in->key);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    uint32_t version = asn1_small(&body);
    struct span d = asn1_take(&body, ASN1_OCTETS);
    struct span params = in->params;
    struct span point = {NULL, 0};
    if (asn1_is(&body, ASN1_CONTEXT_OF(0))) {
        struct asn1 inside = asn1_enter(&body, ASN1_CONTEXT_OF(0));
        struct span own = asn1_any(&inside);
        if (!asn1_end(&inside))
            return NTE_BAD_DATA;
        params = params.n > 0 ? params : own;
    }
    if (asn1_is(&body, ASN1_CONTEXT_OF(1))) {
        struct asn1 inside = asn1_enter(&body, ASN1_CONTEXT_OF(1));
        point = asn1_bits(&inside);
        if (!asn1_end(&inside))
            return NTE_BAD_DATA;
    }
    if (version != 1 || !asn1_end(&body) || !asn1_end(&file) || params.n == 0)
        return NTE_BAD_DATA;
    TRY(decode_params(params, out));
    out->d = num_be(d.p, d.n);
    size_t bytes = out->curve != NULL ? (out->curve->bits + 7u) / 8 : out->params.field_bytes;
    return point.p == NULL ? STATUS_SUCCESS : decode_point(point, bytes, &out->x, &out->y);
}

static void put_point(struct asn1_out *o, struct num x, struct num y, size_t bytes)
{
    static const uint8_t form[1] = {UNCOMPRESSED};
    asn1_put_fixed(o, y, bytes);
    asn1_put_fixed(o, x, bytes);
    asn1_put(o, (struct span){form, sizeof form});
}

static void encode_explicit(const struct ecc_params_view *v, struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_number(o, v->cofactor);
    asn1_put_number(o, v->order);
    size_t since = o->n;
    put_point(o, v->gx, v->gy, v->field_bytes);
    asn1_put_header(o, ASN1_OCTETS, since);
    since = o->n;
    if (v->seed.n > 0)
        asn1_put_bits(o, v->seed);
    size_t number = o->n;
    asn1_put_fixed(o, v->b, v->field_bytes);
    asn1_put_header(o, ASN1_OCTETS, number);
    number = o->n;
    asn1_put_fixed(o, v->a, v->field_bytes);
    asn1_put_header(o, ASN1_OCTETS, number);
    asn1_put_header(o, ASN1_SEQUENCE, since);
    since = o->n;
    asn1_put_number(o, v->p);
    asn1_put_oid(o, OID_PRIME_FIELD);
    asn1_put_header(o, ASN1_SEQUENCE, since);
    asn1_put_small(o, 1);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}

void pkcs8_ec_encode_params(const struct pkcs8_ec *v, struct asn1_out *o)
{
    if (v->curve != NULL)
        asn1_put_oid(o, v->curve->oid);
    else
        encode_explicit(&v->params, o);
}

/* RFC 5915 wants d in the bytes of the order, which the blob's are, or fewer by one. */
void pkcs8_ec_encode_key(const struct pkcs8_ec *v, struct asn1_out *o)
{
    size_t field = v->curve != NULL ? (v->curve->bits + 7u) / 8 : v->params.field_bytes;
    size_t order = v->curve != NULL ? field : v->params.order_bytes;
    size_t all = o->n;
    put_point(o, v->x, v->y, field);
    static const uint8_t whole[1] = {0};
    asn1_put(o, (struct span){whole, sizeof whole});
    asn1_put_header(o, ASN1_BITS, all);
    asn1_put_header(o, ASN1_CONTEXT_OF(1), all);
    size_t since = o->n;
    asn1_put_fixed(o, v->d, order);
    asn1_put_header(o, ASN1_OCTETS, since);
    asn1_put_small(o, 1);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}
