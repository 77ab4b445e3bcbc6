/* SP 800-108 in counter mode: libcrypto's function, over HMAC and AES-CMAC. */
#include "crypto_check.h"

#include "ct.h"
#include "kdf_counter.h"

#define MOST 300

static uint8_t secret[200], label[100], context[100];

/* libcrypto's, with Label || 0 || Context between counter and length. */
static void oracle(const char *hash, struct span key, struct span l, struct span c, uint8_t *out,
                   size_t n)
{
    const OSSL_PARAM kind = hash != NULL
                                ? STRING(OSSL_KDF_PARAM_DIGEST, hash)
                                : STRING(OSSL_KDF_PARAM_CIPHER, key.n == 16   ? "AES-128-CBC"
                                                                : key.n == 24 ? "AES-192-CBC"
                                                                              : "AES-256-CBC");
    const OSSL_PARAM params[] = {STRING(OSSL_KDF_PARAM_MODE, "counter"),
                                 STRING(OSSL_KDF_PARAM_MAC, hash != NULL ? "HMAC" : "CMAC"),
                                 kind,
                                 OCTETS(OSSL_KDF_PARAM_KEY, key),
                                 OCTETS(OSSL_KDF_PARAM_SALT, l),
                                 OCTETS(OSSL_KDF_PARAM_INFO, c),
                                 OSSL_PARAM_construct_end()};
    oracle_kdf("KBKDF", params, out, n);
}

static void check(struct prf *prf, const char *hash, struct span key)
{
    static uint8_t out[MOST + 1], expected[MOST];
    static const size_t sizes[] = {0, 1, 7, 64, 100};
    const size_t lengths[] = {1, prf->length - 1, prf->length, prf->length + 1, MOST};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct span l = span_of(label, sizes[i]);
        struct span c = span_of(context, sizes[(i + 2) % ARRAY_COUNT(sizes)]);
        const struct span fields[] = {l, span_of("", 1), c};
        uint8_t joined[sizeof label + 1 + sizeof context] = {0};
        memcpy(joined, l.p, l.n);
        memcpy(joined + l.n + 1, c.p, c.n);
        const struct span whole = span_of(joined, l.n + 1 + c.n);
        for (size_t k = 0; k < ARRAY_COUNT(lengths); k++) {
            size_t n = lengths[k];
            oracle(hash, key, l, c, expected, n);
            memset(out, 0xEE, sizeof out);
            assert_int_equal(kdf_counter(prf, fields, 3, out, n), STATUS_SUCCESS);
            assert_memory_equal(out, expected, n);
            assert_int_equal(out[n], 0xEE);
            assert_int_equal(kdf_counter(prf, &whole, 1, out, n), STATUS_SUCCESS);
            assert_memory_equal(out, expected, n);
            assert_no_errors_left();
        }
    }
}

static void test_hmac(void **state)
{
    (void)state;
    static const char *const hashes[] = {"MD5",    "SHA1",     "SHA256",  "SHA384",
                                         "SHA512", "SHA3-256", "SHA3-512"};
    static const size_t keys[] = {1, 32, 64, 128, 144, 200};
    for (size_t h = 0; h < ARRAY_COUNT(hashes); h++) {
        const struct digest *d = digest_named(hashes[h]);
        for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
            PRF prf = {.kind = NULL};
            struct span key = span_of(secret, keys[i]);
            assert_int_equal(prf_init_hmac(&prf, d, key), STATUS_SUCCESS);
            check(&prf, d->ossl_name, key);
        }
    }
}

static void test_cmac(void **state)
{
    (void)state;
    for (size_t n = 16; n <= 32; n += 8) {
        PRF prf = {.kind = NULL};
        assert_int_equal(prf_init_cmac(&prf, span_of(secret, n)), STATUS_SUCCESS);
        check(&prf, NULL, span_of(secret, n));
    }
}

static void test_limits(void **state)
{
    (void)state;
    PRF prf = {.kind = NULL};
    uint8_t out[16] = {0};
    const struct span fields[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    assert_int_equal(prf_init_hmac(&prf, digest_named("SHA256"), text_span("key")), STATUS_SUCCESS);
    assert_int_equal(kdf_counter(&prf, fields, 4, out, sizeof out), STATUS_INVALID_PARAMETER);
    assert_int_equal(kdf_counter(&prf, fields, 3, NULL, 0x20000000), STATUS_INVALID_PARAMETER);
    assert_int_equal(KDF_COUNTER_LIMIT, 0x1FFFFFFF);
    assert_true(ct_all_zero(out, sizeof out));
    assert_int_equal(kdf_counter(&prf, fields, 0, out, sizeof out), STATUS_SUCCESS);
}

static int setup(void **state)
{
    (void)state;
    fill(secret, sizeof secret, 1);
    fill(label, sizeof label, 2);
    fill(context, sizeof context, 3);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_cmac),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
