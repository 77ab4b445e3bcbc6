/* HMAC in a chain, against HMAC of one message after another. */
#include "crypto_check.h"

#include "hmac_chain.h"

#define GUARD 0xA5

static void check(const struct digest *d, struct span key, uint64_t count)
{
    struct digest_value u, sum, expected_u, expected_sum;
    memset(&u, GUARD, sizeof u);
    memset(&sum, GUARD, sizeof sum);
    fill(u.p, d->length, (unsigned)count + 1);
    fill(sum.p, d->length, (unsigned)count + 2);
    expected_u = u;
    expected_sum = sum;
    for (uint64_t i = 0; i < count; i++) {
        const struct span previous = span_of(expected_u.p, d->length);
        assert_int_equal(digest_hmac(d, key, &previous, 1, expected_u.p), STATUS_SUCCESS);
        for (size_t k = 0; k < d->length; k++)
            expected_sum.p[k] ^= expected_u.p[k];
    }
    HMAC_CHAIN c;
    assert_int_equal(hmac_chain_init(&c, d, key), STATUS_SUCCESS);
    hmac_chain_run(&c, count, &u, &sum);
    assert_memory_equal(&u, &expected_u, sizeof u);
    assert_memory_equal(&sum, &expected_sum, sizeof sum);
}

static void test_agrees_with_hmac(void **state)
{
    (void)state;
    static const char *const hashes[] = {"SHA1", "SHA256", "SHA384", "SHA512"};
    static const size_t keys[] = {0, 1, 20, 63, 64, 65, 127, 128, 129, 300};
    static const uint64_t counts[] = {0, 1, 2, 3, 50};
    static uint8_t key[300];
    fill(key, sizeof key, 9);
    for (size_t h = 0; h < ARRAY_COUNT(hashes); h++) {
        for (size_t k = 0; k < ARRAY_COUNT(keys); k++) {
            for (size_t i = 0; i < ARRAY_COUNT(counts); i++)
                check(digest_named(hashes[h]), span_of(key, keys[k]), counts[i]);
        }
    }
}

/* A run goes on where the last one ended. */
static void test_pieces(void **state)
{
    (void)state;
    const struct digest *d = digest_named("SHA256");
    struct digest_value u = {{1}}, sum = {{2}}, u_once = u, sum_once = sum;
    HMAC_CHAIN c;
    assert_int_equal(hmac_chain_init(&c, d, text_span("key")), STATUS_SUCCESS);
    hmac_chain_run(&c, 30, &u_once, &sum_once);
    hmac_chain_run(&c, 11, &u, &sum);
    hmac_chain_run(&c, 0, &u, &sum);
    hmac_chain_run(&c, 19, &u, &sum);
    assert_memory_equal(&u, &u_once, sizeof u);
    assert_memory_equal(&sum, &sum_once, sizeof sum);
}

static void test_others(void **state)
{
    (void)state;
    static const char *const hashes[] = {"MD5", "SHA3-256", "SHAKE128"};
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        HMAC_CHAIN c = {.hash = NULL};
        assert_int_equal(hmac_chain_init(&c, digest_named(hashes[i]), text_span("key")),
                         STATUS_NOT_SUPPORTED);
    }
    assert_no_errors_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_hmac),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
