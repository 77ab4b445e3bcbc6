/*
 * test_store_kill [ROUNDS]: a program that changes keys is killed, at every system call that it makes (stepped by ptrace) and at
 * ROUNDS random moments (default 60). Afterwards each key is the old or the new one, the store is usable, a check leaves
 * no temporary, and no 16 bytes of a private part stand in any file.
 */
#include "store_crash.h"

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

static int rounds = 60;

/* The child: waits to be traced, then acts. Exit status 0: done; 1: refused; 77: may not be traced. */
static pid_t traced_child(const struct operation *o)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(77);
    raise(SIGSTOP);
    struct store *s = NULL;
    bool good = store_open(STORE_USER, &s) >= 0 && o->act(s) >= 0;
    _exit(good ? 0 : 1);
}

/* Lets the child run until it is about to make its n-th call, and kills it there. True: killed; false: it came to its end
 * before. */
static bool kill_at(const struct operation *o, size_t n)
{
    pid_t child = traced_child(o);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_true(WIFSTOPPED(status));
    assert_int_equal(
        ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
    size_t calls = 0;
    bool inside = false;
    int signal = 0;
    for (;;) {
        assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, signal), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            if (WEXITSTATUS(status) != 0)
                fail_msg("%s: failed by itself", o->name);
            return false;
        }
        assert_true(WIFSTOPPED(status));
        signal = WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
        if (signal != 0)
            continue;
        inside = !inside;
        if (inside && ++calls == n) {
            kill(child, SIGKILL);
            assert_int_equal(waitpid(child, &status, 0), child);
            return true;
        }
    }
}

static void test_every_call(void **state)
{
    (void)state;
    size_t kills = 0;
    operations_prepare();
    for (size_t i = 0; i < ARRAY_COUNT(operations); i++) {
        const struct operation *o = &operations[i];
        size_t n = 1, done = 0;
        for (;; n++) {
            operation_begin(o);
            bool killed = kill_at(o, n);
            int found = operation_end(o, "killed at call", n);
            if (!killed) {
                assert_int_equal(found, 1);
                break;
            }
            done += found == 1;
        }
        /* Killed before its first call nothing has happened; it is done before its last. */
        print_message("# %s: %zu calls, the new state from about call %zu on\n", o->name, n - 1,
                      n - 1 - done);
        assert_true(n > 5);
        kills += n - 1;
    }
    print_message("# figure: 14 killed at each of %zu system calls of %zu operations, and at %d "
                  "random moments\n",
                  kills, ARRAY_COUNT(operations), rounds);
}

/* --- random moments ----------------------------------------------------------------------------------- */

#define SEEDS 8

/* The payload's seed stands in a property, so that record and payload can be compared. */
static SECURITY_STATUS put_seeded(struct store *s, const char *name, uint32_t seed)
{
    struct test_payload p;
    payload_fill(&p, seed);
    uint8_t value = (uint8_t)seed;
    struct store_property property = {text_span("seed"), span_of(&value, 1)};
    struct store_record r = record_of(name, 0);
    r.properties = &property;
    r.property_count = 1;
    return store_create(s, &r, &p.payload, NO_PASSPHRASE, true, NULL);
}

/* The seed of a key; 0: it does not exist; -1: record and payload do not fit together. */
static int seed_of(struct store *s, const char *name)
{
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(s, text_span(name), 0, &key);
    if (status < 0)
        return status == NTE_BAD_KEYSET ? 0 : -1;
    int seed = key->record.property_count == 1 ? key->record.properties[0].value.p[0] : -1;
    store_key_free(key);
    return seed > 0 && has_payload(s, name, (uint32_t)seed, NO_PASSPHRASE) >= 0 ? seed : -1;
}

static void work_for_ever(void)
{
    struct store *s = NULL;
    if (store_open(STORE_USER, &s) < 0)
        _exit(1);
    for (uint32_t i = 0;; i++) {
        uint32_t seed = 1 + i % SEEDS;
        struct test_payload p;
        payload_fill(&p, seed);
        uint8_t value = (uint8_t)seed;
        struct store_property property = {text_span("seed"), span_of(&value, 1)};
        struct store_change change = {.set = &property, .set_count = 1, .payload = &p.payload};
        struct store_key *key = NULL;
        bool good = put_seeded(s, "x", seed) >= 0;
        good = good && store_load(s, text_span("y"), 0, &key) >= 0;
        good = good && store_update(s, key, NO_PASSPHRASE, &change, NULL) >= 0;
        store_key_free(key);
        good = good && (store_delete_unique(s, strrchr(key_path("z", 0), '/') + 1) >= 0 || i == 0);
        good = good && put_seeded(s, "z", seed) >= 0;
        good = good && (i % 16 != 15 || store_rotate(s, NULL, NULL, NULL) >= 0);
        if (!good)
            _exit(1);
    }
}

static void test_random_moments(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(put_seeded(s, "x", 1), STATUS_SUCCESS);
    assert_int_equal(put_seeded(s, "y", 1), STATUS_SUCCESS);
    srand((unsigned)time(NULL));
    for (int i = 0; i < rounds; i++) {
        pid_t child = fork();
        if (child == 0)
            work_for_ever();
        usleep((useconds_t)(rand() % 40000));
        kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        int x = seed_of(s, "x"), y = seed_of(s, "y"), z = seed_of(s, "z");
        struct store_report report;
        SECURITY_STATUS checked = store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report);
        bool clean = count_names(in_home("user/keys"), ".tmp-") == 0 &&
                     count_names(in_home("user/protectors"), ".tmp-") == 0;
        if (x <= 0 || y <= 0 || z < 0 || checked < 0 || report.damaged > 0 || report.sealed ||
            !clean)
            fail_msg("round %d: x %d, y %d, z %d, damaged %zu, clean %d (%s: %s)", i, x, y, z,
                     report.damaged, clean, store_explain()->path, store_explain()->problem);
        if (z == 0)
            assert_int_equal(put_seeded(s, "z", 1), STATUS_SUCCESS);
        for (uint32_t seed = 1; seed <= SEEDS; seed++) {
            struct test_payload p;
            payload_fill(&p, seed);
            assert_false(leaks(in_home("user"), p.payload.blob));
        }
    }
    store_close(s);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rounds = atoi(argv[1]);
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_every_call),
        STORE_TEST(test_random_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
