/*
 * GCM and ChaCha20-Poly1305 in one call each, by libcrypto: a kept context gets the nonce, the associated
 * data, the data, and gives or checks the tag. GCM of short messages is in cipher_gcm_short.c.
 */
#include "gcm_tools.h"

/* What follows the nonce. */
AEAD_INLINE NTSTATUS go_on(struct evp_ctx *ctx, const struct crypt *call, uint8_t *out)
{
    const struct aead_info *info = call->info;
    evp_place_tag(ctx, info->pbTag, info->cbTag);
    if (!call->encrypt && !evp_set_tag(ctx))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(evp_update(ctx, info->pbAuthData, NULL, info->cbAuthData));
    TRY(evp_update(ctx, call->in.p, out, call->in.n));
    if (!evp_end(ctx))
        return ossl_failed(call->encrypt ? STATUS_INTERNAL_ERROR : STATUS_AUTH_TAG_MISMATCH);
    if (call->encrypt && !evp_get_tag(ctx))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

/* Laid out for each mode, which is known where this is called. */
AEAD_INLINE NTSTATUS run(struct cipher_key *k, const struct aead *aead, enum evp_kind kind,
                         const struct crypt *call, const struct out *o)
{
    const struct aead_info *info = call->info;
    uint8_t *out;
    EVP_USE u = evp_take(k, kind, call->encrypt);
    if (UNLIKELY(u.ctx == NULL))
        return evp_missing(k, kind);
    if (!evp_restart(u.ctx, info->pbNonce))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(aead_output(aead, call, o, &out));
    return aead_ended(call, out, go_on(u.ctx, call, out));
}

/* SP 800-38D; Windows takes nonces of 96 bits only. */
static const struct aead gcm = {
    .tags = {12, 16, 1},
    .nonce_min = 12,
    .nonce_max = 12,
};

static NTSTATUS gcm_run(struct cipher_key *k, const struct crypt *call, const struct out *o)
{
    uint8_t *out;
    if (!gcm_is_short(call))
        return run(k, &gcm, EVP_KIND_GCM, call, o);
    TRY(aead_output(&gcm, call, o, &out));
    return aead_ended(call, out, gcm_short(k, call, out));
}

static NTSTATUS gcm_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return aead_crypt(cipher_key_of(key), &gcm, gcm_run, gcm_chain, call, o);
}

/* RFC 8439. */
static const struct aead chacha = {
    .tags = {16, 16, 0},
    .nonce_min = 12,
    .nonce_max = 12,
};

static NTSTATUS chacha_run(struct cipher_key *k, const struct crypt *call, const struct out *o)
{
    return run(k, &chacha, EVP_KIND_CHACHA20_POLY1305, call, o);
}

static NTSTATUS chacha_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return aead_crypt(cipher_key_of(key), &chacha, chacha_run, NULL, call, o);
}

const struct cipher_mode aes_gcm_mode = {
    .name = "ChainingModeGCM",
    .crypt = gcm_crypt,
    .aead = &gcm,
};

const struct cipher_mode chacha_mode = {
    .name = "ChainingModeN/A",
    .crypt = chacha_crypt,
    .left_on_stack = true, /* by ChaCha20_ssse3, ChaCha20_8x and others (libcrypto 3.0 to 3.5) */
    .aead = &chacha,
};
