/*
 * Registered key storage providers, from a name to a row.
 *
 * A row is made when a program opens the provider first, and is never released: objects, and the program's
 * threads, point at it. Rows are in a list that only grows, so that finding one takes no lock, and none is
 * held while an image is loaded, whose constructors may come back here.
 */
#include "fksp.h"

#include <stdlib.h>

#include "foreign_image.h"

/* ---- open providers ------------------------------------------------------------------------- */

static NTSTATUS open_provider(const struct ksp *ksp, uint32_t flags, struct ksp_provider **provider)
{
    const struct fksp *k = CONST_CONTAINER_OF(ksp, struct fksp, row);
    struct fksp_name name;
    struct fksp_provider *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NTE_NO_MEMORY;
    SECURITY_STATUS status = k->f.OpenProvider(&p->handle, fksp_name(&name, &k->name), flags);
    NTSTATUS inside = fksp_made(status, p->handle);
    if (inside < 0) {
        free(p);
        return inside;
    }
    *provider = &p->base;
    return STATUS_SUCCESS;
}

static void close_provider(struct ksp_provider *provider)
{
    struct fksp_call c = fksp_call(provider);
    c.f->FreeProvider(c.provider);
    free(CONTAINER_OF(provider, struct fksp_provider, base));
}

/* ---- rows ----------------------------------------------------------------------------------- */

static const char *const no_aliases[] = {NULL};

/* The slots that the table has functions for. */
#define SLOT(function, adapter) (f->function == NULL ? NULL : (adapter))

static struct ksp row_of(const struct fksp *k)
{
    const NCRYPT_KEY_STORAGE_FUNCTION_TABLE *f = &k->f;
    return (struct ksp){
        .name = k->name.s,
        .comment = k->image,
        .aliases = no_aliases,
        .provider_props = fksp_props,
        .props = fksp_props,
        .flags = UINT32_MAX,
        .own_states = true,
        .algs = SLOT(EnumAlgorithms, fksp_algs),
        .has_alg = SLOT(IsAlgSupported, fksp_has_alg),
        .open = open_provider,
        .close = close_provider,
        .create = SLOT(CreatePersistedKey, fksp_create),
        .open_key = SLOT(OpenKey, fksp_open_key),
        .import = SLOT(ImportKey, fksp_import),
        .finalize = SLOT(FinalizeKey, fksp_finalize),
        .remove = SLOT(DeleteKey, fksp_remove),
        .export = SLOT(ExportKey, fksp_export),
        .key_free = fksp_key_free,
        .enum_begin = SLOT(EnumKeys, fksp_enum_begin),
        .enum_next = fksp_enum_next,
        .enum_end = fksp_enum_end,
        .sign = SLOT(SignHash, fksp_sign),
        .verify = SLOT(VerifySignature, fksp_verify),
        .crypt = fksp_crypt,
        .agree = SLOT(SecretAgreement, fksp_agree),
        .derive = SLOT(DeriveKey, fksp_derive),
        .secret_free = fksp_secret_free,
        .key_derivation = SLOT(KeyDerivation, fksp_key_derivation),
        .notify = SLOT(NotifyChangeKey, fksp_notify),
    };
}

static void ksp_free(struct fksp *k)
{
    free(k->image);
    free(k);
}

static void ksp_done(struct fksp **k)
{
    if (*k != NULL)
        ksp_free(*k);
}

static NTSTATUS ksp_new(const struct config_provider *p, struct fksp **out)
{
    void *image;
    CLEANUP(ksp_done) struct fksp *k = calloc(1, sizeof *k);
    if (k == NULL || (k->image = strdup(p->image)) == NULL)
        return NTE_NO_MEMORY;
    k->name = p->name;
    TRY(foreign_image_open(p, &image));
    TRY(fksp_table_load(image, &k->name, &k->f));
    k->row = row_of(k);
    *out = k;
    k = NULL;
    return STATUS_SUCCESS;
}

static _Atomic(struct fksp *) loaded;

static struct fksp *find_row(struct fksp *k, const struct name *name, const char *image)
{
    while (k != NULL && !(name_is(name, k->name.s) && strcmp(k->image, image) == 0))
        k = k->next;
    return k;
}

/* Into the list, unless another thread loaded the provider at the same time: then its row stays, and this one
 * goes. */
static struct fksp *keep(struct fksp *made)
{
    struct fksp *first = atomic_load(&loaded);
    do {
        struct fksp *other = find_row(first, &made->name, made->image);
        if (other != NULL) {
            ksp_free(made);
            return other;
        }
        made->next = first;
    } while (!atomic_compare_exchange_weak(&loaded, &first, made));
    return made;
}

static NTSTATUS row_for(const struct config_provider *p, const struct ksp **row)
{
    struct fksp *k = find_row(atomic_load(&loaded), &p->name, p->image);
    if (k == NULL) {
        TRY(ksp_new(p, &k));
        k = keep(k);
    }
    *row = &k->row;
    return STATUS_SUCCESS;
}

/* ---- what is registered --------------------------------------------------------------------- */

static bool stores_keys(const struct config_provider *p)
{
    for (size_t i = 0; i < p->interface_count; i++) {
        if (p->interfaces[i].id == NCRYPT_KEY_STORAGE_INTERFACE)
            return true;
    }
    return false;
}

static NTSTATUS find_registered(const struct name *name, const struct ksp **ksp)
{
    CONFIG c = config_acquire();
    if (c == NULL)
        return NTE_NO_MEMORY;
    const struct config_provider *p = config_find(c, name);
    return p == NULL || !stores_keys(p) ? STATUS_NOT_FOUND : row_for(p, ksp);
}

/* Looked for anew each time: changes of this process go through libbcrypt, which has a picture of its own. */
NTSTATUS opencng_registered_ksp(const struct name *name, const struct ksp **ksp)
{
    (void)config_refresh();
    return find_registered(name, ksp);
}

NTSTATUS opencng_registered_ksps(struct ksp_registered **list, size_t *count)
{
    (void)config_refresh();
    CONFIG c = config_acquire();
    if (c == NULL)
        return NTE_NO_MEMORY;
    size_t text = 0;
    for (size_t i = 0; i < c->provider_count; i++)
        text += strlen(c->providers[i].image) + 1;
    struct ksp_registered *made = malloc(c->provider_count * sizeof *made + text + 1);
    if (made == NULL)
        return NTE_NO_MEMORY;
    char *at = (char *)(made + c->provider_count);
    size_t n = 0;
    for (size_t i = 0; i < c->provider_count; i++) {
        const struct config_provider *p = &c->providers[i];
        if (!stores_keys(p))
            continue;
        made[n++] = (struct ksp_registered){p->name, strcpy(at, p->image)};
        at += strlen(at) + 1;
    }
    *list = made;
    *count = n;
    return STATUS_SUCCESS;
}
