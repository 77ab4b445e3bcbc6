/*
 * EncryptedPrivateKeyInfo (RFC 5208):
 *
 *   SEQUENCE
 *     SEQUENCE                            AlgorithmIdentifier, one of
 *     OCTET STRING  ciphertext
 *
 *   PBES2 (RFC 8018)                                 pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292)
 *     OBJECT IDENTIFIER 1.2.840.113549.1.5.13          OBJECT IDENTIFIER 1.2.840.113549.1.12.1.3
 *     SEQUENCE                                         SEQUENCE
 *       SEQUENCE { PBKDF2, SEQUENCE                      OCTET STRING salt
 *         OCTET STRING salt                              INTEGER iterations
 *         INTEGER iterations
 *         INTEGER key bytes  optional
 *         SEQUENCE { HMAC, NULL } default SHA-1 }
 *       SEQUENCE { cipher, OCTET STRING iv }
 */
#include "pkcs8.h"

#include <string.h>

#define OID_PBES2 "1.2.840.113549.1.5.13"
#define OID_PBKDF2 "1.2.840.113549.1.5.12"
#define OID_PKCS12_3DES "1.2.840.113549.1.12.1.3"

static const struct {
    const char *oid;
    const char *hash;
} hmacs[] = {
    {"1.2.840.113549.2.7", "SHA1"},
    {"1.2.840.113549.2.9", "SHA256"},
    {"1.2.840.113549.2.10", "SHA384"},
    {"1.2.840.113549.2.11", "SHA512"},
};

static const struct {
    const char *oid;
    const char *cipher;
    uint32_t key_bytes;
    uint32_t iv_bytes;
} ciphers[] = {
    {"2.16.840.1.101.3.4.1.2", "AES", 16, 16},
    {"2.16.840.1.101.3.4.1.22", "AES", 24, 16},
    {"2.16.840.1.101.3.4.1.42", "AES", 32, 16},
    {"1.2.840.113549.3.7", "3DES", 24, 8},
};

static NTSTATUS find_hmac(const char *oid, struct pkcs8_sealed *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(hmacs); i++) {
        if (strcmp(hmacs[i].oid, oid) == 0) {
            out->hash = hmacs[i].hash;
            return STATUS_SUCCESS;
        }
    }
    return NTE_NOT_SUPPORTED;
}

static NTSTATUS find_cipher(const char *oid, struct pkcs8_sealed *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(ciphers); i++) {
        if (strcmp(ciphers[i].oid, oid) != 0)
            continue;
        out->cipher = ciphers[i].cipher;
        out->key_bytes = ciphers[i].key_bytes;
        return out->iv.n == ciphers[i].iv_bytes ? STATUS_SUCCESS : NTE_BAD_DATA;
    }
    return NTE_NOT_SUPPORTED;
}

static NTSTATUS decode_kdf(struct asn1 kdf, struct pkcs8_sealed *out, uint32_t *key_bytes)
{
    struct asn1_oid oid = asn1_oid(&kdf);
    if (asn1_ok(&kdf) && strcmp(oid.s, OID_PBKDF2) != 0)
        return NTE_NOT_SUPPORTED;
    struct asn1 body = asn1_enter(&kdf, ASN1_SEQUENCE);
    out->salt = asn1_take(&body, ASN1_OCTETS);
    out->iterations = asn1_small(&body);
    *key_bytes = asn1_is(&body, ASN1_INTEGER) ? asn1_small(&body) : 0;
    out->hash = "SHA1";
    if (asn1_is(&body, ASN1_SEQUENCE)) {
        struct asn1 prf = asn1_enter(&body, ASN1_SEQUENCE);
        oid = asn1_oid(&prf);
        if (asn1_is(&prf, ASN1_NULL))
            (void)asn1_take(&prf, ASN1_NULL);
        if (!asn1_end(&prf))
            return NTE_BAD_DATA;
        TRY(find_hmac(oid.s, out));
    }
    return asn1_end(&body) && asn1_end(&kdf) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

static NTSTATUS decode_pbes2(struct asn1 body, struct pkcs8_sealed *out)
{
    uint32_t key_bytes;
    out->kdf = PKCS8_PBKDF2;
    TRY(decode_kdf(asn1_enter(&body, ASN1_SEQUENCE), out, &key_bytes));
    struct asn1 cipher = asn1_enter(&body, ASN1_SEQUENCE);
    struct asn1_oid oid = asn1_oid(&cipher);
    out->iv = asn1_take(&cipher, ASN1_OCTETS);
    if (!asn1_end(&cipher) || !asn1_end(&body))
        return NTE_BAD_DATA;
    TRY(find_cipher(oid.s, out));
    return key_bytes == 0 || key_bytes == out->key_bytes ? STATUS_SUCCESS : NTE_BAD_DATA;
}

static NTSTATUS decode_pkcs12(struct asn1 body, struct pkcs8_sealed *out)
{
    out->kdf = PKCS8_PKCS12;
    out->hash = "SHA1";
    out->cipher = "3DES";
    out->key_bytes = 24;
    out->salt = asn1_take(&body, ASN1_OCTETS);
    out->iterations = asn1_small(&body);
    return asn1_end(&body) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

bool pkcs8_is_sealed(struct span in)
{
    struct asn1 file = asn1_of(in);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    return asn1_is(&body, ASN1_SEQUENCE);
}

NTSTATUS pkcs8_sealed_decode(struct span in, struct pkcs8_sealed *out)
{
    *out = (struct pkcs8_sealed){.hash = NULL};
    struct asn1 file = asn1_of(in);
    struct asn1 body = asn1_enter(&file, ASN1_SEQUENCE);
    struct asn1 algorithm = asn1_enter(&body, ASN1_SEQUENCE);
    struct asn1_oid oid = asn1_oid(&algorithm);
    struct asn1 params = asn1_enter(&algorithm, ASN1_SEQUENCE);
    out->ciphertext = asn1_take(&body, ASN1_OCTETS);
    if (!asn1_end(&algorithm) || !asn1_end(&body) || !asn1_end(&file))
        return NTE_BAD_DATA;
    if (strcmp(oid.s, OID_PBES2) == 0)
        return decode_pbes2(params, out);
    return strcmp(oid.s, OID_PKCS12_3DES) == 0 ? decode_pkcs12(params, out) : NTE_NOT_SUPPORTED;
}

static const char *hmac_oid(const struct pkcs8_sealed *v)
{
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(hmacs) && strcmp(hmacs[i].hash, v->hash) != 0)
        i++;
    return hmacs[i].oid;
}

static const char *cipher_oid(const struct pkcs8_sealed *v)
{
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(ciphers) &&
           (strcmp(ciphers[i].cipher, v->cipher) != 0 || ciphers[i].key_bytes != v->key_bytes))
        i++;
    return ciphers[i].oid;
}

static void encode_pbes2(const struct pkcs8_sealed *v, struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_element(o, ASN1_OCTETS, v->iv);
    asn1_put_oid(o, cipher_oid(v));
    asn1_put_header(o, ASN1_SEQUENCE, all);
    size_t kdf = o->n;
    asn1_put_element(o, ASN1_NULL, (struct span){NULL, 0});
    asn1_put_oid(o, hmac_oid(v));
    asn1_put_header(o, ASN1_SEQUENCE, kdf);
    asn1_put_small(o, v->iterations);
    asn1_put_element(o, ASN1_OCTETS, v->salt);
    asn1_put_header(o, ASN1_SEQUENCE, kdf);
    asn1_put_oid(o, OID_PBKDF2);
    asn1_put_header(o, ASN1_SEQUENCE, kdf);
    asn1_put_header(o, ASN1_SEQUENCE, all);
    asn1_put_oid(o, OID_PBES2);
}

static void encode_pkcs12(const struct pkcs8_sealed *v, struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_small(o, v->iterations);
    asn1_put_element(o, ASN1_OCTETS, v->salt);
    asn1_put_header(o, ASN1_SEQUENCE, all);
    asn1_put_oid(o, OID_PKCS12_3DES);
}

void pkcs8_sealed_encode(const struct pkcs8_sealed *v, struct asn1_out *o)
{
    size_t all = o->n;
    if (v->ciphertext.p == NULL)
        asn1_put_zero(o, v->ciphertext.n);
    else
        asn1_put(o, v->ciphertext);
    asn1_put_header(o, ASN1_OCTETS, all);
    size_t algorithm = o->n;
    if (v->kdf == PKCS8_PBKDF2)
        encode_pbes2(v, o);
    else
        encode_pkcs12(v, o);
    asn1_put_header(o, ASN1_SEQUENCE, algorithm);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}
