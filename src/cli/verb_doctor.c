#include <stdio.h>

#include "complain.h"
#include "engine.h"
#include "render.h"
#include "verbs.h"

/* Generated when the tool is built. */
extern const char cng_version[];

struct doctor_args {
    bool json;
};

static const struct option_row options[] = {
    OPTION_JSON(struct doctor_args),
    OPTION_END,
};

struct findings {
    json_t *list;
    unsigned failed;
};

static void add_algorithm(const char *name, NTSTATUS status, void *context)
{
    struct findings *findings = context;
    json_t *entry = report_new();
    report_text(entry, "name", name);
    report_flag(entry, "passed", status >= 0);
    report_text(entry, "status", status >= 0 ? "passed" : status_name(status));
    json_array_append_new(findings->list, entry);
    findings->failed += status < 0;
}

static const char *text_of(const json_t *entry, const char *name)
{
    return json_string_value(json_object_get(entry, name));
}

static void print_table(const json_t *report, const json_t *list)
{
    size_t i;
    json_t *entry;
    printf("%-16s  %s\n%-16s  %s\n%-16s  %s\n%-16s  %s\n\nself-tests\n", "OpenCNG", cng_version,
           "computes with", text_of(report, "engine"), "own code uses",
           text_of(report, "processor"), "FIPS mode",
           json_is_true(json_object_get(report, "fips")) ? "on" : "off");
    json_array_foreach(list, i, entry)
    {
        printf("  %-20s  %s\n", text_of(entry, "name"), text_of(entry, "status"));
    }
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct doctor_args args = {0};
    struct positional files;
    OCTETS engine = {0};
    OCTETS processor = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    TRY(complain_if_failed(NULL, "asking the library what it is made with",
                           engine_get_make(&engine, &processor), NULL));
    REPORT *report = report_new();
    report_text(report, "version", cng_version);
    report_text(report, "engine", octets_text(&engine));
    report_text(report, "processor", octets_text(&processor));
    report_flag(report, "fips", engine_is_fips());
    struct findings findings = {.list = json_array()};
    report_part(report, "algorithms", findings.list);
    TRY(complain_if_failed(NULL, "listing the algorithms",
                           engine_each_selftest(add_algorithm, &findings), NULL));
    if (args.json)
        render_json(report);
    else
        print_table(report, findings.list);
    if (findings.failed > 0)
        return complain(REFUSED, NULL, NULL,
                        "%u algorithms do not pass their self-test; they cannot be used",
                        findings.failed);
    return DONE;
}

const struct verb verb_doctor = {
    .name = "doctor",
    .summary = "looks whether the library is well",
    .usage = "",
    .text = "Runs the self-test of every algorithm, and tells what the library computes with.\n"
            "Exit status 1 means that one of them gives a wrong answer.\n",
    .examples = "  cng doctor\n"
                "  cng doctor --json\n",
    .options = options,
    .run = run,
};
