/* The sieve (ffc_sieve.h). */
#include "ffc_sieve.h"

#include "prime_trial.h"

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
    const uint16_t *primes = trial_primes();
    for (size_t i = 0; i < TRIAL_PRIMES; i++) {
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
