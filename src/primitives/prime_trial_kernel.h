/* The two ways to do trial division (prime_trial.h). */
#ifndef PRIMITIVES_PRIME_TRIAL_KERNEL_H
#define PRIMITIVES_PRIME_TRIAL_KERNEL_H

#include "prime_trial.h"

/* An odd number's inverse modulo 2^64, and so modulo every smaller power of two. */
static inline uint64_t trial_inverse(uint64_t odd)
{
    uint64_t inverse = odd; /* three bits are right, each step doubles them */
    for (int i = 0; i < 5; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

/* With vectors of 52-bit products (AVX-512 IFMA): blocks of 64 groups of three primes. */
#define TRIAL_LANES ((size_t)8)
#define TRIAL_VECTORS ((size_t)8)
#define TRIAL_THREE ((size_t)3)
#define TRIAL_BLOCK (TRIAL_LANES * TRIAL_VECTORS * TRIAL_THREE) /* primes */

struct trial_block {
    _Alignas(64) uint64_t product[TRIAL_VECTORS][TRIAL_LANES];
    uint64_t inverse[TRIAL_VECTORS][TRIAL_LANES]; /* of the product */
    /* Of each prime: its inverse, and the largest multiple's quotient. */
    uint64_t prime_inverse[TRIAL_THREE][TRIAL_VECTORS][TRIAL_LANES];
    uint64_t most[TRIAL_THREE][TRIAL_VECTORS][TRIAL_LANES];
};

#if defined(__x86_64__)

/* Whether a prime of the block divides the number of `count` limbs of 52 bits. */
bool trial_ifma_divides(const struct trial_block *b, const uint64_t *limbs,
                        size_t count) MUST_CHECK;

#endif

#endif
