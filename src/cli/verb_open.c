#include "complain.h"
#include "seal_key.h"
#include "seal_stream.h"
#include "verbs.h"

/* Some seconds of work. A header that asks for more was made to keep somebody busy. */
#define ITERATIONS_MOST 10000000

struct open_args {
    struct seal_key_source key;
    struct option_number iterations_most;
    const char *out;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    SEAL_KEY_OPTIONS(struct open_args, key),
    OPTION(struct open_args, iterations_most, "max-iterations", 0, "NUMBER",
           "passphrase: refuse files that want more (default 10000000)"),
    OPTION_OUT(struct open_args, "where the file goes (default: standard output)"),
    OPTION_FORCE(struct open_args),
    OPTION_JSON(struct open_args),
    OPTION_END,
};

static enum outcome check_args(const struct open_args *args, const struct sink *sink)
{
    if (args->json && sink_is_stdout(sink))
        return complain(BAD_USAGE, NULL, NULL,
                        "standard output carries the file; say --out FILE with --json");
    return sink_check(sink);
}

static enum outcome read_header(struct inlet *in, uint8_t bytes[SEAL_HEADER],
                                struct seal_header *header)
{
    size_t n;
    TRY(inlet_read(in, bytes, SEAL_HEADER, &n));
    return seal_header_decode(in->path, (struct view){bytes, n}, header);
}

static enum outcome check_header(const struct open_args *args, const char *file,
                                 const struct seal_header *header)
{
    uint32_t most = args->iterations_most.given ? args->iterations_most.value : ITERATIONS_MOST;
    if (header->has_passphrase && seal_key_uses_file(&args->key))
        return complain(BAD_USAGE, file, NULL,
                        "the file was sealed with a passphrase, not with a key file");
    if (!header->has_passphrase && !seal_key_uses_file(&args->key))
        return complain(BAD_USAGE, file, NULL,
                        "the file was sealed with a key file; say --key-file FILE");
    if (header->iterations > most)
        return complain(BAD_INPUT, file, NULL,
                        "the file wants its passphrase hashed %u times; say --max-iterations %u "
                        "if you have the time",
                        header->iterations, header->iterations);
    return DONE;
}

static enum outcome find_key(const struct open_args *args, const char *file,
                             const struct seal_header *header, struct engine_key *key)
{
    OCTETS secret = {0};
    uint8_t check[SEAL_CHECK];
    TRY(seal_key_read(&args->key, file, false, &secret));
    TRY(seal_key_derive(header, view_of(&secret), key, check));
    if (view_equal((struct view){check, SEAL_CHECK}, (struct view){header->check, SEAL_CHECK}))
        return DONE;
    return complain(REFUSED, file, "opening",
                    header->has_passphrase ? "the passphrase is wrong, or the header was changed"
                                           : "the key is another one, or the header was changed");
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct open_args args = {0};
    struct positional files;
    struct seal_header header;
    uint8_t bytes[SEAL_HEADER];
    ENGINE_KEY key = {0};
    INLET in = INLET_CLOSED;
    OUTLET out = OUTLET_CLOSED;
    TRY(options_parse(verb, argc, argv, &args, &files));
    const char *file = files.count > 0 ? files.items[0] : "-";
    const struct sink sink = {args.out, args.force, true, true};
    TRY(check_args(&args, &sink));
    TRY(inlet_open(file, "opening", &in));
    TRY(read_header(&in, bytes, &header));
    TRY(check_header(&args, file, &header));
    TRY(find_key(&args, file, &header, &key));

    struct seal_stream stream = {.key = &key, .header = bytes, .label = "opening"};
    TRY(outlet_open(&sink, &out));
    TRY(seal_stream_open(&stream, &in, &out));
    TRY(outlet_commit(&out));
    if (args.json)
        seal_header_show(&header, stream.text, args.out);
    return DONE;
}

const struct verb verb_open = {
    .name = "open",
    .summary = "decrypts a file that `cng seal` made",
    .usage = "[--key-file FILE] [--out FILE] [FILE]",
    .text = "Ends with status 1 when the key or passphrase is wrong or the file is not what was "
            "sealed; then no\n"
            "output file appears. On standard output what came before the damage is there already: "
            "look at\n"
            "the status before using it.\n",
    .examples =
        "  cng open --out letter.txt letter.sealed\n"
        "  cng open --key-file backup.key folder.sealed > folder.tar && tar xf folder.tar\n",
    .options = options,
    .most = 1,
    .run = run,
};
