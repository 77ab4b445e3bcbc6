"""Compiles what programs written for Windows are made of, in every mode that they are built in. Prints TAP.

Usage: compile_test.py INCLUDE_DIR

Modes: C and C++ with wchar_t of 32 and of 16 bits, by $CC (or cc) with its C++ in the oldest standards that the headers support, by clang, if it is there, in newer ones, and once
lean with UNICODE; -pedantic-errors, and warnings are errors. The cases named "client-behaviour 1.4" are the lessons that real programs taught: each would fail again without what it names. The last ones
compare the macros that <bcrypt.h> alone defines with what it defined before the windows.h family grew.
"""
import concurrent.futures
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic-errors", "-fsyntax-only"]
SHORT, LEAN = ["-fshort-wchar"], ["-DWIN32_LEAN_AND_MEAN", "-DUNICODE"]
# (which of the compilers, standard, language, more): each of these differs somewhere in the headers.
MODES = (
    (0, "c11", "c", []), (0, "c11", "c", SHORT), (0, "c++11", "c++", []), (0, "c++11", "c++", SHORT),
    (1, "c17", "c", []), (1, "c17", "c", SHORT), (1, "c++20", "c++", []), (1, "c++20", "c++", SHORT),
    (0, "c17", "c", SHORT + LEAN), (0, "c++20", "c++", LEAN),
)

CASES = {
    "client-behaviour 1.4: bcrypt.h first and alone": """
        #include <bcrypt.h>
        NTSTATUS f(BCRYPT_ALG_HANDLE *alg);
        NTSTATUS f(BCRYPT_ALG_HANDLE *alg) { return BCryptOpenAlgorithmProvider(alg, BCRYPT_AES_ALGORITHM, NULL, 0) == STATUS_SUCCESS; }
    """,
    "client-behaviour 1.4: bcrypt.h before windows.h": """
        #include <bcrypt.h>
        #include <windows.h>
        DWORD f(void);
        DWORD f(void) { return GetLastError(); }
    """,
    "client-behaviour 1.4: a windows.h that is not lean brings bcrypt.h, ncrypt.h and wincrypt.h": """
        #undef WIN32_LEAN_AND_MEAN
        #include <windows.h>
        #if !defined(__BCRYPT_H__) || !defined(__NCRYPT_H__) || !defined(__WINCRYPT_H__)
        #error
        #endif
        extern BCRYPT_KEY_HANDLE key;
        extern NCRYPT_PROV_HANDLE provider;
        extern CRYPT_DATA_BLOB blob;
    """,
    "client-behaviour 1.4: WIN32_LEAN_AND_MEAN brings none of them": """
        #ifndef WIN32_LEAN_AND_MEAN
        #define WIN32_LEAN_AND_MEAN
        #endif
        #include <windows.h>
        #if defined(__BCRYPT_H__) || defined(__NCRYPT_H__) || defined(__WINCRYPT_H__)
        #error
        #endif
        extern DWORD d;
    """,
    "client-behaviour 1.4: NT_SUCCESS is the client's": """
        #include <windows.h>
        #include <bcrypt.h>
        #define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)
        int f(NTSTATUS s);
        int f(NTSTATUS s) { return NT_SUCCESS(s); }
    """,
    "client-behaviour 1.4: statuses that the client defines itself, in Windows' tokens": """
        #include <windows.h>
        #include <bcrypt.h>
        #define STATUS_SUCCESS ((NTSTATUS)0x00000000L)
        #define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000DL)
        #define STATUS_NOT_SUPPORTED ((NTSTATUS)0xC00000BBL)
        #define STATUS_INVALID_SIGNATURE ((NTSTATUS)0xC000A000L)
        extern int x;
    """,
    "client-behaviour 1.4: WIN32_NO_STATUS and ntstatus.h": """
        #define WIN32_NO_STATUS
        #include <windows.h>
        #undef WIN32_NO_STATUS
        #include <ntstatus.h>
        #include <winternl.h>
        int f(NTSTATUS s);
        int f(NTSTATUS s) { return NT_SUCCESS(s) ? 0 : s == STATUS_AUTH_TAG_MISMATCH; }
    """,
    "client-behaviour 1.4: SecureZeroMemory is a macro": """
        #include <windows.h>
        #ifndef SecureZeroMemory
        #error
        #endif
        void f(void *p);
        void f(void *p) { SecureZeroMemory(p, 16); }
    """,
    "client-behaviour 1.4: __in and __out stay the system's": """
        #include <windows.h>
        #if defined(__in) || defined(__out) || defined(__inout) || defined(__reserved)
        #error
        #endif
        extern int x;
    """,
    "client-behaviour 1.4: min and max in C only, and not with NOMINMAX": """
        #ifdef __cplusplus
        #include <windows.h>
        #include <algorithm>
        inline int f(int a, int b) { return std::min(a, b) + std::max(a, b); }
        #else
        #include <windows.h>
        int f(int a, int b);
        int f(int a, int b) { return min(a, b) + max(a, b); }
        #endif
    """,
    "client-behaviour 1.4: NOMINMAX": """
        #define NOMINMAX
        #include <windows.h>
        #if defined(min) || defined(max)
        #error
        #endif
        extern int x;
    """,
    "client-behaviour 1.4: wincrypt.h leaves sys/socket.h alone": """
        #include <wincrypt.h>
        #include <sys/socket.h>
        #include <netinet/in.h>
        #ifndef CMSG_DATA
        #error
        #endif
        #if defined(X509_NAME) || defined(PKCS7_SIGNER_INFO) || defined(OCSP_REQUEST) || defined(X509_EXTENSIONS)
        #error
        #endif
        extern int x;
    """,
    "client-behaviour 1.4: _WIN32 is not set": """
        #include <windows.h>
        #include <winsock2.h>
        #include <intrin.h>
        #include <tchar.h>
        #if defined(_WIN32) || defined(_WIN64) || defined(WIN32) || defined(_MSC_VER)
        #error
        #endif
        extern int x;
    """,
    "client-behaviour 1.4: fallbacks for names after Windows 8": """
        #include <bcrypt.h>
        #ifndef BCRYPT_XTS_AES_ALGORITHM
        #error
        #endif
        #ifndef BCRYPT_AES_GCM_ALG_HANDLE
        #error
        #endif
        #ifndef BCRYPT_HMAC_SHA256_ALG_HANDLE
        #error
        #endif
        #ifndef BCRYPT_ECDH_P256_ALG_HANDLE
        #error
        #endif
        #ifndef BCRYPT_HKDF_ALG_HANDLE
        #error
        #endif
        #define BCRYPT_CHAIN_MODE_GCM L"ChainingModeGCM"
        #define BCRYPT_ECDSA_P256_ALGORITHM L"ECDSA_P256"
        extern int x;
    """,
    "client-behaviour 1.1: every header that clients name": """
        #include <Winsock2.h>
        #include <ws2tcpip.h>
        #include <Windows.h>
        #include <NCrypt.h>
        #include <BCrypt.h>
        #include <WinCrypt.h>
        #include <ntstatus.h>
        #include <winternl.h>
        #include <winerror.h>
        #include <sal.h>
        #include <security.h>
        #include <synchapi.h>
        #include <sdkddkver.h>
        #include <basetsd.h>
        #include <strsafe.h>
        #include <crtdbg.h>
        #include <intrin.h>
        #include <psapi.h>
        #include <winbase.h>
        #include <winnls.h>
        #include <processthreadsapi.h>
        #include <heapapi.h>
        #include <errhandlingapi.h>
        #include <libloaderapi.h>
        #include <sysinfoapi.h>
        #include <profileapi.h>
        #include <tchar.h>
        extern int x;
    """,
    "client-behaviour 1.2: every type and macro": """
        #include <windows.h>
        struct types
        {
            BOOL a; BOOLEAN b; BYTE c; UCHAR d; CHAR e; WORD f; USHORT g; DWORD h; ULONG i; LONG j; INT k; UINT l; DWORD64 m; ULONGLONG n; LONGLONG o; __int64 p; SIZE_T q; SSIZE_T r;
            ULONG_PTR s; LONG_PTR t; HANDLE u; HMODULE v; HWND w; HRESULT x; NTSTATUS y; SECURITY_STATUS z; unsigned __int64 zz;
            PBOOL aa; PBYTE ab; LPBYTE ac; PUCHAR ad; PDWORD ae; LPDWORD af; PULONG ag; PLONG ah; PVOID ai; LPVOID aj; LPCVOID ak; PHANDLE al; LPHANDLE am;
            LPCWSTR an; PCWSTR ao; LPWSTR ap; PWSTR aq; LPSTR ar; PSTR as; LPCSTR at; PCSTR au; LPTSTR av; LPCTSTR aw; TCHAR ax;
            FILETIME ay; SYSTEMTIME az; LARGE_INTEGER ba; GUID bb; CRITICAL_SECTION bc; INIT_ONCE bd; SRWLOCK be; errno_t bf;
        };
        C_ASSERT(sizeof(DWORD) == 4 && sizeof(LONG) == 4 && sizeof(BOOL) == 4 && sizeof(BOOLEAN) == 1 && sizeof(SIZE_T) == 8 && sizeof(__int64) == 8);
        #if !defined(TRUE) || !defined(FALSE) || !defined(VOID) || !defined(CONST) || !defined(MAX_PATH) || !defined(INVALID_HANDLE_VALUE) || !defined(WINAPI) || !defined(CALLBACK) || \\
            !defined(TEXT) || !defined(ARRAYSIZE) || !defined(_countof) || !defined(UNREFERENCED_PARAMETER) || !defined(ZeroMemory) || !defined(CopyMemory) || !defined(FillMemory) || \\
            !defined(MAKELANGID) || !defined(SUCCEEDED) || !defined(FAILED) || !defined(HRESULT_FROM_WIN32) || !defined(_TRUNCATE) || !defined(WINAPI_FAMILY_PARTITION)
        #error
        #endif
        #if _WIN32_WINNT < 0x0A00 || WINVER < 0x0A00 || NTDDI_VERSION < 0x0A000000 || !WINAPI_FAMILY_PARTITION(WINAPI_PARTITION_DESKTOP)
        #error
        #endif
        _Check_return_ _Success_(return != 0) DWORD __stdcall f(_In_ HANDLE h, _Out_writes_bytes_(n) BYTE *p, _In_reads_(n) CONST BYTE *q, _Inout_ DWORD n, _Outptr_result_maybenull_ void **r);
        static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
        INIT_ONCE *g(void);
        INIT_ONCE *g(void) { return &once; }
    """,
    "client-behaviour 1.3: every function of the core": """
        #include <windows.h>
        #include <winternl.h>
        BOOL CALLBACK start(PINIT_ONCE once, PVOID parameter, PVOID *context);
        DWORD f(LPCWSTR text, WCHAR *wide, char *narrow);
        DWORD f(LPCWSTR text, WCHAR *wide, char *narrow)
        {
            static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
            CRITICAL_SECTION cs;
            LONG n = 0;
            HMODULE module = LoadLibrary(TEXT("bcrypt.dll"));
            LPVOID p = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 10);
            HeapFree(GetProcessHeap(), 0, p);
            LocalFree(LocalAlloc(LPTR, 10));
            InitOnceExecuteOnce(&once, start, NULL, NULL);
            InitializeCriticalSection(&cs);
            EnterCriticalSection(&cs);
            LeaveCriticalSection(&cs);
            DeleteCriticalSection(&cs);
            InterlockedIncrement(&n);
            FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, 5, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), narrow, 10, NULL);
            MultiByteToWideChar(CP_UTF8, 0, narrow, -1, wide, 10);
            WideCharToMultiByte(CP_UTF8, 0, wide, -1, narrow, 10, NULL, NULL);
            if (GetProcAddress(module, "BCryptGenRandom") == NULL || lstrcmpW(text, L"AES") != 0)
                SetLastError(RtlNtStatusToDosError(STATUS_INVALID_PARAMETER));
            FreeLibrary(module);
            GetSystemDirectory(NULL, 0);
            OutputDebugString(TEXT("text"));
            return GetLastError();
        }
    """,
    "FARPROC takes what the caller passes, and gives an INT_PTR": """
        #ifndef __cplusplus
        #pragma GCC diagnostic error "-Wstrict-prototypes"
        #endif
        #include <windows.h>
        INT_PTR f(HMODULE module, char *room);
        INT_PTR f(HMODULE module, char *room)
        {
            FARPROC found = GetProcAddress(module, "ProcessPrng");
            C_ASSERT(sizeof(found()) == sizeof(INT_PTR));
        #ifdef __cplusplus
            (void)room;
            return found();
        #else
            return found(room, (SIZE_T)4);
        #endif
        }
    """,
    "the wide functions": """
        #include <windows.h>
        #include <wchar.h>
        size_t f(LPCWSTR text, WCHAR *copy);
        size_t f(LPCWSTR text, WCHAR *copy)
        {
            if (wcscmp(text, L"AES") != 0 && wcschr(text, L'A') != NULL)
                wprintf(L"%d", (int)wcslen(wcscpy(copy, text)));
            return wcslen(text) + (size_t)swprintf(copy, 10, L"%s", text) + (size_t)_wcsicmp(text, copy);
        }
    """,
    "wchar.h without windows.h": """
        #include <wchar.h>
        size_t f(const wchar_t *text);
        size_t f(const wchar_t *text) { return wcslen(text) + (size_t)wcsncmp(text, L"A", 1); }
    """,
    "C++: std:: names of the wide functions": """
        #ifdef __cplusplus
        #include <cwchar>
        #include <string>
        #include <iostream>
        #include <windows.h>
        inline std::size_t f(const wchar_t *text) { return std::wcslen(text) + (std::wcschr(text, L'A') != nullptr); }
        inline errno_t g(const char *text) { char to[10]; return strcpy_s(to, text); }
        #endif
        extern int x;
    """,
    "the system's headers before and after": """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <wchar.h>
        #include <windows.h>
        #include <winsock2.h>
        #include <unistd.h>
        #include <pthread.h>
        #include <signal.h>
        #include <math.h>
        #include <wctype.h>
        #include <inttypes.h>
        extern int x;
    """,
    "sockets": """
        #include <winsock2.h>
        #include <ws2tcpip.h>
        int f(void);
        int f(void)
        {
            WSADATA data;
            SOCKET s;
            if (WSAStartup(0x0202, &data) != 0)
                return WSAGetLastError();
            s = socket(AF_INET, SOCK_STREAM, 0);
            if (s == INVALID_SOCKET)
                return 1;
            return closesocket(s) == SOCKET_ERROR ? WSAGetLastError() : WSACleanup();
        }
    """,
    "the client's own spellings of Microsoft's names": """
        #define _stricmp strcasecmp
        #define _countof(a) (sizeof(a) / sizeof((a)[0]))
        #define _snprintf snprintf
        #include <windows.h>
        extern int x;
    """,
    "OPENCNG_NO_CRT leaves Microsoft's names to the client": """
        #define OPENCNG_NO_CRT
        #include <windows.h>
        #include <string.h>
        int strcpy_s(char *to, size_t size, const char *from);
        int strcpy_s(char *to, size_t size, const char *from) { return strlen(from) < size ? (strcpy(to, from), 0) : 1; }
    """,
    "OpenSSL's headers beside wincrypt.h": """
        #if defined(__has_include)
        #if __has_include(<openssl/x509.h>)
        #include <windows.h>
        #include <wincrypt.h>
        #include <openssl/x509.h>
        #include <openssl/pkcs7.h>
        #include <openssl/ocsp.h>
        #endif
        #endif
        extern int x;
    """,
}

# Where 16 bits have no function, the compiler says so instead of calling glibc's.
POISONED = """
#include <wchar.h>
double f(const wchar_t *text);
double f(const wchar_t *text) { return wcstod(text, NULL); }
"""


def compilers():
    """Pairs of a C and a C++ compiler."""
    found = [(shlex.split(os.environ.get("CC", "cc")), shlex.split(os.environ.get("CXX", "c++")))]
    if shutil.which("clang") and os.path.basename(found[0][0][0]) != "clang":
        found.append((["clang"], ["clang++"]))
    return found


def run(command, text):
    done = subprocess.run([*command, "-"], input=text, capture_output=True, text=True, check=False)
    return done.stderr or "failed" if done.returncode else done.stderr


def jobs(include):
    pairs = compilers()
    for title, text in CASES.items():
        for which, standard, language, more in MODES:
            if which < len(pairs):
                compiler = pairs[which][0 if language == "c" else 1]
                command = [*compiler, f"-std={standard}", *more, *WARNINGS, "-I", include, "-x", language]
                yield f"{title} ({' '.join([os.path.basename(compiler[0]), standard, *more])})", command, textwrap.dedent(text)


def macros_of(include, text, cc):
    """Macro -> the header of ours that defines it, for a translation unit."""
    done = subprocess.run([*cc, "-x", "c", "-std=c17", "-E", "-dD", "-I", include, "-"], input=text, capture_output=True, text=True, check=True)
    where, found = "", {}
    for line in done.stdout.splitlines():
        if match := re.match(r'# \d+ "([^"]*)"', line):
            where = match[1]
        elif (match := re.match(r"#define (\w+)", line)) and where.startswith(include):
            found[match[1]] = os.path.basename(where)
    return found


# The headers that bcrypt.h brought before windows.h had functions, and no others; none of them may define what it did not.
BROUGHT = {"bcrypt.h", "windef.h", "minwindef.h", "basetsd.h", "opencng_abi.h", "sal.h", "specstrings.h", "winapifamily.h", "winnt.h", "ntstatus.h"}


def bcrypt_alone(include, cc):
    found = macros_of(include, "#include <bcrypt.h>\n", cc)
    complaints = []
    if set(found.values()) - BROUGHT:
        complaints.append(f"it brings {sorted(set(found.values()) - BROUGHT)}")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "bcrypt_macros.txt"), encoding="utf-8") as file:
        known = set(file.read().split())
    # bcrypt.h's own constants and the statuses are watched elsewhere (abi/), and may grow.
    own = {name for name, header in found.items() if header not in ("bcrypt.h", "ntstatus.h")}
    complaints += [f"defined now: {name} ({found[name]})" for name in sorted(own - known)]
    complaints += [f"defined no more: {name}" for name in sorted(known - own)]
    return "\n".join(complaints)


def main():
    include = os.path.abspath(sys.argv[1])
    results = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = list(jobs(include))
        for (title, _, _), complaint in zip(work, pool.map(lambda job: run(job[1], job[2]), work)):
            results.append((title, complaint))
    for cc, _ in compilers():
        results.append((f"<bcrypt.h> alone defines nothing new ({cc[0]})", bcrypt_alone(include, cc)))
        with tempfile.TemporaryDirectory() as folder:
            base = [*cc, "-O1", "-c", "-o", os.path.join(folder, "x.o"), "-x", "c", "-I", include]
            results.append((f"what has no 16-bit form does not compile ({cc[0]})",
                            "" if "16-bit wchar_t" in run([*base, "-fshort-wchar"], POISONED) else "it does"))
            results.append((f"and is glibc's with 32 bits ({cc[0]})", run(base, POISONED)))
    alone = "clang" not in {os.path.basename(cc[0]) for cc, _ in compilers()}
    print(f"1..{len(results) + alone}")
    for number, (title, complaint) in enumerate(results, 1):
        print(f"{'not ok' if complaint else 'ok'} {number} - {title}")
        if complaint:
            print("\n".join("# " + line for line in complaint.splitlines()[:20]))
    if alone:
        print(f"ok {len(results) + 1} - the same by clang # SKIP clang is not installed")
    return 1 if any(complaint for _, complaint in results) else 0


if __name__ == "__main__":
    sys.exit(main())
