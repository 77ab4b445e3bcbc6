/* EVP_PKEY for post-quantum keys (pq_evp.h). */
#include "pq_evp.h"

#include <openssl/params.h>

static const char *const param_names[PQ_FORMS] = {
    [PQ_PUBLIC] = "pub",
    [PQ_PRIVATE] = "priv",
    [PQ_SEED] = "seed",
};

static void release_ctx(void *ctx)
{
    EVP_PKEY_CTX_free(ctx);
}

static void give_back(struct ctx_pool *pool, EVP_PKEY_CTX *ctx)
{
    if (!ctx_pool_give(pool, ctx))
        release_ctx(ctx);
}

static EVP_PKEY_CTX *new_generate_ctx(const struct pq_set *set)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(ossl_ctx(), set->ossl_name, NULL);
    if (ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1)
        return ctx;
    EVP_PKEY_CTX_free(ctx);
    return NULL;
}

static EVP_PKEY_CTX *new_load_ctx(const struct pq_set *set)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(ossl_ctx(), set->ossl_name, NULL);
    if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
        return ctx;
    EVP_PKEY_CTX_free(ctx);
    return NULL;
}

static NTSTATUS generate_random(const struct pq_set *set, EVP_PKEY **pkey)
{
    EVP_PKEY_CTX *ctx = ctx_pool_take(&set->kept->generate);
    if (ctx == NULL)
        ctx = new_generate_ctx(set);
    if (ctx == NULL)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    SCOPED_PKEY *made = NULL;
    if (EVP_PKEY_generate(ctx, &made) != 1) {
        release_ctx(ctx);
        return ossl_failed(STATUS_INTERNAL_ERROR);
    }
    give_back(&set->kept->generate, ctx);
    *pkey = made;
    made = NULL;
    return STATUS_SUCCESS;
}

/* The context keeps the seed for later key pairs with some key types: it must not be used again. */
static NTSTATUS generate_from_seed(const struct pq_set *set, struct span seed, EVP_PKEY **pkey)
{
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(param_names[PQ_SEED], (void *)(uintptr_t)seed.p, seed.n),
        OSSL_PARAM_construct_end(),
    };
    SCOPED_PKEY_CTX *ctx = new_generate_ctx(set);
    SCOPED_PKEY *made = NULL;
    if (ctx == NULL || EVP_PKEY_CTX_set_params(ctx, params) != 1 ||
        EVP_PKEY_generate(ctx, &made) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    *pkey = made;
    made = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS pq_evp_generate(const struct pq_set *set, struct span seed, EVP_PKEY **pkey)
{
    return seed.n == 0 ? generate_random(set, pkey) : generate_from_seed(set, seed, pkey);
}

NTSTATUS pq_evp_load(const struct pq_set *set, enum pq_form form, struct span bytes,
                     EVP_PKEY **pkey)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(param_names[form], (void *)(uintptr_t)bytes.p, bytes.n),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *ctx = ctx_pool_take(&set->kept->load);
    if (ctx == NULL)
        ctx = new_load_ctx(set);
    if (ctx == NULL)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    EVP_PKEY *loaded = NULL;
    int ok = EVP_PKEY_fromdata(ctx, &loaded,
                               form == PQ_PUBLIC ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, params);
    give_back(&set->kept->load, ctx);
    if (ok != 1)
        return ossl_failed(STATUS_INVALID_PARAMETER);
    *pkey = loaded;
    return STATUS_SUCCESS;
}

NTSTATUS pq_evp_read(EVP_PKEY *pkey, enum pq_form form, uint8_t *out, size_t n, NTSTATUS absent)
{
    size_t written = 0;
    if (EVP_PKEY_get_octet_string_param(pkey, param_names[form], out, n, &written) != 1 ||
        written != n)
        return ossl_failed(absent);
    return STATUS_SUCCESS;
}

NTSTATUS pq_evp_check_pair(EVP_PKEY *pkey, NTSTATUS mismatch)
{
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(ossl_ctx(), pkey, NULL);
    if (ctx == NULL)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    if (EVP_PKEY_pairwise_check(ctx) != 1)
        return ossl_failed(mismatch);
    return STATUS_SUCCESS;
}
