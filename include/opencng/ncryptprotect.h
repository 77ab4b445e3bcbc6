/* ncryptprotect.h: DPAPI-NG, secrets protected to a rule ("SID=...", "LOCAL=user"). Types and constants. */
#ifndef __NCRYPTPROTECT_H__
#define __NCRYPTPROTECT_H__

#include "ncrypt.h"

DECLARE_HANDLE(NCRYPT_DESCRIPTOR_HANDLE);
DECLARE_HANDLE(NCRYPT_STREAM_HANDLE);

#define NCRYPT_DESCR_DELIMITER_OR L"OR"
#define NCRYPT_DESCR_DELIMITER_AND L"AND"
#define NCRYPT_DESCR_EQUAL L"="
#define MS_KEY_PROTECTION_PROVIDER L"Microsoft Key Protection Provider"
#define NCRYPT_KEY_PROTECTION_ALGORITHM_SID L"SID"
#define NCRYPT_KEY_PROTECTION_ALGORITHM_LOCAL L"LOCAL"
#define NCRYPT_KEY_PROTECTION_LOCAL_LOGON L"logon"
#define NCRYPT_KEY_PROTECTION_LOCAL_USER L"user"
#define NCRYPT_KEY_PROTECTION_LOCAL_MACHINE L"machine"
#define NCRYPT_KEY_PROTECTION_ALGORITHM_SDDL L"SDDL"
#define NCRYPT_KEY_PROTECTION_ALGORITHM_WEBCREDENTIALS L"WEBCREDENTIALS"
#define NCRYPT_KEY_PROTECTION_ALGORITHM_LOCKEDCREDENTIALS L"LOCKEDCREDENTIALS"
#define NCRYPT_KEY_PROTECTION_ALGORITHM_CERTIFICATE L"CERTIFICATE"
#define NCRYPT_KEY_PROTECTION_CERT_HASHID L"HashId"
#define NCRYPT_KEY_PROTECTION_CERT_CERTBLOB L"CertBlob"
#define NCRYPT_NAMED_DESCRIPTOR_FLAG 0x00000001
#define NCRYPT_PROTECTION_INFO_TYPE_DESCRIPTOR_STRING 0x00000001
#define NCRYPT_UNPROTECT_NO_DECRYPT 0x00000001

/* Receives the output of a stream, piece by piece; fFinal tells the last. Anything but ERROR_SUCCESS ends the stream. */
typedef SECURITY_STATUS(WINAPI *PFNCryptStreamOutputCallback)(void *pvCallbackCtxt, const BYTE *pbData, SIZE_T cbData, BOOL fFinal);

typedef struct NCRYPT_PROTECT_STREAM_INFO
{
	PFNCryptStreamOutputCallback pfnStreamOutput;
	void *pvCallbackCtxt;
} NCRYPT_PROTECT_STREAM_INFO;

/* The same with the descriptor found in the protected data. */
typedef SECURITY_STATUS(WINAPI *PFNCryptStreamOutputCallbackEx)(void *pvCallbackCtxt, const BYTE *pbData, SIZE_T cbData,
                                                                NCRYPT_DESCRIPTOR_HANDLE hDescriptor, BOOL fFinal);

typedef struct NCRYPT_PROTECT_STREAM_INFO_EX
{
	PFNCryptStreamOutputCallbackEx pfnStreamOutput;
	void *pvCallbackCtxt;
} NCRYPT_PROTECT_STREAM_INFO_EX;

#endif /* __NCRYPTPROTECT_H__ */
