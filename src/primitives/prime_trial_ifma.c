/*
 * Trial division with AVX-512 IFMA, whose instructions give the low and the high half of a product
 * of 52-bit numbers: 192 primes at a time. The method is that of prime_trial.c.
 */
#include "prime_trial_kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>

/* GCC 12's AddressSanitizer aligns variables to no more than 32 bytes (see lanes_avx512.h). */
#if defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define TARGET __attribute__((target("avx512f,avx512ifma"), no_sanitize_address))
#else
#define TARGET __attribute__((target("avx512f,avx512ifma")))
#endif

/* One step for the residue of one vector of groups: from the carry and the next limb to the next
 * carry. A negative difference counts modulo 2^52, and its sign is what it borrowed. */
TARGET static inline __m512i step(__m512i carry, __m512i limb, const uint64_t *inverse,
                                  const uint64_t *product)
{
    const __m512i zero = _mm512_setzero_si512();
    __m512i rest = _mm512_sub_epi64(limb, carry);
    __m512i q = _mm512_madd52lo_epu64(zero, rest, _mm512_load_si512(inverse));
    return _mm512_madd52hi_epu64(_mm512_srli_epi64(rest, 63), q, _mm512_load_si512(product));
}

TARGET bool trial_ifma_divides(const struct trial_block *b, const uint64_t *limbs, size_t count)
{
    const __m512i zero = _mm512_setzero_si512();
    __m512i carry[TRIAL_VECTORS];
    for (size_t v = 0; v < TRIAL_VECTORS; v++)
        carry[v] = zero;
    for (size_t i = 0; i < count; i++) {
        __m512i limb = _mm512_set1_epi64((long long)limbs[i]);
#pragma GCC unroll 8
        for (size_t v = 0; v < TRIAL_VECTORS; v++)
            carry[v] = step(carry[v], limb, b->inverse[v], b->product[v]);
    }
    unsigned found = 0;
    for (size_t k = 0; k < TRIAL_THREE; k++) {
        for (size_t v = 0; v < TRIAL_VECTORS; v++) {
            __m512i inverse = _mm512_load_si512(b->prime_inverse[k][v]);
            __m512i q = _mm512_madd52lo_epu64(zero, carry[v], inverse);
            found |= _mm512_cmple_epu64_mask(q, _mm512_load_si512(b->most[k][v]));
        }
    }
    return found != 0;
}

#endif
