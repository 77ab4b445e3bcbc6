#include "base64.h"
#include "complain.h"
#include "engine.h"
#include "outlet.h"
#include "render.h"
#include "verbs.h"

/* Whole groups of base64. */
#define BLOCK ((size_t)48 << 10)

/* A report is one piece of text. */
#define REPORT_MOST ((uint64_t)1 << 20)

struct random_args {
    const char *out;
    bool hex;
    bool base64;
    bool force;
    bool json;
};

static const struct option_row options[] = {
    OPTION(struct random_args, hex, "hex", 0, NULL, "as hexadecimal digits"),
    OPTION(struct random_args, base64, "base64", 0, NULL, "in base64"),
    OPTION_OUT(struct random_args, "where the bytes go (default: standard output)"),
    OPTION_FORCE(struct random_args),
    OPTION_JSON(struct random_args),
    OPTION_END,
};

static void append_as(const struct random_args *args, struct view bytes, struct octets *out)
{
    if (args->hex)
        octets_to_hex(out, bytes);
    else if (args->base64)
        base64_encode(bytes, out);
    else
        octets_append(out, bytes);
}

static enum outcome make_block(const struct random_args *args, size_t n, struct octets *out)
{
    OCTETS bytes = {0};
    octets_resize(&bytes, n);
    TRY(complain_if_failed(NULL, "making random bytes", engine_random(bytes.p, n), NULL));
    octets_resize(out, 0);
    append_as(args, view_of(&bytes), out);
    return DONE;
}

static enum outcome write_random(const struct random_args *args, const struct sink *sink,
                                 uint64_t total)
{
    static const uint8_t line_end = '\n';
    OUTLET out = OUTLET_CLOSED;
    OCTETS block = {0};
    TRY(outlet_open(sink, &out));
    for (uint64_t left = total; left > 0;) {
        size_t n = left < BLOCK ? (size_t)left : BLOCK;
        TRY(make_block(args, n, &block));
        TRY(outlet_write(&out, view_of(&block)));
        left -= n;
    }
    if (args->hex || args->base64)
        TRY(outlet_write(&out, (struct view){&line_end, 1}));
    return outlet_commit(&out);
}

static enum outcome report_random(const struct random_args *args, uint64_t total, json_t *report)
{
    OCTETS text = {0};
    if (total > REPORT_MOST)
        return complain(BAD_USAGE, NULL, NULL,
                        "a report takes at most %llu bytes; say --out FILE for more",
                        (unsigned long long)REPORT_MOST);
    struct random_args as_text = *args;
    as_text.hex = !args->base64;
    TRY(make_block(&as_text, (size_t)total, &text));
    report_text(report, "random", octets_text(&text));
    return DONE;
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    struct random_args args = {0};
    struct positional files;
    uint64_t total;
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (files.count == 0)
        return complain_missing(verb, "how many BYTES");
    if (!number_from_text(files.items[0], INT64_MAX, &total))
        return complain(BAD_USAGE, NULL, NULL, "this is not a number of bytes: %s", files.items[0]);
    if (args.hex && args.base64)
        return complain(BAD_USAGE, NULL, NULL, "--hex and --base64 exclude each other");
    const struct sink sink = {args.out, args.force, true, args.hex || args.base64};
    if (!args.json)
        return write_random(&args, &sink, total);

    REPORT *report = report_new();
    report_number(report, "bytes", total);
    if (sink_is_stdout(&sink)) {
        TRY(report_random(&args, total, report));
    } else {
        TRY(write_random(&args, &sink, total));
        report_text(report, "file", args.out);
    }
    render_json(report);
    return DONE;
}

const struct verb verb_random = {
    .name = "random",
    .summary = "makes random bytes",
    .usage = "BYTES [--hex | --base64] [--out FILE]",
    .text =
        "They come from the library's cryptographic generator, fit for keys. A file of them gets "
        "mode 0600.\n",
    .examples = "  cng random 32 --out mac.key\n"
                "  cng random 16 --hex\n"
                "  cng random 18 --base64\n",
    .options = options,
    .most = 1,
    .run = run,
};
