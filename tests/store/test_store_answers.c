/*
 * Answers of the system that a test cannot bring about: a name that is taken where nobody can have taken it, a folder that cannot
 * be synced, a transfer of nothing, no memory for saying why. Each is given once, at a moment that the test names.
 */
#include "store_wrap.h"

#include <limits.h>

#include "store_file.h"
#include "store_protector.h"

static struct store *s;

static int answers_setup(void **state)
{
    if (home_setup(state) != 0)
        return -1;
    alarm(60);
    s = store_new();
    return create(s, "a", 1, false) >= 0 ? 0 : -1;
}

static int answers_teardown(void **state)
{
    fault.armed = false;
    lacking.function = NULL;
    store_close(s);
    return home_teardown(state);
}

/* --- publishing --------------------------------------------------------------------------------------- */

/* Temporary names are drawn until one is free, but not for ever. */
static void test_temporary_names(void **state)
{
    (void)state;
    /* The first is the lock's. */
    PLAY({"openat", .passed = 3, .times = 7, .error = EEXIST});
    assert_int_equal(create(s, "a", 2, true), STATUS_SUCCESS);
    play_end();
    assert_int_equal(has_payload(s, "a", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    PLAY({"openat", .passed = 3, .times = 8, .error = EEXIST});
    assert_int_equal(create(s, "a", 3, true), NTE_FAIL);
    play_end();
    assert_int_equal(has_payload(s, "a", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(count_names(in_home("user/keys"), ".tmp-"), 0);
}

/* Where there are no files without names, the name is given by a rename that replaces nothing, or by a link. */
static void test_other_ways_to_a_name(void **state)
{
    (void)state;
    static const struct {
        const char *lacking;
        int lacking_error;
        struct step step;
        SECURITY_STATUS status;
    } rows[] = {
        {"O_TMPFILE", EOPNOTSUPP, {"renameat2", .error = EEXIST}, NTE_EXISTS},
        {"O_TMPFILE", EINVAL, {"renameat2", .error = EIO}, HRESULT_FROM_WIN32(ERROR_WRITE_FAULT)},
        {"O_TMPFILE", ENOENT, {"fsync"}, STATUS_SUCCESS},
        {"renameat2", EINVAL, {"linkat", .error = EEXIST}, NTE_EXISTS},
        {"renameat2", ENOSYS, {"linkat", .error = EIO}, HRESULT_FROM_WIN32(ERROR_WRITE_FAULT)},
        {"renameat2", EINVAL, {"unlinkat", .error = EIO}, STATUS_SUCCESS},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        char name[16];
        snprintf(name, sizeof name, "new %zu", i);
        lacking.function = rows[i].lacking;
        lacking.error = rows[i].lacking_error;
        play_begin(&rows[i].step, 1);
        assert_int_equal(create(s, name, 4, false), rows[i].status);
        play_end();
        lacking.function = NULL;
        assert_int_equal(has_payload(s, name, 4, NO_PASSPHRASE),
                         rows[i].status < 0 ? NTE_BAD_KEYSET : STATUS_SUCCESS);
        assert_int_equal(count_names(in_home("user/keys"), ".tmp-"), 0);
    }
}

/* Folders on some network file systems cannot be synced, and say so. Any other refusal is one. */
static void test_folders_without_sync(void **state)
{
    (void)state;
    PLAY({"fsync", .passed = 1, .error = EINVAL});
    assert_int_equal(create(s, "b", 2, false), STATUS_SUCCESS);
    play_end();
    assert_int_equal(has_payload(s, "b", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    static const struct {
        int error;
        SECURITY_STATUS status;
    } rows[] = {{EIO, HRESULT_FROM_WIN32(ERROR_WRITE_FAULT)}, {EINVAL, STATUS_SUCCESS}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        remove_tree(in_home("user"));
        store_lock(s);
        PLAY({"fsync", .error = rows[i].error}); /* of the folder above the one that was made */
        assert_int_equal(create(s, "b", 2, false), rows[i].status);
        play_end();
    }
}

/* A program may have closed its standard input: the next descriptor is 0, and is used and closed like any. */
static int close_input(void)
{
    int input = fcntl(0, F_DUPFD_CLOEXEC, 3);
    close(0);
    return input;
}

static void open_input_again(int input)
{
    if (input < 0)
        return;
    dup2(input, 0);
    close(input);
}

static void test_descriptor_zero(void **state)
{
    (void)state;
    int input = close_input();
    int fds = count_fds();
    assert_int_equal(create(s, "b", 2, false), STATUS_SUCCESS);
    assert_int_equal(has_payload(s, "b", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(count_fds(), fds);
    open_input_again(input);
}

/* In a store its folders are open by then, so the credential's folder gets 0 only here. */
static void test_credential_at_descriptor_zero(void **state)
{
    (void)state;
    SECRET secret = {NULL, 0};
    assert_int_equal(mkdir(in_home("credentials"), 0700), 0);
    file_write(in_home("credentials/kek"), "0123456789abcdef0123456789abcdef", 32);
    setenv("CREDENTIALS_DIRECTORY", in_home("credentials"), 1);
    const struct protector *credential = protector_find(text_span("credential"));
    int input = close_input();
    SECURITY_STATUS status = credential->recover(text_span("kek"), NO_PASSPHRASE, &secret);
    int still_open = fcntl(0, F_GETFD);
    open_input_again(input);
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_int_equal(status, STATUS_SUCCESS);
    assert_int_equal(secret.n, 32);
    assert_int_equal(still_open, -1);
}

/* A signal that comes in between only delays. */
static void test_signals(void **state)
{
    (void)state;
    static const char *const functions[] = {"fsync", "fcntl", "write"};
    for (size_t i = 0; i < ARRAY_COUNT(functions); i++) {
        const struct step step = {functions[i], .times = 2, .error = EINTR};
        play_begin(&step, 1);
        assert_int_equal(create(s, functions[i], (int)i, false), STATUS_SUCCESS);
        play_end();
        assert_int_equal(has_payload(s, functions[i], (int)i, NO_PASSPHRASE), STATUS_SUCCESS);
    }
}

/* --- rights -------------------------------------------------------------------------------------------- */

/* What a umask took from the owner is given back; who may not do that is told so. */
static void test_umask(void **state)
{
    (void)state;
    static const struct step lock = {"fchmod", .error = EPERM}, folder = {"chmod", .error = EPERM};
    assert_int_equal(chmod(in_home("user/keys/.lock"), 0400), 0);
    play_begin(&lock, 1);
    assert_int_equal(create(s, "b", 2, true), NTE_PERM);
    play_end();
    assert_int_equal(create(s, "b", 2, true), STATUS_SUCCESS);
    struct stat st;
    assert_int_equal(stat(in_home("user/keys/.lock"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    remove_tree(in_home("user"));
    store_lock(s);
    mode_t old = umask(0777);
    play_begin(&folder, 1);
    SECURITY_STATUS refused = create(s, "b", 2, false);
    umask(old);
    play_end();
    assert_int_equal(refused, NTE_PERM);
    assert_int_equal(chmod(in_home("user"), 0700), 0); /* so that it can be removed */
}

/* A rewritten key keeps its group; if that is not allowed, the group that it gets may not read it. */
static ino_t seen_file;

static void seen_in_a_group(struct stat *st)
{
    if (st->st_ino == seen_file)
        st->st_gid = 12345;
}

static void test_group_that_cannot_be_kept(void **state)
{
    (void)state;
    struct store_key *key = NULL, *fresh = NULL;
    const struct store_change change = {.usage = &(uint32_t){1}};
    struct stat st;
    assert_int_equal(chmod(key_path("a", 0), 0640), 0);
    assert_int_equal(stat(key_path("a", 0), &st), 0);
    seen_file = st.st_ino;
    PLAY({"fchown", .error = EPERM});
    stat_view = seen_in_a_group;
    assert_int_equal(store_load(s, text_span("a"), 0, &key), STATUS_SUCCESS);
    assert_int_equal(key->group, 12345);
    assert_int_equal(store_update(s, key, NO_PASSPHRASE, &change, &fresh), STATUS_SUCCESS);
    play_end();
    assert_int_equal(stat(key_path("a", 0), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    store_key_free(key);
    store_key_free(fresh);
}

static void test_mode_of_another_group(void **state)
{
    (void)state;
    struct store_key *key = NULL;
    struct stat st;
    assert_int_equal(store_load(s, text_span("a"), 0, &key), STATUS_SUCCESS);
    PLAY({"fchown", .error = EPERM});
    assert_int_equal(store_set_mode(s, key, 0640, 12345), NTE_PERM);
    play_end();
    assert_int_equal(stat(key_path("a", 0), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    store_key_free(key);
}

/* --- check --------------------------------------------------------------------------------------------- */

static void test_check(void **state)
{
    (void)state;
    struct store_report report;
    file_write(in_home("user/keys/.tmp-0123456789abcdef"), "left", 4);
    PLAY({"unlinkat", .error = EACCES});
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    play_end();
    assert_int_equal(report.leftovers, 0);
    assert_int_equal(report.keys, 1);
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_int_equal(report.leftovers, 1);
    /* Without memory nothing is said of the store: who asked must not take it for damaged. */
    size_t refused = 0;
    for (size_t passed = 0; passed < 12; passed++) {
        store_lock(s);
        PLAY({"openat", .passed = passed, .error = ENOMEM});
        SECURITY_STATUS status = store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report);
        fault.armed = false;
        assert_true(status == STATUS_SUCCESS || status == NTE_NO_MEMORY);
        assert_int_equal(report.damaged, 0);
        refused += status == NTE_NO_MEMORY;
    }
    assert_true(refused > 5);
}

/* --- files ---------------------------------------------------------------------------------------------- */

static void seen_below_zero(struct stat *st)
{
    if (S_ISREG(st->st_mode))
        st->st_size = -1;
}

static void test_size_below_zero(void **state)
{
    (void)state;
    struct store_key *key = NULL;
    play_begin(NULL, 0);
    stat_view = seen_below_zero;
    assert_int_equal(store_load(s, text_span("a"), 0, &key), NTE_BAD_DATA);
    play_end();
    assert_null(key);
}

/* Which file it is: the same in all four, or another. */
static void test_stamps(void **state)
{
    (void)state;
    const struct stamp stamp = {1, 2, 3, 4};
    const struct stamp others[] = {{9, 2, 3, 4}, {1, 9, 3, 4}, {1, 2, 9, 4}, {1, 2, 3, 9}};
    assert_true(stamp_is(&stamp, &stamp));
    for (size_t i = 0; i < ARRAY_COUNT(others); i++)
        assert_false(stamp_is(&stamp, &others[i]));
}

/* --- why ------------------------------------------------------------------------------------------------ */

static SECURITY_STATUS absent(void)
{
    struct store_key *key = NULL;
    return store_load(s, text_span("absent"), 0, &key);
}

/* A thread's first refusal needs memory for its reason; without, the status says it all, and the next refusal is explained. */
static void *first_refusal(void *arg)
{
    const struct step *step = arg;
    play_begin(step, 1);
    bool good = absent() == NTE_BAD_KEYSET && store_explain()->problem[0] == '\0' &&
                store_explain()->status == 0;
    good = good && absent() == NTE_BAD_KEYSET && store_explain()->status == NTE_BAD_KEYSET &&
           store_explain()->problem[0] != '\0';
    fault.armed = false;
    return good ? arg : NULL;
}

static void test_explanation_without_memory(void **state)
{
    (void)state;
    static const struct step steps[] = {{"calloc", .error = ENOMEM},
                                        {"pthread_setspecific", .error = ENOMEM}};
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        pthread_t thread;
        void *result = NULL;
        assert_int_equal(pthread_create(&thread, NULL, first_refusal, (void *)(uintptr_t)&steps[i]),
                         0);
        assert_int_equal(pthread_join(thread, &result), 0);
        assert_ptr_equal(result, &steps[i]);
        assert_int_equal(play.left, 0);
    }
}

/* A path that is longer than an explanation has room for is cut in front: its end tells the file. */
static void test_explanation_of_a_long_path(void **state)
{
    (void)state;
    char path[PATH_MAX];
    size_t n = (size_t)snprintf(path, sizeof path, "%s", home);
    for (int i = 0; i < 3; i++) {
        memset(path + n, 'd', 200);
        path[n] = '/';
        path[n += 200] = '\0';
        assert_int_equal(mkdir(path, 0700), 0);
    }
    setenv("OPENCNG_HOME", path, 1);
    struct store *deep = store_new();
    struct store_key *key = NULL;
    assert_int_equal(create(deep, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_load(deep, text_span("absent"), 0, &key), NTE_BAD_KEYSET);
    const struct store_explanation *why = store_explain();
    assert_int_equal(strlen(why->path), sizeof why->path - 1);
    assert_string_equal(why->path + strlen(why->path) - 4, ".key");
    assert_null(strstr(why->path, home));
    store_close(deep);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, answers_setup, answers_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_temporary_names),
        STORE_TEST(test_other_ways_to_a_name),
        STORE_TEST(test_folders_without_sync),
        STORE_TEST(test_descriptor_zero),
        STORE_TEST(test_credential_at_descriptor_zero),
        STORE_TEST(test_signals),
        STORE_TEST(test_umask),
        STORE_TEST(test_group_that_cannot_be_kept),
        STORE_TEST(test_mode_of_another_group),
        STORE_TEST(test_check),
        STORE_TEST(test_size_below_zero),
        STORE_TEST(test_stamps),
        STORE_TEST(test_explanation_without_memory),
        STORE_TEST(test_explanation_of_a_long_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
