/* wincrypt.h: the small part of CryptoAPI that callers of CNG use beside it: key files (DER and text) in and out, and contexts without keys for hashes and random
 * numbers. The functions are in libwincompat. There are no certificates, stores or messages, and none of their names, many of which collide with other Linux headers (CMSG_DATA, X509_NAME, ...).
 */
#ifndef __WINCRYPT_H__
#define __WINCRYPT_H__

#include "bcrypt.h"
#include "ncrypt.h"
#include "windef.h"

typedef unsigned int ALG_ID;
typedef ULONG_PTR HCRYPTPROV_OR_NCRYPT_KEY_HANDLE;
typedef ULONG_PTR HCRYPTPROV_LEGACY;
typedef void *HCERTSTORE;

/* Which of the two keys of a container: NCryptOpenKey's dwLegacyKeySpec. */
#define AT_KEYEXCHANGE 1
#define AT_SIGNATURE 2
#define CERT_NCRYPT_KEY_SPEC 0xFFFFFFFF

#define CRYPT_EXPORTABLE 0x00000001
#define CRYPT_VERIFYCONTEXT 0xF0000000
#define CRYPT_NEWKEYSET 0x00000008
#define CRYPT_DELETEKEYSET 0x00000010
#define CRYPT_MACHINE_KEYSET 0x00000020
#define CRYPT_SILENT 0x00000040
#define CRYPT_DEFAULT_CONTAINER_OPTIONAL 0x00000080

/* The LEGACY_... key blobs begin with a BLOBHEADER; everything in them is little-endian. */
#define PUBLICKEYBLOB 0x6
#define PRIVATEKEYBLOB 0x7
#define CUR_BLOB_VERSION 2
#define CALG_RSA_SIGN 0x00002400
#define CALG_RSA_KEYX 0x0000a400
#define CALG_DSS_SIGN 0x00002200
#define CALG_DH_SF 0x0000aa01
#define CALG_DH_EPHEM 0x0000aa02

typedef struct _PUBLICKEYSTRUC
{
	BYTE bType;
	BYTE bVersion;
	WORD reserved;
	ALG_ID aiKeyAlg;
} BLOBHEADER, PUBLICKEYSTRUC;

typedef struct _RSAPUBKEY
{
	DWORD magic;
	DWORD bitlen;
	DWORD pubexp;
} RSAPUBKEY;

typedef struct _PUBKEY
{
	DWORD magic;
	DWORD bitlen;
} DHPUBKEY, DSSPUBKEY;

typedef struct _DSSSEED
{
	DWORD counter;
	BYTE seed[20];
} DSSSEED;

typedef struct _PUBKEYVER3
{
	DWORD magic;
	DWORD bitlenP;
	DWORD bitlenQ;
	DWORD bitlenJ;
	DSSSEED DSSSeed;
} DHPUBKEY_VER3, DSSPUBKEY_VER3;

typedef struct _PRIVKEYVER3
{
	DWORD magic;
	DWORD bitlenP;
	DWORD bitlenQ;
	DWORD bitlenJ;
	DWORD bitlenX;
	DSSSEED DSSSeed;
} DHPRIVKEY_VER3, DSSPRIVKEY_VER3;

/* Byte strings and attributes in NCrypt's parameter lists. */
typedef struct _CRYPTOAPI_BLOB
{
	DWORD cbData;
	BYTE *pbData;
} CRYPT_INTEGER_BLOB, *PCRYPT_INTEGER_BLOB, CRYPT_OBJID_BLOB, *PCRYPT_OBJID_BLOB, CRYPT_DATA_BLOB, *PCRYPT_DATA_BLOB, CERT_BLOB, *PCERT_BLOB,
	CRYPT_ATTR_BLOB, *PCRYPT_ATTR_BLOB, DATA_BLOB, *PDATA_BLOB;

typedef struct _CRYPT_ALGORITHM_IDENTIFIER
{
	LPSTR pszObjId;
	CRYPT_OBJID_BLOB Parameters;
} CRYPT_ALGORITHM_IDENTIFIER, *PCRYPT_ALGORITHM_IDENTIFIER;

typedef struct _CRYPT_ATTRIBUTE
{
	LPSTR pszObjId;
	DWORD cValue;
	PCRYPT_ATTR_BLOB rgValue;
} CRYPT_ATTRIBUTE, *PCRYPT_ATTRIBUTE;

typedef struct _CRYPT_ATTRIBUTES
{
	DWORD cAttr;
	PCRYPT_ATTRIBUTE rgAttr;
} CRYPT_ATTRIBUTES, *PCRYPT_ATTRIBUTES;

typedef struct _CRYPT_PKCS12_PBE_PARAMS
{
	int iIterations;
	ULONG cbSalt;
} CRYPT_PKCS12_PBE_PARAMS;

#define szOID_PKCS_12_pbeWithSHA1And3KeyTripleDES "1.2.840.113549.1.12.1.3"
#define szOID_RSA_RSA "1.2.840.113549.1.1.1"
#define szOID_X957_DSA "1.2.840.10040.4.1"
#define szOID_ECC_PUBLIC_KEY "1.2.840.10045.2.1"
#define szOID_ECC_CURVE_P256 "1.2.840.10045.3.1.7"
#define szOID_ECC_CURVE_P384 "1.3.132.0.34"
#define szOID_ECC_CURVE_P521 "1.3.132.0.35"

/* ---- Structures that DER becomes, and is made of ---- */

#define X509_ASN_ENCODING 0x00000001
#define PKCS_7_ASN_ENCODING 0x00010000

/* lpszStructType: which ASN.1 type, and the C structure that stands for it. Numbers inside blobs of wincrypt.h are little-endian, those inside blobs of
 * bcrypt.h big-endian.
 */
#define X509_PUBLIC_KEY_INFO ((LPCSTR)8)             /* SubjectPublicKeyInfo: CERT_PUBLIC_KEY_INFO */
#define RSA_CSP_PUBLICKEYBLOB ((LPCSTR)19)           /* RSAPublicKey: PUBLICKEYSTRUC, RSAPUBKEY, modulus; also szOID_RSA_RSA */
#define X509_SEQUENCE_OF_ANY ((LPCSTR)34)            /* SEQUENCE OF ANY: CRYPT_SEQUENCE_OF_ANY */
#define X509_MULTI_BYTE_UINT ((LPCSTR)38)            /* INTEGER: CRYPT_UINT_BLOB */
#define X509_DSS_PUBLICKEY X509_MULTI_BYTE_UINT      /* DSA's y */
#define X509_DSS_PARAMETERS ((LPCSTR)39)             /* Dss-Parms: CERT_DSS_PARAMETERS; also szOID_X957_DSA */
#define X509_DSS_SIGNATURE ((LPCSTR)40)              /* Dss-Sig-Value: BYTE[CERT_DSS_SIGNATURE_LEN], r and s of 20 bytes */
#define PKCS_RSA_PRIVATE_KEY ((LPCSTR)43)            /* RSAPrivateKey: PUBLICKEYSTRUC, RSAPUBKEY, numbers: LEGACY_RSAPRIVATE_BLOB */
#define PKCS_PRIVATE_KEY_INFO ((LPCSTR)44)           /* PrivateKeyInfo: CRYPT_PRIVATE_KEY_INFO */
#define PKCS_ENCRYPTED_PRIVATE_KEY_INFO ((LPCSTR)45) /* EncryptedPrivateKeyInfo: CRYPT_ENCRYPTED_PRIVATE_KEY_INFO */
#define X509_ECC_SIGNATURE ((LPCSTR)47)              /* ECDSA-Sig-Value: CERT_ECC_SIGNATURE */
#define CNG_RSA_PUBLIC_KEY_BLOB ((LPCSTR)72)         /* RSAPublicKey: BCRYPT_RSAPUBLIC_BLOB */
#define X509_ECC_PRIVATE_KEY ((LPCSTR)82)            /* ECPrivateKey: CRYPT_ECC_PRIVATE_KEY_INFO */
#define CNG_RSA_PRIVATE_KEY_BLOB ((LPCSTR)83)        /* RSAPrivateKey: BCRYPT_RSAPRIVATE_BLOB */

typedef CRYPT_INTEGER_BLOB CRYPT_UINT_BLOB, *PCRYPT_UINT_BLOB, CRYPT_DER_BLOB, *PCRYPT_DER_BLOB;

typedef struct _CRYPT_BIT_BLOB
{
	DWORD cbData;
	BYTE *pbData;
	DWORD cUnusedBits;
} CRYPT_BIT_BLOB, *PCRYPT_BIT_BLOB;

typedef struct _CERT_PUBLIC_KEY_INFO
{
	CRYPT_ALGORITHM_IDENTIFIER Algorithm;
	CRYPT_BIT_BLOB PublicKey;
} CERT_PUBLIC_KEY_INFO, *PCERT_PUBLIC_KEY_INFO;

typedef struct _CRYPT_PRIVATE_KEY_INFO
{
	DWORD Version;
	CRYPT_ALGORITHM_IDENTIFIER Algorithm;
	CRYPT_DER_BLOB PrivateKey;
	PCRYPT_ATTRIBUTES pAttributes;
} CRYPT_PRIVATE_KEY_INFO, *PCRYPT_PRIVATE_KEY_INFO;

typedef struct _CRYPT_ENCRYPTED_PRIVATE_KEY_INFO
{
	CRYPT_ALGORITHM_IDENTIFIER EncryptionAlgorithm;
	CRYPT_DATA_BLOB EncryptedPrivateKey;
} CRYPT_ENCRYPTED_PRIVATE_KEY_INFO, *PCRYPT_ENCRYPTED_PRIVATE_KEY_INFO;

typedef struct _CRYPT_SEQUENCE_OF_ANY
{
	DWORD cValue;
	PCRYPT_DER_BLOB rgValue;
} CRYPT_SEQUENCE_OF_ANY, *PCRYPT_SEQUENCE_OF_ANY;

#define CERT_DSS_R_LEN 20
#define CERT_DSS_S_LEN 20
#define CERT_DSS_SIGNATURE_LEN (CERT_DSS_R_LEN + CERT_DSS_S_LEN)

typedef struct _CERT_DSS_PARAMETERS
{
	CRYPT_UINT_BLOB p;
	CRYPT_UINT_BLOB q;
	CRYPT_UINT_BLOB g;
} CERT_DSS_PARAMETERS, *PCERT_DSS_PARAMETERS;

typedef struct _CERT_ECC_SIGNATURE
{
	CRYPT_UINT_BLOB r;
	CRYPT_UINT_BLOB s;
} CERT_ECC_SIGNATURE, *PCERT_ECC_SIGNATURE;

#define CRYPT_ECC_PRIVATE_KEY_INFO_v1 1
typedef struct _CRYPT_ECC_PRIVATE_KEY_INFO
{
	DWORD dwVersion;
	CRYPT_DER_BLOB PrivateKey; /* big-endian */
	LPSTR szCurveOid;          /* NULL: absent */
	CRYPT_BIT_BLOB PublicKey;  /* 04, x, y; cbData 0: absent */
} CRYPT_ECC_PRIVATE_KEY_INFO, *PCRYPT_ECC_PRIVATE_KEY_INFO;

typedef LPVOID(WINAPI *PFN_CRYPT_ALLOC)(size_t cbSize);
typedef VOID(WINAPI *PFN_CRYPT_FREE)(LPVOID pv);

typedef struct _CRYPT_DECODE_PARA
{
	DWORD cbSize;
	PFN_CRYPT_ALLOC pfnAlloc; /* NULL: LocalAlloc */
	PFN_CRYPT_FREE pfnFree;
} CRYPT_DECODE_PARA, *PCRYPT_DECODE_PARA;

typedef struct _CRYPT_ENCODE_PARA
{
	DWORD cbSize;
	PFN_CRYPT_ALLOC pfnAlloc;
	PFN_CRYPT_FREE pfnFree;
} CRYPT_ENCODE_PARA, *PCRYPT_ENCODE_PARA;

#define CRYPT_DECODE_NOCOPY_FLAG 0x1
#define CRYPT_DECODE_TO_BE_SIGNED_FLAG 0x2
#define CRYPT_DECODE_SHARE_OID_STRING_FLAG 0x4
#define CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG 0x8
#define CRYPT_DECODE_ALLOC_FLAG 0x8000
#define CRYPT_ENCODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG 0x8
#define CRYPT_ENCODE_ALLOC_FLAG 0x8000

#define CRYPT_OID_INFO_PUBKEY_SIGN_KEY_FLAG 0x80000000
#define CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG 0x40000000

/* ---- Forms of text ---- */

#define CRYPT_STRING_BASE64HEADER 0x00000000
#define CRYPT_STRING_BASE64 0x00000001
#define CRYPT_STRING_BINARY 0x00000002
#define CRYPT_STRING_BASE64REQUESTHEADER 0x00000003
#define CRYPT_STRING_HEX 0x00000004
#define CRYPT_STRING_HEXASCII 0x00000005
#define CRYPT_STRING_BASE64_ANY 0x00000006
#define CRYPT_STRING_ANY 0x00000007
#define CRYPT_STRING_HEX_ANY 0x00000008
#define CRYPT_STRING_BASE64X509CRLHEADER 0x00000009
#define CRYPT_STRING_HEXADDR 0x0000000a
#define CRYPT_STRING_HEXASCIIADDR 0x0000000b
#define CRYPT_STRING_HEXRAW 0x0000000c
#define CRYPT_STRING_BASE64URI 0x0000000d
#define CRYPT_STRING_STRICT 0x20000000
#define CRYPT_STRING_NOCRLF 0x40000000
#define CRYPT_STRING_NOCR 0x80000000

/* ---- Contexts without keys, hashes ---- */

#define PROV_RSA_FULL 1
#define PROV_RSA_AES 24

#define MS_DEF_PROV_A "Microsoft Base Cryptographic Provider v1.0"
#define MS_DEF_PROV_W L"Microsoft Base Cryptographic Provider v1.0"
#define MS_STRONG_PROV_A "Microsoft Strong Cryptographic Provider"
#define MS_STRONG_PROV_W L"Microsoft Strong Cryptographic Provider"
#define MS_ENHANCED_PROV_A "Microsoft Enhanced Cryptographic Provider v1.0"
#define MS_ENHANCED_PROV_W L"Microsoft Enhanced Cryptographic Provider v1.0"
#define MS_ENH_RSA_AES_PROV_A "Microsoft Enhanced RSA and AES Cryptographic Provider"
#define MS_ENH_RSA_AES_PROV_W L"Microsoft Enhanced RSA and AES Cryptographic Provider"

#define CALG_MD2 0x00008001
#define CALG_MD4 0x00008002
#define CALG_MD5 0x00008003
#define CALG_SHA 0x00008004
#define CALG_SHA1 CALG_SHA
#define CALG_SHA_256 0x0000800c
#define CALG_SHA_384 0x0000800d
#define CALG_SHA_512 0x0000800e

#define HP_ALGID 0x0001
#define HP_HASHVAL 0x0002
#define HP_HASHSIZE 0x0004

OPENCNG_BEGIN_C

/* Opens a context without keys, for hashes and random numbers. There are no key containers.
 *
 * phProv (out): a context for CryptReleaseContext. szContainer: NULL or empty. szProvider: NULL, or one of the MS_..._PROV names of the type, in any case.
 * dwProvType: PROV_RSA_FULL or PROV_RSA_AES. dwFlags: CRYPT_VERIFYCONTEXT, and beside it CRYPT_SILENT, CRYPT_MACHINE_KEYSET and CRYPT_DEFAULT_CONTAINER_OPTIONAL, which change nothing.
 *
 * Returns FALSE: NTE_BAD_KEYSET (no CRYPT_VERIFYCONTEXT, or a container is named), NTE_BAD_FLAGS (another flag; CRYPT_NEWKEYSET or CRYPT_DELETEKEYSET beside CRYPT_VERIFYCONTEXT),
 * NTE_BAD_PROV_TYPE (0, or above 999), NTE_PROV_TYPE_NOT_DEF (another type), NTE_KEYSET_NOT_DEF (another provider), NTE_PROV_TYPE_NO_MATCH (the provider's type is the other one),
 * ERROR_INVALID_PARAMETER (phProv is NULL), NTE_NO_MEMORY.
 *
 * Source: Microsoft Learn, CryptAcquireContextA.
 */
OPENCNG_API BOOL WINAPI CryptAcquireContextA(HCRYPTPROV *phProv, LPCSTR szContainer, LPCSTR szProvider, DWORD dwProvType, DWORD dwFlags);
OPENCNG_API BOOL WINAPI CryptAcquireContextW(HCRYPTPROV *phProv, LPCWSTR szContainer, LPCWSTR szProvider, DWORD dwProvType, DWORD dwFlags)
	OPENCNG_WIDE(CryptAcquireContextW);

/* Closes a context. Hashes that were made with it stay good until they are destroyed. dwFlags: 0; with another value the context is closed all the same.
 *
 * Returns FALSE: ERROR_INVALID_HANDLE; NTE_BAD_FLAGS.
 */
OPENCNG_API BOOL WINAPI CryptReleaseContext(HCRYPTPROV hProv, DWORD dwFlags);

/* Fills pbBuffer with dwLen random bytes; what was in it is not used.
 *
 * Returns FALSE: ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER (pbBuffer is NULL); NTE_FAIL.
 */
OPENCNG_API BOOL WINAPI CryptGenRandom(HCRYPTPROV hProv, DWORD dwLen, BYTE *pbBuffer);

/* Begins a hash.
 *
 * Algid: CALG_MD2, CALG_MD4, CALG_MD5 or CALG_SHA1; with PROV_RSA_AES also CALG_SHA_256, CALG_SHA_384 and CALG_SHA_512. hKey: 0. dwFlags: 0. phHash (out): for CryptDestroyHash.
 *
 * Returns FALSE: ERROR_INVALID_HANDLE; NTE_BAD_ALGID (another algorithm); NTE_BAD_KEY (there are no keys); NTE_BAD_FLAGS; ERROR_INVALID_PARAMETER (phHash is NULL); NTE_NO_MEMORY.
 *
 * Source: Microsoft Learn, CryptCreateHash and ALG_ID.
 */
OPENCNG_API BOOL WINAPI CryptCreateHash(HCRYPTPROV hProv, ALG_ID Algid, HCRYPTKEY hKey, DWORD dwFlags, HCRYPTHASH *phHash);

/* Adds dwDataLen bytes. dwFlags: 0.
 *
 * Returns FALSE: ERROR_INVALID_HANDLE; NTE_BAD_HASH_STATE (its value was read); NTE_BAD_FLAGS; ERROR_INVALID_PARAMETER (pbData is NULL).
 */
OPENCNG_API BOOL WINAPI CryptHashData(HCRYPTHASH hHash, const BYTE *pbData, DWORD dwDataLen, DWORD dwFlags);

/* Reads what a hash is.
 *
 * dwParam: HP_ALGID (an ALG_ID), HP_HASHSIZE (a DWORD: the size of the value in bytes) or HP_HASHVAL (the value; the first reading completes the hash, and it can be read again).
 * pbData (out): *pdwDataLen bytes; NULL asks for the size and completes nothing. pdwDataLen: bytes needed or written. dwFlags: 0.
 *
 * Returns FALSE: ERROR_INVALID_HANDLE; ERROR_MORE_DATA (too small; *pdwDataLen tells the size); NTE_BAD_TYPE (another parameter); NTE_BAD_FLAGS; ERROR_INVALID_PARAMETER (pdwDataLen is NULL).
 *
 * Source: Microsoft Learn, CryptGetHashParam.
 */
OPENCNG_API BOOL WINAPI CryptGetHashParam(HCRYPTHASH hHash, DWORD dwParam, BYTE *pbData, DWORD *pdwDataLen, DWORD dwFlags);

/* Ends a hash. FALSE: ERROR_INVALID_HANDLE. */
OPENCNG_API BOOL WINAPI CryptDestroyHash(HCRYPTHASH hHash);

/* Decodes DER into a structure and what it points to, all in one block.
 *
 * dwCertEncodingType: X509_ASN_ENCODING or PKCS_7_ASN_ENCODING, or both. lpszStructType: a number of the list above, or an object identifier as text.
 * pbEncoded: cbEncoded bytes; what follows the element is ignored.
 * dwFlags: CRYPT_DECODE_ALLOC_FLAG: pvStructInfo is the address of a pointer that receives the block, for LocalFree (or pDecodePara->pfnFree).
 * CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG: X509_DSS_SIGNATURE stays big-endian. CRYPT_DECODE_NOCOPY_FLAG and CRYPT_DECODE_SHARE_OID_STRING_FLAG are accepted; everything is
 * copied. CRYPT_DECODE_TO_BE_SIGNED_FLAG is accepted and means nothing here.
 * pDecodePara: NULL, or functions to allocate with. pvStructInfo (out): *pcbStructInfo bytes; NULL asks for the size. pcbStructInfo: bytes needed or used.
 *
 * Returns FALSE: ERROR_FILE_NOT_FOUND (the type is not in the list, or another encoding), ERROR_MORE_DATA (too small; *pcbStructInfo tells the size), CRYPT_E_ASN1_EOD (it ends in
 * the middle of an element), CRYPT_E_ASN1_BADTAG (another type stands there), CRYPT_E_ASN1_CORRUPT (otherwise no DER), CRYPT_E_ASN1_LARGE (a number is larger than the structure takes),
 * E_INVALIDARG (a NULL pointer or unknown flag), E_OUTOFMEMORY.
 *
 * Source: Microsoft Learn, CryptDecodeObjectEx and "Constants for CryptEncodeObject and CryptDecodeObject".
 */
OPENCNG_API BOOL WINAPI CryptDecodeObjectEx(DWORD dwCertEncodingType, LPCSTR lpszStructType, const BYTE *pbEncoded, DWORD cbEncoded, DWORD dwFlags,
											PCRYPT_DECODE_PARA pDecodePara, void *pvStructInfo, DWORD *pcbStructInfo);

/* The same without pDecodePara; CRYPT_DECODE_ALLOC_FLAG is E_INVALIDARG. */
OPENCNG_API BOOL WINAPI CryptDecodeObject(DWORD dwCertEncodingType, LPCSTR lpszStructType, const BYTE *pbEncoded, DWORD cbEncoded, DWORD dwFlags, void *pvStructInfo,
										  DWORD *pcbStructInfo);

/* Encodes a structure as DER.
 *
 * lpszStructType, pvStructInfo: as above. dwFlags: CRYPT_ENCODE_ALLOC_FLAG: pvEncoded is the address of a pointer that receives the bytes, for LocalFree (or pEncodePara->pfnFree).
 * CRYPT_ENCODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG: as above. pvEncoded (out): *pcbEncoded bytes; NULL asks for the size. pcbEncoded: bytes needed or written.
 *
 * Returns FALSE: ERROR_FILE_NOT_FOUND, ERROR_MORE_DATA, E_INVALIDARG as above; CRYPT_E_BAD_ENCODE: the structure holds what cannot be encoded (an object identifier that is none, a blob
 * whose numbers do not add up).
 *
 * Source: Microsoft Learn, CryptEncodeObjectEx.
 */
OPENCNG_API BOOL WINAPI CryptEncodeObjectEx(DWORD dwCertEncodingType, LPCSTR lpszStructType, const void *pvStructInfo, DWORD dwFlags, PCRYPT_ENCODE_PARA pEncodePara,
											void *pvEncoded, DWORD *pcbEncoded);
OPENCNG_API BOOL WINAPI CryptEncodeObject(DWORD dwCertEncodingType, LPCSTR lpszStructType, const void *pvStructInfo, BYTE *pbEncoded, DWORD *pcbEncoded);

/* Makes a key of bcrypt.h of a public key as certificates carry it: RSA, or EC on a named curve.
 *
 * dwCertEncodingType: X509_ASN_ENCODING. pInfo: what X509_PUBLIC_KEY_INFO decodes to. dwFlags: CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG makes an ECDH key of an EC key, which is an ECDSA
 * key otherwise; CRYPT_OID_INFO_PUBKEY_SIGN_KEY_FLAG says so. pvAuxInfo: NULL. phKey (out): a key for BCryptDestroyKey.
 *
 * Returns FALSE: ERROR_FILE_NOT_FOUND (another algorithm or curve), E_INVALIDARG, CRYPT_E_ASN1_... (the key inside is no DER), or the status of BCryptImportKeyPair as the last error.
 *
 * Source: Microsoft Learn, CryptImportPublicKeyInfoEx2.
 */
OPENCNG_API BOOL WINAPI CryptImportPublicKeyInfoEx2(DWORD dwCertEncodingType, PCERT_PUBLIC_KEY_INFO pInfo, DWORD dwFlags, void *pvAuxInfo, BCRYPT_KEY_HANDLE *phKey);

/* Bytes from text.
 *
 * pszString: cchString characters, or up to the NUL when that is 0. dwFlags: one CRYPT_STRING_ form; the three HEADER forms take any label and skip what stands before it; BASE64_ANY, ANY and
 * HEX_ANY try one after the other. HEX takes digits with white space between the bytes or without. CRYPT_STRING_STRICT: nothing but white space may follow base64; without it the rest after a "=" is ignored.
 * pbBinary (out): *pcbBinary bytes; NULL asks for the size. pcbBinary: bytes needed or written. pdwSkip (out, optional): characters before the header. pdwFlags (out, optional): the form.
 *
 * Returns FALSE: ERROR_INVALID_DATA (not of this form), ERROR_MORE_DATA (too small), ERROR_INVALID_PARAMETER (a NULL pointer).
 *
 * Source: Microsoft Learn, CryptStringToBinaryA.
 */
OPENCNG_API BOOL WINAPI CryptStringToBinaryA(LPCSTR pszString, DWORD cchString, DWORD dwFlags, BYTE *pbBinary, DWORD *pcbBinary, DWORD *pdwSkip, DWORD *pdwFlags);
OPENCNG_API BOOL WINAPI CryptStringToBinaryW(LPCWSTR pszString, DWORD cchString, DWORD dwFlags, BYTE *pbBinary, DWORD *pcbBinary, DWORD *pdwSkip, DWORD *pdwFlags)
	OPENCNG_WIDE(CryptStringToBinaryW);

/* Text from bytes, with a NUL (but for CRYPT_STRING_BINARY) and, unless CRYPT_STRING_NOCRLF says otherwise, a line end after 64 characters of base64, 16 bytes of hex and
 * at the end: CR and LF, or LF with CRYPT_STRING_NOCR.
 *
 * pbBinary: cbBinary bytes. dwFlags: a form other than the ANY ones. pszString (out): *pcchString characters; NULL asks for the size. pcchString: characters needed with the NUL, or
 * written without it.
 *
 * Returns FALSE: ERROR_MORE_DATA (too small; *pcchString tells the size), ERROR_INVALID_PARAMETER (a NULL pointer, another form).
 *
 * Source: Microsoft Learn, CryptBinaryToStringA.
 */
OPENCNG_API BOOL WINAPI CryptBinaryToStringA(const BYTE *pbBinary, DWORD cbBinary, DWORD dwFlags, LPSTR pszString, DWORD *pcchString);
OPENCNG_API BOOL WINAPI CryptBinaryToStringW(const BYTE *pbBinary, DWORD cbBinary, DWORD dwFlags, LPWSTR pszString, DWORD *pcchString) OPENCNG_WIDE(CryptBinaryToStringW);

OPENCNG_END_C

#ifdef UNICODE
#define MS_DEF_PROV MS_DEF_PROV_W
#define MS_STRONG_PROV MS_STRONG_PROV_W
#define MS_ENHANCED_PROV MS_ENHANCED_PROV_W
#define MS_ENH_RSA_AES_PROV MS_ENH_RSA_AES_PROV_W
#define CryptAcquireContext CryptAcquireContextW
#define CryptStringToBinary CryptStringToBinaryW
#define CryptBinaryToString CryptBinaryToStringW
#else
#define MS_DEF_PROV MS_DEF_PROV_A
#define MS_STRONG_PROV MS_STRONG_PROV_A
#define MS_ENHANCED_PROV MS_ENHANCED_PROV_A
#define MS_ENH_RSA_AES_PROV MS_ENH_RSA_AES_PROV_A
#define CryptAcquireContext CryptAcquireContextA
#define CryptStringToBinary CryptStringToBinaryA
#define CryptBinaryToString CryptBinaryToStringA
#endif

#endif /* __WINCRYPT_H__ */
