/* Primality (ffc_prime.h): small factors, Miller-Rabin, Lucas. */
#include "ffc_prime.h"

#include <endian.h>

#include "ffc.h"
#include "prime_trial.h"

/* ---- small factors -------------------------------------------------------------------------- */

#define MAX_WORDS ((FFC_MAX_BITS + 63) / 64)

bool ffc_has_small_factor(const BIGNUM *n)
{
    uint64_t words[MAX_WORDS];
    size_t count = ((size_t)BN_num_bits(n) + 63) / 64;
    int bytes = (int)(count * 8);
    if (!BN_is_odd(n) || count > MAX_WORDS ||
        BN_bn2lebinpad(n, (unsigned char *)words, bytes) != bytes)
        return true;
    for (size_t i = 0; i < count; i++)
        words[i] = le64toh(words[i]);
    return trial_finds_factor(words, count);
}

/* ---- Miller-Rabin --------------------------------------------------------------------------- */

/* A candidate n with n - 1 = odd * 2^twos. */
struct candidate {
    const BIGNUM *n;
    BIGNUM *last, *odd, *base, *z;
    int twos;
    BN_MONT_CTX *mont;
};

static void candidate_done(struct candidate *c)
{
    BN_free(c->last);
    BN_free(c->odd);
    BN_free(c->base);
    BN_free(c->z);
    BN_MONT_CTX_free(c->mont);
}

#define CANDIDATE CLEANUP(candidate_done) struct candidate

/* False: out of memory. */
static bool candidate_init(struct candidate *c, const BIGNUM *n, BN_CTX *ctx)
{
    c->n = n;
    c->last = BN_dup(n);
    c->odd = BN_new();
    c->base = BN_new();
    c->z = BN_new();
    c->mont = BN_MONT_CTX_new();
    if (c->last == NULL || c->odd == NULL || c->base == NULL || c->z == NULL || c->mont == NULL ||
        BN_clear_bit(c->last, 0) != 1 || BN_MONT_CTX_set(c->mont, n, ctx) != 1)
        return false;
    c->twos = 1;
    while (!BN_is_bit_set(c->last, c->twos))
        c->twos++;
    return BN_rshift(c->odd, c->last, c->twos) == 1;
}

/* A random base in 2..n-2. */
static bool candidate_choose_base(struct candidate *c, BN_CTX *ctx)
{
    do {
        if (BN_rand_range_ex(c->base, c->last, 0, ctx) != 1)
            return false;
    } while (BN_num_bits(c->base) < 2);
    return true;
}

/* Whether z = base^odd says that n may be prime. */
static NTSTATUS candidate_judge(struct candidate *c, BN_CTX *ctx, bool *passed)
{
    *passed = BN_is_one(c->z) || BN_cmp(c->z, c->last) == 0;
    for (int i = 1; i < c->twos && !*passed; i++) {
        if (BN_mod_sqr(c->z, c->z, c->n, ctx) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        *passed = BN_cmp(c->z, c->last) == 0;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS candidate_round(struct candidate *c, BN_CTX *ctx, bool *passed)
{
    if (!candidate_choose_base(c, ctx) ||
        BN_mod_exp_mont(c->z, c->base, c->odd, c->n, ctx, c->mont) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return candidate_judge(c, ctx, passed);
}

NTSTATUS ffc_probable_prime(const BIGNUM *a, const BIGNUM *b, BN_CTX *ctx, int *which)
{
    CANDIDATE ca = {0};
    CANDIDATE cb = {0};
    bool passed = false;
    *which = 0;
    if (!candidate_init(&ca, a, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    if (b == NULL) {
        TRY(candidate_round(&ca, ctx, &passed));
        *which = passed ? 1 : 0;
        return STATUS_SUCCESS;
    }
    if (!candidate_init(&cb, b, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    if (!candidate_choose_base(&ca, ctx) || !candidate_choose_base(&cb, ctx) ||
        BN_mod_exp_mont_consttime_x2(ca.z, ca.base, ca.odd, ca.n, ca.mont, cb.z, cb.base, cb.odd,
                                     cb.n, cb.mont, ctx) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(candidate_judge(&ca, ctx, &passed));
    if (passed) {
        *which = 1;
        return STATUS_SUCCESS;
    }
    TRY(candidate_judge(&cb, ctx, &passed));
    *which = passed ? 2 : 0;
    return STATUS_SUCCESS;
}

/* ---- Lucas ---------------------------------------------------------------------------------- */

/* The first of 5, -7, 9, -11, … whose Jacobi symbol over n is -1 (FIPS 186-4 C.3.3). A square never
 * has one; as squares do not get past Miller and Rabin, giving up after many is no harm. 0: none, n
 * is composite. */
static NTSTATUS lucas_choose(const BIGNUM *n, BN_CTX *ctx, long *d)
{
    SCOPED_BN *v = BN_new();
    if (v == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    for (long k = 5; k < 2000; k += 2) {
        bool minus = k % 4 == 3;
        if (BN_set_word(v, (BN_ULONG)k) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        BN_set_negative(v, minus);
        int symbol = BN_kronecker(v, n, ctx);
        if (symbol < -1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        if (symbol <= 0) {
            *d = symbol == 0 ? 0 : minus ? -k : k;
            return STATUS_SUCCESS;
        }
    }
    *d = 0;
    return STATUS_SUCCESS;
}

/* r = a/2 mod n */
static bool halve(BIGNUM *a, const BIGNUM *n)
{
    return (!BN_is_odd(a) || BN_add(a, a, n) == 1) && BN_rshift1(a, a) == 1;
}

/* The Lucas sequence of P = 1 and Q = (1 - D)/4 on its way to index n + 1; everything in
 * Montgomery's form. */
struct lucas {
    BIGNUM *u, *v, *d, *uu, *t;
};

static void lucas_done(struct lucas *s)
{
    BN_free(s->u);
    BN_free(s->v);
    BN_free(s->d);
    BN_free(s->uu);
    BN_free(s->t);
}

static bool lucas_init(struct lucas *s, long d, const BIGNUM *n, BN_MONT_CTX *mont, BN_CTX *ctx)
{
    *s = (struct lucas){BN_new(), BN_new(), BN_new(), BN_new(), BN_new()};
    return s->u != NULL && s->v != NULL && s->d != NULL && s->uu != NULL && s->t != NULL &&
           BN_set_word(s->u, 1) == 1 && BN_set_word(s->d, (BN_ULONG)(d < 0 ? -d : d)) == 1 &&
           (d > 0 || BN_sub(s->d, n, s->d) == 1) && BN_to_montgomery(s->u, s->u, mont, ctx) == 1 &&
           BN_copy(s->v, s->u) != NULL && BN_to_montgomery(s->d, s->d, mont, ctx) == 1;
}

/* Index k to 2k: U' = UV, V' = (V^2 + D U^2)/2. */
static bool lucas_double(struct lucas *s, const BIGNUM *n, BN_MONT_CTX *mont, BN_CTX *ctx)
{
    return BN_mod_mul_montgomery(s->uu, s->u, s->u, mont, ctx) == 1 &&
           BN_mod_mul_montgomery(s->uu, s->uu, s->d, mont, ctx) == 1 &&
           BN_mod_mul_montgomery(s->u, s->u, s->v, mont, ctx) == 1 &&
           BN_mod_mul_montgomery(s->v, s->v, s->v, mont, ctx) == 1 &&
           BN_mod_add_quick(s->v, s->v, s->uu, n) == 1 && halve(s->v, n);
}

/* Index k to k + 1: U' = (U + V)/2, V' = (V + D U)/2. */
static bool lucas_step(struct lucas *s, const BIGNUM *n, BN_MONT_CTX *mont, BN_CTX *ctx)
{
    return BN_mod_mul_montgomery(s->t, s->u, s->d, mont, ctx) == 1 &&
           BN_mod_add_quick(s->u, s->u, s->v, n) == 1 && halve(s->u, n) &&
           BN_mod_add_quick(s->v, s->v, s->t, n) == 1 && halve(s->v, n);
}

/* Whether n divides U(n + 1). */
static NTSTATUS lucas(const struct candidate *c, BN_CTX *ctx, bool *passed)
{
    long d = 0;
    TRY(lucas_choose(c->n, ctx, &d));
    *passed = false;
    if (d == 0)
        return STATUS_SUCCESS;
    SCOPED_BN *index = BN_dup(c->n);
    CLEANUP(lucas_done) struct lucas s = {0};
    bool ok = index != NULL && BN_add_word(index, 1) == 1 && lucas_init(&s, d, c->n, c->mont, ctx);
    for (int i = ok ? BN_num_bits(index) - 1 : 0; ok && i > 0; i--) {
        ok = lucas_double(&s, c->n, c->mont, ctx) &&
             (!BN_is_bit_set(index, i - 1) || lucas_step(&s, c->n, c->mont, ctx));
    }
    if (!ok)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    *passed = BN_is_zero(s.u);
    return STATUS_SUCCESS;
}

NTSTATUS ffc_is_prime(const BIGNUM *n, int rounds, BN_CTX *ctx, bool *prime)
{
    *prime = false;
    if (ffc_has_small_factor(n))
        return STATUS_SUCCESS;
    CANDIDATE c = {0};
    if (!candidate_init(&c, n, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    bool passed = true;
    for (int i = 0; i < rounds && passed; i++)
        TRY(candidate_round(&c, ctx, &passed));
    if (passed)
        TRY(lucas(&c, ctx, &passed));
    *prime = passed;
    return STATUS_SUCCESS;
}
