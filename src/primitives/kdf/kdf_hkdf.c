/*
 * HKDF, RFC 5869.
 *
 *     PRK  = HMAC(salt, secret)
 *     T(0) = empty,  T(i) = HMAC(PRK, T(i-1) || info || i),  output = T(1) || T(2) || ...
 */
#include "kdf_hkdf.h"

#include <string.h>

size_t kdf_hkdf_limit(const struct digest *d)
{
    return (size_t)255 * d->length;
}

NTSTATUS kdf_hkdf_extract(const struct digest *d, struct span salt, struct span secret,
                          uint8_t *prk)
{
    return digest_hmac(d, salt, &secret, 1,
                       prk); /* HMAC pads a short key with zeros, an empty one too */
}

NTSTATUS kdf_hkdf_expand(const struct digest *d, struct span prk, struct span info, uint8_t *out,
                         size_t n)
{
    if (n > kdf_hkdf_limit(d))
        return STATUS_INVALID_PARAMETER;
    DIGEST_VALUE t;
    size_t done = 0;
    for (uint8_t i = 1; done < n; i++) {
        struct span parts[] = {span_of(t.p, i == 1 ? 0 : d->length), info, span_of(&i, 1)};
        NTSTATUS status = digest_hmac(d, prk, parts, ARRAY_COUNT(parts), t.p);
        if (status < 0) {
            wipe(out, done);
            return status;
        }
        size_t take = n - done < d->length ? n - done : d->length;
        memcpy(out + done, t.p, take);
        done += take;
    }
    return STATUS_SUCCESS;
}
