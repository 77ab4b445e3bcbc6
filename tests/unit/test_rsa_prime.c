/* Finding and testing the factors of RSA keys, and the memory of moduli that were tested. */
#include "rsa_fixture.h"

#include "rsa_gen.h"
#include "rsa_known.h"
#include "rsa_prime.h"

static bool test_pair(const BIGNUM *p, const BIGNUM *q, unsigned rounds)
{
    bool prime = true;
    assert_int_equal(prime_test_pair(p, q, rounds, &prime), STATUS_SUCCESS);
    assert_no_errors_left();
    return prime;
}

static void primes_pass(void **state)
{
    (void)state;
    static const int sizes[][2] = {{128, 128}, {256, 512}, {1024, 1024}, {1536, 1536}, {700, 130}};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        BIGNUM *p = prime_of(sizes[i][0]);
        BIGNUM *q = prime_of(sizes[i][1]);
        assert_true(test_pair(p, q, 3));
        BN_free(p);
        BN_free(q);
    }
    /* When a high power of two divides p - 1 the way to -1 is long. */
    BIGNUM *proth = NULL;
    assert_int_not_equal(BN_dec2bn(&proth, "180143985094819841"), 0); /* 5 * 2^55 + 1 */
    assert_true(test_pair(proth, proth, 20));
    BN_free(proth);
}

static void composites_do_not(void **state)
{
    (void)state;
    BIGNUM *p = prime_of(512), *c = BN_dup(p), *square = BN_new();
    BN_CTX *ctx = BN_CTX_new();
    for (int i = 0; i < 20; i++) {
        assert_int_equal(BN_add_word(c, 2), 1);
        if (BN_check_prime(c, ctx, NULL) == 1)
            continue;
        assert_false(test_pair(c, p, 8));
        assert_false(test_pair(p, c, 8));
        assert_false(test_pair(c, c, 8));
    }
    assert_int_equal(BN_sqr(square, p, ctx), 1);
    assert_false(test_pair(square, p, 8));
    BN_free(p), BN_free(c), BN_free(square);
    BN_CTX_free(ctx);
}

/* (6k+1)(12k+1)(18k+1), all three prime: it passes Fermat's test with every base, and Miller and
 * Rabin's with about as many as a composite number can. */
static void carmichael_numbers_do_not(void **state)
{
    (void)state;
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *k = BN_new(), *f[3] = {BN_new(), BN_new(), BN_new()}, *n = BN_new();
    BIGNUM *p = prime_of(256);
    assert_int_equal(BN_set_word(k, 1), 1);
    assert_int_equal(BN_lshift(k, k, 60), 1);
    int found = 0;
    while (found < 2) {
        assert_int_equal(BN_add_word(k, 1), 1);
        bool prime = true;
        for (BN_ULONG i = 0; i < 3 && prime; i++) {
            assert_non_null(BN_copy(f[i], k));
            assert_int_equal(BN_mul_word(f[i], 6 * (i + 1)) & BN_add_word(f[i], 1), 1);
            prime = BN_check_prime(f[i], ctx, NULL) == 1;
        }
        if (!prime)
            continue;
        assert_int_equal(BN_mul(n, f[0], f[1], ctx) & BN_mul(n, n, f[2], ctx), 1);
        assert_false(test_pair(n, p, 16));
        found++;
    }
    BN_free(k), BN_free(n), BN_free(p);
    for (size_t i = 0; i < 3; i++)
        BN_free(f[i]);
    BN_CTX_free(ctx);
}

static void rounds_grow_smaller(void **state)
{
    (void)state;
    /* FIPS 186-5, table B.1 */
    assert_int_equal(prime_rounds_random(1024), 5);
    assert_int_equal(prime_rounds_random(1536), 4);
    assert_int_equal(prime_rounds_random(2048), 4);
    for (int bits = 128; bits < 8192; bits += 32) {
        assert_true(prime_rounds_random(bits) >= prime_rounds_random(bits + 32));
        assert_true(prime_rounds_random(bits) >= 4);
        assert_true(prime_rounds_chosen(bits) >= 4);
    }
}

static void generated_numbers(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {512, 576, 1024, 1984};
    BIGNUM *gap = BN_new();
    for (size_t i = 0; i < 3 * ARRAY_COUNT(sizes); i++) {
        int bits = (int)sizes[i % ARRAY_COUNT(sizes)];
        RSA_PARTS k = {0};
        assert_int_equal(rsa_generate((uint32_t)bits, 1, &k), STATUS_SUCCESS);
        assert_int_equal(BN_num_bits(k.n), bits);
        assert_int_equal(BN_num_bits(k.p), bits / 2);
        assert_int_equal(BN_num_bits(k.q), bits / 2);
        assert_true(BN_cmp(k.p, k.q) > 0);
        assert_int_equal(BN_sub(gap, k.p, k.q), 1);
        assert_true(BN_num_bits(gap) > bits / 2 - 100);
        assert_true(BN_is_word(k.e, 65537));
        assert_true(BN_get_flags(k.p, BN_FLG_CONSTTIME) != 0);
        assert_int_equal(BN_check_prime(k.p, NULL, NULL), 1);
        assert_int_equal(BN_check_prime(k.q, NULL, NULL), 1);
        assert_no_errors_left();
    }
    BN_free(gap);
}

static void remembers_moduli(void **state)
{
    (void)state;
    uint8_t n[256];
    fill(n, sizeof n, 1);
    const struct span modulus = {n, sizeof n};
    assert_false(rsa_known_has(modulus));
    rsa_known_add(modulus);
    assert_true(rsa_known_has(modulus));
    assert_false(rsa_known_has((struct span){n, sizeof n - 1}));
    n[255] ^= 1;
    assert_false(rsa_known_has(modulus));
    /* What is pushed out is forgotten, and what is remembered was added. */
    for (int i = 0; i < 2000; i++) {
        memcpy(n, &i, sizeof i);
        assert_false(rsa_known_has(modulus));
        rsa_known_add(modulus);
        assert_true(rsa_known_has(modulus));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(primes_pass),
        cmocka_unit_test(composites_do_not),
        cmocka_unit_test(carmichael_numbers_do_not),
        cmocka_unit_test(rounds_grow_smaller),
        cmocka_unit_test(generated_numbers),
        cmocka_unit_test(remembers_moduli),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
