/* `cng config`: contexts, their functions, and the files of it all. */
#include <stdio.h>
#include <string.h>

#include "config_args.h"
#include "render.h"
#include "verbs.h"

/* CONTEXT, or CONTEXT INTERFACE FUNCTION. */
static enum outcome read_entry(const struct verb *verb, const struct positional *words,
                               bool machine, struct engine_entry *out)
{
    *out = (struct engine_entry){.machine = machine, .context = words->items[0]};
    if (words->count == 1)
        return DONE;
    if (words->count != 3)
        return complain_missing(verb, "CONTEXT INTERFACE FUNCTION, or a CONTEXT alone");
    out->function = words->items[2];
    return config_interface(words->items[1], &out->interface_id);
}

static void add_flags(json_t *report, uint32_t flags)
{
    report_flag(report, "exclusive", (flags & ENGINE_EXCLUSIVE) != 0);
    report_flag(report, "override", (flags & ENGINE_OVERRIDE) != 0);
}

static const char *marks_of(const json_t *report)
{
    bool exclusive = json_is_true(json_object_get(report, "exclusive"));
    bool over = json_is_true(json_object_get(report, "override"));
    return exclusive ? over ? "  (exclusive, override)" : "  (exclusive)"
           : over    ? "  (override)"
                     : "";
}

static void collect(const char *name, void *context)
{
    json_array_append_new(context, json_string(name));
}

/* ---- list ------------------------------------------------------------------------------------------------------- */

struct list_args {
    bool machine, json;
};

static const struct option_row list_options[] = {
    CONFIG_OPTION_MACHINE(struct list_args),
    OPTION_JSON(struct list_args),
    OPTION_END,
};

/* The functions of a context by interface, with their providers. */
static NTSTATUS add_functions(struct engine_entry e, json_t *report)
{
    json_t *interfaces = report_new();
    report_part(report, "interfaces", interfaces);
    for (const struct engine_interface *row = engine_interfaces; row->word != NULL; row++) {
        REPORT *functions = json_array();
        e.interface_id = row->id;
        NTSTATUS status = engine_functions_each(&e, collect, functions);
        if (status < 0)
            return status;
        if (json_array_size(functions) > 0)
            report_part(interfaces, row->word, json_incref(functions));
    }
    return STATUS_SUCCESS;
}

struct listing {
    bool machine;
    json_t *list;
};

static void add_context(const char *name, void *context)
{
    const struct listing *listing = context;
    struct engine_entry e = {.machine = listing->machine, .context = name};
    uint32_t flags = 0;
    json_t *report = report_new();
    report_text(report, "name", name);
    /* One that goes away meanwhile is left out. */
    if (engine_flags_get(&e, &flags) < 0 || add_functions(e, report) < 0) {
        json_decref(report);
        return;
    }
    add_flags(report, flags);
    json_array_append_new(listing->list, report);
}

static enum outcome run_list(const struct verb *verb, int argc, char **argv)
{
    struct list_args args = {0};
    struct positional none;
    TRY(options_parse(verb, argc, argv, &args, &none));
    REPORT *list = json_array();
    struct listing listing = {args.machine, list};
    TRY(config_told(NULL, "listing the contexts",
                    engine_contexts_each(args.machine, add_context, &listing)));
    config_warn();
    if (args.json) {
        render_json(list);
        return DONE;
    }
    size_t i, k;
    json_t *entry;
    json_array_foreach(list, i, entry)
    {
        const char *name;
        const json_t *functions, *function;
        printf("%s%s\n", json_string_value(json_object_get(entry, "name")), marks_of(entry));
        json_object_foreach(json_object_get(entry, "interfaces"), name, functions)
        {
            json_array_foreach(functions, k, function)
                printf("  %-20s  %s\n", name, json_string_value(function));
        }
    }
    return DONE;
}

const struct verb config_list = {
    .name = "config list",
    .summary = "lists the contexts of a table, and their functions",
    .usage = "[--machine] [--json]",
    .text = "What this table says; `cng providers order` tells what follows from both tables.\n"
            "Files that are ignored are named.\n",
    .examples = "  cng config list\n  cng config list --machine\n",
    .options = list_options,
    .run = run_list,
};

/* ---- show ------------------------------------------------------------------------------------------------------- */

struct shown {
    json_t *resolved, *properties;
};

static void add_resolved(const char *name, void *context)
{
    collect(name, ((const struct shown *)context)->resolved);
}

static void add_property(const char *name, struct view value, void *context)
{
    report_hex(((const struct shown *)context)->properties, name, value);
}

/* What the table says of the function, and what follows from both. */
static NTSTATUS add_entry(const struct engine_entry *e, json_t *report)
{
    static const struct engine_resolved heard = {add_resolved, add_property};
    REPORT *providers = json_array();
    struct shown shown = {json_array(), report_new()};
    NTSTATUS status = engine_providers_each(e, collect, providers);
    report_part(report, "providers", json_incref(providers));
    report_part(report, "asked", shown.resolved);
    report_part(report, "properties", shown.properties);
    if (status < 0)
        return status;
    status = engine_resolve(e, &heard, &shown);
    return status == STATUS_NOT_FOUND ? STATUS_SUCCESS : status; /* nobody has it */
}

static void print_list(const char *title, const json_t *list)
{
    size_t i;
    json_t *text;
    json_array_foreach(list, i, text) printf("%-10s %s\n", title, json_string_value(text));
}

static enum outcome run_show(const struct verb *verb, int argc, char **argv)
{
    struct list_args args = {0};
    struct positional words;
    struct engine_entry e;
    uint32_t flags = 0;
    TRY(options_parse(verb, argc, argv, &args, &words));
    TRY(read_entry(verb, &words, args.machine, &e));
    REPORT *report = report_new();
    report_text(report, "context", e.context);
    if (e.function != NULL)
        report_text(report, "function", e.function);
    NTSTATUS status = engine_flags_get(&e, &flags);
    if (status >= 0)
        status = e.function != NULL ? add_entry(&e, report) : add_functions(e, report);
    TRY(config_told(e.function != NULL ? e.function : e.context, "showing the entry", status));
    add_flags(report, flags);
    if (args.json) {
        render_json(report);
        return DONE;
    }
    const char *name;
    const json_t *part;
    size_t i;
    json_t *text;
    printf("%s%s\n", e.function != NULL ? e.function : e.context, marks_of(report));
    json_object_foreach(json_object_get(report, "interfaces"), name, part)
    {
        json_array_foreach(part, i, text) printf("  %-20s  %s\n", name, json_string_value(text));
    }
    print_list("provider", json_object_get(report, "providers"));
    print_list("asked", json_object_get(report, "asked"));
    json_object_foreach(json_object_get(report, "properties"), name, part)
        printf("%-10s %s = %s\n", "property", name, json_string_value(part));
    return DONE;
}

const struct verb config_show = {
    .name = "config show",
    .summary = "tells what a table says of a context, or of one of its functions",
    .usage = "[--machine] [--json] CONTEXT [INTERFACE FUNCTION]",
    .text = "Of a function: its flags, the providers that the table lists, those that are asked\n"
            "after both tables, and its properties.\n",
    .examples = "  cng config show Default\n  cng config show Default hash SHA256\n",
    .options = list_options,
    .least = 1,
    .most = 3,
    .run = run_show,
};

/* ---- set -------------------------------------------------------------------------------------------------------- */

struct set_args {
    bool exclusive, override, machine, no_value;
    const char *position, *property;
    struct option_bytes value;
};

static const struct option_row set_options[] = {
    OPTION(struct set_args, exclusive, "exclusive", 0, NULL,
           "only what is listed counts; without it, everything else comes behind"),
    OPTION(struct set_args, override, "override", 0, NULL,
           "users' own entries do not count (machine's table only)"),
    OPTION(struct set_args, position, "position", 0, "NUMBER",
           "where the function stands, from 0; or top, bottom"),
    OPTION(struct set_args, property, "property", 0, "NAME", "sets a property, to --value"),
    OPTION(struct set_args, value, "value", 0, "BYTES", "text, hex:DIGITS or file:FILE"),
    OPTION(struct set_args, no_value, "no-value", 0, NULL, "takes the property away"),
    CONFIG_OPTION_MACHINE(struct set_args),
    OPTION_END,
};

static void set_args_done(struct set_args *args)
{
    option_bytes_done(&args->value);
}

static enum outcome read_position(const char *text, uint32_t *out)
{
    uint64_t number = 0;
    if (strcmp(text, "top") == 0)
        *out = 0;
    else if (strcmp(text, "bottom") == 0)
        *out = UINT32_MAX;
    else if (number_from_text(text, UINT32_MAX, &number))
        *out = (uint32_t)number;
    else
        return complain(BAD_USAGE, text, NULL, "a position is a number, top or bottom");
    return DONE;
}

/* An entry that is there already keeps its place unless it is given one. */
static NTSTATUS make_entry(const struct engine_entry *e, const char *position, uint32_t at)
{
    uint32_t flags;
    if (e->function == NULL)
        return engine_context_create(e);
    bool there = engine_flags_get(e, &flags) >= 0;
    return there && position == NULL ? STATUS_SUCCESS : engine_function_add(e, at);
}

static enum outcome run_set(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(set_args_done) struct set_args args = {0};
    struct positional words;
    struct engine_entry e;
    uint32_t at = UINT32_MAX;
    TRY(options_parse(verb, argc, argv, &args, &words));
    TRY(read_entry(verb, &words, args.machine, &e));
    if (args.position != NULL)
        TRY(read_position(args.position, &at));
    if (e.function == NULL && (args.position != NULL || args.property != NULL))
        return complain_missing(verb, "INTERFACE and FUNCTION with --position or --property");
    if (args.property == NULL ? args.value.given || args.no_value
                              : args.value.given == args.no_value)
        return complain_missing(verb, "--property with --value or --no-value");
    const char *what = e.function != NULL ? e.function : e.context;
    uint32_t flags =
        (args.exclusive ? ENGINE_EXCLUSIVE : 0u) | (args.override ? ENGINE_OVERRIDE : 0u);
    TRY(config_told(what, "making the entry", make_entry(&e, args.position, at)));
    TRY(config_told(what, "setting flags", engine_flags_set(&e, flags)));
    if (args.property == NULL)
        return DONE;
    struct view value = view_of(&args.value.value);
    return config_told(args.property, "setting the property",
                       engine_property_set(&e, args.property, args.no_value ? NULL : &value));
}

const struct verb config_set = {
    .name = "config set",
    .summary = "makes or changes a context, or one of its functions",
    .usage = "[OPTION...] CONTEXT [INTERFACE FUNCTION]",
    .text = "Makes the entry if it is missing, and gives it the flags that are named; a flag that\n"
            "is not named is taken away. `cng providers order` says who is asked for a function.\n",
    .examples = "  cng config set Default hash SHA256 --exclusive\n"
                "  cng config set Application\n",
    .options = set_options,
    .least = 1,
    .most = 3,
    .run = run_set,
};

/* ---- remove ----------------------------------------------------------------------------------------------------- */

struct remove_args {
    bool machine;
};

static const struct option_row remove_options[] = {
    CONFIG_OPTION_MACHINE(struct remove_args),
    OPTION_END,
};

static enum outcome run_remove(const struct verb *verb, int argc, char **argv)
{
    struct remove_args args = {0};
    struct positional words;
    struct engine_entry e;
    TRY(options_parse(verb, argc, argv, &args, &words));
    TRY(read_entry(verb, &words, args.machine, &e));
    if (e.function != NULL)
        return config_told(e.function, "removing the function", engine_function_remove(&e));
    return config_told(e.context, "deleting the context", engine_context_delete(&e));
}

const struct verb config_remove = {
    .name = "config remove",
    .summary = "deletes a context, or one of its functions",
    .usage = "[--machine] CONTEXT [INTERFACE FUNCTION]",
    .text = "Default and SSL cannot be deleted; their functions can be removed.\n",
    .examples = "  cng config remove Default hash SHA256\n",
    .options = remove_options,
    .least = 1,
    .most = 3,
    .run = run_remove,
};

/* ---- files ------------------------------------------------------------------------------------------------------ */

struct files_args {
    bool json;
};

static const struct option_row files_options[] = {
    OPTION_JSON(struct files_args),
    OPTION_END,
};

static void add_problem(const char *path, const char *problem, void *context)
{
    json_t *report = report_new();
    report_text(report, "path", path);
    report_text(report, "problem", problem);
    json_array_append_new(context, report);
}

/* A user without a home folder has no table. */
static void add_folder(json_t *report, const char *name, bool machine)
{
    OCTETS path = {0};
    if (engine_config_folder(machine, &path) >= 0)
        report_text(report, name, octets_text(&path));
}

static enum outcome run_files(const struct verb *verb, int argc, char **argv)
{
    struct files_args args = {0};
    struct positional none;
    TRY(options_parse(verb, argc, argv, &args, &none));
    REPORT *report = report_new();
    json_t *problems = json_array();
    add_folder(report, "own", false);
    add_folder(report, "machine", true);
    report_part(report, "ignored", problems);
    TRY(config_told(NULL, "reading the files", engine_config_problems(add_problem, problems)));
    enum outcome outcome = json_array_size(problems) > 0 ? BAD_INPUT : DONE;
    if (args.json) {
        render_json(report);
        return outcome;
    }
    static const char *const tables[] = {"own", "machine"};
    for (size_t i = 0; i < ARRAY_COUNT(tables); i++) {
        const char *path = json_string_value(json_object_get(report, tables[i]));
        printf("%-8s %s\n", tables[i], path == NULL ? "none" : path);
    }
    size_t i;
    json_t *entry;
    json_array_foreach(problems, i, entry)
        printf("ignored  %s: %s\n", json_string_value(json_object_get(entry, "path")),
               json_string_value(json_object_get(entry, "problem")));
    return outcome;
}

const struct verb config_files = {
    .name = "config files",
    .summary = "tells where the files are, and which are ignored",
    .usage = "[--json]",
    .text = "A file is ignored when it is damaged, or when others than its owner may write to it\n"
            "or to its folder. The exit status is 3 where there is one.\n",
    .examples = "  cng config files\n",
    .options = files_options,
    .run = run_files,
};

/* ---- the verb --------------------------------------------------------------------------------------------------- */

static const struct verb *const commands[] = {
    &config_list, &config_show, &config_set, &config_remove, &config_files, NULL,
};

static const struct option_row options[] = {
    OPTION_END,
};

const struct verb verb_config = {
    .name = "config",
    .summary = "shows and changes contexts and their functions",
    .usage = "COMMAND [OPTION...]",
    .text = "Commands (`cng config help COMMAND` tells more of each):\n"
            "  list    lists the contexts of a table, and their functions\n"
            "  show    tells what a table says of a context or a function\n"
            "  set     makes or changes one\n"
            "  remove  deletes one\n"
            "  files   tells where the files are, and which are ignored\n"
            "\n"
            "There are two tables: one's own, and the machine's (--machine). One's own entries\n"
            "come first, unless the machine's say override. For root both are the machine's.\n",
    .examples = "  cng config list\n"
                "  cng config set Default hash SHA256 --exclusive\n",
    .options = options,
    .most = POSITIONAL_ANY,
    .commands = commands,
    .run = commands_run,
};
