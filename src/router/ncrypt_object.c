/*
 * The objects of key storage providers: opening a provider, holding and freeing objects of every
 * kind.
 *
 * One handle of a provider may be given out several times: the property "Provider Handle" of a key
 * answers with the handle that the program opened, and each answer wants its own NCryptFreeObject. A key
 * keeps its provider alive; when the program has freed the provider's handle, the property makes
 * a new one.
 */
#include "ncrypt_router.h"

static const struct ksp *const builtin[] = {&opencng_software_ksp};

const struct ksp *ncrypt_builtin_nth(size_t i)
{
    return i < ARRAY_COUNT(builtin) ? builtin[i] : NULL;
}

static bool is_named(const struct ksp *ksp, const struct name *name)
{
    const char *const *alias = ksp->aliases;
    if (name_is(name, ksp->name))
        return true;
    while (*alias != NULL && !name_is(name, *alias))
        alias++;
    return *alias != NULL;
}

/* What is built in goes first: nobody can put himself in its place by registering its name. */
static NTSTATUS find_ksp(const struct name *name, const struct ksp **ksp)
{
    for (size_t i = 0; i < ARRAY_COUNT(builtin); i++) {
        if (is_named(builtin[i], name)) {
            *ksp = builtin[i];
            return STATUS_SUCCESS;
        }
    }
    NTSTATUS status = opencng_registered_ksp(name, ksp);
    return status == STATUS_NOT_FOUND ? NTE_NOT_FOUND : status;
}

static void provider_destroy(struct object *o)
{
    ksp_provider_unref(CONTAINER_OF(o, struct ksp_provider, object));
}

/* A provider's handle, which counts as one of its users. Under the provider's lock, or before
 * anybody else knows it. */
static NTSTATUS provider_publish(struct ksp_provider *p)
{
    atomic_fetch_add(&p->refs, 1);
    NTSTATUS status = handle_new(&p->object, &p->handle);
    if (status < 0) {
        atomic_fetch_sub(&p->refs, 1);
        return status;
    }
    p->opens = 1;
    return STATUS_SUCCESS;
}

NTSTATUS ncrypt_open(const struct name *name, uint32_t flags, NCRYPT_PROV_HANDLE *handle)
{
    if (handle == NULL)
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = builtin[0];
    if (name != NULL)
        TRY(find_ksp(name, &ksp));
    TRY(ncrypt_flags(flags, NCRYPT_SILENT_FLAG | NCRYPT_IGNORE_DEVICE_STATE_FLAG | ksp->flags));
    struct ksp_provider *p;
    TRY(ksp->open(ksp, flags, &p));
    p->object = (struct object){OBJECT_KSP_PROVIDER, provider_destroy};
    p->ksp = ksp;
    atomic_store(&p->refs, 1); /* ours, until it is published */
    NTSTATUS status = provider_publish(p);
    if (status >= 0)
        *handle = (NCRYPT_PROV_HANDLE)p->handle;
    ksp_provider_unref(p);
    return status;
}

NTSTATUS ncrypt_is_supported(NCRYPT_PROV_HANDLE provider, const struct name *alg, uint32_t flags)
{
    PROVIDER_USE u;
    TRY(provider_enter(provider, &u));
    if (alg == NULL)
        return NTE_INVALID_PARAMETER;
    const struct ksp *ksp = u.provider->ksp;
    TRY(ncrypt_flags(flags, NCRYPT_SILENT_FLAG | ksp->flags));
    TRY(ncrypt_has(ksp->has_alg != NULL));
    return ksp->has_alg(u.provider, alg, flags);
}

NTSTATUS provider_reopen(struct ksp_provider *p, void **handle)
{
    BUSY held = busy_take(&p->busy);
    if (p->opens == 0)
        TRY(provider_publish(p));
    else
        p->opens++;
    *handle = p->handle;
    return STATUS_SUCCESS;
}

/* Frees one giving-out of a provider's handle. */
static NTSTATUS provider_free(struct ksp_provider *p, const void *handle)
{
    BUSY held = busy_take(&p->busy);
    if (p->opens == 0 || p->handle != handle)
        return NTE_INVALID_HANDLE;
    if (--p->opens > 0)
        return STATUS_SUCCESS;
    return handle_close(handle, OBJECT_KSP_PROVIDER) ? STATUS_SUCCESS : NTE_INVALID_HANDLE;
}

NTSTATUS provider_enter(NCRYPT_PROV_HANDLE handle, struct provider_use *u)
{
    *u = (struct provider_use){.use = handle_enter((const void *)handle, OBJECT_KSP_PROVIDER)};
    if (u->use.object == NULL)
        return NTE_INVALID_HANDLE;
    u->provider = CONTAINER_OF(u->use.object, struct ksp_provider, object);
    return STATUS_SUCCESS;
}

void provider_leave(struct provider_use *u)
{
    handle_leave(&u->use);
}

NTSTATUS nkey_enter(NCRYPT_KEY_HANDLE handle, bool final, struct nkey_use *u)
{
    *u = (struct nkey_use){.use = handle_enter((const void *)handle, OBJECT_KSP_KEY)};
    if (u->use.object == NULL)
        return NTE_INVALID_HANDLE;
    u->key = CONTAINER_OF(u->use.object, struct ksp_key, object);
    u->ksp = u->key->provider->ksp;
    if (final && !u->ksp->own_states &&
        atomic_load_explicit(&u->key->state, memory_order_acquire) != KSP_FINAL)
        return NTE_BAD_KEY_STATE;
    return STATUS_SUCCESS;
}

void nkey_leave(struct nkey_use *u)
{
    handle_leave(&u->use);
}

NTSTATUS nkey_publish(struct ksp_key *key, NCRYPT_KEY_HANDLE *handle)
{
    void *made;
    NTSTATUS status = handle_new(&key->object, &made);
    if (status < 0) {
        ksp_key_free(key);
        return status;
    }
    *handle = (NCRYPT_KEY_HANDLE)made;
    return STATUS_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptFreeObject(NCRYPT_HANDLE hObject)
{
    const void *handle = (const void *)hObject;
    CLEANUP(handle_leave) struct handle_use use = handle_enter(handle, OBJECT_ANY);
    if (use.object == NULL || use.object->kind >= OBJECT_RULE)
        return NTE_INVALID_HANDLE;
    if (use.object->kind == OBJECT_KSP_PROVIDER)
        return provider_free(CONTAINER_OF(use.object, struct ksp_provider, object), handle);
    return handle_close(handle, use.object->kind) ? ERROR_SUCCESS : NTE_INVALID_HANDLE;
}

BOOL WINAPI NCryptIsKeyHandle(NCRYPT_KEY_HANDLE hKey)
{
    CLEANUP(handle_leave) struct handle_use use = handle_enter((const void *)hKey, OBJECT_KSP_KEY);
    return use.object != NULL;
}

/* There is no CryptoAPI here, hence no handle of it that is good. */
SECURITY_STATUS WINAPI NCryptTranslateHandle(NCRYPT_PROV_HANDLE *phProvider,
                                             NCRYPT_KEY_HANDLE *phKey, HCRYPTPROV hLegacyProv,
                                             HCRYPTKEY hLegacyKey, DWORD dwLegacyKeySpec,
                                             DWORD dwFlags)
{
    (void)phProvider;
    (void)hLegacyKey;
    (void)dwLegacyKeySpec;
    if (dwFlags != 0)
        return NTE_BAD_FLAGS;
    if (phKey == NULL || hLegacyProv == 0)
        return NTE_INVALID_PARAMETER;
    return NTE_NOT_SUPPORTED;
}
