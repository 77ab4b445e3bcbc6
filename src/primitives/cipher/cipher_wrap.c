/* AES key wrap, RFC 3394 and RFC 5649, by libcrypto. */
#include "cipher_wrap.h"

#include "cipher_evp.h"

/* A failed unwrapping means a wrong key or damaged data, unless memory ran out. */
static NTSTATUS run(enum evp_kind kind, struct span kek, bool wrap, struct span in, uint8_t *out,
                    int *n)
{
    const struct evp_method *method =
        kek.n % 8 == 0 && kek.n >= 16 ? evp_method(kind, kek.n) : NULL;
    if (method == NULL || in.n > INT32_MAX / 2)
        return ossl_failed(STATUS_INVALID_PARAMETER);
    SCOPED_EVP_CTX *ctx = evp_context(method, kek.p, wrap);
    if (ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    if (EVP_CipherUpdate(evp_inside(ctx), out, n, in.p, (int)in.n) != 1 || *n <= 0)
        return ossl_failed(STATUS_INVALID_PARAMETER);
    return STATUS_SUCCESS;
}

NTSTATUS cipher_wrap(struct span kek, struct span in, uint8_t *out)
{
    int n = 0;
    return run(EVP_KIND_WRAP, kek, true, in, out, &n);
}

NTSTATUS cipher_unwrap(struct span kek, struct span in, uint8_t *out)
{
    int n = 0;
    return run(EVP_KIND_WRAP, kek, false, in, out, &n);
}

NTSTATUS cipher_wrap_padded(struct span kek, struct span in, uint8_t *out)
{
    int n = 0;
    return run(EVP_KIND_WRAP_PAD, kek, true, in, out, &n);
}

NTSTATUS cipher_unwrap_padded(struct span kek, struct span in, uint8_t *out, size_t *n)
{
    int written = 0;
    if (in.n % 8 != 0 || in.n < 16)
        return STATUS_INVALID_PARAMETER;
    TRY(run(EVP_KIND_WRAP_PAD, kek, false, in, out, &written));
    *n = (size_t)written;
    return STATUS_SUCCESS;
}
