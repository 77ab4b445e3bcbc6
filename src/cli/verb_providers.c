/* `cng providers`: what is registered, and who is asked for a function. Registering is in providers_register.c. */
#include <stdio.h>
#include <strings.h>

#include "config_args.h"
#include "render.h"
#include "verbs.h"

/* ---- a registration in a report --------------------------------------------------------------------------------- */

static void add_image(const char *image, void *context)
{
    report_text(context, "image", image);
}

/* A list inside the report, made when it is needed. */
static json_t *list_in(json_t *report, const char *name)
{
    json_t *list = json_object_get(report, name);
    if (list == NULL) {
        list = json_array();
        report_part(report, name, list);
    }
    return list;
}

static void add_alias(const char *alias, void *context)
{
    json_array_append_new(list_in(context, "aliases"), json_string(alias));
}

static void add_function(uint32_t interface_id, const char *function, void *context)
{
    json_t *interfaces = json_object_get(context, "interfaces");
    json_array_append_new(list_in(interfaces, config_interface_text(interface_id)),
                          json_string(function));
}

static NTSTATUS add_registration(const char *provider, json_t *report)
{
    static const struct engine_registration_heard heard = {add_image, add_alias, add_function};
    report_text(report, "name", provider);
    report_part(report, "aliases", json_array());
    report_part(report, "interfaces", report_new());
    return engine_registered_show(provider, &heard, report);
}

/* ---- list ------------------------------------------------------------------------------------------------------- */

struct list_args {
    bool json;
};

static const struct option_row list_options[] = {
    OPTION_JSON(struct list_args),
    OPTION_END,
};

/* One that goes away meanwhile is left out. */
static void add_provider(const char *name, void *context)
{
    json_t *report = report_new();
    if (add_registration(name, report) >= 0)
        json_array_append_new(context, report);
    else
        json_decref(report);
}

static enum outcome run_list(const struct verb *verb, int argc, char **argv)
{
    struct list_args args = {0};
    struct positional files;
    TRY(options_parse(verb, argc, argv, &args, &files));
    REPORT *list = json_array();
    TRY(config_told(NULL, "listing the providers", engine_registered_each(add_provider, list)));
    config_warn();
    if (args.json) {
        render_json(list);
        return DONE;
    }
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry)
    {
        const char *name;
        const json_t *functions;
        printf("%-30s ", json_string_value(json_object_get(entry, "name")));
        json_object_foreach(json_object_get(entry, "interfaces"), name, functions)
            printf(" %s:%zu", name, json_array_size(functions));
        printf("\n%-30s  %s\n", "", json_string_value(json_object_get(entry, "image")));
    }
    return DONE;
}

const struct verb providers_list = {
    .name = "providers list",
    .summary = "lists the registered providers",
    .usage = "[--json]",
    .text =
        "The built-in providers, one's own and the machine's, each with the number of functions\n"
        "on its interfaces, and its image. Files that are ignored are named.\n",
    .examples = "  cng providers list\n",
    .options = list_options,
    .run = run_list,
};

/* ---- show ------------------------------------------------------------------------------------------------------- */

static enum outcome run_show(const struct verb *verb, int argc, char **argv)
{
    struct list_args args = {0};
    struct positional names;
    TRY(options_parse(verb, argc, argv, &args, &names));
    REPORT *report = report_new();
    TRY(config_told(names.items[0], "showing the provider",
                    add_registration(names.items[0], report)));
    if (args.json) {
        render_json(report);
        return DONE;
    }
    const char *interface_name;
    const json_t *functions, *text;
    size_t i;
    printf("name   %s\nimage  %s\n", json_string_value(json_object_get(report, "name")),
           json_string_value(json_object_get(report, "image")));
    json_array_foreach(json_object_get(report, "aliases"), i, text)
        printf("alias  %s\n", json_string_value(text));
    json_object_foreach(json_object_get(report, "interfaces"), interface_name, functions)
    {
        printf("%s\n", interface_name);
        json_array_foreach(functions, i, text) printf("  %s\n", json_string_value(text));
    }
    return DONE;
}

const struct verb providers_show = {
    .name = "providers show",
    .summary = "tells what a provider is registered with",
    .usage = "[--json] NAME",
    .text = "NAME may be an alias.\n",
    .examples = "  cng providers show \"Microsoft Primitive Provider\"\n",
    .options = list_options,
    .least = 1,
    .most = 1,
    .run = run_show,
};

/* ---- order ------------------------------------------------------------------------------------------------------ */

struct order_args {
    const char *context;
    bool exclusive, machine, json;
};

static const struct option_row order_options[] = {
    OPTION(struct order_args, context, "context", 0, "NAME", "another context than Default"),
    OPTION(struct order_args, exclusive, "exclusive", 0, NULL, "ask nobody else for the function"),
    CONFIG_OPTION_MACHINE(struct order_args),
    OPTION_JSON(struct order_args),
    OPTION_END,
};

static void collect(const char *name, void *context)
{
    json_array_append_new(context, json_string(name));
}

static void no_property(const char *name, struct view value, void *context)
{
    (void)name;
    (void)value;
    (void)context;
}

/* How many different providers are named. */
static size_t distinct(const struct positional *wanted)
{
    size_t n = 0;
    for (size_t i = 2; i < wanted->count; i++) {
        size_t k = 2;
        while (k < i && strcasecmp(wanted->items[k], wanted->items[i]) != 0)
            k++;
        n += k == i;
    }
    return n;
}

/* Those that are listed and not wanted any more. */
static NTSTATUS remove_others(const struct engine_entry *e, const struct positional *wanted)
{
    size_t i;
    json_t *name;
    REPORT *listed = json_array();
    NTSTATUS status = engine_providers_each(e, collect, listed);
    json_array_foreach(listed, i, name)
    {
        bool keep = i < distinct(wanted); /* the first ones are those that were just put there */
        if (status >= 0 && !keep)
            status = engine_provider_remove(e, json_string_value(name));
    }
    return status;
}

static NTSTATUS put_order(const struct engine_entry *e, const struct positional *wanted,
                          bool exclusive)
{
    NTSTATUS status = STATUS_SUCCESS;
    uint32_t flags = 0;
    for (size_t i = wanted->count; i-- > 2 && status >= 0;)
        status = engine_provider_add(e, wanted->items[i], 0);
    if (status >= 0)
        status = remove_others(e, wanted);
    if (status >= 0)
        status = engine_flags_get(e, &flags);
    uint32_t asked = (flags & ~(uint32_t)ENGINE_EXCLUSIVE) | (exclusive ? ENGINE_EXCLUSIVE : 0);
    return status >= 0 && asked != flags ? engine_flags_set(e, asked) : status;
}

static enum outcome run_order(const struct verb *verb, int argc, char **argv)
{
    struct order_args args = {.context = "Default"};
    struct positional words;
    struct engine_entry e = {0};
    TRY(options_parse(verb, argc, argv, &args, &words));
    TRY(config_interface(words.items[0], &e.interface_id));
    e.machine = args.machine;
    e.context = args.context;
    e.function = words.items[1];
    if (words.count > 2)
        TRY(config_told(e.function, "putting providers in order",
                        put_order(&e, &words, args.exclusive)));
    static const struct engine_resolved heard = {collect, no_property};
    REPORT *list = json_array();
    TRY(config_told(e.function, "finding who is asked", engine_resolve(&e, &heard, list)));
    if (args.json) {
        render_json(list);
        return DONE;
    }
    size_t i;
    json_t *name;
    json_array_foreach(list, i, name) printf("%s\n", json_string_value(name));
    return DONE;
}

const struct verb providers_order = {
    .name = "providers order",
    .summary = "tells or sets who is asked for a function, and in which order",
    .usage = "[--context NAME] [--exclusive] [--machine] INTERFACE FUNCTION [PROVIDER...]",
    .text =
        "Without providers, tells whom a program that opens the function without naming a\n"
        "provider gets: the first one that can be loaded. With providers, puts these in front,\n"
        "and the others that were listed away. With --exclusive nobody else is asked at all.\n",
    .examples = "  cng providers order hash SHA256\n"
                "  cng providers order hash SHA256 \"My Provider\"\n",
    .options = order_options,
    .least = 2,
    .most = POSITIONAL_ANY,
    .run = run_order,
};

/* ---- the verb --------------------------------------------------------------------------------------------------- */

static const struct verb *const commands[] = {
    &providers_list,       &providers_show,  &providers_register,
    &providers_unregister, &providers_order, NULL,
};

static const struct option_row options[] = {
    OPTION_END,
};

const struct verb verb_providers = {
    .name = "providers",
    .summary = "registers providers, and chooses who is asked for a function",
    .usage = "COMMAND [OPTION...]",
    .text = "Commands (`cng providers help COMMAND` tells more of each):\n"
            "  list        lists the registered providers\n"
            "  show        tells what a provider is registered with\n"
            "  register    registers a provider, after trying it\n"
            "  unregister  removes a registration\n"
            "  order       tells or sets who is asked for a function\n"
            "\n"
            "A registration is one's own; root's is the machine's. `cng config files` tells where\n"
            "they are kept. All commands have --json.\n",
    .examples = "  cng providers list\n"
                "  cng providers order hash SHA256\n",
    .options = options,
    .most = POSITIONAL_ANY,
    .commands = commands,
    .run = commands_run,
};
