/* ncryptprotect.h: data protected to a rule ("LOCAL=user", "CERTIFICATE=CertBlob:..."), as Windows' DPAPI-NG does.
 *
 * A rule is an OR of groups, a group is an AND of terms; OR and AND are words of their own, in upper case, and AND binds tighter. Any group suffices; in it every
 * term is needed. Terms, whose names compare without regard to case:
 *
 *   LOCAL=user             who may open the user's key store
 *   LOCAL=machine          who may open the machine's key store
 *   LOCAL=logon            this login session ($XDG_RUNTIME_DIR); gone with it
 *   CERTIFICATE=CertBlob:  and a certificate of an RSA key in base64: who has its private key in the key store of the user or the machine
 *   CERTIFICATE=HashId:    and a SHA-1 in 40 hexadecimal digits: there is no certificate store here, so nothing can be protected so (NTE_NOT_FOUND)
 *   SID=, SDDL=, WEBCREDENTIALS=, LOCKEDCREDENTIALS=   need a domain or Windows' credential vault: NTE_NOT_SUPPORTED
 *
 * In an attribute \ stands in front of " + , ; < > # = a blank, itself, or two hexadecimal digits; one that starts with # is pairs of hexadecimal digits.
 */
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

/* ---- Functions ----
 *
 * Statuses that every function has, and which are not repeated below:
 *
 * NTE_INVALID_HANDLE: a handle that is 0, closed, of another kind, or made up.
 * NTE_INVALID_PARAMETER: a required pointer is NULL; a pMemPara whose cbSize is not sizeof(NCRYPT_ALLOC_PARA), or that lacks a function.
 * NTE_BAD_FLAGS: a flag that is not named.
 * NTE_NO_MEMORY: memory is exhausted.
 *
 * Where pMemPara is NULL, memory comes from malloc, for free(). hWnd is not used: nobody is asked, and NCRYPT_SILENT_FLAG changes nothing. A key store that opens
 * with a passphrase only protects nothing to LOCAL=user and LOCAL=machine: these functions have no way to be told it.
 */

OPENCNG_BEGIN_C

/* Gives a rule a name, or takes it away.
 *
 * pwszName (in): the name, 1 to 512 characters; the case of ASCII letters does not count. What has the name already is replaced.
 * pwszDescriptorString (in, optional): the rule, up to 65536 characters. NULL or empty: the name is removed.
 * dwFlags: 0: the user's names; NCRYPT_MACHINE_KEY_FLAG: the machine's.
 *
 * NTE_BAD_PROVIDER, NTE_INVALID_PARAMETER, NTE_NOT_SUPPORTED: the rule could not be used, as with NCryptCreateProtectionDescriptor; a name that is too long for a file.
 * NTE_NOT_FOUND: there is no such name to be removed.
 * NTE_PERM: the system refuses, or the owner or mode of a folder or file is not safe.
 *
 * Source: Microsoft Learn, NCryptRegisterProtectionDescriptorName; that the rule is looked at is this library's choice.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptRegisterProtectionDescriptorName(LPCWSTR pwszName, LPCWSTR pwszDescriptorString, DWORD dwFlags)
	OPENCNG_WIDE(NCryptRegisterProtectionDescriptorName);

/* Tells the rule that has a name.
 *
 * pwszName (in): the name.
 * pwszDescriptorString (out, optional): room for the rule; NULL asks for its length.
 * pcDescriptorString (in, out): characters, the NUL included: room for so many, then so many needed or written. 0 asks too.
 * dwFlags: as with NCryptRegisterProtectionDescriptorName.
 *
 * NTE_BUFFER_TOO_SMALL: *pcDescriptorString tells the length.
 * NTE_NOT_FOUND: there is no such name.
 *
 * Source: Microsoft Learn, NCryptQueryProtectionDescriptorName; the status of a small buffer is this library's choice.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptQueryProtectionDescriptorName(LPCWSTR pwszName, LPWSTR pwszDescriptorString, SIZE_T *pcDescriptorString, DWORD dwFlags)
	OPENCNG_WIDE(NCryptQueryProtectionDescriptorName);

/* Reads a rule.
 *
 * pwszDescriptorString (in): the rule, 1 to 65536 characters and up to 64 terms; with NCRYPT_NAMED_DESCRIPTOR_FLAG the name of one.
 * dwFlags: 0, NCRYPT_NAMED_DESCRIPTOR_FLAG, and with it NCRYPT_MACHINE_KEY_FLAG: the machine's name.
 * phDescriptor (out): the rule, for NCryptCloseProtectionDescriptor.
 *
 * NTE_BAD_PROVIDER: a term of a name that is not known.
 * NTE_INVALID_PARAMETER: also a malformed rule.
 * NTE_NOT_FOUND: there is no such name.
 * NTE_NOT_SUPPORTED: a term that needs what there is not here, as told above; a certificate whose key is not RSA's.
 *
 * Source: Microsoft Learn, NCryptCreateProtectionDescriptor; the statuses of rules are this library's choice.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptCreateProtectionDescriptor(LPCWSTR pwszDescriptorString, DWORD dwFlags, NCRYPT_DESCRIPTOR_HANDLE *phDescriptor)
	OPENCNG_WIDE(NCryptCreateProtectionDescriptor);

/* Closes a rule.
 *
 * hDescriptor (in): the rule.
 *
 * Source: Microsoft Learn, NCryptCloseProtectionDescriptor.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptCloseProtectionDescriptor(NCRYPT_DESCRIPTOR_HANDLE hDescriptor);

/* Tells a rule in words.
 *
 * hDescriptor (in): the rule.
 * pMemPara (in, optional): where memory comes from.
 * dwInfoType: NCRYPT_PROTECTION_INFO_TYPE_DESCRIPTOR_STRING.
 * ppvInfo (out): the rule, an LPWSTR with its NUL; NULL after a failure.
 *
 * NTE_NOT_SUPPORTED: another dwInfoType.
 *
 * Source: Microsoft Learn, NCryptGetProtectionDescriptorInfo.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptGetProtectionDescriptorInfo(NCRYPT_DESCRIPTOR_HANDLE hDescriptor, const NCRYPT_ALLOC_PARA *pMemPara, DWORD dwInfoType,
                                                                     void **ppvInfo) OPENCNG_WIDE(NCryptGetProtectionDescriptorInfo);

/* Protects data to a rule. The same data give other bytes each time.
 *
 * hDescriptor (in): the rule.
 * dwFlags: 0, NCRYPT_SILENT_FLAG.
 * pbData (in), cbData: the data, at least 1 byte.
 * pMemPara (in, optional): where memory comes from. hWnd: not used.
 * ppbProtectedBlob (out), pcbProtectedBlob (out): what NCryptUnprotectSecret takes.
 *
 * NTE_ENCRYPTION_FAILURE: a protector could not do its part; CngStoreExplain may say why.
 * NTE_INVALID_PARAMETER: also no data.
 * NTE_NOT_FOUND: a certificate of which only the hash is told.
 * NTE_NOT_SUPPORTED: a rule out of data of Windows' that needs what there is not here; LOCAL=logon outside a login session.
 *
 * Source: Microsoft Learn, NCryptProtectSecret; NTE_ENCRYPTION_FAILURE as observed on Windows.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptProtectSecret(NCRYPT_DESCRIPTOR_HANDLE hDescriptor, DWORD dwFlags, const BYTE *pbData, ULONG cbData,
                                                       const NCRYPT_ALLOC_PARA *pMemPara, HWND hWnd, BYTE **ppbProtectedBlob, ULONG *pcbProtectedBlob);

/* Opens protected data, those of a stream too.
 *
 * phDescriptor (out, optional): the rule, for NCryptCloseProtectionDescriptor.
 * dwFlags: 0, NCRYPT_SILENT_FLAG; NCRYPT_UNPROTECT_NO_DECRYPT: only the rule is read, which may then be anybody's; ppbData and pcbData may be NULL and are set to
 *   NULL and 0.
 * pbProtectedBlob (in), cbProtectedBlob: the protected data.
 * pMemPara (in, optional): where memory comes from. hWnd: not used.
 * ppbData (out), pcbData (out): the data.
 *
 * NTE_BAD_DATA: these are no protected data.
 * NTE_DECRYPTION_FAILURE: they are for somebody else, or were changed.
 *
 * Source: Microsoft Learn, NCryptUnprotectSecret; NTE_BAD_DATA is this library's choice.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptUnprotectSecret(NCRYPT_DESCRIPTOR_HANDLE *phDescriptor, DWORD dwFlags, const BYTE *pbProtectedBlob, ULONG cbProtectedBlob,
                                                         const NCRYPT_ALLOC_PARA *pMemPara, HWND hWnd, BYTE **ppbData, ULONG *pcbData);

/* Opens a stream that protects what goes into it. It needs the memory of a segment of 64 KiB, whatever its length.
 *
 * hDescriptor (in): the rule; it may be closed before the stream.
 * dwFlags: 0, NCRYPT_SILENT_FLAG. hWnd: not used.
 * pStreamInfo (in): whom the protected data are given to; copied.
 * phStream (out): the stream, for NCryptStreamUpdate and NCryptStreamClose.
 *
 * Statuses of protectors: as with NCryptProtectSecret.
 *
 * Source: Microsoft Learn, NCryptStreamOpenToProtect.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptStreamOpenToProtect(NCRYPT_DESCRIPTOR_HANDLE hDescriptor, DWORD dwFlags, HWND hWnd, NCRYPT_PROTECT_STREAM_INFO *pStreamInfo,
                                                             NCRYPT_STREAM_HANDLE *phStream);

/* Opens a stream that opens protected data. What was protected as a stream comes out segment by segment, each after it was authenticated; whether the end was cut off
 * is known at the end only. What NCryptProtectSecret made is held back until all of it was authenticated.
 *
 * pStreamInfo (in): whom the data are given to; copied.
 * dwFlags: 0, NCRYPT_SILENT_FLAG. hWnd: not used.
 * phStream (out): the stream, for NCryptStreamUpdate and NCryptStreamClose.
 *
 * Source: Microsoft Learn, NCryptStreamOpenToUnprotect.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptStreamOpenToUnprotect(NCRYPT_PROTECT_STREAM_INFO *pStreamInfo, DWORD dwFlags, HWND hWnd, NCRYPT_STREAM_HANDLE *phStream);

/* The same with a callback that is told the rule: first alone, without data, even if the data are for somebody else, then with each piece. The rule's handle is
 * the stream's and closed with it.
 *
 * pStreamInfo (in), dwFlags, hWnd, phStream (out): as above.
 *
 * Source: Microsoft Learn, NCryptStreamOpenToUnprotectEx; whose the handle is is this library's choice.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptStreamOpenToUnprotectEx(NCRYPT_PROTECT_STREAM_INFO_EX *pStreamInfo, DWORD dwFlags, HWND hWnd, NCRYPT_STREAM_HANDLE *phStream);

/* Puts data into a stream; what comes out goes to its callback before this returns.
 *
 * hStream (in): the stream.
 * pbData (in), cbData: the data, which may be empty.
 * fFinal: they are the last. The callback is called once with fFinal then.
 *
 * A status that the callback returns, other than ERROR_SUCCESS, is returned here. After a failure the stream returns it for ever.
 *
 * NTE_BAD_DATA: these are no protected data, or they are cut.
 * NTE_DECRYPTION_FAILURE: they are for somebody else, or were changed.
 * NTE_INVALID_PARAMETER: also data after the last, and a second update while one is going on, from a callback or another thread.
 *
 * Source: Microsoft Learn, NCryptStreamUpdate.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptStreamUpdate(NCRYPT_STREAM_HANDLE hStream, const BYTE *pbData, SIZE_T cbData, BOOL fFinal);

/* Closes a stream.
 *
 * hStream (in): the stream, ended or not.
 *
 * Source: Microsoft Learn, NCryptStreamClose.
 */
OPENCNG_API SECURITY_STATUS WINAPI NCryptStreamClose(NCRYPT_STREAM_HANDLE hStream);

OPENCNG_END_C

#endif /* __NCRYPTPROTECT_H__ */
