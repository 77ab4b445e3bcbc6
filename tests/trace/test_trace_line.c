/* trace_line.c, trace_peek.c, trace_kind.c: what a call's line is made of, and that it has an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bcrypt.h"
#include "trace.h"
#include "trace_kind.h"
#include "trace_peek.h"

static const char *quoted(const void *text, size_t unit)
{
    static struct trace_line l;
    trace_line_begin(&l);
    trace_line_quote(&l, text, unit);
    return l.s;
}

static void test_quotes(void **state)
{
    (void)state;
    static const uint16_t wide16[] = {'a', '"', '\\', '\n', 0xE9, 0xD83D, 0xDD11, 0x7F, 0};
    static const uint32_t wide32[] = {'a', '"', '\\', '\n', 0xE9, 0x1F511, 0};
    assert_string_equal(quoted(wide16, 2), "\"a\\\"\\\\\\u000a\\u00e9\\ud83d\\udd11\\u007f\"");
    assert_string_equal(quoted(wide32, 4), "\"a\\\"\\\\\\u000a\\u00e9\\U0001f511\"");
    assert_string_equal(quoted("caf\xC3\xA9", 1), "\"caf\\u00c3\\u00a9\"");
    assert_string_equal(quoted("", 1), "\"\"");
}

static void test_long_text(void **state)
{
    (void)state;
    char text[TRACE_TEXT_CHARS + 2];
    char expected[TRACE_TEXT_CHARS + 6] = "\"";
    memset(text, 'x', sizeof text);
    text[TRACE_TEXT_CHARS] = '\0';
    memset(expected + 1, 'x', TRACE_TEXT_CHARS);
    strcpy(expected + 1 + TRACE_TEXT_CHARS, "\"");
    assert_string_equal(quoted(text, 1), expected);
    text[TRACE_TEXT_CHARS] = 'x'; /* one more, and no end */
    strcat(expected, "...");
    assert_string_equal(quoted(text, 1), expected);
}

/* A text that runs into memory which cannot be read, and one that lies there. */
static void test_bad_addresses(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    memcpy(pages + page - 4, "abc", 4);
    assert_string_equal(quoted(pages + page - 4, 1), "\"abc\"");
    pages[page - 1] = 'd';
    assert_string_equal(quoted(pages + page - 4, 1), "\"abcd\"(bad address)");
    assert_string_equal(quoted(pages + page, 4), "\"\"(bad address)");
    char copy[8];
    assert_int_equal(trace_peek(copy, pages + page - 4, sizeof copy), 4);
    assert_int_equal(trace_peek(copy, (const void *)8, sizeof copy), 0);
    munmap(pages, 2 * page);
}

static void test_line_ends(void **state)
{
    (void)state;
    struct trace_line l;
    trace_line_begin(&l);
    for (int i = 0; i < TRACE_LINE_BYTES; i++)
        trace_line_put(&l, "%s", "abc");
    size_t most = l.n;
    assert_true(most < TRACE_LINE_BYTES - 256);
    assert_int_equal(strlen(l.s), most);
    /* however long the arguments are, the result is told */
    trace_line_finish(&l);
    trace_line_put(&l, " = done");
    assert_string_equal(l.s + most, " = done");
    for (int i = 0; i < TRACE_LINE_BYTES; i++)
        trace_line_put(&l, "%s", "abc");
    assert_int_equal(l.n, TRACE_LINE_BYTES - 1);
    assert_int_equal(strlen(l.s), TRACE_LINE_BYTES - 1);
}

static const char *result(trace_result_fn *show, uint32_t value)
{
    static struct trace_line l;
    trace_line_begin(&l);
    show(&l, value);
    return l.s;
}

static void test_results(void **state)
{
    (void)state;
    assert_string_equal(result(trace_result_status, 0), " = STATUS_SUCCESS (0x00000000)");
    assert_string_equal(result(trace_result_status, 0x80090016), " = NTE_BAD_KEYSET (0x80090016)");
    assert_string_equal(result(trace_result_status, 0xC0DEC0DE), " = 0xC0DEC0DE");
    assert_string_equal(result(trace_result_bool, 1), " = TRUE");
    assert_string_equal(result(trace_result_bool, 0), " = FALSE");
    assert_string_equal(result(trace_result_void, 0), "");
}

static const char *shown(const BCryptBufferDesc *list)
{
    static struct trace_line l;
    const uintptr_t args[] = {(uintptr_t)list};
    const struct trace_arg rows[] = {{"pParameterList", &trace_kind_buffers, 0}};
    const struct trace_row row = {.name = "F", .unit = 4, .count = 1, .args = rows};
    const struct trace_call call = {.row = &row, .args = args};
    trace_line_begin(&l);
    trace_kind_buffers.show(&l, &call, 0);
    return l.s;
}

/* Parameter lists: sixteen at most, and as much as can be read of one that lies about itself. */
static void test_buffers(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    BCryptBuffer *two = (BCryptBuffer *)(void *)(pages + page) - 2;
    two[0] = (BCryptBuffer){5, 1, NULL};
    two[1] = (BCryptBuffer){0, 0x2E, NULL};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 2, two};
    assert_string_equal(shown(&list), "{0x1[5], 0x2e[0]}");
    list.cBuffers = 0;
    assert_string_equal(shown(&list), "{}");
    list.cBuffers = 3; /* the third cannot be read */
    assert_string_equal(shown(&list), "{0x1[5], 0x2e[0]}");
    list.pBuffers = NULL;
    assert_string_equal(shown(&list), "{}");
    assert_string_equal(shown((const BCryptBufferDesc *)(void *)(pages + page)), "&");
    assert_string_equal(shown(NULL), "NULL");
    BCryptBuffer many[17] = {{0, 0, NULL}};
    list = (BCryptBufferDesc){BCRYPTBUFFER_VERSION, 17, many};
    const char *text = shown(&list);
    assert_int_equal(strlen(text), strlen("{0x0[0]") + 15 * strlen(", 0x0[0]") + strlen(", ...}"));
    assert_string_equal(text + strlen(text) - 6, ", ...}");
    munmap(pages, 2 * page);
}

static void test_quote_at_the_end(void **state)
{
    (void)state;
    struct trace_line l;
    trace_line_begin(&l);
    while (l.n + 3 < l.limit)
        trace_line_put(&l, "x");
    trace_line_quote(&l, "abcdef", 1); /* has room for two characters */
    assert_int_equal(l.n, l.limit - 1);
    assert_string_equal(l.s + l.n - 3, "x\"a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes),           cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_bad_addresses),    cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_results),          cmocka_unit_test(test_buffers),
        cmocka_unit_test(test_quote_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
