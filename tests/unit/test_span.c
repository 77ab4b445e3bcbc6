/* span.c: numbers in both byte orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "span.h"

static const uint8_t be[] = {0, 0, 0x12, 0x34, 0x56}, le[] = {0x56, 0x34, 0x12, 0, 0};

static void test_no_pointer_is_empty(void **state)
{
    (void)state;
    assert_int_equal(span_of(NULL, 7).n, 0);
    assert_int_equal(num_be(NULL, 7).n, 0);
    assert_int_equal(num_le(NULL, 7).n, 0);
    assert_int_equal(span_of(be, 2).n, 2);
    assert_false(num_be(be, 1).little);
    assert_true(num_le(be, 1).little);
}

static void test_trim(void **state)
{
    (void)state;
    struct num b = num_trim(num_be(be, sizeof be)), l = num_trim(num_le(le, sizeof le));
    assert_int_equal(b.n, 3);
    assert_ptr_equal(b.p, be + 2);
    assert_int_equal(l.n, 3);
    assert_ptr_equal(l.p, le);
    assert_int_equal(num_trim(b).n, 3);
    /* A zero on the small end is part of the value. */
    static const uint8_t low[] = {0, 1, 0};
    assert_int_equal(num_trim(num_be(low, 3)).n, 2);
    assert_int_equal(num_trim(num_le(low, 3)).n, 2);
    static const uint8_t zero[4];
    assert_int_equal(num_trim(num_be(zero, 4)).n, 0);
    assert_int_equal(num_trim(num_le(zero, 4)).n, 0);
    assert_int_equal(num_trim(num_be(NULL, 0)).n, 0);
}

static void test_bits(void **state)
{
    (void)state;
    assert_int_equal(num_bits(num_be(be, sizeof be)), 21);
    assert_int_equal(num_bits(num_le(le, sizeof le)), 21);
    assert_int_equal(num_bits(num_be(NULL, 0)), 0);
    static const uint8_t zero[3];
    assert_int_equal(num_bits(num_be(zero, 3)), 0);
    for (int bit = 0; bit < 24; bit++) {
        uint8_t v[3] = {0};
        v[bit / 8] = (uint8_t)(1 << bit % 8);
        assert_int_equal(num_bits(num_le(v, 3)), bit + 1);
        uint8_t back[3] = {v[2], v[1], v[0]};
        assert_int_equal(num_bits(num_be(back, 3)), bit + 1);
    }
}

static void test_bytes(void **state)
{
    (void)state;
    static const uint8_t want[] = {0x56, 0x34, 0x12, 0, 0, 0, 0};
    for (size_t i = 0; i < sizeof want; i++) {
        assert_int_equal(num_byte(num_be(be, sizeof be), i), want[i]);
        assert_int_equal(num_byte(num_le(le, sizeof le), i), want[i]);
    }
    assert_int_equal(num_byte(num_be(be, sizeof be), SIZE_MAX), 0);
}

static void test_equal(void **state)
{
    (void)state;
    struct num a = num_be(be, 5), b = num_le(le, 5), c = num_be(be + 2, 3);
    assert_true(num_equal_public(a, b));
    assert_true(num_equal_public(b, c));
    assert_true(num_equal_public(c, a));
    assert_false(num_equal_public(a, num_be(be, 4)));
    assert_false(num_equal_public(a, num_be(NULL, 0)));
    assert_true(num_equal_public(num_be(be, 2), num_be(NULL, 0))); /* zero */
    assert_false(num_equal_public(num_be(be + 2, 3), num_le(be + 2, 3)));
}

static void test_to_be(void **state)
{
    (void)state;
    static const uint8_t want[] = {0, 0, 0, 0, 0x12, 0x34, 0x56};
    for (size_t n = 0; n <= sizeof want; n++) {
        const struct num v[] = {num_be(be, 5), num_le(le, 5), num_be(be + 2, 3)};
        for (size_t i = 0; i < ARRAY_COUNT(v); i++) {
            uint8_t out[sizeof want + 1];
            memset(out, 0xEE, sizeof out);
            assert_int_equal(num_to_be(v[i], out, n), n >= 3);
            if (n >= 3)
                assert_memory_equal(out, want + sizeof want - n, n);
            assert_int_equal(out[n], 0xEE);
        }
    }
    uint8_t out[3] = {1, 2, 3};
    static const uint8_t zeros[3];
    assert_true(num_to_be(num_be(NULL, 0), out, 3));
    assert_memory_equal(out, zeros, 3);
    assert_true(num_to_be(num_be(NULL, 0), out, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_pointer_is_empty),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
