/*
 * Which format a file has: PEM by its label, a blob by its magic, DER by its shape.
 */
#include "key.h"

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "file_io.h"
#include "pem.h"

#define STEP_READ "reading the key"

static void set_format(struct key *key, const char *format, const char *container)
{
    snprintf(key->format, sizeof key->format, container != NULL ? "%s (%s)" : "%s", format,
             container);
}

static enum outcome complain_der(const struct key *key, enum der_result result,
                                 const struct why *why)
{
    if (result == DER_WRONG)
        return complain(why->unavailable ? UNAVAILABLE : BAD_INPUT, key->file, STEP_READ, "%s",
                        why->text);
    return complain(BAD_INPUT, key->file, STEP_READ,
                    "the DER is no key: neither PKCS #8, SubjectPublicKeyInfo, PKCS #1 nor SEC 1");
}

static enum outcome take_der(struct key *key, struct view der, const char *label,
                             const char *container)
{
    struct der_key found;
    struct why why;
    enum der_result result = der_read(der, label, &key->fields, &found, &why);
    if (result != DER_READ)
        return complain_der(key, result, &why);
    key->family = found.row->family;
    key->is_private = found.is_private;
    set_format(key, found.form, container);
    return DONE;
}

/* The first block that is a key; parameters may stand in front of it. */
static enum outcome read_pem(struct key *key)
{
    char label[PEM_LABEL_MOST];
    OCTETS der = {0};
    size_t at = 0;
    bool damaged = false;
    if (pem_is_encrypted(view_of(&key->bytes)))
        return complain(BAD_INPUT, key->file, STEP_READ, "%s", WHY_ENCRYPTED);
    while (pem_next(view_of(&key->bytes), &at, label, &der, &damaged)) {
        if (der_knows_label(label))
            return take_der(key, view_of(&der), label, "PEM");
    }
    if (damaged)
        return complain(BAD_INPUT, key->file, STEP_READ, "the PEM block is cut or damaged");
    return complain(BAD_INPUT, key->file, STEP_READ, "the PEM file holds no key (last block: %s)",
                    label);
}

static bool read_blob(struct key *key)
{
    key->layout = layout_recognise(view_of(&key->bytes), &key->fields, &key->damaged);
    if (key->layout == NULL)
        return false;
    set_format(key, key->layout->type, NULL);
    key->is_private = key->layout->is_private;
    if (key->layout->algorithm != NULL)
        key->family = algorithm_named(key->layout->algorithm)->family->name;
    return true;
}

static bool looks_like_der(struct view bytes)
{
    return bytes.n > 2 && bytes.p[0] == 0x30;
}

enum outcome key_read(const char *file, struct key *out)
{
    out->file = file;
    TRY(file_read(file, STEP_READ, KEY_FILE_MOST, &out->bytes));
    return key_recognise(out);
}

enum outcome key_recognise(struct key *out)
{
    const char *file = out->file;
    struct view bytes = view_of(&out->bytes);
    if (bytes.n == 0)
        return complain(BAD_INPUT, file, STEP_READ, "the file is empty");
    if (pem_looks_like(bytes))
        return read_pem(out);
    if (read_blob(out))
        return DONE;
    if (looks_like_der(bytes))
        return take_der(out, bytes, NULL, "DER");
    return complain(
        BAD_INPUT, file, STEP_READ,
        "the file is none of the formats known here: PEM, DER, and the key blobs of Windows");
}

/* ---- names for people ----------------------------------------------------------------------------------------- */

/* The number whose size is the key's. */
static const enum field_id sizes[] = {FIELD_MODULUS, FIELD_P, FIELD_CURVE_P};

/* A blob states its algorithm, DER only the family. */
static const char *name_of(const struct key *key)
{
    if (key->layout != NULL && key->algorithm != NULL)
        return key->algorithm->name;
    return key->family != NULL ? key->family : key->format;
}

void key_title(struct key *key, struct octets *out)
{
    char text[64];
    octets_append_text(out, name_of(key));
    const char *standard = fields_text(&key->fields, FIELD_SET);
    const char *curve = key->curve != NULL ? key->curve : fields_text(&key->fields, FIELD_CURVE);
    if (standard == NULL && strcmp(name_of(key), "X25519") != 0)
        standard = curve;
    if (standard != NULL) {
        snprintf(text, sizeof text, " %s", standard);
        octets_append_text(out, text);
        return;
    }
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        if (!key->fields.has[sizes[i]])
            continue;
        snprintf(text, sizeof text, " %zu", view_bits(fields_get(&key->fields, sizes[i])));
        octets_append_text(out, text);
        return;
    }
}
