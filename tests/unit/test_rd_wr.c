/* rd.c and wr.c: the bounded reader and writer, and that their failures stick. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rd.h"
#include "wr.h"

static void test_reads(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    struct rd r = rd_of(span_of(bytes, sizeof bytes));
    assert_int_equal(rd_u8(&r), 1);
    assert_int_equal(rd_le16(&r), 0x0302);
    assert_int_equal(rd_le32(&r), 0x07060504);
    assert_int_equal(rd_be32(&r), 0x08090A0B);
    struct span s = rd_span(&r, 2);
    assert_ptr_equal(s.p, bytes + 11);
    assert_int_equal(s.n, 2);
    struct num be = rd_num_be(&r, 1), le = rd_num_le(&r, 2);
    assert_ptr_equal(be.p, bytes + 13);
    assert_false(be.little);
    assert_int_equal(be.n, 1);
    assert_ptr_equal(le.p, bytes + 14);
    assert_true(le.little);
    assert_int_equal(le.n, 2);
    assert_true(rd_ok(&r));
    assert_true(rd_end(&r));
    assert_int_equal(rd_span(&r, 0).n, 0);
    assert_true(rd_end(&r));
}

static void test_high_bits(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0xFF, 0xFF, 0xFE, 0x80, 0x80, 0xFE, 0xFF, 0xFF};
    struct rd r = rd_of(span_of(bytes, sizeof bytes));
    assert_int_equal(rd_le32(&r), 0x80FEFFFF);
    assert_int_equal(rd_be32(&r), 0x80FEFFFF);
    r = rd_of(span_of(bytes, sizeof bytes));
    assert_int_equal(rd_le16(&r), 0xFFFF);
}

/* After one read too far nothing is read any more, not even what would fit. */
static void test_reading_too_far(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3};
    static const size_t far[] = {4, 5, 1u << 16, UINT32_MAX, SIZE_MAX, SIZE_MAX - 1};
    for (size_t i = 0; i < ARRAY_COUNT(far); i++) {
        struct rd r = rd_of(span_of(bytes, sizeof bytes));
        struct span s = rd_span(&r, far[i]);
        assert_int_equal(s.n, 0);
        assert_false(rd_ok(&r));
        assert_false(rd_end(&r));
        assert_int_equal(rd_u8(&r), 0);
        assert_int_equal(rd_le16(&r), 0);
        assert_int_equal(rd_le32(&r), 0);
        assert_int_equal(rd_be32(&r), 0);
        assert_int_equal(rd_span(&r, 0).n, 0);
        assert_int_equal(rd_num_be(&r, 1).n, 0);
        assert_int_equal(rd_num_le(&r, 1).n, 0);
        assert_false(rd_ok(&r));
    }
    /* Each getter at each length that is too short for it. */
    for (size_t n = 0; n < 4; n++) {
        uint8_t *exact = malloc(n);
        if (n > 0) {
            assert_non_null(exact);
            memset(exact, 0xFF, n);
        }
        struct rd r = rd_of((struct span){exact, n});
        assert_int_equal(rd_le32(&r), 0);
        assert_false(rd_ok(&r));
        r = rd_of((struct span){exact, n});
        assert_int_equal(rd_be32(&r), 0);
        assert_false(rd_ok(&r));
        r = rd_of((struct span){exact, n});
        assert_int_equal(rd_le16(&r), n < 2 ? 0 : 0xFFFF);
        assert_int_equal(rd_ok(&r), n >= 2);
        r = rd_of((struct span){exact, n});
        assert_int_equal(rd_u8(&r), n < 1 ? 0 : 0xFF);
        assert_int_equal(rd_ok(&r), n >= 1);
        free(exact);
    }
}

static void test_left_over(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2};
    struct rd r = rd_of(span_of(bytes, sizeof bytes));
    assert_int_equal(rd_u8(&r), 1);
    assert_true(rd_ok(&r));
    assert_false(rd_end(&r));
    struct rd empty = rd_of(span_of(NULL, 5));
    assert_true(rd_end(&empty));
}

static void write_all(struct wr *w)
{
    static const uint8_t two[] = {0xAA, 0xBB};
    static const uint8_t value[] = {0, 0, 1, 2, 3}; /* with leading zeros */
    wr_u8(w, 1);
    wr_le16(w, 0x0302);
    wr_le32(w, 0x07060504);
    wr_be32(w, 0x08090A0B);
    wr_bytes(w, two, sizeof two);
    wr_span(w, span_of(two, sizeof two));
    wr_span(w, span_of(NULL, 0));
    wr_zero(w, 2);
    wr_num_be(w, num_be(value, sizeof value), 3);
    wr_num_be(w, num_be(value, sizeof value), 6);
    wr_num_le(w, num_be(value, sizeof value), 4);
    wr_num_be(w, num_le(value, sizeof value), 5);
    wr_num_le(w, num_le(value, sizeof value), 5);
    wr_num_be(w, num_be(NULL, 0), 2);
    wr_num_le(w, num_be(NULL, 0), 0);
}

static const uint8_t written[] = {
    1,  2,    3,    4,    5,    6, 7, 8, 9, 10,
    11, 0xAA, 0xBB, 0xAA, 0xBB, 0, 0, 1, 2, 3, /* big-endian, exact */
    0,  0,    0,    1,    2,    3,             /* big-endian, padded */
    3,  2,    1,    0,                         /* little-endian, padded */
    3,  2,    1,    0,    0, /* the little-endian number 0x0302010000 big-endian */
    0,  0,    1,    2,    3, /* and as it was */
    0,  0,
};

static void test_counting_is_writing(void **state)
{
    (void)state;
    struct wr counted = wr_count();
    write_all(&counted);
    assert_false(counted.bad);
    assert_int_equal(counted.n, sizeof written);
    /* Every capacity: what does not fit fails, and nothing is written behind it. */
    for (size_t cap = 0; cap <= sizeof written + 2; cap++) {
        uint8_t *p = malloc(cap);
        assert_non_null(p);
        struct wr w = wr_into(p, cap);
        write_all(&w);
        assert_int_equal(w.bad, cap < sizeof written);
        assert_true(w.n <= cap);
        assert_memory_equal(p, written, w.n);
        if (!w.bad)
            assert_int_equal(w.n, sizeof written);
        free(p);
    }
}

static void test_numbers_that_do_not_fit(void **state)
{
    (void)state;
    static const uint8_t value[] = {1, 2, 3};
    uint8_t p[8];
    struct wr w = wr_into(p, sizeof p);
    wr_num_be(&w, num_be(value, 3), 2);
    assert_true(w.bad);
    w = wr_into(p, sizeof p);
    wr_num_le(&w, num_be(value, 3), 2);
    assert_true(w.bad);
    w = wr_into(p, sizeof p);
    wr_num_be(&w, num_le(value, 3), 2);
    assert_true(w.bad);
    size_t n = w.n;
    wr_u8(&w, 7); /* the failure stays */
    assert_true(w.bad);
    assert_int_equal(w.n, n);
}

static void test_writing_too_far(void **state)
{
    (void)state;
    uint8_t p[4] = {9, 9, 9, 9};
    struct wr w = wr_into(p, 3);
    wr_le32(&w, 0xFFFFFFFF);
    assert_true(w.bad);
    wr_u8(&w, 0);
    assert_true(w.bad);
    w = wr_into(p, 3);
    wr_u8(&w, 9);
    wr_zero(&w, SIZE_MAX); /* 1 + SIZE_MAX wraps */
    assert_true(w.bad);
    w = wr_count();
    wr_u8(&w, 0);
    wr_zero(&w, SIZE_MAX);
    assert_true(w.bad);
    static const uint8_t nines[] = {9, 9, 9, 9};
    assert_memory_equal(p, nines, 4);
    w = wr_into(NULL, 10); /* no buffer is no size query here */
    wr_u8(&w, 0);
    assert_true(w.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),
        cmocka_unit_test(test_high_bits),
        cmocka_unit_test(test_reading_too_far),
        cmocka_unit_test(test_left_over),
        cmocka_unit_test(test_counting_is_writing),
        cmocka_unit_test(test_numbers_that_do_not_fit),
        cmocka_unit_test(test_writing_too_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
