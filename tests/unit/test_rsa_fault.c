/*
 * test_rsa_fault [INJECTIONS]: faults in the private operation of RSA. One bit of a prime, an exponent or the coefficient is another for the length of one
 * signature: it is the right signature or none, never a wrong one, from which anybody could compute the factors (Boneh, DeMillo and
 * Lipton 1997).
 */
#include "crypto_check.h"

#include "registry.h"
#include "router.h"
#include "rsa_key.h"

static unsigned injections = 1000; /* of each scheme */

/* The key of the algorithm's self-test. */
static struct key *known_key(struct alg *alg)
{
    const struct known_answer *a = rsa_class.selftest->answers;
    const struct key_format *f = rsa_class.asym->formats;
    while (strcmp(f->name, a->format) != 0)
        f++;
    struct key *key = NULL;
    assert_int_equal(f->import(alg, f, a->key, 0, &key), 0);
    atomic_store(&key->state, KEY_FINAL);
    return key;
}

static const BIGNUM *part_of(const RSA *rsa, unsigned i)
{
    switch (i % 5) {
    case 0:
        return RSA_get0_p(rsa);
    case 1:
        return RSA_get0_q(rsa);
    case 2:
        return RSA_get0_dmp1(rsa);
    case 3:
        return RSA_get0_dmq1(rsa);
    default:
        return RSA_get0_iqmp(rsa);
    }
}

/* libcrypto's number begins with the pointer to its words. */
static uint8_t *bytes_of(const BIGNUM *n)
{
    void *words;
    memcpy(&words, n, sizeof words);
    return words;
}

static void flip(const BIGNUM *number, unsigned bit)
{
    bytes_of(number)[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

struct count {
    unsigned right, refused, wrong;
};

/* One signature by a key with a wrong bit, which is wrong before the key is first used, so that everything is derived from it, or
 * after. */
static void inject(struct key *key, const struct known_answer *a, unsigned i, unsigned *seed,
                   bool spoil_d, struct count *count)
{
    uint8_t made[RSA_MAX_BYTES] = {0};
    static const uint8_t nothing[RSA_MAX_BYTES];
    uint32_t n = 0;
    const RSA *rsa = rsa_key_of(key)->rsa;
    const BIGNUM *part = part_of(rsa, i);
    unsigned bit = (unsigned)rand_r(seed) % (unsigned)BN_num_bits(part);
    flip(part, bit);
    if (spoil_d)
        flip(RSA_get0_d(rsa), 100);
    NTSTATUS status = rsa_class.asym->sign(key, &a->pad, a->input,
                                           &(struct out){made, sizeof made, &n, WIDTH_16});
    if (spoil_d)
        flip(RSA_get0_d(rsa), 100);
    flip(part, bit);
    if (status < 0) {
        count->refused++;
        assert_memory_equal(made, nothing, sizeof made);
    } else if (n == a->output.n && memcmp(made, a->output.p, n) == 0) {
        count->right++;
    } else {
        count->wrong++;
    }
}

static struct count inject_all(bool fresh, bool spoil_d)
{
    struct count count = {0};
    unsigned seed = 1;
    struct alg *alg;
    assert_int_equal(alg_new(&rsa_class, 0, &alg), STATUS_SUCCESS);
    for (size_t answer = 0; answer < rsa_class.selftest->count; answer++) {
        const struct known_answer *a = &rsa_class.selftest->answers[answer];
        if (a->kind != ANSWER_SIGN)
            continue;
        struct key *key = known_key(alg);
        for (unsigned i = 0; i < injections / 2; i++) {
            if (fresh && i > 0) {
                key_free(key);
                key = known_key(alg);
            }
            inject(key, a, i, &seed, spoil_d, &count);
        }
        key_free(key);
    }
    alg->object.destroy(&alg->object);
    return count;
}

static void no_wrong_signature_leaves(void **state)
{
    (void)state;
    for (int fresh = 0; fresh < 2; fresh++) {
        struct count count = inject_all(fresh, false);
        print_message("# %s: %u right, %u refused, %u wrong\n",
                      fresh ? "before the first use" : "after it", count.right, count.refused,
                      count.wrong);
        print_message(
            "# figure: 28 %u faults in p, q, dp, dq or q's inverse %s: %u bad signatures left\n",
            count.right + count.refused + count.wrong, fresh ? "before the first use" : "after it",
            count.wrong);
        assert_int_equal(count.wrong, 0);
        assert_true(count.right + count.refused >= injections);
    }
}

/* libcrypto sees that the halves do not fit, and takes the exponent d. Where that is wrong as well the result shows it: so the
 * faults above were real ones. */
static void the_faults_are_real(void **state)
{
    (void)state;
    struct count count = inject_all(true, true);
    print_message("# with d: %u right, %u refused, %u wrong\n", count.right, count.refused,
                  count.wrong);
    assert_true(count.right == 0);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        injections = (unsigned)strtoul(argv[1], NULL, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_wrong_signature_leaves),
        cmocka_unit_test(the_faults_are_real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
