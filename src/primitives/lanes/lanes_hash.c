/*
 * SHA-256, SHA-384 and SHA-512 as rows, and what runs them on this processor (lanes_hash.h).
 *
 * The thresholds are measurements (ns for one block of each stream; AMD Zen 4 at 3.7 GHz, GCC 12):
 *
 *   SHA-256     libcrypto 35, without the SHA instructions 116
 *               ni2 38    ni4 68    avx2 265    avx512 286
 *   SHA-512     libcrypto 144
 *               vl 202    avx2 334    avx512 350
 *
 * Zen 4's units take vectors of 512 bits in two steps. Where they go through in one, sixteen full lanes
 * should need about half as long (an estimate), and then pass the SHA instructions, which need 17 for
 * each stream.
 */
#include "lanes_hash.h"

#include <string.h>

#include "lanes_cpu.h"
#include "ossl.h"

#include <openssl/sha.h>

/* ---- one after another, with libcrypto's functions ------------------------------------------ */

/* An update of whole blocks goes straight from the data and leaves the context's own buffer alone, as
 * long as that holds nothing; so only what is read has to be there. */
static void sha256_one(union lanes_state *const state[], const uint8_t *const data[], size_t blocks)
{
    SHA256_CTX ctx;
    ctx.Nl = ctx.Nh = ctx.num = 0;
    memcpy(ctx.h, state[0]->w32, sizeof ctx.h);
    SHA256_Update(&ctx, data[0], blocks * SHA256_CBLOCK);
    memcpy(state[0]->w32, ctx.h, sizeof ctx.h);
    wipe(ctx.h, sizeof ctx.h);
}

static void sha512_one(union lanes_state *const state[], const uint8_t *const data[], size_t blocks)
{
    SHA512_CTX ctx;
    ctx.Nl = ctx.Nh = ctx.num = 0;
    memcpy(ctx.h, state[0]->w64, sizeof ctx.h);
    SHA512_Update(&ctx, data[0], blocks * SHA512_CBLOCK);
    memcpy(state[0]->w64, ctx.h, sizeof ctx.h);
    wipe(ctx.h, sizeof ctx.h);
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* Frames are those of GCC 12 and Clang 14 with -O2 and -O3, rounded up. */
static const struct lanes_kernel sha256_kernels[] = {
#if defined(__x86_64__)
    {LANES_AVX512 | LANES_WIDE, 16, 16, 3072, lanes_sha256_avx512},
    {LANES_SHA, 3, 4, 1024, lanes_sha256_ni4},
    {LANES_SHA, 2, 2, 256, lanes_sha256_ni2},
    {LANES_SHA, 1, 1, 256, lanes_sha256_ni1},
    {LANES_AVX512, 9, 16, 3072, lanes_sha256_avx512},
    {LANES_AVX2, 3, 8, 2048, lanes_sha256_avx2},
#endif
    {0, 1, 1, 0, sha256_one},
};

static const struct lanes_kernel sha512_kernels[] = {
#if defined(__x86_64__)
    {LANES_AVX512, 5, 8, 3072, lanes_sha512_avx512},
    {LANES_AVX512, 2, 4, 1024, lanes_sha512_vl},
    {LANES_AVX2, 3, 4, 2048, lanes_sha512_avx2},
#endif
    {0, 1, 1, 0, sha512_one},
};

/* The start values: FIPS 180-4, 5.3.3 to 5.3.5. */
const struct lanes_hash lanes_sha256 = {
    .shift = 6,
    .digest = 8,
    .start.w32 = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C,
                  0x1F83D9AB, 0x5BE0CD19},
    .kernels = sha256_kernels,
};

const struct lanes_hash lanes_sha384 = {
    .long_words = true,
    .shift = 7,
    .digest = 6,
    .start.w64 = {0xCBBB9D5DC1059ED8, 0x629A292A367CD507, 0x9159015A3070DD17, 0x152FECD8F70E5939,
                  0x67332667FFC00B31, 0x8EB44A8768581511, 0xDB0C2E0D64F98FA7, 0x47B5481DBEFA4FA4},
    .kernels = sha512_kernels,
};

const struct lanes_hash lanes_sha512 = {
    .long_words = true,
    .shift = 7,
    .digest = 8,
    .start.w64 = {0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
                  0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179},
    .kernels = sha512_kernels,
};

/* ---- running -------------------------------------------------------------------------------- */

static const struct lanes_kernel *best_kernel(const struct lanes_hash *hash, size_t n)
{
    unsigned cpu = lanes_cpu();
    const struct lanes_kernel *k = hash->kernels;
    while ((k->needs & ~cpu) != 0 || n < k->from)
        k++;
    return k;
}

size_t lanes_advance(const struct lanes_hash *hash, struct lanes_stream *const streams[], size_t n)
{
    const struct lanes_kernel *k = best_kernel(hash, n);
    size_t used = n < k->lanes ? n : k->lanes;
    struct lanes_stream *const *s = streams + n - used;
    size_t blocks = s[0]->blocks;
    for (size_t i = 1; i < used; i++)
        blocks = s[i]->blocks < blocks ? s[i]->blocks : blocks;

    /* Lanes without a stream repeat the first one's blocks into a state that nobody reads. */
    union lanes_state nobody = hash->start;
    union lanes_state *state[LANES_MOST];
    const uint8_t *data[LANES_MOST];
    for (size_t i = 0; i < k->lanes; i++) {
        state[i] = i < used ? &s[i]->state : &nobody;
        data[i] = s[i < used ? i : 0]->at;
    }
    k->run(state, data, blocks);
    for (size_t i = 0; i < used; i++) {
        s[i]->at += blocks << hash->shift;
        s[i]->blocks -= blocks;
    }
    return used;
}

#define OWN_FRAME 512 /* bytes, at least lanes_advance's */
#define MOST_FRAME 3072

/* The array lies where lanes_advance's frame lay, and below that the kernel's. */
__attribute__((noinline)) void lanes_forget(const struct lanes_hash *hash, size_t n)
{
    uint8_t stack[OWN_FRAME + MOST_FRAME];
    size_t deep = n == 0 ? 0 : best_kernel(hash, n)->frame;
    if (deep > 0)
        wipe(stack + MOST_FRAME - deep, OWN_FRAME + deep);
}
