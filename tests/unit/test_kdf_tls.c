/* The pseudorandom functions of TLS: published test vectors, and libcrypto's function. */
#include "crypto_check.h"

#include "kdf_tls.h"

static void test_tls12_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *hash, *secret, *seed, *out;
    } cases[] = {
        {"SHA256", "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
         "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e1"
         "4baf9af"
         "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a511"
         "0fff701"
         "87347b66"},
        {"SHA384", "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
         "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233"
         "c9146a0"
         "e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05"
         "d918425"
         "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85"
         "e099070"
         "3d73e56f"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct bytes secret = bytes_of_hex(cases[i].secret), seed = bytes_of_hex(cases[i].seed);
        struct bytes expected = bytes_of_hex(cases[i].out);
        uint8_t out[200];
        memset(out, 0xEE, sizeof out);
        assert_int_equal(kdf_tls12(digest_named(cases[i].hash), bytes_span(&secret),
                                   text_span("test label"), bytes_span(&seed), out, expected.n),
                         STATUS_SUCCESS);
        assert_memory_equal(out, expected.p, expected.n);
        assert_int_equal(out[expected.n], 0xEE);
    }
}

static void test_tls10_known_answer(void **state)
{
    (void)state;
    struct bytes expected = bytes_of_hex("d3d4d1e349b5d515044666d51de32bab258cb521b6b053463e354832f"
                                         "d976754443bcf9a296519bc289abcbc1187e4eb"
                                         "d31e602353776c408aafb74cbc85eff69255f9788faa184cbb957a981"
                                         "9d84a5d7eb006eb459d3ae8de9810454b8b2d8f"
                                         "1afbc655a8c9a013");
    uint8_t secret[48], seed[64], out[104];
    memset(secret, 0xAB, sizeof secret);
    memset(seed, 0xCD, sizeof seed);
    assert_int_equal(kdf_tls10(span_of(secret, sizeof secret), text_span("PRF Testvector"),
                               span_of(seed, sizeof seed), out, sizeof out),
                     STATUS_SUCCESS);
    assert_memory_equal(out, expected.p, sizeof out);
}

/* Every secret length, odd ones included: the two halves share their middle byte then. */
static void test_agrees_with_libcrypto(void **state)
{
    (void)state;
    uint8_t secret[150], text[80], out[130], expected[130];
    fill(secret, sizeof secret, 1);
    fill(text, sizeof text, 2);
    static const struct {
        const char *ours, *theirs;
    } hashes[] = {{NULL, "MD5-SHA1"}, {"SHA256", "SHA256"}, {"SHA384", "SHA384"}};
    for (size_t h = 0; h < ARRAY_COUNT(hashes); h++) {
        for (size_t n = 1; n <= sizeof secret; n += n < 70 ? 1 : 20) {
            const OSSL_PARAM params[] = {STRING(OSSL_KDF_PARAM_DIGEST, hashes[h].theirs),
                                         OCTETS(OSSL_KDF_PARAM_SECRET, span_of(secret, n)),
                                         OCTETS(OSSL_KDF_PARAM_SEED, span_of(text, sizeof text)),
                                         OSSL_PARAM_construct_end()};
            size_t length = 1 + (n * 7) % sizeof out;
            oracle_kdf("TLS1-PRF", params, expected, length);
            struct span label = span_of(text, 16), seed = span_of(text + 16, sizeof text - 16);
            NTSTATUS status = hashes[h].ours == NULL
                                  ? kdf_tls10(span_of(secret, n), label, seed, out, length)
                                  : kdf_tls12(digest_named(hashes[h].ours), span_of(secret, n),
                                              label, seed, out, length);
            assert_int_equal(status, STATUS_SUCCESS);
            assert_memory_equal(out, expected, length);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tls12_known_answers),
        cmocka_unit_test(test_tls10_known_answer),
        cmocka_unit_test(test_agrees_with_libcrypto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
