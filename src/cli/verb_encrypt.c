#include "cipher.h"
#include "complain.h"
#include "key.h"
#include "render.h"
#include "verbs.h"

static const struct option_row options[] = {CIPHER_OPTIONS("the public key, or a private one")};

static enum outcome encrypt(const struct key *key, const struct engine_padding *padding,
                            const char *file, struct view input, struct octets *out)
{
    NTSTATUS status = engine_encrypt(&key->handle, padding, input, out);
    if (status >= 0)
        return DONE;
    if (status == STATUS_INVALID_PARAMETER)
        return complain(BAD_INPUT, file, "encrypting",
                        "%zu bytes do not fit into this key with this padding (%s)", input.n,
                        status_name(status));
    return complain_status(file, "encrypting", status, NULL);
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(cipher_args_done) struct cipher_args args = {0};
    struct positional files;
    struct engine_padding padding;
    KEY key = {0};
    OCTETS input = {0};
    OCTETS result = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.key == NULL)
        return complain_missing(verb, "--key FILE");
    TRY(cipher_prepare(&args, &padding));
    REPORT *report = report_new();
    const struct delivery delivery = {
        {args.out, args.force, false, false}, args.hex, args.json ? report : NULL, "ciphertext"};
    TRY(delivery_check(&delivery));

    const struct key_hints hints = {0};
    TRY(key_load(args.key, USE_ENCRYPT, false, &hints, &key));
    TRY(file_read(files.items[0], "reading the input", KEY_FILE_MOST, &input));
    TRY(encrypt(&key, &padding, files.items[0], view_of(&input), &result));
    TRY(deliver(&delivery, view_of(&result)));
    if (args.json)
        render_json(report);
    return DONE;
}

const struct verb verb_encrypt = {
    .name = "encrypt",
    .summary = "encrypts a file with RSA",
    .usage = "--key FILE [--out FILE] FILE",
    .text =
        "What RSA encrypts is short: a key of 3072 bits takes 318 bytes with OAEP and SHA256.\n",
    .examples = "  cng encrypt --key rsa-public.pem --out secret.rsa secret.txt\n"
                "  cng encrypt --key rsa-public.blob --hash SHA1 --label file:label.bin --out "
                "secret.rsa secret.txt\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
