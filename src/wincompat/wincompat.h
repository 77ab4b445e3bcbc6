/*
 * What the files of libwincompat lean on. They are an application of the installed headers: nothing
 * else of this project is visible here. Inside, an error is a Win32 code (DWORD); the exported
 * functions turn it into their own kind of failure, mostly with fail().
 */
#ifndef WINCOMPAT_H
#define WINCOMPAT_H

#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include "windows.h"

#include <stdbool.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Leaves an error for GetLastError; FALSE, to be returned. */
static inline BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* The same for functions that return a pointer. */
static inline void *fail_null(DWORD error)
{
    SetLastError(error);
    return NULL;
}

/* TRUE for NO_ERROR, else fail(). */
static inline BOOL finish(DWORD error)
{
    return error == NO_ERROR ? TRUE : fail(error);
}

/* What stands for the process itself and its thread. */
#define CURRENT_PROCESS ((HANDLE)(LONG_PTR)-1)
#define CURRENT_THREAD ((HANDLE)(LONG_PTR)-2)

/* ---- what the functions on wide strings use (wide_*.c, compiled once for each width) -------- */

#define SYSTEM_DIRECTORY "/usr/lib"

/* win_message.c: the text for a code on the heap, for free(), and its length; or an error. */
DWORD message_new(DWORD flags, DWORD id, char **text, size_t *n) MUST_CHECK;

/* win_debug.c: a text of n bytes for whoever debugs. */
bool debug_is_wanted(void);
void debug_write(const char *text, size_t n);

/* win_module.c; names are UTF-8. */
HMODULE module_load(const char *name, HANDLE file, DWORD flags);
HMODULE module_loaded(const char *name);
BOOL module_get(DWORD flags, const char *name, HMODULE *module);
FARPROC module_symbol(HMODULE module, const char *name, bool wide32);
char *module_path_new(HMODULE module);

#endif
