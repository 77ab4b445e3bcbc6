/* Ciphers through bcrypt.h (ours_sym.h). */
#include "ours_sym.h"

#include <string.h>
#include <wchar.h>

#define BLOCK 16
#define OBJECT_BYTES 1024 /* of a caller's key object; more than BCRYPT_OBJECT_LENGTH says */

static PUCHAR bytes(const uint8_t *p)
{
    return (PUCHAR)(uintptr_t)p;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static bool set_mode(BCRYPT_HANDLE alg, LPCWSTR mode)
{
    ULONG n = (ULONG)((wcslen(mode) + 1) * sizeof *mode);
    return ours_ok(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)(uintptr_t)mode, n, 0),
                   "BCryptSetProperty");
}

static bool open(const struct ours_cipher *c, BCRYPT_ALG_HANDLE *alg)
{
    return ours_ok(BCryptOpenAlgorithmProvider(alg, c->alg_name, NULL, 0),
                   "BCryptOpenAlgorithmProvider") &&
           (c->mode == NULL || set_mode(*alg, c->mode));
}

static bool make(struct ours_cipher *c, BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE *key)
{
    return ours_ok(BCryptGenerateSymmetricKey(alg, key, NULL, 0, c->key_bytes, c->key_n, 0),
                   "BCryptGenerateSymmetricKey");
}

static bool destroy(BCRYPT_KEY_HANDLE key)
{
    return ours_ok(BCryptDestroyKey(key), "BCryptDestroyKey");
}

static void describe(struct ours_cipher *c, BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info)
{
    BCRYPT_INIT_AUTH_MODE_INFO(*info);
    info->pbNonce = c->iv;
    info->cbNonce = c->iv_n;
    info->pbAuthData = bytes(c->aad);
    info->cbAuthData = c->aad_n;
    info->pbTag = c->tag;
    info->cbTag = sizeof c->tag;
}

bool ours_cipher_init(struct ours_cipher *c)
{
    describe(c, &c->info);
    if (!open(c, &c->alg) || !make(c, c->alg, &c->key))
        return false;
    return c->segment == 0 || ours_ok(BCryptSetProperty(c->key, BCRYPT_MESSAGE_BLOCK_LENGTH,
                                                        (PUCHAR)&c->segment, sizeof c->segment, 0),
                                      "BCryptSetProperty");
}

void ours_cipher_done(struct ours_cipher *c)
{
    if (c->key != NULL)
        BCryptDestroyKey(c->key);
    if (c->alg != NULL)
        BCryptCloseAlgorithmProvider(c->alg, 0);
    c->key = c->alg = NULL;
}

/* ---- one call ---------------------------------------------------------------------------------------------------- */

static bool encrypt(struct ours_cipher *c, BCRYPT_KEY_HANDLE key)
{
    uint8_t iv[SYM_IV_BYTES];
    ULONG n;
    memcpy(iv, c->iv, sizeof iv);
    return ours_ok(BCryptEncrypt(key, bytes(c->in), c->in_n, NULL, c->iv_n > 0 ? iv : NULL, c->iv_n,
                                 c->out, c->in_n, &n, 0),
                   "BCryptEncrypt");
}

static bool seal(struct ours_cipher *c, BCRYPT_KEY_HANDLE key,
                 BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info)
{
    ULONG n;
    return ours_ok(BCryptEncrypt(key, bytes(c->in), c->in_n, info, NULL, 0, c->out, c->in_n, &n, 0),
                   "BCryptEncrypt");
}

bool ours_cipher_encrypt(void *arg)
{
    struct ours_cipher *c = arg;
    return encrypt(c, c->key);
}

bool ours_cipher_decrypt(void *arg)
{
    struct ours_cipher *c = arg;
    uint8_t iv[SYM_IV_BYTES];
    ULONG n;
    memcpy(iv, c->iv, sizeof iv);
    return ours_ok(BCryptDecrypt(c->key, bytes(c->in), c->in_n, NULL, c->iv_n > 0 ? iv : NULL,
                                 c->iv_n, c->out, c->in_n, &n, 0),
                   "BCryptDecrypt");
}

bool ours_cipher_seal(void *arg)
{
    struct ours_cipher *c = arg;
    return seal(c, c->key, &c->info);
}

bool ours_cipher_open(void *arg)
{
    struct ours_cipher *c = arg;
    ULONG n;
    return ours_ok(
        BCryptDecrypt(c->key, bytes(c->in), c->in_n, &c->info, NULL, 0, c->out, c->in_n, &n, 0),
        "BCryptDecrypt");
}

bool ours_cipher_query(void *arg)
{
    struct ours_cipher *c = arg;
    ULONG n;
    return ours_ok(BCryptEncrypt(c->key, bytes(c->in), c->in_n, NULL, NULL, 0, NULL, 0, &n, 0),
                   "BCryptEncrypt");
}

/* ---- several calls ----------------------------------------------------------------------------------------------- */

bool ours_cipher_blocks(void *arg)
{
    struct ours_cipher *c = arg;
    bool ok = true;
    ULONG n;
    for (ULONG at = 0; at < c->in_n && ok; at += BLOCK)
        ok = ours_ok(BCryptEncrypt(c->key, bytes(c->in + at), BLOCK, NULL, NULL, 0, c->out + at,
                                   BLOCK, &n, 0),
                     "BCryptEncrypt");
    return ok;
}

bool ours_cipher_chained(void *arg)
{
    struct ours_cipher *c = arg;
    uint8_t iv[SYM_IV_BYTES];
    bool ok = true;
    ULONG n;
    memcpy(iv, c->iv, sizeof iv);
    for (ULONG at = 0; at < c->in_n && ok; at += BLOCK)
        ok = ours_ok(
                 BCryptEncrypt(c->key, bytes(c->in + at), BLOCK, NULL, iv, BLOCK, NULL, 0, &n, 0),
                 "BCryptEncrypt") &&
             ours_ok(BCryptEncrypt(c->key, bytes(c->in + at), BLOCK, NULL, iv, BLOCK, c->out + at,
                                   n, &n, 0),
                     "BCryptEncrypt");
    return ok;
}

/* The associated data alone comes first, and the last call is the one without the flag. */
bool ours_cipher_seal_chained(void *arg)
{
    struct ours_cipher *c = arg;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    uint8_t mac[SYM_TAG_BYTES];
    uint8_t iv[SYM_IV_BYTES] = {0};
    ULONG n;
    describe(c, &info);
    info.pbMacContext = mac;
    info.cbMacContext = sizeof mac;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    bool ok = ours_ok(BCryptEncrypt(c->key, NULL, 0, &info, iv, sizeof iv, NULL, 0, &n, 0),
                      "BCryptEncrypt");
    info.pbAuthData = NULL;
    info.cbAuthData = 0;
    for (ULONG at = 0; at < c->in_n && ok; at += SYM_PIECE_BYTES) {
        ULONG rest = c->in_n - at;
        if (rest <= SYM_PIECE_BYTES)
            info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        ULONG piece = rest < SYM_PIECE_BYTES ? rest : SYM_PIECE_BYTES;
        ok = ours_ok(BCryptEncrypt(c->key, bytes(c->in + at), piece, &info, iv, sizeof iv,
                                   c->out + at, piece, &n, 0),
                     "BCryptEncrypt");
    }
    return ok;
}

/* ---- keys for one operation -------------------------------------------------------------------------------------- */

bool ours_cipher_key(void *arg)
{
    struct ours_cipher *c = arg;
    BCRYPT_KEY_HANDLE key;
    return make(c, c->alg, &key) && destroy(key);
}

static bool with_provider(struct ours_cipher *c,
                          bool (*run)(struct ours_cipher *c, BCRYPT_KEY_HANDLE key))
{
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
    if (!open(c, &alg))
        return false;
    bool ok = make(c, alg, &key) && run(c, key) && destroy(key);
    return ours_ok(BCryptCloseAlgorithmProvider(alg, 0), "BCryptCloseAlgorithmProvider") && ok;
}

bool ours_cipher_provider(void *arg)
{
    return with_provider(arg, encrypt);
}

static bool seal_afresh(struct ours_cipher *c, BCRYPT_KEY_HANDLE key)
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    describe(c, &info);
    return seal(c, key, &info);
}

bool ours_cipher_provider_seal(void *arg)
{
    return with_provider(arg, seal_afresh);
}

bool ours_cipher_import(void *arg)
{
    static _Alignas(16) uint8_t object[OBJECT_BYTES];
    struct ours_cipher *c = arg;
    struct {
        BCRYPT_KEY_DATA_BLOB_HEADER header;
        uint8_t key[SYM_KEY_BYTES];
    } blob = {.header = {BCRYPT_KEY_DATA_BLOB_MAGIC, BCRYPT_KEY_DATA_BLOB_VERSION1, c->key_n}};
    memcpy(blob.key, c->key_bytes, c->key_n);
    BCRYPT_KEY_HANDLE key;
    return ours_ok(BCryptImportKey(c->alg, NULL, BCRYPT_KEY_DATA_BLOB, &key, object, sizeof object,
                                   (PUCHAR)&blob, (ULONG)sizeof blob.header + c->key_n, 0),
                   "BCryptImportKey") &&
           encrypt(c, key) && destroy(key);
}

bool ours_cipher_block_length(void *arg)
{
    struct ours_cipher *c = arg;
    DWORD length;
    ULONG n;
    return ours_ok(
        BCryptGetProperty(c->key, BCRYPT_BLOCK_LENGTH, (PUCHAR)&length, sizeof length, &n, 0),
        "BCryptGetProperty");
}
