/*
 * GCM over several calls.
 *
 * The key keeps nothing between the calls; everything is in the caller's memory, so that chains may be
 * interleaved on one key and copied:
 *
 *   pbMacContext   the running GHASH value, 16 bytes
 *   pbIV           the next counter block, 16 bytes (nonce || counter), of which the next call checks the counter
 *   cbAAD, cbData  what went in so far
 *
 * A caller may use one buffer for pbIV and pbMacContext; the hash value is what survives there. Then the check is left out,
 * and each call needs the nonce in pbNonce.
 *
 * libcrypto's GHASH cannot be stopped and resumed, but it is linear. Its GMAC over the blocks A1…Am
 * under a known nonce gives, with the encrypted nonce taken off,
 *
 *     f(A1…Am) = A1·H^(m+1) + … + Am·H² + L·H        L: the block with the length of A1…Am
 *
 * so that going on from the value Y with blocks B1…Bn is one GMAC and one multiplication of our own:
 *
 *     (Y+B1)·H^n + B2·H^(n-1) + … + Bn·H = f(Y+B1, B2…Bn-1) + (L + Bn)·H
 */
#include "gcm_tools.h"

#include <string.h>

#include <openssl/core_names.h>

#include "ct.h"

#define MOST_DATA ((UINT64_C(1) << 36) - 32) /* SP 800-38D */

static const uint8_t zero_nonce[12];

/* A context that the first call of a set which needs it makes. */
static NTSTATUS want(struct evp_ctx **ctx, enum evp_kind kind, const struct cipher_key *k)
{
    if (*ctx != NULL)
        return STATUS_SUCCESS;
    const struct evp_method *method = evp_method(kind, k->secret.n);
    if (method == NULL)
        return ossl_failed(STATUS_NOT_SUPPORTED);
    *ctx = evp_context(method, k->secret.p, true);
    return *ctx == NULL ? ossl_failed(STATUS_NO_MEMORY) : STATUS_SUCCESS;
}

static void value_add(struct ghash_value *v, const uint8_t *with)
{
    for (size_t i = 0; i < GCM_BLOCK; i++)
        v->p[i] ^= with[i];
}

/* f of the head of this file over `first` and the blocks at p. */
static NTSTATUS gmac(const struct gcm_use *u, const struct ghash_value *first, const uint8_t *p,
                     size_t blocks, struct ghash_value *f)
{
    struct gcm_tools *t = u->tools;
    uint8_t block[GCM_BLOCK];
    if (t->gmac == NULL) {
        gcm_counter(block, zero_nonce, 1);
        TRY(gcm_encrypt_blocks(t, block, t->mask.p, 1));
    }
    TRY(want(&t->gmac, EVP_KIND_GCM, u->key));
    if (!evp_restart(t->gmac, zero_nonce))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(evp_update(t->gmac, first->p, NULL, GCM_BLOCK));
    TRY(evp_update(t->gmac, p, NULL, blocks * GCM_BLOCK));
    evp_place_tag(t->gmac, f->p, GCM_BLOCK);
    if (!evp_end(t->gmac) || !evp_get_tag(t->gmac))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    value_add(f, t->mask.p);
    return STATUS_SUCCESS;
}

/* y goes on over n bytes, of which the last block is filled up with zeros. */
static NTSTATUS ghash(const struct gcm_use *u, struct ghash_value *y, const uint8_t *p, size_t n)
{
    struct ghash *g = &u->tools->ghash;
    size_t blocks = n / GCM_BLOCK, rest = n % GCM_BLOCK;
    if (blocks <= g->few) {
        ghash_update(g, y, p, blocks);
    } else {
        SECRET_VALUE f;
        uint8_t last[GCM_BLOCK];
        value_add(y, p);
        TRY(gmac(u, y, p + GCM_BLOCK, blocks - 2, &f));
        gcm_lengths(last, (blocks - 1) * GCM_BLOCK, 0);
        for (size_t i = 0; i < GCM_BLOCK; i++)
            last[i] ^= p[(blocks - 1) * GCM_BLOCK + i];
        *y = (struct ghash_value){{0}};
        ghash_update(g, y, last, 1);
        value_add(y, f.p);
    }
    if (rest > 0) {
        uint8_t last[GCM_BLOCK] = {0};
        memcpy(last, p + blocks * GCM_BLOCK, rest);
        ghash_update(g, y, last, 1);
    }
    return STATUS_SUCCESS;
}

/* ---- one call -------------------------------------------------------------------------------------- */

/* Where a call stands in its chain. */
struct place {
    bool first, last;
    uint64_t aad, data; /* bytes that went in before it; of the associated data, with it */
    uint8_t nonce[sizeof zero_nonce];
};

/* Only the first call needs the nonce and begins the counts, whatever an earlier chain left in them; later ones find both where
 * the one before put them. */
static struct place place_of(const struct crypt *call)
{
    const struct aead_info *info = call->info;
    bool first = (info->dwFlags & BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG) == 0;
    bool kept = !first && call->iv != info->pbMacContext;
    struct place at = {
        .first = first,
        .last = (info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG) == 0,
        .aad = first ? info->cbAuthData : info->cbAAD,
        .data = first ? 0 : info->cbData,
    };
    memcpy(at.nonce, kept ? call->iv : info->pbNonce, sizeof at.nonce);
    return at;
}

/* The counter block of what comes after so many bytes. */
static void counter_block(uint8_t *block, const struct place *at, uint64_t data)
{
    gcm_counter(block, at->nonce, (uint32_t)(2 + data / GCM_BLOCK));
}

/* Whether what a chain needs besides a message is there. */
static NTSTATUS check_memory(const struct crypt *call)
{
    const struct aead_info *info = call->info;
    bool last = (info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG) == 0;
    return call->iv == NULL || call->iv_size != GCM_BLOCK || info->pbMacContext == NULL ||
                   info->cbMacContext < GCM_BLOCK ||
                   cipher_overlaps(call->iv, GCM_BLOCK, info->pbMacContext, GCM_BLOCK) ||
                   (last && info->pbTag == NULL)
               ? STATUS_INVALID_PARAMETER
               : STATUS_SUCCESS;
}

/* Whether the call can be the next one of its chain. */
static NTSTATUS check_place(const struct crypt *call, const struct place *at)
{
    const struct aead_info *info = call->info;
    if (at->data > MOST_DATA || call->in.n > MOST_DATA - at->data)
        return STATUS_INVALID_PARAMETER;
    if (at->first)
        return STATUS_SUCCESS;
    uint8_t counter[GCM_BLOCK];
    counter_block(counter, at, at->data);
    bool in_step = call->iv == info->pbMacContext || ct_equal(call->iv, counter, GCM_BLOCK);
    return !in_step || info->cbAuthData > 0 || at->data % GCM_BLOCK != 0 ? STATUS_INVALID_PARAMETER
                                                                         : STATUS_SUCCESS;
}

static NTSTATUS crypt_data(const struct gcm_use *u, const struct crypt *call,
                           const struct place *at, struct ghash_value *y, uint8_t *out)
{
    if (call->in.n == 0)
        return STATUS_SUCCESS;
    struct gcm_tools *t = u->tools;
    uint8_t counter[GCM_BLOCK];
    counter_block(counter, at, at->data);
    TRY(want(&t->ctr, EVP_KIND_CTR, u->key));
    if (!evp_restart(t->ctr, counter))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    if (!call->encrypt)
        TRY(ghash(u, y, call->in.p, call->in.n));
    TRY(evp_update(t->ctr, call->in.p, out, call->in.n));
    return call->encrypt ? ghash(u, y, out, call->in.n) : STATUS_SUCCESS;
}

/* The tag: the value over the lengths too, masked with the encrypted first counter block. */
static NTSTATUS finish(struct gcm_tools *t, const struct crypt *call, const struct place *at,
                       struct ghash_value *y)
{
    uint8_t block[GCM_BLOCK];
    SECRET_VALUE mask;
    gcm_lengths(block, at->aad, at->data + call->in.n);
    ghash_update(&t->ghash, y, block, 1);
    gcm_counter(block, at->nonce, 1);
    TRY(gcm_encrypt_blocks(t, block, mask.p, 1));
    value_add(y, mask.p);
    return gcm_tag(call, y);
}

NTSTATUS gcm_chain(struct cipher_key *k, const struct crypt *call, uint8_t *out)
{
    struct aead_info *info = call->info;
    TRY(check_memory(call));
    const struct place at = place_of(call);
    TRY(check_place(call, &at));

    GCM_USE u = gcm_take(k);
    if (UNLIKELY(u.tools == NULL))
        return evp_missing(k, EVP_KIND_ECB);
    SECRET_VALUE y = {{0}};
    if (at.first)
        TRY(ghash(&u, &y, info->pbAuthData, info->cbAuthData));
    else
        memcpy(y.p, info->pbMacContext, GCM_BLOCK);
    TRY(crypt_data(&u, call, &at, &y, out));
    if (at.last) {
        TRY(finish(u.tools, call, &at, &y));
        info->dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
        info->cbAAD = 0;
        info->cbData = 0;
        return STATUS_SUCCESS;
    }
    info->dwFlags |= BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
    info->cbAAD = (ULONG)at.aad;
    info->cbData = at.data + call->in.n;
    counter_block(call->iv, &at, info->cbData);
    memcpy(info->pbMacContext, y.p, GCM_BLOCK);
    return STATUS_SUCCESS;
}
