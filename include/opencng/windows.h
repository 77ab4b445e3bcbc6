/* windows.h: the small part of Windows that callers of CNG use: types, macros and status codes.
 *
 * As on Windows, the C library's wide functions (wcslen, wprintf, ...) are declared. They work on the library's 32-bit wchar_t; in C programs
 * built with -fshort-wchar wcslen, wcscmp and wcscpy are replaced by ones that fit, the others must not be called there.
 *
 * Without WIN32_LEAN_AND_MEAN it also brings wincrypt.h and with it bcrypt.h and ncrypt.h. WIN32_NO_STATUS leaves out every STATUS_... code, for
 * programs that take them from ntstatus.h. _WIN32 is never defined: the system is Linux.
 */
#ifndef _WINDOWS_
#define _WINDOWS_

#include "sdkddkver.h"
#include "winapifamily.h"
#include "windef.h"
#include "winerror.h"
#include "winnt.h"

#include <wchar.h>

#if OPENCNG_WCHAR_BITS == 16 && !defined(__cplusplus)
static __inline__ size_t opencng_wcslen(const WCHAR *text)
{
	size_t n = 0;
	while (text[n] != 0)
		n++;
	return n;
}

static __inline__ int opencng_wcscmp(const WCHAR *a, const WCHAR *b)
{
	while (*a != 0 && *a == *b)
		a++, b++;
	return (*a > *b) - (*a < *b);
}

static __inline__ WCHAR *opencng_wcscpy(WCHAR *to, const WCHAR *from)
{
	memcpy(to, from, (opencng_wcslen(from) + 1) * sizeof(WCHAR));
	return to;
}
#undef wcslen
#undef wcscmp
#undef wcscpy
#define wcslen(text) opencng_wcslen(text)
#define wcscmp(a, b) opencng_wcscmp((a), (b))
#define wcscpy(to, from) opencng_wcscpy((to), (from))
#endif

#define ZeroMemory RtlZeroMemory
#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory
#define FillMemory RtlFillMemory
#define SecureZeroMemory RtlSecureZeroMemory

#ifndef _countof
#define _countof(a) RTL_NUMBER_OF(a)
#endif

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

#define INFINITE 0xFFFFFFFF
#define WAIT_OBJECT_0 ((DWORD)0x00000000L)
#define WAIT_TIMEOUT 258L

#ifndef WIN32_LEAN_AND_MEAN
#include "wincrypt.h"
#endif

#endif /* _WINDOWS_ */
