/* pkcs8*.c: the layouts, byte by byte; whole keys are the business of conform/ncrypt_pkcs8.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "pkcs8.h"

#define BYTES(...)                                                                                 \
    ((struct span){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})

/* X25519, RFC 8410's shape, with a key of three bytes; then the same with more of the envelope. */
#define ALGORITHM 0x30, 5, 0x06, 3, 0x2B, 0x65, 0x6E
#define KEY 0x04, 3, 1, 2, 3
#define USAGE 0xA0, 13, 0x30, 11, 0x06, 3, 0x55, 0x1D, 0x0F, 0x31, 4, 0x03, 2, 7, 0x80

static void test_envelope(void **state)
{
    (void)state;
    const struct span plain = BYTES(0x30, 15, 0x02, 1, 0, ALGORITHM, KEY);
    struct pkcs8 v;
    assert_int_equal(pkcs8_decode(plain, &v), STATUS_SUCCESS);
    assert_string_equal(v.oid.s, "1.3.101.110");
    assert_null(v.params.p);
    assert_int_equal(v.key.n, 3);
    assert_int_equal(v.usage, 0);
    uint8_t bytes[64];
    struct asn1_out o = asn1_into(bytes, plain.n);
    pkcs8_encode(&v, &o);
    assert_false(o.bad);
    assert_memory_equal(bytes, plain.p, plain.n);

    const struct span with_usage = BYTES(0x30, 30, 0x02, 1, 0, ALGORITHM, KEY, USAGE);
    assert_int_equal(pkcs8_decode(with_usage, &v), STATUS_SUCCESS);
    assert_int_equal(v.usage, PKCS8_SIGNS);
    o = asn1_into(bytes, with_usage.n);
    pkcs8_encode(&v, &o);
    assert_false(o.bad);
    assert_memory_equal(bytes, with_usage.p, with_usage.n);

    /* RFC 5958: version 1 may tell the public key. */
    const struct span with_public = BYTES(0x30, 19, 0x02, 1, 1, ALGORITHM, KEY, 0x81, 2, 0, 9);
    assert_int_equal(pkcs8_decode(with_public, &v), STATUS_SUCCESS);
}

static void test_not_an_envelope(void **state)
{
    (void)state;
    const struct span wrong[] = {
        BYTES(0x30, 15, 0x02, 1, 2, ALGORITHM, KEY),                /* version */
        BYTES(0x30, 15, 0x02, 1, 0, ALGORITHM, KEY, 0),             /* something behind */
        BYTES(0x30, 17, 0x02, 1, 0, ALGORITHM, KEY, 0x05, 0),       /* something inside */
        BYTES(0x30, 19, 0x02, 1, 0, ALGORITHM, KEY, 0x81, 2, 0, 9), /* a public key in version 0 */
        BYTES(0x30, 10, 0x02, 1, 0, ALGORITHM),                     /* no key */
        BYTES(0x30, 17, 0x02, 1, 0, 0x30, 7, 0x06, 3, 0x2B, 0x65, 0x6E, 0x05, 1, KEY),
    };
    struct pkcs8 v;
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_int_equal(pkcs8_decode(wrong[i], &v), NTE_BAD_DATA);
    assert_int_equal(pkcs8_decode((struct span){NULL, 0}, &v), NTE_BAD_DATA);
}

/* Attributes: others than the usage are passed over, in whatever is well-formed. */
static void test_attributes(void **state)
{
    (void)state;
#define HEAD 0x02, 1, 0, ALGORITHM, KEY
#define USAGE_OID 0x06, 3, 0x55, 0x1D, 0x0F
    struct pkcs8 v;
    assert_int_equal(
        pkcs8_decode(BYTES(0x30, 26, HEAD, 0xA0, 9, 0x30, 7, 0x06, 1, 0x2A, 0x31, 2, 0x05, 0), &v),
        STATUS_SUCCESS);
    assert_int_equal(v.usage, 0);
    assert_int_equal(v.key.n, 3);
    const struct span wrong[] = {
        BYTES(0x30, 28, HEAD, 0xA0, 11, 0x30, 9, 0x06, 1, 0x2A, 0x31, 2, 0x05, 0, 0x05, 0),
        BYTES(0x30, 24, HEAD, 0xA0, 7, 0x30, 5, 0x06, 1, 0x2A, 0x05, 0), /* not a SET */
        BYTES(0x30, 34, HEAD, 0xA0, 17, 0x30, 15, USAGE_OID, 0x31, 8, 0x03, 2, 7, 0x80, 0x03, 2, 7,
              0x80),                                                               /* two usages */
        BYTES(0x30, 29, HEAD, 0xA0, 12, 0x30, 10, USAGE_OID, 0x31, 3, 0x03, 1, 0), /* no bits */
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_int_equal(pkcs8_decode(wrong[i], &v), NTE_BAD_DATA);
}

#define P256 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7

#define TEN(n) n, n, n, n, n, n, n, n, n, n
#define ZEROS_31 TEN(0), TEN(0), TEN(0), 0
#define FIELD_25519 0x7F, TEN(0xFF), TEN(0xFF), TEN(0xFF), 0xED

static NTSTATUS decode_ec(struct span params, struct span key)
{
    const struct pkcs8 in = {.params = params, .key = key};
    struct pkcs8_ec v;
    return pkcs8_ec_decode(&in, &v);
}

static void test_elliptic(void **state)
{
    (void)state;
    const struct span none = {NULL, 0};
    const struct span p256 = BYTES(P256);
    assert_int_equal(decode_ec(p256, BYTES(0x30, 6, 0x02, 1, 1, 0x04, 1, 5)), STATUS_SUCCESS);
    assert_int_equal(decode_ec(none, BYTES(0x30, 18, 0x02, 1, 1, 0x04, 1, 5, 0xA0, 10, P256)),
                     STATUS_SUCCESS);
    assert_int_equal(decode_ec(none, BYTES(0x30, 6, 0x02, 1, 1, 0x04, 1, 5)), NTE_BAD_DATA);
    const struct span wrong[] = {
        BYTES(0x30, 6, 0x02, 1, 1, 0x04, 1, 5, 0),                    /* something behind */
        BYTES(0x30, 6, 0x02, 1, 2, 0x04, 1, 5),                       /* version */
        BYTES(0x30, 11, 0x02, 1, 1, 0x04, 1, 5, 0xA1, 3, 0x03, 1, 0), /* a point of no bytes */
        BYTES(0x30, 12, 0x02, 1, 1, 0x04, 1, 5, 0xA1, 4, 0x03, 2, 0, 4) /* and of too few */,
        BYTES(0x30, 13, 0x02, 1, 1, 0x04, 1, 5, 0xA1, 5, 0x03, 1, 0, 5, 0), /* more than a point */
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_int_equal(decode_ec(p256, wrong[i]), NTE_BAD_DATA);
    assert_int_equal(
        decode_ec(p256, BYTES(0x30, 13, 0x02, 1, 1, 0x04, 1, 5, 0xA1, 5, 0x03, 3, 0, 2, 9)),
        NTE_NOT_SUPPORTED); /* a compressed one */

    /* y^2 = x^3 + x + 2 over 23, as far as a decoder looks */
#define FIELD 0x30, 12, 0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 1, 1, 0x02, 1, 23
#define AB 0x04, 1, 1, 0x04, 1, 2
#define BASE 0x04, 3, 4, 5, 6
#define ORDER 0x02, 1, 29
    const struct span key = BYTES(0x30, 6, 0x02, 1, 1, 0x04, 1, 5);
    assert_int_equal(decode_ec(BYTES(0x30, 33, 0x02, 1, 1, FIELD, 0x30, 6, AB, BASE, ORDER), key),
                     STATUS_SUCCESS);
    /* likewise: curve25519, and a neighbour of it */
    for (uint8_t last = 6; last < 8; last++) {
        const struct span params =
            BYTES(0x30, 0x81, 128, 0x02, 1, 1, 0x30, 43, 0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 1,
                  1, 0x02, 32, FIELD_25519, 0x30, 8, 0x04, 3, 7, 0x6D, last, 0x04, 1, 1, 0x04, 65,
                  4, ZEROS_31, 9, ZEROS_31, 1, ORDER);
        const struct pkcs8 in = {.params = params, .key = key};
        struct pkcs8_ec v;
        assert_int_equal(pkcs8_ec_decode(&in, &v), STATUS_SUCCESS);
        assert_int_equal(v.montgomery, last == 6);
    }
    const struct span not_params[] = {
        BYTES(0x30, 35, 0x02, 1, 1, FIELD, 0x30, 8, AB, 0x05, 0, BASE, ORDER), /* in the curve */
        BYTES(0x30, 35, 0x02, 1, 1, FIELD, 0x30, 6, AB, BASE, ORDER, 0x05, 0), /* at the end */
        BYTES(0x30, 33, 0x02, 1, 1, FIELD, 0x30, 6, AB, BASE, ORDER, 0x05, 0), /* behind it */
        BYTES(0x30, 33, 0x02, 1, 4, FIELD, 0x30, 6, AB, BASE, ORDER),          /* version */
    };
    for (size_t i = 0; i < ARRAY_COUNT(not_params); i++)
        assert_int_equal(decode_ec(not_params[i], key), NTE_BAD_DATA);

    /* Written as they were read, with a seed and without. */
    const struct span whole[] = {
        BYTES(0x30, 36, 0x02, 1, 1, FIELD, 0x30, 6, AB, BASE, ORDER, 0x02, 1, 1),
        BYTES(0x30, 41, 0x02, 1, 1, FIELD, 0x30, 11, AB, 0x03, 3, 0, 7, 8, BASE, ORDER, 0x02, 1, 1),
    };
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        const struct pkcs8 in = {.params = whole[i], .key = key};
        struct pkcs8_ec v;
        uint8_t again[64];
        struct asn1_out o = asn1_into(again, sizeof again);
        assert_int_equal(pkcs8_ec_decode(&in, &v), STATUS_SUCCESS);
        pkcs8_ec_encode_params(&v, &o);
        assert_false(o.bad);
        assert_int_equal(o.n, whole[i].n);
        assert_memory_equal(again + sizeof again - o.n, whole[i].p, o.n);
    }
}

/* Numbers: each of the three forms whole, and with something behind each of its parts. */
static void test_numbers(void **state)
{
    (void)state;
#define SMALL(n) 0x02, 1, n
    struct rsa_view rsa;
#define PARTS                                                                                      \
    SMALL(0), SMALL(35), SMALL(5), SMALL(5), SMALL(5), SMALL(7), SMALL(1), SMALL(5), SMALL(3)
    assert_int_equal(pkcs8_rsa_decode(BYTES(0x30, 27, PARTS), &rsa), STATUS_SUCCESS);
    assert_int_equal(rsa.qi.p[0], 3);
    assert_int_equal(pkcs8_rsa_decode(BYTES(0x30, 27, PARTS, 0), &rsa), NTE_BAD_DATA);
    assert_int_equal(pkcs8_rsa_decode(BYTES(0x30, 29, PARTS, 0x05, 0), &rsa), NTE_BAD_DATA);

    struct dsa_view dsa;
    struct dh_view dh;
    const struct span x = BYTES(SMALL(4));
    const struct span x_and_more = BYTES(SMALL(4), 0x05, 0);
#define PQG SMALL(23), SMALL(11), SMALL(4)
#define PG SMALL(23), SMALL(5)
    const struct {
        struct span dsa, dh, x;
        NTSTATUS want;
    } rows[] = {
        {BYTES(0x30, 9, PQG), BYTES(0x30, 6, PG), x, STATUS_SUCCESS},
        {BYTES(0x30, 9, PQG), BYTES(0x30, 6, PG), x_and_more, NTE_BAD_DATA},
        {BYTES(0x30, 9, PQG, 0x05, 0), BYTES(0x30, 6, PG, 0x05, 0), x, NTE_BAD_DATA},
        {BYTES(0x30, 11, PQG, 0x05, 0), BYTES(0x30, 8, PG, 0x05, 0), x, NTE_BAD_DATA},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct pkcs8 dsa_in = {.params = rows[i].dsa, .key = rows[i].x};
        const struct pkcs8 dh_in = {.params = rows[i].dh, .key = rows[i].x};
        assert_int_equal(pkcs8_dsa_decode(&dsa_in, &dsa), rows[i].want);
        assert_int_equal(pkcs8_dh_decode(&dh_in, &dh), rows[i].want);
    }
}

static void test_curves(void **state)
{
    (void)state;
    const struct pkcs8_curve *p256 = pkcs8_curve_of("1.2.840.10045.3.1.7");
    assert_non_null(p256);
    assert_string_equal(p256->name, "nistP256");
    assert_int_equal(p256->magic_bits, 256);
    assert_string_equal(pkcs8_curve_named("secP256r1")->oid, p256->oid);
    assert_null(pkcs8_curve_of("1.2.3"));
    assert_null(pkcs8_curve_named("curve25519"));
}

/* A seed of two bytes, and an expanded key of one. */
static NTSTATUS decode_seeded(struct span key, struct pkcs8_seeded *v)
{
    return pkcs8_seeded_decode(key, 2, 1, v);
}

static void test_seeded(void **state)
{
    (void)state;
    struct pkcs8_seeded v;
    assert_int_equal(decode_seeded(BYTES(0x80, 2, 5, 6), &v), STATUS_SUCCESS);
    assert_int_equal(v.seed.n, 2);
    assert_null(v.expanded.p);
    assert_int_equal(decode_seeded(BYTES(0x04, 1, 7), &v), STATUS_SUCCESS);
    assert_null(v.seed.p);
    assert_int_equal(v.expanded.n, 1);
    assert_int_equal(decode_seeded(BYTES(0x30, 7, 0x04, 2, 5, 6, 0x04, 1, 7), &v), STATUS_SUCCESS);
    assert_int_equal(v.seed.n, 2);
    assert_int_equal(v.expanded.n, 1);
    const struct span wrong[] = {
        BYTES(0x30, 4, 0x04, 2, 5, 6),
        BYTES(0x80, 2, 5, 6, 0),
        BYTES(0x80, 1, 5), /* other lengths */
        BYTES(0x04, 2, 7, 8),
        BYTES(0x30, 8, 0x04, 2, 5, 6, 0x04, 2, 7, 8),
        BYTES(0x30, 6, 0x04, 1, 5, 0x04, 1, 7),
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_int_equal(decode_seeded(wrong[i], &v), NTE_BAD_DATA);
}

/* Without a form around them: told by their lengths, whatever they start with. */
static void test_seeded_bare(void **state)
{
    (void)state;
    struct pkcs8_seeded v;
    assert_int_equal(pkcs8_seeded_decode(BYTES(0x80, 2, 5), 3, 5, &v), STATUS_SUCCESS);
    assert_int_equal(v.seed.n, 3);
    assert_int_equal(v.expanded.n, 0);
    assert_int_equal(pkcs8_seeded_decode(BYTES(0x04, 1, 5, 6, 7), 3, 5, &v), STATUS_SUCCESS);
    assert_int_equal(v.seed.n, 0);
    assert_int_equal(v.expanded.n, 5);
    assert_int_equal(pkcs8_seeded_decode(BYTES(1, 2, 3, 4), 3, 5, &v), NTE_BAD_DATA);
}

/* Every scheme that is written reads back as it was. */
static void test_sealed(void **state)
{
    (void)state;
    static const struct pkcs8_sealed all[] = {
        {PKCS8_PBKDF2,
         "SHA256",
         "AES",
         32,
         210000,
         {(const uint8_t *)"saltsalt", 8},
         {(const uint8_t *)"0123456789abcdef", 16},
         {(const uint8_t *)"ciphertext", 10}},
        {PKCS8_PBKDF2,
         "SHA1",
         "AES",
         16,
         1,
         {(const uint8_t *)"s", 1},
         {(const uint8_t *)"0123456789abcdef", 16},
         {(const uint8_t *)"ciphertext", 10}},
        {PKCS8_PBKDF2,
         "SHA512",
         "3DES",
         24,
         2048,
         {(const uint8_t *)"saltsalt", 8},
         {(const uint8_t *)"01234567", 8},
         {(const uint8_t *)"ciphertext", 10}},
        {PKCS8_PKCS12,
         "SHA1",
         "3DES",
         24,
         2048,
         {(const uint8_t *)"saltsalt", 8},
         {NULL, 0},
         {(const uint8_t *)"ciphertext", 10}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        uint8_t bytes[256];
        struct asn1_out o = asn1_into(bytes, sizeof bytes);
        pkcs8_sealed_encode(&all[i], &o);
        assert_false(o.bad);
        const struct span file = span_of(bytes + sizeof bytes - o.n, o.n);
        assert_true(pkcs8_is_sealed(file));
        struct pkcs8_sealed v;
        assert_int_equal(pkcs8_sealed_decode(file, &v), STATUS_SUCCESS);
        assert_int_equal(v.kdf, all[i].kdf);
        assert_string_equal(v.hash, all[i].hash);
        assert_string_equal(v.cipher, all[i].cipher);
        assert_int_equal(v.key_bytes, all[i].key_bytes);
        assert_int_equal(v.iterations, all[i].iterations);
        assert_int_equal(v.salt.n, all[i].salt.n);
        assert_int_equal(v.iv.n, all[i].iv.n);
        assert_int_equal(v.ciphertext.n, all[i].ciphertext.n);
        for (size_t cut = 0; cut < file.n; cut++)
            assert_int_not_equal(pkcs8_sealed_decode((struct span){file.p, cut}, &v),
                                 STATUS_SUCCESS);
    }
    assert_false(pkcs8_is_sealed(BYTES(0x30, 15, 0x02, 1, 0, ALGORITHM, KEY)));
}

/* PBES2 with AES-256, of which one thing may be unusual. */
struct pbes2 {
    uint32_t key_bytes; /* 0: not told */
    uint32_t iv_bytes;
    const char *prf; /* NULL: not told */
    bool more;       /* an element behind the cipher */
    bool behind;     /* a byte behind all */
    NTSTATUS want;
};

static void put_pbes2(const struct pbes2 *v, struct asn1_out *o)
{
    static const uint8_t iv[32] = {0};
    asn1_put_zero(o, v->behind ? 1 : 0);
    size_t all = o->n;
    asn1_put_element(o, ASN1_OCTETS, BYTES(1, 2, 3));
    size_t algorithm = o->n;
    if (v->more)
        asn1_put_element(o, ASN1_NULL, (struct span){NULL, 0});
    size_t cipher = o->n;
    asn1_put_element(o, ASN1_OCTETS, (struct span){iv, v->iv_bytes});
    asn1_put_oid(o, "2.16.840.1.101.3.4.1.42");
    asn1_put_header(o, ASN1_SEQUENCE, cipher);
    size_t kdf = o->n;
    if (v->prf != NULL) {
        asn1_put_oid(o, v->prf);
        asn1_put_header(o, ASN1_SEQUENCE, kdf);
    }
    if (v->key_bytes != 0)
        asn1_put_small(o, v->key_bytes);
    asn1_put_small(o, 1000);
    asn1_put_element(o, ASN1_OCTETS, BYTES('s'));
    asn1_put_header(o, ASN1_SEQUENCE, kdf);
    asn1_put_oid(o, "1.2.840.113549.1.5.12");
    asn1_put_header(o, ASN1_SEQUENCE, kdf);
    asn1_put_header(o, ASN1_SEQUENCE, algorithm);
    asn1_put_oid(o, "1.2.840.113549.1.5.13");
    asn1_put_header(o, ASN1_SEQUENCE, algorithm);
    asn1_put_header(o, ASN1_SEQUENCE, all);
}

static void test_sealed_unusually(void **state)
{
    (void)state;
    static const struct pbes2 rows[] = {
        {.iv_bytes = 16, .want = STATUS_SUCCESS},
        {.iv_bytes = 16, .key_bytes = 32, .want = STATUS_SUCCESS},
        {.iv_bytes = 16, .key_bytes = 16, .want = NTE_BAD_DATA},
        {.iv_bytes = 8, .want = NTE_BAD_DATA},
        {.iv_bytes = 16, .prf = "1.2.840.113549.2.9", .want = STATUS_SUCCESS},
        {.iv_bytes = 16, .prf = "1.2.840.113549.2.5", .want = NTE_NOT_SUPPORTED}, /* MD5 */
        {.iv_bytes = 16, .more = true, .want = NTE_BAD_DATA},
        {.iv_bytes = 16, .behind = true, .want = NTE_BAD_DATA},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t bytes[256];
        struct asn1_out o = asn1_into(bytes, sizeof bytes);
        put_pbes2(&rows[i], &o);
        assert_false(o.bad);
        struct pkcs8_sealed v;
        assert_int_equal(pkcs8_sealed_decode(span_of(bytes + sizeof bytes - o.n, o.n), &v),
                         rows[i].want);
        if (rows[i].want < 0)
            continue;
        assert_string_equal(v.hash, rows[i].prf == NULL ? "SHA1" : "SHA256");
        assert_int_equal(v.key_bytes, 32);
        assert_int_equal(v.iterations, 1000);
        assert_int_equal(v.ciphertext.n, 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envelope),    cmocka_unit_test(test_not_an_envelope),
        cmocka_unit_test(test_curves),      cmocka_unit_test(test_seeded),
        cmocka_unit_test(test_seeded_bare), cmocka_unit_test(test_sealed),
        cmocka_unit_test(test_attributes),  cmocka_unit_test(test_elliptic),
        cmocka_unit_test(test_numbers),     cmocka_unit_test(test_sealed_unusually),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
