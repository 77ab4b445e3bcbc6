/*
 * The private part of a key: unsealed and imported when it is needed first, then kept.
 *
 * Threads may race here without a lock: each makes a handle, one is published, the others are
 * destroyed again.
 */
#include "soft.h"

NTSTATUS soft_blob(BCRYPT_KEY_HANDLE key, LPCWSTR type, struct secret *blob)
{
    ULONG n;
    TRY(BCryptExportKey(key, NULL, type, NULL, 0, &n, 0));
    SECRET made = {NULL, 0};
    TRY(secret_new(&made, n));
    TRY(BCryptExportKey(key, NULL, type, made.p, n, &n, 0));
    *blob = made;
    made = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

LPCWSTR soft_blob_type(const struct soft_key *k, bool private)
{
    const struct soft_setting *s = k->setting;
    if (private)
        return s != NULL && s->private_blob != NULL ? s->private_blob : k->alg->private_blob;
    return s != NULL && s->public_blob != NULL ? s->public_blob : k->alg->public_blob;
}

/* Publishes a handle that was made without a lock; *handle is then the one that counts. */
static void publish(_Atomic(BCRYPT_KEY_HANDLE) *slot, BCRYPT_KEY_HANDLE *handle)
{
    BCRYPT_KEY_HANDLE first = NULL;
    if (atomic_compare_exchange_strong(slot, &first, *handle))
        return;
    BCryptDestroyKey(*handle);
    *handle = first;
}

/* ---- the PIN -------------------------------------------------------------------------------- */

NTSTATUS soft_pin_set(struct busy *lock, struct secret *pin, const struct in *in)
{
    struct text text;
    NTSTATUS status = text_read_counted(&text, in->p, in->n, TEXT_MAX_CHARS, in->width);
    SECRET made = {NULL, 0};
    if (status >= 0)
        status = secret_copy(&made, span_of(text.s, __builtin_strlen(text.s)));
    wipe(&text, sizeof text);
    TRY(status);
    BUSY held = busy_take(lock);
    struct secret old = *pin;
    *pin = made;
    made = old; /* released by the scope */
    return STATUS_SUCCESS;
}

static NTSTATUS copy_pin(struct busy *lock, const struct secret *from, struct secret *pin)
{
    BUSY held = busy_take(lock);
    return from->n == 0 ? STATUS_SUCCESS : secret_copy(pin, secret_span(from));
}

NTSTATUS soft_pin(struct soft_key *k, struct secret *pin)
{
    struct soft_provider *p = soft_provider_of(k->base.provider);
    *pin = (struct secret){NULL, 0};
    TRY(copy_pin(&k->told_lock, &k->pin, pin));
    return pin->n > 0 ? STATUS_SUCCESS : copy_pin(&p->busy, &p->pin, pin);
}

/* No program of ours shows a dialog. A key that wants its user to be asked is used by whoever set
 * the PIN; silently it cannot be used at all. */
static NTSTATUS check_ui(struct soft_key *k, uint32_t flags)
{
    if ((k->ui.flags & (NCRYPT_UI_PROTECT_KEY_FLAG | NCRYPT_UI_FORCE_HIGH_PROTECTION_FLAG)) == 0)
        return STATUS_SUCCESS;
    if ((flags & NCRYPT_SILENT_FLAG) != 0)
        return NTE_SILENT_CONTEXT;
    SECRET pin = {NULL, 0};
    TRY(soft_pin(k, &pin));
    return pin.n > 0 ? STATUS_SUCCESS : NTE_SILENT_CONTEXT;
}

/* ---- the whole key -------------------------------------------------------------------------- */

static NTSTATUS unseal(struct soft_key *k, BCRYPT_KEY_HANDLE *whole)
{
    struct store *store;
    TRY(soft_store_of(k, &store));
    SECRET pin = {NULL, 0};
    TRY(soft_pin(k, &pin));
    SECRET bytes = {NULL, 0};
    struct store_payload payload;
    NTSTATUS status = store_unseal(store, k->stored, secret_span(&pin), &bytes, &payload);
    if (status == NTE_UI_REQUIRED)
        return NTE_SILENT_CONTEXT; /* a passphrase is wanted, and there is nobody to ask */
    TRY(status);
    struct name type = {""};
    if (payload.type.n >= sizeof type.s)
        return NTE_BAD_DATA;
    __builtin_memcpy(type.s, payload.type.p, payload.type.n);
    struct soft_wide wide;
    /* What the store authenticated was valid when it was written. */
    return k->alg->class->load(k, soft_wide(&wide, type.s), payload.blob, NCRYPT_NO_KEY_VALIDATION,
                               whole);
}

NTSTATUS soft_private(struct soft_key *k, uint32_t flags, BCRYPT_KEY_HANDLE *whole)
{
    if (!k->has_private)
        return NTE_NO_KEY;
    TRY(check_ui(k, flags));
    *whole = atomic_load_explicit(&k->whole, memory_order_acquire);
    if (*whole != NULL)
        return STATUS_SUCCESS;
    TRY(unseal(k, whole));
    publish(&k->whole, whole);
    return STATUS_SUCCESS;
}

NTSTATUS soft_known(struct soft_key *k, BCRYPT_KEY_HANDLE *known)
{
    *known = k->known;
    return *known != NULL ? STATUS_SUCCESS : soft_private(k, 0, known);
}

/* ---- twins ---------------------------------------------------------------------------------- */

/* A key of secret agreement as one that signs: the same blob under the magic of the twin. */
static NTSTATUS twin_of(struct soft_key *k, BCRYPT_KEY_HANDLE from, LPCWSTR type,
                        _Atomic(BCRYPT_KEY_HANDLE) *slot, BCRYPT_KEY_HANDLE *twin)
{
    *twin = atomic_load_explicit(slot, memory_order_acquire);
    if (*twin != NULL)
        return STATUS_SUCCESS;
    SECRET blob = {NULL, 0};
    TRY(soft_blob(from, type, &blob));
    /* ECK1 to ECK6 and ECS1 to ECS6 for the NIST curves; ECKP, ECKV and ECDP, ECDV */
    blob.p[2] = blob.p[3] < 'A' ? 'S' : 'D';
    SCOPED_ALG alg = NULL;
    /* curve25519 agrees, and no twin signs with it */
    if (soft_alg_open(k, k->alg->twin, &alg) < 0 ||
        BCryptImportKeyPair(alg, NULL, type, twin, blob.p, (ULONG)blob.n,
                            NCRYPT_NO_KEY_VALIDATION) < 0)
        return NTE_BAD_ALGID;
    publish(slot, twin);
    return STATUS_SUCCESS;
}

NTSTATUS soft_signer(struct soft_key *k, uint32_t flags, BCRYPT_KEY_HANDLE *whole)
{
    TRY(soft_private(k, flags, whole));
    return k->alg->twin == NULL
               ? STATUS_SUCCESS
               : twin_of(k, *whole, soft_blob_type(k, true), &k->twin_whole, whole);
}

NTSTATUS soft_verifier(struct soft_key *k, BCRYPT_KEY_HANDLE *known)
{
    *known = k->known;
    return k->alg->twin == NULL
               ? STATUS_SUCCESS
               : twin_of(k, k->known, soft_blob_type(k, false), &k->twin_known, known);
}
