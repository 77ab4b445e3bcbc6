/*
 * Small primes, and the question whether one of them divides a large number.
 *
 * Most candidates of a prime search end here, and the deeper the question goes, the fewer
 * exponentiations remain: up to 2^16, a tenth of the odd numbers is left. It is asked without a
 * division. A group of small primes has a product of one word; the number is reduced modulo the
 * products of many groups at once, so that the processor's multipliers never wait, and each prime
 * is then looked up in its group's residue.
 */
#ifndef PRIMITIVES_PRIME_TRIAL_H
#define PRIMITIVES_PRIME_TRIAL_H

#include "base.h"

#define TRIAL_LIMIT 65536u
#define TRIAL_PRIMES 6541u /* odd primes below it */

/* All of them, from 3 on. */
const uint16_t *trial_primes(void);

#define TRIAL_MAX_BITS 8192

/* Whether an odd number of `count` words, least significant first, has a small prime factor. How
 * many primes are tried depends on its length, and is what pays there: all of them from 1536 bits
 * on, 500 at least. A prime that is small itself divides itself.
 *
 * For a number without one, time and memory access depend on `count` alone; it takes the same path
 * as every other number without one. For the others they tell about which prime was found. */
bool trial_finds_factor(const uint64_t *words, size_t count) MUST_CHECK;

#endif
