/* Descriptors: what interrupts a call, cuts it short or refuses it. The linker wraps the system's calls (tests/unit/meson.build). */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"

/* What the next calls answer: `times` of them -1 with `error`, or 0 where that is 0; and no transfer is longer than `most`. */
static struct {
    int times, error;
    size_t most;
} play;

static char path[] = "/tmp/opencng-fd.XXXXXX";

static bool played(void)
{
    errno = play.error;
    return play.times > 0 && play.times-- > 0;
}

static size_t at_most(size_t n)
{
    return play.most != 0 && n > play.most ? play.most : n;
}

#define REAL(type, function, ...)                                                                  \
    type __real_##function(__VA_ARGS__);                                                           \
    __attribute__((__visibility__("default"))) type __wrap_##function(__VA_ARGS__);                \
    type __wrap_##function(__VA_ARGS__)

REAL(ssize_t, write, int fd, const void *p, size_t n)
{
    if (played())
        return play.error == 0 ? 0 : -1;
    return __real_write(fd, p, at_most(n));
}

REAL(ssize_t, pread64, int fd, void *p, size_t n, off_t at)
{
    if (played())
        return play.error == 0 ? 0 : -1;
    return __real_pread64(fd, p, at_most(n), at);
}

REAL(int, fsync, int fd)
{
    return played() ? -1 : __real_fsync(fd);
}

static int file_setup(void **state)
{
    static int fd;
    *state = &fd;
    play.times = 0;
    play.most = 0;
    strcpy(path + sizeof path - 7, "XXXXXX");
    fd = mkstemp(path);
    return fd >= 0 ? 0 : -1;
}

static int file_teardown(void **state)
{
    fd_done(*state);
    return unlink(path);
}

static const char text[] = "all that there is";
#define ALL_OF_IT (span_of(text, sizeof text))

/* Whether the file holds the text, in transfers of at most `most` bytes. */
static bool holds_text(int fd, size_t most)
{
    char found[sizeof text + 1] = {0};
    play.most = most;
    return fd_read(fd, found, sizeof found, 0) == sizeof text &&
           memcmp(found, text, sizeof text) == 0;
}

static void test_short_transfers(void **state)
{
    int fd = *(int *)*state;
    play.most = 3;
    assert_int_equal(fd_write(fd, ALL_OF_IT), 0);
    for (size_t most = 1; most <= sizeof text + 1; most++)
        assert_true(holds_text(fd, most));
    char end[8];
    assert_int_equal(fd_read(fd, end, sizeof end, sizeof text - 4), 4);
    assert_memory_equal(end, text + sizeof text - 4, 4);
    assert_int_equal(fd_read(fd, end, sizeof end, 1000), 0);
}

/* A system that answers nothing else. */
static void all_fail(int fd, int error)
{
    char byte;
    play.error = error;
    play.times = 1000000;
    assert_int_equal(fd_write(fd, ALL_OF_IT), -1);
    assert_int_equal(errno, error);
    assert_int_equal(fd_read(fd, &byte, 1, 0), -1);
    assert_int_equal(errno, error);
    assert_int_equal(fd_sync(fd), -1);
    assert_int_equal(errno, error);
}

/* Signals delay; a system that does nothing but interrupt is given up. */
static void test_signals(void **state)
{
    int fd = *(int *)*state;
    for (int times = 1; times < 100; times += 9) {
        play.error = EINTR;
        play.times = times;
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        assert_int_equal(fd_write(fd, ALL_OF_IT), 0);
        play.times = times;
        assert_true(holds_text(fd, 5));
        play.times = times;
        assert_int_equal(fd_sync(fd), 0);
    }
    all_fail(fd, EINTR);
    assert_true(play.times > 0);
}

static void test_refusals(void **state)
{
    int fd = *(int *)*state;
    all_fail(fd, EIO);
    assert_int_equal(fd_sync_folder(fd), -1);
    assert_int_equal(errno, EIO);
    assert_int_equal(play.times, 1000000 - 4); /* and none of them is asked again */
    play.error = 0;
    assert_int_equal(fd_write(fd, ALL_OF_IT), -1);
    assert_int_equal(errno, ENOSPC);
}

/* As some network file systems answer. */
static void test_folder_without_sync(void **state)
{
    int fd = *(int *)*state;
    play.error = EINVAL;
    play.times = 2;
    assert_int_equal(fd_sync(fd), -1);
    assert_int_equal(fd_sync_folder(fd), 0);
    assert_int_equal(fd_sync_folder(fd), 0);
    fd_sync_above("/absent-by-all-means/file");
    fd_sync_above(path);
}

static void test_open(void **state)
{
    (void)state;
    SCOPED_FD fd = fd_open(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW, 0);
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    fd_done(&fd);
    assert_int_equal(fd, -1);
    fd_done(&fd);
    assert_int_equal(fd_open(AT_FDCWD, "/absent-by-all-means/file", O_RDONLY, 0), -1);
    assert_int_equal(errno, ENOENT);
}

/* One writer at a time, in one process, too; and closing another descriptor of the file gives nothing back. */
static void test_lock(void **state)
{
    int fd = *(int *)*state;
    assert_int_equal(fd_lock(fd), 0);
    SCOPED_FD other = fd_open(AT_FDCWD, path, O_RDWR, 0);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    assert_int_equal(fcntl(other, F_OFD_SETLK, &whole), -1);
    SCOPED_FD third = fd_open(AT_FDCWD, path, O_RDWR, 0);
    fd_done(&third);
    assert_int_equal(fcntl(other, F_OFD_SETLK, &whole), -1);
    SCOPED_FD reading = fd_open(AT_FDCWD, path, O_RDONLY, 0);
    assert_int_equal(fd_lock(reading), -1);
    assert_int_equal(errno, EBADF);
    fd_done(*state);
    assert_int_equal(fd_lock(other), 0);
}

int main(void)
{
#define FILE_TEST(f) cmocka_unit_test_setup_teardown(f, file_setup, file_teardown)
    const struct CMUnitTest tests[] = {
        FILE_TEST(test_short_transfers),     FILE_TEST(test_signals), FILE_TEST(test_refusals),
        FILE_TEST(test_folder_without_sync), FILE_TEST(test_open),    FILE_TEST(test_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
