/*
 * Key pairs of DSA (dsa_key.h).
 *
 * Observed on Windows: p has a multiple of 64 bits from 512 to 3072; q has 20 bytes up to 1024 bits
 * and 32 above; an origin of all FF is one that is not given, and a zero seed passes only with
 * BCRYPT_NO_KEY_VALIDATION, that is, a seed is verified.
 */
#include "dsa_key.h"

#include <string.h>

#include "dsa_blob.h"
#include "ffc_comb.h"

size_t dsa_key_q_bytes(const struct dsa_key *k)
{
    return dsa_q_bytes(k->ffc.bits);
}

/* ---- making --------------------------------------------------------------------------------- */

NTSTATUS dsa_key_generate(struct alg *alg, uint32_t bits, uint32_t flags, struct key **key)
{
    (void)flags;
    return ffc_key_empty(alg, sizeof(struct dsa_key), bits, key);
}

NTSTATUS dsa_key_finalize(struct key *key, uint32_t flags)
{
    (void)flags; /* what they ask for is always done */
    struct dsa_key *k = dsa_key_of(key);
    if (k->ffc.group == NULL) {
        struct ffc_group *group;
        TRY(dsa_generate(k->ffc.bits, &k->origin, &group));
        ffc_key_set_group(&k->ffc, group);
    }
    return ffc_key_make(&k->ffc);
}

void dsa_key_done(struct key *key)
{
    struct dsa_key *k = dsa_key_of(key);
    BN_MONT_CTX_free(atomic_load_explicit(&k->mont_q, memory_order_acquire));
    ffc_comb_free(atomic_load_explicit(&k->y_comb, memory_order_acquire));
    ffc_key_done(&k->ffc);
}

/* ---- importing ------------------------------------------------------------------------------ */

static void key_done(struct key **key)
{
    key_free(*key);
}

static void group_done(struct ffc_group **group)
{
    ffc_group_free(*group);
}

/* The group of a blob or of parameters, sizes checked. */
static NTSTATUS group_of(const struct dsa_view *v, struct ffc_group **out)
{
    size_t p_bits = num_bits(v->p);
    if (p_bits != 8 * v->key_bytes || v->v2 != dsa_is_v2(p_bits) ||
        v->group_bytes != dsa_q_bytes(p_bits) || v->seed.n > DSA_SEED_MAX)
        return STATUS_INVALID_PARAMETER;
    CLEANUP(group_done) struct ffc_group *group = NULL;
    TRY(ffc_group_new(v->p, v->q, v->g, &group));
    TRY(dsa_check_sizes(group));
    *out = group;
    group = NULL;
    return STATUS_SUCCESS;
}

static void take_origin(struct dsa_origin *origin, const struct dsa_view *v)
{
    origin->hash = v->v2 ? v->hash : DSA_HASH_ALGORITHM_SHA1;
    origin->standard = v->v2 ? v->standard : DSA_FIPS186_2;
    memcpy(origin->count, v->count, sizeof origin->count);
    origin->seed_bytes = v->seed.n;
    for (size_t i = 0; i < v->seed.n; i++)
        origin->seed[i] = v->seed.p[v->seed_little ? v->seed.n - 1 - i : i];
}

/* Checks of the parameters of an imported key. The byte order of a seed in CryptoAPI's blobs is not
 * documented, so that nothing can be concluded from one that does not fit. */
static NTSTATUS check_domain(const struct dsa_key *k, const struct dsa_view *v,
                             const struct ffc_checks *checks, BN_CTX *ctx)
{
    struct ffc_group *group = k->ffc.group;
    if (checks->values) {
        TRY(dsa_check_divides(group, ctx));
        if (!v->seed_little && dsa_origin_given(&k->origin))
            TRY(dsa_origin_check(&k->origin, group, ctx));
    }
    /* Where y comes from g there is no pair to compare, which would show
     * that g is of another order. */
    bool y_from_g = v->y.n == 0 && checks->pair;
    return checks->order || y_from_g ? ffc_check_order(group, group->g, ctx) : STATUS_SUCCESS;
}

static NTSTATUS take_view(struct dsa_key *k, const struct dsa_view *v, uint32_t flags)
{
    struct ffc_checks checks = ffc_checks_of(flags);
    const BCRYPT_KEY_LENGTHS_STRUCT *lengths = &k->ffc.key.class->key_lengths;
    size_t bits = 8 * v->key_bytes;
    if (v->key_bytes > DSA_SEED_MAX || bits < lengths->dwMinLength || bits > lengths->dwMaxLength ||
        bits % lengths->dwIncrement != 0)
        return STATUS_INVALID_PARAMETER;
    struct ffc_group *group;
    TRY(group_of(v, &group));
    ffc_key_set_group(&k->ffc, group);
    k->ffc.bits = (uint32_t)bits;
    k->ffc.key_bytes = v->key_bytes;
    take_origin(&k->origin, v);
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    if (ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(check_domain(k, v, &checks, ctx));
    TRY(ffc_key_take(&k->ffc, v->y, v->x, &checks));
    /* Signing computes modulo q, whatever the caller wants to have unchecked. */
    bool fits = k->ffc.x == NULL || BN_ucmp(k->ffc.x, group->q) < 0;
    return fits ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS dsa_import(struct alg *alg, const struct key_format *format, struct span blob,
                           uint32_t flags, struct key **out)
{
    struct dsa_view view;
    TRY(dsa_blob_decode(format->form, blob, &view));
    CLEANUP(key_done) struct key *key = key_alloc(alg, sizeof(struct dsa_key));
    if (key == NULL)
        return STATUS_NO_MEMORY;
    TRY(take_view(dsa_key_of(key), &view, flags));
    *out = key;
    key = NULL;
    return STATUS_SUCCESS;
}

/* ---- exporting ------------------------------------------------------------------------------ */

#define P_MAX 384
#define Q_MAX 32

/* The numbers of a key in blob form, wiped by scope. */
struct raw {
    uint8_t y[P_MAX], q[Q_MAX], x[Q_MAX];
};

static void raw_done(struct raw *raw)
{
    wipe(raw->x, sizeof raw->x);
}

/* All but the numbers: enough to count by. */
static struct dsa_view view_of(const struct dsa_key *k)
{
    struct dsa_view v = {
        .v2 = dsa_is_v2(k->ffc.bits),
        .hash = k->origin.hash,
        .standard = k->origin.standard,
        .key_bytes = k->ffc.key_bytes,
        .group_bytes = dsa_key_q_bytes(k),
        .seed = span_of(k->origin.seed, k->origin.seed_bytes),
    };
    memcpy(v.count, k->origin.count, sizeof v.count);
    return v;
}

/* The parameters, for blobs and DSAParameters. */
static bool write_domain(const struct dsa_key *k, struct raw *raw, struct dsa_view *v)
{
    struct ffc_group *group = k->ffc.group;
    const uint8_t *domain = ffc_group_written(group);
    if (domain == NULL)
        return false;
    v->p = num_be(domain, group->bytes);
    v->g = num_be(domain + group->bytes, group->bytes);
    v->q = num_be(raw->q, v->group_bytes);
    return bn_write(group->q, raw->q, v->group_bytes);
}

static bool write_pair(const struct dsa_key *k, bool with_x, struct raw *raw, struct dsa_view *v)
{
    v->y = num_be(raw->y, v->key_bytes);
    v->x = num_be(raw->x, with_x ? v->group_bytes : 0);
    return bn_write(k->ffc.y, raw->y, v->key_bytes) &&
           (!with_x || bn_write(k->ffc.x, raw->x, v->group_bytes));
}

static NTSTATUS dsa_export(struct key *key, const struct key_format *format, const struct out *o)
{
    const struct dsa_key *k = dsa_key_of(key);
    struct dsa_view view = view_of(k);
    struct wr w = wr_count();
    dsa_blob_encode(format->form, &view, &w);
    if (w.bad)
        return STATUS_NOT_SUPPORTED; /* CryptoAPI's version 2 has no place for a q of 32 bytes */
    uint8_t *at;
    TRY(out_begin(o, w.n, &at));
    if (at == NULL)
        return STATUS_SUCCESS;
    CLEANUP(raw_done) struct raw raw;
    if (!write_domain(k, &raw, &view) || !write_pair(k, format->is_private, &raw, &view))
        return ossl_failed(STATUS_NO_MEMORY);
    w = wr_into(at, w.n);
    dsa_blob_encode(format->form, &view, &w);
    return w.bad ? STATUS_INTERNAL_ERROR : STATUS_SUCCESS;
}

/* The generic names come last: they take the layout from the magic. Windows documents that the
 * primitive provider does not import CryptoAPI's public keys. */
const struct key_format dsa_formats[] = {
    {"DSAPUBLICBLOB", false, DSA_FORM_PUBLIC, dsa_import, dsa_export},
    {"DSAPRIVATEBLOB", true, DSA_FORM_PRIVATE, dsa_import, dsa_export},
    {"CAPIDSAPUBLICBLOB", false, DSA_FORM_CAPI_V3_PUBLIC, NULL, dsa_export},
    {"CAPIDSAPRIVATEBLOB", true, DSA_FORM_CAPI_V3_PRIVATE, dsa_import, dsa_export},
    {"V2CAPIDSAPUBLICBLOB", false, DSA_FORM_CAPI_V2_PUBLIC, NULL, dsa_export},
    {"V2CAPIDSAPRIVATEBLOB", true, DSA_FORM_CAPI_V2_PRIVATE, dsa_import, dsa_export},
    {"PUBLICBLOB", false, DSA_FORM_ANY_PUBLIC, dsa_import, dsa_export},
    {"PRIVATEBLOB", true, DSA_FORM_ANY_PRIVATE, dsa_import, dsa_export},
    {NULL},
};

/* ---- DSAParameters -------------------------------------------------------------------------- */

NTSTATUS dsa_get_parameters(const struct prop_target *t, const struct out *o)
{
    const struct dsa_key *k = dsa_key_of(t->key);
    struct dsa_view view = view_of(k);
    struct wr w = wr_count();
    dsa_params_encode(&view, &w);
    uint8_t *at;
    TRY(out_begin(o, w.n, &at));
    if (at == NULL)
        return STATUS_SUCCESS;
    struct raw raw;
    if (!write_domain(k, &raw, &view))
        return ossl_failed(STATUS_NO_MEMORY);
    w = wr_into(at, w.n);
    dsa_params_encode(&view, &w);
    return w.bad ? STATUS_INTERNAL_ERROR : STATUS_SUCCESS;
}

/* Somebody else's parameters are about to carry a key of ours: they are validated in full. */
static NTSTATUS check_parameters(struct ffc_group *group, const struct dsa_origin *origin)
{
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    if (ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(dsa_check_divides(group, ctx));
    if (dsa_origin_given(origin))
        TRY(dsa_origin_check(origin, group, ctx));
    TRY(ffc_check_order(group, group->g, ctx));
    return dsa_check_primes(group, ctx);
}

NTSTATUS dsa_set_parameters(const struct prop_target *t, const struct in *in)
{
    struct dsa_key *k = dsa_key_of(t->key);
    struct dsa_view view;
    TRY(dsa_params_decode(in_span(in), &view));
    if (view.key_bytes != k->ffc.key_bytes)
        return STATUS_INVALID_PARAMETER;
    CLEANUP(group_done) struct ffc_group *group = NULL;
    TRY(group_of(&view, &group));
    struct dsa_origin origin = {0};
    take_origin(&origin, &view);
    TRY(check_parameters(group, &origin));
    ffc_key_set_group(&k->ffc, group);
    group = NULL;
    k->origin = origin;
    return STATUS_SUCCESS;
}
