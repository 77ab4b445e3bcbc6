/* Key pairs of finite fields (ffc_key.h). */
#include "ffc_key.h"

/* The two validation bits are a field of two bits, not two flags: 0x18 is more than 0x10, and 0x08
 * alone is nothing. */
struct ffc_checks ffc_checks_of(uint32_t import_flags)
{
    uint32_t level = import_flags & BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER;
    bool regenerate = (import_flags & BCRYPT_KEY_VALIDATION_REGENERATE) != 0;
    bool none = level == BCRYPT_NO_KEY_VALIDATION;
    return (struct ffc_checks){
        .values = !none,
        .order = level == BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER,
        .pair = !none || regenerate,
    };
}

/* ---- life ----------------------------------------------------------------------------------- */

static bool class_has_length(const struct alg_class *class, uint32_t bits)
{
    const BCRYPT_KEY_LENGTHS_STRUCT *l = &class->key_lengths;
    return bits >= l->dwMinLength && bits <= l->dwMaxLength &&
           (bits - l->dwMinLength) % l->dwIncrement == 0;
}

NTSTATUS ffc_key_empty(struct alg *alg, size_t size, uint32_t bits, struct key **out)
{
    if (!class_has_length(alg->class, bits))
        return STATUS_INVALID_PARAMETER;
    struct key *key = key_alloc(alg, size);
    if (key == NULL)
        return STATUS_NO_MEMORY;
    struct ffc_key *k = ffc_key_of(key);
    k->bits = bits;
    k->key_bytes = bits / 8;
    *out = key;
    return STATUS_SUCCESS;
}

static void forget_pair(struct ffc_key *k)
{
    BN_clear_free(k->x);
    BN_free(k->y);
    k->x = k->y = NULL;
    k->key.has_private = false;
}

void ffc_key_done(struct ffc_key *k)
{
    forget_pair(k);
    ffc_group_free(k->group);
    k->group = NULL;
}

void ffc_key_set_group(struct ffc_key *k, struct ffc_group *group)
{
    ffc_group_free(k->group);
    k->group = group;
}

size_t ffc_key_x_bits(const struct ffc_key *k)
{
    const struct ffc_group *group = k->group;
    if (group->exponent_bits > 0)
        return (size_t)group->exponent_bits;
    return (size_t)BN_num_bits(group->q != NULL ? group->q : group->p);
}

/* ---- making --------------------------------------------------------------------------------- */

/* SP 800-56A rev. 3, 5.6.1.1: in 1 … min(2^bits, q) - 1; where q is not known, in 1 … p - 2. */
static NTSTATUS choose_x(const struct ffc_group *group, BIGNUM *x, BN_CTX *ctx)
{
    const BIGNUM *end = group->q != NULL ? group->q : group->last;
    do {
        int ok = group->exponent_bits > 0
                     ? BN_priv_rand_ex(x, group->exponent_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY,
                                       0, ctx)
                     : BN_priv_rand_range_ex(x, end, 0, ctx);
        if (ok != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
    } while (BN_is_zero(x));
    return STATUS_SUCCESS;
}

/* Whether y = g^x. Where g's order is a q of ordinary size the power is taken to x + q: another
 * exponent, other entries of the table, the same result only if all of x, y, g, q and the table are
 * right. */
static NTSTATUS check_pair(struct ffc_key *k, size_t x_bits, NTSTATUS mismatch, BN_CTX *ctx)
{
    struct ffc_group *group = k->group;
    bool shift = group->q != NULL && !group->safe_prime;
    SCOPED_BN *x = BN_secure_new();
    SCOPED_BN *y = BN_new();
    if (x == NULL || y == NULL || BN_copy(x, k->x) == NULL ||
        (shift && BN_add(x, x, group->q) != 1))
        return ossl_failed(STATUS_NO_MEMORY);
    BN_set_flags(x, BN_FLG_CONSTTIME);
    TRY(ffc_power_g(group, x, x_bits + shift, y, ctx));
    return BN_ucmp(y, k->y) == 0 ? STATUS_SUCCESS : mismatch;
}

static NTSTATUS make_pair(struct ffc_key *k, BN_CTX *ctx)
{
    k->x = BN_secure_new();
    k->y = BN_new();
    if (k->x == NULL || k->y == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    BN_set_flags(k->x, BN_FLG_CONSTTIME);
    TRY(choose_x(k->group, k->x, ctx));
    TRY(ffc_power_g(k->group, k->x, ffc_key_x_bits(k), k->y, ctx));
    TRY(ffc_check_range(k->group, k->y));
    return check_pair(k, ffc_key_x_bits(k), STATUS_INTERNAL_ERROR, ctx);
}

NTSTATUS ffc_key_make(struct ffc_key *k)
{
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    if (ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    NTSTATUS status = make_pair(k, ctx);
    if (status < 0) {
        forget_pair(k);
        return status;
    }
    k->key.has_private = true;
    return STATUS_SUCCESS;
}

/* ---- importing ------------------------------------------------------------------------------ */

/* How many bits x has at most, to whole limbs: all that the time of an exponentiation may tell. */
static size_t width_of(const BIGNUM *x)
{
    return ((size_t)BN_num_bits(x) + 63) / 64 * 64;
}

static NTSTATUS take_x(struct ffc_key *k, struct num x, const struct ffc_checks *checks,
                       size_t *x_bits)
{
    const struct ffc_group *group = k->group;
    k->x = bn_secret(x);
    if (k->x == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    const BIGNUM *end = group->q != NULL ? group->q : group->last;
    bool below = BN_ucmp(k->x, end) < 0;
    if (BN_is_zero(k->x) || (checks->values && !below))
        return STATUS_INVALID_PARAMETER;
    size_t q_bits = (size_t)BN_num_bits(end);
    *x_bits = width_of(k->x);
    if (below && *x_bits > q_bits)
        *x_bits = q_bits;
    return STATUS_SUCCESS;
}

static NTSTATUS take_pair(struct ffc_key *k, struct num y, struct num x,
                          const struct ffc_checks *checks, BN_CTX *ctx)
{
    size_t x_bits = 0;
    if (x.n > 0)
        TRY(take_x(k, x, checks, &x_bits));
    if (y.n == 0) {
        k->y = BN_new();
        if (k->y == NULL)
            return ossl_failed(STATUS_NO_MEMORY);
        TRY(ffc_power_g(k->group, k->x, x_bits, k->y, ctx));
    } else {
        k->y = bn_public(y);
        if (k->y == NULL)
            return ossl_failed(STATUS_NO_MEMORY);
    }
    if (BN_ucmp(k->y, k->group->p) >= 0)
        return STATUS_INVALID_PARAMETER;
    if (checks->values)
        TRY(ffc_check_range(k->group, k->y));
    if (checks->order)
        TRY(ffc_check_order(k->group, k->y, ctx));
    bool both = x.n > 0 && y.n > 0 && checks->pair;
    return both ? check_pair(k, x_bits, STATUS_INVALID_PARAMETER, ctx) : STATUS_SUCCESS;
}

NTSTATUS ffc_key_take(struct ffc_key *k, struct num y, struct num x,
                      const struct ffc_checks *checks)
{
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    if (ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(take_pair(k, y, x, checks, ctx));
    k->key.has_private = x.n > 0;
    return STATUS_SUCCESS;
}

/* ---- properties ----------------------------------------------------------------------------- */

NTSTATUS ffc_get_key_length(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, ffc_key_of(t->key)->bits);
}

NTSTATUS ffc_set_key_length(const struct prop_target *t, const struct in *in)
{
    struct ffc_key *k = ffc_key_of(t->key);
    uint32_t bits;
    TRY(in_u32(in, &bits));
    /* Parameters that were set before decide the size. */
    if (!class_has_length(t->class, bits) || (k->group != NULL && bits != k->bits))
        return STATUS_INVALID_PARAMETER;
    k->bits = bits;
    k->key_bytes = bits / 8;
    return STATUS_SUCCESS;
}
