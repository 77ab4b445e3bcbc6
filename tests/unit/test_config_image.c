/* config_image.c: which files may be loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

static NTSTATUS check(const char *image, char **path)
{
    struct config_provider p = {.image = image};
    return config_image_path(&p, path);
}

/* Something that root owns on every system, by its real name. */
static void test_system(void **state)
{
    (void)state;
    char *real = realpath("/bin/sh", NULL);
    char *path = NULL;
    assert_non_null(real);
    assert_int_equal(check(real, &path), STATUS_SUCCESS);
    assert_string_equal(path, real);
    free(path);
    free(real);
}

static void test_no_path(void **state)
{
    (void)state;
    static const struct {
        const char *image;
        NTSTATUS status;
    } rows[] = {
        {"", STATUS_INVALID_PARAMETER},
        {"a/b.so", STATUS_INVALID_PARAMETER},
        {"./b.so", STATUS_INVALID_PARAMETER},
        {"/", STATUS_ACCESS_DENIED},
        {"/usr", STATUS_ACCESS_DENIED},
        {"/usr/../usr/x.so", STATUS_INVALID_PARAMETER},
        {"/usr/./x.so", STATUS_INVALID_PARAMETER},
        {"..", STATUS_INVALID_PARAMETER},
        {"/usr/there-is-none.so", STATUS_NOT_FOUND},
        {"/dev/null", STATUS_ACCESS_DENIED},
    };
    char *path = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        NTSTATUS status = check(rows[i].image, &path);
        /* The folder of providers need not exist, and then nothing in it does. */
        bool absent = strcmp(rows[i].image, "..") == 0 && status == STATUS_NOT_FOUND;
        if (!absent)
            assert_int_equal(status, rows[i].status);
        assert_null(path);
    }
    assert_int_equal(check("there-is-none.so", &path), STATUS_NOT_FOUND);
}

static char folder[1024];

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static void put(const char *name, mode_t mode)
{
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static NTSTATUS check_below(const char *name)
{
    char path[1200];
    char *found = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    NTSTATUS status = check(path, &found);
    assert_int_equal(found != NULL, status >= 0);
    free(found);
    return status;
}

/* Below the build folder, where that is a safe place. Elsewhere the one thing to see is that it is refused. */
static void test_own(void **state)
{
    (void)state;
    char *root = realpath(getenv("OPENCNG_BUILD_ROOT"), NULL);
    assert_non_null(root);
    snprintf(folder, sizeof folder, "%s/image-XXXXXX", root);
    free(root);
    assert_non_null(mkdtemp(folder));
    put("good.so", 0755);
    NTSTATUS good = check_below("good.so");
    assert_true(good == STATUS_SUCCESS || good == STATUS_ACCESS_DENIED);
    if (good >= 0) {
        put("group.so", 0775);
        put("others.so", 0757);
        assert_int_equal(check_below("group.so"), STATUS_ACCESS_DENIED);
        assert_int_equal(check_below("others.so"), STATUS_ACCESS_DENIED);
        assert_int_equal(check_below("good.so/x"), STATUS_ACCESS_DENIED);
        char link[1200];
        snprintf(link, sizeof link, "%s/link.so", folder);
        assert_int_equal(symlink("good.so", link), 0);
        assert_int_equal(check_below("link.so"), STATUS_ACCESS_DENIED);
        assert_int_equal(chmod(folder, 01777), 0); /* sticky does not help */
        assert_int_equal(check_below("good.so"), STATUS_ACCESS_DENIED);
        assert_int_equal(chmod(folder, 0770), 0);
        assert_int_equal(check_below("good.so"), STATUS_ACCESS_DENIED);
        assert_int_equal(chmod(folder, 0700), 0);
        assert_int_equal(check_below("good.so"), STATUS_SUCCESS);
    }
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (good < 0)
        print_message(
            "# others may write to the build folder or above it: nothing there may be loaded\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_system),
        cmocka_unit_test(test_no_path),
        cmocka_unit_test(test_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
