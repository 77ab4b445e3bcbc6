/*
 * Between twisted Edwards and Weierstrass coordinates, over the Montgomery curve B v^2 = u^3 + A
 * u^2 + u with A = 2 (a + d) / (a - d) and B = 4 / (a - d) (Bernstein, Birkner, Joye, Lange,
 * Peters: "Twisted Edwards Curves"):
 *
 *     u = (1 + y) / (1 - y)     v = u / x          x = u / v     y = (u - 1) / (u + 1)
 *     X = (u + A/3) / B         Y = v / B          u = B X - A/3     v = B Y
 *
 *     Y^2 = X^3 + (3 - A^2) / (3 B^2) X + (2 A^3 - 9 A) / (27 B^3)
 *
 * The map fails only for points of orders 1, 2 and 4. Coordinates may be secret (nonces, shared
 * values): inverses are powers in constant time.
 */
#include "ecc_edwards.h"

#include <stdlib.h>

static bool add(const struct edwards_map *m, BIGNUM *r, const BIGNUM *a, const BIGNUM *b)
{
    return BN_mod_add_quick(r, a, b, m->p) == 1;
}

static bool sub(const struct edwards_map *m, BIGNUM *r, const BIGNUM *a, const BIGNUM *b)
{
    return BN_mod_sub_quick(r, a, b, m->p) == 1;
}

static bool mul(const struct edwards_map *m, BIGNUM *r, const BIGNUM *a, const BIGNUM *b,
                BN_CTX *ctx)
{
    return BN_mod_mul(r, a, b, m->p, ctx) == 1;
}

/* 1 / a, and 0 for 0. */
static bool invert(const struct edwards_map *m, BIGNUM *r, const BIGNUM *a, BN_CTX *ctx)
{
    return BN_mod_exp_mont_consttime(r, a, m->p_minus_2, m->p, ctx, m->mont) == 1;
}

static bool small(BIGNUM *r, BN_ULONG v)
{
    return BN_set_word(r, v) == 1;
}

OSSL_CLEANUP(struct edwards_map, map_done, edwards_map_free)

void edwards_map_free(struct edwards_map *m)
{
    if (m == NULL)
        return;
    BN_free(m->p);
    BN_free(m->p_minus_2);
    BN_MONT_CTX_free(m->mont);
    BN_free(m->a);
    BN_free(m->d);
    BN_free(m->third);
    BN_free(m->b);
    BN_free(m->inv_b);
    free(m);
}

static bool map_allocate(struct edwards_map *m, const struct ecc_params_view *params)
{
    m->p = bn_public(params->p);
    m->p_minus_2 = bn_public(params->p);
    m->mont = BN_MONT_CTX_new();
    m->a = bn_public(params->a);
    m->d = bn_public(params->b);
    m->third = BN_new();
    m->b = BN_new();
    m->inv_b = BN_new();
    return m->p != NULL && m->p_minus_2 != NULL && m->mont != NULL && m->a != NULL &&
           m->d != NULL && m->third != NULL && m->b != NULL && m->inv_b != NULL;
}

static bool map_compute(struct edwards_map *m, BN_CTX *ctx)
{
    SCOPED_BN *t = BN_new();
    SCOPED_BN *diff = BN_new();
    SCOPED_BN *inv = BN_new();
    if (t == NULL || diff == NULL || inv == NULL || BN_sub_word(m->p_minus_2, 2) != 1 ||
        BN_MONT_CTX_set(m->mont, m->p, ctx) != 1 || !sub(m, diff, m->a, m->d) ||
        !invert(m, inv, diff, ctx))
        return false;
    /* A / 3 = 2 (a + d) / (3 (a - d)); B = 4 / (a - d) */
    bool third_ok = small(t, 3) && invert(m, t, t, ctx) && mul(m, t, t, inv, ctx) &&
                    add(m, m->third, m->a, m->d) && add(m, m->third, m->third, m->third) &&
                    mul(m, m->third, m->third, t, ctx);
    return third_ok && small(t, 4) && mul(m, m->b, t, inv, ctx) && invert(m, m->inv_b, m->b, ctx);
}

NTSTATUS edwards_map_new(const struct ecc_params_view *params, struct edwards_map **map)
{
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    CLEANUP(map_done) struct edwards_map *m = calloc(1, sizeof *m);
    if (ctx == NULL || m == NULL || !map_allocate(m, params) || !map_compute(m, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    *map = m;
    m = NULL;
    return STATUS_SUCCESS;
}

/* With t = A/3: a_w = (1 - 3 t^2) / B^2 and b_w = (2 t^3 - t) / B^3 */
static bool equation(const struct edwards_map *m, BIGNUM *aw, BIGNUM *bw, BN_CTX *ctx)
{
    SCOPED_BN *t2 = BN_new();
    SCOPED_BN *k = BN_new();
    SCOPED_BN *ib2 = BN_new();
    if (t2 == NULL || k == NULL || ib2 == NULL || !mul(m, t2, m->third, m->third, ctx) ||
        !mul(m, ib2, m->inv_b, m->inv_b, ctx))
        return false;
    bool a_ok = small(k, 3) && mul(m, aw, k, t2, ctx) && small(k, 1) && sub(m, aw, k, aw) &&
                mul(m, aw, aw, ib2, ctx);
    return a_ok && add(m, bw, t2, t2) && sub(m, bw, bw, k) && mul(m, bw, bw, m->third, ctx) &&
           mul(m, bw, bw, ib2, ctx) && mul(m, bw, bw, m->inv_b, ctx);
}

/* a x^2 + y^2 = 1 + d x^2 y^2 */
static bool on_curve(const struct edwards_map *m, const BIGNUM *x, const BIGNUM *y, BN_CTX *ctx)
{
    SCOPED_BN *x2 = BN_new();
    SCOPED_BN *y2 = BN_new();
    SCOPED_BN *left = BN_new();
    SCOPED_BN *right = BN_new();
    SCOPED_BN *one = BN_new();
    if (x2 == NULL || y2 == NULL || left == NULL || right == NULL || one == NULL)
        return false;
    return mul(m, x2, x, x, ctx) && mul(m, y2, y, y, ctx) && mul(m, left, m->a, x2, ctx) &&
           add(m, left, left, y2) && mul(m, right, x2, y2, ctx) &&
           mul(m, right, right, m->d, ctx) && small(one, 1) && add(m, right, right, one) &&
           BN_cmp(left, right) == 0;
}

/* X and Y of a point of the curve whose x is not 0; then y is neither 1 nor -1. */
static bool to_weierstrass(const struct edwards_map *m, const BIGNUM *x, const BIGNUM *y,
                           BIGNUM *wx, BIGNUM *wy, BN_CTX *ctx)
{
    SCOPED_BN *one = BN_new();
    SCOPED_BN *below = BN_new(); /* 1 - y */
    SCOPED_BN *inv = BN_new();   /* 1 / (x (1 - y)) */
    if (one == NULL || below == NULL || inv == NULL || !small(one, 1) || !sub(m, below, one, y) ||
        !mul(m, inv, x, below, ctx) || !invert(m, inv, inv, ctx))
        return false;
    /* v = (1 + y) inv; u = v x */
    return add(m, wy, one, y) && mul(m, wy, wy, inv, ctx) && mul(m, wx, wy, x, ctx) &&
           add(m, wx, wx, m->third) && mul(m, wx, wx, m->inv_b, ctx) &&
           mul(m, wy, wy, m->inv_b, ctx);
}

NTSTATUS edwards_map_in(const struct edwards_map *m, const EC_GROUP *ec, const BIGNUM *x,
                        const BIGNUM *y, EC_POINT **point)
{
    if (BN_cmp(x, m->p) >= 0 || BN_cmp(y, m->p) >= 0 || BN_is_zero(x))
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    SCOPED_BN *wx = BN_new();
    SCOPED_BN *wy = BN_new();
    SCOPED_EC_POINT *made = EC_POINT_new(ec);
    if (ctx == NULL || wx == NULL || wy == NULL || made == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    if (!on_curve(m, x, y, ctx) || !to_weierstrass(m, x, y, wx, wy, ctx) ||
        EC_POINT_set_affine_coordinates(ec, made, wx, wy, ctx) != 1)
        return ossl_failed(STATUS_INVALID_PARAMETER);
    *point = made;
    made = NULL;
    return STATUS_SUCCESS;
}

bool edwards_map_out(const struct edwards_map *m, const EC_GROUP *ec, const EC_POINT *point,
                     BIGNUM *x, BIGNUM *y)
{
    SCOPED_BN_CTX *ctx = BN_CTX_secure_new_ex(ossl_ctx());
    SCOPED_BN *u = BN_secure_new();
    SCOPED_BN *v = BN_secure_new();
    SCOPED_BN *one = BN_new();
    SCOPED_BN *above = BN_secure_new(); /* u + 1 */
    SCOPED_BN *inv = BN_secure_new();   /* 1 / (v (u + 1)) */
    if (ctx == NULL || u == NULL || v == NULL || one == NULL || above == NULL || inv == NULL ||
        !small(one, 1))
        return false;
    BN_set_flags(inv, BN_FLG_CONSTTIME);
    if (EC_POINT_is_at_infinity(ec, point) ||
        EC_POINT_get_affine_coordinates(ec, point, u, v, ctx) != 1 || !mul(m, u, u, m->b, ctx) ||
        !sub(m, u, u, m->third) || !mul(m, v, v, m->b, ctx) || !add(m, above, u, one) ||
        !mul(m, inv, v, above, ctx) || BN_is_zero(inv) || !invert(m, inv, inv, ctx))
        return false;
    /* x = u (u + 1) inv; y = (u - 1) v inv */
    return mul(m, x, u, above, ctx) && mul(m, x, x, inv, ctx) && sub(m, y, u, one) &&
           mul(m, y, y, v, ctx) && mul(m, y, y, inv, ctx);
}

EC_GROUP *edwards_map_group(const struct edwards_map *m, const struct ecc_params_view *params)
{
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    SCOPED_BN *aw = BN_new();
    SCOPED_BN *bw = BN_new();
    SCOPED_BN *gx = bn_public(params->gx);
    SCOPED_BN *gy = bn_public(params->gy);
    SCOPED_BN *wx = BN_new();
    SCOPED_BN *wy = BN_new();
    SCOPED_BN *n = bn_public(params->order);
    SCOPED_BN *h = bn_public(params->cofactor);
    if (ctx == NULL || aw == NULL || bw == NULL || gx == NULL || gy == NULL || wx == NULL ||
        wy == NULL || n == NULL || h == NULL || !equation(m, aw, bw, ctx) ||
        !to_weierstrass(m, gx, gy, wx, wy, ctx))
        return NULL;
    return ecc_ec_group_make(m->p, aw, bw, wx, wy, n, h);
}
