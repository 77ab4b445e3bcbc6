/*
 * The trace's file (trace_file.h). Its descriptor lives in a stranger's process: a program may close
 * descriptors that it does not know, and get the number for a file of its own. So each line first asks
 * whether the descriptor is still the file that was opened.
 */
#include "trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace_module.h"

#define VARIABLE "OPENCNG_TRACE"

static struct {
    char path[PATH_MAX]; /* absolute: the program may go to another folder */
    dev_t device;
    ino_t inode;
    atomic_int fd;
} file = {.fd = -1};

/* What the environment says, but in a set-user-id program, which would write where its user may not. */
static const char *named(void)
{
    const char *path = secure_getenv(VARIABLE);
    return path != NULL && path[0] != '\0' ? path : NULL;
}

bool trace_file_is_named(void)
{
    return named() != NULL;
}

/* The path's descriptor, never one of the three that programs take for granted; -1 with errno. */
static int open_path(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return high;
}

static bool is_ours(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_dev == file.device && st.st_ino == file.inode;
}

bool trace_file_open(void)
{
    const char *path = named();
    if (path == NULL)
        return false;
    struct stat st;
    int fd = open_path(path);
    if (fd < 0 || fstat(fd, &st) != 0) { /* fstat of what open gave does not fail */
        fprintf(stderr, "%s: " VARIABLE ": %s: %s\n", trace_module_name(&file), path,
                strerror(errno));
        return false;
    }
    file.device = st.st_dev;
    file.inode = st.st_ino;
    if (realpath(path, file.path) == NULL)
        file.path[0] = '\0'; /* a pipe, say: it cannot be opened again */
    atomic_store(&file.fd, fd);
    return true;
}

/* A descriptor of the file after the program closed ours; -1: there is none. */
static int open_again(int lost)
{
    int fd = file.path[0] != '\0' ? open_path(file.path) : -1;
    if (fd < 0)
        return -1;
    if (!is_ours(fd)) {
        close(fd);
        return -1;
    }
    if (fd != lost && !atomic_compare_exchange_strong(&file.fd, &lost, fd)) {
        close(fd); /* another thread was faster */
        return lost;
    }
    return fd;
}

bool trace_file_write(const char *line, size_t n)
{
    int fd = atomic_load(&file.fd);
    if (!is_ours(fd) && (fd = open_again(fd)) < 0)
        return false;
    while (write(fd, line, n) < 0 && errno == EINTR)
        ;
    return true;
}
