/* DH and DSA on libcrypto: keys from DHPRIVATEBLOB and DSAPRIVATEBLOB, version 2 (ref.h). */
#include "ref.h"

#include <string.h>

#include <openssl/core_names.h>

struct dh_header {
    uint32_t magic, key_bytes;
};

struct dsa_header {
    uint32_t magic, key_bytes, hash, standard, seed_bytes, q_bytes;
    uint8_t count[4];
};

/* The private number is the last field. */
static bool load(struct ref_ffc *r, const struct ref_field *fields, size_t count)
{
    r->public_params = ref_params(NULL, fields, count - 1);
    r->private_params = ref_params(NULL, fields, count);
    struct ref_import import = {ref_import_ctx(r->key_type), EVP_PKEY_KEYPAIR, r->private_params,
                                NULL};
    r->pkey = ref_key_import(&import);
    EVP_PKEY_CTX_free(import.ctx);
    return r->pkey != NULL && r->public_params != NULL;
}

/* p, g, y, x */
bool ref_dh_init(struct ref_ffc *r, const uint8_t *blob)
{
    struct dh_header h;
    memcpy(&h, blob, sizeof h);
    const uint8_t *at = blob + sizeof h;
    size_t n = h.key_bytes;
    *r = (struct ref_ffc){.key_type = "DH", .p_bytes = n};
    const struct ref_field fields[] = {
        {OSSL_PKEY_PARAM_FFC_P, at, n, false},
        {OSSL_PKEY_PARAM_FFC_G, at + n, n, false},
        {OSSL_PKEY_PARAM_PUB_KEY, at + 2 * n, n, false},
        {OSSL_PKEY_PARAM_PRIV_KEY, at + 3 * n, n, false},
    };
    return load(r, fields, sizeof fields / sizeof fields[0]);
}

/* seed, q, p, g, y, x */
bool ref_dsa_init(struct ref_ffc *r, const uint8_t *blob)
{
    struct dsa_header h;
    memcpy(&h, blob, sizeof h);
    const uint8_t *at = blob + sizeof h + h.seed_bytes;
    size_t n = h.key_bytes;
    size_t q = h.q_bytes;
    *r = (struct ref_ffc){.key_type = "DSA", .p_bytes = n, .q_bytes = q};
    const struct ref_field fields[] = {
        {OSSL_PKEY_PARAM_FFC_Q, at, q, false},
        {OSSL_PKEY_PARAM_FFC_P, at + q, n, false},
        {OSSL_PKEY_PARAM_FFC_G, at + q + n, n, false},
        {OSSL_PKEY_PARAM_PUB_KEY, at + q + 2 * n, n, false},
        {OSSL_PKEY_PARAM_PRIV_KEY, at + q + 3 * n, q, false},
    };
    return load(r, fields, sizeof fields / sizeof fields[0]);
}

EVP_PKEY_CTX *ref_dsa_parameters_ctx(size_t p_bits, size_t q_bits)
{
    OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_FFC_PBITS, &p_bits),
                           OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_FFC_QBITS, &q_bits),
                           OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    ref_ok(ctx != NULL && EVP_PKEY_paramgen_init(ctx) == 1 &&
               EVP_PKEY_CTX_set_params(ctx, params) == 1,
           "EVP_PKEY_paramgen_init");
    return ctx;
}

void ref_ffc_done(struct ref_ffc *r)
{
    EVP_PKEY_free(r->pkey);
    OSSL_PARAM_free(r->public_params);
    OSSL_PARAM_free(r->private_params);
}

void ref_ffc_export_init(struct ref_export *e, const struct ref_ffc *r, bool with_private)
{
    *e = (struct ref_export){.pkey = r->pkey};
    ref_export_number(e, OSSL_PKEY_PARAM_FFC_P, r->p_bytes);
    ref_export_number(e, OSSL_PKEY_PARAM_FFC_G, r->p_bytes);
    ref_export_number(e, OSSL_PKEY_PARAM_PUB_KEY, r->p_bytes);
    if (r->q_bytes > 0)
        ref_export_number(e, OSSL_PKEY_PARAM_FFC_Q, r->q_bytes);
    if (with_private)
        ref_export_number(e, OSSL_PKEY_PARAM_PRIV_KEY, r->q_bytes > 0 ? r->q_bytes : r->p_bytes);
}
