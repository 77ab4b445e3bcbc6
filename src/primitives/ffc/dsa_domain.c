/*
 * Deriving and checking DSA's domain parameters.
 *
 * FIPS 186-2 appendix 2.2 (SHA-1, q of 160 bits) and FIPS 186-3 A.1.1.2 (any hash that is as long
 * as q) differ in how q comes from the seed and in the first offset; the rest is the same. With n +
 * 1 hashes of seed + offset … in a row, the last L bits of their concatenation (the newest hash
 * first) with the highest bit set are X, and p = X - (X mod 2q) + 1. Each further counter moves the
 * offset by n + 1.
 */
#include "dsa_domain.h"

#include <string.h>

#include "ffc_prime.h"

const struct dsa_recipe dsa_recipes[2] = {
    [DSA_FIPS186_2] = {.standard = DSA_FIPS186_2,
                       .first_offset = 2,
                       .two_hashes = true,
                       .most = 4096},
    [DSA_FIPS186_3] = {.standard = DSA_FIPS186_3, .first_offset = 1},
};

/* The longest concatenation: p and one hash more. */
#define STREAM_MAX (384 + DIGEST_MAX_BYTES)

/* ---- sizes ---------------------------------------------------------------------------------- */

bool dsa_is_v2(size_t p_bits)
{
    return p_bits > 1024;
}

size_t dsa_q_bytes(size_t p_bits)
{
    return dsa_is_v2(p_bits) ? 32 : 20;
}

int dsa_rounds_p(size_t p_bits)
{
    return p_bits > 2048 ? 2 : 3;
}

int dsa_rounds_q(size_t p_bits)
{
    return dsa_is_v2(p_bits) ? 27 : 19;
}

uint32_t dsa_recipe_counters(const struct dsa_recipe *recipe, size_t p_bits)
{
    return recipe->most != 0 ? recipe->most : 4 * (uint32_t)p_bits;
}

const struct digest *dsa_digest(uint32_t hash)
{
    static const char *const names[] = {
        [DSA_HASH_ALGORITHM_SHA1] = "SHA1",
        [DSA_HASH_ALGORITHM_SHA256] = "SHA256",
        [DSA_HASH_ALGORITHM_SHA512] = "SHA512",
    };
    return hash < ARRAY_COUNT(names) ? digest_named(names[hash]) : NULL;
}

/* ---- deriving ------------------------------------------------------------------------------- */

/* H((seed + offset) mod 2^(8n)) */
static NTSTATUS hash_seed(const struct digest *d, struct span seed, uint32_t offset, uint8_t *out)
{
    uint8_t moved[DSA_SEED_MAX];
    uint64_t carry = offset;
    for (size_t i = seed.n; i > 0; i--) {
        carry += seed.p[i - 1];
        moved[i - 1] = (uint8_t)carry;
        carry >>= 8;
    }
    struct span part = span_of(moved, seed.n);
    return digest_spans(d, &part, 1, out);
}

NTSTATUS dsa_derive_q(const struct dsa_recipe *recipe, const struct digest *d, struct span seed,
                      size_t q_bytes, BIGNUM *q)
{
    uint8_t u[DIGEST_MAX_BYTES];
    TRY(hash_seed(d, seed, 0, u));
    if (recipe->two_hashes) {
        uint8_t next[DIGEST_MAX_BYTES];
        TRY(hash_seed(d, seed, 1, next));
        for (size_t i = 0; i < d->length; i++)
            u[i] ^= next[i];
    }
    uint8_t *low = u + d->length - q_bytes;
    low[0] |= 0x80;
    low[q_bytes - 1] |= 1;
    return BN_bin2bn(low, (int)q_bytes, q) != NULL ? STATUS_SUCCESS : ossl_failed(STATUS_NO_MEMORY);
}

NTSTATUS dsa_derive_p(const struct dsa_recipe *recipe, const struct digest *d, struct span seed,
                      uint32_t counter, size_t p_bits, const BIGNUM *two_q, BIGNUM *p, BN_CTX *ctx)
{
    uint8_t stream[STREAM_MAX];
    size_t p_bytes = p_bits / 8;
    uint32_t hashes = (uint32_t)((p_bytes + d->length - 1) / d->length);
    uint32_t offset = recipe->first_offset + counter * hashes;
    size_t end = (size_t)hashes * d->length;
    for (uint32_t j = 0; j < hashes; j++)
        TRY(hash_seed(d, seed, offset + j, stream + end - (j + 1) * (size_t)d->length));
    uint8_t *x = stream + end - p_bytes;
    x[0] |= 0x80;
    SCOPED_BN *rest = BN_new();
    if (rest == NULL || BN_bin2bn(x, (int)p_bytes, p) == NULL || BN_mod(rest, p, two_q, ctx) != 1 ||
        BN_sub(p, p, rest) != 1 || BN_add_word(p, 1) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    if ((size_t)BN_num_bits(p) != p_bits)
        BN_zero(p);
    return STATUS_SUCCESS;
}

/* ---- checking ------------------------------------------------------------------------------- */

static bool all_ff(const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && p[i] == 0xFF)
        i++;
    return i == n;
}

bool dsa_origin_given(const struct dsa_origin *origin)
{
    return !all_ff(origin->seed, origin->seed_bytes) &&
           !all_ff(origin->count, sizeof origin->count);
}

static uint32_t origin_counter(const struct dsa_origin *origin)
{
    const uint8_t *c = origin->count;
    return (uint32_t)c[0] << 24 | (uint32_t)c[1] << 16 | (uint32_t)c[2] << 8 | c[3];
}

static NTSTATUS recipe_gives(const struct dsa_recipe *recipe, const struct digest *d,
                             const struct dsa_origin *origin, const struct ffc_group *group,
                             BN_CTX *ctx, bool *gives)
{
    struct span seed = span_of(origin->seed, origin->seed_bytes);
    size_t p_bits = (size_t)BN_num_bits(group->p);
    size_t q_bytes = (size_t)BN_num_bytes(group->q);
    uint32_t counter = origin_counter(origin);
    *gives = false;
    if (d == NULL || d->length < q_bytes || seed.n < q_bytes ||
        counter >= dsa_recipe_counters(recipe, p_bits))
        return STATUS_SUCCESS;
    SCOPED_BN *v = BN_new();
    SCOPED_BN *two_q = BN_new();
    if (v == NULL || two_q == NULL || BN_lshift1(two_q, group->q) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(dsa_derive_q(recipe, d, seed, q_bytes, v));
    if (BN_ucmp(v, group->q) != 0)
        return STATUS_SUCCESS;
    TRY(dsa_derive_p(recipe, d, seed, counter, p_bits, two_q, v, ctx));
    *gives = BN_ucmp(v, group->p) == 0;
    return STATUS_SUCCESS;
}

/* Blobs of version 1 do not say which standard: FIPS 186-3 knows p of 1024 bits with SHA-1, too. */
NTSTATUS dsa_origin_check(const struct dsa_origin *origin, const struct ffc_group *group,
                          BN_CTX *ctx)
{
    const struct digest *d = dsa_digest(origin->hash);
    bool v1 = !dsa_is_v2((size_t)BN_num_bits(group->p));
    bool gives = false;
    for (size_t i = 0; i < ARRAY_COUNT(dsa_recipes) && !gives; i++) {
        if (v1 || dsa_recipes[i].standard == origin->standard)
            TRY(recipe_gives(&dsa_recipes[i], d, origin, group, ctx, &gives));
    }
    return gives ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS dsa_check_sizes(const struct ffc_group *group)
{
    size_t p_bits = (size_t)BN_num_bits(group->p);
    bool right = (size_t)BN_num_bits(group->q) == 8 * dsa_q_bytes(p_bits) && BN_is_odd(group->q);
    return right ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS dsa_check_divides(const struct ffc_group *group, BN_CTX *ctx)
{
    SCOPED_BN *rest = BN_new();
    if (rest == NULL || BN_mod(rest, group->last, group->q, ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    return BN_is_zero(rest) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS dsa_check_primes(const struct ffc_group *group, BN_CTX *ctx)
{
    size_t p_bits = (size_t)BN_num_bits(group->p);
    bool prime;
    TRY(ffc_is_prime(group->q, dsa_rounds_q(p_bits), ctx, &prime));
    if (prime)
        TRY(ffc_is_prime(group->p, dsa_rounds_p(p_bits), ctx, &prime));
    return prime ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
