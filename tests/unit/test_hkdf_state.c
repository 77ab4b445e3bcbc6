/* The steps of HKDF's settings; what they derive is test_agreed_hkdf.c's and the conformance suite's. */
#include "crypto_check.h"

#include "hkdf_state.h"
#include "kdf_hkdf.h"

#include <uchar.h>

static const struct in sha256 = {u"SHA256", 14, WIDTH_16};
static const struct in salt = {"salt", 4, WIDTH_16};
static const struct in nothing = {NULL, 0, WIDTH_16};

static void state_done(struct hkdf_state *s)
{
    hkdf_state_done(s);
}

#define STATE CLEANUP(state_done) struct hkdf_state

/* Whether a final state holds this hash and key. */
static void assert_final(const struct hkdf_state *s, const char *hash, struct span prk)
{
    const struct digest *d;
    struct span got;
    assert_int_equal(hkdf_state_final(s, &d, &got), STATUS_SUCCESS);
    assert_string_equal(d->name, hash);
    assert_int_equal(got.n, prk.n);
    assert_memory_equal(got.p, prk.p, prk.n);
}

static void assert_not_final(const struct hkdf_state *s)
{
    const struct digest *d = NULL;
    struct span got = {NULL, 0};
    assert_int_equal(hkdf_state_final(s, &d, &got), STATUS_INVALID_HANDLE);
    assert_null(d);
}

static void test_order(void **state)
{
    (void)state;
    STATE s = {.hash = NULL};
    struct span secret = text_span("secret");
    uint8_t prk[32];
    assert_not_final(&s);
    assert_int_equal(hkdf_state_set_salt(&s, secret, &salt), STATUS_INVALID_HANDLE);
    assert_int_equal(hkdf_state_set_prk(&s, secret, &nothing), STATUS_INVALID_HANDLE);
    assert_int_equal(hkdf_state_set_hash(&s, &nothing), STATUS_INVALID_PARAMETER);
    assert_int_equal(hkdf_state_set_hash(&s, &(struct in){u"SHA1", 10, WIDTH_16}), STATUS_SUCCESS);
    assert_int_equal(hkdf_state_set_hash(&s, &sha256), STATUS_SUCCESS);
    assert_not_final(&s);
    assert_int_equal(hkdf_state_set_prk(&s, secret, &salt), STATUS_INVALID_PARAMETER);
    assert_int_equal(hkdf_state_set_salt(&s, secret, &salt), STATUS_SUCCESS);
    assert_int_equal(kdf_hkdf_extract(digest_named("SHA256"), text_span("salt"), secret, prk),
                     STATUS_SUCCESS);
    assert_final(&s, "SHA256", span_of(prk, sizeof prk));
    assert_int_equal(hkdf_state_set_hash(&s, &sha256), STATUS_INVALID_HANDLE);
    assert_int_equal(hkdf_state_set_salt(&s, secret, &salt), STATUS_INVALID_HANDLE);
    assert_int_equal(hkdf_state_set_prk(&s, secret, &nothing), STATUS_INVALID_HANDLE);
    assert_final(&s, "SHA256", span_of(prk, sizeof prk));
}

/* A copy is where its source was, and from there on its own. */
static void test_copies(void **state)
{
    (void)state;
    STATE first = {.hash = NULL}, fresh = {.hash = NULL}, hashed = {.hash = NULL};
    STATE final = {.hash = NULL};
    struct span secret = text_span("secret"), other = text_span("another secret");
    assert_int_equal(hkdf_state_copy(&fresh, &first), STATUS_SUCCESS);
    assert_int_equal(hkdf_state_set_hash(&first, &sha256), STATUS_SUCCESS);
    assert_int_equal(hkdf_state_copy(&hashed, &first), STATUS_SUCCESS);
    assert_int_equal(hkdf_state_set_prk(&first, secret, &nothing), STATUS_SUCCESS);
    assert_int_equal(hkdf_state_copy(&final, &first), STATUS_SUCCESS);

    assert_int_equal(hkdf_state_set_prk(&fresh, secret, &nothing), STATUS_INVALID_HANDLE);
    assert_not_final(&hashed);
    assert_int_equal(hkdf_state_set_prk(&hashed, other, &nothing), STATUS_SUCCESS);
    assert_final(&hashed, "SHA256", other);
    assert_final(&first, "SHA256", secret);
    assert_final(&final, "SHA256", secret);
    assert_int_equal(hkdf_state_set_prk(&final, other, &nothing), STATUS_INVALID_HANDLE);
}

static void test_made(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 20, 100};
    static const uint8_t prk[100] = {1, 2, 3};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        STATE s = {.hash = NULL};
        struct span key = span_of(prk, sizes[i]);
        assert_int_equal(hkdf_state_make(&s, digest_named("SHA1"), key), STATUS_SUCCESS);
        assert_final(&s, "SHA1", key);
        assert_int_equal(hkdf_state_set_hash(&s, &sha256), STATUS_INVALID_HANDLE);
    }
}

static void test_names(void **state)
{
    (void)state;
    const struct digest *d = NULL;
    assert_int_equal(hkdf_state_hash(&(struct name){"SHAKE128"}, &d), STATUS_NOT_SUPPORTED);
    assert_int_equal(hkdf_state_hash(&(struct name){"AES-CMAC"}, &d), STATUS_NOT_SUPPORTED);
    assert_null(d);
    assert_int_equal(hkdf_state_hash(&(struct name){"SHA3-384"}, &d), STATUS_SUCCESS);
    assert_string_equal(d->name, "SHA3-384");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_made),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
