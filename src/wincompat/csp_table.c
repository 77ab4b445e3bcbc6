/*
 * Slots in one array, which grows and never shrinks, under one lock that is held for the length of a
 * copy.
 *
 *     handle:  generation (the upper bits) | number of the slot + 1 (lower 20)
 */
#include "csp_table.h"

#include <stdlib.h>

#define NUMBER_BITS 20
#define MOST_SLOTS (((uint32_t)1 << NUMBER_BITS) - 1)
#define NONE UINT32_MAX

static SRWLOCK lock = SRWLOCK_INIT;
static struct csp_slot *slots;
static uint32_t count, first_free = NONE;

static ULONG_PTR handle_of(uint32_t number)
{
    return (ULONG_PTR)slots[number].generation << NUMBER_BITS | (number + 1);
}

/* The slot behind a handle of this kind, or NULL. With the lock. */
static struct csp_slot *slot_of(ULONG_PTR handle, enum csp_kind kind)
{
    ULONG_PTR number = (handle & MOST_SLOTS) - 1;
    if (number >= count || slots[number].kind != kind || handle_of((uint32_t)number) != handle)
        return NULL;
    return &slots[number];
}

/* Puts twice as many slots into the list of free ones, which is empty. */
static bool grow(void)
{
    uint32_t wanted = count == 0 ? 16 : count * 2;
    if (wanted > MOST_SLOTS)
        return false;
    struct csp_slot *more = realloc(slots, wanted * sizeof *more);
    if (more == NULL)
        return false;
    slots = more;
    for (uint32_t i = wanted; i-- > count;) {
        slots[i] = (struct csp_slot){.generation = 1, .next = first_free};
        first_free = i;
    }
    count = wanted;
    return true;
}

bool csp_open(const struct csp_slot *slot, ULONG_PTR *handle)
{
    AcquireSRWLockExclusive(&lock);
    bool good = first_free != NONE || grow();
    if (good) {
        uint32_t number = first_free, generation = slots[number].generation;
        first_free = slots[number].next;
        slots[number] = *slot;
        slots[number].generation = generation;
        *handle = handle_of(number);
    }
    ReleaseSRWLockExclusive(&lock);
    return good;
}

bool csp_find(ULONG_PTR handle, enum csp_kind kind, struct csp_slot *slot)
{
    AcquireSRWLockShared(&lock);
    const struct csp_slot *found = slot_of(handle, kind);
    if (found != NULL)
        *slot = *found;
    ReleaseSRWLockShared(&lock);
    return found != NULL;
}

void csp_complete(ULONG_PTR handle)
{
    AcquireSRWLockExclusive(&lock);
    struct csp_slot *found = slot_of(handle, CSP_HASH);
    if (found != NULL)
        found->complete = true;
    ReleaseSRWLockExclusive(&lock);
}

bool csp_close(ULONG_PTR handle, enum csp_kind kind, struct csp_slot *slot)
{
    AcquireSRWLockExclusive(&lock);
    struct csp_slot *found = slot_of(handle, kind);
    if (found != NULL) {
        *slot = *found;
        *found = (struct csp_slot){.generation = slot->generation + 1, .next = first_free};
        first_free = (uint32_t)(found - slots);
    }
    ReleaseSRWLockExclusive(&lock);
    return found != NULL;
}
