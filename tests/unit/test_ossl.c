/* The library context, and the numbers and failures of libcrypto. */
#include "crypto_check.h"

#include <pthread.h>

static void test_context_is_one_and_our_own(void **state)
{
    (void)state;
    OSSL_LIB_CTX *ctx = ossl_ctx();
    assert_non_null(ctx);
    assert_ptr_equal(ossl_ctx(), ctx);
    assert_ptr_not_equal(ctx, OSSL_LIB_CTX_get0_global_default());
}

static void *get_context(void *unused)
{
    (void)unused;
    return ossl_ctx();
}

static void test_context_of_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_context, NULL), 0);
    for (size_t i = 0; i < 4; i++) {
        void *ctx;
        assert_int_equal(pthread_join(threads[i], &ctx), 0);
        assert_ptr_equal(ctx, ossl_ctx());
    }
}

static void test_keymgmt(void **state)
{
    (void)state;
    assert_true(ossl_has_keymgmt("RSA"));
    assert_false(ossl_has_keymgmt("no such key type"));
    assert_no_errors_left();
}

static void test_failures(void **state)
{
    (void)state;
    assert_int_equal(ossl_failed(STATUS_INVALID_PARAMETER), STATUS_INVALID_PARAMETER);
    ERR_raise(ERR_LIB_EVP, EVP_R_INVALID_KEY);
    assert_int_equal(ossl_failed(STATUS_INVALID_PARAMETER), STATUS_INVALID_PARAMETER);
    assert_no_errors_left();
    ERR_raise(ERR_LIB_EVP, EVP_R_INVALID_KEY);
    ERR_raise(ERR_LIB_EVP, ERR_R_MALLOC_FAILURE);
    ERR_raise(ERR_LIB_EVP, EVP_R_INVALID_KEY);
    assert_int_equal(ossl_failed(STATUS_INVALID_PARAMETER), STATUS_NO_MEMORY);
    assert_no_errors_left();
}

static void test_numbers(void **state)
{
    (void)state;
    static const uint8_t big[] = {0x00, 0x01, 0x02, 0x03};
    static const uint8_t little[] = {0x03, 0x02, 0x01, 0x00, 0x00};
    SCOPED_BN *a = bn_secret(num_be(big, sizeof big));
    SCOPED_BN *b = bn_public(num_le(little, sizeof little));
    SCOPED_BN *zero = bn_secret(num_be(NULL, 0));
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(zero);
    assert_int_equal(BN_cmp(a, b), 0);
    assert_true(BN_is_word(a, 0x010203));
    assert_true(BN_is_zero(zero));
    assert_int_not_equal(BN_get_flags(a, BN_FLG_CONSTTIME), 0);
    assert_int_not_equal(BN_get_flags(a, BN_FLG_SECURE), 0);
    assert_int_equal(BN_get_flags(b, BN_FLG_CONSTTIME), 0);

    uint8_t out[6] = {9, 9, 9, 9, 9, 9};
    assert_true(bn_write(a, out, 5));
    assert_memory_equal(out, "\x00\x00\x01\x02\x03\x09", 6);
    assert_true(bn_write(a, out, 3));
    assert_false(bn_write(a, out, 2));
    assert_true(bn_write(zero, out, 0));
    assert_no_errors_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_context_is_one_and_our_own),
        cmocka_unit_test(test_context_of_threads),
        cmocka_unit_test(test_keymgmt),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
