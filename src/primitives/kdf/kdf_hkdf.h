/* HKDF (RFC 5869) over the table of hashes. */
#ifndef PRIMITIVES_KDF_HKDF_H
#define PRIMITIVES_KDF_HKDF_H

#include "digest.h"

/* The most that one key expands to. */
size_t kdf_hkdf_limit(const struct digest *d);

/* RFC 5869 2.2: the pseudorandom key, d->length bytes. An empty salt stands for d->length zeros. */
NTSTATUS kdf_hkdf_extract(const struct digest *d, struct span salt, struct span secret,
                          uint8_t *prk) MUST_CHECK;

/* RFC 5869 2.3: n bytes, at most kdf_hkdf_limit. Failure leaves no part of them. */
NTSTATUS kdf_hkdf_expand(const struct digest *d, struct span prk, struct span info, uint8_t *out,
                         size_t n) MUST_CHECK;

#endif
