/*
 *   OtherKeyAttribute's value                            KEKIdentifier's OCTET STRING
 *   SEQUENCE                                              0  magic "OCKP"
 *     OBJECT IDENTIFIER      type of the protector        4  version = 1
 *     SEQUENCE               branches of OR               8  branch of the rule that the term is of
 *       SEQUENCE             terms of AND                12  salt[32]
 *         SEQUENCE           term                        44  details: the rest
 *           UTF8String       name
 *           UTF8String       value
 *
 * The left is Windows', the right this library's own; numbers on the right are little-endian.
 */
#include "protector_blob.h"

#define MAGIC 0x504B434Fu
#define VERSION 1u

NTSTATUS protector_decode(struct span in, struct protector_view *out)
{
    struct asn1 file = asn1_of(in);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    out->type = asn1_oid(&body);
    out->rule = asn1_take(&body, ASN1_SEQUENCE);
    return asn1_end(&body) && asn1_end(&file) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

bool protector_next(struct protector_walk *w, struct protector_term *out)
{
    if (!w->terms.bad && w->terms.n == 0) {
        if (!asn1_ok(&w->groups) || w->groups.n == 0)
            return false;
        w->terms = asn1_enter(&w->groups, ASN1_SEQUENCE);
    }
    struct asn1 term = asn1_enter(&w->terms, ASN1_SEQUENCE);
    out->name = asn1_take(&term, ASN1_UTF8);
    out->value = asn1_take(&term, ASN1_UTF8);
    out->ends = w->terms.n == 0;
    w->terms.bad |= !asn1_end(&term);
    return asn1_ok(&w->terms);
}

void protector_encode(const char *type, struct span name, struct span value, struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_element(o, ASN1_UTF8, value);
    asn1_put_element(o, ASN1_UTF8, name);
    for (int level = 0; level < 3; level++) /* term, AND list, OR list */
        asn1_put_header(o, ASN1_SEQUENCE, all);
    asn1_put_oid(o, type);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}

NTSTATUS key_locator_decode(struct span in, struct key_locator *out)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    uint32_t version = rd_le32(&r);
    out->group = rd_le32(&r);
    out->salt = rd_span(&r, PROTECTOR_SALT_BYTES);
    out->details = rd_span(&r, r.n);
    return rd_ok(&r) && magic == MAGIC && version == VERSION ? STATUS_SUCCESS : NTE_NOT_SUPPORTED;
}

void key_locator_encode(const struct key_locator *v, struct wr *w)
{
    wr_le32(w, MAGIC);
    wr_le32(w, VERSION);
    wr_le32(w, v->group);
    wr_span(w, v->salt);
    wr_span(w, v->details);
}
