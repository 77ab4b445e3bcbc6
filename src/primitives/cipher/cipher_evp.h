/*
 * libcrypto's ciphers: methods found once, contexts initialised once for each key and thread. A context that is taken has its key and
 * direction; what remains for a call is its vector and its data.
 *
 * Most contexts are the provider's own, and calls go to the provider's functions (core_dispatch.h, provider-cipher(7)), which is where EVP's
 * calls end, too: on their way EVP looks at flags and asks for lengths that do not change, which takes as long as it takes to encrypt a few
 * blocks. Where a provider lacks one of the functions, and for modes that want more of EVP, a context is EVP's.
 */
#ifndef PRIMITIVES_CIPHER_EVP_H
#define PRIMITIVES_CIPHER_EVP_H

#include <openssl/core_dispatch.h>

#include "cipher_key.h"

enum evp_kind {
    EVP_KIND_ECB,
    EVP_KIND_CBC,
    EVP_KIND_CFB8,
    EVP_KIND_CFB128,
    EVP_KIND_CTR,
    EVP_KIND_GCM,
    EVP_KIND_CCM,
    EVP_KIND_XTS,
    EVP_KIND_WRAP,     /* RFC 3394 */
    EVP_KIND_WRAP_PAD, /* RFC 5649 */
    EVP_KIND_CHACHA20_POLY1305,
    EVP_KINDS
};

struct evp_method {
    enum evp_kind kind;
    EVP_CIPHER *cipher;
    uint32_t iv_bytes;
    /* The provider's functions; `newctx` is NULL where EVP's are used. */
    OSSL_FUNC_cipher_newctx_fn *newctx;
    OSSL_FUNC_cipher_freectx_fn *freectx;
    OSSL_FUNC_cipher_encrypt_init_fn *init[2]; /* [1] for encrypting */
    OSSL_FUNC_cipher_cipher_fn *run;
    OSSL_FUNC_cipher_final_fn *final;
    OSSL_FUNC_cipher_get_ctx_params_fn *get;
    OSSL_FUNC_cipher_set_ctx_params_fn *set;
    void *provider;
};

/* The method for an AES key of so many bytes (XTS: of both halves); NULL when libcrypto lacks it. */
const struct evp_method *evp_method(enum evp_kind kind, size_t key_bytes);

/* What each call needs of its method is here once more: in one line of the cache. */
struct evp_ctx {
    enum evp_kind kind;
    uint32_t iv_bytes;
    OSSL_FUNC_cipher_cipher_fn *run;
    OSSL_FUNC_cipher_encrypt_init_fn *init;
    OSSL_FUNC_cipher_get_ctx_params_fn *get;
    void *state;         /* the provider's context */
    EVP_CIPHER_CTX *evp; /* EVP's instead, or NULL */
    const struct evp_method *method;
    bool encrypt;
};

/* A fresh context with a key; NULL: out of memory. */
struct evp_ctx *evp_context(const struct evp_method *method, const uint8_t *key,
                            bool encrypt) MUST_CHECK;

/* Releases a context, of a pool or not; NULL is none. */
void evp_release(void *ctx);

/* For tests: whether new contexts are the provider's, where they can be. */
bool evp_is_direct(void);
void evp_allow_direct(bool on);

/* A context of the key for one call, given back by scope. */
struct evp_use {
    struct evp_ctx *ctx;
    struct ctx_pool *pool;
};

/* Makes one in place of what the pool had: nothing, or one of the mode that the key had before. */
NTSTATUS evp_replace(struct cipher_key *k, enum evp_kind kind, bool encrypt,
                     struct evp_use *u) MUST_CHECK;

static inline MUST_CHECK NTSTATUS evp_take(struct cipher_key *k, enum evp_kind kind, bool encrypt,
                                           struct evp_use *u)
{
    u->pool = &k->idle[encrypt];
    u->ctx = ctx_pool_take(u->pool);
    if (UNLIKELY(u->ctx == NULL || u->ctx->kind != kind))
        return evp_replace(k, kind, encrypt, u);
    return STATUS_SUCCESS;
}

static inline void evp_give(struct evp_use *u)
{
    if (u->ctx != NULL && !ctx_pool_give(u->pool, u->ctx))
        evp_release(u->ctx);
}

#define EVP_USE CLEANUP(evp_give) struct evp_use

/* The same through EVP, and of more bytes than one call takes. */
NTSTATUS evp_update_slow(struct evp_ctx *ctx, const uint8_t *in, uint8_t *out, size_t n) MUST_CHECK;
bool evp_restart_slow(struct evp_ctx *ctx, const uint8_t *iv) MUST_CHECK;

#define EVP_UPDATE_MOST ((size_t)1 << 30) /* bytes */

/* Bytes through a context, any number of them; those of block modes are whole blocks. Associated data when
 * `out` is NULL. Without libcrypto's buffer for half blocks, which no engine here needs, and its cost. */
static inline MUST_CHECK NTSTATUS evp_update(struct evp_ctx *ctx, const uint8_t *in, uint8_t *out,
                                             size_t n)
{
    if (UNLIKELY(n > EVP_UPDATE_MOST || ctx->evp != NULL))
        return evp_update_slow(ctx, in, out, n);
    size_t written;
    if (n > 0 && UNLIKELY(ctx->run(ctx->state, out, &written, n, in, n) != 1))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

/* A new message under the same key: with this vector, which is as long as the method's. */
static inline MUST_CHECK bool evp_restart(struct evp_ctx *ctx, const uint8_t *iv)
{
    if (UNLIKELY(ctx->evp != NULL))
        return evp_restart_slow(ctx, iv);
    return ctx->init(ctx->state, NULL, 0, iv, ctx->iv_bytes, NULL) == 1;
}

/* The end of a message of an authenticated mode: the tag is compared, or made. */
bool evp_end(struct evp_ctx *ctx) MUST_CHECK;

/* The same for GCM, which has a shorter way to it. */
bool evp_end_gcm(struct evp_ctx *ctx) MUST_CHECK;

static inline MUST_CHECK bool evp_get(struct evp_ctx *ctx, OSSL_PARAM params[])
{
    return (ctx->evp != NULL ? EVP_CIPHER_CTX_get_params(ctx->evp, params)
                             : ctx->get(ctx->state, params)) == 1;
}

static inline MUST_CHECK bool evp_set(struct evp_ctx *ctx, const OSSL_PARAM params[])
{
    return (ctx->evp != NULL ? EVP_CIPHER_CTX_set_params(ctx->evp, params)
                             : ctx->method->set(ctx->state, params)) == 1;
}

static inline void evp_ctx_done(struct evp_ctx **ctx)
{
    evp_release(*ctx);
    *ctx = NULL;
}

#define SCOPED_EVP_CTX CLEANUP(evp_ctx_done) struct evp_ctx

#endif
