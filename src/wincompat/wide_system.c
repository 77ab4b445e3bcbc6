/*
 * The wide forms of the functions that have a narrow one: the strings are converted, the work is done
 * in win_*.c.
 */
#include "win_event.h"
#include "win_wide.h"

#include <string.h>

/* ASCII into characters; the NUL too. */
static void widen(WCHAR *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (WCHAR)(unsigned char)from[i];
    to[n] = 0;
}

/* A name as UTF-8; NULL stays NULL, and *good tells the two apart. */
static char *name_new(LPCWSTR wide, bool *good)
{
    char *name = wide == NULL ? NULL : wide_utf8_new(wide, wide_length(wide), NULL);
    *good = wide == NULL || name != NULL;
    if (!*good)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return name;
}

HMODULE WINAPI LoadLibraryExW(LPCWSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
{
    bool good;
    char *name = name_new(lpLibFileName, &good);
    HMODULE module = good ? module_load(name, hFile, dwFlags) : NULL;
    free(name);
    return module;
}

HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName)
{
    return LoadLibraryExW(lpLibFileName, NULL, 0);
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName)
{
    bool good;
    char *name = name_new(lpModuleName, &good);
    HMODULE module = good ? module_loaded(name) : NULL;
    free(name);
    return module;
}

BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
{
    bool good;
    if ((dwFlags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS) != 0)
        return module_get(dwFlags, (const char *)lpModuleName, phModule);
    char *name = name_new(lpModuleName, &good);
    BOOL result = good && module_get(dwFlags, name, phModule);
    free(name);
    return result;
}

FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
    return module_symbol(hModule, lpProcName, OPENCNG_WCHAR_BITS == 32);
}

DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
{
    char *path = module_path_new(hModule);
    if (path == NULL)
        return 0;
    const unsigned char *p = (const unsigned char *)path, *end = p + strlen(path);
    DWORD n = 0;
    bool cut = nSize == 0;
    while (p < end && !cut) {
        WCHAR units[2];
        uint32_t c = utf8_next(&p, end);
        size_t more = wide_put(units, c == UTF8_BAD ? UTF8_REPLACEMENT : c);
        cut = n + more >= nSize;
        if (!cut) {
            memcpy(lpFilename + n, units, more * sizeof(WCHAR));
            n += (DWORD)more;
        }
    }
    free(path);
    if (nSize != 0)
        lpFilename[n] = 0;
    SetLastError(cut ? ERROR_INSUFFICIENT_BUFFER : NO_ERROR);
    return cut ? nSize : n;
}

UINT WINAPI GetSystemDirectoryW(LPWSTR lpBuffer, UINT uSize)
{
    if (lpBuffer == NULL || uSize < sizeof SYSTEM_DIRECTORY)
        return sizeof SYSTEM_DIRECTORY;
    widen(lpBuffer, SYSTEM_DIRECTORY, sizeof SYSTEM_DIRECTORY - 1);
    return sizeof SYSTEM_DIRECTORY - 1;
}

VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString)
{
    size_t n;
    if (lpOutputString == NULL || !debug_is_wanted())
        return;
    char *text = wide_utf8_new(lpOutputString, wide_length(lpOutputString), &n);
    if (text != NULL)
        debug_write(text, n);
    free(text);
}

/* Into the caller's buffer, or into one made for him. */
static DWORD deliver(DWORD flags, const char *text, size_t n, LPWSTR buffer, DWORD size)
{
    if ((flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) == 0) {
        if (n >= size)
            return ERROR_INSUFFICIENT_BUFFER;
        widen(buffer, text, n);
        return NO_ERROR;
    }
    LPWSTR made = LocalAlloc(LMEM_ZEROINIT, (n + 1 > size ? n + 1 : size) * sizeof(WCHAR));
    if (made == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    widen(made, text, n);
    memcpy((void *)buffer, &made, sizeof made);
    return NO_ERROR;
}

DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                            LPWSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
    (void)lpSource, (void)dwLanguageId, (void)Arguments;
    char *text = NULL;
    size_t n = 0;
    if (lpBuffer == NULL)
        return (DWORD)fail(ERROR_INVALID_PARAMETER);
    DWORD error = message_new(dwFlags, dwMessageId, &text, &n);
    if (error == NO_ERROR)
        error = deliver(dwFlags, text, n, lpBuffer, nSize);
    free(text);
    return error == NO_ERROR ? (DWORD)n : (DWORD)fail(error);
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                           BOOL bInitialState, LPCWSTR lpName)
{
    (void)lpEventAttributes;
    return event_new(bManualReset, bInitialState, lpName != NULL);
}
