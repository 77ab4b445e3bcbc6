/* The key derivation function TLS_PRF. */
#include "agreed_fixture.h"

static uint8_t seed[65];

static struct param_list basics(void)
{
    struct param_list l = {.count = 0};
    add_param(&l, KDF_TLS_PRF_LABEL, text_span("master secret"));
    add_param(&l, KDF_TLS_PRF_SEED, span_of(seed, 64));
    return l;
}

static void oracle(const char *digest, uint8_t *out)
{
    fill(seed, sizeof seed, 3);
    const OSSL_PARAM params[] = {
        STRING(OSSL_KDF_PARAM_DIGEST, digest), OCTETS(OSSL_KDF_PARAM_SECRET, shared_value()),
        OCTETS(OSSL_KDF_PARAM_SEED, text_span("master secret")),
        OCTETS(OSSL_KDF_PARAM_SEED, span_of(seed, 64)), OSSL_PARAM_construct_end()};
    oracle_kdf("TLS1-PRF", params, out, 48);
}

static void test_protocols(void **state)
{
    static const struct {
        uint32_t protocol;
        const char *hash;     /* NULL: none given */
        const char *expected; /* libcrypto's digest; NULL: refused */
        NTSTATUS status;
    } rows[] = {
        {0, NULL, "MD5-SHA1", 0},
        {0x0301, NULL, "MD5-SHA1", 0},
        {0x0302, NULL, "MD5-SHA1", 0},
        {0xFEFF, NULL, "MD5-SHA1", 0},
        {0x0300, NULL, "MD5-SHA1", 0},
        {0x0002, NULL, "MD5-SHA1", 0},
        {0x0302, "SHA256", "MD5-SHA1", 0},
        {0x0303, NULL, "SHA256", 0},
        {0x0303, "SHA256", "SHA256", 0},
        {0x0303, "SHA384", "SHA384", 0},
        {0x0303, "SHA512", NULL, STATUS_NOT_SUPPORTED},
        {0x0303, "SHA1", NULL, STATUS_NOT_SUPPORTED},
        {0x0303, "nothing", NULL, STATUS_NOT_SUPPORTED},
        {0x0301, "nothing", NULL, STATUS_NOT_SUPPORTED},
        {0x0304, NULL, NULL, STATUS_INVALID_PARAMETER},
        {0xFEFD, NULL, NULL, STATUS_INVALID_PARAMETER},
        {0x10301, NULL, NULL, STATUS_INVALID_PARAMETER},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t expected[48];
        if (rows[i].expected != NULL)
            oracle(rows[i].expected, expected);
        struct param_list l = basics();
        if (rows[i].protocol != 0)
            add_param(&l, KDF_TLS_PRF_PROTOCOL, span_of(&rows[i].protocol, 4));
        if (rows[i].hash != NULL)
            add_hash(&l, rows[i].hash);
        assert_int_equal(derive(*state, "TLS_PRF", &l, 48), rows[i].status);
        if (rows[i].expected != NULL)
            assert_memory_equal(answer.p, expected, 48);
        assert_int_equal(query(*state, "TLS_PRF", &l), rows[i].status);
        assert_int_equal(answer.n, rows[i].expected != NULL ? 48 : NO_RESULT);
    }
}

static void test_always_48_bytes(void **state)
{
    struct param_list l = basics();
    assert_int_equal(derive(*state, "TLS_PRF", &l, 47), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(answer.n, 48);
    assert_int_equal(derive(*state, "TLS_PRF", &l, 49), STATUS_INVALID_PARAMETER);
    assert_int_equal(derive(*state, "TLS_PRF", &l, 48), STATUS_SUCCESS);
    assert_int_equal(answer.n, 48);
}

static void test_label_and_seed_are_needed(void **state)
{
    struct param_list l = basics();
    l.count = 1; /* no seed */
    assert_int_equal(derive(*state, "TLS_PRF", &l, 48), STATUS_INVALID_PARAMETER);
    l = basics();
    l.list[0] = l.list[1]; /* no label */
    l.count = 1;
    assert_int_equal(derive(*state, "TLS_PRF", &l, 48), STATUS_INVALID_PARAMETER);
    assert_int_equal(query(*state, "TLS_PRF", &l), STATUS_INVALID_PARAMETER);
    l = basics();
    add_param(&l, KDF_TLS_PRF_LABEL, text_span("again"));
    assert_int_equal(derive(*state, "TLS_PRF", &l, 48), STATUS_INVALID_PARAMETER);
    static const size_t lengths[] = {0, 1, 63, 65};
    for (size_t i = 0; i < ARRAY_COUNT(lengths); i++) {
        l = basics();
        l.list[1].bytes.n = lengths[i];
        assert_int_equal(derive(*state, "TLS_PRF", &l, 48), STATUS_INVALID_PARAMETER);
        assert_int_equal(query(*state, "TLS_PRF", &l), STATUS_INVALID_PARAMETER);
    }
    uint32_t protocol = 0x0301;
    l = basics();
    add_param(&l, KDF_TLS_PRF_PROTOCOL, span_of(&protocol, 2));
    assert_int_equal(derive(*state, "TLS_PRF", &l, 48), STATUS_INVALID_PARAMETER);
    l.list[2].bytes = span_of(NULL, 0);
    assert_int_equal(derive(*state, "TLS_PRF", &l, 48), STATUS_INVALID_PARAMETER);
}

static void test_flag_is_tolerated(void **state)
{
    uint8_t expected[48];
    oracle("MD5-SHA1", expected);
    struct param_list l = basics();
    assert_int_equal(derive_flags(*state, "TLS_PRF", &l, KDF_USE_SECRET_AS_HMAC_KEY_FLAG, 48),
                     STATUS_SUCCESS);
    assert_memory_equal(answer.p, expected, 48);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGREED_TEST(test_protocols),
        AGREED_TEST(test_always_48_bytes),
        AGREED_TEST(test_label_and_seed_are_needed),
        AGREED_TEST(test_flag_is_tolerated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
