/* The codec of key files (store_container.h). One row for each entry says where it lives in the record. */
#include "store_container.h"

#include <stdlib.h>
#include <string.h>

#include "store_explain.h"
#include "store_kind.h"

static const uint8_t magic[8] = {'O', 'C', 'N', 'G', 'K', 'E', 'Y', 0x1A};

#define VERSION 1
#define CRITICAL 0x8000u
#define ENTRY_HEAD_BYTES 6

/* --- entries ---------------------------------------------------------------------------------------- */

struct entry {
    uint16_t tag;
    bool optional; /* left out when it is empty */
    const struct kind *kind;
    size_t at; /* offset in struct container */
};

#define AT(field) offsetof(struct container, field)

static const struct entry entries[] = {
    {1 | CRITICAL, false, &kind_name, AT(record.name)},
    {2 | CRITICAL, false, &kind_u32, AT(record.spec)},
    {3 | CRITICAL, false, &kind_scope, AT(record.scope)},
    {4 | CRITICAL, false, &kind_text, AT(record.algorithm)},
    {5 | CRITICAL, true, &kind_u32, AT(record.length)},
    {6, true, &kind_u64, AT(record.modified)},
#define SUMMARY_LAST 6
    {7, true, &kind_u64, AT(record.created)},
    {8 | CRITICAL, false, &kind_id, AT(record.uuid)},
    {9 | CRITICAL, false, &kind_id, AT(record.kek_id)},
    {10 | CRITICAL, false, &kind_salt, AT(salt)},
    {11 | CRITICAL, false, &kind_u32, AT(record.usage)},
    {12 | CRITICAL, false, &kind_u32, AT(record.export_policy)},
    {13 | CRITICAL, true, &kind_u32, AT(record.type_flags)},
    {14 | CRITICAL, true, &kind_text, AT(record.curve)},
    {15 | CRITICAL, true, &kind_typed, AT(record.public_type)},
    {16 | CRITICAL, true, &kind_ui, AT(record.ui)},
    {17, true, &kind_text, AT(record.creator)},
};

/* {name bytes u16, name, value}, once for each property. */
#define PROPERTY_TAG 0x100u

static unsigned number_of(uint16_t tag)
{
    return tag & ~CRITICAL;
}

static void wr_entry(struct wr *w, const struct entry *e, const struct container *c)
{
    const void *field = (const uint8_t *)c + e->at;
    if (e->optional && e->kind->is_empty(field))
        return;
    struct wr count = wr_count();
    e->kind->encode(&count, field);
    wr_le16(w, e->tag);
    wr_le32(w, (uint32_t)count.n);
    e->kind->encode(w, field);
}

static void wr_property(struct wr *w, const struct store_property *p)
{
    wr_le16(w, PROPERTY_TAG);
    wr_le32(w, (uint32_t)(2 + p->name.n + p->value.n));
    wr_le16(w, (uint16_t)p->name.n);
    wr_span(w, p->name);
    wr_span(w, p->value);
}

static uint16_t tag_of(struct span raw)
{
    struct rd r = rd_of(raw);
    return rd_le16(&r);
}

/* Writes the kept entries whose number is below `limit`, from index i on; returns the next index. */
static size_t wr_unknown(struct wr *w, const struct container *c, size_t i, unsigned limit)
{
    for (; i < c->unknown_count && number_of(tag_of(c->unknown[i])) < limit; i++)
        wr_span(w, c->unknown[i]);
    return i;
}

static void header_encode(struct wr *w, const struct container *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < ARRAY_COUNT(entries); i++) {
        kept = wr_unknown(w, c, kept, number_of(entries[i].tag));
        wr_entry(w, &entries[i], c);
    }
    kept = wr_unknown(w, c, kept, PROPERTY_TAG);
    for (size_t i = 0; i < c->record.property_count; i++)
        wr_property(w, &c->record.properties[i]);
    (void)wr_unknown(w, c, kept, CRITICAL);
}

void container_encode(const struct container *c, size_t payload_bytes, struct wr *w)
{
    struct wr count = wr_count();
    header_encode(&count, c);
    wr_bytes(w, magic, sizeof magic);
    wr_le32(w, VERSION);
    wr_le32(w, (uint32_t)count.n);
    wr_le32(w, (uint32_t)payload_bytes);
    header_encode(w, c);
}

/* --- decoding --------------------------------------------------------------------------------------- */

struct head {
    size_t header_bytes, payload_bytes;
};

static SECURITY_STATUS fixed_decode(struct rd *r, struct head *out)
{
    struct span found = rd_span(r, sizeof magic);
    uint32_t version = rd_le32(r);
    *out = (struct head){.header_bytes = rd_le32(r)};
    out->payload_bytes = rd_le32(r);
    if (!rd_ok(r) || num_bits(num_be(found.p, found.n)) == 0 ||
        !num_equal_public(num_be(found.p, found.n), num_be(magic, sizeof magic)))
        return NTE_BAD_DATA;
    if (version != VERSION)
        return NTE_BAD_VER;
    if (out->header_bytes > STORE_FILE_MAX || out->payload_bytes > STORE_FILE_MAX)
        return NTE_BAD_DATA;
    return STATUS_SUCCESS;
}

static uint64_t file_bytes_of(const struct head *h)
{
    return (uint64_t)CONTAINER_FIXED_BYTES + h->header_bytes + STORE_NONCE_BYTES +
           h->payload_bytes + STORE_TAG_BYTES;
}

struct raw {
    uint16_t tag;
    struct span value, all;
};

static bool rd_raw(struct rd *r, struct raw *out)
{
    const uint8_t *start = r->p;
    out->tag = rd_le16(r);
    out->value = rd_span(r, rd_le32(r));
    out->all = span_of(start, ENTRY_HEAD_BYTES + out->value.n);
    return rd_ok(r);
}

static SECURITY_STATUS property_decode(struct span value, struct container *c,
                                       struct store_property *list)
{
    struct rd r = rd_of(value);
    struct store_property *p = &list[c->record.property_count];
    /* properties come up to a number that none has where the list is NULL */
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    p->name = rd_span(&r, rd_le16(&r));
    p->value = rd_span(&r, r.n);
    if (!rd_end(&r) || p->name.n == 0 || p->name.n > STORE_PROPERTY_NAME_MAX ||
        !text_is_utf8(p->name))
        return NTE_BAD_DATA;
    if (c->record.property_count > 0 && property_order(p - 1, p) >= 0)
        return NTE_BAD_DATA;
    c->record.property_count++;
    return STATUS_SUCCESS;
}

/* The row of a tag's number, looking from row *i on. Required rows that are passed over are missing. */
static SECURITY_STATUS row_find(unsigned number, size_t *i, const struct entry **out)
{
    *out = NULL;
    for (; *i < ARRAY_COUNT(entries) && number_of(entries[*i].tag) <= number; ++*i) {
        if (number_of(entries[*i].tag) == number) {
            *out = &entries[(*i)++];
            return STATUS_SUCCESS;
        }
        if (!entries[*i].optional)
            return NTE_BAD_DATA;
    }
    return STATUS_SUCCESS;
}

static SECURITY_STATUS entry_decode(const struct entry *e, const struct raw *raw,
                                    struct container *c)
{
    void *field = (uint8_t *)c + e->at;
    struct rd r = rd_of(raw->value);
    if (raw->tag != e->tag || !e->kind->decode(&r, field))
        return NTE_BAD_DATA;
    return e->optional && e->kind->is_empty(field) ? NTE_BAD_DATA : STATUS_SUCCESS;
}

/* Reads entries up to number `last`. `properties` has room for all that there are. */
static SECURITY_STATUS header_decode(struct rd *r, unsigned last, struct container *c,
                                     struct store_property *properties)
{
    size_t row = 0;
    unsigned before = 0;
    while (r->n > 0) {
        struct rd ahead = *r;
        if (number_of(rd_le16(&ahead)) > last)
            break;
        struct raw raw;
        if (!rd_raw(r, &raw))
            return NTE_BAD_DATA;
        unsigned number = number_of(raw.tag);
        const struct entry *e;
        TRY(row_find(number, &row, &e));
        if (number < before)
            return NTE_BAD_DATA;
        before = number;
        if (e != NULL)
            TRY(entry_decode(e, &raw, c));
        else if (raw.tag == PROPERTY_TAG)
            TRY(property_decode(raw.value, c, properties));
        else if (number == PROPERTY_TAG ||
                 number <= number_of(entries[ARRAY_COUNT(entries) - 1].tag))
            return NTE_BAD_DATA; /* a known number that is not where it belongs, or comes twice */
        else if ((raw.tag & CRITICAL) != 0)
            return NTE_BAD_VER;
        else /* the same holds here */
            // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
            c->unknown[c->unknown_count++] = raw.all;
    }
    const struct entry *none;
    return row_find(last < PROPERTY_TAG ? last : CRITICAL - 1, &row, &none);
}

/* Room for the lists: as many of each as there are entries that are no row's. */
static SECURITY_STATUS lists_new(struct span header, struct container *c,
                                 struct store_property **properties)
{
    struct rd r = rd_of(header);
    size_t kept = 0, count = 0;
    struct raw raw;
    while (r.n > 0) {
        if (!rd_raw(&r, &raw))
            return NTE_BAD_DATA;
        if (raw.tag == PROPERTY_TAG)
            count++;
        else if (number_of(raw.tag) > number_of(entries[ARRAY_COUNT(entries) - 1].tag))
            kept++;
    }
    if (count > STORE_PROPERTIES_MAX || kept > STORE_PROPERTIES_MAX)
        return NTE_BAD_DATA;
    c->lists = calloc(1, count * sizeof(struct store_property) + kept * sizeof(struct span) + 1);
    if (c->lists == NULL)
        return NTE_NO_MEMORY;
    *properties = c->lists;
    c->unknown = (struct span *)(*properties + count);
    return STATUS_SUCCESS;
}

static SECURITY_STATUS record_check(const struct store_record *r)
{
    return r->spec <= STORE_SPEC_SECRET ? STATUS_SUCCESS : NTE_BAD_DATA;
}

SECURITY_STATUS container_decode(struct span in, struct container *out)
{
    struct rd r = rd_of(in);
    struct head h;
    TRY(fixed_decode(&r, &h));
    if (file_bytes_of(&h) != in.n)
        return NTE_BAD_DATA;
    CLEANUP(container_done) struct container c = {.lists = NULL};
    struct span header = rd_span(&r, h.header_bytes);
    c.head = span_of(in.p, CONTAINER_FIXED_BYTES + h.header_bytes);
    c.nonce = rd_span(&r, STORE_NONCE_BYTES);
    c.sealed = rd_span(&r, h.payload_bytes + STORE_TAG_BYTES);
    struct store_property *properties = NULL;
    TRY(lists_new(header, &c, &properties));
    struct rd entries_in = rd_of(header);
    TRY(header_decode(&entries_in, CRITICAL - 1, &c, properties));
    TRY(record_check(&c.record));
    c.record.properties = properties;
    *out = c;
    c = (struct container){.lists = NULL};
    return STATUS_SUCCESS;
}

void container_done(struct container *c)
{
    free(c->lists);
    c->lists = NULL;
}

SECURITY_STATUS container_summary(struct span start, uint64_t file_bytes, struct store_record *out)
{
    struct rd r = rd_of(start);
    struct head h;
    TRY(fixed_decode(&r, &h));
    if (file_bytes_of(&h) != file_bytes)
        return NTE_BAD_DATA;
    struct rd header = rd_of(span_of(r.p, r.n < h.header_bytes ? r.n : h.header_bytes));
    struct container c = {.lists = NULL};
    TRY(header_decode(&header, SUMMARY_LAST, &c, NULL));
    TRY(record_check(&c.record));
    *out = c.record;
    return STATUS_SUCCESS;
}

/* --- what can be written ---------------------------------------------------------------------------- */

int property_order(const void *a, const void *b)
{
    const struct span *x = &((const struct store_property *)a)->name;
    const struct span *y = &((const struct store_property *)b)->name;
    for (size_t i = 0; i < x->n && i < y->n; i++) {
        if (x->p[i] != y->p[i])
            return x->p[i] < y->p[i] ? -1 : 1;
    }
    return x->n == y->n ? 0 : x->n < y->n ? -1 : 1;
}

static bool text_fits(struct span text, size_t least, size_t most)
{
    return text.n >= least && text.n <= most && text_is_utf8(text);
}

SECURITY_STATUS container_check(const struct store_record *r)
{
    bool good = text_fits(r->name, 1, STORE_NAME_MAX) && r->spec <= STORE_SPEC_SECRET &&
                text_fits(r->algorithm, 1, STORE_TEXT_MAX) &&
                text_fits(r->curve, 0, STORE_TEXT_MAX) &&
                text_fits(r->public_type, 0, STORE_TEXT_MAX) &&
                (r->public_type.n > 0 || r->public_blob.n == 0) &&
                text_fits(r->creator, 0, STORE_TEXT_MAX) && text_fits(r->ui.title, 0, UINT16_MAX) &&
                text_fits(r->ui.friendly_name, 0, UINT16_MAX) &&
                text_fits(r->ui.description, 0, UINT16_MAX) && r->public_blob.n <= STORE_FILE_MAX &&
                r->property_count <= STORE_PROPERTIES_MAX;
    size_t total = r->public_blob.n;
    for (size_t i = 0; good && i < r->property_count; i++) {
        const struct store_property *p = &r->properties[i];
        good = text_fits(p->name, 1, STORE_PROPERTY_NAME_MAX) && p->value.n <= STORE_FILE_MAX &&
               total + p->value.n <= STORE_FILE_MAX && (i == 0 || property_order(p - 1, p) < 0);
        total += p->value.n;
    }
    if (good)
        return STATUS_SUCCESS;
    return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL,
                        "a name, text, key spec or property of the key cannot be stored", NULL);
}
