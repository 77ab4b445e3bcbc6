/* The thread's last refusal, and the two tables that turn errno and NTSTATUS into statuses of key storage. */
#include "store_explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static _Thread_local struct store_explanation last;

const struct store_explanation *store_explain(void)
{
    return &last;
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
    char path[4096];
    snprintf(path, sizeof path, "%s%s%s", folder == NULL ? "" : folder,
             folder != NULL && name != NULL ? "/" : "", name == NULL ? "" : name);
    size_t n = strlen(path);
    put(last.path, sizeof last.path,
        n < sizeof last.path ? path : path + n - (sizeof last.path - 1));
    put(last.problem, sizeof last.problem, problem);
    put(last.remedy, sizeof last.remedy, remedy);
    last.status = status;
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
