/*
 * The derivation of CryptoAPI, as Microsoft documents it for CryptDeriveKey. V is the digest, padded
 * with zeros to 64 bytes, and 0x36... and 0x5C... are 64 bytes each:
 *
 *     output = V                                            short keys
 *     output = H(V ^ 0x36...) || H(V ^ 0x5C...)             long keys, and those of AES and 3DES
 *
 * The blocks have 64 bytes whatever the hash is.
 */
#include "kdf_capi.h"

#include <string.h>

#define BLOCK 64

/* One half of the expanded output. */
static NTSTATUS half(const struct digest *d, const struct digest_value *value, uint8_t pad,
                     uint8_t *out)
{
    DIGEST_VALUE block;
    _Static_assert(sizeof block.p == BLOCK, "a digest fills the block at most");
    for (size_t i = 0; i < BLOCK; i++)
        block.p[i] = (uint8_t)((i < d->length ? value->p[i] : 0) ^ pad);
    const struct span input = span_of(block.p, BLOCK);
    return digest_spans(d, &input, 1, out);
}

NTSTATUS kdf_capi(const struct digest *d, const struct digest_value *value, bool expand,
                  uint8_t *out, size_t n)
{
    if (n > (size_t)2 * d->length)
        return STATUS_INVALID_PARAMETER;
    if (n <= d->length && !(expand && !d->sha2)) {
        memcpy(out, value->p, n);
        return STATUS_SUCCESS;
    }
    DIGEST_VALUE first, second;
    TRY(half(d, value, 0x36, first.p));
    TRY(half(d, value, 0x5C, second.p));
    size_t head = n < d->length ? n : d->length;
    memcpy(out, first.p, head);
    memcpy(out + head, second.p, n - head);
    return STATUS_SUCCESS;
}
