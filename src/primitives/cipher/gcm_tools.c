/* Sets of tools in a key's pool, and what all ways to do GCM share (gcm_tools.h). */
#include "gcm_tools.h"

#include <endian.h>
#include <string.h>

#include "ct.h"

void gcm_tools_release(void *tools)
{
    struct gcm_tools *t = tools;
    if (t == NULL)
        return;
    evp_release(t->ecb);
    evp_release(t->ctr);
    evp_release(t->gmac);
    secret_free(t, sizeof *t);
}

void gcm_drain(struct cipher_key *k)
{
    ctx_pool_drain(&k->gcm, gcm_tools_release);
}

static bool fill(struct gcm_tools *t, const struct cipher_key *k)
{
    static const uint8_t zero[GCM_BLOCK];
    const struct evp_method *ecb = evp_method(EVP_KIND_ECB, k->secret.n);
    t->ecb = ecb == NULL ? NULL : evp_context(ecb, k->secret.p, true);
    if (t->ecb == NULL || gcm_encrypt_blocks(t, zero, t->ghash.h.p, 1) < 0)
        return false;
    ghash_init(&t->ghash);
    return true;
}

struct gcm_tools *gcm_tools_make(const struct cipher_key *k)
{
    struct gcm_tools *made = secret_calloc(sizeof *made);
    if (made != NULL && !fill(made, k)) {
        gcm_tools_release(made);
        return NULL;
    }
    return made;
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
