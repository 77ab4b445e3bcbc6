/*
 * The four primitives that the store stands on, over the public bcrypt.h: random bytes, SHA-256,
 * HKDF-SHA256 and AES-256-GCM. Nothing else in the store calls into a library of cryptography, except the
 * passphrase protector, which needs scrypt (store_protector.c).
 */
#ifndef STORE_STORE_CRYPTO_H
#define STORE_STORE_CRYPTO_H

#include "secret.h"

#define STORE_KEY_BYTES 32
#define STORE_SALT_BYTES 32
#define STORE_NONCE_BYTES 12
#define STORE_TAG_BYTES 16
#define STORE_SHA256_BYTES 32

SECURITY_STATUS store_random(void *p, size_t n) MUST_CHECK;

SECURITY_STATUS store_sha256(struct span in, uint8_t out[STORE_SHA256_BYTES]) MUST_CHECK;

/* RFC 5869, extract and expand, 32 bytes. */
SECURITY_STATUS store_hkdf(struct span key, struct span salt, struct span info,
                           uint8_t out[STORE_KEY_BYTES]) MUST_CHECK;

/* Encrypts; `out` takes plain.n bytes and the tag. */
SECURITY_STATUS store_gcm_seal(const uint8_t key[STORE_KEY_BYTES],
                               const uint8_t nonce[STORE_NONCE_BYTES], struct span aad,
                               struct span plain, uint8_t *out) MUST_CHECK;

/* Decrypts `sealed` (ciphertext and tag) into sealed.n - STORE_TAG_BYTES bytes. NTE_BAD_DATA when the tag
 * does not match; then nothing of the plaintext is left in `out`. */
SECURITY_STATUS store_gcm_open(const uint8_t key[STORE_KEY_BYTES],
                               const uint8_t nonce[STORE_NONCE_BYTES], struct span aad,
                               struct span sealed, uint8_t *out) MUST_CHECK;

#endif
