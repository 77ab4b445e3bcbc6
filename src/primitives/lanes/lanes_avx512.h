/* Vectors of 512 bits for lanes_rounds.h. */
#ifndef PRIMITIVES_LANES_AVX512_H
#define PRIMITIVES_LANES_AVX512_H

#include <immintrin.h>

#include "base.h"

/* GCC 12's AddressSanitizer moves variables to places off the stack that are aligned to no more than 32
 * bytes, so it has to keep out of here. */
#if defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define LANES_TARGET __attribute__((target("avx512f,avx512bw"), no_sanitize_address))
#else
#define LANES_TARGET __attribute__((target("avx512f,avx512bw")))
#endif

#define LANES_CELLS 4 /* of 128 bits */

typedef __m512i lanes_bits;

/* The cells at p[0], p[step], p[2 * step] and p[3 * step], `offset` bytes behind these. */
LANES_TARGET static inline lanes_bits lanes_gather(const uint8_t *const p[], size_t step,
                                                   size_t offset)
{
    lanes_bits v = _mm512_castsi128_si512(_mm_loadu_si128((const void *)(p[0] + offset)));
    v = _mm512_inserti32x4(v, _mm_loadu_si128((const void *)(p[step] + offset)), 1);
    v = _mm512_inserti32x4(v, _mm_loadu_si128((const void *)(p[2 * step] + offset)), 2);
    return _mm512_inserti32x4(v, _mm_loadu_si128((const void *)(p[3 * step] + offset)), 3);
}

/* The way back. */
LANES_TARGET static inline void lanes_scatter(uint8_t *const p[], size_t step, size_t offset,
                                              lanes_bits v)
{
    _mm_storeu_si128((void *)(p[0] + offset), _mm512_castsi512_si128(v));
    _mm_storeu_si128((void *)(p[step] + offset), _mm512_extracti32x4_epi32(v, 1));
    _mm_storeu_si128((void *)(p[2 * step] + offset), _mm512_extracti32x4_epi32(v, 2));
    _mm_storeu_si128((void *)(p[3 * step] + offset), _mm512_extracti32x4_epi32(v, 3));
}

/* Within each cell. */
#define LANES_LOW32(a, b) _mm512_unpacklo_epi32(a, b)
#define LANES_HIGH32(a, b) _mm512_unpackhi_epi32(a, b)
#define LANES_LOW64(a, b) _mm512_unpacklo_epi64(a, b)
#define LANES_HIGH64(a, b) _mm512_unpackhi_epi64(a, b)
#define LANES_SHUFFLE8(v, order) _mm512_shuffle_epi8(v, _mm512_broadcast_i32x4(order))

#if LANES_BITS == 32
#define ROTR(x, n) ((lanes_words)_mm512_ror_epi32((lanes_bits)(x), n))
#else
#define ROTR(x, n) ((lanes_words)_mm512_ror_epi64((lanes_bits)(x), n))
#endif

/* Any function of three bits: bit 4x + 2y + z of `table` is its value. */
#define TERNARY(x, y, z, table)                                                                    \
    ((lanes_words)_mm512_ternarylogic_epi32((lanes_bits)(x), (lanes_bits)(y), (lanes_bits)(z),     \
                                            table))
#define XOR3(x, y, z) TERNARY(x, y, z, 0x96)
#define CH(x, y, z) TERNARY(x, y, z, 0xCA)
#define MAJ(x, y, z) TERNARY(x, y, z, 0xE8)

#endif
