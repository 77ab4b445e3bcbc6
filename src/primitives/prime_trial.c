/*
 * Small primes and trial division (prime_trial.h).
 *
 * The residue of a number N modulo an odd m, up to a power of two, comes out of N's words from the
 * least significant one on, by Jebelean's exact remainder ("An algorithm for exact division",
 * Journal of Symbolic Computation, 1993): with q = (word - carry) / m modulo 2^64, word - carry and
 * q * m have the same low word, and the high one of q * m is the next carry. After all words carry
 * is -N / 2^(64 count) modulo m; each prime factor of m divides it if and only if it divides N.
 *
 * Whether a prime p divides a word r is one product: r / p modulo 2^64 is at most (2^64 - 1) / p if
 * and only if the division is exact (Granlund and Montgomery, "Division by invariant integers using
 * multiplication", 1994).
 *
 * One step waits for the product of the one before, so several groups go side by side.
 *
 * Whether a group divides is revealed group by group: a number that is kept answers no each time.
 */
#include "prime_trial.h"

#include <pthread.h>

#include "ct.h"
#include "lanes_cpu.h"
#include "prime_trial_kernel.h"
#include "secret.h"

static uint16_t primes[TRIAL_PRIMES];

/* The sieve of Eratosthenes over odd numbers: index i is 2i + 1. */
static void find_primes(void)
{
    uint8_t composite[TRIAL_LIMIT / 2] = {0};
    size_t found = 0;
    for (uint32_t i = 1; i < TRIAL_LIMIT / 2; i++) {
        uint32_t prime = 2 * i + 1;
        if (composite[i])
            continue;
        primes[found++] = (uint16_t)prime;
        for (uint32_t k = i + prime; k < TRIAL_LIMIT / 2; k += prime)
            composite[k] = 1;
    }
}

/* The primes are used in turns: what a last group has too much begins at 3 again. */
static uint16_t prime_at(size_t i)
{
    return primes[i % TRIAL_PRIMES];
}

/* ---- four primes to a word, six words at a time --------------------------------------------- */

#define FOUR ((size_t)4)
#define SIDE_BY_SIDE ((size_t)6)
#define BATCH (FOUR * SIDE_BY_SIDE) /* primes */
#define BATCHES ((TRIAL_PRIMES + BATCH - 1) / BATCH)

struct group {
    uint64_t product, inverse;
    uint64_t prime_inverse[FOUR], most[FOUR];
};

struct batch {
    struct group groups[SIDE_BY_SIDE];
};

static struct batch batches[BATCHES];

static void make_group(struct group *g, size_t first)
{
    g->product = 1;
    for (size_t k = 0; k < FOUR; k++) {
        uint64_t prime = prime_at(first + k);
        g->product *= prime;
        g->prime_inverse[k] = trial_inverse(prime);
        g->most[k] = UINT64_MAX / prime;
    }
    g->inverse = trial_inverse(g->product);
}

static void make_batches(void)
{
    for (size_t i = 0; i < BATCHES * SIDE_BY_SIDE; i++)
        make_group(&batches[i / SIDE_BY_SIDE].groups[i % SIDE_BY_SIDE], i * FOUR);
}

/* The upper half of a product. */
static uint64_t product_high(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__)
    return (uint64_t)((unsigned __int128)a * b >> 64);
#else
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    return a1 * b1 + (middle >> 32) + (((uint32_t)middle + a0 * b1) >> 32);
#endif
}

static uint64_t next_carry(const struct group *g, uint64_t carry, uint64_t word)
{
    uint64_t q = (word - carry) * g->inverse;
    uint64_t borrow = word < carry;
    return product_high(q, g->product) + borrow;
}

static bool batch_divides(const struct batch *b, const uint64_t *words, size_t count)
{
    uint64_t carry[SIDE_BY_SIDE] = {0};
    for (size_t i = 0; i < count; i++) {
#pragma GCC unroll 6
        for (size_t k = 0; k < SIDE_BY_SIDE; k++)
            carry[k] = next_carry(&b->groups[k], carry[k], words[i]);
    }
    unsigned found = 0;
    for (size_t k = 0; k < SIDE_BY_SIDE; k++) {
        const struct group *g = &b->groups[k];
        for (size_t p = 0; p < FOUR; p++)
            found |= carry[k] * g->prime_inverse[p] <= g->most[p];
    }
    return found != 0;
}

static bool word_primes_divide(const uint64_t *words, size_t count, size_t depth)
{
    for (size_t i = 0; i * BATCH < depth; i++) {
        if (ct_public(batch_divides(&batches[i], words, count)))
            return true;
    }
    return false;
}

/* ---- three primes to 52 bits, 64 of these at a time ------------------------------------------ */

#define BLOCKS ((TRIAL_PRIMES + TRIAL_BLOCK - 1) / TRIAL_BLOCK)
#define LIMB_BITS 52
#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)
#define MAX_LIMBS ((TRIAL_MAX_BITS + LIMB_BITS - 1) / LIMB_BITS)

#if defined(__x86_64__)

static struct trial_block blocks[BLOCKS];

static void make_blocks(void)
{
    for (size_t i = 0; i < BLOCKS * TRIAL_LANES * TRIAL_VECTORS; i++) {
        struct trial_block *b = &blocks[i / (TRIAL_LANES * TRIAL_VECTORS)];
        size_t v = i / TRIAL_LANES % TRIAL_VECTORS;
        size_t lane = i % TRIAL_LANES;
        uint64_t product = 1;
        for (size_t k = 0; k < TRIAL_THREE; k++) {
            uint64_t prime = prime_at(i * TRIAL_THREE + k);
            product *= prime;
            b->prime_inverse[k][v][lane] = trial_inverse(prime);
            b->most[k][v][lane] = LIMB_MASK / prime;
        }
        b->product[v][lane] = product;
        b->inverse[v][lane] = trial_inverse(product);
    }
}

/* Returns how many limbs there are. */
static size_t read_limbs(const uint64_t *words, size_t count, uint64_t limbs[MAX_LIMBS])
{
    size_t n = (64 * count + LIMB_BITS - 1) / LIMB_BITS;
    for (size_t i = 0; i < n; i++) {
        size_t word = i * LIMB_BITS / 64;
        size_t shift = i * LIMB_BITS % 64;
        uint64_t limb = words[word] >> shift;
        if (shift > 64 - LIMB_BITS && word + 1 < count)
            limb |= words[word + 1] << (64 - shift);
        limbs[i] = limb & LIMB_MASK;
    }
    return n;
}

static bool limb_primes_divide(const uint64_t *words, size_t count, size_t depth)
{
    uint64_t limbs[MAX_LIMBS];
    size_t n = read_limbs(words, count, limbs);
    bool found = false;
    for (size_t i = 0; i * TRIAL_BLOCK < depth && !found; i++)
        found = ct_public(trial_ifma_divides(&blocks[i], limbs, n));
    wipe(limbs, n * sizeof *limbs);
    return found;
}

static bool has_limb_kernel(void)
{
    return (lanes_cpu() & LANES_IFMA) != 0;
}

#else

static void make_blocks(void)
{
}

static bool limb_primes_divide(const uint64_t *words, size_t count, size_t depth)
{
    return word_primes_divide(words, count, depth);
}

static bool has_limb_kernel(void)
{
    return false;
}

#endif

/* ---- the question --------------------------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    find_primes();
    make_batches();
    make_blocks();
}

const uint16_t *trial_primes(void)
{
    pthread_once(&once, start);
    return primes;
}

/* A prime p saves one exponentiation in p, and costs as much as the number is long: what pays grows
 * with the length. Vectors cost a fifth. */
static size_t depth_for(size_t count, bool vectors)
{
    static const struct {
        size_t words;
        size_t primes, primes_vectors;
    } rows[] = {{24, TRIAL_PRIMES, TRIAL_PRIMES},
                {16, 3500, TRIAL_PRIMES},
                {8, 1000, 4000},
                {0, 500, 1000}};
    size_t i = 0;
    while (rows[i].words > count)
        i++;
    return vectors ? rows[i].primes_vectors : rows[i].primes;
}

bool trial_finds_factor(const uint64_t *words, size_t count)
{
    pthread_once(&once, start);
    bool vectors = has_limb_kernel() && 64 * count <= TRIAL_MAX_BITS;
    size_t depth = depth_for(count, vectors);
    return vectors ? limb_primes_divide(words, count, depth)
                   : word_primes_divide(words, count, depth);
}
