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

NTSTATUS WINAPI BCryptEnumAlgorithms(ULONG dwAlgOperations, ULONG *pAlgCount,
                                     BCRYPT_ALGORITHM_IDENTIFIER **ppAlgList, ULONG dwFlags)
{
    if (pAlgCount == NULL || ppAlgList == NULL || dwFlags != 0 ||
        (dwAlgOperations & ~ALL_OPERATIONS) != 0)
        return STATUS_INVALID_PARAMETER;
    uint32_t wanted = dwAlgOperations == 0 ? ALL_OPERATIONS : dwAlgOperations;

    const struct provider *provider;
    const struct alg_class *class;
    size_t count = 0;
    size_t chars = 0;
    for (size_t i = 0; (class = resolve_nth(i, &provider)) != NULL; i++) {
        if ((class->operations & wanted) != 0) {
            count++;
            chars += wide_length(class->name, BORDER_WIDTH) + 1;
        }
    }

    /* One block, the strings behind the array: BCryptFreeBuffer frees it whole. */
    BCRYPT_ALGORITHM_IDENTIFIER *list = malloc(count * sizeof *list + chars * sizeof(WCHAR) + 1);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    WCHAR *text = (WCHAR *)(void *)(list + count);
    size_t n = 0;
    for (size_t i = 0; (class = resolve_nth(i, &provider)) != NULL && n < count; i++) {
        if ((class->operations & wanted) == 0)
            continue;
        wide_write(text, class->name, BORDER_WIDTH);
        list[n++] = (BCRYPT_ALGORITHM_IDENTIFIER){.pszName = text, .dwClass = class->interface_id};
        text += wide_length(class->name, BORDER_WIDTH) + 1;
    }
    *pAlgCount = (ULONG)n;
    *ppAlgList = list;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptEnumProviders(LPCWSTR pszAlgId, ULONG *pImplCount,
                                    BCRYPT_PROVIDER_NAME **ppImplList, ULONG dwFlags)
{
    struct name alg;
    if (border_name(&alg, pszAlgId) == NULL || pImplCount == NULL || ppImplList == NULL ||
        dwFlags != 0)
        return STATUS_INVALID_PARAMETER;

    const struct provider *provider;
    const struct alg_class *class;
    size_t count = 0;
    size_t chars = 0;
    for (size_t i = 0; (class = resolve_nth(i, &provider)) != NULL; i++) {
        if (name_is(&alg, class->name)) {
            count++;
            chars += wide_length(provider->name, BORDER_WIDTH) + 1;
        }
    }
    if (count == 0)
        return STATUS_NOT_FOUND;

    BCRYPT_PROVIDER_NAME *list = malloc(count * sizeof *list + chars * sizeof(WCHAR));
    if (list == NULL)
        return STATUS_NO_MEMORY;
    WCHAR *text = (WCHAR *)(void *)(list + count);
    size_t n = 0;
    for (size_t i = 0; (class = resolve_nth(i, &provider)) != NULL && n < count; i++) {
        if (!name_is(&alg, class->name))
            continue;
        wide_write(text, provider->name, BORDER_WIDTH);
        list[n++] = (BCRYPT_PROVIDER_NAME){.pszProviderName = text};
        text += wide_length(provider->name, BORDER_WIDTH) + 1;
    }
    *pImplCount = (ULONG)n;
    *ppImplList = list;
    return STATUS_SUCCESS;
}
