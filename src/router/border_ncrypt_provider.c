/* Border of the providers: open, and walk over providers, algorithms and keys. */
#include "border_ncrypt.h"

#include <stdlib.h>

SECURITY_STATUS WINAPI NCryptOpenStorageProvider(NCRYPT_PROV_HANDLE *phProvider,
                                                 LPCWSTR pszProviderName, DWORD dwFlags)
{
    struct name name;
    return ncrypt_status(ncrypt_open(border_name(&name, pszProviderName), dwFlags, phProvider));
}

SECURITY_STATUS WINAPI NCryptIsAlgSupported(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszAlgId,
                                            DWORD dwFlags)
{
    struct name alg;
    return ncrypt_status(ncrypt_is_supported(hProvider, border_name(&alg, pszAlgId), dwFlags));
}

/* Writes a string behind the others of a list, and says where it is. */
static LPWSTR append(WCHAR **at, const char *string)
{
    LPWSTR here = *at;
    wide_write(here, string, BORDER_WIDTH);
    *at += wide_length(string, BORDER_WIDTH) + 1;
    return here;
}

static size_t bytes_of(const char *string)
{
    return (wide_length(string, BORDER_WIDTH) + 1) * sizeof(WCHAR);
}

static void registered_done(struct ksp_registered **list)
{
    free(*list);
}

SECURITY_STATUS WINAPI NCryptEnumStorageProviders(DWORD *pdwProviderCount,
                                                  NCryptProviderName **ppProviderList,
                                                  DWORD dwFlags)
{
    if (pdwProviderCount == NULL || ppProviderList == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(dwFlags, NCRYPT_SILENT_FLAG));
    CLEANUP(registered_done) struct ksp_registered *registered = NULL;
    size_t others;
    NTSTATUS status = opencng_registered_ksps(&registered, &others);
    if (status < 0)
        return ncrypt_status(status);
    const struct ksp *ksp;
    size_t count = 0;
    size_t text = 0;
    for (; (ksp = ncrypt_builtin_nth(count)) != NULL; count++)
        text += bytes_of(ksp->name) + bytes_of(ksp->comment);
    for (size_t i = 0; i < others; i++)
        text += bytes_of(registered[i].name.s) + bytes_of(registered[i].image);

    /* One block, the strings behind the array: NCryptFreeBuffer frees it whole. */
    NCryptProviderName *list = ncrypt_buffer_new((count + others) * sizeof *list + text, NULL);
    if (list == NULL)
        return NTE_NO_MEMORY;
    WCHAR *at = (WCHAR *)(void *)(list + count + others);
    size_t n = 0;
    for (; n < count; n++) {
        ksp = ncrypt_builtin_nth(n);
        list[n].pszName = append(&at, ksp->name);
        list[n].pszComment = append(&at, ksp->comment);
    }
    for (size_t i = 0; i < others; i++, n++) {
        list[n].pszName = append(&at, registered[i].name.s);
        list[n].pszComment = append(&at, registered[i].image);
    }
    *pdwProviderCount = (DWORD)n;
    *ppProviderList = list;
    return ERROR_SUCCESS;
}

/* Every operation class that NCryptEnumAlgorithms knows. */
#define ALL_OPERATIONS 0xFFu

SECURITY_STATUS WINAPI NCryptEnumAlgorithms(NCRYPT_PROV_HANDLE hProvider, DWORD dwAlgOperations,
                                            DWORD *pdwAlgCount, NCryptAlgorithmName **ppAlgList,
                                            DWORD dwFlags)
{
    PROVIDER_USE u;
    TRY(provider_enter(hProvider, &u));
    if (pdwAlgCount == NULL || ppAlgList == NULL || (dwAlgOperations & ~ALL_OPERATIONS) != 0)
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = u.provider->ksp;
    TRY(ncrypt_flags(dwFlags, NCRYPT_SILENT_FLAG | ksp->flags));
    TRY(ncrypt_has(ksp->algs != NULL));
    CLEANUP(ksp_algs_done) struct ksp_algs algs = {NULL, 0};
    NTSTATUS status = ksp->algs(u.provider, dwAlgOperations, dwFlags, &algs);
    if (status < 0)
        return ncrypt_status(status);
    size_t text = 0;
    for (size_t i = 0; i < algs.count; i++)
        text += bytes_of(algs.list[i].name);
    NCryptAlgorithmName *list = ncrypt_buffer_new(algs.count * sizeof *list + text, NULL);
    if (list == NULL)
        return NTE_NO_MEMORY;
    WCHAR *at = (WCHAR *)(void *)(list + algs.count);
    for (size_t i = 0; i < algs.count; i++) {
        const struct ksp_alg *alg = &algs.list[i];
        list[i] = (NCryptAlgorithmName){
            .pszName = append(&at, alg->name),
            .dwClass = alg->interface_id,
            .dwAlgOperations = alg->operations,
            .dwFlags = alg->flags,
        };
    }
    *pdwAlgCount = (DWORD)algs.count;
    *ppAlgList = list;
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptEnumKeys(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszScope,
                                      NCryptKeyName **ppKeyName, PVOID *ppEnumState, DWORD dwFlags)
{
    PROVIDER_USE u;
    TRY(provider_enter(hProvider, &u));
    struct text buffer;
    const struct text *scope = border_text(&buffer, pszScope, NCRYPT_MAX_KEY_NAME_LENGTH);
    if ((pszScope != NULL && scope == NULL) || ppKeyName == NULL)
        return NTE_INVALID_PARAMETER;
    struct ksp_entry entry;
    NTSTATUS status = ncrypt_enum_next(hProvider, scope, ppEnumState, dwFlags, &entry);
    if (status < 0)
        return ncrypt_status(status);
    NCryptKeyName *key =
        ncrypt_buffer_new(sizeof *key + bytes_of(entry.name->s) + bytes_of(entry.alg), NULL);
    if (key == NULL)
        return NTE_NO_MEMORY;
    WCHAR *at = (WCHAR *)(void *)(key + 1);
    key->pszName = append(&at, entry.name->s);
    key->pszAlgid = append(&at, entry.alg);
    key->dwLegacyKeySpec = entry.spec;
    key->dwFlags = entry.flags;
    *ppKeyName = key;
    return ERROR_SUCCESS;
}
