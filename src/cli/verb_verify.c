#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "scheme.h"
#include "signature.h"
#include "verbs.h"

#define STEP "verifying the signature"

struct verify_args {
    const char *key;
    const char *curve;
    const char *signature;
    bool optional_oid;
    struct scheme_options scheme;
    bool json;
};

static const struct option_row options[] = {
    OPTION_KEY(struct verify_args, "the public key, or a private one"),
    OPTION(struct verify_args, signature, "signature", 's', "FILE", "the signature"),
    SCHEME_OPTIONS(struct verify_args),
    OPTION(struct verify_args, optional_oid, "optional-oid", 0, NULL,
           "RSA pkcs1: the hash may be named or not"),
    OPTION(struct verify_args, scheme.signature_format, "signature-format", 0, "FORM",
           "DSA, ECDSA: raw or der (default: as it looks)"),
    OPTION_CURVE(struct verify_args),
    OPTION_JSON(struct verify_args),
    OPTION_END,
};

static void args_done(struct verify_args *args)
{
    option_bytes_done(&args->scheme.context);
}

/* Turns DER into raw. Unless told, what has the length of a raw signature is one. */
static enum outcome read_signature(const struct verify_args *args, const struct scheme_plan *plan,
                                   struct octets *out)
{
    const char *form = args->scheme.signature_format;
    TRY(file_read(args->signature, "reading the signature", KEY_FILE_MOST, out));
    if (plan->number_bytes == 0 || (form != NULL && strcmp(form, "raw") == 0))
        return DONE;
    if (form == NULL && out->n == 2 * plan->number_bytes)
        return DONE;
    if (form != NULL && strcmp(form, "der") != 0)
        return complain(BAD_USAGE, NULL, NULL, "--signature-format is raw or der, not %s", form);
    OCTETS raw = {0};
    if (signature_to_raw(view_of(out), plan->number_bytes, &raw))
        octets_set(out, view_of(&raw));
    else if (form != NULL)
        return complain(REFUSED, args->signature, STEP, "this is no DER signature for the key");
    return DONE;
}

/* The library calls a signature of the wrong length an invalid parameter; for us both mean no. */
static bool says_no(NTSTATUS status)
{
    return status == STATUS_INVALID_SIGNATURE || status == STATUS_INVALID_PARAMETER;
}

static enum outcome verdict(const struct verify_args *args, const char *file, NTSTATUS status)
{
    if (status >= 0)
        return DONE;
    if (!says_no(status))
        return complain_status(args->signature, STEP, status, NULL);
    return complain(REFUSED, args->signature, STEP,
                    "this is not a signature of %s by %s under these options (%s)", file, args->key,
                    status_name(status));
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(args_done) struct verify_args args = {0};
    struct positional files;
    KEY key = {0};
    SCHEME_PLAN plan = {0};
    OCTETS signature = {0};
    OCTETS title = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.key == NULL)
        return complain_missing(verb, "--key FILE");
    if (args.signature == NULL)
        return complain_missing(verb, "--signature FILE");
    const struct key_hints hints = {.curve = args.curve};
    TRY(key_load(args.key, USE_SIGN, false, &hints, &key));
    TRY(scheme_prepare(&key, &args.scheme, files.items[0], &plan));
    if (args.optional_oid)
        plan.padding.scheme = engine_scheme_named("pkcs1-optional-oid", ENGINE_SIGN);
    TRY(read_signature(&args, &plan, &signature));
    NTSTATUS status =
        engine_verify(&key.handle, &plan.padding, view_of(&plan.input), view_of(&signature));
    enum outcome outcome = verdict(&args, files.items[0], status);
    if (outcome != DONE && outcome != REFUSED)
        return outcome;

    REPORT *report = report_new();
    key_title(&key, &title);
    report_flag(report, "valid", outcome == DONE);
    report_text(report, "key", octets_text(&title));
    scheme_report(report, &plan);
    if (args.json)
        render_json(report);
    else if (outcome == DONE)
        printf("%s: the signature is valid (%s)\n", files.items[0], octets_text(&title));
    return outcome;
}

const struct verb verb_verify = {
    .name = "verify",
    .summary = "checks a signature",
    .usage = "--key FILE --signature FILE FILE",
    .text = "Ends with status 0 when the signature is valid and with 1 when it is not.\n",
    .examples =
        "  cng verify --key rsa-public.pem --padding pss --signature letter.sig letter.txt\n"
        "  cng verify --key ecdsa-public.blob --signature letter.sig letter.txt && echo yes\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
