/*
 * Once, locks, condition variables, interlocked operations and events: alone and with threads that race.
 */
#include "conform.h"

#include <ncrypt.h>
#include <intrin.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/resource.h>

#define THREADS 8
#define ROUNDS 2000

/* ---- once -------------------------------------------------------------------------------------- */

static LONG inits;
static LONG64 target;

static BOOL CALLBACK init(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    (void)once;
    Sleep(1);
    InterlockedIncrement(&inits);
    *context = parameter;
    return TRUE;
}

static BOOL CALLBACK refuse_once(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    (void)once, (void)parameter, (void)context;
    if (InterlockedIncrement(&inits) > 1)
        return TRUE;
    SetLastError(4321);
    return FALSE;
}

static INIT_ONCE racing = INIT_ONCE_STATIC_INIT;

static void *race_once(void *arg)
{
    LPVOID context = NULL;
    (void)arg;
    return InitOnceExecuteOnce(&racing, init, &target, &context) && context == &target ? &target
                                                                                       : NULL;
}

static bool run(void *(*body)(void *), void *arg)
{
    pthread_t threads[THREADS];
    bool good = true;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, body, arg);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        good &= result == &target;
    }
    return good;
}

static void once(void)
{
    INIT_ONCE o = INIT_ONCE_STATIC_INIT;
    BOOL pending = 7;
    LPVOID context = NULL;
    row_begin("InitOnceExecuteOnce");
    tap(run(race_once, NULL) && inits == 1, "one of many threads initializes, all see the context");
    inits = 0;
    tap(!InitOnceExecuteOnce(&o, refuse_once, NULL, NULL) && GetLastError() == 4321,
        "a failure keeps its last error");
    tap(InitOnceExecuteOnce(&o, refuse_once, NULL, NULL) && inits == 2,
        "and the next caller tries again");

    row_begin("InitOnceBeginInitialize");
    InitOnceInitialize(&o);
    tap(!InitOnceBeginInitialize(&o, INIT_ONCE_CHECK_ONLY, &pending, NULL) &&
            GetLastError() == ERROR_GEN_FAILURE,
        "INIT_ONCE_CHECK_ONLY before");
    tap(InitOnceBeginInitialize(&o, 0, &pending, NULL) && pending, "begins");
    tap(!InitOnceBeginInitialize(&o, INIT_ONCE_ASYNC, &pending, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "not both ways");
    tap(!InitOnceComplete(&o, INIT_ONCE_ASYNC, NULL), "is not completed the other way");
    tap(!InitOnceComplete(&o, 0, (LPVOID)3) && GetLastError() == ERROR_INVALID_PARAMETER,
        "the two low bits are taken");
    tap(InitOnceComplete(&o, INIT_ONCE_INIT_FAILED, NULL) &&
            InitOnceBeginInitialize(&o, 0, &pending, NULL) && pending,
        "INIT_ONCE_INIT_FAILED begins anew");
    tap(InitOnceComplete(&o, 0, &target) &&
            InitOnceBeginInitialize(&o, INIT_ONCE_CHECK_ONLY, &pending, &context) && !pending &&
            context == &target,
        "completes with a context");
    tap(!InitOnceComplete(&o, 0, NULL), "once");
    InitOnceInitialize(&o);
    tap(InitOnceBeginInitialize(&o, INIT_ONCE_ASYNC, &pending, NULL) && pending &&
            InitOnceBeginInitialize(&o, INIT_ONCE_ASYNC, &pending, NULL) && pending,
        "several may try with INIT_ONCE_ASYNC");
    tap(InitOnceComplete(&o, INIT_ONCE_ASYNC, &target), "the first wins");
    tap(!InitOnceComplete(&o, INIT_ONCE_ASYNC, &inits) && GetLastError() == ERROR_ALREADY_EXISTS,
        "the second learns it");
    tap(InitOnceBeginInitialize(&o, INIT_ONCE_ASYNC, &pending, &context) && !pending &&
            context == &target,
        "and finds the first's context");

    InitOnceInitialize(&o);
    tap(!InitOnceBeginInitialize(NULL, 0, &pending, NULL) &&
            !InitOnceBeginInitialize(&o, 0, NULL, NULL) &&
            !InitOnceBeginInitialize(&o, 0x80, &pending, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "NULL and unknown flags are refused");
    tap(InitOnceBeginInitialize(&o, 0, &pending, NULL) && pending, "and change nothing");
    tap(!InitOnceComplete(NULL, 0, NULL) && !InitOnceComplete(&o, 0x80, NULL) &&
            !InitOnceComplete(&o, INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED, NULL) &&
            !InitOnceComplete(&o, INIT_ONCE_INIT_FAILED, &target) &&
            GetLastError() == ERROR_INVALID_PARAMETER && InitOnceComplete(&o, 0, NULL),
        "nor do they complete it");
    InitOnceInitialize(&o);
    inits = 0;
    tap(InitOnceBeginInitialize(&o, INIT_ONCE_ASYNC, &pending, NULL) &&
            !InitOnceExecuteOnce(&o, refuse_once, NULL, NULL) &&
            GetLastError() == ERROR_INVALID_PARAMETER && inits == 0,
        "what is tried with INIT_ONCE_ASYNC is not executed");
}

/* ---- locks ------------------------------------------------------------------------------------- */

static CRITICAL_SECTION section;
static SRWLOCK slim = SRWLOCK_INIT;
static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT;
static int counter, turn;

static void *count_in_section(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        EnterCriticalSection(&section);
        EnterCriticalSection(&section);
        counter++;
        LeaveCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    return &target;
}

static void *try_section(void *arg)
{
    BOOL *got = arg;
    *got = TryEnterCriticalSection(&section);
    if (*got)
        LeaveCriticalSection(&section);
    return NULL;
}

static BOOL another_enters(void)
{
    pthread_t thread;
    BOOL got = 7;
    pthread_create(&thread, NULL, try_section, &got);
    pthread_join(thread, NULL);
    return got;
}

static void critical(void)
{
    row_begin("critical section");
    InitializeCriticalSection(&section);
    tap(TryEnterCriticalSection(&section) && TryEnterCriticalSection(&section),
        "a thread enters twice");
    tap(!another_enters(), "another does not");
    LeaveCriticalSection(&section);
    tap(!another_enters(), "until it left as often");
    LeaveCriticalSection(&section);
    tap(another_enters(), "then it does");
    DeleteCriticalSection(&section);
    tap(InitializeCriticalSectionAndSpinCount(&section, 4000) == TRUE, "with a spin count");
    DeleteCriticalSection(&section);
    tap(InitializeCriticalSectionEx(&section, 4000, CRITICAL_SECTION_NO_DEBUG_INFO) == TRUE,
        "with flags");
    tap(run(count_in_section, NULL) && counter == THREADS * ROUNDS, "excludes");
    DeleteCriticalSection(&section);
}

static int inside, most_readers, wrong;

static void *race_slim(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 4 == 0) {
            AcquireSRWLockExclusive(&slim);
            if (inside != 0)
                wrong = 1;
            counter++;
            ReleaseSRWLockExclusive(&slim);
        } else {
            AcquireSRWLockShared(&slim);
            int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
            if (now > most_readers)
                __atomic_store_n(&most_readers, now, __ATOMIC_SEQ_CST);
            __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
            ReleaseSRWLockShared(&slim);
        }
    }
    return &target;
}

static void slim_locks(void)
{
    row_begin("SRW lock");
    SRWLOCK one;
    InitializeSRWLock(&one);
    tap(TryAcquireSRWLockShared(&one) && TryAcquireSRWLockShared(&one) &&
            !TryAcquireSRWLockExclusive(&one),
        "readers share, and keep writers out");
    ReleaseSRWLockShared(&one);
    ReleaseSRWLockShared(&one);
    tap(TryAcquireSRWLockExclusive(&one) && !TryAcquireSRWLockShared(&one) &&
            !TryAcquireSRWLockExclusive(&one),
        "a writer keeps all out");
    ReleaseSRWLockExclusive(&one);
    counter = 0;
    tap(run(race_slim, NULL) && counter == THREADS * (ROUNDS / 4) && !wrong, "excludes");
}

/* Threads take turns by number. */
static void *take_turns(void *arg)
{
    (void)arg;
    static LONG numbers;
    int mine = (int)InterlockedIncrement(&numbers) - 1;
    for (int i = 0; i < 50; i++) {
        AcquireSRWLockExclusive(&slim);
        while (turn % THREADS != mine)
            SleepConditionVariableSRW(&condition, &slim, INFINITE, 0);
        turn++;
        WakeAllConditionVariable(&condition);
        ReleaseSRWLockExclusive(&slim);
    }
    return &target;
}

static void conditions(void)
{
    row_begin("condition variable");
    tap(run(take_turns, NULL) && turn == THREADS * 50, "threads take turns");
    InitializeConditionVariable(&condition);
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    ULONGLONG start = GetTickCount64();
    tap(!SleepConditionVariableCS(&condition, &section, 30) && GetLastError() == ERROR_TIMEOUT &&
            GetTickCount64() - start >= 25,
        "time runs out");
    LeaveCriticalSection(&section);
    tap(another_enters(), "the section was held again, and left");
    DeleteCriticalSection(&section);
    AcquireSRWLockShared(&slim);
    tap(!SleepConditionVariableSRW(&condition, &slim, 1, CONDITION_VARIABLE_LOCKMODE_SHARED),
        "shared");
    tap(TryAcquireSRWLockShared(&slim) && !TryAcquireSRWLockExclusive(&slim),
        "and held shared again");
    tap(!SleepConditionVariableSRW(&condition, &slim, 1, 2) &&
            GetLastError() == ERROR_INVALID_PARAMETER,
        "another flag");
    ReleaseSRWLockShared(&slim);
    ReleaseSRWLockShared(&slim);
    WakeConditionVariable(&condition);
}

static void interlocked(void)
{
    LONG n = 5;
    LONG64 n64 = INT64_C(1) << 40;
    PVOID p = &n;
    DWORD index = 99;
    row_begin("Interlocked");
    tap(InterlockedIncrement(&n) == 6 && InterlockedDecrement(&n) == 5,
        "Increment and Decrement give the new value");
    tap(InterlockedExchangeAdd(&n, 3) == 5 && InterlockedAdd(&n, -3) == 5,
        "ExchangeAdd gives the old one, Add the new one");
    tap(InterlockedExchange(&n, 9) == 5 && InterlockedCompareExchange(&n, 1, 8) == 9 && n == 9 &&
            InterlockedCompareExchange(&n, 1, 9) == 9 && n == 1,
        "Exchange and CompareExchange give the old one");
    tap(InterlockedOr(&n, 6) == 1 && InterlockedAnd(&n, 3) == 7 && InterlockedXor(&n, 1) == 3 &&
            n == 2,
        "bits");
    tap(InterlockedIncrement64(&n64) == (INT64_C(1) << 40) + 1 &&
            InterlockedExchange64(&n64, 0) > 0,
        "64 bits");
    tap(InterlockedCompareExchangePointer(&p, NULL, &n) == &n && p == NULL &&
            InterlockedExchangePointer(&p, &p) == NULL && p == &p,
        "pointers");
    tap(_BitScanReverse(&index, 0x900) && index == 11 && _BitScanForward(&index, 0x900) &&
            index == 8 && !_BitScanForward(&index, 0) && index == 8 &&
            _byteswap_ulong(0x01020304) == 0x04030201,
        "intrinsics");
}

/* ---- waiting for events --------------------------------------------------------------------------- */

static void events(void)
{
    NCRYPT_PROV_HANDLE provider = 0;
    NCRYPT_KEY_HANDLE key = 0;
    HANDLE event = NULL;
    row_begin("change notifications");
    /* A folder that does not exist yet cannot be watched: a first key makes it. */
    tap(NCryptOpenStorageProvider(&provider, NULL, 0) == ERROR_SUCCESS &&
            NCryptCreatePersistedKey(provider, &key, NCRYPT_ECDSA_P256_ALGORITHM, L"first", 0, 0) ==
                ERROR_SUCCESS &&
            NCryptFinalizeKey(key, 0) == ERROR_SUCCESS && NCryptFreeObject(key) == ERROR_SUCCESS &&
            NCryptNotifyChangeKey(provider, &event, NCRYPT_REGISTER_NOTIFY_FLAG) == ERROR_SUCCESS,
        "registered");
    tap(WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT &&
            WaitForSingleObject(event, 20) == (DWORD)WAIT_TIMEOUT,
        "nothing happened yet");
    tap(NCryptCreatePersistedKey(provider, &key, NCRYPT_ECDSA_P256_ALGORITHM, L"waited", 0, 0) ==
                ERROR_SUCCESS &&
            NCryptFinalizeKey(key, 0) == ERROR_SUCCESS,
        "a key was made");
    tap(WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0, "which signals");
    tap(WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT, "once");
    tap(NCryptDeleteKey(key, 0) == ERROR_SUCCESS &&
            WaitForSingleObject(event, 5000) == WAIT_OBJECT_0,
        "deleting it signals, too");
    tap(CloseHandle(event) == TRUE, "is closed");
    SetLastError(0);
    tap(CloseHandle(event) == FALSE && GetLastError() == ERROR_INVALID_HANDLE, "once");
    tap(WaitForSingleObject(event, 0) == WAIT_FAILED && GetLastError() == ERROR_INVALID_HANDLE,
        "and then no handle");
    NCryptFreeObject(provider);

    row_begin("what is no event");
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC),
        counter_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    tap(CloseHandle((HANDLE)(LONG_PTR)file) == FALSE && fcntl(file, F_GETFD) >= 0,
        "a file stays open");
    tap(CloseHandle(NULL) == FALSE && CloseHandle((HANDLE)(LONG_PTR)0x123456789) == FALSE,
        "numbers that are none");
    tap(CloseHandle(GetCurrentProcess()) && CloseHandle(GetCurrentThread()),
        "the process may be closed in vain");
    uint64_t one = 1;
    tap(write(counter_fd, &one, sizeof one) == sizeof one &&
            WaitForSingleObject((HANDLE)(LONG_PTR)counter_fd, 1000) == WAIT_OBJECT_0 &&
            WaitForSingleObject((HANDLE)(LONG_PTR)counter_fd, 0) == (DWORD)WAIT_TIMEOUT,
        "an eventfd is one");
    close(file);
    close(counter_fd);
}

/* A program's change of the configuration, seen through the event that bcrypt.h gave. A folder that does
 * not exist yet cannot be watched: a first context makes it. */
static void configuration(void)
{
    HANDLE event = NULL;
    row_begin("the event of BCryptRegisterConfigChangeNotify");
    tap_status(BCryptCreateContext(CRYPT_LOCAL, L"First", NULL), STATUS_SUCCESS, "a folder");
    tap_status(BCryptRegisterConfigChangeNotify(&event), STATUS_SUCCESS, "registered");
    tap(WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT, "nothing happened yet");
    tap_status(BCryptCreateContext(CRYPT_LOCAL, L"Waited", NULL), STATUS_SUCCESS,
               "a context was made");
    tap(WaitForSingleObject(event, 5000) == WAIT_OBJECT_0, "which signals");
    tap(WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT, "once");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Waited"), STATUS_SUCCESS, "it was deleted");
    tap(ResetEvent(event) && WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT,
        "which ResetEvent forgets");
    tap(!SetEvent(event) && GetLastError() == ERROR_INVALID_HANDLE, "only the system sets it");
    tap_status(BCryptUnregisterConfigChangeNotify(event), STATUS_SUCCESS, "unregistered");
    tap(WaitForSingleObject(event, 0) == WAIT_FAILED && GetLastError() == ERROR_INVALID_HANDLE,
        "and then no handle");
}

/* ---- events that programs make -------------------------------------------------------------------- */

static HANDLE raced;
static LONG passed_through;

static void *wait_for_it(void *arg)
{
    (void)arg;
    if (WaitForSingleObject(raced, INFINITE) == WAIT_OBJECT_0)
        InterlockedIncrement(&passed_through);
    return &target;
}

/* Takes what it finds without waiting. */
static void *take_events(void *arg)
{
    (void)arg;
    while (InterlockedExchangeAdd(&passed_through, 0) < ROUNDS) {
        if (WaitForSingleObject(raced, 0) == WAIT_OBJECT_0)
            InterlockedIncrement(&passed_through);
    }
    return &target;
}

static void made_events(void)
{
    row_begin("an auto-reset event");
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    tap(event != NULL && WaitForSingleObject(event, 5) == (DWORD)WAIT_TIMEOUT, "begins unset");
    /* So often that the clock ticks between any two instructions of a wait. */
    int in_time = 0;
    for (int i = 0; i < 100000; i++)
        in_time += WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT;
    tap(in_time == 100000, "a wait of no time returns whenever the clock ticks");
    tap(SetEvent(event) && SetEvent(event) && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0,
        "is set");
    tap(WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT, "one wait resets it");
    tap(SetEvent(event) && ResetEvent(event) && ResetEvent(event) &&
            WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT,
        "so does ResetEvent");
    tap(CloseHandle(event), "is closed");
    tap(!SetEvent(event) && GetLastError() == ERROR_INVALID_HANDLE && !ResetEvent(event) &&
            WaitForSingleObject(event, 0) == WAIT_FAILED && !CloseHandle(event),
        "and then no handle");

    row_begin("a manual-reset event");
    event = CreateEventW(NULL, TRUE, TRUE, NULL);
    tap(WaitForSingleObject(event, 0) == WAIT_OBJECT_0 &&
            WaitForSingleObject(event, 0) == WAIT_OBJECT_0,
        "begins set, and stays so");
    tap(ResetEvent(event) && WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT &&
            WaitForSingleObject(event, 0) == (DWORD)WAIT_TIMEOUT,
        "until it is reset");
    tap(SetEvent(event) && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0 &&
            WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0,
        "and set again");
    ResetEvent(event);
    raced = event;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, wait_for_it, NULL);
    Sleep(20);
    SetEvent(event);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    tap(passed_through == THREADS, "lets all of them through");
    CloseHandle(event);

    row_begin("an auto-reset event");
    raced = CreateEvent(NULL, FALSE, FALSE, NULL);
    passed_through = 0;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, wait_for_it, NULL);
    SetEvent(raced);
    while (InterlockedExchangeAdd(&passed_through, 0) == 0)
        Sleep(1);
    Sleep(20);
    tap(InterlockedExchangeAdd(&passed_through, 0) == 1, "lets one through");
    while (InterlockedExchangeAdd(&passed_through, 0) < THREADS)
        SetEvent(raced);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    tap(passed_through == THREADS, "each time that it is set");
    ResetEvent(raced);
    passed_through = 0;
    int too_many = 0;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, take_events, NULL);
    for (int i = 1; i <= ROUNDS; i++) {
        SetEvent(raced);
        while (InterlockedExchangeAdd(&passed_through, 0) < i)
            Sleep(0);
        too_many += InterlockedExchangeAdd(&passed_through, 0) != i;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    tap(too_many == 0, "of threads that do not wait, one takes it");
    CloseHandle(raced);

    row_begin("CreateEvent");
    tap(CreateEventA(NULL, FALSE, FALSE, "name") == NULL && GetLastError() == ERROR_NOT_SUPPORTED &&
            CreateEventW(NULL, FALSE, FALSE, L"name") == NULL &&
            GetLastError() == ERROR_NOT_SUPPORTED,
        "nothing is shared by a name");
    int file = open("/dev/null", O_WRONLY | O_CLOEXEC);
    tap(!SetEvent((HANDLE)(LONG_PTR)file) && !ResetEvent((HANDLE)(LONG_PTR)file) &&
            !SetEvent(NULL) && !ResetEvent(NULL) && GetLastError() == ERROR_INVALID_HANDLE,
        "a file is no event");
    close(file);
    struct rlimit before, few;
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &few);
    HANDLE none = CreateEventA(NULL, FALSE, FALSE, NULL);
    DWORD error = GetLastError();
    setrlimit(RLIMIT_NOFILE, &before);
    tap(none == NULL && error == ERROR_TOO_MANY_OPEN_FILES, "no descriptor is left for one");
}

int main(void)
{
    char folder[] = "/tmp/opencng-wincompat-XXXXXX", remove[80];
    row_begin("a folder for keys and configuration");
    tap(mkdtemp(folder) != NULL && setenv("OPENCNG_HOME", folder, 1) == 0, "made");
    once();
    critical();
    slim_locks();
    conditions();
    interlocked();
    events();
    configuration();
    made_events();
    row_begin("a folder for keys and configuration");
    snprintf(remove, sizeof remove, "rm -rf %s", folder);
    tap(system(remove) == 0, "removed");
    return tap_done();
}
