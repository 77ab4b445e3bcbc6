/*
 * A provider that is wrong in one way, stacked on the built-in one: its tables are libbcrypt.so's own with a few functions in front.
 * What the vectors think of it is test_providers.py's business, which says which way and asks how often it made a difference.
 */
#include <windows.h>

#include <bcrypt.h>
#include <bcrypt_provider.h>
#include <ntstatus.h>

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

enum way { RIGHT, ALWAYS_GOOD, NEVER_GOOD, WRONG_BIT };

__attribute__((visibility("default"))) void wrong_way(int way);
__attribute__((visibility("default"))) unsigned wrong_count(void);

static enum way now;
static unsigned count;

void wrong_way(int way)
{
    now = (enum way)way;
    count = 0;
}

/* How often an answer was another than the built-in provider's since wrong_way. */
unsigned wrong_count(void)
{
    return count;
}

/* ---- wrong answers ----------------------------------------------------------------------------------------------- */

/* Of something that is good or not: a signature, a tag, a padding. `refused` is what the function says of one that is not. */
static NTSTATUS judged(NTSTATUS status, bool is_refusal, NTSTATUS refused)
{
    if (now == ALWAYS_GOOD && is_refusal) {
        count++;
        return STATUS_SUCCESS;
    }
    if (now == NEVER_GOOD && status == STATUS_SUCCESS) {
        count++;
        return refused;
    }
    return status;
}

static NTSTATUS given(NTSTATUS status, PUCHAR output, ULONG size)
{
    if (now == WRONG_BIT && status == STATUS_SUCCESS && output != NULL && size > 0) {
        output[size - 1] ^= 1;
        count++;
    }
    return status;
}

/* ---- functions in front ------------------------------------------------------------------------------------------ */

static NTSTATUS WINAPI verify(BCRYPT_KEY_HANDLE key, VOID *padding, PUCHAR hash, ULONG hash_size,
                              PUCHAR signature, ULONG size, ULONG flags)
{
    NTSTATUS status = BCryptVerifySignature(key, padding, hash, hash_size, signature, size, flags);
    return judged(status,
                  status == STATUS_INVALID_SIGNATURE || status == STATUS_INVALID_PARAMETER ||
                      status == STATUS_INVALID_BUFFER_SIZE,
                  STATUS_INVALID_SIGNATURE);
}

static NTSTATUS WINAPI sign(BCRYPT_KEY_HANDLE key, VOID *padding, PUCHAR hash, ULONG hash_size,
                            PUCHAR output, ULONG room, ULONG *size, ULONG flags)
{
    NTSTATUS status = BCryptSignHash(key, padding, hash, hash_size, output, room, size, flags);
    return given(status, output, *size);
}

static NTSTATUS WINAPI encrypt(BCRYPT_KEY_HANDLE key, PUCHAR input, ULONG n, VOID *padding,
                               PUCHAR iv, ULONG iv_size, PUCHAR output, ULONG room, ULONG *size,
                               ULONG flags)
{
    NTSTATUS status = BCryptEncrypt(key, input, n, padding, iv, iv_size, output, room, size, flags);
    return given(status, output, *size);
}

static NTSTATUS decrypted(NTSTATUS status, PUCHAR output, ULONG size)
{
    bool is_refusal = status == STATUS_AUTH_TAG_MISMATCH || status == STATUS_DATA_ERROR ||
                      status == STATUS_INVALID_PARAMETER;
    return given(judged(status, is_refusal, STATUS_AUTH_TAG_MISMATCH), output, size);
}

static NTSTATUS WINAPI decrypt(BCRYPT_KEY_HANDLE key, PUCHAR input, ULONG n, VOID *padding,
                               PUCHAR iv, ULONG iv_size, PUCHAR output, ULONG room, ULONG *size,
                               ULONG flags)
{
    NTSTATUS status = BCryptDecrypt(key, input, n, padding, iv, iv_size, output, room, size, flags);
    return decrypted(status, output, *size);
}

/* An empty plaintext has nothing but its tag. */
static NTSTATUS WINAPI encrypt_sealed(BCRYPT_KEY_HANDLE key, PUCHAR input, ULONG n, VOID *padding,
                                      PUCHAR iv, ULONG iv_size, PUCHAR output, ULONG room,
                                      ULONG *size, ULONG flags)
{
    const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info = padding;
    NTSTATUS status = encrypt(key, input, n, padding, iv, iv_size, output, room, size, flags);
    if (info != NULL && n == 0 && (info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG) == 0)
        return given(status, info->pbTag, info->cbTag);
    return status;
}

static NTSTATUS WINAPI finish_hash(BCRYPT_HASH_HANDLE hash, PUCHAR output, ULONG size, ULONG flags)
{
    return given(BCryptFinishHash(hash, output, size, flags), output, size);
}

static NTSTATUS WINAPI export_key(BCRYPT_KEY_HANDLE key, BCRYPT_KEY_HANDLE with, LPCWSTR type,
                                  PUCHAR output, ULONG room, ULONG *size, ULONG flags)
{
    NTSTATUS status = BCryptExportKey(key, with, type, output, room, size, flags);
    return given(status, output, *size);
}

static NTSTATUS WINAPI derive_key(BCRYPT_SECRET_HANDLE secret, LPCWSTR kdf, BCryptBufferDesc *list,
                                  PUCHAR output, ULONG room, ULONG *size, ULONG flags)
{
    NTSTATUS status = BCryptDeriveKey(secret, kdf, list, output, room, size, flags);
    return given(status, output, *size);
}

static NTSTATUS WINAPI key_derivation(BCRYPT_KEY_HANDLE key, BCryptBufferDesc *list, PUCHAR output,
                                      ULONG room, ULONG *size, ULONG flags)
{
    NTSTATUS status = BCryptKeyDerivation(key, list, output, room, size, flags);
    return given(status, output, *size);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

/* libbcrypt.so's function of the name, not this file's own. */
static NTSTATUS behind(const char *name, void *function)
{
    void *library = dlopen("libbcrypt.so.0", RTLD_LAZY | RTLD_NOLOAD);
    void *found = library == NULL ? NULL : dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found == NULL ? STATUS_PROCEDURE_NOT_FOUND : STATUS_SUCCESS;
}

/* A copy of the built-in provider's table; The assignments put this file's functions in; the copy is the same each time. */
#define STACKED(name, type, ...)                                                                   \
    NTSTATUS WINAPI name(LPCWSTR provider, LPCWSTR algorithm, type **out, ULONG flags)             \
    {                                                                                              \
        static type table;                                                                         \
        type *built_in = NULL;                                                                     \
        name##Fn function;                                                                         \
        (void)provider;                                                                            \
        NTSTATUS status = behind(#name, &function);                                                \
        if (status >= 0)                                                                           \
            status = function(MS_PRIMITIVE_PROVIDER, algorithm, &built_in, flags);                 \
        if (status < 0)                                                                            \
            return status;                                                                         \
        table = *built_in;                                                                         \
        __VA_ARGS__;                                                                               \
        *out = &table;                                                                             \
        return STATUS_SUCCESS;                                                                     \
    }

STACKED(GetCipherInterface, BCRYPT_CIPHER_FUNCTION_TABLE, table.Encrypt = encrypt_sealed,
        table.Decrypt = decrypt, table.ExportKey = export_key)
STACKED(GetHashInterface, BCRYPT_HASH_FUNCTION_TABLE, table.FinishHash = finish_hash)
STACKED(GetAsymmetricEncryptionInterface, BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE,
        table.Encrypt = encrypt, table.Decrypt = decrypt, table.ExportKey = export_key,
        table.SignHash = sign, table.VerifySignature = verify)
STACKED(GetSecretAgreementInterface, BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE,
        table.DeriveKey = derive_key, table.ExportKey = export_key)
STACKED(GetSignatureInterface, BCRYPT_SIGNATURE_FUNCTION_TABLE, table.SignHash = sign,
        table.VerifySignature = verify, table.ExportKey = export_key)
STACKED(GetKeyDerivationInterface, BCRYPT_KEY_DERIVATION_FUNCTION_TABLE,
        table.KeyDerivation = key_derivation)
