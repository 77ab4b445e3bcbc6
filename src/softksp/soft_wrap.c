/*
 * PKCS11RsaAesWrapBlob: a key for the owner of an RSA key, as PKCS #11's CKM_RSA_AES_KEY_WRAP has it.
 *
 *   RSA-OAEP(K) | AES key wrap with padding (RFC 5649) under K of the key's PKCS #8
 *
 * K is drawn for each export. Symmetric keys have no PKCS #8, and what a blob of theirs is a key of nobody could
 * tell: they are not exported so.
 */
#include "soft_format.h"

#include <string.h>

#include "cipher_blob.h"
#include "ct.h"
#include "ncrypt_blob.h"

#define USUAL_HASH "SHA256"
#define USUAL_BITS 256
#define WORD ((size_t)8) /* bytes */
#define ROUNDS 6

/* ---- RFC 5649 ------------------------------------------------------------------------------- */

static const uint8_t alternative[4] = {0xA6, 0x59, 0x59, 0xA6};

static NTSTATUS ecb_key(const struct secret *kek, BCRYPT_KEY_HANDLE *key)
{
    return BCryptGenerateSymmetricKey(BCRYPT_AES_ECB_ALG_HANDLE, key, NULL, 0, kek->p,
                                      (ULONG)kek->n, 0);
}

/* A := A xor t, t as a big-endian word. */
static void add_count(uint8_t a[WORD], uint64_t t)
{
    for (size_t i = WORD; i-- > 0; t >>= 8)
        a[i] ^= (uint8_t)t;
}

/* RFC 3394 2.2.1 in place: `bytes` has the initial value's place and then n words. */
static NTSTATUS wrap_words(BCRYPT_KEY_HANDLE key, uint8_t *bytes, size_t n)
{
    SECRET block = {NULL, 0};
    TRY(secret_new(&block, 2 * WORD));
    ULONG size;
    for (uint64_t j = 0; j < ROUNDS; j++) {
        for (uint64_t i = 1; i <= n; i++) {
            memcpy(block.p, bytes, WORD);
            memcpy(block.p + WORD, bytes + i * WORD, WORD);
            TRY(BCryptEncrypt(key, block.p, 2 * WORD, NULL, NULL, 0, block.p, 2 * WORD, &size, 0));
            memcpy(bytes, block.p, WORD);
            add_count(bytes, n * j + i);
            memcpy(bytes + i * WORD, block.p + WORD, WORD);
        }
    }
    return STATUS_SUCCESS;
}

static NTSTATUS unwrap_words(BCRYPT_KEY_HANDLE key, uint8_t *bytes, size_t n)
{
    SECRET block = {NULL, 0};
    TRY(secret_new(&block, 2 * WORD));
    ULONG size;
    for (uint64_t j = ROUNDS; j-- > 0;) {
        for (uint64_t i = n; i >= 1; i--) {
            memcpy(block.p, bytes, WORD);
            add_count(block.p, n * j + i);
            memcpy(block.p + WORD, bytes + i * WORD, WORD);
            TRY(BCryptDecrypt(key, block.p, 2 * WORD, NULL, NULL, 0, block.p, 2 * WORD, &size, 0));
            memcpy(bytes, block.p, WORD);
            memcpy(bytes + i * WORD, block.p + WORD, WORD);
        }
    }
    return STATUS_SUCCESS;
}

static size_t wrapped_bytes(size_t n)
{
    return (n + WORD - 1) / WORD * WORD + WORD;
}

/* `out` has room for wrapped_bytes. Files are longer than one word. */
static NTSTATUS wrap(const struct secret *kek, struct span plain, uint8_t *out)
{
    SCOPED_KEY key = NULL;
    TRY(ecb_key(kek, &key));
    size_t all = wrapped_bytes(plain.n);
    struct wr w = wr_into(out, all);
    wr_bytes(&w, alternative, sizeof alternative);
    wr_be32(&w, (uint32_t)plain.n);
    wr_span(&w, plain);
    wr_zero(&w, all - w.n);
    return wrap_words(key, out, all / WORD - 1);
}

static NTSTATUS unwrap(const struct secret *kek, struct span wrapped, struct secret *plain)
{
    if (wrapped.n % WORD != 0 || wrapped.n < 3 * WORD)
        return NTE_BAD_DATA;
    SCOPED_KEY key = NULL;
    TRY(ecb_key(kek, &key));
    SECRET bytes = {NULL, 0};
    TRY(secret_copy(&bytes, wrapped));
    TRY(unwrap_words(key, bytes.p, bytes.n / WORD - 1));
    struct rd r = rd_of((struct span){bytes.p + sizeof alternative, sizeof alternative});
    size_t room = bytes.n - WORD;
    size_t n = rd_be32(&r);
    bool good = ct_equal(bytes.p, alternative, sizeof alternative);
    good &= n <= room && n + WORD > room;
    if (!good || !ct_all_zero(bytes.p + WORD + n, room - n))
        return NTE_BAD_DATA;
    return secret_copy(plain, (struct span){bytes.p + WORD, n});
}

/* ---- the blob ------------------------------------------------------------------------------- */

/* What the parameter list chooses, or the usual. */
struct choice {
    struct name hash;
    struct soft_wide wide_hash;
    struct in label;
    ULONG bits;
};

static NTSTATUS choose(const struct ksp_params *params, struct choice *c)
{
    struct in hash = ksp_param(params, NCRYPTBUFFER_PKCS_PADDING_ALGO);
    struct in bits = ksp_param(params, NCRYPTBUFFER_PKCS_AES_KEY_BITS);
    c->label = ksp_param(params, NCRYPTBUFFER_PKCS_PADDING_LABEL);
    c->bits = USUAL_BITS;
    strcpy(c->hash.s, USUAL_HASH);
    if (hash.p != NULL)
        TRY(in_name(&hash, &c->hash));
    if (bits.p != NULL)
        TRY(in_u32(&bits, &c->bits));
    soft_wide(&c->wide_hash, c->hash.s);
    return c->bits == 128 || c->bits == 192 || c->bits == 256 ? STATUS_SUCCESS
                                                              : NTE_INVALID_PARAMETER;
}

NTSTATUS soft_wrap_write(const struct soft_format *f, const struct soft_call *call,
                         const struct out *o)
{
    (void)f;
    struct choice c;
    TRY(choose(call->params, &c));
    if (!soft_is_rsa(call->wrap))
        return NTE_INVALID_PARAMETER;
    SECRET file = {NULL, 0};
    TRY(soft_pkcs8_file(call, &file));

    BCRYPT_OAEP_PADDING_INFO oaep = {c.wide_hash.s, (PUCHAR)c.label.p, c.label.n};
    ULONG rsa_bytes;
    SECRET kek = {NULL, 0};
    TRY(secret_new(&kek, c.bits / 8));
    TRY(BCryptEncrypt(call->wrap->known, kek.p, (ULONG)kek.n, &oaep, NULL, 0, NULL, 0, &rsa_bytes,
                      BCRYPT_PAD_OAEP));
    SECRET both = {NULL, 0};
    TRY(secret_new(&both, rsa_bytes + wrapped_bytes(file.n)));
    uint8_t hash[sizeof c.wide_hash];
    struct wr name = wr_into(hash, sizeof hash);
    wr_utf16(&name, c.hash.s);
    const struct rsa_aes_blob blob = {
        .key = secret_span(&both),
        .hash = span_of(hash, name.n),
        .label = in_span(&c.label),
    };
    struct wr count = wr_count();
    rsa_aes_blob_encode(&blob, &count);
    uint8_t *dst;
    TRY(out_begin(o, count.n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    TRY(BCryptGenRandom(NULL, kek.p, (ULONG)kek.n, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    TRY(BCryptEncrypt(call->wrap->known, kek.p, (ULONG)kek.n, &oaep, NULL, 0, both.p, rsa_bytes,
                      &rsa_bytes, BCRYPT_PAD_OAEP));
    TRY(wrap(&kek, secret_span(&file), both.p + rsa_bytes));
    struct wr w = wr_into(dst, count.n);
    rsa_aes_blob_encode(&blob, &w);
    return STATUS_SUCCESS;
}

NTSTATUS soft_wrap_read(const struct soft_format *f, const struct soft_call *call, struct span in,
                        struct soft_material *m)
{
    (void)f;
    struct rsa_aes_blob blob;
    struct name hash;
    struct soft_wide wide;
    TRY(ncrypt_head_check(in, sizeof(BCRYPT_PKCS11_RSA_AES_WRAP_BLOB), 0,
                          BCRYPT_PKCS11_RSA_AES_WRAP_BLOB_MAGIC));
    if (rsa_aes_blob_decode(in, &blob) < 0)
        return NTE_BAD_DATA;
    if (!soft_is_rsa(call->wrap))
        return NTE_INVALID_PARAMETER;
    TRY(name_read_stored(&hash, blob.hash));
    TRY(soft_allows(call->wrap, NCRYPT_ALLOW_DECRYPT_FLAG));
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(call->wrap, call->flags, &whole));
    ULONG bits;
    ULONG n;
    TRY(BCryptGetProperty(whole, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, &n, 0));
    ULONG rsa_bytes = (bits + 7) / 8;
    if (blob.key.n <= rsa_bytes)
        return NTE_BAD_DATA;
    BCRYPT_OAEP_PADDING_INFO oaep = {soft_wide(&wide, hash.s), (PUCHAR)blob.label.p,
                                     (ULONG)blob.label.n};
    SECRET opened = {NULL, 0};
    TRY(secret_new(&opened, rsa_bytes));
    if (BCryptDecrypt(whole, (PUCHAR)blob.key.p, rsa_bytes, &oaep, NULL, 0, opened.p, rsa_bytes, &n,
                      BCRYPT_PAD_OAEP) < 0)
        return NTE_BAD_DATA;
    SECRET kek = {NULL, 0};
    SECRET file = {NULL, 0};
    TRY(secret_copy(&kek, (struct span){opened.p, n}));
    TRY(unwrap(&kek, (struct span){blob.key.p + rsa_bytes, blob.key.n - rsa_bytes}, &file));
    return soft_pkcs8_take(call, secret_span(&file), m);
}
