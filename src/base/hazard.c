/* The records of threads (hazard.h): claimed at a thread's first use, given back when it ends, never freed. */
#include "hazard.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic(struct hazards *) records;
_Thread_local struct hazards *hazards_mine __attribute__((tls_model("initial-exec")));
static pthread_key_t exit_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool leaves_fenced; /* no membarrier here; constant once there is a record, but in tests */

/* ---- the barrier --------------------------------------------------------------------------- */

static long membarrier(int command)
{
    return syscall(SYS_membarrier, command, 0, 0);
}

/* Nobody else may be inside. */
static void leaves_fence(bool fenced)
{
    leaves_fenced = fenced;
    for (struct hazards *r = atomic_load(&records); r != NULL; r = r->next)
        r->fenced = fenced;
}

static void barrier_prepare(void)
{
    leaves_fence(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0);
}

void hazard_barrier(void)
{
    if (leaves_fenced || membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0)
        return;
    /* A filter of system calls came later. Stores do not stay unseen across a change of threads. */
    atomic_thread_fence(memory_order_seq_cst);
    for (int i = 0; i < 100; i++)
        sched_yield();
}

/* ---- records -------------------------------------------------------------------------------- */

static void hazards_release(void *p)
{
    struct hazards *r = p;
    hazards_mine = NULL;
    atomic_store_explicit(&r->owned, false, memory_order_release);
}

static void hazards_clear(struct hazards *r)
{
    r->last_kind = UINT8_MAX; /* which nobody asks for */
    for (size_t i = 0; i < HAZARDS; i++)
        atomic_store_explicit(&r->slot[i], NULL, memory_order_relaxed);
    r->unused = ALL_HAZARDS;
}

/* Only the forking thread lives on in the child: what the others were using
 * is nobody's any more. */
static void forget_other_threads(void)
{
    barrier_prepare();
    for (struct hazards *r = atomic_load(&records); r != NULL; r = r->next) {
        if (r == hazards_mine)
            continue;
        hazards_clear(r);
        atomic_store_explicit(&r->owned, false, memory_order_relaxed);
    }
}

static void start(void)
{
    pthread_key_create(&exit_key, hazards_release);
    pthread_atfork(NULL, NULL, forget_other_threads);
    barrier_prepare();
}

static struct hazards *hazards_new(void)
{
    struct hazards *r = aligned_alloc(HAZARD_BYTES, sizeof *r);
    if (r == NULL)
        return NULL;
    *r = (struct hazards){.owned = true};
    r->next = atomic_load(&records);
    while (!atomic_compare_exchange_weak(&records, &r->next, r))
        ;
    return r;
}

struct hazards *hazards_claim(void)
{
    pthread_once(&once, start);
    struct hazards *r = atomic_load(&records);
    for (; r != NULL; r = r->next) {
        bool owned = false;
        if (atomic_compare_exchange_strong(&r->owned, &owned, true))
            break;
    }
    if (r == NULL)
        r = hazards_new();
    if (r != NULL) {
        hazards_clear(r); /* a thread that was cancelled inside a call left what it used */
        r->fenced = leaves_fenced;
        hazards_mine = r;
        pthread_setspecific(exit_key, r);
    }
    return r;
}

static bool is_inside(const struct hazards *r, const struct slot *s)
{
    for (size_t i = 0; i < HAZARDS; i++) {
        if (atomic_load(&r->slot[i]) == s)
            return true;
    }
    return false;
}

bool hazard_is_held(const struct slot *s, bool own)
{
    const struct hazards *r = hazards_mine;
    if (own || process_is_alone())
        return r != NULL && r->unused != ALL_HAZARDS && is_inside(r, s);
    for (r = atomic_load(&records); r != NULL; r = r->next) {
        if (is_inside(r, s))
            return true;
    }
    return false;
}

bool hazards_leave_free(void)
{
    pthread_once(&once, start);
    return !leaves_fenced;
}

void hazards_allow_barrier(bool on)
{
    pthread_once(&once, start);
    if (on)
        barrier_prepare();
    else
        leaves_fence(true);
}
