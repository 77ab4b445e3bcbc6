/* Agreed secrets, and what is derived from them and from the keys of key derivation functions. */
#include "soft.h"

#include <stdlib.h>

NTSTATUS soft_agree(struct ksp_key *own, struct ksp_key *peer, uint32_t flags,
                    struct ksp_secret **secret)
{
    struct soft_key *k = soft_key_of(own);
    struct soft_key *other = soft_key_of(peer);
    if ((k->alg->facts.operations & NCRYPT_SECRET_AGREEMENT_OPERATION) == 0)
        return NTE_NOT_SUPPORTED;
    TRY(soft_allows(k, NCRYPT_ALLOW_KEY_AGREEMENT_FLAG));
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, flags, &whole));
    if (!other->alg->class->public_part)
        return NTE_INVALID_PARAMETER;
    struct soft_secret *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NTE_NO_MEMORY;
    NTSTATUS status = BCryptSecretAgreement(whole, other->known, &made->agreed, 0);
    if (status < 0) {
        free(made);
        return status;
    }
    ksp_secret_init(&made->base, own->provider);
    *secret = &made->base;
    return STATUS_SUCCESS;
}

void soft_secret_free(struct ksp_secret *secret)
{
    struct soft_secret *s = CONTAINER_OF(secret, struct soft_secret, base);
    BCryptDestroySecret(s->agreed);
    free(s);
}

/* A caller's list with its strings as bcrypt.h takes them; everything else is passed on as it is. */
#define LIST_MAX 64

struct kdf_list {
    BCryptBufferDesc desc;
    BCryptBuffer buffers[LIST_MAX];
    struct soft_wide hashes[2]; /* more than one is refused where it is used */
};

static NTSTATUS read_list(struct kdf_list *list, const struct ksp_params *params)
{
    if (params->count > LIST_MAX)
        return NTE_INVALID_PARAMETER;
    list->desc = (BCryptBufferDesc){.ulVersion = BCRYPTBUFFER_VERSION,
                                    .cBuffers = (ULONG)params->count,
                                    .pBuffers = list->buffers};
    size_t hashes = 0;
    for (size_t i = 0; i < params->count; i++) {
        list->buffers[i] = params->list[i];
        if (params->list[i].BufferType != KDF_HASH_ALGORITHM)
            continue;
        struct name name;
        if (hashes == ARRAY_COUNT(list->hashes))
            return NTE_INVALID_PARAMETER;
        TRY(name_read_counted(&name, params->list[i].pvBuffer, params->list[i].cbBuffer,
                              params->width));
        list->buffers[i].pvBuffer = (PVOID)soft_wide(&list->hashes[hashes++], name.s);
        list->buffers[i].cbBuffer = (ULONG)((wide_length(name.s, WIDTH_16) + 1) * sizeof(WCHAR));
    }
    return STATUS_SUCCESS;
}

NTSTATUS soft_derive(struct ksp_secret *secret, const struct name *kdf,
                     const struct ksp_params *params, uint32_t flags, const struct out *o)
{
    struct soft_secret *s = CONTAINER_OF(secret, struct soft_secret, base);
    struct kdf_list list;
    struct soft_wide name;
    TRY(read_list(&list, params));
    return BCryptDeriveKey(s->agreed, soft_wide(&name, kdf->s), &list.desc, o->p, o->cap,
                           (ULONG *)o->result, flags & ~(ULONG)NCRYPT_SILENT_FLAG);
}

NTSTATUS soft_key_derivation(struct ksp_key *key, const struct ksp_params *params, uint32_t flags,
                             const struct out *o)
{
    struct soft_key *k = soft_key_of(key);
    if ((k->alg->facts.operations & NCRYPT_KEY_DERIVATION_OPERATION) == 0)
        return NTE_NOT_SUPPORTED;
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, flags, &whole));
    struct kdf_list list;
    TRY(read_list(&list, params));
    return BCryptKeyDerivation(whole, &list.desc, o->p, o->cap, (ULONG *)o->result,
                               flags & ~(ULONG)NCRYPT_SILENT_FLAG);
}
