/* The store's primitives over bcrypt.h (store_crypto.h). This file is compiled with 16-bit wchar_t, so that L"…" is
 * what the plain entry points take. */
#include "store_crypto.h"

#include "store_explain.h"

SECURITY_STATUS store_random(void *p, size_t n)
{
    return store_status(BCryptGenRandom(NULL, p, (ULONG)n, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
}

SECURITY_STATUS store_sha256(struct span in, uint8_t out[STORE_SHA256_BYTES])
{
    return store_status(BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, (PUCHAR)(uintptr_t)in.p,
                                   (ULONG)in.n, out, STORE_SHA256_BYTES));
}

static void key_done(BCRYPT_KEY_HANDLE *key)
{
    if (*key != NULL)
        (void)BCryptDestroyKey(*key);
}

#define SCOPED_KEY CLEANUP(key_done) BCRYPT_KEY_HANDLE

SECURITY_STATUS store_hkdf(struct span key, struct span salt, struct span info,
                           uint8_t out[STORE_KEY_BYTES])
{
    SCOPED_KEY handle = NULL;
    TRY(store_status(BCryptGenerateSymmetricKey(BCRYPT_HKDF_ALG_HANDLE, &handle, NULL, 0,
                                                (PUCHAR)(uintptr_t)key.p, (ULONG)key.n, 0)));
    TRY(store_status(BCryptSetProperty(handle, BCRYPT_HKDF_HASH_ALGORITHM,
                                       (PUCHAR)(uintptr_t)BCRYPT_SHA256_ALGORITHM,
                                       sizeof BCRYPT_SHA256_ALGORITHM, 0)));
    TRY(store_status(BCryptSetProperty(handle, BCRYPT_HKDF_SALT_AND_FINALIZE,
                                       (PUCHAR)(uintptr_t)salt.p, (ULONG)salt.n, 0)));
    BCryptBuffer buffer = {(ULONG)info.n, KDF_HKDF_INFO, (PVOID)(uintptr_t)info.p};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &buffer};
    ULONG got = 0;
    TRY(store_status(BCryptKeyDerivation(handle, &list, out, STORE_KEY_BYTES, &got, 0)));
    return got == STORE_KEY_BYTES ? STATUS_SUCCESS : NTE_INTERNAL_ERROR;
}

static BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO mode_of(const uint8_t *nonce, struct span aad,
                                                     uint8_t *tag)
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = (PUCHAR)(uintptr_t)nonce;
    info.cbNonce = STORE_NONCE_BYTES;
    info.pbAuthData = (PUCHAR)(uintptr_t)aad.p;
    info.cbAuthData = (ULONG)aad.n;
    info.pbTag = tag;
    info.cbTag = STORE_TAG_BYTES;
    return info;
}

SECURITY_STATUS store_gcm_seal(const uint8_t key[STORE_KEY_BYTES],
                               const uint8_t nonce[STORE_NONCE_BYTES], struct span aad,
                               struct span plain, uint8_t *out)
{
    SCOPED_KEY handle = NULL;
    TRY(store_status(BCryptGenerateSymmetricKey(BCRYPT_AES_GCM_ALG_HANDLE, &handle, NULL, 0,
                                                (PUCHAR)(uintptr_t)key, STORE_KEY_BYTES, 0)));
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info = mode_of(nonce, aad, out + plain.n);
    ULONG got = 0;
    TRY(store_status(BCryptEncrypt(handle, (PUCHAR)(uintptr_t)plain.p, (ULONG)plain.n, &info, NULL,
                                   0, out, (ULONG)plain.n, &got, 0)));
    return got == plain.n ? STATUS_SUCCESS : NTE_INTERNAL_ERROR;
}

SECURITY_STATUS store_gcm_open(const uint8_t key[STORE_KEY_BYTES],
                               const uint8_t nonce[STORE_NONCE_BYTES], struct span aad,
                               struct span sealed, uint8_t *out)
{
    if (sealed.n < STORE_TAG_BYTES)
        return NTE_BAD_DATA;
    size_t n = sealed.n - STORE_TAG_BYTES;
    SCOPED_KEY handle = NULL;
    TRY(store_status(BCryptGenerateSymmetricKey(BCRYPT_AES_GCM_ALG_HANDLE, &handle, NULL, 0,
                                                (PUCHAR)(uintptr_t)key, STORE_KEY_BYTES, 0)));
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info =
        mode_of(nonce, aad, (uint8_t *)(uintptr_t)sealed.p + n);
    ULONG got = 0;
    SECURITY_STATUS status = store_status(BCryptDecrypt(
        handle, (PUCHAR)(uintptr_t)sealed.p, (ULONG)n, &info, NULL, 0, out, (ULONG)n, &got, 0));
    if (status >= 0 && got != n)
        status = NTE_INTERNAL_ERROR;
    if (status < 0)
        wipe(out, n);
    return status;
}
