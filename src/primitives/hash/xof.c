/* Output in pieces (xof.h). */
#include "xof.h"

#include <string.h>

#include "digest_ctx.h"

#define FIRST_AHEAD 512 /* bytes */

NTSTATUS xof_init(struct xof *x, const struct digest *d)
{
    *x = (struct xof){.digest = NULL};
    TRY(digest_ctx_take(d, &x->ctx));
    x->digest = d;
    return STATUS_SUCCESS;
}

NTSTATUS xof_copy(struct xof *to, const struct xof *from)
{
    TRY(xof_init(to, from->digest));
    if (EVP_MD_CTX_copy_ex(to->ctx, from->ctx) != 1) {
        xof_done(to);
        return ossl_failed(STATUS_NO_MEMORY);
    }
    to->squeezed = from->squeezed;
    return STATUS_SUCCESS;
}

void xof_done(struct xof *x)
{
    if (x->digest != NULL)
        digest_ctx_give(x->digest, x->ctx);
    secret_done(&x->ahead);
    *x = (struct xof){.digest = NULL};
}

NTSTATUS xof_restart(struct xof *x)
{
    x->squeezed = 0;
    secret_done(&x->ahead);
    return digest_ctx_restart(x->digest, x->ctx) ? STATUS_SUCCESS
                                                 : ossl_failed(STATUS_INTERNAL_ERROR);
}

#if OPENSSL_VERSION_NUMBER >= 0x30300000L
static NTSTATUS squeeze_on(struct xof *x, uint8_t *out, size_t n)
{
    return EVP_DigestSqueeze(x->ctx, out, n) == 1 ? STATUS_SUCCESS
                                                  : ossl_failed(STATUS_INTERNAL_ERROR);
}
#else
static NTSTATUS squeeze_on(struct xof *x, uint8_t *out, size_t n)
{
    (void)x, (void)out, (void)n;
    return STATUS_NOT_SUPPORTED;
}
#endif

/* The first `total` bytes of output, which replace those that were kept. */
static NTSTATUS look_ahead(struct xof *x, size_t total)
{
    SECRET output = {.p = NULL};
    TRY(secret_new(&output, total));
    EVP_MD_CTX *ctx;
    TRY(digest_ctx_take(x->digest, &ctx));
    bool done =
        EVP_MD_CTX_copy_ex(ctx, x->ctx) == 1 && EVP_DigestFinalXOF(ctx, output.p, output.n) == 1;
    digest_ctx_give(x->digest, ctx);
    if (!done)
        return ossl_failed(STATUS_NO_MEMORY);
    secret_done(&x->ahead);
    x->ahead = output;
    output = (struct secret){.p = NULL};
    return STATUS_SUCCESS;
}

static NTSTATUS squeeze_from_start(struct xof *x, uint8_t *out, size_t n)
{
    size_t need = x->squeezed + n;
    if (need > x->ahead.n)
        TRY(look_ahead(x, need > FIRST_AHEAD / 2 ? 2 * need : FIRST_AHEAD));
    memcpy(out, x->ahead.p + x->squeezed, n);
    return STATUS_SUCCESS;
}

NTSTATUS xof_squeeze(struct xof *x, uint8_t *out, size_t n)
{
    if (n == 0)
        return STATUS_SUCCESS;
    TRY((x->digest->squeezes ? squeeze_on : squeeze_from_start)(x, out, n));
    x->squeezed += n;
    return STATUS_SUCCESS;
}

NTSTATUS xof_finish(struct xof *x, uint8_t *out, size_t n)
{
    if (x->squeezed > 0 || n == 0)
        return xof_squeeze(x, out, n);
    return EVP_DigestFinalXOF(x->ctx, out, n) == 1 ? STATUS_SUCCESS
                                                   : ossl_failed(STATUS_INTERNAL_ERROR);
}
