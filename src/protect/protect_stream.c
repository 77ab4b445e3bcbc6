/*
 * Streams. What goes in is cut into segments, of which each has its own tag, so neither direction needs more memory than a
 * segment and no plaintext comes out before it was authenticated. The header stands in front, as a CMS structure without
 * its content, and what it was made of is gone when it is written.
 *
 * What was not written as a stream can be read as one: its only tag stands at its end, so all of it is held back until
 * then.
 */
#include "protect_parts.h"

#include <stdlib.h>

/* Bytes that grow; ciphertext. */
struct pile {
    uint8_t *p;
    size_t n, cap;
};

static NTSTATUS pile_add(struct pile *pile, struct span data)
{
    if (data.n > pile->cap - pile->n) {
        size_t cap = pile->cap + pile->cap / 2;
        if (cap < pile->n + data.n)
            cap = pile->n + data.n;
        uint8_t *p = realloc(pile->p, cap);
        if (p == NULL)
            return NTE_NO_MEMORY;
        pile->p = p;
        pile->cap = cap;
    }
    if (data.n > 0)
        memcpy(pile->p + pile->n, data.p, data.n);
    pile->n += data.n;
    return STATUS_SUCCESS;
}

static void pile_done(struct pile *pile)
{
    free(pile->p);
    *pile = (struct pile){.p = NULL};
}

/* The first n bytes of `data`, or as many as there are; they are taken from it. */
static struct span take(struct span *data, size_t n)
{
    struct span part = {data->p, data->n < n ? data->n : n};
    data->p += part.n;
    data->n -= part.n;
    return part;
}

struct protect_stream {
    struct protect_sink sink;
    NTSTATUS (*update)(struct protect_stream *s, struct span data, bool final);
    NTSTATUS status; /* why it goes on no more */

    struct content_key key;
    uint32_t number;     /* of the segment that is being filled */
    struct secret plain; /* sealing: the segment; opening: room for one */
    size_t filled;       /* bytes of `plain` that are there */
    struct pile
        header; /* sealing: until it is written; opening: until it is read, or with the content in it */
    struct pile sealed; /* opening: what stands behind the header; sealing: room for a segment */
};

static NTSTATUS next_number(struct protect_stream *s)
{
    return ++s->number == 0 ? NTE_BAD_LEN : STATUS_SUCCESS;
}

/* ---- sealing -------------------------------------------------------------------------------- */

static NTSTATUS put_segment(struct protect_stream *s, bool final)
{
    TRY(content_seal(&s->key, s->number, final, (struct span){s->plain.p, s->filled}, s->sealed.p));
    size_t n = s->filled + PROTECT_TAG_BYTES;
    s->filled = 0;
    TRY(next_number(s));
    return s->sink.put(s->sink.arg, (struct span){s->sealed.p, n}, final);
}

static NTSTATUS update_seal(struct protect_stream *s, struct span data, bool final)
{
    if (s->header.p != NULL) {
        TRY(s->sink.put(s->sink.arg, (struct span){s->header.p, s->header.n}, false));
        pile_done(&s->header);
    }
    while (data.n > 0) {
        /* A full segment waits until it is known whether it is the last. */
        if (s->filled == s->plain.n)
            TRY(put_segment(s, false));
        struct span part = take(&data, s->plain.n - s->filled);
        memcpy(s->plain.p + s->filled, part.p, part.n);
        s->filled += part.n;
    }
    return final ? put_segment(s, true) : STATUS_SUCCESS;
}

static void stream_done(struct protect_stream **s)
{
    stream_free(*s);
}
#define SCOPED_STREAM CLEANUP(stream_done) struct protect_stream

static void *heap_alloc(SIZE_T n)
{
    return malloc(n);
}

NTSTATUS stream_to_seal(const struct protect_rule *rule, const struct protect_sink *sink,
                        struct protect_stream **stream)
{
    static const NCRYPT_ALLOC_PARA heap = {sizeof heap, heap_alloc, free};
    SCOPED_STREAM *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NTE_NO_MEMORY;
    size_t header;
    s->sink = *sink;
    s->update = update_seal;
    s->key.segment = PROTECT_SEGMENT;
    TRY(head_seal(rule, 0, &heap, &s->key, &s->header.p, &header, &s->header.n));
    TRY(secret_new(&s->plain, PROTECT_SEGMENT));
    s->sealed.p = malloc(PROTECT_SEGMENT + PROTECT_TAG_BYTES);
    if (s->sealed.p == NULL)
        return NTE_NO_MEMORY;
    *stream = s;
    s = NULL;
    return STATUS_SUCCESS;
}

/* ---- opening -------------------------------------------------------------------------------- */

static NTSTATUS update_head(struct protect_stream *s, struct span data, bool final);

static NTSTATUS put_plain(struct protect_stream *s, struct span sealed, bool final)
{
    TRY(content_open(&s->key, s->number, final, sealed, s->plain.p));
    TRY(next_number(s));
    return s->sink.put(s->sink.arg, (struct span){s->plain.p, sealed.n - PROTECT_TAG_BYTES}, final);
}

static NTSTATUS update_segments(struct protect_stream *s, struct span data, bool final)
{
    size_t full = (size_t)s->key.segment + PROTECT_TAG_BYTES;
    while (data.n > 0) {
        if (s->sealed.n == full) {
            TRY(put_plain(s, (struct span){s->sealed.p, full}, false));
            s->sealed.n = 0;
        }
        TRY(pile_add(&s->sealed, take(&data, full - s->sealed.n)));
    }
    if (!final)
        return STATUS_SUCCESS;
    /* Only the last segment of an empty content is empty. */
    size_t least = PROTECT_TAG_BYTES + (s->number > 0);
    return s->sealed.n < least ? NTE_BAD_DATA
                               : put_plain(s, (struct span){s->sealed.p, s->sealed.n}, true);
}

/* One tag for all: in the header's structure, or behind it. */
static NTSTATUS put_whole(struct protect_stream *s, struct span sealed)
{
    size_t n;
    TRY(content_size(&s->key, sealed.n, &n));
    TRY(secret_new(&s->plain, n));
    return put_plain(s, sealed, true);
}

static NTSTATUS update_inside(struct protect_stream *s, struct span data, bool final)
{
    struct head h;
    if (data.n > 0)
        return NTE_BAD_DATA;
    if (!final)
        return STATUS_SUCCESS;
    TRY(head_decode((struct span){s->header.p, s->header.n}, &h));
    return put_whole(s, h.cms.content);
}

static NTSTATUS update_behind(struct protect_stream *s, struct span data, bool final)
{
    TRY(pile_add(&s->sealed, data));
    return final ? put_whole(s, (struct span){s->sealed.p, s->sealed.n}) : STATUS_SUCCESS;
}

/* The header is here. */
static NTSTATUS begin(struct protect_stream *s)
{
    struct head h;
    SCOPED_RULE *rule = NULL;
    TRY(head_decode((struct span){s->header.p, s->header.n}, &h));
    TRY(head_rule(&h, &rule));
    NTSTATUS opened = head_open(&h, rule, &s->key);
    if (s->sink.found != NULL) {
        struct protect_rule *told = rule;
        rule = NULL;
        TRY(s->sink.found(s->sink.arg, told));
    }
    TRY(opened);
    s->update = !h.cms.detached      ? update_inside
                : h.how.segment == 0 ? update_behind
                                     : update_segments;
    return s->key.segment > 0 ? secret_new(&s->plain, s->key.segment) : STATUS_SUCCESS;
}

static NTSTATUS update_head(struct protect_stream *s, struct span data, bool final)
{
    for (;;) {
        size_t size;
        if (asn1_size((struct span){s->header.p, s->header.n}, &size) < 0)
            return NTE_BAD_DATA;
        if (size > 0 && s->header.n == size)
            break;
        if (data.n == 0)
            return final ? NTE_BAD_DATA : STATUS_SUCCESS;
        TRY(pile_add(&s->header, take(&data, size > 0 ? size - s->header.n : 1)));
        if (s->header.p[0] != ASN1_SEQUENCE)
            return NTE_BAD_DATA;
    }
    TRY(begin(s));
    return s->update(s, data, final);
}

NTSTATUS stream_to_open(const struct protect_sink *sink, struct protect_stream **stream)
{
    struct protect_stream *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NTE_NO_MEMORY;
    s->sink = *sink;
    s->update = update_head;
    *stream = s;
    return STATUS_SUCCESS;
}

/* ---- both ----------------------------------------------------------------------------------- */

NTSTATUS stream_update(struct protect_stream *s, struct span data, bool final)
{
    TRY(s->status);
    s->status = s->update(s, data, final);
    if (s->status < 0)
        return s->status;
    if (final)
        s->status = NTE_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

void stream_free(struct protect_stream *s)
{
    if (s == NULL)
        return;
    content_key_done(&s->key);
    secret_done(&s->plain);
    pile_done(&s->header);
    pile_done(&s->sealed);
    free(s);
}
