/* `cng protect` and `cng unprotect`: files protected to a rule of ncryptprotect.h. */
#include <unistd.h>

#include "complain.h"
#include "engine_protect.h"
#include "inlet.h"
#include "outlet.h"
#include "store_args.h"
#include "verbs.h"

#define BLOCK ((size_t)64 << 10)

struct protect_args {
    const char *to;
    const char *out;
    bool force;
};

static const struct option_row protect_options[] = {
    OPTION(struct protect_args, to, "to", 't', "RULE", "whom it is for (default: LOCAL=user)"),
    OPTION_OUT(struct protect_args, "where the protected file goes (default: standard output)"),
    OPTION_FORCE(struct protect_args),
    OPTION_END,
};

static const struct option_row unprotect_options[] = {
    OPTION_OUT(struct protect_args, "where the file goes (default: standard output)"),
    OPTION_FORCE(struct protect_args),
    OPTION_END,
};

static enum outcome put(struct view data, void *context)
{
    return outlet_write(context, data);
}

/* The file through the stream; p->outcome tells of output that could not be written. */
static enum outcome pass(struct inlet *in, struct engine_protection *p)
{
    OCTETS block = {0};
    octets_resize(&block, BLOCK);
    for (bool end = false; !end;) {
        size_t n;
        TRY(inlet_read(in, block.p, BLOCK, &n));
        end = n < BLOCK;
        NTSTATUS status = engine_protection_update(p, (struct view){block.p, n}, end);
        TRY(p->outcome);
        if (status == NTE_DECRYPTION_FAILURE)
            return complain(REFUSED, in->path, in->step,
                            "it is protected to somebody else, or was changed (%s)",
                            status_name(status));
        TRY(store_told(in->path, in->step, status));
    }
    return DONE;
}

/* Without a rule: opens. */
static enum outcome run_with(const struct sink *sink, const char *file, const char *step,
                             const char *rule)
{
    INLET in = INLET_CLOSED;
    OUTLET out = OUTLET_CLOSED;
    ENGINE_PROTECTION p = {.put = put, .context = &out};
    TRY(inlet_open(file, step, &in));
    NTSTATUS status = rule != NULL ? engine_protect_open(rule, &p) : engine_unprotect_open(&p);
    if (rule != NULL && (status == NTE_INVALID_PARAMETER || status == NTE_BAD_PROVIDER))
        return complain(BAD_USAGE, NULL, NULL, "--to: this is no rule: %s", rule);
    if (rule != NULL && status == NTE_NOT_SUPPORTED)
        return complain(UNAVAILABLE, NULL, NULL, "nothing can be protected to %s here", rule);
    TRY(store_told(rule, step, status));
    TRY(outlet_open(sink, &out));
    TRY(pass(&in, &p));
    return outlet_commit(&out);
}

static enum outcome run_protect(const struct verb *verb, int argc, char **argv)
{
    struct protect_args args = {.to = "LOCAL=user"};
    struct positional files;
    TRY(options_parse(verb, argc, argv, &args, &files));
    const struct sink sink = {args.out, args.force, false, false};
    if (sink_is_stdout(&sink) && isatty(STDOUT_FILENO))
        return complain(
            BAD_USAGE, NULL, NULL,
            "a protected file is binary and standard output is a terminal; say --out FILE");
    TRY(sink_check(&sink));
    return run_with(&sink, files.count > 0 ? files.items[0] : "-", "protecting", args.to);
}

static enum outcome run_unprotect(const struct verb *verb, int argc, char **argv)
{
    struct protect_args args = {.to = NULL};
    struct positional files;
    TRY(options_parse(verb, argc, argv, &args, &files));
    const struct sink sink = {args.out, args.force, true, true};
    TRY(sink_check(&sink));
    return run_with(&sink, files.count > 0 ? files.items[0] : "-", "opening", NULL);
}

const struct verb verb_protect = {
    .name = "protect",
    .summary = "protects a file to its user, the machine, the session or a certificate",
    .usage = "[--to RULE] [--out FILE] [FILE]",
    .text =
        "A rule is LOCAL=user, LOCAL=machine, LOCAL=logon or CERTIFICATE=CertBlob: and a "
        "certificate in base64,\n"
        "or several of them with AND and OR. No passphrase is needed: `cng unprotect` opens the "
        "file for whom\n"
        "the rule means. docs/data-protection.md says what that rests on.\n",
    .examples = "  cng protect --out token.protected token\n"
                "  cng protect --to \"LOCAL=logon\" < token > token.protected\n",
    .options = protect_options,
    .most = 1,
    .run = run_protect,
};

const struct verb verb_unprotect = {
    .name = "unprotect",
    .summary = "opens a file that `cng protect` made",
    .usage = "[--out FILE] [FILE]",
    .text = "Ends with status 1 when the file is for somebody else or was changed; then no output "
            "file appears.\n"
            "On standard output what came before the damage is there already: look at the status "
            "before using it.\n",
    .examples = "  cng unprotect --out token token.protected\n",
    .options = unprotect_options,
    .most = 1,
    .run = run_unprotect,
};
