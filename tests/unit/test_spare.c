/* Blocks that a thread keeps: they come back, there are not more than a few, and none is lost when the thread ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "spare.h"

#define KIND 1

static _Atomic size_t released;

static void release(void *block, size_t kind)
{
    (void)block;
    assert_int_equal(kind, KIND);
    released++;
}

static void come_back(void **state)
{
    (void)state;
    int blocks[SPARES_EACH + 1];
    assert_null(spare_take(KIND));
    for (size_t i = 0; i < SPARES_EACH; i++)
        assert_int_equal(spare_keep(KIND, &blocks[i], release), SPARES_KEPT);
    assert_false(spare_keep(KIND, &blocks[SPARES_EACH], release));
    assert_null(spare_take(KIND + 1));
    for (size_t i = SPARES_EACH; SPARES_KEPT && i-- > 0;)
        assert_ptr_equal(spare_take(KIND), &blocks[i]);
    assert_null(spare_take(KIND));
    assert_int_equal(released, 0);
}

static void forbidden(void **state)
{
    (void)state;
    int block;
    assert_int_equal(spare_keep(KIND, &block, release), SPARES_KEPT);
    spare_allow(false);
    assert_int_equal(released, SPARES_KEPT);
    assert_false(spare_is_kept());
    assert_false(spare_keep(KIND, &block, release));
    assert_null(spare_take(KIND));
    spare_allow(true);
    assert_int_equal(spare_is_kept(), SPARES_KEPT);
    released = 0;
}

static int kept[2];
static pthread_key_t late_key;

/* A destructor of the program's own, which may run after the library's. */
static void keeps_late(void *p)
{
    if (!spare_keep(KIND, p, release))
        release(p, KIND);
}

static void *keeps(void *arg)
{
    (void)arg;
    if (!spare_keep(KIND, &kept[0], release))
        release(&kept[0], KIND);
    pthread_setspecific(late_key, &kept[1]);
    return NULL;
}

static void end_with_the_thread(void **state)
{
    (void)state;
    assert_int_equal(pthread_key_create(&late_key, keeps_late), 0);
    for (size_t i = 1; i <= 20; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, keeps, NULL), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(released, 2 * i);
    }
    assert_null(spare_take(KIND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(come_back),
        cmocka_unit_test(forbidden),
        cmocka_unit_test(end_with_the_thread),
    };
    return cmocka_run_group_tests_name("spare", tests, NULL, NULL);
}
