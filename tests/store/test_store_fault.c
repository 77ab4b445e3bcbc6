/*
 * test_store_fault [all]: every system call that an operation makes fails in turn, once and from then on, with each error
 * (without "all": each call with some of them, with more where an operation makes few). Whatever is answered, no existing key is lost, nothing half done is seen, no descriptor
 * stays open, and a success means that it is done. A second test drops each sync in turn and must find it missing.
 */
#include "store_faults.h"

static bool all_errors;

static const struct {
    int error;
    const char *name;
} errors[] = {
    {EIO, "EIO"},       {ENOSPC, "ENOSPC"},           {EINTR, "EINTR"},
    {EMFILE, "EMFILE"}, {EACCES, "EACCES"},           {SHORT_TRANSFER, "short transfer"},
    {ENOMEM, "ENOMEM"}, {NO_TRANSFER, "no transfer"},
};

static SECURITY_STATUS act_armed(const struct operation *o, size_t at, int error, bool for_ever)
{
    struct store *s = store_new();
    memset(&fault, 0, sizeof fault);
    memset(&disk, 0, sizeof disk);
    fault.at = at;
    fault.error = error;
    fault.for_ever = for_ever;
    fault.armed = true;
    SECURITY_STATUS status = o->act(s);
    fault.armed = false;
    store_close(s);
    return status;
}

static void fail_one(const struct operation *o, size_t at, size_t e, bool for_ever)
{
    char where[128];
    operation_begin(o);
    int fds = count_fds();
    SECURITY_STATUS status = act_armed(o, at, errors[e].error, for_ever);
    snprintf(where, sizeof where, "%s%s of %s, status %08x, call", errors[e].name,
             for_ever ? " for ever" : "", fault.first == NULL ? "nothing" : fault.first,
             (unsigned)status);
    if (count_fds() != fds)
        fail_msg("%s, %s %zu: a descriptor stays open", o->name, where, at);
    int state = operation_end(o, where, at);
    if (status >= 0 && state != 1)
        fail_msg("%s, %s %zu: success, and nothing is done", o->name, where, at);
    /* Whoever is told that a key was not made must be able to make it. */
    bool creates = o->act == act_create;
    if (status < 0 && !for_ever && creates && state != 0)
        fail_msg("%s, %s %zu: refused, and yet it is there", o->name, where, at);
}

static void test_every_call_fails(void **state)
{
    (void)state;
    size_t all = 0;
    faults_prepare();
    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct operation *o = operation_at(i);
        operation_begin(o);
        assert_int_equal(act_armed(o, 0, 0, false), STATUS_SUCCESS);
        if (disk.wrong[0] != '\0' || (disk.count > 0 && !o->in_memory))
            fail_msg("%s: %s, %zu not synced at the end", o->name, disk.wrong, disk.count);
        size_t calls = fault.calls, faults = 0;
        assert_true(calls > 5);
        size_t thin = all_errors ? 1 : calls > 40 ? 16 : 4;
        for (size_t at = 1; at <= calls; at++) {
            for (size_t e = 0; e < ARRAY_COUNT(errors); e++) {
                for (int for_ever = 0; for_ever < 2; for_ever++) {
                    if ((at * 5 + e * 2 + (size_t)for_ever) % thin != 0)
                        continue;
                    fail_one(o, at, e, for_ever != 0);
                    faults++;
                }
            }
        }
        print_message("# %s: %zu calls, %zu faults\n", o->name, calls, faults);
        all += faults;
    }
    print_message(
        "# figure: 13 %zu operations, %zu calls made to fail: no key lost, none half there\n",
        OPERATIONS, all);
    print_message("# figure: 12 %zu operations of the store (among those calls are the requests "
                  "for memory)\n",
                  OPERATIONS);
}

/* The watch itself: each sync that is left out is missed. */
static void test_missing_syncs_are_found(void **state)
{
    (void)state;
    faults_prepare();
    size_t total = 0, healed = 0;
    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct operation *o = operation_at(i);
        if (o->in_memory)
            continue;
        operation_begin(o);
        assert_int_equal(act_armed(o, 0, 0, false), STATUS_SUCCESS);
        size_t syncs = disk.syncs;
        for (size_t drop = 1; drop <= syncs; drop++) {
            operation_begin(o);
            struct store *s = store_new();
            memset(&fault, 0, sizeof fault);
            memset(&disk, 0, sizeof disk);
            disk.drop = drop;
            fault.armed = true;
            SECURITY_STATUS status = o->act(s);
            fault.armed = false;
            store_close(s);
            assert_int_equal(status, STATUS_SUCCESS);
            if (disk.wrong[0] == '\0' && disk.count == 0 && !disk.healed)
                fail_msg("%s: sync %zu of %zu is not missed", o->name, drop, syncs);
            healed += disk.wrong[0] == '\0' && disk.healed;
            total++;
        }
    }
    print_message(
        "# %zu syncs; each is missed when it is left out, but %zu that the next one makes up for\n",
        total, healed);
    print_message(
        "# figure: 15 %zu syncs left out one by one: %zu missed, %zu made up for by the next\n",
        total, total - healed, healed);
    /* Two folders are made in one, nothing is published in between: once in each operation that makes the store. */
    size_t from_nothing = 0;
    for (size_t i = 0; i < OPERATIONS; i++)
        from_nothing += operation_at(i)->from == NULL;
    assert_true(total > 20 && healed <= from_nothing);
}

/* --- file systems that lack something ------------------------------------------------------------------- */

/* Every create goes another way when O_TMPFILE, /proc or renameat2 are missing: these functions stand for the file system. */
static void test_lacking_file_systems(void **state)
{
    (void)state;
    faults_prepare();
    static const struct {
        const char *function;
        int error;
    } lacks[] = {{"O_TMPFILE", EOPNOTSUPP},
                 {"O_TMPFILE", EISDIR},
                 {"/proc", ENOENT},
                 {"renameat2", EINVAL},
                 {"renameat2", ENOSYS}};
    for (size_t i = 0; i < ARRAY_COUNT(lacks); i++) {
        for (size_t k = 0; k < OPERATIONS; k++) {
            const struct operation *o = operation_at(k);
            operation_begin(o);
            lacking.function = lacks[i].function;
            lacking.error = lacks[i].error;
            lacking.hits = 0;
            SECURITY_STATUS status = act_armed(o, 0, 0, false);
            bool synced = o->in_memory || (disk.wrong[0] == '\0' && disk.count == 0);
            struct store *s = store_new();
            fault.armed = true;
            SECURITY_STATUS taken = create(s, "c", 9, false);
            fault.armed = false;
            lacking.function = NULL;
            if (status < 0 || !synced || (o->from == NULL ? taken < 0 : taken != NTE_EXISTS))
                fail_msg("%s without %s: %08x, %s, %08x", o->name, lacks[i].function,
                         (unsigned)status, disk.wrong, (unsigned)taken);
            store_close(s);
            if (k < 2)
                assert_true(lacking.hits > 0);
            if (o->from != NULL)
                assert_int_equal(operation_end(o, "lacking", i), 1);
        }
    }
}

int main(int argc, char **argv)
{
    all_errors = argc > 1 && strcmp(argv[1], "all") == 0;
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_every_call_fails),
        STORE_TEST(test_missing_syncs_are_found),
        STORE_TEST(test_lacking_file_systems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
