/*
 * Completing and checking the numbers of a key (rsa_parts.h).
 *
 * With p and q prime, the relations checked here are not a sample but a proof that the two halves
 * of the pair belong together: e*dp = 1 mod p-1 makes x^(e*dp) = x modulo p for every x (Fermat),
 * the same holds for q, and qi joins the two (Chinese remainders). They cost a few microseconds, a
 * trial signature a hundred times that.
 *
 * Every step on a secret takes libcrypto's constant-time branch, which it chooses by a flag of the
 * operands. What is revealed of secrets are the lengths of p and q, which are as good as public, and
 * answers: whether a relation holds, which the caller learns by the status.
 */
#include "rsa_parts.h"

#include "ct.h"
#include "rsa_key.h"

/* Smaller factors are no use: SymCrypt, which is under CNG, draws the line here. */
#define MIN_PRIME_BITS 128

/* FIPS 186-5, 5.1 allows no larger public exponent. It bounds the time of a private operation,
 * which verifies its result with it. */
#define MAX_PAIR_EXPONENT_BITS 256

/* Callers do Diffie-Hellman with public keys whose exponent is their secret (rsa_op.c). The largest group for that has 8192 bits
 * (RFC 3526, 7); with more, one operation would take a second, and whoever sends the key would decide that. */
#define MAX_SHORT_EXPONENT_BITS 64
#define MAX_LONG_EXPONENT_MODULUS_BITS 8192

void rsa_parts_done(struct rsa_parts *k)
{
    BIGNUM **all[] = {&k->e, &k->n, &k->p, &k->q, &k->dp, &k->dq, &k->qi, &k->d};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        bn_done(all[i]);
}

/* ---- public numbers ------------------------------------------------------------------------- */

static bool num_is_odd(struct num v)
{
    return (num_byte(v, 0) & 1) != 0;
}

/* Whether a < b; public numbers. */
static bool num_less_public(struct num a, struct num b)
{
    size_t i = a.n > b.n ? a.n : b.n;
    while (i > 0 && num_byte(a, i - 1) == num_byte(b, i - 1))
        i--;
    return i > 0 && num_byte(a, i - 1) < num_byte(b, i - 1);
}

NTSTATUS rsa_check_public(const struct rsa_view *v)
{
    size_t bits = num_bits(v->n);
    bool quick =
        num_bits(v->e) <= MAX_SHORT_EXPONENT_BITS || bits <= MAX_LONG_EXPONENT_MODULUS_BITS;
    bool ok = bits >= RSA_MIN_BITS && bits <= RSA_MAX_BITS && quick && num_is_odd(v->n) &&
              num_bits(v->e) > 0 && num_less_public(v->e, v->n);
    return ok ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* ---- relations ------------------------------------------------------------------------------ */

static BIGNUM *secret_new_bn(void)
{
    BIGNUM *v = BN_secure_new();
    if (v != NULL)
        BN_set_flags(v, BN_FLG_CONSTTIME);
    return v;
}

/* A prime less one. */
static BIGNUM *less_one(const BIGNUM *prime)
{
    BIGNUM *v = secret_new_bn();
    if (v == NULL || BN_copy(v, prime) == NULL || BN_sub_word(v, 1) != 1) {
        BN_clear_free(v);
        return NULL;
    }
    return v;
}

/* r = v mod m */
static bool reduce(BIGNUM *r, const BIGNUM *v, const BIGNUM *m, BN_CTX *ctx)
{
    return BN_mod(r, v, m, ctx) == 1;
}

/* n = p*q with two different odd factors, and an exponent that can have an inverse. */
static NTSTATUS check_factors(const struct rsa_parts *k, BN_CTX *ctx)
{
    if (!BN_is_odd(k->e) || BN_is_one(k->e) || BN_num_bits(k->e) > MAX_PAIR_EXPONENT_BITS)
        return STATUS_INVALID_PARAMETER;
    if (ct_public(!BN_is_odd(k->p)) || ct_public(!BN_is_odd(k->q)) || k->p_bits < MIN_PRIME_BITS ||
        k->q_bits < MIN_PRIME_BITS || k->p_bits + k->q_bits > BN_num_bits(k->n) + 1 ||
        ct_public(BN_cmp(k->p, k->q) == 0))
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN *product = secret_new_bn();
    if (product == NULL || BN_mul(product, k->p, k->q, ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    bool equal = ct_public(BN_cmp(product, k->n) == 0);
    return equal ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* Windows takes d modulo (p-1)(q-1), not modulo their least common multiple: a full blob made from
 * a short one is the same here and there only if we do too. */
NTSTATUS rsa_parts_derive(struct rsa_parts *k, BN_CTX *ctx)
{
    SCOPED_BN *p1 = less_one(k->p);
    SCOPED_BN *q1 = less_one(k->q);
    SCOPED_BN *phi = secret_new_bn();
    k->d = secret_new_bn();
    k->dp = secret_new_bn();
    k->dq = secret_new_bn();
    k->qi = secret_new_bn();
    if (p1 == NULL || q1 == NULL || phi == NULL || k->d == NULL || k->dp == NULL || k->dq == NULL ||
        k->qi == NULL || BN_mul(phi, p1, q1, ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    if (BN_mod_inverse(k->d, k->e, phi, ctx) == NULL ||
        BN_mod_inverse(k->qi, k->q, k->p, ctx) == NULL)
        return ossl_failed(STATUS_INVALID_PARAMETER);
    if (!reduce(k->dp, k->d, p1, ctx) || !reduce(k->dq, k->d, q1, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    return STATUS_SUCCESS;
}

/* ---- reading -------------------------------------------------------------------------------- */

NTSTATUS rsa_parts_read(struct rsa_parts *k, const struct rsa_view *v)
{
    SCOPED_BN_CTX *ctx = BN_CTX_secure_new();
    k->e = bn_public(v->e);
    k->n = bn_public(v->n);
    k->p = bn_secret(v->p);
    k->q = bn_secret(v->q);
    if (ctx == NULL || k->e == NULL || k->n == NULL || k->p == NULL || k->q == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    k->p_bits = ct_public(BN_num_bits(k->p));
    k->q_bits = ct_public(BN_num_bits(k->q));
    TRY(check_factors(k, ctx));
    if (v->d.n == 0)
        return rsa_parts_derive(k, ctx);
    k->dp = bn_secret(v->dp);
    k->dq = bn_secret(v->dq);
    k->qi = bn_secret(v->qi);
    k->d = bn_secret(v->d);
    if (k->dp == NULL || k->dq == NULL || k->qi == NULL || k->d == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    return STATUS_SUCCESS;
}

OSSL_CLEANUP(RSA, rsa_done, RSA_free)

NTSTATUS rsa_parts_into(struct rsa_parts *k, RSA **out)
{
    CLEANUP(rsa_done) RSA *rsa = RSA_new();
    /* A program may have replaced the default implementation; ours has the
     * properties that rsa_op.c counts on. */
    if (rsa == NULL || (RSA_get_method(rsa) != RSA_PKCS1_OpenSSL() &&
                        RSA_set_method(rsa, RSA_PKCS1_OpenSSL()) != 1))
        return ossl_failed(STATUS_NO_MEMORY);
    if (RSA_set0_key(rsa, k->n, k->e, k->d) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    k->n = k->e = k->d = NULL;
    if (RSA_set0_factors(rsa, k->p, k->q) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    k->p = k->q = NULL;
    if (RSA_set0_crt_params(rsa, k->dp, k->dq, k->qi) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    k->dp = k->dq = k->qi = NULL;
    *out = rsa;
    rsa = NULL;
    return STATUS_SUCCESS;
}

/* ---- the private numbers -------------------------------------------------------------------- */

/* The relations of one prime and its half of d. */
static NTSTATUS check_half(const RSA *rsa, const BIGNUM *prime, const BIGNUM *half, BN_CTX *ctx)
{
    SCOPED_BN *one_less = less_one(prime);
    SCOPED_BN *t = secret_new_bn();
    SCOPED_BN *u = secret_new_bn();
    if (one_less == NULL || t == NULL || u == NULL || BN_mul(t, half, RSA_get0_e(rsa), ctx) != 1 ||
        !reduce(t, t, one_less, ctx) || !reduce(u, RSA_get0_d(rsa), one_less, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    bool fits = ct_public(BN_is_one(t)) && ct_public(BN_cmp(u, half) == 0);
    return fits ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS rsa_check_private(const RSA *rsa)
{
    const BIGNUM *p = RSA_get0_p(rsa), *q = RSA_get0_q(rsa);
    const BIGNUM *dp = RSA_get0_dmp1(rsa), *dq = RSA_get0_dmq1(rsa), *qi = RSA_get0_iqmp(rsa);
    if (ct_public(BN_ucmp(dp, p) >= 0) || ct_public(BN_ucmp(dq, q) >= 0) ||
        ct_public(BN_ucmp(qi, p) >= 0) || ct_public(BN_ucmp(RSA_get0_d(rsa), RSA_get0_n(rsa)) >= 0))
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN_CTX *ctx = BN_CTX_secure_new();
    SCOPED_BN *t = secret_new_bn();
    if (ctx == NULL || t == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(check_half(rsa, p, dp, ctx));
    TRY(check_half(rsa, q, dq, ctx));
    if (BN_mul(t, qi, q, ctx) != 1 || !reduce(t, t, p, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    return ct_public(BN_is_one(t)) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
