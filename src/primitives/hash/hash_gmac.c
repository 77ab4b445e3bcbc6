/*
 * AES-GMAC objects (hash_gmac.h), SP 800-38D: GCM of authenticated data alone. Every message needs a
 * nonce of its own, which arrives as a property of the object (observed on Windows); without one there
 * is no code, and the nonce of the last message is never taken again.
 */
#include "hash_gmac.h"

#include "mac_cipher.h"

#define NONCE_BYTES 12
#define LONGEST_UPDATE ((size_t)1 << 30) /* libcrypto counts in int */

static struct hash_gmac *gmac_of(struct hash *h)
{
    return CONTAINER_OF(h, struct hash_gmac, hash);
}

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

NTSTATUS hash_gmac_init(struct hash *h, const struct alg *alg, struct span key)
{
    (void)alg;
    const EVP_CIPHER *cipher;
    TRY(mac_cipher_find(MAC_GCM, key.n, &cipher));
    EVP_CIPHER_CTX *ctx = gmac_of(h)->ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL || EVP_EncryptInit_ex2(ctx, cipher, key.p, NULL, NULL) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    return STATUS_SUCCESS;
}

NTSTATUS hash_gmac_set_nonce(const struct prop_target *t, const struct in *in)
{
    struct hash_gmac *g = gmac_of(t->hash);
    if (t->hash->state == HASH_FINISHED)
        return STATUS_INVALID_HANDLE;
    if (t->hash->fed || in->n != NONCE_BYTES)
        return STATUS_INVALID_PARAMETER;
    TRY(done(EVP_EncryptInit_ex2(g->ctx, NULL, NULL, in->p, NULL) == 1));
    g->has_nonce = true;
    return STATUS_SUCCESS;
}

NTSTATUS hash_gmac_data(struct hash *h, struct span in)
{
    struct hash_gmac *g = gmac_of(h);
    if (!g->has_nonce) {
        h->fed = false; /* nothing went in: the nonce may still come */
        return STATUS_INVALID_PARAMETER;
    }
    while (in.n > 0) {
        int n = (int)(in.n < LONGEST_UPDATE ? in.n : LONGEST_UPDATE);
        int written;
        TRY(done(EVP_EncryptUpdate(g->ctx, NULL, &written, in.p, n) == 1));
        in.p += n;
        in.n -= (size_t)n;
    }
    return STATUS_SUCCESS;
}

NTSTATUS hash_gmac_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    struct hash_gmac *g = gmac_of(h);
    (void)n, (void)more;
    if (!g->has_nonce)
        return STATUS_INVALID_PARAMETER;
    uint8_t none[GMAC_BYTES]; /* no ciphertext */
    int written;
    return done(EVP_EncryptFinal_ex(g->ctx, none, &written) == 1 &&
                EVP_CIPHER_CTX_ctrl(g->ctx, EVP_CTRL_AEAD_GET_TAG, GMAC_BYTES, out) == 1);
}

NTSTATUS hash_gmac_reset(struct hash *h)
{
    gmac_of(h)->has_nonce = false;
    return STATUS_SUCCESS;
}

NTSTATUS hash_gmac_copy(struct hash *to, const struct hash *from)
{
    const struct hash_gmac *g = CONST_CONTAINER_OF(from, struct hash_gmac, hash);
    EVP_CIPHER_CTX *ctx = gmac_of(to)->ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL || EVP_CIPHER_CTX_copy(ctx, g->ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    gmac_of(to)->has_nonce = g->has_nonce;
    return STATUS_SUCCESS;
}

void hash_gmac_done(struct hash *h)
{
    EVP_CIPHER_CTX_free(gmac_of(h)->ctx);
}

/* BCryptHash has no place for a nonce. */
NTSTATUS hash_gmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    (void)alg, (void)key, (void)in, (void)out, (void)n;
    return STATUS_INVALID_PARAMETER;
}
