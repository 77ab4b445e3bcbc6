/* The two kinds of states (digest_state.h). */
#include "digest_state.h"

#include <string.h>

#include "digest_ctx.h"

#define MAX_BLOCK 128 /* of the hashes with low-level functions */

/* libcrypto's functions of one hash, and what its compression works on. */
struct digest_core {
    size_t size;  /* bytes of its state, which starts with the chaining value */
    uint8_t word; /* bytes */
    void (*write)(const uint8_t *words, uint8_t *out, size_t n); /* n bytes of the chaining value */
    void (*write_length)(uint64_t bits, uint8_t *out); /* two words, at the end of the last block */
    int (*init)(struct digest_state *s);
    int (*add)(struct digest_state *s, const void *p, size_t n);
    int (*finish)(struct digest_state *s, uint8_t *out);
    void (*compress)(struct digest_state *s, const uint8_t *block);
    struct span (*pending)(const struct digest_state *s);
    uint64_t (*count)(const struct digest_state *s);
};

/* ---- words to bytes ------------------------------------------------------------------------- */

/* Spelt so that compilers see one store, with or without exchanging the bytes. */
static void put32_little(uint32_t v, uint8_t *out)
{
    out[0] = (uint8_t)v;
    out[1] = (uint8_t)(v >> 8);
    out[2] = (uint8_t)(v >> 16);
    out[3] = (uint8_t)(v >> 24);
}

static void put32_big(uint32_t v, uint8_t *out)
{
    out[0] = (uint8_t)(v >> 24);
    out[1] = (uint8_t)(v >> 16);
    out[2] = (uint8_t)(v >> 8);
    out[3] = (uint8_t)v;
}

static void put64_big(uint64_t v, uint8_t *out)
{
    put32_big((uint32_t)(v >> 32), out);
    put32_big((uint32_t)v, out + 4);
}

static void write_little(const uint8_t *words, uint8_t *out, size_t n)
{
    uint32_t word;
    for (size_t i = 0; i < n; i += sizeof word) {
        memcpy(&word, words + i, sizeof word);
        put32_little(word, out + i);
    }
}

static void write_big32(const uint8_t *words, uint8_t *out, size_t n)
{
    uint32_t word;
    for (size_t i = 0; i < n; i += sizeof word) {
        memcpy(&word, words + i, sizeof word);
        put32_big(word, out + i);
    }
}

static void write_big64(const uint8_t *words, uint8_t *out, size_t n)
{
    uint64_t word;
    for (size_t i = 0; i < n; i += sizeof word) {
        memcpy(&word, words + i, sizeof word);
        put64_big(word, out + i);
    }
}

static void write_length_little(uint64_t bits, uint8_t *out)
{
    put32_little((uint32_t)bits, out);
    put32_little((uint32_t)(bits >> 32), out + 4);
}

/* SHA-384 and SHA-512 count in 128 bits. */
static void write_length_long(uint64_t bits, uint8_t *out)
{
    put64_big(0, out);
    put64_big(bits, out + 8);
}

#define LITTLE .word = 4, .write = write_little, .write_length = write_length_little
#define BIG32 .word = 4, .write = write_big32, .write_length = put64_big
#define BIG64 .word = 8, .write = write_big64, .write_length = write_length_long

/* ---- libcrypto's functions ------------------------------------------------------------------ */

/* libcrypto counts bits in two words. */
static uint64_t bytes_of_bits(uint64_t high, uint64_t low, size_t word)
{
    return word == sizeof(uint32_t) ? (high << 32 | low) / 8 : high << 61 | low / 8;
}

#define CORE(id, prefix, block_prefix, member, data)                                               \
    static int id##_init(struct digest_state *s)                                                   \
    {                                                                                              \
        return prefix##_Init(&s->in.member);                                                       \
    }                                                                                              \
    static int id##_add(struct digest_state *s, const void *p, size_t n)                           \
    {                                                                                              \
        return prefix##_Update(&s->in.member, p, n);                                               \
    }                                                                                              \
    static int id##_finish(struct digest_state *s, uint8_t *out)                                   \
    {                                                                                              \
        return prefix##_Final(out, &s->in.member);                                                 \
    }                                                                                              \
    static void id##_compress(struct digest_state *s, const uint8_t *block)                        \
    {                                                                                              \
        block_prefix##_Transform(&s->in.member, block);                                            \
    }                                                                                              \
    static struct span id##_pending(const struct digest_state *s)                                  \
    {                                                                                              \
        return span_of(s->in.member.data, s->in.member.num);                                       \
    }                                                                                              \
    static uint64_t id##_count(const struct digest_state *s)                                       \
    {                                                                                              \
        return bytes_of_bits(s->in.member.Nh, s->in.member.Nl, sizeof s->in.member.Nl);            \
    }

#define CORE_ROW(id, member, ...)                                                                  \
    {                                                                                              \
        .size = sizeof(((struct digest_state *)NULL)->in.member), .init = id##_init,               \
        .add = id##_add, .finish = id##_finish, .compress = id##_compress,                         \
        .pending = id##_pending, .count = id##_count, __VA_ARGS__                                  \
    }

#ifndef OPENSSL_NO_MD5
CORE(md5, MD5, MD5, md5, data)
#endif
CORE(sha1, SHA1, SHA1, sha1, data)
CORE(sha256, SHA256, SHA256, sha256, data)
CORE(sha384, SHA384, SHA512, sha512, u.p)
CORE(sha512, SHA512, SHA512, sha512, u.p)

static const struct digest_core cores[DIGEST_ROWS] = {
#ifndef OPENSSL_NO_MD5
    [DIGEST_MD5] = CORE_ROW(md5, md5, LITTLE),
#endif
    [DIGEST_SHA1] = CORE_ROW(sha1, sha1, BIG32),
    [DIGEST_SHA256] = CORE_ROW(sha256, sha256, BIG32),
    [DIGEST_SHA384] = CORE_ROW(sha384, sha512, BIG64),
    [DIGEST_SHA512] = CORE_ROW(sha512, sha512, BIG64),
};

/* Starts the state of a hash that has low-level functions; false: it is one of EVP's. */
static bool core_start(struct digest_state *s, const struct digest *d)
{
    const struct digest_core *core = &cores[digest_index(d)];
    s->digest = d;
    s->lent = false;
    s->core = core->size > 0 && core->init(s) == 1 ? core : NULL;
    return s->core != NULL;
}

NTSTATUS digest_state_init(struct digest_state *s, const struct digest *d)
{
    if (core_start(s, d))
        return STATUS_SUCCESS;
    s->in.evp = NULL;
    return digest_ctx_take(d, &s->in.evp);
}

NTSTATUS digest_state_lend(struct digest_state *s, const struct digest *d)
{
    if (core_start(s, d))
        return STATUS_SUCCESS;
    s->digest = NULL;
    TRY(digest_ctx_lend(d, &s->in.evp));
    s->digest = d;
    s->lent = true;
    return STATUS_SUCCESS;
}

void digest_state_done(struct digest_state *s)
{
    if (s->digest == NULL)
        return;
    if (s->core != NULL)
        wipe(&s->in, s->core->size);
    else if (s->lent)
        digest_ctx_lend_end(s->digest);
    else
        digest_ctx_give(s->digest, s->in.evp);
    s->digest = NULL;
}

bool digest_state_set(struct digest_state *s, const struct digest_state *from)
{
    if (s->core == NULL)
        return EVP_MD_CTX_copy_ex(s->in.evp, from->in.evp) == 1;
    memcpy(&s->in, &from->in, s->core->size);
    return true;
}

bool digest_state_restart(struct digest_state *s)
{
    return s->core != NULL ? s->core->init(s) == 1 : digest_ctx_restart(s->digest, s->in.evp);
}

bool digest_state_add(struct digest_state *s, struct span part)
{
    if (part.n == 0)
        return true;
    return s->core != NULL ? s->core->add(s, part.p, part.n) == 1
                           : EVP_DigestUpdate(s->in.evp, part.p, part.n) == 1;
}

bool digest_state_finish(struct digest_state *s, uint8_t *out)
{
    if (s->core != NULL)
        return s->core->finish(s, out) == 1;
    return s->digest->xof ? EVP_DigestFinalXOF(s->in.evp, out, s->digest->length) == 1
                          : EVP_DigestFinal_ex(s->in.evp, out, NULL) == 1;
}

/* ---- one compression at a time ---------------------------------------------------------------- */

uint64_t digest_state_count(const struct digest_state *s)
{
    return s->core->count(s);
}

struct span digest_state_pending(const struct digest_state *s)
{
    return s->core->pending(s);
}

void digest_state_compress(struct digest_state *s, const uint8_t *block)
{
    s->core->compress(s, block);
}

void digest_state_value(const struct digest_state *s, uint8_t *out)
{
    s->core->write((const uint8_t *)&s->in, out, s->digest->length);
}

size_t digest_state_length_bytes(const struct digest_state *s)
{
    return 2 * (size_t)s->core->word;
}

void digest_state_length(const struct digest_state *s, uint64_t n, uint8_t *out)
{
    s->core->write_length(n << 3, out);
}

bool digest_state_last(struct digest_state *s, size_t blocks, struct span part, uint8_t *out)
{
    size_t size = s->digest->block;
    if (s->core == NULL || part.n + 1 + digest_state_length_bytes(s) > size)
        return digest_state_add(s, part) && digest_state_finish(s, out);
    uint8_t block[MAX_BLOCK] = {0};
    if (part.n > 0)
        memcpy(block, part.p, part.n);
    block[part.n] = 0x80;
    digest_state_length(s, blocks * size + part.n, block + size - digest_state_length_bytes(s));
    s->core->compress(s, block);
    digest_state_value(s, out);
    wipe(block, part.n);
    return true;
}
