/* Properties of hashes and message authentication codes (hash_prop.h): getters, then a list of rows for
 * each kind. */
#include "hash_prop.h"

#include <string.h>

#include "digest.h"
#include "hash_gmac.h"
#include "hash_xof.h"

#define AES_BLOCK_BYTES 16

static const struct hash_class *ops_of(const struct prop_target *t)
{
    return t->hash != NULL ? t->hash->ops : alg_hash(t->alg);
}

static NTSTATUS get_length(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, ops_of(t)->length);
}

static NTSTATUS get_block(const struct prop_target *t, const struct out *o)
{
    const struct digest *d = t->class->params;
    return out_u32(o, d->block);
}

static NTSTATUS get_aes_block(const struct prop_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, AES_BLOCK_BYTES);
}

static NTSTATUS get_keyed(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, ops_of(t)->keyed);
}

static NTSTATUS get_reusable(const struct prop_target *t, const struct out *o)
{
    if (t->hash == NULL)
        return out_u32(o, alg_reusable(t->alg));
    BUSY held = busy_take(&t->hash->busy); /* checking a record makes an object reusable */
    return out_u32(o, t->hash->reusable);
}

/* A multi-hash is measured like so many hash objects and one more. */
static NTSTATUS get_multi_lengths(const struct prop_target *t, const struct out *o)
{
    const struct hash_class *ops = alg_multi(t->alg);
    if (ops == NULL)
        return STATUS_NOT_SUPPORTED;
    const BCRYPT_MULTI_OBJECT_LENGTH_STRUCT lengths = {ops->object_length, ops->object_length};
    return out_bytes(o, &lengths, sizeof lengths);
}

/* The contents of an AlgorithmIdentifier: the OID with parameters NULL, with which signatures are made,
 * then the OID alone (Microsoft documents both). */
static NTSTATUS get_oids(const struct prop_target *t, const struct out *o)
{
    static const uint8_t null[] = {0x05, 0x00};
    const struct digest *d = t->class->params;
    uint8_t with_null[sizeof d->oid + sizeof null];
    memcpy(with_null, d->oid, d->oid_length);
    memcpy(with_null + d->oid_length, null, sizeof null);
    const struct span oids[] = {
        span_of(with_null, d->oid_length + sizeof null),
        span_of(d->oid, d->oid_length),
    };
    return out_oids(o, oids, ARRAY_COUNT(oids));
}

#define LENGTH_ROW                                                                                 \
    {                                                                                              \
        .name = "HashDigestLength", .on = ON_ALG | ON_HASH, .get = get_length                      \
    }
#define BLOCK_ROW                                                                                  \
    {                                                                                              \
        .name = "HashBlockLength", .on = ON_ALG | ON_HASH, .get = get_block                        \
    }
#define AES_BLOCK_ROW                                                                              \
    {                                                                                              \
        .name = "HashBlockLength", .on = ON_ALG | ON_HASH, .get = get_aes_block                    \
    }
#define KEYED_ROW                                                                                  \
    {                                                                                              \
        .name = "IsKeyedHash", .on = ON_ALG | ON_HASH, .get = get_keyed                            \
    }
#define REUSABLE_ROW                                                                               \
    {                                                                                              \
        .name = "IsReusableHash", .on = ON_ALG | ON_HASH, .get = get_reusable                      \
    }
#define MULTI_ROW                                                                                  \
    {                                                                                              \
        .name = "MultiObjectLength", .on = ON_ALG, .get = get_multi_lengths                        \
    }
#define CUSTOM_ROW                                                                                 \
    {                                                                                              \
        .name = "CustomizationString", .settable_on = ON_HASH, .set = hash_xof_set_custom          \
    }

const struct prop_row hash_props_digest[] = {
    PROP_ROW_OBJECT_LENGTH,
    LENGTH_ROW,
    BLOCK_ROW,
    KEYED_ROW,
    REUSABLE_ROW,
    MULTI_ROW,
    {.name = "HashOIDList", .on = ON_ALG, .get = get_oids},
    {.name = NULL},
};

const struct prop_row hash_props_cshake[] = {
    PROP_ROW_OBJECT_LENGTH,
    LENGTH_ROW,
    BLOCK_ROW,
    KEYED_ROW,
    REUSABLE_ROW,
    MULTI_ROW,
    CUSTOM_ROW,
    {.name = "FunctionNameString", .settable_on = ON_HASH, .set = hash_xof_set_function},
    {.name = NULL},
};

const struct prop_row hash_props_kmac[] = {
    PROP_ROW_OBJECT_LENGTH, LENGTH_ROW, BLOCK_ROW,  KEYED_ROW,
    REUSABLE_ROW,           MULTI_ROW,  CUSTOM_ROW, {.name = NULL},
};

const struct prop_row hash_props_cmac[] = {
    PROP_ROW_OBJECT_LENGTH,
    PROP_ROW_KEY_LENGTHS,
    LENGTH_ROW,
    AES_BLOCK_ROW,
    KEYED_ROW,
    REUSABLE_ROW,
    MULTI_ROW,
    {.name = NULL},
};

const struct prop_row hash_props_gmac[] = {
    PROP_ROW_OBJECT_LENGTH,
    PROP_ROW_KEY_LENGTHS,
    LENGTH_ROW,
    AES_BLOCK_ROW,
    KEYED_ROW,
    REUSABLE_ROW,
    {.name = "IV", .settable_on = ON_HASH, .set = hash_gmac_set_nonce},
    {.name = NULL},
};
