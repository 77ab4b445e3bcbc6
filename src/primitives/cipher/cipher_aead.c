/* The rare ends of a call of an authenticated mode (cipher_aead.h). */
#include "cipher_aead.h"

NTSTATUS aead_refuse_flags(const struct crypt *call, const struct out *o, bool query)
{
    uint64_t n = call->in.n;
    uint64_t padded = n - n % CIPHER_BLOCK_MAX + CIPHER_BLOCK_MAX;
    bool small = (call->flags & BCRYPT_BLOCK_PADDING) != 0 && !query && o->cap < padded;
    if (small && padded <= UINT32_MAX)
        *o->result = (uint32_t)padded;
    return small ? STATUS_BUFFER_TOO_SMALL : STATUS_INVALID_PARAMETER;
}

/* A call that was refused wrote nothing. */
NTSTATUS aead_failed(const struct crypt *call, uint8_t *out, NTSTATUS status)
{
    bool refused = status == STATUS_INVALID_PARAMETER || status == STATUS_INVALID_BUFFER_SIZE;
    if (!refused && call->in.n > 0)
        wipe(out, call->in.n);
    return status;
}
