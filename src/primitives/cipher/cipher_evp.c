/* Methods and contexts of libcrypto's ciphers (cipher_evp.h). */
#include "cipher_evp.h"

#define SIZES 3 /* AES-128, AES-192, AES-256 */

static const char *const names[EVP_KINDS][SIZES] = {
    [EVP_KIND_ECB] = {"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"},
    [EVP_KIND_CBC] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"},
    [EVP_KIND_CFB8] = {"AES-128-CFB8", "AES-192-CFB8", "AES-256-CFB8"},
    [EVP_KIND_CFB128] = {"AES-128-CFB", "AES-192-CFB", "AES-256-CFB"},
    [EVP_KIND_CTR] = {"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"},
    [EVP_KIND_GCM] = {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"},
    [EVP_KIND_CCM] = {"AES-128-CCM", "AES-192-CCM", "AES-256-CCM"},
    [EVP_KIND_XTS] = {"AES-128-XTS", NULL, "AES-256-XTS"},
    [EVP_KIND_WRAP] = {"AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"},
    [EVP_KIND_WRAP_PAD] = {"AES-128-WRAP-PAD", "AES-192-WRAP-PAD", "AES-256-WRAP-PAD"},
    [EVP_KIND_CHACHA20_POLY1305] = {NULL, NULL, "ChaCha20-Poly1305"},
};

static _Atomic(EVP_CIPHER *) methods[EVP_KINDS][SIZES];

const EVP_CIPHER *evp_method(enum evp_kind kind, size_t key_bytes)
{
    size_t size = (kind == EVP_KIND_XTS ? key_bytes / 2 : key_bytes) / 8 - 2;
    if (size >= SIZES || names[kind][size] == NULL)
        return NULL;
    _Atomic(EVP_CIPHER *) *slot = &methods[kind][size];
    EVP_CIPHER *method = atomic_load_explicit(slot, memory_order_acquire);
    if (method != NULL)
        return method;
    OSSL_LIB_CTX *ctx = ossl_ctx();
    EVP_CIPHER *fetched = ctx == NULL ? NULL : EVP_CIPHER_fetch(ctx, names[kind][size], NULL);
    if (fetched != NULL && !atomic_compare_exchange_strong(slot, &method, fetched)) {
        EVP_CIPHER_free(fetched);
        return method;
    }
    return fetched;
}

EVP_CIPHER_CTX *evp_context(const EVP_CIPHER *method, const uint8_t *key, bool encrypt)
{
    SCOPED_CIPHER_CTX *made = EVP_CIPHER_CTX_new();
    if (made == NULL)
        return NULL;
    EVP_CIPHER_CTX_set_flags(made, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex2(made, method, key, NULL, encrypt, NULL) != 1 ||
        EVP_CIPHER_CTX_set_padding(made, 0) != 1)
        return NULL;
    EVP_CIPHER_CTX *ready = made;
    made = NULL;
    return ready;
}

void evp_release(void *ctx)
{
    EVP_CIPHER_CTX_free(ctx);
}

NTSTATUS evp_take(struct cipher_key *k, enum evp_kind kind, bool encrypt, struct evp_use *u)
{
    *u = (struct evp_use){.key = k, .encrypt = encrypt};
    const EVP_CIPHER *method = evp_method(kind, k->secret.n);
    if (method == NULL)
        return ossl_failed(STATUS_NOT_SUPPORTED);
    EVP_CIPHER_CTX *ctx = ctx_pool_take(&k->idle[encrypt]);
    if (ctx != NULL && EVP_CIPHER_CTX_get0_cipher(ctx) != method) {
        EVP_CIPHER_CTX_free(ctx); /* of the mode that the key had before */
        ctx = NULL;
    }
    if (ctx == NULL) {
        ctx = evp_context(method, k->secret.p, encrypt);
        if (ctx == NULL)
            return ossl_failed(STATUS_NO_MEMORY);
    }
    u->ctx = ctx;
    return STATUS_SUCCESS;
}

void evp_give(struct evp_use *u)
{
    if (u->ctx != NULL && !ctx_pool_give(&u->key->idle[u->encrypt], u->ctx))
        EVP_CIPHER_CTX_free(u->ctx);
    u->ctx = NULL;
}

NTSTATUS evp_update(EVP_CIPHER_CTX *ctx, const uint8_t *in, uint8_t *out, size_t n)
{
    const size_t most = (size_t)1 << 30;
    while (n > 0) {
        size_t part = n < most ? n : most;
        /* Without the buffer of half blocks, which no engine here needs, and its cost. */
        if (EVP_Cipher(ctx, out, in, (unsigned)part) < 0)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        in += part;
        if (out != NULL)
            out += part;
        n -= part;
    }
    return STATUS_SUCCESS;
}
