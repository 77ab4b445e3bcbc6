/* Key files that were changed at rest: always an error, never another key, and the other keys stay good. */
#include "store_fixture.h"

/* The key's private part if it can be had, compared with what was stored: NTE_FAIL would be another key. */
static SECURITY_STATUS use(struct store *s)
{
    SECURITY_STATUS status = has_payload(s, "victim", 1, NO_PASSPHRASE);
    assert_int_not_equal(status, NTE_FAIL);
    return status;
}

static size_t victim(struct store *s, uint8_t **bytes, char path[512])
{
    struct test_payload p;
    payload_fill(&p, 1);
    static const struct store_property property = {{(const uint8_t *)"p", 1},
                                                   {(const uint8_t *)"v", 1}};
    struct store_record r = record_of("victim", 0);
    r.properties = &property;
    r.property_count = 1;
    r.ui = (struct store_ui){.flags = 1, .title = text_span("t")};
    assert_int_equal(store_create(s, &r, &p.payload, NO_PASSPHRASE, false, NULL), STATUS_SUCCESS);
    assert_int_equal(create(s, "bystander", 2, false), STATUS_SUCCESS);
    snprintf(path, 512, "%s", key_path("victim", 0));
    return file_bytes(path, bytes);
}

static void test_every_bit(void **state)
{
    (void)state;
    struct store *s = store_new();
    uint8_t *bytes = NULL;
    char path[512];
    size_t n = victim(s, &bytes, path);
    struct store_change change = {.usage = &(uint32_t){1}};
    for (size_t i = 0; i < n; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes[i] ^= (uint8_t)(1u << bit);
            file_write(path, bytes, n);
            SECURITY_STATUS status = use(s);
            assert_true(status == NTE_BAD_DATA || status == NTE_BAD_VER ||
                        status == NTE_DECRYPTION_FAILURE);
            /* Nor does a change wash it clean. */
            struct store_key *key = NULL;
            if (bit == i % 8 && store_load(s, text_span("victim"), 0, &key) >= 0)
                assert_true(store_update(s, key, NO_PASSPHRASE, &change, NULL) < 0);
            store_key_free(key);
            bytes[i] ^= (uint8_t)(1u << bit);
        }
    }
    assert_int_equal(has_payload(s, "bystander", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    file_write(path, bytes, n);
    assert_int_equal(use(s), STATUS_SUCCESS);
    print_message("# figure: 22 %zu bits of a key file flipped one by one, each noticed\n", 8 * n);
    free(bytes);
    store_close(s);
}

static void test_every_length(void **state)
{
    (void)state;
    struct store *s = store_new();
    uint8_t *bytes = NULL;
    char path[512];
    size_t n = victim(s, &bytes, path);
    bytes = realloc(bytes, n + 64);
    memset(bytes + n, 0, 64);
    for (size_t i = 0; i < n + 64; i++) {
        if (i == n)
            continue;
        file_write(path, bytes, i);
        assert_int_equal(use(s), NTE_BAD_DATA);
    }
    print_message("# figure: 22 %zu wrong lengths, each noticed\n", n + 63);
    free(bytes);
    store_close(s);
}

static void test_swaps_and_copies(void **state)
{
    (void)state;
    struct store *s = store_new();
    char a[512], b[512], c[512], away[512];
    assert_int_equal(create(s, "victim", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "other", 2, false), STATUS_SUCCESS);
    snprintf(a, sizeof a, "%s", key_path("victim", 0));
    snprintf(b, sizeof b, "%s", key_path("other", 0));
    snprintf(c, sizeof c, "%s", key_path("third", 0));
    snprintf(away, sizeof away, "%s/away", home);
    assert_int_equal(rename(a, away), 0);
    assert_int_equal(rename(b, a), 0);
    assert_int_equal(rename(away, b), 0);
    assert_int_equal(use(s), NTE_BAD_DATA);
    assert_int_equal(has_payload(s, "other", 2, NO_PASSPHRASE), NTE_BAD_DATA);
    assert_int_equal(rename(b, c), 0); /* a copy under a third name */
    assert_int_equal(has_payload(s, "third", 1, NO_PASSPHRASE), NTE_BAD_DATA);
    /* The same name with another spec is another file. */
    snprintf(b, sizeof b, "%s", key_path("victim", 2));
    assert_int_equal(rename(c, b), 0);
    struct store_key *key = NULL;
    assert_int_equal(store_load(s, text_span("victim"), 2, &key), NTE_BAD_DATA);
    store_close(s);
}

/* A file from another store has another KEK. */
static void test_foreign_key(void **state)
{
    (void)state;
    struct store *s = store_new();
    char away[512], place[512];
    assert_int_equal(create(s, "victim", 1, false), STATUS_SUCCESS);
    snprintf(place, sizeof place, "%s", key_path("victim", 0));
    snprintf(away, sizeof away, "%s/away", home);
    assert_int_equal(rename(place, away), 0);
    store_close(s);
    remove_tree(in_home("user"));
    s = store_new();
    assert_int_equal(create(s, "local", 3, false), STATUS_SUCCESS);
    assert_int_equal(rename(away, place), 0);
    assert_int_equal(use(s), NTE_DECRYPTION_FAILURE);
    assert_int_equal(has_payload(s, "local", 3, NO_PASSPHRASE), STATUS_SUCCESS);
    store_close(s);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_every_bit),
        STORE_TEST(test_every_length),
        STORE_TEST(test_swaps_and_copies),
        STORE_TEST(test_foreign_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
