/* Using keys and secrets of a registered provider: each slot is one call of the table. */
#include "fksp.h"

#include <stdlib.h>

/* The structure of a padding that the border read. */
struct padding_info {
    struct fksp_name hash;
    union {
        BCRYPT_PKCS1_PADDING_INFO pkcs1;
        BCRYPT_PSS_PADDING_INFO pss;
        BCRYPT_PQDSA_PADDING_INFO pq;
        BCRYPT_OAEP_PADDING_INFO oaep;
    };
};

/* The flags say which structure it is, in the border's order. One that they do not name is passed as the caller
 * gave it: what it holds is between the program and the provider. */
static VOID *padding_info(struct padding_info *info, const struct padding *pad)
{
    LPCWSTR hash = pad->has_hash ? fksp_name(&info->hash, &pad->hash) : NULL;
    if (!pad->present)
        return NULL;
    if ((pad->flags & BCRYPT_PAD_PSS) != 0)
        info->pss = (BCRYPT_PSS_PADDING_INFO){hash, pad->salt};
    else if ((pad->flags & BCRYPT_PAD_PQDSA) != 0)
        info->pq = (BCRYPT_PQDSA_PADDING_INFO){(PUCHAR)pad->context.p, (ULONG)pad->context.n, hash};
    else if ((pad->flags & BCRYPT_PAD_OAEP) != 0)
        info->oaep = (BCRYPT_OAEP_PADDING_INFO){hash, (PUCHAR)pad->label.p, (ULONG)pad->label.n};
    else if ((pad->flags & BCRYPT_PAD_PKCS1) != 0)
        info->pkcs1 = (BCRYPT_PKCS1_PADDING_INFO){hash};
    else
        return (VOID *)pad->info;
    return &info->pkcs1;
}

NTSTATUS fksp_sign(struct ksp_key *key, const struct padding *pad, struct span hash, uint32_t flags,
                   const struct out *o)
{
    struct fksp_call c = fksp_call(key->provider);
    struct padding_info info;
    FKSP_USE u;
    TRY(fksp_enter(key, &u));
    DWORD n = 0;
    SECURITY_STATUS status =
        c.f->SignHash(c.provider, u.handle, padding_info(&info, pad), (PBYTE)hash.p, (DWORD)hash.n,
                      o->p, fksp_room(o), &n, flags);
    return fksp_answer(status, o, n);
}

NTSTATUS fksp_verify(struct ksp_key *key, const struct padding *pad, struct span hash,
                     struct span sig, uint32_t flags)
{
    struct fksp_call c = fksp_call(key->provider);
    struct padding_info info;
    FKSP_USE u;
    TRY(fksp_enter(key, &u));
    return fksp_status(c.f->VerifySignature(c.provider, u.handle, padding_info(&info, pad),
                                            (PBYTE)hash.p, (DWORD)hash.n, (PBYTE)sig.p,
                                            (DWORD)sig.n, flags));
}

NTSTATUS fksp_crypt(struct ksp_key *key, const struct ksp_crypt *call, const struct out *o)
{
    struct fksp_call c = fksp_call(key->provider);
    NCryptEncryptFn function = call->encrypt ? c.f->Encrypt : c.f->Decrypt;
    if (function == NULL)
        return NTE_NOT_SUPPORTED;
    struct padding_info info;
    FKSP_USE u;
    TRY(fksp_enter(key, &u));
    DWORD n = 0;
    SECURITY_STATUS status =
        function(c.provider, u.handle, (PBYTE)call->in.p, (DWORD)call->in.n,
                 padding_info(&info, &call->pad), o->p, fksp_room(o), &n, call->flags);
    return fksp_answer(status, o, n);
}

NTSTATUS fksp_agree(struct ksp_key *own, struct ksp_key *peer, uint32_t flags,
                    struct ksp_secret **secret)
{
    struct fksp_call c = fksp_call(own->provider);
    FKSP_USE u;
    TRY(fksp_enter(own, &u));
    FKSP_USE with;
    TRY(fksp_enter(peer, &with));
    struct fksp_secret *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NTE_NO_MEMORY;
    SECURITY_STATUS status =
        c.f->SecretAgreement(c.provider, u.handle, with.handle, &made->handle, flags);
    NTSTATUS inside = fksp_made(status, made->handle);
    if (inside < 0) {
        free(made);
        return inside;
    }
    ksp_secret_init(&made->base, own->provider);
    *secret = &made->base;
    return STATUS_SUCCESS;
}

void fksp_secret_free(struct ksp_secret *secret)
{
    struct fksp_secret *s = CONTAINER_OF(secret, struct fksp_secret, base);
    struct fksp_call c = fksp_call(secret->provider);
    c.f->FreeSecret(c.provider, s->handle);
    free(s);
}

NTSTATUS fksp_derive(struct ksp_secret *secret, const struct name *kdf,
                     const struct ksp_params *params, uint32_t flags, const struct out *o)
{
    struct fksp_call c = fksp_call(secret->provider);
    struct fksp_name wide_kdf;
    FKSP_PARAMS list;
    TRY(fksp_params_init(&list, params));
    DWORD n = 0;
    SECURITY_STATUS status =
        c.f->DeriveKey(c.provider, CONTAINER_OF(secret, struct fksp_secret, base)->handle,
                       fksp_name(&wide_kdf, kdf), list.list, o->p, fksp_room(o), &n, flags);
    return fksp_answer(status, o, n);
}

NTSTATUS fksp_key_derivation(struct ksp_key *key, const struct ksp_params *params, uint32_t flags,
                             const struct out *o)
{
    struct fksp_call c = fksp_call(key->provider);
    FKSP_PARAMS list;
    TRY(fksp_params_init(&list, params));
    FKSP_USE u;
    TRY(fksp_enter(key, &u));
    DWORD n = 0;
    SECURITY_STATUS status =
        c.f->KeyDerivation(c.provider, u.handle, list.list, o->p, fksp_room(o), &n, flags);
    return fksp_answer(status, o, n);
}
