/*
 * Blocks of memory that a thread keeps for its next object of the same size, so that what is made and destroyed for
 * each operation (a provider, a key, a hash) allocates nothing and takes no lock after the first time.
 *
 * Few blocks of few kinds; zeroed by who gives them; given back when the thread ends. Under AddressSanitizer nothing is
 * kept, so that uses after the end and overruns are seen.
 */
#ifndef BASE_SPARE_H
#define BASE_SPARE_H

#include "base.h"

#if defined(__SANITIZE_ADDRESS__)
#define SPARES_KEPT 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SPARES_KEPT 0
#endif
#endif
#ifndef SPARES_KEPT
#define SPARES_KEPT 1
#endif

#define SPARE_OBJECTS 4 /* kinds of blocks for objects: 128, 256, 384, 512 bytes (provider.c) */
#define SPARE_SECRETS 2 /* of locked memory: 64 and 128 bytes (secret.c) */
#define SPARE_KINDS (SPARE_OBJECTS + SPARE_SECRETS)
#define SPARES_EACH 2

struct spares {
    struct spare_list {
        void *block[SPARES_EACH];
        uint32_t count;
        void (*release)(void *block);
    } of[SPARE_KINDS];
    bool open; /* whether the thread's end will give back what is here */
};

extern _Thread_local struct spares opencng_spares
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Prepares for the end of this thread. False: cannot, or it has come. */
bool spare_open(void) MUST_CHECK;

/* Whether blocks are kept; and, for tests, whether this thread's are. */
bool spare_is_kept(void);
void spare_allow(bool on);

/* A zeroed block of the kind, or NULL. */
static inline MUST_CHECK void *spare_take(size_t kind)
{
    struct spare_list *l = &opencng_spares.of[kind];
    return l->count > 0 ? l->block[--l->count] : NULL;
}

/* Keeps a zeroed block, which `release` takes back when the thread ends; false: it is still the caller's. */
static inline MUST_CHECK bool spare_keep(size_t kind, void *block, void (*release)(void *block))
{
    struct spare_list *l = &opencng_spares.of[kind];
    if (!SPARES_KEPT || l->count == SPARES_EACH || (!opencng_spares.open && !spare_open()))
        return false;
    l->block[l->count++] = block;
    l->release = release;
    return true;
}

#endif
