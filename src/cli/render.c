#include "render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"

/* ---- memory --------------------------------------------------------------------------------------------------- */

/* In front of each block stands its size, so that it can be wiped; sixteen bytes keep the alignment. */
#define HEAD 16

static void *wiped_alloc(size_t n)
{
    uint8_t *p = alloc_or_exit(n + HEAD);
    memcpy(p, &n, sizeof n);
    return p + HEAD;
}

static void wiped_free(void *block)
{
    size_t n;
    if (block == NULL)
        return;
    uint8_t *p = (uint8_t *)block - HEAD;
    memcpy(&n, p, sizeof n);
    explicit_bzero(block, n);
    free(p);
}

void render_init(void)
{
    json_set_alloc_funcs(wiped_alloc, wiped_free);
}

/* ---- building ------------------------------------------------------------------------------------------------- */

static void set(json_t *report, const char *name, json_t *value)
{
    if (value == NULL || json_object_set_new(report, name, value) != 0)
        exit(complain(BAD_SYSTEM, NULL, NULL, "the report could not be made"));
}

json_t *report_new(void)
{
    return json_object();
}

/* File names need not be UTF-8. */
void report_text(json_t *report, const char *name, const char *text)
{
    json_t *value = json_string(text);
    if (value == NULL) {
        OCTETS ascii = {0};
        octets_append_text(&ascii, text);
        for (size_t i = 0; i < ascii.n; i++) {
            if (ascii.p[i] >= 0x80)
                ascii.p[i] = '?';
        }
        value = json_string(octets_text(&ascii));
    }
    set(report, name, value);
}

void report_hex(json_t *report, const char *name, struct view bytes)
{
    OCTETS hex = {0};
    octets_to_hex(&hex, bytes);
    set(report, name, json_string(octets_text(&hex)));
}

void report_number(json_t *report, const char *name, size_t number)
{
    set(report, name, json_integer((json_int_t)number));
}

void report_flag(json_t *report, const char *name, bool value)
{
    set(report, name, json_boolean(value));
}

void report_part(json_t *report, const char *name, json_t *part)
{
    set(report, name, part);
}

static json_t *hidden(size_t bytes)
{
    json_t *part = report_new();
    report_flag(part, "hidden", true);
    report_number(part, "bytes", bytes);
    return part;
}

json_t *report_fields(const struct fields *fields, bool secrets)
{
    json_t *report = report_new();
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct field_fact *fact = &field_facts[i];
        struct view value = view_of(&fields->value[i]);
        if (!fields->has[i] || i == FIELD_COORDINATE || (value.n == 0 && fact->kind == KIND_NUMBER))
            continue;
        if (fact->secret && !secrets)
            report_part(report, fact->name, hidden(value.n));
        else if (fact->kind == KIND_TEXT)
            set(report, fact->name, json_stringn((const char *)value.p, value.n));
        else if (fact->kind == KIND_INT)
            report_number(report, fact->name, fields_int(fields, (enum field_id)i));
        else
            report_hex(report, fact->name, value);
    }
    return report;
}

/* ---- printing ------------------------------------------------------------------------------------------------- */

void render_json(const json_t *report)
{
    json_dumpf(report, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
    putchar('\n');
}

#define COLUMN 20
#define WRAP 64

/* A long value goes on under its beginning. */
static void print_text(const char *text, int indent)
{
    size_t n = strlen(text);
    for (size_t at = 0; at == 0 || at < n; at += WRAP)
        printf("%*s%.*s\n", at == 0 ? 0 : indent + COLUMN, "", WRAP, text + at);
}

static void print_scalar(const json_t *value, int indent)
{
    if (json_is_string(value))
        print_text(json_string_value(value), indent);
    else if (json_is_integer(value))
        printf("%lld\n", (long long)json_integer_value(value));
    else if (json_is_real(value))
        printf("%.3f\n", json_real_value(value));
    else
        puts(json_is_true(value) ? "yes" : "no");
}

static void print_object(const json_t *object, int indent)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        int width = COLUMN - (int)strlen(name);
        printf("%*s%s%*s", indent, "", name, width > 1 ? width : 1, "");
        const json_t *bytes = json_object_get(value, "bytes");
        if (json_object_get(value, "hidden") != NULL) {
            printf("(%lld bytes; --private shows them)\n", (long long)json_integer_value(bytes));
        } else if (json_is_object(value)) {
            putchar('\n');
            print_object(value, indent + 2);
        } else {
            print_scalar(value, indent);
        }
    }
}

void render_people(const json_t *report)
{
    print_object(report, 0);
}

/* ---- results -------------------------------------------------------------------------------------------------- */

static bool goes_into_report(const struct delivery *delivery)
{
    return delivery->report != NULL && sink_is_stdout(&delivery->sink);
}

static struct sink sink_of(const struct delivery *delivery)
{
    struct sink sink = delivery->sink;
    sink.text = sink.text || delivery->hex;
    return sink;
}

enum outcome delivery_check(const struct delivery *delivery)
{
    struct sink sink = sink_of(delivery);
    return goes_into_report(delivery) ? DONE : sink_check(&sink);
}

enum outcome deliver(const struct delivery *delivery, struct view result)
{
    struct sink sink = sink_of(delivery);
    if (goes_into_report(delivery)) {
        if (delivery->is_text)
            set(delivery->report, delivery->name, json_stringn((const char *)result.p, result.n));
        else
            report_hex(delivery->report, delivery->name, result);
        return DONE;
    }
    if (delivery->report != NULL)
        report_text(delivery->report, "file", sink.path);
    if (!delivery->hex)
        return sink_write(&sink, result);
    OCTETS text = {0};
    octets_to_hex(&text, result);
    octets_append_text(&text, "\n");
    return sink_write(&sink, view_of(&text));
}
