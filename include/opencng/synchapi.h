/* synchapi.h: initialization that happens once, locks, condition variables, waiting. In libwincompat.
 *
 * The structures are opaque; INIT_ONCE, SRWLOCK and CONDITION_VARIABLE may be zero instead of initialized. A critical section has to be
 * initialized, as on Windows. Nothing here works between processes.
 */
#ifndef _SYNCHAPI_H_
#define _SYNCHAPI_H_

#include "windef.h"

#ifndef INFINITE
#define INFINITE 0xFFFFFFFF
#endif
#define WAIT_OBJECT_0 ((DWORD)0x00000000L)
#define WAIT_ABANDONED ((DWORD)0x00000080L)
#ifndef WAIT_TIMEOUT
#define WAIT_TIMEOUT 258L
#endif
#define WAIT_FAILED ((DWORD)0xFFFFFFFF)

typedef union _RTL_RUN_ONCE
{
	PVOID Ptr;
} INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE, RTL_RUN_ONCE, *PRTL_RUN_ONCE;
#define INIT_ONCE_STATIC_INIT {0}
#define RTL_RUN_ONCE_INIT {0}
#define INIT_ONCE_CHECK_ONLY 0x00000001UL
#define INIT_ONCE_ASYNC 0x00000002UL
#define INIT_ONCE_INIT_FAILED 0x00000004UL
#define INIT_ONCE_CTX_RESERVED_BITS 2

typedef BOOL(CALLBACK *PINIT_ONCE_FN)(PINIT_ONCE InitOnce, PVOID Parameter, PVOID *Context);

typedef struct _RTL_CRITICAL_SECTION
{
	ULONG_PTR Opaque[8];
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION, CRITICAL_SECTION, *PCRITICAL_SECTION, *LPCRITICAL_SECTION;
#define CRITICAL_SECTION_NO_DEBUG_INFO 0x01000000

typedef struct _RTL_SRWLOCK
{
	PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK, SRWLOCK, *PSRWLOCK;
#define SRWLOCK_INIT {0}
#define RTL_SRWLOCK_INIT {0}

typedef struct _RTL_CONDITION_VARIABLE
{
	PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE, CONDITION_VARIABLE, *PCONDITION_VARIABLE;
#define CONDITION_VARIABLE_INIT {0}
#define CONDITION_VARIABLE_LOCKMODE_SHARED 0x1

typedef struct _SECURITY_ATTRIBUTES
{
	DWORD nLength;
	LPVOID lpSecurityDescriptor;
	BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

OPENCNG_BEGIN_C

/* ---- Once ---- */

/* Puts *InitOnce into its first state, which is zero. */
OPENCNG_API VOID WINAPI InitOnceInitialize(PINIT_ONCE InitOnce);

/* Calls InitFn once, whatever number of threads come; the others wait until it is done.
 *
 * InitFn: gets InitOnce, Parameter and where to put a context (low two bits 0). It returns TRUE when the initialization succeeded; after
 * FALSE the next caller tries again. Context (out, optional): the context that InitFn left.
 *
 * Returns FALSE when InitFn did, with the last error that it left.
 *
 * Source: Microsoft Learn, InitOnceExecuteOnce.
 */
OPENCNG_API BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn, PVOID Parameter, LPVOID *Context);

/* Begins an initialization whose end InitOnceComplete tells.
 *
 * dwFlags: 0 (one thread initializes, the others wait here), INIT_ONCE_ASYNC (several may, the first to complete wins) or
 * INIT_ONCE_CHECK_ONLY (begins nothing). fPending (out): TRUE when the caller is to initialize. lpContext (out, optional): the context, when
 * *fPending is FALSE.
 *
 * Returns FALSE: with INIT_ONCE_CHECK_ONLY when it is not done yet (ERROR_GEN_FAILURE); for other flags, or when synchronous and asynchronous use are
 * mixed (ERROR_INVALID_PARAMETER).
 */
OPENCNG_API BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags, PBOOL fPending, LPVOID *lpContext);

/* Completes it. dwFlags: 0, INIT_ONCE_ASYNC, or INIT_ONCE_INIT_FAILED (alone, synchronous: the next caller tries again). lpContext: low two bits 0.
 *
 * Returns FALSE: asynchronous, and another thread was faster (ERROR_ALREADY_EXISTS); nothing was begun, or a wrong flag or context (ERROR_INVALID_PARAMETER).
 */
OPENCNG_API BOOL WINAPI InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext);

/* ---- Critical sections: recursive locks ---- */

OPENCNG_API VOID WINAPI InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection);

/* The same; dwSpinCount and Flags change nothing here. Both return TRUE. */
OPENCNG_API BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount);
OPENCNG_API BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount, DWORD Flags);

/* A thread may enter as often as it leaves. TryEnter... returns FALSE when another thread is inside. */
OPENCNG_API VOID WINAPI EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
OPENCNG_API BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
OPENCNG_API VOID WINAPI LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
OPENCNG_API VOID WINAPI DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection);

/* ---- Slim reader/writer locks: not recursive, not fair ---- */

OPENCNG_API VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock);
OPENCNG_API VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock);
OPENCNG_API VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock);
OPENCNG_API BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock);
OPENCNG_API VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock);
OPENCNG_API VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock);
OPENCNG_API BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock);

/* ---- Condition variables ---- */

OPENCNG_API VOID WINAPI InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable);
OPENCNG_API VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable);
OPENCNG_API VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable);

/* Leaves the lock, waits up to dwMilliseconds (or INFINITE), enters it again. May wake without a reason.
 *
 * Flags: 0, or CONDITION_VARIABLE_LOCKMODE_SHARED when the caller holds the SRW lock shared. The critical section must be held once.
 *
 * Returns FALSE when time ran out (ERROR_TIMEOUT); the lock is held then too.
 */
OPENCNG_API BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable, PCRITICAL_SECTION CriticalSection, DWORD dwMilliseconds);
OPENCNG_API BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable, PSRWLOCK SRWLock, DWORD dwMilliseconds, ULONG Flags);

/* ---- Time and events ---- */

/* Sleeps dwMilliseconds; 0 yields, INFINITE never returns. */
OPENCNG_API VOID WINAPI Sleep(DWORD dwMilliseconds);

/* Makes an event: a file descriptor (an eventfd) cast to HANDLE, so that poll works on it too.
 *
 * lpEventAttributes: ignored; no child inherits the event. bManualReset: TRUE: once set, it stays so until ResetEvent; FALSE: one wait is let through, which
 * resets it. bInitialState: TRUE: it is set. lpName: NULL.
 *
 * Returns NULL: ERROR_NOT_SUPPORTED (a name: nothing here works between processes), ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY.
 *
 * Source: Microsoft Learn, CreateEventA; the descriptor is this library's choice.
 */
OPENCNG_API HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL bInitialState, LPCSTR lpName);
OPENCNG_API HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL bInitialState, LPCWSTR lpName) OPENCNG_WIDE(CreateEventW);

/* Sets an event of CreateEvent. FALSE (ERROR_INVALID_HANDLE) for another handle, also for those of change notifications that the system sets. */
OPENCNG_API BOOL WINAPI SetEvent(HANDLE hEvent);

/* Resets an event, or forgets what a change notification told. FALSE (ERROR_INVALID_HANDLE) for another handle. */
OPENCNG_API BOOL WINAPI ResetEvent(HANDLE hEvent);

/* Waits for an event: of CreateEvent, NCryptNotifyChangeKey or BCryptRegisterConfigChangeNotify. What was signalled before this call counts. It is
 * consumed by the wait, so that the next one waits for the next signal; only an event that was made with bManualReset stays signalled.
 *
 * dwMilliseconds: how long to wait at most; INFINITE waits without end.
 *
 * Returns WAIT_OBJECT_0, WAIT_TIMEOUT, or WAIT_FAILED (ERROR_INVALID_HANDLE) for another handle.
 */
OPENCNG_API DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds);

OPENCNG_END_C

#ifdef UNICODE
#define CreateEvent CreateEventW
#else
#define CreateEvent CreateEventA
#endif

#endif /* _SYNCHAPI_H_ */
