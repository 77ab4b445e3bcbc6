/*
 * Infineon's key generator made primes of the form k*M + (65537^a mod M), M being a product of the
 * first small primes, which can be factored (ROCA, CVE-2017-15361; Nemec, Sys, Svenda, Klinec and
 * Matyas 2017). Modulo each of these small primes such a prime, and so a product of two, is a power
 * of 65537; other moduli rarely are for all of them. The shortest keys used 39 primes, longer ones
 * more.
 */
#include "rsa_roca.h"

static const uint8_t primes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                 47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

static uint32_t rest_of(struct span modulus, uint32_t prime)
{
    uint32_t rest = 0;
    for (size_t i = 0; i < modulus.n; i++)
        rest = (rest << 8 | modulus.p[i]) % prime;
    return rest;
}

static bool is_power(uint32_t rest, uint32_t base, uint32_t prime)
{
    uint32_t power = 1;
    do {
        if (power == rest)
            return true;
        power = power * base % prime;
    } while (power != 1);
    return false;
}

bool rsa_roca_shows(struct span modulus)
{
    for (size_t i = 0; i < ARRAY_COUNT(primes); i++) {
        if (!is_power(rest_of(modulus, primes[i]), 65537u % primes[i], primes[i]))
            return false;
    }
    return true;
}
