/*
 * A provider that is a program of the library itself. Its hash "nest" is another algorithm's: SHA256 of the built-in provider for
 * "nest-1", "nest-1" for "nest-2" and so on, opened and used from within its functions. Its constructor calls the library, too.
 */
#include <windows.h>

#include <bcrypt.h>
#include <bcrypt_provider.h>
#include <ntstatus.h>

#define HASH_BYTES 32

static ULONG constructor_count;

/* A constructor runs while the linker holds its lock; what it opens may load the next image. */
__attribute__((constructor)) static void begin(void)
{
    static const LPCWSTR names[] = {BCRYPT_SHA256_ALGORITHM, L"SHA512/256", L"no such algorithm"};
    for (int i = 0; i < 3; i++) {
        BCRYPT_ALG_HANDLE alg;
        if (BCryptOpenAlgorithmProvider(&alg, names[i], NULL, 0) == STATUS_SUCCESS) {
            constructor_count++;
            BCryptCloseAlgorithmProvider(alg, 0);
        }
    }
}

/* "nest-N" stands on "nest-(N-1)", "nest-1" and MD5 on SHA256, and SHA384 on whoever is behind this provider. */
static NTSTATUS WINAPI open_algorithm(BCRYPT_ALG_HANDLE *algorithm, LPCWSTR name, ULONG flags)
{
    WCHAR below[] = L"nest-0";
    below[5] = (WCHAR)(name[5] - 1);
    if (name[0] == L'S')
        return BCryptOpenAlgorithmProvider(algorithm, name, NULL, flags);
    if (name[0] != L'n' || name[5] == L'1')
        return BCryptOpenAlgorithmProvider(algorithm, BCRYPT_SHA256_ALGORITHM,
                                           MS_PRIMITIVE_PROVIDER, flags);
    return BCryptOpenAlgorithmProvider(algorithm, below, NULL, flags);
}

static NTSTATUS WINAPI get_property(BCRYPT_HANDLE handle, LPCWSTR name, PUCHAR output, ULONG room,
                                    ULONG *result, ULONG flags)
{
    if (name[0] == L'C' && name[1] == L'o' && name[2] == L'n') { /* "Constructor" */
        *result = sizeof constructor_count;
        if (output != NULL && room >= sizeof constructor_count)
            *(ULONG *)(void *)output = constructor_count;
        return STATUS_SUCCESS;
    }
    return BCryptGetProperty(handle, name, output, room, result, flags);
}

/* An object is made, copied and let go on the way, so that handles are held at each level. */
static NTSTATUS WINAPI create_hash(BCRYPT_ALG_HANDLE algorithm, BCRYPT_HASH_HANDLE *hash,
                                   PUCHAR memory, ULONG memory_size, PUCHAR secret,
                                   ULONG secret_size, ULONG flags)
{
    BCRYPT_HASH_HANDLE first;
    NTSTATUS status =
        BCryptCreateHash(algorithm, &first, memory, memory_size, secret, secret_size, flags);
    if (status < 0)
        return status;
    status = BCryptDuplicateHash(first, hash, NULL, 0, 0);
    BCryptDestroyHash(first);
    return status;
}

static BCRYPT_HASH_FUNCTION_TABLE table = {
    .Version = BCRYPT_HASH_INTERFACE_VERSION_1,
    .OpenAlgorithmProvider = open_algorithm,
    .GetProperty = get_property,
    .SetProperty = BCryptSetProperty,
    .CloseAlgorithmProvider = BCryptCloseAlgorithmProvider,
    .CreateHash = create_hash,
    .HashData = BCryptHashData,
    .FinishHash = BCryptFinishHash,
    .DuplicateHash = BCryptDuplicateHash,
    .DestroyHash = BCryptDestroyHash,
};

NTSTATUS WINAPI GetHashInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                 BCRYPT_HASH_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    (void)pszProviderName, (void)pszAlgId, (void)dwFlags;
    *ppFunctionTable = &table;
    return STATUS_SUCCESS;
}
