/* store_secret.c, store_text.c: secrets of the store's own and of the session, texts that have a name. Faults, crashes and kills
 * are store_crash.h's. */
#include "store_fixture.h"

#include <sys/wait.h>

#define NO_SECRET ((struct secret){NULL, 0})

static SECURITY_STATUS get(struct store *s, const char *purpose, bool make, uint8_t *id,
                           struct secret *out)
{
    return store_secret(s, NO_PASSPHRASE, purpose, make, id, out);
}

static void test_secret(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES], other[STORE_UUID_BYTES];
    SECRET first = {NULL, 0}, again = {NULL, 0}, another = {NULL, 0};
    struct store *s = store_new();
    assert_int_equal(get(s, "one", false, id, &first), NTE_NOT_FOUND);
    assert_int_equal(get(s, "one", true, id, &first), STATUS_SUCCESS);
    assert_int_equal(first.n, STORE_SECRET_BYTES);
    store_close(s);
    s = store_new();
    assert_int_equal(get(s, "one", false, other, &again), STATUS_SUCCESS);
    assert_memory_equal(id, other, sizeof id);
    assert_memory_equal(first.p, again.p, first.n);
    assert_int_equal(get(s, "two", true, other, &another), STATUS_SUCCESS);
    assert_memory_not_equal(id, other, sizeof id);
    assert_memory_not_equal(first.p, another.p, first.n);
    store_close(s);
}

/* A rotation seals it again and leaves it as it is. */
static void test_rotation(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES], other[STORE_UUID_BYTES];
    SECRET first = {NULL, 0};
    struct store *s = store_new();
    assert_int_equal(get(s, "one", true, id, &first), STATUS_SUCCESS);
    for (int i = 0; i < 3; i++) {
        SECRET again = {NULL, 0};
        assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
        assert_int_equal(get(s, "one", true, other, &again), STATUS_SUCCESS);
        assert_memory_equal(id, other, sizeof id);
        assert_memory_equal(first.p, again.p, first.n);
    }
    store_close(s);
}

/* No enumeration tells of it, and no key of its name is in its way. */
static void test_hidden(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0};
    struct store_enum *e = NULL;
    struct store_entry entry;
    struct store *s = store_new();
    assert_int_equal(get(s, "one", true, id, &secret), STATUS_SUCCESS);
    assert_int_equal(store_exists(s, text_span("one"), 0), NTE_BAD_KEYSET);
    assert_int_equal(store_enum_new(s, &e), STATUS_SUCCESS);
    assert_int_equal(store_enum_next(e, &entry), NTE_NO_MORE_ITEMS);
    assert_int_equal(store_enum_damaged(e), 0);
    store_enum_free(e);
    assert_int_equal(create(s, "one", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_enum_new(s, &e), STATUS_SUCCESS);
    assert_int_equal(store_enum_next(e, &entry), STATUS_SUCCESS);
    assert_int_equal(entry.spec, 0);
    assert_int_equal(store_enum_next(e, &entry), NTE_NO_MORE_ITEMS);
    store_enum_free(e);
    store_close(s);
}

/* Of many processes that ask at once all get the same. */
#define PROCESSES 8

static void test_race(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < PROCESSES; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child > 0)
            continue;
        uint8_t bytes[STORE_UUID_BYTES + STORE_SECRET_BYTES] = {0};
        struct secret secret = NO_SECRET;
        struct store *s = store_new();
        if (get(s, "raced", true, bytes, &secret) >= 0)
            memcpy(bytes + STORE_UUID_BYTES, secret.p, secret.n);
        _exit(write(ends[1], bytes, sizeof bytes) == (ssize_t)sizeof bytes ? 0 : 1);
    }
    uint8_t first[STORE_UUID_BYTES + STORE_SECRET_BYTES], next[sizeof first];
    static const uint8_t nothing[sizeof first];
    assert_int_equal(read(ends[0], first, sizeof first), sizeof first);
    assert_memory_not_equal(first, nothing, sizeof first);
    for (int i = 1; i < PROCESSES; i++) {
        assert_int_equal(read(ends[0], next, sizeof next), sizeof next);
        assert_memory_equal(first, next, sizeof first);
    }
    for (int i = 0; i < PROCESSES; i++)
        assert_true(wait(NULL) > 0);
    close(ends[0]);
    close(ends[1]);
}

/* A record of its name that holds something else is no secret. */
static void test_secret_of_another_length(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0};
    struct store *s = store_new();
    const struct store_record r = record_of("one", STORE_SPEC_SECRET);
    const struct store_payload payload = {text_span("Secret"), text_span("short")};
    assert_int_equal(store_create(s, &r, &payload, NO_PASSPHRASE, false, NULL), STATUS_SUCCESS);
    assert_int_equal(get(s, "one", true, id, &secret), NTE_BAD_DATA);
    assert_null(secret.p);
    assert_true(strlen(store_explain()->remedy) > 0);
    store_close(s);
}

/* A store that a passphrase opens gives it for the passphrase. */
static void test_passphrase(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0};
    struct store *s = store_new();
    const struct store_slot_wish wish = {
        .name = "only", .type = "passphrase", .passphrase = text_span("open"), .scrypt_log2_n = 10};
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    store_close(s);
    s = store_new();
    assert_int_equal(get(s, "one", true, id, &secret), NTE_UI_REQUIRED);
    assert_int_equal(store_secret(s, text_span("open"), "one", true, id, &secret), STATUS_SUCCESS);
    store_close(s);
}

static void test_session(void **state)
{
    (void)state;
    uint8_t id[STORE_UUID_BYTES], other[STORE_UUID_BYTES];
    SECRET first = {NULL, 0}, again = {NULL, 0}, another = {NULL, 0};
    unsetenv("XDG_RUNTIME_DIR");
    assert_int_equal(store_session_secret(true, id, &first), NTE_NOT_SUPPORTED);
    setenv("XDG_RUNTIME_DIR", "relative", 1);
    assert_int_equal(store_session_secret(true, id, &first), NTE_NOT_SUPPORTED);
    setenv("XDG_RUNTIME_DIR", in_home("run"), 1);
    assert_int_equal(store_session_secret(false, id, &first), NTE_NOT_FOUND);
    assert_int_equal(store_session_secret(true, id, &first), STATUS_SUCCESS);
    assert_int_equal(store_session_secret(false, other, &again), STATUS_SUCCESS);
    assert_memory_equal(id, other, sizeof id);
    assert_memory_equal(first.p, again.p, first.n);
    struct stat st;
    assert_int_equal(stat(in_home("run/opencng/session/logon"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(chmod(in_home("run/opencng/session/logon"), 0622), 0);
    assert_int_equal(store_session_secret(true, id, &another), NTE_PERM);
    assert_int_equal(chmod(in_home("run/opencng/session/logon"), 0600), 0);
    assert_int_equal(truncate(in_home("run/opencng/session/logon"), 47), 0);
    assert_int_equal(store_session_secret(true, id, &another), NTE_BAD_DATA);
}

static void check_text(struct store *s, const char *name, const char *want)
{
    char *text = NULL;
    assert_int_equal(store_text_get(s, name, &text), STATUS_SUCCESS);
    assert_string_equal(text, want);
    free(text);
}

static void test_texts(void **state)
{
    (void)state;
    char *text = NULL;
    struct store *s = store_new();
    assert_int_equal(store_text_get(s, "a", &text), NTE_NOT_FOUND);
    assert_int_equal(store_text_put(s, "a", (struct span){NULL, 0}), NTE_NOT_FOUND);
    assert_int_equal(store_text_put(s, "a", text_span("first")), STATUS_SUCCESS);
    assert_int_equal(store_text_get(s, "b", &text), NTE_NOT_FOUND);
    check_text(s, "a", "first");
    check_text(s, "A", "first");
    assert_int_equal(store_text_put(s, "A", text_span("second")), STATUS_SUCCESS);
    check_text(s, "a", "second");
    assert_int_equal(store_text_put(s, "a", (struct span){NULL, 0}), STATUS_SUCCESS);
    assert_int_equal(store_text_get(s, "a", &text), NTE_NOT_FOUND);

    /* whatever a name has in it stays in the folder */
    static const char *const names[] = {".",      "..",  "../../x", ".lock",
                                        ".tmp-0", "a/b", "%61",     "\xC3\xA4\xE2\x82\xAC",
                                        " ",      "a.b", "-_az",    "\x01\x7F"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        assert_int_equal(store_text_put(s, names[i], text_span(names[i])), STATUS_SUCCESS);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        check_text(s, names[i], names[i]);
    assert_int_equal(access(in_home("user/protection-descriptors/%2E%2E%2F%2E%2E%2Fx"), F_OK), 0);

    char name[257];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(store_text_put(s, name, text_span("t")), NTE_INVALID_PARAMETER);
    name[255] = '\0';
    assert_int_equal(store_text_put(s, name, text_span("t")), STATUS_SUCCESS);
    check_text(s, name, "t");
    assert_int_equal(store_text_put(s, "", text_span("t")), NTE_INVALID_PARAMETER);
    assert_int_equal(store_text_put(s, "\xFF", text_span("t")), NTE_INVALID_PARAMETER);
    assert_int_equal(store_text_put(s, "big", span_of(name, STORE_TEXT_FILE_MAX + 1)),
                     NTE_INVALID_PARAMETER);
    struct stat st;
    assert_int_equal(stat(in_home("user/protection-descriptors"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(chmod(in_home("user/protection-descriptors/-_az"), 0666), 0);
    assert_int_equal(store_text_get(s, "-_az", &text), NTE_PERM);
    assert_int_equal(store_text_get(s, "", &text), NTE_INVALID_PARAMETER);
    assert_int_equal(store_text_get(s, "\xFF", &text), NTE_INVALID_PARAMETER);
    /* A text ends where its file does, and nowhere before. */
    assert_int_equal(store_text_put(s, "nul", span_of("a\0b", 3)), STATUS_SUCCESS);
    assert_int_equal(store_text_get(s, "nul", &text), NTE_BAD_DATA);
    assert_null(text);
    store_close(s);
}

/* Texts of the machine are for everybody to read. */
static void test_texts_of_the_machine(void **state)
{
    (void)state;
    struct store *s = NULL;
    struct stat st;
    assert_int_equal(store_open(STORE_MACHINE, &s), STATUS_SUCCESS);
    assert_int_equal(store_text_put(s, "a", text_span("text")), STATUS_SUCCESS);
    check_text(s, "a", "text");
    assert_int_equal(stat(in_home("machine/protection-descriptors/a"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644);
    store_close(s);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_secret),
        STORE_TEST(test_rotation),
        STORE_TEST(test_hidden),
        STORE_TEST(test_race),
        STORE_TEST(test_passphrase),
        STORE_TEST(test_session),
        STORE_TEST(test_texts),
        STORE_TEST(test_texts_of_the_machine),
        STORE_TEST(test_secret_of_another_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
