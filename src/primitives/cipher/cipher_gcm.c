/*
 * GCM and ChaCha20-Poly1305 in one call each, by libcrypto: a kept context gets the nonce, the associated
 * data, the data, and gives or checks the tag.
 */
#include "cipher_aead.h"

#include <openssl/core_names.h>

static bool set_tag(EVP_CIPHER_CTX *ctx, const struct aead_call *call)
{
    OSSL_PARAM tag[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, call->tag, call->tag_n),
        OSSL_PARAM_construct_end(),
    };
    return EVP_CIPHER_CTX_set_params(ctx, tag) == 1;
}

static bool get_tag(EVP_CIPHER_CTX *ctx, const struct aead_call *call)
{
    OSSL_PARAM tag[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, call->tag, call->tag_n),
        OSSL_PARAM_construct_end(),
    };
    return EVP_CIPHER_CTX_get_params(ctx, tag) == 1;
}

NTSTATUS aead_evp_run(struct cipher_key *k, enum evp_kind kind, const struct aead_call *call)
{
    EVP_USE u;
    TRY(evp_take(k, kind, call->encrypt, &u));
    if (EVP_CipherInit_ex2(u.ctx, NULL, NULL, call->nonce.p, call->encrypt, NULL) != 1 ||
        (!call->encrypt && !set_tag(u.ctx, call)))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(evp_update(u.ctx, call->aad.p, NULL, call->aad.n));
    TRY(evp_update(u.ctx, call->in, call->out, call->n));
    uint8_t rest[CIPHER_BLOCK_MAX]; /* nothing comes */
    int n = 0;
    if (EVP_CipherFinal_ex(u.ctx, rest, &n) != 1)
        return ossl_failed(call->encrypt ? STATUS_INTERNAL_ERROR : STATUS_AUTH_TAG_MISMATCH);
    if (call->encrypt && !get_tag(u.ctx, call))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

static NTSTATUS gcm_run(struct cipher_key *k, const struct aead_call *call)
{
    return aead_evp_run(k, EVP_KIND_GCM, call);
}

static NTSTATUS chacha_run(struct cipher_key *k, const struct aead_call *call)
{
    return aead_evp_run(k, EVP_KIND_CHACHA20_POLY1305, call);
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
