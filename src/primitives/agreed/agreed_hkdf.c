/*
 * HKDF on an agreed secret: its settings are properties of the secret (kdf/hkdf_state.h), and the
 * key derivation function HKDF of BCryptDeriveKey expands what they made.
 */
#include "agreed_kdf.h"

#include "kdf_hkdf.h"

static struct agreed_dh *target(const struct prop_target *t)
{
    return CONTAINER_OF(t->agreed, struct agreed_dh, base);
}

NTSTATUS agreed_hkdf_set_hash(const struct prop_target *t, const struct in *in)
{
    return hkdf_state_set_hash(&target(t)->hkdf, in);
}

NTSTATUS agreed_hkdf_set_salt(const struct prop_target *t, const struct in *in)
{
    struct agreed_dh *secret = target(t);
    return hkdf_state_set_salt(&secret->hkdf, secret_span(&secret->z), in);
}

NTSTATUS agreed_hkdf_set_prk(const struct prop_target *t, const struct in *in)
{
    struct agreed_dh *secret = target(t);
    return hkdf_state_set_prk(&secret->hkdf, secret_span(&secret->z), in);
}

NTSTATUS agreed_kdf_hkdf(const struct kdf_call *call)
{
    const struct digest *d;
    struct span prk;
    TRY(hkdf_state_final(&call->secret->hkdf, &d, &prk));
    const struct out *o = call->out;
    if (out_is_query(o)) {
        *o->result = d->length;
        return STATUS_SUCCESS;
    }
    if (o->cap == 0)
        return STATUS_INVALID_PARAMETER;
    TRY(kdf_hkdf_expand(d, prk, kdf_params_bytes(call->params, KDF_HKDF_INFO), o->p, o->cap));
    *o->result = o->cap;
    return STATUS_SUCCESS;
}
