/* winbase.h: memory by handle, messages, short strings; and the headers in which Windows keeps the rest of kernel32. In libwincompat. */
#ifndef _WINBASE_
#define _WINBASE_

#include "windef.h"

#include <stdarg.h>

#include "debugapi.h"
#include "errhandlingapi.h"
#include "handleapi.h"
#include "heapapi.h"
#include "libloaderapi.h"
#include "opencng_interlocked.h"
#include "processthreadsapi.h"
#include "profileapi.h"
#include "synchapi.h"
#include "sysinfoapi.h"

#define LMEM_FIXED 0x0000
#define LMEM_MOVEABLE 0x0002
#define LMEM_NOCOMPACT 0x0010
#define LMEM_NODISCARD 0x0020
#define LMEM_ZEROINIT 0x0040
#define LMEM_MODIFY 0x0080
#define LHND (LMEM_MOVEABLE | LMEM_ZEROINIT)
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)
#define GMEM_FIXED 0x0000
#define GMEM_MOVEABLE 0x0002
#define GMEM_ZEROINIT 0x0040
#define GHND (GMEM_MOVEABLE | GMEM_ZEROINIT)
#define GPTR (GMEM_FIXED | GMEM_ZEROINIT)

#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x00000200
#define FORMAT_MESSAGE_FROM_STRING 0x00000400
#define FORMAT_MESSAGE_FROM_HMODULE 0x00000800
#define FORMAT_MESSAGE_FROM_SYSTEM 0x00001000
#define FORMAT_MESSAGE_ARGUMENT_ARRAY 0x00002000
#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0x000000FF

OPENCNG_BEGIN_C

/* Allocates uBytes bytes, aligned to 16, by malloc(): the memory that functions of ncryptprotect.h and wincrypt.h return is of this kind.
 *
 * uFlags: LMEM_FIXED or LMEM_MOVEABLE (the same here: the handle is the address), LMEM_ZEROINIT. LPTR is fixed and zero.
 *
 * Returns NULL (ERROR_NOT_ENOUGH_MEMORY) when memory is exhausted. Release with LocalFree.
 *
 * Source: Microsoft Learn, LocalAlloc.
 */
OPENCNG_API HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes);

/* Gives a block another size; it may move, as if with LMEM_MOVEABLE. New bytes are zero with LMEM_ZEROINIT. LMEM_MODIFY changes nothing and returns hMem.
 * Returns NULL: memory is exhausted (ERROR_NOT_ENOUGH_MEMORY) or hMem is NULL (ERROR_INVALID_HANDLE); the block is then as it was.
 */
OPENCNG_API HLOCAL WINAPI LocalReAlloc(HLOCAL hMem, SIZE_T uBytes, UINT uFlags);

/* The size in bytes that the block has room for, which may be more than was asked for (Microsoft documents so). 0 (ERROR_INVALID_HANDLE) for NULL. */
OPENCNG_API SIZE_T WINAPI LocalSize(HLOCAL hMem);

/* Releases a block, NULL included. Returns NULL. */
OPENCNG_API HLOCAL WINAPI LocalFree(HLOCAL hMem);

/* The address of a block, and the end of its use. LocalUnlock returns FALSE with NO_ERROR: nothing is locked any more. */
OPENCNG_API LPVOID WINAPI LocalLock(HLOCAL hMem);
OPENCNG_API BOOL WINAPI LocalUnlock(HLOCAL hMem);

/* The same memory under the older names. */
OPENCNG_API HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes);
OPENCNG_API HGLOBAL WINAPI GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags);
OPENCNG_API SIZE_T WINAPI GlobalSize(HGLOBAL hMem);
OPENCNG_API HGLOBAL WINAPI GlobalFree(HGLOBAL hMem);
OPENCNG_API LPVOID WINAPI GlobalLock(HGLOBAL hMem);
OPENCNG_API BOOL WINAPI GlobalUnlock(HGLOBAL hMem);

/* Writes a sentence about a code, in English, with "\r\n" at its end.
 *
 * dwFlags: FORMAT_MESSAGE_FROM_SYSTEM; FORMAT_MESSAGE_FROM_HMODULE may stand beside it. FORMAT_MESSAGE_ALLOCATE_BUFFER: lpBuffer is the address of a pointer that receives
 * the text, for LocalFree, and nSize the smallest size in characters. FORMAT_MESSAGE_IGNORE_INSERTS, FORMAT_MESSAGE_ARGUMENT_ARRAY: no text has inserts. FORMAT_MESSAGE_MAX_WIDTH_MASK
 * as a whole: a space stands for the end of the line.
 * dwMessageId: a Win32 code, an HRESULT (0x8007xxxx, NTE_, CRYPT_E_) or an NTSTATUS. dwLanguageId, lpSource, Arguments: ignored.
 * lpBuffer (out), nSize: where to write, and its size in characters.
 *
 * Returns the characters written without the NUL; 0 is failure: ERROR_MR_MID_NOT_FOUND (no text for this code), ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_PARAMETER (a NULL buffer;
 * FORMAT_MESSAGE_FROM_STRING, which is not offered; no source), ERROR_NOT_ENOUGH_MEMORY.
 *
 * Source: Microsoft Learn, FormatMessage; the texts are this project's own.
 */
OPENCNG_API DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize, va_list *Arguments);
OPENCNG_API DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize, va_list *Arguments)
	OPENCNG_WIDE(FormatMessageW);

/* Length in characters without the NUL; 0 for NULL. */
OPENCNG_API int WINAPI lstrlenA(LPCSTR lpString);
OPENCNG_API int WINAPI lstrlenW(LPCWSTR lpString) OPENCNG_WIDE(lstrlenW);

/* Below 0, 0 or above 0, by the characters' numbers; NULL is below every string. The i forms ignore case (A: of ASCII letters, W: by Unicode's simple mapping). */
OPENCNG_API int WINAPI lstrcmpA(LPCSTR lpString1, LPCSTR lpString2);
OPENCNG_API int WINAPI lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2) OPENCNG_WIDE(lstrcmpW);
OPENCNG_API int WINAPI lstrcmpiA(LPCSTR lpString1, LPCSTR lpString2);
OPENCNG_API int WINAPI lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2) OPENCNG_WIDE(lstrcmpiW);

OPENCNG_END_C

#ifdef UNICODE
#define FormatMessage FormatMessageW
#define lstrlen lstrlenW
#define lstrcmp lstrcmpW
#define lstrcmpi lstrcmpiW
#else
#define FormatMessage FormatMessageA
#define lstrlen lstrlenA
#define lstrcmp lstrcmpA
#define lstrcmpi lstrcmpiA
#endif

#endif /* _WINBASE_ */
