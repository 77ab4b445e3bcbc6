/* Key derivation: with the key of a key derivation function, from a password, from a hash. */
#include "router.h"

NTSTATUS router_key_derivation(const void *handle, const struct params *params, uint32_t flags,
                               const struct out *o)
{
    KEY_USE u;
    TRY(key_enter(handle, true, &u));
    const struct sym_class *class = u.key->class->sym;
    if (class == NULL || class->derive == NULL)
        return STATUS_NOT_SUPPORTED;
    if (o->result == NULL || o->p == NULL || o->cap == 0 ||
        (params->count > 0 && params->list == NULL))
        return STATUS_INVALID_PARAMETER;
    return class->derive(u.key, params, flags, o);
}

NTSTATUS WINAPI BCryptDeriveKeyPBKDF2(BCRYPT_ALG_HANDLE hPrf, PUCHAR pbPassword, ULONG cbPassword,
                                      PUCHAR pbSalt, ULONG cbSalt, ULONGLONG cIterations,
                                      PUCHAR pbDerivedKey, ULONG cbDerivedKey, ULONG dwFlags)
{
    ALG_USE u;
    TRY(alg_enter(hPrf, &u));
    const struct hash_class *ops = alg_hash(u.alg);
    if ((pbPassword == NULL && cbPassword > 0) || (pbSalt == NULL && cbSalt > 0) ||
        cIterations == 0 || pbDerivedKey == NULL || cbDerivedKey == 0 || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    if (ops == NULL || !ops->keyed || ops->pbkdf2 == NULL)
        return STATUS_INVALID_PARAMETER;
    return ops->pbkdf2(u.alg, (struct span){pbPassword, cbPassword}, (struct span){pbSalt, cbSalt},
                       cIterations, pbDerivedKey, cbDerivedKey);
}

/* A NULL hash is a missing parameter here, another dead one an invalid handle (observed on Windows). */
NTSTATUS WINAPI BCryptDeriveKeyCapi(BCRYPT_HASH_HANDLE hHash, BCRYPT_ALG_HANDLE hTargetAlg,
                                    PUCHAR pbDerivedKey, ULONG cbDerivedKey, ULONG dwFlags)
{
    if (hHash == NULL)
        return STATUS_INVALID_PARAMETER;
    HASH_USE u;
    TRY(hash_enter(hHash, &u));
    ALG_USE target = {.alg = NULL};
    if (hTargetAlg != NULL)
        TRY(alg_enter(hTargetAlg, &target));
    struct hash *h = u.hash;
    if (h->state != HASH_OPEN)
        return STATUS_INVALID_HANDLE;
    if (pbDerivedKey == NULL || cbDerivedKey == 0 || dwFlags != 0 || h->ops->capi == NULL ||
        cbDerivedKey > 2 * h->ops->length)
        return STATUS_INVALID_PARAMETER;
    bool expand = target.alg != NULL && target.alg->class->capi_expands;
    TRY(h->ops->capi(h, expand, pbDerivedKey, cbDerivedKey));
    hash_restart(h);
    return STATUS_SUCCESS;
}
