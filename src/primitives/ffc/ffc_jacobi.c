/*
 * Jacobi's symbol by the binary algorithm: halve, swap, subtract (Shallit and Sorenson 1993), on
 * 64-bit words. libcrypto's BN_kronecker divides in every step and takes three times as long, too
 * long for a check that stands before each agreement with a new peer.
 */
#include "ffc_jacobi.h"

#include <endian.h>

#include "ffc.h"

#define MAX_WORDS ((FFC_MAX_BITS + 63) / 64)

struct words {
    uint64_t w[MAX_WORDS + 1]; /* one more, so that shifting can look one ahead */
    size_t n;                  /* words in use, the last one not zero */
};

static bool words_read(struct words *a, const BIGNUM *v)
{
    *a = (struct words){.n = ((size_t)BN_num_bits(v) + 63) / 64};
    int bytes = (int)(a->n * 8);
    if (a->n > MAX_WORDS || BN_bn2lebinpad(v, (unsigned char *)a->w, bytes) != bytes)
        return false;
    for (size_t i = 0; i < a->n; i++)
        a->w[i] = le64toh(a->w[i]);
    return true;
}

static bool words_less(const struct words *a, const struct words *b)
{
    if (a->n != b->n)
        return a->n < b->n;
    size_t i = a->n - 1;
    while (i > 0 && a->w[i] == b->w[i])
        i--;
    return a->w[i] < b->w[i];
}

static void words_trim(struct words *a)
{
    while (a->n > 0 && a->w[a->n - 1] == 0)
        a->n--;
}

/* a = (a - b) / 2^k for odd a >= b, with the largest k for which the lowest word does not become
 * zero on the way; returns k. One pass: each word of the difference moves down as soon as the next
 * one is known. */
static unsigned words_reduce(struct words *a, const struct words *b)
{
    uint64_t low = a->w[0] - b->w[0];
    unsigned k = low == 0 ? 0 : (unsigned)__builtin_ctzll(low);
    uint64_t borrow = a->w[0] < b->w[0];
    for (size_t i = 1; i < a->n; i++) {
        uint64_t take = i < b->n ? b->w[i] : 0;
        uint64_t d = a->w[i] - take;
        uint64_t next = d - borrow;
        borrow = (a->w[i] < take) | (d < borrow);
        a->w[i - 1] = low >> k | (next << 1) << (63 - k);
        low = next;
    }
    a->w[a->n - 1] = low >> k;
    words_trim(a);
    return k;
}

/* Shifts the factors of two out of a, which is not zero, and says how many there were. */
static unsigned words_make_odd(struct words *a)
{
    size_t whole = 0;
    while (a->w[whole] == 0)
        whole++;
    unsigned bits = (unsigned)__builtin_ctzll(a->w[whole]);
    for (size_t i = 0; i < a->n; i++) {
        uint64_t low = i + whole < a->n ? a->w[i + whole] : 0;
        uint64_t high = i + whole + 1 < a->n ? a->w[i + whole + 1] : 0;
        a->w[i] = bits == 0 ? low : low >> bits | high << (64 - bits);
    }
    words_trim(a);
    return (unsigned)whole * 64 + bits;
}

/* Jacobi(2/n) is -1 for n = 3 and 5 modulo 8: an odd number of halvings turns the sign then. */
static bool halving_turns(unsigned twos, const struct words *n)
{
    return twos % 2 == 1 && (n->w[0] % 8 == 3 || n->w[0] % 8 == 5);
}

bool ffc_is_square(const BIGNUM *y, const BIGNUM *p)
{
    struct words one, two;
    struct words *a = &one, *n = &two;
    if (!words_read(a, y) || !words_read(n, p))
        return false;
    bool negative = false;
    while (a->n > 0) {
        if (a->w[0] % 2 == 0)
            negative ^= halving_turns(words_make_odd(a), n);
        if (words_less(a, n)) {
            struct words *swap = a;
            a = n;
            n = swap;
            negative ^= a->w[0] % 4 == 3 && n->w[0] % 4 == 3; /* quadratic reciprocity */
        }
        negative ^= halving_turns(words_reduce(a, n), n);
    }
    return n->n == 1 && n->w[0] == 1 && !negative;
}
