/* `cng store export`, `sign` and `decrypt`. */
#include <stdio.h>

#include "cipher.h"
#include "progress.h"
#include "scheme.h"
#include "signature.h"
#include "store_args.h"

/* ---- a stored key's public part ------------------------------------------------------------------------------- */

/* Finds the key and opens its public part as if it came from a file: so the schemes of `cng sign` apply. */
static enum outcome find(const struct engine_store *store, const char *name, uint32_t spec,
                         struct engine_stored *stored, struct key *key)
{
    OCTETS algorithm = {0};
    OCTETS curve = {0};
    key->file = name;
    TRY(store_told(name, "opening the key", engine_store_find(store, name, spec, stored)));
    TRY(store_told(name, "reading the key",
                   engine_stored_text(stored, "Algorithm Name", &algorithm)));
    const struct algorithm *row = algorithm_named(octets_text(&algorithm));
    if (row == NULL)
        return complain(BAD_INPUT, name, "reading the key", "a key of %s is no key pair",
                        octets_text(&algorithm));
    bool named = engine_stored_text(stored, "ECCCurveName", &curve) >= 0 && curve.n > 0;
    const struct type_pair *types = &row->family->natural;
    if (row->size == SIZE_CURVE && !named)
        types = &row->family->full;
    TRY(store_told(name, "reading the key",
                   engine_stored_export(stored, types->of[0].types[0], &key->bytes)));
    TRY(key_recognise(key));
    const struct key_hints hints = {.curve = named ? octets_text(&curve) : NULL,
                                    .algorithm = row->name};
    return key_open(key, USE_NONE, &hints);
}

/* ---- export --------------------------------------------------------------------------------------------------- */

struct export_args {
    struct store_args store;
    struct option_number spec;
    const char *type;
    const char *out;
    bool is_private;
    bool force;
};

static const struct option_row export_options[] = {
    OPTION(struct export_args, type, "type", 't', "TYPE",
           "the blob's type (default: the algorithm's own)"),
    OPTION(struct export_args, is_private, "private", 0, NULL,
           "the private key instead of the public one"),
    OPTION_OUT(struct export_args, "where the blob goes (default: standard output)"),
    OPTION_FORCE(struct export_args),
    STORE_OPTION_SPEC(struct export_args),
    STORE_OPTION_MACHINE(struct export_args),
    STORE_OPTIONS_PASSPHRASE(struct export_args),
    STORE_OPTION_JSON(struct export_args),
    OPTION_END,
};

static enum outcome run_export(const struct verb *verb, int argc, char **argv)
{
    struct export_args args = {0};
    struct positional files;
    ENGINE_STORE store = {0};
    ENGINE_STORED stored = {0};
    KEY key = {0};
    OCTETS blob = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.is_private && args.out == NULL && !args.store.json)
        return complain_missing(verb,
                                "--out FILE, where the private key goes (\"-\": standard output)");
    const char *name = files.items[0];
    REPORT *report = report_new();
    const struct delivery delivery = {{args.out, args.force, args.is_private, false},
                                      false,
                                      args.store.json ? report : NULL,
                                      "blob"};
    TRY(delivery_check(&delivery));
    TRY(store_enter(&args.store, &store));
    TRY(find(&store, name, args.spec.value, &stored, &key));
    const char *type =
        args.type != NULL ? args.type : key_family(&key)->natural.of[args.is_private].types[0];
    NTSTATUS status = engine_stored_export(&stored, type, &blob);
    if (store_may_retry(&args.store, &store, status))
        status = engine_stored_export(&stored, type, &blob);
    if (status == NTE_NOT_SUPPORTED && *engine_store_explain(status).problem == 0)
        return complain(REFUSED, name, "exporting the key",
                        "the key's policy forbids it, or it has no %s (NTE_NOT_SUPPORTED); "
                        "`cng store show` tells the policy",
                        type);
    TRY(store_told(name, "exporting the key", status));
    report_text(report, "type", type);
    TRY(deliver(&delivery, view_of(&blob)));
    if (args.store.json)
        render_json(report);
    return DONE;
}

const struct verb store_export = {
    .name = "store export",
    .summary = "writes a key's blob",
    .usage = "[--private] [--type TYPE] [--out FILE] NAME",
    .text = "`cng convert` makes PEM or DER of the blob. A private key leaves the store only where "
            "its\n"
            "export policy allows it in plain.\n",
    .examples = "  cng store export mail --out mail.blob\n"
                "  cng store export login --private --out login.blob\n"
                "  cng convert login.blob --format pem --out login.pem\n",
    .options = export_options,
    .least = 1,
    .most = 1,
    .run = run_export,
};

/* ---- sign ----------------------------------------------------------------------------------------------------- */

struct sign_args {
    struct store_args store;
    struct option_number spec;
    const char *out;
    struct scheme_options scheme;
    bool hex;
    bool force;
};

static const struct option_row sign_options[] = {
    OPTION_OUT(struct sign_args, "where the signature goes (default: standard output)"),
    SCHEME_OPTIONS(struct sign_args),
    SCHEME_OPTION_FORM(struct sign_args),
    OPTION_HEX(struct sign_args),
    OPTION_FORCE(struct sign_args),
    STORE_OPTION_SPEC(struct sign_args),
    STORE_OPTION_MACHINE(struct sign_args),
    STORE_OPTIONS_PASSPHRASE(struct sign_args),
    STORE_OPTION_JSON(struct sign_args),
    OPTION_END,
};

static void sign_args_done(struct sign_args *args)
{
    option_bytes_done(&args->scheme.context);
}

struct signing {
    const struct engine_stored *key;
    const struct scheme_plan *plan;
    struct octets *signature;
    NTSTATUS status;
};

static void sign(void *context)
{
    struct signing *s = context;
    s->status =
        engine_stored_sign(s->key, &s->plan->padding, view_of(&s->plan->input), s->signature);
}

static enum outcome run_sign(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(sign_args_done) struct sign_args args = {0};
    struct positional files;
    OCTETS encoded = {0};
    bool der;
    ENGINE_STORE store = {0};
    ENGINE_STORED stored = {0};
    KEY key = {0};
    SCHEME_PLAN plan = {0};
    OCTETS signature = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    TRY(scheme_form(&args.scheme, &der));
    REPORT *report = report_new();
    const struct delivery delivery = {{args.out, args.force, false, false},
                                      args.hex,
                                      args.store.json ? report : NULL,
                                      "signature"};
    TRY(delivery_check(&delivery));
    TRY(store_enter(&args.store, &store));
    TRY(find(&store, files.items[0], args.spec.value, &stored, &key));
    TRY(scheme_prepare(&key, &args.scheme, files.items[1], &plan));
    struct signing s = {&stored, &plan, &signature, STATUS_SUCCESS};
    progress_run("signing", sign, &s);
    if (store_may_retry(&args.store, &store, s.status))
        progress_run("signing", sign, &s);
    TRY(store_told(files.items[0], "signing", s.status));
    if (der && !signature_to_der(view_of(&signature), &encoded))
        return complain(BAD_SYSTEM, files.items[0], "signing",
                        "the signature could not be encoded");
    report_text(report, "algorithm", key.algorithm->name);
    scheme_report(report, &plan);
    TRY(deliver(&delivery, view_of(der ? &encoded : &signature)));
    if (args.store.json)
        render_json(report);
    return DONE;
}

const struct verb store_sign = {
    .name = "store sign",
    .summary = "signs a file with a key",
    .usage = "[OPTION...] NAME FILE",
    .text = "As `cng sign` does, with a key that stays in the store.\n",
    .examples = "  cng store sign mail --padding pss --out letter.sig letter.txt\n",
    .options = sign_options,
    .least = 2,
    .most = 2,
    .run = run_sign,
};

/* ---- decrypt -------------------------------------------------------------------------------------------------- */

struct decrypt_args {
    struct store_args store;
    struct option_number spec;
    struct cipher_args cipher;
};

static const struct option_row decrypt_options[] = {
    {.name = "out",
     .synonym = "output",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .offset = offsetof(struct decrypt_args, cipher.out),
     .value = "FILE",
     .help = "where the result goes (default: standard output)"},
    OPTION(struct decrypt_args, cipher.padding, "padding", 0, "NAME",
           "oaep (default), pkcs1 or none"),
    OPTION(struct decrypt_args, cipher.hash, "hash", 0, "NAME", "oaep: the hash (default SHA256)"),
    OPTION(struct decrypt_args, cipher.label, "label", 0, "VALUE", "oaep: the label"),
    OPTION(struct decrypt_args, cipher.hex, "hex", 0, NULL,
           "write the result as hexadecimal digits"),
    OPTION(struct decrypt_args, cipher.force, "force", 0, NULL,
           "replace an output file that exists already"),
    STORE_OPTION_SPEC(struct decrypt_args),
    STORE_OPTION_MACHINE(struct decrypt_args),
    STORE_OPTIONS_PASSPHRASE(struct decrypt_args),
    STORE_OPTION_JSON(struct decrypt_args),
    OPTION_END,
};

static void decrypt_args_done(struct decrypt_args *args)
{
    cipher_args_done(&args->cipher);
}

static enum outcome run_decrypt(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(decrypt_args_done) struct decrypt_args args = {0};
    struct positional files;
    struct engine_padding padding;
    ENGINE_STORE store = {0};
    ENGINE_STORED stored = {0};
    OCTETS input = {0};
    OCTETS result = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    const char *name = files.items[0], *file = files.items[1];
    TRY(cipher_prepare(&args.cipher, &padding));
    REPORT *report = report_new();
    const struct delivery delivery = {{args.cipher.out, args.cipher.force, true, true},
                                      args.cipher.hex,
                                      args.store.json ? report : NULL,
                                      "plaintext"};
    TRY(delivery_check(&delivery));
    TRY(store_enter(&args.store, &store));
    TRY(store_told(name, "opening the key",
                   engine_store_find(&store, name, args.spec.value, &stored)));
    TRY(file_read(file, "reading the input", KEY_FILE_MOST, &input));
    NTSTATUS status = engine_stored_decrypt(&stored, &padding, view_of(&input), &result);
    if (store_may_retry(&args.store, &store, status))
        status = engine_stored_decrypt(&stored, &padding, view_of(&input), &result);
    /* Not a word about what was wrong with the padding. */
    if (status == NTE_INVALID_PARAMETER)
        return complain(REFUSED, file, "decrypting",
                        "this was not encrypted for this key under these options (%s)",
                        status_name(status));
    TRY(store_told(name, "decrypting", status));
    TRY(deliver(&delivery, view_of(&result)));
    if (args.store.json)
        render_json(report);
    return DONE;
}

const struct verb store_decrypt = {
    .name = "store decrypt",
    .summary = "decrypts a file with an RSA key",
    .usage = "[OPTION...] NAME FILE",
    .text = "Ends with status 1 when the file was not encrypted for this key with these options.\n",
    .examples = "  cng store decrypt mail --out secret.txt secret.rsa\n",
    .options = decrypt_options,
    .least = 2,
    .most = 2,
    .run = run_decrypt,
};
