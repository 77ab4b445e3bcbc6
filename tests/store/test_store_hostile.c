/*
 * What others may have put in the store's way: links, FIFOs, devices, folders, foreign owners, wide modes, at each component
 * of the paths and in place of each file. Refused or harmless; nothing is followed, and nothing is made outside.
 */
#include "store_fixture.h"

#include <sys/sysmacros.h>
#include <sys/wait.h>

#define STRANGER 65534

/* Something that stands where a file or folder should be. */
enum thing {
    LINK_TO_OUTSIDE,
    DANGLING_LINK,
    LINK_TO_ITSELF,
    FIFO,
    DEVICE,
    FOLDER,
    EMPTY_FILE,
    GARBAGE,
    SOCKET_LIKE,
    THINGS
};

static bool put_thing(enum thing thing, const char *path)
{
    char outside[600];
    snprintf(outside, sizeof outside, "%s/outside", home);
    switch (thing) {
    case LINK_TO_OUTSIDE:
        return symlink(outside, path) == 0;
    case DANGLING_LINK:
        snprintf(outside, sizeof outside, "%s/outside/absent", home);
        return symlink(outside, path) == 0;
    case LINK_TO_ITSELF:
        return symlink(path, path) == 0;
    case FIFO:
        return mkfifo(path, 0600) == 0;
    case DEVICE:
        return mknod(path, S_IFCHR | 0600, makedev(1, 5)) == 0; /* /dev/zero; needs root */
    case FOLDER:
        return mkdir(path, 0700) == 0;
    case EMPTY_FILE:
        file_write(path, "", 0);
        return true;
    case GARBAGE:
        file_write(path, "OCNGKEY\x1a garbage that goes on for a while", 41);
        return true;
    case SOCKET_LIKE:
        return mknod(path, S_IFSOCK | 0600, 0) == 0;
    default:
        return false;
    }
}

static size_t cases;

/* Makes sure that a blocking open would be seen as a failure, not as a hang. */
static void no_hang(void)
{
    alarm(60);
}

static void fresh_home(void)
{
    remove_tree(in_home("user"));
    remove_tree(in_home("outside"));
    assert_int_equal(mkdir(in_home("outside"), 0700), 0);
}

/* All calls that touch files; their statuses do not matter here, only that they return and leave `outside`
 * alone. */
static size_t try_everything(struct store *s)
{
    size_t successes = 0;
    struct store_key *key = NULL;
    struct store_enum *e = NULL;
    struct store_entry entry;
    struct store_report report;
    successes += create(s, "k", 3, false) >= 0;
    successes += create(s, "k", 4, true) >= 0;
    if (store_load(s, text_span("k"), 0, &key) >= 0) {
        struct store_change change = {.usage = &(uint32_t){1}};
        SECRET storage = {NULL, 0};
        struct store_payload payload;
        successes += store_unseal(s, key, NO_PASSPHRASE, &storage, &payload) >= 0;
        successes += store_update(s, key, NO_PASSPHRASE, &change, NULL) >= 0;
        successes += store_set_mode(s, key, 0640, (gid_t)-1) >= 0;
    }
    store_key_free(key);
    if (store_enum_new(s, &e) >= 0) {
        while (store_enum_next(e, &entry) >= 0)
            ;
        store_enum_free(e);
    }
    (void)(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report) >= 0);
    successes += store_rotate(s, NULL, NULL, NULL) >= 0;
    return successes;
}

/* In place of a component that the store would make or enter: refused with a path and a remedy. */
static void test_components(void **state)
{
    (void)state;
    no_hang();
    static const char *const components[] = {"user", "user/keys", "user/protectors"};
    for (size_t c = 0; c < ARRAY_COUNT(components); c++) {
        for (enum thing thing = 0; thing < THINGS; thing++) {
            if (thing == FOLDER)
                continue;
            fresh_home();
            if (c > 0)
                assert_int_equal(mkdir(in_home("user"), 0700), 0);
            if (!put_thing(thing, in_home(components[c])))
                continue;
            cases++;
            struct store *s = store_new();
            int fds = count_fds();
            assert_int_equal(create(s, "k", 1, false), NTE_PERM);
            assert_true(strlen(store_explain()->path) > 0 && strlen(store_explain()->remedy) > 0);
            assert_int_equal(try_everything(s) > 1, 0); /* a rotation of nothing may succeed */
            assert_int_equal(count_names(in_home("outside"), ""), 0);
            assert_int_equal(count_fds(), fds);
            store_close(s);
        }
    }
}

/* In place of a file, once there is a good store. */
static void test_files(void **state)
{
    (void)state;
    no_hang();
    for (int which = 0; which < 4; which++) {
        for (enum thing thing = 0; thing < THINGS; thing++) {
            fresh_home();
            struct store *s = store_new();
            assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
            assert_int_equal(create(s, "bystander", 2, false), STATUS_SUCCESS);
            char path[700] = "";
            const char *fixed[] = {key_path("k", 0), in_home("user/keys/.lock"),
                                   in_home("user/protectors/current.kek")};
            if (which < 3) {
                snprintf(path, sizeof path, "%s", fixed[which]);
            } else {
                DIR *d = opendir(in_home("user/protectors"));
                for (const struct dirent *e; (e = readdir(d)) != NULL;) {
                    if (strstr(e->d_name, ".slot") != NULL)
                        snprintf(path, sizeof path, "%s/user/protectors/%s", home, e->d_name);
                }
                closedir(d);
            }
            assert_int_equal(unlink(path), 0);
            store_close(s);
            if (!put_thing(thing, path))
                continue;
            cases++;
            s = store_new();
            int fds = count_fds();
            struct store_key *key = NULL;
            if (which == 0) {
                assert_true(store_load(s, text_span("k"), 0, &key) < 0);
                assert_int_equal(create(s, "k", 1, false), NTE_EXISTS);
                assert_int_equal(has_payload(s, "bystander", 2, NO_PASSPHRASE), STATUS_SUCCESS);
                /* Deleting takes the thing itself away, not what it points to. */
                SECURITY_STATUS status = store_delete_unique(s, strrchr(path, '/') + 1);
                assert_int_equal(status, thing == FOLDER ? NTE_PERM : STATUS_SUCCESS);
            } else if (which == 1 && thing != EMPTY_FILE && thing != GARBAGE) {
                assert_int_equal(create(s, "new", 1, false), NTE_PERM);
                assert_int_equal(has_payload(s, "bystander", 2, NO_PASSPHRASE), STATUS_SUCCESS);
            } else if (which > 1) {
                assert_true(has_payload(s, "k", 1, NO_PASSPHRASE) < 0);
                assert_true(create(s, "new", 1, false) < 0);
            }
            (void)try_everything(s);
            assert_int_equal(count_names(in_home("outside"), ""), 0);
            assert_int_equal(count_fds(), fds);
            store_close(s);
        }
    }
}

static void test_wide_modes(void **state)
{
    (void)state;
    static const char *const paths[] = {"user", "user/keys", "user/protectors",
                                        "user/protectors/current.kek"};
    static const mode_t wide[] = {020, 002};
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(wide); k++) {
            fresh_home();
            struct store *s = store_new();
            assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
            store_lock(s);
            struct stat st;
            assert_int_equal(stat(in_home(paths[i]), &st), 0);
            assert_int_equal(chmod(in_home(paths[i]), (st.st_mode & 07777) | wide[k]), 0);
            assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_PERM);
            cases++;
            assert_non_null(strstr(store_explain()->remedy, "chmod"));
            assert_int_equal(create(s, "new", 1, false), NTE_PERM);
            assert_int_equal(chmod(in_home(paths[i]), st.st_mode & 07777), 0);
            assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
            store_close(s);
        }
    }
    fresh_home();
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(chmod(key_path("k", 0), 0620), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_PERM);
    assert_int_equal(chmod(key_path("k", 0), 0600), 0);
    /* A base that everybody may write to is refused, a sticky one is as good as /tmp. */
    assert_int_equal(chmod(home, 0777), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_PERM);
    assert_int_equal(chmod(home, 01777), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(chmod(home, 0700), 0);
    store_close(s);
}

static void test_hard_links(void **state)
{
    (void)state;
    struct store *s = store_new();
    fresh_home();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(link(key_path("k", 0), in_home("outside/name")), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_PERM);
    /* Deleting leaves the other name's bytes alone. */
    struct stat st;
    assert_int_equal(store_delete_unique(s, strrchr(key_path("k", 0), '/') + 1), STATUS_SUCCESS);
    assert_int_equal(stat(in_home("outside/name"), &st), 0);
    uint8_t *bytes = NULL;
    size_t n = file_bytes(in_home("outside/name"), &bytes);
    assert_memory_equal(bytes, "OCNGKEY", 7);
    assert_int_equal(n, st.st_size);
    free(bytes);
    store_close(s);
}

/* --- owners: as root, in children that become somebody else -------------------------------------------------- */

static int as_stranger(int (*body)(void))
{
    pid_t child = fork();
    if (child == 0) {
        if (setgid(STRANGER) != 0 || setuid(STRANGER) != 0)
            _exit(99);
        _exit(body());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int stranger_cannot_read(void)
{
    struct store *s = NULL;
    struct store_key *key = NULL;
    if (store_open(STORE_USER, &s) < 0)
        return 1;
    if (store_load(s, text_span("k"), 0, &key) != NTE_PERM)
        return 2;
    if (create(s, "new", 1, false) != NTE_PERM)
        return 3;
    store_close(s);
    return 0;
}

static int stranger_reads_machine_key(void)
{
    struct store *s = NULL;
    struct store_enum *e = NULL;
    struct store_entry entry;
    struct store_key *key = NULL;
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    if (store_open(STORE_MACHINE, &s) < 0 || store_enum_new(s, &e) < 0)
        return 1;
    size_t n = 0;
    while (store_enum_next(e, &entry) >= 0)
        n++;
    if (n != 1 || store_enum_damaged(e) != 1)
        return 2; /* one is shared with this group, one is root's alone */
    store_enum_free(e);
    if (store_load(s, text_span("shared"), 0, &key) < 0)
        return 3;
    /* The public part is readable; the KEK is root's. */
    if (store_unseal(s, key, NO_PASSPHRASE, &storage, &payload) != NTE_PERM)
        return 4;
    if (store_delete(s, key) != NTE_PERM)
        return 5;
    store_key_free(key);
    store_close(s);
    return 0;
}

static void test_owners(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    fresh_home();
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(chmod(home, 0755), 0);
    assert_int_equal(as_stranger(stranger_cannot_read), 0);
    static const char *const paths[] = {"user", "user/keys", "user/protectors",
                                        "user/protectors/current.kek", "user/keys/.lock"};
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        store_lock(s);
        assert_int_equal(lchown(in_home(paths[i]), STRANGER, (gid_t)-1), 0);
        if (i < 4)
            assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_PERM);
        assert_int_equal(create(s, "new", 1, false), NTE_PERM);
        assert_non_null(strstr(store_explain()->remedy, "chown"));
        cases++;
        assert_int_equal(lchown(in_home(paths[i]), 0, (gid_t)-1), 0);
    }
    assert_int_equal(lchown(key_path("k", 0), STRANGER, (gid_t)-1), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_PERM);
    store_close(s);
}

static void test_machine_keys_for_a_group(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    struct store *s = NULL;
    assert_int_equal(chmod(home, 0755), 0);
    assert_int_equal(store_open(STORE_MACHINE, &s), STATUS_SUCCESS);
    assert_int_equal(create(s, "shared", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "private", 2, false), STATUS_SUCCESS);
    struct store_key *key = NULL;
    assert_int_equal(store_load(s, text_span("shared"), 0, &key), STATUS_SUCCESS);
    assert_int_equal(store_set_mode(s, key, 0640, STRANGER), STATUS_SUCCESS);
    assert_int_equal(as_stranger(stranger_reads_machine_key), 0);
    store_key_free(key);
    store_close(s);
}

/* A key's file is swapped for a link and back while it is being read. */
static void test_swapping(void **state)
{
    (void)state;
    no_hang();
    fresh_home();
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    char path[512], away[512], target[512];
    snprintf(path, sizeof path, "%s", key_path("k", 0));
    snprintf(away, sizeof away, "%s/away", home);
    snprintf(target, sizeof target, "%s/outside/secret", home);
    file_write(target, "not to be read", 14);
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            (void)!rename(path, away);
            (void)!symlink(target, path);
            (void)!unlink(path);
            (void)!rename(away, path);
        }
    }
    for (int i = 0; i < 3000; i++) {
        SECURITY_STATUS status = has_payload(s, "k", 1, NO_PASSPHRASE);
        assert_true(status >= 0 || status == NTE_PERM || status == NTE_BAD_KEYSET);
    }
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    uint8_t *bytes = NULL;
    assert_int_equal(file_bytes(target, &bytes), 14);
    free(bytes);
    store_close(s);
}

/* Loading and enumerating need nothing writable: as somebody whom modes bind. */
static int read_only_works(void)
{
    struct store *s = NULL;
    struct store_enum *e = NULL;
    struct store_entry entry;
    struct store_key *key = NULL;
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    if (store_open(STORE_USER, &s) < 0 || create(s, "k", 1, false) < 0)
        return 1;
    if (chmod(in_home("user/keys"), 0500) != 0 || chmod(in_home("user/protectors"), 0500) != 0 ||
        chmod(in_home("user"), 0500) != 0)
        return 2;
    store_lock(s);
    if (store_load(s, text_span("k"), 0, &key) < 0 ||
        store_unseal(s, key, NO_PASSPHRASE, &storage, &payload) < 0)
        return 3;
    if (store_enum_new(s, &e) < 0 || store_enum_next(e, &entry) < 0)
        return 4;
    store_enum_free(e);
    if (create(s, "new", 2, false) != NTE_PERM || store_delete(s, key) != NTE_PERM)
        return 5;
    if (has_payload(s, "k", 1, NO_PASSPHRASE) < 0)
        return 6;
    struct store_report report;
    if (store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report) < 0 || report.keys != 1)
        return 7;
    store_key_free(key);
    store_close(s);
    (void)!chmod(in_home("user"), 0700);
    (void)!chmod(in_home("user/keys"), 0700);
    (void)!chmod(in_home("user/protectors"), 0700);
    return 0;
}

static void test_read_only(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        assert_int_equal(chown(home, STRANGER, STRANGER), 0);
        assert_int_equal(as_stranger(read_only_works), 0);
    } else {
        assert_int_equal(read_only_works(), 0);
    }
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_components), STORE_TEST(test_files),
        STORE_TEST(test_wide_modes), STORE_TEST(test_hard_links),
        STORE_TEST(test_owners),     STORE_TEST(test_machine_keys_for_a_group),
        STORE_TEST(test_swapping),   STORE_TEST(test_read_only),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    printf("# figure: 21 %zu things, modes and owners in the store's way, refused or harmless\n",
           cases);
    return failed;
}
