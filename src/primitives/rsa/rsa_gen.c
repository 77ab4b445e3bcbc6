/*
 * Generating RSA keys (rsa_gen.h): the method of FIPS 186-5 A.1.3, "random primes that are probably
 * prime", with the rounds of Miller and Rabin of table B.1.
 *
 * rsa_candidate.c draws the candidates and says why each is drawn afresh; rsa_search.c finds two
 * that pass a first round. The remaining rounds of both are done here, side by side.
 */
#include "rsa_gen.h"

#include "ct.h"
#include "rsa_candidate.h"
#include "rsa_key.h"
#include "rsa_prime.h"
#include "rsa_search.h"

/* Step 5.4: the primes must not be close to each other. The probability is 2^-99. */
static NTSTATUS far_apart(const struct rsa_parts *k, int bits, bool *far)
{
    SCOPED_BN *difference = BN_secure_new();
    if (difference == NULL || BN_sub(difference, k->p, k->q) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    *far = ct_public(BN_num_bits(difference) > bits - 100);
    return STATUS_SUCCESS;
}

/* Numbers that pass one round and fail another, and primes that are close to each other, are so rare
 * that beginning anew with both costs nothing. */
static NTSTATUS find_primes(int bits, unsigned threads, struct rsa_parts *k)
{
    unsigned rounds = prime_rounds_random(bits) - 1;
    bool far = false;
    bool prime = false;
    while (!far || !prime) {
        bn_done(&k->p);
        bn_done(&k->q);
        TRY(rsa_search_pair(bits, threads, &k->p, &k->q));
        TRY(far_apart(k, bits, &far));
        TRY(prime_test_pair(k->p, k->q, rounds, &prime));
    }
    /* Which was found first is nobody's concern. */
    if (ct_public(BN_cmp(k->p, k->q) < 0))
        BN_swap(k->p, k->q);
    return STATUS_SUCCESS;
}

NTSTATUS rsa_generate(uint32_t bits, unsigned threads, struct rsa_parts *k)
{
    SCOPED_BN_CTX *ctx = BN_CTX_secure_new_ex(ossl_ctx());
    k->e = BN_new();
    k->n = BN_new();
    if (ctx == NULL || k->e == NULL || k->n == NULL || BN_set_word(k->e, RSA_FRESH_EXPONENT) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    k->p_bits = k->q_bits = (int)(bits / 2);
    TRY(find_primes(k->p_bits, threads, k));
    if (BN_mul(k->n, k->p, k->q, ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(rsa_parts_derive(k, ctx));
    /* A private exponent this short has a probability of 2^-(bits/2) (A.1.1). */
    bool long_enough = ct_public(BN_num_bits(k->d) > k->p_bits);
    return long_enough ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}
