#include <stdio.h>

#include "complain.h"
#include "key_write.h"
#include "render.h"
#include "verbs.h"

struct convert_args {
    const char *out;
    const char *format;
    bool public_part;
    const char *algorithm;
    const char *curve;
    const char *pq_form;
    const char *ec_parameters;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    OPTION(struct convert_args, format, "format", 'f', "FORMAT",
           "pem, der, blob, or a blob type's name"),
    OPTION_OUT(struct convert_args, "where the result goes (public keys: default standard output)"),
    OPTION(struct convert_args, public_part, "public", 0, NULL,
           "of a private key, only the public part"),
    OPTION(struct convert_args, algorithm, "algorithm", 'a', "NAME",
           "ECDSA or ECDH: which of them the blob is for"),
    OPTION_CURVE(struct convert_args),
    OPTION(struct convert_args, pq_form, "pq-form", 0, "FORM",
           "private ML-KEM, ML-DSA in DER: both (default), seed, or expanded"),
    OPTION(struct convert_args, ec_parameters, "ec-parameters", 0, "FORM",
           "curve in DER: named (default) or explicit"),
    OPTION_FORCE(struct convert_args),
    OPTION_JSON(struct convert_args),
    OPTION_END,
};

/* A blob type says which part it holds; the other formats hold what the file had. */
static bool wants_private(const struct convert_args *args, const struct key_format *format,
                          const struct key *key)
{
    if (format->container == KEY_BLOB)
        return format->is_private;
    return key->is_private && !args->public_part;
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct convert_args args = {0};
    struct positional files;
    struct key_format format;
    OCTETS encoded = {0};
    KEY key = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.format == NULL)
        return complain_missing(verb, "--format FORMAT");
    TRY(key_format_named(args.format, &format));
    if (args.public_part && format.is_private)
        return complain(BAD_USAGE, NULL, NULL, "--public does not go with %s, which is private",
                        format.type);

    const struct key_hints hints = {args.curve, args.algorithm};
    TRY(key_load(files.items[0], USE_NONE, false, &hints, &key));
    bool is_private = wants_private(&args, &format, &key);
    if (is_private && args.out == NULL)
        return complain_missing(verb,
                                "--out FILE, where the private key goes (\"-\": standard output)");

    REPORT *report = report_new();
    report_text(report, "from", key.format);
    report_text(report, "format", args.format);
    report_flag(report, "private", is_private);
    const struct delivery delivery = {{args.out, args.force, is_private, format.is_text},
                                      false,
                                      args.json ? report : NULL,
                                      "key",
                                      format.is_text};
    TRY(delivery_check(&delivery));
    const struct key_choices choices = {args.pq_form, args.ec_parameters};
    TRY(key_encode(&key, &format, is_private, &choices, &encoded));
    TRY(deliver(&delivery, view_of(&encoded)));
    if (args.json)
        render_json(report);
    return DONE;
}

const struct verb verb_convert = {
    .name = "convert",
    .summary = "turns a key file into another format",
    .usage = "FILE --format FORMAT [--out FILE]",
    .text =
        "Reads any key blob of Windows, PEM or DER; checks the key; writes\n"
        "  pem, der    PKCS #8 for private keys, SubjectPublicKeyInfo for public ones\n"
        "  blob        the blob that the key's algorithm has of its own\n"
        "  RSAPUBLICBLOB RSAPRIVATEBLOB RSAFULLPRIVATEBLOB CAPIPUBLICBLOB CAPIPRIVATEBLOB\n"
        "  ECCPUBLICBLOB ECCPRIVATEBLOB ECCFULLPUBLICBLOB ECCFULLPRIVATEBLOB SSLECCPUBLICBLOB\n"
        "  DSAPUBLICBLOB DSAPRIVATEBLOB CAPIDSAPUBLICBLOB CAPIDSAPRIVATEBLOB V2CAPIDSAPUBLICBLOB\n"
        "  V2CAPIDSAPRIVATEBLOB DHPUBLICBLOB DHPRIVATEBLOB CAPIDHPUBLICBLOB CAPIDHPRIVATEBLOB\n"
        "  MLKEMPUBLICBLOB MLKEMPRIVATEBLOB MLKEMPRIVATESEEDBLOB PQDSAPUBLICBLOB PQDSAPRIVATEBLOB\n"
        "  PQDSAPRIVATESEEDBLOB PUBLICBLOB PRIVATEBLOB\n"
        "A blob on a curve other than P-256, P-384 and P-521 does not name it; cng finds the named "
        "curve that the\n"
        "point is on, or --curve says it. PEM and DER do not say whether a curve's key is for "
        "ECDSA or ECDH: a blob\n"
        "is made for ECDSA unless --algorithm ECDH is said.\n",
    .examples = "  cng convert key.pem --format RSAFULLPRIVATEBLOB --out key.blob\n"
                "  cng convert key.blob --format pem --public\n"
                "  cng convert ec.pem --algorithm ECDH --format ECCPRIVATEBLOB --out ecdh.blob\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
