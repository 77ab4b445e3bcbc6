/*
 * ContentInfo with EnvelopedData (RFC 5652 6), strictly in DER:
 *
 *   SEQUENCE
 *     OBJECT IDENTIFIER 1.2.840.113549.1.7.3
 *     [0] SEQUENCE
 *       INTEGER                        version: 0 where all recipients name a certificate by its issuer, else 2
 *       [0] OriginatorInfo             optional; passed over
 *       SET OF RecipientInfo           one of these
 *       SEQUENCE                       EncryptedContentInfo
 *         OBJECT IDENTIFIER            type of the content
 *         SEQUENCE                     AlgorithmIdentifier of the content's cipher
 *         [0] OCTET STRING             ciphertext; absent: it is what follows the DER
 *       [1] SET                        attributes, optional; passed over
 *
 *   KeyTransRecipientInfo                       KEKRecipientInfo
 *   SEQUENCE                                    [2] SEQUENCE
 *     INTEGER 0 or 2                              INTEGER 4
 *     SEQUENCE { Name issuer, INTEGER serial }    SEQUENCE
 *       or (version 2) [0] OCTET STRING id          OCTET STRING  id
 *     SEQUENCE  AlgorithmIdentifier                 GeneralizedTime         optional; passed over
 *     OCTET STRING  encrypted key                   SEQUENCE { OID, any }   optional
 *                                                 SEQUENCE  AlgorithmIdentifier
 *                                                 OCTET STRING  encrypted key
 */
#include "cms_enveloped.h"

#include <string.h>

#define OID_ENVELOPED "1.2.840.113549.1.7.3"

/* ---- reading -------------------------------------------------------------------------------- */

static void read_algorithm(struct asn1 *a, struct cms_algorithm *out)
{
    struct asn1 body = asn1_enter(a, ASN1_SEQUENCE);
    out->oid = asn1_oid(&body);
    out->params = (struct span){NULL, 0};
    if (asn1_ok(&body) && body.n > 0)
        out->params = asn1_any(&body);
    a->bad |= !asn1_end(&body);
}

static void read_transport(struct asn1 *recipients, struct cms_recipient *out)
{
    struct asn1 body = asn1_enter(recipients, ASN1_SEQUENCE);
    uint32_t version = asn1_small(&body);
    out->kind = asn1_is(&body, ASN1_SEQUENCE) ? CMS_ISSUER_SERIAL : CMS_KEY_ID;
    if (out->kind == CMS_ISSUER_SERIAL) {
        struct asn1 who = asn1_enter(&body, ASN1_SEQUENCE);
        out->issuer = asn1_is(&who, ASN1_SEQUENCE) ? asn1_any(&who) : (struct span){NULL, 0};
        out->serial = asn1_take(&who, ASN1_INTEGER);
        body.bad |= !asn1_end(&who);
    } else {
        out->id = asn1_take(&body, ASN1_CONTEXT(0));
    }
    read_algorithm(&body, &out->algorithm);
    out->key = asn1_take(&body, ASN1_OCTETS);
    bool good = asn1_end(&body) && version == (out->kind == CMS_ISSUER_SERIAL ? 0u : 2u);
    recipients->bad |= !good;
}

static void read_kek(struct asn1 *recipients, struct cms_recipient *out)
{
    struct asn1 body = asn1_enter(recipients, ASN1_CONTEXT_OF(2));
    uint32_t version = asn1_small(&body);
    struct asn1 who = asn1_enter(&body, ASN1_SEQUENCE);
    out->kind = CMS_KEK;
    out->id = asn1_take(&who, ASN1_OCTETS);
    if (asn1_is(&who, ASN1_TIME))
        (void)asn1_take(&who, ASN1_TIME);
    if (asn1_is(&who, ASN1_SEQUENCE)) {
        struct asn1 other = asn1_enter(&who, ASN1_SEQUENCE);
        out->other_oid = asn1_oid(&other);
        if (asn1_ok(&other) && other.n > 0)
            out->other = asn1_any(&other);
        who.bad |= !asn1_end(&other);
    }
    read_algorithm(&body, &out->algorithm);
    out->key = asn1_take(&body, ASN1_OCTETS);
    recipients->bad |= !asn1_end(&who) || !asn1_end(&body) || version != 4;
}

bool cms_recipient_next(struct asn1 *recipients, struct cms_recipient *out)
{
    *out = (struct cms_recipient){.kind = CMS_OTHER};
    if (!asn1_ok(recipients) || recipients->n == 0)
        return false;
    if (asn1_is(recipients, ASN1_SEQUENCE))
        read_transport(recipients, out);
    else if (asn1_is(recipients, ASN1_CONTEXT_OF(2)))
        read_kek(recipients, out);
    else
        (void)asn1_any(recipients);
    return asn1_ok(recipients);
}

static bool recipients_are_good(struct span recipients)
{
    struct asn1 a = asn1_of(recipients);
    struct cms_recipient r;
    size_t count = 0;
    while (cms_recipient_next(&a, &r))
        count++;
    return asn1_end(&a) && count > 0;
}

NTSTATUS cms_enveloped_decode(struct span in, struct cms_enveloped *out)
{
    *out = (struct cms_enveloped){.detached = false};
    struct asn1 file = asn1_of(in);
    struct asn1 info = asn1_enter(&file, ASN1_SEQUENCE);
    struct asn1_oid type = asn1_oid(&info);
    struct asn1 wrapper = asn1_enter(&info, ASN1_CONTEXT_OF(0));
    if (!asn1_end(&info))
        return NTE_BAD_DATA;
    if (strcmp(type.s, OID_ENVELOPED) != 0)
        return NTE_NOT_SUPPORTED;
    struct asn1 body = asn1_enter(&wrapper, ASN1_SEQUENCE);
    uint32_t version = asn1_small(&body);
    if (asn1_is(&body, ASN1_CONTEXT_OF(0)))
        (void)asn1_take(&body, ASN1_CONTEXT_OF(0));
    out->recipients = asn1_take(&body, ASN1_SET);
    struct asn1 content = asn1_enter(&body, ASN1_SEQUENCE);
    out->content_type = asn1_oid(&content);
    read_algorithm(&content, &out->cipher);
    out->detached = !asn1_is(&content, ASN1_CONTEXT(0));
    if (!out->detached)
        out->content = asn1_take(&content, ASN1_CONTEXT(0));
    if (asn1_is(&body, ASN1_CONTEXT_OF(1)))
        (void)asn1_take(&body, ASN1_CONTEXT_OF(1));
    if (version > 4 || !asn1_end(&content) || !asn1_end(&body) || !asn1_end(&wrapper) ||
        !recipients_are_good(out->recipients))
        return NTE_BAD_DATA;
    if (out->detached)
        out->content = (struct span){file.p, file.n};
    return out->detached || asn1_end(&file) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_algorithm(const struct cms_algorithm *v, struct asn1_out *o)
{
    size_t since = o->n;
    asn1_put(o, v->params);
    asn1_put_oid(o, v->oid.s);
    asn1_put_header(o, ASN1_SEQUENCE, since);
}

/* Bytes, or as many zeros where they are not known yet. */
static void put_bytes(struct asn1_out *o, uint8_t tag, struct span bytes)
{
    size_t since = o->n;
    if (bytes.p == NULL)
        asn1_put_zero(o, bytes.n);
    else
        asn1_put(o, bytes);
    asn1_put_header(o, tag, since);
}

static void put_issuer(const struct cms_recipient *r, struct asn1_out *o)
{
    size_t since = o->n;
    asn1_put_element(o, ASN1_INTEGER, r->serial);
    asn1_put(o, r->issuer);
    asn1_put_header(o, ASN1_SEQUENCE, since);
}

static void put_kek_id(const struct cms_recipient *r, struct asn1_out *o)
{
    size_t since = o->n;
    if (r->other_oid.s[0] != '\0') {
        asn1_put(o, r->other);
        asn1_put_oid(o, r->other_oid.s);
        asn1_put_header(o, ASN1_SEQUENCE, since);
    }
    asn1_put_element(o, ASN1_OCTETS, r->id);
    asn1_put_header(o, ASN1_SEQUENCE, since);
}

static void put_recipient(const struct cms_recipient *r, struct asn1_out *o)
{
    size_t since = o->n;
    put_bytes(o, ASN1_OCTETS, r->key);
    put_algorithm(&r->algorithm, o);
    switch (r->kind) {
    case CMS_ISSUER_SERIAL:
        put_issuer(r, o);
        asn1_put_small(o, 0);
        asn1_put_header(o, ASN1_SEQUENCE, since);
        break;
    case CMS_KEY_ID:
        asn1_put_element(o, ASN1_CONTEXT(0), r->id);
        asn1_put_small(o, 2);
        asn1_put_header(o, ASN1_SEQUENCE, since);
        break;
    case CMS_KEK:
        put_kek_id(r, o);
        asn1_put_small(o, 4);
        asn1_put_header(o, ASN1_CONTEXT_OF(2), since);
        break;
    case CMS_OTHER:
        o->bad = true;
    }
}

void cms_enveloped_encode(const struct cms_enveloped *v, const struct cms_recipient *list,
                          size_t count, struct asn1_out *o)
{
    size_t all = o->n;
    bool only_issuers = true;
    if (!v->detached)
        put_bytes(o, ASN1_CONTEXT(0), v->content);
    put_algorithm(&v->cipher, o);
    asn1_put_oid(o, v->content_type.s);
    asn1_put_header(o, ASN1_SEQUENCE, all);
    size_t since = o->n;
    for (size_t i = count; i-- > 0;) {
        put_recipient(&list[i], o);
        only_issuers = only_issuers && list[i].kind == CMS_ISSUER_SERIAL;
    }
    asn1_put_header(o, ASN1_SET, since);
    asn1_put_small(o, only_issuers ? 0 : 2);
    asn1_put_header(o, ASN1_SEQUENCE, all);
    asn1_put_header(o, ASN1_CONTEXT_OF(0), all);
    asn1_put_oid(o, OID_ENVELOPED);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}
