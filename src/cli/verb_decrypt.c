#include "cipher.h"
#include "complain.h"
#include "key.h"
#include "render.h"
#include "verbs.h"

static const struct option_row options[] = {CIPHER_OPTIONS("the private key")};

static enum outcome decrypt(const struct key *key, const struct engine_padding *padding,
                            const char *file, struct view input, struct octets *out)
{
    NTSTATUS status = engine_decrypt(&key->handle, padding, input, out);
    if (status >= 0)
        return DONE;
    /* Not a word about what was wrong with the padding. */
    if (status == STATUS_INVALID_PARAMETER)
        return complain(REFUSED, file, "decrypting",
                        "this was not encrypted for this key under these options (%s)",
                        status_name(status));
    return complain_status(file, "decrypting", status, NULL);
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
        {args.out, args.force, true, true}, args.hex, args.json ? report : NULL, "plaintext"};
    TRY(delivery_check(&delivery));

    const struct key_hints hints = {0};
    TRY(key_load(args.key, USE_ENCRYPT, true, &hints, &key));
    TRY(file_read(files.items[0], "reading the input", KEY_FILE_MOST, &input));
    TRY(decrypt(&key, &padding, files.items[0], view_of(&input), &result));
    TRY(deliver(&delivery, view_of(&result)));
    if (args.json)
        render_json(report);
    return DONE;
}

const struct verb verb_decrypt = {
    .name = "decrypt",
    .summary = "decrypts a file with RSA",
    .usage = "--key FILE [--out FILE] FILE",
    .text = "Ends with status 1 when the file was not encrypted for this key with these options.\n",
    .examples = "  cng decrypt --key rsa.pem --out secret.txt secret.rsa\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
