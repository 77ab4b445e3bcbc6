/* The pseudorandom functions of TLS. Labels are bytes without a terminating NUL. */
#ifndef PRIMITIVES_KDF_TLS_H
#define PRIMITIVES_KDF_TLS_H

#include "digest.h"

/* TLS 1.0 and 1.1 (RFC 2246 5): MD5 and SHA-1, each with half of the secret. Failure leaves no part
 * of the output. */
NTSTATUS kdf_tls10(struct span secret, struct span label, struct span seed, uint8_t *out,
                   size_t n) MUST_CHECK;

/* TLS 1.2 (RFC 5246 5). */
NTSTATUS kdf_tls12(const struct digest *d, struct span secret, struct span label, struct span seed,
                   uint8_t *out, size_t n) MUST_CHECK;

#endif
