/* strsafe.h: copying and formatting into counted buffers, results as HRESULT. The A forms are functions of this header; the W forms format through libwincompat.
 *
 * Cch sizes count characters, Cb sizes bytes; both count the NUL. STRSAFE_E_INSUFFICIENT_BUFFER: cut, with a NUL. STRSAFE_E_INVALID_PARAMETER: size 0 or too large.
 */
#ifndef _STRSAFE_H_INCLUDED_
#define _STRSAFE_H_INCLUDED_

#include "opencng_crt.h"
#include "windef.h"
#include "winerror.h"

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_E_INSUFFICIENT_BUFFER _HRESULT_TYPEDEF_(0x8007007AL)
#define STRSAFE_E_INVALID_PARAMETER _HRESULT_TYPEDEF_(0x80070057L)

typedef char *STRSAFE_LPSTR;
typedef const char *STRSAFE_LPCSTR;
typedef WCHAR *STRSAFE_LPWSTR;
typedef const WCHAR *STRSAFE_LPCWSTR;

/* One family for each type of character. `room` counts characters. */
#define OPENCNG_STRSAFE_(suffix, type)                                                                                    \
	static __inline__ HRESULT StringCchLength##suffix(const type *text, size_t room, size_t *length)                      \
	{                                                                                                                     \
		size_t n = 0;                                                                                                     \
		if (length != NULL)                                                                                               \
			*length = 0;                                                                                                  \
		if (text == NULL || room == 0 || room > STRSAFE_MAX_CCH)                                                          \
			return STRSAFE_E_INVALID_PARAMETER;                                                                           \
		while (n < room && text[n] != 0)                                                                                  \
			n++;                                                                                                          \
		if (n == room)                                                                                                    \
			return STRSAFE_E_INVALID_PARAMETER;                                                                           \
		if (length != NULL)                                                                                               \
			*length = n;                                                                                                  \
		return S_OK;                                                                                                      \
	}                                                                                                                     \
	static __inline__ HRESULT StringCchCopyN##suffix(type *to, size_t room, const type *from, size_t count)               \
	{                                                                                                                     \
		size_t n = 0;                                                                                                     \
		if (to == NULL || room == 0 || room > STRSAFE_MAX_CCH)                                                            \
			return STRSAFE_E_INVALID_PARAMETER;                                                                           \
		while (n < count && n + 1 < room && from[n] != 0)                                                                 \
		{                                                                                                                 \
			to[n] = from[n];                                                                                              \
			n++;                                                                                                          \
		}                                                                                                                 \
		to[n] = 0;                                                                                                        \
		return n < count && from[n] != 0 ? STRSAFE_E_INSUFFICIENT_BUFFER : S_OK;                                          \
	}                                                                                                                     \
	static __inline__ HRESULT StringCchCopy##suffix(type *to, size_t room, const type *from)                              \
	{                                                                                                                     \
		return StringCchCopyN##suffix(to, room, from, (size_t)-1);                                                        \
	}                                                                                                                     \
	static __inline__ HRESULT StringCchCat##suffix(type *to, size_t room, const type *from)                               \
	{                                                                                                                     \
		size_t n;                                                                                                         \
		HRESULT result = StringCchLength##suffix(to, room, &n);                                                           \
		return result != S_OK ? result : StringCchCopy##suffix(to + n, room - n, from);                                   \
	}                                                                                                                     \
	static __inline__ HRESULT StringCbLength##suffix(const type *text, size_t bytes, size_t *length)                      \
	{                                                                                                                     \
		HRESULT result = StringCchLength##suffix(text, bytes / sizeof(type), length);                                     \
		if (result == S_OK && length != NULL)                                                                             \
			*length *= sizeof(type);                                                                                      \
		return result;                                                                                                    \
	}                                                                                                                     \
	static __inline__ HRESULT StringCbCopy##suffix(type *to, size_t bytes, const type *from)                              \
	{                                                                                                                     \
		return StringCchCopy##suffix(to, bytes / sizeof(type), from);                                                     \
	}                                                                                                                     \
	static __inline__ HRESULT StringCbCat##suffix(type *to, size_t bytes, const type *from)                               \
	{                                                                                                                     \
		return StringCchCat##suffix(to, bytes / sizeof(type), from);                                                      \
	}

OPENCNG_STRSAFE_(A, char)
OPENCNG_STRSAFE_(W, WCHAR)
#undef OPENCNG_STRSAFE_

__attribute__((__format__(__printf__, 3, 0))) static __inline__ HRESULT StringCchVPrintfA(char *to, size_t room, const char *format, va_list args)
{
	int n;
	if (to == NULL || room == 0 || room > STRSAFE_MAX_CCH)
		return STRSAFE_E_INVALID_PARAMETER;
	n = vsnprintf(to, room, format, args);
	return n < 0 || (size_t)n >= room ? STRSAFE_E_INSUFFICIENT_BUFFER : S_OK;
}

__attribute__((__format__(__printf__, 3, 4))) static __inline__ HRESULT StringCchPrintfA(char *to, size_t room, const char *format, ...)
{
	va_list args;
	HRESULT result;
	va_start(args, format);
	result = StringCchVPrintfA(to, room, format, args);
	va_end(args);
	return result;
}

#ifndef OPENCNG_NO_CRT
static __inline__ HRESULT StringCchVPrintfW(WCHAR *to, size_t room, const WCHAR *format, va_list args)
{
	int n;
	if (to == NULL || room == 0 || room > STRSAFE_MAX_CCH)
		return STRSAFE_E_INVALID_PARAMETER;
	n = _vsnwprintf(to, room - 1, format, args);
	to[n < 0 || (size_t)n >= room ? room - 1 : (size_t)n] = 0;
	return n < 0 || (size_t)n >= room ? STRSAFE_E_INSUFFICIENT_BUFFER : S_OK;
}

static __inline__ HRESULT StringCchPrintfW(WCHAR *to, size_t room, const WCHAR *format, ...)
{
	va_list args;
	HRESULT result;
	va_start(args, format);
	result = StringCchVPrintfW(to, room, format, args);
	va_end(args);
	return result;
}
#endif

#ifdef UNICODE
#define StringCchLength StringCchLengthW
#define StringCchCopy StringCchCopyW
#define StringCchCopyN StringCchCopyNW
#define StringCchCat StringCchCatW
#define StringCchPrintf StringCchPrintfW
#define StringCchVPrintf StringCchVPrintfW
#define StringCbLength StringCbLengthW
#define StringCbCopy StringCbCopyW
#define StringCbCat StringCbCatW
#else
#define StringCchLength StringCchLengthA
#define StringCchCopy StringCchCopyA
#define StringCchCopyN StringCchCopyNA
#define StringCchCat StringCchCatA
#define StringCchPrintf StringCchPrintfA
#define StringCchVPrintf StringCchVPrintfA
#define StringCbLength StringCbLengthA
#define StringCbCopy StringCbCopyA
#define StringCbCat StringCbCatA
#endif

#endif /* _STRSAFE_H_INCLUDED_ */
