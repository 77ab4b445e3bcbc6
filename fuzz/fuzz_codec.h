/*
 * The property of every codec: what a decoder accepts, its encoder writes so that it is accepted
 * again, with the same values, and written again as the same bytes.
 */
#ifndef FUZZ_FUZZ_CODEC_H
#define FUZZ_FUZZ_CODEC_H

#include "fuzz.h"
#include "rd.h"
#include "wr.h"

/* Writes a view. */
typedef void (*encoder)(int form, const void *view, struct wr *w);

/* An encoded blob in exactly its own size. */
struct encoded {
    uint8_t *p;
    size_t n;
    bool bad; /* the form cannot hold these values */
};

static inline struct encoded encode_exact(encoder encode, int form, const void *view)
{
    struct wr count = wr_count();
    encode(form, view, &count);
    if (count.bad)
        return (struct encoded){.bad = true};
    struct encoded e = {.p = malloc(count.n), .n = count.n};
    FUZZ_CHECK(e.p != NULL);
    struct wr w = wr_into(e.p, e.n);
    encode(form, view, &w);
    FUZZ_CHECK(w.bad || w.n == e.n);
    e.bad = w.bad;
    return e;
}

static inline struct span encoded_span(const struct encoded *e)
{
    return (struct span){e->p, e->n};
}

static inline void check_same_bytes(const struct encoded *a, const struct encoded *b)
{
    FUZZ_CHECK(!a->bad && !b->bad && a->n == b->n && memcmp(a->p, b->p, a->n) == 0);
}

static inline void check_same_nums(const struct num *a, const struct num *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(num_equal_public(a[i], b[i]));
}

#endif
