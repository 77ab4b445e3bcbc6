/* The key derivation functions HASH and HMAC. */
#include "agreed_fixture.h"

static const struct param_list none = {.count = 0};

/* Digest of up to six texts, by libcrypto. */
static void oracle_hash(const char *name, uint8_t *out, const struct span *parts, size_t count)
{
    SCOPED_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
    assert_int_equal(EVP_DigestInit_ex(ctx, md, NULL), 1);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(EVP_DigestUpdate(ctx, parts[i].p, parts[i].n), 1);
    assert_int_equal(EVP_DigestFinal_ex(ctx, out, NULL), 1);
    EVP_MD_free(md);
}

static void oracle_hmac(const char *name, struct span key, const struct span *parts, size_t count,
                        uint8_t *out)
{
    uint8_t text[1000];
    size_t n = 0, length;
    for (size_t i = 0; i < count; i++) {
        memcpy(text + n, parts[i].p, parts[i].n);
        n += parts[i].n;
    }
    assert_non_null(EVP_Q_mac(NULL, "HMAC", NULL, name, NULL,
                              key.n == 0 ? (const uint8_t *)"" : key.p, key.n, text, n, out, 64,
                              &length));
}

static const struct {
    const char *ours, *theirs;
    uint32_t length;
} hashes[] = {
    {"MD5", "MD5", 16},       {"SHA1", "SHA1", 20},         {"SHA256", "SHA256", 32},
    {"SHA384", "SHA384", 48}, {"SHA512", "SHA512", 64},     {"SHA3-256", "SHA3-256", 32},
    {"sha256", "SHA256", 32}, {"SHA3-512", "SHA3-512", 64},
};

static void test_default_is_sha1(void **state)
{
    uint8_t expected[64];
    struct span z = shared_value();
    oracle_hash("SHA1", expected, &z, 1);
    assert_int_equal(query(*state, "HASH", &none), STATUS_SUCCESS);
    assert_int_equal(answer.n, 20);
    assert_int_equal(derive(*state, "HASH", &none, 20), STATUS_SUCCESS);
    assert_int_equal(answer.n, 20);
    assert_memory_equal(answer.p, expected, 20);
}

/* The whole value for a size query, else as much of it as the buffer holds. */
static void check_lengths(struct agreed *secret, const char *kdf, const struct param_list *l,
                          const uint8_t *expected, uint32_t full)
{
    const uint32_t caps[] = {0, 1, 10, full - 1, full, full + 1, 200};
    assert_int_equal(query(secret, kdf, l), STATUS_SUCCESS);
    assert_int_equal(answer.n, full);
    for (size_t k = 0; k < ARRAY_COUNT(caps); k++) {
        uint32_t n = caps[k] < full ? caps[k] : full;
        assert_int_equal(derive(secret, kdf, l, caps[k]), STATUS_SUCCESS);
        assert_int_equal(answer.n, n);
        assert_memory_equal(answer.p, expected, n);
    }
}

static void test_lengths(void **state)
{
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        uint8_t expected[64];
        struct span z = shared_value();
        struct param_list l = {.count = 0};
        add_hash(&l, hashes[i].ours);
        oracle_hash(hashes[i].theirs, expected, &z, 1);
        check_lengths(*state, "HASH", &l, expected, hashes[i].length);
        oracle_hmac(hashes[i].theirs, text_span("key"), &z, 1, expected);
        add_param(&l, KDF_HMAC_KEY, text_span("key"));
        check_lengths(*state, "HMAC", &l, expected, hashes[i].length);
    }
}

static void test_no_hash(void **state)
{
    static const char *const names[] = {"RNG", "SHA224", "", "AES", "SHA256 "};
    static const char *const functions[] = {"HASH", "HMAC", "SP800_56A_CONCAT"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        for (size_t f = 0; f < ARRAY_COUNT(functions); f++) {
            struct param_list l = {.count = 0};
            add_hash(&l, names[i]);
            if (f == 2) {
                add_param(&l, KDF_ALGORITHMID, text_span("a"));
                add_param(&l, KDF_PARTYUINFO, text_span("u"));
                add_param(&l, KDF_PARTYVINFO, text_span("v"));
            }
            assert_int_equal(derive(*state, functions[f], &l, 20), STATUS_NOT_SUPPORTED);
            assert_int_equal(query(*state, functions[f], &l), STATUS_NOT_SUPPORTED);
            assert_int_equal(answer.n, NO_RESULT);
        }
    }
    struct param_list xof = {.count = 0};
    add_hash(&xof, "SHAKE128");
    assert_int_equal(derive(*state, "HMAC", &xof, 20), STATUS_NOT_SUPPORTED);
    assert_int_equal(query(*state, "HMAC", &xof), STATUS_NOT_SUPPORTED);
    assert_int_equal(derive(*state, "HASH", &xof, 100), STATUS_SUCCESS);
    assert_int_equal(answer.n, 32);
}

static void test_two_hashes(void **state)
{
    struct param_list l = {.count = 0};
    add_hash(&l, "SHA256");
    add_hash(&l, "SHA256");
    assert_int_equal(derive(*state, "HASH", &l, 20), STATUS_INVALID_PARAMETER);
    assert_int_equal(derive(*state, "HMAC", &l, 20), STATUS_INVALID_PARAMETER);
}

/* Every order of hash, two prepends and two appends gives prepend1 prepend2 Z append1 append2. */
static void test_prepend_append_in_any_order(void **state)
{
    const struct span parts[] = {text_span("first "), text_span("second "), shared_value(),
                                 text_span(" third"), text_span(" fourth")};
    uint8_t expected[64], keyed[64];
    oracle_hash("SHA256", expected, parts, 5);
    oracle_hmac("SHA256", text_span("key"), parts, 5, keyed);
    for (size_t order = 0; order < 5 * 5 * 5 * 5 * 5; order++) {
        size_t at[5], rest = order;
        bool seen[5] = {false}, good = true;
        for (size_t i = 0; i < 5; i++, rest /= 5) {
            at[i] = rest % 5;
            good = good && !seen[at[i]];
            seen[at[i]] = true;
        }
        if (!good)
            continue;
        struct param_list l = {.count = 0};
        size_t prepends = 0, appends = 3;
        for (size_t i = 0; i < 5; i++) {
            if (at[i] == 0)
                add_hash(&l, "SHA256");
            else if (at[i] <= 2)
                add_param(&l, KDF_SECRET_PREPEND, parts[prepends++]);
            else
                add_param(&l, KDF_SECRET_APPEND, parts[appends++]);
        }
        assert_int_equal(derive(*state, "HASH", &l, 32), STATUS_SUCCESS);
        assert_memory_equal(answer.p, expected, 32);
        add_param(&l, KDF_HMAC_KEY, text_span("key"));
        assert_int_equal(derive(*state, "HMAC", &l, 32), STATUS_SUCCESS);
        assert_memory_equal(answer.p, keyed, 32);
    }
}

/* More parts than the stack holds, empty ones among them. */
static void test_many_parts(void **state)
{
    struct span parts[41];
    struct param_list l = {.count = 0};
    for (size_t i = 0; i < 20; i++) {
        parts[i] = span_of("prepended bytes", i % 16);
        parts[21 + i] = span_of("appended bytes", i % 15);
        add_param(&l, KDF_SECRET_APPEND, parts[21 + i]);
        add_param(&l, KDF_SECRET_PREPEND, i % 16 == 0 ? span_of(NULL, 0) : parts[i]);
    }
    parts[20] = shared_value();
    uint8_t expected[64];
    oracle_hash("SHA1", expected, parts, 41);
    assert_int_equal(derive(*state, "HASH", &l, 20), STATUS_SUCCESS);
    assert_memory_equal(answer.p, expected, 20);
}

static void test_hmac_keys(void **state)
{
    struct span z = shared_value();
    const uint32_t flag = KDF_USE_SECRET_AS_HMAC_KEY_FLAG;
    uint8_t with_secret[64], with_key[64], with_empty[64];
    oracle_hmac("SHA1", z, &z, 1, with_secret);
    oracle_hmac("SHA1", text_span("key"), &z, 1, with_key);
    oracle_hmac("SHA1", span_of(NULL, 0), &z, 1, with_empty);
    struct param_list key = {.count = 0}, empty = {.count = 0}, null = {.count = 0},
                      twice = {.count = 0};
    add_param(&key, KDF_HMAC_KEY, text_span("key"));
    add_param(&empty, KDF_HMAC_KEY, span_of("", 0));
    add_param(&null, KDF_HMAC_KEY, span_of(NULL, 0));
    add_param(&twice, KDF_HMAC_KEY, text_span("key"));
    add_param(&twice, KDF_HMAC_KEY, text_span("key"));
    const struct {
        const struct param_list *list;
        uint32_t flags;
        const uint8_t *expected; /* NULL: refused */
    } rows[] = {
        {&key, 0, with_key},     {&key, flag, NULL},      {&none, flag, with_secret},
        {&none, 0, with_empty},  {&null, 0, with_secret}, {&null, flag, with_secret},
        {&empty, 0, with_empty}, {&empty, flag, NULL},    {&twice, 0, NULL},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        NTSTATUS expected = rows[i].expected == NULL ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
        assert_int_equal(derive_flags(*state, "HMAC", rows[i].list, rows[i].flags, 20), expected);
        if (rows[i].expected != NULL)
            assert_memory_equal(answer.p, rows[i].expected, 20);
        assert_int_equal(query_flags(*state, "HMAC", rows[i].list, rows[i].flags), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGREED_TEST(test_default_is_sha1), AGREED_TEST(test_lengths),
        AGREED_TEST(test_no_hash),         AGREED_TEST(test_two_hashes),
        AGREED_TEST(test_many_parts),      AGREED_TEST(test_prepend_append_in_any_order),
        AGREED_TEST(test_hmac_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
