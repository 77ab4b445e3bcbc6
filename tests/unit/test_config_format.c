/* config_format.c and config_line.c: the files of the configuration, text to view and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_format.h"

static struct span text_span(const char *text)
{
    return span_of(text, strlen(text));
}

/* The text of a view, for free(). */
static char *encoded(const struct config_provider *p, const struct config_context *c)
{
    struct wr w = wr_count();
    if (p != NULL)
        provider_encode(&w, p);
    else
        context_encode(&w, c);
    size_t n = w.n;
    char *text = calloc(1, n + 1);
    assert_non_null(text);
    w = wr_into(text, n);
    if (p != NULL)
        provider_encode(&w, p);
    else
        context_encode(&w, c);
    assert_false(w.bad);
    assert_int_equal(w.n, n);
    return text;
}

/* The form that is written is the form that is drawn. */
static void test_provider(void **state)
{
    (void)state;
    static const char text[] = "opencng provider 1\n"
                               "name Example Provider\n"
                               "alias Example\n"
                               "alias %20x%25y\n"
                               "image /usr/lib/a%0ab.so\n"
                               "interface hash\n"
                               "  flags min-dependencies process-isolate 0x00000002\n"
                               "  function SHA512/256\n"
                               "  function caf\xC3\xA9\n"
                               "interface 0x12345678\n";
    struct arena a = {0};
    struct config_provider p;
    struct config_flaw flaw = {0};
    assert_int_equal(provider_decode(text_span(text), &a, &p, &flaw), STATUS_SUCCESS);
    assert_string_equal(p.name.s, "Example Provider");
    assert_int_equal(p.alias_count, 2);
    assert_string_equal(p.aliases[1].s, " x%y");
    assert_string_equal(p.image, "/usr/lib/a\nb.so");
    assert_int_equal(p.interface_count, 2);
    assert_int_equal(p.interfaces[0].id, BCRYPT_HASH_INTERFACE);
    assert_int_equal(p.interfaces[0].flags, 0x00010003);
    assert_int_equal(p.interfaces[0].count, 2);
    assert_int_equal(p.interfaces[1].id, 0x12345678);
    assert_int_equal(p.interfaces[1].count, 0);
    char *again = encoded(&p, NULL);
    assert_string_equal(again, text);
    free(again);
    arena_done(&a);
}

static void test_context(void **state)
{
    (void)state;
    static const char text[] = "opencng context 1\n"
                               "name Default\n"
                               "flags exclusive override\n"
                               "interface cipher\n"
                               "interface schannel\n"
                               "  function TLS_A\n"
                               "  function TLS_B\n"
                               "    flags exclusive\n"
                               "    provider One\n"
                               "    provider Two = 2\n"
                               "    property a = b = 00ff\n"
                               "    property Empty = -\n";
    struct arena a = {0};
    struct config_context c;
    struct config_flaw flaw = {0};
    assert_int_equal(context_decode(text_span(text), &a, &c, &flaw), STATUS_SUCCESS);
    assert_int_equal(c.flags, CRYPT_EXCLUSIVE | CRYPT_OVERRIDE);
    assert_int_equal(c.list_count, 2);
    const struct config_function *f = &c.lists[1].functions[1];
    assert_int_equal(f->flags, CRYPT_EXCLUSIVE);
    assert_string_equal(f->providers[1].s, "Two = 2");
    assert_string_equal(f->properties[0].name.s, "a = b");
    assert_int_equal(f->properties[0].value.n, 2);
    assert_int_equal(f->properties[0].value.p[1], 0xFF);
    assert_int_equal(f->properties[1].value.n, 0);
    assert_non_null(f->properties[1].value.p);
    char *again = encoded(NULL, &c);
    assert_string_equal(again, text);
    free(again);
    arena_done(&a);
}

static void test_flaws(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line;
    } rows[] = {
        {"", 0},
        {"# only\n\n", 2},
        {"opencng context 1", 1},
        {"opencng context\n", 1},
        {"opencng context 1 2\n", 1},
        {"opencng context 01\n", 1},
        {"opencng provider 1\n", 1},
        {"opencng context 1\nname C\nname C\n", 3},
        {"opencng context 1\nname\n", 2},
        {"opencng context 1\nname C\nopencng context 1\n", 3},
        {"opencng context 1\nname C\nprovider P\n", 3},
        {"opencng context 1\nname C\nalias P\n", 3},
        {"opencng context 1\nname C\ninterface hash\nflags exclusive\n", 4},
        {"opencng context 1\nname C\ninterface hash\nname D\n", 4},
        {"opencng context 1\nname C\ninterface hash\ninterface 0x2\n", 4},
        {"opencng context 1\nname C\ninterface 0x0\n", 3},
        {"opencng context 1\nname C\ninterface 0x123456789\n", 3},
        {"opencng context 1\nname C\ninterface hash extra\n", 3},
        {"opencng context 1\nname C\nflags exclusive\nflags override\n", 4},
        {"opencng context 1\nname C\nflags sometimes\n", 3},
        {"opencng context 1\nname C\ninterface hash\nfunction F\nproperty P\n", 5},
        {"opencng context 1\nname C\ninterface hash\nfunction F\nproperty P =\n", 5},
        {"opencng context 1\nname C\ninterface hash\nfunction F\nproperty = 00\n", 5},
        {"opencng context 1\nname C\ninterface hash\nfunction F\nproperty P = 0\n", 5},
        {"opencng context 1\nname C\ninterface hash\nfunction F\nproperty P = 0g\n", 5},
        {"opencng context 1\nname C\ninterface hash\nfunction F\nproperty P = 00 00\n", 5},
        {"opencng context 1\nname C\ninterface hash\nfunction F\nprovider P\nprovider p\n", 6},
        {"opencng context 1\nname C\ninterface hash\nfunction %ff\n", 4},
        {"opencng context 1\nname C\ninterface hash\nfunction %c3\n", 4},
        {"opencng context 1\nname C\ninterface hash\nfunction %g0\n", 4},
        {"opencng context 1\nname C\r\n", 2},
        {"opencng context 1\nNAME C\n", 2},
        {"opencng context 1\nnam C\n", 2},
        {"opencng context 1\nname C%\x7f\n", 2},
        {"opencng context 1\nname C\x7f\n", 2},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena a = {0};
        struct config_context c;
        struct config_flaw flaw = {99, NULL};
        assert_int_equal(context_decode(text_span(rows[i].text), &a, &c, &flaw), STATUS_DATA_ERROR);
        assert_int_equal(flaw.line, rows[i].line);
        assert_non_null(flaw.what);
        arena_done(&a);
    }
}

/* A context with so many functions, each with a provider. */
static char *many(size_t functions, size_t *n)
{
    size_t room = functions * 64 + 128;
    char *text = malloc(room);
    assert_non_null(text);
    *n = (size_t)snprintf(text, room, "opencng context 1\nname C\ninterface hash\n");
    for (size_t i = 0; i < functions; i++)
        *n += (size_t)snprintf(text + *n, room - *n, "function F%zu\nprovider P\n", i);
    return text;
}

static void test_limits(void **state)
{
    (void)state;
    for (size_t extra = 0; extra < 2; extra++) {
        size_t n;
        char *text = many(CONFIG_FUNCTIONS_MAX + extra, &n);
        struct arena a = {0};
        struct config_context c;
        struct config_flaw flaw;
        NTSTATUS status = context_decode(span_of(text, n), &a, &c, &flaw);
        assert_int_equal(status, extra == 0 ? STATUS_SUCCESS : STATUS_DATA_ERROR);
        if (status >= 0)
            assert_string_equal(c.lists[0].functions[CONFIG_FUNCTIONS_MAX - 1].name.s, "F1023");
        arena_done(&a);
        free(text);
    }
}

/* A value that is as long as it may be, and one that is a byte longer. */
static NTSTATUS decode_long(const char *start, size_t count, const char *end)
{
    size_t room = strlen(start) + count + strlen(end);
    char *text = malloc(room);
    assert_non_null(text);
    memcpy(text, start, strlen(start));
    memset(text + strlen(start), 'a', count);
    memcpy(text + strlen(start) + count, end, strlen(end));
    struct arena a = {0};
    struct config_provider p;
    struct config_context c;
    struct config_flaw flaw = {0, NULL};
    NTSTATUS status = strncmp(start, "opencng provider", 16) == 0
                          ? provider_decode(span_of(text, room), &a, &p, &flaw)
                          : context_decode(span_of(text, room), &a, &c, &flaw);
    assert_true((status < 0) == (flaw.what != NULL));
    arena_done(&a);
    free(text);
    return status;
}

static void test_lengths(void **state)
{
    (void)state;
    static const char name[] = "opencng context 1\nname ";
    static const char image[] = "opencng provider 1\nname P\nimage ";
    static const char value[] =
        "opencng context 1\nname C\ninterface hash\nfunction F\nproperty P = ";
    assert_int_equal(decode_long(name, CONFIG_NAME_MAX, "\n"), STATUS_SUCCESS);
    assert_int_equal(decode_long(name, CONFIG_NAME_MAX + 1, "\n"), STATUS_DATA_ERROR);
    assert_int_equal(decode_long(name, CONFIG_NAME_MAX, "%41\n"), STATUS_DATA_ERROR);
    assert_int_equal(decode_long(image, CONFIG_IMAGE_MAX, "\n"), STATUS_SUCCESS);
    assert_int_equal(decode_long(image, CONFIG_IMAGE_MAX + 1, "\n"), STATUS_DATA_ERROR);
    assert_int_equal(decode_long(value, 2 * (size_t)CONFIG_VALUE_MAX, "\n"), STATUS_SUCCESS);
    assert_int_equal(decode_long(value, 2 * (size_t)CONFIG_VALUE_MAX + 2, "\n"), STATUS_DATA_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_provider), cmocka_unit_test(test_context),
        cmocka_unit_test(test_flaws),    cmocka_unit_test(test_limits),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
