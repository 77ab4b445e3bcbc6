/* winternl.h: NT_SUCCESS and its kin, UNICODE_STRING, and a status as a Win32 code. windows.h and bcrypt.h do not define NT_SUCCESS. */
#ifndef _WINTERNL_
#define _WINTERNL_

#include "windef.h"

typedef struct _UNICODE_STRING
{
	USHORT Length;
	USHORT MaximumLength;
	PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

#ifndef NT_SUCCESS
#define NT_SUCCESS(Status) (((NTSTATUS)(Status)) >= 0)
#endif
#ifndef NT_INFORMATION
#define NT_INFORMATION(Status) ((((ULONG)(Status)) >> 30) == 1)
#endif
#ifndef NT_WARNING
#define NT_WARNING(Status) ((((ULONG)(Status)) >> 30) == 2)
#endif
#ifndef NT_ERROR
#define NT_ERROR(Status) ((((ULONG)(Status)) >> 30) == 3)
#endif

OPENCNG_BEGIN_C

/* The Win32 code that says what an NTSTATUS says; ERROR_MR_MID_NOT_FOUND for a status that this project does not know. An HRESULT made by HRESULT_FROM_WIN32 gives its
 * code. In libwincompat.
 *
 * Source: Microsoft Learn, RtlNtStatusToDosError.
 */
OPENCNG_API ULONG WINAPI RtlNtStatusToDosError(NTSTATUS Status);

OPENCNG_END_C

#endif /* _WINTERNL_ */
