/*
 * ML-KEM (FIPS 203): its parameter sets, its row, and the two operations.
 *
 * libcrypto expands the matrix when it makes or loads a key and keeps it, so an operation finds
 * everything ready; what is left of its overhead is the context, which comes from the key's pool.
 */
#include "answers.h"
#include "pq_key.h"
#include "pq_prop.h"
#include "registry.h"

static struct pq_kept kept[3];

static const struct pq_set sets[] = {
    {"512", "ML-KEM-512", {800, 1632, 64}, 768, &kept[0]},
    {"768", "ML-KEM-768", {1184, 2400, 64}, 1088, &kept[1]},
    {"1024", "ML-KEM-1024", {1568, 3168, 64}, 1568, &kept[2]},
};

/* Observed on Windows: public and seed blobs with bytes left over are imported. */
static const struct pq_family family = {
    .sets = sets,
    .set_count = ARRAY_COUNT(sets),
    .magic = {BCRYPT_MLKEM_PUBLIC_MAGIC, BCRYPT_MLKEM_PRIVATE_MAGIC,
              BCRYPT_MLKEM_PRIVATE_SEED_MAGIC},
    .trailing = {[PQ_PUBLIC] = true, [PQ_SEED] = true},
};

static bool mlkem_available(void)
{
    static _Atomic int known;
    return pq_family_available(&family, &known);
}

static void release_ctx(void *ctx)
{
    EVP_PKEY_CTX_free(ctx);
}

static void mlkem_done(struct key *key)
{
    pq_key_done(key, release_ctx);
}

/* ---- operations ------------------------------------------------------------------------------ */

/* An idle context from the pool, or a new one, initialised for the pool's operation. */
static NTSTATUS ctx_take(struct pq_key *k, struct ctx_pool *pool, EVP_PKEY_CTX **ctx)
{
    *ctx = ctx_pool_take(pool);
    if (*ctx != NULL)
        return STATUS_SUCCESS;
    SCOPED_PKEY_CTX *made = EVP_PKEY_CTX_new_from_pkey(ossl_ctx(), k->pkey, NULL);
    if (made == NULL)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    int ok = pool == &k->forward ? EVP_PKEY_encapsulate_init(made, NULL)
                                 : EVP_PKEY_decapsulate_init(made, NULL);
    if (ok != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    *ctx = made;
    made = NULL;
    return STATUS_SUCCESS;
}

static void ctx_give(struct ctx_pool *pool, EVP_PKEY_CTX *ctx)
{
    if (!ctx_pool_give(pool, ctx))
        release_ctx(ctx);
}

/* Both outputs or neither: one without the other is of no use, and Windows
 * documents only the query for both. */
static NTSTATUS mlkem_encapsulate(struct key *key, const struct out *secret,
                                  const struct out *ciphertext)
{
    struct pq_key *k = pq_key_of(key);
    size_t secret_n = PQ_KEM_SECRET_BYTES;
    size_t ciphertext_n = pq_key_set(k)->result;
    *secret->result = (uint32_t)secret_n;
    *ciphertext->result = (uint32_t)ciphertext_n;
    if (out_is_query(secret) || out_is_query(ciphertext))
        return out_is_query(secret) && out_is_query(ciphertext) ? STATUS_SUCCESS
                                                                : STATUS_INVALID_PARAMETER;
    if (secret->cap < secret_n || ciphertext->cap < ciphertext_n)
        return STATUS_BUFFER_TOO_SMALL;

    EVP_PKEY_CTX *ctx = NULL;
    TRY(ctx_take(k, &k->forward, &ctx));
    pq_evp_begin();
    int ok = EVP_PKEY_encapsulate(ctx, ciphertext->p, &ciphertext_n, secret->p, &secret_n);
    ctx_give(&k->forward, ctx);
    return pq_evp_succeeded(ok) ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

/* A ciphertext of the right length always gives a secret: for a wrong one FIPS 203 gives
 * pseudorandom bytes. */
static NTSTATUS mlkem_decapsulate(struct key *key, struct span ciphertext, const struct out *secret)
{
    struct pq_key *k = pq_key_of(key);
    if (!key->has_private)
        return STATUS_INVALID_PARAMETER;
    if (!out_is_query(secret) && ciphertext.n != pq_key_set(k)->result)
        return STATUS_INVALID_BUFFER_SIZE;
    uint8_t *dst;
    TRY(out_begin(secret, PQ_KEM_SECRET_BYTES, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;

    EVP_PKEY_CTX *ctx = NULL;
    TRY(ctx_take(k, &k->backward, &ctx));
    size_t n = PQ_KEM_SECRET_BYTES;
    pq_evp_begin();
    int ok = EVP_PKEY_decapsulate(ctx, dst, &n, ciphertext.p, ciphertext.n);
    ctx_give(&k->backward, ctx);
    if (pq_evp_succeeded(ok))
        return STATUS_SUCCESS;
    wipe(dst, PQ_KEM_SECRET_BYTES);
    return ossl_failed(STATUS_INTERNAL_ERROR);
}

/* ---- the row --------------------------------------------------------------------------------- */

static const struct key_format formats[] = {
    {"MLKEMPUBLICBLOB", false, PQ_PUBLIC, pq_key_import, pq_key_export},
    {"MLKEMPRIVATEBLOB", true, PQ_PRIVATE, pq_key_import, pq_key_export},
    {"MLKEMPRIVATESEEDBLOB", true, PQ_SEED, pq_key_import, pq_key_export},
    {"PUBLICBLOB", false, PQ_PUBLIC, pq_key_import, pq_key_export},
    {"PRIVATEBLOB", true, PQ_ANY_PRIVATE, pq_key_import, pq_key_export},
    {.name = NULL},
};

static const struct asym_class asym = {
    .generate = pq_key_generate,
    .finalize = pq_key_finalize,
    .done = mlkem_done,
    .formats = formats,
    .import_flags = BCRYPT_NO_KEY_VALIDATION,
    .generate_flags = BCRYPT_NO_KEY_VALIDATION,
    .encapsulate = mlkem_encapsulate,
    .decapsulate = mlkem_decapsulate,
};

const struct alg_class mlkem_class = {
    .name = "ML-KEM",
    .interface_id = BCRYPT_KEY_ENCAPSULATION_INTERFACE,
    .operations = BCRYPT_KEY_ENCAPSULATION_OPERATION,
    .available = mlkem_available,
    .params = &family,
    .props = pq_kem_props,
    .asym = &asym,
    .selftest = &selftest_mlkem,
};
