/* Groups (ffc.h): making, comparing, powers, membership. */
#include "ffc.h"

#include <stdlib.h>

#include "ffc_comb.h"
#include "ffc_jacobi.h"

BN_CTX *ffc_ctx_new(void)
{
    OSSL_LIB_CTX *lib = ossl_ctx();
    return lib == NULL ? NULL : BN_CTX_new_ex(lib);
}

int ffc_exponent_bits(size_t p_bits)
{
    static const struct {
        size_t p_bits;
        int bits;
    } rows[] = {{1536, 192}, {2048, 256}, {3072, 320}, {4096, 384}, {6144, 448}, {8192, 512}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (p_bits <= rows[i].p_bits)
            return rows[i].bits;
    }
    return 576;
}

/* ---- making --------------------------------------------------------------------------------- */

static void group_done(struct ffc_group **group)
{
    ffc_group_free(*group);
}

NTSTATUS ffc_check_range(const struct ffc_group *group, const BIGNUM *y)
{
    bool in_range = BN_num_bits(y) > 1 && BN_ucmp(y, group->last) < 0;
    return in_range ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS ffc_group_adopt(BIGNUM *p, BIGNUM *q, BIGNUM *g, struct ffc_group **out)
{
    int bits = BN_num_bits(p);
    if (bits < FFC_MIN_BITS || bits > FFC_MAX_BITS || !BN_is_odd(p))
        return STATUS_INVALID_PARAMETER;
    CLEANUP(group_done) struct ffc_group *group = calloc(1, sizeof *group);
    if (group == NULL)
        return STATUS_NO_MEMORY;
    group->bytes = (size_t)BN_num_bytes(p);
    group->last = BN_dup(p);
    if (group->last == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    if (BN_clear_bit(group->last, 0) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(ffc_check_range(group, g));
    group->p = p;
    group->q = q;
    group->g = g;
    *out = group;
    group = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS ffc_group_new(struct num p, struct num q, struct num g, struct ffc_group **out)
{
    if (num_bits(p) > FFC_MAX_BITS || num_bits(q) > FFC_MAX_BITS || num_bits(g) > FFC_MAX_BITS)
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN *bp = bn_public(p);
    SCOPED_BN *bg = bn_public(g);
    SCOPED_BN *bq = q.n > 0 ? bn_public(q) : NULL;
    if (bp == NULL || bg == NULL || (q.n > 0 && bq == NULL))
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(ffc_group_adopt(bp, bq, bg, out));
    bp = bg = bq = NULL;
    return STATUS_SUCCESS;
}

void ffc_group_free(struct ffc_group *group)
{
    if (group == NULL || group->shared)
        return;
    ffc_comb_free(atomic_load_explicit(&group->comb, memory_order_acquire));
    BN_MONT_CTX_free(atomic_load_explicit(&group->mont, memory_order_acquire));
    BN_free(group->p);
    BN_free(group->q);
    BN_free(group->g);
    BN_free(group->last);
    free(atomic_load_explicit(&group->written, memory_order_acquire));
    free(group);
}

const uint8_t *ffc_group_written(struct ffc_group *group)
{
    uint8_t *written = atomic_load_explicit(&group->written, memory_order_acquire);
    if (written != NULL)
        return written;
    size_t n = group->bytes;
    uint8_t *made = malloc(2 * n);
    if (made == NULL)
        return NULL;
    if (!bn_write(group->p, made, n) || !bn_write(group->g, made + n, n)) {
        free(made);
        return NULL;
    }
    if (atomic_compare_exchange_strong(&group->written, &written, made))
        return made;
    free(made);
    return written;
}

bool ffc_group_same(const struct ffc_group *a, const struct ffc_group *b)
{
    return a == b || (BN_ucmp(a->p, b->p) == 0 && BN_ucmp(a->g, b->g) == 0);
}

/* ---- powers --------------------------------------------------------------------------------- */

/* Of two threads that come here at once one wins, and the other takes over what the winner made. */
BN_MONT_CTX *ffc_group_mont(struct ffc_group *group, BN_CTX *ctx)
{
    BN_MONT_CTX *mont = atomic_load_explicit(&group->mont, memory_order_acquire);
    if (mont != NULL)
        return mont;
    SCOPED_MONT *made = BN_MONT_CTX_new();
    if (made == NULL || BN_MONT_CTX_set(made, group->p, ctx) != 1)
        return NULL;
    if (!atomic_compare_exchange_strong(&group->mont, &mont, made))
        return mont;
    mont = made;
    made = NULL;
    return mont;
}

NTSTATUS ffc_power(struct ffc_group *group, const BIGNUM *base, const BIGNUM *x, BIGNUM *r,
                   BN_CTX *ctx)
{
    BN_MONT_CTX *mont = ffc_group_mont(group, ctx);
    if (mont == NULL || BN_mod_exp_mont_consttime(r, base, x, group->p, ctx, mont) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

/* Bits of the exponents that a group's tables are made for; one more than q has, for the exponent x
 * + q of the pairwise test. 0: no table. */
static size_t comb_bits(const struct ffc_group *group)
{
    if (group->exponent_bits > 0)
        return (size_t)group->exponent_bits;
    return group->q == NULL ? 0 : (size_t)BN_num_bits(group->q) + 1;
}

struct ffc_comb *ffc_comb_like(struct ffc_group *group, const BIGNUM *base, BN_CTX *ctx)
{
    BN_MONT_CTX *mont = ffc_group_mont(group, ctx);
    struct ffc_comb *made = NULL;
    if (mont != NULL)
        made = ffc_comb_new(base, group->p, mont, comb_bits(group), ctx);
    if (made == NULL)
        ERR_clear_error();
    return made;
}

const struct ffc_comb *ffc_group_comb(struct ffc_group *group, BN_CTX *ctx)
{
    struct ffc_comb *comb = atomic_load_explicit(&group->comb, memory_order_acquire);
    if (comb != NULL)
        return comb;
    struct ffc_comb *made = ffc_comb_like(group, group->g, ctx);
    if (made == NULL || atomic_compare_exchange_strong(&group->comb, &comb, made))
        return made;
    ffc_comb_free(made);
    return comb;
}

NTSTATUS ffc_power_g(struct ffc_group *group, const BIGNUM *x, size_t bits, BIGNUM *r, BN_CTX *ctx)
{
    const struct ffc_comb *comb = NULL;
    if (bits <= comb_bits(group))
        comb = ffc_group_comb(group, ctx);
    if (comb == NULL)
        return ffc_power(group, group->g, x, r, ctx);
    return ffc_comb_power(comb, x, r, ffc_group_mont(group, ctx), ctx);
}

/* ---- membership ----------------------------------------------------------------------------- */

NTSTATUS ffc_check_order(struct ffc_group *group, const BIGNUM *y, BN_CTX *ctx)
{
    if (group->q == NULL)
        return STATUS_SUCCESS;
    /* Of a safe prime's residues the ones of order q are the squares: Euler's criterion says the
     * same as y^q = 1, and Jacobi's symbol is its value at a fraction of the time. */
    if (group->safe_prime)
        return ffc_is_square(y, group->p) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    SCOPED_BN *power = BN_new();
    BN_MONT_CTX *mont = ffc_group_mont(group, ctx);
    if (power == NULL || mont == NULL ||
        BN_mod_exp_mont(power, y, group->q, group->p, ctx, mont) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return BN_is_one(power) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
