/* `cng version`: which one this is, and with --verbose what it computes with and what makes it quick here. */
#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "engine.h"
#include "render.h"
#include "verbs.h"

/* Generated when the tool is built. */
extern const char cng_version[];

struct version_args {
    bool verbose;
};

static const struct option_row options[] = {
    OPTION(struct version_args, verbose, "verbose", 'v', NULL,
           "also what it computes with, and what makes it quick on this machine"),
    OPTION_END,
};

static void print_levers(char *text)
{
    puts("in use here");
    for (char *save = NULL, *lever = strtok_r(text, " ", &save); lever != NULL;
         lever = strtok_r(NULL, " ", &save)) {
        char *state = strchr(lever, '=');
        if (state == NULL)
            continue;
        *state++ = '\0';
        printf("  %-18s  %s\n", lever, strcmp(state, "on") == 0 ? "yes" : "no");
    }
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct version_args args = {0};
    struct positional files;
    OCTETS engine = {0};
    OCTETS processor = {0};
    OCTETS levers = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    printf("cng (OpenCNG) %s\n", cng_version);
    if (!args.verbose)
        return DONE;
    NTSTATUS status = engine_get_make(&engine, &processor);
    if (status >= 0)
        status = engine_get_levers(&levers);
    TRY(complain_if_failed(NULL, "asking the library what it is made with", status, NULL));
    printf("%-20s  %s\n%-20s  %s\n", "computes with", octets_text(&engine), "own code uses",
           octets_text(&processor));
    char text[512];
    snprintf(text, sizeof text, "%s", octets_text(&levers));
    print_levers(text);
    return DONE;
}

const struct verb verb_version = {
    .name = "version",
    .summary = "says which version this is",
    .usage = "",
    .text =
        "With --verbose also what the library computes with, and which of the ways that make it\n"
        "quick this machine has (docs/performance.md).\n",
    .examples = "  cng version\n"
                "  cng version --verbose\n",
    .options = options,
    .run = run,
};
