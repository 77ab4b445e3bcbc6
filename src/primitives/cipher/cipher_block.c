/*
 * The block modes ECB, CBC and CFB: lengths, padding, initialization vectors. An engine sees whole
 * segments only (struct cipher_mode.run).
 *
 * The rules are those observed on Windows. A size query checks the input's length too. An
 * initialization vector of the caller's becomes the next chaining value, and so does the key's own,
 * whichever of the two the call used: a later call without a vector goes on from there.
 */
#include "cipher_key.h"
#include "ct.h"

#include <string.h>

/* Without effect outside Windows' kernel. */
#define IGNORED_FLAGS BCRYPT_BUFFERS_LOCKED_FLAG

/* A block that must not stay on the stack. */
struct block {
    uint8_t p[CIPHER_BLOCK_MAX];
};

static void block_done(struct block *b)
{
    wipe(b, sizeof *b);
}

#define BLOCK CLEANUP(block_done) struct block

static size_t segment_of(struct cipher_key *k, const struct cipher_mode *mode)
{
    return mode->segments ? atomic_load_explicit(&k->segment, memory_order_relaxed) : k->row->block;
}

/* One chaining value; blocks have 8 or 16 bytes, and a copy of a known length is one instruction. */
static void copy_block(uint8_t *to, const uint8_t *from, size_t block)
{
    if (block == CIPHER_BLOCK_MAX)
        memcpy(to, from, CIPHER_BLOCK_MAX);
    else
        memcpy(to, from, CIPHER_BLOCK_MAX / 2);
}

/* ---- the chaining value ------------------------------------------------------------------------ */

/* The vector of one call: a copy, so that a failing call changes nothing. */
struct chain {
    struct cipher_key *key;
    uint8_t *caller; /* NULL: the key's own */
    bool held;       /* the key's lock, when its own vector is used */
    uint8_t iv[CIPHER_BLOCK_MAX];
};

static void chain_end(struct chain *c)
{
    if (c->held)
        busy_leave(&c->key->base.busy);
}

/* Whether the mode takes the vector that the caller gives. */
static bool chain_fits(const struct cipher_key *k, const struct cipher_mode *mode,
                       const struct crypt *call)
{
    return call->iv == NULL || (mode->chains && call->iv_size == k->row->block);
}

static void chain_begin(struct chain *c, struct cipher_key *k, const struct cipher_mode *mode,
                        const struct crypt *call)
{
    *c = (struct chain){.key = k, .caller = call->iv};
    if (call->iv != NULL) {
        copy_block(c->iv, call->iv, k->row->block);
    } else if (mode->chains) {
        busy_enter(&k->base.busy);
        c->held = true;
        copy_block(c->iv, k->iv, k->row->block);
    }
}

/* The key's own value is left alone when another thread is just using it: the two calls are then in
 * the order in which that one came last. */
static void chain_keep(struct chain *c, const struct cipher_mode *mode)
{
    if (!mode->chains)
        return;
    if (c->caller != NULL)
        copy_block(c->caller, c->iv, c->key->row->block);
    if (!c->held && !busy_try(&c->key->base.busy))
        return;
    c->held = true;
    copy_block(c->key->iv, c->iv, c->key->row->block);
}

#define CHAIN CLEANUP(chain_end) struct chain

/* ---- encrypting -------------------------------------------------------------------------------- */

/* PKCS #7: as many bytes as are missing, each with their number. */
static NTSTATUS encrypt_padded(struct cipher_key *k, const struct cipher_mode *mode,
                               struct chain *c, struct span in, uint8_t *out)
{
    size_t block = k->row->block;
    size_t whole = in.n - in.n % block;
    BLOCK last;
    if (in.n > whole)
        // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): bytes are somewhere
        memcpy(last.p, in.p + whole, in.n - whole);
    memset(last.p + (in.n - whole), (int)(block - (in.n - whole)), block - (in.n - whole));
    if (whole > 0)
        TRY(mode->run(k, true, c->iv, in.p, out, whole));
    return mode->run(k, true, c->iv, last.p, out + whole, block);
}

/* ---- decrypting -------------------------------------------------------------------------------- */

/* The number of padding bytes at the end of a block, 0 when they are wrong; in constant time. */
static uint32_t padding_length(const uint8_t *last, size_t block)
{
    uint32_t pad = last[block - 1];
    uint32_t bad = ct_is_zero(pad) | ct_lt((uint32_t)block, pad);
    for (size_t i = 0; i < block; i++) {
        uint32_t inside = ct_lt((uint32_t)(block - 1 - i), pad);
        bad |= inside & ~ct_eq(last[i], pad);
    }
    return ct_select(bad, 0, pad);
}

/* The last block comes first, because it tells whether the output is large enough. Its chaining value
 * is the ciphertext before it. */
static NTSTATUS decrypt_padded(struct cipher_key *k, const struct cipher_mode *mode,
                               struct chain *c, struct span in, const struct out *o)
{
    size_t block = k->row->block;
    size_t head = in.n - block;
    if (o->cap < head)
        return STATUS_BUFFER_TOO_SMALL; /* the answer is all of the input, which is announced */

    BLOCK last;
    uint8_t iv[CIPHER_BLOCK_MAX];
    memcpy(iv, head > 0 ? in.p + head - block : c->iv, block);
    TRY(mode->run(k, false, iv, in.p + head, last.p, block));
    /* The caller gets the text's length, or the status of CNG for a wrong padding. */
    size_t pad = ct_public(padding_length(last.p, block));
    if (pad == 0)
        return STATUS_DATA_ERROR;
    size_t tail = block - pad;
    *o->result = (uint32_t)(head + tail);
    if (o->cap < head + tail)
        return STATUS_BUFFER_TOO_SMALL;
    if (head > 0)
        TRY(mode->run(k, false, c->iv, in.p, o->p, head));
    memcpy(o->p + head, last.p, tail);
    memcpy(c->iv, iv, block);
    return STATUS_SUCCESS;
}

/* ---- both ---------------------------------------------------------------------------------------- */

/* A checked call whose answer has `need` bytes or, decrypting a padding, fewer. Apart, so that a question for the size
 * is spared its frame. */
static __attribute__((noinline)) NTSTATUS crypt_data(struct cipher_key *k,
                                                     const struct cipher_mode *mode,
                                                     const struct crypt *call, const struct out *o,
                                                     size_t need)
{
    struct span in = call->in;
    bool padded = (call->flags & BCRYPT_BLOCK_PADDING) != 0;
    CHAIN c;
    chain_begin(&c, k, mode, call);
    bool open_end = padded && !call->encrypt; /* the output may be shorter than the input */
    if (!open_end && o->cap < need)
        return STATUS_BUFFER_TOO_SMALL;
    if (cipher_overlaps(in.p, in.n, o->p, open_end && o->cap < need ? o->cap : need))
        return STATUS_INVALID_PARAMETER;

    if (open_end)
        TRY(decrypt_padded(k, mode, &c, in, o));
    else if (padded)
        TRY(encrypt_padded(k, mode, &c, in, o->p));
    else if (in.n > 0)
        TRY(mode->run(k, call->encrypt, c.iv, in.p, o->p, in.n));
    chain_keep(&c, mode);
    return STATUS_SUCCESS;
}

NTSTATUS cipher_block_crypt(struct cipher_key *k, const struct cipher_mode *mode,
                            const struct crypt *call, const struct out *o)
{
    struct span in = call->in;
    size_t block = k->row->block;
    bool padded = (call->flags & BCRYPT_BLOCK_PADDING) != 0;
    *o->result = (uint32_t)in.n;
    if ((call->flags & ~(uint32_t)(BCRYPT_BLOCK_PADDING | IGNORED_FLAGS)) != 0)
        return STATUS_INVALID_PARAMETER;
    if (in.p == NULL && in.n == 0) /* nothing at all, not an empty text */
        return padded && !out_is_query(o) ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;

    size_t unit = padded ? (call->encrypt ? 1 : block) : segment_of(k, mode); /* a power of two */
    if ((in.n & (unit - 1)) != 0 || (padded && !call->encrypt && in.n == 0))
        return STATUS_INVALID_BUFFER_SIZE;
    uint64_t need = in.n;
    if (padded && call->encrypt)
        need = (need | (block - 1)) + 1; /* a whole block more */
    if (need > UINT32_MAX)
        return STATUS_INVALID_PARAMETER;
    *o->result = (uint32_t)need;

    if (!chain_fits(k, mode, call))
        return STATUS_INVALID_PARAMETER;
    return out_is_query(o) ? STATUS_SUCCESS : crypt_data(k, mode, call, o, (size_t)need);
}
