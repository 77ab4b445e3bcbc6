/* `cng store slots`, `protect`, `change` and `unprotect`: what opens the store. */
#include <stdio.h>
#include <string.h>

#include <winerror.h>

#include "render.h"
#include "store_args.h"

/* ---- slots ---------------------------------------------------------------------------------------------------- */

struct slots_args {
    struct store_args store;
};

static const struct option_row slots_options[] = {
    STORE_OPTION_MACHINE(struct slots_args),
    STORE_OPTION_JSON(struct slots_args),
    OPTION_END,
};

static void add_slot(const struct engine_slot *slot, void *context)
{
    json_t *entry = report_new();
    report_text(entry, "name", slot->name);
    report_text(entry, "type", slot->damaged ? "damaged" : slot->type);
    report_text(entry, "description", slot->description);
    report_flag(entry, "damaged", slot->damaged);
    json_array_append_new(context, entry);
}

static const char *column(const json_t *entry, const char *name)
{
    return json_string_value(json_object_get(entry, name));
}

static enum outcome run_slots(const struct verb *verb, int argc, char **argv)
{
    struct slots_args args = {0};
    struct positional files;
    TRY(options_parse(verb, argc, argv, &args, &files));
    REPORT *list = json_array();
    TRY(store_told(NULL, "listing the slots",
                   engine_slots_each(args.store.machine, add_slot, list)));
    if (args.store.json) {
        render_json(list);
        return DONE;
    }
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry)
    {
        printf("%-16s  %-10s  %s\n", column(entry, "name"), column(entry, "type"),
               column(entry, "description"));
    }
    return DONE;
}

const struct verb store_slots = {
    .name = "store slots",
    .summary = "lists what opens the store",
    .usage = "[--machine]",
    .text =
        "Each slot opens the store by itself. A new store has one called \"default\": a file that\n"
        "whoever may read it can use.\n",
    .examples = "  cng store slots\n",
    .options = slots_options,
    .least = 0,
    .most = 0,
    .run = run_slots,
};

/* ---- protect, change ------------------------------------------------------------------------------------------ */

struct protect_args {
    struct store_args store;
    const char *name;
    const char *type;
    const char *credential;
    struct option_number cost;
    struct passphrase_source fresh;
};

static const struct option_row protect_options[] = {
    OPTION(struct protect_args, name, "name", 'n', "NAME", "what the slot is called"),
    OPTION(struct protect_args, type, "type", 't', "TYPE", "passphrase, credential or file"),
    PASSPHRASE_SOURCE_OPTIONS(struct protect_args, fresh, "new-passphrase"),
    OPTION(struct protect_args, cost, "cost", 0, "NUMBER",
           "passphrase: scrypt's N is 2 to this power, 10 to 18 (default 17)"),
    OPTION(struct protect_args, credential, "credential", 0, "NAME",
           "credential: the file in $CREDENTIALS_DIRECTORY (default opencng)"),
    STORE_OPTION_MACHINE(struct protect_args),
    STORE_OPTIONS_PASSPHRASE(struct protect_args),
    STORE_OPTION_JSON(struct protect_args),
    OPTION_END,
};

static enum outcome check_protect(const struct verb *verb, const struct protect_args *args)
{
    static const char *const types[] = {"passphrase", "credential", "file"};
    if (args->name == NULL)
        return complain_missing(verb, "--name NAME");
    if (args->type == NULL)
        return complain_missing(verb, "--type passphrase, credential or file");
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        if (strcmp(args->type, types[i]) == 0)
            return DONE;
    }
    return complain(BAD_USAGE, NULL, NULL, "--type is passphrase, credential or file, not %s",
                    args->type);
}

/* The passphrase that opens the store as it is: the named one, or none until the library asks for one. */
static enum outcome opening_passphrase(const struct store_args *args, bool asked,
                                       struct octets *out)
{
    if (!asked && !passphrase_source_is_given(&args->passphrase))
        return DONE;
    return passphrase_source_read(&args->passphrase, "passphrase", NULL, false, out);
}

static enum outcome put_slot(const struct verb *verb, int argc, char **argv, bool replace)
{
    struct protect_args args = {0};
    struct positional files;
    OCTETS opening = {0};
    OCTETS fresh = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    TRY(check_protect(verb, &args));
    if (strcmp(args.type, "passphrase") == 0)
        TRY(passphrase_source_read(&args.fresh, "new-passphrase", NULL, true, &fresh));
    TRY(opening_passphrase(&args.store, false, &opening));
    const struct engine_slot_wish wish = {args.name, args.type, view_of(&fresh), args.credential,
                                          args.cost.value};
    NTSTATUS status = engine_slot_add(args.store.machine, view_of(&opening), &wish, replace);
    if (status == NTE_UI_REQUIRED && !passphrase_source_is_given(&args.store.passphrase)) {
        TRY(opening_passphrase(&args.store, true, &opening));
        status = engine_slot_add(args.store.machine, view_of(&opening), &wish, replace);
    }
    TRY(store_told(args.name, replace ? "changing the slot" : "adding the slot", status));
    if (args.store.json) {
        REPORT *report = report_new();
        report_text(report, "name", args.name);
        report_text(report, "type", args.type);
        render_json(report);
    }
    return DONE;
}

static enum outcome run_protect(const struct verb *verb, int argc, char **argv)
{
    return put_slot(verb, argc, argv, false);
}

static enum outcome run_change(const struct verb *verb, int argc, char **argv)
{
    return put_slot(verb, argc, argv, true);
}

const struct verb store_protect = {
    .name = "store protect",
    .summary = "adds something that opens the store",
    .usage = "--name NAME --type TYPE [OPTION...]",
    .text =
        "Any slot opens the store: a passphrase protects nothing while the file \"default\" opens "
        "it,\n"
        "too. Remove that one afterwards, and keep a second slot for the day on which the first\n"
        "is lost. In a store without keys the slot becomes the first one.\n",
    .examples = "  cng store protect --name mine --type passphrase\n"
                "  cng store unprotect default\n"
                "  cng store protect --machine --name service --type credential --credential kek\n",
    .options = protect_options,
    .least = 0,
    .most = 0,
    .run = run_protect,
};

const struct verb store_change = {
    .name = "store change",
    .summary = "replaces something that opens the store",
    .usage = "--name NAME --type TYPE [OPTION...]",
    .text = "The old passphrase opens nothing afterwards, except copies of the old slot: where one "
            "may\n"
            "exist, `cng store rotate` as well.\n",
    .examples = "  cng store change --name mine --type passphrase\n",
    .options = protect_options,
    .least = 0,
    .most = 0,
    .run = run_change,
};

/* ---- unprotect ------------------------------------------------------------------------------------------------ */

static enum outcome run_unprotect(const struct verb *verb, int argc, char **argv)
{
    struct slots_args args = {0};
    struct positional files;
    TRY(options_parse(verb, argc, argv, &args, &files));
    const char *name = files.items[0];
    TRY(store_told(name, "removing the slot", engine_slot_remove(args.store.machine, name)));
    if (args.store.json) {
        REPORT *report = report_new();
        report_text(report, "removed", name);
        render_json(report);
    }
    return DONE;
}

const struct verb store_unprotect = {
    .name = "store unprotect",
    .summary = "removes something that opens the store",
    .usage = "NAME",
    .text = "The last slot stays: nothing would open the store without it.\n",
    .examples = "  cng store unprotect default\n",
    .options = slots_options,
    .least = 1,
    .most = 1,
    .run = run_unprotect,
};
