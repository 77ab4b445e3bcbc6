/*
 * The properties of ciphers. An algorithm's are what its next keys start with; a key's own are changed
 * under its lock.
 */
#include "cipher_key.h"
#include "props.h"

#include <string.h>

#define MODE_CHARS 32 /* ChainingMode is always as long as this, whatever the name (observed) */
#define UNIT_MAX (1u << 24)

/* As most programs write it, first: the names begin alike, and comparing them without regard to case takes as long as
 * setting the mode. */
const struct cipher_mode *cipher_mode_find(const struct cipher_row *row, const struct name *name)
{
    for (const struct cipher_mode *const *mode = row->modes; *mode != NULL; mode++) {
        if (strcmp(name->s, (*mode)->name) == 0)
            return *mode;
    }
    for (const struct cipher_mode *const *mode = row->modes; *mode != NULL; mode++) {
        if (name_is(name, (*mode)->name))
            return *mode;
    }
    return NULL;
}

static const struct cipher_mode *mode_of(const struct prop_target *t)
{
    return t->key != NULL
               ? atomic_load_explicit(&cipher_key_of(t->key)->mode, memory_order_relaxed)
               : atomic_load_explicit(&cipher_alg_of(t->alg)->mode, memory_order_relaxed);
}

static NTSTATUS get_mode(const struct prop_target *t, const struct out *o)
{
    return out_string(o, mode_of(t)->name, MODE_CHARS);
}

/* The value ends at its NUL; its size is not looked at, because callers pass all kinds of sizes. A key that
 * changes its mode starts with a chaining value of zeros. */
static NTSTATUS set_mode(const struct prop_target *t, const struct in *in)
{
    struct name name;
    TRY(name_read(&name, in->p, in->width));
    const struct cipher_mode *mode = cipher_mode_find(cipher_row_of(t->class), &name);
    if (mode == NULL)
        return STATUS_NOT_SUPPORTED;
    if (t->key == NULL) {
        atomic_store_explicit(&cipher_alg_of(t->alg)->mode, mode, memory_order_relaxed);
        return STATUS_SUCCESS;
    }
    struct cipher_key *k = cipher_key_of(t->key);
    if (mode_of(t) != mode)
        memset(k->iv, 0, sizeof k->iv);
    cipher_key_set_mode(k, mode);
    return STATUS_SUCCESS;
}

static NTSTATUS get_block_length(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, cipher_row_of(t->class)->block);
}

static NTSTATUS get_tag_lengths(const struct prop_target *t, const struct out *o)
{
    const struct aead *aead = mode_of(t)->aead;
    return aead == NULL ? STATUS_NOT_SUPPORTED : out_bytes(o, &aead->tags, sizeof aead->tags);
}

static NTSTATUS get_key_lengths(const struct prop_target *t, const struct out *o)
{
    bool extended = (t->alg->flags & BCRYPT_EXTENDED_KEYSIZE) != 0;
    BCRYPT_KEY_LENGTHS_STRUCT lengths = cipher_key_lengths(t->class, extended);
    return out_bytes(o, &lengths, sizeof lengths);
}

/* An algorithm has one if all of its keys do. */
static NTSTATUS get_key_length(const struct prop_target *t, const struct out *o)
{
    if (t->key == NULL) {
        const BCRYPT_KEY_LENGTHS_STRUCT lengths = t->class->key_lengths;
        return lengths.dwMinLength == lengths.dwMaxLength ? out_u32(o, lengths.dwMinLength)
                                                          : STATUS_NOT_SUPPORTED;
    }
    return out_u32(o, (uint32_t)cipher_key_of(t->key)->secret.n * 8);
}

static NTSTATUS get_effective(const struct prop_target *t, const struct out *o)
{
    if (!cipher_row_of(t->class)->effective)
        return STATUS_NOT_SUPPORTED;
    return out_u32(o, t->key != NULL ? cipher_key_of(t->key)->effective : cipher_effective(t->alg));
}

static NTSTATUS set_effective(const struct prop_target *t, const struct in *in)
{
    uint32_t bits;
    if (!cipher_row_of(t->class)->effective)
        return STATUS_NOT_SUPPORTED;
    TRY(in_u32(in, &bits));
    if (bits < CIPHER_EFFECTIVE_MIN || bits > CIPHER_EFFECTIVE_MAX)
        return STATUS_INVALID_PARAMETER;
    atomic_store_explicit(&cipher_alg_of(t->alg)->effective, bits, memory_order_relaxed);
    return STATUS_SUCCESS;
}

bool cipher_segment_fits(const struct cipher_row *row, uint32_t n)
{
    if (row->halves)
        return n == 0 || (n >= row->block && n <= UNIT_MAX);
    return n == row->first_segment || (row->chains && n == row->block);
}

/* Whether the mode works on segments or units at all. */
static bool has_segments(const struct prop_target *t)
{
    return mode_of(t)->segments || cipher_row_of(t->class)->halves;
}

/* Programs set it on the algorithm, too, with the mode, before they make keys (.NET: CFB of AES and 3DES). */
static _Atomic uint32_t *segment_of(const struct prop_target *t)
{
    return t->key != NULL ? &cipher_key_of(t->key)->segment : &cipher_alg_of(t->alg)->segment;
}

static NTSTATUS get_segment(const struct prop_target *t, const struct out *o)
{
    if (!has_segments(t))
        return STATUS_NOT_SUPPORTED;
    return out_u32(o, atomic_load_explicit(segment_of(t), memory_order_relaxed));
}

static NTSTATUS set_segment(const struct prop_target *t, const struct in *in)
{
    const struct cipher_row *row = cipher_row_of(t->class);
    uint32_t n;
    if (!has_segments(t))
        return STATUS_NOT_SUPPORTED;
    TRY(in_u32(in, &n));
    if (n == 0 || !cipher_segment_fits(row, n))
        return STATUS_INVALID_PARAMETER;
    atomic_store_explicit(segment_of(t), n, memory_order_relaxed);
    return STATUS_SUCCESS;
}

static bool has_iv(const struct prop_target *t)
{
    return cipher_row_of(t->class)->chains;
}

static NTSTATUS get_iv(const struct prop_target *t, const struct out *o)
{
    if (!has_iv(t))
        return STATUS_NOT_SUPPORTED;
    struct cipher_key *k = cipher_key_of(t->key);
    BUSY held = busy_take(&k->base.busy);
    return out_bytes(o, k->iv, k->row->block);
}

static NTSTATUS set_iv(const struct prop_target *t, const struct in *in)
{
    if (!has_iv(t))
        return STATUS_NOT_SUPPORTED;
    struct cipher_key *k = cipher_key_of(t->key);
    if (in->n != k->row->block)
        return STATUS_INVALID_PARAMETER;
    memcpy(k->iv, in->p, in->n);
    return STATUS_SUCCESS;
}

const struct prop_row cipher_props[] = {
    PROP_ROW_OBJECT_LENGTH,
    {.name = "ChainingMode",
     .on = ON_ALG | ON_KEY,
     .settable_on = ON_ALG | ON_KEY,
     .get = get_mode,
     .set = set_mode},
    {.name = "BlockLength", .on = ON_ALG | ON_KEY, .get = get_block_length},
    {.name = "BlockSizeList", .on = ON_ALG | ON_KEY, .get = get_block_length},
    {.name = "AuthTagLength", .on = ON_ALG, .get = get_tag_lengths},
    {.name = "KeyLengths", .on = ON_ALG, .get = get_key_lengths},
    {.name = "KeyLength", .on = ON_ALG | ON_KEY, .get = get_key_length},
    {.name = "KeyStrength", .on = ON_KEY, .get = get_key_length},
    {.name = "EffectiveKeyLength",
     .on = ON_ALG | ON_KEY,
     .settable_on = ON_ALG,
     .get = get_effective,
     .set = set_effective},
    {.name = "MessageBlockLength",
     .on = ON_ALG | ON_KEY,
     .settable_on = ON_ALG | ON_KEY,
     .get = get_segment,
     .set = set_segment},
    {.name = "IV", .on = ON_KEY, .settable_on = ON_KEY, .get = get_iv, .set = set_iv},
    {.name = NULL},
};
