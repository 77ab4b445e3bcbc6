#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "file_digest.h"
#include "file_io.h"
#include "hash_list.h"
#include "render.h"
#include "verbs.h"

#define STEP_HASH "hashing"
#define STEP_CHECK "checking"

/* Longer output of an extendable-output function is for programs, not for a line of text. */
#define LENGTH_MOST ((size_t)1 << 20)

struct hash_args {
    struct option_number length;
    struct option_bytes function_name;
    struct option_bytes customization;
    const char *check;
    bool json;
};

static const struct option_row options[] = {
    OPTION(struct hash_args, length, "length", 0, "BYTES",
           "SHAKE, CSHAKE: the digest's length (default: 32 or 64)"),
    OPTION(struct hash_args, function_name, "function-name", 0, "VALUE",
           "CSHAKE: the function's name N"),
    OPTION(struct hash_args, customization, "customization", 0, "VALUE",
           "CSHAKE: the customization S"),
    OPTION(struct hash_args, check, "check", 'c', "LIST",
           "compare files with a list of digests that this verb or sha256sum wrote"),
    OPTION_JSON(struct hash_args),
    OPTION_END,
};

static void args_done(struct hash_args *args)
{
    option_bytes_done(&args->function_name);
    option_bytes_done(&args->customization);
}

struct plan {
    const char *name;
    struct engine_hash_spec spec;
    size_t length;
};

/* A hash that this program has no row for: some registered provider may have it, under exactly this name. */
static enum outcome prepare_registered(const struct hash_args *args, const char *name,
                                       struct plan *plan)
{
    size_t length = 0;
    NTSTATUS status = engine_hash_length(name, &length);
    if (status == STATUS_NOT_FOUND || status == STATUS_NOT_SUPPORTED)
        return complain(BAD_USAGE, NULL, NULL, "there is no hash function %s; these are: %s", name,
                        digest_any_names());
    TRY(complain_if_failed(NULL, name, status, NULL));
    if (args->length.given || args->function_name.given || args->customization.given)
        return complain(BAD_USAGE, NULL, NULL,
                        "--length, --function-name and --customization do not go with %s", name);
    if (length == 0 || length > LENGTH_MOST)
        return complain(BAD_USAGE, NULL, NULL,
                        "the provider of %s says that its digests have %zu bytes", name, length);
    *plan = (struct plan){.name = name, .length = length, .spec = {.algorithm = name}};
    return DONE;
}

static enum outcome prepare(const struct hash_args *args, const char *name, struct plan *plan)
{
    const struct digest_row *row = digest_any_named(name);
    if (row == NULL)
        return prepare_registered(args, name, plan);
    if (args->length.given && !row->any_length)
        return complain(BAD_USAGE, NULL, NULL,
                        "--length does not go with %s: its digest has %zu "
                        "bytes",
                        row->name, row->bytes);
    if ((args->function_name.given || args->customization.given) && !row->is_customizable)
        return complain(BAD_USAGE, NULL, NULL,
                        "--function-name and --customization go with CSHAKE128 and CSHAKE256, not "
                        "with %s",
                        row->name);
    plan->name = row->name;
    plan->length = args->length.given ? args->length.value : row->bytes;
    if (plan->length == 0 || plan->length > LENGTH_MOST)
        return complain(BAD_USAGE, NULL, NULL, "--length is 1 to %zu bytes", LENGTH_MOST);
    plan->spec = (struct engine_hash_spec){.algorithm = row->name,
                                           .function_name = view_of(&args->function_name.value),
                                           .customization = view_of(&args->customization.value)};
    return DONE;
}

/* ---- digests of files ----------------------------------------------------------------------------------------- */

static enum outcome hash_file(const struct plan *plan, const char *file, json_t *list, bool json)
{
    OCTETS digest = {0};
    OCTETS line = {0};
    TRY(digest_file(&plan->spec, plan->length, file, STEP_HASH, &digest));
    if (json) {
        json_t *entry = report_new();
        report_text(entry, "file", file);
        report_text(entry, "algorithm", plan->name);
        report_hex(entry, "digest", view_of(&digest));
        json_array_append_new(list, entry);
        return DONE;
    }
    hash_list_write(&line, view_of(&digest), file);
    (void)fwrite(line.p, 1, line.n, stdout); /* main looks whether all was printed */
    return DONE;
}

/* A file that cannot be read does not keep the others from being hashed. */
static enum outcome hash_files(const struct plan *plan, const struct positional *files, bool json)
{
    enum outcome worst = DONE;
    REPORT *list = json_array();
    for (size_t i = 0; i < files->count; i++) {
        enum outcome outcome = hash_file(plan, files->items[i], list, json);
        if (outcome == UNAVAILABLE)
            return outcome;
        if (outcome != DONE)
            worst = outcome;
    }
    if (json)
        render_json(files->count == 1 && json_array_size(list) == 1 ? json_array_get(list, 0)
                                                                    : list);
    return worst;
}

/* ---- checking a list ------------------------------------------------------------------------------------------ */

struct check {
    const struct plan *plan;
    const char *list;
    bool json;
    json_t *entries;
    size_t lines, files, wrong;
    enum outcome worst; /* of what could not be compared */
};

static void say(const struct check *check, const char *file, bool good)
{
    OCTETS name = {0};
    if (check->json) {
        json_t *entry = report_new();
        report_text(entry, "file", file);
        report_flag(entry, "valid", good);
        json_array_append_new(check->entries, entry);
        return;
    }
    hash_list_escape(&name, file);
    printf("%s: %s\n", octets_text(&name), good ? "OK" : "FAILED");
}

static void check_line(struct check *check, struct view line)
{
    OCTETS expected = {0};
    OCTETS name = {0};
    OCTETS digest = {0};
    check->lines++;
    if (!hash_list_read(line, &expected, &name) || expected.n != check->plan->length) {
        check->worst = complain(BAD_INPUT, check->list, STEP_CHECK,
                                "line %zu is not a digest of %s (%zu digits), two blanks and a "
                                "name",
                                check->lines, check->plan->name, 2 * check->plan->length);
        return;
    }
    const char *file = octets_text(&name);
    check->files++;
    enum outcome outcome =
        digest_file(&check->plan->spec, check->plan->length, file, STEP_HASH, &digest);
    if (outcome != DONE)
        check->worst = outcome;
    bool good = outcome == DONE && view_equal(view_of(&digest), view_of(&expected));
    check->wrong += outcome == DONE && !good;
    say(check, file, good);
}

static void check_lines(struct check *check, struct view text)
{
    while (text.n > 0) {
        const uint8_t *end = memchr(text.p, '\n', text.n);
        size_t n = end != NULL ? (size_t)(end - text.p) : text.n;
        size_t next = end != NULL ? n + 1 : n;
        if (n > 0 && text.p[n - 1] == '\r')
            n--;
        check_line(check, (struct view){text.p, n});
        text = (struct view){text.p + next, text.n - next};
    }
}

static enum outcome check_list(const struct plan *plan, const char *list, bool json)
{
    OCTETS text = {0};
    REPORT *report = report_new();
    struct check check = {.plan = plan, .list = list, .json = json, .entries = json_array()};
    report_text(report, "algorithm", plan->name);
    report_part(report, "files", check.entries);
    TRY(file_read(list, STEP_CHECK, DATA_FILE_MOST, &text));
    check_lines(&check, view_of(&text));
    if (check.lines == 0)
        check.worst = complain(BAD_INPUT, list, STEP_CHECK, "the list is empty");
    report_flag(report, "valid", check.worst == DONE && check.wrong == 0);
    if (json)
        render_json(report);
    if (check.wrong == 0)
        return check.worst;
    return complain(REFUSED, list, STEP_CHECK, "%zu of %zu files are not what the list says",
                    check.wrong, check.files);
}

/* ---- the verb ------------------------------------------------------------------------------------------------- */

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(args_done) struct hash_args args = {0};
    static char stdin_name[] = "-";
    char *only_stdin[] = {stdin_name};
    struct positional files;
    struct plan plan = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (files.count == 0)
        return complain_missing(verb, "the ALGORITHM");
    TRY(prepare(&args, files.items[0], &plan));
    files = (struct positional){files.items + 1, files.count - 1};
    if (args.check != NULL && files.count > 0)
        return complain(BAD_USAGE, NULL, NULL, "--check takes its files from the list, not %s",
                        files.items[0]);
    if (args.check != NULL)
        return check_list(&plan, args.check, args.json);
    if (files.count == 0)
        files = (struct positional){only_stdin, 1};
    return hash_files(&plan, &files, args.json);
}

const struct verb verb_hash = {
    .name = "hash",
    .summary = "computes digests of files, or compares them with a list",
    .usage = "ALGORITHM [FILE...]",
    .text = "ALGORITHM is MD2, MD4, MD5, SHA1, SHA256, SHA384, SHA512, SHA3-256, SHA3-384, "
            "SHA3-512, SHAKE128,\n"
            "SHAKE256, CSHAKE128 or CSHAKE256. Without FILE standard input is hashed. The lines "
            "are those of\n"
            "sha256sum; --check says OK or FAILED for each file of a list and ends with status 1 "
            "when one\n"
            "differs.\n",
    .examples = "  cng hash SHA256 letter.txt\n"
                "  cng hash SHA3-512 *.iso > digests\n"
                "  cng hash SHA3-512 --check digests\n"
                "  cng hash CSHAKE128 --customization 'Email Signature' --length 16 letter.txt\n",
    .options = options,
    .most = POSITIONAL_ANY,
    .run = run,
};
