/*
 * SHA-2's compression function with a vector where FIPS 180-4, section 6, has a word: element i of
 * each belongs to stream i. Nothing moves between elements but where words are loaded and stored.
 *
 * This is the body of a kernel. The one file that includes it has defined LANES_KERNEL, its name,
 * and LANES_BITS, the width of a word, which says which of the two functions it is; and has included
 * the description of a vector.
 */
#ifndef PRIMITIVES_LANES_ROUNDS_H
#define PRIMITIVES_LANES_ROUNDS_H

#if LANES_BITS == 32 /* SHA-256; FIPS 180-4, 4.1.2 */
typedef uint32_t lanes_words __attribute__((vector_size(16 * LANES_CELLS)));
#define BIG_SIGMA0(x) XOR3(ROTR(x, 2), ROTR(x, 13), ROTR(x, 22))
#define BIG_SIGMA1(x) XOR3(ROTR(x, 6), ROTR(x, 11), ROTR(x, 25))
#define SMALL_SIGMA0(x) XOR3(ROTR(x, 7), ROTR(x, 18), (x) >> 3)
#define SMALL_SIGMA1(x) XOR3(ROTR(x, 17), ROTR(x, 19), (x) >> 10)
#define ROUNDS 64
#define K lanes_k256
#else /* SHA-512; 4.1.3 */
typedef uint64_t lanes_words __attribute__((vector_size(16 * LANES_CELLS)));
#define BIG_SIGMA0(x) XOR3(ROTR(x, 28), ROTR(x, 34), ROTR(x, 39))
#define BIG_SIGMA1(x) XOR3(ROTR(x, 14), ROTR(x, 18), ROTR(x, 41))
#define SMALL_SIGMA0(x) XOR3(ROTR(x, 1), ROTR(x, 8), (x) >> 7)
#define SMALL_SIGMA1(x) XOR3(ROTR(x, 19), ROTR(x, 61), (x) >> 6)
#define ROUNDS 80
#define K lanes_k512
#endif

#define BLOCK ((size_t)2 * LANES_BITS)     /* bytes */
#define IN_CELL ((size_t)128 / LANES_BITS) /* words */
#define LANES (LANES_CELLS * IN_CELL)

/*
 * Words travel between memory and vectors in cells of IN_CELL words. Cells are gathered from every
 * IN_CELL-th stream, so that neighbours stand below each other and the transposition stays within
 * the cells (32 bits; letters are streams, digits are words):
 *
 *   v[0]  a0 a1 a2 a3 | e0 e1 e2 e3 ...          w[0]  a0 b0 c0 d0 | e0 f0 g0 h0 ...
 *   v[1]  b0 b1 b2 b3 | f0 f1 f2 f3 ...    <->   w[1]  a1 b1 c1 d1 | e1 f1 g1 h1 ...
 *   v[2]  c0 c1 c2 c3 | g0 g1 g2 g3 ...          w[2]  a2 b2 c2 d2 | e2 f2 g2 h2 ...
 *   v[3]  d0 d1 d2 d3 | h0 h1 h2 h3 ...          w[3]  a3 b3 c3 d3 | e3 f3 g3 h3 ...
 */
LANES_TARGET static inline void transpose(lanes_bits v[IN_CELL])
{
#if LANES_BITS == 32
    lanes_bits low01 = LANES_LOW32(v[0], v[1]), high01 = LANES_HIGH32(v[0], v[1]);
    lanes_bits low23 = LANES_LOW32(v[2], v[3]), high23 = LANES_HIGH32(v[2], v[3]);
    v[0] = LANES_LOW64(low01, low23);
    v[1] = LANES_HIGH64(low01, low23);
    v[2] = LANES_LOW64(high01, high23);
    v[3] = LANES_HIGH64(high01, high23);
#else
    lanes_bits first = v[0], second = v[1];
    v[0] = LANES_LOW64(first, second);
    v[1] = LANES_HIGH64(first, second);
#endif
}

/* IN_CELL words of every stream, `offset` bytes behind its pointer. */
LANES_TARGET static inline void load(lanes_words w[IN_CELL], const uint8_t *const from[],
                                     size_t offset)
{
    lanes_bits v[IN_CELL];
    LANES_EACH (i, IN_CELL)
        v[i] = lanes_gather(from + i, IN_CELL, offset);
    transpose(v);
    LANES_EACH (i, IN_CELL)
        w[i] = (lanes_words)v[i];
}

LANES_TARGET static inline void store(const lanes_words w[IN_CELL], uint8_t *const to[],
                                      size_t offset)
{
    lanes_bits v[IN_CELL];
    LANES_EACH (i, IN_CELL)
        v[i] = (lanes_bits)w[i];
    transpose(v);
    LANES_EACH (i, IN_CELL)
        lanes_scatter(to + i, IN_CELL, offset, v[i]);
}

LANES_TARGET static inline lanes_words big_endian(lanes_words w)
{
#if LANES_BITS == 32
    const __m128i order = _mm_set_epi32(0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203);
#else
    const __m128i order = _mm_set_epi32(0x08090A0B, 0x0C0D0E0F, 0x00010203, 0x04050607);
#endif
    return (lanes_words)LANES_SHUFFLE8((lanes_bits)w, order);
}

/* 6.2.2 and 6.4.2, step 3, for word t of sixteen. The variables do not move: the next round calls
 * them by other names. */
#define ROUND(a, b, c, d, e, f, g, h, t, then)                                                     \
    do {                                                                                           \
        lanes_words t1 = h + K[r + (t)] + w[t] + CH(e, f, g) + BIG_SIGMA1(e);                      \
        d += t1;                                                                                   \
        h = t1 + BIG_SIGMA0(a) + MAJ(a, b, c);                                                     \
        then(t);                                                                                   \
    } while (0)

/* Step 1: the word of sixteen rounds later takes the place of word t, which is used up. */
#define EXPAND(t)                                                                                  \
    w[t] += SMALL_SIGMA1(w[((t) + 14) % 16]) + w[((t) + 9) % 16] + SMALL_SIGMA0(w[((t) + 1) % 16])

#define NO_MORE(t) (void)0

#define SIXTEEN_ROUNDS(then)                                                                       \
    do {                                                                                           \
        ROUND(a, b, c, d, e, f, g, h, 0, then);                                                    \
        ROUND(h, a, b, c, d, e, f, g, 1, then);                                                    \
        ROUND(g, h, a, b, c, d, e, f, 2, then);                                                    \
        ROUND(f, g, h, a, b, c, d, e, 3, then);                                                    \
        ROUND(e, f, g, h, a, b, c, d, 4, then);                                                    \
        ROUND(d, e, f, g, h, a, b, c, 5, then);                                                    \
        ROUND(c, d, e, f, g, h, a, b, 6, then);                                                    \
        ROUND(b, c, d, e, f, g, h, a, 7, then);                                                    \
        ROUND(a, b, c, d, e, f, g, h, 8, then);                                                    \
        ROUND(h, a, b, c, d, e, f, g, 9, then);                                                    \
        ROUND(g, h, a, b, c, d, e, f, 10, then);                                                   \
        ROUND(f, g, h, a, b, c, d, e, 11, then);                                                   \
        ROUND(e, f, g, h, a, b, c, d, 12, then);                                                   \
        ROUND(d, e, f, g, h, a, b, c, 13, then);                                                   \
        ROUND(c, d, e, f, g, h, a, b, 14, then);                                                   \
        ROUND(b, c, d, e, f, g, h, a, 15, then);                                                   \
    } while (0)

LANES_TARGET static inline void compress(lanes_words s[8], lanes_words w[16])
{
    lanes_words a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    size_t r = 0;
    for (; r < ROUNDS - 16; r += 16)
        SIXTEEN_ROUNDS(EXPAND);
    SIXTEEN_ROUNDS(NO_MORE);
    s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h;
}

LANES_TARGET void LANES_KERNEL(union lanes_state *const state[], const uint8_t *const data[],
                               size_t blocks)
{
    lanes_words s[8], w[16];
    const uint8_t *from[LANES];
    uint8_t *to[LANES];
    LANES_EACH (i, LANES)
        from[i] = to[i] = (uint8_t *)state[i];
    LANES_EACH (i, 8 / IN_CELL)
        load(s + i * IN_CELL, from, i * 16);
    for (size_t offset = 0; offset < blocks * BLOCK; offset += BLOCK) {
        LANES_EACH (i, 16 / IN_CELL)
            load(w + i * IN_CELL, data, offset + i * 16);
        LANES_EACH (t, 16)
            w[t] = big_endian(w[t]);
        compress(s, w);
    }
    LANES_EACH (i, 8 / IN_CELL)
        store(s + i * IN_CELL, to, i * 16);
}

#endif
