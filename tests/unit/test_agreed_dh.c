/* The agreed secret and the dispatch of its key derivation functions. */
#include "agreed_fixture.h"

#include <pthread.h>
#include <uchar.h>

static const struct param_list none = {.count = 0};

static void test_unknown_function(void **state)
{
    assert_int_equal(derive(*state, "SHA256", &none, 10), STATUS_NOT_SUPPORTED);
    assert_int_equal(derive(*state, "", &none, 10), STATUS_NOT_SUPPORTED);
    assert_int_equal(query(*state, "TRUNCATED", &none), STATUS_NOT_SUPPORTED);
    assert_int_equal(answer.n, NO_RESULT);
    assert_int_equal(derive(*state, "hash", &none, 20), STATUS_SUCCESS);
}

static void test_flags(void **state)
{
    static const char *const functions[] = {"HASH", "HMAC", "TRUNCATE"};
    for (size_t i = 0; i < ARRAY_COUNT(functions); i++) {
        assert_int_equal(derive_flags(*state, functions[i], &none, 2, 20),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(
            derive_flags(*state, functions[i], &none, KDF_USE_SECRET_AS_HMAC_KEY_FLAG, 20),
            STATUS_SUCCESS);
    }
    /* To the others it means nothing. */
    uint8_t with[20];
    assert_int_equal(derive_flags(*state, "HASH", &none, KDF_USE_SECRET_AS_HMAC_KEY_FLAG, 20),
                     STATUS_SUCCESS);
    memcpy(with, answer.p, sizeof with);
    assert_int_equal(derive(*state, "HASH", &none, 20), STATUS_SUCCESS);
    assert_memory_equal(answer.p, with, sizeof with);
}

/* Each function with each type: taken, or STATUS_INVALID_PARAMETER. */
static void test_parameter_types(void **state)
{
    static const struct {
        const char *kdf;
        uint32_t takes[8];
        size_t count;
    } rows[] = {
        {"HASH", {KDF_HASH_ALGORITHM, KDF_SECRET_PREPEND, KDF_SECRET_APPEND}, 3},
        {"HMAC", {KDF_HASH_ALGORITHM, KDF_SECRET_PREPEND, KDF_SECRET_APPEND, KDF_HMAC_KEY}, 4},
        {"TRUNCATE", {0}, 0},
    };
    static const uint32_t types[] = {0,  1,  2,  3,  4,  5,  6,          7,         8,  9,
                                     10, 11, 12, 13, 14, 15, 16,         17,        18, 19,
                                     20, 21, 31, 32, 33, 64, 0x80000000, 0xFFFFFFFF};
    for (size_t r = 0; r < ARRAY_COUNT(rows); r++) {
        for (size_t t = 0; t < ARRAY_COUNT(types); t++) {
            struct param_list l = {.count = 0};
            if (types[t] == KDF_HASH_ALGORITHM)
                add_hash(&l, "SHA1");
            else
                add_param(&l, types[t], text_span("value"));
            bool taken = false;
            for (size_t i = 0; i < rows[r].count; i++)
                taken = taken || rows[r].takes[i] == types[t];
            NTSTATUS expected = taken ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
            assert_int_equal(derive(*state, rows[r].kdf, &l, 20), expected);
            assert_int_equal(query(*state, rows[r].kdf, &l), expected);
        }
    }
}

static void test_truncate(void **state)
{
    struct span z = shared_value();
    assert_int_equal(query(*state, "TRUNCATE", &none), STATUS_SUCCESS);
    assert_int_equal(answer.n, Z_BYTES);
    static const uint32_t caps[] = {0, 1, 16, Z_BYTES - 1, Z_BYTES, Z_BYTES + 1, 1000};
    for (size_t i = 0; i < ARRAY_COUNT(caps); i++) {
        uint32_t n = caps[i] < Z_BYTES ? caps[i] : Z_BYTES;
        assert_int_equal(derive(*state, "TRUNCATE", &none, caps[i]), STATUS_SUCCESS);
        assert_int_equal(answer.n, n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(answer.p[k], z.p[Z_BYTES - 1 - k]);
    }
}

static void test_object(void **state)
{
    (void)state;
    const struct key own = {.class = &agreeing_class, .alg_handle = (void *)(uintptr_t)&none};
    struct agreed *secret;
    uint8_t *z;
    assert_int_equal(agreed_dh_new(&own, 66, "SHA512", &secret, &z), STATUS_SUCCESS);
    assert_ptr_equal(secret->class, &agreeing_class);
    assert_ptr_equal(secret->alg_handle, &none);
    assert_int_equal(secret->object.kind, OBJECT_SECRET);
    for (size_t i = 0; i < 66; i++)
        assert_int_equal(z[i], 0);
    agreed_free(secret);
}

/* Threads derive from one secret at once, each function, always with the same result. */
static void *derive_much(void *secret)
{
    static const char *const functions[] = {"HASH",    "HMAC", "SP800_56A_CONCAT",
                                            "TLS_PRF", "HKDF", "TRUNCATE"};
    struct param_list fields = {.count = 0}, tls = {.count = 0};
    static const uint8_t seed[64];
    add_param(&fields, KDF_ALGORITHMID, text_span("a"));
    add_param(&fields, KDF_PARTYUINFO, text_span("u"));
    add_param(&fields, KDF_PARTYVINFO, text_span("v"));
    add_param(&tls, KDF_TLS_PRF_LABEL, text_span("label"));
    add_param(&tls, KDF_TLS_PRF_SEED, span_of(seed, 64));
    const struct param_list *lists[] = {&none, &none, &fields, &tls, &none, &none};
    uint8_t first[ARRAY_COUNT(functions)][48] = {{0}};
    for (int round = 0; round < 300; round++) {
        for (size_t i = 0; i < ARRAY_COUNT(functions); i++) {
            struct name name = {.s = {0}};
            strncpy(name.s, functions[i], sizeof name.s - 1);
            const struct params params = {lists[i]->list, lists[i]->count};
            uint8_t out[48] = {0};
            uint32_t n;
            const struct out o = {out, sizeof out, &n, WIDTH_16};
            struct agreed *a = secret;
            if (a->class->agreed->derive(a, &name, &params, 0, &o) < 0)
                return secret;
            if (round == 0)
                memcpy(first[i], out, sizeof out);
            else if (memcmp(first[i], out, sizeof out) != 0)
                return secret;
        }
    }
    return NULL;
}

static void test_threads(void **state)
{
    assert_int_equal(set_property(*state, "HkdfHashAlgorithm", u"SHA256", 14), STATUS_SUCCESS);
    assert_int_equal(set_property(*state, "HkdfSaltAndFinalize", NULL, 0), STATUS_SUCCESS);
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, derive_much, *state), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGREED_TEST(test_unknown_function), AGREED_TEST(test_flags),
        AGREED_TEST(test_parameter_types),  AGREED_TEST(test_truncate),
        cmocka_unit_test(test_object),      AGREED_TEST(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
