/* The thread's last refusal, and the two tables that turn errno and NTSTATUS into statuses of key storage. */
#include "store_explain.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* On the heap: what a library that is loaded late keeps in each thread itself, libc has little room for. */
static _Thread_local struct store_explanation *last;
static pthread_key_t exit_key;
static bool exit_key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void forget(void *p)
{
    last = NULL;
    free(p);
}

static void start(void)
{
    exit_key_made = pthread_key_create(&exit_key, forget) == 0;
}

/* The thread's own, freed when it ends; NULL: no memory, and then the status has to say it all. */
static struct store_explanation *mine(void)
{
    pthread_once(&once, start);
    if (last != NULL || !exit_key_made)
        return last;
    struct store_explanation *made = calloc(1, sizeof *made);
    if (made != NULL && pthread_setspecific(exit_key, made) != 0) {
        free(made);
        return NULL;
    }
    last = made;
    return last;
}

const struct store_explanation *store_explain(void)
{
    static const struct store_explanation none;
    return last != NULL ? last : &none;
}

/* As much of the text as fits. */
static void put(char *out, size_t cap, const char *text)
{
    size_t n = text == NULL ? 0 : strnlen(text, cap - 1);
    if (n > 0)
        memmove(out, text, n);
    out[n] = '\0';
}

SECURITY_STATUS store_refuse(SECURITY_STATUS status, const char *folder, const char *name,
                             const char *problem, const char *remedy)
{
    struct store_explanation *e = mine();
    if (e == NULL)
        return status;
    char path[4096];
    snprintf(path, sizeof path, "%s%s%s", folder == NULL ? "" : folder,
             folder != NULL && name != NULL ? "/" : "", name == NULL ? "" : name);
    size_t n = strlen(path);
    put(e->path, sizeof e->path, n < sizeof e->path ? path : path + n - (sizeof e->path - 1));
    put(e->problem, sizeof e->problem, problem);
    put(e->remedy, sizeof e->remedy, remedy);
    e->status = status;
    return status;
}

static const struct {
    int error;
    SECURITY_STATUS status;
    const char *remedy;
} errors[] = {
    {EACCES, NTE_PERM, "Run as the owner of this path, or give that user the right to it."},
    {EPERM, NTE_PERM, "Run as the owner of this path, or give that user the right to it."},
    {ELOOP, NTE_PERM,
     "A symbolic link is never followed here: put a real file or folder in its place."},
    {ENOTDIR, NTE_PERM, "Something else stands where a folder should be: move it away."},
    {EISDIR, NTE_PERM, "A folder stands where a file should be: move it away."},
    {ENXIO, NTE_PERM, "Something else stands where a file should be: move it away."},
    {ENOENT, NTE_BAD_KEYSET, NULL},
    {EEXIST, NTE_EXISTS, NULL},
    {ENOSPC, HRESULT_FROM_WIN32(ERROR_DISK_FULL),
     "Make room on the file system; no key has been lost."},
    {EDQUOT, HRESULT_FROM_WIN32(ERROR_DISK_FULL), "Make room in your quota; no key has been lost."},
    {EROFS, HRESULT_FROM_WIN32(ERROR_WRITE_PROTECT),
     "The file system is read-only: keys can be used, not changed."},
    {EMFILE, HRESULT_FROM_WIN32(ERROR_TOO_MANY_OPEN_FILES), "The program has too many files open."},
    {ENFILE, HRESULT_FROM_WIN32(ERROR_TOO_MANY_OPEN_FILES), "The system has too many files open."},
    {ENOMEM, NTE_NO_MEMORY, NULL},
    {ENAMETOOLONG, NTE_INVALID_PARAMETER, "Choose a shorter path for the store."},
};

SECURITY_STATUS store_refuse_errno(int error, const char *folder, const char *name, bool reading)
{
    char text[128];
    const char *problem = strerror_r(error, text, sizeof text);
    for (size_t i = 0; i < ARRAY_COUNT(errors); i++) {
        if (errors[i].error == error)
            return store_refuse(errors[i].status, folder, name, problem, errors[i].remedy);
    }
    return store_refuse(HRESULT_FROM_WIN32(reading ? ERROR_READ_FAULT : ERROR_WRITE_FAULT), folder,
                        name, problem,
                        "Look into the system's log for errors of the disk or the network.");
}

bool store_is_about_file(SECURITY_STATUS status)
{
    return status == NTE_BAD_DATA || status == NTE_BAD_VER || status == NTE_PERM;
}

SECURITY_STATUS store_status(NTSTATUS status)
{
    static const struct {
        NTSTATUS from;
        SECURITY_STATUS to;
    } statuses[] = {
        {STATUS_NO_MEMORY, NTE_NO_MEMORY},
        {STATUS_AUTH_TAG_MISMATCH, NTE_BAD_DATA},
        {STATUS_INVALID_PARAMETER, NTE_INVALID_PARAMETER},
    };
    if (status >= 0)
        return status;
    for (size_t i = 0; i < ARRAY_COUNT(statuses); i++) {
        if (statuses[i].from == status)
            return statuses[i].to;
    }
    return NTE_INTERNAL_ERROR;
}
