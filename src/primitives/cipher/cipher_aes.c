/*
 * AES in ECB, CBC and CFB by libcrypto. The next chaining value is taken from the ciphertext, which
 * costs less than asking libcrypto for it; decrypting in place, it is saved before it is overwritten.
 */
#include "cipher_evp.h"

#include <string.h>

#define BLOCK 16

static NTSTATUS ecb_run(struct cipher_key *k, bool encrypt, uint8_t *iv, const uint8_t *in,
                        uint8_t *out, size_t n)
{
    (void)iv;
    EVP_USE u = evp_take(k, EVP_KIND_ECB, encrypt);
    if (UNLIKELY(u.ctx == NULL))
        return evp_missing(k, EVP_KIND_ECB);
    return evp_update(u.ctx, in, out, n);
}

/* The last block of vector || ciphertext. */
static void next_iv(uint8_t *next, const uint8_t *iv, const uint8_t *ciphertext, size_t n)
{
    if (n >= BLOCK) {
        memcpy(next, ciphertext + (n - BLOCK), BLOCK);
        return;
    }
    size_t old = BLOCK - n;
    memmove(next, iv + (BLOCK - old), old);
    memcpy(next + old, ciphertext, n);
}

static NTSTATUS chained_run(struct cipher_key *k, enum evp_kind kind, bool encrypt, uint8_t *iv,
                            const uint8_t *in, uint8_t *out, size_t n)
{
    uint8_t next[BLOCK];
    EVP_USE u = evp_take(k, kind, encrypt);
    if (UNLIKELY(u.ctx == NULL))
        return evp_missing(k, kind);
    if (!evp_restart(u.ctx, iv))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    if (!encrypt)
        next_iv(next, iv, in, n);
    TRY(evp_update(u.ctx, in, out, n));
    if (encrypt)
        next_iv(next, iv, out, n);
    memcpy(iv, next, BLOCK);
    return STATUS_SUCCESS;
}

static NTSTATUS cbc_run(struct cipher_key *k, bool encrypt, uint8_t *iv, const uint8_t *in,
                        uint8_t *out, size_t n)
{
    return chained_run(k, EVP_KIND_CBC, encrypt, iv, in, out, n);
}

static NTSTATUS cfb_run(struct cipher_key *k, bool encrypt, uint8_t *iv, const uint8_t *in,
                        uint8_t *out, size_t n)
{
    bool bytes = atomic_load_explicit(&k->segment, memory_order_relaxed) == 1;
    return chained_run(k, bytes ? EVP_KIND_CFB8 : EVP_KIND_CFB128, encrypt, iv, in, out, n);
}

static NTSTATUS ecb_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return cipher_block_crypt(cipher_key_of(key), &aes_ecb_mode, call, o);
}

const struct cipher_mode aes_ecb_mode = {
    .name = "ChainingModeECB",
    .crypt = ecb_crypt,
    .run = ecb_run,
};

static NTSTATUS cbc_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return cipher_block_crypt(cipher_key_of(key), &aes_cbc_mode, call, o);
}

const struct cipher_mode aes_cbc_mode = {
    .name = "ChainingModeCBC",
    .crypt = cbc_crypt,
    .run = cbc_run,
    .chains = true,
};

static NTSTATUS cfb_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return cipher_block_crypt(cipher_key_of(key), &aes_cfb_mode, call, o);
}

const struct cipher_mode aes_cfb_mode = {
    .name = "ChainingModeCFB",
    .crypt = cfb_crypt,
    .run = cfb_run,
    .chains = true,
    .segments = true,
};
