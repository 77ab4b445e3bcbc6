/* asn1.c: what is DER and what is not, and that the writer writes what the reader reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "asn1.h"

#define DER(...)                                                                                   \
    ((struct span){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})

static void test_lengths(void **state)
{
    (void)state;
    struct asn1 a = asn1_of(DER(0x04, 0x02, 1, 2, 0x05, 0x00));
    struct span s = asn1_take(&a, ASN1_OCTETS);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.p[1], 2);
    assert_false(asn1_end(&a));
    assert_true(asn1_is(&a, ASN1_NULL));
    assert_int_equal(asn1_any(&a).n, 2);
    assert_true(asn1_end(&a));

    uint8_t bytes[3 + 200] = {0x04, 0x81, 200};
    a = asn1_of(span_of(bytes, sizeof bytes));
    assert_int_equal(asn1_take(&a, ASN1_OCTETS).n, 200);
    assert_true(asn1_end(&a));
}

/* Each is malformed: reading the element fails and stays failed. */
static void test_malformed(void **state)
{
    (void)state;
    const struct span all[] = {
        DER(0x04),                                  /* no length */
        DER(0x04, 0x03, 1, 2),                      /* cut */
        DER(0x04, 0x80, 0, 0),                      /* indefinite */
        DER(0x04, 0x81, 0x02, 1, 2),                /* the short form would do */
        DER(0x04, 0x82, 0x00, 0x02, 1, 2),          /* a leading zero */
        DER(0x04, 0x85, 1, 0, 0, 0, 0, 0),          /* too long a length */
        DER(0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 1), /* longer than everything */
        DER(0x1F, 0x01, 0x00),                      /* a long tag */
    };
    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        struct asn1 a = asn1_of(all[i]);
        assert_null(asn1_any(&a).p);
        assert_false(asn1_ok(&a));
        assert_false(asn1_end(&a));
        assert_null(asn1_any(&a).p);
    }
    struct asn1 none = asn1_of((struct span){NULL, 0});
    assert_false(asn1_ok(&none));
    struct asn1 other = asn1_of(DER(0x30, 0x00));
    assert_null(asn1_take(&other, ASN1_SET).p);
    assert_false(asn1_ok(&other));
}

static void test_numbers(void **state)
{
    (void)state;
    struct asn1 a = asn1_of(DER(0x02, 1, 0, 0x02, 1, 0x7F, 0x02, 2, 0, 0x80, 0x02, 3, 1, 2, 3));
    assert_int_equal(asn1_small(&a), 0);
    assert_int_equal(asn1_small(&a), 0x7F);
    struct num v = asn1_number(&a);
    assert_int_equal(v.n, 1);
    assert_int_equal(v.p[0], 0x80);
    assert_int_equal(asn1_small(&a), 0x010203);
    assert_true(asn1_end(&a));
    const struct span wrong[] = {
        DER(0x02, 0),          /* empty */
        DER(0x02, 1, 0x80),    /* negative */
        DER(0x02, 2, 0, 0x7F), /* a zero too many */
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        a = asn1_of(wrong[i]);
        (void)asn1_number(&a);
        assert_false(asn1_ok(&a));
    }
    a = asn1_of(DER(0x02, 5, 1, 0, 0, 0, 0));
    (void)asn1_small(&a);
    assert_false(asn1_ok(&a));
}

static void test_identifiers(void **state)
{
    (void)state;
    static const char *const dotted[] = {
        "1.2.840.113549.1.1.1",    "2.5.29.15",     "1.3.132.0.10", "2.999.3", "0.9",
        "2.16.840.1.101.3.4.3.17", "1.2.4294967295"};
    for (size_t i = 0; i < ARRAY_COUNT(dotted); i++) {
        uint8_t bytes[64];
        struct asn1_out o = asn1_into(bytes, sizeof bytes);
        asn1_put_oid(&o, dotted[i]);
        assert_false(o.bad);
        struct asn1 a = asn1_of(span_of(bytes + sizeof bytes - o.n, o.n));
        struct asn1_oid oid = asn1_oid(&a);
        assert_true(asn1_end(&a));
        assert_string_equal(oid.s, dotted[i]);
    }
    const struct span wrong[] = {
        DER(0x06, 0),                                        /* empty */
        DER(0x06, 2, 0x2A, 0x86),                            /* the last arc is cut */
        DER(0x06, 3, 0x2A, 0x80, 0x01),                      /* a leading zero */
        DER(0x06, 7, 0x2A, 0x90, 0x80, 0x80, 0x80, 0x80, 0), /* more than 32 bits */
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct asn1 a = asn1_of(wrong[i]);
        assert_string_equal(asn1_oid(&a).s, "");
        assert_false(asn1_ok(&a));
    }
}

static void test_bits(void **state)
{
    (void)state;
    struct asn1 a = asn1_of(DER(0x03, 3, 0, 4, 5));
    struct span s = asn1_bits(&a);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.p[0], 4);
    const struct span wrong[] = {DER(0x03, 0), DER(0x03, 2, 1, 4)};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        a = asn1_of(wrong[i]);
        assert_null(asn1_bits(&a).p);
        assert_false(asn1_ok(&a));
    }
}

static void put_tree(struct asn1_out *o)
{
    size_t all = o->n;
    asn1_put_bits(o, DER(9, 8));
    size_t inner = o->n;
    asn1_put_small(o, 0x8000);
    asn1_put_zero(o, 0);
    asn1_put_header(o, ASN1_SET, inner);
    asn1_put_element(o, ASN1_OCTETS, DER(7));
    asn1_put_header(o, ASN1_SEQUENCE, all);
}

/* What is counted is what is written, and a buffer one byte short is noticed. */
static void test_writing(void **state)
{
    (void)state;
    static const uint8_t want[] = {0x30, 15,   0x04, 1,    7, 0x31, 5, 0x02, 3,
                                   0,    0x80, 0,    0x03, 3, 0,    9, 8};
    struct asn1_out count = asn1_count();
    put_tree(&count);
    assert_int_equal(count.n, sizeof want);
    uint8_t bytes[sizeof want];
    struct asn1_out o = asn1_into(bytes, sizeof bytes);
    put_tree(&o);
    assert_false(o.bad);
    assert_memory_equal(bytes, want, sizeof want);
    o = asn1_into(bytes, sizeof bytes - 1);
    put_tree(&o);
    assert_true(o.bad);

    static uint8_t large[70000];
    struct asn1_out wide = asn1_into(large, sizeof large);
    asn1_put_zero(&wide, 65536);
    asn1_put_header(&wide, ASN1_OCTETS, 0);
    assert_int_equal(wide.n, 65536 + 5);
    struct asn1 a = asn1_of(span_of(large + sizeof large - wide.n, wide.n));
    assert_int_equal(asn1_take(&a, ASN1_OCTETS).n, 65536);
    assert_true(asn1_end(&a));
}

/* What has no encoding makes the writer bad, and nothing more is written. */
static void test_unwritable(void **state)
{
    (void)state;
    uint8_t bytes[16];
    static const uint8_t two_bytes[] = {1, 0};
    struct asn1_out o = asn1_into(bytes, sizeof bytes);
    asn1_put_oid(&o, "1");
    assert_true(o.bad && o.n == 0);
    static const char *const no_identifiers[] = {
        "1.2-3", "1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3", /* 33 arcs */
    };
    for (size_t i = 0; i < ARRAY_COUNT(no_identifiers); i++) {
        o = asn1_into(bytes, sizeof bytes);
        asn1_put_oid(&o, no_identifiers[i]);
        assert_true(o.bad && o.n == 0);
    }
    o = asn1_into(NULL, sizeof bytes); /* where nothing is, nothing is written */
    asn1_put_small(&o, 1);
    assert_true(o.bad && o.n == 0);
    o = asn1_into(bytes, sizeof bytes);
    asn1_put_fixed(&o, num_be(two_bytes, sizeof two_bytes), 1);
    assert_true(o.bad);
#if SIZE_MAX > UINT32_MAX
    o = asn1_count();
    asn1_put_zero(&o, (size_t)UINT32_MAX + 1);
    asn1_put_header(&o, ASN1_OCTETS, 0);
    assert_true(o.bad);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),    cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_numbers),    cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_bits),       cmocka_unit_test(test_writing),
        cmocka_unit_test(test_unwritable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
