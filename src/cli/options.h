/*
 * Verbs and their options, as rows: the parser fills a verb's own structure by them, and the help text is printed from
 * them, so that the two cannot differ.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "octets.h"

enum option_kind {
    OPTION_TEXT,   /* const char * */
    OPTION_FLAG,   /* bool */
    OPTION_NUMBER, /* struct option_number */
    OPTION_BYTES,  /* struct option_bytes: text, hex:..., or file:...; several are joined */
    OPTION_DIGITS, /* struct option_bytes: hexadecimal digits */
    OPTION_LIST,   /* struct option_list: may be given many times */
};

struct option_number {
    bool given;
    uint32_t value;
};

struct option_bytes {
    bool given;
    struct octets value;
};

/* Several options may fill one list, in the order of the command line. */
#define OPTION_LIST_MOST 256

struct option_item {
    const char *option; /* the row's name */
    const char *text;
};

struct option_list {
    size_t count;
    struct option_item items[OPTION_LIST_MOST];
};

struct option_row {
    const char *name;    /* NULL ends the list */
    const char *synonym; /* a second name, or NULL */
    char letter;         /* 0: none */
    enum option_kind kind;
    size_t offset;
    const char *value; /* what the help calls it */
    const char *help;
};

#define OPTION_END                                                                                 \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* A row whose kind is the member's type; anything else does not compile. */
#define OPTION(type, member, option_name, option_letter, option_value, option_help)                  \
    {                                                                                                \
        .name = (option_name), .letter = (option_letter),                                          \
        .kind = _Generic(((type *)0)->member, const char *                                         \
                         : OPTION_TEXT, bool                                                       \
                         : OPTION_FLAG, struct option_number                                       \
                         : OPTION_NUMBER, struct option_list                                       \
                         : OPTION_LIST, struct option_bytes                                        \
                         : OPTION_BYTES),                                                          \
        .offset = offsetof(type, member), .value = (option_value), .help = (option_help) \
    }

/* A struct option_bytes that is given in digits, whatever else it may be given as. */
#define OPTION_IN_DIGITS(type, member, option_name, option_help)                                   \
    {                                                                                              \
        .name = (option_name),                                                                     \
        .kind = _Generic(((type *)0)->member, struct option_bytes                                  \
                         : OPTION_DIGITS),                                                         \
        .offset = offsetof(type, member), .value = "DIGITS", .help = (option_help)                 \
    }

/* Rows that many verbs share; the structure's members are called so, too. */
#define OPTION_KEY(type, help) OPTION(type, key, "key", 'k', "FILE", help)
#define OPTION_OUT(type, out_help)                                                                   \
    {                                                                                                \
        .name = "out", .synonym = "output", .letter = 'o',                                         \
        .kind = _Generic(((type *)0)->out, const char *                                            \
                         : OPTION_TEXT),                                                           \
        .offset = offsetof(type, out), .value = "FILE", .help = (out_help) \
    }
#define OPTION_FORCE(type)                                                                         \
    OPTION(type, force, "force", 0, NULL, "replace an output file that exists already")
#define OPTION_HEX(type) OPTION(type, hex, "hex", 0, NULL, "write the result as hexadecimal digits")
#define OPTION_JSON(type) OPTION(type, json, "json", 0, NULL, "report in JSON on standard output")
#define OPTION_CURVE(type)                                                                         \
    OPTION(type, curve, "curve", 0, "NAME", "the curve, where the key's blob does not name it")

/* A verb that takes any number of files. */
#define POSITIONAL_ANY SIZE_MAX

/* Moved to the front of the argument vector. */
struct positional {
    char **items;
    size_t count;
};

struct verb {
    const char *name;
    const char *summary; /* one line */
    const char *usage;   /* behind "cng NAME" */
    const char *text;    /* paragraphs */
    const char *examples;
    const struct option_row *options;
    size_t least, most; /* files on the command line */
    /* Commands of a verb that has them, ended by NULL (commands.c); their rows are called "store list". */
    const struct verb *const *commands;
    enum outcome (*run)(const struct verb *verb, int argc, char **argv);
};

/* Fills `values`, a zeroed structure of the verb's, from the arguments behind the verb's name. */
enum outcome options_parse(const struct verb *verb, int argc, char **argv, void *values,
                           struct positional *files) MUST_CHECK;

/* A number in decimal digits; false: it is none, or more than `most`. */
bool number_from_text(const char *text, uint64_t most, uint64_t *out) MUST_CHECK;

void option_bytes_done(struct option_bytes *bytes);

void verb_help(const struct verb *verb);

/* The command of a verb; NULL: it has none of that name. */
const struct verb *command_named(const struct verb *verb, const char *name);

/* The `run` of a verb with commands. */
enum outcome commands_run(const struct verb *verb, int argc, char **argv);

enum outcome complain_missing(const struct verb *verb, const char *option);

#endif
