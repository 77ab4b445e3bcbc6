/* Where the store is: what the environment and passwd say, what is refused, and what a program that runs for another user
 * believes. */
#include "store_wrap.h"

#include <limits.h>

/* Opens the user's store and says where its keys are; the status is what store_open answers. */
static SECURITY_STATUS keys_are_at(char *out, size_t cap)
{
    struct store *s = NULL;
    fault.armed = true;
    SECURITY_STATUS status = store_open(STORE_USER, &s);
    fault.armed = false;
    if (status >= 0)
        snprintf(out, cap, "%s", store_keys_path(s));
    store_close(s);
    return status;
}

static int places_setup(void **state)
{
    memset(&fault, 0, sizeof fault);
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CONFIG_HOME");
    return home_setup(state);
}

static int places_teardown(void **state)
{
    passwd.known = self.known = self.secure = false;
    unsetenv("XDG_DATA_HOME");
    unsetenv("CREDENTIALS_DIRECTORY");
    setenv("HOME", "/", 1);
    return home_teardown(state);
}

static void test_home(void **state)
{
    (void)state;
    char path[600] = "";
    char by_passwd[] = "/told/by/passwd", relative[] = "home";
    static const char *const homes[] = {"", "relative", NULL};
    unsetenv("OPENCNG_HOME");
    passwd.known = true;
    for (size_t i = 0; i < ARRAY_COUNT(homes); i++) {
        if (homes[i] == NULL)
            unsetenv("HOME");
        else
            setenv("HOME", homes[i], 1);
        passwd.home = by_passwd;
        assert_int_equal(keys_are_at(path, sizeof path), STATUS_SUCCESS);
        assert_string_equal(path, "/told/by/passwd/.local/share/opencng/keys");
        passwd.home = relative;
        assert_int_equal(keys_are_at(path, sizeof path), NTE_TEMPORARY_PROFILE);
        passwd.home = NULL;
        assert_int_equal(keys_are_at(path, sizeof path), NTE_TEMPORARY_PROFILE);
        assert_non_null(strstr(store_explain()->remedy, "OPENCNG_HOME"));
    }
    /* Nobody whom the system knows. */
    PLAY({"getpwuid_r", .error = NO_TRANSFER});
    assert_int_equal(keys_are_at(path, sizeof path), NTE_TEMPORARY_PROFILE);
    play_end();
    setenv("HOME", "/told/by/environment", 1);
    assert_int_equal(keys_are_at(path, sizeof path), STATUS_SUCCESS);
    assert_string_equal(path, "/told/by/environment/.local/share/opencng/keys");
    /* An empty variable is none. */
    setenv("OPENCNG_HOME", "", 1);
    setenv("XDG_DATA_HOME", "", 1);
    assert_int_equal(keys_are_at(path, sizeof path), STATUS_SUCCESS);
    assert_string_equal(path, "/told/by/environment/.local/share/opencng/keys");
}

/* Whoever starts a set-user-id program must not choose where it finds its keys, or what opens them. */
static void test_environment_of_another_user(void **state)
{
    (void)state;
    char path[600] = "", by_passwd[] = "/told/by/passwd";
    struct store *s = store_new();
    const struct store_slot_wish wish = {.name = "service", .type = "credential"};
    assert_int_equal(mkdir(in_home("credentials"), 0700), 0);
    file_write(in_home("credentials/opencng"), "0123456789abcdef0123456789abcdef", 32);
    setenv("CREDENTIALS_DIRECTORY", in_home("credentials"), 1);
    self.secure = true;
    fault.armed = true;
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), NTE_DECRYPTION_FAILURE);
    self.secure = false;
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    fault.armed = false;
    store_close(s);
    self.secure = true;
    passwd.known = true;
    passwd.home = by_passwd;
    setenv("HOME", in_home("me"), 1);
    setenv("XDG_DATA_HOME", in_home("data"), 1);
    assert_int_equal(keys_are_at(path, sizeof path), STATUS_SUCCESS);
    assert_string_equal(path, "/told/by/passwd/.local/share/opencng/keys");
}

static void test_long_paths(void **state)
{
    (void)state;
    char path[PATH_MAX + 8], found[PATH_MAX];
    size_t longest = 0;
    memset(path, 'x', sizeof path);
    path[0] = '/';
    /* Each length about the last that can be, and some before. */
    for (size_t n = 1; n < sizeof path; n += n < PATH_MAX - 400 ? 73 : 1) {
        char saved = path[n];
        path[n] = '\0';
        setenv("OPENCNG_HOME", path, 1);
        path[n] = saved;
        SECURITY_STATUS status = keys_are_at(found, sizeof found);
        assert_true(status == STATUS_SUCCESS || status == NTE_INVALID_PARAMETER);
        if (status == STATUS_SUCCESS)
            longest = n;
    }
    assert_non_null(strstr(store_explain()->remedy, "shorter"));
    /* Descriptors' folder is the longest, and a name in it has up to 255 bytes. */
    assert_int_equal(longest + strlen("/user/protection-descriptors/") + NAME_MAX, PATH_MAX - 1);
}

/* What root owns is believed by everybody, what a third user owns by nobody. */
static uid_t seen_owner;

static void seen_by_us(struct stat *st)
{
    st->st_uid = seen_owner;
}

static void test_owners(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    static const struct {
        uid_t we, owner;
        SECURITY_STATUS status;
    } rows[] = {{1000, 1000, STATUS_SUCCESS},
                {1000, 0, STATUS_SUCCESS},
                {1000, 1001, NTE_PERM},
                {0, 0, STATUS_SUCCESS},
                {0, 1000, NTE_PERM}};
    self.known = true;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        self.uid = rows[i].we;
        seen_owner = rows[i].owner;
        store_lock(s);
        play_begin(NULL, 0);
        stat_view = seen_by_us;
        assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), rows[i].status);
        play_end();
    }
    store_close(s);
}

/* A folder that root has made is as good as one of ours, and its rights are left as they are. */
static void test_folders_of_root(void **state)
{
    (void)state;
    struct store *s = store_new();
    self.known = true;
    self.uid = 1000;
    seen_owner = 0;
    play_begin(NULL, 0);
    stat_view = seen_by_us;
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    play_end();
    store_close(s);
}

/* Only a file of ours is overwritten with zeros when its name is gone, and none of which the file system does not say how
 * long it is. */
static void seen_without_size(struct stat *st)
{
    if (st->st_nlink == 0)
        st->st_size = -1;
}

static void seen_as_roots(struct stat *st)
{
    st->st_uid = 0;
}

static void check_erasing(void (*view)(struct stat *st))
{
    struct store *s = store_new();
    uint8_t first[8] = {0};
    assert_int_equal(create(s, "k", 1, true), STATUS_SUCCESS);
    int fd = open(key_path("k", 0), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    play_begin(NULL, 0);
    stat_view = view;
    assert_int_equal(store_delete_unique(s, strrchr(key_path("k", 0), '/') + 1), STATUS_SUCCESS);
    play_end();
    assert_int_equal(pread(fd, first, sizeof first, 0), sizeof first);
    if (view == NULL)
        assert_int_equal(first[0], 0);
    else
        assert_memory_equal(first, "OCNGKEY", 7);
    close(fd);
    store_close(s);
}

static void test_erasing(void **state)
{
    (void)state;
    check_erasing(NULL);
    check_erasing(seen_without_size);
    self.known = true;
    self.uid = 1000;
    check_erasing(seen_as_roots);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, places_setup, places_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_home),
        STORE_TEST(test_environment_of_another_user),
        STORE_TEST(test_long_paths),
        STORE_TEST(test_owners),
        STORE_TEST(test_folders_of_root),
        STORE_TEST(test_erasing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
