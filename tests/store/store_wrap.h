/*
 * System calls of the store, wrapped by the linker (-Wl,--wrap, in the builds of the tests that include this only), and in
 * store_wrap_library.h what it asks of libraries. They can be made to fail, and they watch what is synced when.
 *
 * Rules that are watched: a file has been synced when it gets its name; a folder in which a name came or went is
 * synced before the operation is over, before a name is published in another folder, before current.kek appears or is
 * replaced, before a name is removed and before a removed file is erased. Temporary names do not count.
 */
#ifndef STORE_WRAP_H
#define STORE_WRAP_H

#include "store_crash.h"

/* Instead of an error: read and write do one byte, or none. */
#define SHORT_TRANSFER (-1)
#define NO_TRANSFER (-2)

static struct {
    bool armed;
    size_t at;     /* the call that fails, from 1; 0: none */
    bool for_ever; /* and all that follow */
    int error;     /* errno, or one of the above */
    size_t calls;  /* so far */
    size_t fired;
    const char *first; /* the function that was failed first */
} fault;

/* What the file system does not have: "O_TMPFILE", "/proc", "renameat2" (then neither /proc). */
static struct {
    const char *function;
    int error;
    size_t hits;
} lacking;

/* What happens in turn, each at its moment: somebody else acts just before a call, or the call fails. */
struct step {
    const char *function; /* before the next call of this … */
    size_t passed;        /* … when so many have passed; and before each of … */
    size_t times;         /* … so many (0: one) */
    void (*act)(void);    /* NULL: nobody acts */
    int error;            /* as fault.error; 0: the call does not fail */
};

static struct {
    const struct step *next;
    size_t left;       /* steps */
    size_t seen, done; /* calls that passed, and times that it happened, of the next step */
} play;

/* What a file looks like to who asks; NULL: what it is. */
static void (*stat_view)(struct stat *st);

static bool lacks(const char *function)
{
    if (!fault.armed || lacking.function == NULL || strcmp(lacking.function, function) != 0)
        return false;
    lacking.hits++;
    errno = lacking.error;
    return true;
}

static void play_step(const char *function)
{
    const struct step *step = play.next;
    if (play.left == 0 || strcmp(step->function, function) != 0 || play.seen++ < step->passed)
        return;
    if (++play.done >= step->times) {
        play.next++;
        play.left--;
        play.seen = play.done = 0;
    }
    if (step->act != NULL) {
        fault.armed = false;
        step->act();
        fault.armed = true;
    }
    if (step->error != 0) {
        fault.at = fault.calls;
        fault.error = step->error;
    }
}

static bool fails(const char *function)
{
    if (!fault.armed)
        return false;
    fault.calls++;
    play_step(function);
    if (fault.at == 0 || fault.calls < fault.at || (fault.calls > fault.at && !fault.for_ever))
        return false;
    if (fault.fired++ == 0)
        fault.first = function;
    errno = fault.error;
    return fault.error > 0;
}

/* Whether this call is to do less than all without being an error; asked after fails(). */
static bool is_partial(void)
{
    return fault.armed && fault.error < 0 && fault.fired > 0 &&
           (fault.calls == fault.at || fault.for_ever);
}

/* How much of n bytes this read or write does. */
static size_t part_of(size_t n)
{
    return !is_partial() || n < 2 ? n : fault.error == SHORT_TRANSFER ? 1 : 0;
}

/* --- what is synced ----------------------------------------------------------------------------------- */

/* The watch asks on its own account: these are no calls of the store. */
static int look_at(int fd, const char *path, struct stat *st, int flags);

static struct {
    struct {
        dev_t dev;
        ino_t ino;
        bool folder, dropped;
    } dirty[64];
    size_t count;
    size_t syncs;    /* that cleaned something */
    size_t drop;     /* the sync that does not happen, from 1; 0: none */
    bool healed;     /* a later one made up for it, before any rule was broken */
    char wrong[256]; /* the first rule that was broken */
} disk;

static void broken(const char *rule, const char *name)
{
    if (disk.wrong[0] == '\0')
        snprintf(disk.wrong, sizeof disk.wrong, "%s: %s", rule, name);
}

static size_t dirty_find(const struct stat *st)
{
    size_t i = 0;
    while (i < disk.count && (disk.dirty[i].dev != st->st_dev || disk.dirty[i].ino != st->st_ino))
        i++;
    return i;
}

static void make_dirty(int fd)
{
    struct stat st;
    if (!fault.armed || look_at(fd, "", &st, AT_EMPTY_PATH) != 0 || dirty_find(&st) < disk.count)
        return;
    assert_true(disk.count < ARRAY_COUNT(disk.dirty));
    disk.dirty[disk.count].dev = st.st_dev;
    disk.dirty[disk.count].ino = st.st_ino;
    disk.dirty[disk.count].dropped = false;
    disk.dirty[disk.count++].folder = S_ISDIR(st.st_mode);
}

static void make_clean(int fd)
{
    struct stat st;
    if (!fault.armed || look_at(fd, "", &st, AT_EMPTY_PATH) != 0)
        return;
    size_t i = dirty_find(&st);
    if (i == disk.count)
        return;
    if (++disk.syncs == disk.drop) {
        disk.dirty[i].dropped = true;
        return;
    }
    disk.healed = disk.healed || disk.dirty[i].dropped;
    disk.dirty[i] = disk.dirty[--disk.count];
}

/* A file is about to get a name. */
static void publish_check(int from, const char *path, int flags, int folder, const char *name)
{
    struct stat file, here;
    if (!fault.armed || look_at(from, path, &file, flags) != 0 ||
        look_at(folder, "", &here, AT_EMPTY_PATH) != 0)
        return;
    if (dirty_find(&file) < disk.count)
        broken("published before it was synced", name);
    for (size_t i = 0; i < disk.count; i++) {
        bool same = disk.dirty[i].dev == here.st_dev && disk.dirty[i].ino == here.st_ino;
        if (disk.dirty[i].folder && (!same || strcmp(name, "current.kek") == 0))
            broken("published while a folder was not synced", name);
    }
}

/* Something is about to be destroyed: what was done before must be durable. */
static void destroy_check(const char *name)
{
    for (size_t i = 0; fault.armed && i < disk.count; i++) {
        if (disk.dirty[i].folder)
            broken("destroyed while a folder was not synced", name);
    }
}

/* --- plays -------------------------------------------------------------------------------------------- */

/* From here on the steps happen. */
static inline void play_begin(const struct step *steps, size_t n)
{
    memset(&fault, 0, sizeof fault);
    memset(&disk, 0, sizeof disk);
    play.next = steps;
    play.left = n;
    play.seen = play.done = 0;
    fault.armed = true;
}

/* All have happened. */
static inline void play_end(void)
{
    fault.armed = false;
    stat_view = NULL;
    if (play.left > 0)
        fail_msg("%s did not come, or not often enough", play.next->function);
}

#define PLAY(...)                                                                                  \
    play_begin((const struct step[]){__VA_ARGS__},                                                 \
               ARRAY_COUNT(((const struct step[]){__VA_ARGS__})))

/* --- names -------------------------------------------------------------------------------------------- */

static bool is_temporary(const char *name)
{
    return strncmp(name, ".tmp-", 5) == 0;
}

/* --- what changes ------------------------------------------------------------------------------------- */

enum disk_change {
    DISK_FILE,   /* `what` is a new, empty file */
    DISK_NAME,   /* `what` is called `name` in the folder `where` */
    DISK_FOLDER, /* the same for a new, empty folder */
    DISK_GONE,   /* `name` is removed from `where` */
    DISK_MOVE,   /* `what`, `name` in `where`, is called `to` there */
    DISK_BYTES,  /* n bytes at `at` of `what` */
    DISK_SYNC,   /* `what` is synced */
};

struct disk_event {
    enum disk_change change;
    ino_t where, what;
    char name[96], to[96];
    const void *p;
    size_t n, at;
};

/* Who wants to know. */
static void (*disk_watcher)(const struct disk_event *event);

static ino_t inode_of(int fd, const char *name)
{
    struct stat st;
    int result = look_at(fd, name, &st, name[0] == '\0' ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW);
    return result == 0 ? st.st_ino : 0;
}

static void tell_disk(struct disk_event event, int where, const char *name, const char *to)
{
    if (disk_watcher == NULL || !fault.armed)
        return;
    if (name != NULL) {
        event.where = inode_of(where, "");
        snprintf(event.name, sizeof event.name, "%s", name);
        snprintf(event.to, sizeof event.to, "%s", to == NULL ? "" : to);
        if (event.change != DISK_GONE)
            event.what = inode_of(where, to == NULL ? name : to);
    } else {
        event.what = inode_of(where, "");
    }
    disk_watcher(&event);
}

/* --- the wrappers ------------------------------------------------------------------------------------- */

/* Visible: a sanitizer's library refers to them, too. */
#define REAL(type, function, ...)                                                                  \
    type __real_##function(__VA_ARGS__);                                                           \
    __attribute__((__visibility__("default"))) type __wrap_##function(__VA_ARGS__);                \
    type __wrap_##function(__VA_ARGS__)

REAL(int, open64, const char *path, int flags, ...)
{
    return fails("open") ? -1 : __real_open64(path, flags, 0600);
}

REAL(int, openat64, int fd, const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode =
        (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, mode_t) : 0;
    va_end(list);
    if ((flags & O_TMPFILE) == O_TMPFILE && lacks("O_TMPFILE"))
        return -1;
    if ((flags & O_TMPFILE) == O_TMPFILE && lacks("renameat2")) {
        errno = EOPNOTSUPP; /* so that renameat2 is needed */
        return -1;
    }
    if (fails("openat"))
        return -1;
    bool anonymous = (flags & O_TMPFILE) == O_TMPFILE;
    bool new = !anonymous && (flags & O_CREAT) != 0 && inode_of(fd, path) == 0;
    int result = __real_openat64(fd, path, flags, mode);
    if (result >= 0 && (anonymous || new))
        tell_disk((struct disk_event){.change = DISK_FILE}, result, NULL, NULL);
    if (result >= 0 && new)
        tell_disk((struct disk_event){.change = DISK_NAME}, fd, path, NULL);
    return result;
}

REAL(int, __openat64_2, int fd, const char *path, int flags)
{
    return fails("openat") ? -1 : __real___openat64_2(fd, path, flags);
}

REAL(int, fstat64, int fd, struct stat *st)
{
    if (fails("fstat"))
        return -1;
    int result = __real_fstat64(fd, st);
    if (result == 0 && fault.armed && stat_view != NULL)
        stat_view(st);
    return result;
}

REAL(int, fstatat64, int fd, const char *path, struct stat *st, int flags)
{
    if (fails("fstatat"))
        return -1;
    int result = __real_fstatat64(fd, path, st, flags);
    if (result == 0 && fault.armed && stat_view != NULL)
        stat_view(st);
    return result;
}

static int look_at(int fd, const char *path, struct stat *st, int flags)
{
    return __real_fstatat64(fd, path, st, flags);
}

REAL(ssize_t, pread64, int fd, void *p, size_t n, off_t at)
{
    if (fails("pread"))
        return -1;
    return __real_pread64(fd, p, part_of(n), at);
}

REAL(ssize_t, write, int fd, const void *p, size_t n)
{
    if (fails("write"))
        return -1;
    make_dirty(fd);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t put = __real_write(fd, p, part_of(n));
    if (put > 0)
        tell_disk(
            (struct disk_event){.change = DISK_BYTES, .p = p, .n = (size_t)put, .at = (size_t)at},
            fd, NULL, NULL);
    return put;
}

REAL(ssize_t, pwrite64, int fd, const void *p, size_t n, off_t at)
{
    if (fails("pwrite"))
        return -1;
    destroy_check("bytes of a removed file");
    ssize_t put = __real_pwrite64(fd, p, part_of(n), at);
    if (put > 0)
        tell_disk(
            (struct disk_event){.change = DISK_BYTES, .p = p, .n = (size_t)put, .at = (size_t)at},
            fd, NULL, NULL);
    return put;
}

REAL(int, fsync, int fd)
{
    if (fails("fsync"))
        return -1;
    make_clean(fd);
    int result = __real_fsync(fd);
    if (result == 0)
        tell_disk((struct disk_event){.change = DISK_SYNC}, fd, NULL, NULL);
    return result;
}

REAL(int, fchmod, int fd, mode_t mode)
{
    if (fails("fchmod"))
        return -1;
    make_dirty(fd);
    return __real_fchmod(fd, mode);
}

REAL(int, fchown, int fd, uid_t uid, gid_t gid)
{
    if (fails("fchown"))
        return -1;
    make_dirty(fd);
    return __real_fchown(fd, uid, gid);
}

REAL(int, access, const char *path, int mode)
{
    return fails("access") ? -1 : __real_access(path, mode);
}

REAL(int, chmod, const char *path, mode_t mode)
{
    return fails("chmod") ? -1 : __real_chmod(path, mode);
}

REAL(int, mkdir, const char *path, mode_t mode)
{
    return fails("mkdir") ? -1 : __real_mkdir(path, mode);
}

REAL(int, mkdirat, int fd, const char *path, mode_t mode)
{
    if (fails("mkdirat"))
        return -1;
    int result = __real_mkdirat(fd, path, mode);
    if (result == 0) {
        make_dirty(fd);
        tell_disk((struct disk_event){.change = DISK_FOLDER}, fd, path, NULL);
    }
    return result;
}

REAL(int, linkat, int from, const char *path, int fd, const char *name, int flags)
{
    if (fails("linkat") || (strncmp(path, "/proc/", 6) == 0 && lacks("/proc")))
        return -1;
    publish_check(from, path, (flags & AT_SYMLINK_FOLLOW) != 0 ? 0 : AT_SYMLINK_NOFOLLOW, fd, name);
    int result = __real_linkat(from, path, fd, name, flags);
    if (result == 0) {
        make_dirty(fd);
        tell_disk((struct disk_event){.change = DISK_NAME}, fd, name, NULL);
    }
    return result;
}

REAL(int, renameat, int from, const char *path, int fd, const char *name)
{
    if (fails("renameat"))
        return -1;
    publish_check(from, path, AT_SYMLINK_NOFOLLOW, fd, name);
    int result = __real_renameat(from, path, fd, name);
    if (result == 0) {
        make_dirty(fd);
        tell_disk((struct disk_event){.change = DISK_MOVE}, fd, path, name);
    }
    return result;
}

REAL(int, renameat2, int from, const char *path, int fd, const char *name, unsigned flags)
{
    if (fails("renameat2") || lacks("renameat2"))
        return -1;
    publish_check(from, path, AT_SYMLINK_NOFOLLOW, fd, name);
    int result = __real_renameat2(from, path, fd, name, flags);
    if (result == 0) {
        make_dirty(fd);
        tell_disk((struct disk_event){.change = DISK_MOVE}, fd, path, name);
    }
    return result;
}

REAL(int, unlinkat, int fd, const char *name, int flags)
{
    if (fails("unlinkat"))
        return -1;
    if (!is_temporary(name))
        destroy_check(name);
    int result = __real_unlinkat(fd, name, flags);
    if (result == 0 && !is_temporary(name))
        make_dirty(fd);
    if (result == 0)
        tell_disk((struct disk_event){.change = DISK_GONE}, fd, name, NULL);
    return result;
}

REAL(int, fcntl64, int fd, int command, void *argument)
{
    return fails("fcntl") ? -1 : __real_fcntl64(fd, command, argument);
}

REAL(DIR *, fdopendir, int fd)
{
    return fails("fdopendir") ? NULL : __real_fdopendir(fd);
}

REAL(struct dirent *, readdir64, DIR *stream)
{
    return fails("readdir") ? NULL : __real_readdir64(stream);
}

#include "store_wrap_library.h"

#endif
