/* The arithmetic of finite-field groups against libcrypto's: powers by
 * tables, squares, primes, sieve. */
#include "ffc_fixture.h"

#include "dh_groups.h"
#include "ffc_comb.h"
#include "ffc_jacobi.h"
#include "ffc_prime.h"
#include "ffc_sieve.h"
#include "prime_trial.h"

static struct ffc_group *standard(size_t bits)
{
    struct ffc_group *group = NULL;
    assert_int_equal(dh_group_standard(bits, &group), STATUS_SUCCESS);
    assert_non_null(group);
    return group;
}

/* g^x by the group and by libcrypto. */
static void assert_power(struct ffc_group *group, const BIGNUM *x, size_t bits, BN_CTX *ctx)
{
    SCOPED_BN *got = BN_new();
    SCOPED_BN *want = BN_new();
    assert_int_equal(ffc_power_g(group, x, bits, got, ctx), STATUS_SUCCESS);
    assert_int_equal(BN_mod_exp(want, group->g, x, group->p, ctx), 1);
    assert_int_equal(BN_cmp(got, want), 0);
}

static void test_powers_of_g(void **state)
{
    (void)state;
    static const size_t sizes[] = {768, 1024, 1536, 2048, 3072, 4096};
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *x = BN_new();
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct ffc_group *group = standard(sizes[i]);
        int bits = group->exponent_bits;
        BN_zero(x);
        assert_power(group, x, (size_t)bits, ctx);
        assert_int_equal(BN_set_bit(x, bits - 1), 1);
        assert_power(group, x, (size_t)bits, ctx);
        assert_int_equal(BN_lshift1(x, x), 1);
        assert_int_equal(BN_sub_word(x, 1), 1); /* all ones */
        assert_power(group, x, (size_t)bits, ctx);
        for (int k = 0; k < 20; k++) {
            assert_int_equal(BN_rand(x, bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY), 1);
            assert_power(group, x, (size_t)bits, ctx);
        }
        assert_non_null(atomic_load(&group->comb));
        /* Longer exponents do without the table. */
        assert_int_equal(BN_rand(x, bits + 1, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY), 1);
        assert_power(group, x, (size_t)bits + 1, ctx);
    }
}

static void test_two_powers(void **state)
{
    (void)state;
    struct ffc_group *group = standard(1536);
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *y = BN_new();
    SCOPED_BN *u = BN_new();
    SCOPED_BN *v = BN_new();
    SCOPED_BN *got = BN_new();
    SCOPED_BN *want = BN_new();
    const struct ffc_comb *g_comb = ffc_group_comb(group, ctx);
    assert_int_equal(BN_rand_range(y, group->p), 1);
    struct ffc_comb *y_comb = ffc_comb_like(group, y, ctx);
    assert_non_null(g_comb);
    assert_non_null(y_comb);
    for (int k = 0; k < 20; k++) {
        assert_int_equal(BN_rand(u, k == 0 ? 0 : 192, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY), 1);
        assert_int_equal(BN_rand(v, k == 1 ? 0 : 192, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY), 1);
        assert_int_equal(
            ffc_comb_power2(g_comb, u, y_comb, v, got, ffc_group_mont(group, ctx), ctx),
            STATUS_SUCCESS);
        assert_int_equal(BN_mod_exp2_mont(want, group->g, u, y, v, group->p, ctx, NULL), 1);
        assert_int_equal(BN_cmp(got, want), 0);
    }
    ffc_comb_free(y_comb);
}

/* No table for a modulus whose highest word is not full, nor for exponents that are too long. */
static void test_no_table(void **state)
{
    (void)state;
    struct ffc_group *group = standard(768);
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *p = BN_dup(group->p);
    assert_int_equal(BN_clear_bit(p, 767), 1);
    SCOPED_MONT *mont = BN_MONT_CTX_new();
    assert_int_equal(BN_MONT_CTX_set(mont, p, ctx), 1);
    assert_null(ffc_comb_new(group->g, p, mont, 160, ctx));
    BN_MONT_CTX *whole = ffc_group_mont(group, ctx);
    assert_null(ffc_comb_new(group->g, group->p, whole, FFC_COMB_MAX_BITS + 1, ctx));
    assert_null(ffc_comb_new(group->g, group->p, whole, 0, ctx));
}

static void assert_square(const BIGNUM *y, const BIGNUM *n, BN_CTX *ctx)
{
    assert_int_equal(ffc_is_square(y, n), BN_kronecker(y, n, ctx) == 1);
}

static void test_squares(void **state)
{
    (void)state;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *n = BN_new();
    SCOPED_BN *y = BN_new();
    for (int k = 0; k < 4000; k++) {
        assert_int_equal(BN_rand(n, 3 + k % 300, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
        assert_int_equal(BN_rand_range(y, n), 1);
        if (!BN_is_zero(y))
            assert_square(y, n, ctx);
    }
    struct ffc_group *group = standard(4096);
    for (int k = 0; k < 50; k++) {
        assert_int_equal(BN_rand_range(y, group->p), 1);
        assert_square(y, group->p, ctx);
    }
    assert_true(ffc_is_square(group->g, group->p));
    assert_false(ffc_is_square(group->last, group->p));
    /* Differences with whole zero words. */
    SCOPED_BN *near = bn_near(group->p, -8);
    assert_square(near, group->p, ctx);
    assert_int_equal(BN_clear_bit(near, 2000), 1);
    assert_square(near, group->p, ctx);
    BN_zero(y);
    assert_false(ffc_is_square(y, group->p));
}

static bool is_prime(const BIGNUM *n, BN_CTX *ctx)
{
    bool prime = false;
    assert_int_equal(ffc_is_prime(n, 2, ctx, &prime), STATUS_SUCCESS);
    return prime;
}

/* A run of numbers, judged by libcrypto too. */
static void test_primes(void **state)
{
    (void)state;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *n = BN_new();
    int found = 0;
    assert_int_equal(BN_rand(n, 160, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
    for (int k = 0; k < 1500; k++) {
        bool prime = BN_check_prime(n, ctx, NULL) == 1;
        found += prime;
        assert_int_equal(is_prime(n, ctx), prime);
        assert_int_equal(BN_add_word(n, 2), 1);
    }
    assert_true(found > 3);
    struct ffc_group *group = standard(1536);
    assert_true(is_prime(group->p, ctx));
    assert_true(is_prime(group->q, ctx));
    assert_false(is_prime(group->last, ctx)); /* even */
}

/* Composites that have no small factors: products, squares, and Carmichael numbers
 * (6k+1)(12k+1)(18k+1). */
static void test_composites(void **state)
{
    (void)state;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *a = BN_new();
    SCOPED_BN *b = BN_new();
    SCOPED_BN *n = BN_new();
    assert_int_equal(BN_generate_prime_ex(a, 128, 0, NULL, NULL, NULL), 1);
    assert_int_equal(BN_generate_prime_ex(b, 128, 0, NULL, NULL, NULL), 1);
    assert_int_equal(BN_mul(n, a, b, ctx), 1);
    assert_false(ffc_has_small_factor(n));
    assert_false(is_prime(n, ctx));
    assert_int_equal(BN_sqr(n, a, ctx), 1);
    assert_false(is_prime(n, ctx));
    int carmichael = 0;
    for (unsigned k = 10000000; carmichael == 0 && k < 11000000; k++) {
        BIGNUM *f[3] = {bn_word(6 * k + 1), bn_word(12 * k + 1), bn_word(18 * k + 1)};
        bool all = !ffc_has_small_factor(f[0]) && !ffc_has_small_factor(f[1]) &&
                   !ffc_has_small_factor(f[2]);
        for (int i = 0; i < 3; i++)
            all = all && BN_check_prime(f[i], ctx, NULL) == 1;
        if (all) {
            assert_int_equal(BN_mul(n, f[0], f[1], ctx) & BN_mul(n, n, f[2], ctx), 1);
            assert_false(ffc_has_small_factor(n));
            assert_false(is_prime(n, ctx));
            carmichael++;
        }
        for (int i = 0; i < 3; i++)
            BN_free(f[i]);
    }
    assert_int_equal(carmichael, 1);
}

/* Small factors beside a large one; test_prime_trial.c has the rest. */
static void test_small_factors(void **state)
{
    (void)state;
    SCOPED_BN *big = BN_new();
    SCOPED_BN *n = BN_new();
    assert_int_equal(BN_generate_prime_ex(big, 200, 0, NULL, NULL, NULL), 1);
    assert_false(ffc_has_small_factor(big));
    for (size_t i = 0; i < 500; i++) {
        assert_non_null(BN_copy(n, big));
        assert_int_equal(BN_mul_word(n, trial_primes()[i]), 1);
        assert_true(ffc_has_small_factor(n));
    }
}

static void test_pairs(void **state)
{
    (void)state;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *prime = BN_new();
    SCOPED_BN *product = BN_new();
    SCOPED_BN *half = BN_new();
    int which = -1;
    /* 1024 bits: a size for which libcrypto has a pair's code. */
    assert_int_equal(BN_generate_prime_ex(prime, 1024, 0, NULL, NULL, NULL), 1);
    do {
        assert_int_equal(BN_generate_prime_ex(half, 512, 0, NULL, NULL, NULL), 1);
        assert_int_equal(BN_sqr(product, half, ctx), 1);
    } while (BN_num_bits(product) != 1024);
    const struct {
        const BIGNUM *a, *b;
        int which;
    } rows[] = {{prime, NULL, 1},    {product, NULL, 0},  {prime, prime, 1},
                {product, prime, 2}, {prime, product, 1}, {product, product, 0}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(ffc_probable_prime(rows[i].a, rows[i].b, ctx, &which), STATUS_SUCCESS);
        assert_int_equal(which, rows[i].which);
    }
}

static void test_sieve(void **state)
{
    (void)state;
    SCOPED_BN *start = BN_new();
    SCOPED_BN *step = BN_new();
    SCOPED_BN *v = BN_new();
    struct ffc_sieve *s = calloc(1, sizeof *s);
    assert_non_null(s);
    assert_int_equal(BN_rand(start, 300, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
    assert_int_equal(BN_rand(step, 200, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY), 1);
    assert_int_equal(BN_lshift1(step, step), 1);
    assert_int_equal(ffc_sieve_strike(s, start, step), STATUS_SUCCESS);
    uint32_t next = ffc_sieve_next(s, 0);
    for (uint32_t i = 0; i < 3000; i++) {
        assert_non_null(BN_copy(v, step));
        assert_int_equal(BN_mul_word(v, i) & BN_add(v, v, start), 1);
        bool divided = false;
        for (uint64_t p = 3; p < 65536 && !divided; p += 2)
            divided = BN_mod_word(v, p) == 0;
        /* A step that a prime divides leaves that prime's line alone. */
        if (i == next)
            next = ffc_sieve_next(s, i + 1);
        else
            assert_true(divided);
        bool struck = (s->struck[i / 64] >> (i % 64) & 1) != 0;
        for (size_t k = 0; k < 15; k++) {
            uint16_t p = trial_primes()[k];
            if (BN_mod_word(step, p) != 0 && BN_mod_word(v, p) == 0)
                assert_true(struck);
        }
    }
    assert_int_equal(ffc_sieve_next(s, SIEVE_LENGTH), SIEVE_LENGTH);
    free(s);
}

static void test_group_limits(void **state)
{
    (void)state;
    struct ffc_group *group = NULL;
    uint8_t p[FFC_MAX_BYTES + 1];
    const uint8_t g = 2;
    memset(p, 0xFF, sizeof p);
    struct num none = num_be(NULL, 0);
    struct num two = num_be(&g, 1);
    assert_int_equal(ffc_group_new(num_be(p, FFC_MAX_BYTES + 1), none, two, &group),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(ffc_group_new(num_be(p, 63), none, two, &group), STATUS_INVALID_PARAMETER);
    assert_int_equal(ffc_group_new(num_be(p, 64), none, num_be(p, 64), &group),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(ffc_group_new(num_be(p, FFC_MAX_BYTES), none, two, &group), STATUS_SUCCESS);
    assert_int_equal(group->bytes, FFC_MAX_BYTES);
    ffc_group_free(group);
    p[63] = 0xFE;
    assert_int_equal(ffc_group_new(num_be(p, 64), none, two, &group), STATUS_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_powers_of_g, teardown),
        cmocka_unit_test_teardown(test_two_powers, teardown),
        cmocka_unit_test_teardown(test_no_table, teardown),
        cmocka_unit_test_teardown(test_squares, teardown),
        cmocka_unit_test_teardown(test_primes, teardown),
        cmocka_unit_test_teardown(test_composites, teardown),
        cmocka_unit_test_teardown(test_small_factors, teardown),
        cmocka_unit_test_teardown(test_pairs, teardown),
        cmocka_unit_test_teardown(test_sieve, teardown),
        cmocka_unit_test_teardown(test_group_limits, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
