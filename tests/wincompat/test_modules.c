/*
 * Libraries at run time: Windows' names, counting, symbols in the caller's width.
 */
#include "conform.h"

#include <dlfcn.h>
#include <psapi.h>

typedef NTSTATUS(WINAPI *OpenFn)(BCRYPT_ALG_HANDLE *, LPCWSTR, LPCWSTR, ULONG);
typedef BOOLEAN(WINAPI *FillFn)(PVOID, ULONG);

static const char *const names[] = {
    "bcrypt.dll",           "BCRYPT.DLL",           "bcrypt", "C:\\Windows\\System32\\bcrypt.dll",
    "/usr/lib\\Bcrypt.dll", "bcryptprimitives.dll",
};

static void windows_names(void)
{
    HMODULE first = LoadLibraryA("bcrypt.dll");
    tap(first != NULL, "bcrypt.dll is there");
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        row_begin("LoadLibrary of %s", names[i]);
        WCHAR wide[64];
        MultiByteToWideChar(CP_UTF8, 0, names[i], -1, wide, 64);
        HMODULE a = LoadLibraryA(names[i]), w = LoadLibraryW(wide), h = GetModuleHandleA(names[i]);
        tap(a == first && w == first && h == first && GetModuleHandleW(wide) == first,
            "is one library");
        tap(FreeLibrary(a) && FreeLibrary(w), "as often released as loaded");
    }
    row_begin("LoadLibraryEx");
    HMODULE m = LoadLibraryExA("bcrypt.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    tap(m == first && FreeLibrary(m), "LOAD_LIBRARY_SEARCH_SYSTEM32");
    m = LoadLibraryExW(L"ncrypt.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
#ifdef __SANITIZE_ADDRESS__
    if (m == NULL)
        tap_skip("ncrypt.dll is another",
                 "AddressSanitizer's dlopen does not know the library's own folder");
    else
#endif
        tap(m != NULL && m != first && FreeLibrary(m), "ncrypt.dll is another");
    tap(!LoadLibraryExA("bcrypt.dll", NULL, LOAD_LIBRARY_AS_DATAFILE) &&
            GetLastError() == ERROR_INVALID_PARAMETER && !LoadLibraryExA("bcrypt.dll", first, 0) &&
            !LoadLibraryA(NULL) && !LoadLibraryA(""),
        "what is refused");
    SetLastError(0);
    tap(!LoadLibraryA("no such library.dll") && GetLastError() == ERROR_MOD_NOT_FOUND &&
            !GetModuleHandleW(L"nosuch.dll") && GetLastError() == ERROR_MOD_NOT_FOUND,
        "what is not there");
    FreeLibrary(first);
}

static void symbols(void)
{
    HMODULE m = LoadLibraryA("bcrypt.dll");
    row_begin("GetProcAddress");
    FARPROC plain = GetProcAddress(m, "BCryptOpenAlgorithmProvider");
    OpenFn open = (OpenFn)(void *)plain;
    BCRYPT_ALG_HANDLE alg = NULL;
    tap(open != NULL && open(&alg, L"SHA256", NULL, 0) == STATUS_SUCCESS,
        "is the entry point of the caller's width");
    BCryptCloseAlgorithmProvider(alg, 0);
    tap(GetProcAddress(m, "BCryptCloseAlgorithmProvider") != NULL &&
            GetProcAddress(m, "ProcessPrng") != NULL,
        "also where there is one for both");
    SetLastError(0);
    tap(!GetProcAddress(m, "BCryptNoSuchThing") && GetLastError() == ERROR_PROC_NOT_FOUND,
        "a name that is none");
    tap(!GetProcAddress(m, "malloc") && !GetProcAddress(m, "memcpy"),
        "what the library only uses is not its own");
    tap(!GetProcAddress(m, (LPCSTR)(ULONG_PTR)7) && !GetProcAddress(m, "") &&
            !GetProcAddress(m, NULL),
        "ordinals");
    SetLastError(0);
    tap(!GetProcAddress((HMODULE)&m, "x") && GetLastError() == ERROR_INVALID_HANDLE &&
            !GetProcAddress(NULL, "x"),
        "what is no module");
    SetLastError(0);
    tap(FreeLibrary(m) && !FreeLibrary((HMODULE)&m) && GetLastError() == ERROR_INVALID_HANDLE &&
            !FreeLibrary(NULL),
        "FreeLibrary of what is none");

    row_begin("the system's libraries");
    HMODULE kernel = GetModuleHandleA("kernel32.dll"), advapi = LoadLibraryA("advapi32.dll");
    FillFn fill = (FillFn)(void *)GetProcAddress(advapi, "SystemFunction036");
    BYTE random[16] = {0}, zero[16] = {0};
    tap(kernel != NULL && GetProcAddress(kernel, "InitOnceExecuteOnce") != NULL &&
            GetProcAddress(kernel, "BCryptGenRandom") == NULL,
        "kernel32.dll has what libwincompat has");
    tap(fill != NULL && fill(random, sizeof random) && memcmp(random, zero, sizeof zero) != 0 &&
            fill(random, 0),
        "RtlGenRandom out of advapi32.dll");
    tap(LoadLibraryA("crypt32.dll") == kernel && FreeLibrary(kernel) && FreeLibrary(advapi),
        "crypt32.dll is the same");
}

static void others(void)
{
    HMODULE self = NULL, at = NULL;
    char path[4096];
    WCHAR wide[4096];
    row_begin("other modules");
    tap(GetModuleHandleA(NULL) != NULL, "the program");
    HMODULE c = LoadLibraryA("libc.so.6");
    tap(c != NULL && GetProcAddress(c, "getpid") != NULL && FreeLibrary(c),
        "a library of Linux by its own name");
    tap(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                               GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                           (LPCSTR)dlsym(RTLD_DEFAULT, "BCryptGenRandom"), &at) &&
            at == GetModuleHandleA("bcrypt.dll"),
        "by an address");
    tap(GetModuleHandleExW(0, L"bcrypt.dll", &self) && self == at && FreeLibrary(self), "counted");
    tap(GetProcAddress(at, "BCryptGenRandom") != NULL &&
            GetModuleFileNameA(at, path, sizeof path) > 0,
        "and what others hold is still there");
    /* One that nothing else needs, where there is such a one. */
    HMODULE gone = LoadLibraryA("libanl.so.1");
    tap(gone == NULL || (FreeLibrary(gone) && !FreeLibrary(gone)), "what is counted once");
    tap(dlopen("libanl.so.1", RTLD_NOW | RTLD_NOLOAD) != NULL ||
            (GetProcAddress(gone, "gai_cancel") == NULL && GetLastError() == ERROR_INVALID_HANDLE),
        "goes, and is no module then");
    tap(GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN, L"bcrypt.dll", &self) && self == at,
        "pinned");
    SetLastError(0);
    tap(!GetModuleHandleExA(8, "bcrypt.dll", &self) && self == NULL &&
            GetLastError() == ERROR_INVALID_PARAMETER &&
            !GetModuleHandleExA(0, "bcrypt.dll", NULL) && !GetModuleHandleExA(0, "none", &self),
        "refused");
    const DWORD from_address = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    SetLastError(0);
    tap(!GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            "bcrypt.dll", &self) &&
            !GetModuleHandleExA(from_address, NULL, &self) && self == NULL &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "counted in two ways, or by no address");
    tap(!GetModuleHandleExA(from_address, (LPCSTR)path, &self) && self == NULL &&
            GetLastError() == ERROR_MOD_NOT_FOUND,
        "by an address on the stack");
    tap(GetModuleHandleExW(from_address, (LPCWSTR)dlsym(RTLD_DEFAULT, "BCryptGenRandom"), &self) &&
            self == at && FreeLibrary(self),
        "by an address, wide");
    tap(GetModuleHandleExW(from_address, (LPCWSTR)(uintptr_t)others, &self) &&
            self == GetModuleHandleA(NULL),
        "the program by an address of its own");
    tap(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN, NULL, &self) &&
            self == GetModuleHandleA(NULL),
        "the program, pinned");
    char long_name[400];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    SetLastError(0);
    tap(GetProcAddress(at, "") == NULL && GetProcAddress(at, long_name) == NULL &&
            GetLastError() == ERROR_PROC_NOT_FOUND,
        "symbols without a name, and with a very long one");
    tap(GetProcAddress((HMODULE)&at, "BCryptGenRandom") == NULL &&
            GetLastError() == ERROR_INVALID_HANDLE,
        "symbols of none");
    row_begin("GetModuleFileName");
    tap(GetModuleFileNameA(at, path, sizeof path) == strlen(path) &&
            strstr(path, "libbcrypt.so") != NULL &&
            GetModuleFileNameW(at, wide, 4096) == strlen(path),
        "a library's");
    tap(GetModuleFileNameA(NULL, path, sizeof path) > 0 &&
            strstr(path, "wincompat-modules") != NULL,
        "the program's");
    SetLastError(0);
    tap(GetModuleFileNameA(NULL, path, 5) == 5 && path[4] == 0 &&
            GetLastError() == ERROR_INSUFFICIENT_BUFFER && GetModuleFileNameW(NULL, wide, 5) == 5 &&
            wide[4] == 0,
        "cut");
    tap(GetModuleFileNameA((HMODULE)&at, path, 5) == 0 && GetLastError() == ERROR_INVALID_HANDLE,
        "of none");

    row_begin("EnumProcessModules");
    HMODULE all[256];
    DWORD needed = 0;
    tap(EnumProcessModules(GetCurrentProcess(), all, sizeof all, &needed) &&
            needed >= 4 * sizeof(HMODULE) && needed <= sizeof all,
        "lists them");
    bool found = false;
    for (DWORD i = 0; i < needed / sizeof(HMODULE); i++)
        found |= all[i] == at;
    tap(found && all[0] == GetModuleHandleA(NULL), "the program first, and libbcrypt among them");
    DWORD again = 0;
    tap(EnumProcessModules(GetCurrentProcess(), all, sizeof(HMODULE), &again) && again == needed,
        "one at a time");
    tap(!EnumProcessModules(NULL, all, sizeof all, &needed) &&
            GetLastError() == ERROR_INVALID_HANDLE,
        "another process");
    tap(!EnumProcessModules(GetCurrentProcess(), all, sizeof all, NULL) &&
            !EnumProcessModules(GetCurrentProcess(), NULL, sizeof all, &needed) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "NULL");
    tap(EnumProcessModules(GetCurrentProcess(), NULL, 0, &again) && again == needed,
        "but the size may be asked for");
}

int main(void)
{
    row_begin("LoadLibrary");
    windows_names();
    symbols();
    others();
    return tap_done();
}
