#include "complain.h"
#include "progress.h"
#include "scheme.h"
#include "signature.h"
#include "verbs.h"

struct sign_args {
    const char *key;
    const char *curve;
    const char *out;
    struct scheme_options scheme;
    bool hex;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    OPTION_KEY(struct sign_args, "the private key"),
    OPTION_OUT(struct sign_args, "where the signature goes (default: standard output)"),
    SCHEME_OPTIONS(struct sign_args),
    SCHEME_OPTION_FORM(struct sign_args),
    OPTION_CURVE(struct sign_args),
    OPTION_HEX(struct sign_args),
    OPTION_FORCE(struct sign_args),
    OPTION_JSON(struct sign_args),
    OPTION_END,
};

static void args_done(struct sign_args *args)
{
    option_bytes_done(&args->scheme.context);
}

struct job {
    const struct key *key;
    const struct scheme_plan *plan;
    struct octets *signature;
    NTSTATUS status;
};

static void work(void *context)
{
    struct job *job = context;
    job->status = engine_sign(&job->key->handle, &job->plan->padding, view_of(&job->plan->input),
                              job->signature);
}

/* SLH-DSA takes its time. */
static enum outcome sign(const struct key *key, const struct scheme_plan *plan, const char *file,
                         struct octets *signature)
{
    struct job job = {key, plan, signature, STATUS_SUCCESS};
    progress_run("signing", work, &job);
    if (job.status >= 0)
        return DONE;
    return complain_status(file, "signing", job.status,
                           "The key may be too small for this hash and padding.");
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(args_done) struct sign_args args = {0};
    struct positional files;
    KEY key = {0};
    SCHEME_PLAN plan = {0};
    OCTETS signature = {0};
    OCTETS encoded = {0};
    bool der;
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.key == NULL)
        return complain_missing(verb, "--key FILE");
    TRY(scheme_form(&args.scheme, &der));
    REPORT *report = report_new();
    const struct delivery delivery = {
        {args.out, args.force, false, false}, args.hex, args.json ? report : NULL, "signature"};
    TRY(delivery_check(&delivery));

    const struct key_hints hints = {.curve = args.curve};
    TRY(key_load(args.key, USE_SIGN, true, &hints, &key));
    TRY(scheme_prepare(&key, &args.scheme, files.items[0], &plan));
    TRY(sign(&key, &plan, files.items[0], &signature));
    if (der && !signature_to_der(view_of(&signature), &encoded))
        return complain(BAD_SYSTEM, files.items[0], "signing",
                        "the signature could not be encoded");
    report_text(report, "algorithm", key.algorithm->name);
    scheme_report(report, &plan);
    TRY(deliver(&delivery, view_of(der ? &encoded : &signature)));
    if (args.json)
        render_json(report);
    return DONE;
}

const struct verb verb_sign = {
    .name = "sign",
    .summary = "signs a file",
    .usage = "--key FILE [--out FILE] FILE",
    .text = "RSA, DSA and ECDSA sign a hash of the file, ML-DSA and SLH-DSA the file itself.\n",
    .examples = "  cng sign --key rsa.pem --padding pss --hash SHA512 --out letter.sig letter.txt\n"
                "  cng sign --key ecdsa.blob --signature-format der --out letter.sig letter.txt\n"
                "  cng sign --key ml-dsa.pem --context hex:0102 --out letter.sig letter.txt\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
