/* Secret memory: zeroed, aligned, wiped when given back, kept out of core dumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ct.h"
#include "secret.h"

static void test_sizes_are_zeroed_and_apart(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 63, 64, 65, 1000, 4096, 8192, 8193, 100000};
    struct secret s[sizeof sizes / sizeof sizes[0]];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_int_equal(secret_new(&s[i], sizes[i]), STATUS_SUCCESS);
        assert_int_equal(s[i].n, sizes[i]);
        assert_true(ct_all_zero(s[i].p, sizes[i]));
        memset(s[i].p, (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(s[i].p[k], i + 1);
        secret_done(&s[i]);
        assert_null(s[i].p);
        secret_done(&s[i]);
    }
}

static void test_reuse_sees_no_old_secret(void **state)
{
    (void)state;
    for (size_t n = 1; n < 9000; n = n * 2 + 1) {
        struct secret a, b;
        assert_int_equal(secret_new(&a, n), STATUS_SUCCESS);
        memset(a.p, 0xEE, n);
        secret_done(&a);
        assert_int_equal(secret_new(&b, n), STATUS_SUCCESS);
        assert_true(ct_all_zero(b.p, n));
        secret_done(&b);
    }
}

static void test_copy(void **state)
{
    (void)state;
    SECRET s = {NULL, 0};
    assert_int_equal(secret_copy(&s, span_of("secret", 6)), STATUS_SUCCESS);
    assert_memory_equal(s.p, "secret", 6);
}

#ifndef __SANITIZE_ADDRESS__
/* The kernel says of the mapping that it is locked ("lo", where the limit
 * allows) and not dumped ("dd"). */
static void test_not_dumped(void **state)
{
    (void)state;
    SECRET s = {NULL, 0};
    assert_int_equal(secret_new(&s, 32), STATUS_SUCCESS);
    FILE *maps = fopen("/proc/self/smaps", "r");
    if (maps == NULL)
        skip();
    char line[512];
    bool inside = false, seen = false;
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = (uintptr_t)s.p >= from && (uintptr_t)s.p < to;
        if (inside && strncmp(line, "VmFlags:", 8) == 0) {
            seen = true;
            assert_non_null(strstr(line, " dd"));
        }
    }
    fclose(maps);
    assert_true(seen);
}
#endif

static void *hammer(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;
    for (int i = 0; i < 20000; i++) {
        size_t n = (size_t)rand_r(&seed) % 600 + 1;
        struct secret s;
        if (secret_new(&s, n) < 0 || !ct_all_zero(s.p, n))
            return arg;
        memset(s.p, 0x5A, n);
        secret_done(&s);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, (void *)(uintptr_t)(i + 1)), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_are_zeroed_and_apart),
        cmocka_unit_test(test_reuse_sees_no_old_secret),
        cmocka_unit_test(test_copy),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(test_not_dumped),
#endif
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
