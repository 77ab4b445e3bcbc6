/* Pieces that are released together (config_arena.h). */
#include "config_arena.h"

#include <stdlib.h>
#include <string.h>

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    _Alignas(max_align_t) uint8_t bytes[];
};

#define CHUNK_BYTES 4096

static bool chunk_add(struct arena *a, size_t n)
{
    size_t size = n > CHUNK_BYTES ? n : CHUNK_BYTES;
    if (size > SIZE_MAX / 2)
        return false;
    struct arena_chunk *c = calloc(1, sizeof *c + size);
    if (c == NULL)
        return false;
    c->next = a->chunks;
    c->size = size;
    a->chunks = c;
    a->left = size;
    return true;
}

void *arena_alloc(struct arena *a, size_t n)
{
    const size_t unit = _Alignof(max_align_t);
    if (n > SIZE_MAX / 2)
        return NULL;
    n = n / unit * unit + unit; /* at least one, so that nothing is a place, too */
    if (n > a->left && !chunk_add(a, n))
        return NULL;
    void *p = a->chunks->bytes + (a->chunks->size - a->left);
    a->left -= n;
    return p;
}

char *arena_text(struct arena *a, struct span text)
{
    char *copy = arena_alloc(a, text.n + 1);
    if (copy != NULL && text.n > 0)
        memcpy(copy, text.p, text.n);
    return copy;
}

/* Whether a list of so many items has no room for one more. */
static bool is_full(size_t count)
{
    return (count & (count - 1)) == 0;
}

void *arena_insert(struct arena *a, const void *list, size_t *count, size_t size, size_t at,
                   const void *item)
{
    uint8_t *to = (uint8_t *)list;
    if (is_full(*count)) {
        to = arena_alloc(a, (*count == 0 ? 1 : 2 * *count) * size);
        if (to == NULL)
            return NULL;
        if (*count > 0)
            memcpy(to, list, *count * size);
    }
    memmove(to + (at + 1) * size, to + at * size, (*count - at) * size);
    memcpy(to + at * size, item, size);
    ++*count;
    return to;
}

void arena_remove(void *list, size_t *count, size_t size, size_t at)
{
    uint8_t *p = list;
    --*count;
    memmove(p + at * size, p + (at + 1) * size, (*count - at) * size);
}

void arena_done(struct arena *a)
{
    struct arena_chunk *c = a->chunks;
    while (c != NULL) {
        struct arena_chunk *next = c->next;
        free(c);
        c = next;
    }
    *a = (struct arena){0};
}
