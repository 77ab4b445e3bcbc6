/* RSA on libcrypto: keys from RSAFULLPRIVATEBLOB, contexts for each padding (ref.h). */
#include "ref.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/rsa.h>

/* Magic, BitLength, then the lengths of e, n, p and q. */
struct header {
    uint32_t magic, bits, e, n, p, q;
};

#define MAGIC_FULL_PRIVATE 0x33415352
#define FIELDS 8

/* The numbers in the order of the blob. */
static const char *const names[FIELDS] = {
    OSSL_PKEY_PARAM_RSA_E,
    OSSL_PKEY_PARAM_RSA_N,
    OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2,
    OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2,
    OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    OSSL_PKEY_PARAM_RSA_D,
};

bool ref_rsa_init(struct ref_rsa *r, const uint8_t *blob)
{
    struct header h;
    memcpy(&h, blob, sizeof h);
    const size_t lengths[FIELDS] = {h.e, h.n, h.p, h.q, h.p, h.q, h.p, h.n};
    struct ref_field fields[FIELDS] = {0};
    const uint8_t *at = blob + sizeof h;
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = (struct ref_field){names[i], at, lengths[i], false};
        at += lengths[i];
    }
    *r = (struct ref_rsa){.n_bytes = h.n};
    r->public_params = ref_params(NULL, fields, 2);
    r->private_params = ref_params(NULL, fields, FIELDS);
    struct ref_import import = {ref_import_ctx("RSA"), EVP_PKEY_KEYPAIR, r->private_params, NULL};
    r->pkey = ref_key_import(&import);
    EVP_PKEY_CTX_free(import.ctx);
    return r->pkey != NULL && r->public_params != NULL;
}

bool ref_rsa_blob(EVP_PKEY *pkey, uint8_t *blob, uint32_t *n)
{
    uint32_t half = (uint32_t)EVP_PKEY_get_bits(pkey) / 16;
    const struct header h = {MAGIC_FULL_PRIVATE, half * 16, 3, half * 2, half, half};
    const size_t lengths[FIELDS] = {h.e, h.n, h.p, h.q, h.p, h.q, h.p, h.n};
    memcpy(blob, &h, sizeof h);
    uint8_t *at = blob + sizeof h;
    bool ok = true;
    for (size_t i = 0; ok && i < FIELDS; i++) {
        BIGNUM *v = NULL;
        ok = ref_ok(EVP_PKEY_get_bn_param(pkey, names[i], &v) == 1 &&
                        BN_bn2binpad(v, at, (int)lengths[i]) > 0,
                    "reading a key");
        BN_free(v);
        at += lengths[i];
    }
    *n = (uint32_t)(at - blob);
    return ok;
}

void ref_rsa_done(struct ref_rsa *r)
{
    EVP_PKEY_free(r->pkey);
    OSSL_PARAM_free(r->public_params);
    OSSL_PARAM_free(r->private_params);
}

void ref_rsa_export_init(struct ref_export *e, const struct ref_rsa *r, bool with_private)
{
    *e = (struct ref_export){.pkey = r->pkey};
    size_t n = r->n_bytes;
    const size_t lengths[FIELDS] = {4, n, n / 2, n / 2, n / 2, n / 2, n / 2, n};
    for (size_t i = 0; i < (with_private ? FIELDS : 2u); i++)
        ref_export_number(e, names[i], lengths[i]);
}

EVP_PKEY_CTX *ref_rsa_generate_ctx(size_t bits)
{
    OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_RSA_BITS, &bits),
                           OSSL_PARAM_construct_end()};
    return ref_generate_ctx("RSA", params);
}

/* ---- paddings: SHA-256, a salt of its length, no label --------------------------------------------------------- */

static char digest_name[] = "SHA256";
static char pkcs1_name[] = OSSL_PKEY_RSA_PAD_MODE_PKCSV15;
static char pss_name[] = OSSL_PKEY_RSA_PAD_MODE_PSS;
static char oaep_name[] = OSSL_PKEY_RSA_PAD_MODE_OAEP;
static char raw_name[] = OSSL_PKEY_RSA_PAD_MODE_NONE;
static char salt_length[] = "32";

#define TEXT(key, value)                                                                           \
    {                                                                                              \
        key, OSSL_PARAM_UTF8_STRING, value, sizeof(value) - 1, 0                                   \
    }

static OSSL_PARAM sign_params[][4] = {
    [REF_PKCS1] = {TEXT(OSSL_SIGNATURE_PARAM_DIGEST, digest_name),
                   TEXT(OSSL_SIGNATURE_PARAM_PAD_MODE, pkcs1_name), OSSL_PARAM_END},
    [REF_PSS] = {TEXT(OSSL_SIGNATURE_PARAM_DIGEST, digest_name),
                 TEXT(OSSL_SIGNATURE_PARAM_PAD_MODE, pss_name),
                 TEXT(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, salt_length), OSSL_PARAM_END},
};

static OSSL_PARAM cipher_params[][3] = {
    [REF_PKCS1] = {TEXT(OSSL_ASYM_CIPHER_PARAM_PAD_MODE, pkcs1_name), OSSL_PARAM_END},
    [REF_OAEP] = {TEXT(OSSL_ASYM_CIPHER_PARAM_PAD_MODE, oaep_name),
                  TEXT(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST, digest_name), OSSL_PARAM_END},
    [REF_RAW] = {TEXT(OSSL_ASYM_CIPHER_PARAM_PAD_MODE, raw_name), OSSL_PARAM_END},
};

static bool encrypt_init(EVP_PKEY_CTX *ctx, void *params)
{
    return EVP_PKEY_encrypt_init_ex(ctx, params) == 1;
}

static bool decrypt_init(EVP_PKEY_CTX *ctx, void *params)
{
    return EVP_PKEY_decrypt_init_ex(ctx, params) == 1;
}

struct ref_prepare ref_rsa_sign(enum ref_padding padding)
{
    return (struct ref_prepare){ref_sign_init, sign_params[padding]};
}

struct ref_prepare ref_rsa_verify(enum ref_padding padding)
{
    return (struct ref_prepare){ref_verify_init, sign_params[padding]};
}

struct ref_prepare ref_rsa_encrypt(enum ref_padding padding)
{
    return (struct ref_prepare){encrypt_init, cipher_params[padding]};
}

struct ref_prepare ref_rsa_decrypt(enum ref_padding padding)
{
    return (struct ref_prepare){decrypt_init, cipher_params[padding]};
}
