/*
 * Encryption under a password, as PKCS #8 files have it: PBES2 (RFC 8018) with PBKDF2 and AES or 3DES,
 * and PKCS #12's 3DES (RFC 7292), which is what Windows writes.
 *
 * The password of PBKDF2 is UTF-8; that of PKCS #12 is UTF-16, most significant byte first, and its
 * NUL counts.
 */
#include "soft_pkcs8.h"

#include <string.h>

#include "ct.h"

/* More would let a file keep a program busy for minutes. */
#define MOST_ITERATIONS 10000000u
#define USUAL_ITERATIONS 210000u
#define SALT_BYTES 16
#define MOST_SALT_BYTES 64
#define PASSWORD_CHARS TEXT_MAX_CHARS

/* ---- passwords ------------------------------------------------------------------------------ */

/* An empty password comes as NULL and 0 (observed on Windows). */
static NTSTATUS read_password(const struct in *in, struct secret *utf8)
{
    struct text text = {""};
    if (in->p != NULL && in->n >= (uint32_t)in->width) {
        static const uint8_t nul[4];
        bool empty = ct_equal(in->p, nul, (size_t)in->width);
        if (!empty)
            TRY(text_read_counted(&text, in->p, in->n, PASSWORD_CHARS, in->width));
    }
    NTSTATUS status = secret_copy(utf8, span_of(text.s, strlen(text.s) + 1));
    wipe(&text, sizeof text);
    return status;
}

/* UTF-16, big-endian, with its NUL. */
static NTSTATUS bmp_password(const struct secret *utf8, struct secret *bmp)
{
    const char *text = (const char *)utf8->p;
    TRY(secret_new(bmp, (wide_length(text, WIDTH_16) + 1) * 2));
    wide_write(bmp->p, text, WIDTH_16);
    for (size_t i = 0; i < bmp->n; i += 2) {
        uint16_t unit;
        memcpy(&unit, bmp->p + i, sizeof unit);
        bmp->p[i] = (uint8_t)(unit >> 8);
        bmp->p[i + 1] = (uint8_t)unit;
    }
    return STATUS_SUCCESS;
}

/* ---- keys from passwords -------------------------------------------------------------------- */

static NTSTATUS pbkdf2(const struct pkcs8_sealed *s, const struct secret *utf8, struct secret *key)
{
    struct soft_wide hash;
    SCOPED_ALG alg = NULL;
    TRY(BCryptOpenAlgorithmProvider(&alg, soft_wide(&hash, s->hash), NULL,
                                    BCRYPT_ALG_HANDLE_HMAC_FLAG));
    TRY(secret_new(key, s->key_bytes));
    return BCryptDeriveKeyPBKDF2(alg, utf8->p, (ULONG)utf8->n - 1, (PUCHAR)s->salt.p,
                                 (ULONG)s->salt.n, s->iterations, key->p, (ULONG)key->n, 0);
}

#define SHA1_BYTES 20
#define SHA1_BLOCK 64

/* bytes := block of `n` repeated to a multiple of the hash's block; 0 bytes stay 0. */
static size_t repeat(uint8_t *out, struct span s)
{
    size_t n = (s.n + SHA1_BLOCK - 1) / SHA1_BLOCK * SHA1_BLOCK;
    for (size_t i = 0; i < n; i++)
        out[i] = s.p[i % s.n];
    return n;
}

/* block := block + b + 1 modulo 2^512, big-endian. */
static void add(uint8_t *block, const uint8_t *b)
{
    unsigned carry = 1;
    for (size_t i = SHA1_BLOCK; i-- > 0;) {
        carry += (unsigned)block[i] + b[i];
        block[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static NTSTATUS sha1(struct span in, uint8_t out[SHA1_BYTES])
{
    return BCryptHash(BCRYPT_SHA1_ALG_HANDLE, NULL, 0, (PUCHAR)in.p, (ULONG)in.n, out, SHA1_BYTES);
}

/* RFC 7292 B.2 for SHA-1. `purpose` is 1 for a key, 2 for an IV. */
static NTSTATUS pkcs12(const struct pkcs8_sealed *s, const struct secret *bmp, uint8_t purpose,
                       uint8_t *out, size_t n)
{
    SECRET all = {NULL, 0};
    TRY(secret_new(&all, SHA1_BLOCK + 2 * SHA1_BLOCK + s->salt.n + bmp->n));
    memset(all.p, purpose, SHA1_BLOCK);
    uint8_t *varied = all.p + SHA1_BLOCK;
    size_t bytes = repeat(varied, s->salt);
    bytes += repeat(varied + bytes, secret_span(bmp));
    SECRET a = {NULL, 0};
    TRY(secret_new(&a, SHA1_BYTES + SHA1_BLOCK));
    for (;;) {
        TRY(sha1((struct span){all.p, SHA1_BLOCK + bytes}, a.p));
        for (uint32_t i = 1; i < s->iterations; i++)
            TRY(sha1((struct span){a.p, SHA1_BYTES}, a.p));
        size_t part = n < SHA1_BYTES ? n : SHA1_BYTES;
        memcpy(out, a.p, part);
        out += part;
        n -= part;
        if (n == 0)
            return STATUS_SUCCESS;
        uint8_t *b = a.p + SHA1_BYTES;
        for (size_t i = 0; i < SHA1_BLOCK; i++)
            b[i] = a.p[i % SHA1_BYTES];
        for (size_t i = 0; i < bytes; i += SHA1_BLOCK)
            add(varied + i, b);
    }
}

#define MOST_IV_BYTES 16

/* Key and IV for an envelope. */
static NTSTATUS derive(const struct pkcs8_sealed *s, const struct secret *utf8, struct secret *key,
                       uint8_t iv[MOST_IV_BYTES], size_t *iv_bytes)
{
    if (s->kdf == PKCS8_PBKDF2) {
        memcpy(iv, s->iv.p, s->iv.n);
        *iv_bytes = s->iv.n;
        return pbkdf2(s, utf8, key);
    }
    SECRET bmp = {NULL, 0};
    TRY(bmp_password(utf8, &bmp));
    TRY(secret_new(key, s->key_bytes));
    TRY(pkcs12(s, &bmp, 1, key->p, key->n));
    *iv_bytes = 8;
    return pkcs12(s, &bmp, 2, iv, *iv_bytes);
}

/* ---- CBC ------------------------------------------------------------------------------------ */

static NTSTATUS cbc_key(const struct pkcs8_sealed *s, const struct secret *key,
                        BCRYPT_KEY_HANDLE *handle)
{
    struct soft_wide cipher;
    SCOPED_ALG alg = NULL;
    TRY(BCryptOpenAlgorithmProvider(&alg, soft_wide(&cipher, s->cipher), NULL, 0));
    TRY(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)BCRYPT_CHAIN_MODE_CBC,
                          sizeof BCRYPT_CHAIN_MODE_CBC, 0));
    return BCryptGenerateSymmetricKey(alg, handle, NULL, 0, key->p, (ULONG)key->n, 0);
}

static bool is_sane(const struct pkcs8_sealed *s)
{
    return s->iterations >= 1 && s->iterations <= MOST_ITERATIONS && s->salt.n >= 1 &&
           s->salt.n <= (size_t)MOST_SALT_BYTES * 4 && s->iv.n <= MOST_IV_BYTES &&
           s->ciphertext.n >= 8;
}

/* A wrong password and damage look the same: NTE_BAD_DATA, mostly from what is inside. */
NTSTATUS soft_pbe_open(const struct pkcs8_sealed *sealed, const struct in *password,
                       struct secret *plain)
{
    if (!is_sane(sealed))
        return NTE_BAD_DATA;
    SECRET utf8 = {NULL, 0};
    SECRET key = {NULL, 0};
    uint8_t iv[MOST_IV_BYTES];
    size_t iv_bytes;
    TRY(read_password(password, &utf8));
    TRY(derive(sealed, &utf8, &key, iv, &iv_bytes));
    SCOPED_KEY handle = NULL;
    TRY(cbc_key(sealed, &key, &handle));
    SECRET out = {NULL, 0};
    TRY(secret_new(&out, sealed->ciphertext.n));
    ULONG n;
    if (BCryptDecrypt(handle, (PUCHAR)sealed->ciphertext.p, (ULONG)sealed->ciphertext.n, NULL, iv,
                      (ULONG)iv_bytes, out.p, (ULONG)out.n, &n, BCRYPT_BLOCK_PADDING) < 0)
        return NTE_BAD_DATA;
    return secret_copy(plain, (struct span){out.p, n});
}

/* ---- what the caller asks for --------------------------------------------------------------- */

/* How an export may be encrypted; the first without being asked for. */
static const struct {
    const char *oid;
    enum pkcs8_kdf kdf;
    const char *hash, *cipher;
    uint32_t key_bytes, iv_bytes, block;
} schemes[] = {
    {"1.2.840.113549.1.5.13", PKCS8_PBKDF2, "SHA256", "AES", 32, 16, 16},
    {szOID_PKCS_12_pbeWithSHA1And3KeyTripleDES, PKCS8_PKCS12, "SHA1", "3DES", 24, 0, 8},
};

/* The scheme's identifier is in ASCII, with or without its NUL. */
static NTSTATUS find_scheme(const struct ksp_params *params, size_t *scheme)
{
    struct in oid = ksp_param(params, NCRYPTBUFFER_PKCS_ALG_OID);
    *scheme = 0;
    if (oid.p == NULL)
        return STATUS_SUCCESS;
    for (size_t i = 0; i < ARRAY_COUNT(schemes); i++) {
        size_t n = strlen(schemes[i].oid);
        if ((oid.n == n || oid.n == n + 1) && strncmp(oid.p, schemes[i].oid, oid.n) == 0) {
            *scheme = i;
            return STATUS_SUCCESS;
        }
    }
    return NTE_NOT_SUPPORTED;
}

/* CRYPT_PKCS12_PBE_PARAMS and its salt; without, a fresh salt and the usual count. */
static NTSTATUS read_cost(const struct ksp_params *params, struct pkcs8_sealed *s,
                          uint8_t salt[MOST_SALT_BYTES])
{
    struct in value = ksp_param(params, NCRYPTBUFFER_PKCS_ALG_PARAM);
    CRYPT_PKCS12_PBE_PARAMS given = {.iIterations = (int)USUAL_ITERATIONS, .cbSalt = SALT_BYTES};
    if (value.p == NULL) {
        TRY(BCryptGenRandom(NULL, salt, SALT_BYTES, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    } else {
        if (value.n < sizeof given)
            return NTE_INVALID_PARAMETER;
        memcpy(&given, value.p, sizeof given);
        if (given.iIterations < 1 || (uint32_t)given.iIterations > MOST_ITERATIONS ||
            given.cbSalt < 1 || given.cbSalt > MOST_SALT_BYTES ||
            value.n != sizeof given + given.cbSalt)
            return NTE_INVALID_PARAMETER;
        memcpy(salt, (const uint8_t *)value.p + sizeof given, given.cbSalt);
    }
    s->iterations = (uint32_t)given.iIterations;
    s->salt = (struct span){salt, given.cbSalt};
    return STATUS_SUCCESS;
}

/* The ciphertext of `plain`, padded. */
static NTSTATUS encrypt(const struct pkcs8_sealed *s, struct span plain,
                        const struct ksp_params *params, struct secret *ciphertext)
{
    SECRET utf8 = {NULL, 0};
    SECRET key = {NULL, 0};
    uint8_t iv[MOST_IV_BYTES];
    size_t iv_bytes;
    const struct in password = ksp_param(params, NCRYPTBUFFER_PKCS_SECRET);
    TRY(read_password(&password, &utf8));
    TRY(derive(s, &utf8, &key, iv, &iv_bytes));
    SCOPED_KEY handle = NULL;
    TRY(cbc_key(s, &key, &handle));
    ULONG n;
    return BCryptEncrypt(handle, (PUCHAR)plain.p, (ULONG)plain.n, NULL, iv, (ULONG)iv_bytes,
                         ciphertext->p, (ULONG)ciphertext->n, &n, BCRYPT_BLOCK_PADDING);
}

NTSTATUS soft_pbe_seal(struct span plain, const struct ksp_params *params, const struct out *o)
{
    size_t scheme;
    TRY(find_scheme(params, &scheme));
    uint8_t salt[MOST_SALT_BYTES];
    uint8_t iv[MOST_IV_BYTES];
    struct pkcs8_sealed s = {
        .kdf = schemes[scheme].kdf,
        .hash = schemes[scheme].hash,
        .cipher = schemes[scheme].cipher,
        .key_bytes = schemes[scheme].key_bytes,
        .iv = {iv, schemes[scheme].iv_bytes},
    };
    TRY(read_cost(params, &s, salt));
    TRY(BCryptGenRandom(NULL, iv, sizeof iv, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    size_t block = schemes[scheme].block;
    s.ciphertext = (struct span){NULL, plain.n - plain.n % block + block};
    struct asn1_out count = asn1_count();
    pkcs8_sealed_encode(&s, &count);
    uint8_t *dst;
    TRY(out_begin(o, count.n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS; /* the size is known without the work */
    SECRET ciphertext = {NULL, 0};
    TRY(secret_new(&ciphertext, s.ciphertext.n));
    TRY(encrypt(&s, plain, params, &ciphertext));
    s.ciphertext = secret_span(&ciphertext);
    struct asn1_out file = asn1_into(dst, count.n);
    pkcs8_sealed_encode(&s, &file);
    return file.bad ? NTE_INTERNAL_ERROR : STATUS_SUCCESS;
}
