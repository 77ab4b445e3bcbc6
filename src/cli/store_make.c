/* `cng store create` and `import`. */
#include <stdio.h>
#include <string.h>

#include "curve_table.h"
#include "key.h"
#include "progress.h"
#include "render.h"
#include "store_args.h"

struct make_args {
    struct store_args store;
    struct option_number spec;
    const char *algorithm;
    struct option_number bits;
    const char *curve;
    const char *set;
    bool exportable;
    bool plain;
    bool force;
};

#define MAKE_OPTIONS                                                                               \
    OPTION(struct make_args, exportable, "exportable", 0, NULL,                                    \
           "the key may leave the store encrypted"),                                               \
        OPTION(struct make_args, plain, "exportable-plain", 0, NULL,                               \
               "the key may leave the store as it is"),                                            \
        OPTION(struct make_args, force, "force", 0, NULL, "replace a key of that name"),           \
        STORE_OPTION_SPEC(struct make_args), STORE_OPTION_MACHINE(struct make_args),               \
        STORE_OPTIONS_PASSPHRASE(struct make_args), STORE_OPTION_JSON(struct make_args),           \
        OPTION_END

static struct engine_named named_of(const struct make_args *args, const char *name)
{
    return (struct engine_named){
        .name = name,
        .spec = args->spec.value,
        .export_policy = (args->exportable || args->plain ? ENGINE_EXPORTABLE : 0u) |
                         (args->plain ? ENGINE_EXPORTABLE_PLAIN : 0u),
        .overwrite = args->force,
    };
}

static enum outcome report_made(const struct make_args *args, const char *name,
                                const char *algorithm)
{
    if (!args->store.json)
        return DONE;
    REPORT *report = report_new();
    report_text(report, "name", name);
    report_text(report, "algorithm", algorithm);
    render_json(report);
    return DONE;
}

/* ---- create --------------------------------------------------------------------------------------------------- */

static const struct option_row create_options[] = {
    OPTION(struct make_args, algorithm, "algorithm", 'a', "NAME",
           "which algorithm (cng algorithms)"),
    OPTION(struct make_args, bits, "bits", 'b', "BITS",
           "size of the key: RSA 3072, DSA 2048, DH 2048 by default"),
    OPTION(struct make_args, curve, "curve", 'c', "NAME",
           "ECDSA, ECDH: the curve (default nistP256)"),
    OPTION(struct make_args, set, "set", 's', "NAME", "the parameter set (cng algorithms)"),
    MAKE_OPTIONS,
};

static enum outcome check_sizes(const struct make_args *args, const struct algorithm *row)
{
    const struct {
        bool given;
        enum size_kind kind;
        const char *option;
    } given[] = {
        {args->bits.given, SIZE_BITS, "--bits"},
        {args->curve != NULL, SIZE_CURVE, "--curve"},
        {args->set != NULL, SIZE_SET, "--set"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(given); i++) {
        if (given[i].given && row->size != given[i].kind)
            return complain(BAD_USAGE, NULL, NULL, "%s does not go with %s", given[i].option,
                            row->name);
    }
    return DONE;
}

static enum outcome make_spec(const struct make_args *args, struct engine_spec *spec)
{
    const struct algorithm *row = algorithm_named(args->algorithm);
    if (row == NULL)
        return complain(BAD_USAGE, NULL, NULL,
                        "there is no algorithm %s; `cng algorithms` lists them", args->algorithm);
    TRY(check_sizes(args, row));
    *spec = (struct engine_spec){.algorithm = row->name};
    if (row->size == SIZE_BITS)
        spec->bits = args->bits.given ? args->bits.value : row->bits;
    if (row->size == SIZE_CURVE) {
        const struct curve_row *curve =
            curve_named(args->curve != NULL ? args->curve : row->standard);
        if (curve == NULL)
            return complain(BAD_USAGE, NULL, NULL,
                            "there is no curve %s; `cng algorithms --curves` lists them",
                            args->curve);
        spec->curve = curve->name;
    }
    if (row->size == SIZE_SET) {
        spec->set = set_named(row, args->set != NULL ? args->set : row->standard);
        if (spec->set == NULL)
            return complain(BAD_USAGE, NULL, NULL, "%s has no parameter set %s", row->name,
                            args->set);
    }
    return DONE;
}

struct creation {
    const struct engine_store *store;
    struct engine_named named;
    struct engine_spec spec;
    NTSTATUS status;
};

static void create(void *context)
{
    struct creation *c = context;
    c->status = engine_store_create(c->store, &c->named, &c->spec);
}

static enum outcome run_create(const struct verb *verb, int argc, char **argv)
{
    struct make_args args = {0};
    struct positional files;
    ENGINE_STORE store = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.algorithm == NULL)
        return complain_missing(verb, "--algorithm NAME");
    struct creation c = {.store = &store, .named = named_of(&args, files.items[0])};
    TRY(make_spec(&args, &c.spec));
    TRY(store_enter(&args.store, &store));
    progress_run("making the key", create, &c);
    if (store_may_retry(&args.store, &store, c.status))
        progress_run("making the key", create, &c);
    TRY(store_told(files.items[0], "making the key", c.status));
    return report_made(&args, files.items[0], c.spec.algorithm);
}

const struct verb store_create = {
    .name = "store create",
    .summary = "makes a key",
    .usage = "--algorithm NAME [OPTION...] NAME",
    .text = "The key never leaves the store unless --exportable or --exportable-plain says so. "
            "That is\n"
            "a policy, not a wall: whoever may read the store's files has its keys.\n",
    .examples = "  cng store create mail --algorithm RSA --bits 3072\n"
                "  cng store create login --algorithm ECDSA --curve nistP384 --exportable-plain\n",
    .options = create_options,
    .least = 1,
    .most = 1,
    .run = run_create,
};

/* ---- import --------------------------------------------------------------------------------------------------- */

static const struct option_row import_options[] = {
    OPTION(struct make_args, algorithm, "algorithm", 'a', "NAME",
           "what the key is for, where its file does not say: ECDSA, ECDH"),
    OPTION(struct make_args, curve, "curve", 'c', "NAME",
           "the curve, where the blob does not name it"),
    MAKE_OPTIONS,
};

/* The first of the family's private blobs that the key can be written as. */
static NTSTATUS private_blob(const struct key *key, const char **type, struct octets *out)
{
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    const struct blob_types *list = &key_family(key)->store.of[1];
    const struct blob_types *natural = &key_family(key)->natural.of[1];
    /* A named curve goes with the shorter blob, which keeps the name. */
    if (key->curve != NULL)
        list = natural;
    for (size_t i = 0; status < 0 && list->types[i] != NULL; i++) {
        *type = list->types[i];
        status = engine_export(&key->handle, *type, out);
    }
    return status;
}

static enum outcome run_import(const struct verb *verb, int argc, char **argv)
{
    struct make_args args = {0};
    struct positional files;
    ENGINE_STORE store = {0};
    KEY key = {0};
    OCTETS blob = {0};
    const char *type = NULL;
    TRY(options_parse(verb, argc, argv, &args, &files));
    const char *name = files.items[0], *file = files.items[1];
    const struct key_hints hints = {.curve = args.curve, .algorithm = args.algorithm};
    TRY(key_load(file, USE_NONE, true, &hints, &key));
    TRY(store_enter(&args.store, &store));
    TRY(complain_if_failed(file, "reading the key", private_blob(&key, &type, &blob), NULL));
    struct engine_named named = named_of(&args, name);
    NTSTATUS status = engine_store_import(&store, &named, type, key.curve, view_of(&blob));
    if (store_may_retry(&args.store, &store, status))
        status = engine_store_import(&store, &named, type, key.curve, view_of(&blob));
    TRY(store_told(name, "storing the key", status));
    return report_made(&args, name, key.algorithm->name);
}

const struct verb store_import = {
    .name = "store import",
    .summary = "takes a key from a file",
    .usage = "[OPTION...] NAME FILE",
    .text =
        "The file is a private key in any format that cng reads: PEM, DER, a blob of Windows'.\n"
        "It stays as it is: delete it if the store is to have the only copy.\n",
    .examples = "  cng store import mail rsa.pem\n"
                "  cng store import dh-key --algorithm ECDH --force p256.der\n",
    .options = import_options,
    .least = 2,
    .most = 2,
    .run = run_import,
};
