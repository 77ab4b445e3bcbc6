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
#define SPARE_SECRETS 4 /* of locked memory: 64, 128, 256, 512 bytes (secret.c) */
#define SPARE_KINDS (SPARE_OBJECTS + SPARE_SECRETS)
#define SPARES_EACH 2

struct spare_list {
    void *block[SPARES_EACH];
    uint32_t count;
    void (*release)(void *block, size_t kind);
};

/* The thread's lists, one for each kind; NULL: it has none (yet). A pointer, because programs that load the library
 * late have little room for variables of threads. */
extern _Thread_local struct spare_list *opencng_spares
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Makes the lists, to be given back at the thread's end. False: cannot, or that has come. */
bool spare_open(void) MUST_CHECK;

/* Whether blocks are kept; and, for tests, whether this thread's are. */
bool spare_is_kept(void);
void spare_allow(bool on);

/* A zeroed block of the kind, or NULL. */
static inline MUST_CHECK void *spare_take(size_t kind)
{
    struct spare_list *lists = opencng_spares;
    return lists != NULL && lists[kind].count > 0 ? lists[kind].block[--lists[kind].count] : NULL;
}

/* Keeps a zeroed block, which `release` takes back when the thread ends; false: it is still the caller's. */
static inline MUST_CHECK bool spare_keep(size_t kind, void *block,
                                         void (*release)(void *block, size_t kind))
{
    if (!SPARES_KEPT || (opencng_spares == NULL && !spare_open()))
        return false;
    struct spare_list *l = &opencng_spares[kind];
    if (l->count == SPARES_EACH)
        return false;
    l->block[l->count++] = block;
    l->release = release;
    return true;
}

#endif
