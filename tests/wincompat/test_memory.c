/*
 * The heap, local and global memory, and the last error.
 */
#include "conform.h"

#include <pthread.h>

static bool all_zero(const BYTE *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0)
            return false;
    }
    return true;
}

static void heap(void)
{
    HANDLE h = GetProcessHeap();
    static const SIZE_T sizes[] = {0, 1, 10, 24, 100, 4096, 1000000};
    row_begin("heap");
    tap(h != NULL && h == GetProcessHeap(), "there is one");
    for (size_t i = 0; i < ARRAYSIZE(sizes); i++) {
        BYTE *p = HeapAlloc(h, HEAP_ZERO_MEMORY, sizes[i]);
        tap(p != NULL && (uintptr_t)p % 16 == 0 && all_zero(p, sizes[i]) &&
                HeapSize(h, 0, p) == sizes[i],
            "a zero block of exactly that size");
        memset(p, 0x5A, sizes[i]);
        BYTE *q = HeapReAlloc(h, HEAP_ZERO_MEMORY, p, sizes[i] + 77);
        bool kept = q != NULL;
        for (size_t k = 0; kept && k < sizes[i]; k++)
            kept = q[k] == 0x5A;
        tap(kept && all_zero(q + sizes[i], 77) && HeapSize(h, 0, q) == sizes[i] + 77,
            "grows, keeps its bytes, and is zero behind them");
        q = HeapReAlloc(h, 0, q, 5);
        tap(q != NULL && HeapSize(h, 0, q) == 5, "shrinks");
        tap(HeapReAlloc(h, HEAP_REALLOC_IN_PLACE_ONLY, q, 6) == NULL && HeapSize(h, 0, q) == 5,
            "does not grow in place");
        tap(HeapFree(h, 0, q) == TRUE, "is released");
    }
    row_begin("heap, what is none");
    static _Alignas(16) BYTE stranger[64];
    tap(HeapFree(h, 0, NULL) == TRUE, "NULL may be released");
    SetLastError(0);
    tap(HeapFree(h, 0, stranger + 32) == FALSE && GetLastError() == ERROR_INVALID_PARAMETER,
        "a stranger's memory may not");
    tap(HeapSize(h, 0, stranger + 32) == (SIZE_T)-1 && HeapSize(h, 0, NULL) == (SIZE_T)-1,
        "nor has it a size");
    tap(HeapReAlloc(h, 0, NULL, 10) == NULL, "NULL does not grow");
    BYTE *p = HeapAlloc(h, 0, 32);
    tap(HeapReAlloc(NULL, 0, p, 64) == NULL && HeapSize(NULL, 0, p) == (SIZE_T)-1 &&
            HeapReAlloc(h, 0, p + 8, 64) == NULL && HeapReAlloc(h, 0, p, SIZE_MAX - 8) == NULL &&
            HeapSize(h, 0, p) == 32,
        "another heap's, the middle of a block, and too much change nothing");
    tap(HeapReAlloc(h, HEAP_REALLOC_IN_PLACE_ONLY, p, 16) == p && HeapSize(h, 0, p) == 16,
        "a block shrinks in place");
    p = HeapReAlloc(h, HEAP_ZERO_MEMORY, p, 8);
    tap(p != NULL && HeapSize(h, 0, p) == 8 && HeapFree(h, 0, p), "HEAP_ZERO_MEMORY may shrink");
    SetLastError(77);
    tap(HeapAlloc(h, 0, SIZE_MAX - 8) == NULL && HeapAlloc(NULL, 0, 8) == NULL &&
            GetLastError() == 77,
        "failing to allocate leaves the last error alone");
}

static void local(void)
{
    static const SIZE_T sizes[] = {0, 1, 10, 24, 100, 5000};
    row_begin("local memory");
    for (size_t i = 0; i < ARRAYSIZE(sizes); i++) {
        BYTE *p = LocalAlloc(LPTR, sizes[i]);
        tap(p != NULL && all_zero(p, sizes[i]) && LocalSize(p) >= sizes[i], "LPTR is zero");
        LocalFree(p);
        p = LocalAlloc(LMEM_FIXED, sizes[i]);
        memset(p, 0x5A, sizes[i]);
        BYTE *q = LocalReAlloc(p, sizes[i] + 300, LMEM_MOVEABLE | LMEM_ZEROINIT);
        tap(q != NULL && (sizes[i] == 0 || q[sizes[i] - 1] == 0x5A) && all_zero(q + sizes[i], 300),
            "what grows with LMEM_ZEROINIT is zero behind its old end");
        tap(LocalReAlloc(q, 1, LMEM_MODIFY) == q, "LMEM_MODIFY changes nothing");
        tap(LocalLock(q) == q && LocalUnlock(q) == FALSE && GetLastError() == NO_ERROR,
            "its address is its handle");
        tap(LocalFree(q) == NULL, "is released");
    }
    tap(LocalFree(NULL) == NULL, "NULL may be released");
    tap(LocalReAlloc(NULL, 5, 0) == NULL && GetLastError() == ERROR_INVALID_HANDLE,
        "NULL does not grow");
    SetLastError(0);
    tap(LocalSize(NULL) == 0 && GetLastError() == ERROR_INVALID_HANDLE, "NULL has no size");
#ifdef __SANITIZE_ADDRESS__
    tap_skip("too much is ERROR_NOT_ENOUGH_MEMORY", "AddressSanitizer ends the program");
#else
    tap(LocalAlloc(LPTR, SIZE_MAX / 2) == NULL && GetLastError() == ERROR_NOT_ENOUGH_MEMORY,
        "too much is ERROR_NOT_ENOUGH_MEMORY");
#endif
    tap(LocalFree(malloc(10)) == NULL, "memory of malloc() may be released");
    BYTE *shrunk = LocalReAlloc(LocalAlloc(LPTR, 100), 10, LMEM_ZEROINIT);
    tap(shrunk != NULL && all_zero(shrunk, 10) && LocalFree(shrunk) == NULL,
        "LMEM_ZEROINIT may shrink");
    row_begin("global memory");
    BYTE *g = GlobalAlloc(GPTR, 20);
    tap(g != NULL && GlobalSize(g) >= 20 && GlobalLock(g) == g && all_zero(g, 20), "is the same");
    g = GlobalReAlloc(g, 40, GMEM_MOVEABLE);
    tap(g != NULL && GlobalUnlock(g) == FALSE && GlobalFree(g) == NULL, "to its end");
}

static void *other_thread(void *arg)
{
    DWORD *first = arg;
    *first = GetLastError();
    SetLastError(5);
    return NULL;
}

static void last_error(void)
{
    DWORD first = 99;
    pthread_t thread;
    row_begin("last error");
    SetLastError(1234);
    pthread_create(&thread, NULL, other_thread, &first);
    pthread_join(thread, NULL);
    tap(first == 0, "a new thread has none");
    tap(GetLastError() == 1234, "and does not change another's");
    BCryptDestroyKey(NULL);
    tap(GetLastError() == 1234, "bcrypt.h leaves it alone");
}

int main(void)
{
    heap();
    local();
    last_error();
    return tap_done();
}
