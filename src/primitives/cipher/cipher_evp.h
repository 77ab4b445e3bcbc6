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

/* The method for an AES key of so many bytes (XTS: of both halves); NULL when libcrypto lacks it. */
const EVP_CIPHER *evp_method(enum evp_kind kind, size_t key_bytes);

/* A fresh context with a key; NULL: out of memory. */
EVP_CIPHER_CTX *evp_context(const EVP_CIPHER *method, const uint8_t *key, bool encrypt) MUST_CHECK;

/* A context of the key for one call, given back by scope. */
struct evp_use {
    EVP_CIPHER_CTX *ctx;
    struct cipher_key *key;
    bool encrypt;
};

NTSTATUS evp_take(struct cipher_key *k, enum evp_kind kind, bool encrypt,
                  struct evp_use *u) MUST_CHECK;
void evp_give(struct evp_use *u);

#define EVP_USE CLEANUP(evp_give) struct evp_use

/* Bytes through a context, as many as libcrypto takes as int or more; those of block modes are whole blocks.
 * Associated data when `out` is NULL. */
NTSTATUS evp_update(EVP_CIPHER_CTX *ctx, const uint8_t *in, uint8_t *out, size_t n) MUST_CHECK;

/* Releases a context of a pool. */
void evp_release(void *ctx);

OSSL_CLEANUP(EVP_CIPHER_CTX, evp_cipher_ctx_done, EVP_CIPHER_CTX_free)
#define SCOPED_CIPHER_CTX CLEANUP(evp_cipher_ctx_done) EVP_CIPHER_CTX

#endif
