#include <stdio.h>

#include "complain.h"
#include "key.h"
#include "render.h"
#include "verbs.h"

struct inspect_args {
    const char *curve;
    bool private_parts;
    bool json;
};

static const struct option_row options[] = {
    OPTION(struct inspect_args, private_parts, "private", 0, NULL, "show the private parts, too"),
    OPTION_CURVE(struct inspect_args),
    OPTION_JSON(struct inspect_args),
    OPTION_END,
};

static const char *kind_of(const struct key *key)
{
    if (key->family == NULL)
        return key->is_private ? "symmetric key" : "no key pair";
    return key->is_private ? "private key" : "public key";
}

/* What the file says; `title` needs the curve, which opening may have found. */
static void describe(struct key *key, bool secrets, json_t *report)
{
    OCTETS title = {0};
    report_text(report, "file", key->file);
    report_text(report, "format", key->format);
    report_text(report, "kind", kind_of(key));
    key_title(key, &title);
    report_text(report, "key", octets_text(&title));
    report_number(report, "bytes", key->bytes.n);
    report_part(report, "fields", report_fields(&key->fields, secrets));
}

/* A key that the library refuses is shown all the same: that is what one wants to look at. */
static enum outcome inspect(const char *file, const struct inspect_args *args, json_t *report)
{
    KEY key = {0};
    const struct key_hints hints = {.curve = args->curve};
    TRY(key_read(file, &key));
    enum outcome outcome =
        key.family != NULL || key.damaged ? key_open(&key, USE_NONE, &hints) : DONE;
    if (key.curve != NULL && !key.fields.has[FIELD_CURVE])
        fields_set_text(&key.fields, FIELD_CURVE, key.curve);
    describe(&key, args->private_parts, report);
    if (key.family != NULL)
        report_flag(report, "valid", outcome == DONE);
    return outcome;
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct inspect_args args = {0};
    struct positional files;
    enum outcome worst = DONE;
    TRY(options_parse(verb, argc, argv, &args, &files));
    REPORT *list = json_array();
    for (size_t i = 0; i < files.count; i++) {
        REPORT *report = report_new();
        enum outcome outcome = inspect(files.items[i], &args, report);
        if (outcome != DONE)
            worst = outcome;
        if (json_object_size(report) == 0)
            continue;
        json_array_append(list, report);
        if (args.json)
            continue;
        if (json_array_size(list) > 1)
            putchar('\n');
        render_people(report);
    }
    if (args.json)
        render_json(files.count == 1 && json_array_size(list) == 1 ? json_array_get(list, 0)
                                                                   : list);
    return worst;
}

const struct verb verb_inspect = {
    .name = "inspect",
    .summary = "names the format of a key file and shows what is in it",
    .usage = "[--private] FILE...",
    .text = "Any key blob of Windows, PEM or DER. Each key is also given to the library: \"valid\" "
            "says whether it\n"
            "takes it. Private parts stay hidden unless --private is said.\n",
    .examples = "  cng inspect key.blob\n"
                "  cng inspect --private --json key.pem\n",
    .options = options,
    .least = 1,
    .most = POSITIONAL_ANY,
    .run = run,
};
