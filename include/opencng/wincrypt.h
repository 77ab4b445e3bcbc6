/* wincrypt.h: the few names of CryptoAPI that callers of CNG use. No functions, and none of the certificate and message names,
 * many of which collide with other Linux headers.
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

#endif /* __WINCRYPT_H__ */
