/* ncrypt_provider.h: what a key storage provider offers to the router.
 *
 * A provider is a shared object that exports GetKeyStorageInterface. It returns a table of functions, which the provider owns and never
 * changes; a NULL member means that the provider does not have the function, and callers are told NTE_NOT_SUPPORTED. The functions
 * are those of ncrypt.h with the provider's own handles, which are any numbers but 0.
 *
 * Strings cross this boundary in 16-bit WCHAR: build providers with -fshort-wchar. (Without it, the declaration below gives the entry point
 * another symbol, and the provider is refused when it is loaded.)
 *
 * What the library sees to before it calls a provider: its handles are good and of the provider, and nobody uses a key while it is
 * deleted or freed; pointers to results are not NULL; names are well-formed, those of keys at most 512 characters long, those of properties
 * 64; a buffer of NULL comes with the size 0. What a key may be used for before it is finalized, which flags there are, and
 * all else is the provider's to judge. Its functions are called by any number of threads at once.
 *
 * docs/writing-a-provider.md shows one.
 */
#ifndef __NCRYPT_PROVIDER_H__
#define __NCRYPT_PROVIDER_H__

#include "ncrypt.h"

/* The value of NCRYPT_UI_POLICY_PROPERTY as it crosses this boundary, in both directions: the three strings follow, UTF-16, each with its
 * NUL, which the sizes (in bytes) count; 0: none. */
typedef struct __NCRYPT_UI_POLICY_BLOB
{
	DWORD dwVersion;
	DWORD dwFlags;
	DWORD cbCreationTitle;
	DWORD cbFriendlyName;
	DWORD cbDescription;
} NCRYPT_UI_POLICY_BLOB;

/* ---- Functions of the table ---- */

typedef SECURITY_STATUS(WINAPI *NCryptOpenStorageProviderFn)(NCRYPT_PROV_HANDLE *phProvider, LPCWSTR pszProviderName,
                                                             DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptOpenKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE *phKey, LPCWSTR pszKeyName,
                                                 DWORD dwLegacyKeySpec, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptCreatePersistedKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE *phKey,
                                                            LPCWSTR pszAlgId, LPCWSTR pszKeyName, DWORD dwLegacyKeySpec,
                                                            DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptGetProviderPropertyFn)(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszProperty, PBYTE pbOutput,
                                                             DWORD cbOutput, DWORD *pcbResult, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptGetKeyPropertyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                                        LPCWSTR pszProperty, PBYTE pbOutput, DWORD cbOutput, DWORD *pcbResult,
                                                        DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptSetProviderPropertyFn)(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszProperty, PBYTE pbInput,
                                                             DWORD cbInput, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptSetKeyPropertyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                                        LPCWSTR pszProperty, PBYTE pbInput, DWORD cbInput, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptFinalizeKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptDeleteKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptFreeProviderFn)(NCRYPT_PROV_HANDLE hProvider);
typedef SECURITY_STATUS(WINAPI *NCryptFreeKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey);
typedef SECURITY_STATUS(WINAPI *NCryptFreeBufferFn)(PVOID pvInput);
typedef SECURITY_STATUS(WINAPI *NCryptEncryptFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey, PBYTE pbInput,
                                                 DWORD cbInput, VOID *pPaddingInfo, PBYTE pbOutput, DWORD cbOutput,
                                                 DWORD *pcbResult, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptDecryptFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey, PBYTE pbInput,
                                                 DWORD cbInput, VOID *pPaddingInfo, PBYTE pbOutput, DWORD cbOutput,
                                                 DWORD *pcbResult, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptIsAlgSupportedFn)(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszAlgId, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptEnumAlgorithmsFn)(NCRYPT_PROV_HANDLE hProvider, DWORD dwAlgOperations, DWORD *pdwAlgCount,
                                                        NCryptAlgorithmName **ppAlgList, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptEnumKeysFn)(NCRYPT_PROV_HANDLE hProvider, LPCWSTR pszScope, NCryptKeyName **ppKeyName,
                                                  PVOID *ppEnumState, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptImportKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hImportKey,
                                                   LPCWSTR pszBlobType, NCryptBufferDesc *pParameterList,
                                                   NCRYPT_KEY_HANDLE *phKey, PBYTE pbData, DWORD cbData, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptExportKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                                   NCRYPT_KEY_HANDLE hExportKey, LPCWSTR pszBlobType,
                                                   NCryptBufferDesc *pParameterList, PBYTE pbOutput, DWORD cbOutput,
                                                   DWORD *pcbResult, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptSignHashFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo,
                                                  PBYTE pbHashValue, DWORD cbHashValue, PBYTE pbSignature, DWORD cbSignature,
                                                  DWORD *pcbResult, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptVerifySignatureFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                                         VOID *pPaddingInfo, PBYTE pbHashValue, DWORD cbHashValue,
                                                         PBYTE pbSignature, DWORD cbSignature, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptPromptUserFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey, LPCWSTR pszOperation,
                                                    DWORD dwFlags);
/* *phEvent becomes a file descriptor that is readable when something changed. It belongs to the caller, who ends the registration by closing
 * it: NCRYPT_UNREGISTER_NOTIFY_FLAG is not passed on. */
typedef SECURITY_STATUS(WINAPI *NCryptNotifyChangeKeyFn)(NCRYPT_PROV_HANDLE hProvider, HANDLE *phEvent, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptSecretAgreementFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hPrivKey,
                                                         NCRYPT_KEY_HANDLE hPubKey, NCRYPT_SECRET_HANDLE *phAgreedSecret,
                                                         DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptDeriveKeyFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_SECRET_HANDLE hSharedSecret,
                                                   LPCWSTR pwszKDF, NCryptBufferDesc *pParameterList, PBYTE pbDerivedKey,
                                                   DWORD cbDerivedKey, DWORD *pcbResult, ULONG dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptFreeSecretFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_SECRET_HANDLE hSharedSecret);
typedef SECURITY_STATUS(WINAPI *NCryptKeyDerivationFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hKey,
                                                       NCryptBufferDesc *pParameterList, PUCHAR pbDerivedKey, DWORD cbDerivedKey,
                                                       DWORD *pcbResult, ULONG dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptCreateClaimFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hSubjectKey,
                                                     NCRYPT_KEY_HANDLE hAuthorityKey, DWORD dwClaimType,
                                                     NCryptBufferDesc *pParameterList, PBYTE pbClaimBlob, DWORD cbClaimBlob,
                                                     DWORD *pcbResult, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptVerifyClaimFn)(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hSubjectKey,
                                                     NCRYPT_KEY_HANDLE hAuthorityKey, DWORD dwClaimType,
                                                     NCryptBufferDesc *pParameterList, PBYTE pbClaimBlob, DWORD cbClaimBlob,
                                                     NCryptBufferDesc *pOutput, DWORD dwFlags);
typedef SECURITY_STATUS(WINAPI *NCryptEnumStorageProvidersFn)(DWORD *pdwProviderCount, NCryptProviderName **ppProviderList,
                                                              DWORD dwFlags);

/* ---- The table. Version tells which members exist ---- */

typedef struct _NCRYPT_KEY_STORAGE_FUNCTION_TABLE
{
	BCRYPT_INTERFACE_VERSION Version;
	NCryptOpenStorageProviderFn OpenProvider;
	NCryptOpenKeyFn OpenKey;
	NCryptCreatePersistedKeyFn CreatePersistedKey;
	NCryptGetProviderPropertyFn GetProviderProperty;
	NCryptGetKeyPropertyFn GetKeyProperty;
	NCryptSetProviderPropertyFn SetProviderProperty;
	NCryptSetKeyPropertyFn SetKeyProperty;
	NCryptFinalizeKeyFn FinalizeKey;
	NCryptDeleteKeyFn DeleteKey;
	NCryptFreeProviderFn FreeProvider;
	NCryptFreeKeyFn FreeKey;
	NCryptFreeBufferFn FreeBuffer;
	NCryptEncryptFn Encrypt;
	NCryptDecryptFn Decrypt;
	NCryptIsAlgSupportedFn IsAlgSupported;
	NCryptEnumAlgorithmsFn EnumAlgorithms;
	NCryptEnumKeysFn EnumKeys;
	NCryptImportKeyFn ImportKey;
	NCryptExportKeyFn ExportKey;
	NCryptSignHashFn SignHash;
	NCryptVerifySignatureFn VerifySignature;
	NCryptPromptUserFn PromptUser;
	NCryptNotifyChangeKeyFn NotifyChangeKey;
	NCryptSecretAgreementFn SecretAgreement;
	NCryptDeriveKeyFn DeriveKey;
	NCryptFreeSecretFn FreeSecret;
	NCryptKeyDerivationFn KeyDerivation; /* version 2 and later */
	NCryptCreateClaimFn CreateClaim; /* version 3 and later */
	NCryptVerifyClaimFn VerifyClaim; /* version 3 and later */
} NCRYPT_KEY_STORAGE_FUNCTION_TABLE;

/* ---- Entry point of a provider ---- */

typedef NTSTATUS(WINAPI *GetKeyStorageInterfaceFn)(LPCWSTR pszProviderName, NCRYPT_KEY_STORAGE_FUNCTION_TABLE **ppFunctionTable,
                                                   ULONG dwFlags);

OPENCNG_BEGIN_C

/* The entry point: of every provider, and of libncrypt.so itself, whose table is that of the software key storage provider.
 *
 * pszProviderName (in, optional): the name that the provider is registered with; one image may be several providers.
 * ppFunctionTable (out): the table, which stays the provider's.
 * dwFlags (in): 0.
 *
 * STATUS_INVALID_PARAMETER: ppFunctionTable is NULL, or a flag is set. A provider that does not have the name answers with an
 * NTSTATUS of its choice; it is NTE_PROVIDER_DLL_FAIL to who opens it.
 */
OPENCNG_API NTSTATUS WINAPI GetKeyStorageInterface(LPCWSTR pszProviderName, NCRYPT_KEY_STORAGE_FUNCTION_TABLE **ppFunctionTable,
                                                   ULONG dwFlags) OPENCNG_WIDE(GetKeyStorageInterface);

OPENCNG_END_C

#endif /* __NCRYPT_PROVIDER_H__ */
