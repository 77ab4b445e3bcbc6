/*
 * The library as a provider: what bcrypt_provider.h asks of every provider's image, answered with the public functions. A program
 * that calls tables, or a provider that builds on another, finds the built-in one so.
 *
 * Opening through a table means the built-in provider, whatever the configuration says: a provider that is put in front of it
 * and calls it must not meet itself.
 */
#include "border.h"

#include "bcrypt_provider.h"

static NTSTATUS WINAPI open_own(BCRYPT_ALG_HANDLE *phAlgorithm, LPCWSTR pszAlgId, ULONG dwFlags)
{
    struct name alg;
    struct name provider;
    TRY(name_read(&provider, MS_PRIMITIVE_PROVIDER, BORDER_WIDTH));
    return router_open(border_name(&alg, pszAlgId), &provider, dwFlags, phAlgorithm);
}

/* What the tables start with. */
#define ALGORITHM                                                                                  \
    .OpenAlgorithmProvider = open_own, .GetProperty = BCryptGetProperty,                           \
    .SetProperty = BCryptSetProperty, .CloseAlgorithmProvider = BCryptCloseAlgorithmProvider

#define PAIR                                                                                       \
    .GenerateKeyPair = BCryptGenerateKeyPair, .FinalizeKeyPair = BCryptFinalizeKeyPair,            \
    .ImportKeyPair = BCryptImportKeyPair, .ExportKey = BCryptExportKey,                            \
    .DestroyKey = BCryptDestroyKey

/* Providers' tables are never changed; that they are not const is Microsoft's declaration. */
static BCRYPT_CIPHER_FUNCTION_TABLE cipher_table = {
    .Version = BCRYPT_CIPHER_INTERFACE_VERSION_1,
    ALGORITHM,
    .GenerateKey = BCryptGenerateSymmetricKey,
    .Encrypt = BCryptEncrypt,
    .Decrypt = BCryptDecrypt,
    .ImportKey = BCryptImportKey,
    .ExportKey = BCryptExportKey,
    .DuplicateKey = BCryptDuplicateKey,
    .DestroyKey = BCryptDestroyKey,
};

static BCRYPT_HASH_FUNCTION_TABLE hash_table = {
    .Version = BCRYPT_HASH_INTERFACE_VERSION_2,
    ALGORITHM,
    .CreateHash = BCryptCreateHash,
    .HashData = BCryptHashData,
    .FinishHash = BCryptFinishHash,
    .DuplicateHash = BCryptDuplicateHash,
    .DestroyHash = BCryptDestroyHash,
    .CreateMultiHash = BCryptCreateMultiHash,
    .ProcessMultiOperations = BCryptProcessMultiOperations,
};

static BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE encryption_table = {
    .Version = BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE_VERSION_1,
    ALGORITHM,
    PAIR,
    .Encrypt = BCryptEncrypt,
    .Decrypt = BCryptDecrypt,
    .SignHash = BCryptSignHash,
    .VerifySignature = BCryptVerifySignature,
};

static BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE agreement_table = {
    .Version = BCRYPT_SECRET_AGREEMENT_INTERFACE_VERSION_1,
    ALGORITHM,
    PAIR,
    .SecretAgreement = BCryptSecretAgreement,
    .DeriveKey = BCryptDeriveKey,
    .DestroySecret = BCryptDestroySecret,
};

static BCRYPT_SIGNATURE_FUNCTION_TABLE signature_table = {
    .Version = BCRYPT_SIGNATURE_INTERFACE_VERSION_1,
    ALGORITHM,
    PAIR,
    .SignHash = BCryptSignHash,
    .VerifySignature = BCryptVerifySignature,
};

static BCRYPT_RNG_FUNCTION_TABLE random_table = {
    .Version = BCRYPT_RNG_INTERFACE_VERSION_1,
    ALGORITHM,
    .GenRandom = BCryptGenRandom,
};

static BCRYPT_KEY_DERIVATION_FUNCTION_TABLE derivation_table = {
    .Version = BCRYPT_KEY_DERIVATION_INTERFACE_VERSION_1,
    ALGORITHM,
    .GenerateKey = BCryptGenerateSymmetricKey,
    .DestroyKey = BCryptDestroyKey,
    .KeyDerivation = BCryptKeyDerivation,
    .ExportKey = BCryptExportKey,
    .ImportKey = BCryptImportKey,
    .DuplicateKey = BCryptDuplicateKey,
};

/* Whether these are the built-in provider and an algorithm that it has on the interface. The name matters: a provider that links this
 * library and lacks an entry of its own must not be taken for this one. */
static NTSTATUS interface_check(const void *result, LPCWSTR provider, LPCWSTR alg, ULONG flags,
                                uint32_t interface_id)
{
    struct name name;
    if (result == NULL || flags != 0)
        return STATUS_INVALID_PARAMETER;
    if (provider != NULL && !name_is(border_name(&name, provider), opencng_primitive_provider.name))
        return STATUS_NOT_FOUND;
    if (border_name(&name, alg) == NULL)
        return STATUS_INVALID_PARAMETER;
    const struct alg_class *class = resolve_builtin(&name);
    return class != NULL && class->interface_id == interface_id ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

NTSTATUS WINAPI GetCipherInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                   BCRYPT_CIPHER_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    TRY(interface_check(ppFunctionTable, pszProviderName, pszAlgId, dwFlags,
                        BCRYPT_CIPHER_INTERFACE));
    *ppFunctionTable = &cipher_table;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI GetHashInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                 BCRYPT_HASH_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    TRY(interface_check(ppFunctionTable, pszProviderName, pszAlgId, dwFlags,
                        BCRYPT_HASH_INTERFACE));
    *ppFunctionTable = &hash_table;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI GetAsymmetricEncryptionInterface(
    LPCWSTR pszProviderName, LPCWSTR pszAlgId,
    BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    TRY(interface_check(ppFunctionTable, pszProviderName, pszAlgId, dwFlags,
                        BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE));
    *ppFunctionTable = &encryption_table;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI
GetSecretAgreementInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                            BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    TRY(interface_check(ppFunctionTable, pszProviderName, pszAlgId, dwFlags,
                        BCRYPT_SECRET_AGREEMENT_INTERFACE));
    *ppFunctionTable = &agreement_table;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI GetSignatureInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                      BCRYPT_SIGNATURE_FUNCTION_TABLE **ppFunctionTable,
                                      ULONG dwFlags)
{
    TRY(interface_check(ppFunctionTable, pszProviderName, pszAlgId, dwFlags,
                        BCRYPT_SIGNATURE_INTERFACE));
    *ppFunctionTable = &signature_table;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI GetKeyDerivationInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                          BCRYPT_KEY_DERIVATION_FUNCTION_TABLE **ppFunctionTable,
                                          ULONG dwFlags)
{
    TRY(interface_check(ppFunctionTable, pszProviderName, pszAlgId, dwFlags,
                        BCRYPT_KEY_DERIVATION_INTERFACE));
    *ppFunctionTable = &derivation_table;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI GetRngInterface(LPCWSTR pszProviderName,
                                BCRYPT_RNG_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    TRY(interface_check(ppFunctionTable, pszProviderName, BCRYPT_RNG_ALGORITHM, dwFlags,
                        BCRYPT_RNG_INTERFACE));
    *ppFunctionTable = &random_table;
    return STATUS_SUCCESS;
}
