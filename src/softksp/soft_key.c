/*
 * The life of a key: created (or begun by an import), given its properties, finalized; opened;
 * deleted; released.
 *
 * A building key has its material nowhere but in memory. Finalizing makes the material, writes it to
 * the store if the key has a name, and only then is the key final; a failure takes it back.
 */
#include "soft.h"

#include <stdlib.h>
#include <string.h>

/* Virtualization-based security does not exist here: a key that only prefers it is made without, as
 * Microsoft documents; one that must have it, or must die with the boot, cannot be made. */
static NTSTATUS check_vbs(uint32_t flags)
{
    return (flags & (NCRYPT_REQUIRE_VBS_FLAG | NCRYPT_USE_VBS_PER_BOOT_KEY_FLAG)) != 0
               ? NTE_VBS_UNAVAILABLE
               : STATUS_SUCCESS;
}

NTSTATUS soft_key_new(struct soft_provider *p, const struct soft_alg *alg, const struct ksp_id *id,
                      struct soft_key **key)
{
    TRY(check_vbs(id->flags));
    struct soft_key *k = calloc(1, sizeof *k);
    if (k == NULL)
        return NTE_NO_MEMORY;
    ksp_key_init(&k->base, &p->base);
    k->alg = alg;
    k->spec = id->spec;
    k->machine = (id->flags & NCRYPT_MACHINE_KEY_FLAG) != 0;
    k->overwrite = (id->flags & NCRYPT_OVERWRITE_KEY_FLAG) != 0;
    k->original = true;
    atomic_store(&k->usage, NCRYPT_ALLOW_ALL_USAGES);
    if (id->name != NULL && (k->name = strdup(id->name->s)) == NULL) {
        ksp_key_free(&k->base);
        return NTE_NO_MEMORY;
    }
    *key = k;
    return STATUS_SUCCESS;
}

/* Forgets the material, twins included. */
static void forget(struct soft_key *k)
{
    _Atomic(BCRYPT_KEY_HANDLE) *const handles[] = {&k->whole, &k->twin_known, &k->twin_whole};
    for (size_t i = 0; i < ARRAY_COUNT(handles); i++) {
        BCRYPT_KEY_HANDLE handle = atomic_exchange(handles[i], NULL);
        if (handle != NULL && handle != k->known)
            BCryptDestroyKey(handle);
    }
    if (k->known != NULL)
        BCryptDestroyKey(k->known);
    k->known = NULL;
    k->has_private = false;
    k->imported = false;
}

void soft_key_free(struct ksp_key *key)
{
    struct soft_key *k = soft_key_of(key);
    forget(k);
    secret_done(&k->value);
    secret_done(&k->kdf_secret);
    secret_done(&k->pin);
    soft_ui_done(&k->ui);
    soft_own_done(k);
    store_key_free(k->stored);
    secret_done(&k->iv);
    free(k->name);
    free(k);
}

void soft_key_done(struct soft_key **key)
{
    if (*key != NULL)
        ksp_key_free(&(*key)->base);
}

NTSTATUS soft_create(struct ksp_provider *p, const struct name *alg, const struct ksp_id *id,
                     struct ksp_key **key)
{
    const struct soft_alg *row = soft_alg_find(alg->s);
    if (row == NULL)
        return NTE_NOT_SUPPORTED;
    SOFT_KEY *k = NULL;
    TRY(soft_key_new(soft_provider_of(p), row, id, &k));
    TRY(soft_name_check(k));
    if (row->class->begin != NULL)
        TRY(row->class->begin(k));
    *key = &k->base;
    k = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS soft_open_key(struct ksp_provider *p, const struct ksp_id *id, struct ksp_key **key)
{
    struct soft_key *k;
    NTSTATUS status = soft_store_find(soft_provider_of(p), id, &k);
    /* Observed on Windows: who may not open a key of the machine is told that there is none. */
    if (status == NTE_PERM && (id->flags & NCRYPT_MACHINE_KEY_FLAG) != 0)
        return NTE_BAD_KEYSET;
    TRY(status);
    *key = &k->base;
    return STATUS_SUCCESS;
}

NTSTATUS soft_alg_open(const struct soft_key *k, LPCWSTR id, BCRYPT_ALG_HANDLE *alg)
{
    SCOPED_ALG made = NULL;
    TRY(BCryptOpenAlgorithmProvider(&made, id, NULL, 0));
    if (k->setting != NULL && k->setting->on_alg)
        TRY(BCryptSetProperty(made, k->setting->id, k->value.p, (ULONG)k->value.n, 0));
    *alg = made;
    made = NULL;
    return STATUS_SUCCESS;
}

/* A caller's string in the form of bcrypt.h. */
static NTSTATUS string_value(const struct in *in, struct secret *value)
{
    struct name name;
    struct soft_wide wide;
    TRY(in_name(in, &name));
    soft_wide(&wide, name.s);
    size_t chars = wide_length(name.s, WIDTH_16) + 1;
    return secret_copy(value, span_of(wide.s, chars * sizeof(WCHAR)));
}

NTSTATUS soft_setting_take(struct soft_key *k, const struct soft_setting *row, const struct in *in)
{
    SECRET value = {NULL, 0};
    TRY(row->is_string ? string_value(in, &value) : secret_copy(&value, in_span(in)));
    struct secret old = k->value;
    k->setting = row;
    k->value = value;
    value = old; /* released by the scope */
    return STATUS_SUCCESS;
}

NTSTATUS soft_setting_set(struct soft_key *k, const struct soft_setting *row, const struct in *in)
{
    const struct soft_setting *old_row = k->setting;
    SECRET old = k->value;
    k->value = (struct secret){NULL, 0};
    NTSTATUS status = soft_setting_take(k, row, in);
    if (status >= 0)
        status = k->alg->class->begin(k);
    if (status < 0) {
        struct secret refused = k->value;
        k->setting = old_row;
        k->value = old;
        old = refused; /* released by the scope */
    }
    return status;
}

NTSTATUS soft_setting_learn(struct soft_key *k)
{
    for (const struct soft_setting *s = k->alg->settings; s != NULL && s->name != NULL; s++) {
        ULONG n = 0;
        NTSTATUS status = BCryptGetProperty(k->known, s->id, NULL, 0, &n, 0);
        if (status == STATUS_NOT_SUPPORTED || (s->is_string && n <= sizeof(WCHAR)))
            continue; /* explicit parameters have the empty name */
        TRY(status);
        SECRET value = {NULL, 0};
        TRY(secret_new(&value, n));
        TRY(BCryptGetProperty(k->known, s->id, value.p, n, &n, 0));
        struct secret old = k->value;
        k->setting = s;
        k->value = value;
        value = old;
        return STATUS_SUCCESS;
    }
    return STATUS_SUCCESS;
}

NTSTATUS soft_key_take(struct soft_key *k, LPCWSTR type, bool private, struct span blob,
                       uint32_t flags)
{
    SCOPED_KEY made = NULL;
    NTSTATUS status = k->alg->class->load(k, type, blob, flags, &made);
    if (status == STATUS_INVALID_BUFFER_SIZE)
        return NTE_BAD_DATA; /* observed on Windows for blobs of RSA */
    TRY(status);
    forget(k);
    k->known = made;
    made = NULL;
    k->imported = true;
    k->has_private = private;
    if (private)
        atomic_store(&k->whole, k->known);
    return soft_setting_learn(k);
}

/* Takes back what finalizing made, so that the key can be changed and finalized again. */
static NTSTATUS take_back(struct soft_key *k, NTSTATUS why)
{
    if (k->imported)
        return why;
    forget(k);
    NTSTATUS status = k->alg->class->begin == NULL ? STATUS_SUCCESS : k->alg->class->begin(k);
    return status < 0 ? status : why;
}

NTSTATUS soft_finalize(struct ksp_key *key, uint32_t flags)
{
    struct soft_key *k = soft_key_of(key);
    bool legacy = (flags & NCRYPT_WRITE_KEY_TO_LEGACY_STORE_FLAG) != 0;
    if (legacy && !k->alg->legacy)
        return NTE_NOT_SUPPORTED; /* Microsoft documents it for RSA alone */
    if (!k->imported)
        TRY(k->alg->class->make(k, flags));
    if (k->name != NULL && k->has_private) {
        NTSTATUS status = soft_store_add(k, legacy);
        if (status < 0)
            return take_back(k, status);
    }
    return STATUS_SUCCESS;
}

NTSTATUS soft_remove(struct ksp_key *key, uint32_t flags)
{
    struct soft_key *k = soft_key_of(key);
    (void)flags;
    if (k->stored == NULL)
        return STATUS_SUCCESS;
    struct store *store;
    TRY(soft_store_of(k, &store));
    return store_delete(store, k->stored);
}
