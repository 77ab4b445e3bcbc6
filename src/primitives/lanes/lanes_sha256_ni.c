/*
 * SHA-256 with the SHA instructions, one, two or four streams at once.
 *
 * SHA256RNDS2 takes about twice as long to answer as it keeps its unit busy, and the next two rounds
 * of a stream wait for the answer. Those of other streams fill the gap.
 */
#include "lanes_kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define INLINE TARGET __attribute__((always_inline)) static inline

struct stream {
    __m128i abef, cdgh; /* the working variables as the instructions want them, A and C highest */
    __m128i w[4];       /* sixteen words of the schedule */
};

/* In memory A is lowest, and F beside E. */
#define SWAP_PAIRS(v) _mm_shuffle_epi32(v, 0xB1)

INLINE void state_load(struct stream *s, const union lanes_state *state)
{
    __m128i badc = SWAP_PAIRS(_mm_loadu_si128((const void *)state->w32));
    __m128i fehg = SWAP_PAIRS(_mm_loadu_si128((const void *)(state->w32 + 4)));
    s->abef = _mm_unpacklo_epi64(fehg, badc);
    s->cdgh = _mm_unpackhi_epi64(fehg, badc);
}

INLINE void state_store(const struct stream *s, union lanes_state *state)
{
    __m128i badc = _mm_unpackhi_epi64(s->abef, s->cdgh);
    __m128i fehg = _mm_unpacklo_epi64(s->abef, s->cdgh);
    _mm_storeu_si128((void *)state->w32, SWAP_PAIRS(badc));
    _mm_storeu_si128((void *)(state->w32 + 4), SWAP_PAIRS(fehg));
}

INLINE void block_load(struct stream *s, const uint8_t *block)
{
    const __m128i order = _mm_set_epi32(0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203);
    LANES_EACH (i, 4) {
        __m128i four = _mm_loadu_si128((const void *)(block + 16 * i));
        s->w[i] = _mm_shuffle_epi8(four, order);
    }
}

/* Rounds 4q to 4q + 3 of every stream. */
INLINE void rounds(struct stream s[], size_t streams, size_t q)
{
    const __m128i k = _mm_load_si128((const void *)(lanes_k256 + 4 * q));
    __m128i wk[4];
    LANES_EACH (i, streams)
        wk[i] = _mm_add_epi32(s[i].w[q % 4], k);
    /* What was A B E F becomes C D G H two rounds later. */
    LANES_EACH (i, streams)
        s[i].cdgh = _mm_sha256rnds2_epu32(s[i].cdgh, s[i].abef, wk[i]);
    LANES_EACH (i, streams)
        s[i].abef = _mm_sha256rnds2_epu32(s[i].abef, s[i].cdgh, _mm_shuffle_epi32(wk[i], 0x0E));
}

/* Words 4q + 16 to 4q + 19 of every schedule, in the place of 4q to 4q + 3 (FIPS 180-4, 6.2.2). */
INLINE void expand(struct stream s[], size_t streams, size_t q)
{
    LANES_EACH (i, streams) {
        __m128i *w = s[i].w, last = w[(q + 3) % 4];
        __m128i from9 = _mm_alignr_epi8(last, w[(q + 2) % 4], 4); /* 4q + 9 to 4q + 12 */
        __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[q % 4], w[(q + 1) % 4]), from9);
        w[q % 4] = _mm_sha256msg2_epu32(sum, last);
    }
}

INLINE void run(size_t streams, union lanes_state *const state[], const uint8_t *const data[],
                size_t blocks)
{
    struct stream s[4];
    LANES_EACH (i, streams)
        state_load(&s[i], state[i]);
    for (size_t offset = 0; offset < 64 * blocks; offset += 64) {
        __m128i abef[4], cdgh[4];
        LANES_EACH (i, streams) {
            block_load(&s[i], data[i] + offset);
            abef[i] = s[i].abef, cdgh[i] = s[i].cdgh;
        }
        LANES_EACH (j, 3) {
            rounds(s, streams, 4 * j);
            expand(s, streams, 4 * j);
            rounds(s, streams, 4 * j + 1);
            expand(s, streams, 4 * j + 1);
            rounds(s, streams, 4 * j + 2);
            expand(s, streams, 4 * j + 2);
            rounds(s, streams, 4 * j + 3);
            expand(s, streams, 4 * j + 3);
        }
        rounds(s, streams, 12);
        rounds(s, streams, 13);
        rounds(s, streams, 14);
        rounds(s, streams, 15);
        LANES_EACH (i, streams) {
            s[i].abef = _mm_add_epi32(s[i].abef, abef[i]);
            s[i].cdgh = _mm_add_epi32(s[i].cdgh, cdgh[i]);
        }
    }
    LANES_EACH (i, streams)
        state_store(&s[i], state[i]);
}

TARGET void lanes_sha256_ni1(union lanes_state *const state[], const uint8_t *const data[],
                             size_t blocks)
{
    run(1, state, data, blocks);
}

TARGET void lanes_sha256_ni2(union lanes_state *const state[], const uint8_t *const data[],
                             size_t blocks)
{
    run(2, state, data, blocks);
}

TARGET void lanes_sha256_ni4(union lanes_state *const state[], const uint8_t *const data[],
                             size_t blocks)
{
    run(4, state, data, blocks);
}

#endif
