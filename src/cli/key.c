#include "key.h"

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "curve_table.h"
#include "file_io.h"

#define STEP_IMPORT "importing the key"

void key_done(struct key *key)
{
    engine_key_done(&key->handle);
    octets_done(&key->bytes);
    fields_done(&key->fields);
}

const struct family *key_family(const struct key *key)
{
    return family_of(key->algorithm, key->curve);
}

/* ---- the algorithm -------------------------------------------------------------------------------------------- */

static enum outcome choose_algorithm(struct key *key, enum use use, const struct key_hints *hints)
{
    bool stated = key->layout != NULL && key->layout->magic != 0;
    key->algorithm =
        stated ? algorithm_named(key->layout->algorithm) : algorithm_of_family(key->family, use);
    if (key->algorithm == NULL)
        return complain(BAD_INPUT, key->file, STEP_IMPORT, "%s is no algorithm of key pairs",
                        key->family);
    if (hints->algorithm == NULL)
        return DONE;
    const struct algorithm *wanted = algorithm_named(hints->algorithm);
    if (wanted == NULL)
        return complain(BAD_USAGE, NULL, NULL,
                        "there is no algorithm %s; `cng algorithms` lists them", hints->algorithm);
    if (key->algorithm->family != wanted->family)
        return complain(BAD_INPUT, key->file, STEP_IMPORT, "this key is one of %s, not of %s",
                        key->algorithm->name, wanted->name);
    key->algorithm = wanted;
    return DONE;
}

static enum outcome check_use(const struct key *key, enum use use)
{
    if ((key->algorithm->uses & use) == use)
        return DONE;
    if (strcmp(key->algorithm->family->name, "EC") == 0 && (use == USE_SIGN || use == USE_AGREE))
        return complain(
            BAD_INPUT, key->file, STEP_IMPORT,
            "an %s key does not %s; `cng convert --algorithm %s` makes one of it that does",
            key->algorithm->name, use_verb(use), use == USE_SIGN ? "ECDSA" : "ECDH");
    return complain(BAD_INPUT, key->file, STEP_IMPORT, "a key of %s does not %s",
                    key->algorithm->name, use_verb(use));
}

/* ---- the curve ------------------------------------------------------------------------------------------------ */

static enum outcome hinted_curve(const struct key_hints *hints, const char **curve)
{
    if (hints->curve == NULL)
        return DONE;
    const struct curve_row *row = curve_named(hints->curve);
    if (row == NULL)
        return complain(BAD_USAGE, NULL, NULL,
                        "there is no curve %s; `cng algorithms --curves` lists them", hints->curve);
    *curve = row->name;
    return DONE;
}

/* What the file says, or the command line. */
static enum outcome choose_curve(struct key *key, const struct key_hints *hints)
{
    TRY(hinted_curve(hints, &key->curve));
    const char *stated = fields_text(&key->fields, FIELD_CURVE);
    if (stated == NULL)
        return DONE;
    const struct curve_row *row = curve_named(stated);
    if (key->curve == NULL && row != NULL)
        key->curve = row->name;
    return DONE;
}

/* ---- the blob ------------------------------------------------------------------------------------------------- */

static bool needs_public_value(const struct fields *f)
{
    return f->has[FIELD_PRIVATE_VALUE] && !f->has[FIELD_PUBLIC_VALUE];
}

/* DSA and DH files have x alone; CNG's blobs have y too. */
static enum outcome complete_public_value(struct key *key)
{
    OCTETS y = {0};
    struct fields *f = &key->fields;
    if (!needs_public_value(f))
        return DONE;
    NTSTATUS status = engine_power(fields_get(f, FIELD_P), fields_get(f, FIELD_G),
                                   fields_get(f, FIELD_PRIVATE_VALUE), &y);
    if (status < 0)
        return complain_status(key->file, "computing the public value", status, NULL);
    fields_set(f, FIELD_PUBLIC_VALUE, view_of(&y));
    return DONE;
}

/* Makes the first blob of the family's list that the fields are enough for. */
static enum outcome make_blob(struct key *key, const char **type, struct octets *blob)
{
    const struct family *family = key_family(key);
    const char *const *types = family->store.of[key->is_private].types;
    TRY(complete_public_value(key));
    if (family->complete != NULL)
        family->complete(&key->fields);
    for (; *types != NULL; types++) {
        *type = *types;
        if (layout_write(*types, key->algorithm->blobs, key->curve, &key->fields, blob))
            return DONE;
    }
    return complain(BAD_INPUT, key->file, STEP_IMPORT,
                    "the values of this %s do not fit into any of CNG's blobs", key->format);
}

/* A blob that the library imports is imported as it is, everything else is rewritten. */
static bool as_it_is(const struct key *key)
{
    const struct layout *layout = key->layout;
    return layout != NULL && !layout->foreign &&
           (layout->magic == 0 || strcmp(layout->algorithm, key->algorithm->blobs) == 0);
}

/* ---- opening -------------------------------------------------------------------------------------------------- */

/* A short blob of a curve does not say which; a point is on one curve of its size only. */
static bool must_search_curve(const struct key *key, const char *type)
{
    bool short_blob = strcmp(type, "ECCPUBLICBLOB") == 0 || strcmp(type, "ECCPRIVATEBLOB") == 0;
    return short_blob && key->curve == NULL;
}

static bool has_point(const struct fields *f)
{
    return view_trim(fields_get(f, FIELD_X)).n > 0;
}

static NTSTATUS search_curve(struct key *key, const char *type, struct view blob)
{
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    for (size_t i = 0; i < curve_row_count; i++) {
        if (curve_bytes(&curve_rows[i]) != key->fields.value[FIELD_X].n)
            continue;
        status = engine_import(key->algorithm->name, curve_rows[i].name, type, blob, &key->handle);
        if (status >= 0) {
            key->curve = curve_rows[i].name;
            return status;
        }
    }
    return status;
}

static enum outcome import(struct key *key, const char *type, struct view blob)
{
    const char *curve = key->algorithm->size == SIZE_CURVE ? key->curve : NULL;
    if (must_search_curve(key, type) && !has_point(&key->fields))
        return complain(BAD_INPUT, key->file, STEP_IMPORT,
                        "this %s does not say which curve the key is on; say --curve NAME", type);
    bool searched = must_search_curve(key, type);
    NTSTATUS status = searched
                          ? search_curve(key, type, blob)
                          : engine_import(key->algorithm->name, curve, type, blob, &key->handle);
    if (status == STATUS_NOT_FOUND)
        return complain(UNAVAILABLE, key->file, STEP_IMPORT,
                        "the library here has no %s (%s); post-quantum algorithms need its own "
                        "libcrypto 3.5",
                        key->algorithm->name, status_name(status));
    if (status >= 0)
        return DONE;
    const char *advice = key_family(key)->rules;
    if (searched)
        advice = "The point is on none of the named curves of its size.";
    else if (advice == NULL)
        advice = "The key is damaged, or its numbers make no valid key.";
    return complain_status(key->file, STEP_IMPORT, status, advice);
}

/* A file with both the seed and the expanded key must not hold two keys. */
static enum outcome check_both_forms(const struct key *key)
{
    FIELDS made = {0};
    if (!key->fields.has[FIELD_SEED] || !key->fields.has[FIELD_PRIVATE_KEY])
        return DONE;
    TRY(key_fields(key, true, &made));
    if (view_equal(fields_get(&made, FIELD_PRIVATE_KEY),
                   fields_get(&key->fields, FIELD_PRIVATE_KEY)))
        return DONE;
    return complain(BAD_INPUT, key->file, STEP_IMPORT,
                    "the seed and the expanded key in this file are two different keys");
}

/* A key of explicit parameters may be on a named curve all the same. */
static void learn_curve(struct key *key)
{
    OCTETS name = {0};
    if (key->curve != NULL || strcmp(key->algorithm->family->name, "EC") != 0)
        return;
    if (engine_get_text(&key->handle, "ECCCurveName", &name) < 0 || name.n == 0)
        return;
    const struct curve_row *row = curve_named(octets_text(&name));
    if (row != NULL)
        key->curve = row->name;
}

enum outcome key_open(struct key *key, enum use use, const struct key_hints *hints)
{
    OCTETS made = {0};
    if (key->damaged)
        return complain(
            BAD_INPUT, key->file, STEP_IMPORT,
            "the file begins like a %s, but its sizes do not add up: it is cut or damaged",
            key->format);
    if (key->family == NULL)
        return complain(BAD_INPUT, key->file, STEP_IMPORT, "a %s is no key pair", key->format);
    TRY(choose_algorithm(key, use, hints));
    TRY(check_use(key, use));
    TRY(choose_curve(key, hints));
    if (as_it_is(key)) {
        TRY(import(key, key->layout->type, view_of(&key->bytes)));
    } else {
        const char *type = "";
        TRY(make_blob(key, &type, &made));
        TRY(import(key, type, view_of(&made)));
    }
    learn_curve(key);
    return check_both_forms(key);
}

enum outcome key_load(const char *file, enum use use, bool need_private,
                      const struct key_hints *hints, struct key *out)
{
    TRY(key_read(file, out));
    TRY(key_open(out, use, hints));
    if (need_private && !out->is_private)
        return complain(BAD_INPUT, file, "using the key",
                        "this is a public key (%s); the private key is needed here", out->format);
    return DONE;
}

void key_adopt(struct key *key, const struct algorithm *algorithm, const char *curve,
               struct engine_key *handle)
{
    key->algorithm = algorithm;
    key->curve = curve;
    key->family = key_family(key)->name;
    key->is_private = true;
    key->handle = *handle;
    handle->handle = NULL;
}
