/* sysinfoapi.h: clocks, and where the system's libraries are. In libwincompat. */
#ifndef _SYSINFOAPI_H_
#define _SYSINFOAPI_H_

#include "windef.h"

typedef struct _SYSTEMTIME
{
	WORD wYear;
	WORD wMonth;
	WORD wDayOfWeek;
	WORD wDay;
	WORD wHour;
	WORD wMinute;
	WORD wSecond;
	WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

OPENCNG_BEGIN_C

/* The time, in units of 100 ns since 1601, UTC. */
OPENCNG_API VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime);
OPENCNG_API VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime);

/* Milliseconds since the machine started. */
OPENCNG_API ULONGLONG WINAPI GetTickCount64(VOID);
OPENCNG_API DWORD WINAPI GetTickCount(VOID);

/* Writes "/usr/lib". Programs put it in front of the name of a library; LoadLibrary ignores it (libloaderapi.h).
 *
 * lpBuffer (out): uSize characters; NULL asks for the size. Returns the characters written without the NUL, or, when they do not fit, those needed with it.
 */
OPENCNG_API UINT WINAPI GetSystemDirectoryA(LPSTR lpBuffer, UINT uSize);
OPENCNG_API UINT WINAPI GetSystemDirectoryW(LPWSTR lpBuffer, UINT uSize) OPENCNG_WIDE(GetSystemDirectoryW);

OPENCNG_END_C

#ifdef UNICODE
#define GetSystemDirectory GetSystemDirectoryW
#else
#define GetSystemDirectory GetSystemDirectoryA
#endif

#endif /* _SYSINFOAPI_H_ */
