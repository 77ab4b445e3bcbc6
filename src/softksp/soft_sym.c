/* Symmetric keys: of ciphers, whose bytes are drawn, and of key derivation functions, whose secret the
 * program gives. They have no public part. */
#include "soft.h"

#include <string.h>

static bool length_fits(const NCRYPT_SUPPORTED_LENGTHS *l, uint32_t bits)
{
    return bits >= l->dwMinLength && bits <= l->dwMaxLength &&
           (l->dwIncrement == 0 || (bits - l->dwMinLength) % l->dwIncrement == 0);
}

static uint32_t bits_of(const struct soft_key *k)
{
    return k->bits != 0 ? k->bits : k->alg->lengths.dwDefaultLength;
}

/* ---- mode and IV ---------------------------------------------------------------------------- */

static NTSTATUS put_mode(BCRYPT_KEY_HANDLE key, const struct name *mode)
{
    struct soft_wide wide;
    LPCWSTR s = soft_wide(&wide, mode->s);
    return BCryptSetProperty(key, BCRYPT_CHAINING_MODE, (PUCHAR)s, sizeof wide, 0);
}

static NTSTATUS put_iv(BCRYPT_KEY_HANDLE key, struct span iv)
{
    return BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, (PUCHAR)iv.p, (ULONG)iv.n, 0);
}

/* What was set before there was this handle. */
static NTSTATUS tell(struct soft_key *k, BCRYPT_KEY_HANDLE key)
{
    BUSY held = busy_take(&k->told_lock);
    if (k->mode.s[0] != '\0')
        TRY(put_mode(key, &k->mode));
    return k->iv.p == NULL ? STATUS_SUCCESS : put_iv(key, secret_span(&k->iv));
}

/* The handle that is to be told beside k->known, which judges what it is told; NULL: none. */
static BCRYPT_KEY_HANDLE other_of(struct soft_key *k)
{
    BCRYPT_KEY_HANDLE whole = atomic_load_explicit(&k->whole, memory_order_acquire);
    return whole == k->known ? NULL : whole;
}

static NTSTATUS take_mode(struct soft_key *k, const struct name *mode)
{
    BUSY held = busy_take(&k->told_lock);
    TRY(put_mode(k->known, mode));
    if (other_of(k) != NULL)
        TRY(put_mode(other_of(k), mode));
    k->mode = *mode;
    return STATUS_SUCCESS;
}

NTSTATUS soft_set_mode(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = soft_key_of(t->key);
    struct name mode;
    TRY(in_name(in, &mode));
    if (k->known == NULL)
        return NTE_NOT_SUPPORTED;
    TRY(take_mode(k, &mode));
    return (t->flags & NCRYPT_PERSIST_FLAG) == 0
               ? STATUS_SUCCESS
               : soft_built_in_set(k, t->row->name, span_of(mode.s, strlen(mode.s)), true);
}

NTSTATUS soft_set_iv(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = soft_key_of(t->key);
    SECRET iv = {NULL, 0};
    if (k->known == NULL)
        return NTE_NOT_SUPPORTED;
    TRY(secret_copy(&iv, in_span(in)));
    BUSY held = busy_take(&k->told_lock);
    TRY(put_iv(k->known, in_span(in)));
    if (other_of(k) != NULL)
        TRY(put_iv(other_of(k), in_span(in)));
    struct secret old = k->iv;
    k->iv = iv;
    iv = old; /* released by the scope */
    return STATUS_SUCCESS;
}

/* ---- making and loading --------------------------------------------------------------------- */

/* A key of these bytes becomes k->known. */
static NTSTATUS put_key(struct soft_key *k, struct span bytes)
{
    SCOPED_ALG alg = NULL;
    SCOPED_KEY made = NULL;
    TRY(soft_alg_open(k, k->alg->id, &alg));
    TRY(BCryptGenerateSymmetricKey(alg, &made, NULL, 0, (PUCHAR)bytes.p, (ULONG)bytes.n, 0));
    TRY(tell(k, made));
    BCRYPT_KEY_HANDLE old = k->known;
    k->known = made;
    made = old; /* destroyed by the scope */
    return STATUS_SUCCESS;
}

/* A key that is no secret answers and judges properties until there is another. No byte is like the next: XTS wants two different
 * halves. */
static NTSTATUS begin(struct soft_key *k)
{
    SECRET bytes = {NULL, 0};
    if (!length_fits(&k->alg->lengths, bits_of(k)))
        return NTE_INVALID_PARAMETER;
    TRY(secret_new(&bytes, bits_of(k) / 8));
    for (size_t i = 0; i < bytes.n; i++)
        bytes.p[i] = (uint8_t)(i * 37 + 1);
    return put_key(k, secret_span(&bytes));
}

static NTSTATUS make_of(struct soft_key *k, struct span bytes)
{
    TRY(put_key(k, bytes));
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

static NTSTATUS load(struct soft_key *k, LPCWSTR type, struct span blob, uint32_t flags,
                     BCRYPT_KEY_HANDLE *key)
{
    (void)flags;
    SCOPED_ALG alg = NULL;
    SCOPED_KEY made = NULL;
    TRY(soft_alg_open(k, k->alg->id, &alg));
    TRY(BCryptImportKey(alg, NULL, type, &made, NULL, 0, (PUCHAR)blob.p, (ULONG)blob.n, 0));
    TRY(tell(k, made));
    *key = made;
    made = NULL;
    return STATUS_SUCCESS;
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
