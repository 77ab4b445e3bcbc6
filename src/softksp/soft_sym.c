/* Symmetric keys: of ciphers, whose bytes are drawn, and of key derivation functions, whose secret the
 * program gives. They have no public part. */
#include "soft.h"

static bool length_fits(const NCRYPT_SUPPORTED_LENGTHS *l, uint32_t bits)
{
    return bits >= l->dwMinLength && bits <= l->dwMaxLength &&
           (l->dwIncrement == 0 || (bits - l->dwMinLength) % l->dwIncrement == 0);
}

static uint32_t bits_of(const struct soft_key *k)
{
    return k->bits != 0 ? k->bits : k->alg->lengths.dwDefaultLength;
}

static NTSTATUS begin(struct soft_key *k)
{
    return length_fits(&k->alg->lengths, bits_of(k)) ? STATUS_SUCCESS : NTE_INVALID_PARAMETER;
}

static NTSTATUS make_of(struct soft_key *k, struct span bytes)
{
    SCOPED_ALG alg = NULL;
    TRY(soft_alg_open(k, k->alg->id, &alg));
    TRY(BCryptGenerateSymmetricKey(alg, &k->known, NULL, 0, (PUCHAR)bytes.p, (ULONG)bytes.n, 0));
    k->has_private = true;
    atomic_store(&k->whole, k->known);
    return STATUS_SUCCESS;
}

static NTSTATUS make_cipher(struct soft_key *k, uint32_t flags)
{
    (void)flags;
    SECRET bytes = {NULL, 0};
    TRY(secret_new(&bytes, bits_of(k) / 8));
    TRY(BCryptGenRandom(NULL, bytes.p, (ULONG)bytes.n, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    return make_of(k, secret_span(&bytes));
}

static NTSTATUS make_kdf(struct soft_key *k, uint32_t flags)
{
    (void)flags;
    if (k->kdf_secret.p == NULL)
        return NTE_INVALID_PARAMETER; /* nothing to derive from */
    return make_of(k, secret_span(&k->kdf_secret));
}

static NTSTATUS load(const struct soft_key *k, LPCWSTR type, struct span blob, uint32_t flags,
                     BCRYPT_KEY_HANDLE *key)
{
    (void)flags;
    SCOPED_ALG alg = NULL;
    TRY(soft_alg_open(k, k->alg->id, &alg));
    return BCryptImportKey(alg, NULL, type, key, NULL, 0, (PUCHAR)blob.p, (ULONG)blob.n, 0);
}

/* How NCRYPT_CIPHER_PADDING_INFO says what bcrypt.h is told by arguments. The structure of an
 * authenticated mode comes serialized, its pointers into the same buffer. */
struct cipher_call {
    VOID *info;
    PUCHAR iv;
    ULONG iv_size;
    ULONG flags;
};

static NTSTATUS read_info(const struct ksp_crypt *call, struct cipher_call *out)
{
    *out = (struct cipher_call){.info = NULL};
    if ((call->flags & NCRYPT_PAD_CIPHER_FLAG) == 0)
        return STATUS_SUCCESS;
    const NCRYPT_CIPHER_PADDING_INFO *info = call->info;
    if (info == NULL || info->cbSize < sizeof *info ||
        (info->dwFlags &
         ~(DWORD)(NCRYPT_CIPHER_BLOCK_PADDING_FLAG | NCRYPT_CIPHER_OTHER_PADDING_FLAG)) != 0)
        return NTE_INVALID_PARAMETER;
    out->iv = info->pbIV;
    out->iv_size = info->cbIV;
    if ((info->dwFlags & NCRYPT_CIPHER_BLOCK_PADDING_FLAG) != 0)
        out->flags = BCRYPT_BLOCK_PADDING;
    if ((info->dwFlags & NCRYPT_CIPHER_OTHER_PADDING_FLAG) != 0) {
        if (info->pbOtherInfo == NULL ||
            info->cbOtherInfo < sizeof(BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO))
            return NTE_INVALID_PARAMETER;
        out->info = info->pbOtherInfo;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS crypt(struct soft_key *k, const struct ksp_crypt *call, const struct out *o)
{
    if ((call->flags & ~(uint32_t)(NCRYPT_PAD_CIPHER_FLAG | NCRYPT_SILENT_FLAG)) != 0)
        return NTE_BAD_FLAGS;
    TRY(soft_allows(k, NCRYPT_ALLOW_DECRYPT_FLAG));
    struct cipher_call how;
    TRY(read_info(call, &how));
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, call->flags, &whole));
    return (call->encrypt ? BCryptEncrypt : BCryptDecrypt)(
        whole, (PUCHAR)call->in.p, (ULONG)call->in.n, how.info, how.iv, how.iv_size, o->p, o->cap,
        (ULONG *)o->result, how.flags);
}

const struct soft_class soft_cipher_class = {
    .begin = begin,
    .make = make_cipher,
    .load = load,
    .crypt = crypt,
};

const struct soft_class soft_kdf_class = {
    .make = make_kdf,
    .load = load,
};
