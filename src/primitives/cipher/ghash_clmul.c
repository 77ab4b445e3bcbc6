/*
 * GHASH with PCLMULQDQ, which multiplies polynomials over GF(2).
 *
 * GCM writes the bits of a block in the opposite order of their powers. Instead of turning each block round
 * bit by bit, this computes POLYVAL, which has them in the processor's order; RFC 8452, appendix A, says
 * what that takes: the bytes of every block in reverse, and x times the hash subkey. POLYVAL's product is
 *
 *     dot(a, b) = a·b·x^-128   modulo   x^128 + x^127 + x^126 + x^121 + 1
 *
 * and dividing by x^64 is adding such a multiple of the modulus that the low 64 bits vanish; that is one
 * more multiplication, by the modulus' upper terms. Products of several blocks with powers of the subkey are
 * added first and divided once. A product takes three multiplications of halves (Karatsuba): of the low ones,
 * the high ones, and of both sums.
 */
#include "ghash.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("pclmul,ssse3")))

#define UPPER_TERMS UINT64_C(0xC200000000000000) /* x^127 + x^126 + x^121, over x^64 */

struct product {
    __m128i low, high, sums;
};

TARGET static inline __m128i load(const void *p)
{
    return _mm_loadu_si128(p);
}

TARGET static inline __m128i reversed(__m128i block)
{
    return _mm_shuffle_epi8(block,
                            _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

/* Both halves of a block, added, in the low one. */
TARGET static inline __m128i halves_added(__m128i a)
{
    return a ^ _mm_shuffle_epi32(a, 0x4E);
}

TARGET static inline void add_product(struct product *to, __m128i a, const struct ghash_power *b)
{
    __m128i power = load(&b->value);
    to->low ^= _mm_clmulepi64_si128(a, power, 0x00);
    to->high ^= _mm_clmulepi64_si128(a, power, 0x11);
    to->sums ^= _mm_clmulepi64_si128(halves_added(a), load(&b->halves_added), 0x00);
}

TARGET static inline __m128i divided(struct product p)
{
    const __m128i terms = _mm_set_epi64x(0, (long long)UPPER_TERMS);
    __m128i middle = p.sums ^ p.low ^ p.high; /* counts from x^64 */
    __m128i low = p.low ^ _mm_slli_si128(middle, 8);
    __m128i high = p.high ^ _mm_srli_si128(middle, 8);
    for (int i = 0; i < 2; i++)
        low = _mm_shuffle_epi32(low, 0x4E) ^ _mm_clmulepi64_si128(low, terms, 0x00);
    return high ^ low;
}

/* x·h: a shift, and the modulus where a bit was shifted out; without a look at the bit. */
TARGET static __m128i first_power(const struct ghash_value *h)
{
    uint64_t low, high;
    memcpy(&high, h->p, sizeof high);
    memcpy(&low, h->p + sizeof high, sizeof low);
    high = __builtin_bswap64(high);
    low = __builtin_bswap64(low);
    uint64_t out = 0 - (high >> 63);
    high = (high << 1 | low >> 63) ^ (out & UPPER_TERMS);
    low = low << 1 ^ (out & 1);
    return _mm_set_epi64x((long long)high, (long long)low);
}

/* Powers for so many blocks. A power costs as much as going over a block without it, and many keys have one short
 * message: their number grows with the use of the key. */
TARGET static void make_powers(struct ghash *g, size_t blocks)
{
    size_t most = blocks < (size_t)4 * GHASH_POWERS ? 2 + 2 * g->powers : GHASH_POWERS;
    while (g->powers < GHASH_POWERS && g->powers < blocks && g->powers < most) {
        __m128i next;
        if (g->powers == 0) {
            next = first_power(&g->h);
        } else {
            struct product p = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
            add_product(&p, load(&g->power[g->powers - 1].value), &g->power[0]);
            next = divided(p);
        }
        _mm_storeu_si128((void *)&g->power[g->powers].value, next);
        _mm_storeu_si128((void *)&g->power[g->powers].halves_added, halves_added(next));
        g->powers++;
    }
}

TARGET void ghash_clmul(struct ghash *g, struct ghash_value *y, const uint8_t *p, size_t blocks)
{
    __m128i value = reversed(load(y));
    if (UNLIKELY(g->powers < GHASH_POWERS && g->powers < blocks))
        make_powers(g, blocks);
    while (blocks > 0) {
        size_t n = blocks < g->powers ? blocks : g->powers;
        struct product sum = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
        blocks -= n;
        add_product(&sum, value ^ reversed(load(p)), &g->power[n - 1]);
        while (p += GHASH_BLOCK, --n > 0)
            add_product(&sum, reversed(load(p)), &g->power[n - 1]);
        value = divided(sum);
    }
    _mm_storeu_si128((void *)y, reversed(value));
}

#endif
