/* The pool of idle contexts: nothing is lost, nothing is handed out twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "ctx_pool.h"

static size_t released;

static void release(void *ctx)
{
    (void)ctx;
    released++;
}

static void gives_back_what_it_got(void **state)
{
    (void)state;
    struct ctx_pool pool = {NULL};
    int things[CTX_POOL_MOST + 1];
    assert_null(ctx_pool_take(&pool));
    for (size_t i = 0; i < CTX_POOL_MOST; i++)
        assert_true(ctx_pool_give(&pool, &things[i]));
    assert_false(ctx_pool_give(&pool, &things[CTX_POOL_MOST]));
    bool seen[CTX_POOL_MOST] = {false};
    for (size_t i = 0; i < CTX_POOL_MOST; i++) {
        int *got = ctx_pool_take(&pool);
        assert_in_range(got - things, 0, CTX_POOL_MOST - 1);
        assert_false(seen[got - things]);
        seen[got - things] = true;
    }
    assert_null(ctx_pool_take(&pool));
    ctx_pool_drain(&pool, release); /* the places themselves */
    assert_int_equal(released, 0);
}

static void drains(void **state)
{
    (void)state;
    struct ctx_pool pool = {NULL};
    int things[3];
    for (size_t i = 0; i < 3; i++)
        assert_true(ctx_pool_give(&pool, &things[i]));
    released = 0;
    ctx_pool_drain(&pool, release);
    assert_int_equal(released, 3);
    assert_null(ctx_pool_take(&pool));
}

struct owned {
    _Atomic int users;
};

static struct ctx_pool shared;
static _Atomic int clashes;

static void *borrow(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20000; i++) {
        struct owned *o = ctx_pool_take(&shared);
        if (o == NULL)
            continue;
        if (atomic_fetch_add(&o->users, 1) != 0)
            atomic_fetch_add(&clashes, 1);
        atomic_fetch_sub(&o->users, 1);
        while (!ctx_pool_give(&shared, o)) {
        }
    }
    return NULL;
}

static void one_user_at_a_time(void **state)
{
    (void)state;
    static struct owned things[4];
    for (size_t i = 0; i < ARRAY_COUNT(things); i++)
        assert_true(ctx_pool_give(&shared, &things[i]));
    pthread_t threads[8];
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, borrow, NULL), 0);
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(clashes, 0);
    released = 0;
    ctx_pool_drain(&shared, release);
    assert_int_equal(released, ARRAY_COUNT(things));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_it_got),
        cmocka_unit_test(drains),
        cmocka_unit_test(one_user_at_a_time),
    };
    return cmocka_run_group_tests_name("ctx_pool", tests, NULL, NULL);
}
