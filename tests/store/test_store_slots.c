/* Slots, the KEK behind them, its rotation, and the check. */
#include "store_fixture.h"

#include "store_slot.h"

#include <time.h>

#define CHEAP 10 /* log2 N of scrypt in tests */

static struct store_slot_wish passphrase_slot(const char *name, const char *passphrase)
{
    return (struct store_slot_wish){.name = name,
                                    .type = "passphrase",
                                    .passphrase = text_span(passphrase),
                                    .scrypt_log2_n = CHEAP};
}

static void test_default_slot(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(slots_of(s).count, 0);
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_string_equal(slots_of(s).names,
                        "default:file:opens for whoever may read the slot's file ");
    assert_int_equal(store_slot_remove(s, "default"), NTE_PERM);
    assert_int_equal(store_slot_remove(s, "other"), NTE_NOT_FOUND);
    assert_int_equal(store_slot_remove(s, "../default"), NTE_NOT_FOUND);
    store_close(s);
}

static void test_passphrase(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_slot_wish wish = passphrase_slot("mine", "correct horse");
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), NTE_EXISTS);
    assert_int_equal(slots_of(s).count, 2);
    assert_non_null(strstr(slots_of(s).names, "mine:passphrase:scrypt, N = 2^10, r = 8, p = 1 "));
    assert_int_equal(store_unlock(s, text_span("wrong")), NTE_INCORRECT_PASSWORD);
    assert_int_equal(store_unlock(s, text_span("correct horse")), STATUS_SUCCESS);
    assert_int_equal(store_slot_remove(s, "default"), STATUS_SUCCESS);
    store_close(s);

    s = store_new();
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_UI_REQUIRED);
    assert_true(strlen(store_explain()->remedy) > 0);
    assert_int_equal(create(s, "k2", 2, false), NTE_UI_REQUIRED);
    assert_int_equal(has_payload(s, "k", 1, text_span("wrong")), NTE_INCORRECT_PASSWORD);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_UI_REQUIRED);
    assert_int_equal(has_payload(s, "k", 1, text_span("correct horse")), STATUS_SUCCESS);
    /* From here on the KEK is known; also while a passphrase is only tested. */
    assert_int_equal(create(s, "k2", 2, false), STATUS_SUCCESS);
    assert_int_equal(store_unlock(s, text_span("wrong")), NTE_INCORRECT_PASSWORD);
    assert_int_equal(has_payload(s, "k2", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(has_payload(s, "k2", 2, NO_PASSPHRASE), NTE_UI_REQUIRED);

    /* A changed passphrase rewrites one file; the old one opens nothing, nor do its bytes remain. */
    wish = passphrase_slot("mine", "battery staple");
    assert_int_equal(store_slot_change(s, text_span("wrong"), &wish), NTE_INCORRECT_PASSWORD);
    assert_int_equal(store_slot_change(s, text_span("correct horse"), &wish), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(has_payload(s, "k", 1, text_span("correct horse")), NTE_INCORRECT_PASSWORD);
    assert_int_equal(has_payload(s, "k", 1, text_span("battery staple")), STATUS_SUCCESS);
    assert_int_equal(slots_of(s).count, 1);
    wish.name = "absent";
    assert_int_equal(store_slot_change(s, NO_PASSPHRASE, &wish), NTE_NOT_FOUND);
    wish = (struct store_slot_wish){.name = "mine", .type = "file"};
    assert_int_equal(store_slot_change(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    store_close(s);
}

/* A store whose first slot is a passphrase never has a file slot. */
static void test_passphrase_from_the_start(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_slot_wish wish = passphrase_slot("first", "pass");
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    assert_int_equal(slots_of(s).count, 1);
    store_lock(s);
    assert_int_equal(create(s, "k", 1, false), NTE_UI_REQUIRED);
    assert_int_equal(store_unlock(s, text_span("pass")), STATUS_SUCCESS);
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    store_close(s);
}

static void test_wrong_wishes(void **state)
{
    (void)state;
    struct store *s = store_new();
    char long_name[257];
    memset(long_name, 'c', sizeof long_name - 1);
    long_name[256] = '\0';
    const struct store_slot_wish wishes[] = {
        {.name = "a", .type = "credential", .credential = "."},
        {.name = "a", .type = "credential", .credential = long_name},
        {.name = "", .type = "file"},
        {.name = "a/b", .type = "file"},
        {.name = "..", .type = "file"},
        {.name = "abcdefghijklmnopqrstuvwxyz0123456", .type = "file"},
        {.name = NULL, .type = "file"},
        {.name = "a", .type = NULL},
        {.name = "a", .type = "tpm"},
        {.name = "a", .type = "passphrase"},
        {.name = "a",
         .type = "passphrase",
         .passphrase = {(const uint8_t *)"p", 1},
         .scrypt_log2_n = 9},
        {.name = "a",
         .type = "passphrase",
         .passphrase = {(const uint8_t *)"p", 1},
         .scrypt_log2_n = 19},
        {.name = "a", .type = "credential", .credential = "../etc"},
        {.name = "a", .type = "credential", .credential = ""},
        {.name = "a", .type = "credential", .credential = ".."},
    };
    for (size_t i = 0; i < ARRAY_COUNT(wishes); i++)
        assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wishes[i]), NTE_INVALID_PARAMETER);
    assert_int_equal(slots_of(s).count, 0);
    /* Of a slot, or a store, that is not there. */
    const struct store_slot_wish good = {.name = "a", .type = "file"};
    assert_int_equal(store_slot_change(s, NO_PASSPHRASE, &good), NTE_NOT_FOUND);
    remove_tree(in_home("user"));
    assert_int_equal(store_slot_remove(s, "a"), NTE_NOT_FOUND);
    assert_int_equal(count_names(home, ""), 0);
    store_close(s);
}

/* Every letter that a name may have, in names of the most letters and of one. */
static void test_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0129", "abcdefghijklmnopqrstuvwxyz345678", "9", "Z", "z", "_"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct store *s = store_new();
        struct store_slot_wish wish = {.name = names[i], .type = "file"};
        char line[100];
        assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
        assert_int_equal(create(s, "k", 1, true), STATUS_SUCCESS);
        store_close(s);
        s = store_new();
        snprintf(line, sizeof line, "%s:file:", names[i]);
        assert_non_null(strstr(slots_of(s).names, line));
        assert_int_equal(slots_of(s).damaged, 0);
        assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
        store_close(s);
    }
}

static void test_credential(void **state)
{
    (void)state;
    struct store *s = store_new();
    const struct store_slot_wish wish = {
        .name = "service", .type = "credential", .credential = "kek"};
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), NTE_DECRYPTION_FAILURE);
    assert_int_equal(mkdir(in_home("credentials"), 0700), 0);
    setenv("CREDENTIALS_DIRECTORY", in_home("credentials"), 1);
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), NTE_DECRYPTION_FAILURE);
    file_write(in_home("credentials/kek"), "too short", 9);
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), NTE_DECRYPTION_FAILURE);
    file_write(in_home("credentials/kek"), "0123456789abcdef0123456789abcdef", 32);
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    assert_string_equal(slots_of(s).names, "service:credential:credential kek ");
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    store_lock(s);
    file_write(in_home("credentials/kek"), "0123456789abcdef0123456789abcdeF", 32);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_BAD_DATA);
    unlink(in_home("credentials/kek"));
    assert_int_equal(symlink("/etc/passwd", in_home("credentials/kek")), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_PERM);
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_DECRYPTION_FAILURE);
    store_close(s);
}

/* Keys without the KEK that opens them: no other is made beside them. */
static void test_lost_slots(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    char away[512];
    snprintf(away, sizeof away, "%s/away", home);
    assert_int_equal(rename(in_home("user/protectors"), away), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_DECRYPTION_FAILURE);
    assert_int_equal(create(s, "k2", 2, false), NTE_DECRYPTION_FAILURE);
    assert_int_equal(create(s, "k", 2, true), NTE_DECRYPTION_FAILURE);
    assert_int_equal(rename(away, in_home("user/protectors")), 0);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(create(s, "k2", 2, false), STATUS_SUCCESS);
    store_close(s);
}

/* --- rotation ----------------------------------------------------------------------------------------- */

static SECURITY_STATUS answer(const char *slot, struct secret *out, void *arg)
{
    (void)slot;
    const char *text = arg;
    return secret_copy(out, text_span(text));
}

static bool stop_after(size_t done, size_t total, void *arg)
{
    assert_true(done <= total);
    return done < *(size_t *)arg;
}

static bool count_calls(size_t done, size_t total, void *arg)
{
    assert_true(done <= total);
    ++*(size_t *)arg;
    return true;
}

static void test_rotation(void **state)
{
    (void)state;
    struct store *s = store_new(), *other = store_new();
    char name[16];
    for (uint32_t i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "k%u", i);
        assert_int_equal(create(s, name, i, false), STATUS_SUCCESS);
    }
    struct store_key *before = NULL, *after = NULL;
    assert_int_equal(store_load(other, text_span("k3"), 0, &before), STATUS_SUCCESS);
    assert_int_equal(has_payload(other, "k3", 3, NO_PASSPHRASE), STATUS_SUCCESS);
    uint8_t *old_slot = NULL;
    char old_name[300] = "";
    DIR *d = opendir(in_home("user/protectors"));
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strstr(e->d_name, ".slot") != NULL)
            snprintf(old_name, sizeof old_name, "user/protectors/%s", e->d_name);
    }
    closedir(d);
    size_t old_bytes = file_bytes(in_home(old_name), &old_slot);

    size_t calls = 0;
    assert_int_equal(store_rotate(s, NULL, count_calls, &calls), STATUS_SUCCESS);
    assert_int_equal(calls, 10);
    assert_int_equal(store_load(s, text_span("k3"), 0, &after), STATUS_SUCCESS);
    assert_memory_not_equal(before->record.kek_id, after->record.kek_id, STORE_KEK_ID_BYTES);
    assert_memory_equal(before->record.uuid, after->record.uuid, STORE_UUID_BYTES);
    assert_int_equal(before->record.modified, after->record.modified);
    for (uint32_t i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "k%u", i);
        assert_int_equal(has_payload(s, name, i, NO_PASSPHRASE), STATUS_SUCCESS);
        assert_int_equal(has_payload(other, name, i, NO_PASSPHRASE), STATUS_SUCCESS);
    }
    /* Loaded before, unsealed after: read again. */
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    assert_int_equal(store_unseal(other, before, NO_PASSPHRASE, &storage, &payload),
                     STATUS_SUCCESS);
    /* The old slot, put back, opens nothing. */
    file_write(in_home(old_name), old_slot, old_bytes);
    assert_int_equal(slots_of(s).count, 1);
    struct store_report report;
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_int_equal(report.keys, 10);
    assert_int_equal(report.leftovers, 1);
    assert_int_equal(report.damaged, 0);
    assert_int_equal(report.slots, 1);
    assert_false(report.sealed);
    assert_false(report.rotating);
    assert_int_equal(count_names(in_home("user/protectors"), ""), 2);
    free(old_slot);
    store_key_free(before);
    store_key_free(after);
    store_close(s);
    store_close(other);
}

static void test_rotation_resumes(void **state)
{
    (void)state;
    struct store *s = store_new();
    char name[16];
    for (uint32_t i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "k%u", i);
        assert_int_equal(create(s, name, i, false), STATUS_SUCCESS);
    }
    size_t stop = 4;
    assert_int_equal(store_rotate(s, NULL, stop_after, &stop), NTE_USER_CANCELLED);
    struct store_report report;
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_true(report.rotating);
    assert_int_equal(report.keys, 10);
    assert_int_equal(report.damaged, 0);
    store_close(s);
    s = store_new();
    /* In between everything works, under either KEK. */
    for (uint32_t i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "k%u", i);
        assert_int_equal(has_payload(s, name, i, NO_PASSPHRASE), STATUS_SUCCESS);
        assert_int_equal(create(s, name, i + 100, true), STATUS_SUCCESS);
    }
    assert_int_equal(create(s, "new", 77, false), STATUS_SUCCESS);
    stop = SIZE_MAX;
    assert_int_equal(store_rotate(s, NULL, stop_after, &stop), STATUS_SUCCESS);
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_false(report.rotating);
    assert_int_equal(report.keys, 11);
    assert_int_equal(has_payload(s, "k5", 105, NO_PASSPHRASE), STATUS_SUCCESS);
    store_close(s);
}

static void test_rotation_with_passphrase(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_slot_wish wish = passphrase_slot("mine", "pass");
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), NTE_UI_REQUIRED);
    assert_int_equal(store_rotate(s, answer, NULL, (void *)(uintptr_t) "wrong"),
                     NTE_INCORRECT_PASSWORD);
    assert_int_equal(count_names(in_home("user/protectors"), ""), 2);
    assert_int_equal(has_payload(s, "k", 1, text_span("pass")), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(store_rotate(s, answer, NULL, (void *)(uintptr_t) "pass"), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_UI_REQUIRED);
    assert_int_equal(has_payload(s, "k", 1, text_span("pass")), STATUS_SUCCESS);
    store_close(s);
}

/* The most slots that a rotation makes anew, and one more, which it says. */
static void test_rotation_of_many_slots(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    for (int i = 1; i < 65; i++) {
        char name[16];
        snprintf(name, sizeof name, "slot%d", i);
        const struct store_slot_wish wish = {.name = name, .type = "file"};
        if (i == 64) {
            assert_int_equal(slots_of(s).count, 64);
            assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
            assert_int_equal(slots_of(s).count, 64);
        }
        assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    }
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), NTE_INVALID_PARAMETER);
    assert_true(strlen(store_explain()->remedy) > 0);
    assert_int_equal(store_slot_remove(s, "slot7"), STATUS_SUCCESS);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    store_close(s);
}

/* A damaged key keeps the old KEK alive: a copy of its file may come back. */
static void test_rotation_past_damage(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "good", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "bad", 2, false), STATUS_SUCCESS);
    uint8_t *bytes = NULL;
    size_t n = file_bytes(key_path("bad", 0), &bytes);
    bytes[n - 1] ^= 1;
    file_write(key_path("bad", 0), bytes, n);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), NTE_BAD_DATA);
    assert_string_equal(store_explain()->path, key_path("bad", 0));
    assert_int_equal(has_payload(s, "good", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    bytes[n - 1] ^= 1;
    file_write(key_path("bad", 0), bytes, n);
    free(bytes);
    assert_int_equal(has_payload(s, "bad", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    struct store_report report;
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_false(report.rotating);
    assert_int_equal(report.keys, 2);
    store_close(s);
}

/* Who is asked for a passphrase and gives an empty one has given none. */
static void test_rotation_with_empty_passphrase(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_slot_wish wish = passphrase_slot("mine", "pass");
    size_t stop = 1;
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "l", 2, false), STATUS_SUCCESS);
    assert_int_equal(store_rotate(s, answer, NULL, (void *)(uintptr_t) ""), NTE_UI_REQUIRED);
    store_lock(s);
    struct store_report report;
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, stop_after, &stop, &report),
                     NTE_USER_CANCELLED);
    assert_true(report.sealed);
    assert_false(report.rotating);
    assert_int_equal(report.keys, 1);
    store_close(s);
}

/* --- check -------------------------------------------------------------------------------------------- */

struct findings {
    size_t bad, removed;
};

static void note(const struct store_finding *finding, void *arg)
{
    struct findings *f = arg;
    assert_true(strlen(finding->problem) > 0 && finding->path[0] == '/');
    if (finding->status < 0)
        f->bad++;
    else
        f->removed++;
}

static void test_check(void **state)
{
    (void)state;
    struct store *s = store_new();
    char name[16];
    for (uint32_t i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "k%u", i);
        assert_int_equal(create(s, name, i, false), STATUS_SUCCESS);
    }
    uint8_t *bytes = NULL;
    size_t n = file_bytes(key_path("k2", 0), &bytes);
    bytes[n / 2] ^= 0x40;
    file_write(key_path("k2", 0), bytes, n);
    file_write(key_path("k3", 0), bytes, n / 2);
    free(bytes);
    file_write(in_home("user/keys/.tmp-0123456789abcdef"), "left", 4);
    file_write(in_home("user/protectors/.tmp-fedcba9876543210"), "left", 4);
    file_write(in_home("user/keys/notes.txt"), "kept", 4);
    struct store_report report;
    struct findings f = {0};
    assert_int_equal(store_check(s, NO_PASSPHRASE, note, NULL, &f, &report), STATUS_SUCCESS);
    assert_int_equal(report.keys, 3);
    assert_int_equal(report.damaged, 2);
    assert_int_equal(report.leftovers, 2);
    assert_int_equal(f.bad, 2);
    assert_int_equal(f.removed, 2);
    assert_int_equal(count_names(in_home("user/keys"), ".tmp-"), 0);
    assert_int_equal(count_names(in_home("user/protectors"), ".tmp-"), 0);
    assert_int_equal(count_names(in_home("user/keys"), "notes.txt"), 1);
    /* The damage is where it was; damaged files can be deleted by their unique names. */
    assert_int_equal(store_delete_unique(s, strrchr(key_path("k2", 0), '/') + 1), STATUS_SUCCESS);
    assert_int_equal(store_delete_unique(s, strrchr(key_path("k3", 0), '/') + 1), STATUS_SUCCESS);
    assert_int_equal(store_check(s, NO_PASSPHRASE, note, NULL, &f, &report), STATUS_SUCCESS);
    assert_int_equal(report.keys, 3);
    assert_int_equal(report.damaged, 0);
    store_close(s);
}

/* --- tampering ---------------------------------------------------------------------------------------- */

/* Every byte of a slot and of current.kek, flipped, cut, extended: the store does not open by it. */
static void tamper(const char *path)
{
    uint8_t *bytes = NULL;
    size_t n = file_bytes(path, &bytes);
    bytes = realloc(bytes, n + 1);
    bytes[n] = 0;
    for (size_t i = 0; i < n; i++) {
        struct store *s = store_new();
        bytes[i] ^= (uint8_t)(1u << (i % 8));
        file_write(path, bytes, n);
        bytes[i] ^= (uint8_t)(1u << (i % 8));
        assert_true(has_payload(s, "k", 1, NO_PASSPHRASE) < 0);
        assert_true(create(s, "never", 2, false) < 0);
        file_write(path, bytes, i);
        assert_true(has_payload(s, "k", 1, NO_PASSPHRASE) < 0);
        store_close(s);
    }
    struct store *s = store_new();
    file_write(path, bytes, n + 1);
    assert_true(has_payload(s, "k", 1, NO_PASSPHRASE) < 0);
    file_write(path, bytes, n);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    store_close(s);
    free(bytes);
}

static void test_tampered_slot(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    store_close(s);
    tamper(in_home("user/protectors/current.kek"));
    const char *path = slot_path("");
    tamper(path);
    /* Under another name it is not the slot of that name. */
    char other[600];
    snprintf(other, sizeof other, "%s/user/protectors/stolen%s", home,
             strchr(strrchr(path, '/'), '.'));
    assert_int_equal(rename(path, other), 0);
    s = store_new();
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), NTE_BAD_DATA);
    store_close(s);
}

/* The fewest seconds of processor time that opening takes, which other work on the machine touches least. */
static double seconds_to_open(struct span passphrase, SECURITY_STATUS expected)
{
    double fewest = 1e9;
    for (int i = 0; i < 3; i++) {
        struct timespec from, to;
        struct store *s = store_new();
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        assert_int_equal(has_payload(s, "k", 1, passphrase), expected);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        store_close(s);
        double took = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
        fewest = took < fewest ? took : fewest;
    }
    return fewest;
}

/* Who guesses does not learn whether the passphrase was wrong or the slot was changed: neither from the status nor from
 * how long it took. */
static void test_wrong_and_damaged_look_the_same(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_slot_wish wish = passphrase_slot("mine", "right");
    wish.scrypt_log2_n = 15;
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    store_lock(s);
    assert_int_equal(store_unlock(s, text_span("right")), STATUS_SUCCESS);
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    store_close(s);
    double right = seconds_to_open(text_span("right"), STATUS_SUCCESS);
    double wrong = seconds_to_open(text_span("wrong"), NTE_INCORRECT_PASSWORD);

    uint8_t *slot = NULL;
    char path[600];
    snprintf(path, sizeof path, "%s", slot_path(""));
    size_t n = file_bytes(path, &slot);
    slot[n - 1] ^= 1; /* the tag over the sealed KEK */
    file_write(path, slot, n);
    double damaged = seconds_to_open(text_span("right"), NTE_INCORRECT_PASSWORD);
    double both = seconds_to_open(text_span("wrong"), NTE_INCORRECT_PASSWORD);
    free(slot);
    assert_true(wrong > right / 2 && wrong < right * 2);
    assert_true(damaged > wrong / 2 && damaged < wrong * 2);
    assert_true(both > wrong / 2 && both < wrong * 2);
    print_message("# figure: 22 a wrong passphrase takes %.0f ms, a changed slot %.0f ms, with the "
                  "same status\n",
                  wrong * 1e3, damaged * 1e3);
}

/* Of two slots, a damaged one does not keep the other from opening. */
static void test_one_damaged_slot(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_slot_wish wish = passphrase_slot("spare", "pass");
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    DIR *d = opendir(in_home("user/protectors"));
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        char path[600];
        snprintf(path, sizeof path, "%s/user/protectors/%s", home, e->d_name);
        if (strncmp(e->d_name, "default.", 8) == 0)
            file_write(path, "damaged", 7);
    }
    closedir(d);
    store_lock(s);
    assert_int_equal(has_payload(s, "k", 1, text_span("pass")), STATUS_SUCCESS);
    assert_int_equal(slots_of(s).damaged, 1);
    assert_int_equal(store_slot_remove(s, "spare"), NTE_PERM);
    assert_int_equal(store_slot_remove(s, "default"), STATUS_SUCCESS);
    store_close(s);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_default_slot),
        STORE_TEST(test_passphrase),
        STORE_TEST(test_passphrase_from_the_start),
        STORE_TEST(test_wrong_wishes),
        STORE_TEST(test_names),
        STORE_TEST(test_credential),
        STORE_TEST(test_lost_slots),
        STORE_TEST(test_rotation),
        STORE_TEST(test_rotation_resumes),
        STORE_TEST(test_rotation_with_passphrase),
        STORE_TEST(test_rotation_of_many_slots),
        STORE_TEST(test_rotation_with_empty_passphrase),
        STORE_TEST(test_rotation_past_damage),
        STORE_TEST(test_check),
        STORE_TEST(test_tampered_slot),
        STORE_TEST(test_wrong_and_damaged_look_the_same),
        STORE_TEST(test_one_damaged_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
