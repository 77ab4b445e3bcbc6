/*
 * Slim reader/writer locks and condition variables, each in the size of a pointer.
 *
 *     lock:       state (4 bytes: WRITER, or the number of readers) | threads that wait (4)
 *     condition:  a count of wake-ups (4) | unused (4)
 *
 * Whoever cannot enter counts himself as waiting, then sleeps unless the state changed; whoever leaves
 * changes the state, then looks whether somebody waits. One of the two sees the other.
 */
#include "win_futex.h"

#include <limits.h>

#define WRITER 0x80000000u

struct slim {
    _Atomic uint32_t state;
    _Atomic uint32_t waiting;
};

_Static_assert(sizeof(struct slim) == sizeof(SRWLOCK), "a lock has the size of a pointer");

static struct slim *slim_of(PSRWLOCK lock)
{
    return (struct slim *)(void *)lock;
}

static bool try_shared(struct slim *lock)
{
    uint32_t state = atomic_load(&lock->state);
    while (state < WRITER - 1) {
        if (atomic_compare_exchange_weak(&lock->state, &state, state + 1))
            return true;
    }
    return false;
}

static bool try_exclusive(struct slim *lock)
{
    uint32_t state = 0;
    return atomic_compare_exchange_strong(&lock->state, &state, WRITER);
}

static void acquire(struct slim *lock, bool (*attempt)(struct slim *))
{
    while (!attempt(lock)) {
        atomic_fetch_add(&lock->waiting, 1);
        uint32_t state = atomic_load(&lock->state);
        if (state != 0)
            futex_wait(&lock->state, state, NULL);
        atomic_fetch_sub(&lock->waiting, 1);
    }
}

static void wake(struct slim *lock)
{
    if (atomic_load(&lock->waiting) != 0)
        futex_wake(&lock->state, INT_MAX);
}

VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock)
{
    SRWLock->Ptr = NULL;
}

VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
    acquire(slim_of(SRWLock), try_exclusive);
}

VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock)
{
    atomic_store(&slim_of(SRWLock)->state, 0);
    wake(slim_of(SRWLock));
}

BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
    return try_exclusive(slim_of(SRWLock));
}

VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock)
{
    acquire(slim_of(SRWLock), try_shared);
}

VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock)
{
    if (atomic_fetch_sub(&slim_of(SRWLock)->state, 1) == 1)
        wake(slim_of(SRWLock));
}

BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock)
{
    return try_shared(slim_of(SRWLock));
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
