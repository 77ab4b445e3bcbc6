/*
 * Short Weierstrass curves, y^2 = x^3 + ax + b: libcrypto's EC_KEY as it is. Named curves that
 * libcrypto knows get its own group and with it the faster arithmetic; the others are made from
 * their numbers.
 */
#include <string.h>

#include "ct.h"
#include "ecc_ec.h"

static NTSTATUS group_init(struct ecc_group *g)
{
    if (g->domain != NULL && g->domain->nid != 0) {
        g->ec = EC_GROUP_new_by_curve_name_ex(ossl_ctx(), NULL, g->domain->nid);
        if (g->ec != NULL)
            return STATUS_SUCCESS;
        /* Distributions may leave curves out of libcrypto; a lack of memory must not look so, or
         * the curve would be slow for good. */
        if (ossl_failed(STATUS_NOT_FOUND) == STATUS_NO_MEMORY)
            return STATUS_NO_MEMORY;
    }
    SCOPED_BN *p = bn_public(g->params.p);
    SCOPED_BN *a = bn_public(g->params.a);
    SCOPED_BN *b = bn_public(g->params.b);
    SCOPED_BN *gx = bn_public(g->params.gx);
    SCOPED_BN *gy = bn_public(g->params.gy);
    SCOPED_BN *n = bn_public(g->params.order);
    SCOPED_BN *h = bn_public(g->params.cofactor);
    if (p == NULL || a == NULL || b == NULL || gx == NULL || gy == NULL || n == NULL || h == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    g->ec = ecc_ec_group_make(p, a, b, gx, gy, n, h);
    return g->ec != NULL ? STATUS_SUCCESS : ossl_failed(STATUS_NO_MEMORY);
}

static void group_done(struct ecc_group *g)
{
    EC_GROUP_free(g->ec);
}

static NTSTATUS generate(struct ecc_key *k)
{
    return ecc_ec_generate(k->curve.group, &k->ec);
}

/* A key with its public point and no more. libcrypto refuses coordinates that are not below p, and
 * points off the curve; (0, 0) is on a curve whose b is 0, and no key there either. */
static NTSTATUS read_public(const struct ecc_group *g, const uint8_t *xy, bool check_order,
                            EC_KEY **key)
{
    uint8_t octets[1 + 2 * ECC_MOST_FIELD_BYTES];
    size_t n = 2 * g->field_bytes;
    octets[0] = POINT_CONVERSION_UNCOMPRESSED;
    memcpy(octets + 1, xy, n);
    if (ct_all_zero(xy, n))
        return STATUS_INVALID_PARAMETER;
    SCOPED_EC_KEY *made = ecc_ec_key_new(g);
    if (made == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    BN_CTX *scratch = ecc_ec_scratch_take();
    bool read = scratch != NULL && EC_KEY_oct2key(made, octets, 1 + n, scratch) == 1;
    ecc_ec_scratch_give(scratch);
    if (!read)
        return ossl_failed(STATUS_INVALID_PARAMETER);
    if (check_order)
        TRY(ecc_ec_check_order(g, EC_KEY_get0_public_key(made)));
    *key = made;
    made = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS set_public(struct ecc_key *k, const struct ecc_import *in)
{
    return read_public(k->curve.group, in->xy, in->check_order, &k->ec);
}

static NTSTATUS set_private(struct ecc_key *k, const struct ecc_import *in)
{
    const struct ecc_group *g = k->curve.group;
    SCOPED_BN *scalar = NULL;
    TRY(ecc_ec_scalar(g, in->d, &scalar));
    if (in->xy != NULL)
        TRY(set_public(k, in));
    else if ((k->ec = ecc_ec_key_new(g)) == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    return ecc_ec_set_private(g, k->ec, scalar, in->check_pair);
}

static NTSTATUS get_public(const struct ecc_key *k, uint8_t *xy)
{
    const struct ecc_group *g = k->curve.group;
    SCOPED_BN *x = BN_new();
    SCOPED_BN *y = BN_new();
    if (x == NULL || y == NULL ||
        EC_POINT_get_affine_coordinates(g->ec, EC_KEY_get0_public_key(k->ec), x, y, NULL) != 1 ||
        !bn_write(x, xy, g->field_bytes) || !bn_write(y, xy + g->field_bytes, g->field_bytes))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

static NTSTATUS get_private(const struct ecc_key *k, uint8_t *d)
{
    bool written = bn_write(EC_KEY_get0_private_key(k->ec), d, k->curve.group->order_bytes);
    return written ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

static void key_done(struct ecc_key *k)
{
    EC_KEY_free(k->ec);
    k->ec = NULL;
}

static NTSTATUS sign(const struct ecc_key *k, struct span hash, uint8_t *sig)
{
    SCOPED_ECDSA_SIG *made = ECDSA_do_sign(hash.p, (int)hash.n, k->ec);
    return ecc_ec_sig_write(k->curve.group, made, sig);
}

static NTSTATUS verify(const struct ecc_key *k, struct span hash, const uint8_t *sig)
{
    SCOPED_ECDSA_SIG *read = ecc_ec_sig_read(k->curve.group, sig);
    if (read == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    bool ok = ECDSA_do_verify(hash.p, (int)hash.n, read, k->ec) == 1;
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INVALID_SIGNATURE);
}

/* A peer that was imported without the check of its order is checked here: on a curve with a
 * cofactor it could tell the private number modulo the cofactor from the result. */
static NTSTATUS agree(struct ecc_key *own, struct ecc_key *peer, uint8_t *z)
{
    const struct ecc_group *g = own->curve.group;
    const EC_POINT *point = EC_KEY_get0_public_key(peer->ec);
    if (!peer->order_checked)
        TRY(ecc_ec_check_order(g, point));
    int n = (int)g->field_bytes;
    return ECDH_compute_key(z, g->field_bytes, point, own->ec, NULL) == n
               ? STATUS_SUCCESS
               : ossl_failed(STATUS_INTERNAL_ERROR);
}

const struct curve_form ecc_weierstrass = {
    .curve_type = BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE,
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
