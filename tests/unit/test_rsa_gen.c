/*
 * Many fresh RSA keys: each by itself, and what they are together.
 *
 *   test_rsa_gen [TIMES]    TIMES as many keys as in ./dev test (1,000 of 1024 and of 2048 bits, 100 of
 *                           3072, 40 of 4096)
 *
 * Keys are made in turns by every way that this machine has: with vectors and without, with two
 * exponentiations at a time and one after the other, with one thread and two.
 *
 * A sound generator fails the statistics with a probability below 10^-9: the seven sums of squares
 * exceed their bounds with 10^-10 each, and that any of 5120 bits leans as much has less than
 * 2 * exp(-32) for each (Hoeffding).
 */
#include "rsa_fixture.h"

#include "ffc_prime.h"
#include "lanes_cpu.h"
#include "rsa_gen.h"
#include "rsa_prime.h"
#include "rsa_roca.h"

#define DEVIATIONS 8.0

static unsigned times = 1;

/* ---- sums of squares ------------------------------------------------------------------------ */

#define MOST_CLASSES 16

/* Residues of the primes modulo `modulus`, each odd class (and none that shares a factor) as often
 * as the others; modulus 0: sixteen equal parts of the range, by the top 64 bits. */
struct tally {
    unsigned modulus;
    size_t classes;
    double bound; /* exceeded with a probability of 10^-10 */
    unsigned long count[MOST_CLASSES];
};

static struct tally tallies[] = {
    {0, 16, 79.15}, {16, 8, 60.90},  {3, 2, 41.83},   {5, 4, 49.55},
    {7, 6, 55.57},  {11, 10, 65.82}, {13, 12, 70.46},
};

#define ROOT_OF_TWO 0xB504F333F9DE6484u

static uint64_t top_bits(const BIGNUM *p)
{
    uint64_t top = 0;
    int bits = BN_num_bits(p);
    for (int i = 1; i <= 64; i++)
        top = top << 1 | (uint64_t)BN_is_bit_set(p, bits - i);
    return top;
}

static size_t class_of(const struct tally *t, const BIGNUM *p)
{
    if (t->modulus == 0)
        return (size_t)((double)(top_bits(p) - ROOT_OF_TWO) / (double)(0 - ROOT_OF_TWO) * 16) % 16;
    size_t r = BN_mod_word(p, t->modulus);
    assert_true(r != 0);
    return t->modulus == 16 ? r / 2 : r - 1;
}

static void tally_up(const BIGNUM *p)
{
    for (size_t i = 0; i < ARRAY_COUNT(tallies); i++) {
        size_t class = class_of(&tallies[i], p);
        assert_true(class < tallies[i].classes);
        tallies[i].count[class]++;
    }
}

static double square(double v)
{
    return v * v;
}

static void tallies_are_even(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(tallies); i++) {
        const struct tally *t = &tallies[i];
        double all = 0, sum = 0;
        for (size_t k = 0; k < t->classes; k++)
            all += (double)t->count[k];
        double expected = all / (double)t->classes;
        assert_true(expected > 100);
        for (size_t k = 0; k < t->classes; k++)
            sum += square((double)t->count[k] - expected) / expected;
        print_message("# modulus %u: sum of squares %.1f, bound %.1f\n", t->modulus, sum, t->bound);
        assert_true(sum < t->bound);
    }
}

/* ---- single bits ---------------------------------------------------------------------------- */

/* The top bits are not even, because primes begin at the root of two; the effect on a bit halves
 * from one to the next. */
#define TOP_BITS_LEFT_OUT 24

static void bits_are_even(const unsigned long *ones, int bits, unsigned long primes)
{
    double most = DEVIATIONS * DEVIATIONS * (double)primes / 4;
    for (int i = 1; i < bits - TOP_BITS_LEFT_OUT; i++)
        assert_true(square((double)ones[i] - (double)primes / 2) < most);
    assert_int_equal(ones[0], primes);
    assert_int_equal(ones[bits - 1], primes);
}

/* ---- keys ----------------------------------------------------------------------------------- */

struct many {
    int bits; /* of a prime */
    size_t keys;
    size_t slow_check; /* every such key is checked by libcrypto too, whose test takes longer than
                          making the key */
    unsigned fingerprints;
    unsigned long *ones;
    BIGNUM **primes; /* two for each key */
    BN_CTX *ctx;
};

/* The ways of making a key take turns. */
static unsigned choose_way(size_t i)
{
    lanes_restrict(i % 4 == 1 ? 0 : ~0u);
    prime_rounds_together(i % 4 != 2);
    return i % 4 == 3 ? 2 : 1;
}

static void check_prime(struct many *m, const BIGNUM *p, size_t i)
{
    SCOPED_BN *twice = BN_new();
    bool prime;
    assert_int_equal(BN_num_bits(p), m->bits);
    assert_int_equal(BN_sqr(twice, p, m->ctx), 1);
    assert_int_equal(BN_num_bits(twice), 2 * m->bits); /* at least the root of two */
    assert_true(BN_mod_word(p, 65537) != 1);
    assert_int_equal(BN_get_flags(p, BN_FLG_CONSTTIME | BN_FLG_SECURE) & BN_FLG_CONSTTIME,
                     BN_FLG_CONSTTIME);
    assert_int_equal(ffc_is_prime(p, 2, m->ctx, &prime), STATUS_SUCCESS);
    assert_true(prime);
    if (i % m->slow_check == 0)
        assert_int_equal(BN_check_prime(p, m->ctx, NULL), 1);
    for (int bit = 0; bit < m->bits; bit++)
        m->ones[bit] += (unsigned)BN_is_bit_set(p, bit);
    tally_up(p);
}

static void check_key(struct many *m, const struct rsa_parts *k, size_t i)
{
    SCOPED_BN *v = BN_new();
    uint8_t n[RSA_MAX_BYTES];
    assert_int_equal(BN_num_bits(k->n), 2 * m->bits);
    assert_true(BN_is_word(k->e, 65537));
    assert_int_equal(BN_mul(v, k->p, k->q, m->ctx), 1);
    assert_int_equal(BN_cmp(v, k->n), 0);
    assert_int_equal(BN_sub(v, k->p, k->q), 1);
    assert_false(BN_is_negative(v));
    assert_true(BN_num_bits(v) > m->bits - 100);
    assert_true(BN_num_bits(k->d) > m->bits);
    check_prime(m, k->p, i);
    check_prime(m, k->q, i);
    assert_int_equal(BN_bn2binpad(k->n, n, m->bits / 4), m->bits / 4);
    m->fingerprints += rsa_roca_shows(span_of(n, (size_t)m->bits / 4));
}

static int by_value(const void *a, const void *b)
{
    return BN_cmp(*(BIGNUM *const *)a, *(BIGNUM *const *)b);
}

/* The factors are prime: moduli that share one have it twice in the list. */
static void primes_differ(struct many *m)
{
    qsort(m->primes, 2 * m->keys, sizeof(BIGNUM *), by_value);
    for (size_t i = 1; i < 2 * m->keys; i++)
        assert_int_not_equal(BN_cmp(m->primes[i - 1], m->primes[i]), 0);
}

static void make_keys(int modulus_bits, size_t keys, size_t slow_check)
{
    struct many m = {.bits = modulus_bits / 2, .keys = keys, .slow_check = slow_check};
    m.ones = calloc((size_t)m.bits, sizeof *m.ones);
    m.primes = calloc(2 * keys, sizeof(BIGNUM *));
    m.ctx = BN_CTX_new();
    for (size_t i = 0; i < keys; i++) {
        RSA_PARTS k = {0};
        unsigned threads = choose_way(i);
        assert_int_equal(rsa_generate((uint32_t)modulus_bits, threads, &k), STATUS_SUCCESS);
        assert_no_errors_left();
        check_key(&m, &k, i);
        m.primes[2 * i] = BN_dup(k.p);
        m.primes[2 * i + 1] = BN_dup(k.q);
    }
    lanes_restrict(~0u);
    prime_rounds_together(true);
    primes_differ(&m);
    bits_are_even(m.ones, m.bits, 2 * keys);
    /* One sound modulus in 2^27 shows it. */
    assert_true(m.fingerprints <= 1);
    for (size_t i = 0; i < 2 * keys; i++)
        BN_free(m.primes[i]);
    free(m.ones), free(m.primes);
    BN_CTX_free(m.ctx);
}

static void keys_of_1024(void **state)
{
    (void)state;
    make_keys(1024, 1000 * times, 4);
}

static void keys_of_2048(void **state)
{
    (void)state;
    make_keys(2048, 1000 * times, 20);
}

static void keys_of_3072(void **state)
{
    (void)state;
    make_keys(3072, 100 * times, 10);
}

static void keys_of_4096(void **state)
{
    (void)state;
    make_keys(4096, 40 * times, 10);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_1024),     cmocka_unit_test(keys_of_2048),
        cmocka_unit_test(keys_of_3072),     cmocka_unit_test(keys_of_4096),
        cmocka_unit_test(tallies_are_even),
    };
    if (argc > 1)
        times = (unsigned)strtoul(argv[1], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
