/* Stores of every released format open: what a user has stored must never be lost to an update. */
#include "store_fixture.h"

#include "store_golden.h"

static size_t unhex(const char *hex, uint8_t *out, size_t cap)
{
    size_t n = strlen(hex) / 2;
    assert_true(n <= cap);
    for (size_t k = 0; k < n; k++) {
        unsigned byte;
        assert_int_equal(sscanf(hex + 2 * k, "%2x", &byte), 1);
        out[k] = (uint8_t)byte;
    }
    return n;
}

static void make_golden(void)
{
    static const char *const folders[] = {"user", "user/keys", "user/protectors",
                                          "user/protection-descriptors"};
    remove_tree(in_home("user"));
    for (size_t i = 0; i < ARRAY_COUNT(folders); i++)
        assert_int_equal(mkdir(in_home(folders[i]), 0700), 0);
    for (size_t i = 0; i < ARRAY_COUNT(golden_files); i++) {
        uint8_t bytes[4096];
        size_t n = unhex(golden_files[i].hex, bytes, sizeof bytes);
        file_write(in_home(golden_files[i].path), bytes, n);
    }
}

static void check_others(struct store *s, struct span passphrase)
{
    uint8_t id[STORE_UUID_BYTES], want_id[STORE_UUID_BYTES], want[64];
    SECRET secret = {NULL, 0};
    char *text = NULL;
    assert_int_equal(store_secret(s, passphrase, "golden", false, id, &secret), STATUS_SUCCESS);
    assert_int_equal(unhex(golden_id, want_id, sizeof want_id), sizeof id);
    assert_memory_equal(id, want_id, sizeof id);
    assert_int_equal(unhex(golden_secret, want, sizeof want), secret.n);
    assert_memory_equal(secret.p, want, secret.n);
    assert_int_equal(store_text_get(s, "golden text", &text), STATUS_SUCCESS);
    assert_string_equal(text, GOLDEN_TEXT);
    free(text);
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
    check_others(s, NO_PASSPHRASE);
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_int_equal(report.keys, 2);
    assert_int_equal(report.slots, 2);
    assert_int_equal(report.damaged, 0);
    assert_int_equal(store_slot_remove(s, "default"), STATUS_SUCCESS);
    store_lock(s);
    check_key(s, text_span("golden passphrase"));
    store_lock(s);
    check_others(s, text_span("golden passphrase"));
    store_close(s);
    print_message("# figure: 35 %zu golden files of version 1 open\n", ARRAY_COUNT(golden_files));
}

#define AT_VERSION 8

/* What a later release wrote: refused as such, and not a byte of it changed by whatever is tried. */
static void test_a_newer_version(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(golden_files); i++) {
        uint8_t bytes[4096], *now = NULL;
        size_t n = unhex(golden_files[i].hex, bytes, sizeof bytes);
        if (memcmp(bytes, "OCNG", 4) != 0)
            continue; /* a text says no version */
        make_golden();
        assert_int_equal(bytes[AT_VERSION], 1);
        bytes[AT_VERSION] = 2;
        file_write(in_home(golden_files[i].path), bytes, n);
        struct store *s = store_new();
        struct store_key *key = NULL;
        SECRET secret = {NULL, 0}, storage = {NULL, 0};
        struct store_payload payload;
        struct store_report report;
        uint8_t id[STORE_UUID_BYTES];
        SECURITY_STATUS loaded = store_load(s, text_span("golden \xF0\x9F\x94\x91"), 2, &key);
        SECURITY_STATUS opened =
            loaded < 0 ? loaded
                       : store_unseal(s, key, text_span("golden passphrase"), &storage, &payload);
        SECURITY_STATUS found =
            store_secret(s, text_span("golden passphrase"), "golden", true, id, &secret);
        if (strstr(golden_files[i].path, ".slot") == NULL)
            assert_true(opened == NTE_BAD_VER || found == NTE_BAD_VER);
        (void)(create(s, "golden \xF0\x9F\x94\x91", 7, false) >= 0);
        (void)(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report) >= 0);
        (void)(store_rotate(s, NULL, NULL, NULL) >= 0);
        store_key_free(key);
        store_close(s);
        assert_int_equal(file_bytes(in_home(golden_files[i].path), &now), n);
        assert_memory_equal(now, bytes, n);
        free(now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_version_1, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(test_a_newer_version, home_setup, home_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
