/*
 * The wide form of CryptAcquireContext: the names become UTF-8.
 */
#include "csp_table.h"
#include "win_wide.h"

BOOL WINAPI CryptAcquireContextW(HCRYPTPROV *phProv, LPCWSTR szContainer, LPCWSTR szProvider,
                                 DWORD dwProvType, DWORD dwFlags)
{
    char *container = NULL, *provider = NULL;
    DWORD error = NO_ERROR;
    if (szContainer != NULL) {
        container = wide_utf8_new(szContainer, wide_length(szContainer), NULL);
        error = container != NULL ? NO_ERROR : (DWORD)NTE_NO_MEMORY;
    }
    if (szProvider != NULL && error == NO_ERROR) {
        provider = wide_utf8_new(szProvider, wide_length(szProvider), NULL);
        error = provider != NULL ? NO_ERROR : (DWORD)NTE_NO_MEMORY;
    }
    if (error == NO_ERROR)
        error = csp_acquire(phProv, container, provider, dwProvType, dwFlags);
    free(container);
    free(provider);
    return finish(error);
}
