/* name.c: identifiers in UTF-16 and UTF-32, and what is no identifier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#include "name.h"

static const enum width widths[] = {WIDTH_16, WIDTH_32};

/* Units in the given width, at an odd address, in exactly their own size,
 * without a NUL of their own. */
struct text {
    uint8_t *block;
    uint8_t *p;
    size_t bytes;
};

static struct text text_of(const char32_t *units, size_t count, enum width w)
{
    struct text t = {.bytes = count * w};
    t.block = malloc(t.bytes + 1);
    assert_non_null(t.block);
    t.p = t.block + 1;
    for (size_t i = 0; i < count; i++) {
        uint16_t narrow = (uint16_t)units[i];
        if (w == WIDTH_16)
            memcpy(t.p + i * w, &narrow, sizeof narrow);
        else
            memcpy(t.p + i * w, &units[i], sizeof units[i]);
    }
    return t;
}

/* Unit i of a string of that width. */
static uint32_t unit_at(const void *string, size_t i, enum width w)
{
    uint32_t unit = 0;
    uint16_t narrow;
    if (w == WIDTH_32) {
        memcpy(&unit, (const uint8_t *)string + i * w, sizeof unit);
        return unit;
    }
    memcpy(&narrow, (const uint8_t *)string + i * w, sizeof narrow);
    return narrow;
}

static struct name read_string(const char32_t *units, size_t count, enum width w)
{
    struct text t = text_of(units, count, w);
    struct name n;
    assert_int_equal(name_read(&n, t.p, w), STATUS_SUCCESS);
    free(t.block);
    return n;
}

static struct name read_counted(const char32_t *units, size_t count, size_t cb, enum width w)
{
    struct text t = text_of(units, count, w);
    struct name n;
    assert_true(cb <= t.bytes);
    assert_int_equal(name_read_counted(&n, t.p, cb, w), STATUS_SUCCESS);
    free(t.block);
    return n;
}

static void test_ascii(void **state)
{
    (void)state;
    static const char32_t rsa[] = {'R', 'S', 'A', '_', 'S', 'I', 'G', 'N', 0};
    for (size_t i = 0; i < ARRAY_COUNT(widths); i++) {
        struct name n = read_string(rsa, ARRAY_COUNT(rsa), widths[i]);
        assert_string_equal(n.s, "RSA_SIGN");
        assert_true(name_is(&n, "RSA_SIGN"));
        assert_true(name_is(&n, "rsa_sign"));
        assert_true(name_is(&n, "Rsa_Sign"));
        assert_false(name_is(&n, "RSA"));
        assert_false(name_is(&n, "RSA_SIGN2"));
        assert_false(name_is(&n, ""));
        /* '_' and DEL differ by the bit that tells the cases of a letter apart. */
        assert_false(name_is(&n, "RSA\177SIGN"));
    }
}

static void test_case_is_ascii_only(void **state)
{
    (void)state;
    static const char32_t text[] = {'[', '@', '`', '{', 0};
    struct name n = read_string(text, ARRAY_COUNT(text), WIDTH_16);
    assert_true(name_is(&n, "[@`{"));
    assert_false(name_is(&n, "{@`{"));
    assert_false(name_is(&n, "[``{"));
    static const char32_t e_acute[] = {0xE9, 0};
    n = read_string(e_acute, 2, WIDTH_16);
    assert_true(name_is(&n, "\xC3\xA9"));
    assert_false(name_is(&n, "\xC3\x89"));
    static const char32_t kelvin[] = {0x212A, 0}; /* lower-cases to k in Unicode, not here */
    n = read_string(kelvin, 2, WIDTH_32);
    assert_false(name_is(&n, "k"));
}

static void test_null(void **state)
{
    (void)state;
    struct name n;
    for (size_t i = 0; i < ARRAY_COUNT(widths); i++) {
        assert_int_equal(name_read(&n, NULL, widths[i]), STATUS_INVALID_PARAMETER);
        assert_int_equal(name_read_counted(&n, NULL, 4, widths[i]), STATUS_INVALID_PARAMETER);
    }
}

/* In blobs and files the bytes are the same on every machine. */
static void test_stored(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {'A', 0, 0xAC, 0x20, 0x3D, 0xD8, 0x11, 0xDD, 0, 0};
    static const char utf8[] = "A\xE2\x82\xAC\xF0\x9F\x94\x91";
    uint8_t made[sizeof bytes];
    struct wr w = wr_into(made, sizeof made);
    wr_utf16(&w, utf8);
    assert_false(w.bad);
    assert_int_equal(w.n, sizeof bytes);
    assert_memory_equal(made, bytes, sizeof bytes);
    for (size_t n = sizeof bytes - 2; n <= sizeof bytes; n++) {
        struct name name;
        assert_int_equal(name_read_stored(&name, span_of(bytes, n)), STATUS_SUCCESS);
        assert_string_equal(name.s, utf8);
    }
    static const uint8_t wide[] = {'A', 0, 0, 0, 0xAC, 0x20, 0, 0, 0, 0, 0, 0};
    for (size_t n = sizeof wide - WIDTH_32; n <= sizeof wide; n += WIDTH_32) {
        struct name name;
        assert_int_equal(name_stored_width(span_of(wide, n)), WIDTH_32);
        assert_int_equal(name_read_stored(&name, span_of(wide, n)), STATUS_SUCCESS);
        assert_string_equal(name.s, "A\xE2\x82\xAC");
    }
    static const struct {
        uint8_t bytes[8];
        size_t n;
        enum width width;
    } widths_of[] = {
        {{0}, 0, WIDTH_16},
        {{'A', 0, 0, 0}, 4, WIDTH_16}, /* one character and its NUL */
        {{'A', 0, 'B', 0, 'C', 0, 0, 0}, 8, WIDTH_16},
        {{'A', 0, 0, 0, 'B', 0, 0}, 7, WIDTH_16},
        {{'A', 0, 0, 0, 'B', 0, 'C', 0}, 8, WIDTH_16},
        {{'A', 0, 0, 0, 0, 0, 0, 0}, 8, WIDTH_32},
    };
    for (size_t i = 0; i < ARRAY_COUNT(widths_of); i++)
        assert_int_equal(name_stored_width(span_of(widths_of[i].bytes, widths_of[i].n)),
                         widths_of[i].width);
    uint8_t many[2 * NAME_MAX_BYTES + 2];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = i % 2 == 0 ? 'a' : 0;
    struct name long_name;
    assert_int_equal(name_read_stored(&long_name, span_of(many, sizeof many)), STATUS_SUCCESS);
    assert_memory_equal(long_name.s, "\xFF", 2);
    assert_int_equal(name_read_stored(&long_name, span_of(NULL, 0)), STATUS_INVALID_PARAMETER);
}

static void test_counted(void **state)
{
    (void)state;
    static const char32_t sha[] = {'S', 'H', 'A', '1', 0, 'X'};
    for (size_t i = 0; i < ARRAY_COUNT(widths); i++) {
        size_t w = (size_t)widths[i];
        struct name n = read_counted(sha, 4, 4 * w, widths[i]); /* no NUL */
        assert_string_equal(n.s, "SHA1");
        n = read_counted(sha, 5, 5 * w, widths[i]); /* with it */
        assert_string_equal(n.s, "SHA1");
        n = read_counted(sha, 6, 6 * w, widths[i]); /* something behind it */
        assert_string_equal(n.s, "SHA1");
        n = read_counted(sha, 4, 4 * w - 1, widths[i]); /* half a unit does not count */
        assert_string_equal(n.s, "SHA");
        n = read_counted(sha, 4, 0, widths[i]);
        assert_string_equal(n.s, "");
    }
}

static void test_beyond_ascii(void **state)
{
    (void)state;
    static const struct {
        char32_t wide[3];
        char32_t narrow[3];
        const char *utf8;
    } rows[] = {
        {{0x7F}, {0x7F}, "\x7F"},
        {{0x80}, {0x80}, "\xC2\x80"},
        {{0x7FF}, {0x7FF}, "\xDF\xBF"},
        {{0x800}, {0x800}, "\xE0\xA0\x80"},
        {{0xD7FF}, {0xD7FF}, "\xED\x9F\xBF"},
        {{0xE000}, {0xE000}, "\xEE\x80\x80"},
        {{0xFFFF}, {0xFFFF}, "\xEF\xBF\xBF"},
        {{0x10000}, {0xD800, 0xDC00}, "\xF0\x90\x80\x80"},
        {{0x1F511, 'k'}, {0xD83D, 0xDD11, 'k'}, "\xF0\x9F\x94\x91k"},
        {{0x10FFFF}, {0xDBFF, 0xDFFF}, "\xF4\x8F\xBF\xBF"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        size_t wide = 0, narrow = 0;
        while (wide < 3 && rows[i].wide[wide] != 0)
            wide++;
        while (narrow < 3 && rows[i].narrow[narrow] != 0)
            narrow++;
        struct name n = read_counted(rows[i].wide, wide, wide * 4, WIDTH_32);
        assert_string_equal(n.s, rows[i].utf8);
        n = read_counted(rows[i].narrow, narrow, narrow * 2, WIDTH_16);
        assert_string_equal(n.s, rows[i].utf8);

        assert_int_equal(wide_length(rows[i].utf8, WIDTH_32), wide);
        assert_int_equal(wide_length(rows[i].utf8, WIDTH_16), narrow);
        char32_t out32[4];
        memset(out32, 0xEE, sizeof out32);
        wide_write(out32, rows[i].utf8, WIDTH_32);
        assert_memory_equal(out32, rows[i].wide, wide * 4);
        assert_int_equal(out32[wide], 0);
        uint16_t out16[5];
        memset(out16, 0xEE, sizeof out16);
        wide_write(out16, rows[i].utf8, WIDTH_16);
        for (size_t k = 0; k < narrow; k++)
            assert_int_equal(out16[k], rows[i].narrow[k]);
        assert_int_equal(out16[narrow], 0);
        assert_int_equal(out16[narrow + 1], 0xEEEE);
    }
}

/* What cannot be an identifier is a success that matches nothing. Written into a wide string it is one character, whatever stands
 * behind it, and who reads that finds no name again. */
static void check_no_name(const struct name *n)
{
    assert_false(name_is(n, ""));
    assert_false(name_is(n, "A"));
    assert_string_equal(n->s, "\xFF");
    for (size_t i = 0; i < ARRAY_COUNT(widths); i++) {
        char32_t units[3] = {0};
        assert_int_equal(wide_length(n->s, widths[i]), 1);
        wide_write(units, n->s, widths[i]);
        assert_int_equal(unit_at(units, 0, widths[i]), 0xD800);
        assert_int_equal(unit_at(units, 1, widths[i]), 0);
        struct name again;
        assert_int_equal(name_read(&again, units, widths[i]), STATUS_SUCCESS);
        assert_string_equal(again.s, n->s);
    }
}

static void test_ill_formed(void **state)
{
    (void)state;
    static const char32_t lone_high[] = {'A', 0xD800, 'B', 0}, lone_low[] = {'A', 0xDC00, 0},
                          two_high[] = {0xD800, 0xD800, 0xDC00, 0}, cut_high[] = {'A', 0xDBFF},
                          high_then_nul[] = {0xDBFF, 0}, too_big[] = {'A', 0x110000, 0},
                          biggest[] = {0xFFFFFFFF, 0};
    struct name n = read_string(lone_high, 4, WIDTH_16);
    check_no_name(&n);
    n = read_string(lone_low, 3, WIDTH_16);
    check_no_name(&n);
    n = read_string(two_high, 4, WIDTH_16);
    check_no_name(&n);
    n = read_counted(cut_high, 2, 4, WIDTH_16);
    check_no_name(&n);
    n = read_string(high_then_nul, 2, WIDTH_16);
    check_no_name(&n);
    n = read_string(lone_high, 4, WIDTH_32);
    check_no_name(&n);
    n = read_string(too_big, 3, WIDTH_32);
    check_no_name(&n);
    n = read_string(biggest, 2, WIDTH_32);
    check_no_name(&n);
}

/* A string that never ends is read no further than a name is long. */
static void test_too_long(void **state)
{
    (void)state;
    char32_t units[NAME_MAX_BYTES];
    for (size_t i = 0; i < ARRAY_COUNT(units); i++)
        units[i] = 'a';
    for (size_t i = 0; i < ARRAY_COUNT(widths); i++) {
        struct name n = read_string(units, ARRAY_COUNT(units), widths[i]);
        check_no_name(&n);
        /* The longest that the interfaces know is far shorter than this. */
        n = read_counted(units, 48, 48 * (size_t)widths[i], widths[i]);
        assert_int_equal(strlen(n.s), 48);
    }
    /* The bound is in bytes: as many characters of four bytes do not fit. */
    for (size_t i = 0; i < ARRAY_COUNT(units); i++)
        units[i] = 0x10FFFF;
    for (size_t count = 1; count < ARRAY_COUNT(units); count++) {
        struct name n = read_counted(units, count, count * 4, WIDTH_32);
        assert_true(memchr(n.s, '\0', sizeof n.s) != NULL);
        if (count >= NAME_MAX_BYTES / 4)
            check_no_name(&n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ascii),      cmocka_unit_test(test_case_is_ascii_only),
        cmocka_unit_test(test_null),       cmocka_unit_test(test_stored),
        cmocka_unit_test(test_counted),    cmocka_unit_test(test_beyond_ascii),
        cmocka_unit_test(test_ill_formed), cmocka_unit_test(test_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
