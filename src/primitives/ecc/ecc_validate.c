/*
 * Whether explicit parameters describe a curve on which keys are safe: SEC 1 3.1.1.2.1, ANSI X9.62.
 * Somebody else chose them, so nothing is taken on trust, and sizes are bounded before any
 * arithmetic.
 */
#include "ecc_ec.h"

/* Fields in which a discrete logarithm on the curve would be as easy as in a small extension of the
 * base field (Menezes, Okamoto, Vanstone) are refused up to this degree. */
#define LEAST_EMBEDDING_DEGREE 7

struct numbers {
    BIGNUM *p, *a, *b, *gx, *gy, *n, *h;
};

static void numbers_done(struct numbers *v)
{
    BN_free(v->p);
    BN_free(v->a);
    BN_free(v->b);
    BN_free(v->gx);
    BN_free(v->gy);
    BN_free(v->n);
    BN_free(v->h);
}

static bool numbers_read(struct numbers *v, const struct ecc_params_view *view)
{
    v->p = bn_public(num_trim(view->p));
    v->a = bn_public(num_trim(view->a));
    v->b = bn_public(num_trim(view->b));
    v->gx = bn_public(num_trim(view->gx));
    v->gy = bn_public(num_trim(view->gy));
    v->n = bn_public(num_trim(view->order));
    v->h = bn_public(num_trim(view->cofactor));
    return v->p != NULL && v->a != NULL && v->b != NULL && v->gx != NULL && v->gy != NULL &&
           v->n != NULL && v->h != NULL;
}

static bool sizes_ok(const struct ecc_params_view *v)
{
    size_t bits = num_bits(v->p);
    size_t order = num_bits(v->order);
    size_t cofactor = num_bits(v->cofactor);
    if (bits < ECC_LEAST_BITS || bits > ECC_MOST_BITS || order == 0 || order > bits + 1 ||
        cofactor == 0)
        return false;
    /* n > 4 sqrt(p) makes the cofactor the only one that Hasse's bound leaves. */
    return order > bits / 2 + 3 && cofactor <= bits / 2;
}

/* |n h - p - 1| <= 2 sqrt(p) */
static bool hasse_holds(const struct numbers *v, BN_CTX *ctx)
{
    SCOPED_BN *t = BN_new();
    SCOPED_BN *bound = BN_new();
    return t != NULL && bound != NULL && BN_mul(t, v->n, v->h, ctx) == 1 &&
           BN_sub(t, t, v->p) == 1 && BN_sub_word(t, 1) == 1 && BN_sqr(t, t, ctx) == 1 &&
           BN_lshift(bound, v->p, 2) == 1 && BN_cmp(t, bound) <= 0;
}

static bool embedding_ok(const struct numbers *v, BN_CTX *ctx)
{
    SCOPED_BN *t = BN_new();
    if (t == NULL || BN_one(t) != 1)
        return false;
    for (int i = 1; i < LEAST_EMBEDDING_DEGREE; i++) {
        if (BN_mod_mul(t, t, v->p, v->n, ctx) != 1 || BN_is_one(t))
            return false;
    }
    return true;
}

/* The curve is not singular, and the generator is on it and has order n. */
static bool generator_ok(const struct numbers *v, BN_CTX *ctx)
{
    SCOPED_EC_GROUP *ec = ecc_ec_group_make(v->p, v->a, v->b, v->gx, v->gy, v->n, v->h);
    return ec != NULL && EC_GROUP_check(ec, ctx) == 1;
}

NTSTATUS ecc_params_validate(const struct ecc_params_view *view)
{
    if (!sizes_ok(view))
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    CLEANUP(numbers_done) struct numbers v = {0};
    if (ctx == NULL || !numbers_read(&v, view))
        return ossl_failed(STATUS_NO_MEMORY);
    bool in_range = BN_cmp(v.a, v.p) < 0 && BN_cmp(v.b, v.p) < 0 && BN_cmp(v.gx, v.p) < 0 &&
                    BN_cmp(v.gy, v.p) < 0;
    /* n = p: the logarithm is easy (Smart, Satoh-Araki, Semaev). */
    bool ok = in_range && BN_is_odd(v.p) && BN_is_odd(v.n) && BN_cmp(v.n, v.p) != 0 &&
              hasse_holds(&v, ctx) && BN_check_prime(v.p, ctx, NULL) == 1 &&
              BN_check_prime(v.n, ctx, NULL) == 1 && embedding_ok(&v, ctx) && generator_ok(&v, ctx);
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INVALID_PARAMETER);
}
