/* Images for `cng providers register` to try: a good one, and with PROBE_... defined, ones that are not. Built with -fshort-wchar, as
 * providers are. */
#include <bcrypt_provider.h>

#include <stdlib.h>

#ifdef PROBE_CRASH
__attribute__((constructor)) static void crash(void)
{
    abort();
}
#endif

#ifdef PROBE_EXIT
__attribute__((constructor)) static void leave(void)
{
    _Exit(0);
}
#endif

#ifdef PROBE_OLD
static BCRYPT_HASH_FUNCTION_TABLE table = {.Version = {0, 0}};
#else
static BCRYPT_HASH_FUNCTION_TABLE table = {.Version = {1, 0}};
#endif

static BOOL is_known(LPCWSTR function)
{
    static const WCHAR known[] = L"EXAMPLE";
    size_t i = 0;
    while (i < sizeof known / sizeof *known && function[i] == known[i])
        i++;
    return i == sizeof known / sizeof *known;
}

OPENCNG_API NTSTATUS WINAPI GetHashInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                             BCRYPT_HASH_FUNCTION_TABLE **ppFunctionTable,
                                             ULONG dwFlags)
{
    (void)pszProviderName;
    (void)dwFlags;
    if (!is_known(pszAlgId))
        return STATUS_NOT_FOUND;
    *ppFunctionTable = &table;
#ifdef PROBE_NULL
    *ppFunctionTable = NULL;
#endif
    return STATUS_SUCCESS;
}
