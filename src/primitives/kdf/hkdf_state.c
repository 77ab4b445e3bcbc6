/* The steps of HKDF (hkdf_state.h). Whoever sets takes the state to BUSY and from there on. */
#include "hkdf_state.h"

#include "kdf_hkdf.h"
#include "kdf_params.h"

static bool begin(struct hkdf_state *s, int from)
{
    return atomic_compare_exchange_strong(&s->step, &from, HKDF_BUSY);
}

static void end(struct hkdf_state *s, enum hkdf_step to)
{
    atomic_store_explicit(&s->step, to, memory_order_release);
}

NTSTATUS hkdf_state_hash(const struct name *name, const struct digest **hash)
{
    const struct digest *d;
    TRY(kdf_params_hash_named(name, &d));
    if (d->xof)
        return STATUS_NOT_SUPPORTED;
    *hash = d;
    return STATUS_SUCCESS;
}

NTSTATUS hkdf_state_set_hash(struct hkdf_state *s, const struct in *in)
{
    struct name name;
    const struct digest *d;
    TRY(in_name(in, &name));
    TRY(hkdf_state_hash(&name, &d));
    if (!begin(s, HKDF_NEW) && !begin(s, HKDF_HASH_SET))
        return STATUS_INVALID_HANDLE;
    s->hash = d;
    end(s, HKDF_HASH_SET);
    return STATUS_SUCCESS;
}

NTSTATUS hkdf_state_set_salt(struct hkdf_state *s, struct span secret, const struct in *in)
{
    if (!begin(s, HKDF_HASH_SET))
        return STATUS_INVALID_HANDLE;
    SECRET prk = {.p = NULL};
    NTSTATUS status = secret_new(&prk, s->hash->length);
    if (status >= 0)
        status = kdf_hkdf_extract(s->hash, in_span(in), secret, prk.p);
    if (status < 0) {
        end(s, HKDF_HASH_SET);
        return status;
    }
    s->prk = prk;
    prk = (struct secret){.p = NULL};
    end(s, HKDF_FINAL);
    return STATUS_SUCCESS;
}

NTSTATUS hkdf_state_set_prk(struct hkdf_state *s, struct span secret, const struct in *in)
{
    if (in->p != NULL || in->n > 0)
        return STATUS_INVALID_PARAMETER;
    if (!begin(s, HKDF_HASH_SET))
        return STATUS_INVALID_HANDLE;
    NTSTATUS status = secret_copy(&s->prk, secret);
    end(s, status < 0 ? HKDF_HASH_SET : HKDF_FINAL);
    return status;
}

NTSTATUS hkdf_state_final(const struct hkdf_state *s, const struct digest **hash, struct span *prk)
{
    if (atomic_load_explicit(&s->step, memory_order_acquire) != HKDF_FINAL)
        return STATUS_INVALID_HANDLE;
    *hash = s->hash;
    *prk = secret_span(&s->prk);
    return STATUS_SUCCESS;
}

NTSTATUS hkdf_state_make(struct hkdf_state *s, const struct digest *hash, struct span prk)
{
    TRY(secret_copy(&s->prk, prk));
    s->hash = hash;
    end(s, HKDF_FINAL);
    return STATUS_SUCCESS;
}

NTSTATUS hkdf_state_copy(struct hkdf_state *to, const struct hkdf_state *from)
{
    int step = atomic_load_explicit(&from->step, memory_order_acquire);
    if (step == HKDF_FINAL)
        return hkdf_state_make(to, from->hash, secret_span(&from->prk));
    to->hash = from->hash;
    end(to, (enum hkdf_step)step);
    return STATUS_SUCCESS;
}

void hkdf_state_done(struct hkdf_state *s)
{
    secret_done(&s->prk);
}
