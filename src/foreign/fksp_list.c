/* What a registered provider tells of itself: its algorithms, its keys, their changes. */
#include "fksp.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- algorithms ----------------------------------------------------------------------------- */

/* More than anybody has; a count above it is not one. */
#define ALGS_MAX 4096

static NTSTATUS read_algs(const NCryptAlgorithmName *list, DWORD count, struct ksp_algs *algs)
{
    TRY(ksp_algs_new(algs, count, count * sizeof(struct name)));
    struct name *names = (struct name *)(void *)(algs->list + count);
    for (DWORD i = 0; i < count; i++) {
        if (list[i].pszName == NULL)
            return NTE_INTERNAL_ERROR;
        TRY(name_read(&names[i], list[i].pszName, WIDTH_16));
        algs->list[i] = (struct ksp_alg){
            .name = names[i].s,
            .interface_id = list[i].dwClass,
            .operations = list[i].dwAlgOperations,
            .flags = list[i].dwFlags,
        };
        algs->count++;
    }
    return STATUS_SUCCESS;
}

NTSTATUS fksp_algs(struct ksp_provider *p, uint32_t operations, uint32_t flags,
                   struct ksp_algs *algs)
{
    struct fksp_call c = fksp_call(p);
    NCryptAlgorithmName *list = NULL;
    DWORD count = 0;
    TRY(fksp_status(c.f->EnumAlgorithms(c.provider, operations, &count, &list, flags)));
    NTSTATUS status = NTE_INTERNAL_ERROR;
    if (count <= ALGS_MAX && (list != NULL || count == 0))
        status = read_algs(list, count, algs);
    if (list != NULL)
        c.f->FreeBuffer(list);
    return status;
}

NTSTATUS fksp_has_alg(struct ksp_provider *p, const struct name *alg, uint32_t flags)
{
    struct fksp_call c = fksp_call(p);
    struct fksp_name wide;
    return fksp_status(c.f->IsAlgSupported(c.provider, fksp_name(&wide, alg), flags));
}

/* ---- keys ----------------------------------------------------------------------------------- */

/* An enumeration that tells of more keys than this has lost its way. */
#define KEYS_MAX (1u << 20)

struct walk {
    struct ksp_provider *provider; /* counted */
    struct fksp_text scope_buffer;
    LPCWSTR scope; /* NULL: none */
    uint32_t flags;
    uint32_t told;
    PVOID state; /* the provider's */
    struct text name;
    struct name alg;
};

NTSTATUS fksp_enum_begin(struct ksp_provider *p, const struct text *scope, uint32_t flags,
                         void **state)
{
    struct walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL)
        return NTE_NO_MEMORY;
    atomic_fetch_add(&p->refs, 1);
    walk->provider = p;
    walk->scope = fksp_text(&walk->scope_buffer, scope);
    walk->flags = flags;
    *state = walk;
    return STATUS_SUCCESS;
}

static NTSTATUS read_entry(struct walk *walk, const NCryptKeyName *key, struct ksp_entry *entry)
{
    if (text_read(&walk->name, key->pszName, TEXT_MAX_CHARS, WIDTH_16) < 0 ||
        name_read(&walk->alg, key->pszAlgid, WIDTH_16) < 0)
        return NTE_INTERNAL_ERROR;
    *entry = (struct ksp_entry){
        .name = &walk->name,
        .alg = walk->alg.s,
        .spec = key->dwLegacyKeySpec,
        .flags = key->dwFlags,
    };
    return STATUS_SUCCESS;
}

NTSTATUS fksp_enum_next(void *state, struct ksp_entry *entry)
{
    struct walk *walk = state;
    struct fksp_call c = fksp_call(walk->provider);
    NCryptKeyName *key = NULL;
    if (walk->told == KEYS_MAX)
        return NTE_INTERNAL_ERROR;
    TRY(fksp_status(c.f->EnumKeys(c.provider, walk->scope, &key, &walk->state, walk->flags)));
    if (key == NULL)
        return NTE_INTERNAL_ERROR;
    walk->told++;
    NTSTATUS status = read_entry(walk, key, entry);
    c.f->FreeBuffer(key);
    return status;
}

void fksp_enum_end(void *state)
{
    struct walk *walk = state;
    if (walk->state != NULL)
        fksp_call(walk->provider).f->FreeBuffer(walk->state);
    ksp_provider_unref(walk->provider);
    free(walk);
}

/* ---- changes -------------------------------------------------------------------------------- */

/* The event is a descriptor, and the caller's from then on: closing it ends the registration. */
NTSTATUS fksp_notify(struct ksp_provider *p, uint32_t flags, int *descriptor)
{
    struct fksp_call c = fksp_call(p);
    HANDLE event = NULL;
    SECURITY_STATUS status = c.f->NotifyChangeKey(c.provider, &event, flags);
    TRY(fksp_made(status, (uintptr_t)event));
    intptr_t n = (intptr_t)event;
    if (n < 0 || n > INT32_MAX)
        return NTE_INTERNAL_ERROR;
    *descriptor = (int)n;
    return STATUS_SUCCESS;
}
