/*
 * AES-CMAC through libcrypto's CMAC_CTX (cmac_key.h): unlike EVP_MAC it is restarted without a list of
 * parameters, which takes a third off the price of a short message.
 */
#include "cmac_key.h"

#include <openssl/cmac.h>

#include "ctx_pool.h"
#include "mac_cipher.h"

OSSL_CLEANUP(CMAC_CTX, cmac_ctx_done, CMAC_CTX_free)

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

/* Idle contexts with the cipher for keys of 16, 24 and 32 bytes: a new key costs a third of a new
 * context. */
static struct ctx_pool pools[3];

static struct ctx_pool *pool_of(size_t n)
{
    return &pools[n / 8 - 2];
}

NTSTATUS cmac_key_init(struct cmac_key *k, struct span key)
{
    const EVP_CIPHER *cipher;
    TRY(mac_cipher_find(MAC_CBC, key.n, &cipher));
    CLEANUP(cmac_ctx_done) CMAC_CTX *ctx = ctx_pool_take(pool_of(key.n));
    bool has_cipher = ctx != NULL;
    if (!has_cipher)
        ctx = CMAC_CTX_new();
    if (ctx == NULL || CMAC_Init(ctx, key.p, key.n, has_cipher ? NULL : cipher, NULL) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    *k = (struct cmac_key){ctx, key.n, false};
    ctx = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS cmac_key_copy(struct cmac_key *to, const struct cmac_key *from)
{
    CLEANUP(cmac_ctx_done) CMAC_CTX *made = CMAC_CTX_new();
    if (made == NULL || CMAC_CTX_copy(made, from->ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    *to = (struct cmac_key){made, from->n, from->spent};
    made = NULL;
    return STATUS_SUCCESS;
}

/* Another key and a block overwrite what it held. */
static bool forget(struct cmac_key *k)
{
    static const uint8_t zeros[32];
    return CMAC_Init(k->ctx, zeros, k->n, NULL, NULL) == 1 &&
           CMAC_Update(k->ctx, zeros, CMAC_BYTES) == 1;
}

void cmac_key_done(struct cmac_key *k)
{
    if (k->ctx != NULL && (!forget(k) || !ctx_pool_give(pool_of(k->n), k->ctx)))
        CMAC_CTX_free(k->ctx);
    k->ctx = NULL;
}

NTSTATUS cmac_key_restart(struct cmac_key *k)
{
    k->spent = true;
    return STATUS_SUCCESS;
}

/* Restarting is left to the next message, because a context that served one has none. */
static bool ready(struct cmac_key *k)
{
    if (k->spent && CMAC_Init(k->ctx, NULL, 0, NULL, NULL) != 1)
        return false;
    k->spent = false;
    return true;
}

NTSTATUS cmac_key_add(struct cmac_key *k, struct span part)
{
    bool added = part.n == 0 || (ready(k) && CMAC_Update(k->ctx, part.p, part.n) == 1);
    k->spent = k->spent || !added;
    return done(added);
}

NTSTATUS cmac_key_finish(struct cmac_key *k, uint8_t *out)
{
    size_t n;
    bool finished = ready(k) && CMAC_Final(k->ctx, out, &n) == 1;
    k->spent = true;
    return done(finished);
}

NTSTATUS cmac_key_mac(struct cmac_key *k, const struct span *parts, size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++)
        TRY(cmac_key_add(k, parts[i]));
    return cmac_key_finish(k, out);
}
