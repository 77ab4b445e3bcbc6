/* Finding and making the tables' folders (config_place.h). */
#include "config_place.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define SUFFIX ".conf"
#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* --- finding ----------------------------------------------------------------------------------- */

/* Made once, and kept: a program that changes its environment later does not move what was read. */
static struct {
    char *path[CONFIG_TABLES];
    size_t own[CONFIG_TABLES]; /* characters in front of the folders that are ours */
    enum config_table local;
    const struct config_problem *problem;
} places;

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A variable of the environment; NULL when it is unset or empty, and in set-user-id programs. */
static const char *variable(const char *name)
{
    if (getauxval(AT_SECURE) != 0)
        return NULL;
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static void place_set(enum config_table table, const char *above, const char *below)
{
    char *path;
    if (asprintf(&path, "%s/%s", above, below) < 0)
        return;
    places.path[table] = path;
    places.own[table] = strlen(above);
}

/* A relative value of XDG_CONFIG_HOME is ignored, as its specification says. */
static void user_find(void)
{
    const char *xdg = variable("XDG_CONFIG_HOME");
    if (xdg != NULL && xdg[0] == '/') {
        place_set(CONFIG_USER, xdg, "opencng");
        return;
    }
    const char *home = variable("HOME");
    char text[4096];
    struct passwd entry;
    struct passwd *found = NULL;
    if (home == NULL || home[0] != '/') {
        if (getpwuid_r(geteuid(), &entry, text, sizeof text, &found) != 0 || found == NULL)
            return;
        home = found->pw_dir;
    }
    char *above;
    if (home == NULL || home[0] != '/' || asprintf(&above, "%s/.config", home) < 0)
        return;
    place_set(CONFIG_USER, above, "opencng");
    free(above);
}

static void find(void)
{
    static const struct config_problem relative = {
        "OPENCNG_HOME", "this variable is no absolute path; no configuration is read"};
    bool root = geteuid() == 0;
    places.local = root ? CONFIG_MACHINE : CONFIG_USER;
    const char *moved = variable("OPENCNG_HOME");
    if (moved != NULL && moved[0] != '/') {
        places.problem = &relative;
        return;
    }
    if (moved != NULL)
        place_set(CONFIG_MACHINE, moved, "machine/config");
    else
        place_set(CONFIG_MACHINE, "/etc", "opencng");
    if (root)
        return;
    if (moved != NULL)
        place_set(CONFIG_USER, moved, "user/config");
    else
        user_find();
}

const char *place_path(enum config_table table)
{
    pthread_once(&once, find);
    return places.path[table];
}

const struct config_problem *place_problem(void)
{
    pthread_once(&once, find);
    return places.problem;
}

enum config_table place_local(void)
{
    pthread_once(&once, find);
    return places.local;
}

const char *place_kind(enum config_kind kind)
{
    static const char *const folders[] = {
        [CONFIG_PROVIDERS] = "providers",
        [CONFIG_CONTEXTS] = "contexts",
    };
    return folders[kind];
}

/* --- names of files ---------------------------------------------------------------------------- */

static bool stands_for_itself(char c, size_t i)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           (c == '.' && i > 0);
}

void place_file(const struct name *name, char out[PLACE_FILE_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; name->s[i] != '\0'; i++) {
        char c = name->s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (stands_for_itself(c, i))
            out[n++] = c;
        else
            n += (size_t)sprintf(out + n, "%%%02X", (unsigned char)c);
    }
    memcpy(out + n, SUFFIX, sizeof SUFFIX);
}

const char *place_name_flaw(const struct name *inside, const char *file)
{
    char expected[PLACE_FILE_BYTES];
    place_file(inside, expected);
    return strcmp(file, expected) == 0 ? NULL : "the name inside is not that of the file";
}

bool place_is_file(const char *file)
{
    size_t n = strlen(file);
    size_t suffix = sizeof SUFFIX - 1;
    return file[0] != '.' && n > suffix && strcmp(file + n - suffix, SUFFIX) == 0;
}

/* --- believing and making ----------------------------------------------------------------------- */

const char *place_flaw(const struct stat *st, bool folder)
{
    if (folder ? !S_ISDIR(st->st_mode) : !S_ISREG(st->st_mode))
        return folder ? "this is no folder" : "this is not a regular file";
    if (st->st_uid != 0 && st->st_uid != geteuid())
        return "this belongs to another user, who could change it";
    if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return "others may write to this (chmod go-w takes the right away)";
    return NULL;
}

static void opened(int fd, int *out, struct stat *st, const char **flaw)
{
    *flaw = NULL;
    *out = -1;
    if (fd < 0) {
        if (errno != ENOENT)
            *flaw = errno == ELOOP || errno == ENOTDIR
                        ? "this is no folder (links are not followed)"
                        : "this folder cannot be read";
        return;
    }
    *flaw = fstat(fd, st) != 0 ? "this folder cannot be read" : place_flaw(st, true);
    if (*flaw != NULL)
        close(fd);
    else
        *out = fd;
}

void place_open(enum config_table table, int *fd, struct stat *st, const char **flaw)
{
    const char *path = place_path(table);
    errno = ENOENT;
    opened(path == NULL ? -1 : open(path, OPEN_FOLDER), fd, st, flaw);
}

void place_open_kind(int table, enum config_kind kind, int *fd, struct stat *st, const char **flaw)
{
    opened(openat(table, place_kind(kind), OPEN_FOLDER), fd, st, flaw);
}

NTSTATUS place_status(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
    case ENOTDIR:
        return STATUS_ACCESS_DENIED;
    case ENOENT:
        return STATUS_NOT_FOUND;
    case ENOMEM:
        return STATUS_NO_MEMORY;
    default:
        return STATUS_UNSUCCESSFUL;
    }
}

/* A folder of our own is to be read by everybody, whatever the umask says. One above it that was missing (~/.config) is
 * private, as the XDG specification asks. */
static NTSTATUS folder_make(const char *path, bool own)
{
    if (mkdir(path, own ? 0755 : 0700) != 0) {
        int why = errno; /* of one that is there, a system may say first that nothing can be made */
        return why == EEXIST || access(path, F_OK) == 0 ? STATUS_SUCCESS : place_status(why);
    }
    if (own && chmod(path, 0755) != 0)
        return place_status(errno);
    fd_sync_above(path);
    return STATUS_SUCCESS;
}

NTSTATUS place_make(enum config_table table)
{
    const char *wanted = place_path(table);
    if (wanted == NULL)
        return STATUS_NOT_FOUND;
    for (size_t kind = 0; kind < CONFIG_KINDS; kind++) {
        char path[4096];
        int n = snprintf(path, sizeof path, "%s/%s", wanted, place_kind((enum config_kind)kind));
        if (n < 0 || (size_t)n >= sizeof path)
            return STATUS_UNSUCCESSFUL;
        for (size_t i = 1; i <= (size_t)n; i++) {
            char c = path[i];
            if (c != '/' && c != '\0')
                continue;
            path[i] = '\0';
            TRY(folder_make(path, i > places.own[table]));
            path[i] = c;
        }
    }
    return STATUS_SUCCESS;
}
