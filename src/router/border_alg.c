/* Border of the algorithm functions: open and enumerate. */
#include "border.h"

#include <stdlib.h>

NTSTATUS WINAPI BCryptOpenAlgorithmProvider(BCRYPT_ALG_HANDLE *phAlgorithm, LPCWSTR pszAlgId,
                                            LPCWSTR pszImplementation, ULONG dwFlags)
{
    struct name alg;
    struct name provider;
    return router_open(border_name(&alg, pszAlgId), border_name(&provider, pszImplementation),
                       dwFlags, phAlgorithm);
}

/* Every operation class that BCryptEnumAlgorithms knows. */
#define ALL_OPERATIONS 0xFFu

static void listed_done(struct listed **list)
{
    free(*list);
}

NTSTATUS WINAPI BCryptEnumAlgorithms(ULONG dwAlgOperations, ULONG *pAlgCount,
                                     BCRYPT_ALGORITHM_IDENTIFIER **ppAlgList, ULONG dwFlags)
{
    if (pAlgCount == NULL || ppAlgList == NULL || dwFlags != 0 ||
        (dwAlgOperations & ~ALL_OPERATIONS) != 0)
        return STATUS_INVALID_PARAMETER;
    uint32_t wanted = dwAlgOperations == 0 ? ALL_OPERATIONS : dwAlgOperations;

    (void)config_refresh();
    CONFIG c = config_acquire();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    CLEANUP(listed_done) struct listed *all = NULL;
    size_t total = 0;
    TRY(resolve_list(c, &all, &total));
    size_t count = 0;
    size_t chars = 0;
    for (size_t i = 0; i < total; i++) {
        if ((all[i].operations & wanted) != 0) {
            all[count++] = all[i];
            chars += wide_length(all[i].alg, BORDER_WIDTH) + 1;
        }
    }

    /* One block, the strings behind the array: BCryptFreeBuffer frees it whole. */
    BCRYPT_ALGORITHM_IDENTIFIER *list = malloc(count * sizeof *list + chars * sizeof(WCHAR) + 1);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    WCHAR *text = (WCHAR *)(void *)(list + count);
    for (size_t i = 0; i < count; i++) {
        wide_write(text, all[i].alg, BORDER_WIDTH);
        list[i] = (BCRYPT_ALGORITHM_IDENTIFIER){.pszName = text, .dwClass = all[i].interface_id};
        text += wide_length(all[i].alg, BORDER_WIDTH) + 1;
    }
    *pAlgCount = (ULONG)count;
    *ppAlgList = list;
    return STATUS_SUCCESS;
}

/* Providers of one algorithm that are listed. */
#define PROVIDERS_MAX 32

NTSTATUS WINAPI BCryptEnumProviders(LPCWSTR pszAlgId, ULONG *pImplCount,
                                    BCRYPT_PROVIDER_NAME **ppImplList, ULONG dwFlags)
{
    struct name alg;
    if (border_name(&alg, pszAlgId) == NULL || pImplCount == NULL || ppImplList == NULL ||
        dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    (void)config_refresh();
    CONFIG c = config_acquire();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    const char *names[PROVIDERS_MAX];
    size_t count = resolve_providers(c, &alg, names, PROVIDERS_MAX);
    if (count == 0)
        return STATUS_NOT_FOUND;

    size_t chars = 0;
    for (size_t i = 0; i < count; i++)
        chars += wide_length(names[i], BORDER_WIDTH) + 1;
    BCRYPT_PROVIDER_NAME *list = malloc(count * sizeof *list + chars * sizeof(WCHAR));
    if (list == NULL)
        return STATUS_NO_MEMORY;
    WCHAR *text = (WCHAR *)(void *)(list + count);
    for (size_t i = 0; i < count; i++) {
        wide_write(text, names[i], BORDER_WIDTH);
        list[i] = (BCRYPT_PROVIDER_NAME){.pszProviderName = text};
        text += wide_length(names[i], BORDER_WIDTH) + 1;
    }
    *pImplCount = (ULONG)count;
    *ppImplList = list;
    return STATUS_SUCCESS;
}
