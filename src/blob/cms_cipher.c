/*
 * What the ciphers of a CMS content are told (RFC 3370, RFC 3565, RFC 5084):
 *
 *   AES, 3DES in CBC   OCTET STRING  IV
 *   RC2 in CBC         SEQUENCE { INTEGER version, OCTET STRING IV }       version: see `rc2_versions`
 *   AES in GCM         SEQUENCE { OCTET STRING nonce, INTEGER 16 [, INTEGER segment ] }
 *
 * The third number of GCM is this library's own: the plaintext is cut into segments of so many bytes, each with a
 * tag (docs/data-protection.md). Others' readers refuse it.
 */
#include "cms_enveloped.h"

#include <string.h>

static const struct cms_cipher ciphers[] = {
    {"2.16.840.1.101.3.4.1.42", "AES", CMS_CBC, 32, 16, 16},
    {"2.16.840.1.101.3.4.1.22", "AES", CMS_CBC, 24, 16, 16},
    {"2.16.840.1.101.3.4.1.2", "AES", CMS_CBC, 16, 16, 16},
    {"1.2.840.113549.3.7", "3DES", CMS_CBC, 24, 8, 8},
    {"1.2.840.113549.3.2", "RC2", CMS_RC2_CBC, 16, 8, 8},
    {"2.16.840.1.101.3.4.1.46", "AES", CMS_GCM, 32, 12, 1},
};

/* RFC 2268 6: the version stands for effective bits; from 256 on it is their number. */
static const struct {
    uint32_t version;
    uint32_t bits;
} rc2_versions[] = {{160, 40}, {120, 64}, {58, 128}};

#define RC2_BITS_MAX 1024

const struct cms_cipher *cms_cipher_find(struct span dotted)
{
    for (size_t i = 0; i < ARRAY_COUNT(ciphers); i++) {
        if (strlen(ciphers[i].oid) == dotted.n &&
            strncmp(ciphers[i].oid, (const char *)dotted.p, dotted.n) == 0)
            return &ciphers[i];
    }
    return NULL;
}

static uint32_t rc2_bits(uint32_t version)
{
    for (size_t i = 0; i < ARRAY_COUNT(rc2_versions); i++) {
        if (rc2_versions[i].version == version)
            return rc2_versions[i].bits;
    }
    return version >= 256 && version <= RC2_BITS_MAX ? version : 0;
}

static uint32_t rc2_version(uint32_t bits)
{
    for (size_t i = 0; i < ARRAY_COUNT(rc2_versions); i++) {
        if (rc2_versions[i].bits == bits)
            return rc2_versions[i].version;
    }
    return bits;
}

static NTSTATUS decode_cbc(struct asn1 *params, struct cms_cipher_view *out)
{
    out->iv = asn1_take(params, ASN1_OCTETS);
    return STATUS_SUCCESS;
}

static NTSTATUS decode_rc2(struct asn1 *params, struct cms_cipher_view *out)
{
    struct asn1 body = asn1_enter(params, ASN1_SEQUENCE);
    out->effective = rc2_bits(asn1_small(&body));
    out->iv = asn1_take(&body, ASN1_OCTETS);
    if (!asn1_end(&body))
        return NTE_BAD_DATA;
    return out->effective > 0 ? STATUS_SUCCESS : NTE_NOT_SUPPORTED;
}

static NTSTATUS decode_gcm(struct asn1 *params, struct cms_cipher_view *out)
{
    struct asn1 body = asn1_enter(params, ASN1_SEQUENCE);
    out->iv = asn1_take(&body, ASN1_OCTETS);
    uint32_t tag = asn1_is(&body, ASN1_INTEGER) ? asn1_small(&body) : 12; /* RFC 5084's default */
    out->segment = asn1_is(&body, ASN1_INTEGER) ? asn1_small(&body) : 0;
    if (!asn1_end(&body))
        return NTE_BAD_DATA;
    return tag == CMS_TAG_BYTES ? STATUS_SUCCESS : NTE_NOT_SUPPORTED;
}

NTSTATUS cms_cipher_decode(const struct cms_algorithm *in, struct cms_cipher_view *out)
{
    static NTSTATUS (*const decode[])(struct asn1 *, struct cms_cipher_view *) = {
        [CMS_CBC] = decode_cbc,
        [CMS_RC2_CBC] = decode_rc2,
        [CMS_GCM] = decode_gcm,
    };
    *out = (struct cms_cipher_view){
        .cipher = cms_cipher_find((struct span){(const uint8_t *)in->oid.s, strlen(in->oid.s)})};
    if (out->cipher == NULL)
        return NTE_NOT_SUPPORTED;
    struct asn1 params = asn1_of(in->params);
    TRY(decode[out->cipher->mode](&params, out));
    return asn1_end(&params) && out->iv.n == out->cipher->iv_bytes ? STATUS_SUCCESS : NTE_BAD_DATA;
}

void cms_cipher_encode(const struct cms_cipher_view *v, struct asn1_out *o)
{
    size_t all = o->n;
    if (v->segment > 0)
        asn1_put_small(o, v->segment);
    if (v->cipher->mode == CMS_GCM)
        asn1_put_small(o, CMS_TAG_BYTES);
    asn1_put_element(o, ASN1_OCTETS, v->iv);
    if (v->cipher->mode == CMS_RC2_CBC)
        asn1_put_small(o, rc2_version(v->effective));
    if (v->cipher->mode != CMS_CBC)
        asn1_put_header(o, ASN1_SEQUENCE, all);
}
