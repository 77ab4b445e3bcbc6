/*
 * libcrypto's ciphers: methods found once, contexts initialised once for each key and thread. A context that is taken has its key and
 * direction; what remains for a call is its vector and its data.
 *
 * Most contexts are the provider's own, and calls go to the provider's functions (core_dispatch.h, provider-cipher(7)), which is where EVP's
 * calls end, too: on their way EVP looks at flags and asks for lengths that do not change, which takes as long as it takes to encrypt a few
 * blocks. Where a provider lacks one of the functions, and for modes that want more of EVP, a context is EVP's, behind functions of
 * the same form.
 */
#ifndef PRIMITIVES_CIPHER_EVP_H
#define PRIMITIVES_CIPHER_EVP_H

#include <openssl/core_dispatch.h>
#include <openssl/params.h>

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

/* What a provider's cipher can do, or EVP in its place. `state` is what newctx made, or an EVP_CIPHER_CTX. */
struct evp_functions {
    OSSL_FUNC_cipher_newctx_fn *newctx; /* NULL: of EVP, or not all are there */
    OSSL_FUNC_cipher_freectx_fn *freectx;
    OSSL_FUNC_cipher_encrypt_init_fn *init[2]; /* [1] for encrypting */
    OSSL_FUNC_cipher_cipher_fn *run;
    OSSL_FUNC_cipher_final_fn *final;
    OSSL_FUNC_cipher_get_ctx_params_fn *get;
    OSSL_FUNC_cipher_set_ctx_params_fn *set;
};

struct evp_method {
    enum evp_kind kind;
    EVP_CIPHER *cipher;
    uint32_t iv_bytes;
    struct evp_functions direct;
    void *provider;
};

/* The method for an AES key of so many bytes (XTS: of both halves); NULL when libcrypto lacks it. */
const struct evp_method *evp_method(enum evp_kind kind, size_t key_bytes);

/* What each call needs of its method is here once more, in one line of the cache. */
struct evp_ctx {
    _Alignas(CACHE_LINE) enum evp_kind kind;
    uint32_t iv_bytes;
    OSSL_FUNC_cipher_cipher_fn *run;
    OSSL_FUNC_cipher_encrypt_init_fn *init;
    OSSL_FUNC_cipher_get_ctx_params_fn *get;
    void *state;
    const struct evp_functions *functions;
    OSSL_PARAM tag[2]; /* of authenticated modes: made once, each call says where its tag is */
    size_t written;    /* what calls say that nobody asks for: */
    uint8_t rest[CIPHER_BLOCK_MAX]; /* nothing comes */
};

/* EVP's context of a kind that always has one (CCM, wrapping). */
static inline EVP_CIPHER_CTX *evp_inside(const struct evp_ctx *ctx)
{
    return ctx->state;
}

/* A fresh context with a key; NULL: out of memory. */
struct evp_ctx *evp_context(const struct evp_method *method, const uint8_t *key,
                            bool encrypt) MUST_CHECK;

/* Releases a context, of a pool or not; NULL is none. */
void evp_release(void *ctx);

/* For tests: whether new contexts are the provider's, where they can be. */
bool evp_is_direct(void);
void evp_allow_direct(bool on);

/* A context of the key for one call, given back by scope; where there is none, evp_missing says why. Kept as a value of which nobody takes the
 * address, so that it is in registers. */
struct evp_use {
    struct evp_ctx *ctx;
    struct ctx_pool *pool;
};

/* Makes one in place of what the pool had: NULL, or one of the mode that the key had before. */
struct evp_ctx *evp_replace(struct evp_ctx *old, const struct cipher_key *k, enum evp_kind kind,
                            bool encrypt) MUST_CHECK;

static inline MUST_CHECK struct evp_use evp_take(struct cipher_key *k, enum evp_kind kind,
                                                 bool encrypt)
{
    struct ctx_pool *pool = &k->idle[encrypt];
    struct evp_ctx *ctx = ctx_pool_take(pool);
    if (UNLIKELY(ctx == NULL || ctx->kind != kind))
        ctx = evp_replace(ctx, k, kind, encrypt);
    return (struct evp_use){ctx, pool};
}

NTSTATUS evp_missing(const struct cipher_key *k, enum evp_kind kind) MUST_CHECK;

static inline void evp_give(const struct evp_use *u)
{
    if (u->ctx != NULL && !ctx_pool_give(u->pool, u->ctx))
        evp_release(u->ctx);
}

#define EVP_USE CLEANUP(evp_give) struct evp_use

#define EVP_UPDATE_MOST ((size_t)1 << 30) /* bytes that EVP takes at once */

/* The same of more bytes than that. */
NTSTATUS evp_update_long(struct evp_ctx *ctx, const uint8_t *in, uint8_t *out, size_t n) MUST_CHECK;

/* Bytes through a context, any number of them; those of block modes are whole blocks. Associated data when
 * `out` is NULL. Without libcrypto's buffer for half blocks, which no engine here needs, and its cost. */
static inline MUST_CHECK NTSTATUS evp_update(struct evp_ctx *ctx, const uint8_t *in, uint8_t *out,
                                             size_t n)
{
    if (UNLIKELY(n > EVP_UPDATE_MOST))
        return evp_update_long(ctx, in, out, n);
    if (n > 0 && UNLIKELY(ctx->run(ctx->state, out, &ctx->written, n, in, n) != 1))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

/* A new message under the same key: with this vector, which is as long as the method's. */
static inline MUST_CHECK bool evp_restart(struct evp_ctx *ctx, const uint8_t *iv)
{
    return ctx->init(ctx->state, NULL, 0, iv, ctx->iv_bytes, NULL) == 1;
}

/* The end of a message of an authenticated mode: the tag is compared, or made. */
static inline MUST_CHECK bool evp_end(struct evp_ctx *ctx)
{
    return ctx->functions->final(ctx->state, ctx->rest, &ctx->written, sizeof ctx->rest) == 1;
}

/* Where the tag of a message is, or shall be: before the two below. */
static inline void evp_place_tag(struct evp_ctx *ctx, uint8_t *tag, size_t n)
{
    ctx->tag[0].data = tag;
    ctx->tag[0].data_size = n;
}

/* The tag that the message has to have. */
static inline MUST_CHECK bool evp_set_tag(struct evp_ctx *ctx)
{
    return ctx->functions->set(ctx->state, ctx->tag) == 1;
}

/* The tag of the message that ended. */
static inline MUST_CHECK bool evp_get_tag(struct evp_ctx *ctx)
{
    return ctx->get(ctx->state, ctx->tag) == 1;
}

static inline void evp_ctx_done(struct evp_ctx **ctx)
{
    evp_release(*ctx);
    *ctx = NULL;
}

#define SCOPED_EVP_CTX CLEANUP(evp_ctx_done) struct evp_ctx

#endif
