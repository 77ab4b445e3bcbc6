/*
 * The key derivation function TRUNCATE of BCryptDeriveKey: the shared value itself, least
 * significant byte first (observed on Windows, for DH, ECDH and curve25519 alike), as much of it as
 * fits.
 */
#include "agreed_kdf.h"

NTSTATUS agreed_kdf_raw(const struct kdf_call *call)
{
    const struct secret *z = &call->secret->z;
    const struct out *o = call->out;
    size_t fits = out_is_query(o) || o->cap > z->n ? z->n : o->cap;
    for (size_t i = 0; !out_is_query(o) && i < fits; i++)
        o->p[i] = z->p[z->n - 1 - i];
    *o->result = (uint32_t)fits;
    return STATUS_SUCCESS;
}
