/*
 * A program that leans on Windows beside CNG: the heap, once, messages, LoadLibrary, text of keys, wide
 * functions. It is compiled unchanged as C and C++, with both widths of wchar_t, and linked with
 * libwincompat.
 */
#include <windows.h>
#include <bcrypt.h>
#include <strsafe.h>

#include <stdio.h>
#include <wchar.h>

typedef NTSTATUS(WINAPI *PFN_OPEN)(BCRYPT_ALG_HANDLE *, LPCWSTR, LPCWSTR, ULONG);

static int g_test = 0;
static int g_failed = 0;
static INIT_ONCE g_once = INIT_ONCE_STATIC_INIT;
static LONG g_inits = 0;

static void Check(BOOL fGood, const char *pszWhat)
{
    g_test++;
    if (!fGood)
        g_failed++;
    printf("%sok %d - %s\n", fGood ? "" : "not ", g_test, pszWhat);
}

static BOOL CALLBACK Initialize(PINIT_ONCE pOnce, PVOID pvParameter, PVOID *ppvContext)
{
    (void)pOnce, (void)pvParameter, (void)ppvContext;
    InterlockedIncrement(&g_inits);
    return TRUE;
}

static BOOL HashOnHeap(void)
{
    static const BYTE rgbAbc[4] = {0xba, 0x78, 0x16, 0xbf};
    BYTE *pbHash = (BYTE *)HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 32);
    BOOL fResult = pbHash != NULL &&
                   BCRYPT_SUCCESS(BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, (PUCHAR) "abc", 3,
                                             pbHash, 32)) &&
                   memcmp(pbHash, rgbAbc, 4) == 0;
    HeapFree(GetProcessHeap(), 0, pbHash);
    return fResult;
}

static BOOL OpenThroughLoadLibrary(void)
{
    HMODULE hModule = LoadLibraryW(L"C:\\Windows\\System32\\BCRYPT.dll");
    PFN_OPEN pfnOpen =
        hModule == NULL ? NULL
                        : (PFN_OPEN)(void *)GetProcAddress(hModule, "BCryptOpenAlgorithmProvider");
    BCRYPT_ALG_HANDLE hAlg = NULL;
    BOOL fResult = pfnOpen != NULL && BCRYPT_SUCCESS(pfnOpen(&hAlg, L"AES", NULL, 0));
    if (hAlg)
        BCryptCloseAlgorithmProvider(hAlg, 0);
    if (hModule)
        FreeLibrary(hModule);
    return fResult;
}

static BOOL Message(void)
{
    WCHAR *pwszText = NULL;
    DWORD cch = FormatMessageW(
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_ALLOCATE_BUFFER,
        NULL, ERROR_INVALID_PARAMETER, 0, (LPWSTR)(void *)&pwszText, 0, NULL);
    BOOL fResult = cch > 0 && wcslen(pwszText) == cch;
    LocalFree(pwszText);
    return fResult;
}

static BOOL Base64(void)
{
    BYTE rgb[8];
    DWORD cb = sizeof(rgb);
    return CryptStringToBinaryW(L"YWJj", 0, CRYPT_STRING_BASE64, rgb, &cb, NULL, NULL) && cb == 3 &&
           memcmp(rgb, "abc", 3) == 0;
}

static BOOL Wide(void)
{
    WCHAR wszText[32];
    /* The literal's length is one that compilers compute: GCC once called glibc, which read on. */
    return wcslen(L"ChainingModeCBC") == 15 &&
           StringCchPrintfW(wszText, 32, L"%s/%d", L"AES", 256) == S_OK && wcslen(wszText) == 7 &&
           wcscmp(wszText, L"AES/256") == 0 && _wcsicmp(wszText, L"aes/256") == 0 &&
           wcschr(wszText, L'/') == wszText + 3;
}

int main(void)
{
    InitOnceExecuteOnce(&g_once, Initialize, NULL, NULL);
    InitOnceExecuteOnce(&g_once, Initialize, NULL, NULL);
    Check(g_inits == 1, "one-time initialization");
    Check(HashOnHeap(), "a hash on the heap");
    Check(OpenThroughLoadLibrary(), "an algorithm through LoadLibrary and GetProcAddress");
    Check(Message(), "a message for LocalFree");
    Check(Base64(), "base64");
    Check(Wide(), "wide functions");
    printf("1..%d\n", g_test);
    return g_failed != 0;
}
