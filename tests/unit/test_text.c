/* text.c: the longer strings of both widths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text.h"

static void test_both_widths(void **state)
{
    (void)state;
    /* one, two, three and four bytes of UTF-8 */
    static const uint16_t wide16[] = {'a', 0xE9, 0x4E2D, 0xD83D, 0xDD11, 0};
    static const uint32_t wide32[] = {'a', 0xE9, 0x4E2D, 0x1F511, 0};
    static const char utf8[] = "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x94\x91";
    struct text text;
    assert_int_equal(text_read(&text, wide16, 512, WIDTH_16), STATUS_SUCCESS);
    assert_string_equal(text.s, utf8);
    assert_int_equal(text_read(&text, wide32, 512, WIDTH_32), STATUS_SUCCESS);
    assert_string_equal(text.s, utf8);
    /* five characters of UTF-16 */
    assert_int_equal(text_read(&text, wide32, 5, WIDTH_32), STATUS_SUCCESS);
    assert_int_equal(text_read(&text, wide32, 4, WIDTH_32), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read_counted(&text, wide16, 4, 512, WIDTH_16), STATUS_SUCCESS);
    assert_string_equal(text.s, "a\xC3\xA9");
    assert_int_equal(text_read_counted(&text, wide16, sizeof wide16, 512, WIDTH_16),
                     STATUS_SUCCESS);
    assert_string_equal(text.s, utf8);
}

static void test_refused(void **state)
{
    (void)state;
    static const uint16_t empty[] = {0};
    static const uint16_t high[] = {'a', 0xD83D, 'b', 0};
    static const uint16_t low[] = {0xDD11, 0};
    static const uint16_t cut[] = {0xD83D, 0xDD11};
    static const uint32_t surrogate[] = {0xD800, 0};
    static const uint32_t beyond[] = {0x110000, 0};
    struct text text;
    assert_int_equal(text_read(&text, NULL, 512, WIDTH_16), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read(&text, empty, 512, WIDTH_16), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read(&text, high, 512, WIDTH_16), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read(&text, low, 512, WIDTH_16), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read_counted(&text, cut, 2, 512, WIDTH_16), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read(&text, surrogate, 512, WIDTH_32), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read(&text, beyond, 512, WIDTH_32), STATUS_INVALID_PARAMETER);
}

/* In files the bytes are the same on every machine. */
static void test_stored(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {'a', 0, 0x2D, 0x4E, 0x3D, 0xD8, 0x11, 0xDD, 0, 0};
    struct text text;
    for (size_t n = sizeof bytes - 2; n <= sizeof bytes; n++) {
        assert_int_equal(text_read_stored(&text, span_of(bytes, n)), STATUS_SUCCESS);
        assert_string_equal(text.s, "a\xE4\xB8\xAD\xF0\x9F\x94\x91");
    }
    assert_int_equal(text_read_stored(&text, span_of(bytes, 6)), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read_stored(&text, span_of(bytes, 0)), STATUS_INVALID_PARAMETER);
    uint8_t many[2 * TEXT_MAX_CHARS + 2];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = i % 2 == 0 ? 'a' : 0;
    assert_int_equal(text_read_stored(&text, span_of(many, sizeof many)), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_read_stored(&text, span_of(many, sizeof many - 2)), STATUS_SUCCESS);
    assert_int_equal(strlen(text.s), TEXT_MAX_CHARS);
}

/* The longest name of a key, in the characters that take most bytes. */
static void test_longest(void **state)
{
    (void)state;
    uint16_t wide[TEXT_MAX_CHARS + 2];
    for (size_t i = 0; i <= TEXT_MAX_CHARS; i++)
        wide[i] = 0x4E2D;
    wide[TEXT_MAX_CHARS + 1] = 0;
    struct text text;
    assert_int_equal(text_read(&text, wide, TEXT_MAX_CHARS, WIDTH_16), STATUS_INVALID_PARAMETER);
    wide[TEXT_MAX_CHARS] = 0;
    assert_int_equal(text_read(&text, wide, TEXT_MAX_CHARS, WIDTH_16), STATUS_SUCCESS);
    assert_int_equal(strlen(text.s), TEXT_MAX_BYTES - 1);
}

static void test_heap(void **state)
{
    (void)state;
    static const uint16_t empty[] = {0};
    static const uint16_t wide[] = {'a', 0x4E2D, 0};
    SCOPED_TEXT *one = NULL;
    SCOPED_TEXT *two = NULL;
    assert_int_equal(text_new(&one, wide, 2, WIDTH_16), STATUS_SUCCESS);
    assert_string_equal(one, "a\xE4\xB8\xAD");
    assert_int_equal(text_new(&two, empty, 0, WIDTH_16), STATUS_SUCCESS);
    assert_string_equal(two, "");
    char *none = NULL;
    assert_int_equal(text_new(&none, wide, 1, WIDTH_16), STATUS_INVALID_PARAMETER);
    assert_int_equal(text_new(&none, NULL, 1, WIDTH_16), STATUS_INVALID_PARAMETER);
    assert_null(none);
    /* Counted: nothing is read behind the count. */
    SCOPED_TEXT *three = NULL;
    SCOPED_TEXT *four = NULL;
    SCOPED_TEXT *five = NULL;
    assert_int_equal(text_new_counted(&three, wide, 2, 2, WIDTH_16), STATUS_SUCCESS);
    assert_string_equal(three, "a");
    assert_int_equal(text_new_counted(&four, wide, 100, 2, WIDTH_16), STATUS_SUCCESS);
    assert_string_equal(four, one);
    assert_int_equal(text_new_counted(&five, wide, 0, 2, WIDTH_16), STATUS_SUCCESS);
    assert_string_equal(five, "");
}

static void test_same(void **state)
{
    (void)state;
    assert_true(text_is("Name \xC3\xA9", "nAME \xC3\xA9"));
    assert_false(text_is("\xC3\xA9", "\xC3\x89")); /* ASCII alone folds */
    assert_false(text_is("name", "names"));
    assert_false(text_is("names", "name"));
    assert_true(text_is("", ""));
}

/* NULs are characters like others: lists of strings hold them. */
static void test_recode(void **state)
{
    (void)state;
    static const uint16_t wide16[] = {'a', 0, 0xD83D, 0xDD11, 0, 0};
    static const uint32_t wide32[] = {'a', 0, 0x1F511, 0, 0};
    static const uint16_t half[] = {'a', 0xDC00};
    SECRET a = {NULL, 0};
    SECRET b = {NULL, 0};
    SECRET c = {NULL, 0};
    assert_int_equal(text_recode(&a, wide16, sizeof wide16, WIDTH_16, WIDTH_32), STATUS_SUCCESS);
    assert_int_equal(a.n, sizeof wide32);
    assert_memory_equal(a.p, wide32, sizeof wide32);
    assert_int_equal(text_recode(&b, wide32, sizeof wide32 + 3, WIDTH_32, WIDTH_16),
                     STATUS_SUCCESS);
    assert_int_equal(b.n, sizeof wide16);
    assert_memory_equal(b.p, wide16, sizeof wide16);
    assert_int_equal(text_recode(&c, half, sizeof half, WIDTH_16, WIDTH_32),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(text_recode(&c, wide16, 0, WIDTH_16, WIDTH_32), STATUS_SUCCESS);
    assert_int_equal(c.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_widths), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_longest),     cmocka_unit_test(test_heap),
        cmocka_unit_test(test_stored),      cmocka_unit_test(test_same),
        cmocka_unit_test(test_recode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
