/* cms_enveloped.c, cms_cipher.c, cms_transport.c, cert_blob.c, protector_blob.c: layouts byte by byte, cut and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cert_blob.h"
#include "cms_enveloped.h"
#include "protector_blob.h"

#define BYTES(...)                                                                                 \
    ((struct span){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})

#define ENVELOPED 0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3
#define DATA 0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1
#define RSA 0x30, 13, 0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 0x05, 0
#define NAME 0x30, 2, 0x31, 0
#define AES128                                                                                     \
    0x30, 29, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 2, 0x04, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, \
        9, 10, 11, 12, 13, 14, 15

/* A certificate by its issuer, and one by its key. */
#define BY_ISSUER 0x30, 31, 0x02, 1, 0, 0x30, 7, NAME, 0x02, 1, 0x85, RSA, 0x04, 2, 0xAA, 0xBB
#define BY_KEY 0x30, 26, 0x02, 1, 2, 0x80, 2, 7, 8, RSA, 0x04, 2, 0xCC, 0xDD

static const uint8_t plain_form[] = {
    0x30, 102,       ENVELOPED, 0xA0, 89,   0x30,   87,   0x02, 1, 0, 0x31,
    33,   BY_ISSUER, 0x30,      47,   DATA, AES128, 0x80, 3,    1, 2, 3,
};

static struct span copy_of(struct span from, size_t n)
{
    uint8_t *p = malloc(n > 0 ? n : 1);
    assert_non_null(p);
    memcpy(p, from.p, n < from.n ? n : from.n);
    return (struct span){p, n};
}

static NTSTATUS decode_copy(struct span in, size_t n)
{
    struct cms_enveloped v;
    struct span copy = copy_of(in, n);
    NTSTATUS status = cms_enveloped_decode(copy, &v);
    if (status >= 0) {
        struct asn1 recipients = asn1_of(v.recipients);
        struct cms_recipient r;
        while (cms_recipient_next(&recipients, &r))
            assert_true(r.key.n == 0 || (r.key.p >= copy.p && r.key.p + r.key.n <= copy.p + n));
        assert_true(v.content.p >= copy.p && v.content.p + v.content.n <= copy.p + n);
    }
    free((void *)(uintptr_t)copy.p);
    return status;
}

static void test_issuer(void **state)
{
    (void)state;
    const struct span in = {plain_form, sizeof plain_form};
    struct cms_enveloped v;
    struct cms_recipient r;
    assert_int_equal(cms_enveloped_decode(in, &v), STATUS_SUCCESS);
    assert_string_equal(v.content_type.s, CMS_OID_DATA);
    assert_false(v.detached);
    assert_int_equal(v.content.n, 3);
    struct asn1 recipients = asn1_of(v.recipients);
    assert_true(cms_recipient_next(&recipients, &r));
    assert_int_equal(r.kind, CMS_ISSUER_SERIAL);
    assert_int_equal(r.issuer.n, 4);
    assert_int_equal(r.serial.n, 1);
    assert_int_equal(r.serial.p[0], 0x85); /* a serial number may be negative */
    assert_int_equal(r.key.n, 2);
    struct cms_recipient end;
    assert_false(cms_recipient_next(&recipients, &end));

    uint8_t bytes[sizeof plain_form];
    struct asn1_out o = asn1_into(bytes, sizeof bytes);
    cms_enveloped_encode(&v, &r, 1, &o);
    assert_false(o.bad);
    assert_int_equal(o.n, sizeof bytes);
    assert_memory_equal(bytes, plain_form, sizeof bytes);

    for (size_t n = 0; n < in.n; n++)
        assert_int_equal(decode_copy(in, n), NTE_BAD_DATA);
    assert_int_equal(decode_copy(in, in.n + 1), NTE_BAD_DATA);
}

/* What may stand there and is passed over, and what may not. */
static void test_more(void **state)
{
    (void)state;
#define CONTENT 0x30, 47, DATA, AES128, 0x80, 3, 1, 2, 3
    const struct span passed = BYTES(0x30, 110, ENVELOPED, 0xA0, 97, 0x30, 95, 0x02, 1, 0, 0xA0, 2,
                                     0x30, 0, 0x31, 33, BY_ISSUER, CONTENT, 0xA1, 2, 0x05, 0);
    struct cms_enveloped v;
    assert_int_equal(cms_enveloped_decode(passed, &v), STATUS_SUCCESS);
    assert_int_equal(v.recipients.n, 33);
    assert_int_equal(v.content.n, 3);
    const struct span wrong[] = {
        BYTES(0x30, 104, ENVELOPED, 0xA0, 91, 0x30, 89, 0x02, 1, 0, 0x31, 33, BY_ISSUER, CONTENT,
              0x05, 0), /* in EnvelopedData */
        BYTES(0x30, 104, ENVELOPED, 0xA0, 91, 0x30, 87, 0x02, 1, 0, 0x31, 33, BY_ISSUER, CONTENT,
              0x05, 0), /* behind it */
        BYTES(0x30, 104, ENVELOPED, 0xA0, 89, 0x30, 87, 0x02, 1, 0, 0x31, 33, BY_ISSUER, CONTENT,
              0x05, 0), /* and further out */
        BYTES(0x30, 69, ENVELOPED, 0xA0, 56, 0x30, 54, 0x02, 1, 0, 0x31, 0,
              CONTENT), /* for nobody */
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_int_equal(cms_enveloped_decode(wrong[i], &v), NTE_BAD_DATA);
}

static void test_damage(void **state)
{
    (void)state;
    uint8_t bytes[sizeof plain_form];
    for (size_t i = 0; i < sizeof bytes; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(bytes, plain_form, sizeof bytes);
            bytes[i] ^= (uint8_t)(1u << bit);
            NTSTATUS status = decode_copy((struct span){bytes, sizeof bytes}, sizeof bytes);
            assert_true(status == STATUS_SUCCESS || status == NTE_BAD_DATA ||
                        status == NTE_NOT_SUPPORTED);
        }
    }
}

/* A KEK, a certificate by its key, and a kind that is passed over; the content stands behind. */
static void test_kinds(void **state)
{
    (void)state;
    static const uint8_t kek_id[] = {1, 2, 3, 4};
    static const uint8_t element[] = {0x04, 1, 9};
    static const uint8_t subject[] = {7, 8};
    static const uint8_t key[40] = {5};
    const struct cms_recipient list[] = {
        {.kind = CMS_KEK,
         .id = {kek_id, sizeof kek_id},
         .other_oid = {PROTECTOR_OID},
         .other = {element, sizeof element},
         .algorithm = {.oid = {"2.16.840.1.101.3.4.1.45"}},
         .key = {key, sizeof key}},
        {.kind = CMS_KEY_ID,
         .id = {subject, sizeof subject},
         .algorithm = cms_transport_usual(),
         .key = {NULL, 5}},
    };
    const struct cms_enveloped v = {
        .content_type = {CMS_OID_DATA},
        .cipher = {{"2.16.840.1.101.3.4.1.46"}, {element, sizeof element}},
        .detached = true,
    };
    uint8_t bytes[512];
    struct asn1_out count = asn1_count();
    cms_enveloped_encode(&v, list, ARRAY_COUNT(list), &count);
    assert_false(count.bad);
    struct asn1_out o = asn1_into(bytes, count.n);
    cms_enveloped_encode(&v, list, ARRAY_COUNT(list), &o);
    assert_false(o.bad);
    memset(bytes + count.n, 0x55, 10);

    struct cms_enveloped got;
    struct cms_recipient r;
    assert_int_equal(cms_enveloped_decode((struct span){bytes, count.n + 10}, &got),
                     STATUS_SUCCESS);
    assert_true(got.detached);
    assert_int_equal(got.content.n, 10);
    assert_int_equal(got.content.p[0], 0x55);
    struct asn1 recipients = asn1_of(got.recipients);
    assert_true(cms_recipient_next(&recipients, &r));
    assert_int_equal(r.kind, CMS_KEK);
    assert_int_equal(r.id.n, sizeof kek_id);
    assert_string_equal(r.other_oid.s, PROTECTOR_OID);
    assert_int_equal(r.other.n, sizeof element);
    assert_int_equal(r.key.n, sizeof key);
    assert_true(cms_recipient_next(&recipients, &r));
    assert_int_equal(r.kind, CMS_KEY_ID);
    assert_int_equal(r.key.n, 5);
    assert_int_equal(r.key.p[0] | r.key.p[4], 0);
    assert_false(cms_recipient_next(&recipients, &r));
    assert_true(asn1_end(&recipients));

    const struct span others = BYTES(0xA1, 1, 0, BY_KEY);
    recipients = asn1_of(others);
    assert_true(cms_recipient_next(&recipients, &r));
    assert_int_equal(r.kind, CMS_OTHER);
    assert_true(cms_recipient_next(&recipients, &r));
    assert_int_equal(r.kind, CMS_KEY_ID);
    const struct cms_recipient other = {.kind = CMS_OTHER};
    count = asn1_count();
    cms_enveloped_encode(&v, &other, 1, &count);
    assert_true(count.bad);
}

static void test_versions(void **state)
{
    (void)state;
    const struct span wrong[] = {
        BYTES(0x30, 31, 0x02, 1, 2, 0x30, 7, NAME, 0x02, 1, 5, RSA, 0x04, 2, 1, 2),
        BYTES(0x30, 26, 0x02, 1, 0, 0x80, 2, 7, 8, RSA, 0x04, 2, 1, 2),
        BYTES(0x30, 28, 0x02, 1, 2, 0x80, 2, 7, 8, RSA, 0x04, 2, 1, 2, 0x05, 0),
        BYTES(0xA2, 26, 0x02, 1, 3, 0x30, 2, 0x04, 0, RSA, 0x04, 2, 1, 2),
        BYTES(0x30, 0),
        BYTES(0xA2, 0),
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct asn1 recipients = asn1_of(wrong[i]);
        struct cms_recipient r;
        assert_false(cms_recipient_next(&recipients, &r));
        assert_false(asn1_end(&recipients));
        assert_false(cms_recipient_next(&recipients, &r)); /* and it stays so */
    }
}

/* The optional parts of KEKIdentifier: a date, which is passed over, and another attribute. */
static void test_kek(void **state)
{
    (void)state;
    const struct span dated = BYTES(0xA2, 35, 0x02, 1, 4, 0x30, 11, 0x04, 1, 9, 0x18, 1, '0', 0x30,
                                    3, 0x06, 1, 0x2A, RSA, 0x04, 2, 1, 2);
    struct asn1 recipients = asn1_of(dated);
    struct cms_recipient r;
    assert_true(cms_recipient_next(&recipients, &r));
    assert_int_equal(r.kind, CMS_KEK);
    assert_int_equal(r.id.n, 1);
    assert_string_equal(r.other_oid.s, "1.2");
    assert_int_equal(r.other.n, 0); /* an attribute may have no value */
    assert_int_equal(r.key.n, 2);

    r.other_oid.s[0] = '\0'; /* or there is none */
    const struct cms_enveloped v = {
        .content_type = {CMS_OID_DATA},
        .cipher = {.oid = {"1.2.3"}},
        .detached = true,
    };
    uint8_t bytes[128];
    struct asn1_out o = asn1_into(bytes, sizeof bytes);
    cms_enveloped_encode(&v, &r, 1, &o);
    assert_false(o.bad);
    struct cms_enveloped got;
    assert_int_equal(cms_enveloped_decode(span_of(bytes + sizeof bytes - o.n, o.n), &got),
                     STATUS_SUCCESS);
    recipients = asn1_of(got.recipients);
    struct cms_recipient again;
    assert_true(cms_recipient_next(&recipients, &again));
    assert_int_equal(again.kind, CMS_KEK);
    assert_int_equal(again.id.n, 1);
    assert_string_equal(again.other_oid.s, "");
    assert_int_equal(again.key.n, 2);
}

static struct cms_algorithm algorithm(const char *oid, struct span params)
{
    struct cms_algorithm a = {.params = params};
    strcpy(a.oid.s, oid);
    return a;
}

static void check_cipher(const char *oid, struct span params, NTSTATUS want, uint32_t effective,
                         uint32_t segment)
{
    const struct cms_algorithm in = algorithm(oid, params);
    struct cms_cipher_view v;
    assert_int_equal(cms_cipher_decode(&in, &v), want);
    if (want < 0)
        return;
    assert_int_equal(v.effective, effective);
    assert_int_equal(v.segment, segment);
    uint8_t bytes[64];
    struct asn1_out o = asn1_into(bytes, params.n);
    cms_cipher_encode(&v, &o);
    assert_false(o.bad);
    assert_int_equal(o.n, params.n);
    assert_memory_equal(bytes, params.p, params.n);
}

#define IV8 0x04, 8, 1, 2, 3, 4, 5, 6, 7, 8
#define IV12 0x04, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
#define IV16 0x04, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
#define OID_AES256 "2.16.840.1.101.3.4.1.42"
#define OID_3DES "1.2.840.113549.3.7"
#define OID_RC2 "1.2.840.113549.3.2"
#define OID_GCM "2.16.840.1.101.3.4.1.46"

static void test_ciphers(void **state)
{
    (void)state;
    check_cipher(OID_AES256, BYTES(IV16), STATUS_SUCCESS, 0, 0);
    check_cipher(OID_AES256, BYTES(IV8), NTE_BAD_DATA, 0, 0);
    check_cipher(OID_AES256, BYTES(0x30, 18, IV16), NTE_BAD_DATA, 0, 0);
    check_cipher(OID_AES256, (struct span){NULL, 0}, NTE_BAD_DATA, 0, 0);
    check_cipher(OID_3DES, BYTES(IV8), STATUS_SUCCESS, 0, 0);
    check_cipher(OID_RC2, BYTES(0x30, 14, 0x02, 2, 0, 160, IV8), STATUS_SUCCESS, 40, 0);
    check_cipher(OID_RC2, BYTES(0x30, 13, 0x02, 1, 120, IV8), STATUS_SUCCESS, 64, 0);
    check_cipher(OID_RC2, BYTES(0x30, 13, 0x02, 1, 58, IV8), STATUS_SUCCESS, 128, 0);
    check_cipher(OID_RC2, BYTES(0x30, 14, 0x02, 2, 1, 0, IV8), STATUS_SUCCESS, 256, 0);
    check_cipher(OID_RC2, BYTES(0x30, 13, 0x02, 1, 59, IV8), NTE_NOT_SUPPORTED, 0, 0);
    check_cipher(OID_RC2, BYTES(IV8), NTE_BAD_DATA, 0, 0);
    check_cipher(OID_GCM, BYTES(0x30, 17, IV12, 0x02, 1, 16), STATUS_SUCCESS, 0, 0);
    check_cipher(OID_GCM, BYTES(0x30, 20, IV12, 0x02, 1, 16, 0x02, 1, 64), STATUS_SUCCESS, 0, 64);
    check_cipher(OID_GCM, BYTES(0x30, 14, IV12), NTE_NOT_SUPPORTED, 0, 0);
    check_cipher(OID_GCM, BYTES(0x30, 17, IV12, 0x02, 1, 12), NTE_NOT_SUPPORTED, 0, 0);
    check_cipher(OID_GCM, BYTES(0x30, 13, IV8, 0x02, 1, 16), NTE_BAD_DATA, 0, 0);
    check_cipher("1.2.3", BYTES(IV16), NTE_NOT_SUPPORTED, 0, 0);
    assert_null(cms_cipher_find(span_of("2.16.840.1.101.3.4.1.4", 22)));
    assert_string_equal(cms_cipher_find(span_of(OID_AES256, sizeof OID_AES256 - 1))->alg, "AES");
}

#define OAEP "1.2.840.113549.1.1.7"
#define SHA256 0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 0x05, 0
#define MGF1 0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8
#define LABEL 0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 9

static void check_transport(const char *oid, struct span params, NTSTATUS want, const char *hash,
                            size_t label)
{
    const struct cms_algorithm in = algorithm(oid, params);
    struct cms_transport v;
    assert_int_equal(cms_transport_decode(&in, &v), want);
    if (want < 0)
        return;
    if (hash == NULL)
        assert_null(v.hash);
    else
        assert_string_equal(v.hash, hash);
    assert_int_equal(v.label.n, label);
}

static void test_transport(void **state)
{
    (void)state;
    const struct cms_algorithm usual = cms_transport_usual();
    check_transport(usual.oid.s, usual.params, STATUS_SUCCESS, NULL, 0);
    check_transport(usual.oid.s, (struct span){NULL, 0}, STATUS_SUCCESS, NULL, 0);
    check_transport(usual.oid.s, BYTES(0x30, 0), NTE_BAD_DATA, NULL, 0);
    check_transport("1.2.3", usual.params, NTE_NOT_SUPPORTED, NULL, 0);
    check_transport(OAEP, BYTES(0x30, 0), STATUS_SUCCESS, "SHA1", 0);
    check_transport(OAEP, (struct span){NULL, 0}, NTE_BAD_DATA, NULL, 0);
    check_transport(OAEP, BYTES(0x30, 47, 0xA0, 15, SHA256, 0xA1, 28, 0x30, 26, MGF1, SHA256),
                    STATUS_SUCCESS, "SHA256", 0);
    check_transport(OAEP, BYTES(0x30, 17, 0xA0, 15, SHA256), NTE_NOT_SUPPORTED, NULL, 0);
    check_transport(OAEP, BYTES(0x30, 19, 0xA2, 17, 0x30, 15, LABEL, 0x04, 2, 1, 2), STATUS_SUCCESS,
                    "SHA1", 2);
    check_transport(OAEP, BYTES(0x30, 19, 0xA2, 17, 0x30, 15, MGF1, 0x04, 2, 1, 2),
                    NTE_NOT_SUPPORTED, NULL, 0);
    check_transport(OAEP, BYTES(0x30, 21, 0xA2, 19, 0x30, 15, LABEL, 0x04, 2, 1, 2, 0x05, 0),
                    NTE_BAD_DATA, NULL, 0);
}

#define KEY_INFO 0x30, 28, RSA, 0x03, 11, 0, 0x30, 8, 0x02, 2, 0, 0xC1, 0x02, 2, 1, 1
#define KEY_ID 0x30, 11, 0x06, 3, 0x55, 0x1D, 14, 0x04, 4, 0x04, 2, 3, 4
#define CRITICAL 0x30, 12, 0x06, 3, 0x55, 0x1D, 15, 0x01, 1, 0xFF, 0x04, 2, 5, 0

static void test_certificate(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {
        0x30, 101, 0x30, 82, 0xA0,     3,    0x02, 1,    2,  0x02,   2,        0,   0x99, RSA, NAME,
        0x30, 0,   0x30, 0,  KEY_INFO, 0xA3, 29,   0x30, 27, KEY_ID, CRITICAL, RSA, 0x03, 0,
    };
    struct span in = {bytes, sizeof bytes};
    uint8_t whole[sizeof bytes + 1];
    memcpy(whole, bytes, sizeof bytes);
    /* lengths by construction: what stands behind the body are 17 bytes */
    whole[3] = (uint8_t)(sizeof bytes - 4 - 17);
    whole[1] = (uint8_t)(sizeof bytes - 2);
    in.p = whole;
    struct cert_view v;
    struct rsa_view key;
    assert_int_equal(cert_blob_decode(in, &v), STATUS_SUCCESS);
    assert_int_equal(v.issuer.n, 4);
    assert_int_equal(v.serial.n, 2);
    assert_int_equal(v.key_id.n, 2);
    assert_int_equal(v.key_id.p[0], 3);
    assert_int_equal(cert_rsa_decode(&v, &key), STATUS_SUCCESS);
    assert_int_equal(key.n.n, 1);
    assert_int_equal(key.e.n, 2);
    uint8_t longer[64];
    assert_true(v.key.n < sizeof longer);
    memcpy(longer, v.key.p, v.key.n);
    longer[v.key.n] = 0;
    struct cert_view behind = v;
    behind.key = (struct span){longer, v.key.n + 1};
    assert_int_equal(cert_rsa_decode(&behind, &key), NTE_BAD_DATA);
    strcpy(v.key_oid.s, "1.2.840.10045.2.1");
    assert_int_equal(cert_rsa_decode(&v, &key), NTE_NOT_SUPPORTED);
    /* The key's algorithm is no identifier; the key is shorter than what stands around it. */
    static const uint8_t info[] = {KEY_INFO};
    uint8_t *at = memmem(whole, sizeof bytes, info, sizeof info);
    assert_non_null(at);
    at[4] = 0x05;
    assert_int_equal(cert_blob_decode(in, &v), NTE_BAD_DATA);
    at[4] = info[4];
    at[sizeof(uint8_t[]){0x30, 28, RSA, 0}] = 10;
    assert_int_equal(cert_blob_decode(in, &v), NTE_BAD_DATA);
    at[sizeof(uint8_t[]){0x30, 28, RSA, 0}] = 11;
    for (size_t n = 0; n <= sizeof whole; n++) {
        struct span copy = copy_of(in, n);
        NTSTATUS status = cert_blob_decode(copy, &v);
        assert_int_equal(status, n == sizeof bytes ? STATUS_SUCCESS : NTE_BAD_DATA);
        free((void *)(uintptr_t)copy.p);
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            whole[i] ^= (uint8_t)(1u << bit);
            struct span copy = copy_of(in, sizeof bytes);
            NTSTATUS status = cert_blob_decode(copy, &v);
            if (status >= 0)
                status = cert_rsa_decode(&v, &key);
            assert_true(status == STATUS_SUCCESS || status == NTE_BAD_DATA ||
                        status == NTE_NOT_SUPPORTED);
            free((void *)(uintptr_t)copy.p);
            whole[i] ^= (uint8_t)(1u << bit);
        }
    }
    /* A serial number of no bytes is none; unique identifiers are passed over. */
#define BEHIND_SERIAL RSA, NAME, 0x30, 0, 0x30, 0, KEY_INFO, 0x81, 0, 0x82, 0, RSA, 0x03, 0
    assert_int_equal(cert_blob_decode(BYTES(0x30, 79, 0x30, 60, 0x02, 1, 5, BEHIND_SERIAL), &v),
                     STATUS_SUCCESS);
    assert_int_equal(v.serial.n, 1);
    assert_int_equal(cert_blob_decode(BYTES(0x30, 78, 0x30, 59, 0x02, 0, BEHIND_SERIAL), &v),
                     NTE_BAD_DATA);
}

static void test_protector(void **state)
{
    (void)state;
    const struct span want =
        BYTES(0x30, 32, 0x06, 10, 0x2B, 6, 1, 4, 1, 0x82, 0x37, 0x4A, 1, 8, 0x30, 18, 0x30, 16,
              0x30, 14, 0x0C, 5, 'L', 'O', 'C', 'A', 'L', 0x0C, 5, 'l', 'o', 'g', 'o', 'n');
    uint8_t bytes[64];
    struct asn1_out o = asn1_into(bytes, want.n);
    protector_encode(PROTECTOR_OID ".8", span_of("LOCAL", 5), span_of("logon", 5), &o);
    assert_false(o.bad);
    assert_int_equal(o.n, want.n);
    assert_memory_equal(bytes, want.p, want.n);

    struct protector_view v;
    struct protector_term term;
    assert_int_equal(protector_decode(want, &v), STATUS_SUCCESS);
    assert_string_equal(v.type.s, PROTECTOR_OID ".8");
    struct protector_walk w = {.groups = asn1_of(v.rule)};
    assert_true(protector_next(&w, &term));
    assert_int_equal(term.value.n, 5);
    assert_memory_equal(term.value.p, "logon", 5);
    assert_true(term.ends);
    assert_false(protector_next(&w, &term));

    /* (a=1 AND b=2) OR c=3 */
#define TERM(name, value) 0x30, 6, 0x0C, 1, name, 0x0C, 1, value
    const struct span rule =
        BYTES(0x30, 16, TERM('a', '1'), TERM('b', '2'), 0x30, 8, TERM('c', '3'));
    static const struct {
        char name;
        bool ends;
    } terms[] = {{'a', false}, {'b', true}, {'c', true}};
    w = (struct protector_walk){.groups = asn1_of(rule)};
    for (size_t i = 0; i < ARRAY_COUNT(terms); i++) {
        assert_true(protector_next(&w, &term));
        assert_int_equal(term.name.p[0], terms[i].name);
        assert_int_equal(term.ends, terms[i].ends);
    }
    assert_false(protector_next(&w, &term));
    const struct span empty = BYTES(0x30, 0);
    w = (struct protector_walk){.groups = asn1_of(empty)};
    assert_false(protector_next(&w, &term));
    assert_false(protector_next(&w, &term)); /* and it stays so */
    w = (struct protector_walk){.groups = asn1_of((struct span){NULL, 0})};
    assert_false(protector_next(&w, &term));
    for (size_t n = 0; n < want.n; n++)
        assert_int_equal(protector_decode((struct span){want.p, n}, &v), NTE_BAD_DATA);
    uint8_t longer[sizeof bytes] = {0};
    memcpy(longer, want.p, want.n);
    assert_int_equal(protector_decode((struct span){longer, want.n + 1}, &v), NTE_BAD_DATA);
}

static void test_locator(void **state)
{
    (void)state;
    static const uint8_t salt[PROTECTOR_SALT_BYTES] = {1, 2, 3};
    const struct key_locator v = {7, {salt, sizeof salt}, BYTES(9, 9)};
    uint8_t bytes[64];
    struct wr w = wr_into(bytes, sizeof bytes);
    key_locator_encode(&v, &w);
    assert_int_equal(w.n, 46);
    assert_memory_equal(bytes, "OCKP\1\0\0\0\7\0\0\0\1\2\3", 15);
    struct key_locator got;
    assert_int_equal(key_locator_decode((struct span){bytes, 46}, &got), STATUS_SUCCESS);
    assert_int_equal(got.group, 7);
    assert_memory_equal(got.salt.p, salt, sizeof salt);
    assert_int_equal(got.details.n, 2);
    for (size_t n = 0; n < 44; n++)
        assert_int_equal(key_locator_decode((struct span){bytes, n}, &got), NTE_NOT_SUPPORTED);
    bytes[4] = 2;
    assert_int_equal(key_locator_decode((struct span){bytes, 46}, &got), NTE_NOT_SUPPORTED);
}

static void test_size(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[8];
        size_t n, want;
        NTSTATUS status;
    } rows[] = {
        {{0x30}, 1, 0, STATUS_SUCCESS},
        {{0x30, 5}, 2, 7, STATUS_SUCCESS},
        {{0x30, 0x82, 1}, 3, 0, STATUS_SUCCESS},
        {{0x30, 0x82, 1, 0}, 4, 260, STATUS_SUCCESS},
        {{0x30, 0x84, 1, 0, 0}, 5, 0, STATUS_SUCCESS},
        {{0x30, 0x84, 1, 0, 0, 0}, 6, 0x1000006, STATUS_SUCCESS},
        {{0x30, 0x80, 0, 0, 0, 0}, 6, 0, STATUS_DATA_ERROR},
        {{0x30, 0x85, 1, 0, 0, 0}, 6, 0, STATUS_DATA_ERROR},
        {{0x1F, 1, 0, 0, 0, 0}, 6, 0, STATUS_DATA_ERROR},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        size_t size = 99;
        assert_int_equal(asn1_size((struct span){rows[i].bytes, rows[i].n}, &size), rows[i].status);
        assert_int_equal(size, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_issuer),      cmocka_unit_test(test_damage),
        cmocka_unit_test(test_more),        cmocka_unit_test(test_kek),
        cmocka_unit_test(test_kinds),       cmocka_unit_test(test_versions),
        cmocka_unit_test(test_ciphers),     cmocka_unit_test(test_transport),
        cmocka_unit_test(test_certificate), cmocka_unit_test(test_protector),
        cmocka_unit_test(test_locator),     cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
