/*
 * Two kinds of memory. The heap keeps each block's exact size in front of it, since HeapSize tells it:
 *
 *     size (8 bytes) | mark (8) | the block, aligned to 16
 *
 * Local memory is malloc()'s as it is: other libraries return such blocks and programs release them
 * with LocalFree. Its size is what malloc_usable_size says, which may be more than was asked for;
 * the bytes in between are kept zero, so that a block that grows with LMEM_ZEROINIT is zero behind its old end.
 */
#include "wincompat.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define MARK UINT64_C(0x5048414548434E47)

struct heap_head {
    uint64_t size;
    uint64_t mark;
};

_Static_assert(sizeof(struct heap_head) == 16, "blocks stay aligned");

static char the_heap;

static struct heap_head *head_of(const void *block)
{
    return (struct heap_head *)(uintptr_t)block - 1;
}

/* The mark depends on the place, so that a copy of a block is none. */
static uint64_t mark_of(const struct heap_head *head)
{
    return MARK ^ (uint64_t)(uintptr_t)head;
}

static bool is_block(HANDLE heap, const void *block)
{
    return heap == &the_heap && block != NULL && (uintptr_t)block % 16 == 0 &&
           head_of(block)->mark == mark_of(head_of(block));
}

static void *publish(struct heap_head *head, size_t size)
{
    head->size = size;
    head->mark = mark_of(head);
    return head + 1;
}

HANDLE WINAPI GetProcessHeap(VOID)
{
    return &the_heap;
}

LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes)
{
    if (hHeap != &the_heap || dwBytes > SIZE_MAX - sizeof(struct heap_head))
        return NULL;
    size_t n = sizeof(struct heap_head) + dwBytes;
    struct heap_head *head = (dwFlags & HEAP_ZERO_MEMORY) != 0 ? calloc(1, n) : malloc(n);
    return head == NULL ? NULL : publish(head, dwBytes);
}

LPVOID WINAPI HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes)
{
    if (!is_block(hHeap, lpMem) || dwBytes > SIZE_MAX - sizeof(struct heap_head))
        return NULL;
    size_t old = head_of(lpMem)->size;
    if ((dwFlags & HEAP_REALLOC_IN_PLACE_ONLY) != 0) {
        if (dwBytes > old)
            return NULL;
        return publish(head_of(lpMem), dwBytes);
    }
    struct heap_head *head = realloc(head_of(lpMem), sizeof(struct heap_head) + dwBytes);
    if (head == NULL)
        return NULL;
    unsigned char *block = publish(head, dwBytes);
    if ((dwFlags & HEAP_ZERO_MEMORY) != 0 && dwBytes > old)
        memset(block + old, 0, dwBytes - old);
    return block;
}

SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem)
{
    (void)dwFlags;
    return is_block(hHeap, lpMem) ? head_of(lpMem)->size : (SIZE_T)-1;
}

BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem)
{
    (void)dwFlags;
    if (lpMem == NULL)
        return TRUE;
    if (!is_block(hHeap, lpMem))
        return fail(ERROR_INVALID_PARAMETER);
    head_of(lpMem)->mark = 0;
    free(head_of(lpMem));
    return TRUE;
}

/* ---- local and global memory ----------------------------------------------------------------- */

_Static_assert(LMEM_ZEROINIT == GMEM_ZEROINIT && LMEM_FIXED == GMEM_FIXED, "one set of flags");

/* Zeroes what malloc gave beyond the size. The compiler is not to know where the block came from: it
 * would take the size for the limit. */
static void *trim(void *block, size_t size)
{
    __asm__("" : "+r"(block));
    size_t usable = malloc_usable_size(block);
    if (usable > size)
        memset((unsigned char *)block + size, 0, usable - size);
    return block;
}

HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes)
{
    /* A block of no bytes is one too. */
    size_t n = uBytes == 0 ? 1 : uBytes;
    void *block = (uFlags & LMEM_ZEROINIT) != 0 ? calloc(1, n) : malloc(n);
    return block == NULL ? fail_null(ERROR_NOT_ENOUGH_MEMORY) : trim(block, uBytes);
}

HLOCAL WINAPI LocalReAlloc(HLOCAL hMem, SIZE_T uBytes, UINT uFlags)
{
    if (hMem == NULL)
        return fail_null(ERROR_INVALID_HANDLE);
    if ((uFlags & LMEM_MODIFY) != 0)
        return hMem;
    size_t old = malloc_usable_size(hMem);
    unsigned char *block = realloc(hMem, uBytes == 0 ? 1 : uBytes);
    if (block == NULL)
        return fail_null(ERROR_NOT_ENOUGH_MEMORY);
    __asm__("" : "+r"(block));
    if ((uFlags & LMEM_ZEROINIT) != 0 && uBytes > old)
        memset(block + old, 0, uBytes - old);
    return trim(block, uBytes);
}

SIZE_T WINAPI LocalSize(HLOCAL hMem)
{
    if (hMem == NULL)
        return (SIZE_T)fail(ERROR_INVALID_HANDLE);
    return malloc_usable_size(hMem);
}

HLOCAL WINAPI LocalFree(HLOCAL hMem)
{
    free(hMem);
    return NULL;
}

LPVOID WINAPI LocalLock(HLOCAL hMem)
{
    return hMem;
}

BOOL WINAPI LocalUnlock(HLOCAL hMem)
{
    (void)hMem;
    return fail(NO_ERROR);
}

HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes)
{
    return LocalAlloc(uFlags, dwBytes);
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags)
{
    return LocalReAlloc(hMem, dwBytes, uFlags);
}

SIZE_T WINAPI GlobalSize(HGLOBAL hMem)
{
    return LocalSize(hMem);
}

HGLOBAL WINAPI GlobalFree(HGLOBAL hMem)
{
    return LocalFree(hMem);
}

LPVOID WINAPI GlobalLock(HGLOBAL hMem)
{
    return LocalLock(hMem);
}

BOOL WINAPI GlobalUnlock(HGLOBAL hMem)
{
    return LocalUnlock(hMem);
}
