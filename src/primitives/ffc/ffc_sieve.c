/* Small primes and the sieve (ffc_sieve.h). */
#include "ffc_sieve.h"

#include <pthread.h>

#define LIMIT 65536u
#define PRIMES 6541u /* odd primes below LIMIT */

static uint16_t primes[PRIMES];
static struct prime_group groups[PRIME_GROUPS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The sieve of Eratosthenes over odd numbers: index i is 2i + 1. */
static void find_primes(void)
{
    uint8_t composite[LIMIT / 2] = {0};
    size_t found = 0;
    for (uint32_t i = 1; i < LIMIT / 2; i++) {
        uint32_t prime = 2 * i + 1;
        if (composite[i])
            continue;
        primes[found++] = (uint16_t)prime;
        for (uint32_t k = i + prime; k < LIMIT / 2; k += prime)
            composite[k] = 1;
    }
}

/* By Newton's iteration; three bits are right to start with, each step doubles them. */
static uint64_t inverse_of(uint64_t odd)
{
    uint64_t inverse = odd;
    for (int i = 0; i < 5; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

static void make_groups(void)
{
    size_t next = 0;
    for (size_t i = 0; i < PRIME_GROUPS; i++) {
        struct prime_group *g = &groups[i];
        g->product = 1;
        while (g->product <= UINT64_MAX / primes[next]) {
            g->product *= primes[next];
            g->primes[g->count++] = primes[next++];
        }
        g->inverse = inverse_of(g->product);
    }
}

static void start(void)
{
    find_primes();
    make_groups();
}

const struct prime_group *prime_groups(void)
{
    pthread_once(&once, start);
    return groups;
}

/* -number / 2^(64 count) modulo the product; no division takes place (Jebelean's exact
 * remainder). */
uint64_t prime_group_residue(const struct prime_group *g, const uint64_t *words, size_t count)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t word = words[i] - carry;
        uint64_t borrow = words[i] < carry;
        uint64_t q = word * g->inverse;
        carry = (uint64_t)((unsigned __int128)q * g->product >> 64) + borrow;
    }
    return carry;
}

/* 1/a mod p, for a not divisible by the prime p. */
static uint32_t inverse_mod(uint32_t a, uint32_t p)
{
    int32_t x = 1, next = 0;
    uint32_t r = a, s = p;
    while (s != 0) {
        uint32_t q = r / s;
        uint32_t rest = r - q * s;
        int32_t t = x - (int32_t)q * next;
        r = s;
        s = rest;
        x = next;
        next = t;
    }
    return x < 0 ? (uint32_t)(x + (int32_t)p) : (uint32_t)x;
}

static void strike_prime(struct ffc_sieve *s, uint32_t start_mod, uint32_t step_mod, uint32_t p)
{
    if (step_mod == 0)
        return; /* the whole line is divisible, or nothing on it */
    uint32_t first = (uint32_t)((uint64_t)(p - start_mod) * inverse_mod(step_mod, p) % p);
    for (uint32_t i = first; i < SIEVE_LENGTH; i += p)
        s->struck[i / 64] |= UINT64_C(1) << (i % 64);
}

NTSTATUS ffc_sieve_strike(struct ffc_sieve *s, const BIGNUM *start_at, const BIGNUM *step)
{
    pthread_once(&once, start);
    for (size_t i = 0; i < PRIMES; i++) {
        BN_ULONG a = BN_mod_word(start_at, primes[i]);
        BN_ULONG b = BN_mod_word(step, primes[i]);
        if (a == (BN_ULONG)-1 || b == (BN_ULONG)-1)
            return ossl_failed(STATUS_NO_MEMORY);
        strike_prime(s, (uint32_t)a, (uint32_t)b, primes[i]);
    }
    return STATUS_SUCCESS;
}

uint32_t ffc_sieve_next(const struct ffc_sieve *s, uint32_t from)
{
    while (from < SIEVE_LENGTH && (s->struck[from / 64] >> (from % 64) & 1) != 0)
        from++;
    return from;
}
