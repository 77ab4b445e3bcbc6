/*
 * test_store_race [SECONDS [PROCESSES]]: processes (default 16) create, load, change, enumerate, rotate and delete the same keys,
 * for SECONDS (default 3). Of the creators of one name exactly one wins; no record is corrupt; nobody waits for long.
 */
#include "store_fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define PROCESSES_MAX 64
#define NAMES 6
#define SEEDS 16
#define ROUNDS_MAX 100000

static int seconds = 3;
static unsigned processes = 16;

/* What the processes share. */
static struct {
    _Atomic size_t arrived[ROUNDS_MAX];
    _Atomic unsigned winners[ROUNDS_MAX];
    _Atomic size_t operations, creates, wins, rounds;
    _Atomic uint64_t longest; /* ns */
    _Atomic int wrong;        /* line of the first failure */
    char problem[1024];
} * shared;

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void wrong(int line, SECURITY_STATUS status)
{
    int none = 0;
    if (atomic_compare_exchange_strong(&shared->wrong, &none, line))
        snprintf(shared->problem, sizeof shared->problem, "status %08x, %s: %s", (unsigned)status,
                 store_explain()->path, store_explain()->problem);
    _exit(1);
}

#define MUST(condition, status)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            wrong(__LINE__, status);                                                               \
    } while (0)

/* Record and payload carry the same seed. */
static SECURITY_STATUS put(struct store *s, const char *name, uint32_t seed, bool overwrite)
{
    struct test_payload p;
    payload_fill(&p, seed);
    uint8_t value = (uint8_t)seed;
    struct store_property property = {text_span("seed"), span_of(&value, 1)};
    struct store_record r = record_of(name, 0);
    r.properties = &property;
    r.property_count = 1;
    return store_create(s, &r, &p.payload, NO_PASSPHRASE, overwrite, NULL);
}

/* Whether what is unsealed is what the record says. */
static bool agrees(struct store *s, const struct store_key *key)
{
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    SECURITY_STATUS status = store_unseal(s, key, NO_PASSPHRASE, &storage, &payload);
    MUST(status >= 0 || status == NTE_BAD_KEYSET, status);
    MUST(key->record.property_count >= 1, 0);
    struct test_payload expected;
    payload_fill(&expected, key->record.properties[key->record.property_count - 1].value.p[0]);
    return status < 0 || (payload.blob.n == sizeof expected.bytes &&
                          memcmp(payload.blob.p, expected.bytes, sizeof expected.bytes) == 0);
}

/* Loads, unseals, compares. A key may be gone, or replaced by another, at any time; what it may not be is corrupt. A record
 * that was loaded before a rotation is unsealed from the file that is there after it, whose properties (here: the seed)
 * may have changed together with the payload: a key that is whole agrees when it is loaded again. */
static void look(struct store *s, const char *name)
{
    bool whole = false;
    for (int tries = 0; tries < 3 && !whole; tries++) {
        struct store_key *key = NULL;
        SECURITY_STATUS status = store_load(s, text_span(name), 0, &key);
        MUST(status >= 0 || status == NTE_BAD_KEYSET, status);
        if (status < 0)
            return;
        whole = agrees(s, key);
        store_key_free(key);
    }
    MUST(whole, 0);
}

static void change(struct store *s, const char *name, uint32_t seed)
{
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(s, text_span(name), 0, &key);
    MUST(status >= 0 || status == NTE_BAD_KEYSET, status);
    if (status < 0)
        return;
    struct test_payload p;
    payload_fill(&p, seed);
    uint8_t value = (uint8_t)seed;
    const struct store_property set[] = {{text_span("other"), text_span("x")},
                                         {text_span("seed"), span_of(&value, 1)}};
    const struct store_change c = {.set = set, .set_count = 2, .payload = &p.payload};
    status = store_update(s, key, NO_PASSPHRASE, &c, NULL);
    MUST(status >= 0 || status == NTE_BAD_KEYSET, status);
    store_key_free(key);
}

static void erase(struct store *s, const char *name)
{
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(s, text_span(name), 0, &key);
    MUST(status >= 0 || status == NTE_BAD_KEYSET, status);
    if (status >= 0)
        status = store_delete(s, key);
    MUST(status >= 0 || status == NTE_BAD_KEYSET, status);
    store_key_free(key);
}

static void list(struct store *s)
{
    struct store_enum *e = NULL;
    struct store_entry entry;
    SECURITY_STATUS status = store_enum_new(s, &e);
    MUST(status >= 0, status);
    while ((status = store_enum_next(e, &entry)) >= 0)
        ;
    MUST(status == NTE_NO_MORE_ITEMS, status);
    MUST(store_enum_damaged(e) == 0, NTE_BAD_DATA);
    store_enum_free(e);
}

static void work(unsigned id, uint64_t until)
{
    struct store *s = NULL;
    MUST(store_open(STORE_USER, &s) >= 0, 0);
    unsigned random = id * 2654435761u + 1;
    while (now() < until && shared->wrong == 0) {
        random = random * 1664525 + 1013904223;
        char name[16];
        snprintf(name, sizeof name, "name %u", (random >> 8) % NAMES);
        uint32_t seed = 1 + (random >> 12) % SEEDS;
        uint64_t start = now();
        SECURITY_STATUS status;
        switch (random >> 28) {
        case 0:
        case 1:
        case 2:
            status = put(s, name, seed, false);
            MUST(status >= 0 || status == NTE_EXISTS, status);
            break;
        case 3:
        case 4:
            status = put(s, name, seed, true);
            MUST(status >= 0, status);
            break;
        case 5:
        case 6:
            change(s, name, seed);
            break;
        case 7:
        case 8:
            erase(s, name);
            break;
        case 9:
            list(s);
            break;
        case 10:
            if (random % 32 == 0) {
                status = store_rotate(s, NULL, NULL, NULL);
                MUST(status >= 0 || status == HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION), status);
            }
            break;
        case 11:
            if (random % 32 == 0) {
                struct store_report report;
                status = store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report);
                MUST(status >= 0 && report.damaged == 0, status);
            }
            break;
        default:
            look(s, name);
        }
        uint64_t took = now() - start, longest = shared->longest;
        while (took > longest && !atomic_compare_exchange_weak(&shared->longest, &longest, took))
            ;
        shared->operations++;
    }
    store_close(s);
}

/* All try to create one name at the same moment. */
static void compete(unsigned id, uint64_t until)
{
    struct store *s = NULL;
    MUST(store_open(STORE_USER, &s) >= 0, 0);
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        /* The first process decides whether there is another round. */
        if (id == 0 && now() >= until)
            shared->arrived[round] = SIZE_MAX / 2;
        shared->arrived[round]++;
        while (shared->arrived[round] < processes && shared->wrong == 0)
            sched_yield();
        if (shared->arrived[round] > processes)
            break;
        char name[32];
        snprintf(name, sizeof name, "contest %zu", round);
        SECURITY_STATUS status = put(s, name, 1 + id % SEEDS, false);
        MUST(status >= 0 || status == NTE_EXISTS, status);
        if (status >= 0)
            shared->winners[round]++;
        look(s, name);
        if (id == 0)
            shared->rounds = round + 1;
    }
    store_close(s);
}

static void run(void (*body)(unsigned id, uint64_t until), uint64_t until)
{
    pid_t children[PROCESSES_MAX];
    for (unsigned i = 0; i < processes; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            body(i, until);
            _exit(0);
        }
    }
    int bad = 0;
    for (unsigned i = 0; i < processes; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        bad += status != 0;
    }
    if (bad != 0 || shared->wrong != 0)
        fail_msg("%d processes failed; line %d, %s", bad, shared->wrong, shared->problem);
}

/* --- threads on one store ------------------------------------------------------------------------------ */

static struct store *common;
static _Atomic bool threads_stop;

static SECURITY_STATUS thread_step(unsigned id, unsigned i)
{
    char name[16];
    snprintf(name, sizeof name, "name %u", (id + i) % NAMES);
    struct store_key *key = NULL;
    const struct store_change c = {.usage = &(uint32_t){i}};
    SECURITY_STATUS status = STATUS_SUCCESS;
    switch ((id + i) % 8) {
    case 0:
        return put(common, name, 1 + i % SEEDS, true);
    case 1:
        status = store_load(common, text_span(name), 0, &key);
        if (status >= 0)
            status = store_update(common, key, NO_PASSPHRASE, &c, NULL);
        store_key_free(key);
        return status;
    case 2:
        store_lock(common);
        return STATUS_SUCCESS;
    case 3:
        return i % 64 == 3 ? store_rotate(common, NULL, NULL, NULL) : STATUS_SUCCESS;
    default:
        look(common, name);
        return STATUS_SUCCESS;
    }
}

static void *thread_body(void *arg)
{
    unsigned id = (unsigned)(uintptr_t)arg;
    for (unsigned i = 0; !threads_stop; i++) {
        SECURITY_STATUS status = thread_step(id, i);
        if (status < 0 && status != NTE_BAD_KEYSET &&
            status != HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION))
            wrong(__LINE__, status);
    }
    return NULL;
}

/* In a child, since a failure ends the process that it is found in. */
static void threads_in_child(unsigned id, uint64_t until)
{
    pthread_t threads[8];
    if (id > 0)
        return;
    MUST(store_open(STORE_USER, &common) >= 0, 0);
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++)
        MUST(pthread_create(&threads[i], NULL, thread_body, (void *)(uintptr_t)i) == 0, 0);
    while (now() < until)
        usleep(10000);
    threads_stop = true;
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++)
        MUST(pthread_join(threads[i], NULL) == 0, 0);
    store_close(common);
}

static int shared_setup(void **state)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? -1 : home_setup(state);
}

static int shared_teardown(void **state)
{
    munmap(shared, sizeof *shared);
    return home_teardown(state);
}

static void final_look(void)
{
    struct store *s = store_new();
    struct store_report report;
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_int_equal(report.damaged, 0);
    assert_int_equal(report.leftovers, 0);
    assert_false(report.sealed);
    assert_int_equal(count_names(in_home("user/protectors"), ""), report.rotating ? 3 : 2);
    store_close(s);
}

/* The very first creation included: all find no folder, no KEK, no slot. */
static void test_one_winner(void **state)
{
    (void)state;
    run(compete, now() + (uint64_t)seconds * 1000000000u / 3);
    for (size_t i = 0; i < shared->rounds; i++)
        assert_int_equal(shared->winners[i], 1);
    print_message("# %zu names, one winner each\n", shared->rounds);
    print_message("# figure: 16 %zu names that several create at once: one of them each\n",
                  shared->rounds);
    assert_true(shared->rounds > 0);
    final_look();
}

static void test_threads(void **state)
{
    (void)state;
    run(threads_in_child, now() + (uint64_t)seconds * 1000000000u / 3);
    final_look();
}

static void test_everything_at_once(void **state)
{
    (void)state;
    run(work, now() + (uint64_t)seconds * 1000000000u * 2 / 3);
    print_message("# %zu operations, the longest took %zu ms\n", shared->operations,
                  (size_t)(shared->longest / 1000000));
    assert_true(shared->operations > processes);
    assert_true(shared->longest < UINT64_C(5000000000));
    final_look();
}

int main(int argc, char **argv)
{
    if (argc > 1)
        seconds = atoi(argv[1]);
    if (argc > 2)
        processes = (unsigned)atoi(argv[2]);
    if (processes < 1 || processes > PROCESSES_MAX)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_winner, shared_setup, shared_teardown),
        cmocka_unit_test_setup_teardown(test_threads, shared_setup, shared_teardown),
        cmocka_unit_test_setup_teardown(test_everything_at_once, shared_setup, shared_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
