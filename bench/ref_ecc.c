/* Elliptic curves on libcrypto: keys from ECCPRIVATEBLOB (ref.h). */
#include "ref.h"

#include <string.h>

#include <openssl/core_names.h>

#define MOST_FIELD_BYTES 66

struct header {
    uint32_t magic, field_bytes;
};

static bool load(struct ref_ecc *r)
{
    struct ref_import import = {ref_import_ctx(r->key_type), EVP_PKEY_KEYPAIR, r->private_params,
                                NULL};
    r->pkey = ref_key_import(&import);
    EVP_PKEY_CTX_free(import.ctx);
    return r->pkey != NULL && r->public_params != NULL;
}

/* X, Y, d. X25519's are bytes, and Y is nothing. */
bool ref_ecc_init(struct ref_ecc *r, const uint8_t *blob, const char *group)
{
    struct header h;
    memcpy(&h, blob, sizeof h);
    size_t n = h.field_bytes;
    const uint8_t *xy = blob + sizeof h;
    const uint8_t *d = xy + 2 * n;
    *r = (struct ref_ecc){.key_type = group != NULL ? "EC" : "X25519", .field_bytes = n};
    uint8_t point[1 + 2 * MOST_FIELD_BYTES] = {0x04};
    if (!ref_ok(n <= MOST_FIELD_BYTES, "reading a blob"))
        return false;
    memcpy(point + 1, xy, 2 * n);
    const struct ref_field weierstrass[] = {
        {OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * n, true},
        {OSSL_PKEY_PARAM_PRIV_KEY, d, n, false},
    };
    const struct ref_field montgomery[] = {
        {OSSL_PKEY_PARAM_PUB_KEY, xy, n, true},
        {OSSL_PKEY_PARAM_PRIV_KEY, d, n, true},
    };
    const struct ref_field *fields = group != NULL ? weierstrass : montgomery;
    r->public_params = ref_params(group, fields, 1);
    r->private_params = ref_params(group, fields, 2);
    return load(r);
}

void ref_ecc_done(struct ref_ecc *r)
{
    EVP_PKEY_free(r->pkey);
    OSSL_PARAM_free(r->public_params);
    OSSL_PARAM_free(r->private_params);
}

void ref_ecc_export_init(struct ref_export *e, const struct ref_ecc *r, bool with_private)
{
    bool montgomery = strcmp(r->key_type, "X25519") == 0;
    *e = (struct ref_export){.pkey = r->pkey};
    ref_export_octets(e, OSSL_PKEY_PARAM_PUB_KEY,
                      montgomery ? r->field_bytes : 1 + 2 * r->field_bytes);
    if (with_private && montgomery)
        ref_export_octets(e, OSSL_PKEY_PARAM_PRIV_KEY, r->field_bytes);
    else if (with_private)
        ref_export_number(e, OSSL_PKEY_PARAM_PRIV_KEY, r->field_bytes);
}

EVP_PKEY_CTX *ref_ecc_generate_ctx(const char *group)
{
    if (group == NULL)
        return ref_generate_ctx("X25519", NULL);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)group, 0),
        OSSL_PARAM_construct_end(),
    };
    return ref_generate_ctx("EC", params);
}
