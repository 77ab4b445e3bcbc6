/* config_state.c, config_picture.c: pictures, when they are taken anew, and what config_orders says. And config_file.c's last byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "config_change.h"
#include "config_file.h"
#include "config_place.h"

static char home[] = "/tmp/opencng-state-XXXXXX";

static const struct name by_default = {CONFIG_DEFAULT_CONTEXT};

static NTSTATUS edit(NTSTATUS (*apply)(struct config_context *, struct arena *,
                                       const struct config_edit *),
                     uint32_t interface_id, const char *function, const char *item)
{
    struct name f, i;
    snprintf(f.s, sizeof f.s, "%s", function);
    snprintf(i.s, sizeof i.s, "%s", item);
    struct config_edit e = {
        .apply = apply, .interface_id = interface_id, .function = &f, .item = &i};
    return config_context_change(place_local(), &by_default, CONFIG_MUST_EXIST, &e);
}

static size_t functions_of(const struct config *c)
{
    const struct config_context *context = config_context_find(&c->in_force, &by_default);
    return context->list_count == 0 ? 0 : context->lists[0].count;
}

/* A picture that is held does not change; the next one is new. */
static void test_held(void **state)
{
    (void)state;
    CONFIG before = config_acquire();
    assert_non_null(before);
    assert_int_equal(functions_of(before), 0);
    assert_int_equal(edit(edit_function_add, BCRYPT_HASH_INTERFACE, "F", ""), STATUS_SUCCESS);
    CONFIG after = config_acquire();
    CONFIG again = config_acquire();
    assert_int_equal(functions_of(before), 0);
    assert_int_equal(functions_of(after), 1);
    assert_ptr_equal(after, again);
    config_release(NULL);
}

static void test_orders(void **state)
{
    (void)state;
    assert_false(config_orders()); /* a function alone is no order */
    assert_int_equal(edit(edit_provider_add, 0x00010001, "KEY_STORAGE", "K"), STATUS_SUCCESS);
    assert_false(config_orders()); /* nor is one of key stores */
    assert_int_equal(edit(edit_provider_add, BCRYPT_HASH_INTERFACE, "F", "P"), STATUS_SUCCESS);
    assert_true(config_orders());
    assert_int_equal(edit(edit_provider_remove, BCRYPT_HASH_INTERFACE, "F", "P"), STATUS_SUCCESS);
    assert_false(config_orders());
}

/* Another process's change is seen by config_refresh, and by that alone. */
static void test_refresh(void **state)
{
    (void)state;
    struct timespec settle = {.tv_nsec = 200 * 1000 * 1000};
    nanosleep(&settle, NULL);
    (void)config_refresh();
    CONFIG before = config_acquire();
    size_t n = functions_of(before);
    assert_false(config_refresh());
    pid_t child = fork();
    if (child == 0)
        _exit(edit(edit_function_add, BCRYPT_HASH_INTERFACE, "G", "") >= 0 ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    CONFIG same = config_acquire();
    assert_ptr_equal(before, same);
    assert_true(config_refresh());
    CONFIG after = config_acquire();
    assert_int_equal(functions_of(after), n + 1);
    /* Two changes within one tick of the clock: none is missed. */
    for (size_t i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "T%zu", i);
        child = fork();
        if (child == 0)
            _exit(edit(edit_function_add, BCRYPT_HASH_INTERFACE, name, "") >= 0 ? 0 : 1);
        assert_int_equal(waitpid(child, &status, 0), child);
        (void)config_refresh();
        CONFIG now = config_acquire();
        assert_int_equal(functions_of(now), n + 2 + i);
    }
}

static _Atomic bool stop;

static void *read_on(void *arg)
{
    (void)arg;
    bool order = false; /* no function has providers meanwhile */
    while (!atomic_load(&stop)) {
        CONFIG c = config_acquire();
        struct config_choice choices[4];
        struct name f = {"F"};
        if (c == NULL || config_order(c, 0, &f, choices, 4) < 1)
            return (void *)1;
        order = order || config_orders();
        (void)config_refresh();
    }
    return order ? (void *)2 : NULL;
}

/* Readers, a writer and children that are forked meanwhile. */
static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, NULL), 0);
    for (size_t i = 0; i < 40; i++) {
        assert_int_equal(edit(edit_function_add, BCRYPT_HASH_INTERFACE, "F", ""), STATUS_SUCCESS);
        pid_t child = fork();
        if (child == 0) {
            const struct config *c = config_acquire();
            _exit(c != NULL && functions_of(c) > 0 ? 0 : 1);
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

static int names_in(const char *folder)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, NULL);
    for (int i = 0; i < n; i++)
        free(names[i]);
    if (n >= 0)
        free(names);
    return n;
}

/* A disk that takes all but the last byte: the file is as it was, and nothing else is left. */
static void test_last_byte(void **state)
{
    (void)state;
    static const uint8_t bytes[] = "every byte of it";
    struct rlimit usual;
    SCOPED_FD folder = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(folder >= 0);
    int before = names_in(home);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    for (size_t n = 1; n <= sizeof bytes; n++) {
        const struct rlimit less = {n - 1, usual.rlim_max};
        assert_int_equal(file_store(folder, "whole", span_of(bytes, n)), STATUS_SUCCESS);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
        NTSTATUS status = file_store(folder, "whole", span_of(bytes, n));
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
        assert_int_equal(status, STATUS_UNSUCCESSFUL);
        struct stat st;
        const char *flaw = NULL;
        CLEANUP(config_bytes_done) struct config_bytes read = {0};
        assert_int_equal(file_load(folder, "whole", &read, &st, &flaw), STATUS_SUCCESS);
        assert_int_equal(read.n, n);
        assert_memory_equal(read.p, bytes, n);
    }
    signal(SIGXFSZ, handler);
    assert_int_equal(file_remove(folder, "whole"), STATUS_SUCCESS);
    assert_int_equal(names_in(home), before);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_held),      cmocka_unit_test(test_orders),
        cmocka_unit_test(test_refresh),   cmocka_unit_test(test_threads),
        cmocka_unit_test(test_last_byte),
    };
    if (mkdtemp(home) == NULL || setenv("OPENCNG_HOME", home, 1) != 0)
        return 1;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return failures;
}
