/*
 * Libraries at run time. A module's handle is dlopen's. Windows' names lead to this project's
 * libraries by a table; every other name goes to dlopen as it is.
 *
 * Handles that were given out are remembered, with how often each was loaded: dlsym and dlclose crash
 * on anything else.
 */
#include "wincompat.h"

#include "psapi.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SELF "libwincompat.so.0"
#define MODULE_BYTES ((DWORD)sizeof(void *))

static const struct {
    const char *windows;
    const char *here;
} names[] = {
    {"bcrypt", "libbcrypt.so.0"},
    {"bcryptprimitives", "libbcrypt.so.0"},
    {"ncrypt", "libncrypt.so.0"},
    {"advapi32", SELF},
    {"crypt32", SELF},
    {"kernel32", SELF},
    {"kernelbase", SELF},
    {"ntdll", SELF},
    {"psapi", SELF},
};

/* The library that a Windows path means; `name` itself when it is none of the table. */
static const char *library_of(const char *name)
{
    const char *base = name;
    for (const char *c = name; *c != 0; c++) {
        if (*c == '/' || *c == '\\')
            base = c + 1;
    }
    size_t n = strlen(base);
    if (n > 4 && strcasecmp(base + n - 4, ".dll") == 0)
        n -= 4;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (strlen(names[i].windows) == n && strncasecmp(names[i].windows, base, n) == 0)
            return names[i].here;
    }
    return name;
}

/* ---- what was given out ---------------------------------------------------------------------- */

struct module {
    void *handle;
    size_t loads;
};

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct module *modules;
static size_t count, room;

static struct module *find(void *handle)
{
    for (size_t i = 0; i < count; i++) {
        if (modules[i].handle == handle)
            return &modules[i];
    }
    return NULL;
}

/* Remembers a handle, and one load of it more if `counted`. False: no memory. */
static bool remember(void *handle, bool counted)
{
    bool good = true;
    pthread_mutex_lock(&guard);
    struct module *m = find(handle);
    if (m == NULL && count == room) {
        size_t more = room == 0 ? 16 : 2 * room;
        struct module *grown = reallocarray(modules, more, sizeof *grown);
        if (grown != NULL) {
            modules = grown;
            room = more;
        } else {
            good = false;
        }
    }
    if (m == NULL && good) {
        m = &modules[count++];
        *m = (struct module){handle, 0};
    }
    if (good)
        m->loads += counted;
    pthread_mutex_unlock(&guard);
    return good;
}

static bool is_known(HMODULE module)
{
    pthread_mutex_lock(&guard);
    bool known = find(module) != NULL;
    pthread_mutex_unlock(&guard);
    return known;
}

/* Gives out a handle that dlopen counted, and takes the count back unless it is to stay. */
static HMODULE give_out(void *handle, bool counted, DWORD error)
{
    if (handle == NULL)
        return fail_null(error);
    bool good = remember(handle, counted);
    if (!good || !counted)
        dlclose(handle);
    return good ? handle : fail_null(ERROR_NOT_ENOUGH_MEMORY);
}

/* ---- loading and finding --------------------------------------------------------------------- */

HMODULE module_load(const char *name, HANDLE file, DWORD flags)
{
    const DWORD known = LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR |
                        LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |
                        LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;
    if (name == NULL || *name == 0 || file != NULL || (flags & ~known) != 0)
        return fail_null(ERROR_INVALID_PARAMETER);
    return give_out(dlopen(library_of(name), RTLD_NOW), true, ERROR_MOD_NOT_FOUND);
}

HMODULE module_loaded(const char *name)
{
    void *handle = dlopen(name == NULL ? NULL : library_of(name), RTLD_NOW | RTLD_NOLOAD);
    return give_out(handle, false, ERROR_MOD_NOT_FOUND);
}

/* The library that has the address in it, counted by dlopen. */
static void *library_at(const void *address)
{
    Dl_info info;
    struct link_map *map = NULL;
    if (dladdr1(address, &info, (void **)(void *)&map, RTLD_DL_LINKMAP) == 0 || map == NULL)
        return NULL;
    return dlopen(map->l_name[0] == 0 ? NULL : map->l_name, RTLD_NOW | RTLD_NOLOAD);
}

BOOL module_get(DWORD flags, const char *name, HMODULE *module)
{
    const DWORD uncounted = GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    const DWORD pin = GET_MODULE_HANDLE_EX_FLAG_PIN;
    bool by_address = (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS) != 0;
    if (module == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    *module = NULL;
    if ((flags & ~(uncounted | pin | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)) != 0 ||
        (flags & (uncounted | pin)) == (uncounted | pin) || (by_address && name == NULL))
        return fail(ERROR_INVALID_PARAMETER);
    void *handle = by_address
                       ? library_at(name)
                       : dlopen(name == NULL ? NULL : library_of(name), RTLD_NOW | RTLD_NOLOAD);
    if (handle != NULL && (flags & pin) != 0) {
        struct link_map *map = NULL;
        dlinfo(handle, RTLD_DI_LINKMAP, &map);
        if (map != NULL && map->l_name[0] != 0)
            dlopen(map->l_name, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
    }
    *module = give_out(handle, (flags & (uncounted | pin)) == 0, ERROR_MOD_NOT_FOUND);
    return *module != NULL;
}

/* A symbol that the library itself defines. dlsym also looks into what the library needs, which would
 * make every function of the C library one of kernel32. */
static void *own_symbol(void *handle, const char *name)
{
    Dl_info info;
    struct link_map *home = NULL, *own = NULL;
    void *address = dlsym(handle, name);
    if (address == NULL || dlinfo(handle, RTLD_DI_LINKMAP, &own) != 0 ||
        dladdr1(address, &info, (void **)(void *)&home, RTLD_DL_LINKMAP) == 0)
        return NULL;
    return home == own ? address : NULL;
}

FARPROC module_symbol(HMODULE module, const char *name, bool wide32)
{
    char wide_name[256];
    void *address = NULL;
    if (!is_known(module)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return NULL;
    }
    bool is_text = (uintptr_t)name > 0xFFFF && *name != 0; /* below: an ordinal */
    if (is_text && wide32 &&
        (size_t)snprintf(wide_name, sizeof wide_name, "%s_wchar32", name) < sizeof wide_name)
        address = own_symbol(module, wide_name);
    if (is_text && address == NULL)
        address = own_symbol(module, name);
    if (address == NULL)
        SetLastError(ERROR_PROC_NOT_FOUND);
    FARPROC function;
    memcpy(&function, &address, sizeof function);
    return function;
}

char *module_path_new(HMODULE module)
{
    struct link_map *map = NULL;
    if (module != NULL && (!is_known(module) || dlinfo(module, RTLD_DI_LINKMAP, &map) != 0))
        return fail_null(ERROR_INVALID_HANDLE);
    char *path =
        map == NULL || map->l_name[0] == 0 ? realpath("/proc/self/exe", NULL) : strdup(map->l_name);
    return path == NULL ? fail_null(ERROR_NOT_ENOUGH_MEMORY) : path;
}

/* ---- exported -------------------------------------------------------------------------------- */

HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName)
{
    return module_load(lpLibFileName, NULL, 0);
}

HMODULE WINAPI LoadLibraryExA(LPCSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
{
    return module_load(lpLibFileName, hFile, dwFlags);
}

HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName)
{
    return module_loaded(lpModuleName);
}

BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule)
{
    return module_get(dwFlags, lpModuleName, phModule);
}

/* Forgets a module that nobody counts any more, if it has gone. Where somebody else holds it, a handle that was given out uncounted is as good
 * as before. `name`: the linker's for it, empty for the program; NULL: not known. */
static void forget(void *handle, const char *name)
{
    void *there = name == NULL ? NULL : dlopen(name[0] == 0 ? NULL : name, RTLD_NOW | RTLD_NOLOAD);
    pthread_mutex_lock(&guard);
    struct module *m = find(handle);
    if (m != NULL && m->loads == 0 && there != handle)
        *m = modules[--count];
    pthread_mutex_unlock(&guard);
    if (there != NULL)
        dlclose(there);
}

BOOL WINAPI FreeLibrary(HMODULE hLibModule)
{
    struct link_map *map = NULL;
    pthread_mutex_lock(&guard);
    struct module *m = find(hLibModule);
    bool loaded = m != NULL && m->loads > 0;
    bool last = loaded && --m->loads == 0;
    pthread_mutex_unlock(&guard);
    if (!loaded)
        return fail(ERROR_INVALID_HANDLE);
    char *name =
        last && dlinfo(hLibModule, RTLD_DI_LINKMAP, &map) == 0 ? strdup(map->l_name) : NULL;
    dlclose(hLibModule);
    if (last)
        forget(hLibModule, name);
    free(name);
    return TRUE;
}

DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize)
{
    char *path = module_path_new(hModule);
    if (path == NULL || nSize == 0) {
        free(path);
        return path == NULL ? 0 : (DWORD)fail(ERROR_INSUFFICIENT_BUFFER);
    }
    size_t n = strlen(path);
    bool cut = n >= nSize;
    size_t copied = cut ? nSize - 1 : n;
    memcpy(lpFilename, path, copied);
    lpFilename[copied] = 0;
    free(path);
    SetLastError(cut ? ERROR_INSUFFICIENT_BUFFER : NO_ERROR);
    return cut ? nSize : (DWORD)n;
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct paths {
    char **path;
    size_t n;
};

/* Under the loader's lock only the names are taken down. */
static int take_down(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    struct paths *paths = arg;
    char **grown = reallocarray(paths->path, paths->n + 1, sizeof *grown);
    if (grown == NULL)
        return 1;
    paths->path = grown;
    grown[paths->n] = strdup(info->dlpi_name);
    if (grown[paths->n] == NULL)
        return 1;
    paths->n++;
    return 0;
}

BOOL WINAPI EnumProcessModules(HANDLE hProcess, HMODULE *lphModule, DWORD cb, LPDWORD lpcbNeeded)
{
    struct paths paths = {NULL, 0};
    DWORD found = 0;
    if (hProcess != CURRENT_PROCESS)
        return fail(ERROR_INVALID_HANDLE);
    if (lpcbNeeded == NULL || (lphModule == NULL && cb != 0))
        return fail(ERROR_INVALID_PARAMETER);
    bool good = dl_iterate_phdr(take_down, &paths) == 0;
    for (size_t i = 0; i < paths.n; i++) {
        /* The program itself comes first and has no name. */
        HMODULE module = module_loaded(paths.path[i][0] == 0 ? NULL : paths.path[i]);
        if (module != NULL) {
            if (found < cb / MODULE_BYTES)
                lphModule[found] = module;
            found++;
        }
        free(paths.path[i]);
    }
    free(paths.path);
    *lpcbNeeded = found * MODULE_BYTES;
    return good ? TRUE : fail(ERROR_NOT_ENOUGH_MEMORY);
}
