/*
 * ML-KEM and ML-DSA on libcrypto: keys from the public and the seed blob (ref.h). They exist from libcrypto 3.5 on, and
 * with them a way to sign message after message with one context; before 3.5 there are no rows that would use it.
 */
#include "ref.h"

#include <string.h>

struct header {
    uint32_t magic, set_bytes, key_bytes;
};

static OSSL_PARAM *read_blob(const uint8_t *blob, const char *name, size_t *n)
{
    struct header h;
    memcpy(&h, blob, sizeof h);
    *n = h.key_bytes;
    const struct ref_field field = {name, blob + sizeof h + h.set_bytes, h.key_bytes, true};
    return ref_params(NULL, &field, 1);
}

bool ref_pq_init(struct ref_pq *r, const char *key_type, const uint8_t *public_blob,
                 const uint8_t *seed_blob)
{
    *r = (struct ref_pq){.key_type = key_type};
    r->public_params = read_blob(public_blob, "pub", &r->public_bytes);
    r->seed_params = read_blob(seed_blob, "seed", &r->seed_bytes);
    struct ref_import import = {ref_import_ctx(key_type), EVP_PKEY_KEYPAIR, r->seed_params, NULL};
    r->pkey = ref_key_import(&import);
    EVP_PKEY_CTX_free(import.ctx);
    if (strncmp(key_type, "ML-DSA", 6) == 0)
        r->algorithm = EVP_SIGNATURE_fetch(NULL, key_type, NULL);
    return r->pkey != NULL && r->public_params != NULL && r->seed_params != NULL;
}

void ref_pq_done(struct ref_pq *r)
{
    EVP_PKEY_free(r->pkey);
    OSSL_PARAM_free(r->public_params);
    OSSL_PARAM_free(r->seed_params);
    EVP_SIGNATURE_free(r->algorithm);
}

void ref_pq_export_init(struct ref_export *e, const struct ref_pq *r, bool seed)
{
    *e = (struct ref_export){.pkey = r->pkey};
    ref_export_octets(e, seed ? "seed" : "pub", seed ? r->seed_bytes : r->public_bytes);
}

#if OPENSSL_VERSION_NUMBER >= 0x30400000L
static bool sign_init(EVP_PKEY_CTX *ctx, void *algorithm)
{
    return EVP_PKEY_sign_message_init(ctx, algorithm, NULL) == 1;
}

static bool verify_init(EVP_PKEY_CTX *ctx, void *algorithm)
{
    return EVP_PKEY_verify_message_init(ctx, algorithm, NULL) == 1;
}
#else
static bool sign_init(EVP_PKEY_CTX *ctx, void *algorithm)
{
    return algorithm != NULL && EVP_PKEY_sign_init(ctx) == 1;
}

static bool verify_init(EVP_PKEY_CTX *ctx, void *algorithm)
{
    return algorithm != NULL && EVP_PKEY_verify_init(ctx) == 1;
}
#endif

static bool encapsulate_init(EVP_PKEY_CTX *ctx, void *params)
{
    return EVP_PKEY_encapsulate_init(ctx, params) == 1;
}

static bool decapsulate_init(EVP_PKEY_CTX *ctx, void *params)
{
    return EVP_PKEY_decapsulate_init(ctx, params) == 1;
}

struct ref_prepare ref_pq_sign(const struct ref_pq *r)
{
    return (struct ref_prepare){sign_init, r->algorithm};
}

struct ref_prepare ref_pq_verify(const struct ref_pq *r)
{
    return (struct ref_prepare){verify_init, r->algorithm};
}

struct ref_prepare ref_pq_encapsulate(void)
{
    return (struct ref_prepare){encapsulate_init, NULL};
}

struct ref_prepare ref_pq_decapsulate(void)
{
    return (struct ref_prepare){decapsulate_init, NULL};
}
