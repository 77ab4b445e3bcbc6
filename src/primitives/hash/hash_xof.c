/*
 * SHAKE, cSHAKE and KMAC objects (hash_xof.h), FIPS 202 and SP 800-185.
 *
 * KMAC is cSHAKE of a key, the data and the length of the output; cSHAKE without strings is SHAKE, with
 * them it is another sponge with the strings before the data. Since these are properties that come
 * after the object was made, the sponge is chosen when the first data or the finish arrives. What
 * precedes the data is absorbed once and kept for the messages after a reset.
 */
#include "hash_xof.h"

#include "cshake.h"
#include "digest_ctx.h"

static struct hash_xof *xof_of(struct hash *h)
{
    return CONTAINER_OF(h, struct hash_xof, hash);
}

#define KMAC_FUNCTION span_of("KMAC", 4)

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

/* An empty one takes no memory. */
static NTSTATUS string_copy(struct secret *to, struct span from)
{
    return from.n == 0 ? STATUS_SUCCESS : secret_copy(to, from);
}

/* Strings before the data: KMAC has them always. */
static struct span function_of(const struct hash_xof *h)
{
    return h->hash.ops->keyed ? KMAC_FUNCTION : secret_span(&h->function);
}

static bool is_named(const struct hash_xof *h)
{
    return function_of(h).n > 0 || h->custom.n > 0;
}

static void prefix_drop(struct hash_xof *h)
{
    const struct digest *shake = h->hash.class->params;
    digest_ctx_give(shake->cshake, h->prefix);
    h->prefix = NULL;
}

static NTSTATUS prefix_make(struct hash_xof *h, const struct digest *d)
{
    TRY(digest_ctx_take(d, &h->prefix));
    bool good = cshake_add_names(d, h->prefix, function_of(h), secret_span(&h->custom)) &&
                (!h->hash.ops->keyed || cshake_add_key(d, h->prefix, secret_span(&h->key)));
    if (!good)
        prefix_drop(h);
    return done(good);
}

/* Readies the sponge for data. */
static NTSTATUS begin(struct hash_xof *h)
{
    if (h->begun)
        return STATUS_SUCCESS;
    const struct digest *shake = h->hash.class->params;
    const struct digest *d = is_named(h) ? shake->cshake : shake;
    if (h->x.digest != d) {
        xof_done(&h->x);
        TRY(xof_init(&h->x, d));
    }
    if (is_named(h)) {
        if (h->prefix == NULL)
            TRY(prefix_make(h, d));
        TRY(done(EVP_MD_CTX_copy_ex(h->x.ctx, h->prefix) == 1));
    }
    h->begun = true;
    return STATUS_SUCCESS;
}

NTSTATUS hash_xof_init(struct hash *h, const struct alg *alg, struct span key)
{
    (void)h, (void)alg, (void)key;
    return STATUS_SUCCESS; /* a zeroed object */
}

NTSTATUS hash_xof_data(struct hash *h, struct span in)
{
    struct hash_xof *x = xof_of(h);
    TRY(begin(x));
    return done(!x->ended && EVP_DigestUpdate(x->x.ctx, in.p, in.n) == 1);
}

NTSTATUS hash_xof_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    struct hash_xof *x = xof_of(h);
    TRY(begin(x));
    return (more ? xof_squeeze : xof_finish)(&x->x, out, n);
}

NTSTATUS hash_xof_reset(struct hash *h)
{
    struct hash_xof *x = xof_of(h);
    x->begun = x->ended = false;
    return x->x.digest == NULL ? STATUS_SUCCESS : xof_restart(&x->x);
}

NTSTATUS hash_xof_copy(struct hash *to, const struct hash *from)
{
    struct hash_xof *t = xof_of(to);
    const struct hash_xof *f = CONST_CONTAINER_OF(from, struct hash_xof, hash);
    TRY(string_copy(&t->function, secret_span(&f->function)));
    TRY(string_copy(&t->custom, secret_span(&f->custom)));
    TRY(string_copy(&t->key, secret_span(&f->key)));
    if (!f->begun)
        return STATUS_SUCCESS;
    TRY(xof_copy(&t->x, &f->x));
    t->begun = true;
    t->ended = f->ended;
    return STATUS_SUCCESS;
}

void hash_xof_done(struct hash *h)
{
    struct hash_xof *x = xof_of(h);
    prefix_drop(x);
    xof_done(&x->x);
    secret_done(&x->function);
    secret_done(&x->custom);
    secret_done(&x->key);
}

NTSTATUS hash_xof_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    (void)key;
    if (n == 0)
        return STATUS_SUCCESS;
    const struct digest *d = alg->class->params;
    EVP_MD_CTX *ctx;
    TRY(digest_ctx_lend(d, &ctx));
    bool good = (in.n == 0 || EVP_DigestUpdate(ctx, in.p, in.n) == 1) &&
                EVP_DigestFinalXOF(ctx, out, n) == 1;
    digest_ctx_lend_end(d);
    return done(good);
}

/* ---- strings -------------------------------------------------------------------------------- */

static NTSTATUS set_string(struct hash_xof *h, struct secret *string, struct span value)
{
    if (h->hash.state == HASH_FINISHED)
        return STATUS_INVALID_HANDLE;
    if (h->hash.fed || h->hash.state != HASH_OPEN)
        return STATUS_INVALID_PARAMETER;
    struct secret copy = {.p = NULL};
    TRY(string_copy(&copy, value));
    secret_done(string);
    *string = copy;
    prefix_drop(h);
    return hash_xof_reset(&h->hash);
}

NTSTATUS hash_xof_set_function(const struct prop_target *t, const struct in *in)
{
    struct hash_xof *h = xof_of(t->hash);
    return set_string(h, &h->function, in_span(in));
}

NTSTATUS hash_xof_set_custom(const struct prop_target *t, const struct in *in)
{
    struct hash_xof *h = xof_of(t->hash);
    return set_string(h, &h->custom, in_span(in));
}

/* ---- KMAC ----------------------------------------------------------------------------------- */

NTSTATUS hash_kmac_init(struct hash *h, const struct alg *alg, struct span key)
{
    (void)alg;
    return string_copy(&xof_of(h)->key, key);
}

/* The output's length is part of the message, unless more output may follow (observed). A finish of no
 * bytes only resets. */
NTSTATUS hash_kmac_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    struct hash_xof *x = xof_of(h);
    TRY(begin(x));
    if (n == 0 && !more)
        return STATUS_SUCCESS;
    if (!x->ended) {
        TRY(done(cshake_add_length(x->x.ctx, more ? 0 : n)));
        x->ended = true;
    }
    return (more ? xof_squeeze : xof_finish)(&x->x, out, n);
}

NTSTATUS hash_kmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    if (n == 0)
        return STATUS_SUCCESS;
    const struct digest *d = ((const struct digest *)alg->class->params)->cshake;
    EVP_MD_CTX *ctx;
    TRY(digest_ctx_lend(d, &ctx));
    bool good = cshake_add_names(d, ctx, KMAC_FUNCTION, span_of(NULL, 0)) &&
                cshake_add_key(d, ctx, key) &&
                (in.n == 0 || EVP_DigestUpdate(ctx, in.p, in.n) == 1) &&
                cshake_add_length(ctx, n) && EVP_DigestFinalXOF(ctx, out, n) == 1;
    digest_ctx_lend_end(d);
    return done(good);
}
