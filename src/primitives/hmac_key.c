/* HMAC from kept states (hmac_key.h), FIPS 198-1. */
#include "hmac_key.h"

#include "digest_ctx.h"

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

static NTSTATUS contexts_take(struct hmac_key *k, const struct digest *d)
{
    k->digest = d;
    TRY(digest_ctx_take(d, &k->inner));
    TRY(digest_ctx_take(d, &k->outer));
    return digest_ctx_take(d, &k->work);
}

static NTSTATUS fill(struct hmac_key *k, const struct digest *d, struct span key)
{
    DIGEST_PAD pad;
    TRY(digest_pad_inner(&pad, d, key));
    TRY(contexts_take(k, d));
    TRY(done(EVP_DigestUpdate(k->inner, pad.p, d->block) == 1));
    digest_pad_outer(&pad, d);
    TRY(done(EVP_DigestUpdate(k->outer, pad.p, d->block) == 1));
    return hmac_key_restart(k);
}

NTSTATUS hmac_key_init(struct hmac_key *k, const struct digest *d, struct span key)
{
    *k = (struct hmac_key){.digest = NULL};
    NTSTATUS status = fill(k, d, key);
    if (status < 0)
        hmac_key_done(k);
    return status;
}

NTSTATUS hmac_key_copy(struct hmac_key *to, const struct hmac_key *from)
{
    *to = (struct hmac_key){.digest = NULL};
    NTSTATUS status = contexts_take(to, from->digest);
    if (status >= 0)
        status = done(EVP_MD_CTX_copy_ex(to->inner, from->inner) == 1 &&
                      EVP_MD_CTX_copy_ex(to->outer, from->outer) == 1 &&
                      EVP_MD_CTX_copy_ex(to->work, from->work) == 1);
    if (status < 0)
        hmac_key_done(to);
    return status;
}

void hmac_key_done(struct hmac_key *k)
{
    if (k->digest == NULL)
        return;
    digest_ctx_give(k->digest, k->inner);
    digest_ctx_give(k->digest, k->outer);
    digest_ctx_give(k->digest, k->work);
    *k = (struct hmac_key){.digest = NULL};
}

NTSTATUS hmac_key_restart(struct hmac_key *k)
{
    return done(EVP_MD_CTX_copy_ex(k->work, k->inner) == 1);
}

NTSTATUS hmac_key_add(struct hmac_key *k, struct span part)
{
    return done(part.n == 0 || EVP_DigestUpdate(k->work, part.p, part.n) == 1);
}

/* The outer hash, of the inner one; the inner one's state is in the context `work`. */
static bool finish(struct hmac_key *k, uint8_t *out)
{
    DIGEST_VALUE inner;
    return EVP_DigestFinal_ex(k->work, inner.p, NULL) == 1 &&
           EVP_MD_CTX_copy_ex(k->work, k->outer) == 1 &&
           EVP_DigestUpdate(k->work, inner.p, k->digest->length) == 1 &&
           EVP_DigestFinal_ex(k->work, out, NULL) == 1;
}

NTSTATUS hmac_key_finish(struct hmac_key *k, uint8_t *out)
{
    TRY(done(finish(k, out)));
    return hmac_key_restart(k);
}

NTSTATUS hmac_key_mac(struct hmac_key *k, const struct span *parts, size_t count, uint8_t *out)
{
    TRY(hmac_key_restart(k));
    for (size_t i = 0; i < count; i++)
        TRY(hmac_key_add(k, parts[i]));
    return done(finish(k, out));
}
