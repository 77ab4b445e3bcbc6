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

static void test_seeded(void **state)
{
    (void)state;
    struct pkcs8_seeded v;
    assert_int_equal(pkcs8_seeded_decode(BYTES(0x80, 2, 5, 6), &v), STATUS_SUCCESS);
    assert_int_equal(v.seed.n, 2);
    assert_null(v.expanded.p);
    assert_int_equal(pkcs8_seeded_decode(BYTES(0x04, 1, 7), &v), STATUS_SUCCESS);
    assert_null(v.seed.p);
    assert_int_equal(v.expanded.n, 1);
    assert_int_equal(pkcs8_seeded_decode(BYTES(0x30, 7, 0x04, 2, 5, 6, 0x04, 1, 7), &v),
                     STATUS_SUCCESS);
    assert_int_equal(v.seed.n, 2);
    assert_int_equal(v.expanded.n, 1);
    assert_int_equal(pkcs8_seeded_decode(BYTES(0x30, 4, 0x04, 2, 5, 6), &v), NTE_BAD_DATA);
    assert_int_equal(pkcs8_seeded_decode(BYTES(0x80, 2, 5, 6, 0), &v), NTE_BAD_DATA);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envelope), cmocka_unit_test(test_not_an_envelope),
        cmocka_unit_test(test_curves),   cmocka_unit_test(test_seeded),
        cmocka_unit_test(test_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
