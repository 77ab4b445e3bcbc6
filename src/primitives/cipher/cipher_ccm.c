/*
 * CCM (SP 800-38C) by libcrypto. Sizes of nonce and tag are part of the key's set-up there, so a
 * context gets its key again when they change. The mode needs the length of the data first: it cannot be
 * chained over calls whose total nobody knows.
 */
#include "cipher_aead.h"

#include <limits.h>

#include <openssl/core_names.h>

/* The sizes that a context was set up with, as it remembers them; 0: with none yet. */
static void *sizes_of(const struct aead_info *info)
{
    return (void *)(uintptr_t)(info->cbNonce << 8 | info->cbTag);
}

/* Sizes and, when decrypting, the tag; then key and nonce. */
static bool prepare(EVP_CIPHER_CTX *ctx, const struct cipher_key *k, const struct aead_info *info,
                    bool encrypt)
{
    bool same = EVP_CIPHER_CTX_get_app_data(ctx) == sizes_of(info);
    size_t nonce_n = info->cbNonce;
    OSSL_PARAM sizes[] = {
        OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, encrypt ? NULL : info->pbTag,
                                info->cbTag),
        OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &nonce_n),
        OSSL_PARAM_END,
    };
    if (same)
        sizes[1] = (OSSL_PARAM)OSSL_PARAM_END;
    else
        EVP_CIPHER_CTX_set_app_data(ctx, NULL);
    if (((!same || !encrypt) && EVP_CIPHER_CTX_set_params(ctx, sizes) != 1) ||
        EVP_CipherInit_ex2(ctx, NULL, same ? NULL : k->secret.p, info->pbNonce, encrypt, NULL) != 1)
        return false;
    EVP_CIPHER_CTX_set_app_data(ctx, sizes_of(info));
    return true;
}

static NTSTATUS message(struct cipher_key *k, const struct crypt *call, uint8_t *out)
{
    const struct aead_info *info = call->info;
    /* 15 bytes are shared by the nonce and the length. */
    size_t length_bytes = 15 - info->cbNonce;
    if (length_bytes < sizeof(uint32_t) && call->in.n >> (8 * length_bytes) != 0)
        return STATUS_INVALID_PARAMETER;
    if (call->in.n > INT_MAX || info->cbAuthData > INT_MAX)
        return STATUS_INVALID_PARAMETER; /* libcrypto wants all of it in one piece */

    EVP_USE u = evp_take(k, EVP_KIND_CCM, call->encrypt);
    if (UNLIKELY(u.ctx == NULL))
        return evp_missing(k, EVP_KIND_CCM);
    EVP_CIPHER_CTX *ctx = evp_inside(u.ctx);
    int n = 0;
    if (!prepare(ctx, k, info, call->encrypt) ||
        EVP_CipherUpdate(ctx, NULL, &n, NULL, (int)call->in.n) != 1 ||
        (info->cbAuthData > 0 &&
         EVP_CipherUpdate(ctx, NULL, &n, info->pbAuthData, (int)info->cbAuthData) != 1))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    uint8_t none[CIPHER_BLOCK_MAX] = {0}; /* an empty text, which must still be passed */
    const uint8_t *in = call->in.n > 0 ? call->in.p : none;
    if (EVP_CipherUpdate(ctx, call->in.n > 0 ? out : none, &n, in, (int)call->in.n) != 1)
        return ossl_failed(call->encrypt ? STATUS_INTERNAL_ERROR : STATUS_AUTH_TAG_MISMATCH);
    if (!call->encrypt)
        return STATUS_SUCCESS;
    OSSL_PARAM tag[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, info->pbTag, info->cbTag),
        OSSL_PARAM_construct_end(),
    };
    return EVP_CIPHER_CTX_get_params(ctx, tag) == 1 ? STATUS_SUCCESS
                                                    : ossl_failed(STATUS_INTERNAL_ERROR);
}

/* SP 800-38C. */
static const struct aead ccm = {
    .tags = {4, 16, 2},
    .nonce_min = 7,
    .nonce_max = 13,
};

static NTSTATUS ccm_run(struct cipher_key *k, const struct crypt *call, const struct out *o)
{
    uint8_t *out;
    TRY(aead_output(&ccm, call, o, &out));
    return aead_ended(call, out, message(k, call, out));
}

static NTSTATUS ccm_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return aead_crypt(cipher_key_of(key), &ccm, ccm_run, NULL, call, o);
}

const struct cipher_mode aes_ccm_mode = {
    .name = "ChainingModeCCM",
    .crypt = ccm_crypt,
    .aead = &ccm,
};
