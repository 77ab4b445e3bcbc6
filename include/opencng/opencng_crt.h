/* opencng_crt.h: names of Microsoft's C library that programs use and glibc has not. windows.h and tchar.h include it; define OPENCNG_NO_CRT before
 * them where a program brings its own. Functions of this header, but for those on wide strings, which are in libwincompat.
 *
 * The ..._s functions return an errno value and leave an empty string in the destination when something does not fit; they never end the
 * program, which Microsoft's do unless a handler is installed.
 */
#ifndef OPENCNG_CRT_H
#define OPENCNG_CRT_H

#include "windef.h"

#ifndef OPENCNG_NO_CRT

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

typedef int errno_t;
typedef size_t rsize_t;
#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
#ifndef STRUNCATE
#define STRUNCATE 80
#endif
#ifndef _countof
#define _countof(a) RTL_NUMBER_OF(a)
#endif

#ifndef _stricmp
#define _stricmp strcasecmp
#endif
#ifndef _strnicmp
#define _strnicmp strncasecmp
#endif
#ifndef stricmp
#define stricmp strcasecmp
#endif

OPENCNG_BEGIN_C

#ifndef _strdup
static __inline__ char *_strdup(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = (char *)malloc(n);
	return copy == NULL ? NULL : (char *)memcpy(copy, text, n);
}
#endif

/* opencng_strnlen(), which strict ISO modes hide. */
static __inline__ size_t opencng_strnlen(const char *text, size_t count)
{
	size_t n = 0;
	while (n < count && text[n] != 0)
		n++;
	return n;
}

/* memcpy and memmove into a destination of destsz bytes. ERANGE: it is too small, and is zeroed; EINVAL: a NULL pointer. */
#ifndef memcpy_s
static __inline__ errno_t memcpy_s(void *dest, rsize_t destsz, const void *src, rsize_t count)
{
	if (count == 0)
		return 0;
	if (dest == NULL)
		return EINVAL;
	if (src == NULL || count > destsz)
	{
		memset(dest, 0, destsz);
		return src == NULL ? EINVAL : ERANGE;
	}
	memcpy(dest, src, count);
	return 0;
}
#endif
#ifndef memmove_s
static __inline__ errno_t memmove_s(void *dest, rsize_t destsz, const void *src, rsize_t count)
{
	if (count == 0)
		return 0;
	if (dest == NULL || src == NULL)
		return EINVAL;
	if (count > destsz)
		return ERANGE;
	memmove(dest, src, count);
	return 0;
}
#endif

/* Copies up to count bytes of src, or all with _TRUNCATE, behind the first `used` bytes of dest (destsz bytes). */
static __inline__ errno_t opencng_str_append(char *dest, rsize_t destsz, size_t used, const char *src, size_t count)
{
	size_t n;
	if (dest == NULL || destsz == 0)
		return EINVAL;
	if (src == NULL || used >= destsz)
	{
		dest[0] = 0;
		return EINVAL;
	}
	n = opencng_strnlen(src, count);
	if (n >= destsz - used)
	{
		if (count != _TRUNCATE)
		{
			dest[0] = 0;
			return ERANGE;
		}
		n = destsz - used - 1;
		memcpy(dest + used, src, n);
		dest[used + n] = 0;
		return STRUNCATE;
	}
	memcpy(dest + used, src, n);
	dest[used + n] = 0;
	return 0;
}

#ifndef strcpy_s
static __inline__ errno_t strcpy_s(char *dest, rsize_t destsz, const char *src)
{
	return opencng_str_append(dest, destsz, 0, src, (size_t)-2);
}
#endif
#ifndef strncpy_s
static __inline__ errno_t strncpy_s(char *dest, rsize_t destsz, const char *src, rsize_t count)
{
	return opencng_str_append(dest, destsz, 0, src, count);
}
#endif
#ifndef strcat_s
static __inline__ errno_t strcat_s(char *dest, rsize_t destsz, const char *src)
{
	return opencng_str_append(dest, destsz, dest == NULL ? 0 : opencng_strnlen(dest, destsz), src, (size_t)-2);
}
#endif
#ifndef strncat_s
static __inline__ errno_t strncat_s(char *dest, rsize_t destsz, const char *src, rsize_t count)
{
	return opencng_str_append(dest, destsz, dest == NULL ? 0 : opencng_strnlen(dest, destsz), src, count);
}
#endif

/* printf into sizeOfBuffer bytes. vsprintf_s: -1 and an empty string when it does not fit. _vsnprintf: -1 when the text is longer than count; then, and when it is
 * exactly as long, no NUL is written.
 */
#ifndef vsprintf_s
__attribute__((__format__(__printf__, 3, 0))) static __inline__ int vsprintf_s(char *buffer, size_t sizeOfBuffer, const char *format, va_list args)
{
	int n;
	if (buffer == NULL || sizeOfBuffer == 0)
		return -1;
	n = vsnprintf(buffer, sizeOfBuffer, format, args);
	if (n < 0 || (size_t)n >= sizeOfBuffer)
	{
		buffer[0] = 0;
		return -1;
	}
	return n;
}
#endif
#ifndef sprintf_s
__attribute__((__format__(__printf__, 3, 4))) static __inline__ int sprintf_s(char *buffer, size_t sizeOfBuffer, const char *format, ...)
{
	va_list args;
	int n;
	va_start(args, format);
	n = vsprintf_s(buffer, sizeOfBuffer, format, args);
	va_end(args);
	return n;
}
#endif
#ifndef _snprintf_s
/* Up to count bytes and a NUL; -1 when the text was cut. With count other than _TRUNCATE what does not fit into sizeOfBuffer leaves an empty string. */
__attribute__((__format__(__printf__, 4, 5))) static __inline__ int _snprintf_s(char *buffer, size_t sizeOfBuffer, size_t count, const char *format, ...)
{
	va_list args;
	int n;
	if (buffer == NULL || sizeOfBuffer == 0)
		return -1;
	va_start(args, format);
	n = vsnprintf(buffer, count < sizeOfBuffer ? count + 1 : sizeOfBuffer, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n <= count && (size_t)n < sizeOfBuffer)
		return n;
	if (n < 0 || (count != _TRUNCATE && count >= sizeOfBuffer))
		buffer[0] = 0;
	return -1;
}
#endif

#ifndef _vsnprintf
OPENCNG_API int _vsnprintf(char *buffer, size_t count, const char *format, va_list args) __attribute__((__format__(__printf__, 3, 0)));
#endif
#ifndef _snprintf
OPENCNG_API int _snprintf(char *buffer, size_t count, const char *format, ...) __attribute__((__format__(__printf__, 3, 4)));
#endif

/* ---- On wide strings, in libwincompat for both widths ---- */

OPENCNG_API int _wcsicmp(const wchar_t *a, const wchar_t *b) OPENCNG_WIDE(_wcsicmp);
OPENCNG_API int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count) OPENCNG_WIDE(_wcsnicmp);
OPENCNG_API wchar_t *_wcsdup(const wchar_t *text) OPENCNG_WIDE(_wcsdup);
OPENCNG_API errno_t wcscpy_s(wchar_t *dest, rsize_t destsz, const wchar_t *src) OPENCNG_WIDE(wcscpy_s);
OPENCNG_API errno_t wcsncpy_s(wchar_t *dest, rsize_t destsz, const wchar_t *src, rsize_t count) OPENCNG_WIDE(wcsncpy_s);
OPENCNG_API errno_t wcscat_s(wchar_t *dest, rsize_t destsz, const wchar_t *src) OPENCNG_WIDE(wcscat_s);

/* Formatting as on Windows, whatever the width: %s takes a wide string and %S a narrow one (UTF-8), l before an integer is 32 bits. Sizes count characters.
 * _snwprintf returns -1 when the text is longer than count; then, and when it is exactly as long, no NUL is written. swprintf_s leaves an empty string then.
 */
OPENCNG_API int _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list args) OPENCNG_WIDE(_vsnwprintf);
OPENCNG_API int _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...) OPENCNG_WIDE(_snwprintf);
OPENCNG_API int vswprintf_s(wchar_t *buffer, size_t sizeOfBuffer, const wchar_t *format, va_list args) OPENCNG_WIDE(vswprintf_s);
OPENCNG_API int swprintf_s(wchar_t *buffer, size_t sizeOfBuffer, const wchar_t *format, ...) OPENCNG_WIDE(swprintf_s);

OPENCNG_END_C

#ifndef wcsicmp
#define wcsicmp _wcsicmp
#endif

/* C++: the size of an array need not be told. */
#ifdef __cplusplus
extern "C++"
{
template <size_t Size> inline errno_t strcpy_s(char (&dest)[Size], const char *src)
{
	return opencng_str_append(dest, Size, 0, src, (size_t)-2);
}
template <size_t Size> inline errno_t strcat_s(char (&dest)[Size], const char *src)
{
	return opencng_str_append(dest, Size, opencng_strnlen(dest, Size), src, (size_t)-2);
}
template <size_t Size> inline errno_t wcscpy_s(wchar_t (&dest)[Size], const wchar_t *src)
{
	return wcscpy_s(dest, Size, src);
}
template <size_t Size> inline errno_t wcscat_s(wchar_t (&dest)[Size], const wchar_t *src)
{
	return wcscat_s(dest, Size, src);
}
}
#endif

#endif /* OPENCNG_NO_CRT */

#endif /* OPENCNG_CRT_H */
