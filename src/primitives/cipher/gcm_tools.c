/* Sets of tools in a key's pool, and what all ways to do GCM share (gcm_tools.h). */
#include "gcm_tools.h"

#include <endian.h>
#include <string.h>

#include "ct.h"

static void release(void *p)
{
    struct gcm_tools *t = p;
    if (t == NULL)
        return;
    evp_release(t->ecb);
    evp_release(t->ctr);
    evp_release(t->gmac);
    secret_free(t, sizeof *t);
}

void gcm_drain(struct cipher_key *k)
{
    ctx_pool_drain(&k->gcm, release);
}

static NTSTATUS fill(struct gcm_tools *t, const struct cipher_key *k)
{
    const struct evp_method *ecb = evp_method(EVP_KIND_ECB, k->secret.n);
    if (ecb == NULL)
        return ossl_failed(STATUS_NOT_SUPPORTED);
    t->ecb = evp_context(ecb, k->secret.p, true);
    if (t->ecb == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    static const uint8_t zero[GCM_BLOCK];
    TRY(gcm_encrypt_blocks(t, zero, t->ghash.h.p, 1));
    ghash_init(&t->ghash);
    return STATUS_SUCCESS;
}

/* Apart, so that taking a set out needs no frame for it. */
static __attribute__((noinline)) NTSTATUS make(struct cipher_key *k, struct gcm_use *u)
{
    struct gcm_tools *made = secret_calloc(sizeof *made);
    if (made == NULL)
        return STATUS_NO_MEMORY;
    NTSTATUS status = fill(made, k);
    if (status < 0)
        release(made);
    else
        u->tools = made;
    return status;
}

NTSTATUS gcm_take(struct cipher_key *k, struct gcm_use *u)
{
    *u = (struct gcm_use){.key = k, .tools = ctx_pool_take(&k->gcm)};
    return LIKELY(u->tools != NULL) ? STATUS_SUCCESS : make(k, u);
}

void gcm_give(struct gcm_use *u)
{
    if (u->tools != NULL && !ctx_pool_give(&u->key->gcm, u->tools))
        release(u->tools);
}

void gcm_counter(uint8_t block[GCM_BLOCK], const uint8_t nonce[12], uint32_t counter)
{
    counter = htobe32(counter);
    memcpy(block, nonce, 12);
    memcpy(block + 12, &counter, sizeof counter);
}

void gcm_lengths(uint8_t block[GCM_BLOCK], uint64_t aad, uint64_t data)
{
    aad = htobe64(aad * 8);
    data = htobe64(data * 8);
    memcpy(block, &aad, sizeof aad);
    memcpy(block + sizeof aad, &data, sizeof data);
}

NTSTATUS gcm_tag(const struct crypt *call, const struct ghash_value *tag)
{
    const struct aead_info *info = call->info;
    if (!call->encrypt)
        return ct_equal(info->pbTag, tag->p, info->cbTag) ? STATUS_SUCCESS
                                                          : STATUS_AUTH_TAG_MISMATCH;
    memcpy(info->pbTag, tag->p, info->cbTag);
    return STATUS_SUCCESS;
}
