/*
 * Keys from digests (hash_capi.h), as Microsoft documents CryptDeriveKey:
 *
 *     expanded = Hash(36 36 … ^ value) || Hash(5C 5C … ^ value)        blocks of 64 bytes
 */
#include "hash_capi.h"

#include <string.h>

#define BLOCK_BYTES 64 /* of every hash */

static NTSTATUS half(const struct digest *d, const uint8_t *value, uint8_t with, uint8_t *out)
{
    uint8_t block[BLOCK_BYTES];
    memset(block, with, sizeof block);
    for (size_t i = 0; i < d->length; i++)
        block[i] ^= value[i];
    struct span part = span_of(block, sizeof block);
    NTSTATUS status = digest_spans(d, &part, 1, out);
    wipe(block, sizeof block);
    return status;
}

NTSTATUS hash_capi(const struct digest *d, const uint8_t *value, bool expand, uint8_t *out,
                   size_t n)
{
    if (n > 2 * (size_t)d->length)
        return STATUS_INVALID_PARAMETER;
    if (n <= d->length && !(expand && !d->sha2)) {
        memcpy(out, value, n);
        return STATUS_SUCCESS;
    }
    DIGEST_VALUE first;
    DIGEST_VALUE second;
    TRY(half(d, value, 0x36, first.p));
    TRY(half(d, value, 0x5C, second.p));
    size_t of_first = n < d->length ? n : d->length;
    memcpy(out, first.p, of_first);
    memcpy(out + of_first, second.p, n - of_first);
    return STATUS_SUCCESS;
}
