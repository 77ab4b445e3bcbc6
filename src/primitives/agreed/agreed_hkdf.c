/*
 * HKDF on an agreed secret. Its settings are properties of the secret, set in order:
 *
 *     new --HkdfHashAlgorithm--> hash set --HkdfSaltAndFinalize or HkdfPrkAndFinalize--> final
 *
 * after which the key derivation function HKDF of BCryptDeriveKey expands the key as often as it is
 * asked to. A step out of order is STATUS_INVALID_HANDLE, which is how Windows answers for objects
 * that are not in the right state. Setting is exclusive: a second thread that sets at the same
 * moment is out of order.
 */
#include "agreed_kdf.h"

#include "kdf_hkdf.h"

static struct agreed_dh *target(const struct prop_target *t)
{
    return CONTAINER_OF(t->agreed, struct agreed_dh, base);
}

/* Takes the secret from one state to BUSY. */
static bool begin(struct agreed_dh *secret, int from)
{
    return atomic_compare_exchange_strong(&secret->hkdf_state, &from, HKDF_BUSY);
}

static void end(struct agreed_dh *secret, enum hkdf_state to)
{
    atomic_store_explicit(&secret->hkdf_state, to, memory_order_release);
}

NTSTATUS agreed_hkdf_set_hash(const struct prop_target *t, const struct in *in)
{
    struct name name;
    const struct digest *d;
    TRY(in_name(in, &name));
    TRY(kdf_hash_named(&name, &d));
    if (d->xof)
        return STATUS_NOT_SUPPORTED;
    struct agreed_dh *secret = target(t);
    if (!begin(secret, HKDF_NEW) && !begin(secret, HKDF_HASH_SET))
        return STATUS_INVALID_HANDLE;
    secret->hkdf_hash = d;
    end(secret, HKDF_HASH_SET);
    return STATUS_SUCCESS;
}

NTSTATUS agreed_hkdf_set_salt(const struct prop_target *t, const struct in *in)
{
    if (in->p == NULL && in->n > 0)
        return STATUS_INVALID_PARAMETER;
    struct agreed_dh *secret = target(t);
    if (!begin(secret, HKDF_HASH_SET))
        return STATUS_INVALID_HANDLE;
    const struct digest *d = secret->hkdf_hash;
    SECRET prk = {.p = NULL};
    NTSTATUS status = secret_new(&prk, d->length);
    if (status >= 0)
        status = kdf_hkdf_extract(d, in_span(in), secret_span(&secret->z), prk.p);
    if (status < 0) {
        end(secret, HKDF_HASH_SET);
        return status;
    }
    secret->hkdf_prk = prk;
    prk = (struct secret){.p = NULL};
    end(secret, HKDF_FINAL);
    return STATUS_SUCCESS;
}

NTSTATUS agreed_hkdf_set_prk(const struct prop_target *t, const struct in *in)
{
    if (in->p != NULL || in->n > 0)
        return STATUS_INVALID_PARAMETER;
    struct agreed_dh *secret = target(t);
    if (!begin(secret, HKDF_HASH_SET))
        return STATUS_INVALID_HANDLE;
    NTSTATUS status = secret_copy(&secret->hkdf_prk, secret_span(&secret->z));
    end(secret, status < 0 ? HKDF_HASH_SET : HKDF_FINAL);
    return status;
}

NTSTATUS agreed_kdf_hkdf(const struct kdf_call *call)
{
    struct agreed_dh *secret = call->secret;
    const struct out *o = call->out;
    if (atomic_load_explicit(&secret->hkdf_state, memory_order_acquire) != HKDF_FINAL)
        return STATUS_INVALID_HANDLE;
    const struct digest *d = secret->hkdf_hash;
    if (out_is_query(o)) {
        *o->result = d->length;
        return STATUS_SUCCESS;
    }
    if (o->cap == 0)
        return STATUS_INVALID_PARAMETER;
    TRY(kdf_hkdf_expand(d, secret_span(&secret->hkdf_prk), kdf_bytes(call, KDF_HKDF_INFO), o->p,
                        o->cap));
    *o->result = o->cap;
    return STATUS_SUCCESS;
}
