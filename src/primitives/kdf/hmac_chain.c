/*
 * HMAC in a chain (hmac_chain.h), FIPS 198-1 and FIPS 180-4. Both hashes have a message of one block
 * with the key and a digest. The key's block is in the kept state; the other one is always
 *
 *     digest || 80 00 ... 00 || bits of both, big-endian
 *
 * and each digest takes the place of the one before.
 */
#include "hmac_chain.h"

#include <endian.h>
#include <string.h>

#define MAX_BLOCK SHA512_CBLOCK

_Static_assert(offsetof(SHA_CTX, h0) == 0 && offsetof(SHA256_CTX, h) == 0 &&
                   offsetof(SHA512_CTX, h) == 0,
               "a context begins with its chaining value");

struct hmac_chain_hash {
    const char *name;
    size_t chaining; /* bytes of the chaining value */
    int (*start)(union hmac_chain_state *s);
    void (*add)(union hmac_chain_state *s, const uint8_t *block);
    void (*write)(const union hmac_chain_state *s, uint8_t *out, size_t n);
};

static int sha1_start(union hmac_chain_state *s)
{
    return SHA1_Init(&s->sha1);
}

static void sha1_add(union hmac_chain_state *s, const uint8_t *block)
{
    SHA1_Transform(&s->sha1, block);
}

static int sha256_start(union hmac_chain_state *s)
{
    return SHA256_Init(&s->sha256);
}

static void sha256_add(union hmac_chain_state *s, const uint8_t *block)
{
    SHA256_Transform(&s->sha256, block);
}

static int sha384_start(union hmac_chain_state *s)
{
    return SHA384_Init(&s->sha512);
}

static int sha512_start(union hmac_chain_state *s)
{
    return SHA512_Init(&s->sha512);
}

static void sha512_add(union hmac_chain_state *s, const uint8_t *block)
{
    SHA512_Transform(&s->sha512, block);
}

/* The first n bytes of the chaining value, whose words have 32 bits. */
static void write32(const union hmac_chain_state *s, uint8_t *out, size_t n)
{
    const uint8_t *words = (const uint8_t *)s;
    for (size_t i = 0; i < n; i += sizeof(uint32_t)) {
        uint32_t v;
        memcpy(&v, words + i, sizeof v);
        v = htobe32(v);
        memcpy(out + i, &v, sizeof v);
    }
}

/* The same with 64 bits. */
static void write64(const union hmac_chain_state *s, uint8_t *out, size_t n)
{
    const uint8_t *words = (const uint8_t *)s;
    for (size_t i = 0; i < n; i += sizeof(uint64_t)) {
        uint64_t v;
        memcpy(&v, words + i, sizeof v);
        v = htobe64(v);
        memcpy(out + i, &v, sizeof v);
    }
}

static const struct hmac_chain_hash hashes[] = {
    {"SHA256", 32, sha256_start, sha256_add, write32},
    {"SHA1", 20, sha1_start, sha1_add, write32},
    {"SHA512", 64, sha512_start, sha512_add, write64},
    {"SHA384", 64, sha384_start, sha512_add, write64},
};

static const struct hmac_chain_hash *find(const struct digest *d)
{
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        if (strcmp(hashes[i].name, d->name) == 0)
            return &hashes[i];
    }
    return NULL;
}

NTSTATUS hmac_chain_init(struct hmac_chain *c, const struct digest *d, struct span key)
{
    const struct hmac_chain_hash *hash = find(d);
    DIGEST_PAD pad;
    if (hash == NULL)
        return STATUS_NOT_SUPPORTED;
    TRY(digest_pad_inner(&pad, d, key));
    *c = (struct hmac_chain){.digest = d, .hash = hash};
    if (hash->start(&c->inner) != 1 || hash->start(&c->outer) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    hash->add(&c->inner, pad.p);
    digest_pad_outer(&pad, d);
    hash->add(&c->outer, pad.p);
    return STATUS_SUCCESS;
}

void hmac_chain_done(struct hmac_chain *c)
{
    wipe(c, sizeof *c);
}

/* What a round works on. */
struct work {
    union hmac_chain_state state;
    uint8_t block[MAX_BLOCK];
};

static void work_done(struct work *w)
{
    wipe(w, sizeof *w);
}

/* The block's digest through one of the two hashes. */
static inline void half(const struct hmac_chain *c, const union hmac_chain_state *from,
                        struct work *w)
{
    memcpy(&w->state, from, c->hash->chaining);
    c->hash->add(&w->state, w->block);
    c->hash->write(&w->state, w->block, c->digest->length);
}

void hmac_chain_run(const struct hmac_chain *c, uint64_t count, struct digest_value *u,
                    struct digest_value *sum)
{
    const size_t n = c->digest->length, block = c->digest->block;
    const size_t bits = 8 * (block + n);
    CLEANUP(work_done) struct work w = {.block = {0}};
    memcpy(w.block, u->p, n);
    w.block[n] = 0x80;
    w.block[block - 2] = (uint8_t)(bits >> 8);
    w.block[block - 1] = (uint8_t)bits;
    for (; count > 0; count--) {
        half(c, &c->inner, &w);
        half(c, &c->outer, &w);
        for (size_t i = 0; i < n; i++)
            sum->p[i] ^= w.block[i];
    }
    memcpy(u->p, w.block, n);
}
