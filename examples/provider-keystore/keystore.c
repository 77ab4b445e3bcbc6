/*
 * An example of a key storage provider: keys in memory. docs/writing-a-provider.md goes through it.
 *
 * The library that loads it has looked at the arguments: handles are ones that were given out here and are not freed, so that
 * they can be addresses; pointers to results are not NULL; names are well-formed. What a key may be asked for in which state,
 * which flags and properties there are, is decided here. Private keys do not leave.
 */
#include <windows.h>

#include <bcrypt.h>
#include <ncrypt.h>
#include <ncrypt_provider.h>
#include <ntstatus.h>

#include <stdlib.h>
#include <string.h>

#include "keys.h"

/* What a handle of a key stands for. */
struct key {
    struct pair *pair;
    _Atomic bool final;
    bool overwrite;
    DWORD bits;
};

static struct key *key_of(NCRYPT_KEY_HANDLE handle)
{
    return (struct key *)handle;
}

/* bcrypt.h answers with an NTSTATUS. */
static SECURITY_STATUS status_of(NTSTATUS status)
{
    switch (status) {
    case STATUS_SUCCESS:
        return ERROR_SUCCESS;
    case STATUS_INVALID_SIGNATURE:
        return NTE_BAD_SIGNATURE;
    case STATUS_BUFFER_TOO_SMALL:
        return NTE_BUFFER_TOO_SMALL;
    case STATUS_NO_MEMORY:
        return NTE_NO_MEMORY;
    case STATUS_NOT_SUPPORTED:
        return NTE_NOT_SUPPORTED;
    default:
        return NTE_INVALID_PARAMETER;
    }
}

/* A value through the size convention: a NULL buffer asks for the size. */
static SECURITY_STATUS answer(const void *value, DWORD n, PBYTE output, DWORD room, DWORD *result)
{
    *result = n;
    if (output == NULL)
        return ERROR_SUCCESS;
    if (room < n)
        return NTE_BUFFER_TOO_SMALL;
    memcpy(output, value, n);
    return ERROR_SUCCESS;
}

static SECURITY_STATUS answer_text(LPCWSTR text, PBYTE output, DWORD room, DWORD *result)
{
    return answer(text, text_bytes(text), output, room, result);
}

static SECURITY_STATUS answer_number(DWORD number, PBYTE output, DWORD room, DWORD *result)
{
    return answer(&number, sizeof number, output, room, result);
}

/* ---- the provider ---- */

/* There is nothing to keep for an open provider; but a handle is not 0. */
static const int opened;

static SECURITY_STATUS WINAPI open_provider(NCRYPT_PROV_HANDLE *phProvider, LPCWSTR pszProviderName,
                                            DWORD dwFlags)
{
    (void)pszProviderName;
    (void)dwFlags;
    *phProvider = (NCRYPT_PROV_HANDLE)&opened;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI free_provider(NCRYPT_PROV_HANDLE hProvider)
{
    (void)hProvider;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI get_provider_property(NCRYPT_PROV_HANDLE hProvider,
                                                    LPCWSTR pszProperty, PBYTE pbOutput,
                                                    DWORD cbOutput, DWORD *pcbResult, DWORD dwFlags)
{
    static const struct {
        LPCWSTR name;
        DWORD value;
    } numbers[] = {
        {NCRYPT_IMPL_TYPE_PROPERTY, NCRYPT_IMPL_SOFTWARE_FLAG},
        {NCRYPT_VERSION_PROPERTY, 0x00010000},
        {NCRYPT_MAX_NAME_LENGTH_PROPERTY, NCRYPT_MAX_KEY_NAME_LENGTH},
    };
    (void)hProvider;
    (void)dwFlags;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_is(pszProperty, numbers[i].name))
            return answer_number(numbers[i].value, pbOutput, cbOutput, pcbResult);
    }
    return NTE_NOT_SUPPORTED;
}

static SECURITY_STATUS WINAPI is_alg_supported(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszAlgId,
                                               DWORD dwFlags)
{
    (void)hProvider;
    (void)dwFlags;
    return alg_find(pszAlgId) != NULL ? ERROR_SUCCESS : NTE_NOT_SUPPORTED;
}

static SECURITY_STATUS WINAPI free_buffer(PVOID pvInput)
{
    free(pvInput);
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI enum_algorithms(NCRYPT_PROV_HANDLE hProvider, DWORD dwAlgOperations,
                                              DWORD *pdwAlgCount, NCryptAlgorithmName **ppAlgList,
                                              DWORD dwFlags)
{
    (void)hProvider;
    (void)dwFlags;
    size_t all = 0;
    while (alg_nth(all) != NULL)
        all++;
    NCryptAlgorithmName *list = calloc(all, sizeof *list);
    if (list == NULL)
        return NTE_NO_MEMORY;
    DWORD n = 0;
    for (size_t i = 0; i < all; i++) {
        const struct alg *alg = alg_nth(i);
        if (dwAlgOperations != 0 && (alg->operations & dwAlgOperations) == 0)
            continue;
        list[n++] = (NCryptAlgorithmName){
            .pszName = (LPWSTR)alg->name,
            .dwClass = alg->class,
            .dwAlgOperations = alg->operations,
        };
    }
    *pdwAlgCount = n;
    *ppAlgList = list;
    return ERROR_SUCCESS;
}

/* A key's name and its algorithm's in one block: one FreeBuffer frees it. */
static NCryptKeyName *key_name(const struct pair *pair)
{
    DWORD bytes = text_bytes(pair->name);
    NCryptKeyName *name = calloc(1, sizeof *name + bytes);
    if (name == NULL)
        return NULL;
    name->pszName = memcpy(name + 1, pair->name, bytes);
    name->pszAlgid = (LPWSTR)pair->alg->name;
    return name;
}

/* The state is the number of the next key. */
static SECURITY_STATUS WINAPI enum_keys(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszScope,
                                        NCryptKeyName **ppKeyName, PVOID *ppEnumState,
                                        DWORD dwFlags)
{
    (void)hProvider;
    (void)dwFlags;
    if (pszScope != NULL)
        return NTE_INVALID_PARAMETER;
    size_t *next = *ppEnumState;
    if (next == NULL)
        next = *ppEnumState = calloc(1, sizeof *next);
    if (next == NULL)
        return NTE_NO_MEMORY;
    struct pair *pair = pair_nth(*next);
    if (pair == NULL)
        return NTE_NO_MORE_ITEMS;
    NCryptKeyName *name = key_name(pair);
    pair_release(pair);
    if (name == NULL)
        return NTE_NO_MEMORY;
    ++*next;
    *ppKeyName = name;
    return ERROR_SUCCESS;
}

/* ---- the life of a key ---- */

/* A handle for the pair, which is the handle's from then on. */
static SECURITY_STATUS give(struct pair *pair, bool final, NCRYPT_KEY_HANDLE *phKey)
{
    struct key *key = calloc(1, sizeof *key);
    if (key == NULL) {
        pair_release(pair);
        return NTE_NO_MEMORY;
    }
    key->pair = pair;
    key->final = final;
    key->bits = pair->alg->lengths.dwDefaultLength;
    *phKey = (NCRYPT_KEY_HANDLE)key;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI free_key(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey)
{
    (void)hProvider;
    pair_release(key_of(hKey)->pair);
    free(key_of(hKey));
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI open_key(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE *phKey,
                                       LPCWSTR pszKeyName, DWORD dwLegacyKeySpec, DWORD dwFlags)
{
    (void)hProvider;
    (void)dwLegacyKeySpec;
    if ((dwFlags & ~(DWORD)NCRYPT_SILENT_FLAG) != 0)
        return NTE_BAD_FLAGS;
    struct pair *pair = pair_find(pszKeyName);
    return pair == NULL ? NTE_BAD_KEYSET : give(pair, true, phKey);
}

static SECURITY_STATUS WINAPI create_key(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE *phKey,
                                         LPCWSTR pszAlgId, LPCWSTR pszKeyName,
                                         DWORD dwLegacyKeySpec, DWORD dwFlags)
{
    (void)hProvider;
    (void)dwLegacyKeySpec;
    if ((dwFlags & ~(DWORD)(NCRYPT_SILENT_FLAG | NCRYPT_OVERWRITE_KEY_FLAG)) != 0)
        return NTE_BAD_FLAGS;
    const struct alg *alg = alg_find(pszAlgId);
    if (alg == NULL)
        return NTE_NOT_SUPPORTED;
    struct pair *pair;
    SECURITY_STATUS status = pair_new(&pair, alg, pszKeyName);
    if (status == ERROR_SUCCESS)
        status = give(pair, false, phKey);
    if (status == ERROR_SUCCESS)
        key_of(*phKey)->overwrite = (dwFlags & NCRYPT_OVERWRITE_KEY_FLAG) != 0;
    return status;
}

/* The pair is generated here, when its length is known. */
static SECURITY_STATUS generate(struct key *key)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    BCRYPT_KEY_HANDLE made = NULL;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&alg, key->pair->alg->name, NULL, 0);
    if (status >= 0)
        status = BCryptGenerateKeyPair(alg, &made, key->bits, 0);
    if (status >= 0)
        status = BCryptFinalizeKeyPair(made, 0);
    if (alg != NULL)
        BCryptCloseAlgorithmProvider(alg, 0);
    if (status < 0 && made != NULL)
        BCryptDestroyKey(made);
    if (status >= 0)
        key->pair->key = made;
    return status_of(status);
}

static SECURITY_STATUS WINAPI finalize_key(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                           DWORD dwFlags)
{
    struct key *key = key_of(hKey);
    (void)hProvider;
    (void)dwFlags;
    if (key->final)
        return NTE_BAD_KEY_STATE;
    SECURITY_STATUS status = key->pair->key != NULL ? ERROR_SUCCESS : generate(key);
    if (status == ERROR_SUCCESS && key->pair->name[0] != 0)
        status = pair_add(key->pair, key->overwrite);
    if (status == ERROR_SUCCESS)
        key->final = true;
    return status;
}

/* Deleting frees the handle, too. */
static SECURITY_STATUS WINAPI delete_key(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                         DWORD dwFlags)
{
    (void)dwFlags;
    pair_remove(key_of(hKey)->pair);
    return free_key(hProvider, hKey);
}

/* ---- properties of keys ---- */

static SECURITY_STATUS WINAPI get_key_property(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                               LPCWSTR pszProperty, PBYTE pbOutput, DWORD cbOutput,
                                               DWORD *pcbResult, DWORD dwFlags)
{
    const struct key *key = key_of(hKey);
    const struct alg *alg = key->pair->alg;
    (void)hProvider;
    (void)dwFlags;
    if (text_is(pszProperty, NCRYPT_NAME_PROPERTY) && key->pair->name[0] != 0)
        return answer_text(key->pair->name, pbOutput, cbOutput, pcbResult);
    if (text_is(pszProperty, NCRYPT_ALGORITHM_PROPERTY))
        return answer_text(alg->name, pbOutput, cbOutput, pcbResult);
    if (text_is(pszProperty, NCRYPT_ALGORITHM_GROUP_PROPERTY))
        return answer_text(alg->group, pbOutput, cbOutput, pcbResult);
    if (text_is(pszProperty, NCRYPT_LENGTHS_PROPERTY))
        return answer(&alg->lengths, sizeof alg->lengths, pbOutput, cbOutput, pcbResult);
    if (text_is(pszProperty, NCRYPT_EXPORT_POLICY_PROPERTY))
        return answer_number(0, pbOutput, cbOutput, pcbResult);
    if (!text_is(pszProperty, NCRYPT_LENGTH_PROPERTY))
        return NTE_NOT_SUPPORTED;
    if (!key->final)
        return answer_number(key->bits, pbOutput, cbOutput, pcbResult);
    return status_of(
        BCryptGetProperty(key->pair->key, BCRYPT_KEY_LENGTH, pbOutput, cbOutput, pcbResult, 0));
}

static SECURITY_STATUS WINAPI set_key_property(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                               LPCWSTR pszProperty, PBYTE pbInput, DWORD cbInput,
                                               DWORD dwFlags)
{
    struct key *key = key_of(hKey);
    const NCRYPT_SUPPORTED_LENGTHS *fit = &key->pair->alg->lengths;
    DWORD bits;
    (void)hProvider;
    (void)dwFlags;
    if (!text_is(pszProperty, NCRYPT_LENGTH_PROPERTY) || key->final)
        return NTE_NOT_SUPPORTED;
    if (cbInput != sizeof bits)
        return NTE_INVALID_PARAMETER;
    memcpy(&bits, pbInput, sizeof bits);
    if (bits < fit->dwMinLength || bits > fit->dwMaxLength ||
        (fit->dwIncrement != 0 && (bits - fit->dwMinLength) % fit->dwIncrement != 0))
        return NTE_INVALID_PARAMETER;
    key->bits = bits;
    return ERROR_SUCCESS;
}

/* ---- public keys in and out ---- */

static SECURITY_STATUS WINAPI export_key(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                         NCRYPT_KEY_HANDLE hExportKey, LPCWSTR pszBlobType,
                                         NCryptBufferDesc *pParameterList, PBYTE pbOutput,
                                         DWORD cbOutput, DWORD *pcbResult, DWORD dwFlags)
{
    const struct key *key = key_of(hKey);
    (void)hProvider;
    (void)pParameterList;
    (void)dwFlags;
    if (!key->final)
        return NTE_BAD_KEY_STATE;
    if (hExportKey != 0 || !text_is(pszBlobType, key->pair->alg->public_blob))
        return NTE_NOT_SUPPORTED;
    return status_of(BCryptExportKey(key->pair->key, NULL, key->pair->alg->public_blob, pbOutput,
                                     cbOutput, pcbResult, 0));
}

/* The blob's algorithm is the first that takes it. */
static SECURITY_STATUS WINAPI import_key(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hImportKey,
                                         LPCWSTR pszBlobType, NCryptBufferDesc *pParameterList,
                                         NCRYPT_KEY_HANDLE *phKey, PBYTE pbData, DWORD cbData,
                                         DWORD dwFlags)
{
    (void)hProvider;
    (void)pParameterList;
    (void)dwFlags;
    if (hImportKey != 0)
        return NTE_NOT_SUPPORTED;
    SECURITY_STATUS status = NTE_NOT_SUPPORTED;
    const struct alg *alg;
    for (size_t i = 0; (alg = alg_nth(i)) != NULL; i++) {
        BCRYPT_ALG_HANDLE handle;
        struct pair *pair;
        if (!text_is(pszBlobType, alg->public_blob))
            continue;
        status = pair_new(&pair, alg, NULL);
        if (status != ERROR_SUCCESS)
            return status;
        status = status_of(BCryptOpenAlgorithmProvider(&handle, alg->name, NULL, 0));
        if (status == ERROR_SUCCESS) {
            status = status_of(
                BCryptImportKeyPair(handle, NULL, alg->public_blob, &pair->key, pbData, cbData, 0));
            BCryptCloseAlgorithmProvider(handle, 0);
        }
        if (status == ERROR_SUCCESS)
            return give(pair, true, phKey);
        pair_release(pair);
    }
    return status;
}

/* ---- use ---- */

/* The structures of padding and their flags are those of bcrypt.h; what else is in the flags is of no meaning there. */
#define PADDING (BCRYPT_PAD_NONE | BCRYPT_PAD_PKCS1 | BCRYPT_PAD_OAEP | BCRYPT_PAD_PSS)

static SECURITY_STATUS WINAPI sign_hash(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                        VOID *pPaddingInfo, PBYTE pbHashValue, DWORD cbHashValue,
                                        PBYTE pbSignature, DWORD cbSignature, DWORD *pcbResult,
                                        DWORD dwFlags)
{
    const struct key *key = key_of(hKey);
    (void)hProvider;
    if (!key->final)
        return NTE_BAD_KEY_STATE;
    return status_of(BCryptSignHash(key->pair->key, pPaddingInfo, pbHashValue, cbHashValue,
                                    pbSignature, cbSignature, pcbResult, dwFlags & PADDING));
}

static SECURITY_STATUS WINAPI verify_signature(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                               VOID *pPaddingInfo, PBYTE pbHashValue,
                                               DWORD cbHashValue, PBYTE pbSignature,
                                               DWORD cbSignature, DWORD dwFlags)
{
    const struct key *key = key_of(hKey);
    (void)hProvider;
    if (!key->final)
        return NTE_BAD_KEY_STATE;
    return status_of(BCryptVerifySignature(key->pair->key, pPaddingInfo, pbHashValue, cbHashValue,
                                           pbSignature, cbSignature, dwFlags & PADDING));
}

static SECURITY_STATUS WINAPI encrypt(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                      PBYTE pbInput, DWORD cbInput, VOID *pPaddingInfo,
                                      PBYTE pbOutput, DWORD cbOutput, DWORD *pcbResult,
                                      DWORD dwFlags)
{
    const struct key *key = key_of(hKey);
    (void)hProvider;
    if (!key->final)
        return NTE_BAD_KEY_STATE;
    return status_of(BCryptEncrypt(key->pair->key, pbInput, cbInput, pPaddingInfo, NULL, 0,
                                   pbOutput, cbOutput, pcbResult, dwFlags & PADDING));
}

static SECURITY_STATUS WINAPI decrypt(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                      PBYTE pbInput, DWORD cbInput, VOID *pPaddingInfo,
                                      PBYTE pbOutput, DWORD cbOutput, DWORD *pcbResult,
                                      DWORD dwFlags)
{
    const struct key *key = key_of(hKey);
    (void)hProvider;
    if (!key->final)
        return NTE_BAD_KEY_STATE;
    return status_of(BCryptDecrypt(key->pair->key, pbInput, cbInput, pPaddingInfo, NULL, 0,
                                   pbOutput, cbOutput, pcbResult, dwFlags & PADDING));
}

/* ---- the table ---- */

NTSTATUS WINAPI GetKeyStorageInterface(LPCWSTR pszProviderName,
                                       NCRYPT_KEY_STORAGE_FUNCTION_TABLE **ppFunctionTable,
                                       ULONG dwFlags)
{
    static NCRYPT_KEY_STORAGE_FUNCTION_TABLE table = {
        .Version = NCRYPT_KEY_STORAGE_INTERFACE_VERSION,
        .OpenProvider = open_provider,
        .OpenKey = open_key,
        .CreatePersistedKey = create_key,
        .GetProviderProperty = get_provider_property,
        .GetKeyProperty = get_key_property,
        .SetKeyProperty = set_key_property,
        .FinalizeKey = finalize_key,
        .DeleteKey = delete_key,
        .FreeProvider = free_provider,
        .FreeKey = free_key,
        .FreeBuffer = free_buffer,
        .Encrypt = encrypt,
        .Decrypt = decrypt,
        .IsAlgSupported = is_alg_supported,
        .EnumAlgorithms = enum_algorithms,
        .EnumKeys = enum_keys,
        .ImportKey = import_key,
        .ExportKey = export_key,
        .SignHash = sign_hash,
        .VerifySignature = verify_signature,
    };
    (void)pszProviderName;
    (void)dwFlags;
    *ppFunctionTable = &table;
    return STATUS_SUCCESS;
}
