/* Properties that a class row answers. */
#include "crypto_check.h"

#include "props.h"

static void test_key_lengths(void **state)
{
    (void)state;
    const struct alg_class with = {.name = "X", .key_lengths = {512, 16384, 64}};
    const struct alg_class without = {.name = "Y"};
    struct prop_target t = {.class = &with};
    BCRYPT_KEY_LENGTHS_STRUCT lengths = {0};
    uint32_t result = 0;
    struct out o = {NULL, 0, &result, WIDTH_16};
    assert_int_equal(prop_get_key_lengths(&t, &o), STATUS_SUCCESS);
    assert_int_equal(result, sizeof lengths);
    o.p = (uint8_t *)&lengths;
    o.cap = sizeof lengths - 1;
    assert_int_equal(prop_get_key_lengths(&t, &o), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(lengths.dwMinLength, 0);
    o.cap = sizeof lengths;
    assert_int_equal(prop_get_key_lengths(&t, &o), STATUS_SUCCESS);
    assert_memory_equal(&lengths, &with.key_lengths, sizeof lengths);
    t.class = &without;
    assert_int_equal(prop_get_key_lengths(&t, &o), STATUS_NOT_SUPPORTED);
}

static void test_padding_schemes(void **state)
{
    (void)state;
    const struct alg_class with = {.name = "X", .padding_schemes = BCRYPT_SUPPORTED_PAD_OAEP};
    const struct alg_class without = {.name = "Y"};
    struct prop_target t = {.class = &with};
    uint32_t value = 0, result = 0;
    struct out o = {(uint8_t *)&value, sizeof value, &result, WIDTH_16};
    assert_int_equal(prop_get_padding_schemes(&t, &o), STATUS_SUCCESS);
    assert_int_equal(value, BCRYPT_SUPPORTED_PAD_OAEP);
    assert_int_equal(result, 4);
    t.class = &without;
    assert_int_equal(prop_get_padding_schemes(&t, &o), STATUS_NOT_SUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_lengths),
        cmocka_unit_test(test_padding_schemes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
