/* `cng providers register` and `unregister`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_args.h"
#include "render.h"

struct register_args {
    const char *image;
    struct option_list offers; /* --interface and --function, as they stand */
    struct option_list aliases;
    bool force, no_probe, json;
};

static const struct option_row register_options[] = {
    OPTION(struct register_args, image, "image", 0, "FILE",
           "the shared object; a name without a slash: in the folder of providers"),
    OPTION(struct register_args, offers, "interface", 0, "WORD",
           "for the functions that follow: hash, cipher, signature, key-storage, ..."),
    OPTION(struct register_args, offers, "function", 0, "NAME",
           "an algorithm on that interface; may be given many times"),
    OPTION(struct register_args, aliases, "alias", 0, "NAME",
           "another name; may be given many times"),
    OPTION(struct register_args, force, "force", 0, NULL, "replace a registration of that name"),
    OPTION(struct register_args, no_probe, "no-probe", 0, NULL, "do not load the image to try it"),
    OPTION_JSON(struct register_args),
    OPTION_END,
};

/* A key store has one function, which need not be said. */
#define KEY_STORAGE 0x00010001

static enum outcome read_offers(const struct verb *verb, const struct register_args *args,
                                struct engine_offer *out, size_t *count)
{
    uint32_t interface_id = 0;
    bool used = true;
    *count = 0;
    for (size_t i = 0; i < args->offers.count; i++) {
        const struct option_item *item = &args->offers.items[i];
        if (strcmp(item->option, "interface") != 0) {
            if (interface_id == 0)
                return complain_missing(verb, "--interface before --function");
            out[(*count)++] = (struct engine_offer){interface_id, item->text};
            used = true;
            continue;
        }
        if (!used)
            return complain_missing(verb, "--function for each --interface");
        TRY(config_interface(item->text, &interface_id));
        used = interface_id == KEY_STORAGE;
        if (used)
            out[(*count)++] = (struct engine_offer){interface_id, "KEY_STORAGE"};
    }
    if (*count == 0 || !used)
        return complain_missing(verb, "--interface and --function");
    return DONE;
}

/* A relative path becomes absolute, and one through links what it leads to; the library follows none. */
static enum outcome read_image(const char *given, struct octets *out)
{
    if (strchr(given, '/') == NULL) {
        octets_set(out, view_of_text(given));
        return DONE;
    }
    char *real = realpath(given, NULL);
    if (real == NULL)
        return complain_errno(BAD_INPUT, given, "finding the image", errno);
    octets_set(out, view_of_text(real));
    free(real);
    return DONE;
}

/* Whether the libraries would load it, and it is what it says. */
static enum outcome try_image(const struct engine_registration *r)
{
    OCTETS path = {0};
    OCTETS problem = {0};
    NTSTATUS status = engine_image_find(r->image, &path);
    if (status == STATUS_ACCESS_DENIED)
        return complain(REFUSED, r->image, "trying the provider",
                        "others may change this file or a folder above it, so nobody would load "
                        "it. Both must belong to root or to you, and be writable by nobody else");
    if (status == STATUS_NOT_FOUND)
        return complain(BAD_INPUT, r->image, "trying the provider", "there is no such file");
    TRY(config_told(r->image, "trying the provider", status));
    enum outcome outcome = engine_probe(octets_text(&path), r, &problem);
    if (outcome == DONE || problem.n == 0)
        return outcome;
    return complain(outcome, octets_text(&path), "trying the provider",
                    "%s. It was not registered; --no-probe registers without trying",
                    octets_text(&problem));
}

static enum outcome run_register(const struct verb *verb, int argc, char **argv)
{
    struct register_args args = {0};
    struct positional names;
    struct engine_offer offers[OPTION_LIST_MOST];
    const char *aliases[OPTION_LIST_MOST];
    OCTETS image = {0};
    TRY(options_parse(verb, argc, argv, &args, &names));
    if (args.image == NULL)
        return complain_missing(verb, "--image");
    struct engine_registration r = {
        .name = names.items[0], .aliases = aliases, .offers = offers, .overwrite = args.force};
    TRY(read_offers(verb, &args, offers, &r.offer_count));
    for (; r.alias_count < args.aliases.count; r.alias_count++)
        aliases[r.alias_count] = args.aliases.items[r.alias_count].text;
    TRY(read_image(args.image, &image));
    r.image = octets_text(&image);
    if (!args.no_probe)
        TRY(try_image(&r));
    TRY(config_told(r.name, "registering the provider", engine_register(&r)));
    if (args.json) {
        REPORT *report = report_new();
        report_text(report, "registered", r.name);
        report_text(report, "image", r.image);
        report_flag(report, "tried", !args.no_probe);
        render_json(report);
    }
    return DONE;
}

const struct verb providers_register = {
    .name = "providers register",
    .summary = "registers a provider, after trying it",
    .usage = "NAME --image FILE --interface WORD --function NAME... [--alias NAME]",
    .text =
        "Loads the image in a process of its own first, and asks it for each function: one that\n"
        "crashes, hangs or does not know a function is not registered. --no-probe leaves that\n"
        "out. Functions belong to the last --interface before them; key-storage has no others.\n"
        "Who may change the image, or a folder above it, runs code in every program that opens\n"
        "the provider: only root's and one's own are loaded.\n",
    .examples = "  cng providers register Example --image /usr/lib/opencng/example.so \\\n"
                "      --interface hash --function SHA512/256 --interface signature --function "
                "Ed25519\n",
    .options = register_options,
    .least = 1,
    .most = 1,
    .run = run_register,
};

/* ---- unregister ------------------------------------------------------------------------------------------------- */

struct unregister_args {
    bool json;
};

static const struct option_row unregister_options[] = {
    OPTION_JSON(struct unregister_args),
    OPTION_END,
};

static enum outcome run_unregister(const struct verb *verb, int argc, char **argv)
{
    struct unregister_args args = {0};
    struct positional names;
    TRY(options_parse(verb, argc, argv, &args, &names));
    TRY(config_told(names.items[0], "unregistering the provider",
                    engine_unregister(names.items[0])));
    if (args.json) {
        REPORT *report = report_new();
        report_text(report, "unregistered", names.items[0]);
        render_json(report);
    }
    return DONE;
}

const struct verb providers_unregister = {
    .name = "providers unregister",
    .summary = "removes a registration",
    .usage = "NAME",
    .text = "Contexts that list the provider pass over it from then on.\n",
    .examples = "  cng providers unregister Example\n",
    .options = unregister_options,
    .least = 1,
    .most = 1,
    .run = run_unregister,
};
