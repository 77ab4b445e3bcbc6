/* The check of parameter lists against a function's row. */
#include "crypto_check.h"

#include "kdf_params.h"

#define P KDF_PARAM

/* Takes 0, 1, 2 and 15; any number of 2; needs 0 and 1; the generic one stands for 1 and 15. */
static const struct kdf_params_row row = {
    .takes = P(0) | P(1) | P(2) | P(15),
    .many = P(2),
    .needs = P(0) | P(1),
    .generic = P(1) | P(15),
};

static const struct kdf_params_row plain = {.takes = P(0) | P(1), .needs = P(0)};

static bool fits(const struct kdf_params_row *r, const uint32_t *types, size_t count)
{
    struct param list[8] = {{.type = 0}};
    assert_true(count <= ARRAY_COUNT(list));
    for (size_t i = 0; i < count; i++)
        list[i].type = types[i];
    return kdf_params_fit(r, &(struct params){list, count});
}

static void test_fit(void **state)
{
    (void)state;
    static const struct {
        const struct kdf_params_row *row;
        bool fits;
        size_t count;
        uint32_t types[6];
    } cases[] = {
        {&row, false, 0, {0}},
        {&row, true, 2, {0, 1}},
        {&row, true, 2, {1, 0}},
        {&row, false, 1, {0}},
        {&row, false, 1, {1}},
        {&row, true, 4, {15, 2, 1, 0}},
        {&row, true, 5, {2, 0, 2, 1, 2}},
        {&row, false, 3, {0, 1, 1}},
        {&row, false, 3, {0, 1, 0}},
        {&row, false, 4, {0, 1, 15, 15}},
        {&row, false, 3, {0, 1, 3}},
        {&row, false, 3, {0, 1, 31}},
        {&row, false, 3, {0, 1, 32}}, /* no bit, not even that of 0 */
        {&row, false, 3, {0, 1, 33}},
        {&row, false, 3, {0, 1, 0xFFFFFFFF}},
        {&row, true, 2, {0, KDF_GENERIC_PARAMETER}},
        {&row, true, 3, {KDF_GENERIC_PARAMETER, 2, 0}},
        {&row, false, 1, {KDF_GENERIC_PARAMETER}},
        {&row, false, 3, {0, 1, KDF_GENERIC_PARAMETER}},
        {&row, false, 3, {0, KDF_GENERIC_PARAMETER, 15}},
        {&row, false, 3, {0, KDF_GENERIC_PARAMETER, KDF_GENERIC_PARAMETER}},
        {&plain, true, 1, {0}},
        {&plain, true, 2, {1, 0}},
        {&plain, false, 2, {0, KDF_GENERIC_PARAMETER}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        assert_int_equal(fits(cases[i].row, cases[i].types, cases[i].count), cases[i].fits);
}

static void test_find(void **state)
{
    (void)state;
    const struct param list[] = {
        {.type = KDF_SALT, .bytes = text_span("first")},
        {.type = KDF_HASH_ALGORITHM, .name = {"SHA512"}},
        {.type = KDF_SALT, .bytes = text_span("second")},
    };
    const struct params params = {list, ARRAY_COUNT(list)}, none = {NULL, 0};
    const struct digest *d;
    assert_ptr_equal(kdf_params_find(&params, KDF_SALT), &list[0]);
    assert_null(kdf_params_find(&params, KDF_LABEL));
    assert_null(kdf_params_find(&none, KDF_SALT));
    assert_memory_equal(kdf_params_bytes(&params, KDF_SALT).p, "first", 5);
    assert_int_equal(kdf_params_bytes(&params, KDF_LABEL).n, 0);
    assert_int_equal(kdf_params_hash(&params, "SHA1", &d), STATUS_SUCCESS);
    assert_ptr_equal(d, digest_named("SHA512"));
    assert_int_equal(kdf_params_hash(&none, "SHA1", &d), STATUS_SUCCESS);
    assert_ptr_equal(d, digest_named("SHA1"));
    assert_int_equal(kdf_params_hash_named(&(struct name){"sha384"}, &d), STATUS_SUCCESS);
    assert_ptr_equal(d, digest_named("SHA384"));
    assert_int_equal(kdf_params_hash_named(&(struct name){"AES"}, &d), STATUS_NOT_SUPPORTED);
    assert_no_errors_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
