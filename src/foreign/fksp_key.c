/* A key's life in a registered provider: each slot is one call of the table. */
#include "fksp.h"

#include <stdlib.h>

static struct fksp_key *key_of(struct ksp_key *key)
{
    return CONTAINER_OF(key, struct fksp_key, base);
}

NTSTATUS fksp_enter(struct ksp_key *key, struct fksp_use *u)
{
    *u = (struct fksp_use){.key = NULL};
    if (key == NULL)
        return STATUS_SUCCESS;
    struct fksp_key *k = key_of(key);
    pthread_rwlock_rdlock(&k->lock);
    u->key = k;
    u->handle = k->handle;
    return u->handle == 0 ? NTE_INVALID_HANDLE : STATUS_SUCCESS;
}

void fksp_leave(struct fksp_use *u)
{
    if (u->key != NULL)
        pthread_rwlock_unlock(&u->key->lock);
}

void fksp_key_free(struct ksp_key *key)
{
    struct fksp_key *k = key_of(key);
    struct fksp_call c = fksp_call(key->provider);
    if (k->handle != 0)
        c.f->FreeKey(c.provider, k->handle);
    pthread_rwlock_destroy(&k->lock);
    free(k);
}

/* A key that has no handle yet. */
static NTSTATUS key_new(struct ksp_provider *p, struct fksp_key **key)
{
    struct fksp_key *k = calloc(1, sizeof *k);
    if (k == NULL)
        return NTE_NO_MEMORY;
    if (pthread_rwlock_init(&k->lock, NULL) != 0) {
        free(k);
        return NTE_NO_MEMORY;
    }
    ksp_key_init(&k->base, p);
    *key = k;
    return STATUS_SUCCESS;
}

/* What the provider made becomes the key's; a key without a handle is released. */
static NTSTATUS key_made(struct fksp_key *k, SECURITY_STATUS status, NCRYPT_KEY_HANDLE handle,
                         struct ksp_key **key)
{
    NTSTATUS inside = fksp_made(status, handle);
    if (inside < 0) {
        ksp_key_free(&k->base);
        return inside;
    }
    k->handle = handle;
    *key = &k->base;
    return STATUS_SUCCESS;
}

NTSTATUS fksp_create(struct ksp_provider *p, const struct name *alg, const struct ksp_id *id,
                     struct ksp_key **key)
{
    struct fksp_call c = fksp_call(p);
    struct fksp_name wide_alg;
    struct fksp_text wide_name;
    struct fksp_key *k;
    NCRYPT_KEY_HANDLE handle = 0;
    TRY(key_new(p, &k));
    SECURITY_STATUS status =
        c.f->CreatePersistedKey(c.provider, &handle, fksp_name(&wide_alg, alg),
                                fksp_text(&wide_name, id->name), id->spec, id->flags);
    return key_made(k, status, handle, key);
}

NTSTATUS fksp_open_key(struct ksp_provider *p, const struct ksp_id *id, struct ksp_key **key)
{
    struct fksp_call c = fksp_call(p);
    struct fksp_text wide_name;
    struct fksp_key *k;
    NCRYPT_KEY_HANDLE handle = 0;
    TRY(key_new(p, &k));
    SECURITY_STATUS status =
        c.f->OpenKey(c.provider, &handle, fksp_text(&wide_name, id->name), id->spec, id->flags);
    return key_made(k, status, handle, key);
}

NTSTATUS fksp_import(struct ksp_provider *p, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, struct span blob, uint32_t flags,
                     struct ksp_key **key)
{
    struct fksp_call c = fksp_call(p);
    struct fksp_name wide_type;
    FKSP_PARAMS list;
    TRY(fksp_params_init(&list, params));
    FKSP_USE with;
    TRY(fksp_enter(wrap, &with));
    struct fksp_key *k;
    NCRYPT_KEY_HANDLE handle = 0;
    TRY(key_new(p, &k));
    SECURITY_STATUS status =
        c.f->ImportKey(c.provider, with.handle, fksp_name(&wide_type, type), list.list, &handle,
                       (PBYTE)blob.p, (DWORD)blob.n, flags);
    return key_made(k, status, handle, key);
}

NTSTATUS fksp_export(struct ksp_key *key, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, uint32_t flags, const struct out *o)
{
    struct fksp_call c = fksp_call(key->provider);
    struct fksp_name wide_type;
    FKSP_PARAMS list;
    TRY(fksp_params_init(&list, params));
    FKSP_USE with;
    TRY(fksp_enter(wrap, &with));
    FKSP_USE u;
    TRY(fksp_enter(key, &u));
    DWORD n = 0;
    SECURITY_STATUS status =
        c.f->ExportKey(c.provider, u.handle, with.handle, fksp_name(&wide_type, type), list.list,
                       o->p, fksp_room(o), &n, flags);
    return fksp_answer(status, o, n);
}

NTSTATUS fksp_finalize(struct ksp_key *key, uint32_t flags)
{
    struct fksp_call c = fksp_call(key->provider);
    FKSP_USE u;
    TRY(fksp_enter(key, &u));
    return fksp_status(c.f->FinalizeKey(c.provider, u.handle, flags));
}

/* A provider that deletes a key frees its handle: nobody may be inside, and nobody may come after. */
NTSTATUS fksp_remove(struct ksp_key *key, uint32_t flags)
{
    struct fksp_call c = fksp_call(key->provider);
    struct fksp_key *k = key_of(key);
    NTSTATUS status = NTE_INVALID_HANDLE;
    pthread_rwlock_wrlock(&k->lock);
    if (k->handle != 0)
        status = fksp_status(c.f->DeleteKey(c.provider, k->handle, flags));
    if (status >= 0)
        k->handle = 0;
    pthread_rwlock_unlock(&k->lock);
    return status;
}
