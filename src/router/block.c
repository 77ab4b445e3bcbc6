/* Laying a structure out in one block (block.h). */
#include "block.h"

#include <stdlib.h>
#include <string.h>

/* ---- the shapes ------------------------------------------------------------------------------- */

#define SHAPE(type, rows)                                                                          \
    {                                                                                              \
        sizeof(type), ARRAY_COUNT(rows), rows                                                      \
    }

static const struct pointer_row providers_rows[] = {
    {POINTS_AT_STRINGS, offsetof(CRYPT_PROVIDERS, rgpszProviders),
     offsetof(CRYPT_PROVIDERS, cProviders), NULL},
};
const struct shape shape_providers = SHAPE(CRYPT_PROVIDERS, providers_rows);

static const struct pointer_row contexts_rows[] = {
    {POINTS_AT_STRINGS, offsetof(CRYPT_CONTEXTS, rgpszContexts),
     offsetof(CRYPT_CONTEXTS, cContexts), NULL},
};
const struct shape shape_contexts = SHAPE(CRYPT_CONTEXTS, contexts_rows);

static const struct pointer_row functions_rows[] = {
    {POINTS_AT_STRINGS, offsetof(CRYPT_CONTEXT_FUNCTIONS, rgpszFunctions),
     offsetof(CRYPT_CONTEXT_FUNCTIONS, cFunctions), NULL},
};
const struct shape shape_functions = SHAPE(CRYPT_CONTEXT_FUNCTIONS, functions_rows);

const struct shape shape_flags = {sizeof(CRYPT_CONTEXT_CONFIG), 0, NULL};

static const struct pointer_row interface_rows[] = {
    {POINTS_AT_STRINGS, offsetof(CRYPT_INTERFACE_REG, rgpszFunctions),
     offsetof(CRYPT_INTERFACE_REG, cFunctions), NULL},
};
static const struct shape shape_interface = SHAPE(CRYPT_INTERFACE_REG, interface_rows);

static const struct pointer_row image_rows[] = {
    {POINTS_AT_STRING, offsetof(CRYPT_IMAGE_REG, pszImage), 0, NULL},
    {POINTS_AT_RECORDS, offsetof(CRYPT_IMAGE_REG, rgpInterfaces),
     offsetof(CRYPT_IMAGE_REG, cInterfaces), &shape_interface},
};
static const struct shape shape_image = SHAPE(CRYPT_IMAGE_REG, image_rows);

static const struct pointer_row provider_reg_rows[] = {
    {POINTS_AT_STRINGS, offsetof(CRYPT_PROVIDER_REG, rgpszAliases),
     offsetof(CRYPT_PROVIDER_REG, cAliases), NULL},
    {POINTS_AT_RECORD, offsetof(CRYPT_PROVIDER_REG, pUM), 0, &shape_image},
    {POINTS_AT_RECORD, offsetof(CRYPT_PROVIDER_REG, pKM), 0, &shape_image},
};
const struct shape shape_provider_reg = SHAPE(CRYPT_PROVIDER_REG, provider_reg_rows);

static const struct pointer_row property_ref_rows[] = {
    {POINTS_AT_STRING, offsetof(CRYPT_PROPERTY_REF, pszProperty), 0, NULL},
    {POINTS_AT_BYTES, offsetof(CRYPT_PROPERTY_REF, pbValue), offsetof(CRYPT_PROPERTY_REF, cbValue),
     NULL},
};
static const struct shape shape_property_ref = SHAPE(CRYPT_PROPERTY_REF, property_ref_rows);

static const struct pointer_row image_ref_rows[] = {
    {POINTS_AT_STRING, offsetof(CRYPT_IMAGE_REF, pszImage), 0, NULL},
};
static const struct shape shape_image_ref = SHAPE(CRYPT_IMAGE_REF, image_ref_rows);

static const struct pointer_row provider_ref_rows[] = {
    {POINTS_AT_STRING, offsetof(CRYPT_PROVIDER_REF, pszFunction), 0, NULL},
    {POINTS_AT_STRING, offsetof(CRYPT_PROVIDER_REF, pszProvider), 0, NULL},
    {POINTS_AT_RECORDS, offsetof(CRYPT_PROVIDER_REF, rgpProperties),
     offsetof(CRYPT_PROVIDER_REF, cProperties), &shape_property_ref},
    {POINTS_AT_RECORD, offsetof(CRYPT_PROVIDER_REF, pUM), 0, &shape_image_ref},
    {POINTS_AT_RECORD, offsetof(CRYPT_PROVIDER_REF, pKM), 0, &shape_image_ref},
};
static const struct shape shape_provider_ref = SHAPE(CRYPT_PROVIDER_REF, provider_ref_rows);

static const struct pointer_row provider_refs_rows[] = {
    {POINTS_AT_RECORDS, offsetof(CRYPT_PROVIDER_REFS, rgpProviders),
     offsetof(CRYPT_PROVIDER_REFS, cProviders), &shape_provider_ref},
};
const struct shape shape_provider_refs = SHAPE(CRYPT_PROVIDER_REFS, provider_refs_rows);

/* ---- laying out --------------------------------------------------------------------------------- */

/* The block as far as it is filled, or only counted. It may have any alignment, so everything is copied into place; relative to its
 * beginning everything is aligned. */
struct block {
    uint8_t *p; /* NULL: counting */
    size_t n;
    enum width width;
};

static size_t claim(struct block *b, size_t n, size_t alignment)
{
    size_t at = (b->n + alignment - 1) / alignment * alignment;
    b->n = at + n;
    return at;
}

static void write_at(const struct block *b, size_t at, const void *p, size_t n)
{
    if (b->p != NULL && n > 0)
        memcpy(b->p + at, p, n);
}

static void point(const struct block *b, size_t at, size_t to)
{
    if (b->p == NULL)
        return;
    const void *p = b->p + to;
    write_at(b, at, &p, sizeof p);
}

static size_t lay_string(struct block *b, const char *utf8)
{
    size_t at = claim(b, (wide_length(utf8, b->width) + 1) * b->width, b->width);
    if (b->p != NULL)
        wide_write(b->p + at, utf8, b->width);
    return at;
}

/* What a pointer of a structure says: an address in the source, of something whose type the row knows. */
static const void *pointer_in(const void *structure, size_t at)
{
    const void *p;
    memcpy(&p, (const uint8_t *)structure + at, sizeof p);
    return p;
}

static size_t count_in(const void *structure, size_t at)
{
    ULONG n;
    memcpy(&n, (const uint8_t *)structure + at, sizeof n);
    return n;
}

static size_t lay_record(struct block *b, const struct shape *shape, const void *structure);

/* The array of pointers first, then what they point at. */
static size_t lay_array(struct block *b, const struct pointer_row *row, const void *array, size_t n)
{
    size_t at = claim(b, n * sizeof(void *), sizeof(void *));
    for (size_t i = 0; i < n; i++) {
        const void *item = pointer_in(array, i * sizeof(void *));
        size_t to =
            row->kind == POINTS_AT_STRINGS ? lay_string(b, item) : lay_record(b, row->shape, item);
        point(b, at + i * sizeof(void *), to);
    }
    return at;
}

static void lay_pointer(struct block *b, const struct pointer_row *row, const void *structure,
                        size_t base)
{
    const void *target = pointer_in(structure, row->at);
    size_t to = 0;
    if (target == NULL)
        return; /* copied with the structure */
    switch (row->kind) {
    case POINTS_AT_STRING:
        to = lay_string(b, target);
        break;
    case POINTS_AT_BYTES:
        to = claim(b, count_in(structure, row->count), 1);
        write_at(b, to, target, count_in(structure, row->count));
        break;
    case POINTS_AT_RECORD:
        to = lay_record(b, row->shape, target);
        break;
    case POINTS_AT_STRINGS:
    case POINTS_AT_RECORDS:
        to = lay_array(b, row, target, count_in(structure, row->count));
        break;
    }
    point(b, base + row->at, to);
}

/* A shape is no deeper than the structures of bcrypt.h are. */
static size_t lay_record(struct block *b, const struct shape *shape, const void *structure)
{
    size_t at = claim(b, shape->size, sizeof(void *));
    write_at(b, at, structure, shape->size);
    for (size_t i = 0; i < shape->pointer_count; i++)
        lay_pointer(b, &shape->pointers[i], structure, at);
    return at;
}

/* ---- handing over -------------------------------------------------------------------------------- */

/* Where n bytes go. *made: the block is ours, for the caller to free. *dst stays NULL when only the size was asked for. */
static NTSTATUS target_begin(const struct block_target *to, size_t n, uint8_t **dst, bool *made)
{
    *dst = NULL;
    *made = false;
    if (to->size == NULL)
        return STATUS_INVALID_PARAMETER;
    if (n > UINT32_MAX)
        return STATUS_NO_MEMORY;
    ULONG room = *to->size;
    if (to->buffer == NULL) {
        *to->size = (ULONG)n;
        return to->asked;
    }
    void *given;
    memcpy(&given, to->buffer, sizeof given);
    if (given != NULL && room < n) {
        *to->size = (ULONG)n;
        return STATUS_BUFFER_TOO_SMALL;
    }
    *made = given == NULL;
    *dst = given != NULL ? given : malloc(n > 0 ? n : 1);
    return *dst == NULL ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

static NTSTATUS target_end(const struct block_target *to, size_t n, uint8_t *dst, bool made)
{
    if (dst == NULL)
        return STATUS_SUCCESS;
    if (made)
        memcpy(to->buffer, &dst, sizeof dst);
    *to->size = (ULONG)n;
    return STATUS_SUCCESS;
}

NTSTATUS block_give(const struct block_target *to, const struct shape *shape, const void *structure)
{
    struct block b = {.width = to->width};
    (void)lay_record(&b, shape, structure);
    size_t n = b.n;
    bool made;
    uint8_t *dst;
    TRY(target_begin(to, n, &dst, &made));
    if (dst != NULL) {
        memset(dst, 0, n);
        b = (struct block){.p = dst, .width = to->width};
        (void)lay_record(&b, shape, structure);
    }
    return target_end(to, n, dst, made);
}

NTSTATUS block_give_bytes(const struct block_target *to, struct span bytes)
{
    bool made;
    uint8_t *dst;
    TRY(target_begin(to, bytes.n, &dst, &made));
    if (dst != NULL && bytes.n > 0)
        memcpy(dst, bytes.p, bytes.n);
    return target_end(to, bytes.n, dst, made);
}
