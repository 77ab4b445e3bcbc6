/*
 * The handle table (idea in handle.h).
 *
 * A slot's tag is generation << 3 | state:
 *
 *   FREE --handle_new--> LIVE (or SHARED) --handle_close--> RECLAIMING <--> RETIRED
 *    ^                                                           |
 *    +----------------------- next generation -------------------+
 *
 * LIVE becomes SHARED when another thread than the one that made the object comes in. Most objects never
 * are: the thread that closes its own LIVE one knows that nobody else is inside, without looking at what
 * other threads write with each of their calls.
 *
 * Only the thread that moved a slot to RECLAIMING may destroy its object; RETIRED waits for a user that
 * is still inside. Sequential consistency makes this safe on the way in: a user publishes its hazard,
 * then reads the tag; a reclaimer changes the tag, then reads the hazards. In the one order that all
 * threads agree on, either the user sees that the slot is no longer live, or the reclaimer sees the
 * user. (Sequentially consistent stores rather than fences: they are cheaper on x86, and
 * ThreadSanitizer understands them.)
 *
 * On the way out the user clears its hazard, then reads the tag, and the same must hold. But a
 * reclaimer that meets a user is rare, and every call leaves: so the reclaimer pays for both. It has
 * the kernel run a barrier on all processors (membarrier) between retiring the slot and looking again,
 * and leaving is a plain store and a plain load. Where the kernel lacks that, leaving is an exchange.
 */
#include "handle.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "alone.h"

#if UINTPTR_MAX > UINT32_MAX
#define SLOT_BITS 22
#define GENERATION_BITS 36
#else /* fewer objects may live at once, so that there is room for a generation */
#define SLOT_BITS 18
#define GENERATION_BITS 10
#endif
#define CHUNK_BITS 10
#define CHUNK_SLOTS (1u << CHUNK_BITS)
#define CHUNK_COUNT (1u << (SLOT_BITS - CHUNK_BITS))
#define MARK_MASK 15u
#define GENERATION_MASK ((UINT64_C(1) << GENERATION_BITS) - 1)
#define HAZARDS 15 /* handles that one thread may hold at once */
#define ALL_HAZARDS ((1u << HAZARDS) - 1)
#define RECORD_BYTES (2 * (size_t)CACHE_LINE) /* in which a record's hazards are */

#define STATE_BITS 3

enum slot_state { SLOT_FREE, SLOT_RETIRED, SLOT_LIVE, SLOT_SHARED, SLOT_RECLAIMING };

/* One cache line each, so that short-lived neighbours do not disturb the
 * readers of a long-lived handle. */
struct slot {
    _Alignas(CACHE_LINE) _Atomic uint64_t tag;
    _Atomic(struct object *) object;
    _Atomic(struct record *) owner; /* of the thread that made it; NULL: it had none yet */
    _Atomic uint32_t kind;          /* the object's, << 4 | the mark of its handles */
    _Atomic uint32_t next_free;     /* slot number + 1 */
    uint32_t number;
};

/* The first hazards, more than are used but by providers that call back, are in one line with what else a call needs. */
struct record {
    _Alignas(RECORD_BYTES) uint32_t unused; /* hazards, a bit each; for its own thread */
    bool fenced;                            /* leaves_fenced */
    _Atomic(struct slot *) hazard[HAZARDS];
    struct slot *spare; /* a free slot that the thread's next object gets, or NULL */
    _Atomic bool owned;
    struct record *next;
};

static _Atomic(struct slot *) chunks[CHUNK_COUNT];
static _Atomic uint32_t fresh;     /* slots ever handed out */
static _Atomic uint64_t free_head; /* change count << 32 | slot number + 1 */
static _Atomic(struct record *) records;

static _Thread_local struct record *mine __attribute__((tls_model("initial-exec")));
static pthread_key_t exit_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool leaves_fenced; /* no membarrier here; constant once there is a record, but in tests */

static uint64_t tag_of(uint64_t generation, enum slot_state state)
{
    return generation << STATE_BITS | state;
}

static uint64_t generation_of(uint64_t tag)
{
    return tag >> STATE_BITS;
}

static enum slot_state state_of(uint64_t tag)
{
    return (enum slot_state)(tag & ((1u << STATE_BITS) - 1));
}

/* The low four bits of the handles of a kind. */
static uint32_t mark_of(enum object_kind kind)
{
    return kind >= OBJECT_KSP_PROVIDER ? 0xA : 0x6;
}

/* ---- the barrier that leaving users are spared ------------------------------------------------ */

static long membarrier(int command)
{
    return syscall(SYS_membarrier, command, 0, 0);
}

/* Nobody else may be inside. */
static void leaves_fence(bool fenced)
{
    leaves_fenced = fenced;
    for (struct record *r = atomic_load(&records); r != NULL; r = r->next)
        r->fenced = fenced;
}

static void barrier_prepare(void)
{
    leaves_fence(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0);
}

/* After it, what other threads stored before is seen here, and they see what was stored here. */
static void barrier_everywhere(void)
{
    if (leaves_fenced || membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0)
        return;
    /* A filter of system calls came later. Stores do not stay unseen across a change of threads. */
    atomic_thread_fence(memory_order_seq_cst);
    for (int i = 0; i < 100; i++)
        sched_yield();
}

/* ---- records -------------------------------------------------------------------------------- */

static void record_release(void *p)
{
    struct record *r = p;
    mine = NULL;
    atomic_store_explicit(&r->owned, false, memory_order_release);
}

static void record_clear(struct record *r)
{
    for (size_t i = 0; i < HAZARDS; i++)
        atomic_store_explicit(&r->hazard[i], NULL, memory_order_relaxed);
    r->unused = ALL_HAZARDS;
}

/* Only the forking thread lives on in the child: what the others were using
 * is nobody's any more. */
static void forget_other_threads(void)
{
    barrier_prepare();
    for (struct record *r = atomic_load(&records); r != NULL; r = r->next) {
        if (r == mine)
            continue;
        record_clear(r);
        atomic_store_explicit(&r->owned, false, memory_order_relaxed);
    }
}

static void start(void)
{
    pthread_key_create(&exit_key, record_release);
    pthread_atfork(NULL, NULL, forget_other_threads);
    barrier_prepare();
}

static struct record *record_new(void)
{
    struct record *r = aligned_alloc(RECORD_BYTES, sizeof *r);
    if (r == NULL)
        return NULL;
    *r = (struct record){.owned = true};
    r->next = atomic_load(&records);
    while (!atomic_compare_exchange_weak(&records, &r->next, r))
        ;
    return r;
}

/* Apart, so that looking up needs no frame for it. */
static __attribute__((noinline)) struct record *record_claim(void)
{
    pthread_once(&once, start);
    struct record *r = atomic_load(&records);
    for (; r != NULL; r = r->next) {
        bool owned = false;
        if (atomic_compare_exchange_strong(&r->owned, &owned, true))
            break;
    }
    if (r == NULL)
        r = record_new();
    if (r != NULL) {
        record_clear(r); /* a thread that was cancelled inside a call left what it used */
        r->fenced = leaves_fenced;
        mine = r;
        pthread_setspecific(exit_key, r);
    }
    return r;
}

static bool is_inside(const struct record *r, const struct slot *s)
{
    for (size_t i = 0; i < HAZARDS; i++) {
        if (atomic_load(&r->hazard[i]) == s)
            return true;
    }
    return false;
}

/* Whether a thread is inside; with `own`, that can only be this one. */
static bool in_use(const struct slot *s, bool own)
{
    if (own || process_is_alone())
        return mine != NULL && mine->unused != ALL_HAZARDS && is_inside(mine, s);
    for (struct record *r = atomic_load(&records); r != NULL; r = r->next) {
        if (is_inside(r, s))
            return true;
    }
    return false;
}

/* ---- slots ---------------------------------------------------------------------------------- */

static struct slot *slot_at(uint32_t number)
{
    struct slot *chunk = atomic_load_explicit(&chunks[number >> CHUNK_BITS], memory_order_acquire);
    return UNLIKELY(chunk == NULL) ? NULL : &chunk[number & (CHUNK_SLOTS - 1)];
}

static void slot_push_free(struct slot *s)
{
    uint64_t head = atomic_load(&free_head);
    uint64_t mine_first;
    do {
        atomic_store_explicit(&s->next_free, (uint32_t)head, memory_order_relaxed);
        mine_first = ((head >> 32) + 1) << 32 | (s->number + 1);
    } while (!atomic_compare_exchange_weak(&free_head, &head, mine_first));
}

static bool slot_pop_free(uint32_t *number)
{
    uint64_t head = atomic_load(&free_head);
    for (;;) {
        uint32_t first = (uint32_t)head;
        if (first == 0)
            return false;
        uint32_t next = atomic_load_explicit(&slot_at(first - 1)->next_free, memory_order_relaxed);
        uint64_t rest = ((head >> 32) + 1) << 32 | next;
        if (atomic_compare_exchange_weak(&free_head, &head, rest)) {
            *number = first - 1;
            return true;
        }
    }
}

static bool slot_make(uint32_t *number)
{
    uint32_t n = atomic_load(&fresh);
    do {
        if (n >= 1u << SLOT_BITS)
            return false;
    } while (!atomic_compare_exchange_weak(&fresh, &n, n + 1));

    _Atomic(struct slot *) *chunk = &chunks[n >> CHUNK_BITS];
    if (atomic_load_explicit(chunk, memory_order_acquire) == NULL) {
        struct slot *made = aligned_alloc(CACHE_LINE, CHUNK_SLOTS * sizeof *made);
        if (made == NULL)
            return false; /* the number is lost; memory is exhausted anyway */
        for (uint32_t i = 0; i < CHUNK_SLOTS; i++)
            made[i] =
                (struct slot){.tag = tag_of(1, SLOT_FREE), .number = (n & ~(CHUNK_SLOTS - 1)) + i};
        struct slot *none = NULL;
        if (!atomic_compare_exchange_strong(chunk, &none, made))
            free(made);
    }
    *number = n;
    return true;
}

/* Ends a slot that the caller moved to RECLAIMING: destroys its object, unless somebody is still inside, who
 * will then do it. `own`: no thread but this one ever was. */
static void slot_reclaim(struct slot *s, uint64_t generation, bool own)
{
    while (in_use(s, own)) {
        uint64_t retired = tag_of(generation, SLOT_RETIRED);
        atomic_store(&s->tag, retired);
        barrier_everywhere();
        if (in_use(s, own) ||
            !atomic_compare_exchange_strong(&s->tag, &retired, tag_of(generation, SLOT_RECLAIMING)))
            return;
    }
    struct object *o = atomic_load_explicit(&s->object, memory_order_relaxed);
    atomic_store_explicit(&s->tag, tag_of((generation + 1) & GENERATION_MASK, SLOT_FREE),
                          memory_order_release);
    if (mine != NULL && mine->spare == NULL)
        mine->spare = s;
    else
        slot_push_free(s);
    o->destroy(o);
}

/* ---- handles -------------------------------------------------------------------------------- */

static void *handle_make(uint32_t number, uint64_t generation, uint32_t mark)
{
    return (void *)(uintptr_t)(generation << (SLOT_BITS + 4) | (uint64_t)number << 4 | mark);
}

/* The slot that a handle names, if it is one: its mark is looked at by is_meant. */
static struct slot *handle_slot(const void *handle, uint64_t *generation)
{
    uint64_t h = (uint64_t)(uintptr_t)handle;
    *generation = h >> (SLOT_BITS + 4);
    return slot_at((uint32_t)(h >> 4) & ((1u << SLOT_BITS) - 1));
}

static struct slot *slot_take(void)
{
    if (mine != NULL && mine->spare != NULL) {
        struct slot *s = mine->spare;
        mine->spare = NULL;
        return s;
    }
    uint32_t number;
    return slot_pop_free(&number) || slot_make(&number) ? slot_at(number) : NULL;
}

NTSTATUS handle_new(struct object *o, void **handle)
{
    struct slot *s = slot_take();
    if (s == NULL)
        return STATUS_NO_MEMORY;
    uint64_t generation = generation_of(atomic_load_explicit(&s->tag, memory_order_relaxed));
    atomic_store_explicit(&s->object, o, memory_order_relaxed);
    atomic_store_explicit(&s->owner, mine, memory_order_relaxed);
    uint32_t mark = mark_of(o->kind);
    atomic_store_explicit(&s->kind, o->kind << 4 | mark, memory_order_relaxed);
    *handle = handle_make(s->number, generation, mark);
    atomic_store_explicit(&s->tag, tag_of(generation, SLOT_LIVE), memory_order_release);
    return STATUS_SUCCESS;
}

/* Whether a live slot's object is one that the handle and the caller mean. */
static bool is_meant(const struct slot *s, const void *handle, enum object_kind kind)
{
    uint32_t found = atomic_load_explicit(&s->kind, memory_order_relaxed);
    uint32_t mark = (uint32_t)(uintptr_t)handle & MARK_MASK;
    return LIKELY(found == (kind << 4 | mark)) ||
           (kind == OBJECT_ANY && (found & MARK_MASK) == mark);
}

/* Whether the slot is live at this generation for the thread of `r`, whose hazard says that it is inside. */
static bool is_live(struct slot *s, uint64_t generation, const struct record *r)
{
    uint64_t tag = atomic_load(&s->tag);
    uint64_t live = tag_of(generation, SLOT_LIVE);
    uint64_t shared = tag_of(generation, SLOT_SHARED);
    if (tag == shared)
        return true;
    if (UNLIKELY(tag != live))
        return false;
    if (LIKELY(atomic_load_explicit(&s->owner, memory_order_relaxed) == r))
        return true;
    return atomic_compare_exchange_strong(&s->tag, &live, shared) || live == shared;
}

/* Apart, and called last, so that looking up needs no frame. */
static __attribute__((noinline)) struct handle_use enter_first(const void *handle,
                                                               enum object_kind kind)
{
    return record_claim() == NULL ? (struct handle_use){NULL, NULL} : handle_enter(handle, kind);
}

static __attribute__((noinline)) struct handle_use enter_failed(void *hazard)
{
    handle_leave_at(hazard);
    return (struct handle_use){NULL, NULL};
}

struct handle_use handle_enter(const void *handle, enum object_kind kind)
{
    uint64_t generation;
    struct slot *s = handle_slot(handle, &generation);
    struct record *r = mine;
    if (UNLIKELY(s == NULL))
        return (struct handle_use){NULL, NULL};
    if (UNLIKELY(r == NULL))
        return enter_first(handle, kind);
    uint32_t unused = r->unused;
    if (UNLIKELY(unused == 0))
        return (struct handle_use){NULL, NULL};
    _Atomic(struct slot *) *hazard = &r->hazard[(size_t)__builtin_ctz(unused)];
    r->unused = unused & (unused - 1);
    if (process_is_alone())
        atomic_store_explicit(hazard, s, memory_order_relaxed);
    else
        atomic_store(hazard, s);
    if (UNLIKELY(!is_live(s, generation, r) || !is_meant(s, handle, kind)))
        return enter_failed(hazard);
    return (struct handle_use){atomic_load_explicit(&s->object, memory_order_relaxed), hazard};
}

/* The address of a hazard tells both the record and the number. */
_Static_assert(offsetof(struct record, spare) <= RECORD_BYTES, "hazards are in the first bytes");

void handle_leave_at(void *place)
{
    _Atomic(struct slot *) *hazard = place;
    struct record *r = (struct record *)((uintptr_t)hazard & ~(uintptr_t)(RECORD_BYTES - 1));
    struct slot *s = atomic_load_explicit(hazard, memory_order_relaxed);
    if (r->fenced)
        atomic_store(hazard, NULL);
    else
        atomic_store_explicit(hazard, NULL, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst); /* the load stays behind the store */
    r->unused |= 1u << (hazard - r->hazard);
    uint64_t tag = atomic_load_explicit(&s->tag, memory_order_acquire);
    if (UNLIKELY(state_of(tag) == SLOT_RETIRED) &&
        atomic_compare_exchange_strong(&s->tag, &tag, tag_of(generation_of(tag), SLOT_RECLAIMING)))
        slot_reclaim(s, generation_of(tag), false);
}

bool handle_close(const void *handle, enum object_kind kind)
{
    uint64_t generation;
    struct slot *s = handle_slot(handle, &generation);
    if (s == NULL || !is_meant(s, handle, kind))
        return false;
    uint64_t live = tag_of(generation, SLOT_LIVE);
    const uint64_t shared = tag_of(generation, SLOT_SHARED);
    const uint64_t ending = tag_of(generation, SLOT_RECLAIMING);
    if (atomic_compare_exchange_strong(&s->tag, &live, ending)) {
        slot_reclaim(s, generation, atomic_load_explicit(&s->owner, memory_order_relaxed) == mine);
        return true;
    }
    if (live != shared || !atomic_compare_exchange_strong(&s->tag, &live, ending))
        return false;
    slot_reclaim(s, generation, false);
    return true;
}

bool handle_leaves_free(void)
{
    pthread_once(&once, start);
    return !leaves_fenced;
}

void handle_allow_barrier(bool on)
{
    pthread_once(&once, start);
    if (on)
        barrier_prepare();
    else
        leaves_fence(true);
}

size_t handle_count_live(void)
{
    size_t count = 0;
    uint32_t n = atomic_load(&fresh);
    for (uint32_t i = 0; i < n; i++) {
        const struct slot *s = slot_at(i);
        if (s == NULL)
            continue;
        enum slot_state state = state_of(atomic_load(&s->tag));
        count += state == SLOT_LIVE || state == SLOT_SHARED;
    }
    return count;
}
