/*
 * Slim reader/writer locks and condition variables, each in the size of a pointer.
 *
 *     lock:       WRITER, or the number of readers, and WAITING (4 bytes) | on 64-bit machines: unused (4)
 *     condition:  a count of wake-ups (4) | the same
 *
 * Whoever cannot enter says that he waits, then sleeps unless the lock changed; the last to leave takes that word
 * back and wakes all who sleep.
 */
#include "win_futex.h"

#include <limits.h>

#define WRITER 0x80000000u
#define WAITING 0x40000000u
#define READERS_MOST (WAITING - 1)

_Static_assert(sizeof(SRWLOCK) >= sizeof(uint32_t), "a lock has the size of a pointer");

static _Atomic uint32_t *state_of(PSRWLOCK lock)
{
    return (_Atomic uint32_t *)(void *)&lock->Ptr;
}

/* A lock that was left may say for a moment that somebody waits; it is free. */
static bool try_shared(_Atomic uint32_t *lock)
{
    uint32_t state = atomic_load(lock);
    while ((state & ~WAITING) < READERS_MOST) {
        if (atomic_compare_exchange_weak(lock, &state, state + 1))
            return true;
    }
    return false;
}

static bool try_exclusive(_Atomic uint32_t *lock)
{
    uint32_t state = atomic_load(lock);
    while ((state & ~WAITING) == 0) {
        if (atomic_compare_exchange_weak(lock, &state, state | WRITER))
            return true;
    }
    return false;
}

static void acquire(_Atomic uint32_t *lock, bool (*attempt)(_Atomic uint32_t *))
{
    while (!attempt(lock)) {
        uint32_t state = atomic_load(lock);
        if ((state & ~WAITING) != 0 &&
            atomic_compare_exchange_strong(lock, &state, state | WAITING))
            futex_wait(lock, state | WAITING, NULL);
    }
}

/* `state` is what the lock was when its last holder left. */
static void wake(_Atomic uint32_t *lock, uint32_t state)
{
    if ((state & WAITING) != 0)
        futex_wake(lock, INT_MAX);
}

VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock)
{
    SRWLock->Ptr = NULL;
}

VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
    acquire(state_of(SRWLock), try_exclusive);
}

VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock)
{
    wake(state_of(SRWLock), atomic_exchange(state_of(SRWLock), 0));
}

BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
    return try_exclusive(state_of(SRWLock));
}

VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock)
{
    acquire(state_of(SRWLock), try_shared);
}

VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock)
{
    uint32_t left =
        WAITING; /* by the last reader, unless somebody enters first and will be the last */
    if (atomic_fetch_sub(state_of(SRWLock), 1) == (WAITING | 1) &&
        atomic_compare_exchange_strong(state_of(SRWLock), &left, 0))
        wake(state_of(SRWLock), left);
}

BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock)
{
    return try_shared(state_of(SRWLock));
}

/* ---- condition variables --------------------------------------------------------------------- */

static _Atomic uint32_t *count_of(PCONDITION_VARIABLE condition)
{
    return (_Atomic uint32_t *)(void *)&condition->Ptr;
}

VOID WINAPI InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
    ConditionVariable->Ptr = NULL;
}

VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
    atomic_fetch_add(count_of(ConditionVariable), 1);
    futex_wake(count_of(ConditionVariable), 1);
}

VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
    atomic_fetch_add(count_of(ConditionVariable), 1);
    futex_wake(count_of(ConditionVariable), INT_MAX);
}

/* Between leaving the lock and sleeping a wake-up changes the count, and nobody sleeps. */
static BOOL sleep_on(PCONDITION_VARIABLE condition, uint32_t seen, DWORD milliseconds)
{
    struct timespec limit = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    bool woken = futex_wait(count_of(condition), seen, milliseconds == INFINITE ? NULL : &limit);
    return woken ? TRUE : fail(ERROR_TIMEOUT);
}

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable,
                                     PCRITICAL_SECTION CriticalSection, DWORD dwMilliseconds)
{
    uint32_t seen = atomic_load(count_of(ConditionVariable));
    LeaveCriticalSection(CriticalSection);
    BOOL result = sleep_on(ConditionVariable, seen, dwMilliseconds);
    EnterCriticalSection(CriticalSection);
    return result;
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable, PSRWLOCK SRWLock,
                                      DWORD dwMilliseconds, ULONG Flags)
{
    bool shared = (Flags & CONDITION_VARIABLE_LOCKMODE_SHARED) != 0;
    uint32_t seen = atomic_load(count_of(ConditionVariable));
    if ((Flags & ~(ULONG)CONDITION_VARIABLE_LOCKMODE_SHARED) != 0)
        return fail(ERROR_INVALID_PARAMETER);
    (shared ? ReleaseSRWLockShared : ReleaseSRWLockExclusive)(SRWLock);
    BOOL result = sleep_on(ConditionVariable, seen, dwMilliseconds);
    (shared ? AcquireSRWLockShared : AcquireSRWLockExclusive)(SRWLock);
    return result;
}
