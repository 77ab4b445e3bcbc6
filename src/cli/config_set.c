/* `cng config set` and `remove`. */
#include <string.h>

#include "config_args.h"

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
    TRY(config_entry(verb, &words, args.machine, &e));
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
    TRY(config_entry(verb, &words, args.machine, &e));
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
