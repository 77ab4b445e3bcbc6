#include "complain.h"
#include "file_io.h"
#include "key.h"
#include "render.h"
#include "verbs.h"

struct decapsulate_args {
    const char *key;
    const char *out;
    bool hex;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    OPTION_KEY(struct decapsulate_args, "the private key"),
    OPTION_OUT(struct decapsulate_args, "where the shared secret goes (default: standard output)"),
    OPTION_HEX(struct decapsulate_args),
    OPTION_FORCE(struct decapsulate_args),
    OPTION_JSON(struct decapsulate_args),
    OPTION_END,
};

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct decapsulate_args args = {0};
    struct positional files;
    KEY key = {0};
    OCTETS ciphertext = {0};
    OCTETS secret = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.key == NULL)
        return complain_missing(verb, "--key FILE");
    REPORT *report = report_new();
    const struct delivery delivery = {
        {args.out, args.force, true, false}, args.hex, args.json ? report : NULL, "secret", false};
    TRY(delivery_check(&delivery));

    const struct key_hints hints = {0};
    TRY(key_load(args.key, USE_ENCAPSULATE, true, &hints, &key));
    TRY(file_read(files.items[0], "reading the ciphertext", KEY_FILE_MOST, &ciphertext));
    NTSTATUS status = engine_decapsulate(&key.handle, view_of(&ciphertext), &secret);
    if (status < 0)
        return complain_status(files.items[0], "decapsulating", status,
                               "The ciphertext belongs to another parameter set, or is cut.");
    TRY(deliver(&delivery, view_of(&secret)));
    if (args.json)
        render_json(report);
    return DONE;
}

const struct verb verb_decapsulate = {
    .name = "decapsulate",
    .summary = "recovers the secret from an ML-KEM ciphertext",
    .usage = "--key FILE [--out FILE] FILE",
    .text = "A ciphertext that was made for another key gives a secret, too, which nobody shares: "
            "ML-KEM does not\n"
            "say no.\n",
    .examples = "  cng decapsulate --key bob.pem --out shared for-bob\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
