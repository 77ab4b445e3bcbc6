/* What the paddings of RSA share: the mask generation function MGF1 (RFC
 * 8017, B.2.1), and randomness. */
#include "rsa_pad.h"
#include "registry.h"

NTSTATUS pad_mask(const struct digest *d, struct span seed, uint8_t *p, size_t n)
{
    DIGEST_VALUE block;
    for (uint32_t counter = 0; n > 0; counter++) {
        const uint8_t be[4] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
                               (uint8_t)(counter >> 8), (uint8_t)counter};
        const struct span parts[] = {seed, {be, sizeof be}};
        TRY(digest_spans(d, parts, ARRAY_COUNT(parts), block.p));
        size_t part = n < d->length ? n : d->length;
        for (size_t i = 0; i < part; i++)
            p[i] ^= block.p[i];
        p += part;
        n -= part;
    }
    return STATUS_SUCCESS;
}

NTSTATUS pad_random(uint8_t *p, size_t n)
{
    return rng_class.random(NULL, 0, p, n);
}
