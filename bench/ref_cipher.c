/* Ciphers on libcrypto (ref_sym.h). */
#include "ref_sym.h"

#include <openssl/core_names.h>

#define BLOCK 16
#define PIECE_BYTES 1024
#define TAG_BYTES 16

/* ---- kept contexts ----------------------------------------------------------------------------------------------- */

/* Whether libcrypto pads unless it is told not to; being told costs a little with every new vector, so others are not. */
static bool pads(const EVP_CIPHER *method)
{
    int mode = EVP_CIPHER_get_mode(method);
    return mode == EVP_CIPH_ECB_MODE || mode == EVP_CIPH_CBC_MODE;
}

/* The lengths of nonce and tag come before the key: CCM makes its first block of them. */
static bool prepare(const struct ref_cipher *c, EVP_CIPHER_CTX *ctx, const EVP_CIPHER *method,
                    int encrypt)
{
    size_t iv_n = c->iv_n;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &iv_n),
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, NULL, TAG_BYTES),
        OSSL_PARAM_construct_end(),
    };
    if (!c->ccm)
        params[1] = OSSL_PARAM_construct_end();
    bool aead = (EVP_CIPHER_get_flags(method) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0;
    return EVP_CipherInit_ex2(ctx, method, NULL, NULL, encrypt, aead ? params : NULL) == 1 &&
           EVP_CipherInit_ex2(ctx, NULL, c->key, NULL, encrypt, NULL) == 1 &&
           (!pads(method) || EVP_CIPHER_CTX_set_padding(ctx, 0) == 1);
}

bool ref_cipher_init(struct ref_cipher *c)
{
    c->method = EVP_CIPHER_fetch(NULL, c->name, NULL);
    c->encrypt = EVP_CIPHER_CTX_new();
    c->decrypt = EVP_CIPHER_CTX_new();
    c->tag_params[0] =
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, c->tag, sizeof c->tag);
    c->tag_params[1] = OSSL_PARAM_construct_end();
    return ref_ok(c->method != NULL && prepare(c, c->encrypt, c->method, 1) &&
                      prepare(c, c->decrypt, c->method, 0),
                  c->name);
}

void ref_cipher_done(struct ref_cipher *c)
{
    EVP_CIPHER_CTX_free(c->encrypt);
    EVP_CIPHER_CTX_free(c->decrypt);
    EVP_CIPHER_free(c->method);
    c->encrypt = c->decrypt = NULL;
    c->method = NULL;
}

/* ---- one message in a context that has its key ------------------------------------------------------------------- */

static bool set_vector(const struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    return c->iv_n == 0 || EVP_CipherInit_ex2(ctx, NULL, NULL, c->iv, -1, NULL) == 1;
}

static bool update(struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    int n;
    return EVP_CipherUpdate(ctx, c->out, &n, c->in, (int)c->in_n) == 1;
}

static bool begin_aead(struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    int n;
    return set_vector(c, ctx) &&
           (!c->ccm || EVP_CipherUpdate(ctx, NULL, &n, NULL, (int)c->in_n) == 1) &&
           (c->aad_n == 0 || EVP_CipherUpdate(ctx, NULL, &n, c->aad, (int)c->aad_n) == 1);
}

static bool end_aead(struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    int n;
    return c->ccm || EVP_CipherFinal_ex(ctx, c->out + c->in_n, &n) == 1;
}

static bool seal(struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    return begin_aead(c, ctx) && update(c, ctx) && end_aead(c, ctx) &&
           EVP_CIPHER_CTX_get_params(ctx, c->tag_params) == 1;
}

static bool open(struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    return EVP_CIPHER_CTX_set_params(ctx, c->tag_params) == 1 && begin_aead(c, ctx) &&
           update(c, ctx) && end_aead(c, ctx);
}

bool ref_cipher_encrypt(void *arg)
{
    struct ref_cipher *c = arg;
    return ref_ok(set_vector(c, c->encrypt) && update(c, c->encrypt), "EVP_CipherUpdate");
}

bool ref_cipher_decrypt(void *arg)
{
    struct ref_cipher *c = arg;
    return ref_ok(set_vector(c, c->decrypt) && update(c, c->decrypt), "EVP_CipherUpdate");
}

bool ref_cipher_seal(void *arg)
{
    struct ref_cipher *c = arg;
    return ref_ok(seal(c, c->encrypt), "EVP_CipherFinal_ex");
}

bool ref_cipher_open(void *arg)
{
    struct ref_cipher *c = arg;
    return ref_ok(open(c, c->decrypt), "EVP_CipherFinal_ex");
}

bool ref_cipher_blocks(void *arg)
{
    struct ref_cipher *c = arg;
    bool ok = set_vector(c, c->encrypt);
    int n;
    for (size_t at = 0; at < c->in_n && ok; at += BLOCK)
        ok = EVP_EncryptUpdate(c->encrypt, c->out + at, &n, c->in + at, BLOCK) == 1;
    return ref_ok(ok, "EVP_EncryptUpdate");
}

bool ref_cipher_seal_pieces(void *arg)
{
    struct ref_cipher *c = arg;
    bool ok = begin_aead(c, c->encrypt);
    int n;
    for (size_t at = 0; at < c->in_n && ok; at += PIECE_BYTES) {
        size_t rest = c->in_n - at;
        ok = EVP_EncryptUpdate(c->encrypt, c->out + at, &n, c->in + at,
                               (int)(rest < PIECE_BYTES ? rest : PIECE_BYTES)) == 1;
    }
    return ref_ok(ok && end_aead(c, c->encrypt) &&
                      EVP_CIPHER_CTX_get_params(c->encrypt, c->tag_params) == 1,
                  "EVP_EncryptFinal_ex");
}

bool ref_cipher_number(void *arg)
{
    struct ref_cipher *c = arg;
    return ref_ok(EVP_CIPHER_CTX_get_iv_length(c->encrypt) >= 0, "EVP_CIPHER_CTX_get_iv_length");
}

bool ref_cipher_fetch(void *arg)
{
    struct ref_cipher *c = arg;
    EVP_CIPHER *method = EVP_CIPHER_fetch(NULL, c->name, NULL);
    EVP_CIPHER_free(method);
    return ref_ok(method != NULL, "EVP_CIPHER_fetch");
}

/* ---- a context for each message ---------------------------------------------------------------------------------- */

static bool encrypt(struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    return set_vector(c, ctx) && update(c, ctx);
}

static bool nothing(struct ref_cipher *c, EVP_CIPHER_CTX *ctx)
{
    (void)c, (void)ctx;
    return true;
}

static bool with_context(struct ref_cipher *c, const EVP_CIPHER *method, int direction,
                         bool (*run)(struct ref_cipher *c, EVP_CIPHER_CTX *ctx))
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool ok = ctx != NULL && prepare(c, ctx, method, direction) && run(c, ctx);
    EVP_CIPHER_CTX_free(ctx);
    return ref_ok(ok, c->name);
}

bool ref_cipher_object(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->method, 1, encrypt);
}

bool ref_cipher_object_seal(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->method, 1, seal);
}

bool ref_cipher_key(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->method, 1, nothing);
}

bool naive_cipher_encrypt(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->implicit(), 1, encrypt);
}

bool naive_cipher_decrypt(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->implicit(), 0, encrypt);
}

bool naive_cipher_seal(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->implicit(), 1, seal);
}

bool naive_cipher_open(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->implicit(), 0, open);
}

bool naive_cipher_key(void *arg)
{
    struct ref_cipher *c = arg;
    return with_context(c, c->implicit(), 1, nothing);
}

/* ---- RC4 --------------------------------------------------------------------------------------------------------- */

#ifndef OPENSSL_NO_RC4
void ref_rc4_init(struct ref_rc4 *r, const uint8_t *key, size_t n)
{
    RC4_set_key(&r->key, (int)n, key);
}

bool ref_rc4(void *arg)
{
    struct ref_rc4 *r = arg;
    RC4(&r->key, r->in_n, r->in, r->out);
    return true;
}
#endif
