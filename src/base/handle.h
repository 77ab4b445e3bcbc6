/*
 * Handles are not pointers. A handle is a slot number and a generation; NULL, garbage, a handle of
 * another kind and a closed one are all told apart from a live one without touching the memory they
 * might name.
 *
 *   handle (64 bits):   generation : 36 | slot : 22 | mark : 4
 *          (32 bits):   generation : 10 | slot : 18 | mark : 4
 *
 * The mark is 6 for the objects of bcrypt.h and 10 for those of ncrypt.h: each library has a table of
 * its own, and a handle of the one given to the other must not name a stranger's object. No handle is
 * of the form 16n+1, which is that of Windows' pseudo-handles.
 *
 * Looking up takes no lock and writes only to the calling thread's own record: the thread publishes
 * the slot it is using (hazard.h), then checks that the slot still carries the handle's generation.
 * Whoever closes a handle first takes the slot out of use, then scans the records (its own only, where
 * no other thread ever came in); if some thread is inside, the object is retired and the last thread to
 * leave destroys it. Slots live in chunks that are never given back.
 */
#ifndef BASE_HANDLE_H
#define BASE_HANDLE_H

#include "base.h"

enum object_kind {
    OBJECT_ANY, /* for handle_enter only */
    OBJECT_ALG,
    OBJECT_KEY,
    OBJECT_HASH,
    OBJECT_MULTI, /* many hashes */
    OBJECT_SECRET,
    OBJECT_KSP_PROVIDER, /* from here on those of ncrypt.h */
    OBJECT_KSP_KEY,
    OBJECT_KSP_SECRET,
    OBJECT_RULE, /* of ncryptprotect.h, with functions of their own to close them */
    OBJECT_STREAM,
};

/* What a handle stands for; the first member of every such struct. */
struct object {
    enum object_kind kind;
    void (*destroy)(struct object *o); /* called once, by the last user */
    /* No call that uses it closes its handle, or runs code of others that might: in a process of one thread a use needs no bookkeeping. Nothing is, unless it is said. */
    bool quiet;
};

/* A use of an object that keeps it alive until handle_leave. */
struct handle_use {
    struct object *object; /* NULL: the handle is not valid */
    void *hazard;          /* bookkeeping: where the thread says what it uses; NULL: nowhere */
};

/* Gives the object a handle; it owns the object from then on.
 * STATUS_NO_MEMORY leaves it with the caller. */
NTSTATUS handle_new(struct object *o, void **handle) MUST_CHECK;

/* Looks the handle up. Needs handle_leave, by scope: CLEANUP(handle_leave) struct handle_use. */
struct handle_use handle_enter(const void *handle, enum object_kind kind) MUST_CHECK;
static inline void handle_leave(struct handle_use *use);

/* Takes back what handle_enter wrote to use->hazard. */
void handle_leave_at(void *place);

static inline void handle_leave(struct handle_use *use)
{
    void *hazard = use->hazard;
    *use = (struct handle_use){NULL, NULL};
    if (hazard != NULL)
        handle_leave_at(hazard);
}

/* Ends the handle; its object is destroyed when its last user leaves.
 * False: it was not a valid one. */
bool handle_close(const void *handle, enum object_kind kind) MUST_CHECK;

/* How many handles are live; for tests that look for leaks. */
size_t handle_count_live(void);

#endif
