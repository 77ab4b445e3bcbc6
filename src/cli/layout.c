#include "layout.h"

#include <string.h>
#include <strings.h>

#include "curve_table.h"

/* Nothing in a blob is longer. */
#define SIZE_MOST ((size_t)1 << 20)

/* Where the parts begin. */
static size_t parts_at(const struct layout *layout)
{
    return layout->magic != 0 ? layout->magic_at + 4u : 0;
}

static uint32_t le32_at(struct view v, size_t at)
{
    return (uint32_t)v.p[at] | (uint32_t)v.p[at + 1] << 8 | (uint32_t)v.p[at + 2] << 16 |
           (uint32_t)v.p[at + 3] << 24;
}

static bool is_int(const struct part *part)
{
    return part->kind <= PART_BITLENGTH;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static bool has_magic(const struct layout *layout, struct view blob)
{
    if (blob.n < parts_at(layout))
        return false;
    if (layout->magic != 0 && le32_at(blob, layout->magic_at) != layout->magic)
        return false;
    if (layout->capi.type == 0)
        return true;
    uint32_t alg = le32_at(blob, 4);
    return blob.p[0] == layout->capi.type && blob.p[1] == layout->capi.version && alg != 0 &&
           (alg == layout->capi.algs[0] || alg == layout->capi.algs[1]);
}

/* Takes n bytes off the front; false: there are fewer. */
static bool take(struct view *rest, size_t n, struct view *out)
{
    if (rest->n < n)
        return false;
    *out = (struct view){rest->p, n};
    *rest = (struct view){rest->p + n, rest->n - n};
    return true;
}

static bool read_int(const struct part *part, struct view *rest, size_t *sizes, struct fields *out)
{
    struct view bytes;
    if (!take(rest, 4, &bytes))
        return false;
    uint32_t value = le32_at(bytes, 0);
    if (part->kind == PART_VERSION)
        return value == part->size;
    if (part->kind == PART_INT || (part->kind == PART_LENGTH && part->field != FIELD_NONE))
        fields_set_int(out, part->field, value);
    if (part->slot != 0)
        sizes[part->slot] = part->kind == PART_BITLENGTH ? value / 8 + (value % 8 != 0) : value;
    return part->slot == 0 || sizes[part->slot] <= SIZE_MOST;
}

/* UTF-16 with its NUL, ASCII only. */
static bool read_text(struct view bytes, struct octets *out)
{
    if (bytes.n < 2 || bytes.n % 2 != 0 || bytes.p[bytes.n - 2] != 0 || bytes.p[bytes.n - 1] != 0)
        return false;
    for (size_t i = 0; i + 2 < bytes.n; i += 2) {
        if (bytes.p[i] < 0x20 || bytes.p[i] > 0x7E || bytes.p[i + 1] != 0)
            return false;
        octets_append(out, (struct view){bytes.p + i, 1});
    }
    return true;
}

static size_t bytes_of(const struct part *part, const size_t *sizes)
{
    size_t n = part->slot != 0 ? sizes[part->slot] : part->size;
    return part->kind == PART_HALF ? (n + 1) / 2 : n;
}

static bool read_value(const struct part *part, struct view *rest, const size_t *sizes,
                       struct fields *out)
{
    struct view bytes;
    if (!take(rest, bytes_of(part, sizes), &bytes))
        return false;
    OCTETS value = {0};
    if (part->kind != PART_TEXT)
        octets_set(&value, bytes);
    else if (!read_text(bytes, &value))
        return false;
    if (part->kind == PART_REVERSED || part->kind == PART_HALF)
        octets_reverse(&value);
    /* An empty j or seed is one that the blob does not have. */
    if (value.n > 0)
        fields_set(out, part->field, view_of(&value));
    return true;
}

static bool read_parts(const struct layout *layout, struct view blob, struct fields *out)
{
    size_t sizes[LAYOUT_SLOTS] = {0};
    struct view rest = {blob.p + parts_at(layout), blob.n - parts_at(layout)};
    for (const struct part *part = layout->parts; part->kind != PART_END; part++) {
        if (!(is_int(part) ? read_int(part, &rest, sizes, out)
                           : read_value(part, &rest, sizes, out)))
            return false;
    }
    return rest.n == 0 || layout->trailing;
}

/* A blob without magic could be anything: it must name a curve and have its size. */
static bool fits_tls_curve(struct fields *f)
{
    const struct curve_row *curve = curve_of_tls(fields_int(f, FIELD_TLS_CURVE));
    if (curve == NULL || f->value[FIELD_X].n != curve_bytes(curve))
        return false;
    fields_set_text(f, FIELD_CURVE, curve->name);
    return true;
}

enum layout_fit layout_read(const struct layout *layout, struct view blob, struct fields *out)
{
    if (!has_magic(layout, blob))
        return LAYOUT_OTHER;
    FIELDS made = {0};
    if (!read_parts(layout, blob, &made))
        return layout->magic != 0 ? LAYOUT_DAMAGED : LAYOUT_OTHER;
    if (layout->magic_at == 4 && le32_at(blob, 0) != blob.n)
        return LAYOUT_DAMAGED;
    if (layout->magic == 0 && !fits_tls_curve(&made))
        return LAYOUT_OTHER;
    if (layout->curve != NULL)
        fields_set_text(&made, FIELD_CURVE, layout->curve);
    fields_done(out);
    *out = made;
    made = (struct fields){0};
    return LAYOUT_FITS;
}

const struct layout *layout_recognise(struct view blob, struct fields *out, bool *damaged)
{
    const struct layout *near = NULL;
    *damaged = false;
    for (size_t i = 0; i < layout_count; i++) {
        enum layout_fit fit = layout_read(&layouts[i], blob, out);
        if (fit == LAYOUT_FITS)
            return &layouts[i];
        if (fit == LAYOUT_DAMAGED && near == NULL)
            near = &layouts[i];
    }
    *damaged = near != NULL;
    return near;
}

/* ---- writing ------------------------------------------------------------------------------------------------- *
 * CryptoAPI's blobs are only read: what is little-endian, or counted in bits, is written nowhere. */

/* Bytes that a value takes before it is padded. */
static size_t natural_bytes(const struct part *part, const struct fields *in)
{
    struct view value = fields_get(in, part->field);
    bool exact = part->kind == PART_BYTES || part->kind == PART_OPTIONAL;
    size_t n = exact ? value.n : view_trim(value).n;
    return part->kind == PART_TEXT ? 2 * (value.n + 1) : n;
}

/* The width of a slot: what the field that decides it says, else the widest of its values. */
static size_t slot_bytes(const struct layout *layout, const struct part *length,
                         const struct fields *in)
{
    if (length->field != FIELD_NONE && in->has[length->field])
        return fields_int(in, length->field);
    size_t most = 0;
    for (const struct part *part = layout->parts; part->kind != PART_END; part++) {
        size_t n = is_int(part) || part->slot != length->slot ? 0 : natural_bytes(part, in);
        most = n > most ? n : most;
    }
    return most;
}

static void append_le32(struct octets *out, size_t value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                             (uint8_t)(value >> 24)};
    octets_append(out, (struct view){bytes, sizeof bytes});
}

static bool write_int(const struct layout *layout, const struct part *part, size_t *sizes,
                      const struct fields *in, struct octets *out)
{
    size_t value = part->size;
    if (part->kind == PART_INT) {
        if (!in->has[part->field])
            return false;
        value = fields_int(in, part->field);
    }
    if (part->kind == PART_BITS)
        value = view_bits(fields_get(in, part->field));
    if (part->slot != 0) {
        sizes[part->slot] = slot_bytes(layout, part, in);
        value = sizes[part->slot];
    }
    append_le32(out, value);
    return true;
}

static void append_text(struct octets *out, struct view text)
{
    for (size_t i = 0; i <= text.n; i++) {
        const uint8_t unit[] = {i < text.n ? text.p[i] : 0, 0};
        octets_append(out, (struct view){unit, sizeof unit});
    }
}

static bool write_value(const struct part *part, const size_t *sizes, const struct fields *in,
                        struct octets *out)
{
    struct view value = fields_get(in, part->field);
    size_t width = bytes_of(part, sizes);
    if (part->kind == PART_TEXT) {
        append_text(out, value);
        return in->has[part->field];
    }
    if (part->kind == PART_BYTES || part->kind == PART_OPTIONAL) {
        octets_append(out, value);
        return value.n == width && (in->has[part->field] || part->kind == PART_OPTIONAL);
    }
    /* An empty slot is for a value that is not there; otherwise it has to be. */
    OCTETS number = {0};
    if ((width > 0 && !in->has[part->field]) || !octets_set_number(&number, value, width))
        return false;
    octets_append(out, view_of(&number));
    return true;
}

static bool write_layout(const struct layout *layout, const struct fields *in, struct octets *out)
{
    OCTETS made = {0};
    size_t sizes[LAYOUT_SLOTS] = {0};
    append_le32(&made, layout->magic);
    for (const struct part *part = layout->parts; part->kind != PART_END; part++) {
        if (!(is_int(part) ? write_int(layout, part, sizes, in, &made)
                           : write_value(part, sizes, in, &made)))
            return false;
    }
    octets_set(out, view_of(&made));
    return true;
}

bool layout_write(const char *type, const char *algorithm, const char *curve,
                  const struct fields *in, struct octets *out)
{
    for (size_t i = 0; i < layout_count; i++) {
        const struct layout *row = &layouts[i];
        bool fits = strcmp(row->type, type) == 0 && row->algorithm != NULL &&
                    strcmp(row->algorithm, algorithm) == 0 && row->magic != 0 && row->magic_at == 0;
        if (row->curve != NULL && (curve == NULL || strcmp(row->curve, curve) != 0))
            fits = false;
        if (fits && write_layout(row, in, out))
            return true;
    }
    return false;
}

/* ---- types --------------------------------------------------------------------------------------------------- */

const char *layout_type_name(const char *text)
{
    for (size_t i = 0; i < layout_count; i++) {
        if (layouts[i].algorithm != NULL && strcasecmp(layouts[i].type, text) == 0)
            return layouts[i].type;
    }
    return NULL;
}

bool layout_type_is_private(const char *type)
{
    for (size_t i = 0; i < layout_count; i++) {
        if (strcmp(layouts[i].type, type) == 0)
            return layouts[i].is_private;
    }
    return false;
}
