/* The kinds of values in a key file (store_kind.h). */
#include "store_kind.h"

#include <string.h>

static void u32_encode(struct wr *w, const void *field)
{
    wr_le32(w, *(const uint32_t *)field);
}

static bool u32_decode(struct rd *r, void *field)
{
    *(uint32_t *)field = rd_le32(r);
    return rd_end(r);
}

static bool u32_is_empty(const void *field)
{
    return *(const uint32_t *)field == 0;
}

const struct kind kind_u32 = {u32_encode, u32_decode, u32_is_empty};

static void u64_encode(struct wr *w, const void *field)
{
    uint64_t v = *(const uint64_t *)field;
    wr_le32(w, (uint32_t)v);
    wr_le32(w, (uint32_t)(v >> 32));
}

static bool u64_decode(struct rd *r, void *field)
{
    uint64_t low = rd_le32(r);
    *(uint64_t *)field = low | (uint64_t)rd_le32(r) << 32;
    return rd_end(r);
}

static bool u64_is_empty(const void *field)
{
    return *(const uint64_t *)field == 0;
}

const struct kind kind_u64 = {u64_encode, u64_decode, u64_is_empty};

static void scope_encode(struct wr *w, const void *field)
{
    wr_u8(w, (uint8_t) * (const enum store_scope *)field);
}

static bool scope_decode(struct rd *r, void *field)
{
    uint8_t v = rd_u8(r);
    *(enum store_scope *)field = (enum store_scope)v;
    return rd_end(r) && (v == STORE_USER || v == STORE_MACHINE);
}

const struct kind kind_scope = {scope_encode, scope_decode, NULL};

static void text_encode(struct wr *w, const void *field)
{
    wr_span(w, *(const struct span *)field);
}

static bool long_text_decode(struct rd *r, void *field)
{
    struct span s = rd_span(r, r->n);
    *(struct span *)field = s;
    return s.n > 0 && s.n <= STORE_NAME_MAX && text_is_utf8(s);
}

static bool text_decode(struct rd *r, void *field)
{
    return long_text_decode(r, field) && ((struct span *)field)->n <= STORE_TEXT_MAX;
}

static bool text_is_empty(const void *field)
{
    return ((const struct span *)field)->n == 0;
}

const struct kind kind_name = {text_encode, long_text_decode, text_is_empty};
const struct kind kind_text = {text_encode, text_decode, text_is_empty};

static void id_encode(struct wr *w, const void *field)
{
    wr_bytes(w, field, STORE_UUID_BYTES);
}

static bool id_decode(struct rd *r, void *field)
{
    struct span s = rd_span(r, STORE_UUID_BYTES);
    if (!rd_end(r))
        return false;
    memcpy(field, s.p, s.n);
    return true;
}

const struct kind kind_id = {id_encode, id_decode, NULL};

static void salt_encode(struct wr *w, const void *field)
{
    wr_bytes(w, field, STORE_SALT_BYTES);
}

static bool salt_decode(struct rd *r, void *field)
{
    struct span s = rd_span(r, STORE_SALT_BYTES);
    if (!rd_end(r))
        return false;
    memcpy(field, s.p, s.n);
    return true;
}

const struct kind kind_salt = {salt_encode, salt_decode, NULL};

/* {type bytes u8, type, blob}: public_type and public_blob, which are neighbours in the record. */
struct typed {
    struct span type, blob;
};

_Static_assert(offsetof(struct store_record, public_blob) ==
                   offsetof(struct store_record, public_type) + offsetof(struct typed, blob),
               "public_type and public_blob are neighbours");

static void typed_encode(struct wr *w, const void *field)
{
    const struct typed *t = field;
    wr_u8(w, (uint8_t)t->type.n);
    wr_span(w, t->type);
    wr_span(w, t->blob);
}

static bool typed_decode(struct rd *r, void *field)
{
    struct typed *t = field;
    t->type = rd_span(r, rd_u8(r));
    t->blob = rd_span(r, r->n);
    return rd_end(r) && t->type.n > 0 && text_is_utf8(t->type);
}

static bool typed_is_empty(const void *field)
{
    return ((const struct typed *)field)->type.n == 0;
}

const struct kind kind_typed = {typed_encode, typed_decode, typed_is_empty};

static void ui_encode(struct wr *w, const void *field)
{
    const struct store_ui *ui = field;
    wr_le32(w, ui->flags);
    const struct span texts[] = {ui->title, ui->friendly_name, ui->description};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        wr_le16(w, (uint16_t)texts[i].n);
        wr_span(w, texts[i]);
    }
}

static bool ui_is_empty(const void *field)
{
    const struct store_ui *ui = field;
    return ui->flags == 0 && ui->title.n == 0 && ui->friendly_name.n == 0 && ui->description.n == 0;
}

static bool ui_decode(struct rd *r, void *field)
{
    struct store_ui *ui = field;
    ui->flags = rd_le32(r);
    ui->title = rd_span(r, rd_le16(r));
    ui->friendly_name = rd_span(r, rd_le16(r));
    ui->description = rd_span(r, rd_le16(r));
    return rd_end(r) && text_is_utf8(ui->title) && text_is_utf8(ui->friendly_name) &&
           text_is_utf8(ui->description) && !ui_is_empty(ui);
}

const struct kind kind_ui = {ui_encode, ui_decode, ui_is_empty};
