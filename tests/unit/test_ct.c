/* ct.c: masks and comparisons, at the values where carries and signs turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ct.h"

static const uint32_t values[] = {0,          1,          2,          0x7F,       0x80,
                                  0xFF,       0x100,      0xFFFF,     0x10000,    0x7FFFFFFE,
                                  0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF,
                                  0x12345678, 0xEDCBA987};

static uint32_t mask(bool b)
{
    return b ? 0xFFFFFFFF : 0;
}

static void test_masks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        uint32_t a = values[i];
        assert_int_equal(ct_is_zero(a), mask(a == 0));
        for (size_t k = 0; k < ARRAY_COUNT(values); k++) {
            uint32_t b = values[k];
            assert_int_equal(ct_eq(a, b), mask(a == b));
            assert_int_equal(ct_lt(a, b), mask(a < b));
            assert_int_equal(ct_select(mask(true), a, b), a);
            assert_int_equal(ct_select(mask(false), a, b), b);
        }
    }
    for (int bit = 0; bit < 32; bit++) {
        uint32_t v = (uint32_t)1 << bit;
        assert_int_equal(ct_is_zero(v), 0);
        assert_int_equal(ct_lt(v - 1, v), mask(true));
        assert_int_equal(ct_lt(v, v), 0);
    }
}

static void test_equal(void **state)
{
    (void)state;
    uint8_t a[40], b[40];
    for (size_t i = 0; i < sizeof a; i++)
        a[i] = b[i] = (uint8_t)(i * 7);
    assert_true(ct_equal(a, b, sizeof a));
    assert_true(ct_equal(a, b, 0));
    assert_true(ct_equal(NULL, NULL, 0));
    for (size_t i = 0; i < sizeof a; i++) {
        for (int bit = 0; bit < 8; bit++) {
            b[i] ^= (uint8_t)(1 << bit);
            assert_false(ct_equal(a, b, sizeof a));
            assert_true(ct_equal(a, b, i));
            b[i] ^= (uint8_t)(1 << bit);
        }
    }
}

static void test_all_zero(void **state)
{
    (void)state;
    uint8_t a[40] = {0};
    assert_true(ct_all_zero(a, sizeof a));
    assert_true(ct_all_zero(NULL, 0));
    for (size_t i = 0; i < sizeof a; i++) {
        for (int bit = 0; bit < 8; bit++) {
            a[i] = (uint8_t)(1 << bit);
            assert_false(ct_all_zero(a, sizeof a));
            assert_true(ct_all_zero(a, i));
        }
        a[i] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_all_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
