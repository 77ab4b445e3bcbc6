/* GHASH by ordinary multiplications, and the choice between the two ways (ghash.h). */
#include "ghash.h"

#include <endian.h>
#include <string.h>

#include "lanes_cpu.h"

/* The bits of a block as GCM counts them, most significant first. */
struct bits {
    uint64_t high;
    uint64_t low;
};

static uint64_t load64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return be64toh(v);
}

static void store64(uint8_t *p, uint64_t v)
{
    v = htobe64(v);
    memcpy(p, &v, sizeof v);
}

/* The low 64 bits of the product of two polynomials over GF(2), in constant time: of each number every fourth bit, so that
 * what an ordinary multiplication carries is lost in the three bits between. */
static uint64_t product_low(uint64_t x, uint64_t y)
{
    const uint64_t m0 = UINT64_C(0x1111111111111111);
    const uint64_t m1 = m0 << 1;
    const uint64_t m2 = m0 << 2;
    const uint64_t m3 = m0 << 3;
    const uint64_t a[4] = {x & m0, x & m1, x & m2, x & m3};
    const uint64_t b[4] = {y & m0, y & m1, y & m2, y & m3};
    return (((a[0] * b[0]) ^ (a[1] * b[3]) ^ (a[2] * b[2]) ^ (a[3] * b[1])) & m0) |
           (((a[0] * b[1]) ^ (a[1] * b[0]) ^ (a[2] * b[3]) ^ (a[3] * b[2])) & m1) |
           (((a[0] * b[2]) ^ (a[1] * b[1]) ^ (a[2] * b[0]) ^ (a[3] * b[3])) & m2) |
           (((a[0] * b[3]) ^ (a[1] * b[2]) ^ (a[2] * b[1]) ^ (a[3] * b[0])) & m3);
}

static uint64_t mirror(uint64_t x)
{
    x = (x >> 1 & UINT64_C(0x5555555555555555)) | (x & UINT64_C(0x5555555555555555)) << 1;
    x = (x >> 2 & UINT64_C(0x3333333333333333)) | (x & UINT64_C(0x3333333333333333)) << 2;
    x = (x >> 4 & UINT64_C(0x0F0F0F0F0F0F0F0F)) | (x & UINT64_C(0x0F0F0F0F0F0F0F0F)) << 4;
    return __builtin_bswap64(x);
}

/* All 127 bits of the product; its high half is that of the mirrored numbers, mirrored. */
static struct bits product(uint64_t x, uint64_t y)
{
    return (struct bits){mirror(product_low(mirror(x), mirror(y))) >> 1, product_low(x, y)};
}

/* v·h in GCM's field, in constant time: by Karatsuba's three products. A block's bits stand in the opposite order of
 * their powers, hence the shift by one, and the reduction from below. */
static void multiply(struct ghash_value *v, const struct ghash_value *h)
{
    const struct bits x = {load64(v->p), load64(v->p + 8)};
    const struct bits y = {load64(h->p), load64(h->p + 8)};
    struct bits high = product(x.high, y.high);
    struct bits low = product(x.low, y.low);
    struct bits cross = product(x.high ^ x.low, y.high ^ y.low);
    cross.high ^= high.high ^ low.high;
    cross.low ^= high.low ^ low.low;
    /* 255 bits in four words, the lowest first. */
    uint64_t w[4] = {low.low, low.high ^ cross.low, high.low ^ cross.high, high.high};
    for (unsigned i = 3; i > 0; i--)
        w[i] = w[i] << 1 | w[i - 1] >> 63;
    w[0] <<= 1;
    for (unsigned i = 0; i < 2; i++) { /* x^128 = x^7 + x^2 + x + 1 */
        w[i + 1] ^= w[i] << 63 ^ w[i] << 62 ^ w[i] << 57;
        w[i + 2] ^= w[i] ^ w[i] >> 1 ^ w[i] >> 2 ^ w[i] >> 7;
    }
    store64(v->p, w[3]);
    store64(v->p + 8, w[2]);
}

static void by_words(struct ghash *g, struct ghash_value *y, const uint8_t *p, size_t blocks)
{
    for (; blocks > 0; blocks--, p += GHASH_BLOCK) {
        for (size_t i = 0; i < GHASH_BLOCK; i++)
            y->p[i] ^= p[i];
        multiply(y, &g->h);
    }
}

bool ghash_is_quick(void)
{
    return (lanes_cpu() & LANES_CLMUL) != 0;
}

void ghash_init(struct ghash *g)
{
    g->update = by_words;
    g->few = 1;
    g->powers = 0;
#if defined(__x86_64__)
    if (ghash_is_quick()) {
        g->update = ghash_clmul;
        g->few = 128;
    }
#endif
}
