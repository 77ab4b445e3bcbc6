/*
 * AES-CMAC through libcrypto's CMAC_CTX (cmac_key.h): unlike EVP_MAC it is restarted without a list of
 * parameters, which takes a third off the price of a short message.
 */
#include "cmac_key.h"

#include <openssl/cmac.h>

#include "mac_cipher.h"

OSSL_CLEANUP(CMAC_CTX, cmac_ctx_done, CMAC_CTX_free)

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

NTSTATUS cmac_key_init(struct cmac_key *k, struct span key)
{
    const EVP_CIPHER *cipher;
    TRY(mac_cipher_find(MAC_CBC, key.n, &cipher));
    CLEANUP(cmac_ctx_done) CMAC_CTX *made = CMAC_CTX_new();
    if (made == NULL || CMAC_Init(made, key.p, key.n, cipher, NULL) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    k->ctx = made;
    made = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS cmac_key_copy(struct cmac_key *to, const struct cmac_key *from)
{
    CLEANUP(cmac_ctx_done) CMAC_CTX *made = CMAC_CTX_new();
    if (made == NULL || CMAC_CTX_copy(made, from->ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    to->ctx = made;
    made = NULL;
    return STATUS_SUCCESS;
}

void cmac_key_done(struct cmac_key *k)
{
    CMAC_CTX_free(k->ctx);
    k->ctx = NULL;
}

NTSTATUS cmac_key_restart(struct cmac_key *k)
{
    return done(CMAC_Init(k->ctx, NULL, 0, NULL, NULL) == 1);
}

NTSTATUS cmac_key_add(struct cmac_key *k, struct span part)
{
    return done(part.n == 0 || CMAC_Update(k->ctx, part.p, part.n) == 1);
}

NTSTATUS cmac_key_finish(struct cmac_key *k, uint8_t *out)
{
    size_t n;
    TRY(done(CMAC_Final(k->ctx, out, &n) == 1));
    return cmac_key_restart(k);
}

NTSTATUS cmac_key_mac(struct cmac_key *k, const struct span *parts, size_t count, uint8_t *out)
{
    TRY(cmac_key_restart(k));
    for (size_t i = 0; i < count; i++)
        TRY(cmac_key_add(k, parts[i]));
    return cmac_key_finish(k, out);
}
