/*
 * Memory of one picture of the configuration: many small pieces that are released together. Lists grow in
 * place; their capacity is the power of two that holds their count, so that nothing has to remember it.
 */
#ifndef CONFIG_CONFIG_ARENA_H
#define CONFIG_CONFIG_ARENA_H

#include "span.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* the newest first */
    size_t left;                /* bytes of the newest that are free */
};

/* n zeroed bytes, aligned for anything; NULL: no memory. */
void *arena_alloc(struct arena *a, size_t n) MUST_CHECK;

/* A copy with a NUL behind it; NULL: no memory. */
char *arena_text(struct arena *a, struct span text) MUST_CHECK;

/* Puts a copy of *item, of `size` bytes, into a list of *count such, in front of the one at `at` (*count: behind the
 * last). Returns where the list is now, and counts it; NULL: no memory. */
void *arena_insert(struct arena *a, const void *list, size_t *count, size_t size, size_t at,
                   const void *item) MUST_CHECK;

/* Takes one out of such a list. */
void arena_remove(void *list, size_t *count, size_t size, size_t at);

void arena_done(struct arena *a);

#endif
