#include "engine_border.h"

static const BCRYPT_ALG_HANDLE algorithms[] = {
    [ENGINE_AES_GCM] = BCRYPT_AES_GCM_ALG_HANDLE,
    [ENGINE_CHACHA20_POLY1305] = BCRYPT_CHACHA20_POLY1305_ALG_HANDLE,
};

NTSTATUS engine_aead_key(enum engine_aead algorithm, struct view key, struct engine_key *out)
{
    return BCryptGenerateSymmetricKey(algorithms[algorithm], &out->handle, NULL, 0, bytes_in(key),
                                      (ULONG)key.n, 0);
}

static BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info_of(const uint8_t *nonce, struct view associated,
                                                     const uint8_t *tag)
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = (PUCHAR)(uintptr_t)nonce;
    info.cbNonce = ENGINE_AEAD_NONCE;
    info.pbAuthData = bytes_in(associated);
    info.cbAuthData = (ULONG)associated.n;
    info.pbTag = (PUCHAR)(uintptr_t)tag;
    info.cbTag = ENGINE_AEAD_TAG;
    return info;
}

NTSTATUS engine_aead_seal(const struct engine_key *key, const uint8_t nonce[ENGINE_AEAD_NONCE],
                          struct view associated, uint8_t *text, size_t n)
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info = info_of(nonce, associated, text + n);
    ULONG done;
    return BCryptEncrypt(key->handle, text, (ULONG)n, &info, NULL, 0, text, (ULONG)n, &done, 0);
}

NTSTATUS engine_aead_open(const struct engine_key *key, const uint8_t nonce[ENGINE_AEAD_NONCE],
                          struct view associated, struct view sealed, uint8_t *text)
{
    if (sealed.n < ENGINE_AEAD_TAG)
        return STATUS_AUTH_TAG_MISMATCH;
    size_t n = sealed.n - ENGINE_AEAD_TAG;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info = info_of(nonce, associated, sealed.p + n);
    ULONG done;
    return BCryptDecrypt(key->handle, bytes_in(sealed), (ULONG)n, &info, NULL, 0, text, (ULONG)n,
                         &done, 0);
}
