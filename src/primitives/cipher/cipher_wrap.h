/* Wrapping key material under an AES key. */
#ifndef PRIMITIVES_CIPHER_WRAP_H
#define PRIMITIVES_CIPHER_WRAP_H

#include "provider.h"

/* RFC 3394: whole 64-bit words, at least two, to one word more. */
#define CIPHER_WRAP_EXTRA 8

/* Whether so many bytes can be a wrapped key. */
static inline bool cipher_wrap_fits(size_t wrapped)
{
    return wrapped % 8 == 0 && wrapped >= 16 + CIPHER_WRAP_EXTRA;
}

NTSTATUS cipher_wrap(struct span kek, struct span in, uint8_t *out) MUST_CHECK;

/* To in.n - CIPHER_WRAP_EXTRA bytes. A failed integrity check is STATUS_INVALID_PARAMETER. */
NTSTATUS cipher_unwrap(struct span kek, struct span in, uint8_t *out) MUST_CHECK;

/* RFC 5649: any number of bytes, to the next whole word and one word more. */
static inline size_t cipher_wrap_padded_bytes(size_t n)
{
    return (n + 7) / 8 * 8 + 8;
}

NTSTATUS cipher_wrap_padded(struct span kek, struct span in, uint8_t *out) MUST_CHECK;

/* To *n bytes; `out` has room for in.n. */
NTSTATUS cipher_unwrap_padded(struct span kek, struct span in, uint8_t *out, size_t *n) MUST_CHECK;

#endif
