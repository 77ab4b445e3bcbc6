/*
 * The pseudorandom functions of TLS, RFC 2246 and RFC 5246 section 5.
 *
 *     P_hash(secret, seed) = HMAC(secret, A(1) || seed) || HMAC(secret, A(2) || seed) || ...
 *     A(0) = seed,  A(i) = HMAC(secret, A(i-1))            where seed is label || seed
 */
#include "kdf_tls.h"

#include <string.h>

/* P_hash, combined with what is in the output by exclusive or. */
static NTSTATUS p_hash(const struct digest *d, struct span secret, struct span label,
                       struct span seed, uint8_t *out, size_t n)
{
    DIGEST_VALUE a;
    DIGEST_VALUE block;
    struct span parts[] = {span_of(a.p, d->length), label, seed};
    TRY(digest_hmac(d, secret, parts + 1, 2, a.p));
    for (size_t done = 0; done < n;) {
        TRY(digest_hmac(d, secret, parts, 3, block.p));
        for (size_t i = 0; i < d->length && done < n; i++)
            out[done++] ^= block.p[i];
        if (done < n)
            TRY(digest_hmac(d, secret, parts, 1, a.p));
    }
    return STATUS_SUCCESS;
}

NTSTATUS kdf_tls10(struct span secret, struct span label, struct span seed, uint8_t *out, size_t n)
{
    /* The halves of a secret of odd length share the byte in the middle. */
    size_t half = (secret.n + 1) / 2;
    memset(out, 0, n);
    NTSTATUS status = p_hash(digest_named("MD5"), span_of(secret.p, half), label, seed, out, n);
    if (status >= 0)
        status = p_hash(digest_named("SHA1"), span_of(secret.p + (secret.n - half), half), label,
                        seed, out, n);
    if (status < 0)
        wipe(out, n);
    return status;
}

NTSTATUS kdf_tls12(const struct digest *d, struct span secret, struct span label, struct span seed,
                   uint8_t *out, size_t n)
{
    memset(out, 0, n);
    NTSTATUS status = p_hash(d, secret, label, seed, out, n);
    if (status < 0)
        wipe(out, n);
    return status;
}
