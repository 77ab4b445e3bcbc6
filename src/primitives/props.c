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
