/* The two kinds of states (digest_state.h). */
#include "digest_state.h"

#include <endian.h>
#include <string.h>

#include "digest_ctx.h"

/* libcrypto's functions of one hash, and what its compression works on. */
struct digest_core {
    size_t size; /* bytes of its state, which starts with the chaining value */
    uint8_t word;
    bool little; /* least significant byte of a word first */
    int (*init)(struct digest_state *s);
    int (*add)(struct digest_state *s, const void *p, size_t n);
    int (*finish)(struct digest_state *s, uint8_t *out);
    bool (*once)(struct span head, const struct span *parts, size_t count, uint8_t *out);
    void (*compress)(struct digest_state *s, const uint8_t *block);
    struct span (*pending)(const struct digest_state *s);
    uint64_t (*count)(const struct digest_state *s);
};

/* libcrypto counts bits in two words. */
static uint64_t bytes_of_bits(uint64_t high, uint64_t low, size_t word)
{
    return word == sizeof(uint32_t) ? (high << 32 | low) / 8 : high << 61 | low / 8;
}

#define CORE(id, prefix, block_prefix, member, data, ...)                                          \
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
    static bool id##_once(struct span head, const struct span *parts, size_t count, uint8_t *out)  \
    {                                                                                              \
        struct digest_state s;                                                                     \
        bool good = prefix##_Init(&s.in.member) == 1 &&                                            \
                    (head.n == 0 || prefix##_Update(&s.in.member, head.p, head.n) == 1);           \
        for (size_t i = 0; i < count; i++)                                                         \
            good = good && prefix##_Update(&s.in.member, parts[i].p, parts[i].n) == 1;             \
        good = good && prefix##_Final(out, &s.in.member) == 1;                                     \
        wipe(&s.in.member, sizeof s.in.member);                                                    \
        return good;                                                                               \
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
    }                                                                                              \
    const struct digest_core digest_core_##id = {                                                  \
        .size = sizeof(((struct digest_state *)NULL)->in.member),                                  \
        .init = id##_init,                                                                         \
        .add = id##_add,                                                                           \
        .finish = id##_finish,                                                                     \
        .once = id##_once,                                                                         \
        .compress = id##_compress,                                                                 \
        .pending = id##_pending,                                                                   \
        .count = id##_count,                                                                       \
        __VA_ARGS__};

CORE(md5, MD5, MD5, md5, data, .word = 4, .little = true)
CORE(sha1, SHA1, SHA1, sha1, data, .word = 4)
CORE(sha256, SHA256, SHA256, sha256, data, .word = 4)
CORE(sha384, SHA384, SHA512, sha512, u.p, .word = 8)
CORE(sha512, SHA512, SHA512, sha512, u.p, .word = 8)

NTSTATUS digest_state_init(struct digest_state *s, const struct digest *d)
{
    s->digest = d;
    s->core = d->core;
    if (s->core != NULL && s->core->init(s) == 1)
        return STATUS_SUCCESS;
    s->core = NULL;
    s->in.evp = NULL;
    return digest_ctx_take(d, &s->in.evp);
}

void digest_state_done(struct digest_state *s)
{
    if (s->digest == NULL)
        return;
    if (s->core != NULL)
        wipe(&s->in, s->core->size);
    else
        digest_ctx_give(s->digest, s->in.evp);
    s->digest = NULL;
}

bool digest_state_set(struct digest_state *s, const struct digest_state *from)
{
    if (s->core != from->core) /* one of the two was refused the quick interface */
        return false;
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

static bool evp_finish(const struct digest *d, EVP_MD_CTX *ctx, uint8_t *out)
{
    return d->xof ? EVP_DigestFinalXOF(ctx, out, d->length) == 1
                  : EVP_DigestFinal_ex(ctx, out, NULL) == 1;
}

bool digest_state_finish(struct digest_state *s, uint8_t *out)
{
    return s->core != NULL ? s->core->finish(s, out) == 1 : evp_finish(s->digest, s->in.evp, out);
}

/* ---- in one call ------------------------------------------------------------------------------ */

static bool evp_add(EVP_MD_CTX *ctx, struct span part)
{
    return part.n == 0 || EVP_DigestUpdate(ctx, part.p, part.n) == 1;
}

NTSTATUS digest_state_once(const struct digest *d, struct span head, const struct span *parts,
                           size_t count, uint8_t *out)
{
    const struct digest_core *core = d->core;
    if (core != NULL)
        return core->once(head, parts, count, out) ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
    EVP_MD_CTX *ctx;
    TRY(digest_ctx_lend(d, &ctx));
    bool good = evp_add(ctx, head);
    for (size_t i = 0; i < count; i++)
        good = good && evp_add(ctx, parts[i]);
    good = good && evp_finish(d, ctx, out);
    digest_ctx_lend_end(d);
    return good ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
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
    const uint8_t *value = (const uint8_t *)&s->in;
    size_t n = s->digest->length;
    if (s->core->word == sizeof(uint64_t)) {
        for (size_t i = 0; i < n; i += sizeof(uint64_t)) {
            uint64_t v;
            memcpy(&v, value + i, sizeof v);
            v = htobe64(v);
            memcpy(out + i, &v, sizeof v);
        }
        return;
    }
    for (size_t i = 0; i < n; i += sizeof(uint32_t)) {
        uint32_t v;
        memcpy(&v, value + i, sizeof v);
        v = s->core->little ? htole32(v) : htobe32(v);
        memcpy(out + i, &v, sizeof v);
    }
}

size_t digest_state_length_bytes(const struct digest_state *s)
{
    return 2 * (size_t)s->core->word;
}

void digest_state_length(const struct digest_state *s, uint64_t n, uint8_t *out)
{
    size_t bytes = digest_state_length_bytes(s);
    uint64_t bits = s->core->little ? htole64(n << 3) : htobe64(n << 3);
    memset(out, 0, bytes);
    memcpy(out + bytes - sizeof bits, &bits, sizeof bits); /* MD5's field has just these */
}
