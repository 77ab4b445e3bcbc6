/* Trial division, by each of its kernels that this machine has, against libcrypto's remainders. */
#include "crypto_check.h"

#include <openssl/bn.h>

#include "lanes_cpu.h"
#include "ossl.h"
#include "prime_trial.h"

#define MOST_WORDS 160 /* more than the vectors' kernel takes */
#define ALWAYS 500     /* primes, at every length */
#define ALL_FROM 24    /* words */

/* With the vectors' instructions hidden, and as the machine is. */
static const unsigned visible[] = {0, ~0u};

static size_t words_of(const BIGNUM *n, uint64_t words[MOST_WORDS])
{
    size_t count = ((size_t)BN_num_bits(n) + 63) / 64;
    assert_true(count <= MOST_WORDS);
    unsigned char bytes[8 * MOST_WORDS];
    assert_int_equal(BN_bn2lebinpad(n, bytes, (int)(8 * count)), 8 * count);
    for (size_t i = 0; i < count; i++) {
        words[i] = 0;
        for (size_t k = 0; k < 8; k++)
            words[i] |= (uint64_t)bytes[8 * i + k] << (8 * k);
    }
    return count;
}

static bool finds(const BIGNUM *n)
{
    uint64_t words[MOST_WORDS];
    size_t count = words_of(n, words);
    return trial_finds_factor(words, count);
}

/* The place of the first prime that divides n among the odd ones, or TRIAL_PRIMES. */
static size_t first_factor(const BIGNUM *n)
{
    size_t i = 0;
    while (i < TRIAL_PRIMES && BN_mod_word(n, trial_primes()[i]) != 0)
        i++;
    return i;
}

static void the_primes(void **state)
{
    (void)state;
    const uint16_t *primes = trial_primes();
    size_t found = 0;
    for (uint32_t v = 3; v < TRIAL_LIMIT; v += 2) {
        bool prime = true;
        for (uint32_t d = 3; d * d <= v && prime; d += 2)
            prime = v % d != 0;
        if (!prime)
            continue;
        assert_true(found < TRIAL_PRIMES);
        assert_int_equal(primes[found], v);
        found++;
    }
    assert_int_equal(found, TRIAL_PRIMES);
}

/* Each prime alone beside numbers without small factors, of a length at which all are tried. */
static void each_prime(void **state)
{
    (void)state;
    BIGNUM *big = BN_new(), *n = BN_new();
    assert_int_equal(BN_generate_prime_ex(big, 64 * ALL_FROM, 0, NULL, NULL, NULL), 1);
    for (size_t v = 0; v < ARRAY_COUNT(visible); v++) {
        lanes_restrict(visible[v]);
        assert_false(finds(big));
        for (size_t i = 0; i < TRIAL_PRIMES; i++) {
            assert_non_null(BN_copy(n, big));
            assert_int_equal(BN_mul_word(n, trial_primes()[i]), 1);
            assert_true(finds(n));
        }
    }
    lanes_restrict(~0u);
    BN_free(big), BN_free(n);
}

/* Random numbers of all lengths: what is found is there, and what must be tried is found. */
static void random_numbers(void **state)
{
    (void)state;
    BIGNUM *n = BN_new();
    unsigned without = 0;
    for (size_t v = 0; v < ARRAY_COUNT(visible); v++) {
        lanes_restrict(visible[v]);
        for (int i = 0; i < 1500; i++) {
            int bits = 65 + i * 7 % (64 * MOST_WORDS - 65);
            assert_int_equal(BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
            size_t first = first_factor(n);
            size_t words = ((size_t)bits + 63) / 64;
            bool found = finds(n);
            if (found)
                assert_true(first < TRIAL_PRIMES);
            if (first < (words >= ALL_FROM ? TRIAL_PRIMES : ALWAYS))
                assert_true(found);
            without += !found;
        }
    }
    lanes_restrict(~0u);
    assert_true(without > 100); /* a tenth is expected */
    BN_free(n);
}

/* Words that carry and borrow as far as words can, with a factor and without. */
static void edges(void **state)
{
    (void)state;
    BIGNUM *n = BN_new();
    for (size_t v = 0; v < ARRAY_COUNT(visible); v++) {
        lanes_restrict(visible[v]);
        for (int bits = 64; bits < 2200; bits++) {
            BN_zero(n);
            assert_int_equal(BN_set_bit(n, bits), 1);
            for (int k = 0; k < 2; k++) { /* 2^bits - 1, then 2^bits + 1 */
                assert_int_equal(k == 0 ? BN_sub_word(n, 1) : BN_add_word(n, 2), 1);
                size_t first = first_factor(n);
                if (finds(n))
                    assert_true(first < TRIAL_PRIMES);
                else
                    assert_true(first >= (bits >= 64 * ALL_FROM ? TRIAL_PRIMES : ALWAYS));
            }
        }
    }
    lanes_restrict(~0u);
    BN_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_primes),
        cmocka_unit_test(each_prime),
        cmocka_unit_test(random_numbers),
        cmocka_unit_test(edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
