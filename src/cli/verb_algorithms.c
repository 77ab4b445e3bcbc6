#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "curve_table.h"
#include "engine.h"
#include "family.h"
#include "render.h"
#include "verbs.h"

struct algorithms_args {
    bool curves;
    bool json;
};

static const struct option_row options[] = {
    OPTION(struct algorithms_args, curves, "curves", 0, NULL, "list the named curves instead"),
    OPTION_JSON(struct algorithms_args),
    OPTION_END,
};

/* ---- algorithms ----------------------------------------------------------------------------------------------- */

/* "512 to 16384 bits in steps of 64", "--curve", "--set 512, 768, 1024" */
static void describe_sizes(const struct algorithm *row, struct octets *out)
{
    char text[80];
    struct engine_sizes sizes;
    if (row->size == SIZE_CURVE) {
        octets_append_text(out, "--curve NAME (cng algorithms --curves)");
    } else if (row->size == SIZE_SET) {
        const char *separator = "--set ";
        for (const char *const *set = sets_of(row); *set != NULL; set++) {
            octets_append_text(out, separator);
            octets_append_text(out, *set);
            separator = ", ";
        }
    } else if (engine_get_sizes(row->name, &sizes) >= 0) {
        snprintf(text, sizeof text, "%u to %u bits in steps of %u", sizes.least, sizes.most,
                 sizes.step);
        if (sizes.least == sizes.most)
            snprintf(text, sizeof text, "%u bits", sizes.least);
        octets_append_text(out, text);
    }
}

static void add_algorithm(const char *name, void *context)
{
    json_t *list = context;
    OCTETS sizes = {0};
    const struct algorithm *row = algorithm_named(name);
    if (row == NULL)
        return; /* a third party's provider may have algorithms that this tool does not know */
    describe_sizes(row, &sizes);
    json_t *entry = report_new();
    report_text(entry, "name", row->name);
    report_text(entry, "use", row->summary);
    report_text(entry, "sizes", octets_text(&sizes));
    report_flag(entry, "available", true);
    json_array_append_new(list, entry);
}

static void add_missing(json_t *list)
{
    for (size_t i = 0; i < algorithm_count; i++) {
        if (engine_has_algorithm(algorithms[i].name))
            continue;
        json_t *entry = report_new();
        report_text(entry, "name", algorithms[i].name);
        report_text(entry, "use", algorithms[i].summary);
        report_text(entry, "sizes", "not available: the libcrypto in use is older than 3.5");
        report_flag(entry, "available", false);
        json_array_append_new(list, entry);
    }
}

/* ---- curves --------------------------------------------------------------------------------------------------- */

static void add_curves(json_t *list)
{
    for (size_t i = 0; i < curve_row_count; i++) {
        char bits[32];
        json_t *entry = report_new();
        snprintf(bits, sizeof bits, "%u bits", curve_rows[i].bits);
        report_text(entry, "name", curve_rows[i].name);
        report_text(entry, "use", bits);
        report_text(entry, "sizes",
                    curve_rows[i].oid != NULL ? curve_rows[i].oid : "no identifier");
        json_array_append_new(list, entry);
    }
}

/* ---- the verb ------------------------------------------------------------------------------------------------- */

#define LEFT_COLUMNS 41
#define LAST_COLUMN 60

/* A long list goes on in the next line, behind a comma. */
static void print_wrapped(const char *text)
{
    while (strlen(text) > LAST_COLUMN) {
        size_t n = LAST_COLUMN;
        while (n > 0 && text[n - 1] != ' ')
            n--;
        if (n == 0)
            break;
        printf("%.*s\n%*s", (int)n, text, LEFT_COLUMNS, "");
        text += n;
    }
    puts(text);
}

static const char *column(const json_t *entry, const char *name)
{
    return json_string_value(json_object_get(entry, name));
}

static void print_table(const json_t *list)
{
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry)
    {
        printf("%-16s  %-21s  ", column(entry, "name"), column(entry, "use"));
        print_wrapped(column(entry, "sizes"));
    }
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct algorithms_args args = {0};
    struct positional files;
    TRY(options_parse(verb, argc, argv, &args, &files));
    REPORT *list = json_array();
    if (args.curves) {
        add_curves(list);
    } else {
        NTSTATUS status = engine_each_algorithm(add_algorithm, list);
        if (status < 0)
            return complain_status(NULL, "listing the algorithms", status, NULL);
        add_missing(list);
    }
    if (args.json)
        render_json(list);
    else
        print_table(list);
    return DONE;
}

const struct verb verb_algorithms = {
    .name = "algorithms",
    .summary = "lists what the library offers",
    .usage = "[--curves]",
    .text = "The algorithms of key pairs, what they are for and which sizes they have.\n",
    .examples = "  cng algorithms\n"
                "  cng algorithms --curves\n",
    .options = options,
    .run = run,
};
