/* Stores of every released format open: what a user has stored must never be lost to an update. */
#include "store_fixture.h"

#include "store_golden.h"

static void make_golden(void)
{
    assert_int_equal(mkdir(in_home("user"), 0700), 0);
    assert_int_equal(mkdir(in_home("user/keys"), 0700), 0);
    assert_int_equal(mkdir(in_home("user/protectors"), 0700), 0);
    for (size_t i = 0; i < ARRAY_COUNT(golden_files); i++) {
        uint8_t bytes[4096];
        size_t n = strlen(golden_files[i].hex) / 2;
        assert_true(n <= sizeof bytes);
        for (size_t k = 0; k < n; k++) {
            unsigned byte;
            assert_int_equal(sscanf(golden_files[i].hex + 2 * k, "%2x", &byte), 1);
            bytes[k] = (uint8_t)byte;
        }
        file_write(in_home(golden_files[i].path), bytes, n);
    }
}

static void check_key(struct store *s, struct span passphrase)
{
    struct store_key *key = NULL;
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    struct test_payload expected;
    assert_int_equal(store_load(s, text_span("golden \xF0\x9F\x94\x91"), 2, &key), STATUS_SUCCESS);
    assert_int_equal(store_unseal(s, key, passphrase, &storage, &payload), STATUS_SUCCESS);
    payload_fill(&expected, 42);
    assert_span(payload.type, "RSAFULLPRIVATEBLOB");
    assert_int_equal(payload.blob.n, sizeof expected.bytes);
    assert_memory_equal(payload.blob.p, expected.bytes, sizeof expected.bytes);
    assert_span(key->record.name, "Golden \xF0\x9F\x94\x91");
    assert_span(key->record.curve, "nistP256");
    assert_int_equal(key->record.type_flags, 0x20);
    assert_int_equal(key->record.export_policy, 3);
    assert_span(key->record.public_blob, "the public part of the key");
    assert_span(key->record.ui.friendly_name, "friendly");
    assert_int_equal(key->record.property_count, 2);
    assert_span(key->record.properties[0].name, "A property");
    assert_span(key->record.properties[0].value, "its value");
    assert_span(key->record.properties[1].name, "Another");
    store_key_free(key);
}

static void test_version_1(void **state)
{
    (void)state;
    make_golden();
    struct store *s = store_new();
    struct store_report report;
    check_key(s, NO_PASSPHRASE);
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_int_equal(report.keys, 1);
    assert_int_equal(report.slots, 2);
    assert_int_equal(report.damaged, 0);
    assert_int_equal(store_slot_remove(s, "default"), STATUS_SUCCESS);
    store_lock(s);
    check_key(s, text_span("golden passphrase"));
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_version_1, home_setup, home_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
