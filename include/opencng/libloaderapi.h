/* libloaderapi.h: libraries at run time. In libwincompat.
 *
 * Windows' names lead to this project's libraries, in any case, behind any folder, with or without ".dll":
 *
 *     bcrypt, bcryptprimitives                                libbcrypt.so.0
 *     ncrypt                                                  libncrypt.so.0
 *     crypt32, kernel32, kernelbase, advapi32, ntdll, psapi   libwincompat.so.0
 *
 * Other names go to dlopen() as they are.
 */
#ifndef _APISETLIBLOADER_
#define _APISETLIBLOADER_

#include "windef.h"

#define DONT_RESOLVE_DLL_REFERENCES 0x00000001
#define LOAD_LIBRARY_AS_DATAFILE 0x00000002
#define LOAD_WITH_ALTERED_SEARCH_PATH 0x00000008
#define LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR 0x00000100
#define LOAD_LIBRARY_SEARCH_APPLICATION_DIR 0x00000200
#define LOAD_LIBRARY_SEARCH_USER_DIRS 0x00000400
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x00000800
#define LOAD_LIBRARY_SEARCH_DEFAULT_DIRS 0x00001000
#define GET_MODULE_HANDLE_EX_FLAG_PIN 0x00000001
#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 0x00000002
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS 0x00000004

OPENCNG_BEGIN_C

/* Loads a library, or counts one that is loaded once more.
 *
 * lpLibFileName: its name, UTF-8 in the A forms. hFile: NULL. dwFlags: LOAD_LIBRARY_SEARCH_... and LOAD_WITH_ALTERED_SEARCH_PATH are accepted and
 * change nothing; other flags are ERROR_INVALID_PARAMETER.
 *
 * Returns a handle for FreeLibrary; NULL when there is no such library (ERROR_MOD_NOT_FOUND) or the name is NULL (ERROR_INVALID_PARAMETER).
 *
 * Source: Microsoft Learn, LoadLibraryExA.
 */
OPENCNG_API HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName);
OPENCNG_API HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName) OPENCNG_WIDE(LoadLibraryW);
OPENCNG_API HMODULE WINAPI LoadLibraryExA(LPCSTR lpLibFileName, HANDLE hFile, DWORD dwFlags);
OPENCNG_API HMODULE WINAPI LoadLibraryExW(LPCWSTR lpLibFileName, HANDLE hFile, DWORD dwFlags) OPENCNG_WIDE(LoadLibraryExW);

/* Finds a library that is loaded, without counting it. lpModuleName: as above; NULL is the program itself.
 * Returns NULL (ERROR_MOD_NOT_FOUND) when it is not loaded.
 */
OPENCNG_API HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName);
OPENCNG_API HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName) OPENCNG_WIDE(GetModuleHandleW);

/* The same, counted unless dwFlags has GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT. With GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS lpModuleName is an address
 * in the library. GET_MODULE_HANDLE_EX_FLAG_PIN keeps it loaded for good.
 *
 * phModule (out): the handle, or NULL. Returns FALSE: not found (ERROR_MOD_NOT_FOUND), a NULL pointer or a wrong flag (ERROR_INVALID_PARAMETER).
 */
OPENCNG_API BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule);
OPENCNG_API BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule) OPENCNG_WIDE(GetModuleHandleExW);

/* The address of a function or variable that a library itself exports.
 *
 * hModule: from a function of this header. lpProcName: the name, in exact case; ordinals are not known. Where the caller's wchar_t has 32 bits and the
 * function takes strings, it is the entry point for 32 bits.
 *
 * Returns NULL: no such name (ERROR_PROC_NOT_FOUND), no such module (ERROR_INVALID_HANDLE).
 */
OPENCNG_API FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName) OPENCNG_WIDE(GetProcAddress);

/* Counts one load less. Returns FALSE (ERROR_INVALID_HANDLE) for what was not loaded through this header. This project's libraries stay in memory. */
OPENCNG_API BOOL WINAPI FreeLibrary(HMODULE hLibModule);

/* Writes the path of a library, of the program for NULL, with its NUL into nSize characters.
 * Returns the characters written without the NUL; nSize when it was cut (ERROR_INSUFFICIENT_BUFFER); 0 for an unknown handle (ERROR_INVALID_HANDLE).
 */
OPENCNG_API DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize);
OPENCNG_API DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize) OPENCNG_WIDE(GetModuleFileNameW);

OPENCNG_END_C

#ifdef UNICODE
#define LoadLibrary LoadLibraryW
#define LoadLibraryEx LoadLibraryExW
#define GetModuleHandle GetModuleHandleW
#define GetModuleHandleEx GetModuleHandleExW
#define GetModuleFileName GetModuleFileNameW
#else
#define LoadLibrary LoadLibraryA
#define LoadLibraryEx LoadLibraryExA
#define GetModuleHandle GetModuleHandleA
#define GetModuleHandleEx GetModuleHandleExA
#define GetModuleFileName GetModuleFileNameA
#endif

#endif /* _APISETLIBLOADER_ */
