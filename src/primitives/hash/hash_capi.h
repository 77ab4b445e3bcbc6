/* CryptoAPI's way (CryptDeriveKey) from a hash to the bytes of a key. */
#ifndef PRIMITIVES_HASH_CAPI_H
#define PRIMITIVES_HASH_CAPI_H

#include "digest.h"

/* The first n bytes, at most twice d->length, of what the digest `value[d->length]` gives. `expand`:
 * even a short key comes from the expanded digest, unless the hash is of SHA-2; CryptoAPI does so for
 * AES and 3DES. STATUS_INVALID_PARAMETER: n is too large. */
NTSTATUS hash_capi(const struct digest *d, const uint8_t *value, bool expand, uint8_t *out,
                   size_t n) MUST_CHECK;

#endif
