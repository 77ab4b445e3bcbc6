/*
 * Twisted Edwards curves, a x^2 + y^2 = 1 + d x^2 y^2: the nums curves. libcrypto computes on the
 * Weierstrass curve with the same group; points cross over at the edges (ecc_edwards_map.c), and
 * what the algorithms take from a point is taken from its Edwards coordinates.
 *
 * The private number d of a blob is divided by the cofactor h, as in SymCrypt, the library below
 * Windows' CNG: the public point is h d G, the shared point h d Q, and ECDSA signs with h d; its
 * published answers for these curves come out. EC_KEY holds e = h d mod n, `ecc_key.d` holds d.
 */
#include "ecc_edwards.h"

#include <stdlib.h>

struct edwards {
    struct edwards_map *map;
    BIGNUM *n, *n_minus_2;
    BN_MONT_CTX *mont; /* of n */
    BIGNUM *h, *inv_h; /* 1 / h mod n */
};

static const struct edwards *edwards_of(const struct ecc_key *k)
{
    return k->curve.group->extra;
}

/* ---- groups --------------------------------------------------------------------------------- */

static void group_done(struct ecc_group *g)
{
    struct edwards *e = g->extra;
    EC_GROUP_free(g->ec);
    if (e == NULL)
        return;
    edwards_map_free(e->map);
    BN_free(e->n);
    BN_free(e->n_minus_2);
    BN_MONT_CTX_free(e->mont);
    BN_free(e->h);
    BN_free(e->inv_h);
    free(e);
}

static NTSTATUS group_init(struct ecc_group *g)
{
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    struct edwards *e = g->extra = calloc(1, sizeof *e); /* half-built ones are group_done's */
    if (ctx == NULL || e == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(edwards_map_new(&g->params, &e->map));
    e->n = bn_public(g->params.order);
    e->n_minus_2 = bn_public(g->params.order);
    e->mont = BN_MONT_CTX_new();
    e->h = bn_public(g->params.cofactor);
    if (e->n == NULL || e->n_minus_2 == NULL || e->mont == NULL || e->h == NULL ||
        BN_sub_word(e->n_minus_2, 2) != 1 || BN_MONT_CTX_set(e->mont, e->n, ctx) != 1 ||
        (e->inv_h = BN_mod_inverse(NULL, e->h, e->n, ctx)) == NULL ||
        (g->ec = edwards_map_group(e->map, &g->params)) == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    return STATUS_SUCCESS;
}

/* ---- keys ----------------------------------------------------------------------------------- */

/* a * b mod n of a secret a. */
static BIGNUM *secret_product(const struct edwards *e, const BIGNUM *a, const BIGNUM *b)
{
    SCOPED_BN_CTX *ctx = BN_CTX_secure_new_ex(ossl_ctx());
    SCOPED_BN *r = BN_secure_new();
    if (ctx == NULL || r == NULL)
        return NULL;
    BN_set_flags(r, BN_FLG_CONSTTIME);
    if (BN_mod_mul(r, a, b, e->n, ctx) != 1)
        return NULL;
    BIGNUM *product = r;
    r = NULL;
    return product;
}

static NTSTATUS generate(struct ecc_key *k)
{
    const struct ecc_group *g = k->curve.group;
    SCOPED_EC_KEY *ec = NULL;
    TRY(ecc_ec_generate(g, &ec));
    SCOPED_BN *d = secret_product(edwards_of(k), EC_KEY_get0_private_key(ec), edwards_of(k)->inv_h);
    SECRET bytes = {0};
    TRY(secret_new(&bytes, g->order_bytes));
    if (d == NULL || !bn_write(d, bytes.p, bytes.n))
        return ossl_failed(STATUS_NO_MEMORY);
    k->d = bytes;
    bytes = (struct secret){0};
    k->ec = ec;
    ec = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS set_public(struct ecc_key *k, const struct ecc_import *in)
{
    const struct ecc_group *g = k->curve.group;
    SCOPED_BN *x = bn_public(num_be(in->xy, g->field_bytes));
    SCOPED_BN *y = bn_public(num_be(in->xy + g->field_bytes, g->field_bytes));
    SCOPED_EC_KEY *ec = ecc_ec_key_new(g);
    if (x == NULL || y == NULL || ec == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    SCOPED_EC_POINT *point = NULL;
    TRY(edwards_map_in(edwards_of(k)->map, g->ec, x, y, &point));
    if (in->check_order)
        TRY(ecc_ec_check_order(g, point));
    if (EC_KEY_set_public_key(ec, point) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    k->ec = ec;
    ec = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS set_private(struct ecc_key *k, const struct ecc_import *in)
{
    const struct ecc_group *g = k->curve.group;
    SCOPED_BN *scalar = NULL;
    TRY(ecc_ec_scalar(g, in->d, &scalar));
    TRY(secret_copy(&k->d, span_of(in->d, g->order_bytes)));
    SCOPED_BN *e = secret_product(edwards_of(k), scalar, edwards_of(k)->h);
    if (e == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    if (in->xy != NULL)
        TRY(set_public(k, in));
    else if ((k->ec = ecc_ec_key_new(g)) == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    return ecc_ec_set_private(g, k->ec, e, in->check_pair);
}

static NTSTATUS get_public(const struct ecc_key *k, uint8_t *xy)
{
    const struct ecc_group *g = k->curve.group;
    SCOPED_BN *x = BN_new();
    SCOPED_BN *y = BN_new();
    if (x == NULL || y == NULL ||
        !edwards_map_out(edwards_of(k)->map, g->ec, EC_KEY_get0_public_key(k->ec), x, y) ||
        !bn_write(x, xy, g->field_bytes) || !bn_write(y, xy + g->field_bytes, g->field_bytes))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

static NTSTATUS get_private(const struct ecc_key *k, uint8_t *d)
{
    bool fits = num_to_be(num_be(k->d.p, k->d.n), d, k->curve.group->order_bytes);
    return fits ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}

static void key_done(struct ecc_key *k)
{
    EC_KEY_free(k->ec);
    k->ec = NULL;
}

/* ---- operations ----------------------------------------------------------------------------- */

/* One nonce's 1/k and r; r may be zero. */
static bool nonce(const struct ecc_group *g, const struct edwards *e, BIGNUM *inv_k, BIGNUM *r)
{
    SCOPED_BN_CTX *ctx = BN_CTX_secure_new_ex(ossl_ctx());
    SCOPED_BN *k = BN_secure_new();
    SCOPED_BN *x = BN_secure_new();
    SCOPED_BN *y = BN_secure_new();
    SCOPED_EC_POINT *point = EC_POINT_new(g->ec);
    if (ctx == NULL || k == NULL || x == NULL || y == NULL || point == NULL)
        return false;
    do {
        if (BN_priv_rand_range_ex(k, e->n, 0, ctx) != 1)
            return false;
    } while (BN_is_zero(k));
    BN_set_flags(k, BN_FLG_CONSTTIME);
    return EC_POINT_mul(g->ec, point, k, NULL, NULL, ctx) == 1 &&
           edwards_map_out(e->map, g->ec, point, x, y) && BN_nnmod(r, x, e->n, ctx) == 1 &&
           BN_mod_exp_mont_consttime(inv_k, k, e->n_minus_2, e->n, ctx, e->mont) == 1;
}

/* libcrypto finishes the signature: it takes 1/k and r from whoever has computed them. */
static NTSTATUS sign(const struct ecc_key *key, struct span hash, uint8_t *sig)
{
    const struct ecc_group *g = key->curve.group;
    SCOPED_BN *inv_k = BN_secure_new();
    SCOPED_BN *r = BN_new();
    if (inv_k == NULL || r == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    BN_set_flags(inv_k, BN_FLG_CONSTTIME);
    do {
        if (!nonce(g, edwards_of(key), inv_k, r))
            return ossl_failed(STATUS_INTERNAL_ERROR);
    } while (BN_is_zero(r));
    SCOPED_ECDSA_SIG *made = ECDSA_do_sign_ex(hash.p, (int)hash.n, inv_k, r, key->ec);
    return ecc_ec_sig_write(g, made, sig);
}

/* The leftmost bits of the hash, as many as the order has. */
static BIGNUM *hash_number(const struct ecc_group *g, struct span hash)
{
    SCOPED_BN *m = bn_public(num_be(hash.p, hash.n));
    size_t bits = hash.n * 8;
    if (m == NULL || (bits > g->order_bits && BN_rshift(m, m, (int)(bits - g->order_bits)) != 1))
        return NULL;
    BIGNUM *number = m;
    m = NULL;
    return number;
}

static bool in_order(const BIGNUM *v, const BIGNUM *n)
{
    return !BN_is_zero(v) && BN_cmp(v, n) < 0;
}

/* x of (m/s) G + (r/s) Q, modulo n, is r. */
static NTSTATUS verify(const struct ecc_key *key, struct span hash, const uint8_t *sig)
{
    const struct ecc_group *g = key->curve.group;
    const struct edwards *e = edwards_of(key);
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    SCOPED_BN *m = hash_number(g, hash);
    SCOPED_BN *r = bn_public(num_be(sig, g->order_bytes));
    SCOPED_BN *s = bn_public(num_be(sig + g->order_bytes, g->order_bytes));
    SCOPED_BN *t = BN_new();
    SCOPED_BN *x = BN_new();
    SCOPED_BN *y = BN_new();
    SCOPED_EC_POINT *point = EC_POINT_new(g->ec);
    if (ctx == NULL || m == NULL || r == NULL || s == NULL || t == NULL || x == NULL || y == NULL ||
        point == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    if (!in_order(r, e->n) || !in_order(s, e->n))
        return STATUS_INVALID_SIGNATURE;
    bool ok = BN_mod_inverse(s, s, e->n, ctx) != NULL && BN_mod_mul(m, m, s, e->n, ctx) == 1 &&
              BN_mod_mul(t, r, s, e->n, ctx) == 1 &&
              EC_POINT_mul(g->ec, point, m, EC_KEY_get0_public_key(key->ec), t, ctx) == 1 &&
              edwards_map_out(e->map, g->ec, point, x, y) && BN_nnmod(x, x, e->n, ctx) == 1 &&
              BN_cmp(x, r) == 0;
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INVALID_SIGNATURE);
}

/* x of h d Q. The factor h, not reduced modulo n, also clears what a peer may have that is not a
 * multiple of G. */
static NTSTATUS agree(struct ecc_key *own, struct ecc_key *peer, uint8_t *z)
{
    const struct ecc_group *g = own->curve.group;
    const struct edwards *e = edwards_of(own);
    SCOPED_BN_CTX *ctx = BN_CTX_secure_new_ex(ossl_ctx());
    SCOPED_BN *d = bn_secret(num_be(own->d.p, own->d.n));
    SCOPED_BN *x = BN_secure_new();
    SCOPED_BN *y = BN_secure_new();
    SCOPED_EC_POINT *point = EC_POINT_new(g->ec);
    if (ctx == NULL || d == NULL || x == NULL || y == NULL || point == NULL ||
        BN_mul(d, d, e->h, ctx) != 1 ||
        EC_POINT_mul(g->ec, point, NULL, EC_KEY_get0_public_key(peer->ec), d, ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    if (!edwards_map_out(e->map, g->ec, point, x, y))
        return ossl_failed(STATUS_INVALID_PARAMETER);
    return bn_write(x, z, g->field_bytes) ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

const struct curve_form ecc_edwards = {
    .curve_type = BCRYPT_ECC_PRIME_TWISTED_EDWARDS_CURVE,
    .signs = true,
    .group_init = group_init,
    .group_done = group_done,
    .generate = generate,
    .set_public = set_public,
    .set_private = set_private,
    .get_public = get_public,
    .get_private = get_private,
    .key_done = key_done,
    .sign = sign,
    .verify = verify,
    .agree = agree,
};
