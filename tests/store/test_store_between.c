/*
 * What others do between two calls of ours. They are another store of the same folders, which acts at a moment that the test
 * names: just before the store under test makes a certain call. Who reads sees what was there before or what is there now; who writes
 * loses nothing of theirs.
 */
#include "store_wrap.h"

static struct store *ours, *theirs;

static int between_setup(void **state)
{
    if (home_setup(state) != 0)
        return -1;
    alarm(60); /* who waits for a lock that he holds himself is seen to fail, not to hang */
    setenv("XDG_RUNTIME_DIR", in_home("run"), 1);
    ours = store_new();
    theirs = store_new();
    return create(theirs, "a", 1, false) >= 0 ? 0 : -1;
}

static int between_teardown(void **state)
{
    fault.armed = false;
    store_close(ours);
    store_close(theirs);
    return home_teardown(state);
}

/* --- what they do ------------------------------------------------------------------------------------- */

static void they_delete(void)
{
    struct store_key *key = NULL;
    if (store_load(theirs, text_span("a"), 0, &key) >= 0)
        assert_int_equal(store_delete(theirs, key), STATUS_SUCCESS);
    store_key_free(key);
}

static void they_delete_all(void)
{
    they_delete();
    if (access(key_path("new", 0), F_OK) == 0)
        assert_int_equal(unlink(key_path("new", 0)), 0);
}

static void they_replace(void)
{
    assert_int_equal(create(theirs, "a", 2, true), STATUS_SUCCESS);
}

static void they_create(void)
{
    assert_int_equal(create(theirs, "new", 9, true), STATUS_SUCCESS);
}

static void they_delete_new(void)
{
    assert_int_equal(unlink(key_path("new", 0)), 0);
}

/* Without a lock, as a person does it. */
static void they_unlink(void)
{
    assert_int_equal(unlink(key_path("a", 0)), 0);
}

static void they_cut(void)
{
    assert_int_equal(truncate(key_path("a", 0), 60), 0);
}

static void they_rotate(void)
{
    assert_int_equal(store_rotate(theirs, NULL, NULL, NULL), STATUS_SUCCESS);
}

static bool stop_at_once(size_t done, size_t total, void *arg)
{
    (void)done, (void)total, (void)arg;
    return false;
}

static void they_begin_to_rotate(void)
{
    assert_int_equal(store_rotate(theirs, NULL, stop_at_once, NULL), NTE_USER_CANCELLED);
}

/* Where our folder was made just now. */
static void they_put_a_link(void)
{
    char elsewhere[300];
    snprintf(elsewhere, sizeof elsewhere, "%s", in_home("elsewhere"));
    assert_int_equal(rmdir(in_home("user/keys")), 0);
    assert_int_equal(mkdir(elsewhere, 0700) | chmod(elsewhere, 0755), 0);
    assert_int_equal(symlink(elsewhere, in_home("user/keys")), 0);
}

static void they_remove_the_lock(void)
{
    assert_int_equal(unlink(in_home("user/keys/.lock")), 0);
}

static const struct store_slot_wish another = {.name = "another", .type = "file"};

static void they_add_a_slot(void)
{
    assert_int_equal(store_slot_add(theirs, NO_PASSPHRASE, &another), STATUS_SUCCESS);
}

static void they_change_a_slot(void)
{
    assert_int_equal(store_slot_change(theirs, NO_PASSPHRASE, &another), STATUS_SUCCESS);
}

static void they_remove_a_slot(void)
{
    assert_int_equal(store_slot_remove(theirs, "another"), STATUS_SUCCESS);
}

static void they_unlink_the_slot(void)
{
    assert_int_equal(unlink(slot_path("default.")), 0);
}

/* A copy of the slot takes its place. */
static void they_copy_the_slot(void)
{
    const char *path = slot_path("default.");
    uint8_t *bytes = NULL;
    size_t n = file_bytes(path, &bytes);
    file_write(in_home("copy"), bytes, n);
    free(bytes);
    assert_int_equal(rename(in_home("copy"), path), 0);
}

static void they_make_the_secret(void)
{
    uint8_t id[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0};
    assert_int_equal(store_secret(theirs, NO_PASSPHRASE, "test", true, id, &secret),
                     STATUS_SUCCESS);
}

static void they_delete_the_secret(void)
{
    (void)unlink(key_path("test", STORE_SPEC_SECRET));
}

static uint8_t session_id[STORE_UUID_BYTES];

static void they_make_the_session(void)
{
    SECRET secret = {NULL, 0};
    assert_int_equal(store_session_secret(true, session_id, &secret), STATUS_SUCCESS);
}

static void they_make_the_folder(void)
{
    assert_int_equal(mkdir(in_home("user"), 0700), 0);
}

/* --- reading ------------------------------------------------------------------------------------------ */

static SECURITY_STATUS load(void)
{
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(ours, text_span("a"), 0, &key);
    store_key_free(key);
    return status;
}

static void test_load(void **state)
{
    (void)state;
    PLAY({"pread", .act = they_replace});
    assert_int_equal(has_payload(ours, "a", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    play_end();
    PLAY({"pread", .times = 100, .act = they_replace});
    assert_int_equal(load(), HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION));
    play_end();
    PLAY({"pread", .times = 99, .act = they_replace});
    assert_int_equal(load(), STATUS_SUCCESS);
    play_end();
    PLAY({"pread", .act = they_cut});
    assert_int_equal(load(), NTE_BAD_DATA);
    play_end();
    assert_non_null(strstr(store_explain()->problem, "cut"));
    they_replace();
    PLAY({"pread", .act = they_delete});
    assert_int_equal(load(), NTE_BAD_KEYSET);
    play_end();
}

static void test_enumerate(void **state)
{
    (void)state;
    static const char *const moments[] = {"openat", "pread"};
    for (size_t i = 0; i < ARRAY_COUNT(moments); i++) {
        struct store_enum *e = NULL;
        struct store_entry entry;
        they_replace();
        assert_int_equal(store_enum_new(ours, &e), STATUS_SUCCESS);
        PLAY({moments[i], .act = they_delete});
        assert_int_equal(store_enum_next(e, &entry), NTE_NO_MORE_ITEMS);
        play_end();
        assert_int_equal(store_enum_damaged(e), 0);
        store_enum_free(e);
    }
}

/* The folder is read first by who removes leftovers, there and among the slots, twice; for the slots; for the KEK; by who
 * counts keys; and then for the keys. */
#define BEFORE_THE_KEYS "fdopendir", 6

static bool in_bounds(size_t done, size_t total, void *arg)
{
    ++*(size_t *)arg;
    assert_true(done <= total);
    return true;
}

static void test_check(void **state)
{
    (void)state;
    static const struct {
        struct step step;
        size_t keys;
    } rows[] = {
        {{BEFORE_THE_KEYS, .act = they_create}, 2},
        {{BEFORE_THE_KEYS, .act = they_rotate}, 2},
        {{BEFORE_THE_KEYS, .act = they_begin_to_rotate}, 2},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct store_report report;
        size_t calls = 0;
        store_lock(ours);
        play_begin(&rows[i].step, 1);
        assert_int_equal(store_check(ours, NO_PASSPHRASE, NULL, in_bounds, &calls, &report),
                         STATUS_SUCCESS);
        play_end();
        assert_int_equal(report.damaged, 0);
        assert_int_equal(report.keys, rows[i].keys);
        assert_true(calls >= report.keys);
    }
    struct store_report report;
    PLAY({BEFORE_THE_KEYS}, {"pread", .act = they_delete_all});
    assert_int_equal(store_check(ours, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    play_end();
    assert_int_equal(report.damaged, 0);
    assert_int_equal(report.keys, 0);
    /* After the folder of the slots was listed. */
    store_lock(ours);
    PLAY({"fdopendir", .passed = 3}, {"openat", .act = they_unlink_the_slot});
    assert_int_equal(store_check(ours, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    play_end();
    assert_int_equal(report.damaged, 0);
    assert_int_equal(report.slots, 0);
    assert_true(report.sealed);
}

static bool count_slots(const struct store_slot *slot, void *arg)
{
    assert_false(slot->damaged);
    ++*(size_t *)arg;
    return true;
}

static void test_slots(void **state)
{
    (void)state;
    size_t n = 0;
    PLAY({"pread", .passed = 1, .act = they_copy_the_slot});
    assert_int_equal(has_payload(ours, "a", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    play_end();
    /* However often it is replaced, it is the slot. */
    store_lock(ours);
    PLAY({"pread", .passed = 2, .times = 100, .act = they_copy_the_slot});
    assert_int_equal(has_payload(ours, "a", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    play_end();
    PLAY({"fdopendir", .act = they_add_a_slot});
    assert_int_equal(store_slots(ours, count_slots, &n), STATUS_SUCCESS);
    play_end();
    assert_int_equal(n, 2);
    PLAY({"openat", .passed = 4, .act = they_unlink_the_slot});
    assert_int_equal(store_slots(ours, count_slots, &n), STATUS_SUCCESS);
    play_end();
    assert_true(n == 3 || n == 4); /* which of the two is looked at first is not known */
}

/* --- the KEK ------------------------------------------------------------------------------------------- */

static void test_kek(void **state)
{
    (void)state;
    /* Between the reading of current.kek and that of the slots. */
    PLAY({"fdopendir", .act = they_rotate});
    assert_int_equal(store_unlock(ours, NO_PASSPHRASE), STATUS_SUCCESS);
    play_end();
    store_lock(ours);
    PLAY({"fdopendir", .times = 8, .act = they_rotate});
    assert_int_equal(store_unlock(ours, NO_PASSPHRASE), NTE_DECRYPTION_FAILURE);
    play_end();
    assert_int_equal(store_unlock(ours, NO_PASSPHRASE), STATUS_SUCCESS);
}

/* Keys that were loaded before a rotation are read again, if they are still there. */
static void test_unseal(void **state)
{
    (void)state;
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    struct store_key *key = NULL;
    assert_int_equal(store_load(ours, text_span("a"), 0, &key), STATUS_SUCCESS);
    they_rotate();
    PLAY({"pread", .act = they_delete});
    assert_int_equal(store_unseal(ours, key, NO_PASSPHRASE, &storage, &payload), NTE_BAD_KEYSET);
    play_end();
    store_key_free(key);
}

/* --- changing ------------------------------------------------------------------------------------------- */

static void test_create(void **state)
{
    (void)state;
    PLAY({"fcntl", .act = they_rotate});
    assert_int_equal(create(ours, "b", 3, false), STATUS_SUCCESS);
    play_end();
    assert_int_equal(has_payload(theirs, "b", 3, NO_PASSPHRASE), STATUS_SUCCESS);
    PLAY({"fcntl", .times = 8, .act = they_rotate});
    assert_int_equal(create(ours, "new", 4, false), NTE_FAIL);
    play_end();
    assert_int_equal(store_exists(ours, text_span("new"), 0), NTE_BAD_KEYSET);
    PLAY({"fcntl", .act = they_create});
    assert_int_equal(create(ours, "new", 4, false), NTE_EXISTS);
    play_end();
    assert_int_equal(has_payload(ours, "new", 9, NO_PASSPHRASE), STATUS_SUCCESS);
}

/* A key that could not be made durable is taken back; what is somebody else's by now is not. */
static void test_create_taken_back(void **state)
{
    (void)state;
    PLAY({"fsync", .passed = 1, .act = they_create, .error = EIO});
    assert_int_equal(create(ours, "new", 4, false), HRESULT_FROM_WIN32(ERROR_WRITE_FAULT));
    play_end();
    assert_int_equal(has_payload(ours, "new", 9, NO_PASSPHRASE), STATUS_SUCCESS);
    they_delete_new();
    PLAY({"fsync", .passed = 1, .act = they_delete_new, .error = EIO});
    assert_int_equal(create(ours, "new", 4, false), HRESULT_FROM_WIN32(ERROR_WRITE_FAULT));
    play_end();
    assert_int_equal(store_exists(ours, text_span("new"), 0), NTE_BAD_KEYSET);
    /* Nobody can say whose it is: it stays. */
    PLAY({"fsync", .passed = 1, .error = EIO}, {"fstat", .passed = 2, .error = EIO});
    assert_int_equal(create(ours, "new", 4, false), HRESULT_FROM_WIN32(ERROR_WRITE_FAULT));
    play_end();
    assert_int_equal(has_payload(ours, "new", 4, NO_PASSPHRASE), STATUS_SUCCESS);
}

static void test_delete(void **state)
{
    (void)state;
    struct store_key *key = NULL;
    assert_int_equal(store_load(ours, text_span("a"), 0, &key), STATUS_SUCCESS);
    PLAY({"unlinkat", .act = they_unlink});
    assert_int_equal(store_delete(ours, key), NTE_BAD_KEYSET);
    play_end();
    store_key_free(key);
}

static void test_lock(void **state)
{
    (void)state;
    PLAY({"fcntl", .times = 3, .act = they_remove_the_lock});
    assert_int_equal(create(ours, "b", 3, false), STATUS_SUCCESS);
    play_end();
    assert_int_equal(access(in_home("user/keys/.lock"), F_OK), 0);
    PLAY({"fcntl", .times = 3, .error = EINTR});
    assert_int_equal(create(ours, "c", 3, false), STATUS_SUCCESS);
    play_end();
    PLAY({"fcntl", .times = 1000, .act = they_remove_the_lock});
    assert_int_equal(create(ours, "new", 4, false), NTE_FAIL);
    play_end();
    assert_int_equal(store_exists(ours, text_span("new"), 0), NTE_BAD_KEYSET);
    assert_int_equal(count_names(in_home("user/keys"), ".tmp-"), 0);
}

static void test_folders(void **state)
{
    (void)state;
    remove_tree(in_home("user"));
    store_lock(ours);
    PLAY({"mkdirat", .act = they_make_the_folder});
    assert_int_equal(create(ours, "b", 3, false), STATUS_SUCCESS);
    play_end();
}

/* Nothing that a link leads to becomes a part of the store, or gets its mode. */
static void test_folder_that_becomes_a_link(void **state)
{
    (void)state;
    struct stat st;
    remove_tree(in_home("user"));
    store_lock(ours);
    PLAY({"mkdirat", .passed = 1}, {"openat", .act = they_put_a_link});
    assert_true(create(ours, "b", 3, false) < 0);
    play_end();
    assert_int_equal(stat(in_home("elsewhere"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    assert_int_equal(rmdir(in_home("elsewhere")), 0); /* nothing is in it */
}

/* --- rotation --------------------------------------------------------------------------------------------- */

/* What they do to the slots after ours were made anew, and before they are in force, is not lost. */
static void test_rotation_of_other_slots(void **state)
{
    (void)state;
    static void (*const acts[])(void) = {they_add_a_slot, they_change_a_slot, they_remove_a_slot};
    for (size_t i = 0; i < ARRAY_COUNT(acts); i++) {
        PLAY({"fcntl", .act = acts[i]});
        assert_int_equal(store_rotate(ours, NULL, NULL, NULL),
                         HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION));
        play_end();
        struct store_report report;
        assert_int_equal(store_check(theirs, NO_PASSPHRASE, NULL, NULL, NULL, &report),
                         STATUS_SUCCESS);
        assert_int_equal(report.slots, acts[i] == they_remove_a_slot ? 1 : 2);
        assert_int_equal(report.damaged, 0);
        assert_false(report.rotating);
    }
    assert_int_equal(store_rotate(ours, NULL, NULL, NULL), STATUS_SUCCESS);
}

static void test_rotation_of_others(void **state)
{
    (void)state;
    static const struct step before_the_first_key = {"fcntl", .passed = 1, .act = they_rotate},
                             key_is_gone = {"fcntl", .passed = 1, .act = they_delete},
                             begun = {"fcntl", .act = they_begin_to_rotate},
                             over = {"fcntl", .act = they_rotate},
                             finished = {"fstatat", .passed = 1, .act = they_rotate};
    const struct step *const steps[] = {&before_the_first_key, &begun, &over, &finished,
                                        &key_is_gone};
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        struct store_report report;
        play_begin(steps[i], 1);
        assert_int_equal(store_rotate(ours, NULL, NULL, NULL), STATUS_SUCCESS);
        play_end();
        assert_int_equal(store_check(theirs, NO_PASSPHRASE, NULL, NULL, NULL, &report),
                         STATUS_SUCCESS);
        assert_int_equal(report.damaged, 0);
        assert_false(report.rotating);
        assert_int_equal(has_payload(theirs, "a", 1, NO_PASSPHRASE),
                         steps[i] == &key_is_gone ? NTE_BAD_KEYSET : STATUS_SUCCESS);
    }
    PLAY({"fcntl", .times = 8, .act = they_rotate});
    assert_int_equal(store_rotate(ours, NULL, NULL, NULL),
                     HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION));
    play_end();
}

/* --- secrets ------------------------------------------------------------------------------------------------ */

static void test_secret(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES], other[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0}, same = {NULL, 0};
    assert_int_equal(store_unlock(ours, NO_PASSPHRASE), STATUS_SUCCESS);
    PLAY({"fcntl", .act = they_make_the_secret});
    assert_int_equal(store_secret(ours, NO_PASSPHRASE, "test", true, id, &secret), STATUS_SUCCESS);
    play_end();
    assert_int_equal(store_secret(theirs, NO_PASSPHRASE, "test", false, other, &same),
                     STATUS_SUCCESS);
    assert_memory_equal(id, other, sizeof id);
    assert_memory_equal(secret.p, same.p, same.n);
    /* Each that is made is deleted before it is read. */
    they_delete_the_secret();
    PLAY({"pread", .times = 7, .act = they_delete_the_secret});
    SECRET none = {NULL, 0};
    assert_int_equal(store_secret(ours, NO_PASSPHRASE, "test", true, id, &none), NTE_FAIL);
    play_end();
    assert_null(none.p);
}

static void test_session(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0};
    PLAY({"fcntl", .act = they_make_the_session});
    assert_int_equal(store_session_secret(true, id, &secret), STATUS_SUCCESS);
    play_end();
    assert_memory_equal(id, session_id, sizeof id);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, between_setup, between_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_load),
        STORE_TEST(test_enumerate),
        STORE_TEST(test_check),
        STORE_TEST(test_slots),
        STORE_TEST(test_kek),
        STORE_TEST(test_unseal),
        STORE_TEST(test_create),
        STORE_TEST(test_create_taken_back),
        STORE_TEST(test_delete),
        STORE_TEST(test_lock),
        STORE_TEST(test_folders),
        STORE_TEST(test_folder_that_becomes_a_link),
        STORE_TEST(test_rotation_of_other_slots),
        STORE_TEST(test_rotation_of_others),
        STORE_TEST(test_secret),
        STORE_TEST(test_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
