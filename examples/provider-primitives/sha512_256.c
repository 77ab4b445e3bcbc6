/*
 * The hash SHA-512/256 (FIPS 180-4), which bcrypt.h has no name for.
 *
 * A provider of hashes exports GetHashInterface. Everything else is reached through the table that it returns.
 */
#include "common.h"

#include <openssl/evp.h>

#define NAME L"SHA512/256"
#define DIGEST_BYTES 32
#define BLOCK_BYTES 128

enum { ALG_MAGIC = 0x53353161, HASH_MAGIC = 0x53353168 };

struct alg {
    ULONG magic;
    bool reusable; /* BCRYPT_HASH_REUSABLE_FLAG: its hashes start anew after a result */
};

struct hash {
    ULONG magic;
    bool reusable;
    EVP_MD_CTX *ctx;
};

static struct alg *alg_of(BCRYPT_HANDLE handle)
{
    struct alg *alg = handle;
    return alg != NULL && alg->magic == ALG_MAGIC ? alg : NULL;
}

static struct hash *hash_of(BCRYPT_HANDLE handle)
{
    struct hash *hash = handle;
    return hash != NULL && hash->magic == HASH_MAGIC ? hash : NULL;
}

/* ---- the algorithm ---------------------------------------------------------------------------- */

/* A flag that is ignored would be a promise that is broken: BCRYPT_ALG_HANDLE_HMAC_FLAG, say, makes a code of a hash. */
static NTSTATUS WINAPI open_algorithm(BCRYPT_ALG_HANDLE *algorithm, LPCWSTR name, ULONG flags)
{
    if (!text_is(name, NAME))
        return STATUS_NOT_FOUND;
    if ((flags & ~(ULONG)BCRYPT_HASH_REUSABLE_FLAG) != 0)
        return STATUS_NOT_SUPPORTED;
    struct alg *alg = calloc(1, sizeof *alg);
    if (alg == NULL)
        return STATUS_NO_MEMORY;
    alg->magic = ALG_MAGIC;
    alg->reusable = (flags & BCRYPT_HASH_REUSABLE_FLAG) != 0;
    *algorithm = alg;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI close_algorithm(BCRYPT_ALG_HANDLE handle, ULONG flags)
{
    struct alg *alg = alg_of(handle);
    if (alg == NULL)
        return STATUS_INVALID_HANDLE;
    (void)flags;
    alg->magic = 0;
    free(alg);
    return STATUS_SUCCESS;
}

/* The same for the algorithm and for a hash, apart from what depends on flags. ObjectLength is what pbHashObject has to have; this
 * provider keeps its objects itself. */
static NTSTATUS WINAPI get_property(BCRYPT_HANDLE handle, LPCWSTR name, PUCHAR output, ULONG room,
                                    ULONG *result, ULONG flags)
{
    const struct alg *alg = alg_of(handle);
    const struct hash *hash = hash_of(handle);
    if (alg == NULL && hash == NULL)
        return STATUS_INVALID_HANDLE;
    (void)flags;
    const struct number numbers[] = {
        {BCRYPT_HASH_LENGTH, DIGEST_BYTES},
        {BCRYPT_HASH_BLOCK_LENGTH, BLOCK_BYTES},
        {BCRYPT_OBJECT_LENGTH, 0},
        {BCRYPT_IS_KEYED_HASH, FALSE},
        {BCRYPT_IS_REUSABLE_HASH, alg != NULL ? alg->reusable : hash->reusable},
        {NULL, 0},
    };
    return give_number(numbers, name, output, room, result);
}

/* ---- a hash ----------------------------------------------------------------------------------- */

static bool restart(struct hash *hash)
{
    return EVP_DigestInit_ex(hash->ctx, EVP_sha512_256(), NULL) == 1;
}

static NTSTATUS hash_new(bool reusable, struct hash **out)
{
    struct hash *hash = calloc(1, sizeof *hash);
    if (hash == NULL)
        return STATUS_NO_MEMORY;
    hash->magic = HASH_MAGIC;
    hash->reusable = reusable;
    hash->ctx = EVP_MD_CTX_new();
    *out = hash;
    return hash->ctx != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static void hash_free(struct hash *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->ctx);
    hash->magic = 0;
    free(hash);
}

static NTSTATUS WINAPI create_hash(BCRYPT_ALG_HANDLE algorithm, BCRYPT_HASH_HANDLE *out,
                                   PUCHAR object, ULONG object_size, PUCHAR secret,
                                   ULONG secret_size, ULONG flags)
{
    const struct alg *alg = alg_of(algorithm);
    (void)object, (void)object_size, (void)secret;
    if (alg == NULL)
        return STATUS_INVALID_HANDLE;
    if (secret_size > 0 || (flags & ~(ULONG)BCRYPT_HASH_REUSABLE_FLAG) != 0)
        return STATUS_INVALID_PARAMETER;
    struct hash *hash = NULL;
    NTSTATUS status = hash_new(alg->reusable || flags != 0, &hash);
    if (status >= 0 && !restart(hash))
        status = STATUS_INTERNAL_ERROR;
    if (status < 0) {
        hash_free(hash);
        return status;
    }
    *out = hash;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI hash_data(BCRYPT_HASH_HANDLE handle, PUCHAR input, ULONG n, ULONG flags)
{
    struct hash *hash = hash_of(handle);
    if (hash == NULL)
        return STATUS_INVALID_HANDLE;
    if (flags != 0)
        return STATUS_NOT_SUPPORTED;
    return EVP_DigestUpdate(hash->ctx, input, n) == 1 ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}

static NTSTATUS WINAPI finish_hash(BCRYPT_HASH_HANDLE handle, PUCHAR output, ULONG n, ULONG flags)
{
    struct hash *hash = hash_of(handle);
    if (hash == NULL)
        return STATUS_INVALID_HANDLE;
    if (n != DIGEST_BYTES || flags != 0)
        return STATUS_INVALID_PARAMETER;
    if (EVP_DigestFinal_ex(hash->ctx, output, NULL) != 1)
        return STATUS_INTERNAL_ERROR;
    return !hash->reusable || restart(hash) ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}

static NTSTATUS WINAPI duplicate_hash(BCRYPT_HASH_HANDLE handle, BCRYPT_HASH_HANDLE *out,
                                      PUCHAR object, ULONG object_size, ULONG flags)
{
    const struct hash *hash = hash_of(handle);
    (void)object, (void)object_size, (void)flags;
    if (hash == NULL)
        return STATUS_INVALID_HANDLE;
    struct hash *copy = NULL;
    NTSTATUS status = hash_new(hash->reusable, &copy);
    if (status >= 0 && EVP_MD_CTX_copy_ex(copy->ctx, hash->ctx) != 1)
        status = STATUS_INTERNAL_ERROR;
    if (status < 0) {
        hash_free(copy);
        return status;
    }
    *out = copy;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI destroy_hash(BCRYPT_HASH_HANDLE handle)
{
    struct hash *hash = hash_of(handle);
    if (hash == NULL)
        return STATUS_INVALID_HANDLE;
    hash_free(hash);
    return STATUS_SUCCESS;
}

/* ---- the entry -------------------------------------------------------------------------------- */

/* Version 1 ends with DestroyHash. A function that a provider cannot do is NULL: here SetProperty. */
static BCRYPT_HASH_FUNCTION_TABLE table = {
    .Version = BCRYPT_HASH_INTERFACE_VERSION_1,
    .OpenAlgorithmProvider = open_algorithm,
    .GetProperty = get_property,
    .CloseAlgorithmProvider = close_algorithm,
    .CreateHash = create_hash,
    .HashData = hash_data,
    .FinishHash = finish_hash,
    .DuplicateHash = duplicate_hash,
    .DestroyHash = destroy_hash,
};

NTSTATUS WINAPI GetHashInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                 BCRYPT_HASH_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    (void)pszProviderName, (void)dwFlags;
    if (!text_is(pszAlgId, NAME))
        return STATUS_NOT_FOUND;
    *ppFunctionTable = &table;
    return STATUS_SUCCESS;
}
