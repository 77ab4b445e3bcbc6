/*
 * EC_KEY, EC_POINT and ECDSA_SIG in the hands of the forms (ecc_ec.h). libcrypto's low-level EC
 * functions are deprecated in favour of EVP, and public all the same; they import a key in a third
 * of EVP's time.
 */
#include "ecc_ec.h"

#include "ct.h"
#include "ctx_pool.h"

static struct ctx_pool scratch;

BN_CTX *ecc_ec_scratch_take(void)
{
    BN_CTX *ctx = ctx_pool_take(&scratch);
    return ctx != NULL ? ctx : BN_CTX_new_ex(ossl_ctx());
}

void ecc_ec_scratch_give(BN_CTX *ctx)
{
    if (!ctx_pool_give(&scratch, ctx))
        BN_CTX_free(ctx);
}

EC_GROUP *ecc_ec_group_make(const BIGNUM *p, const BIGNUM *a, const BIGNUM *b, const BIGNUM *gx,
                            const BIGNUM *gy, const BIGNUM *n, const BIGNUM *h)
{
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    SCOPED_EC_GROUP *ec = ctx == NULL ? NULL : EC_GROUP_new_curve_GFp(p, a, b, ctx);
    SCOPED_EC_POINT *g = ec == NULL ? NULL : EC_POINT_new(ec);
    if (g == NULL || EC_POINT_set_affine_coordinates(ec, g, gx, gy, ctx) != 1 ||
        EC_GROUP_set_generator(ec, g, n, h) != 1)
        return NULL;
    EC_GROUP *made = ec;
    ec = NULL;
    return made;
}

EC_KEY *ecc_ec_key_new(const struct ecc_group *g)
{
    SCOPED_EC_KEY *key = EC_KEY_new_ex(ossl_ctx(), NULL);
    if (key == NULL || EC_KEY_set_group(key, g->ec) != 1)
        return NULL;
    EC_KEY *made = key;
    key = NULL;
    return made;
}

/* d times the generator. */
static NTSTATUS multiply_generator(const struct ecc_group *g, const BIGNUM *d, EC_POINT **point)
{
    SCOPED_EC_POINT *q = EC_POINT_new(g->ec);
    if (q == NULL || EC_POINT_mul(g->ec, q, d, NULL, NULL, NULL) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    *point = q;
    q = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS check_pair(const struct ecc_group *g, const EC_KEY *key, const BIGNUM *d,
                           NTSTATUS mismatch)
{
    SCOPED_EC_POINT *q = NULL;
    TRY(multiply_generator(g, d, &q));
    return EC_POINT_cmp(g->ec, q, EC_KEY_get0_public_key(key), NULL) == 0 ? STATUS_SUCCESS
                                                                          : ossl_failed(mismatch);
}

NTSTATUS ecc_ec_generate(const struct ecc_group *g, EC_KEY **made)
{
    SCOPED_EC_KEY *key = ecc_ec_key_new(g);
    if (key == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    /* ECCPRIVATEBLOB has room for a field element, and an order may be a bit longer than that
     * (secP160r1): the few numbers between are not used. */
    do {
        if (EC_KEY_generate_key(key) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
    } while ((size_t)BN_num_bits(EC_KEY_get0_private_key(key)) > 8 * g->field_bytes);
    TRY(check_pair(g, key, EC_KEY_get0_private_key(key), STATUS_INTERNAL_ERROR));
    *made = key;
    key = NULL;
    return STATUS_SUCCESS;
}

/* All ones when a < b; both big-endian. */
static uint32_t less_than(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint32_t borrow = 0;
    for (size_t i = n; i-- > 0;)
        borrow = ((uint32_t)a[i] - b[i] - borrow) >> 31;
    return (uint32_t)0 - borrow;
}

NTSTATUS ecc_ec_scalar(const struct ecc_group *g, const uint8_t *d, BIGNUM **scalar)
{
    /* Whether there is a key at all may be known. */
    uint32_t below = ct_public(less_than(d, g->params.order.p, g->order_bytes));
    if (ct_all_zero(d, g->order_bytes) || below == 0)
        return STATUS_INVALID_PARAMETER;
    *scalar = bn_secret(num_be(d, g->order_bytes));
    return *scalar != NULL ? STATUS_SUCCESS : ossl_failed(STATUS_NO_MEMORY);
}

NTSTATUS ecc_ec_set_private(const struct ecc_group *g, EC_KEY *key, const BIGNUM *d, bool compare)
{
    if (EC_KEY_get0_public_key(key) == NULL) {
        SCOPED_EC_POINT *q = NULL;
        TRY(multiply_generator(g, d, &q));
        if (EC_KEY_set_public_key(key, q) != 1)
            return ossl_failed(STATUS_NO_MEMORY);
    } else if (compare) {
        TRY(check_pair(g, key, d, STATUS_INVALID_PARAMETER));
    }
    return EC_KEY_set_private_key(key, d) == 1 ? STATUS_SUCCESS
                                               : ossl_failed(STATUS_INVALID_PARAMETER);
}

NTSTATUS ecc_ec_check_order(const struct ecc_group *g, const EC_POINT *point)
{
    if (g->prime_order)
        return STATUS_SUCCESS;
    SCOPED_EC_POINT *q = EC_POINT_new(g->ec);
    if (q == NULL || EC_POINT_mul(g->ec, q, NULL, point, EC_GROUP_get0_order(g->ec), NULL) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    return EC_POINT_is_at_infinity(g->ec, q) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS ecc_ec_sig_write(const struct ecc_group *g, const ECDSA_SIG *sig, uint8_t *out)
{
    if (sig == NULL || !bn_write(ECDSA_SIG_get0_r(sig), out, g->order_bytes) ||
        !bn_write(ECDSA_SIG_get0_s(sig), out + g->order_bytes, g->order_bytes))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

ECDSA_SIG *ecc_ec_sig_read(const struct ecc_group *g, const uint8_t *bytes)
{
    SCOPED_ECDSA_SIG *sig = ECDSA_SIG_new();
    SCOPED_BN *r = bn_public(num_be(bytes, g->order_bytes));
    SCOPED_BN *s = bn_public(num_be(bytes + g->order_bytes, g->order_bytes));
    if (sig == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(sig, r, s) != 1)
        return NULL;
    r = NULL;
    s = NULL;
    ECDSA_SIG *read = sig;
    sig = NULL;
    return read;
}
