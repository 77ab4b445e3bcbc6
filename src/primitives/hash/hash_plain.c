/*
 * Hash objects of the hashes with a fixed length (hash_plain.h): one context of libcrypto, from the
 * pool. Hashing in one call takes the thread's own.
 */
#include "hash_plain.h"

#include "digest_ctx.h"
#include "kdf_capi.h"

static struct hash_plain *plain_of(struct hash *h)
{
    return CONTAINER_OF(h, struct hash_plain, hash);
}

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

NTSTATUS hash_plain_init(struct hash *h, struct span key)
{
    (void)key;
    return digest_ctx_take(h->class->params, &plain_of(h)->ctx);
}

NTSTATUS hash_plain_data(struct hash *h, struct span in)
{
    return done(EVP_DigestUpdate(plain_of(h)->ctx, in.p, in.n) == 1);
}

NTSTATUS hash_plain_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    (void)n, (void)more;
    return done(EVP_DigestFinal_ex(plain_of(h)->ctx, out, NULL) == 1);
}

NTSTATUS hash_plain_reset(struct hash *h)
{
    return done(digest_ctx_restart(h->class->params, plain_of(h)->ctx));
}

NTSTATUS hash_plain_copy(struct hash *to, const struct hash *from)
{
    TRY(hash_plain_init(to, span_of(NULL, 0)));
    return done(EVP_MD_CTX_copy_ex(plain_of(to)->ctx,
                                   CONST_CONTAINER_OF(from, struct hash_plain, hash)->ctx) == 1);
}

void hash_plain_done(struct hash *h)
{
    digest_ctx_give(h->class->params, plain_of(h)->ctx);
}

NTSTATUS hash_plain_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    (void)key, (void)n;
    return digest_spans(alg->class->params, &in, 1, out);
}

NTSTATUS hash_plain_capi(struct hash *h, bool expand, uint8_t *out, size_t n)
{
    const struct digest *d = h->class->params;
    DIGEST_VALUE value;
    TRY(hash_plain_finish(h, value.p, d->length, false));
    return kdf_capi(d, &value, expand, out, n);
}
