/* The life of a key: create, open, import, finalize, export, delete; and walking over stored ones. */
#include "ncrypt_router.h"

#define VBS_FLAGS                                                                                  \
    (NCRYPT_PREFER_VBS_FLAG | NCRYPT_REQUIRE_VBS_FLAG | NCRYPT_USE_VBS_PER_BOOT_KEY_FLAG)

static bool spec_is_known(uint32_t spec)
{
    return spec == 0 || spec == AT_KEYEXCHANGE || spec == AT_SIGNATURE;
}

NTSTATUS ncrypt_create(NCRYPT_PROV_HANDLE provider, const struct name *alg, bool named,
                       const struct ksp_id *id, NCRYPT_KEY_HANDLE *handle)
{
    PROVIDER_USE u;
    TRY(provider_enter(provider, &u));
    if (handle == NULL || alg == NULL || (named && id->name == NULL) || !spec_is_known(id->spec))
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = u.provider->ksp;
    TRY(ncrypt_flags(id->flags, NCRYPT_MACHINE_KEY_FLAG | NCRYPT_SILENT_FLAG |
                                    NCRYPT_OVERWRITE_KEY_FLAG | VBS_FLAGS | ksp->flags));
    TRY(ncrypt_has(ksp->create != NULL));
    struct ksp_key *key;
    TRY(ksp->create(u.provider, alg, id, &key));
    return nkey_publish(key, handle);
}

NTSTATUS ncrypt_open_key(NCRYPT_PROV_HANDLE provider, const struct ksp_id *id,
                         NCRYPT_KEY_HANDLE *handle)
{
    PROVIDER_USE u;
    TRY(provider_enter(provider, &u));
    if (handle == NULL || id->name == NULL || !spec_is_known(id->spec))
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = u.provider->ksp;
    TRY(ncrypt_flags(id->flags, NCRYPT_MACHINE_KEY_FLAG | NCRYPT_SILENT_FLAG |
                                    NCRYPT_AUTHORITY_KEY_FLAG | NCRYPT_EXTENDED_ERRORS_FLAG |
                                    ksp->flags));
    TRY(ncrypt_has(ksp->open_key != NULL));
    struct ksp_key *key;
    TRY(ksp->open_key(u.provider, id, &key));
    atomic_store_explicit(&key->state, KSP_FINAL, memory_order_release);
    return nkey_publish(key, handle);
}

/* The key that wraps or unwraps, held for the call; 0 is none. */
static NTSTATUS wrap_enter(NCRYPT_KEY_HANDLE handle, struct nkey_use *u)
{
    *u = (struct nkey_use){.key = NULL};
    return handle == 0 ? STATUS_SUCCESS : nkey_enter(handle, true, u);
}

static bool params_are_readable(const struct ksp_params *params)
{
    return params->count == 0 || params->list != NULL;
}

NTSTATUS ncrypt_import(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE wrap_handle,
                       const struct name *type, const struct ksp_params *params, struct span blob,
                       uint32_t flags, NCRYPT_KEY_HANDLE *handle)
{
    PROVIDER_USE u;
    TRY(provider_enter(provider, &u));
    NKEY_USE wrap;
    TRY(wrap_enter(wrap_handle, &wrap));
    if (handle == NULL || type == NULL || blob.p == NULL || !params_are_readable(params))
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = u.provider->ksp;
    TRY(ncrypt_flags(flags, NCRYPT_NO_KEY_VALIDATION | NCRYPT_MACHINE_KEY_FLAG |
                                NCRYPT_SILENT_FLAG | NCRYPT_OVERWRITE_KEY_FLAG |
                                NCRYPT_WRITE_KEY_TO_LEGACY_STORE_FLAG |
                                NCRYPT_DO_NOT_FINALIZE_FLAG | NCRYPT_EXPORT_LEGACY_FLAG |
                                VBS_FLAGS | ksp->flags));
    if (wrap.key != NULL && wrap.ksp != ksp)
        return NTE_INVALID_HANDLE;
    TRY(ncrypt_has(ksp->import != NULL));
    struct ksp_key *key;
    TRY(ksp->import(u.provider, wrap.key, type, params, blob, flags, &key));
    if ((flags & NCRYPT_DO_NOT_FINALIZE_FLAG) == 0)
        atomic_store_explicit(&key->state, KSP_FINAL, memory_order_release);
    return nkey_publish(key, handle);
}

NTSTATUS ncrypt_export(NCRYPT_KEY_HANDLE handle, NCRYPT_KEY_HANDLE wrap_handle,
                       const struct name *type, const struct ksp_params *params, uint32_t flags,
                       const struct out *o)
{
    NKEY_USE u;
    TRY(nkey_enter(handle, true, &u));
    NKEY_USE wrap;
    TRY(wrap_enter(wrap_handle, &wrap));
    if (o->result == NULL || type == NULL || !params_are_readable(params))
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(flags, NCRYPT_SILENT_FLAG | NCRYPT_EXPORT_LEGACY_FLAG | u.ksp->flags));
    if (wrap.key != NULL && wrap.ksp != u.ksp)
        return NTE_INVALID_HANDLE;
    TRY(ncrypt_has(u.ksp->export != NULL));
    return u.ksp->export(u.key, wrap.key, type, params, flags, o);
}

static NTSTATUS finalize(struct nkey_use *u, uint32_t flags)
{
    BUSY held = busy_take(&u->key->busy);
    return u->ksp->finalize(u->key, flags);
}

/* A second finalize is NTE_INVALID_HANDLE, observed on Windows. */
static NTSTATUS finalize_once(struct nkey_use *u, uint32_t flags)
{
    int state = KSP_BUILDING;
    if (!atomic_compare_exchange_strong(&u->key->state, &state, KSP_BUSY))
        return NTE_INVALID_HANDLE;
    NTSTATUS status = finalize(u, flags);
    atomic_store_explicit(&u->key->state, status < 0 ? KSP_BUILDING : KSP_FINAL,
                          memory_order_release);
    return status;
}

SECURITY_STATUS WINAPI NCryptFinalizeKey(NCRYPT_KEY_HANDLE hKey, DWORD dwFlags)
{
    NKEY_USE u;
    TRY(nkey_enter(hKey, false, &u));
    TRY(ncrypt_flags(dwFlags, NCRYPT_NO_KEY_VALIDATION | NCRYPT_WRITE_KEY_TO_LEGACY_STORE_FLAG |
                                  NCRYPT_SILENT_FLAG | u.ksp->flags));
    TRY(ncrypt_has(u.ksp->finalize != NULL));
    return ncrypt_status((u.ksp->own_states ? finalize : finalize_once)(&u, dwFlags));
}

SECURITY_STATUS WINAPI NCryptDeleteKey(NCRYPT_KEY_HANDLE hKey, DWORD dwFlags)
{
    NKEY_USE u;
    TRY(nkey_enter(hKey, false, &u));
    TRY(ncrypt_flags(dwFlags, NCRYPT_SILENT_FLAG | u.ksp->flags));
    TRY(ncrypt_has(u.ksp->remove != NULL));
    {
        BUSY held = busy_take(&u.key->busy);
        NTSTATUS status = u.ksp->remove(u.key, dwFlags);
        if (status < 0)
            return ncrypt_status(status);
    }
    return handle_close((const void *)hKey, OBJECT_KSP_KEY) ? ERROR_SUCCESS : NTE_INVALID_HANDLE;
}

/* ---- enumeration ---------------------------------------------------------------------------- */

/* What the caller's state points at. */
struct walk {
    const struct ksp *ksp;
    void *state;
};

static void walk_done(void *buffer)
{
    const struct walk *walk = buffer;
    if (walk->state != NULL)
        walk->ksp->enum_end(walk->state);
}

NTSTATUS ncrypt_enum_next(NCRYPT_PROV_HANDLE provider, const struct text *scope, void **state,
                          uint32_t flags, struct ksp_entry *entry)
{
    PROVIDER_USE u;
    TRY(provider_enter(provider, &u));
    if (state == NULL)
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = u.provider->ksp;
    TRY(ncrypt_flags(flags, NCRYPT_MACHINE_KEY_FLAG | NCRYPT_SILENT_FLAG | ksp->flags));
    TRY(ncrypt_has(ksp->enum_begin != NULL));
    if (*state == NULL) {
        struct walk *walk = ncrypt_buffer_new(sizeof *walk, walk_done);
        if (walk == NULL)
            return NTE_NO_MEMORY;
        walk->ksp = ksp;
        NTSTATUS status = ksp->enum_begin(u.provider, scope, flags, &walk->state);
        if (status < 0) {
            ncrypt_buffer_free(walk);
            return status;
        }
        *state = walk;
    } else if (!ncrypt_buffer_is(*state, walk_done)) {
        return NTE_INVALID_PARAMETER;
    }
    const struct walk *walk = *state;
    return walk->ksp->enum_next(walk->state, entry);
}
