/* heapapi.h: the process's heap. There is one; it is malloc's, with the exact size kept in front of each block. In libwincompat. */
#ifndef _HEAPAPI_H_
#define _HEAPAPI_H_

#include "windef.h"

#define HEAP_NO_SERIALIZE 0x00000001
#define HEAP_GENERATE_EXCEPTIONS 0x00000004
#define HEAP_ZERO_MEMORY 0x00000008
#define HEAP_REALLOC_IN_PLACE_ONLY 0x00000010

OPENCNG_BEGIN_C

/* Returns the handle of the process's heap. Never NULL; not to be closed. */
OPENCNG_API HANDLE WINAPI GetProcessHeap(VOID);

/* Allocates dwBytes bytes, aligned to 16. dwBytes 0 gives a block of size 0.
 *
 * hHeap: from GetProcessHeap. dwFlags: HEAP_ZERO_MEMORY; HEAP_NO_SERIALIZE and HEAP_GENERATE_EXCEPTIONS change nothing (there are no exceptions).
 *
 * Returns NULL when memory is exhausted; the last error is not set, as Microsoft documents. Release with HeapFree, and with nothing else.
 *
 * Source: Microsoft Learn, HeapAlloc.
 */
OPENCNG_API LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes);

/* Gives a block another size; it may move. The new bytes are zero with HEAP_ZERO_MEMORY.
 *
 * lpMem: a block of HeapAlloc. dwBytes: its new size. dwFlags: as above; with HEAP_REALLOC_IN_PLACE_ONLY only a smaller size succeeds.
 *
 * Returns NULL when lpMem is NULL or memory is exhausted; the old block is then as it was. The last error is not set.
 */
OPENCNG_API LPVOID WINAPI HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes);

/* Returns the size in bytes that was asked for; (SIZE_T)-1 when lpMem is NULL or no block of this heap. */
OPENCNG_API SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem);

/* Releases a block; NULL is none, and fine. Returns FALSE (ERROR_INVALID_PARAMETER) when lpMem is no block of this heap. */
OPENCNG_API BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem);

OPENCNG_END_C

#endif /* _HEAPAPI_H_ */
