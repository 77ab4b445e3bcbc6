/*
 * Vectors of 256 bits for lanes_rounds.h: AVX2's, or with LANES_VL those of AVX-512, which can rotate
 * and combine three words in one instruction.
 */
#ifndef PRIMITIVES_LANES_AVX2_H
#define PRIMITIVES_LANES_AVX2_H

#include <immintrin.h>

#include "base.h"

#define LANES_CELLS 2 /* of 128 bits */

#if defined(LANES_VL)
#define LANES_TARGET __attribute__((target("avx2,avx512f,avx512vl")))
#else
#define LANES_TARGET __attribute__((target("avx2")))
#endif

typedef __m256i lanes_bits;

/* The cells at p[0] and p[step], `offset` bytes behind these. */
LANES_TARGET static inline lanes_bits lanes_gather(const uint8_t *const p[], size_t step,
                                                   size_t offset)
{
    lanes_bits v = _mm256_castsi128_si256(_mm_loadu_si128((const void *)(p[0] + offset)));
    return _mm256_inserti128_si256(v, _mm_loadu_si128((const void *)(p[step] + offset)), 1);
}

/* The way back. */
LANES_TARGET static inline void lanes_scatter(uint8_t *const p[], size_t step, size_t offset,
                                              lanes_bits v)
{
    _mm_storeu_si128((void *)(p[0] + offset), _mm256_castsi256_si128(v));
    _mm_storeu_si128((void *)(p[step] + offset), _mm256_extracti128_si256(v, 1));
}

/* Within each cell. */
#define LANES_LOW32(a, b) _mm256_unpacklo_epi32(a, b)
#define LANES_HIGH32(a, b) _mm256_unpackhi_epi32(a, b)
#define LANES_LOW64(a, b) _mm256_unpacklo_epi64(a, b)
#define LANES_HIGH64(a, b) _mm256_unpackhi_epi64(a, b)
#define LANES_SHUFFLE8(v, order) _mm256_shuffle_epi8(v, _mm256_broadcastsi128_si256(order))

#if defined(LANES_VL)

#if LANES_BITS == 32
#define ROTR(x, n) ((lanes_words)_mm256_ror_epi32((lanes_bits)(x), n))
#else
#define ROTR(x, n) ((lanes_words)_mm256_ror_epi64((lanes_bits)(x), n))
#endif

/* Any function of three bits: bit 4x + 2y + z of `table` is its value. */
#define TERNARY(x, y, z, table)                                                                    \
    ((lanes_words)_mm256_ternarylogic_epi32((lanes_bits)(x), (lanes_bits)(y), (lanes_bits)(z),     \
                                            table))
#define XOR3(x, y, z) TERNARY(x, y, z, 0x96)
#define CH(x, y, z) TERNARY(x, y, z, 0xCA)
#define MAJ(x, y, z) TERNARY(x, y, z, 0xE8)

#else

#define ROTR(x, n) ((x) >> (n) | (x) << (LANES_BITS - (n)))
#define XOR3(x, y, z) ((x) ^ (y) ^ (z))
#define CH(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define MAJ(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))

#endif

#endif
