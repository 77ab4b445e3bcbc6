/*
 * Borrowed bytes. A span never owns; what it points at must outlive it.
 *
 * A `num` is an unsigned integer inside borrowed bytes, with its byte order: CNG's own blobs are
 * big-endian, CryptoAPI's are little-endian, and the codecs must not copy to turn one into the
 * other.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include "base.h"

struct span {
    const uint8_t *p;
    size_t n;
};

struct num {
    const uint8_t *p;
    size_t n;    /* bytes, leading zeros included */
    bool little; /* least significant byte first */
};

static inline struct span span_of(const void *p, size_t n)
{
    return (struct span){p, p == NULL ? 0 : n};
}

static inline struct num num_be(const void *p, size_t n)
{
    return (struct num){p, p == NULL ? 0 : n, false};
}

static inline struct num num_le(const void *p, size_t n)
{
    return (struct num){p, p == NULL ? 0 : n, true};
}

/* The same value without its leading zero bytes; zero becomes an empty
 * number. Not constant time. */
struct num num_trim(struct num v);

/* Bits of the value; 0 for zero. Not constant time. */
size_t num_bits(struct num v);

/* Byte `i` counted from the least significant one; 0 beyond the end. */
uint8_t num_byte(struct num v, size_t i);

/* Whether two public values are equal, whatever their byte orders and leading zeros. */
bool num_equal_public(struct num a, struct num b);

/* Writes the value big-endian into exactly `n` bytes, left-padded; false when it does not fit.
 * Takes the same time for every value of one length that fits. */
bool num_to_be(struct num v, uint8_t *out, size_t n) MUST_CHECK;

#endif
