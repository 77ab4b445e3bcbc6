/* HKDF: the test cases of RFC 5869, and libcrypto's. */
#include "crypto_check.h"

#include "ct.h"
#include "kdf_hkdf.h"

static const struct rfc5869 {
    const char *hash, *secret, *salt, *info, *prk, *out;
} cases[] = {
    {"SHA256", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9", "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {"SHA256",
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2"
     "e2f"
     "303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8"
     "e8f"
     "909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcddd"
     "edf"
     "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590"
     "e09"
     "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    {"SHA256", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
    {"SHA1", "0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
     "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
     "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896"},
};

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct digest *d = digest_named(cases[i].hash);
        struct bytes secret = bytes_of_hex(cases[i].secret), salt = bytes_of_hex(cases[i].salt);
        struct bytes info = bytes_of_hex(cases[i].info), prk = bytes_of_hex(cases[i].prk);
        struct bytes expected = bytes_of_hex(cases[i].out);
        uint8_t got[64], out[512];
        assert_int_equal(kdf_hkdf_extract(d, bytes_span(&salt), bytes_span(&secret), got),
                         STATUS_SUCCESS);
        assert_int_equal(prk.n, d->length);
        assert_memory_equal(got, prk.p, prk.n);
        memset(out, 0xEE, sizeof out);
        assert_int_equal(kdf_hkdf_expand(d, bytes_span(&prk), bytes_span(&info), out, expected.n),
                         STATUS_SUCCESS);
        assert_memory_equal(out, expected.p, expected.n);
        assert_int_equal(out[expected.n], 0xEE);
    }
}

static void test_agrees_with_libcrypto(void **state)
{
    (void)state;
    static const char *const hashes[] = {"MD5",    "SHA1",     "SHA256",  "SHA384",
                                         "SHA512", "SHA3-256", "SHA3-512"};
    static uint8_t secret[66], salt[40], info[90], prk[64], out[255 * 64], expected[255 * 64];
    fill(secret, sizeof secret, 1);
    fill(salt, sizeof salt, 2);
    fill(info, sizeof info, 3);
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        const struct digest *d = digest_named(hashes[i]);
        const size_t lengths[] = {1,   d->length - 1u,   d->length, d->length + 1u,
                                  500, kdf_hkdf_limit(d)};
        const OSSL_PARAM params[] = {STRING(OSSL_KDF_PARAM_DIGEST, d->ossl_name),
                                     OCTETS(OSSL_KDF_PARAM_KEY, span_of(secret, sizeof secret)),
                                     OCTETS(OSSL_KDF_PARAM_SALT, span_of(salt, sizeof salt)),
                                     OCTETS(OSSL_KDF_PARAM_INFO, span_of(info, sizeof info)),
                                     OSSL_PARAM_construct_end()};
        assert_int_equal(
            kdf_hkdf_extract(d, span_of(salt, sizeof salt), span_of(secret, sizeof secret), prk),
            STATUS_SUCCESS);
        for (size_t k = 0; k < ARRAY_COUNT(lengths); k++) {
            oracle_kdf("HKDF", params, expected, lengths[k]);
            assert_int_equal(kdf_hkdf_expand(d, span_of(prk, d->length), span_of(info, sizeof info),
                                             out, lengths[k]),
                             STATUS_SUCCESS);
            assert_memory_equal(out, expected, lengths[k]);
        }
    }
}

static void test_limit(void **state)
{
    (void)state;
    static uint8_t out[255 * 32 + 1];
    const struct digest *d = digest_named("SHA256");
    assert_int_equal(kdf_hkdf_limit(d), 255 * 32);
    assert_int_equal(kdf_hkdf_expand(d, text_span("key"), span_of(NULL, 0), out, sizeof out),
                     STATUS_INVALID_PARAMETER);
    assert_true(ct_all_zero(out, sizeof out));
    assert_int_equal(kdf_hkdf_expand(d, text_span("key"), span_of(NULL, 0), NULL, 0),
                     STATUS_SUCCESS);
    assert_int_equal(
        kdf_hkdf_expand(digest_named("SHAKE128"), text_span("key"), span_of(NULL, 0), out, 32),
        STATUS_NOT_SUPPORTED);
    assert_true(ct_all_zero(out, sizeof out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_agrees_with_libcrypto),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
