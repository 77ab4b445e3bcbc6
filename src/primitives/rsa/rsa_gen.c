/*
 * Generating RSA keys (rsa_gen.h): the method of FIPS 186-5 A.1.3, "random primes that are probably
 * prime".
 *
 * Each candidate is drawn afresh, so that whatever time and memory show of a candidate that is
 * thrown away says nothing about the prime that is kept; the one that is kept takes every step in
 * constant time. What makes it quick:
 *
 *   - a candidate first meets the small primes, a word's worth of them at a time, without a
 *     division (Jebelean's exact remainder); one in eight survives;
 *   - two candidates are tested at a time, because libcrypto does two exponentiations as fast as
 *     one where the machine has AVX-512 IFMA (rsa_prime.c); a candidate that passes its first round
 *     is set aside, and the remaining rounds of both factors are done together at the end.
 */
#include "rsa_gen.h"

#include <endian.h>
#include <string.h>

#include <openssl/rand.h>

#include "ct.h"
#include "ffc_sieve.h"
#include "rsa_key.h"
#include "rsa_prime.h"

#define EXPONENT 65537u

/* The top 64 bits of the square root of 2: both factors are at least that much times a power of
 * two, so that their product has the full length (A.1.3, steps 4.4 and 5.5). */
#define ROOT_OF_TWO 0xB504F333F9DE6484u

#define MAX_WORDS (RSA_MAX_BITS / 2 / 64)
#define DRAWN_BYTES 8192 /* at once; several of the largest candidates */

/* ---- candidates ----------------------------------------------------------------------------- */

struct search {
    int bits; /* of a prime */
    size_t bytes;
    unsigned long left; /* candidates until we give up */
    BN_CTX *ctx;
    BIGNUM *candidate;
    struct prime_lane lanes[2];
    struct secret drawn; /* random bytes */
    size_t used;
};

static void search_done(struct search *s)
{
    BN_clear_free(s->candidate);
    prime_lane_done(&s->lanes[0]);
    prime_lane_done(&s->lanes[1]);
    secret_done(&s->drawn);
    BN_CTX_free(s->ctx);
}

static NTSTATUS search_init(struct search *s, uint32_t modulus_bits)
{
    *s = (struct search){.bits = (int)(modulus_bits / 2), .bytes = modulus_bits / 16};
    /* A.1.3 allows 5 * bits for p and 10 * bits for q after the comparison with the root. */
    s->left = 15ul * modulus_bits;
    TRY(secret_new(&s->drawn, DRAWN_BYTES));
    s->used = DRAWN_BYTES;
    s->ctx = BN_CTX_new_ex(ossl_ctx());
    s->candidate = BN_secure_new();
    if (s->ctx == NULL || s->candidate == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    BN_set_flags(s->candidate, BN_FLG_CONSTTIME);
    return STATUS_SUCCESS;
}

static NTSTATUS draw(struct search *s, uint8_t *to, size_t n)
{
    if (s->drawn.n - s->used < n) {
        if (RAND_priv_bytes_ex(ossl_ctx(), s->drawn.p, s->drawn.n, 0) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        s->used = 0;
    }
    memcpy(to, s->drawn.p + s->used, n);
    s->used += n;
    return STATUS_SUCCESS;
}

static uint64_t top_word(const uint8_t *number)
{
    uint64_t word;
    memcpy(&word, number, sizeof word);
    return be64toh(word);
}

/* A random odd number of the right size, big-endian. While it is too small its top word is drawn
 * again, which gives the same distribution as drawing all of it. */
static NTSTATUS next_number(struct search *s, uint8_t number[RSA_MAX_BYTES / 2])
{
    TRY(draw(s, number, s->bytes));
    while (top_word(number) <= ROOT_OF_TWO)
        TRY(draw(s, number, sizeof(uint64_t)));
    number[s->bytes - 1] |= 1;
    return STATUS_SUCCESS;
}

/* ---- small factors -------------------------------------------------------------------------- */

/* All ones when the small prime divides r. Only public numbers are divided. */
static uint64_t divides(uint32_t prime, uint64_t r)
{
    uint64_t reciprocal = UINT64_MAX / prime;
    uint64_t q = (uint64_t)((unsigned __int128)r * reciprocal >> 64);
    uint64_t rest = r - q * prime; /* below 2 * prime */
    return ct_is_zero((uint32_t)rest) | ct_eq((uint32_t)rest, prime);
}

/* Least significant word first. */
static size_t read_words(const uint8_t *number, size_t bytes, uint64_t words[MAX_WORDS])
{
    size_t count = (bytes + 7) / 8;
    for (size_t i = 0; i < count; i++) {
        words[i] = 0;
        for (size_t k = 0; k < 8 && 8 * i + k < bytes; k++)
            words[i] |= (uint64_t)number[bytes - 1 - (8 * i + k)] << (8 * k);
    }
    return count;
}

/* Leaves off at the first group that says so. */
static bool has_small_factor(const uint64_t *words, size_t count)
{
    const struct prime_group *groups = prime_groups();
    for (size_t i = 0; i < PRIME_GROUPS; i++) {
        uint64_t r = prime_group_residue(&groups[i], words, count);
        uint64_t found = 0;
        for (size_t k = 0; k < groups[i].count; k++)
            found |= divides(groups[i].primes[k], r);
        if (found != 0)
            return true;
    }
    return false;
}

/* Whether e divides the number less one, so that it could have no inverse. */
static bool spoils_exponent(const uint64_t *words, size_t count)
{
    uint64_t sum = 0; /* the same modulo e, of which 2^32 - 1 is a multiple */
    for (size_t i = 0; i < count; i++)
        sum += (words[i] >> 32) + (words[i] & UINT32_MAX);
    return divides(EXPONENT, sum - 1) != 0;
}

static bool is_hopeless(const uint8_t *number, size_t bytes)
{
    uint64_t words[MAX_WORDS];
    size_t count = read_words(number, bytes, words);
    bool hopeless = has_small_factor(words, count) || spoils_exponent(words, count);
    wipe(words, count * sizeof *words);
    return hopeless;
}

static NTSTATUS next_candidate(struct search *s, struct prime_lane *lane)
{
    uint8_t number[RSA_MAX_BYTES / 2];
    do {
        if (s->left-- == 0)
            return STATUS_INTERNAL_ERROR; /* does not happen with a sound random number generator */
        TRY(next_number(s, number));
    } while (is_hopeless(number, s->bytes));
    bool read = BN_bin2bn(number, (int)s->bytes, s->candidate) != NULL;
    wipe(number, sizeof number);
    return read ? prime_lane_set(lane, s->candidate, s->ctx) : ossl_failed(STATUS_NO_MEMORY);
}

/* ---- primes --------------------------------------------------------------------------------- */

/* Goes on until a lane holds a number that passed a round, and takes it out. */
static NTSTATUS find_one(struct search *s, BIGNUM **out)
{
    struct prime_lane *a = &s->lanes[0], *b = &s->lanes[1];
    while (a->passed == 0 && b->passed == 0) {
        TRY(next_candidate(s, a));
        TRY(next_candidate(s, b));
        TRY(prime_round(a, b, s->ctx));
    }
    struct prime_lane *found = a->passed > 0 ? a : b;
    *out = found->w;
    found->w = NULL;
    prime_lane_done(found);
    return STATUS_SUCCESS;
}

/* Step 5.4: the primes must not be close to each other. */
static NTSTATUS far_apart(const struct search *s, const struct rsa_parts *k, bool *far)
{
    SCOPED_BN *difference = BN_secure_new();
    if (difference == NULL || BN_sub(difference, k->p, k->q) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    *far = BN_num_bits(difference) > s->bits - 100;
    return STATUS_SUCCESS;
}

static NTSTATUS find_pair(struct search *s, struct rsa_parts *k)
{
    TRY(find_one(s, &k->p));
    for (bool far = false; !far;) {
        bn_done(&k->q);
        TRY(find_one(s, &k->q));
        TRY(far_apart(s, k, &far));
    }
    if (BN_cmp(k->p, k->q) < 0)
        BN_swap(k->p, k->q);
    return STATUS_SUCCESS;
}

/* Numbers that pass one round and fail another are so rare that beginning
 * anew with both costs nothing. */
static NTSTATUS find_primes(struct search *s, struct rsa_parts *k)
{
    unsigned rounds = prime_rounds_random(s->bits) - 1;
    bool prime = false;
    while (!prime) {
        bn_done(&k->p);
        bn_done(&k->q);
        TRY(find_pair(s, k));
        TRY(prime_test_pair(k->p, k->q, rounds, &prime));
    }
    return STATUS_SUCCESS;
}

NTSTATUS rsa_generate(uint32_t bits, struct rsa_parts *k)
{
    CLEANUP(search_done) struct search s = {0};
    TRY(search_init(&s, bits));
    k->e = BN_new();
    k->n = BN_new();
    if (k->e == NULL || k->n == NULL || BN_set_word(k->e, EXPONENT) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(find_primes(&s, k));
    k->p_bits = k->q_bits = s.bits;
    if (BN_mul(k->n, k->p, k->q, s.ctx) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(rsa_parts_derive(k, s.ctx));
    /* A private exponent this short has a probability of 2^-(bits/2) (A.1.1). */
    return BN_num_bits(k->d) > s.bits ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}
