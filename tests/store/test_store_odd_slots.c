/* Slots as no program makes them, and stores that have lost theirs. */
#include "store_fixture.h"

#include "store_slot.h"

static void test_credential_names(void **state)
{
    (void)state;
    struct store *s = store_new();
    char longest[256], line[128];
    memset(longest, 'c', sizeof longest - 1);
    longest[255] = '\0';
    const char *const names[] = {".a", "a.", "...", longest};
    setenv("CREDENTIALS_DIRECTORY", "relative", 1);
    struct store_slot_wish wish = {.name = "one", .type = "credential", .credential = ".a"};
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), NTE_DECRYPTION_FAILURE);
    assert_int_equal(mkdir(in_home("credentials"), 0700), 0);
    setenv("CREDENTIALS_DIRECTORY", in_home("credentials"), 1);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        char path[600];
        snprintf(path, sizeof path, "%s/credentials/%s", home, names[i]);
        file_write(path, "0123456789abcdef", 16);
        wish.credential = names[i];
        assert_int_equal(i == 0 ? store_slot_add(s, NO_PASSPHRASE, &wish)
                                : store_slot_change(s, NO_PASSPHRASE, &wish),
                         STATUS_SUCCESS);
        /* What people read of a name is its first 100 bytes. */
        snprintf(line, sizeof line, "one:credential:credential %.100s ", names[i]);
        assert_string_equal(slots_of(s).names, line);
        store_lock(s);
        assert_int_equal(store_unlock(s, NO_PASSPHRASE), STATUS_SUCCESS);
    }
    unsetenv("CREDENTIALS_DIRECTORY");
    store_close(s);
}

/* Parameters decide how much memory and time are spent before anything is authenticated: what cannot be is refused as it
 * is read. */
static void test_slots_that_cannot_be(void **state)
{
    (void)state;
    static const uint8_t file_short[31] = {1}, file_long[33] = {1};
    static const struct {
        const char *type;
        const void *parameters;
        size_t n;
    } rows[] = {
#define SCRYPT(log2_n, r, p) log2_n r "\0\0\0" p "\0\0\0", 1 + 4 + 4
        {"file", file_short, sizeof file_short},
        {"file", file_long, sizeof file_long},
        {"file", "", 0},
        {"credential", "", 0},
        {"credential", ".", 1},
        {"credential", "..", 2},
        {"credential", "a/b", 3},
        {"credential", "a\0b", 3},
        {"passphrase", "", 0},
        {"passphrase", SCRYPT("\x09", "\x08", "\x01")},
        {"passphrase", SCRYPT("\x13", "\x08", "\x01")},
        {"passphrase", SCRYPT("\x0A", "\x00", "\x01")},
        {"passphrase", SCRYPT("\x0A", "\x09", "\x01")},
        {"passphrase", SCRYPT("\x0A", "\x08", "\x00")},
        {"passphrase", SCRYPT("\x0A", "\x08", "\x03")},
    };
    struct store *s = store_new();
    struct slot slot;
    uint8_t *good = NULL, bytes[SLOT_FILE_MAX];
    char path[600];
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    snprintf(path, sizeof path, "%s", slot_path(""));
    size_t n = file_bytes(path, &good);
    assert_int_equal(slot_decode(span_of(good, n), &slot), STATUS_SUCCESS);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        bool scrypt = strcmp(rows[i].type, "passphrase") == 0 && rows[i].n > 0;
        struct wr w = wr_into(bytes, sizeof bytes);
        wr_bytes(&w, good, 68); /* up to the name */
        wr_u8(&w, 7);
        wr_bytes(&w, "default", 7);
        wr_u8(&w, (uint8_t)strlen(rows[i].type));
        wr_bytes(&w, rows[i].type, strlen(rows[i].type));
        wr_le16(&w, (uint16_t)(rows[i].n + (scrypt ? STORE_SALT_BYTES : 0)));
        wr_bytes(&w, rows[i].parameters, rows[i].n);
        wr_zero(&w, scrypt ? STORE_SALT_BYTES : 0);
        wr_zero(&w, STORE_NONCE_BYTES + STORE_KEY_BYTES + STORE_TAG_BYTES);
        assert_false(w.bad);
        file_write(path, bytes, w.n);
        store_lock(s);
        assert_int_equal(store_unlock(s, text_span("pass")), strcmp(rows[i].type, "passphrase") == 0
                                                                 ? NTE_BAD_DATA
                                                                 : NTE_DECRYPTION_FAILURE);
        SECURITY_STATUS status = has_payload(s, "k", 1, text_span("pass"));
        assert_int_equal(status, NTE_BAD_DATA);
    }
    file_write(path, good, n);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    free(good);
    store_close(s);
}

/* Names of files that are no slot's, though they nearly are. */
static void test_file_names(void **state)
{
    (void)state;
#define HEX30 "0123456789abcdef0123456789abcd"
    static const char *const wrong[] = {"",
                                        ".slot",
                                        "a",
                                        "a." HEX30 "ef",
                                        "a." HEX30 "ef.slo",
                                        "a." HEX30 "ef.slots",
                                        "a." HEX30 "eF.slot",
                                        "a." HEX30 "Ef.slot",
                                        "a." HEX30 "e",
                                        "a." HEX30 "e.slot",
                                        "a/b." HEX30 "ef.slot",
                                        "abcdefghijklmnopqrstuvwxyz0123456." HEX30 "ef.slot"};
    char name[STORE_SLOT_NAME_MAX + 1];
    uint8_t id[STORE_KEK_ID_BYTES];
    assert_true(slot_file_is("a." HEX30 "ef.slot", name, id));
    assert_string_equal(name, "a");
    assert_int_equal(id[15], 0xEF);
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_false(slot_file_is(wrong[i], name, id));
    /* A slot's bytes under such a name are no slot. */
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    SECRET storage = {NULL, 0};
    struct slot slot;
    struct stamp stamp;
    SCOPED_FD fd = open(in_home("user/protectors"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const struct folder folder = {fd, in_home("user/protectors")};
    char own[SLOT_FILE_NAME_MAX + 1], other[SLOT_FILE_NAME_MAX + 1];
    snprintf(own, sizeof own, "%s", strrchr(slot_path(""), '/') + 1);
    assert_true(slot_file_is(own, name, id));
    assert_int_equal(slot_read(&folder, own, &storage, &slot, &stamp), STATUS_SUCCESS);
    secret_done(&storage);
    /* Of no form, of another KEK, of another slot, of one whose name goes on. */
    id[15] ^= 1;
    slot_file_name("default", id, other);
    id[15] ^= 1;
    char renamed[2][SLOT_FILE_NAME_MAX + 1];
    slot_file_name("defaulT", id, renamed[0]);
    slot_file_name("default-", id, renamed[1]);
    const char *const others[] = {"default.slot", other, renamed[0], renamed[1]};
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        assert_int_equal(renameat(fd, own, fd, others[i]), 0);
        assert_int_equal(slot_read(&folder, others[i], &storage, &slot, &stamp), NTE_BAD_DATA);
        assert_null(storage.p);
        assert_int_equal(renameat(fd, others[i], fd, own), 0);
    }
    store_close(s);
}

/* A store that has lost its slots, or all of its protectors, has nothing that could be rotated. */
static void test_rotation_without_slots(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(unlink(slot_path("")), 0);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), NTE_DECRYPTION_FAILURE);
    assert_true(strlen(store_explain()->remedy) > 0);
    assert_int_equal(store_unlock(s, NO_PASSPHRASE), NTE_DECRYPTION_FAILURE);
    assert_int_equal(store_unlock(s, text_span("pass")), NTE_DECRYPTION_FAILURE);
    assert_int_equal(unlink(in_home("user/protectors/current.kek")), 0);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    assert_int_equal(rmdir(in_home("user/protectors")), 0);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    assert_int_equal(count_names(in_home("user"), ""), 1);
    store_close(s);
}

/* A slot that does not open is not passed over: whoever it belongs to would be locked out. */
static void test_rotation_past_damaged_slot(void **state)
{
    (void)state;
    struct store *s = store_new();
    uint8_t *bytes = NULL;
    char path[600];
    const struct store_slot_wish wish = {.name = "spare", .type = "file"};
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    snprintf(path, sizeof path, "%s", slot_path(""));
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    size_t n = file_bytes(path, &bytes);
    bytes[n - 1] ^= 1;
    file_write(path, bytes, n);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), NTE_BAD_DATA);
    assert_string_equal(store_explain()->path, path);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    /* A slot of another KEK that says that it is of this one. */
    struct slot slot;
    uint8_t other[STORE_KEY_BYTES] = {1};
    SECRET forged = {NULL, 0};
    bytes[n - 1] ^= 1;
    assert_int_equal(slot_decode(span_of(bytes, n), &slot), STATUS_SUCCESS);
    const struct store_slot_wish old = {.name = "default", .type = "file"};
    assert_int_equal(slot_make(&old, slot.kek_id, other, &forged), STATUS_SUCCESS);
    file_write(path, forged.p, forged.n);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), NTE_BAD_DATA);
    file_write(path, bytes, n);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(slots_of(s).count, 2);
    free(bytes);
    store_close(s);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_credential_names),
        STORE_TEST(test_slots_that_cannot_be),
        STORE_TEST(test_file_names),
        STORE_TEST(test_rotation_without_slots),
        STORE_TEST(test_rotation_past_damaged_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
