/* Miller and Rabin's test for secrets (rsa_prime.h). */
#include "rsa_prime.h"

#include <stdatomic.h>

#include "ct.h"

/* Facts by size: the first row whose size is reached. */
struct rounds_row {
    int bits;
    unsigned random; /* for random candidates */
    unsigned chosen; /* for chosen ones */
};

/*
 * A number chosen to deceive passes a round with probability 1/4 at most. Sixteen rounds leave
 * 2^-32, and who imports a private key with such a number harms nobody but its owner; for very
 * large numbers the time counts more.
 */
static const struct rounds_row rounds_rows[] = {
    {8193, 4, 1}, {4097, 4, 4},  {1536, 4, 16}, {1024, 5, 16},
    {512, 8, 16}, {256, 17, 16}, {0, 40, 16},
};

static const struct rounds_row *rounds_row(int bits)
{
    const struct rounds_row *row = rounds_rows;
    while (row->bits > bits)
        row++;
    return row;
}

unsigned prime_rounds_random(int bits)
{
    return rounds_row(bits)->random;
}

unsigned prime_rounds_chosen(int bits)
{
    return rounds_row(bits)->chosen;
}

void prime_lane_done(struct prime_lane *lane)
{
    bn_done(&lane->w);
    bn_done(&lane->last);
    bn_done(&lane->odd);
    bn_done(&lane->base);
    bn_done(&lane->z);
    bn_mont_done(&lane->mont);
    *lane = (struct prime_lane){0};
}

BIGNUM *prime_lane_take(struct prime_lane *lane)
{
    BIGNUM *w = lane->w;
    lane->w = NULL;
    prime_lane_done(lane);
    return w;
}

static bool lane_alloc(struct prime_lane *lane)
{
    if (lane->mont != NULL)
        return true;
    BIGNUM **all[] = {&lane->w, &lane->last, &lane->odd, &lane->base, &lane->z};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        if (*all[i] == NULL && (*all[i] = BN_secure_new()) == NULL)
            return false;
        BN_set_flags(*all[i], BN_FLG_CONSTTIME);
    }
    lane->mont = BN_MONT_CTX_new();
    return lane->mont != NULL;
}

/* How often 2 divides w - 1 shows in the time. It is a bit or two of a thousand. */
NTSTATUS prime_lane_set(struct prime_lane *lane, const BIGNUM *w, BN_CTX *ctx)
{
    if (!lane_alloc(lane) || BN_copy(lane->w, w) == NULL || BN_copy(lane->last, w) == NULL ||
        BN_clear_bit(lane->last, 0) != 1 || BN_MONT_CTX_set(lane->mont, lane->w, ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    lane->twos = 1;
    while (ct_public(!BN_is_bit_set(lane->last, lane->twos)))
        lane->twos++;
    if (BN_rshift(lane->odd, lane->last, lane->twos) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    lane->passed = 0;
    lane->composite = false;
    return STATUS_SUCCESS;
}

/* A random base in 2..w-2. */
static bool choose_base(struct prime_lane *lane, BN_CTX *ctx)
{
    do {
        if (BN_priv_rand_range_ex(lane->base, lane->last, 0, ctx) != 1)
            return false;
    } while (ct_public(BN_is_zero(lane->base)) || ct_public(BN_is_one(lane->base)));
    return true;
}

/* Counts z = base^odd: 1, or on the way to base^(w-1) a -1, are what a prime shows. Where on the way
 * it is found depends on a random base that nobody learns: it tells nothing about w. */
static NTSTATUS judge(struct prime_lane *lane, BN_CTX *ctx)
{
    bool ok = ct_public(BN_is_one(lane->z)) || ct_public(BN_cmp(lane->z, lane->last) == 0);
    for (int i = 1; i < lane->twos && !ok; i++) {
        if (BN_mod_mul(lane->z, lane->z, lane->z, lane->w, ctx) != 1)
            return ossl_failed(STATUS_NO_MEMORY);
        ok = ct_public(BN_cmp(lane->z, lane->last) == 0);
    }
    lane->composite = !ok;
    lane->passed += ok;
    return STATUS_SUCCESS;
}

static _Atomic bool rounds_together = true;

void prime_rounds_together(bool together)
{
    atomic_store(&rounds_together, together);
}

/* z = base^odd in both lanes. Without the instructions that it needs, or for sizes that it does not
 * know, libcrypto's pair is one after the other. */
static bool raise_bases(struct prime_lane *a, struct prime_lane *b, BN_CTX *ctx)
{
    if (atomic_load_explicit(&rounds_together, memory_order_relaxed))
        return BN_mod_exp_mont_consttime_x2(a->z, a->base, a->odd, a->w, a->mont, b->z, b->base,
                                            b->odd, b->w, b->mont, ctx) == 1;
    return BN_mod_exp_mont_consttime(a->z, a->base, a->odd, a->w, ctx, a->mont) == 1 &&
           BN_mod_exp_mont_consttime(b->z, b->base, b->odd, b->w, ctx, b->mont) == 1;
}

NTSTATUS prime_round(struct prime_lane *a, struct prime_lane *b, BN_CTX *ctx)
{
    if (!choose_base(a, ctx) || !choose_base(b, ctx) || !raise_bases(a, b, ctx))
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(judge(a, ctx));
    return judge(b, ctx);
}

#define PRIME_LANE CLEANUP(prime_lane_done) struct prime_lane

NTSTATUS prime_test_pair(const BIGNUM *p, const BIGNUM *q, unsigned rounds, bool *prime)
{
    SCOPED_BN_CTX *ctx = BN_CTX_new_ex(ossl_ctx());
    if (ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    PRIME_LANE a = {0};
    PRIME_LANE b = {0};
    TRY(prime_lane_set(&a, p, ctx));
    TRY(prime_lane_set(&b, q, ctx));
    while (a.passed < rounds && !a.composite && !b.composite)
        TRY(prime_round(&a, &b, ctx));
    *prime = !a.composite && !b.composite;
    return STATUS_SUCCESS;
}
