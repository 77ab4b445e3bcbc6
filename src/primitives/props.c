/* The shared property getters (props.h). A fact that a row does not have is a property that the
 * object does not have. */
#include "props.h"

NTSTATUS prop_get_key_lengths(const struct prop_target *t, const struct out *o)
{
    const BCRYPT_KEY_LENGTHS_STRUCT *lengths = &t->class->key_lengths;
    if (lengths->dwMaxLength == 0)
        return STATUS_NOT_SUPPORTED;
    return out_bytes(o, lengths, sizeof *lengths);
}

NTSTATUS prop_get_padding_schemes(const struct prop_target *t, const struct out *o)
{
    if (t->class->padding_schemes == 0)
        return STATUS_NOT_SUPPORTED;
    return out_u32(o, t->class->padding_schemes);
}

/* Bytes that a caller's memory for a key or hash must have. */
NTSTATUS prop_get_object_length(const struct prop_target *t, const struct out *o)
{
    if (t->class->sym != NULL)
        return out_u32(o, t->class->sym->object_length);
    const struct hash_class *hash = t->hash != NULL ? t->hash->ops : alg_hash(t->alg);
    return hash == NULL ? STATUS_NOT_SUPPORTED : out_u32(o, hash->object_length);
}
