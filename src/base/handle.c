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
 * is still inside. A user publishes its hazard, then reads the tag; a reclaimer changes the tag, then reads the hazards
 * (hazard.h says why that is safe, and what leaving costs).
 */
#include "handle.h"

#include <stdlib.h>

#include "hazard.h"

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
#define STATE_BITS 3
#define NO_TAG UINT64_MAX

enum slot_state { SLOT_FREE, SLOT_RETIRED, SLOT_LIVE, SLOT_SHARED, SLOT_RECLAIMING };

/* One cache line each, so that short-lived neighbours do not disturb the
 * readers of a long-lived handle. */
struct slot {
    _Alignas(CACHE_LINE) _Atomic uint64_t tag;
    _Atomic(struct object *) object;
    _Atomic(struct hazards *) owner; /* of the thread that made it; NULL: it had none yet */
    _Atomic uint32_t kind;           /* the object's, << 4 | the mark of its handles */
    _Atomic uint32_t next_free;      /* slot number + 1 */
    uint32_t number;
};

static _Atomic(struct slot *) chunks[CHUNK_COUNT];
static _Atomic uint32_t fresh;     /* slots ever handed out */
static _Atomic uint64_t free_head; /* change count << 32 | slot number + 1 */

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
    while (hazard_is_held(s, own)) {
        uint64_t retired = tag_of(generation, SLOT_RETIRED);
        atomic_store(&s->tag, retired);
        hazard_barrier();
        if (hazard_is_held(s, own) ||
            !atomic_compare_exchange_strong(&s->tag, &retired, tag_of(generation, SLOT_RECLAIMING)))
            return;
    }
    struct object *o = atomic_load_explicit(&s->object, memory_order_relaxed);
    atomic_store_explicit(&s->tag, tag_of((generation + 1) & GENERATION_MASK, SLOT_FREE),
                          memory_order_release);
    if (hazards_mine != NULL && hazards_mine->spare == NULL)
        hazards_mine->spare = s;
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
    if (hazards_mine != NULL && hazards_mine->spare != NULL) {
        struct slot *s = hazards_mine->spare;
        hazards_mine->spare = NULL;
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
    atomic_store_explicit(&s->owner, hazards_mine, memory_order_relaxed);
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

/* Whether the slot is live at this generation for the thread of `r`, whose hazard says that it is inside; and with which tag. */
static bool is_live(struct slot *s, uint64_t generation, const struct hazards *r, uint64_t *tag)
{
    uint64_t live = tag_of(generation, SLOT_LIVE);
    uint64_t shared = tag_of(generation, SLOT_SHARED);
    *tag = atomic_load(&s->tag);
    if (*tag == live && atomic_load_explicit(&s->owner, memory_order_relaxed) == r)
        return true;
    if (*tag == live && atomic_compare_exchange_strong(&s->tag, tag, shared))
        *tag = shared;
    return *tag == shared;
}

/* ---- looking up --------------------------------------------------------------------------------- */

static __attribute__((noinline)) struct handle_use look_up(const void *handle,
                                                           enum object_kind kind)
{
    const struct handle_use none = {NULL, NULL};
    uint64_t generation;
    struct slot *s = handle_slot(handle, &generation);
    struct hazards *r = hazards_mine != NULL ? hazards_mine : hazards_claim();
    if (s == NULL || r == NULL || r->unused == 0)
        return none;
    void *hazard = hazard_take(r, s);
    uint64_t tag;
    if (!is_live(s, generation, r, &tag) || !is_meant(s, handle, kind)) {
        handle_leave_at(hazard);
        return none;
    }
    struct object *o = atomic_load_explicit(&s->object, memory_order_relaxed);
    r->last_handle = handle;
    r->last_kind = (uint8_t)kind;
    r->last_slot = s;
    r->last_tag = tag;
    r->last_quiet_tag = o->quiet ? tag : NO_TAG;
    return (struct handle_use){o, hazard};
}

static __attribute__((noinline)) struct handle_use
look_up_again(const void *handle, enum object_kind kind, void *hazard)
{
    handle_leave_at(hazard);
    return look_up(handle, kind);
}

/* Most calls are for the handle of the call before: whether that one still means the same, its slot's tag tells alone. A leaf that calls
 * others last, so that it needs no frame. */
struct handle_use handle_enter(const void *handle, enum object_kind kind)
{
    struct hazards *r = hazards_mine;
    if (UNLIKELY(r == NULL || r->last_handle != handle || r->last_kind != kind))
        return look_up(handle, kind);
    struct slot *s = r->last_slot;
    if (process_is_alone() && LIKELY(atomic_load(&s->tag) == r->last_quiet_tag))
        return (struct handle_use){atomic_load_explicit(&s->object, memory_order_relaxed), NULL};
    if (UNLIKELY(r->unused == 0))
        return (struct handle_use){NULL, NULL};
    void *hazard = hazard_take(r, s);
    if (UNLIKELY(atomic_load(&s->tag) != r->last_tag))
        return look_up_again(handle, kind, hazard);
    return (struct handle_use){atomic_load_explicit(&s->object, memory_order_relaxed), hazard};
}

void handle_leave_at(void *place)
{
    struct slot *s = hazard_drop(place);
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
        slot_reclaim(s, generation,
                     atomic_load_explicit(&s->owner, memory_order_relaxed) == hazards_mine);
        return true;
    }
    if (live != shared || !atomic_compare_exchange_strong(&s->tag, &live, ending))
        return false;
    slot_reclaim(s, generation, false);
    return true;
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
