/*
 * INIT_ONCE: a pointer whose two low bits are the state; above them, once it is done, the context.
 *
 *     00 nobody began   01 one thread initializes   10 done   11 several try (INIT_ONCE_ASYNC)
 *
 * Threads that wait sleep on the low half while it says 01.
 */
#include "win_futex.h"

#include <limits.h>

enum { NEW, BUSY, DONE, TRYING };
#define STATE_BITS 3u

#define STATE(word) ((word)&STATE_BITS)

static _Atomic uint64_t *word_of(PINIT_ONCE once)
{
    return (_Atomic uint64_t *)(void *)&once->Ptr;
}

/* The half that has the state in it: the machines of this project are little-endian. */
static _Atomic uint32_t *low_of(PINIT_ONCE once)
{
    return (_Atomic uint32_t *)(void *)&once->Ptr;
}

static void settle(PINIT_ONCE once, uint64_t value)
{
    atomic_store_explicit(word_of(once), value, memory_order_release);
    futex_wake(low_of(once), INT_MAX);
}

VOID WINAPI InitOnceInitialize(PINIT_ONCE InitOnce)
{
    InitOnce->Ptr = NULL;
}

BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags, PBOOL fPending,
                                    LPVOID *lpContext)
{
    bool async = (dwFlags & INIT_ONCE_ASYNC) != 0, check = (dwFlags & INIT_ONCE_CHECK_ONLY) != 0;
    if (lpInitOnce == NULL || fPending == NULL ||
        (dwFlags & ~(INIT_ONCE_ASYNC | INIT_ONCE_CHECK_ONLY)) != 0)
        return fail(ERROR_INVALID_PARAMETER);
    for (;;) {
        uint64_t now = atomic_load_explicit(word_of(lpInitOnce), memory_order_acquire);
        if (STATE(now) == DONE) {
            *fPending = FALSE;
            if (lpContext != NULL)
                *lpContext = (LPVOID)(uintptr_t)(now & ~(uint64_t)STATE_BITS);
            return TRUE;
        }
        if (check) {
            *fPending = TRUE;
            return fail(ERROR_GEN_FAILURE);
        }
        if (STATE(now) == (async ? BUSY : TRYING))
            return fail(ERROR_INVALID_PARAMETER);
        if (STATE(now) == BUSY) {
            futex_wait(low_of(lpInitOnce), BUSY, NULL);
            continue;
        }
        if (STATE(now) == TRYING ||
            atomic_compare_exchange_strong(word_of(lpInitOnce), &now, async ? TRYING : BUSY)) {
            *fPending = TRUE;
            return TRUE;
        }
    }
}

BOOL WINAPI InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext)
{
    bool async = (dwFlags & INIT_ONCE_ASYNC) != 0, gave_up = (dwFlags & INIT_ONCE_INIT_FAILED) != 0;
    uint64_t context = (uint64_t)(uintptr_t)lpContext;
    if (lpInitOnce == NULL || (dwFlags & ~(INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED)) != 0 ||
        (async && gave_up) || STATE(context) != 0 || (gave_up && lpContext != NULL))
        return fail(ERROR_INVALID_PARAMETER);
    uint64_t now = atomic_load(word_of(lpInitOnce));
    if (async) {
        now = TRYING;
        if (atomic_compare_exchange_strong(word_of(lpInitOnce), &now, context | DONE))
            return TRUE;
        return fail(STATE(now) == DONE ? ERROR_ALREADY_EXISTS : ERROR_INVALID_PARAMETER);
    }
    if (STATE(now) != BUSY)
        return fail(ERROR_INVALID_PARAMETER);
    settle(lpInitOnce, gave_up ? NEW : context | DONE);
    return TRUE;
}

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn, PVOID Parameter,
                                LPVOID *Context)
{
    BOOL pending;
    LPVOID made = NULL;
    if (!InitOnceBeginInitialize(InitOnce, 0, &pending, Context))
        return FALSE;
    if (!pending)
        return TRUE;
    if (!InitFn(InitOnce, Parameter, &made)) {
        DWORD error = GetLastError();
        settle(InitOnce, NEW);
        return fail(error);
    }
    settle(InitOnce, ((uint64_t)(uintptr_t)made & ~(uint64_t)STATE_BITS) | DONE);
    if (Context != NULL)
        *Context = made;
    return TRUE;
}
