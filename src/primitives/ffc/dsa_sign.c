/*
 * Signing and verifying (FIPS 186-4 section 4), on libcrypto's numbers instead of its DSA objects:
 * the powers come from our tables, which takes a third of the time, and nothing has to be built for
 * an imported key.
 *
 * Side channels: k comes from BN_generate_dsa_nonce, which mixes private key and hash into the
 * randomness, so that a weak generator alone does not give the key away. k is inverted and x
 * multiplied under a random factor b:
 *
 *     s = (b k)^-1 (b m + b r x)
 *
 * with constant-time Montgomery products, and the inverse by Fermat's theorem.
 *
 * A signature is r and s, big-endian, each as long as q.
 */
#include "dsa_key.h"
#include "ffc_comb.h"

#define RETRIES 32     /* r or s being zero has a probability of 2^-160 */
#define VERIFY_PAYS 3u /* the verification from which on a table for y is worth making */

/* Montgomery's constants of q, made when they are first needed. */
static BN_MONT_CTX *key_mont_q(struct dsa_key *k, BN_CTX *ctx)
{
    BN_MONT_CTX *mont = atomic_load_explicit(&k->mont_q, memory_order_acquire);
    if (mont != NULL)
        return mont;
    SCOPED_MONT *made = BN_MONT_CTX_new();
    if (made == NULL || BN_MONT_CTX_set(made, k->ffc.group->q, ctx) != 1)
        return NULL;
    if (!atomic_compare_exchange_strong(&k->mont_q, &mont, made))
        return mont;
    mont = made;
    made = NULL;
    return mont;
}

/* The hash as a number below q. Being as long as q, whose highest bit is set, it is below 2q. */
static bool read_hash(struct span hash, const BIGNUM *q, BIGNUM *m)
{
    return BN_bin2bn(hash.p, (int)hash.n, m) != NULL && (BN_ucmp(m, q) < 0 || BN_sub(m, m, q) == 1);
}

/* DSA takes hashes that are as long as q: whoever has another one cuts or
 * fills it first, as .NET does. */
static bool hash_fits(const struct dsa_key *k, struct span hash)
{
    return hash.p != NULL && hash.n == dsa_key_q_bytes(k);
}

/* ---- signing -------------------------------------------------------------------------------- */

/* r = (g^k mod p) mod q */
static NTSTATUS make_r(struct dsa_key *key, const BIGNUM *k, BIGNUM *r, BN_CTX *ctx)
{
    struct ffc_group *group = key->ffc.group;
    TRY(ffc_power_g(group, k, (size_t)BN_num_bits(group->q), r, ctx));
    return BN_nnmod(r, r, group->q, ctx) == 1 ? STATUS_SUCCESS : ossl_failed(STATUS_NO_MEMORY);
}

static BIGNUM *secret_temporary(BN_CTX *ctx)
{
    BIGNUM *v = BN_CTX_get(ctx);
    if (v != NULL)
        BN_set_flags(v, BN_FLG_CONSTTIME);
    return v;
}

/* s as above; `bm` stands for b in Montgomery's form, so that one product multiplies by b. */
static bool make_s(struct dsa_key *key, const BIGNUM *k, const BIGNUM *m, const BIGNUM *r,
                   BIGNUM *s, BN_MONT_CTX *mont, BN_CTX *ctx)
{
    const BIGNUM *q = key->ffc.group->q;
    BIGNUM *bm = secret_temporary(ctx);
    BIGNUM *xm = secret_temporary(ctx);
    BIGNUM *inverse = secret_temporary(ctx);
    BIGNUM *sum = secret_temporary(ctx);
    BIGNUM *e = BN_CTX_get(ctx);
    if (e == NULL)
        return false;
    do {
        if (BN_priv_rand_range_ex(bm, q, 0, ctx) != 1)
            return false;
    } while (BN_is_zero(bm));
    return BN_to_montgomery(bm, bm, mont, ctx) == 1 &&
           /* (b k)^(q-2) */
           BN_mod_mul_montgomery(inverse, bm, k, mont, ctx) == 1 && BN_copy(e, q) != NULL &&
           BN_sub_word(e, 2) == 1 &&
           BN_mod_exp_mont_consttime(inverse, inverse, e, q, ctx, mont) == 1 &&
           BN_to_montgomery(inverse, inverse, mont, ctx) == 1 &&
           /* b m + b r x */
           BN_to_montgomery(xm, key->ffc.x, mont, ctx) == 1 &&
           BN_mod_mul_montgomery(sum, bm, r, mont, ctx) == 1 &&
           BN_mod_mul_montgomery(sum, xm, sum, mont, ctx) == 1 &&
           BN_mod_mul_montgomery(s, bm, m, mont, ctx) == 1 &&
           BN_mod_add_quick(sum, sum, s, q) == 1 &&
           BN_mod_mul_montgomery(s, inverse, sum, mont, ctx) == 1;
}

static NTSTATUS sign_once(struct dsa_key *key, struct span hash, BIGNUM *r, BIGNUM *s, BN_CTX *ctx)
{
    const BIGNUM *q = key->ffc.group->q;
    BN_MONT_CTX *mont = key_mont_q(key, ctx);
    BIGNUM *k = secret_temporary(ctx);
    BIGNUM *m = BN_CTX_get(ctx);
    if (mont == NULL || m == NULL || !read_hash(hash, q, m) ||
        BN_generate_dsa_nonce(k, q, key->ffc.x, hash.p, hash.n, ctx) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    if (BN_is_zero(k)) {
        BN_zero(r);
        return STATUS_SUCCESS;
    }
    TRY(make_r(key, k, r, ctx));
    return make_s(key, k, m, r, s, mont, ctx) ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

/* Temporaries are given back after every try, and wiped with the context. */
static NTSTATUS sign_try(struct dsa_key *key, struct span hash, BIGNUM *r, BIGNUM *s, BN_CTX *ctx)
{
    BN_CTX_start(ctx);
    NTSTATUS status = sign_once(key, hash, r, s, ctx);
    BN_CTX_end(ctx);
    return status;
}

NTSTATUS dsa_sign(struct key *key, const struct padding *pad, struct span hash, const struct out *o)
{
    struct dsa_key *k = dsa_key_of(key);
    size_t q_bytes = dsa_key_q_bytes(k);
    if (pad->flags != 0)
        return STATUS_INVALID_PARAMETER;
    uint8_t *at;
    TRY(out_begin(o, 2 * q_bytes, &at));
    if (at == NULL)
        return STATUS_SUCCESS;
    if (!key->has_private || !hash_fits(k, hash))
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *r = BN_new();
    SCOPED_BN *s = BN_new();
    if (ctx == NULL || r == NULL || s == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    for (int i = 0; i < RETRIES; i++) {
        TRY(sign_try(k, hash, r, s, ctx));
        if (!BN_is_zero(r) && !BN_is_zero(s))
            break;
    }
    if (BN_is_zero(r) || BN_is_zero(s))
        return STATUS_INTERNAL_ERROR;
    bool written = bn_write(r, at, q_bytes) && bn_write(s, at + q_bytes, q_bytes);
    return written ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

/* ---- verifying ------------------------------------------------------------------------------ */

/* The table for y, made for keys that verify more than a few signatures; NULL: none. */
static const struct ffc_comb *key_y_comb(struct dsa_key *k, BN_CTX *ctx)
{
    struct ffc_comb *comb = atomic_load_explicit(&k->y_comb, memory_order_acquire);
    if (comb != NULL || atomic_load_explicit(&k->verified, memory_order_relaxed) > VERIFY_PAYS)
        return comb;
    if (atomic_fetch_add_explicit(&k->verified, 1, memory_order_relaxed) + 1 != VERIFY_PAYS)
        return NULL;
    struct ffc_comb *made = ffc_comb_like(k->ffc.group, k->ffc.y, ctx);
    if (made != NULL && !atomic_compare_exchange_strong(&k->y_comb, &comb, made)) {
        ffc_comb_free(made);
        made = comb;
    }
    return made;
}

/* v = g^u1 y^u2 mod p */
static NTSTATUS two_powers(struct dsa_key *k, const BIGNUM *u1, const BIGNUM *u2, BIGNUM *v,
                           BN_CTX *ctx)
{
    struct ffc_group *group = k->ffc.group;
    BN_MONT_CTX *mont = ffc_group_mont(group, ctx);
    const struct ffc_comb *y_comb = key_y_comb(k, ctx);
    const struct ffc_comb *g_comb = y_comb == NULL ? NULL : ffc_group_comb(group, ctx);
    if (mont != NULL && g_comb != NULL)
        return ffc_comb_power2(g_comb, u1, y_comb, u2, v, mont, ctx);
    if (mont == NULL || BN_mod_exp2_mont(v, group->g, u1, k->ffc.y, u2, group->p, ctx, mont) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

static bool in_range(const BIGNUM *v, const BIGNUM *q)
{
    return !BN_is_zero(v) && BN_ucmp(v, q) < 0;
}

static NTSTATUS verify(struct dsa_key *key, struct span hash, const BIGNUM *r, const BIGNUM *s,
                       BN_CTX *ctx)
{
    const BIGNUM *q = key->ffc.group->q;
    if (!in_range(r, q) || !in_range(s, q))
        return STATUS_INVALID_SIGNATURE;
    BIGNUM *w = BN_CTX_get(ctx);
    BIGNUM *u1 = BN_CTX_get(ctx);
    BIGNUM *u2 = BN_CTX_get(ctx);
    BIGNUM *v = BN_CTX_get(ctx);
    if (v == NULL || !read_hash(hash, q, u1) || BN_mod_inverse(w, s, q, ctx) == NULL ||
        BN_mod_mul(u1, u1, w, q, ctx) != 1 || BN_mod_mul(u2, r, w, q, ctx) != 1)
        return ossl_failed(STATUS_INVALID_SIGNATURE); /* no inverse: q is not prime */
    TRY(two_powers(key, u1, u2, v, ctx));
    if (BN_nnmod(v, v, q, ctx) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return BN_ucmp(v, r) == 0 ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}

NTSTATUS dsa_verify(struct key *key, const struct padding *pad, struct span hash, struct span sig)
{
    struct dsa_key *k = dsa_key_of(key);
    size_t q_bytes = dsa_key_q_bytes(k);
    if (pad->flags != 0 || !hash_fits(k, hash) || sig.n != 2 * q_bytes)
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *r = bn_public(num_be(sig.p, q_bytes));
    SCOPED_BN *s = bn_public(num_be(sig.p + q_bytes, q_bytes));
    if (ctx == NULL || r == NULL || s == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    BN_CTX_start(ctx);
    NTSTATUS status = verify(k, hash, r, s, ctx);
    BN_CTX_end(ctx);
    return status;
}
