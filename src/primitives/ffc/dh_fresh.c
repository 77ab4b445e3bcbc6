/*
 * Fresh groups, for the sizes that have no standard one.
 *
 * p = 2 f1 f2 … fn + 1 with primes fi, none of them shorter than the strength of p asks for (Lim
 * and Lee, "A key recovery attack on discrete log-based schemes using a prime order subgroup",
 * CRYPTO '97). Like a safe prime it has no small subgroups in which a peer's value could betray a
 * part of the private exponent, which matters here because key blobs do not carry the order of the
 * generator; short exponents are as safe (van Oorschot and Wiener, EUROCRYPT '96). And it is found
 * in the time of one prime number, where a safe prime of 4000 bits takes minutes.
 *
 * The generator is 4: a square, so that its order divides f1 … fn.
 *
 * The last factor is searched for along a line, r and 2 f1 … r + 1 sieved together.
 */
#include "dh_groups.h"

#include <stdlib.h>

#include "ffc_prime.h"
#include "ffc_sieve.h"

#define ROUNDS 8 /* of Miller-Rabin, before Lucas */

static void sieve_free(struct ffc_sieve **s)
{
    free(*s);
}

/* A random odd number of exactly `bits` bits, the two highest set so that
 * products keep their length. */
static bool random_start(BIGNUM *start, int bits, BN_CTX *ctx)
{
    return BN_rand_ex(start, bits, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD, 0, ctx) == 1;
}

/* The number at an index of a line. */
static bool on_line(BIGNUM *v, const BIGNUM *start, const BIGNUM *step, uint32_t index)
{
    return BN_copy(v, step) != NULL && BN_mul_word(v, index) == 1 && BN_add(v, v, start) == 1;
}

/* A random prime of `bits` bits. */
static NTSTATUS find_factor(struct ffc_sieve *s, int bits, BIGNUM *prime, BN_CTX *ctx)
{
    SCOPED_BN *start = BN_new();
    SCOPED_BN *step = BN_new();
    if (start == NULL || step == NULL || BN_set_word(step, 2) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    for (;;) {
        if (!random_start(start, bits, ctx))
            return ossl_failed(STATUS_INTERNAL_ERROR);
        *s = (struct ffc_sieve){0};
        TRY(ffc_sieve_strike(s, start, step));
        for (uint32_t i = ffc_sieve_next(s, 0); i < SIEVE_LENGTH; i = ffc_sieve_next(s, i + 1)) {
            if (!on_line(prime, start, step, i))
                return ossl_failed(STATUS_NO_MEMORY);
            bool is_prime;
            TRY(ffc_is_prime(prime, ROUNDS, ctx, &is_prime));
            if (is_prime && BN_num_bits(prime) == bits)
                return STATUS_SUCCESS;
        }
    }
}

/* The two lines of the last search: r = r0 + 2i and p = 2 Q r + 1 = p0 + 4Q i. */
struct lines {
    BIGNUM *r0, *two, *p0, *step, *r;
};

static void lines_done(struct lines *l)
{
    BN_free(l->r0);
    BN_free(l->two);
    BN_free(l->p0);
    BN_free(l->step);
    BN_free(l->r);
}

/* `product` is Q. Where r0 begins decides the length of p; of the two lengths of r0 that can be
 * right at least one is so more often than not, so they take turns. */
static NTSTATUS lines_choose(struct lines *l, const BIGNUM *product, size_t bits, BN_CTX *ctx)
{
    int r_bits = (int)bits - BN_num_bits(product);
    for (int shorter = 0; (size_t)BN_num_bits(l->p0) != bits; shorter = !shorter) {
        if (!random_start(l->r0, r_bits - shorter, ctx) ||
            BN_mul(l->p0, product, l->r0, ctx) != 1 || BN_lshift1(l->p0, l->p0) != 1 ||
            BN_add_word(l->p0, 1) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
    }
    bool ok = BN_set_word(l->two, 2) == 1 && BN_lshift(l->step, product, 2) == 1;
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_NO_MEMORY);
}

/* Whether both numbers at an index are prime; first the cheap one. */
static NTSTATUS both_prime(struct lines *l, uint32_t i, BIGNUM *p, BN_CTX *ctx, bool *prime)
{
    int which;
    *prime = false;
    if (!on_line(l->r, l->r0, l->two, i))
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(ffc_probable_prime(l->r, NULL, ctx, &which));
    if (which == 0)
        return STATUS_SUCCESS;
    if (!on_line(p, l->p0, l->step, i))
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(ffc_probable_prime(p, NULL, ctx, &which));
    if (which == 0)
        return STATUS_SUCCESS;
    TRY(ffc_is_prime(l->r, ROUNDS, ctx, prime));
    return *prime ? ffc_is_prime(p, ROUNDS, ctx, prime) : STATUS_SUCCESS;
}

static NTSTATUS find_modulus(struct ffc_sieve *s, const BIGNUM *product, size_t bits, BIGNUM *p,
                             BN_CTX *ctx)
{
    CLEANUP(lines_done) struct lines l = {BN_new(), BN_new(), BN_new(), BN_new(), BN_new()};
    if (l.r0 == NULL || l.two == NULL || l.p0 == NULL || l.step == NULL || l.r == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    for (;;) {
        BN_zero(l.p0);
        TRY(lines_choose(&l, product, bits, ctx));
        *s = (struct ffc_sieve){0};
        TRY(ffc_sieve_strike(s, l.r0, l.two));
        TRY(ffc_sieve_strike(s, l.p0, l.step));
        for (uint32_t i = ffc_sieve_next(s, 0); i < SIEVE_LENGTH; i = ffc_sieve_next(s, i + 1)) {
            bool prime;
            TRY(both_prime(&l, i, p, ctx, &prime));
            if (prime && (size_t)BN_num_bits(p) == bits)
                return STATUS_SUCCESS;
        }
    }
}

NTSTATUS dh_group_fresh(size_t bits, struct ffc_group **out)
{
    int factor_bits = ffc_exponent_bits(bits);
    int factors = ((int)bits - 1) / factor_bits;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *product = BN_new();
    SCOPED_BN *factor = BN_new();
    SCOPED_BN *p = BN_new();
    SCOPED_BN *g = BN_new();
    CLEANUP(sieve_free) struct ffc_sieve *s = malloc(sizeof *s);
    if (ctx == NULL || product == NULL || factor == NULL || p == NULL || g == NULL || s == NULL ||
        BN_set_word(g, 4) != 1 || BN_set_word(product, 1) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    /* All but the last, which takes up what is left. */
    for (int i = 1; i < factors; i++) {
        TRY(find_factor(s, factor_bits, factor, ctx));
        if (BN_mul(product, product, factor, ctx) != 1)
            return ossl_failed(STATUS_NO_MEMORY);
    }
    TRY(find_modulus(s, product, bits, p, ctx));
    TRY(ffc_group_adopt(p, NULL, g, out));
    p = g = NULL;
    (*out)->exponent_bits = factor_bits;
    return STATUS_SUCCESS;
}
