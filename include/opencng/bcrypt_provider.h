/* bcrypt_provider.h: what a provider of primitives offers to the router.
 *
 * A provider is a shared object that exports GetCipherInterface, GetHashInterface and so on, of the types ...Fn at the end, for the
 * interfaces that it has. Each returns a table of functions, which the provider owns and never changes. The functions are those of
 * bcrypt.h without the router in between: handles are the provider's own.
 *
 * Strings cross this boundary in 16-bit WCHAR: build providers with -fshort-wchar.
 */
#ifndef __BCRYPT_PROVIDER_H__
#define __BCRYPT_PROVIDER_H__

#include "bcrypt.h"

#define BCRYPT_KEY_DERIVATION_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)

/* Decryption: copy the output out even when the padding is wrong, for callers that go on in constant time. */
#define BCRYPT_COPY_AFTER_PADDING_CHECK_FAILURE_FLAG 0x00000100

/* Value of BCRYPT_ECC_PARAMETERS: P A B Gx Gy [cbFieldLength each] n[cbSubgroupOrder] h[cbCofactor] S[cbSeed] follow. */
#define BCRYPT_ECC_PARAMETER_HEADER_V1 0x1

typedef struct _BCRYPT_ECC_PARAMETER_HEADER
{
	ULONG dwVersion;
	ECC_CURVE_TYPE_ENUM dwCurveType;
	ECC_CURVE_ALG_ID_ENUM dwCurveGenerationAlgId;
	ULONG cbFieldLength;
	ULONG cbSubgroupOrder;
	ULONG cbCofactor;
	ULONG cbSeed;
} BCRYPT_ECC_PARAMETER_HEADER;

/* ---- Functions of the tables: bcrypt.h's, except that opening names no provider ---- */

typedef NTSTATUS(WINAPI *BCryptOpenAlgorithmProviderFn)(BCRYPT_ALG_HANDLE *phAlgorithm, LPCWSTR pszAlgId, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptGetPropertyFn)(BCRYPT_HANDLE hObject, LPCWSTR pszProperty, PUCHAR pbOutput, ULONG cbOutput,
                                              ULONG *pcbResult, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptSetPropertyFn)(BCRYPT_HANDLE hObject, LPCWSTR pszProperty, PUCHAR pbInput, ULONG cbInput,
                                              ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptCloseAlgorithmProviderFn)(BCRYPT_ALG_HANDLE hAlgorithm, ULONG dwFlags);
typedef VOID(WINAPI *BCryptFreeBufferFn)(PVOID pvBuffer);
typedef NTSTATUS(WINAPI *BCryptGenerateSymmetricKeyFn)(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE *phKey,
                                                       PUCHAR pbKeyObject, ULONG cbKeyObject, PUCHAR pbSecret, ULONG cbSecret,
                                                       ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptGenerateKeyPairFn)(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE *phKey, ULONG dwLength,
                                                  ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptEncryptFn)(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput, VOID *pPaddingInfo, PUCHAR pbIV,
                                          ULONG cbIV, PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDecryptFn)(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput, VOID *pPaddingInfo, PUCHAR pbIV,
                                          ULONG cbIV, PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptExportKeyFn)(BCRYPT_KEY_HANDLE hKey, BCRYPT_KEY_HANDLE hExportKey, LPCWSTR pszBlobType,
                                            PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptImportKeyFn)(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE hImportKey, LPCWSTR pszBlobType,
                                            BCRYPT_KEY_HANDLE *phKey, PUCHAR pbKeyObject, ULONG cbKeyObject, PUCHAR pbInput,
                                            ULONG cbInput, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptImportKeyPairFn)(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE hImportKey, LPCWSTR pszBlobType,
                                                BCRYPT_KEY_HANDLE *phKey, PUCHAR pbInput, ULONG cbInput, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDuplicateKeyFn)(BCRYPT_KEY_HANDLE hKey, BCRYPT_KEY_HANDLE *phNewKey, PUCHAR pbKeyObject,
                                               ULONG cbKeyObject, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptFinalizeKeyPairFn)(BCRYPT_KEY_HANDLE hKey, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDestroyKeyFn)(BCRYPT_KEY_HANDLE hKey);
typedef NTSTATUS(WINAPI *BCryptDestroySecretFn)(BCRYPT_SECRET_HANDLE hSecret);
typedef NTSTATUS(WINAPI *BCryptSignHashFn)(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbInput, ULONG cbInput,
                                           PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptVerifySignatureFn)(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbHash, ULONG cbHash,
                                                  PUCHAR pbSignature, ULONG cbSignature, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptSecretAgreementFn)(BCRYPT_KEY_HANDLE hPrivKey, BCRYPT_KEY_HANDLE hPubKey,
                                                  BCRYPT_SECRET_HANDLE *phAgreedSecret, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDeriveKeyFn)(BCRYPT_SECRET_HANDLE hSharedSecret, LPCWSTR pwszKDF,
                                            BCryptBufferDesc *pParameterList, PUCHAR pbDerivedKey, ULONG cbDerivedKey,
                                            ULONG *pcbResult, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptKeyDerivationFn)(BCRYPT_KEY_HANDLE hKey, BCryptBufferDesc *pParameterList, PUCHAR pbDerivedKey,
                                                ULONG cbDerivedKey, ULONG *pcbResult, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptCreateHashFn)(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_HASH_HANDLE *phHash, PUCHAR pbHashObject,
                                             ULONG cbHashObject, PUCHAR pbSecret, ULONG cbSecret, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptHashDataFn)(BCRYPT_HASH_HANDLE hHash, PUCHAR pbInput, ULONG cbInput, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptFinishHashFn)(BCRYPT_HASH_HANDLE hHash, PUCHAR pbOutput, ULONG cbOutput, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptCreateMultiHashFn)(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_HASH_HANDLE *phHash, ULONG nHashes,
                                                  PUCHAR pbHashObject, ULONG cbHashObject, PUCHAR pbSecret, ULONG cbSecret,
                                                  ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptProcessMultiOperationsFn)(BCRYPT_HANDLE hObject, BCRYPT_MULTI_OPERATION_TYPE operationType,
                                                         PVOID pOperations, ULONG cbOperations, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDuplicateHashFn)(BCRYPT_HASH_HANDLE hHash, BCRYPT_HASH_HANDLE *phNewHash, PUCHAR pbHashObject,
                                                ULONG cbHashObject, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDestroyHashFn)(BCRYPT_HASH_HANDLE hHash);
typedef NTSTATUS(WINAPI *BCryptGenRandomFn)(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbBuffer, ULONG cbBuffer, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDeriveKeyCapiFn)(BCRYPT_HASH_HANDLE hHash, BCRYPT_ALG_HANDLE hTargetAlg, PUCHAR pbDerivedKey,
                                                ULONG cbDerivedKey, ULONG dwFlags);
typedef NTSTATUS(WINAPI *BCryptDeriveKeyPBKDF2Fn)(BCRYPT_ALG_HANDLE hPrf, PUCHAR pbPassword, ULONG cbPassword, PUCHAR pbSalt,
                                                  ULONG cbSalt, ULONGLONG cIterations, PUCHAR pbDerivedKey, ULONG cbDerivedKey,
                                                  ULONG dwFlags);

/* ---- Tables. Version tells which members exist ---- */

typedef struct _BCRYPT_CIPHER_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	BCryptOpenAlgorithmProviderFn OpenAlgorithmProvider;
	BCryptGetPropertyFn GetProperty;
	BCryptSetPropertyFn SetProperty;
	BCryptCloseAlgorithmProviderFn CloseAlgorithmProvider;
	BCryptGenerateSymmetricKeyFn GenerateKey;
	BCryptEncryptFn Encrypt;
	BCryptDecryptFn Decrypt;
	BCryptImportKeyFn ImportKey;
	BCryptExportKeyFn ExportKey;
	BCryptDuplicateKeyFn DuplicateKey;
	BCryptDestroyKeyFn DestroyKey;
} BCRYPT_CIPHER_FUNCTION_TABLE;

typedef struct _BCRYPT_HASH_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	BCryptOpenAlgorithmProviderFn OpenAlgorithmProvider;
	BCryptGetPropertyFn GetProperty;
	BCryptSetPropertyFn SetProperty;
	BCryptCloseAlgorithmProviderFn CloseAlgorithmProvider;
	BCryptCreateHashFn CreateHash;
	BCryptHashDataFn HashData;
	BCryptFinishHashFn FinishHash;
	BCryptDuplicateHashFn DuplicateHash;
	BCryptDestroyHashFn DestroyHash;
	BCryptCreateMultiHashFn CreateMultiHash; /* version 2 and later */
	BCryptProcessMultiOperationsFn ProcessMultiOperations; /* version 2 and later */
} BCRYPT_HASH_FUNCTION_TABLE;

typedef struct _BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	BCryptOpenAlgorithmProviderFn OpenAlgorithmProvider;
	BCryptGetPropertyFn GetProperty;
	BCryptSetPropertyFn SetProperty;
	BCryptCloseAlgorithmProviderFn CloseAlgorithmProvider;
	BCryptGenerateKeyPairFn GenerateKeyPair;
	BCryptFinalizeKeyPairFn FinalizeKeyPair;
	BCryptEncryptFn Encrypt;
	BCryptDecryptFn Decrypt;
	BCryptImportKeyPairFn ImportKeyPair;
	BCryptExportKeyFn ExportKey;
	BCryptDestroyKeyFn DestroyKey;
	BCryptSignHashFn SignHash;
	BCryptVerifySignatureFn VerifySignature;
} BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE;

typedef struct _BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	BCryptOpenAlgorithmProviderFn OpenAlgorithmProvider;
	BCryptGetPropertyFn GetProperty;
	BCryptSetPropertyFn SetProperty;
	BCryptCloseAlgorithmProviderFn CloseAlgorithmProvider;
	BCryptSecretAgreementFn SecretAgreement;
	BCryptDeriveKeyFn DeriveKey;
	BCryptDestroySecretFn DestroySecret;
	BCryptGenerateKeyPairFn GenerateKeyPair;
	BCryptFinalizeKeyPairFn FinalizeKeyPair;
	BCryptImportKeyPairFn ImportKeyPair;
	BCryptExportKeyFn ExportKey;
	BCryptDestroyKeyFn DestroyKey;
} BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE;

typedef struct _BCRYPT_SIGNATURE_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	BCryptOpenAlgorithmProviderFn OpenAlgorithmProvider;
	BCryptGetPropertyFn GetProperty;
	BCryptSetPropertyFn SetProperty;
	BCryptCloseAlgorithmProviderFn CloseAlgorithmProvider;
	BCryptGenerateKeyPairFn GenerateKeyPair;
	BCryptFinalizeKeyPairFn FinalizeKeyPair;
	BCryptSignHashFn SignHash;
	BCryptVerifySignatureFn VerifySignature;
	BCryptImportKeyPairFn ImportKeyPair;
	BCryptExportKeyFn ExportKey;
	BCryptDestroyKeyFn DestroyKey;
} BCRYPT_SIGNATURE_FUNCTION_TABLE;

typedef struct _BCRYPT_RNG_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	BCryptOpenAlgorithmProviderFn OpenAlgorithmProvider;
	BCryptGetPropertyFn GetProperty;
	BCryptSetPropertyFn SetProperty;
	BCryptCloseAlgorithmProviderFn CloseAlgorithmProvider;
	BCryptGenRandomFn GenRandom;
} BCRYPT_RNG_FUNCTION_TABLE;

typedef struct _BCRYPT_KEY_DERIVATION_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	BCryptOpenAlgorithmProviderFn OpenAlgorithmProvider;
	BCryptGetPropertyFn GetProperty;
	BCryptSetPropertyFn SetProperty;
	BCryptCloseAlgorithmProviderFn CloseAlgorithmProvider;
	BCryptGenerateSymmetricKeyFn GenerateKey;
	BCryptDestroyKeyFn DestroyKey;
	BCryptKeyDerivationFn KeyDerivation;
	BCryptExportKeyFn ExportKey;
	BCryptImportKeyFn ImportKey;
	BCryptDuplicateKeyFn DuplicateKey;
} BCRYPT_KEY_DERIVATION_FUNCTION_TABLE;

/* ---- Entry points of a provider ---- */

typedef NTSTATUS(WINAPI *GetCipherInterfaceFn)(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                               BCRYPT_CIPHER_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags);
typedef NTSTATUS(WINAPI *GetHashInterfaceFn)(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                             BCRYPT_HASH_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags);
typedef NTSTATUS(WINAPI *GetAsymmetricEncryptionInterfaceFn)(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                                             BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE **ppFunctionTable,
                                                             ULONG dwFlags);
typedef NTSTATUS(WINAPI *GetSecretAgreementInterfaceFn)(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                                        BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags);
typedef NTSTATUS(WINAPI *GetSignatureInterfaceFn)(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                                  BCRYPT_SIGNATURE_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags);
typedef NTSTATUS(WINAPI *GetRngInterfaceFn)(LPCWSTR pszProviderName, BCRYPT_RNG_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags);
typedef NTSTATUS(WINAPI *GetKeyDerivationInterfaceFn)(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                                      BCRYPT_KEY_DERIVATION_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags);

OPENCNG_BEGIN_C

/* A provider defines those of the following that it has interfaces for; compiled with -fshort-wchar and these declarations, they are exported
 * under their plain names, by which they are looked up. libbcrypt.so exports all of them for its own provider.
 *
 * pszProviderName (in, optional for libbcrypt.so): the name that the provider is registered under; one image may serve several.
 * pszAlgId (in): the algorithm that is opened.
 * ppFunctionTable (out): the provider's table, valid and unchanged until the process ends.
 * dwFlags (in): 0.
 *
 * STATUS_SUCCESS; STATUS_NOT_FOUND: the provider has no such algorithm on this interface, or is not known by this name (libbcrypt.so: MS_PRIMITIVE_PROVIDER
 * alone); STATUS_INVALID_PARAMETER: a NULL pointer (libbcrypt.so: also unknown flags).
 * Source: Microsoft's documentation of bcrypt_provider.h; that a provider's name is checked is this library's own rule.
 */
OPENCNG_API NTSTATUS WINAPI GetCipherInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId, BCRYPT_CIPHER_FUNCTION_TABLE **ppFunctionTable,
                                               ULONG dwFlags) OPENCNG_WIDE(GetCipherInterface);
OPENCNG_API NTSTATUS WINAPI GetHashInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId, BCRYPT_HASH_FUNCTION_TABLE **ppFunctionTable,
                                             ULONG dwFlags) OPENCNG_WIDE(GetHashInterface);
OPENCNG_API NTSTATUS WINAPI GetAsymmetricEncryptionInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId, BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE **ppFunctionTable,
                                                             ULONG dwFlags) OPENCNG_WIDE(GetAsymmetricEncryptionInterface);
OPENCNG_API NTSTATUS WINAPI GetSecretAgreementInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId, BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE **ppFunctionTable,
                                                        ULONG dwFlags) OPENCNG_WIDE(GetSecretAgreementInterface);
OPENCNG_API NTSTATUS WINAPI GetSignatureInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId, BCRYPT_SIGNATURE_FUNCTION_TABLE **ppFunctionTable,
                                                  ULONG dwFlags) OPENCNG_WIDE(GetSignatureInterface);
OPENCNG_API NTSTATUS WINAPI GetRngInterface(LPCWSTR pszProviderName, BCRYPT_RNG_FUNCTION_TABLE **ppFunctionTable,
                                            ULONG dwFlags) OPENCNG_WIDE(GetRngInterface);
OPENCNG_API NTSTATUS WINAPI GetKeyDerivationInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId, BCRYPT_KEY_DERIVATION_FUNCTION_TABLE **ppFunctionTable,
                                                      ULONG dwFlags) OPENCNG_WIDE(GetKeyDerivationInterface);

OPENCNG_END_C

/* ---- Registration ----
 *
 * The strings of these functions have the width of the caller's WCHAR, as everywhere but at the boundary to the provider. The statuses, and what a
 * table is, are told by bcrypt.h under "Configuration".
 */

OPENCNG_BEGIN_C

/* Registers a provider in the caller's own table (root: the machine's).
 *
 * pszProvider (in): the provider's name.
 * dwFlags: 0, or CRYPT_OVERWRITE to replace a registration of that name in the table.
 * pReg (in): aliases, and in pUM the image and for each interface its functions (algorithms; {KEY_STORAGE} for key stores). pszImage is an absolute path or the
 *   name of a file in the folder of providers, LIBDIR/opencng; it need not exist yet. pKM is not read: nothing runs in kernel mode.
 *
 * STATUS_OBJECT_NAME_COLLISION: there is one of that name in the table, and dwFlags does not have CRYPT_OVERWRITE.
 * STATUS_ACCESS_DENIED: also the name of a built-in provider, as name or alias.
 * STATUS_NOT_SUPPORTED: pKM without pUM.
 * STATUS_INVALID_PARAMETER: pReg, a pointer or a string in it is NULL, there is no interface or one without functions, an interface or name
 *   twice, too many of anything (64 aliases, 64 interfaces, 1024 functions of one), an image that is a relative path.
 *
 * Source: Microsoft Learn, Cryptography API: Next Generation, registration of providers; the statuses are this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptRegisterProvider(LPCWSTR pszProvider, ULONG dwFlags, PCRYPT_PROVIDER_REG pReg) OPENCNG_WIDE(BCryptRegisterProvider);

/* Removes a registration from the caller's own table. Contexts that list the provider pass over it from then on.
 *
 * pszProvider (in): the provider's name; an alias is none.
 *
 * STATUS_NOT_FOUND: nothing is registered under that name.
 * STATUS_ACCESS_DENIED: also a built-in provider, and one that only the machine's table has when the caller is not root.
 *
 * Source: as above.
 */
OPENCNG_API NTSTATUS WINAPI BCryptUnregisterProvider(LPCWSTR pszProvider) OPENCNG_WIDE(BCryptUnregisterProvider);

/* Adds a provider to a function of a context, or moves it.
 *
 * dwTable: CRYPT_LOCAL or CRYPT_DOMAIN.
 * pszContext (in, optional): the context; NULL: CRYPT_DEFAULT_CONTEXT.
 * dwInterface: the interface.
 * pszFunction (in): the function; one that the context does not have yet is added at its end.
 * pszProvider (in): a registered provider's name or alias, or a built-in one's name.
 * dwPosition: the provider comes in front of the one there, counted from 0 without itself; CRYPT_PRIORITY_TOP, CRYPT_PRIORITY_BOTTOM; a
 *   position beyond the end is the end.
 *
 * STATUS_NOT_FOUND: also a provider that is not registered.
 *
 * Source: as above.
 */
OPENCNG_API NTSTATUS WINAPI BCryptAddContextFunctionProvider(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                                             LPCWSTR pszProvider, ULONG dwPosition)
	OPENCNG_WIDE(BCryptAddContextFunctionProvider);

/* Takes a provider away from a function; the function stays.
 *
 * The parameters are BCryptAddContextFunctionProvider's; pszProvider is the name that BCryptEnumContextFunctionProviders gives, or an alias
 * of the provider that is registered under it.
 *
 * Source: as above.
 */
OPENCNG_API NTSTATUS WINAPI BCryptRemoveContextFunctionProvider(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                                                LPCWSTR pszProvider) OPENCNG_WIDE(BCryptRemoveContextFunctionProvider);

OPENCNG_END_C

#endif /* __BCRYPT_PROVIDER_H__ */
