/* ntsecapi.h: a status as a Win32 code, and random bytes. In libwincompat. */
#ifndef _NTSECAPI_
#define _NTSECAPI_

#include "windef.h"

OPENCNG_BEGIN_C

/* The same as RtlNtStatusToDosError (winternl.h). */
OPENCNG_API ULONG WINAPI LsaNtStatusToWinError(NTSTATUS Status);

/* Fills RandomBufferLength bytes from the system's generator, through BCryptGenRandom. Returns FALSE for a NULL buffer that should hold something. */
OPENCNG_API BOOLEAN WINAPI SystemFunction036(PVOID RandomBuffer, ULONG RandomBufferLength);
#define RtlGenRandom SystemFunction036

OPENCNG_END_C

#endif /* _NTSECAPI_ */
