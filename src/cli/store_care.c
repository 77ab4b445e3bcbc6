/* `cng store rotate` and `check`. */
#include <stdio.h>
#include <string.h>

#include "progress.h"
#include "prompt.h"
#include "render.h"
#include "store_args.h"

struct care_args {
    struct store_args store;
};

static const struct option_row options[] = {
    STORE_OPTION_MACHINE(struct care_args),
    STORE_OPTIONS_PASSPHRASE(struct care_args),
    STORE_OPTION_JSON(struct care_args),
    OPTION_END,
};

/* What the callbacks share. */
struct care {
    const struct store_args *args;
    struct progress_bar bar;
    struct octets passphrase; /* the last that was given */
    size_t keys;
    json_t *findings;
};

static void care_done(struct care *care)
{
    progress_bar_done(&care->bar);
    octets_done(&care->passphrase);
    json_decref(care->findings);
}

static enum outcome ask(const char *slot, struct view *passphrase, void *context)
{
    struct care *care = context;
    char question[80];
    octets_done(&care->passphrase);
    if (passphrase_source_is_given(&care->args->passphrase) || !prompt_is_possible()) {
        TRY(passphrase_source_read(&care->args->passphrase, "passphrase", NULL, false,
                                   &care->passphrase));
    } else {
        snprintf(question, sizeof question, "The passphrase of slot %s: ", slot);
        TRY(prompt_hidden(question, &care->passphrase));
    }
    *passphrase = view_of(&care->passphrase);
    return DONE;
}

static void progress(size_t done, size_t total, void *context)
{
    struct care *care = context;
    care->keys = done;
    care->bar.total = total;
    care->bar.done = done;
    progress_bar_add(&care->bar, 0);
}

/* ---- rotate --------------------------------------------------------------------------------------------------- */

static enum outcome run_rotate(const struct verb *verb, int argc, char **argv)
{
    struct care_args args = {0};
    struct positional files;
    CLEANUP(care_done) struct care care = {.args = &args.store};
    TRY(options_parse(verb, argc, argv, &args, &files));
    progress_bar_begin(&care.bar, "sealing anew", 0);
    care.bar.unit = "keys";
    struct engine_watch watch = {.ask = ask, .progress = progress, .context = &care};
    NTSTATUS status = engine_store_rotate(args.store.machine, &watch);
    progress_bar_done(&care.bar);
    if (status < 0 && watch.asked != DONE)
        return watch.asked; /* told already */
    TRY(store_told(NULL, "rotating the store's key", status));
    if (args.store.json) {
        REPORT *report = report_new();
        report_number(report, "keys", care.keys);
        render_json(report);
    } else {
        printf("%zu keys are sealed under a new key; the old one is gone\n", care.keys);
    }
    return DONE;
}

const struct verb store_rotate = {
    .name = "store rotate",
    .summary = "seals all keys under a new key-encryption key",
    .usage = "[--machine]",
    .text =
        "For when the old one may be known to others. Copies of the store that were made before\n"
        "are worth what they were. Keys can be used meanwhile; what is interrupted goes on with "
        "the\n"
        "next run. Every passphrase slot has to be opened, one after the other.\n",
    .examples = "  cng store rotate\n",
    .options = options,
    .least = 0,
    .most = 0,
    .run = run_rotate,
};

/* ---- check ---------------------------------------------------------------------------------------------------- */

static void found(const char *path, NTSTATUS status, const char *problem, void *context)
{
    struct care *care = context;
    json_t *entry = report_new();
    report_text(entry, "path", path);
    report_text(entry, "problem", problem);
    report_text(entry, "status", status < 0 ? status_name(status) : "removed");
    json_array_append_new(care->findings, entry);
}

static void print_findings(const json_t *findings)
{
    size_t i;
    json_t *entry;
    json_array_foreach(findings, i, entry)
    {
        printf("%s: %s (%s)\n", json_string_value(json_object_get(entry, "path")),
               json_string_value(json_object_get(entry, "problem")),
               json_string_value(json_object_get(entry, "status")));
    }
}

static enum outcome render(const struct care *care, const struct engine_report *r)
{
    REPORT *report = report_new();
    report_number(report, "keys", r->keys);
    report_number(report, "damaged", r->damaged);
    report_number(report, "leftovers removed", r->leftovers);
    report_number(report, "slots", r->slots);
    report_flag(report, "verified", !r->sealed);
    report_flag(report, "rotation unfinished", r->rotating);
    if (care->args->json) {
        report_part(report, "findings", json_incref(care->findings));
        render_json(report);
    } else {
        print_findings(care->findings);
        render_people(report);
    }
    return r->damaged > 0 ? REFUSED : DONE;
}

static enum outcome run_check(const struct verb *verb, int argc, char **argv)
{
    struct care_args args = {0};
    struct positional files;
    CLEANUP(care_done) struct care care = {.args = &args.store, .findings = json_array()};
    struct engine_report report;
    OCTETS passphrase = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (passphrase_source_is_given(&args.store.passphrase))
        TRY(passphrase_source_read(&args.store.passphrase, "passphrase", NULL, false, &passphrase));
    progress_bar_begin(&care.bar, "checking", 0);
    care.bar.unit = "keys";
    struct engine_watch watch = {.progress = progress, .found = found, .context = &care};
    NTSTATUS status = engine_store_check(args.store.machine, view_of(&passphrase), &watch, &report);
    progress_bar_done(&care.bar);
    TRY(store_told(NULL, "checking the store", status));
    return render(&care, &report);
}

const struct verb store_check = {
    .name = "store check",
    .summary = "reads every file and reports damage",
    .usage = "[--machine]",
    .text = "Ends with status 1 when a file is damaged. Private parts are verified where the store "
            "can be\n"
            "opened. What killed programs left behind is removed; nothing else is touched.\n",
    .examples = "  cng store check\n  cng store check --passphrase-file secret --json\n",
    .options = options,
    .least = 0,
    .most = 0,
    .run = run_check,
};
