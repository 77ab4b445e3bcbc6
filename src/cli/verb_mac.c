#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "complain.h"
#include "file_digest.h"
#include "render.h"
#include "secret_source.h"
#include "verbs.h"

#define STEP "computing the code"
#define NONCE_BYTES 12
#define LENGTH_MOST ((size_t)1 << 20)

struct mac_args {
    struct key_source key;
    struct option_bytes nonce;
    struct option_number length;
    struct option_bytes customization;
    struct option_bytes verify;
    bool json;
};

static const struct option_row options[] = {
    KEY_SOURCE_OPTIONS(struct mac_args, key, "key"),
    OPTION_IN_DIGITS(struct mac_args, nonce, "nonce-hex",
                     "AES-GMAC: the nonce, 12 bytes, another one for each message"),
    OPTION(struct mac_args, length, "length", 0, "BYTES",
           "KMAC: the code's length (default: 32 or 64)"),
    OPTION(struct mac_args, customization, "customization", 0, "VALUE",
           "KMAC: the customization S"),
    OPTION_IN_DIGITS(struct mac_args, verify, "verify", "compare with this code"),
    OPTION_JSON(struct mac_args),
    OPTION_END,
};

static void args_done(struct mac_args *args)
{
    option_bytes_done(&args->key.digits);
    option_bytes_done(&args->nonce);
    option_bytes_done(&args->customization);
    option_bytes_done(&args->verify);
}

/* ---- the algorithms ------------------------------------------------------------------------------------------- */

enum { TAKES_NONCE = 1, TAKES_LENGTH = 2, TAKES_CUSTOMIZATION = 4, TAKES_AES_KEY = 8 };

struct mac_row {
    const char *name;
    size_t bytes; /* of the code; TAKES_LENGTH: when nobody says how many */
    unsigned takes;
};

static const struct mac_row rows[] = {
    {"AES-CMAC", 16, TAKES_AES_KEY},
    {"AES-GMAC", 16, TAKES_AES_KEY | TAKES_NONCE},
    {"KMAC128", 32, TAKES_LENGTH | TAKES_CUSTOMIZATION},
    {"KMAC256", 64, TAKES_LENGTH | TAKES_CUSTOMIZATION},
};

struct plan {
    char name[32];
    unsigned takes;
    size_t length;
    struct engine_hash_spec spec;
};

/* HMAC over any hash function of a fixed length. */
static bool find_hmac(const char *name, struct plan *plan)
{
    if (strncasecmp(name, "HMAC-", 5) != 0)
        return false;
    const struct digest_row *hash = digest_named(name + 5);
    if (hash == NULL)
        return false;
    snprintf(plan->name, sizeof plan->name, "HMAC-%s", hash->name);
    plan->length = hash->bytes;
    plan->spec = (struct engine_hash_spec){.algorithm = hash->name, .hmac = true};
    return true;
}

static enum outcome find(const char *name, struct plan *plan)
{
    *plan = (struct plan){0};
    if (find_hmac(name, plan))
        return DONE;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (!digest_same_name(rows[i].name, name))
            continue;
        snprintf(plan->name, sizeof plan->name, "%s", rows[i].name);
        plan->takes = rows[i].takes;
        plan->length = rows[i].bytes;
        plan->spec = (struct engine_hash_spec){.algorithm = rows[i].name};
        return DONE;
    }
    return complain(BAD_USAGE, NULL, NULL,
                    "there is no code %s; these are: AES-CMAC, AES-GMAC, KMAC128, KMAC256 and "
                    "HMAC- with %s",
                    name, digest_names());
}

static enum outcome check_options(const struct mac_args *args, const struct plan *plan)
{
    const struct {
        bool given;
        unsigned needs;
        const char *option;
    } given[] = {
        {args->nonce.given, TAKES_NONCE, "--nonce-hex"},
        {args->length.given, TAKES_LENGTH, "--length"},
        {args->customization.given, TAKES_CUSTOMIZATION, "--customization"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(given); i++) {
        if (given[i].given && (plan->takes & given[i].needs) == 0)
            return complain(BAD_USAGE, NULL, NULL, "%s does not go with %s", given[i].option,
                            plan->name);
    }
    if ((plan->takes & TAKES_NONCE) != 0 && args->nonce.value.n != NONCE_BYTES)
        return complain(BAD_USAGE, NULL, NULL, "%s wants --nonce-hex with %d bytes", plan->name,
                        NONCE_BYTES);
    if (args->length.given && (args->length.value == 0 || args->length.value > LENGTH_MOST))
        return complain(BAD_USAGE, NULL, NULL, "--length is 1 to %zu bytes", LENGTH_MOST);
    return DONE;
}

static enum outcome check_key(const struct plan *plan, size_t n)
{
    if ((plan->takes & TAKES_AES_KEY) == 0 || n == 16 || n == 24 || n == 32)
        return DONE;
    return complain(BAD_INPUT, NULL, NULL, "a key of %s has 16, 24 or 32 bytes, this one has %zu",
                    plan->name, n);
}

/* ---- the verb ------------------------------------------------------------------------------------------------- */

/* Whether the code is the expected one takes the same time wherever they differ. */
static enum outcome verdict(const struct mac_args *args, const struct plan *plan, const char *file,
                            struct view code)
{
    if (view_equal(code, view_of(&args->verify.value)))
        return DONE;
    if (code.n != args->verify.value.n)
        return complain(REFUSED, file, "verifying the code",
                        "a code of %s has %zu bytes, --verify has %zu", plan->name, code.n,
                        args->verify.value.n);
    return complain(REFUSED, file, "verifying the code",
                    "this is not the %s of the file under this key", plan->name);
}

static void show(const struct mac_args *args, const struct plan *plan, const char *file,
                 struct view code, bool valid)
{
    REPORT *report = report_new();
    OCTETS line = {0};
    report_text(report, "file", file);
    report_text(report, "algorithm", plan->name);
    if (args->verify.given)
        report_flag(report, "valid", valid);
    else
        report_hex(report, "code", code);
    octets_to_hex(&line, code);
    if (args->json)
        render_json(report);
    else if (!args->verify.given)
        puts(octets_text(&line));
    else if (valid)
        printf("%s: the code is right (%s)\n", file, plan->name);
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(args_done) struct mac_args args = {0};
    struct positional files;
    struct plan plan;
    OCTETS key = {0};
    OCTETS code = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (files.count == 0)
        return complain_missing(verb, "the ALGORITHM");
    const char *file = files.count > 1 ? files.items[1] : "-";
    TRY(find(files.items[0], &plan));
    TRY(check_options(&args, &plan));
    TRY(key_source_read(&args.key, verb, "key", file, &key));
    TRY(check_key(&plan, key.n));
    plan.spec.key = view_of(&key);
    plan.spec.nonce = view_of(&args.nonce.value);
    plan.spec.customization = view_of(&args.customization.value);
    if (args.length.given)
        plan.length = args.length.value;
    TRY(digest_file(&plan.spec, plan.length, file, STEP, &code));
    enum outcome outcome = args.verify.given ? verdict(&args, &plan, file, view_of(&code)) : DONE;
    show(&args, &plan, file, view_of(&code), outcome == DONE);
    return outcome;
}

const struct verb verb_mac = {
    .name = "mac",
    .summary = "computes or verifies a message authentication code",
    .usage = "ALGORITHM --key-file FILE [--verify DIGITS] [FILE]",
    .text = "ALGORITHM is HMAC- with a hash function (HMAC-SHA256), AES-CMAC, AES-GMAC, KMAC128 or "
            "KMAC256. Without\n"
            "FILE standard input is read. Keep keys in files: what is on the command line, all "
            "users of the\n"
            "machine can see. --verify ends with status 0 when the code is right and with 1 when "
            "it is not.\n",
    .examples = "  cng random 32 --out mac.key\n"
                "  cng mac HMAC-SHA256 --key-file mac.key letter.txt\n"
                "  cng mac KMAC256 --key-file mac.key --customization app --length 32 letter.txt\n"
                "  cng mac HMAC-SHA256 --key-file mac.key --verify 9c5f...1b letter.txt\n",
    .options = options,
    .most = 2,
    .run = run,
};
