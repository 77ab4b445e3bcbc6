/*
 * Drawing candidates (rsa_candidate.h): step 4 of FIPS 186-5 A.1.3, to the letter. Each is drawn
 * afresh from the random number generator, uniformly from the odd numbers in
 * [2^(bits - 1/2), 2^bits). So the primes that are found are uniform, too: nothing has to be argued
 * about their entropy, which is that of the generator's, less log2(bits * ln 2 / 2) for the numbers
 * that are not prime.
 *
 * The other way, a sieve over the numbers behind one random start, would save the drawing and a part
 * of the trial division. It is not taken, for two reasons. Primes behind a long gap would come more
 * often (not by much: Brandt and Damgard, "On generation of probable primes by incremental search",
 * CRYPTO '92). And everything that time or caches tell about the numbers that a sieve strikes is
 * about the one that it leaves, a few places further on; the remainders of that one by the small
 * primes have been read from trial divisions that way (Finke, Gebhardt and Schindler, "A new
 * side-channel attack on RSA prime generation", CHES 2009). Here a number that is thrown away has
 * nothing to do with the next. It may be thrown away as soon as anything speaks against it; the
 * branches below, and the exponentiations that libcrypto leaves early for nobody, tell of the number
 * that is kept only that nothing did.
 */
#include "rsa_candidate.h"

#include <endian.h>
#include <string.h>

#include <openssl/rand.h>

#include "ct.h"
#include "prime_trial.h"
#include "rsa_key.h"

/* The top 64 bits of the square root of 2: both factors are at least that much times a power of
 * two, so that their product has the full length (A.1.3, steps 4.4 and 5.5). */
#define ROOT_OF_TWO 0xB504F333F9DE6484u

#define MAX_BYTES (RSA_MAX_BYTES / 2)
#define MAX_WORDS (MAX_BYTES / sizeof(uint64_t))
#define DRAWN_BYTES 8192 /* at once; several of the largest candidates */

void rsa_candidates_done(struct rsa_candidates *c)
{
    bn_done(&c->number);
    secret_done(&c->drawn);
}

NTSTATUS rsa_candidates_init(struct rsa_candidates *c, int bits)
{
    *c = (struct rsa_candidates){.bytes = (size_t)bits / 8};
    /* A.1.3 allows 5 * 2 bits for p and 10 * 2 bits for q after the comparison with the root. */
    c->left = 30ul * (unsigned long)bits;
    TRY(secret_new(&c->drawn, DRAWN_BYTES));
    c->used = DRAWN_BYTES;
    c->number = BN_secure_new();
    if (c->number == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    BN_set_flags(c->number, BN_FLG_CONSTTIME);
    return STATUS_SUCCESS;
}

/* ---- drawing -------------------------------------------------------------------------------- */

static NTSTATUS draw(struct rsa_candidates *c, uint8_t *to, size_t n)
{
    if (c->drawn.n - c->used < n) {
        if (RAND_priv_bytes_ex(ossl_ctx(), c->drawn.p, c->drawn.n, 0) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        c->used = 0;
    }
    memcpy(to, c->drawn.p + c->used, n);
    c->used += n;
    return STATUS_SUCCESS;
}

static uint64_t load_word(const uint8_t *big_endian)
{
    uint64_t word;
    memcpy(&word, big_endian, sizeof word);
    return be64toh(word);
}

/* Whether it is below the root. What is thrown away may be known. */
static bool is_too_small(const uint8_t *number)
{
    return ct_public(load_word(number) <= ROOT_OF_TWO);
}

/* A random odd number of the right size, big-endian. While it is too small its top word is drawn
 * again, which gives the same distribution as drawing all of it. */
static NTSTATUS next_number(struct rsa_candidates *c, uint8_t number[MAX_BYTES])
{
    TRY(draw(c, number, c->bytes));
    while (is_too_small(number))
        TRY(draw(c, number, sizeof(uint64_t)));
    number[c->bytes - 1] |= 1;
    return STATUS_SUCCESS;
}

/* ---- looking -------------------------------------------------------------------------------- */

/* Least significant word first; returns how many. */
static size_t read_words(const uint8_t *number, size_t bytes, uint64_t words[MAX_WORDS])
{
    size_t count = 0;
    size_t left = bytes;
    for (; left >= sizeof(uint64_t); left -= sizeof(uint64_t))
        words[count++] = load_word(number + left - sizeof(uint64_t));
    if (left > 0) {
        uint8_t rest[sizeof(uint64_t)] = {0};
        memcpy(rest + sizeof rest - left, number, left);
        words[count++] = load_word(rest);
        wipe(rest, sizeof rest);
    }
    return count;
}

#define EXPONENT_INVERSE UINT64_C(0xFFFF0000FFFF0001)
_Static_assert(RSA_FRESH_EXPONENT *EXPONENT_INVERSE == 1, "modulo 2^64");

/* Whether the exponent, a prime, divides the number less one, so that it could have no inverse. */
static bool spoils_exponent(const uint64_t *words, size_t count)
{
    uint64_t sum = 0; /* the same modulo the exponent, of which 2^32 - 1 is a multiple */
    for (size_t i = 0; i < count; i++)
        sum += (words[i] >> 32) + (words[i] & UINT32_MAX);
    return (sum - 1) * EXPONENT_INVERSE <= UINT64_MAX / RSA_FRESH_EXPONENT;
}

static bool is_hopeless(const uint8_t *number, size_t bytes)
{
    uint64_t words[MAX_WORDS];
    size_t count = read_words(number, bytes, words);
    bool hopeless = trial_finds_factor(words, count) || ct_public(spoils_exponent(words, count));
    wipe(words, count * sizeof *words);
    return hopeless;
}

NTSTATUS rsa_candidates_next(struct rsa_candidates *c)
{
    uint8_t number[MAX_BYTES];
    do {
        if (c->left-- == 0)
            return STATUS_INTERNAL_ERROR; /* does not happen with a sound random number generator */
        TRY(next_number(c, number));
    } while (is_hopeless(number, c->bytes));
    bool read = BN_bin2bn(number, (int)c->bytes, c->number) != NULL;
    wipe(number, sizeof number);
    return read ? STATUS_SUCCESS : ossl_failed(STATUS_NO_MEMORY);
}
