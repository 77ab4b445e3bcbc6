/*
 * curve25519 in Montgomery form: X25519 of RFC 7748.
 *
 * Blobs carry RFC 7748's bytes unchanged, little-endian ones in fields that are big-endian
 * otherwise: X is u, Y is zero, d is the private scalar. Observed on Windows: d must be clamped
 * already; u at or above p, its top bit set included, is refused; points of small order are refused
 * by default, and admitted with BCRYPT_NO_KEY_VALIDATION they agree on zero.
 */
#include <string.h>

#include <openssl/params.h>
#include <openssl/rand.h>

#include "ct.h"
#include "ecc_key.h"

#define BYTES 32

static NTSTATUS group_init(struct ecc_group *g)
{
    (void)g;
    return STATUS_SUCCESS;
}

static void group_done(struct ecc_group *g)
{
    (void)g;
}

/* Little-endian; public values. */
static bool below(const uint8_t *a, const uint8_t *b)
{
    for (size_t i = BYTES; i-- > 0;) {
        if (a[i] != b[i])
            return a[i] < b[i];
    }
    return false;
}

static const uint8_t prime[BYTES] = {
    0xED, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F,
};

/* The u below p of all points of the curve and of its twist whose order
 * divides 8: 0, 1, -1 and two of order 8. */
static const uint8_t small_orders[][BYTES] = {
    {0},
    {1},
    {0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F},
    {0xE0, 0xEB, 0x7A, 0x7C, 0x3B, 0x41, 0xB8, 0xAE, 0x16, 0x56, 0xE3,
     0xFA, 0xF1, 0x9F, 0xC4, 0x6A, 0xDA, 0x09, 0x8D, 0xEB, 0x9C, 0x32,
     0xB1, 0xFD, 0x86, 0x62, 0x05, 0x16, 0x5F, 0x49, 0xB8, 0x00},
    {0x5F, 0x9C, 0x95, 0xBC, 0xA3, 0x50, 0x8C, 0x24, 0xB1, 0xD0, 0xB1,
     0x55, 0x9C, 0x83, 0xEF, 0x5B, 0x04, 0x44, 0x5C, 0xC4, 0x58, 0x1C,
     0x8E, 0x86, 0xD8, 0x22, 0x4E, 0xDD, 0xD0, 0x9F, 0x11, 0x57},
};

static bool is_small_order(const uint8_t *u)
{
    for (size_t i = 0; i < ARRAY_COUNT(small_orders); i++) {
        if (ct_equal(u, small_orders[i], BYTES))
            return true;
    }
    return false;
}

static NTSTATUS check_public(const struct ecc_import *in)
{
    bool ok = below(in->xy, prime) && ct_all_zero(in->xy + BYTES, BYTES) &&
              !(in->check_order && is_small_order(in->xy));
    return ok ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* ---- libcrypto's keys ----------------------------------------------------------------------- */

/* Idle contexts that make keys from numbers; making one costs more than what it then does. */
static struct ctx_pool loaders;

static EVP_PKEY_CTX *loader_new(void)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(ossl_ctx(), "X25519", NULL);
    if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
        return ctx;
    EVP_PKEY_CTX_free(ctx);
    return NULL;
}

/* libcrypto's key for a point, a scalar or both; for a scalar alone it computes the point. */
static NTSTATUS pkey_load(const uint8_t *u, const uint8_t *d, EVP_PKEY **pkey)
{
    OSSL_PARAM params[3];
    size_t n = 0;
    if (u != NULL)
        params[n++] = OSSL_PARAM_construct_octet_string("pub", (void *)(uintptr_t)u, BYTES);
    if (d != NULL)
        params[n++] = OSSL_PARAM_construct_octet_string("priv", (void *)(uintptr_t)d, BYTES);
    params[n] = OSSL_PARAM_construct_end();

    EVP_PKEY_CTX *ctx = ctx_pool_take(&loaders);
    if (ctx == NULL && (ctx = loader_new()) == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    EVP_PKEY *made = NULL;
    int selection = d != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    int ok = EVP_PKEY_fromdata(ctx, &made, selection, params);
    if (!ctx_pool_give(&loaders, ctx))
        EVP_PKEY_CTX_free(ctx);
    if (ok != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    *pkey = made;
    return STATUS_SUCCESS;
}

/* The key pair of a scalar. */
static NTSTATUS make_pair(const uint8_t *d, EVP_PKEY **pkey, uint8_t *u)
{
    size_t n = BYTES;
    SCOPED_PKEY *made = NULL;
    TRY(pkey_load(NULL, d, &made));
    if (EVP_PKEY_get_raw_public_key(made, u, &n) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    *pkey = made;
    made = NULL;
    return STATUS_SUCCESS;
}

/* libcrypto's key of ours, made when it is first needed: many keys are imported to be exported. Of
 * threads that make it at the same time, the first wins. */
static NTSTATUS pkey_of(struct ecc_key *k, EVP_PKEY **pkey)
{
    *pkey = atomic_load_explicit(&k->pkey, memory_order_acquire);
    if (*pkey != NULL)
        return STATUS_SUCCESS;
    EVP_PKEY *made = NULL;
    TRY(pkey_load(k->point, k->d.p, &made));
    if (atomic_compare_exchange_strong(&k->pkey, pkey, made))
        *pkey = made;
    else
        EVP_PKEY_free(made);
    return STATUS_SUCCESS;
}

/* ---- keys ----------------------------------------------------------------------------------- */

static NTSTATUS set_public(struct ecc_key *k, const struct ecc_import *in)
{
    (void)k; /* the caller keeps the coordinates */
    return check_public(in);
}

/* Takes the scalar and its point over into the key, with libcrypto's pair where there is one. */
static NTSTATUS install(struct ecc_key *k, const uint8_t *d, EVP_PKEY **pkey, const uint8_t *u)
{
    TRY(secret_copy(&k->d, span_of(d, BYTES)));
    uint8_t xy[2 * BYTES] = {0};
    memcpy(xy, u, BYTES);
    ecc_key_keep_point(k, xy);
    atomic_init(&k->pkey, *pkey);
    *pkey = NULL;
    return STATUS_SUCCESS;
}

/* That these five bits are right is what makes it a key, and known of every key. */
static bool is_clamped(const uint8_t *d)
{
    uint32_t wrong = (d[0] & 7u) | ((d[BYTES - 1] & 0xC0u) ^ 0x40u);
    return ct_public(ct_is_zero(wrong)) != 0;
}

static NTSTATUS set_private(struct ecc_key *k, const struct ecc_import *in)
{
    if (!is_clamped(in->d))
        return STATUS_INVALID_PARAMETER;
    SCOPED_PKEY *pkey = NULL;
    if (in->xy != NULL) {
        TRY(check_public(in));
        if (!in->check_pair)
            return install(k, in->d, &pkey, in->xy);
    }
    uint8_t u[BYTES];
    TRY(make_pair(in->d, &pkey, u));
    if (in->xy != NULL && !ct_equal(u, in->xy, BYTES))
        return STATUS_INVALID_PARAMETER;
    return install(k, in->d, &pkey, u);
}

struct scalar {
    uint8_t bytes[BYTES];
};

static void scalar_done(struct scalar *d)
{
    wipe(d->bytes, sizeof d->bytes);
}

static NTSTATUS generate(struct ecc_key *k)
{
    CLEANUP(scalar_done) struct scalar d;
    if (RAND_priv_bytes_ex(ossl_ctx(), d.bytes, BYTES, 0) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    d.bytes[0] &= 0xF8;
    d.bytes[BYTES - 1] = (uint8_t)((d.bytes[BYTES - 1] & 0x3F) | 0x40);

    SCOPED_PKEY *pkey = NULL;
    SCOPED_PKEY *again = NULL;
    uint8_t u[BYTES];
    uint8_t v[BYTES];
    TRY(make_pair(d.bytes, &pkey, u));
    TRY(make_pair(d.bytes, &again, v));
    if (!ct_equal(u, v, BYTES))
        return STATUS_INTERNAL_ERROR;
    return install(k, d.bytes, &pkey, u);
}

/* Imports and generation leave the coordinates in the key. */
static NTSTATUS get_public(const struct ecc_key *k, uint8_t *xy)
{
    memcpy(xy, k->point, 2 * (size_t)BYTES);
    return STATUS_SUCCESS;
}

static NTSTATUS get_private(const struct ecc_key *k, uint8_t *d)
{
    memcpy(d, k->d.p, BYTES);
    return STATUS_SUCCESS;
}

static void release_ctx(void *ctx)
{
    EVP_PKEY_CTX_free(ctx);
}

static void key_done(struct ecc_key *k)
{
    ctx_pool_drain(&k->derivers, release_ctx);
    EVP_PKEY_free(atomic_load_explicit(&k->pkey, memory_order_relaxed));
}

static EVP_PKEY_CTX *deriver_new(EVP_PKEY *own)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(ossl_ctx(), own, NULL);
    if (ctx != NULL && EVP_PKEY_derive_init(ctx) == 1)
        return ctx;
    EVP_PKEY_CTX_free(ctx);
    return NULL;
}

/* libcrypto reports an all-zero result as an error. */
static NTSTATUS agree(struct ecc_key *own, struct ecc_key *peer, uint8_t *z)
{
    if (is_small_order(peer->point)) {
        memset(z, 0, BYTES);
        return STATUS_SUCCESS;
    }
    EVP_PKEY *own_pkey;
    EVP_PKEY *peer_pkey;
    TRY(pkey_of(own, &own_pkey));
    TRY(pkey_of(peer, &peer_pkey));
    EVP_PKEY_CTX *ctx = ctx_pool_take(&own->derivers);
    if (ctx == NULL && (ctx = deriver_new(own_pkey)) == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    size_t n = BYTES;
    bool derived =
        EVP_PKEY_derive_set_peer_ex(ctx, peer_pkey, 0) == 1 && EVP_PKEY_derive(ctx, z, &n) == 1;
    if (!derived || !ctx_pool_give(&own->derivers, ctx))
        EVP_PKEY_CTX_free(ctx);
    return derived ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

const struct curve_form ecc_montgomery = {
    .curve_type = BCRYPT_ECC_PRIME_MONTGOMERY_CURVE,
    .private_as_public = true,
    .group_init = group_init,
    .group_done = group_done,
    .generate = generate,
    .set_public = set_public,
    .set_private = set_private,
    .get_public = get_public,
    .get_private = get_private,
    .key_done = key_done,
    .agree = agree,
};
