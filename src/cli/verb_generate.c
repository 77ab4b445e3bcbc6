#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "complain.h"
#include "curve_table.h"
#include "key_write.h"
#include "progress.h"
#include "render.h"
#include "verbs.h"

#define STEP "generating the key"

struct generate_args {
    const char *algorithm;
    struct option_number bits;
    const char *curve;
    const char *set;
    const char *out;
    const char *format;
    const char *public_out;
    const char *public_format;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    OPTION(struct generate_args, algorithm, "algorithm", 'a', "NAME",
           "which algorithm (cng algorithms)"),
    OPTION(struct generate_args, bits, "bits", 'b', "BITS",
           "size of the key: RSA 3072, DSA 2048, DH 2048 by default"),
    OPTION(struct generate_args, curve, "curve", 'c', "NAME",
           "ECDSA, ECDH: the curve (default nistP256)"),
    OPTION(struct generate_args, set, "set", 's', "NAME",
           "ML-KEM 768, ML-DSA 65, SLH-DSA SHA2-128s by default"),
    OPTION_OUT(struct generate_args, "where the private key goes"),
    OPTION(struct generate_args, format, "format", 'f', "FORMAT",
           "pem (default), der, blob, or a blob type's name"),
    OPTION(struct generate_args, public_out, "public-out", 'p', "FILE",
           "where the public key goes"),
    OPTION(struct generate_args, public_format, "public-format", 0, "FORMAT",
           "pem (default), der, blob, or a blob type's name"),
    OPTION_FORCE(struct generate_args),
    OPTION_JSON(struct generate_args),
    OPTION_END,
};

/* ---- what to generate ----------------------------------------------------------------------------------------- */

static enum outcome complain_size(const struct algorithm *row, const char *option)
{
    return complain(BAD_USAGE, NULL, NULL, "%s does not go with %s", option, row->name);
}

static enum outcome take_curve(const struct generate_args *args, struct engine_spec *spec)
{
    const struct curve_row *curve = curve_named(args->curve != NULL ? args->curve : spec->curve);
    if (curve == NULL)
        return complain(BAD_USAGE, NULL, NULL,
                        "there is no curve %s; `cng algorithms --curves` lists them", args->curve);
    spec->curve = curve->name;
    return DONE;
}

static enum outcome take_set(const struct algorithm *row, const struct generate_args *args,
                             struct engine_spec *spec)
{
    spec->set = set_named(row, args->set != NULL ? args->set : row->standard);
    if (spec->set == NULL)
        return complain(BAD_USAGE, NULL, NULL,
                        "%s has no parameter set %s; `cng algorithms` lists them", row->name,
                        args->set);
    return DONE;
}

static enum outcome make_spec(const struct generate_args *args, const struct algorithm **row,
                              struct engine_spec *spec)
{
    /* People know this curve under a name of its own. */
    bool is_x25519 = strcasecmp(args->algorithm, "X25519") == 0;
    *row = algorithm_named(is_x25519 ? "ECDH" : args->algorithm);
    if (*row == NULL)
        return complain(BAD_USAGE, NULL, NULL,
                        "there is no algorithm %s; `cng algorithms` lists them", args->algorithm);
    if (args->bits.given && (*row)->size != SIZE_BITS)
        return complain_size(*row, "--bits");
    if (args->curve != NULL && ((*row)->size != SIZE_CURVE || is_x25519))
        return complain_size(*row, "--curve");
    if (args->set != NULL && (*row)->size != SIZE_SET)
        return complain_size(*row, "--set");
    *spec = (struct engine_spec){.algorithm = (*row)->name};
    spec->bits = args->bits.given ? args->bits.value : (*row)->bits;
    if ((*row)->size == SIZE_CURVE) {
        spec->curve = is_x25519 ? CURVE_X25519 : (*row)->standard;
        return take_curve(args, spec);
    }
    return (*row)->size == SIZE_SET ? take_set(*row, args, spec) : DONE;
}

static enum outcome check_bits(const struct engine_spec *spec, const struct algorithm *row)
{
    struct engine_sizes sizes = {0};
    if (row->size != SIZE_BITS || engine_get_sizes(row->name, &sizes) < 0 || sizes.step == 0)
        return DONE;
    if (spec->bits >= sizes.least && spec->bits <= sizes.most &&
        (spec->bits - sizes.least) % sizes.step == 0)
        return DONE;
    return complain(BAD_USAGE, NULL, NULL, "%s has keys of %u to %u bits in steps of %u, not of %u",
                    row->name, sizes.least, sizes.most, sizes.step, spec->bits);
}

/* ---- generating ----------------------------------------------------------------------------------------------- */

struct job {
    struct engine_spec spec;
    struct engine_key key;
    NTSTATUS status;
};

static void work(void *context)
{
    struct job *job = context;
    job->status = engine_generate(&job->spec, &job->key);
}

static enum outcome generate(const struct engine_spec *spec, struct engine_key *out,
                             double *seconds)
{
    char label[96];
    struct timespec start;
    struct timespec end;
    struct job job = {.spec = *spec};
    const char *detail = spec->set != NULL ? spec->set : spec->curve != NULL ? spec->curve : "";
    snprintf(label, sizeof label, "generating %s %s", spec->algorithm, detail);
    if (spec->bits != 0 && *detail == 0)
        snprintf(label, sizeof label, "generating %s %u", spec->algorithm, spec->bits);
    clock_gettime(CLOCK_MONOTONIC, &start);
    progress_run(label, work, &job);
    clock_gettime(CLOCK_MONOTONIC, &end);
    *seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    *out = job.key;
    if (job.status == STATUS_NOT_FOUND)
        return complain(
            UNAVAILABLE, NULL, STEP,
            "the library here has no %s (STATUS_NOT_FOUND); post-quantum algorithms need its "
            "own libcrypto 3.5",
            spec->algorithm);
    if (job.status >= 0)
        return DONE;
    (void)complain_status(NULL, STEP, job.status, "`cng algorithms` lists the sizes.");
    /* curve25519 does not sign, for one. */
    bool wrong = job.status == STATUS_INVALID_PARAMETER || job.status == STATUS_NOT_SUPPORTED;
    return wrong ? BAD_USAGE : BAD_SYSTEM;
}

/* ---- writing -------------------------------------------------------------------------------------------------- */

/* A private key goes nowhere by accident: its place must be named, and on a terminal it must be text. */
static enum outcome check_places(const struct verb *verb, const struct generate_args *args,
                                 const struct delivery *private_key,
                                 const struct delivery *public_key)
{
    if (args->out == NULL)
        return complain_missing(verb,
                                "--out FILE, where the private key goes (\"-\": standard output)");
    TRY(delivery_check(private_key));
    return args->public_out != NULL ? delivery_check(public_key) : DONE;
}

static enum outcome write_keys(const struct key *key, const struct generate_args *args,
                               const struct key_format formats[2],
                               const struct delivery deliveries[2])
{
    const struct key_choices usual = {0};
    OCTETS encoded = {0};
    OCTETS public_encoded = {0};
    bool only_public = formats[0].container == KEY_BLOB && !formats[0].is_private;
    TRY(key_encode(key, &formats[0], !only_public, &usual, &encoded));
    if (args->public_out != NULL)
        TRY(key_encode(key, &formats[1], false, &usual, &public_encoded));
    TRY(deliver(&deliveries[0], view_of(&encoded)));
    return args->public_out != NULL ? deliver(&deliveries[1], view_of(&public_encoded)) : DONE;
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct generate_args args = {.format = "pem", .public_format = "pem"};
    struct positional files;
    const struct algorithm *row = NULL;
    struct engine_spec spec = {0};
    struct key_format formats[2] = {0};
    double seconds = 0;
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.algorithm == NULL)
        return complain_missing(verb, "--algorithm NAME");
    TRY(make_spec(&args, &row, &spec));
    TRY(check_bits(&spec, row));
    TRY(key_format_named(args.format, &formats[0]));
    TRY(key_format_named(args.public_format, &formats[1]));

    REPORT *report = report_new();
    REPORT *private_part = report_new();
    REPORT *public_part = report_new();
    struct delivery deliveries[2] = {
        {{args.out, args.force, true, formats[0].is_text},
         false,
         args.json ? private_part : NULL,
         "key",
         formats[0].is_text},
        {{args.public_out, args.force, false, formats[1].is_text},
         false,
         args.json ? public_part : NULL,
         "key",
         formats[1].is_text},
    };
    TRY(check_places(verb, &args, &deliveries[0], &deliveries[1]));

    KEY key = {.file = args.out};
    ENGINE_KEY made = {0};
    TRY(generate(&spec, &made, &seconds));
    key_adopt(&key, row, row->size == SIZE_FIXED ? row->standard : spec.curve, &made);
    TRY(write_keys(&key, &args, formats, deliveries));
    if (!args.json)
        return DONE;
    report_text(report, "algorithm", row->name);
    if (spec.bits != 0)
        report_number(report, "bits", spec.bits);
    if (spec.curve != NULL)
        report_text(report, "curve", spec.curve);
    if (spec.set != NULL)
        report_text(report, "parameterSet", spec.set);
    report_part(report, "seconds", json_real(seconds));
    report_part(report, "private", json_incref(private_part));
    if (args.public_out != NULL)
        report_part(report, "public", json_incref(public_part));
    render_json(report);
    return DONE;
}

const struct verb verb_generate = {
    .name = "generate",
    .summary = "makes a key pair",
    .usage = "--algorithm NAME [--bits N | --curve NAME | --set NAME] --out FILE",
    .text = "The private key's file is made with mode 0600, and never over an existing file unless "
            "--force is\n"
            "said. An interrupted generation leaves no file.\n",
    .examples =
        "  cng generate --algorithm RSA --bits 4096 --out rsa.pem --public-out rsa-public.pem\n"
        "  cng generate --algorithm ECDH --curve brainpoolP256r1 --format ECCPRIVATEBLOB --out "
        "ecdh.blob\n"
        "  cng generate --algorithm X25519 --out x25519.pem\n"
        "  cng generate --algorithm ML-DSA --set 87 --out ml-dsa.pem\n",
    .options = options,
    .run = run,
};
