/*
 * The states of a multi-hash (lanes.h): from operations to blocks and digests.
 *
 * An element walks through its operations of the call in their order, at its own pace: it offers
 * blocks, and when they are used up it goes on to whatever comes next, the rest of the data, the
 * padding, the next operation. All elements that have blocks are streams for lanes_advance, so the
 * order in which operations on different elements stand in the array does not matter, and a lane
 * whose stream runs dry is taken over by another.
 *
 * Elements link their operations themselves, so nothing is allocated. A long array is done in parts
 * of PART operations; only an element that has more than PART / 16 operations in one call can keep
 * others from filling the lanes.
 */
#include "lanes.h"

#include <endian.h>
#include <string.h>

#include "lanes_hash.h"

#define PART 256
#define NO_OP UINT32_MAX
#define MOST_BLOCK 128 /* bytes */

struct element {
    struct lanes_stream stream;
    uint64_t bytes;               /* that went in since it was fresh */
    uint8_t tail[2 * MOST_BLOCK]; /* what fills no block yet; at the end its padding too */
    uint32_t op;                  /* during a call: the operation it is at, NO_OP after the last */
    size_t taken;                 /* bytes of that operation's data; not 0: the padding is out */
    size_t ahead;                 /* bytes of all its operations */
};

/* What an element needs to know of its call. */
struct call {
    const struct lanes_hash *hash;
    const struct multi_op *ops;
    uint32_t next[PART]; /* the next operation on the same element, or NO_OP */
};

static void element_start(struct element *e, const struct lanes_hash *hash)
{
    e->stream.state = hash->start;
    e->bytes = 0;
}

static void element_offer(struct element *e, const uint8_t *at, size_t blocks)
{
    e->stream.at = at;
    e->stream.blocks = blocks;
}

/* What is left of n bytes when whole blocks are taken away. */
static size_t odd_bytes(const struct lanes_hash *hash, uint64_t n)
{
    return (size_t)n & (((size_t)1 << hash->shift) - 1);
}

/* Offers blocks of the operation's data: those in place, or the one that the tail has become. False:
 * there are none, the data is in the tail. */
static bool element_add(struct element *e, const struct lanes_hash *hash, const struct multi_op *op)
{
    const size_t block = (size_t)1 << hash->shift;
    size_t left = op->n - e->taken, used = odd_bytes(hash, e->bytes);
    if (left == 0)
        return false;
    const uint8_t *in = op->in + e->taken;
    bool whole = used == 0 && left >= block;
    size_t n = left - odd_bytes(hash, left);
    if (!whole) {
        n = left < block - used ? left : block - used;
        memcpy(e->tail + used, in, n);
    }
    e->taken += n;
    e->bytes += n;
    if (!whole && used + n < block)
        return false;
    element_offer(e, whole ? in : e->tail, whole ? n >> hash->shift : 1);
    return true;
}

static void write_be64(uint8_t *to, uint64_t v)
{
    v = htobe64(v);
    memcpy(to, &v, sizeof v);
}

/* FIPS 180-4, 5.1: a one, zeros, and the number of bits in two words. */
static void element_pad(struct element *e, const struct lanes_hash *hash)
{
    const size_t block = (size_t)1 << hash->shift;
    size_t used = odd_bytes(hash, e->bytes);
    size_t blocks = used + 1 + block / 8 <= block ? 1 : 2;
    uint8_t *end = e->tail + (blocks << hash->shift);
    memset(e->tail + used, 0, (size_t)(end - e->tail) - used);
    e->tail[used] = 0x80;
    if (hash->long_words)
        write_be64(end - 16, e->bytes >> 61);
    write_be64(end - 8, e->bytes << 3);
    element_offer(e, e->tail, blocks);
}

static void element_digest(const struct element *e, const struct lanes_hash *hash, uint8_t *out)
{
    const union lanes_state *state = &e->stream.state;
    for (size_t i = 0; i < hash->digest; i++) {
        if (hash->long_words) {
            write_be64(out + 8 * i, state->w64[i]);
        } else {
            uint32_t w = htobe32(state->w32[i]);
            memcpy(out + 4 * i, &w, sizeof w);
        }
    }
}

/* Offers the padding, and when that is done writes the digest. */
static bool element_finish(struct element *e, const struct lanes_hash *hash,
                           const struct multi_op *op)
{
    if (e->taken == 0) {
        e->taken = 1;
        element_pad(e, hash);
        return true;
    }
    element_digest(e, hash, op->out);
    memset(e->tail, 0, (size_t)(e->stream.at - e->tail)); /* the end of the message */
    element_start(e, hash);
    return false;
}

/* Makes an element whose blocks are used up offer the next ones; false: its operations are done. */
static bool element_feed(struct element *e, const struct call *c)
{
    while (e->op != NO_OP) {
        const struct multi_op *op = &c->ops[e->op];
        if (op->finish ? element_finish(e, c->hash, op) : element_add(e, c->hash, op))
            return true;
        e->op = c->next[e->op];
        e->taken = 0;
    }
    return false;
}

/* ---- a call --------------------------------------------------------------------------------- */

/* Links the operations of each element, from the last to the first. Returns how many elements have
 * any. */
static size_t link_ops(struct element *elements, struct call *c, size_t n, struct element *busy[])
{
    size_t count = 0;
    for (size_t i = n; i-- > 0;) {
        struct element *e = &elements[c->ops[i].index];
        if (e->op == NO_OP) {
            busy[count++] = e;
            e->taken = e->ahead = 0;
        }
        c->next[i] = e->op;
        e->op = (uint32_t)i;
        e->ahead += c->ops[i].n;
    }
    return count;
}

/* Shortest first. The longest are at the end, where lanes_advance takes them, so that whoever is left
 * when the others have finished has little to do alone. */
static void sort(struct element *busy[], size_t n)
{
    static const uint8_t gaps[] = {132, 57, 23, 10, 4, 1}; /* Ciura's, for Shell's method */
    size_t in_order = 1;
    while (in_order < n && busy[in_order - 1]->ahead <= busy[in_order]->ahead)
        in_order++;
    if (in_order >= n)
        return;
    for (size_t g = 0; g < ARRAY_COUNT(gaps); g++) {
        for (size_t i = gaps[g]; i < n; i++) {
            struct element *e = busy[i];
            size_t at = i;
            for (; at >= gaps[g] && busy[at - gaps[g]]->ahead > e->ahead; at -= gaps[g])
                busy[at] = busy[at - gaps[g]];
            busy[at] = e;
        }
    }
}

static void run_part(struct element *elements, struct call *c, size_t n)
{
    struct element *busy[PART];
    size_t count = link_ops(elements, c, n, busy);
    sort(busy, count);
    struct lanes_stream *streams[PART];
    size_t live = 0;
    for (size_t i = 0; i < count; i++) {
        streams[live] = &busy[i]->stream;
        live += element_feed(busy[i], c);
    }
    const size_t most = live;
    while (live > 0) {
        size_t ran = lanes_advance(c->hash, streams, live);
        size_t kept = live - ran;
        for (size_t i = kept; i < live; i++) {
            struct lanes_stream *s = streams[i];
            if (s->blocks > 0 || element_feed(CONTAINER_OF(s, struct element, stream), c))
                streams[kept++] = s;
        }
        live = kept;
    }
    lanes_forget(c->hash, most);
}

static NTSTATUS run(const struct lanes_hash *hash, void *elements, const struct multi_op *ops,
                    size_t n)
{
    struct call c; /* next is filled in as far as it is used */
    c.hash = hash;
    for (size_t done = 0; done < n; done += PART) {
        c.ops = ops + done;
        run_part(elements, &c, n - done < PART ? n - done : PART);
    }
    return STATUS_SUCCESS;
}

static void start(const struct lanes_hash *hash, void *elements, size_t count)
{
    struct element *e = elements;
    for (size_t i = 0; i < count; i++) {
        e[i] = (struct element){.op = NO_OP};
        element_start(&e[i], hash);
    }
}

/* ---- classes -------------------------------------------------------------------------------- */

#define MULTI_CLASS(name)                                                                          \
    static void name##_start(void *elements, size_t count)                                         \
    {                                                                                              \
        start(&lanes_##name, elements, count);                                                     \
    }                                                                                              \
                                                                                                   \
    static NTSTATUS name##_run(void *elements, size_t count, const struct multi_op *ops, size_t n) \
    {                                                                                              \
        (void)count;                                                                               \
        return run(&lanes_##name, elements, ops, n);                                               \
    }                                                                                              \
                                                                                                   \
    const struct multi_class multi_##name = {                                                      \
        .element = sizeof(struct element), .start = name##_start, .run = name##_run}

MULTI_CLASS(sha256);
MULTI_CLASS(sha384);
MULTI_CLASS(sha512);
