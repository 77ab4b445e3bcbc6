/*
 * TLS records with CBC in constant time (tls_cbc.h), RFC 5246 section 6.2.3.2:
 *
 *     content || HMAC(header || content) || padding || n          padding is n bytes of value n
 *
 * The secret is n. Whoever learns from the time a server takes how long the content was decrypts
 * records (AlFardan and Paterson, "Lucky Thirteen"). So what is public is hashed as usual: the header
 * and the content up to a block before the shortest content that is possible. From there on each block
 * is made as the longest content needs it, every byte masked by whether it is content, the final bit or
 * the length; all blocks are compressed, and the chaining value after the right one is kept. The code is
 * read from every place where it might be.
 */
#include "tls_cbc.h"

#include "ct.h"

#define MAX_PADDING 255
#define MAX_BLOCK 128
#define MAX_CODE 48 /* bytes, of SHA-384 */

/* What is public of a record, and masks and numbers that are secret. */
struct record {
    const uint8_t *p;
    uint32_t n;        /* bytes of it */
    uint32_t code;     /* bytes of the code */
    uint32_t longest;  /* content that is possible */
    uint32_t shortest; /* the same */
    uint32_t content;  /* secret: bytes */
    uint32_t good;     /* secret: mask, so far */
};

static uint32_t ct_ge(uint32_t a, uint32_t b)
{
    return ~ct_lt(a, b);
}

/* The content's length out of the padding; that of no padding where it is wrong. */
static void check_padding(struct record *r)
{
    uint32_t padding = r->p[r->n - 1];
    uint32_t fits = ct_ge(r->longest, padding);
    uint32_t same = ~(uint32_t)0;
    uint32_t places = r->n < MAX_PADDING + 1 ? r->n : MAX_PADDING + 1;
    for (uint32_t i = 0; i < places; i++)
        same &= ct_eq(r->p[r->n - 1 - i], padding) | ct_lt(padding, i);
    r->good = fits & same;
    r->content = r->longest - ct_select(r->good, padding, 0);
}

/* ---- the inner hash --------------------------------------------------------------------------- */

/* What is hashed from the last public block on. */
struct tail {
    uint8_t pending[MAX_BLOCK]; /* the header's rest */
    uint32_t n_pending;
    const uint8_t *p; /* content that follows */
    uint32_t n;       /* bytes that are there, whatever they are */
    uint32_t length;  /* secret: bytes that are content, pending ones included */
    uint64_t before;  /* bytes hashed, key block included */
};

static uint8_t tail_byte(const struct tail *t, uint32_t i)
{
    if (i < t->n_pending)
        return t->pending[i];
    return i - t->n_pending < t->n ? t->p[i - t->n_pending] : 0;
}

/* Hashes `n` bytes of content in the open, so many that whole blocks are done or none is. */
static bool tail_start(struct tail *t, const struct record *r, struct hmac_key *k)
{
    uint32_t over = (uint32_t)((digest_state_count(&k->work) + r->shortest) % k->digest->block);
    uint32_t open = over <= r->shortest ? r->shortest - over : 0;
    if (!digest_state_add(&k->work, span_of(r->p, open)))
        return false;
    struct span pending = digest_state_pending(&k->work);
    for (size_t i = 0; i < pending.n; i++)
        t->pending[i] = pending.p[i];
    t->n_pending = (uint32_t)pending.n;
    t->p = r->p + open;
    t->n = r->longest - open;
    t->length = t->n_pending + (r->content - open);
    t->before = digest_state_count(&k->work) - pending.n;
    return true;
}

/* Block number i; *last is whether the message ends in it. */
static void tail_block(const struct tail *t, const struct hmac_key *k, uint32_t i, uint8_t *block,
                       uint32_t *last)
{
    uint32_t size = k->digest->block;
    uint32_t length_bytes = (uint32_t)digest_state_length_bytes(&k->work);
    uint8_t length[16];
    digest_state_length(&k->work, t->before + t->length, length);

    /* The length stands in the block that has the byte behind the final bit's, length_bytes later. */
    uint32_t end = t->length + length_bytes;
    *last = ct_ge(end, i * size) & ct_lt(end, (i + 1) * size);
    for (uint32_t j = 0; j < size; j++) {
        uint32_t at = i * size + j;
        uint32_t byte = ct_select(ct_lt(at, t->length), tail_byte(t, at), 0);
        byte |= ct_select(ct_eq(at, t->length), 0x80, 0);
        if (j >= size - length_bytes)
            byte |= ct_select(*last, length[j - (size - length_bytes)], 0);
        block[j] = (uint8_t)byte;
    }
}

static bool inner_hash(const struct record *r, struct hmac_key *k, struct digest_value *inner)
{
    struct tail t;
    if (!tail_start(&t, r, k))
        return false;
    uint32_t size = k->digest->block;
    uint32_t blocks =
        (t.n_pending + t.n + (uint32_t)digest_state_length_bytes(&k->work)) / size + 1;
    DIGEST_VALUE value;
    uint8_t block[MAX_BLOCK];
    for (uint32_t i = 0; i < blocks; i++) {
        uint32_t last;
        tail_block(&t, k, i, block, &last);
        digest_state_compress(&k->work, block);
        digest_state_value(&k->work, value.p);
        for (uint32_t j = 0; j < r->code; j++)
            inner->p[j] |= (uint8_t)ct_select(last, value.p[j], 0);
    }
    wipe(block, sizeof block);
    wipe(&t, sizeof t);
    return true;
}

/* ---- the code in the record ------------------------------------------------------------------- */

/* Copies code[0..n) from behind the content: every byte where it can lie is read, into a ring that is
 * then turned by the secret distance, bit by bit of it. */
static void read_code(const struct record *r, uint8_t *code)
{
    uint32_t n = r->code;
    uint8_t ring[MAX_CODE] = {0};
    uint32_t turn = 0;
    for (uint32_t i = r->shortest, j = 0; i < r->n - 1; i++) {
        uint32_t content = ct_barrier(r->content);
        uint32_t inside = ct_ge(i, content) & ct_lt(i, content + n);
        ring[j] |= (uint8_t)ct_select(inside, r->p[i], 0);
        turn |= ct_select(ct_eq(i, content), j, 0);
        j = j + 1 == n ? 0 : j + 1;
    }
    for (uint32_t step = 1; step < n; step <<= 1) {
        uint32_t move = ~ct_is_zero(turn & step);
        for (uint32_t j = 0; j < n; j++)
            code[j] = (uint8_t)ct_select(move, ring[(j + step) % n], ring[j]);
        for (uint32_t j = 0; j < n; j++)
            ring[j] = code[j];
    }
    wipe(ring, sizeof ring);
}

NTSTATUS tls_cbc_verify(struct hmac_key *k, struct span record)
{
    size_t n_code = k->digest->length;
    if (record.n < n_code + 1 || record.n > INT32_MAX)
        return STATUS_INVALID_SIGNATURE;
    struct record r = {.p = record.p, .n = (uint32_t)record.n, .code = (uint32_t)n_code};
    r.longest = r.n - 1 - r.code;
    r.shortest = r.longest > MAX_PADDING ? r.longest - MAX_PADDING : 0;
    check_padding(&r);

    DIGEST_VALUE inner = {{0}};
    DIGEST_VALUE expected;
    DIGEST_VALUE code;
    if (!inner_hash(&r, k, &inner))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(hmac_key_finish_outer(k, &inner, expected.p));
    read_code(&r, code.p);
    uint32_t same = (uint32_t)0 - ct_equal(code.p, expected.p, n_code);
    /* Padding and code are right or not, together: that is no secret. */
    return ct_public(r.good & same) != 0 ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}
