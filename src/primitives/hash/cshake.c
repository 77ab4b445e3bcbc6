/*
 * The encodings of SP 800-185, section 2.3 (cshake.h):
 *
 *     left_encode(x)      n || x          x in n bytes, big-endian, n as small as can be but not 0
 *     right_encode(x)     x || n
 *     encode_string(S)    left_encode(bits of S) || S
 *     bytepad(X, rate)    left_encode(rate) || X || zeros, to a multiple of `rate` bytes
 */
#include "cshake.h"

/* x in `bytes` as left_encode has it, then n once more: either encoding is 1 + n of the bytes. */
struct number {
    uint8_t bytes[1 + sizeof(uint64_t) + 1];
    size_t n;
};

static struct number number_encode(uint64_t x)
{
    struct number e = {.n = 1};
    while (e.n < sizeof x && x >> (8 * e.n) != 0)
        e.n++;
    for (size_t i = 0; i < e.n; i++)
        e.bytes[1 + i] = (uint8_t)(x >> (8 * (e.n - 1 - i)));
    e.bytes[0] = e.bytes[1 + e.n] = (uint8_t)e.n;
    return e;
}

/* Adds to a context and counts. */
struct feed {
    EVP_MD_CTX *ctx;
    size_t n;
    bool good;
};

static void feed_add(struct feed *f, const void *p, size_t n)
{
    f->good = f->good && (n == 0 || EVP_DigestUpdate(f->ctx, p, n) == 1);
    f->n += n;
}

static void feed_number(struct feed *f, uint64_t x)
{
    struct number e = number_encode(x);
    feed_add(f, e.bytes, 1 + e.n);
}

static void feed_string(struct feed *f, struct span s)
{
    feed_number(f, (uint64_t)s.n * 8);
    feed_add(f, s.p, s.n);
}

static bool feed_fill(struct feed *f, size_t rate)
{
    static const uint8_t zeros[168];
    size_t over = f->n % rate;
    feed_add(f, zeros, over == 0 ? 0 : rate - over);
    return f->good;
}

bool cshake_add_names(const struct digest *d, EVP_MD_CTX *ctx, struct span function,
                      struct span custom)
{
    struct feed f = {.ctx = ctx, .good = true};
    feed_number(&f, d->block);
    feed_string(&f, function);
    feed_string(&f, custom);
    return feed_fill(&f, d->block);
}

bool cshake_add_key(const struct digest *d, EVP_MD_CTX *ctx, struct span key)
{
    struct feed f = {.ctx = ctx, .good = true};
    feed_number(&f, d->block);
    feed_string(&f, key);
    return feed_fill(&f, d->block);
}

bool cshake_add_length(EVP_MD_CTX *ctx, size_t n)
{
    struct number e = number_encode((uint64_t)n * 8);
    return EVP_DigestUpdate(ctx, e.bytes + 1, e.n + 1) == 1;
}
