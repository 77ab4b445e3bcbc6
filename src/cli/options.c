#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "file_io.h"

struct parser {
    const struct verb *verb;
    int argc;
    char **argv;
    int next;
    void *values;
};

void option_bytes_done(struct option_bytes *bytes)
{
    octets_done(&bytes->value);
    bytes->given = false;
}

static enum outcome complain_usage(const struct verb *verb, const char *what, const char *argument)
{
    return complain(BAD_USAGE, NULL, NULL, "%s %s; `cng help %s` shows how", what, argument,
                    verb->name);
}

enum outcome complain_missing(const struct verb *verb, const char *option)
{
    return complain_usage(verb, "please say", option);
}

/* ---- values --------------------------------------------------------------------------------------------------- */

static enum outcome take_bytes(const struct parser *parser, const char *text,
                               struct option_bytes *out)
{
    OCTETS made = {0};
    out->given = true;
    if (strncmp(text, "file:", 5) == 0) {
        TRY(file_read(text + 5, "reading an option's value", KEY_FILE_MOST, &made));
    } else if (strncmp(text, "hex:", 4) == 0) {
        if (!octets_from_hex(&made, view_of_text(text + 4)))
            return complain_usage(parser->verb, "this is not hexadecimal:", text);
    } else {
        octets_append_text(&made, text);
    }
    octets_append(&out->value, view_of(&made));
    return DONE;
}

static enum outcome take_digits(const struct parser *parser, const char *text,
                                struct option_bytes *out)
{
    OCTETS made = {0};
    out->given = true;
    if (!octets_from_hex(&made, view_of_text(text)))
        return complain_usage(parser->verb, "this is not hexadecimal:", text);
    octets_append(&out->value, view_of(&made));
    return DONE;
}

bool number_from_text(const char *text, uint64_t most, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *end == 0 && text[0] >= '0' && text[0] <= '9' && *out <= most;
}

static enum outcome take_number(const struct parser *parser, const char *text,
                                struct option_number *out)
{
    uint64_t value;
    if (!number_from_text(text, UINT32_MAX, &value))
        return complain_usage(parser->verb, "this is not a number:", text);
    *out = (struct option_number){true, (uint32_t)value};
    return DONE;
}

static enum outcome take_item(const struct parser *parser, const struct option_row *row,
                              const char *text, struct option_list *out)
{
    if (out->count == OPTION_LIST_MOST)
        return complain(BAD_USAGE, NULL, NULL,
                        "--%s may be given %d times, not more; `cng help %s` shows how", row->name,
                        OPTION_LIST_MOST, parser->verb->name);
    out->items[out->count++] = (struct option_item){row->name, text};
    return DONE;
}

static enum outcome take_value(const struct parser *parser, const struct option_row *row,
                               const char *text)
{
    void *target = (char *)parser->values + row->offset;
    if (row->kind == OPTION_NUMBER)
        return take_number(parser, text, target);
    if (row->kind == OPTION_BYTES)
        return take_bytes(parser, text, target);
    if (row->kind == OPTION_DIGITS)
        return take_digits(parser, text, target);
    if (row->kind == OPTION_LIST)
        return take_item(parser, row, text, target);
    *(const char **)target = text;
    return DONE;
}

/* ---- arguments ------------------------------------------------------------------------------------------------ */

static bool is_called(const char *name, const char *argument, size_t n)
{
    return name != NULL && strlen(name) == n && strncmp(name, argument, n) == 0;
}

static const struct option_row *row_of_name(const struct verb *verb, const char *name, size_t n)
{
    for (const struct option_row *row = verb->options; row->name != NULL; row++) {
        if (is_called(row->name, name, n) || is_called(row->synonym, name, n))
            return row;
    }
    return NULL;
}

static const struct option_row *row_of_letter(const struct verb *verb, char letter)
{
    for (const struct option_row *row = verb->options; row->name != NULL; row++) {
        if (row->letter == letter)
            return row;
    }
    return NULL;
}

/* The value stands in the argument itself, or is the next one. */
static enum outcome take_option(struct parser *parser, const struct option_row *row,
                                const char *argument, const char *value)
{
    if (row == NULL)
        return complain_usage(parser->verb, "there is no option", argument);
    if (row->kind == OPTION_FLAG) {
        if (value != NULL)
            return complain_usage(parser->verb, "no value goes with", argument);
        *(bool *)((char *)parser->values + row->offset) = true;
        return DONE;
    }
    if (value == NULL && parser->next < parser->argc)
        value = parser->argv[parser->next++];
    if (value == NULL)
        return complain_usage(parser->verb, "a value is missing behind", argument);
    return take_value(parser, row, value);
}

static enum outcome take_argument(struct parser *parser, const char *argument)
{
    if (argument[1] != '-') {
        const char *rest = argument[2] != 0 ? argument + 2 : NULL;
        return take_option(parser, row_of_letter(parser->verb, argument[1]), argument, rest);
    }
    const char *name = argument + 2;
    const char *equals = strchr(name, '=');
    size_t n = equals != NULL ? (size_t)(equals - name) : strlen(name);
    return take_option(parser, row_of_name(parser->verb, name, n), argument,
                       equals != NULL ? equals + 1 : NULL);
}

static enum outcome take_file(const struct parser *parser, char *argument, struct positional *files)
{
    if (files->count == parser->verb->most)
        return complain_usage(parser->verb, "this is one argument too many:", argument);
    files->items[files->count++] = argument;
    return DONE;
}

enum outcome options_parse(const struct verb *verb, int argc, char **argv, void *values,
                           struct positional *files)
{
    struct parser parser = {verb, argc, argv, 0, values};
    bool only_files = false;
    *files = (struct positional){.items = argv};
    while (parser.next < argc) {
        char *argument = argv[parser.next++];
        if (!only_files && strcmp(argument, "--") == 0)
            only_files = true;
        else if (only_files || argument[0] != '-' || argument[1] == 0)
            TRY(take_file(&parser, argument, files));
        else
            TRY(take_argument(&parser, argument));
    }
    if (files->count < verb->least)
        return complain_usage(verb, "this command wants",
                              verb->least == 1 ? "a file" : "more files");
    return DONE;
}

/* ---- help ----------------------------------------------------------------------------------------------------- */

/* "  -o, --out FILE" */
static void print_option(const struct option_row *row)
{
    char left[64];
    char letter[8] = "    ";
    if (row->letter != 0)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(left, sizeof left, "  %s--%s%s%s", letter, row->name, row->value != NULL ? " " : "",
             row->value != NULL ? row->value : "");
    printf("%-30s  %s\n", left, row->help);
}

void verb_help(const struct verb *verb)
{
    printf("cng %s: %s\n\n  cng %s %s\n\n%s", verb->name, verb->summary, verb->name, verb->usage,
           verb->text);
    if (verb->options[0].name != NULL)
        puts("\nOptions");
    for (const struct option_row *row = verb->options; row->name != NULL; row++)
        print_option(row);
    printf("\nExamples\n%s", verb->examples);
}
