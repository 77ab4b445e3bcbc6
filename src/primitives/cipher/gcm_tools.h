/*
 * What GCM keeps for a key where libcrypto's own GCM will not do: it cannot be stopped and gone on with
 * (cipher_gcm_chain.c), and a few bytes cost it five calls (cipher_gcm_short.c). The block cipher is
 * libcrypto's here too.
 */
#ifndef PRIMITIVES_GCM_TOOLS_H
#define PRIMITIVES_GCM_TOOLS_H

#include "cipher_aead.h"
#include "ghash.h"

#define GCM_BLOCK GHASH_BLOCK

struct gcm_tools {
    struct evp_ctx *ecb;
    struct ghash ghash;
    struct evp_ctx *ctr, *gmac; /* of chained calls: made when one wants them */
    struct ghash_value mask;    /* what gmac adds under the zero nonce */
};

/* A set for one call, given back to the key's pool by scope; kept as a value, as evp_use is. None: evp_missing says why. */
struct gcm_use {
    struct gcm_tools *tools;
    struct cipher_key *key;
};

/* Sets up and releases what the pool has no set, or no place, for. */
struct gcm_tools *gcm_tools_make(const struct cipher_key *k) MUST_CHECK;
void gcm_tools_release(void *tools);

static inline MUST_CHECK struct gcm_use gcm_take(struct cipher_key *k)
{
    struct gcm_tools *t = ctx_pool_take(&k->gcm);
    return (struct gcm_use){LIKELY(t != NULL) ? t : gcm_tools_make(k), k};
}

static inline void gcm_give(const struct gcm_use *u)
{
    if (u->tools != NULL && !ctx_pool_give(&u->key->gcm, u->tools))
        gcm_tools_release(u->tools);
}

#define GCM_USE CLEANUP(gcm_give) struct gcm_use

/* Releases what a key has in its pool. */
void gcm_drain(struct cipher_key *k);

static inline void ghash_value_done(struct ghash_value *v)
{
    wipe(v, sizeof *v);
}

#define SECRET_VALUE CLEANUP(ghash_value_done) struct ghash_value

/* n blocks through the block cipher. */
static inline MUST_CHECK NTSTATUS gcm_encrypt_blocks(struct gcm_tools *t, const uint8_t *in,
                                                     uint8_t *out, size_t n)
{
    return evp_update(t->ecb, in, out, n * GCM_BLOCK);
}

/* The counter block of a nonce; 1 is that of the tag, the text begins with 2. */
void gcm_counter(uint8_t block[GCM_BLOCK], const uint8_t nonce[12], uint32_t counter);

/* The last block that is hashed: how many bytes there were of both. */
void gcm_lengths(uint8_t block[GCM_BLOCK], uint64_t aad, uint64_t data);

/* Writes the tag, or compares it (STATUS_AUTH_TAG_MISMATCH). */
NTSTATUS gcm_tag(const struct crypt *call, const struct ghash_value *tag) MUST_CHECK;

/* One message in one call, if it is so short that this is the quick way. */
#define GCM_SHORT_TEXT 128 /* bytes */
#define GCM_SHORT_AAD 64

static inline bool gcm_is_short(const struct crypt *call)
{
    const struct aead_info *info = call->info;
    return call->in.n <= GCM_SHORT_TEXT && info->cbAuthData <= GCM_SHORT_AAD && ghash_is_quick();
}

NTSTATUS gcm_short(struct cipher_key *k, const struct crypt *call, uint8_t *out) MUST_CHECK;

/* One call of a chain of calls. */
NTSTATUS gcm_chain(struct cipher_key *k, const struct crypt *call, uint8_t *out) MUST_CHECK;

#endif
