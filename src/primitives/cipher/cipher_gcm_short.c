/*
 * GCM of a short message: all its counter blocks go through the block cipher at once, all that is hashed
 * through GHASH at once. libcrypto's GCM is given a nonce, associated data, data, told to end and asked for the
 * tag, which takes it several times as long as encrypting a few blocks; beyond them its code that does both
 * together is ahead.
 *
 * The text is put together apart from the caller's buffers: when a tag is wrong, nothing was written.
 */
#include "gcm_tools.h"

#include <endian.h>
#include <string.h>

#define BLOCKS(n) (((n) + GCM_BLOCK - 1) / GCM_BLOCK)

/* A block as it is added and stored: in one piece, because it is read in one piece right after, and what was
 * written in halves is not at hand then. */
typedef uint64_t halves __attribute__((vector_size(GCM_BLOCK)));
typedef uint32_t quarters __attribute__((vector_size(GCM_BLOCK)));

/* What one message needs; all of it is as secret as the text. Each begins a line of the cache: where the stack happens to lie otherwise, a
 * message of a block takes a third longer. */
struct work {
    /* AAD, text, lengths */
    _Alignas(CACHE_LINE) halves hashed[BLOCKS(GCM_SHORT_AAD) + BLOCKS(GCM_SHORT_TEXT) + 1];
    /* the tag's block, the text's */
    _Alignas(CACHE_LINE) halves stream[1 + BLOCKS(GCM_SHORT_TEXT)];
};

/* The counter blocks of a nonce from 1 on: fewer than 256, so that the last byte is all that changes. */
static void put_counters(halves *to, const uint8_t *nonce, size_t blocks)
{
    uint32_t words[3];
    memcpy(words, nonce, sizeof words);
    quarters block = {words[0], words[1], words[2], htobe32(1)};
    const quarters one = {0, 0, 0, htobe32(1)};
    for (size_t i = 0; i < blocks; i++, block += one)
        to[i] = (halves)block;
}

/* Bytes to whole blocks, the last one filled up with zeros. Block by block, here and below: of so few, a call of memcpy or memset costs
 * more than they do. */
static void put_blocks(halves *to, const uint8_t *p, size_t n)
{
    for (; n >= GCM_BLOCK; n -= GCM_BLOCK, p += GCM_BLOCK)
        memcpy(to++, p, GCM_BLOCK);
    if (n > 0) {
        *to = (halves){0};
        memcpy(to, p, n);
    }
}

static void get_blocks(uint8_t *to, const halves *from, size_t n)
{
    for (; n >= GCM_BLOCK; n -= GCM_BLOCK, to += GCM_BLOCK)
        memcpy(to, from++, GCM_BLOCK);
    if (n > 0)
        memcpy(to, from, n);
}

static void wipe_blocks(halves *p, size_t blocks)
{
    for (size_t i = 0; i < blocks; i++)
        p[i] = (halves){0};
    __asm__ __volatile__("" : : "r"(p) : "memory"); /* as in wipe */
}

static void add_stream(halves *text, const halves *stream, size_t blocks)
{
    for (size_t i = 0; i < blocks; i++)
        text[i] ^= stream[i];
}

static NTSTATUS crypt(struct gcm_tools *t, const struct crypt *call, struct work *w, uint8_t *out)
{
    const struct aead_info *info = call->info;
    const size_t n = call->in.n, aad_blocks = BLOCKS(info->cbAuthData), blocks = BLOCKS(n);
    halves *text = w->hashed + aad_blocks;
    put_counters(w->stream, info->pbNonce, 1 + blocks);
    TRY(gcm_encrypt_blocks(t, (uint8_t *)w->stream, (uint8_t *)w->stream, 1 + blocks));

    put_blocks(w->hashed, info->pbAuthData, info->cbAuthData);
    put_blocks(text, call->in.p, n);
    text[blocks] = (halves){htobe64(info->cbAuthData * UINT64_C(8)), htobe64(n * UINT64_C(8))};
    if (call->encrypt) {
        add_stream(text, w->stream + 1, blocks);
        if (n % GCM_BLOCK != 0)
            memset((uint8_t *)text + n, 0, blocks * GCM_BLOCK - n);
    }
    halves value = {0};
    ghash_update(&t->ghash, (struct ghash_value *)&value, (const uint8_t *)w->hashed,
                 aad_blocks + blocks + 1);
    value ^= w->stream[0];
    NTSTATUS status = gcm_tag(call, (const struct ghash_value *)&value);
    wipe(&value, sizeof value);
    TRY(status);
    if (!call->encrypt)
        add_stream(text, w->stream + 1, blocks);
    get_blocks(out, text, n);
    return STATUS_SUCCESS;
}

NTSTATUS gcm_short(struct cipher_key *k, const struct crypt *call, uint8_t *out)
{
    const struct aead_info *info = call->info;
    struct work w;
    GCM_USE u = gcm_take(k);
    if (UNLIKELY(u.tools == NULL))
        return evp_missing(k, EVP_KIND_ECB);
    NTSTATUS status = crypt(u.tools, call, &w, out);
    /* Only what was written; the text in `hashed` is the caller's anyway, but when it was decrypted. */
    size_t blocks = BLOCKS(call->in.n);
    wipe_blocks(w.stream, 1 + blocks);
    wipe_blocks(w.hashed, BLOCKS(info->cbAuthData) + blocks);
    return status;
}
