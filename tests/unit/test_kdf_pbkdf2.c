/* PBKDF2: the test vectors of RFC 6070, and libcrypto's function. */
#include "crypto_check.h"

#include "ct.h"
#include "kdf_pbkdf2.h"

static NTSTATUS pbkdf2(const char *hash, struct span password, struct span salt, uint64_t count,
                       uint8_t *out, size_t n)
{
    struct name name = {.s = {0}};
    strncpy(name.s, hash, sizeof name.s - 1);
    NTSTATUS status = kdf_pbkdf2(&name, password, salt, count, out, n);
    assert_no_errors_left();
    return status;
}

static void test_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *password, *salt;
        size_t password_bytes, salt_bytes;
        uint64_t count;
        const char *out;
    } cases[] = {
        {"password", "salt", 8, 4, 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
        {"password", "salt", 8, 4, 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
        {"password", "salt", 8, 4, 4096, "4b007901b765489abead49d926f721d065a429c1"},
        {"passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 24, 36, 4096,
         "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
        {"pass\0word", "sa\0lt", 9, 5, 4096, "56fa6aa75548099dcc37d7f03425e0c3"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct bytes expected = bytes_of_hex(cases[i].out);
        uint8_t out[64];
        memset(out, 0xEE, sizeof out);
        assert_int_equal(pbkdf2("SHA1", span_of(cases[i].password, cases[i].password_bytes),
                                span_of(cases[i].salt, cases[i].salt_bytes), cases[i].count, out,
                                expected.n),
                         STATUS_SUCCESS);
        assert_memory_equal(out, expected.p, expected.n);
        assert_int_equal(out[expected.n], 0xEE);
    }
}

static void test_agrees_with_libcrypto(void **state)
{
    (void)state;
    static const char *const hashes[] = {"MD5",    "SHA1",     "SHA256",   "SHA384",
                                         "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"};
    static const size_t passwords[] = {0, 1, 63, 64, 65, 127, 128, 129, 145, 300};
    static uint64_t counts[] = {1, 2, 3, 100};
    static uint8_t password[300], salt[200], out[500], expected[500];
    fill(password, sizeof password, 1);
    fill(salt, sizeof salt, 2);
    int pkcs5 = 1; /* without the limits of SP 800-132 */
    for (size_t h = 0; h < ARRAY_COUNT(hashes); h++) {
        const struct digest *d = digest_named(hashes[h]);
        const size_t lengths[] = {1, d->length - 1u, d->length, d->length + 1u, sizeof out};
        for (size_t i = 0; i < ARRAY_COUNT(passwords) * ARRAY_COUNT(counts); i++) {
            struct span secret = span_of(password, passwords[i / ARRAY_COUNT(counts)]);
            struct span salted = span_of(salt, 37 * i % sizeof salt);
            uint64_t *count = &counts[i % ARRAY_COUNT(counts)];
            size_t n = lengths[i % ARRAY_COUNT(lengths)];
            const OSSL_PARAM params[] = {STRING(OSSL_KDF_PARAM_DIGEST, d->ossl_name),
                                         OCTETS(OSSL_KDF_PARAM_PASSWORD, secret),
                                         OCTETS(OSSL_KDF_PARAM_SALT, salted),
                                         OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, count),
                                         OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &pkcs5),
                                         OSSL_PARAM_construct_end()};
            oracle_kdf("PBKDF2", params, expected, n);
            assert_int_equal(pbkdf2(hashes[h], secret, salted, *count, out, n), STATUS_SUCCESS);
            assert_memory_equal(out, expected, n);
        }
    }
}

/* With AES-CMAC: the formula of RFC 8018, written out for two iterations and two blocks. */
static void test_cmac(void **state)
{
    (void)state;
    uint8_t out[24], u[16], t[32];
    struct span key = text_span("0123456789abcdef"), salt = text_span("salt");
    PRF prf = {.kind = NULL};
    assert_int_equal(prf_init_cmac(&prf, key), STATUS_SUCCESS);
    for (uint8_t i = 1; i <= 2; i++) {
        const uint8_t number[] = {0, 0, 0, i};
        const struct span first[] = {salt, span_of(number, 4)}, second = span_of(u, 16);
        assert_int_equal(prf_mac(&prf, first, 2, u), STATUS_SUCCESS);
        memcpy(t + 16 * (i - 1), u, 16);
        assert_int_equal(prf_mac(&prf, &second, 1, u), STATUS_SUCCESS);
        for (size_t k = 0; k < 16; k++)
            t[16 * (i - 1) + k] ^= u[k];
    }
    assert_int_equal(pbkdf2("AES-CMAC", key, salt, 2, out, sizeof out), STATUS_SUCCESS);
    assert_memory_equal(out, t, sizeof out);
}

static void test_limits(void **state)
{
    (void)state;
    uint8_t out[32] = {0};
    struct span p = text_span("password"), none = span_of(NULL, 0);
    assert_int_equal(pbkdf2("SHA256", p, none, 0, out, sizeof out), STATUS_INVALID_PARAMETER);
    assert_true(ct_all_zero(out, sizeof out));
    if (SIZE_MAX > UINT32_MAX)
        assert_int_equal(pbkdf2("SHA256", p, none, 1, NULL, (size_t)UINT32_MAX * 32),
                         STATUS_INVALID_PARAMETER);
    assert_int_equal(pbkdf2("SHA256", p, none, 1, out, 0), STATUS_SUCCESS);
    assert_true(ct_all_zero(out, sizeof out));
}

/* By the name of an algorithm. */
static void test_slot(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t password_bytes;
        NTSTATUS status;
    } rows[] = {
        {"SHA1", 8, STATUS_SUCCESS},
        {"SHA512", 24, STATUS_SUCCESS},
        {"AES-CMAC", 16, STATUS_SUCCESS},
        {"AES-CMAC", 32, STATUS_SUCCESS},
        {"AES-CMAC", 17, STATUS_INVALID_PARAMETER},
        {"SHAKE128", 8, STATUS_NOT_SUPPORTED},
        {"RC4", 8, STATUS_NOT_SUPPORTED},
    };
    static const uint8_t password[32] = "passwordPASSWORDpasswordPASSWOR";
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct alg_class class = {.name = rows[i].name};
        struct alg alg = {.class = &class};
        struct span secret = span_of(password, rows[i].password_bytes);
        uint8_t out[40] = {0}, expected[40] = {0};
        assert_int_equal(kdf_pbkdf2_alg(&alg, secret, text_span("salt"), 3, out, sizeof out),
                         rows[i].status);
        assert_no_errors_left();
        assert_int_equal(
            pbkdf2(rows[i].name, secret, text_span("salt"), 3, expected, sizeof expected),
            rows[i].status);
        assert_memory_equal(out, expected, sizeof out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_agrees_with_libcrypto),
        cmocka_unit_test(test_cmac),          cmocka_unit_test(test_limits),
        cmocka_unit_test(test_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
