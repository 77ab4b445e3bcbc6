#include "key_write.h"

#include <string.h>
#include <strings.h>

#include "complain.h"
#include "pem.h"

#define STEP_EXPORT "exporting the key"

/* What these two are, the library decides for each algorithm. */
#define GENERIC_PUBLIC "PUBLICBLOB"
#define GENERIC_PRIVATE "PRIVATEBLOB"

static const struct {
    const char *name;
    struct key_format format;
} named_formats[] = {
    {"pem", {.container = KEY_PEM, .is_text = true}},
    {"der", {.container = KEY_DER}},
    {"blob", {.container = KEY_NATURAL}},
    {GENERIC_PUBLIC, {.container = KEY_BLOB, .type = GENERIC_PUBLIC}},
    {GENERIC_PRIVATE, {.container = KEY_BLOB, .type = GENERIC_PRIVATE, .is_private = true}},
};

enum outcome key_format_named(const char *text, struct key_format *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(named_formats); i++) {
        if (strcasecmp(named_formats[i].name, text) == 0) {
            *out = named_formats[i].format;
            return DONE;
        }
    }
    const char *type = layout_type_name(text);
    if (type == NULL)
        return complain(BAD_USAGE, NULL, NULL,
                        "there is no format %s; `cng help convert` lists them", text);
    *out = (struct key_format){
        .container = KEY_BLOB, .type = type, .is_private = layout_type_is_private(type)};
    return DONE;
}

/* ---- fields --------------------------------------------------------------------------------------------------- */

static const struct layout *layout_of_blob(const struct octets *blob, struct fields *out)
{
    bool damaged;
    const struct layout *layout = layout_recognise(view_of(blob), out, &damaged);
    return damaged ? NULL : layout;
}

/* A key made without its seed has no seed blob; that is no error while another blob is there. */
enum outcome key_fields(const struct key *key, bool is_private, struct fields *out)
{
    FIELDS made = {0};
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    bool any = false;
    const char *const *types = key_family(key)->full.of[is_private].types;
    for (; *types != NULL; types++) {
        FIELDS part = {0};
        OCTETS blob = {0};
        status = engine_export(&key->handle, *types, &blob);
        if (status < 0)
            continue;
        if (layout_of_blob(&blob, &part) == NULL)
            return complain(BAD_SYSTEM, key->file, STEP_EXPORT, "the library's %s cannot be read",
                            *types);
        fields_complete(&made, &part);
        any = true;
    }
    if (!any)
        return complain_status(key->file, STEP_EXPORT, status, NULL);
    if (key->curve != NULL)
        fields_set_text(&made, FIELD_CURVE, key->curve);
    fields_done(out);
    *out = made;
    made = (struct fields){0};
    return DONE;
}

/* ---- DER ------------------------------------------------------------------------------------------------------ */

static void remove_field(struct fields *f, enum field_id id)
{
    octets_done(&f->value[id]);
    f->has[id] = false;
}

/* A choice is a field that is left out, so that the codec has no other. */
static const struct choice {
    const char *name;
    enum field_id needed;
    enum field_id removed;
    const char *lacking;
} pq_choices[] =
    {
        {"seed", FIELD_SEED, FIELD_PRIVATE_KEY, "the key has no seed: it was imported without one"},
        {"expanded", FIELD_PRIVATE_KEY, FIELD_SEED, "the key has no expanded form"},
        {"both", FIELD_SEED, FIELD_NONE, "the key has no seed: it was imported without one"},
},
  ec_choices[] = {
      {"named", FIELD_CURVE, FIELD_NONE, "the curve has no name"},
      {"explicit", FIELD_CURVE_P, FIELD_CURVE, "the curve has no parameters in this form"},
};

static enum outcome apply(const struct key *key, const char *option, const char *name,
                          const struct choice *choices, size_t count, struct fields *f)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(choices[i].name, name) != 0)
            continue;
        if (!f->has[choices[i].needed])
            return complain(BAD_INPUT, key->file, STEP_EXPORT, "%s", choices[i].lacking);
        remove_field(f, choices[i].removed);
        return DONE;
    }
    return complain(BAD_USAGE, NULL, NULL, "%s does not take %s", option, name);
}

static enum outcome encode_der(const struct key *key, bool is_private,
                               const struct key_choices *choices, struct octets *out)
{
    FIELDS fields = {0};
    struct why why;
    TRY(key_fields(key, is_private, &fields));
    if (choices->pq_form != NULL && is_private)
        TRY(apply(key, "--pq-form", choices->pq_form, pq_choices, ARRAY_COUNT(pq_choices),
                  &fields));
    if (choices->ec_parameters != NULL)
        TRY(apply(key, "--ec-parameters", choices->ec_parameters, ec_choices,
                  ARRAY_COUNT(ec_choices), &fields));
    OCTETS set = {0};
    octets_set(&set, fields_get(&fields, FIELD_SET));
    if (!der_write(key_family(key)->name, octets_text(&set), is_private, &fields, out, &why))
        return complain(BAD_INPUT, key->file, STEP_EXPORT, "%s", why.text);
    return DONE;
}

/* ---- blobs ---------------------------------------------------------------------------------------------------- */

/* Whether keys of this family have blobs of that type at all. */
static bool family_has(const struct key *key, const char *type)
{
    if (strcmp(type, GENERIC_PUBLIC) == 0 || strcmp(type, GENERIC_PRIVATE) == 0)
        return true;
    for (size_t i = 0; i < layout_count; i++) {
        if (strcmp(layouts[i].type, type) == 0 && layouts[i].algorithm != NULL &&
            algorithm_named(layouts[i].algorithm)->family == key->algorithm->family)
            return true;
    }
    return false;
}

static enum outcome encode_blob(const struct key *key, const char *type, struct octets *out)
{
    if (!family_has(key, type))
        return complain(BAD_INPUT, key->file, STEP_EXPORT, "a key of %s has no %s",
                        key->algorithm->name, type);
    NTSTATUS status = engine_export(&key->handle, type, out);
    if (status >= 0)
        return DONE;
    return complain_status(key->file, type, status, "This key has no blob of that type.");
}

static enum outcome encode_natural(const struct key *key, bool is_private, struct octets *out)
{
    const char *const *types = key_family(key)->natural.of[is_private].types;
    for (; types[1] != NULL; types++) {
        if (engine_export(&key->handle, *types, out) >= 0)
            return DONE;
    }
    return encode_blob(key, *types, out);
}

/* ---- all ------------------------------------------------------------------------------------------------------ */

enum outcome key_encode(const struct key *key, const struct key_format *format, bool is_private,
                        const struct key_choices *choices, struct octets *out)
{
    if (is_private && !key->is_private)
        return complain(BAD_INPUT, key->file, STEP_EXPORT,
                        "this is a public key (%s): there is nothing private in it", key->format);
    if (format->container == KEY_BLOB)
        return encode_blob(key, format->type, out);
    if (format->container == KEY_NATURAL)
        return encode_natural(key, is_private, out);
    OCTETS der = {0};
    TRY(encode_der(key, is_private, choices, &der));
    if (format->container == KEY_PEM)
        pem_write(is_private ? "PRIVATE KEY" : "PUBLIC KEY", view_of(&der), out);
    else
        octets_set(out, view_of(&der));
    return DONE;
}
