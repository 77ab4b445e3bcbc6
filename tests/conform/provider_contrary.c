/*
 * A key store that breaks its contract in every way that its caller can see through. The name that it is registered with
 * says what is wrong with its table; with the name "Contrary" the table is whole, and names of algorithms, properties and
 * scopes say what goes wrong in a call. Its keys are numbers.
 */
#include <windows.h>

#include <ncrypt.h>
#include <ncrypt_provider.h>
#include <ntstatus.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Handles and buffers that are given out and not taken back, which the property "Live" tells. */
static _Atomic DWORD live;

/* What the property "Mode" was set to: how lists and policies are damaged. */
static DWORD mode;

#define PROVIDER 0x1000
#define KEY 0x2000
#define SECRET_HANDLE 0x3000

static bool is(LPCWSTR a, LPCWSTR b)
{
    while (*a != 0 && *a == *b)
        a++, b++;
    return *a == *b;
}

static SECURITY_STATUS made(ULONG_PTR *handle, ULONG_PTR value)
{
    *handle = value;
    live++;
    return ERROR_SUCCESS;
}

/* What the name of an algorithm or of a key asks for. */
static SECURITY_STATUS make_key(NCRYPT_KEY_HANDLE *key, LPCWSTR wish)
{
    if (is(wish, L"NULL"))
        return ERROR_SUCCESS;
    if (is(wish, L"PROVIDER'S OWN"))
        return (SECURITY_STATUS)0x80280923;
    if (is(wish, L"NTSTATUS"))
        return (SECURITY_STATUS)0xC0001234;
    if (is(wish, L"WIN32"))
        return ERROR_ACCESS_DENIED;
    return made(key, KEY);
}

static SECURITY_STATUS WINAPI open_provider(NCRYPT_PROV_HANDLE *provider, LPCWSTR name, DWORD flags)
{
    (void)flags;
    if (is(name, L"No Provider"))
        return ERROR_SUCCESS;
    if (is(name, L"Not Today"))
        return NTE_DEVICE_NOT_READY;
    return made(provider, PROVIDER);
}

static SECURITY_STATUS WINAPI free_provider(NCRYPT_PROV_HANDLE provider)
{
    live--;
    return provider == PROVIDER ? ERROR_SUCCESS : NTE_INVALID_HANDLE;
}

static SECURITY_STATUS WINAPI open_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE *key,
                                       LPCWSTR name, DWORD spec, DWORD flags)
{
    (void)provider;
    (void)spec;
    (void)flags;
    return make_key(key, name);
}

static SECURITY_STATUS WINAPI create_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE *key,
                                         LPCWSTR alg, LPCWSTR name, DWORD spec, DWORD flags)
{
    (void)provider;
    (void)name;
    (void)spec;
    return (flags & 0x08000000) != 0 ? NTE_BAD_FLAGS : make_key(key, alg);
}

static SECURITY_STATUS WINAPI import_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE wrap,
                                         LPCWSTR type, NCryptBufferDesc *params,
                                         NCRYPT_KEY_HANDLE *key, PBYTE data, DWORD size,
                                         DWORD flags)
{
    (void)provider;
    (void)wrap;
    (void)params;
    (void)data;
    (void)size;
    (void)flags;
    return make_key(key, type);
}

static SECURITY_STATUS WINAPI free_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key)
{
    (void)provider;
    (void)key;
    live--;
    return NTE_FAIL; /* which nobody can do anything about */
}

/* Frees the handle, as it must. */
static SECURITY_STATUS WINAPI delete_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                         DWORD flags)
{
    (void)provider;
    (void)key;
    if ((flags & NCRYPT_SILENT_FLAG) != 0)
        return NTE_SILENT_CONTEXT;
    live--;
    return ERROR_SUCCESS;
}

/* As often as it is asked. */
static SECURITY_STATUS WINAPI finalize_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                           DWORD flags)
{
    (void)provider;
    (void)key;
    (void)flags;
    return ERROR_SUCCESS;
}

/* ---- values ---- */

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

/* Lists of names that point where there is nothing of theirs. */
static SECURITY_STATUS list_of(PBYTE output, DWORD room, DWORD *result)
{
    const ULONG_PTR start = (ULONG_PTR)output;
    const ULONG_PTR two = start + 2 * sizeof start;
    const ULONG_PTR three = start + 3 * sizeof start;
    struct {
        ULONG_PTR words[4]; /* a number, where the table is; then the table, and a string */
        DWORD count;
    } lists[] = {
        {{3, 0x10}, 2},                             /* 0: a table that is elsewhere */
        {{1}, 1},                                   /* 1: no table at all */
        {{257, two, three}, 4},                     /* 2: more names than are believed */
        {{2, three, three}, 4},                     /* 3: a table that is cut */
        {{1, two, start + 4 * sizeof start, 0}, 4}, /* 4: a string behind the block */
        {{1, two, three}, 4},                       /* 5: a good one */
    };
    memcpy(&lists[5].words[3], L"A", 4);
    return answer(lists[mode].words, lists[mode].count * sizeof start, output, room, result);
}

static SECURITY_STATUS value_of(LPCWSTR name, PBYTE output, DWORD room, DWORD *result)
{
    static const WCHAR half[] = {L'C', 0xD800, 0};
    static const DWORD long_policy[5] = {1, 0, 0, 0x7FFFFFFE, 2};
    DWORD count = live;
    if (is(name, L"Live"))
        return answer(&count, sizeof count, output, room, result);
    if (is(name, L"Use Context"))
        return answer(L"\x00e4\x20ac", 6, output, room, result);
    if (is(name, L"Chaining Mode"))
        return answer(half, sizeof half, output, room, result);
    if (is(name, L"UI Policy"))
        return answer(long_policy, mode == 1 ? 0 : sizeof long_policy, output, room, result);
    if (is(name, L"ECCCurveNameList"))
        return list_of(output, room, result);
    if (is(name, L"Unique Name")) { /* says that it needs all the memory there is */
        *result = 0xFFFFFFF0;
        return output == NULL ? ERROR_SUCCESS : NTE_BUFFER_TOO_SMALL;
    }
    if (is(name, L"Too Much")) {
        *result = room + 1;
        return ERROR_SUCCESS;
    }
    return NTE_NOT_FOUND;
}

static SECURITY_STATUS WINAPI get_provider_property(NCRYPT_PROV_HANDLE provider, LPCWSTR name,
                                                    PBYTE output, DWORD room, DWORD *result,
                                                    DWORD flags)
{
    (void)provider;
    (void)flags;
    return value_of(name, output, room, result);
}

static SECURITY_STATUS WINAPI set_provider_property(NCRYPT_PROV_HANDLE provider, LPCWSTR name,
                                                    PBYTE input, DWORD n, DWORD flags)
{
    (void)provider;
    (void)flags;
    if (!is(name, L"Mode") || n != sizeof mode)
        return NTE_NOT_SUPPORTED;
    memcpy(&mode, input, sizeof mode);
    return mode <= 5 ? ERROR_SUCCESS : NTE_INVALID_PARAMETER;
}

static SECURITY_STATUS WINAPI get_key_property(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                               LPCWSTR name, PBYTE output, DWORD room,
                                               DWORD *result, DWORD flags)
{
    (void)key;
    return get_provider_property(provider, name, output, room, result, flags);
}

static SECURITY_STATUS WINAPI sign_hash(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                        VOID *padding, PBYTE hash, DWORD hash_size, PBYTE signature,
                                        DWORD room, DWORD *result, DWORD flags)
{
    (void)provider;
    (void)key;
    (void)hash;
    (void)hash_size;
    const BCRYPT_PQDSA_PADDING_INFO *pq = padding;
    if ((flags & NCRYPT_PAD_PQDSA_FLAG) != 0 &&
        (pq == NULL || pq->cbCtx != 3 || !is(pq->pszPrehashAlgId, L"SHA512")))
        return NTE_INVALID_PARAMETER;
    if (signature != NULL)
        memset(signature, 0x55, room);
    *result = 0x10000;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI secret_agreement(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE own,
                                               NCRYPT_KEY_HANDLE peer, NCRYPT_SECRET_HANDLE *secret,
                                               DWORD flags)
{
    (void)provider;
    (void)own;
    (void)peer;
    if ((flags & NCRYPT_SILENT_FLAG) != 0)
        return ERROR_SUCCESS;
    return made(secret, SECRET_HANDLE);
}

static SECURITY_STATUS WINAPI free_secret(NCRYPT_PROV_HANDLE provider, NCRYPT_SECRET_HANDLE secret)
{
    (void)provider;
    (void)secret;
    live--;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI derive_key(NCRYPT_PROV_HANDLE provider, NCRYPT_SECRET_HANDLE secret,
                                         LPCWSTR kdf, NCryptBufferDesc *params, PBYTE output,
                                         DWORD room, DWORD *result, ULONG flags)
{
    (void)provider;
    (void)secret;
    (void)kdf;
    (void)params;
    (void)output;
    (void)flags;
    *result = room + 1;
    return ERROR_SUCCESS;
}

/* ---- lists ---- */

static void *buffer(size_t n)
{
    void *p = calloc(1, n);
    if (p == NULL)
        abort();
    live++;
    return p;
}

static SECURITY_STATUS WINAPI free_buffer(PVOID p)
{
    live--;
    free(p);
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI enum_algorithms(NCRYPT_PROV_HANDLE provider, DWORD operations,
                                              DWORD *count, NCryptAlgorithmName **list, DWORD flags)
{
    (void)provider;
    (void)flags;
    *count = operations == NCRYPT_RNG_OPERATION ? 0 : 1;
    if (operations == NCRYPT_CIPHER_OPERATION || *count == 0) /* one, or none, and no list of it */
        return ERROR_SUCCESS;
    NCryptAlgorithmName *alg = buffer(sizeof *alg);
    *list = alg;
    if (operations == NCRYPT_HASH_OPERATION)
        *count = 0x7FFFFFFF;
    else if (operations != NCRYPT_SIGNATURE_OPERATION) /* of the others, one without a name */
        alg->pszName = (LPWSTR)L"NUMBERS";
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI enum_keys(NCRYPT_PROV_HANDLE provider, LPCWSTR scope,
                                        NCryptKeyName **name, PVOID *state, DWORD flags)
{
    (void)provider;
    (void)flags;
    static const WCHAR half[] = {L'K', 0xDC00, 0};
    if (*state == NULL)
        *state = buffer(8);
    if (scope == NULL)
        return NTE_NO_MORE_ITEMS;
    if (is(scope, L"NULL"))
        return ERROR_SUCCESS;
    NCryptKeyName *key = buffer(sizeof *key);
    key->pszName = (LPWSTR)(is(scope, L"HALF") ? half : L"KEY");
    key->pszAlgid = (LPWSTR)L"NUMBERS";
    if (is(scope, L"NAMELESS"))
        key->pszName = NULL;
    if (is(scope, L"WITHOUT ALGORITHM"))
        key->pszAlgid = NULL;
    *name = key; /* and so on, for ever */
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI notify_change(NCRYPT_PROV_HANDLE provider, HANDLE *event, DWORD flags)
{
    (void)provider;
    if ((flags & NCRYPT_MACHINE_KEY_FLAG) == 0)
        *event = INVALID_HANDLE_VALUE;
    return ERROR_SUCCESS;
}

/* ---- the tables ---- */

typedef NCRYPT_KEY_STORAGE_FUNCTION_TABLE table;

static const table whole = {
    .Version = NCRYPT_KEY_STORAGE_INTERFACE_VERSION_3,
    .OpenProvider = open_provider,
    .OpenKey = open_key,
    .CreatePersistedKey = create_key,
    .GetProviderProperty = get_provider_property,
    .GetKeyProperty = get_key_property,
    .SetProviderProperty = set_provider_property,
    .FinalizeKey = finalize_key,
    .DeleteKey = delete_key,
    .FreeProvider = free_provider,
    .FreeKey = free_key,
    .FreeBuffer = free_buffer,
    .EnumAlgorithms = enum_algorithms,
    .EnumKeys = enum_keys,
    .ImportKey = import_key,
    .SignHash = sign_hash,
    .NotifyChangeKey = notify_change,
    .SecretAgreement = secret_agreement,
    .DeriveKey = derive_key,
    .FreeSecret = free_secret,
};

static const table sparse = {
    .OpenProvider = open_provider,
    .OpenKey = open_key,
    .FreeProvider = free_provider,
    .FreeKey = free_key,
    .KeyDerivation = (NCryptKeyDerivationFn)(uintptr_t)1, /* which version 1 does not have */
};

/* The names that the image is registered with. */
static const struct {
    LPCWSTR name;
    const table *from; /* NULL: there is no table */
    USHORT version;
    size_t without; /* the offset of a function; 0: none is missing */
} variants[] = {
    {L"Contrary", &whole, 3, 0},
    {L"No Provider", &whole, 3, 0},
    {L"Not Today", &whole, 3, 0},
    {L"No Table", NULL, 3, 0},
    {L"Old", &whole, 0, 0},
    {L"Newer", &whole, 9, 0},
    {L"Sparse", &sparse, 1, 0},
    {L"No OpenKey", &whole, 3, offsetof(table, OpenKey)},
    {L"No DeriveKey", &whole, 3, offsetof(table, DeriveKey)},
    {L"No OpenProvider", &whole, 3, offsetof(table, OpenProvider)},
    {L"No FreeProvider", &whole, 3, offsetof(table, FreeProvider)},
    {L"No FreeKey", &whole, 3, offsetof(table, FreeKey)},
    {L"No FreeSecret", &whole, 3, offsetof(table, FreeSecret)},
    {L"No FreeBuffer", &whole, 3, offsetof(table, FreeBuffer)},
};

#define VARIANTS (sizeof variants / sizeof variants[0])

NTSTATUS WINAPI GetKeyStorageInterface(LPCWSTR pszProviderName, table **ppFunctionTable,
                                       ULONG dwFlags)
{
    static table made[VARIANTS];
    (void)dwFlags;
    size_t i = 0;
    while (i < VARIANTS && !is(pszProviderName, variants[i].name))
        i++;
    if (i == VARIANTS)
        return STATUS_NOT_FOUND;
    if (variants[i].from == NULL)
        return STATUS_SUCCESS;
    made[i] = *variants[i].from;
    made[i].Version.MajorVersion = variants[i].version;
    if (variants[i].without != 0)
        memset((char *)&made[i] + variants[i].without, 0, sizeof(void *));
    *ppFunctionTable = &made[i];
    return STATUS_SUCCESS;
}
