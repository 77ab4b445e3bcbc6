/*
 * CryptoAPI's derivation. The answers were computed from the formula that Microsoft documents with
 * Python's hashlib; the secret is "the secret".
 */
#include "crypto_check.h"

#include "ct.h"
#include "kdf_capi.h"

static void test_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *hash;
        bool expand;
        const char *out;
    } cases[] = {
        {"SHA1", false, "bd5dfbbbad9d663845eed82155cdb1a7"},
        {"SHA1", true, "6ea2ea7fdef0830c247dd0edb5fa3c05"},
        {"SHA1", false,
         "6ea2ea7fdef0830c247dd0edb5fa3c05bbe9feeff676bbd7b40d4055361aa7579958580b4b3d524d"},
        {"MD5", true, "d262c8cf408372a5676ac8c6f645229a"},
        {"MD5", false, "d262c8cf408372a5676ac8c6f645229a55ac2297d95a86ecf3185018dfa2e6b2"},
        {"SHA256", true, "368a693d784c7d1957ec748148a5de1e1f2e97f1f6360c69b0cfcf6471bbbf07"},
        {"SHA256", false,
         "18ca70cf63b5d3ee62298e2c45981a80c3d4d4405b42c3008c4f04483903189c"
         "bc"},
        {"SHA512", true,
         "971624cf09659152e34bc1b1236172e8e6dc44ed07e944d2141da255106a12dd"
         "e668887929e5ba80fd0991edbd481216b0f2b4d692b757e730aa0b7d89f925b5"
         "9762b1df8ce8e57a3741f6c07eb41f3618040236de5fe9f0a6ca8643bb1f378a"
         "8bad8800"},
    };
    struct span secret = text_span("the secret");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct digest *d = digest_named(cases[i].hash);
        struct bytes expected = bytes_of_hex(cases[i].out);
        struct digest_value value;
        uint8_t out[200];
        assert_int_equal(digest_spans(d, &secret, 1, value.p), STATUS_SUCCESS);
        memset(out, 0xEE, sizeof out);
        assert_int_equal(kdf_capi(d, &value, cases[i].expand, out, expected.n), STATUS_SUCCESS);
        assert_memory_equal(out, expected.p, expected.n);
        assert_int_equal(out[expected.n], 0xEE);
    }
}

/* The three ranges of lengths, for each hash that has digests of one length. */
static void test_lengths(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool sha2;
    } hashes[] = {{"MD5", false},   {"SHA1", false},     {"SHA256", true},   {"SHA384", true},
                  {"SHA512", true}, {"SHA3-256", false}, {"SHA3-512", false}};
    for (size_t h = 0; h < ARRAY_COUNT(hashes); h++) {
        const struct digest *d = digest_named(hashes[h].name);
        struct digest_value value;
        uint8_t all[128], again[129] = {0};
        fill(value.p, sizeof value.p, 5);
        assert_int_equal(kdf_capi(d, &value, false, all, 2u * d->length), STATUS_SUCCESS);
        for (size_t n = 1; n <= 2u * d->length; n++) {
            for (int expand = 0; expand <= 1; expand++) {
                bool plain = n <= d->length && (expand == 0 || hashes[h].sha2);
                assert_int_equal(kdf_capi(d, &value, expand != 0, again, n), STATUS_SUCCESS);
                assert_memory_equal(again, plain ? value.p : all, n);
            }
        }
        memset(again, 0, sizeof again);
        assert_int_equal(kdf_capi(d, &value, false, again, 2u * d->length + 1),
                         STATUS_INVALID_PARAMETER);
        assert_true(ct_all_zero(again, sizeof again));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
