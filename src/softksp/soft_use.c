/*
 * Signing, encrypting, encapsulating: the key's handle of bcrypt.h does it, after the key's usage was
 * looked at. Nothing here allocates or locks.
 */
#include "soft.h"

/* The structures of bcrypt.h for what the border decoded. */
struct sign_info {
    struct soft_wide hash;
    union {
        BCRYPT_PKCS1_PADDING_INFO pkcs1;
        BCRYPT_PSS_PADDING_INFO pss;
        BCRYPT_PQDSA_PADDING_INFO pq;
    };
};

static VOID *sign_info(struct sign_info *info, const struct padding *pad)
{
    if (!pad->present)
        return NULL;
    LPCWSTR hash = pad->has_hash ? soft_wide(&info->hash, pad->hash.s) : NULL;
    if ((pad->flags & BCRYPT_PAD_PSS) != 0)
        info->pss = (BCRYPT_PSS_PADDING_INFO){hash, pad->salt};
    else if ((pad->flags & BCRYPT_PAD_PQDSA) != 0)
        info->pq = (BCRYPT_PQDSA_PADDING_INFO){(PUCHAR)pad->context.p, (ULONG)pad->context.n, hash};
    else
        info->pkcs1 = (BCRYPT_PKCS1_PADDING_INFO){hash};
    return &info->pkcs1;
}

NTSTATUS soft_sign(struct ksp_key *key, const struct padding *pad, struct span hash, uint32_t flags,
                   const struct out *o)
{
    struct soft_key *k = soft_key_of(key);
    if ((k->alg->facts.operations & NCRYPT_SIGNATURE_OPERATION) == 0 && k->alg->twin == NULL)
        return NTE_BAD_ALGID; /* documented; verifying says NTE_NOT_SUPPORTED */
    TRY(soft_allows(k, NCRYPT_ALLOW_SIGNING_FLAG));
    /* How long a signature is, the public part knows: nobody is asked for that. */
    BCRYPT_KEY_HANDLE signer;
    TRY(o->p == NULL ? soft_verifier(k, &signer) : soft_signer(k, flags, &signer));
    struct sign_info info;
    NTSTATUS status = BCryptSignHash(signer, sign_info(&info, pad), (PUCHAR)hash.p, (ULONG)hash.n,
                                     o->p, o->cap, (ULONG *)o->result, pad->flags);
    /* How long a signature is does not depend on its padding, and Windows tells it without one: xmlsec1 asks
     * so of RSA keys. */
    if (status == STATUS_INVALID_PARAMETER && o->p == NULL && !pad->present && pad->flags == 0) {
        info.pkcs1 = (BCRYPT_PKCS1_PADDING_INFO){NULL};
        status = BCryptSignHash(signer, &info.pkcs1, (PUCHAR)hash.p, (ULONG)hash.n, NULL, 0,
                                (ULONG *)o->result, BCRYPT_PAD_PKCS1);
    }
    return status;
}

NTSTATUS soft_verify(struct ksp_key *key, const struct padding *pad, struct span hash,
                     struct span sig, uint32_t flags)
{
    struct soft_key *k = soft_key_of(key);
    (void)flags; /* a public key asks nobody */
    if ((k->alg->facts.operations & NCRYPT_SIGNATURE_OPERATION) == 0 && k->alg->twin == NULL)
        return NTE_NOT_SUPPORTED;
    BCRYPT_KEY_HANDLE known;
    TRY(soft_verifier(k, &known));
    struct sign_info info;
    return BCryptVerifySignature(known, sign_info(&info, pad), (PUCHAR)hash.p, (ULONG)hash.n,
                                 (PUCHAR)sig.p, (ULONG)sig.n, pad->flags);
}

NTSTATUS soft_crypt(struct ksp_key *key, const struct ksp_crypt *call, const struct out *o)
{
    struct soft_key *k = soft_key_of(key);
    return k->alg->class->crypt == NULL ? NTE_NOT_SUPPORTED : k->alg->class->crypt(k, call, o);
}

NTSTATUS soft_encapsulate(struct ksp_key *key, const struct out *secret,
                          const struct out *ciphertext)
{
    struct soft_key *k = soft_key_of(key);
    if ((k->alg->facts.operations & NCRYPT_KEY_ENCAPSULATION_OPERATION) == 0)
        return NTE_NOT_SUPPORTED;
    return BCryptEncapsulate(k->known, secret->p, secret->cap, (ULONG *)secret->result,
                             ciphertext->p, ciphertext->cap, (ULONG *)ciphertext->result, 0);
}

NTSTATUS soft_decapsulate(struct ksp_key *key, struct span ciphertext, const struct out *secret)
{
    struct soft_key *k = soft_key_of(key);
    if ((k->alg->facts.operations & NCRYPT_KEY_ENCAPSULATION_OPERATION) == 0)
        return NTE_NOT_SUPPORTED;
    TRY(soft_allows(k, NCRYPT_ALLOW_KEY_AGREEMENT_FLAG));
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, 0, &whole));
    return BCryptDecapsulate(whole, (PUCHAR)ciphertext.p, (ULONG)ciphertext.n, secret->p,
                             secret->cap, (ULONG *)secret->result, 0);
}
