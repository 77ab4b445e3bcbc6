/*
 * The signature algorithm Ed25519 (RFC 8032), which bcrypt.h has no name for. The message is signed as it is, without a hash in front.
 *
 * A key pair lives as the library's do: GenerateKeyPair makes an empty one, FinalizeKeyPair fills it, ImportKeyPair makes a full one.
 * The library in front keeps the order of these calls; a provider only does what it is told.
 */
#include "common.h"

#include <openssl/evp.h>

#define NAME L"Ed25519"
#define KEY_BYTES 32
#define SIGNATURE_BYTES 64

/* Blob types are names like all others, and a provider can make up its own. These hold RFC 8032's 32 bytes and nothing else; they go by
 * the names that stand for every algorithm's blobs, too, under which the key store of ncrypt.h keeps keys. */
#define PUBLIC_BLOB L"ED25519PUBLICBLOB"
#define PRIVATE_BLOB L"ED25519PRIVATEBLOB"

static bool is_public(LPCWSTR type)
{
    return text_is(type, PUBLIC_BLOB) || text_is(type, BCRYPT_PUBLIC_KEY_BLOB);
}

static bool is_private(LPCWSTR type)
{
    return text_is(type, PRIVATE_BLOB) || text_is(type, BCRYPT_PRIVATE_KEY_BLOB);
}

enum { ALG_MAGIC = 0x45643261, KEY_MAGIC = 0x4564326B };

struct alg {
    ULONG magic;
};

struct key {
    ULONG magic;
    bool has_private;
    EVP_PKEY *pkey; /* NULL until it is finalized */
};

static struct alg *alg_of(BCRYPT_HANDLE handle)
{
    struct alg *alg = handle;
    return alg != NULL && alg->magic == ALG_MAGIC ? alg : NULL;
}

static struct key *key_of(BCRYPT_HANDLE handle)
{
    struct key *key = handle;
    return key != NULL && key->magic == KEY_MAGIC ? key : NULL;
}

/* ---- the algorithm ---------------------------------------------------------------------------- */

static NTSTATUS WINAPI open_algorithm(BCRYPT_ALG_HANDLE *algorithm, LPCWSTR name, ULONG flags)
{
    if (!text_is(name, NAME))
        return STATUS_NOT_FOUND;
    if (flags != 0)
        return STATUS_NOT_SUPPORTED;
    struct alg *alg = calloc(1, sizeof *alg);
    if (alg == NULL)
        return STATUS_NO_MEMORY;
    alg->magic = ALG_MAGIC;
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

static NTSTATUS WINAPI get_property(BCRYPT_HANDLE handle, LPCWSTR name, PUCHAR output, ULONG room,
                                    ULONG *result, ULONG flags)
{
    static const BCRYPT_KEY_LENGTHS_STRUCT lengths = {KEY_BYTES * 8, KEY_BYTES * 8, 0};
    static const struct number numbers[] = {
        {BCRYPT_KEY_LENGTH, KEY_BYTES * 8},
        {BCRYPT_KEY_STRENGTH, KEY_BYTES * 8},
        {BCRYPT_SIGNATURE_LENGTH, SIGNATURE_BYTES},
        {NULL, 0},
    };
    (void)flags;
    if (alg_of(handle) != NULL && text_is(name, BCRYPT_KEY_LENGTHS))
        return give(&lengths, sizeof lengths, output, room, result);
    if (key_of(handle) != NULL)
        return give_number(numbers, name, output, room, result);
    return alg_of(handle) != NULL ? STATUS_NOT_SUPPORTED : STATUS_INVALID_HANDLE;
}

/* ---- a key pair ------------------------------------------------------------------------------- */

static NTSTATUS key_new(BCRYPT_ALG_HANDLE algorithm, struct key **out)
{
    if (alg_of(algorithm) == NULL)
        return STATUS_INVALID_HANDLE;
    struct key *key = calloc(1, sizeof *key);
    if (key == NULL)
        return STATUS_NO_MEMORY;
    key->magic = KEY_MAGIC;
    *out = key;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI destroy_key(BCRYPT_KEY_HANDLE handle)
{
    struct key *key = key_of(handle);
    if (key == NULL)
        return STATUS_INVALID_HANDLE;
    EVP_PKEY_free(key->pkey); /* which clears it */
    key->magic = 0;
    free(key);
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI generate_key_pair(BCRYPT_ALG_HANDLE algorithm, BCRYPT_KEY_HANDLE *out,
                                         ULONG bits, ULONG flags)
{
    if ((bits != 0 && bits != KEY_BYTES * 8) || flags != 0)
        return STATUS_INVALID_PARAMETER;
    struct key *key;
    NTSTATUS status = key_new(algorithm, &key);
    if (status >= 0)
        *out = key;
    return status;
}

static NTSTATUS WINAPI finalize_key_pair(BCRYPT_KEY_HANDLE handle, ULONG flags)
{
    struct key *key = key_of(handle);
    if (key == NULL || key->pkey != NULL)
        return STATUS_INVALID_HANDLE;
    if (flags != 0)
        return STATUS_INVALID_PARAMETER;
    key->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    key->has_private = true;
    return key->pkey != NULL ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}

static NTSTATUS WINAPI import_key_pair(BCRYPT_ALG_HANDLE algorithm, BCRYPT_KEY_HANDLE import_key,
                                       LPCWSTR type, BCRYPT_KEY_HANDLE *out, PUCHAR input, ULONG n,
                                       ULONG flags)
{
    bool private = is_private(type);
    if (!private && !is_public(type))
        return STATUS_NOT_SUPPORTED;
    if (import_key != NULL || n != KEY_BYTES || (flags & ~(ULONG)BCRYPT_NO_KEY_VALIDATION) != 0)
        return STATUS_INVALID_PARAMETER;
    struct key *key;
    NTSTATUS status = key_new(algorithm, &key);
    if (status < 0)
        return status;
    key->has_private = private;
    key->pkey = private ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, input, n)
                        : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, input, n);
    if (key->pkey == NULL) {
        destroy_key(key);
        return STATUS_INVALID_PARAMETER;
    }
    *out = key;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI export_key(BCRYPT_KEY_HANDLE handle, BCRYPT_KEY_HANDLE export_key,
                                  LPCWSTR type, PUCHAR output, ULONG room, ULONG *result,
                                  ULONG flags)
{
    const struct key *key = key_of(handle);
    if (key == NULL || key->pkey == NULL)
        return STATUS_INVALID_HANDLE;
    bool private = is_private(type);
    if (!private && !is_public(type))
        return STATUS_NOT_SUPPORTED;
    if (export_key != NULL || flags != 0 || (private && !key->has_private))
        return STATUS_INVALID_PARAMETER;
    UCHAR blob[KEY_BYTES];
    size_t n = sizeof blob;
    int got = private ? EVP_PKEY_get_raw_private_key(key->pkey, blob, &n)
                      : EVP_PKEY_get_raw_public_key(key->pkey, blob, &n);
    NTSTATUS status =
        got == 1 ? give(blob, sizeof blob, output, room, result) : STATUS_INTERNAL_ERROR;
    SecureZeroMemory(blob, sizeof blob);
    return status;
}

/* ---- signatures ------------------------------------------------------------------------------- */

static NTSTATUS WINAPI sign_hash(BCRYPT_KEY_HANDLE handle, VOID *padding, PUCHAR input, ULONG n,
                                 PUCHAR output, ULONG room, ULONG *result, ULONG flags)
{
    const struct key *key = key_of(handle);
    if (key == NULL || key->pkey == NULL)
        return STATUS_INVALID_HANDLE;
    if (padding != NULL || flags != 0 || !key->has_private)
        return STATUS_INVALID_PARAMETER;
    *result = SIGNATURE_BYTES;
    if (output == NULL)
        return STATUS_SUCCESS;
    if (room < SIGNATURE_BYTES)
        return STATUS_BUFFER_TOO_SMALL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t size = SIGNATURE_BYTES;
    bool good = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
                EVP_DigestSign(ctx, output, &size, input, n) == 1;
    EVP_MD_CTX_free(ctx);
    return good ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}

static NTSTATUS WINAPI verify_signature(BCRYPT_KEY_HANDLE handle, VOID *padding, PUCHAR input,
                                        ULONG n, PUCHAR signature, ULONG signature_size,
                                        ULONG flags)
{
    const struct key *key = key_of(handle);
    if (key == NULL || key->pkey == NULL)
        return STATUS_INVALID_HANDLE;
    if (padding != NULL || flags != 0)
        return STATUS_INVALID_PARAMETER;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ready = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key->pkey) == 1;
    bool good = ready && EVP_DigestVerify(ctx, signature, signature_size, input, n) == 1;
    EVP_MD_CTX_free(ctx);
    return !ready ? STATUS_INTERNAL_ERROR : good ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}

/* ---- the entry -------------------------------------------------------------------------------- */

static BCRYPT_SIGNATURE_FUNCTION_TABLE table = {
    .Version = BCRYPT_SIGNATURE_INTERFACE_VERSION_1,
    .OpenAlgorithmProvider = open_algorithm,
    .GetProperty = get_property,
    .CloseAlgorithmProvider = close_algorithm,
    .GenerateKeyPair = generate_key_pair,
    .FinalizeKeyPair = finalize_key_pair,
    .SignHash = sign_hash,
    .VerifySignature = verify_signature,
    .ImportKeyPair = import_key_pair,
    .ExportKey = export_key,
    .DestroyKey = destroy_key,
};

NTSTATUS WINAPI GetSignatureInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                      BCRYPT_SIGNATURE_FUNCTION_TABLE **ppFunctionTable,
                                      ULONG dwFlags)
{
    (void)pszProviderName, (void)dwFlags;
    if (!text_is(pszAlgId, NAME))
        return STATUS_NOT_FOUND;
    *ppFunctionTable = &table;
    return STATUS_SUCCESS;
}
