/* The handle table: what is a handle, who destroys, and that no thread ever sees a dead object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alone.h"
#include "handle.h"
#include "hazard.h"

#define ALIVE 0x600DF00Du

struct thing {
    struct object object;
    _Atomic uint32_t alive;
};

static _Atomic size_t made, destroyed;

static void thing_destroy(struct object *o)
{
    struct thing *t = CONTAINER_OF(o, struct thing, object);
    atomic_store(&t->alive, 0xDEADu);
    atomic_fetch_add(&destroyed, 1);
    free(t);
}

static void *thing_make(enum object_kind kind, bool quiet)
{
    struct thing *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->object = (struct object){kind, thing_destroy, quiet};
    atomic_store(&t->alive, ALIVE);
    void *handle = NULL;
    assert_int_equal(handle_new(&t->object, &handle), STATUS_SUCCESS);
    atomic_fetch_add(&made, 1);
    return handle;
}

static void *thing_new(enum object_kind kind)
{
    return thing_make(kind, false);
}

static bool opens(const void *handle, enum object_kind kind)
{
    CLEANUP(handle_leave) struct handle_use use = handle_enter(handle, kind);
    return use.object != NULL;
}

static bool is_noted(const void *handle)
{
    CLEANUP(handle_leave) struct handle_use use = handle_enter(handle, OBJECT_KEY);
    assert_non_null(use.object);
    return use.hazard != NULL;
}

static void *ends(void *arg)
{
    return arg;
}

/* Before anything else, while the process has one thread: a quiet object's use is then noted by nobody. */
static void test_quiet_objects(void **state)
{
    (void)state;
    void *quiet = thing_make(OBJECT_KEY, true), *loud = thing_new(OBJECT_KEY);
    assert_true(opens(quiet, OBJECT_KEY)); /* is remembered from here on */
    assert_int_equal(is_noted(quiet), !process_is_alone());
    assert_false(opens(quiet, OBJECT_ALG));
    assert_true(opens(loud, OBJECT_KEY));
    assert_true(is_noted(loud));
    assert_true(opens(quiet, OBJECT_KEY));
    assert_int_equal(is_noted(quiet), !process_is_alone());
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ends, NULL), 0);
    assert_true(is_noted(quiet)); /* another thread might close it now */
    pthread_join(thread, NULL);
    assert_true(handle_close(quiet, OBJECT_KEY));
    assert_false(opens(quiet, OBJECT_KEY));
    assert_true(handle_close(loud, OBJECT_KEY));
}

static void test_live_and_closed(void **state)
{
    (void)state;
    void *h = thing_new(OBJECT_KEY);
    assert_true(opens(h, OBJECT_KEY));
    assert_true(opens(h, OBJECT_ANY));
    assert_false(opens(h, OBJECT_ALG));
    assert_false(handle_close(h, OBJECT_SECRET));
    assert_true(handle_close(h, OBJECT_KEY));
    assert_false(opens(h, OBJECT_KEY));
    assert_false(handle_close(h, OBJECT_KEY));
}

static void test_garbage(void **state)
{
    (void)state;
    void *h = thing_new(OBJECT_KEY);
    const void *garbage[] = {NULL, (void *)1, (void *)0x11, (void *)-1,
                             &h,   &state,    (void *)0x26, (void *)0xFFFFFFFFFFFFFFF6u};
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        assert_false(opens(garbage[i], OBJECT_ANY));
        assert_false(handle_close(garbage[i], OBJECT_KEY));
    }
    /* Neighbours of a live handle in every bit. */
    for (int bit = 0; bit < 64; bit++)
        assert_false(opens((void *)((uintptr_t)h ^ (uintptr_t)1 << bit), OBJECT_ANY));
    assert_true(handle_close(h, OBJECT_KEY));
}

static void test_form_is_not_a_pseudo_handle(void **state)
{
    (void)state;
    void *h[300];
    for (size_t i = 0; i < 300; i++) {
        h[i] = thing_new(OBJECT_KEY);
        assert_int_not_equal((uintptr_t)h[i] & 15, 1);
        assert_non_null(h[i]);
    }
    for (size_t i = 0; i < 300; i++)
        assert_true(handle_close(h[i], OBJECT_KEY));
}

static void test_a_reused_slot_has_another_handle(void **state)
{
    (void)state;
    void *first = thing_new(OBJECT_KEY);
    assert_true(handle_close(first, OBJECT_KEY));
    void *second = thing_new(OBJECT_KEY);
    assert_ptr_not_equal(first, second);
    assert_false(opens(first, OBJECT_KEY));
    assert_true(handle_close(second, OBJECT_KEY));
}

static void test_last_user_destroys(void **state)
{
    (void)state;
    void *h = thing_new(OBJECT_KEY);
    size_t before = atomic_load(&destroyed);
    struct handle_use a = handle_enter(h, OBJECT_KEY);
    struct handle_use b = handle_enter(h, OBJECT_KEY);
    assert_true(handle_close(h, OBJECT_KEY));
    assert_int_equal(atomic_load(&destroyed), before);
    assert_int_equal(atomic_load(&CONTAINER_OF(a.object, struct thing, object)->alive), ALIVE);
    handle_leave(&a);
    assert_int_equal(atomic_load(&destroyed), before);
    handle_leave(&b);
    assert_int_equal(atomic_load(&destroyed), before + 1);
}

/* Another thread that is inside, closes, or both, and stays until it is told to go on. */
struct visit {
    void *handle;
    bool enter, close, entered, closed;
    pthread_barrier_t meet;
};

static void *visit(void *arg)
{
    struct visit *v = arg;
    struct handle_use use = {NULL, NULL};
    if (v->enter)
        use = handle_enter(v->handle, OBJECT_KEY);
    v->entered = use.object != NULL;
    if (v->close)
        v->closed = handle_close(v->handle, OBJECT_KEY);
    pthread_barrier_wait(&v->meet);
    pthread_barrier_wait(&v->meet);
    handle_leave(&use);
    return NULL;
}

/* Whoever of two threads made the object, is inside and closes: it lives until the last has left. */
static void test_who_closes_whose(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 16; which++) {
        bool here_inside = (which & 1) != 0, there_inside = (which & 2) != 0;
        bool there_closes = (which & 4) != 0, was_used_here = (which & 8) != 0;
        void *h = thing_new(OBJECT_KEY);
        size_t before = atomic_load(&destroyed);
        struct visit v = {.handle = h, .enter = there_inside, .close = there_closes};
        struct handle_use use = {NULL, NULL};
        pthread_t thread;
        if (was_used_here)
            assert_true(opens(h, OBJECT_KEY));
        if (here_inside)
            use = handle_enter(h, OBJECT_KEY);
        pthread_barrier_init(&v.meet, NULL, 2);
        assert_int_equal(pthread_create(&thread, NULL, visit, &v), 0);
        pthread_barrier_wait(&v.meet);
        assert_int_equal(v.entered, there_inside);
        assert_int_equal(there_closes ? v.closed : handle_close(h, OBJECT_KEY), true);
        assert_false(opens(h, OBJECT_KEY));
        assert_int_equal(atomic_load(&destroyed) - before, !here_inside && !there_inside);
        handle_leave(&use);
        assert_int_equal(atomic_load(&destroyed) - before, !there_inside);
        pthread_barrier_wait(&v.meet);
        pthread_join(thread, NULL);
        pthread_barrier_destroy(&v.meet);
        assert_int_equal(atomic_load(&destroyed) - before, 1);
    }
}

static void *stays_inside(void *arg)
{
    struct handle_use first = handle_enter(arg, OBJECT_KEY);
    struct handle_use second = handle_enter(arg, OBJECT_KEY);
    pthread_exit(first.object == second.object ? first.object : NULL);
}

static void *enters_and_leaves(void *arg)
{
    return opens(arg, OBJECT_KEY) ? arg : NULL;
}

/* What it returns in a thread of its own. */
static void *in_a_thread(void *(*run)(void *), void *arg)
{
    pthread_t thread;
    void *result;
    assert_int_equal(pthread_create(&thread, NULL, run, arg), 0);
    pthread_join(thread, &result);
    return result;
}

/* A thread that was cancelled inside a call holds nothing once another has its place. */
static void test_thread_that_ends_inside(void **state)
{
    (void)state;
    void *h = thing_new(OBJECT_KEY);
    size_t before = atomic_load(&destroyed);
    assert_non_null(in_a_thread(stays_inside, h));
    assert_ptr_equal(in_a_thread(enters_and_leaves, h), h);
    assert_true(handle_close(h, OBJECT_KEY));
    assert_int_equal(atomic_load(&destroyed), before + 1);
}

static void test_more_uses_than_a_thread_may_hold(void **state)
{
    (void)state;
    void *h = thing_new(OBJECT_KEY);
    struct handle_use uses[HAZARDS + 1];
    size_t held = 0;
    while (held < HAZARDS + 1 && (uses[held] = handle_enter(h, OBJECT_KEY)).object != NULL)
        held++;
    assert_int_equal(held, HAZARDS);
    while (held > 0)
        handle_leave(&uses[--held]);
    assert_true(opens(h, OBJECT_KEY));
    assert_true(handle_close(h, OBJECT_KEY));
}

static void *looks_up_nothing(void *arg)
{
    return opens(NULL, OBJECT_ANY) || opens(NULL, OBJECT_KEY) ? NULL : arg;
}

/* A thread remembers the handle that it looked up last. What the memory says is true only while the slot says the same. */
static void test_what_was_looked_up_last(void **state)
{
    (void)state;
    void *h = thing_new(OBJECT_KEY), *other = thing_new(OBJECT_KEY);
    for (int i = 0; i < 2; i++) {
        assert_true(opens(h, OBJECT_KEY));
        assert_true(opens(other, OBJECT_KEY));
        assert_false(opens(other, OBJECT_ALG));
        assert_false(opens(h, OBJECT_SECRET));
        assert_true(opens(h, OBJECT_ANY));
        /* It is remembered as this thread's alone, until another comes. */
        assert_ptr_equal(in_a_thread(enters_and_leaves, h), h);
        assert_true(opens(h, OBJECT_ANY));
    }
    struct handle_use remembered = handle_enter(h, OBJECT_KEY);
    assert_true(handle_close(h, OBJECT_KEY));
    assert_false(opens(h, OBJECT_KEY));
    handle_leave(&remembered);
    assert_true(opens(other, OBJECT_KEY));
    assert_true(handle_close(other, OBJECT_KEY));

    void *next = thing_new(OBJECT_ALG); /* where that was */
    assert_false(opens(other, OBJECT_KEY));
    assert_true(opens(next, OBJECT_ALG));
    assert_true(handle_close(next, OBJECT_ALG));

    assert_ptr_equal(in_a_thread(looks_up_nothing, other), other);
}

/* Threads that look up, close and replace the same few handles. Every object seen must be alive. */
#define SHARED 8
#define ROUNDS 40000

static _Atomic(void *) shared[SHARED];
static _Atomic size_t corpses;

static void *churn(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;
    for (int i = 0; i < ROUNDS; i++) {
        size_t at = (size_t)rand_r(&seed) % SHARED;
        void *h = atomic_load(&shared[at]);
        if (rand_r(&seed) % 8 == 0) {
            if (handle_close(h, OBJECT_KEY))
                atomic_store(&shared[at], thing_new(OBJECT_KEY));
            continue;
        }
        CLEANUP(handle_leave) struct handle_use use = handle_enter(h, OBJECT_KEY);
        if (use.object == NULL)
            continue;
        struct thing *t = CONTAINER_OF(use.object, struct thing, object);
        for (int look = 0; look < 4; look++) {
            if (atomic_load(&t->alive) != ALIVE)
                atomic_fetch_add(&corpses, 1);
        }
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    size_t live = handle_count_live();
    for (size_t i = 0; i < SHARED; i++)
        atomic_store(&shared[i], thing_new(OBJECT_KEY));
    pthread_t threads[6];
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, (void *)(uintptr_t)(i + 1)), 0);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < SHARED; i++)
        assert_true(handle_close(atomic_load(&shared[i]), OBJECT_KEY));
    assert_int_equal(atomic_load(&corpses), 0);
    assert_int_equal(handle_count_live(), live);
    assert_int_equal(atomic_load(&made), atomic_load(&destroyed));
}

static void test_fork_forgets_the_others(void **state)
{
    (void)state;
    void *h = thing_new(OBJECT_KEY);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(opens(h, OBJECT_KEY) && handle_close(h, OBJECT_KEY) && !opens(h, OBJECT_KEY) ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(opens(h, OBJECT_KEY));
    assert_true(handle_close(h, OBJECT_KEY));
}

/* The two libraries' handles differ in their low mark: one with the other's mark names nothing. */
static void test_marks(void **state)
{
    (void)state;
    void *own = thing_new(OBJECT_KEY);
    void *other = thing_new(OBJECT_KSP_KEY);
    assert_int_equal((uintptr_t)own & 15, 0x6);
    assert_int_equal((uintptr_t)other & 15, 0xA);
    const void *own_marked = (const void *)(((uintptr_t)own & ~(uintptr_t)15) | 0xA);
    const void *other_marked = (const void *)(((uintptr_t)other & ~(uintptr_t)15) | 0x6);
    assert_true(opens(own, OBJECT_ANY));
    assert_true(opens(other, OBJECT_KSP_KEY));
    assert_false(opens(own_marked, OBJECT_ANY));
    assert_false(opens(own_marked, OBJECT_KEY));
    assert_false(opens(other_marked, OBJECT_ANY));
    assert_false(handle_close(other_marked, OBJECT_KSP_KEY));
    assert_true(handle_close(own, OBJECT_KEY));
    assert_true(handle_close(other, OBJECT_KSP_KEY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet_objects),
        cmocka_unit_test(test_live_and_closed),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_form_is_not_a_pseudo_handle),
        cmocka_unit_test(test_a_reused_slot_has_another_handle),
        cmocka_unit_test(test_last_user_destroys),
        cmocka_unit_test(test_who_closes_whose),
        cmocka_unit_test(test_thread_that_ends_inside),
        cmocka_unit_test(test_more_uses_than_a_thread_may_hold),
        cmocka_unit_test(test_what_was_looked_up_last),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_fork_forgets_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
