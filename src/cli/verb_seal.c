#include <unistd.h>

#include "complain.h"
#include "seal_key.h"
#include "seal_stream.h"
#include "verbs.h"

/* OWASP's advice of 2023 for PBKDF2-HMAC-SHA512; SP 800-132 wants 1000 at least. */
#define ITERATIONS_DEFAULT 210000
#define ITERATIONS_LEAST 1000

struct seal_args {
    struct seal_key_source key;
    struct option_number iterations;
    const char *algorithm;
    const char *out;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    SEAL_KEY_OPTIONS(struct seal_args, key),
    OPTION(struct seal_args, iterations, "iterations", 0, "NUMBER",
           "passphrase: how often it is hashed (default 210000)"),
    OPTION(struct seal_args, algorithm, "algorithm", 'a', "NAME",
           "AES-256-GCM (default) or ChaCha20-Poly1305"),
    OPTION_OUT(struct seal_args, "where the sealed file goes (default: standard output)"),
    OPTION_FORCE(struct seal_args),
    OPTION_JSON(struct seal_args),
    OPTION_END,
};

static enum outcome check_args(const struct seal_args *args, const struct sink *sink)
{
    if (args->iterations.given && seal_key_uses_file(&args->key))
        return complain(BAD_USAGE, NULL, NULL, "--iterations goes with a passphrase");
    if (args->iterations.given && args->iterations.value < ITERATIONS_LEAST)
        return complain(BAD_USAGE, NULL, NULL, "--iterations is at least %d", ITERATIONS_LEAST);
    if (!sink_is_stdout(sink))
        return sink_check(sink);
    if (args->json)
        return complain(BAD_USAGE, NULL, NULL,
                        "standard output carries the sealed file; say --out FILE with --json");
    if (isatty(STDOUT_FILENO))
        return complain(
            BAD_USAGE, NULL, NULL,
            "a sealed file is binary and standard output is a terminal; say --out FILE");
    return DONE;
}

static enum outcome make_header(const struct seal_args *args, struct seal_header *header)
{
    const char *name = args->algorithm != NULL ? args->algorithm : "AES-256-GCM";
    header->has_passphrase = !seal_key_uses_file(&args->key);
    if (header->has_passphrase)
        header->iterations = args->iterations.given ? args->iterations.value : ITERATIONS_DEFAULT;
    if (!seal_cipher_named(name, &header->cipher))
        return complain(BAD_USAGE, NULL, NULL,
                        "--algorithm is AES-256-GCM or ChaCha20-Poly1305, not %s", name);
    return complain_if_failed(NULL, "making the salt", engine_random(header->salt, SEAL_SALT),
                              NULL);
}

/* The header with its check, and the key that goes with it. */
static enum outcome prepare(const struct seal_args *args, const char *file, struct engine_key *key,
                            struct seal_header *header)
{
    OCTETS secret = {0};
    TRY(make_header(args, header));
    TRY(seal_key_read(&args->key, file, true, &secret));
    return seal_key_derive(header, view_of(&secret), key, header->check);
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct seal_args args = {0};
    struct positional files;
    struct seal_header header = {0};
    uint8_t bytes[SEAL_HEADER];
    ENGINE_KEY key = {0};
    INLET in = INLET_CLOSED;
    OUTLET out = OUTLET_CLOSED;
    TRY(options_parse(verb, argc, argv, &args, &files));
    const char *file = files.count > 0 ? files.items[0] : "-";
    const struct sink sink = {args.out, args.force, false, false};
    TRY(check_args(&args, &sink));
    TRY(inlet_open(file, "sealing", &in));
    TRY(prepare(&args, file, &key, &header));

    seal_header_encode(&header, bytes);
    struct seal_stream stream = {.key = &key, .header = bytes, .label = "sealing"};
    TRY(outlet_open(&sink, &out));
    TRY(outlet_write(&out, (struct view){bytes, SEAL_HEADER}));
    TRY(seal_stream_seal(&stream, &in, &out));
    TRY(outlet_commit(&out));
    if (args.json)
        seal_header_show(&header, stream.text, args.out);
    return DONE;
}

const struct verb verb_seal = {
    .name = "seal",
    .summary = "encrypts a file of any size so that every change is found",
    .usage = "[--key-file FILE] [--out FILE] [FILE]",
    .text =
        "Without --key-file a passphrase is asked for. `cng open` is the way back. Without FILE "
        "standard input\n"
        "is sealed. docs/seal-format.md describes the result.\n",
    .examples = "  cng seal --out letter.sealed letter.txt\n"
                "  cng random 32 --out backup.key\n"
                "  tar c folder | cng seal --key-file backup.key --out folder.sealed\n",
    .options = options,
    .most = 1,
    .run = run,
};
