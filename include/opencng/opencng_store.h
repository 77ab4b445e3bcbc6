/* opencng_store.h: care of the key store on Linux. Not part of Windows' CNG.
 *
 * Programs that use keys need nothing of this: ncrypt.h finds, makes and uses them. These functions are for those who look after a store: who
 * opens it (slots), replacing the key that all keys are sealed under (rotation), finding damage (check), and what to do about a refusal
 * (explanation). `cng store` is made of them.
 *
 * Texts are UTF-8 and end with a NUL. Functions take a scope, CNG_STORE_USER or CNG_STORE_MACHINE, and keep nothing open. Any thread may call any function.
 *
 * Statuses of all functions, beside those that a function names:
 *
 * NTE_INVALID_PARAMETER: an unknown scope, a pointer that is NULL and may not be, a name that cannot be.
 * NTE_PERM: the system refuses, or an owner or mode is not safe.
 * NTE_BAD_DATA: a file is damaged. NTE_BAD_VER: it was made by a newer version.
 * NTE_UI_REQUIRED: only a passphrase opens the store, and none was given. NTE_INCORRECT_PASSWORD: it opens no slot.
 * NTE_DECRYPTION_FAILURE: no slot gives the KEK.
 * NTE_NO_MEMORY, and HRESULTs of Windows' file errors (ERROR_DISK_FULL, ERROR_WRITE_FAULT, ...): what the system said.
 */
#ifndef OPENCNG_STORE_H
#define OPENCNG_STORE_H

#include "bcrypt.h"

#define CNG_STORE_USER 1
#define CNG_STORE_MACHINE 2

/* Bytes; not terminated. cb 0: none. */
typedef struct _CNG_STORE_BYTES
{
	const void *pv;
	SIZE_T cb;
} CNG_STORE_BYTES;

/* A slot: one way to open the store. */
typedef struct _CNG_STORE_SLOT
{
	const char *Name;
	const char *Type;        /* "file", "credential", "passphrase"; "" when it is damaged */
	const char *Description; /* for people */
	ULONGLONG Created;       /* FILETIME */
	BOOL Damaged;            /* only the name is known */
} CNG_STORE_SLOT;

/* A slot that is wanted. Members that do not go with the type are ignored. */
typedef struct _CNG_STORE_SLOT_PARAMETERS
{
	const char *Name;           /* 1 to 32 of a-z A-Z 0-9 - _ */
	const char *Type;           /* "file", "credential", "passphrase" */
	CNG_STORE_BYTES Passphrase; /* "passphrase": not empty */
	const char *Credential;     /* "credential": the file in $CREDENTIALS_DIRECTORY; NULL: "opencng" */
	ULONG ScryptLog2N;          /* "passphrase": 10 to 18, for 2^N; 0: 17 */
} CNG_STORE_SLOT_PARAMETERS;

/* What a check finds at a file. */
typedef struct _CNG_STORE_FINDING
{
	const char *Path;
	SECURITY_STATUS Status; /* why the file cannot be used; ERROR_SUCCESS: a leftover, which was removed */
	const char *Problem;    /* a sentence */
} CNG_STORE_FINDING;

typedef struct _CNG_STORE_REPORT
{
	SIZE_T Keys;       /* files of keys that are good */
	SIZE_T Damaged;    /* files that are not */
	SIZE_T Leftovers;  /* of killed programs, removed */
	SIZE_T Slots;      /* good slots; those that ask for a passphrase are not opened */
	BOOL Sealed;       /* the KEK could not be had: private parts were not verified */
	BOOL Rotating;     /* a rotation waits to be continued */
} CNG_STORE_REPORT;

/* The last refusal of this thread by any function of libncrypt. */
typedef struct _CNG_STORE_EXPLANATION
{
	const char *Path;       /* what it is about; may be "" */
	const char *Problem;    /* what is wrong with it; "": there was no refusal */
	const char *Remedy;     /* what to do; may be "" */
	SECURITY_STATUS Status; /* of the refusal: another status than the one in hand has another cause */
} CNG_STORE_EXPLANATION;

/* FALSE ends the enumeration. The slot lives until the function returns. */
typedef BOOL(WINAPI *CNG_STORE_SLOT_CALLBACK)(const CNG_STORE_SLOT *pSlot, void *pvContext);

/* FALSE stops; done and total count files, and total may grow. */
typedef BOOL(WINAPI *CNG_STORE_PROGRESS_CALLBACK)(SIZE_T cDone, SIZE_T cTotal, void *pvContext);

/* Gives a slot's passphrase: fills *pPassphrase, which must stay good until the next call. A status < 0 ends the rotation with it. */
typedef SECURITY_STATUS(WINAPI *CNG_STORE_ASK_CALLBACK)(const char *pszSlot, CNG_STORE_BYTES *pPassphrase, void *pvContext);

typedef void(WINAPI *CNG_STORE_FINDING_CALLBACK)(const CNG_STORE_FINDING *pFinding, void *pvContext);

OPENCNG_BEGIN_C

/* Tells what the last refusal of this thread was about.
 *
 * pExplanation (out): texts that live until this thread's next refusal.
 *
 * Successful calls leave the explanation alone: ask after a status < 0.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreExplain(CNG_STORE_EXPLANATION *pExplanation);

/* Tells where a scope's folders are, whether they exist or not.
 *
 * pszKeys, pszSlots (out, optional): of cchPath bytes each.
 *
 * NTE_BUFFER_TOO_SMALL: a path is longer than that; nothing was written.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreGetFolders(ULONG dwScope, char *pszKeys, char *pszSlots, SIZE_T cchPath);

/* Calls pfnSlot for every slot of the KEK in force, in no order. */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreEnumSlots(ULONG dwScope, CNG_STORE_SLOT_CALLBACK pfnSlot, void *pvContext);

/* Adds a slot. A store without a KEK gets one, with this slot as its only one.
 *
 * pPassphrase (in, optional): opens the store as it is, where only a passphrase does.
 *
 * NTE_EXISTS: there is a slot of that name.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreAddSlot(ULONG dwScope, const CNG_STORE_BYTES *pPassphrase, const CNG_STORE_SLOT_PARAMETERS *pSlot);

/* Replaces the slot of that name by another, in one step. The old one's bytes are overwritten, as far as that helps.
 *
 * NTE_NOT_FOUND: there is none of that name.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreChangeSlot(ULONG dwScope, const CNG_STORE_BYTES *pPassphrase, const CNG_STORE_SLOT_PARAMETERS *pSlot);

/* Removes a slot.
 *
 * NTE_NOT_FOUND: there is none of that name. NTE_PERM: also for the last one that is good.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreRemoveSlot(ULONG dwScope, const char *pszName);

/* Replaces the KEK and seals every key under the new one. Keys can be used meanwhile; what was interrupted is continued by the next call.
 *
 * pfnAsk (in, optional): gives the passphrases; every slot has to be opened.
 * pfnProgress (in, optional): called after each file.
 *
 * NTE_BAD_DATA: files that cannot be unsealed keep the old KEK in force beside the new one; mend or delete them and call again.
 * NTE_USER_CANCELLED: pfnProgress said FALSE.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreRotate(ULONG dwScope, CNG_STORE_ASK_CALLBACK pfnAsk, CNG_STORE_PROGRESS_CALLBACK pfnProgress, void *pvContext);

/* Reads every file of a store, verifies what can be verified, and removes what killed programs left behind.
 *
 * pPassphrase (in, optional): opens the store, where only a passphrase does.
 * pfnFinding, pfnProgress (in, optional): called for each finding, and after each file.
 * pReport (out): the sum of it. A damaged file is no failure of the check.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreCheck(ULONG dwScope, const CNG_STORE_BYTES *pPassphrase, CNG_STORE_FINDING_CALLBACK pfnFinding,
                                                 CNG_STORE_PROGRESS_CALLBACK pfnProgress, void *pvContext, CNG_STORE_REPORT *pReport);

/* Deletes a key's file by its Unique Name, whatever is in it: for keys that are damaged and cannot be opened.
 *
 * NTE_BAD_KEYSET: there is no such file, or the name is no Unique Name.
 */
OPENCNG_API SECURITY_STATUS WINAPI CngStoreDeleteFile(ULONG dwScope, const char *pszUniqueName);

OPENCNG_END_C

#endif /* OPENCNG_STORE_H */
