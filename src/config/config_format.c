/*
 * The files of the configuration (config_format.h). One for each registered provider:
 *
 *     opencng provider 1
 *     name Example Provider
 *     alias Example                        any number
 *     image /usr/lib/opencng/example.so
 *     interface hash                       any number: a word of the table below, or 0x and digits
 *       flags min-dependencies             may be left out
 *       function SHA512/256                any number
 *
 * and one for each context:
 *
 *     opencng context 1
 *     name Default
 *     flags exclusive                      may be left out
 *     interface hash                       any number
 *       function SHA256                    any number, first the one that comes first
 *         flags exclusive override         may be left out
 *         provider Example Provider        any number, first the one to be asked first
 *         property Name = 01ab             any number; the value's bytes
 *
 * A line belongs to the nearest `interface` or `function` above it. Blanks in front, empty lines and lines that begin with # mean
 * nothing. Everything else that is not drawn here, an unknown word, a second name, a function that is there already, makes the
 * whole file one that is not believed: half of what somebody meant is not what they meant.
 */
#include "config_format.h"

#include <string.h>

#include "config_line.h"

/* ---- words for numbers ---------------------------------------------------------------------- */

struct word {
    const char *word; /* NULL ends the table */
    uint32_t value;
};

static const struct word interface_words[] = {
    {"cipher", BCRYPT_CIPHER_INTERFACE},
    {"hash", BCRYPT_HASH_INTERFACE},
    {"asymmetric-encryption", BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE},
    {"secret-agreement", BCRYPT_SECRET_AGREEMENT_INTERFACE},
    {"signature", BCRYPT_SIGNATURE_INTERFACE},
    {"rng", BCRYPT_RNG_INTERFACE},
    {"key-derivation", BCRYPT_KEY_DERIVATION_INTERFACE},
    {"key-encapsulation", BCRYPT_KEY_ENCAPSULATION_INTERFACE},
    {"key-storage", 0x00010001},
    {"schannel", 0x00010002},
    {"schannel-signature", 0x00010003},
    {"key-protection", 0x00010004},
    {NULL, 0},
};

static const struct word registration_words[] = {
    {"min-dependencies", CRYPT_MIN_DEPENDENCIES},
    {"process-isolate", CRYPT_PROCESS_ISOLATE},
    {NULL, 0},
};

static const struct word context_words[] = {
    {"exclusive", CRYPT_EXCLUSIVE},
    {"override", CRYPT_OVERRIDE},
    {NULL, 0},
};

static bool number_read(const struct word *words, struct span s, uint32_t *out)
{
    for (; words->word != NULL; words++) {
        if (line_is(s, words->word)) {
            *out = words->value;
            return true;
        }
    }
    return line_number(s, out);
}

static void number_put(struct wr *w, const struct word *words, uint32_t v)
{
    while (words->word != NULL && words->value != v)
        words++;
    if (words->word != NULL)
        line_put(w, words->word);
    else
        line_put_number(w, v);
}

/* One word for each bit that has one, and a number for the rest. */
static void flags_put(struct wr *w, const char *indent, const struct word *words, uint32_t flags)
{
    if (flags == 0)
        return;
    line_put(w, indent);
    line_put(w, "flags");
    for (; words->word != NULL; words++) {
        if ((flags & words->value) == 0)
            continue;
        line_put(w, " ");
        line_put(w, words->word);
        flags &= ~words->value;
    }
    if (flags != 0) {
        line_put(w, " ");
        line_put_number(w, flags);
    }
    line_put(w, "\n");
}

/* ---- reading -------------------------------------------------------------------------------- */

/* What the line before opened. */
enum inside {
    IN_PROVIDER = 1,
    IN_INTERFACE = 2, /* of a provider */
    IN_CONTEXT = 4,
    IN_LIST = 8,
    IN_FUNCTION = 16, /* of a context */
};

struct parser {
    struct arena *arena;
    enum inside inside;
    struct config_provider *provider;
    struct config_interface *interface; /* the last one */
    struct config_context *context;
    struct config_list *list;
    struct config_function *function;
    const char *flaw; /* why the line is not good */
};

static NTSTATUS flaw(struct parser *p, const char *what)
{
    p->flaw = what;
    return STATUS_DATA_ERROR;
}

static NTSTATUS name_value(struct parser *p, struct span value, struct name *out)
{
    if (!line_text(value, out->s, CONFIG_NAME_MAX + 1) || out->s[0] == '\0')
        return flaw(p, "this is no name of 1 to 60 bytes");
    return STATUS_SUCCESS;
}

static bool has_name(const struct name *list, size_t count, const struct name *name)
{
    for (size_t i = 0; i < count; i++) {
        if (name_is(name, list[i].s))
            return true;
    }
    return false;
}

/* A list of names with one more, or why it cannot have it. */
static NTSTATUS names_add(struct parser *p, const struct name **list, size_t *count, size_t max,
                          struct span value)
{
    struct name name;
    TRY(name_value(p, value, &name));
    if (*count == max)
        return flaw(p, "there are too many of these");
    if (has_name(*list, *count, &name))
        return flaw(p, "this is there already");
    const struct name *grown = arena_insert(p->arena, *list, count, sizeof name, *count, &name);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    *list = grown;
    return STATUS_SUCCESS;
}

static NTSTATUS flags_value(struct parser *p, const struct word *words, struct span value,
                            uint32_t *flags)
{
    if (*flags != 0)
        return flaw(p, "the flags are there already");
    struct span word;
    while (line_word(&value, &word)) {
        uint32_t bits;
        if (!number_read(words, word, &bits))
            return flaw(p, "there is no such flag");
        *flags |= bits;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS interface_value(struct parser *p, struct span value, uint32_t *id)
{
    return number_read(interface_words, value, id) && *id != 0
               ? STATUS_SUCCESS
               : flaw(p, "there is no such interface");
}

static NTSTATUS read_name(struct parser *p, struct span value)
{
    struct name *name = p->provider != NULL ? &p->provider->name : &p->context->name;
    if (name->s[0] != '\0')
        return flaw(p, "the name is there already");
    return name_value(p, value, name);
}

static NTSTATUS read_alias(struct parser *p, struct span value)
{
    return names_add(p, &p->provider->aliases, &p->provider->alias_count, CONFIG_ALIASES_MAX,
                     value);
}

static NTSTATUS read_image(struct parser *p, struct span value)
{
    if (p->provider->image != NULL)
        return flaw(p, "the image is there already");
    char text[CONFIG_IMAGE_MAX + 1];
    if (!line_text(value, text, sizeof text) || text[0] == '\0')
        return flaw(p, "this is no path");
    p->provider->image = arena_text(p->arena, span_of(text, strlen(text)));
    return p->provider->image == NULL ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

static NTSTATUS read_interface(struct parser *p, struct span value)
{
    struct config_interface fresh = {0};
    TRY(interface_value(p, value, &fresh.id));
    struct config_provider *to = p->provider;
    if (to->interface_count == CONFIG_INTERFACES_MAX)
        return flaw(p, "there are too many of these");
    for (size_t i = 0; i < to->interface_count; i++) {
        if (to->interfaces[i].id == fresh.id)
            return flaw(p, "this is there already");
    }
    struct config_interface *list = arena_insert(p->arena, to->interfaces, &to->interface_count,
                                                 sizeof fresh, to->interface_count, &fresh);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    to->interfaces = list;
    p->interface = &list[to->interface_count - 1];
    p->inside = IN_INTERFACE;
    return STATUS_SUCCESS;
}

static NTSTATUS read_registration_flags(struct parser *p, struct span value)
{
    return flags_value(p, registration_words, value, &p->interface->flags);
}

static NTSTATUS read_algorithm(struct parser *p, struct span value)
{
    return names_add(p, &p->interface->functions, &p->interface->count, CONFIG_FUNCTIONS_MAX,
                     value);
}

static NTSTATUS read_context_flags(struct parser *p, struct span value)
{
    return flags_value(p, context_words, value, &p->context->flags);
}

static NTSTATUS read_list(struct parser *p, struct span value)
{
    struct config_list fresh = {0};
    TRY(interface_value(p, value, &fresh.interface_id));
    struct config_context *to = p->context;
    if (to->list_count == CONFIG_INTERFACES_MAX)
        return flaw(p, "there are too many of these");
    for (size_t i = 0; i < to->list_count; i++) {
        if (to->lists[i].interface_id == fresh.interface_id)
            return flaw(p, "this is there already");
    }
    struct config_list *lists =
        arena_insert(p->arena, to->lists, &to->list_count, sizeof fresh, to->list_count, &fresh);
    if (lists == NULL)
        return STATUS_NO_MEMORY;
    to->lists = lists;
    p->list = &lists[to->list_count - 1];
    p->inside = IN_LIST;
    return STATUS_SUCCESS;
}

static NTSTATUS read_function(struct parser *p, struct span value)
{
    struct config_function fresh = {0};
    TRY(name_value(p, value, &fresh.name));
    struct config_list *to = p->list;
    if (to->count == CONFIG_FUNCTIONS_MAX)
        return flaw(p, "there are too many of these");
    for (size_t i = 0; i < to->count; i++) {
        if (name_is(&fresh.name, to->functions[i].name.s))
            return flaw(p, "this is there already");
    }
    struct config_function *list =
        arena_insert(p->arena, to->functions, &to->count, sizeof fresh, to->count, &fresh);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    to->functions = list;
    p->function = &list[to->count - 1];
    p->inside = IN_FUNCTION;
    return STATUS_SUCCESS;
}

static NTSTATUS read_function_flags(struct parser *p, struct span value)
{
    return flags_value(p, context_words, value, &p->function->flags);
}

static NTSTATUS read_provider(struct parser *p, struct span value)
{
    const struct name *list = p->function->providers;
    TRY(names_add(p, &list, &p->function->provider_count, CONFIG_PROVIDERS_MAX, value));
    p->function->providers = (struct name *)list;
    return STATUS_SUCCESS;
}

/* NAME = BYTES; the name may hold an equals sign, so the last one counts. */
static NTSTATUS read_property(struct parser *p, struct span value)
{
    size_t at = value.n;
    while (at > 0 && value.p[at - 1] != '=')
        at--;
    if (at == 0)
        return flaw(p, "a property is NAME = BYTES");
    struct span bytes = span_of(value.p + at, value.n - at);
    struct span digits;
    if (!line_word(&bytes, &digits) || bytes.n > 0)
        return flaw(p, "a property is NAME = BYTES");
    size_t n = at - 1;
    while (n > 0 && (value.p[n - 1] == ' ' || value.p[n - 1] == '\t'))
        n--;

    struct config_property fresh = {0};
    TRY(name_value(p, span_of(value.p, n), &fresh.name));
    uint8_t octets[CONFIG_VALUE_MAX];
    size_t count = 0;
    if (!line_is(digits, "-") && !line_bytes(digits, octets, sizeof octets, &count))
        return flaw(p, "these are no bytes of a value");
    struct config_function *to = p->function;
    if (to->property_count == CONFIG_PROPERTIES_MAX)
        return flaw(p, "there are too many of these");
    for (size_t i = 0; i < to->property_count; i++) {
        if (name_is(&fresh.name, to->properties[i].name.s))
            return flaw(p, "this is there already");
    }
    char *kept = arena_text(p->arena, span_of(octets, count));
    if (kept == NULL)
        return STATUS_NO_MEMORY;
    fresh.value = span_of(kept, count);
    struct config_property *list = arena_insert(p->arena, to->properties, &to->property_count,
                                                sizeof fresh, to->property_count, &fresh);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    to->properties = list;
    return STATUS_SUCCESS;
}

static const struct {
    const char *word;
    unsigned inside; /* enum inside bits where it may stand */
    NTSTATUS (*read)(struct parser *p, struct span value);
} rows[] = {
    {"name", IN_PROVIDER | IN_CONTEXT, read_name},
    {"alias", IN_PROVIDER, read_alias},
    {"image", IN_PROVIDER, read_image},
    {"interface", IN_PROVIDER | IN_INTERFACE, read_interface},
    {"flags", IN_INTERFACE, read_registration_flags},
    {"function", IN_INTERFACE, read_algorithm},
    {"flags", IN_CONTEXT, read_context_flags},
    {"interface", IN_CONTEXT | IN_LIST | IN_FUNCTION, read_list},
    {"function", IN_LIST | IN_FUNCTION, read_function},
    {"flags", IN_FUNCTION, read_function_flags},
    {"provider", IN_FUNCTION, read_provider},
    {"property", IN_FUNCTION, read_property},
};

static NTSTATUS line_read(struct parser *p, const struct line *line)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if ((rows[i].inside & p->inside) != 0 && line_is(line->word, rows[i].word))
            return rows[i].read(p, line->value);
    }
    return flaw(p, "this word has no meaning here");
}

/* The first line: what kind of file this is, and the version of its form. */
static NTSTATUS head_read(struct parser *p, const struct line *line, const char *kind)
{
    struct span rest = line->value;
    struct span word;
    if (!line_is(line->word, "opencng") || !line_word(&rest, &word) || !line_is(word, kind))
        return flaw(p, "this is no file of the kind that belongs into this folder");
    if (!line_word(&rest, &word) || !line_is(word, "1") || rest.n > 0)
        return flaw(p, "a newer version made this file");
    return STATUS_SUCCESS;
}

static NTSTATUS lines_read(struct parser *p, const char *kind, struct span text, size_t *number)
{
    struct line line;
    bool cut;
    bool first = true;
    while (line_next(&text, number, &line, &cut)) {
        TRY(first ? head_read(p, &line, kind) : line_read(p, &line));
        first = false;
    }
    if (cut)
        return flaw(p, "this line does not end: the file was cut");
    return first ? flaw(p, "this file is empty") : STATUS_SUCCESS;
}

static NTSTATUS text_decode(struct parser *p, const char *kind, struct span text,
                            struct config_flaw *flaw_out)
{
    size_t number = 0;
    NTSTATUS status = lines_read(p, kind, text, &number);
    if (status >= 0) {
        const struct name *name = p->provider != NULL ? &p->provider->name : &p->context->name;
        if (name->s[0] == '\0')
            status = flaw(p, "the name is missing");
        else if (p->provider != NULL && p->provider->image == NULL)
            status = flaw(p, "the image is missing");
    }
    if (status == STATUS_DATA_ERROR)
        *flaw_out = (struct config_flaw){number, p->flaw};
    return status;
}

NTSTATUS provider_decode(struct span text, struct arena *a, struct config_provider *out,
                         struct config_flaw *flaw_out)
{
    struct config_provider provider = {0};
    struct parser p = {.arena = a, .inside = IN_PROVIDER, .provider = &provider};
    TRY(text_decode(&p, "provider", text, flaw_out));
    *out = provider;
    return STATUS_SUCCESS;
}

NTSTATUS context_decode(struct span text, struct arena *a, struct config_context *out,
                        struct config_flaw *flaw_out)
{
    struct config_context context = {0};
    struct parser p = {.arena = a, .inside = IN_CONTEXT, .context = &context};
    TRY(text_decode(&p, "context", text, flaw_out));
    *out = context;
    return STATUS_SUCCESS;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_line(struct wr *w, const char *word, const char *value)
{
    line_put(w, word);
    line_put(w, " ");
    line_put_text(w, value);
    line_put(w, "\n");
}

static void put_interface(struct wr *w, uint32_t id)
{
    line_put(w, "interface ");
    number_put(w, interface_words, id);
    line_put(w, "\n");
}

void provider_encode(struct wr *w, const struct config_provider *p)
{
    line_put(w, "opencng provider 1\n");
    put_line(w, "name", p->name.s);
    for (size_t i = 0; i < p->alias_count; i++)
        put_line(w, "alias", p->aliases[i].s);
    put_line(w, "image", p->image);
    for (size_t i = 0; i < p->interface_count; i++) {
        const struct config_interface *f = &p->interfaces[i];
        put_interface(w, f->id);
        flags_put(w, "  ", registration_words, f->flags);
        for (size_t k = 0; k < f->count; k++)
            put_line(w, "  function", f->functions[k].s);
    }
}

static void function_encode(struct wr *w, const struct config_function *f)
{
    put_line(w, "  function", f->name.s);
    flags_put(w, "    ", context_words, f->flags);
    for (size_t i = 0; i < f->provider_count; i++)
        put_line(w, "    provider", f->providers[i].s);
    for (size_t i = 0; i < f->property_count; i++) {
        line_put(w, "    property ");
        line_put_text(w, f->properties[i].name.s);
        line_put(w, " = ");
        if (f->properties[i].value.n == 0)
            line_put(w, "-");
        line_put_bytes(w, f->properties[i].value);
        line_put(w, "\n");
    }
}

void context_encode(struct wr *w, const struct config_context *c)
{
    line_put(w, "opencng context 1\n");
    put_line(w, "name", c->name.s);
    flags_put(w, "", context_words, c->flags);
    for (size_t i = 0; i < c->list_count; i++) {
        put_interface(w, c->lists[i].interface_id);
        for (size_t k = 0; k < c->lists[i].count; k++)
            function_encode(w, &c->lists[i].functions[k]);
    }
}
