/* Finding and entering the store's folders (store_place.h). Each component is opened relative to the one above it,
 * so that what was checked is what is used. */
#include "store_place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_explain.h"

/* --- finding --------------------------------------------------------------------------------------- */

/* A variable of the environment; NULL when it is unset or empty, and in set-user-id programs. */
static const char *variable(const char *name)
{
    if (getauxval(AT_SECURE) != 0)
        return NULL;
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static SECURITY_STATUS home_folder(char **out)
{
    const char *home = variable("HOME");
    if (home != NULL && home[0] == '/') {
        *out = strdup(home);
        return *out == NULL ? NTE_NO_MEMORY : STATUS_SUCCESS;
    }
    char text[4096];
    struct passwd entry, *found = NULL;
    int error = getpwuid_r(geteuid(), &entry, text, sizeof text, &found);
    if (error != 0 || found == NULL || found->pw_dir == NULL || found->pw_dir[0] != '/')
        return store_refuse(NTE_TEMPORARY_PROFILE, NULL, NULL, "this user has no home folder",
                            "Set OPENCNG_HOME to a folder for the key store.");
    *out = strdup(found->pw_dir);
    return *out == NULL ? NTE_NO_MEMORY : STATUS_SUCCESS;
}

/* $variable, or a folder below home. The XDG specification says to ignore a relative path. */
static SECURITY_STATUS xdg_folder(const char *name, const char *below_home, char **out)
{
    const char *value = variable(name);
    if (value != NULL && value[0] == '/') {
        *out = strdup(value);
        return *out == NULL ? NTE_NO_MEMORY : STATUS_SUCCESS;
    }
    char *home = NULL;
    TRY(home_folder(&home));
    int n = asprintf(out, "%s/%s", home, below_home);
    free(home);
    if (n < 0)
        *out = NULL;
    return n < 0 ? NTE_NO_MEMORY : STATUS_SUCCESS;
}

/* A folder whose files have longer paths than the system takes is refused before anything is made. */
static SECURITY_STATUS place_name(struct place *p)
{
    int n = asprintf(&p->path, "%s/%s/%s", p->base, p->component[0], p->component[1]);
    if (n < 0) {
        p->path = NULL;
        return NTE_NO_MEMORY;
    }
    if (n + 1 + NAME_MAX >= PATH_MAX)
        return store_refuse_errno(ENAMETOOLONG, p->path, NULL, false);
    return STATUS_SUCCESS;
}

/* What differs between the scopes. */
static const struct {
    const char *moved;       /* component below OPENCNG_HOME */
    const char *variable[2]; /* of keys, of slots; NULL: none */
    const char *usual[2];    /* below home, or absolute */
    mode_t opencng_mode, keys_mode;
} scopes[] = {
    [STORE_USER] =
        {"user", {"XDG_DATA_HOME", "XDG_CONFIG_HOME"}, {".local/share", ".config"}, 0700, 0700},
    [STORE_MACHINE] = {"machine", {NULL, NULL}, {"/var/lib", "/etc"}, 0755, 0755},
};

static SECURITY_STATUS base_of(enum store_scope scope, size_t which, const char *moved, char **out)
{
    if (moved == NULL && scopes[scope].variable[which] != NULL)
        return xdg_folder(scopes[scope].variable[which], scopes[scope].usual[which], out);
    *out = strdup(moved != NULL ? moved : scopes[scope].usual[which]);
    return *out == NULL ? NTE_NO_MEMORY : STATUS_SUCCESS;
}

SECURITY_STATUS places_init(struct places *out, enum store_scope scope)
{
    const char *moved = variable("OPENCNG_HOME");
    if (moved != NULL && moved[0] != '/')
        return store_refuse(NTE_INVALID_PARAMETER, moved, NULL,
                            "OPENCNG_HOME is not an absolute path",
                            "Set OPENCNG_HOME to a path that starts with a slash, or unset it.");
    const char *first = moved != NULL ? scopes[scope].moved : "opencng";
    CLEANUP(places_done)
    struct places p = {
        .keys = {.component = {first, "keys"},
                 .mode = {scopes[scope].opencng_mode, scopes[scope].keys_mode}},
        .slots = {.component = {first, "protectors"}, .mode = {scopes[scope].opencng_mode, 0700}},
        .texts = {.component = {first, "protection-descriptors"},
                  .mode = {scopes[scope].opencng_mode, scopes[scope].keys_mode}},
    };
    TRY(base_of(scope, 0, moved, &p.keys.base));
    TRY(base_of(scope, 1, moved, &p.slots.base));
    TRY(base_of(scope, 1, moved, &p.texts.base));
    TRY(place_name(&p.keys));
    TRY(place_name(&p.slots));
    TRY(place_name(&p.texts));
    *out = p;
    p = (struct places){0};
    return STATUS_SUCCESS;
}

void place_done(struct place *p)
{
    free(p->base);
    free(p->path);
    *p = (struct place){.base = NULL};
}

void places_done(struct places *p)
{
    place_done(&p->keys);
    place_done(&p->slots);
    place_done(&p->texts);
}

SECURITY_STATUS place_session(struct place *out)
{
    const char *base = variable("XDG_RUNTIME_DIR");
    if (base == NULL || base[0] != '/')
        return store_refuse(NTE_NOT_SUPPORTED, NULL, NULL,
                            "this process belongs to no login session",
                            "Log in in a way that sets XDG_RUNTIME_DIR.");
    CLEANUP(place_done)
    struct place p = {.component = {"opencng", "session"}, .mode = {0700, 0700}};
    p.base = strdup(base);
    if (p.base == NULL)
        return NTE_NO_MEMORY;
    TRY(place_name(&p));
    *out = p;
    p = (struct place){.base = NULL};
    return STATUS_SUCCESS;
}

/* --- entering -------------------------------------------------------------------------------------- */

#define OPEN_FOLDER (O_DIRECTORY | O_CLOEXEC)

/* mkdir -p; the XDG specification asks for mode 0700. What is there already is left as it is. */
static SECURITY_STATUS make_base(const char *base)
{
    char path[PATH_MAX]; /* place_name has seen that it fits */
    size_t n = strlen(base);
    memcpy(path, base, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        path[i] = '\0';
        if (mkdir(path, 0700) == 0)
            fd_sync_above(path);
        else if (errno != EEXIST && access(path, F_OK) != 0)
            return store_refuse_errno(errno, path, NULL, false);
        path[i] = base[i];
    }
    return STATUS_SUCCESS;
}

/* A base in which anybody may rename our folders is not safe; a sticky one is. */
static SECURITY_STATUS base_check(int fd, const char *base)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return store_refuse_errno(errno, base, NULL, true);
    if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0)
        return store_refuse(NTE_PERM, base, NULL, "every user may write to this folder",
                            "Take the right away: chmod o-w, or set the sticky bit.");
    return STATUS_SUCCESS;
}

static SECURITY_STATUS folder_check(int fd, const struct place *p, const char *component)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return store_refuse_errno(errno, p->path, NULL, true);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return store_refuse(
            NTE_PERM, p->path, NULL, "a folder of this path belongs to another user",
            component == p->component[0] ? "Give the folder above it to its user: chown."
                                         : "Give the folder to its user: chown.");
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return store_refuse(NTE_PERM, p->path, NULL, "others may write to a folder of this path",
                            component == p->component[0]
                                ? "Take the right away from the folder above it: chmod go-w."
                                : "Take the right away: chmod go-w.");
    return STATUS_SUCCESS;
}

/* Makes one component. The caller's umask may have taken rights away that we need; it is given back to
 * nobody else, since the folder is opened without following a link and must be ours. */
static SECURITY_STATUS make_component(int above, const struct place *p, size_t i)
{
    if (mkdirat(above, p->component[i], p->mode[i]) != 0)
        return errno == EEXIST ? STATUS_SUCCESS : store_refuse_errno(errno, p->path, NULL, false);
    SCOPED_FD fd = openat(above, p->component[i], O_PATH | O_NOFOLLOW | OPEN_FOLDER);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return store_refuse_errno(errno, p->path, NULL, false);
    if (st.st_uid == geteuid() && (st.st_mode & 07777) != p->mode[i]) {
        char self[64];
        snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
        if (chmod(self, p->mode[i]) != 0)
            return store_refuse_errno(errno, p->path, NULL, false);
    }
    /* O_PATH gives no right to sync: the folder is opened once more for that. */
    SCOPED_FD parent = openat(above, ".", O_RDONLY | OPEN_FOLDER);
    if (parent >= 0 && fd_sync_folder(parent) != 0)
        return store_refuse_errno(errno, p->path, NULL, false);
    return STATUS_SUCCESS;
}

static SECURITY_STATUS enter_component(int above, const struct place *p, size_t i, bool create,
                                       int *out)
{
    int flags = (i == 0 ? O_PATH : O_RDONLY) | O_NOFOLLOW | OPEN_FOLDER;
    SCOPED_FD fd = openat(above, p->component[i], flags);
    if (fd < 0 && errno == ENOENT) {
        if (!create)
            return STATUS_SUCCESS;
        TRY(make_component(above, p, i));
        fd = openat(above, p->component[i], flags);
    }
    if (fd < 0)
        return store_refuse_errno(errno, p->path, NULL, true);
    TRY(folder_check(fd, p, p->component[i]));
    *out = fd;
    fd = -1;
    return STATUS_SUCCESS;
}

SECURITY_STATUS place_enter(const struct place *p, bool create, int *fd)
{
    *fd = -1;
    SCOPED_FD base = open(p->base, O_PATH | OPEN_FOLDER);
    if (base < 0 && errno == ENOENT) {
        if (!create)
            return STATUS_SUCCESS;
        TRY(make_base(p->base));
        base = open(p->base, O_PATH | OPEN_FOLDER);
    }
    if (base < 0)
        return store_refuse_errno(errno, p->base, NULL, true);
    TRY(base_check(base, p->base));
    SCOPED_FD first = -1;
    TRY(enter_component(base, p, 0, create, &first));
    if (first < 0)
        return STATUS_SUCCESS;
    return enter_component(first, p, 1, create, fd);
}
