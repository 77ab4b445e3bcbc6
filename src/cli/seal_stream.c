#include "seal_stream.h"

#include <string.h>

#include "complain.h"
#include "progress.h"

#define SEALED_CHUNK (SEAL_CHUNK + ENGINE_AEAD_TAG)

/* ---- cutting the input into chunks ---------------------------------------------------------------------------- */

/* The last chunk is sealed as such: whether there is more is known only when one more byte has been read. */
struct chunks {
    struct inlet *in;
    size_t size; /* of a chunk that is not the last */
    struct octets room;
    uint8_t ahead; /* the byte that was read too far */
    bool has_ahead;
    size_t n; /* of this chunk */
    bool is_last;
    uint64_t number;
    uint64_t offset; /* of this chunk behind the header */
};

static void chunks_done(struct chunks *c)
{
    octets_done(&c->room);
    explicit_bzero(&c->ahead, 1);
}

#define CHUNKS CLEANUP(chunks_done) struct chunks

static void chunks_init(struct chunks *c, struct inlet *in, size_t size)
{
    *c = (struct chunks){.in = in, .size = size};
    octets_resize(&c->room, size + ENGINE_AEAD_TAG);
}

static enum outcome chunks_read(struct chunks *c)
{
    size_t kept = c->has_ahead;
    size_t got;
    if (c->has_ahead)
        c->room.p[0] = c->ahead;
    TRY(inlet_read(c->in, c->room.p + kept, c->size + 1 - kept, &got));
    c->n = kept + got;
    c->is_last = c->n <= c->size;
    c->has_ahead = !c->is_last;
    if (c->is_last)
        return DONE;
    c->n = c->size;
    c->ahead = c->room.p[c->size];
    return DONE;
}

static void chunks_advance(struct chunks *c)
{
    c->number++;
    c->offset += c->n;
}

/* ---- nonces --------------------------------------------------------------------------------------------------- */

/* The number in eleven bytes, big-endian, and 1 for the last chunk or 0. */
struct nonce {
    uint8_t bytes[ENGINE_AEAD_NONCE];
};

static struct nonce nonce_of(uint64_t number, bool is_last)
{
    struct nonce nonce = {{0}};
    for (size_t i = 0; i < 8; i++)
        nonce.bytes[10 - i] = (uint8_t)(number >> 8 * i);
    nonce.bytes[11] = is_last;
    return nonce;
}

/* ---- sealing -------------------------------------------------------------------------------------------------- */

enum outcome seal_stream_seal(struct seal_stream *s, struct inlet *in, struct outlet *out)
{
    CHUNKS c = {0};
    PROGRESS_BAR bar = {0};
    const struct view header = {s->header, SEAL_HEADER};
    chunks_init(&c, in, SEAL_CHUNK);
    progress_bar_begin(&bar, s->label, in->size);
    do {
        TRY(chunks_read(&c));
        const struct nonce nonce = nonce_of(c.number, c.is_last);
        TRY(complain_if_failed(in->path, s->label,
                               engine_aead_seal(s->key, nonce.bytes, header, c.room.p, c.n), NULL));
        TRY(outlet_write(out, (struct view){c.room.p, c.n + ENGINE_AEAD_TAG}));
        s->text += c.n;
        progress_bar_add(&bar, c.n);
        chunks_advance(&c);
    } while (!c.is_last);
    return DONE;
}

/* ---- opening -------------------------------------------------------------------------------------------------- */

static NTSTATUS open_chunk(const struct seal_stream *s, const struct chunks *c, bool as_last,
                           struct octets *text)
{
    const struct nonce nonce = nonce_of(c->number, as_last);
    const struct view header = {s->header, SEAL_HEADER};
    octets_resize(text, SEAL_CHUNK);
    return engine_aead_open(s->key, nonce.bytes, header, (struct view){c->room.p, c->n}, text->p);
}

/* What happened to the file: a chunk that is right in the other role tells that its end is wrong. */
static enum outcome complain_damage(const struct seal_stream *s, const struct chunks *c)
{
    OCTETS text = {0};
    unsigned long long offset = SEAL_HEADER + c->offset;
    unsigned long long end = offset + c->n;
    bool other_role = open_chunk(s, c, !c->is_last, &text) == STATUS_SUCCESS;
    if (other_role && c->is_last)
        return complain(REFUSED, c->in->path, s->label,
                        "the file was cut at offset %llu: its end is missing", end);
    if (other_role)
        return complain(REFUSED, c->in->path, s->label,
                        "something was added to the file at offset %llu, where its last chunk ends",
                        end);
    return complain(REFUSED, c->in->path, s->label,
                    "the file is damaged: the chunk at offset %llu was changed, moved or cut",
                    offset);
}

enum outcome seal_stream_open(struct seal_stream *s, struct inlet *in, struct outlet *out)
{
    CHUNKS c = {0};
    PROGRESS_BAR bar = {0};
    OCTETS text = {0};
    chunks_init(&c, in, SEALED_CHUNK);
    progress_bar_begin(&bar, s->label, in->size);
    do {
        TRY(chunks_read(&c));
        NTSTATUS status = open_chunk(s, &c, c.is_last, &text);
        /* Only an empty text has an empty chunk, so that each text has one sealed form under a key. */
        if (status == STATUS_AUTH_TAG_MISMATCH || (c.n == ENGINE_AEAD_TAG && c.number > 0))
            return complain_damage(s, &c);
        TRY(complain_if_failed(in->path, s->label, status, NULL));
        size_t n = c.n - ENGINE_AEAD_TAG;
        TRY(outlet_write(out, (struct view){text.p, n}));
        s->text += n;
        progress_bar_add(&bar, c.n);
        chunks_advance(&c);
    } while (!c.is_last);
    return DONE;
}
