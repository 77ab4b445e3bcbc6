/*
 * Statuses as codes, messages, clocks, the process.
 */
#include "conform.h"

#include <ntsecapi.h>
#include <time.h>
#include <unistd.h>
#include <winternl.h>

static const struct {
    NTSTATUS status;
    ULONG error;
} statuses[] = {
    {STATUS_SUCCESS, ERROR_SUCCESS},
    {STATUS_INVALID_HANDLE, ERROR_INVALID_HANDLE},
    {STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER},
    {STATUS_NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY},
    {STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED},
    {STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER},
    {STATUS_OBJECT_NAME_NOT_FOUND, ERROR_FILE_NOT_FOUND},
    {STATUS_OBJECT_NAME_COLLISION, ERROR_ALREADY_EXISTS},
    {STATUS_NOT_SUPPORTED, ERROR_NOT_SUPPORTED},
    {STATUS_NOT_FOUND, ERROR_NOT_FOUND},
    {STATUS_INTERNAL_ERROR, ERROR_INTERNAL_ERROR},
    {STATUS_INVALID_BUFFER_SIZE, ERROR_INVALID_USER_BUFFER},
    {STATUS_DATA_ERROR, ERROR_CRC},
    {STATUS_UNSUCCESSFUL, ERROR_GEN_FAILURE},
    {STATUS_INVALID_SIGNATURE, (ULONG)NTE_BAD_SIGNATURE},
    {NTE_BAD_DATA, (ULONG)NTE_BAD_DATA},
    {HRESULT_FROM_WIN32(5), 5},
    {(NTSTATUS)0xC0000999, ERROR_MR_MID_NOT_FOUND},
};

/* Every status that the libraries return has a code and a text. */
static const DWORD ours[] = {
#define OPENCNG_STATUS(symbol, value, sentence) value,
#include <opencng_status.def>
#undef OPENCNG_STATUS
};

static void codes(void)
{
    for (size_t i = 0; i < ARRAYSIZE(statuses); i++) {
        row_begin("RtlNtStatusToDosError(0x%08x)", (unsigned)statuses[i].status);
        tap(RtlNtStatusToDosError(statuses[i].status) == statuses[i].error &&
                LsaNtStatusToWinError(statuses[i].status) == statuses[i].error,
            "the code");
    }
    bool known = true, told = true;
    char text[256];
    for (size_t i = 0; i < ARRAYSIZE(ours); i++) {
        known &= RtlNtStatusToDosError((NTSTATUS)ours[i]) != ERROR_MR_MID_NOT_FOUND;
        told &= FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                               ours[i], 0, text, sizeof text, NULL) > 5;
    }
    row_begin("every status of the libraries");
    tap(known, "has a code");
    tap(told, "has a text");
}

static void messages(void)
{
    const DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    char text[300] = "", *made = NULL;
    WCHAR wide[128], *wide_made = NULL;
    row_begin("FormatMessage");
    DWORD n = FormatMessageA(flags, NULL, ERROR_ACCESS_DENIED,
                             MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), text, 128, NULL);
    tap(n == strlen(text) && n > 4 && strcmp(text + n - 3, ".\r\n") == 0,
        "a sentence and a line end");
    tap(FormatMessageW(flags, NULL, ERROR_ACCESS_DENIED, 0, wide, 128, NULL) == n &&
            lstrlenW(wide) == (int)n && wide[0] == (WCHAR)text[0],
        "wide");
    tap(FormatMessageA(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL, ERROR_ACCESS_DENIED, 0,
                       (LPSTR)(void *)&made, 0, NULL) == n &&
            strcmp(made, text) == 0 && LocalFree(made) == NULL,
        "into memory for LocalFree");
    tap(FormatMessageW(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL, ERROR_ACCESS_DENIED, 0,
                       (LPWSTR)(void *)&wide_made, 500, NULL) == n &&
            lstrcmpW(wide_made, wide) == 0 && LocalSize(wide_made) >= 500 * sizeof(WCHAR) &&
            LocalFree(wide_made) == NULL,
        "wide, of a smallest size");
    tap(FormatMessageA(flags | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL, ERROR_ACCESS_DENIED, 0, text,
                       128, NULL) == n - 1 &&
            text[n - 2] == ' ',
        "FORMAT_MESSAGE_MAX_WIDTH_MASK ends in a space");
    tap(FormatMessageA(flags, NULL, (DWORD)E_ACCESSDENIED, 0, text, 128, NULL) == n,
        "an HRESULT of a Win32 code");
    tap(FormatMessageA(flags | FORMAT_MESSAGE_FROM_HMODULE, GetModuleHandleA("ntdll.dll"),
                       (DWORD)STATUS_INVALID_HANDLE, 0, text, sizeof text, NULL) > 4,
        "an NTSTATUS, with a module");
    SetLastError(0);
    tap(!FormatMessageA(flags, NULL, 0x12345678, 0, text, 128, NULL) &&
            GetLastError() == ERROR_MR_MID_NOT_FOUND,
        "a code without a text");
    tap(!FormatMessageA(flags, NULL, 5, 0, text, 3, NULL) &&
            GetLastError() == ERROR_INSUFFICIENT_BUFFER &&
            !FormatMessageW(flags, NULL, 5, 0, wide, 3, NULL) &&
            GetLastError() == ERROR_INSUFFICIENT_BUFFER,
        "too small");
    tap(!FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "x", 5, 0, text, 128, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER &&
            !FormatMessageA(flags, NULL, 5, 0, NULL, 128, NULL) &&
            !FormatMessageW(flags, NULL, 5, 0, NULL, 128, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "refused");
}

static void clocks(void)
{
    FILETIME ft, creation, ended, kernel, user;
    LARGE_INTEGER one, two, frequency;
    row_begin("clocks");
    GetSystemTimeAsFileTime(&ft);
    int64_t now = (int64_t)(((uint64_t)ft.dwHighDateTime << 32 | ft.dwLowDateTime) / 10000000) -
                  INT64_C(11644473600);
    tap(llabs(now - (int64_t)time(NULL)) <= 1, "GetSystemTimeAsFileTime counts from 1601");
    ULONGLONG ticks = GetTickCount64();
    tap(QueryPerformanceFrequency(&frequency) && QueryPerformanceCounter(&one),
        "QueryPerformanceCounter");
    Sleep(20);
    QueryPerformanceCounter(&two);
    tap((two.QuadPart - one.QuadPart) * 1000 / frequency.QuadPart >= 19 &&
            GetTickCount64() - ticks >= 19,
        "Sleep takes its time");
    SetLastError(0);
    tap(!QueryPerformanceCounter(NULL) && GetLastError() == ERROR_NOACCESS &&
            !QueryPerformanceFrequency(NULL),
        "NULL");
    tap(GetProcessTimes(GetCurrentProcess(), &creation, &ended, &kernel, &user), "GetProcessTimes");
    int64_t began =
        (int64_t)(((uint64_t)creation.dwHighDateTime << 32 | creation.dwLowDateTime) / 10000000) -
        INT64_C(11644473600);
    tap(began <= now + 1 && now - began < 300 && ended.dwLowDateTime == 0,
        "the process began lately, and has not ended");
    tap(!GetProcessTimes(NULL, &creation, &ended, &kernel, &user) &&
            GetLastError() == ERROR_INVALID_HANDLE &&
            !GetProcessTimes(GetCurrentProcess(), NULL, &ended, &kernel, &user) &&
            !GetProcessTimes(GetCurrentProcess(), &creation, NULL, &kernel, &user) &&
            !GetProcessTimes(GetCurrentProcess(), &creation, &ended, NULL, &user) &&
            !GetProcessTimes(GetCurrentProcess(), &creation, &ended, &kernel, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "refused");
    row_begin("process");
    tap(GetCurrentProcessId() == (DWORD)getpid() && GetCurrentThreadId() == (DWORD)gettid(),
        "Linux' numbers");
}

static void folders(void)
{
    char folder[64];
    WCHAR wide[64];
    row_begin("GetSystemDirectory");
    UINT n = GetSystemDirectoryA(folder, sizeof folder);
    tap(n == strlen(folder) && n > 0, "has a name");
    tap(GetSystemDirectoryA(NULL, 0) == n + 1 && GetSystemDirectoryA(folder, n) == n + 1 &&
            GetSystemDirectoryA(folder, n + 1) == n,
        "counts the NUL when it does not fit");
    tap(GetSystemDirectoryW(wide, 64) == n && lstrlenW(wide) == (int)n &&
            GetSystemDirectoryW(NULL, 0) == n + 1,
        "wide");
    row_begin("OutputDebugString");
    unsetenv("OPENCNG_DEBUG_OUTPUT");
    OutputDebugStringA("not seen\n");
    OutputDebugStringW(L"not seen\n");
    OutputDebugStringW(NULL);
    setenv("OPENCNG_DEBUG_OUTPUT", "1", 1);
    OutputDebugStringA(NULL);
    int kept = dup(2), pipe_ends[2];
    tap(pipe(pipe_ends) == 0 && dup2(pipe_ends[1], 2) == 2, "a pipe for standard error");
    OutputDebugStringA("narrow ");
    OutputDebugStringW(L"w\u00efde\n");
    dup2(kept, 2);
    close(pipe_ends[1]);
    char seen[64] = "";
    tap(read(pipe_ends[0], seen, sizeof seen - 1) > 0 && strcmp(seen, "narrow w\xC3\xAF"
                                                                      "de\n") == 0,
        "goes there when OPENCNG_DEBUG_OUTPUT is set");
    close(pipe_ends[0]);
    close(kept);
    row_begin("SecureZeroMemory");
    BYTE secret[16];
    memset(secret, 1, sizeof secret);
    SecureZeroMemory(secret, sizeof secret);
    tap(secret[0] == 0 && secret[15] == 0, "zeroes");
}

int main(void)
{
    codes();
    messages();
    clocks();
    folders();
    return tap_done();
}
