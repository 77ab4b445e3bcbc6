/*
 * The built-in provider in a mirror: a provider whose tables are libbcrypt.so's own, under any name that it is registered
 * with. What programs can tell of the two apart is wrong in the way that loaded providers are served.
 */
#include <windows.h>

#include <bcrypt.h>
#include <bcrypt_provider.h>
#include <ntstatus.h>

#include <dlfcn.h>
#include <string.h>

/* libbcrypt.so's function of the name. This image, which is loaded RTLD_LOCAL, is not looked at. */
static NTSTATUS behind(const char *name, void *function)
{
    void *found = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &found, sizeof found);
    return found == NULL ? STATUS_PROCEDURE_NOT_FOUND : STATUS_SUCCESS;
}

#define MIRROR(name, table)                                                                        \
    NTSTATUS WINAPI name(LPCWSTR pszProviderName, LPCWSTR pszAlgId, table **ppFunctionTable,       \
                         ULONG dwFlags)                                                            \
    {                                                                                              \
        (void)pszProviderName;                                                                     \
        name##Fn function;                                                                         \
        NTSTATUS status = behind(#name, &function);                                                \
        return status < 0 ? status                                                                 \
                          : function(MS_PRIMITIVE_PROVIDER, pszAlgId, ppFunctionTable, dwFlags);   \
    }

MIRROR(GetCipherInterface, BCRYPT_CIPHER_FUNCTION_TABLE)
MIRROR(GetHashInterface, BCRYPT_HASH_FUNCTION_TABLE)
MIRROR(GetAsymmetricEncryptionInterface, BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE)
MIRROR(GetSecretAgreementInterface, BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE)
MIRROR(GetSignatureInterface, BCRYPT_SIGNATURE_FUNCTION_TABLE)
MIRROR(GetKeyDerivationInterface, BCRYPT_KEY_DERIVATION_FUNCTION_TABLE)

NTSTATUS WINAPI GetRngInterface(LPCWSTR pszProviderName,
                                BCRYPT_RNG_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    (void)pszProviderName;
    GetRngInterfaceFn function;
    NTSTATUS status = behind("GetRngInterface", &function);
    return status < 0 ? status : function(MS_PRIMITIVE_PROVIDER, ppFunctionTable, dwFlags);
}
