/*
 * Damage for blob codecs: a good blob is cut, lengthened, and its length fields are changed, and
 * the decoder is asked again. Every copy lies on the heap in exactly its own size, so that a
 * read past its end is seen by AddressSanitizer, and every result is checked to leave its output
 * alone.
 */
#ifndef TESTS_UNIT_BLOB_CHECK_H
#define TESTS_UNIT_BLOB_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rd.h"
#include "wr.h"

/* Decodes `in` in the given form; asserts that a failure left the output alone and that a success
 * gave numbers which can be read to their ends. */
typedef NTSTATUS (*decoder)(int form, struct span in);

/* A blob under construction. */
struct blob {
    uint8_t p[2048];
    size_t n;
};

static inline void put_u8(struct blob *b, uint8_t v)
{
    assert_true(b->n < sizeof b->p);
    b->p[b->n++] = v;
}

static inline void put_le32(struct blob *b, uint32_t v)
{
    for (int shift = 0; shift < 32; shift += 8)
        put_u8(b, (uint8_t)(v >> shift));
}

static inline void set_le32(struct blob *b, size_t at, uint32_t v)
{
    for (size_t i = 0; i < 4; i++)
        b->p[at + i] = (uint8_t)(v >> (8 * i));
}

static inline uint32_t get_le32(const struct blob *b, size_t at)
{
    return b->p[at] | (uint32_t)b->p[at + 1] << 8 | (uint32_t)b->p[at + 2] << 16 |
           (uint32_t)b->p[at + 3] << 24;
}

/* n bytes that count up from `first`. */
static inline void put_run(struct blob *b, uint8_t first, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_u8(b, (uint8_t)(first + i));
}

/* The same as CryptoAPI has it. */
static inline void put_run_back(struct blob *b, uint8_t first, size_t n)
{
    for (size_t i = n; i > 0; i--)
        put_u8(b, (uint8_t)(first + i - 1));
}

static inline struct span blob_span(const struct blob *b)
{
    return span_of(b->p, b->n);
}

/* Whether a number has the value of the n bytes that count up from `first`. */
static inline bool is_run(struct num v, uint8_t first, size_t n)
{
    if (v.n < n)
        return false;
    for (size_t i = 0; i < v.n; i++) {
        uint8_t want = i < n ? (uint8_t)(first + n - 1 - i) : 0;
        if (num_byte(v, i) != want)
            return false;
    }
    return true;
}

static inline NTSTATUS decode_copy(decoder decode, int form, const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n);
    assert_non_null(copy);
    if (n > 0)
        memcpy(copy, p, n);
    NTSTATUS status = decode(form, (struct span){copy, n});
    free(copy);
    return status;
}

/* Every shorter blob gets `want`. */
static inline void check_cuts(decoder decode, int form, const struct blob *b, NTSTATUS want)
{
    assert_int_equal(decode_copy(decode, form, b->p, b->n), STATUS_SUCCESS);
    for (size_t n = 0; n < b->n; n++)
        assert_int_equal(decode_copy(decode, form, b->p, n), want);
}

/* Every blob with something behind it gets `want`. */
static inline void check_trailing(decoder decode, int form, const struct blob *b, NTSTATUS want)
{
    static const size_t more[] = {1, 2, 4, 20, 100};
    for (size_t i = 0; i < ARRAY_COUNT(more); i++) {
        struct blob longer = *b;
        put_run(&longer, 0, more[i]);
        assert_int_equal(decode_copy(decode, form, longer.p, longer.n), want);
    }
}

/* The length field at `at` with wrong values: each must be refused, with `want` or `want_too`. */
static inline void check_length(decoder decode, int form, const struct blob *b, size_t at,
                                NTSTATUS want, NTSTATUS want_too)
{
    uint32_t good = get_le32(b, at);
    const uint32_t bad[] = {0,          1,        good - 1,   good + 1,    good * 2,
                            0xFFFF,     0x10000,  0x7FFFFFFF, 0x80000000u, 0xFFFFFFF0,
                            0xFFFFFFFF, good + 8, 0x20000000, 0x40000000};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        if (bad[i] == good)
            continue;
        struct blob wrong = *b;
        set_le32(&wrong, at, bad[i]);
        NTSTATUS status = decode_copy(decode, form, wrong.p, wrong.n);
        assert_true(status == want || status == want_too);
    }
}

/* Every single-bit change of the four bytes at `at` is STATUS_INVALID_PARAMETER. */
static inline void check_field_bits(decoder decode, int form, const struct blob *b, size_t at)
{
    for (int bit = 0; bit < 32; bit++) {
        struct blob wrong = *b;
        set_le32(&wrong, at, get_le32(b, at) ^ (uint32_t)1 << bit);
        assert_int_equal(decode_copy(decode, form, wrong.p, wrong.n), STATUS_INVALID_PARAMETER);
    }
}

/* What an encoder wrote, and that counting first gives the same size. */
#define check_encoded(want, ENCODE)                                                                \
    do {                                                                                           \
        struct wr counted_ = wr_count();                                                           \
        struct wr *w = &counted_;                                                                  \
        ENCODE;                                                                                    \
        assert_false(counted_.bad);                                                                \
        assert_int_equal(counted_.n, (want)->n);                                                   \
        uint8_t *written_ = malloc(counted_.n);                                                    \
        assert_non_null(written_);                                                                 \
        struct wr into_ = wr_into(written_, counted_.n);                                           \
        w = &into_;                                                                                \
        ENCODE;                                                                                    \
        assert_false(into_.bad);                                                                   \
        assert_int_equal(into_.n, (want)->n);                                                      \
        assert_memory_equal(written_, (want)->p, (want)->n);                                       \
        struct wr short_ = wr_into(written_, counted_.n - 1);                                      \
        w = &short_;                                                                               \
        ENCODE;                                                                                    \
        assert_true(short_.bad);                                                                   \
        free(written_);                                                                            \
    } while (0)

/* Reads a number to its ends; the volatile sum keeps the reads. */
static inline void touch_bytes(const uint8_t *p, size_t n)
{
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum = (uint8_t)(sum + p[i]);
}

static inline void touch_num(struct num v)
{
    touch_bytes(v.p, v.n);
}

#endif
