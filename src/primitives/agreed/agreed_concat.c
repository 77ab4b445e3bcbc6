/*
 * The key derivation function SP800_56A_CONCAT of BCryptDeriveKey.
 *
 * The hash comes with the key's curve unless the caller names one. The output is as long as the
 * caller's buffer; a size query answers the length of one digest, which is what clients that ask
 * first (JOSE, XML encryption) build on.
 */
#include "agreed_kdf.h"

#include "kdf_concat.h"

NTSTATUS agreed_kdf_concat(const struct kdf_call *call)
{
    const struct digest *d;
    TRY(kdf_params_hash(call->params, call->secret->concat_hash, &d));
    const struct out *o = call->out;
    if (out_is_query(o)) {
        *o->result = d->length;
        return STATUS_SUCCESS;
    }
    if (o->cap == 0)
        return STATUS_INVALID_PARAMETER;
    const struct span fields[KDF_CONCAT_FIELDS] = {
        kdf_params_bytes(call->params, KDF_ALGORITHMID),
        kdf_params_bytes(call->params, KDF_PARTYUINFO),
        kdf_params_bytes(call->params, KDF_PARTYVINFO),
        kdf_params_bytes(call->params, KDF_SUPPPUBINFO),
        kdf_params_bytes(call->params, KDF_SUPPPRIVINFO),
    };
    TRY(kdf_concat(d, secret_span(&call->secret->z), fields, KDF_CONCAT_FIELDS, o->p, o->cap));
    *o->result = o->cap;
    return STATUS_SUCCESS;
}
