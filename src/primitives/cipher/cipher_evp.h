/*
 * libcrypto's ciphers: methods fetched once, contexts initialised once for each key and thread. A
 * context that is taken has its key and direction; what remains for a call is its vector and its data.
 */
#ifndef PRIMITIVES_CIPHER_EVP_H
#define PRIMITIVES_CIPHER_EVP_H

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

#define EVP_SIZES 3 /* AES-128, AES-192, AES-256 */

/* Those that were fetched; evp_method fetches. */
extern _Atomic(EVP_CIPHER *) evp_methods[EVP_KINDS][EVP_SIZES];

/* Which of the sizes a key of so many bytes has (XTS: of both halves); EVP_SIZES or more: none. */
static inline size_t evp_size(enum evp_kind kind, size_t key_bytes)
{
    return (kind == EVP_KIND_XTS ? key_bytes / 2 : key_bytes) / 8 - 2;
}

/* The method for an AES key of so many bytes (XTS: of both halves); NULL when libcrypto lacks it. */
const EVP_CIPHER *evp_method(enum evp_kind kind, size_t key_bytes);

/* A fresh context with a key; NULL: out of memory. */
EVP_CIPHER_CTX *evp_context(const EVP_CIPHER *method, const uint8_t *key, bool encrypt) MUST_CHECK;

/* Releases a context of a pool. */
void evp_release(void *ctx);

/* A context of the key for one call, given back by scope. */
struct evp_use {
    EVP_CIPHER_CTX *ctx;
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
    size_t size = evp_size(kind, k->secret.n);
    if (UNLIKELY(u->ctx == NULL || size >= EVP_SIZES ||
                 EVP_CIPHER_CTX_get0_cipher(u->ctx) !=
                     atomic_load_explicit(&evp_methods[kind][size], memory_order_relaxed)))
        return evp_replace(k, kind, encrypt, u);
    return STATUS_SUCCESS;
}

static inline void evp_give(struct evp_use *u)
{
    if (u->ctx != NULL && !ctx_pool_give(u->pool, u->ctx))
        evp_release(u->ctx);
}

#define EVP_USE CLEANUP(evp_give) struct evp_use

/* More bytes than one call of libcrypto's takes. */
NTSTATUS evp_update_long(EVP_CIPHER_CTX *ctx, const uint8_t *in, uint8_t *out, size_t n) MUST_CHECK;

#define EVP_UPDATE_MOST ((size_t)1 << 30) /* bytes */

/* Bytes through a context, any number of them; those of block modes are whole blocks. Associated data when
 * `out` is NULL. Without libcrypto's buffer for half blocks, which no engine here needs, and its cost. */
static inline MUST_CHECK NTSTATUS evp_update(EVP_CIPHER_CTX *ctx, const uint8_t *in, uint8_t *out,
                                             size_t n)
{
    if (UNLIKELY(n > EVP_UPDATE_MOST))
        return evp_update_long(ctx, in, out, n);
    if (n > 0 && UNLIKELY(EVP_Cipher(ctx, out, in, (unsigned)n) < 0))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

OSSL_CLEANUP(EVP_CIPHER_CTX, evp_cipher_ctx_done, EVP_CIPHER_CTX_free)
#define SCOPED_CIPHER_CTX CLEANUP(evp_cipher_ctx_done) EVP_CIPHER_CTX

#endif
