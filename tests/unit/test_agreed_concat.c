/* The key derivation function SP800_56A_CONCAT. */
#include "agreed_fixture.h"

static struct param_list basics(void)
{
    struct param_list l = {.count = 0};
    add_param(&l, KDF_ALGORITHMID, text_span("algorithm "));
    add_param(&l, KDF_PARTYUINFO, text_span("from u "));
    add_param(&l, KDF_PARTYVINFO, text_span("to v "));
    return l;
}

static void oracle(const char *digest, const char *info, uint8_t *out, size_t n)
{
    const OSSL_PARAM params[] = {
        STRING(OSSL_KDF_PARAM_DIGEST, digest), OCTETS(OSSL_KDF_PARAM_SECRET, shared_value()),
        OCTETS(OSSL_KDF_PARAM_INFO, text_span(info)), OSSL_PARAM_construct_end()};
    oracle_kdf("SSKDF", params, out, n);
}

static void test_any_length(void **state)
{
    static uint8_t expected[5000];
    struct param_list l = basics();
    assert_int_equal(query(*state, "SP800_56A_CONCAT", &l), STATUS_SUCCESS);
    assert_int_equal(answer.n, 48); /* the curve's hash */
    static const uint32_t caps[] = {1, 32, 47, 48, 49, 96, 5000};
    for (size_t i = 0; i < ARRAY_COUNT(caps); i++) {
        oracle("SHA384", "algorithm from u to v ", expected, caps[i]);
        assert_int_equal(derive(*state, "SP800_56A_CONCAT", &l, caps[i]), STATUS_SUCCESS);
        assert_int_equal(answer.n, caps[i]);
        assert_memory_equal(answer.p, expected, caps[i]);
    }
    assert_int_equal(derive(*state, "SP800_56A_CONCAT", &l, 0), STATUS_INVALID_PARAMETER);
}

/* The fields have one order, the list any. */
static void test_order_of_fields(void **state)
{
    uint8_t expected[48];
    struct param_list l = {.count = 0};
    add_param(&l, KDF_SUPPPRIVINFO, text_span("private "));
    add_param(&l, KDF_PARTYVINFO, text_span("to v "));
    add_param(&l, KDF_PARTYUINFO, text_span("from u "));
    add_param(&l, KDF_SUPPPUBINFO, text_span("public "));
    add_param(&l, KDF_ALGORITHMID, text_span("algorithm "));
    oracle("SHA384", "algorithm from u to v public private ", expected, 48);
    assert_int_equal(derive(*state, "SP800_56A_CONCAT", &l, 48), STATUS_SUCCESS);
    assert_memory_equal(answer.p, expected, 48);
}

static void test_needed_and_single(void **state)
{
    for (size_t left_out = 0; left_out < 3; left_out++) {
        struct param_list all = basics(), l = {.count = 0};
        for (size_t i = 0; i < 3; i++) {
            if (i != left_out)
                l.list[l.count++] = all.list[i];
        }
        assert_int_equal(derive(*state, "SP800_56A_CONCAT", &l, 48), STATUS_INVALID_PARAMETER);
        assert_int_equal(query(*state, "SP800_56A_CONCAT", &l), STATUS_INVALID_PARAMETER);
        l = basics();
        l.list[l.count++] = all.list[left_out];
        assert_int_equal(derive(*state, "SP800_56A_CONCAT", &l, 48), STATUS_INVALID_PARAMETER);
    }
}

/* Clients give empty fields, as NULL or not. */
static void test_empty_fields(void **state)
{
    uint8_t expected[48];
    struct param_list l = {.count = 0};
    add_param(&l, KDF_ALGORITHMID, span_of(NULL, 0));
    add_param(&l, KDF_PARTYUINFO, span_of("", 0));
    add_param(&l, KDF_PARTYVINFO, span_of(NULL, 0));
    oracle("SHA384", "", expected, 48);
    assert_int_equal(derive(*state, "SP800_56A_CONCAT", &l, 48), STATUS_SUCCESS);
    assert_memory_equal(answer.p, expected, 48);
}

static void test_named_hash(void **state)
{
    uint8_t expected[100];
    struct param_list l = basics();
    add_hash(&l, "SHA256");
    assert_int_equal(query(*state, "SP800_56A_CONCAT", &l), STATUS_SUCCESS);
    assert_int_equal(answer.n, 32);
    oracle("SHA256", "algorithm from u to v ", expected, 100);
    assert_int_equal(derive(*state, "SP800_56A_CONCAT", &l, 100), STATUS_SUCCESS);
    assert_memory_equal(answer.p, expected, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGREED_TEST(test_any_length),        AGREED_TEST(test_order_of_fields),
        AGREED_TEST(test_needed_and_single), AGREED_TEST(test_empty_fields),
        AGREED_TEST(test_named_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
