/* HKDF on an agreed secret: its settings in their order, and what it derives. */
#include "agreed_fixture.h"

#include <pthread.h>
#include <uchar.h>

#define HASH "HkdfHashAlgorithm"
#define SALT "HkdfSaltAndFinalize"
#define PRK "HkdfPrkAndFinalize"

static const struct param_list none = {.count = 0};

static void oracle(const char *digest, struct span salt, const char *info, bool expand_only,
                   uint8_t *out, size_t n)
{
    int mode = expand_only ? EVP_KDF_HKDF_MODE_EXPAND_ONLY : EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND;
    const OSSL_PARAM params[] = {STRING(OSSL_KDF_PARAM_DIGEST, digest),
                                 OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
                                 OCTETS(OSSL_KDF_PARAM_KEY, shared_value()),
                                 OCTETS(OSSL_KDF_PARAM_SALT, salt),
                                 OCTETS(OSSL_KDF_PARAM_INFO, text_span(info)),
                                 OSSL_PARAM_construct_end()};
    oracle_kdf("HKDF", params, out, n);
}

static void test_order(void **state)
{
    /* Nothing is set. */
    assert_int_equal(derive(*state, "HKDF", &none, 32), STATUS_INVALID_HANDLE);
    assert_int_equal(query(*state, "HKDF", &none), STATUS_INVALID_HANDLE);
    assert_int_equal(set_property(*state, SALT, "salt", 4), STATUS_INVALID_HANDLE);
    assert_int_equal(set_property(*state, PRK, NULL, 0), STATUS_INVALID_HANDLE);
    /* The hash, which may be thought over. */
    assert_int_equal(set_property(*state, HASH, u"SHA1", 10), STATUS_SUCCESS);
    assert_int_equal(derive(*state, "HKDF", &none, 32), STATUS_INVALID_HANDLE);
    assert_int_equal(set_property(*state, HASH, u"SHA256", 14), STATUS_SUCCESS);
    assert_int_equal(set_property(*state, HASH, u"nonsense", 18), STATUS_NOT_SUPPORTED);
    assert_int_equal(set_property(*state, PRK, "prk", 3), STATUS_INVALID_PARAMETER);
    /* Final. */
    assert_int_equal(set_property(*state, SALT, "salt", 4), STATUS_SUCCESS);
    assert_int_equal(set_property(*state, HASH, u"SHA256", 14), STATUS_INVALID_HANDLE);
    assert_int_equal(set_property(*state, SALT, "salt", 4), STATUS_INVALID_HANDLE);
    assert_int_equal(set_property(*state, PRK, NULL, 0), STATUS_INVALID_HANDLE);
    uint8_t expected[32];
    oracle("SHA256", text_span("salt"), "", false, expected, 32);
    assert_int_equal(derive(*state, "HKDF", &none, 32), STATUS_SUCCESS);
    assert_memory_equal(answer.p, expected, 32);
}

static void test_hash_names(void **state)
{
    assert_int_equal(set_property(*state, HASH, NULL, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_property(*state, HASH, u"SHAKE256", 18), STATUS_NOT_SUPPORTED);
    assert_int_equal(set_property(*state, HASH, u"HMAC", 10), STATUS_NOT_SUPPORTED);
    assert_int_equal(set_property(*state, HASH, u"SHA256", 12),
                     STATUS_SUCCESS); /* without its NUL */
}

static void test_salts_and_lengths(void **state)
{
    (void)state;
    static const struct {
        const char16_t *name;
        size_t cb;
        const char *theirs;
        uint32_t length;
    } hashes[] = {
        {u"SHA1", 10, "SHA1", 20}, {u"SHA256", 14, "SHA256", 32}, {u"SHA512", 14, "SHA512", 64}};
    static const uint8_t salt[100] = {1, 2, 3};
    static const size_t salts[] = {0, 4, 64, 100};
    static uint8_t expected[255 * 64];
    struct param_list info = {.count = 0};
    add_param(&info, KDF_HKDF_INFO, text_span("information"));
    for (size_t h = 0; h < ARRAY_COUNT(hashes); h++) {
        for (size_t s = 0; s < ARRAY_COUNT(salts) + 1; s++) {
            bool prk = s == ARRAY_COUNT(salts);
            struct agreed *secret = agreed_make(Z_BYTES);
            struct span used = prk ? span_of("", 0) : span_of(salt, salts[s]);
            assert_int_equal(set_property(secret, HASH, hashes[h].name, hashes[h].cb),
                             STATUS_SUCCESS);
            assert_int_equal(prk ? set_property(secret, PRK, NULL, 0)
                                 : set_property(secret, SALT, used.n == 0 ? NULL : used.p, used.n),
                             STATUS_SUCCESS);
            assert_int_equal(query(secret, "HKDF", &info), STATUS_SUCCESS);
            assert_int_equal(answer.n, hashes[h].length);
            const uint32_t caps[] = {1, 16, hashes[h].length, 100, 255 * hashes[h].length};
            for (size_t k = 0; k < ARRAY_COUNT(caps); k++) {
                oracle(hashes[h].theirs, used, "information", prk, expected, caps[k]);
                assert_int_equal(derive(secret, "HKDF", &info, caps[k]), STATUS_SUCCESS);
                assert_int_equal(answer.n, caps[k]);
                assert_memory_equal(answer.p, expected, caps[k]);
            }
            assert_int_equal(derive(secret, "HKDF", &info, 0), STATUS_INVALID_PARAMETER);
            assert_int_equal(derive(secret, "HKDF", &info, 255 * hashes[h].length + 1),
                             STATUS_INVALID_PARAMETER);
            agreed_free(secret);
        }
    }
}

static void test_parameters(void **state)
{
    assert_int_equal(set_property(*state, HASH, u"SHA256", 14), STATUS_SUCCESS);
    assert_int_equal(set_property(*state, PRK, NULL, 0), STATUS_SUCCESS);
    struct param_list l = {.count = 0};
    add_param(&l, KDF_HKDF_SALT, text_span("salt"));
    assert_int_equal(derive(*state, "HKDF", &l, 32), STATUS_INVALID_PARAMETER);
    l.list[0].type = KDF_HKDF_INFO;
    assert_int_equal(derive(*state, "HKDF", &l, 32), STATUS_SUCCESS);
    add_param(&l, KDF_HKDF_INFO, text_span("more"));
    assert_int_equal(derive(*state, "HKDF", &l, 32), STATUS_INVALID_PARAMETER);
}

static void *finalize(void *secret)
{
    const struct prop_target t = {.class = &agreeing_class, .agreed = secret};
    const struct in in = {"salt", 4, WIDTH_16};
    return agreed_hkdf_set_salt(&t, &in) == STATUS_SUCCESS ? secret : NULL;
}

/* Of threads that finalize at the same moment one succeeds. */
static void test_race(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        struct agreed *secret = agreed_make(Z_BYTES);
        assert_int_equal(set_property(secret, HASH, u"SHA256", 14), STATUS_SUCCESS);
        pthread_t threads[4];
        int winners = 0;
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, finalize, secret), 0);
        for (size_t i = 0; i < 4; i++) {
            void *won;
            assert_int_equal(pthread_join(threads[i], &won), 0);
            winners += won != NULL;
        }
        assert_int_equal(winners, 1);
        assert_int_equal(derive(secret, "HKDF", &none, 32), STATUS_SUCCESS);
        agreed_free(secret);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGREED_TEST(test_order),
        AGREED_TEST(test_hash_names),
        cmocka_unit_test(test_salts_and_lengths),
        AGREED_TEST(test_parameters),
        cmocka_unit_test(test_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
