/* `cng store list`, `show` and `delete`. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "render.h"
#include "store_args.h"

/* ---- list ----------------------------------------------------------------------------------------------------- */

struct list_args {
    struct store_args store;
};

static const struct option_row list_options[] = {
    STORE_OPTION_MACHINE(struct list_args),
    STORE_OPTION_JSON(struct list_args),
    OPTION_END,
};

static void add_key(const struct engine_listed *key, void *context)
{
    json_t *entry = report_new();
    report_text(entry, "name", key->name);
    report_text(entry, "algorithm", key->algorithm);
    report_number(entry, "spec", key->spec);
    json_array_append_new(context, entry);
}

static enum outcome run_list(const struct verb *verb, int argc, char **argv)
{
    struct list_args args = {0};
    struct positional files;
    ENGINE_STORE store = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    TRY(store_enter(&args.store, &store));
    REPORT *list = json_array();
    TRY(store_told(NULL, "listing the keys", engine_store_each(&store, add_key, list)));
    if (args.store.json) {
        render_json(list);
        return DONE;
    }
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry)
    {
        long long spec = json_integer_value(json_object_get(entry, "spec"));
        printf("%-12s  %s%s\n", json_string_value(json_object_get(entry, "algorithm")),
               json_string_value(json_object_get(entry, "name")),
               spec == 0   ? ""
               : spec == 1 ? "  (AT_KEYEXCHANGE)"
                           : "  (AT_SIGNATURE)");
    }
    return DONE;
}

const struct verb store_list = {
    .name = "store list",
    .summary = "lists the keys",
    .usage = "[--machine]",
    .text = "Files that are damaged are left out; `cng store check` reports them.\n",
    .examples = "  cng store list\n  cng store list --machine --json\n",
    .options = list_options,
    .least = 0,
    .most = 0,
    .run = run_list,
};

/* ---- show ----------------------------------------------------------------------------------------------------- */

struct key_args {
    struct store_args store;
    struct option_number spec;
};

static const struct option_row show_options[] = {
    STORE_OPTION_SPEC(struct key_args),
    STORE_OPTION_MACHINE(struct key_args),
    STORE_OPTION_JSON(struct key_args),
    OPTION_END,
};

static void add_text(json_t *report, const char *field, const struct engine_stored *key,
                     const char *property)
{
    OCTETS value = {0};
    if (engine_stored_text(key, property, &value) >= 0 && value.n > 0)
        report_text(report, field, octets_text(&value));
}

static void add_policy(json_t *report, const struct engine_stored *key)
{
    uint32_t value = 0;
    if (engine_stored_number(key, "Export Policy", &value) >= 0) {
        report_flag(report, "exportable", (value & ENGINE_EXPORTABLE) != 0);
        report_flag(report, "exportable in plain", (value & ENGINE_EXPORTABLE_PLAIN) != 0);
    }
    if (engine_stored_number(key, "Key Usage", &value) >= 0) {
        char text[16];
        snprintf(text, sizeof text, "0x%08X", (unsigned)value);
        report_text(report, "usage", text);
    }
}

static void add_modified(json_t *report, const struct engine_stored *key)
{
    uint64_t seconds = 0;
    char text[32];
    struct tm date;
    if (engine_stored_modified(key, &seconds) < 0)
        return;
    time_t when = (time_t)seconds;
    if (gmtime_r(&when, &date) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &date) > 0)
        report_text(report, "modified", text);
}

static enum outcome run_show(const struct verb *verb, int argc, char **argv)
{
    struct key_args args = {0};
    struct positional files;
    ENGINE_STORE store = {0};
    ENGINE_STORED key = {0};
    uint32_t length = 0;
    TRY(options_parse(verb, argc, argv, &args, &files));
    TRY(store_enter(&args.store, &store));
    TRY(store_told(files.items[0], "opening the key",
                   engine_store_find(&store, files.items[0], args.spec.value, &key)));
    REPORT *report = report_new();
    add_text(report, "name", &key, "Name");
    add_text(report, "unique name", &key, "Unique Name");
    add_text(report, "algorithm", &key, "Algorithm Name");
    add_text(report, "curve", &key, "ECCCurveName");
    add_text(report, "parameter set", &key, "ParameterSetName");
    if (engine_stored_number(&key, "Length", &length) >= 0 && length != 0)
        report_number(report, "bits", length);
    add_policy(report, &key);
    add_modified(report, &key);
    if (args.store.json)
        render_json(report);
    else
        render_people(report);
    return DONE;
}

const struct verb store_show = {
    .name = "store show",
    .summary = "tells what is known of a key",
    .usage = "[--spec NUMBER] NAME",
    .text = "Nothing secret; the store need not be opened for it.\n",
    .examples = "  cng store show mail\n",
    .options = show_options,
    .least = 1,
    .most = 1,
    .run = run_show,
};

/* ---- delete --------------------------------------------------------------------------------------------------- */

struct delete_args {
    struct store_args store;
    struct option_number spec;
    bool unique;
};

static const struct option_row delete_options[] = {
    STORE_OPTION_SPEC(struct delete_args),
    OPTION(struct delete_args, unique, "unique-name", 0, NULL,
           "NAME is a Unique Name; deletes the file, damaged or not"),
    STORE_OPTION_MACHINE(struct delete_args),
    STORE_OPTION_JSON(struct delete_args),
    OPTION_END,
};

static enum outcome run_delete(const struct verb *verb, int argc, char **argv)
{
    struct delete_args args = {0};
    struct positional files;
    ENGINE_STORE store = {0};
    ENGINE_STORED key = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    const char *name = files.items[0];
    if (args.unique) {
        TRY(store_told(name, "deleting the file",
                       engine_store_delete_file(args.store.machine, name)));
    } else {
        TRY(store_enter(&args.store, &store));
        TRY(store_told(name, "opening the key",
                       engine_store_find(&store, name, args.spec.value, &key)));
        TRY(store_told(name, "deleting the key", engine_stored_delete(&key)));
    }
    if (args.store.json) {
        REPORT *report = report_new();
        report_text(report, "deleted", name);
        render_json(report);
    }
    return DONE;
}

const struct verb store_delete = {
    .name = "store delete",
    .summary = "deletes a key",
    .usage = "[--spec NUMBER] NAME",
    .text = "There is no way back. A key whose file is damaged has a Unique Name still, which\n"
            "`cng store check` tells: --unique-name deletes by it.\n",
    .examples = "  cng store delete mail\n",
    .options = delete_options,
    .least = 1,
    .most = 1,
    .run = run_delete,
};
