/* stringapiset.h: wide strings to bytes and back, and comparison. In libwincompat.
 *
 * A wide string has the program's wchar_t: UTF-16 where it has 16 bits, UTF-32 where it has 32. Lengths in characters count these units.
 */
#ifndef _APISETSTRING_
#define _APISETSTRING_

#include "windef.h"

#define CP_ACP 0
#define CP_OEMCP 1
#define CP_THREAD_ACP 3
#define CP_UTF8 65001

#define MB_PRECOMPOSED 0x00000001
#define MB_COMPOSITE 0x00000002
#define MB_USEGLYPHCHARS 0x00000004
#define MB_ERR_INVALID_CHARS 0x00000008
#define WC_COMPOSITECHECK 0x00000200
#define WC_NO_BEST_FIT_CHARS 0x00000400
#define WC_ERR_INVALID_CHARS 0x00000080

#define CSTR_LESS_THAN 1
#define CSTR_EQUAL 2
#define CSTR_GREATER_THAN 3
#define NORM_IGNORECASE 0x00000001
#define LINGUISTIC_IGNORECASE 0x00000010

OPENCNG_BEGIN_C

/* Converts bytes to a wide string.
 *
 * CodePage: CP_UTF8; CP_ACP, CP_OEMCP and CP_THREAD_ACP are UTF-8 too.
 * dwFlags: 0 or MB_ERR_INVALID_CHARS: malformed UTF-8 is an error instead of becoming U+FFFD. The other MB_ flags are taken with CP_ACP and its kin only, and change nothing.
 * lpMultiByteStr: cbMultiByte bytes, or up to and with its NUL when that is -1.
 * lpWideCharStr (out): cchWideChar characters; when that is 0 the call only counts.
 *
 * Returns the characters written, or needed; a NUL is among them only when it was among the bytes. 0 is failure: ERROR_INVALID_PARAMETER (a NULL pointer, cbMultiByte 0, both
 * pointers the same, another code page), ERROR_INVALID_FLAGS, ERROR_INSUFFICIENT_BUFFER, ERROR_NO_UNICODE_TRANSLATION (malformed, with MB_ERR_INVALID_CHARS).
 *
 * Source: Microsoft Learn, MultiByteToWideChar.
 */
OPENCNG_API int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCCH lpMultiByteStr, int cbMultiByte, LPWSTR lpWideCharStr, int cchWideChar)
	OPENCNG_WIDE(MultiByteToWideChar);

/* Converts a wide string to bytes. As above, with WC_ERR_INVALID_CHARS for half pairs of UTF-16 (and, in 32 bits, for what is no character).
 *
 * lpDefaultChar, lpUsedDefaultChar: NULL with CP_UTF8 (else ERROR_INVALID_PARAMETER). With CP_ACP and its kin *lpUsedDefaultChar becomes FALSE: UTF-8 holds every character.
 *
 * Source: Microsoft Learn, WideCharToMultiByte.
 */
OPENCNG_API int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWCH lpWideCharStr, int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte, LPCCH lpDefaultChar,
										   LPBOOL lpUsedDefaultChar) OPENCNG_WIDE(WideCharToMultiByte);

/* Compares by number of character, with bIgnoreCase after making both upper case by Unicode's simple mapping.
 *
 * cchCount1, cchCount2: characters; -1: up to the NUL.
 *
 * Returns CSTR_LESS_THAN, CSTR_EQUAL or CSTR_GREATER_THAN; 0 (ERROR_INVALID_PARAMETER) for a NULL string or another negative count.
 *
 * Source: Microsoft Learn, CompareStringOrdinal.
 */
OPENCNG_API int WINAPI CompareStringOrdinal(LPCWCH lpString1, int cchCount1, LPCWCH lpString2, int cchCount2, BOOL bIgnoreCase) OPENCNG_WIDE(CompareStringOrdinal);

/* The same under another name: the order is that of the characters' numbers, not a language's. dwCmpFlags: 0, NORM_IGNORECASE, LINGUISTIC_IGNORECASE; others are
 * ERROR_INVALID_FLAGS. Locale is ignored.
 */
OPENCNG_API int WINAPI CompareStringW(LCID Locale, DWORD dwCmpFlags, LPCWCH lpString1, int cchCount1, LPCWCH lpString2, int cchCount2) OPENCNG_WIDE(CompareStringW);

OPENCNG_END_C

#endif /* _APISETSTRING_ */
