/* Methods and contexts of libcrypto's ciphers (cipher_evp.h). */
#include "cipher_evp.h"

static const char *const names[EVP_KINDS][EVP_SIZES] = {
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

_Atomic(EVP_CIPHER *) evp_methods[EVP_KINDS][EVP_SIZES];

const EVP_CIPHER *evp_method(enum evp_kind kind, size_t key_bytes)
{
    size_t size = evp_size(kind, key_bytes);
    if (size >= EVP_SIZES || names[kind][size] == NULL)
        return NULL;
    _Atomic(EVP_CIPHER *) *slot = &evp_methods[kind][size];
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
    /* Its padding is left on, although nothing here comes near it: libcrypto would turn it off again with
     * every new vector, which takes as long as a block. */
    EVP_CIPHER_CTX_set_flags(made, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex2(made, method, key, NULL, encrypt, NULL) != 1)
        return NULL;
    EVP_CIPHER_CTX *ready = made;
    made = NULL;
    return ready;
}

void evp_release(void *ctx)
{
    EVP_CIPHER_CTX_free(ctx);
}

NTSTATUS evp_replace(struct cipher_key *k, enum evp_kind kind, bool encrypt, struct evp_use *u)
{
    if (u->ctx != NULL)
        EVP_CIPHER_CTX_free(u->ctx);
    u->ctx = NULL;
    const EVP_CIPHER *method = evp_method(kind, k->secret.n);
    if (method == NULL)
        return ossl_failed(STATUS_NOT_SUPPORTED);
    u->ctx = evp_context(method, k->secret.p, encrypt);
    return u->ctx == NULL ? ossl_failed(STATUS_NO_MEMORY) : STATUS_SUCCESS;
}

NTSTATUS evp_update_long(EVP_CIPHER_CTX *ctx, const uint8_t *in, uint8_t *out, size_t n)
{
    while (n > 0) {
        size_t part = n < EVP_UPDATE_MOST ? n : EVP_UPDATE_MOST;
        TRY(evp_update(ctx, in, out, part));
        in += part;
        if (out != NULL)
            out += part;
        n -= part;
    }
    return STATUS_SUCCESS;
}
