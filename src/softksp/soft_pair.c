/* Key pairs: generated, and imported from blobs, by bcrypt.h. */
#include "soft.h"

static bool length_fits(const NCRYPT_SUPPORTED_LENGTHS *l, uint32_t bits)
{
    return bits >= l->dwMinLength && bits <= l->dwMaxLength &&
           (l->dwIncrement == 0 || (bits - l->dwMinLength) % l->dwIncrement == 0);
}

/* The length that the pair is begun with: of the setting, asked for, usual. 0: not a question. */
static uint32_t bits_of(const struct soft_key *k)
{
    uint32_t bits = k->setting != NULL && k->setting->bits != NULL
                        ? k->setting->bits(secret_span(&k->value))
                        : 0;
    return bits != 0 ? bits : k->bits != 0 ? k->bits : k->alg->lengths.dwDefaultLength;
}

/* An empty pair of bcrypt.h: it refuses what cannot be generated, and answers properties. */
static NTSTATUS begin(struct soft_key *k)
{
    uint32_t bits = bits_of(k);
    if (k->alg->lengths.dwMaxLength != 0 && !length_fits(&k->alg->lengths, bits))
        return NTE_INVALID_PARAMETER;
    SCOPED_ALG alg = NULL;
    TRY(soft_alg_open(k, k->alg->id, &alg));
    SCOPED_KEY made = NULL;
    TRY(BCryptGenerateKeyPair(alg, &made, bits, 0));
    if (k->setting != NULL && !k->setting->on_alg)
        TRY(BCryptSetProperty(made, k->setting->id, k->value.p, (ULONG)k->value.n, 0));
    if (k->known != NULL)
        BCryptDestroyKey(k->known);
    k->known = made;
    made = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS make(struct soft_key *k, uint32_t flags)
{
    (void)flags; /* fresh keys are valid by construction */
    TRY(BCryptFinalizeKeyPair(k->known, 0));
    k->has_private = true;
    atomic_store(&k->whole, k->known);
    return STATUS_SUCCESS;
}

static NTSTATUS load(struct soft_key *k, LPCWSTR type, struct span blob, uint32_t flags,
                     BCRYPT_KEY_HANDLE *key)
{
    SCOPED_ALG alg = NULL;
    TRY(soft_alg_open(k, k->alg->id, &alg));
    return BCryptImportKeyPair(alg, NULL, type, key, (PUCHAR)blob.p, (ULONG)blob.n,
                               flags & NCRYPT_NO_KEY_VALIDATION);
}

/* PKCS#1, OAEP and raw RSA. A NULL length of 0 is not an empty message. */
static NTSTATUS crypt(struct soft_key *k, const struct ksp_crypt *call, const struct out *o)
{
    struct soft_wide hash;
    BCRYPT_OAEP_PADDING_INFO oaep = {
        .pszAlgId = call->pad.has_hash ? soft_wide(&hash, call->pad.hash.s) : NULL,
        .pbLabel = (PUCHAR)call->pad.label.p,
        .cbLabel = (ULONG)call->pad.label.n,
    };
    ULONG flags = call->flags & ~(ULONG)NCRYPT_SILENT_FLAG;
    if ((flags & NCRYPT_PAD_CIPHER_FLAG) != 0)
        return NTE_BAD_FLAGS;
    VOID *info = (flags & NCRYPT_PAD_OAEP_FLAG) != 0 && call->pad.present ? &oaep : NULL;
    PUCHAR in = (PUCHAR)call->in.p;
    if (call->encrypt)
        return BCryptEncrypt(k->known, in, (ULONG)call->in.n, info, NULL, 0, o->p, o->cap,
                             (ULONG *)o->result, flags);
    TRY(soft_allows(k, NCRYPT_ALLOW_DECRYPT_FLAG));
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, call->flags, &whole));
    return BCryptDecrypt(whole, in, (ULONG)call->in.n, info, NULL, 0, o->p, o->cap,
                         (ULONG *)o->result, flags);
}

const struct soft_class soft_pair_class = {
    .begin = begin,
    .make = make,
    .load = load,
    .crypt = crypt,
    .public_part = true,
};
