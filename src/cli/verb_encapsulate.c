#include "complain.h"
#include "key.h"
#include "render.h"
#include "verbs.h"

struct encapsulate_args {
    const char *key;
    const char *secret;
    const char *ciphertext;
    bool hex;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    OPTION_KEY(struct encapsulate_args, "the other's public key"),
    OPTION(struct encapsulate_args, ciphertext, "ciphertext", 'c', "FILE",
           "where the ciphertext goes"),
    OPTION(struct encapsulate_args, secret, "secret", 's', "FILE", "where the shared secret goes"),
    OPTION_HEX(struct encapsulate_args),
    OPTION_FORCE(struct encapsulate_args),
    OPTION_JSON(struct encapsulate_args),
    OPTION_END,
};

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct encapsulate_args args = {0};
    struct positional files;
    KEY key = {0};
    OCTETS secret = {0};
    OCTETS ciphertext = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.key == NULL)
        return complain_missing(verb, "--key FILE");
    if (!args.json && (args.secret == NULL || args.ciphertext == NULL))
        return complain_missing(verb, "--ciphertext FILE and --secret FILE");
    REPORT *report = report_new();
    REPORT *secret_part = report_new();
    REPORT *ciphertext_part = report_new();
    const struct delivery deliveries[] = {
        {{args.ciphertext, args.force, false, false},
         args.hex,
         args.json ? ciphertext_part : NULL,
         "value",
         false},
        {{args.secret, args.force, true, false},
         args.hex,
         args.json ? secret_part : NULL,
         "value",
         false},
    };
    TRY(delivery_check(&deliveries[0]));
    TRY(delivery_check(&deliveries[1]));

    const struct key_hints hints = {0};
    TRY(key_load(args.key, USE_ENCAPSULATE, false, &hints, &key));
    NTSTATUS status = engine_encapsulate(&key.handle, &secret, &ciphertext);
    if (status < 0)
        return complain_status(args.key, "encapsulating", status, NULL);
    TRY(deliver(&deliveries[0], view_of(&ciphertext)));
    TRY(deliver(&deliveries[1], view_of(&secret)));
    if (!args.json)
        return DONE;
    report_part(report, "ciphertext", json_incref(ciphertext_part));
    report_part(report, "secret", json_incref(secret_part));
    render_json(report);
    return DONE;
}

const struct verb verb_encapsulate = {
    .name = "encapsulate",
    .summary = "makes a secret that the owner of an ML-KEM key can recover",
    .usage = "--key FILE --ciphertext FILE --secret FILE",
    .text =
        "The ciphertext is for the key's owner, who decapsulates it; both then share the secret.\n",
    .examples = "  cng encapsulate --key bob-public.pem --ciphertext for-bob --secret shared\n",
    .options = options,
    .run = run,
};
