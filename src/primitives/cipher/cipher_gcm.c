/*
 * GCM and ChaCha20-Poly1305 in one call each, by libcrypto: a kept context gets the nonce, the associated
 * data, the data, and gives or checks the tag. GCM of short messages is in cipher_gcm_short.c.
 */
#include "gcm_tools.h"

#include <openssl/core_names.h>

#define TAG_PARAMS(info)                                                                           \
    {                                                                                              \
        OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, (info)->pbTag, (info)->cbTag),         \
            OSSL_PARAM_END                                                                         \
    }

/* Laid out for each `kind`, which is known where this is called. */
static inline __attribute__((always_inline)) NTSTATUS run(struct cipher_key *k, enum evp_kind kind,
                                                          const struct crypt *call, uint8_t *out)
{
    const struct aead_info *info = call->info;
    EVP_USE u = evp_take(k, kind, call->encrypt);
    if (UNLIKELY(u.ctx == NULL))
        return evp_missing(k, kind);
    OSSL_PARAM tag[] = TAG_PARAMS(info);
    if (!evp_restart(u.ctx, info->pbNonce) || (!call->encrypt && !evp_set(u.ctx, tag)))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(evp_update(u.ctx, info->pbAuthData, NULL, info->cbAuthData));
    TRY(evp_update(u.ctx, call->in.p, out, call->in.n));
    if (!evp_end(u.ctx))
        return ossl_failed(call->encrypt ? STATUS_INTERNAL_ERROR : STATUS_AUTH_TAG_MISMATCH);
    if (call->encrypt && !evp_get(u.ctx, tag))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

static NTSTATUS gcm_run(struct cipher_key *k, const struct crypt *call, uint8_t *out)
{
    return gcm_is_short(call) ? gcm_short(k, call, out) : run(k, EVP_KIND_GCM, call, out);
}

static NTSTATUS chacha_run(struct cipher_key *k, const struct crypt *call, uint8_t *out)
{
    return run(k, EVP_KIND_CHACHA20_POLY1305, call, out);
}

/* SP 800-38D; Windows takes nonces of 96 bits only. */
static const struct aead gcm = {
    .tags = {12, 16, 1},
    .nonce_min = 12,
    .nonce_max = 12,
    .run = gcm_run,
    .chain = gcm_chain,
};

/* RFC 8439. */
static const struct aead chacha = {
    .tags = {16, 16, 0},
    .nonce_min = 12,
    .nonce_max = 12,
    .run = chacha_run,
};

const struct cipher_mode aes_gcm_mode = {
    .name = "ChainingModeGCM",
    .crypt = cipher_aead_crypt,
    .aead = &gcm,
};

const struct cipher_mode chacha_mode = {
    .name = "ChainingModeN/A",
    .crypt = cipher_aead_crypt,
    .aead = &chacha,
};
