/* CryptoAPI's derivation of a key from a hash (CryptDeriveKey). */
#ifndef PRIMITIVES_KDF_CAPI_H
#define PRIMITIVES_KDF_CAPI_H

#include "digest.h"

/* n bytes, at most twice d->length, from `value`, a digest of this hash. `expand`: the key is for a
 * cipher that CryptoAPI always expands for, unless the hash is SHA-2. Failure leaves no part of the
 * output. */
NTSTATUS kdf_capi(const struct digest *d, const struct digest_value *value, bool expand,
                  uint8_t *out, size_t n) MUST_CHECK;

#endif
