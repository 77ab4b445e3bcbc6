/*
 * Key pairs of Diffie-Hellman (dh_key.h).
 *
 * Imports are liberal with sizes, because programs use groups of any size and pad a peer's blob to
 * the size of their own; the numbers themselves are checked. Of a public value the range is checked
 * at once; its order, which takes longer, before the first agreement, or at once where the caller
 * asks by BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER.
 */
#include "dh_key.h"

#include "dh_blob.h"
#include "dh_groups.h"

/* ---- making --------------------------------------------------------------------------------- */

NTSTATUS dh_key_generate(struct alg *alg, uint32_t bits, uint32_t flags, struct key **key)
{
    (void)flags;
    return ffc_key_empty(alg, sizeof(struct dh_key), bits, key);
}

/* The group of a key without parameters. */
static NTSTATUS choose_group(struct ffc_key *k)
{
    struct ffc_group *group;
    TRY(dh_group_standard(k->bits, &group));
    if (group == NULL)
        TRY(dh_group_fresh(k->bits, &group));
    ffc_key_set_group(k, group);
    return STATUS_SUCCESS;
}

NTSTATUS dh_key_finalize(struct key *key, uint32_t flags)
{
    (void)flags; /* what they ask for is always done */
    struct ffc_key *k = ffc_key_of(key);
    if (k->group == NULL)
        TRY(choose_group(k));
    TRY(ffc_key_make(k));
    dh_key_of(key)->trusted = true;
    return STATUS_SUCCESS;
}

void dh_key_done(struct key *key)
{
    ffc_key_done(ffc_key_of(key));
}

/* ---- importing ------------------------------------------------------------------------------ */

static void key_done(struct key **key)
{
    key_free(*key);
}

/* CryptoAPI's blobs say what q is; a q that is not the order of g would
 * make the checks against it worthless. */
static NTSTATUS check_given_order(struct ffc_group *group)
{
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    if (ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    if (BN_num_bits(group->q) < 2 || BN_ucmp(group->q, group->p) >= 0)
        return STATUS_INVALID_PARAMETER;
    return ffc_check_order(group, group->g, ctx);
}

static NTSTATUS take_view(struct ffc_key *k, const struct dh_view *v, uint32_t flags)
{
    struct ffc_checks checks = ffc_checks_of(flags);
    if (v->key_bytes > FFC_MAX_BYTES)
        return STATUS_INVALID_PARAMETER;
    struct ffc_group *group;
    TRY(dh_group_of(v->p, v->q, v->g, &group));
    ffc_key_set_group(k, group);
    k->bits = (uint32_t)BN_num_bits(group->p);
    k->key_bytes = v->key_bytes;
    if (num_bits(v->q) > 0 && !group->shared)
        TRY(check_given_order(group));
    if (checks.order && group->q == NULL)
        return STATUS_INVALID_PARAMETER; /* asked for, and impossible */
    return ffc_key_take(k, v->y, v->x, &checks);
}

static NTSTATUS dh_import(struct alg *alg, const struct key_format *format, struct span blob,
                          uint32_t flags, struct key **out)
{
    struct dh_view view;
    TRY(dh_blob_decode(format->form, blob, &view));
    CLEANUP(key_done) struct key *key = key_alloc(alg, sizeof(struct dh_key));
    if (key == NULL)
        return STATUS_NO_MEMORY;
    TRY(take_view(ffc_key_of(key), &view, flags));
    struct ffc_checks checks = ffc_checks_of(flags);
    /* y = g^x has the order of g. */
    dh_key_of(key)->trusted = !checks.values || checks.order || (key->has_private && checks.pair) ||
                              (flags & BCRYPT_KEY_VALIDATION_RANGE) != 0;
    *out = key;
    key = NULL;
    return STATUS_SUCCESS;
}

/* ---- exporting ------------------------------------------------------------------------------ */

/* The numbers of a key in blob form, wiped by scope. */
struct raw {
    uint8_t y[FFC_MAX_BYTES], q[FFC_MAX_BYTES], x[FFC_MAX_BYTES];
    size_t n;
};

static void raw_done(struct raw *raw)
{
    wipe(raw->x, raw->n);
}

/* Bytes that q and x take in CryptoAPI's form, which states their widths. */
static size_t order_bytes(const struct ffc_key *k)
{
    return k->group->q == NULL ? 0 : (size_t)BN_num_bytes(k->group->q);
}

static bool write_all(const struct ffc_key *k, bool with_x, struct raw *raw, struct dh_view *v)
{
    size_t n = raw->n;
    size_t q = order_bytes(k);
    const uint8_t *domain = ffc_group_written(k->group);
    if (domain == NULL)
        return false;
    v->p = num_be(domain, k->group->bytes);
    v->g = num_be(domain + k->group->bytes, k->group->bytes);
    v->y = num_be(raw->y, n);
    v->q = num_be(raw->q, q);
    v->x = num_be(raw->x, with_x ? n : 0);
    return bn_write(k->y, raw->y, n) && (q == 0 || bn_write(k->group->q, raw->q, q)) &&
           (!with_x || bn_write(k->x, raw->x, n));
}

/* A view that only the sizes of are right: enough to count by. */
static struct dh_view sizes_of(const struct ffc_key *k, bool with_x)
{
    return (struct dh_view){
        .key_bytes = k->key_bytes,
        .q = {NULL, order_bytes(k), false},
        .x = {NULL, with_x ? k->key_bytes : 0, false},
    };
}

static NTSTATUS dh_export(struct key *key, const struct key_format *format, const struct out *o)
{
    const struct ffc_key *k = ffc_key_of(key);
    struct dh_view view = sizes_of(k, format->is_private);
    struct wr w = wr_count();
    dh_blob_encode(format->form, &view, &w);
    uint8_t *at;
    TRY(out_begin(o, w.n, &at));
    if (at == NULL)
        return STATUS_SUCCESS;
    CLEANUP(raw_done) struct raw raw;
    raw.n = k->key_bytes;
    if (!write_all(k, format->is_private, &raw, &view))
        return ossl_failed(STATUS_NO_MEMORY);
    w = wr_into(at, w.n);
    dh_blob_encode(format->form, &view, &w);
    return w.bad ? STATUS_INTERNAL_ERROR : STATUS_SUCCESS;
}

/* The generic names come last: they take the layout from the magic. Windows documents that the
 * primitive provider does not import CryptoAPI's public keys. */
const struct key_format dh_formats[] = {
    {"DHPUBLICBLOB", false, DH_FORM_PUBLIC, dh_import, dh_export},
    {"DHPRIVATEBLOB", true, DH_FORM_PRIVATE, dh_import, dh_export},
    {"CAPIDHPUBLICBLOB", false, DH_FORM_CAPI_PUBLIC, NULL, dh_export},
    {"CAPIDHPRIVATEBLOB", true, DH_FORM_CAPI_PRIVATE, dh_import, dh_export},
    {"PUBLICBLOB", false, DH_FORM_ANY_PUBLIC, dh_import, dh_export},
    {"PRIVATEBLOB", true, DH_FORM_ANY_PRIVATE, dh_import, dh_export},
    {NULL},
};

/* ---- DHParameters --------------------------------------------------------------------------- */

NTSTATUS dh_get_parameters(const struct prop_target *t, const struct out *o)
{
    const struct ffc_key *k = ffc_key_of(t->key);
    struct dh_view view = {.key_bytes = k->key_bytes};
    struct wr w = wr_count();
    dh_params_encode(&view, &w);
    uint8_t *at;
    TRY(out_begin(o, w.n, &at));
    if (at == NULL)
        return STATUS_SUCCESS;
    const uint8_t *domain = ffc_group_written(k->group);
    if (domain == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    view.p = num_be(domain, k->group->bytes);
    view.g = num_be(domain + k->group->bytes, k->group->bytes);
    w = wr_into(at, w.n);
    dh_params_encode(&view, &w);
    return w.bad ? STATUS_INTERNAL_ERROR : STATUS_SUCCESS;
}

NTSTATUS dh_set_parameters(const struct prop_target *t, const struct in *in)
{
    struct ffc_key *k = ffc_key_of(t->key);
    struct dh_view view;
    TRY(dh_params_decode(in_span(in), &view));
    if (view.key_bytes != k->key_bytes)
        return STATUS_INVALID_PARAMETER;
    struct ffc_group *group;
    TRY(dh_group_of(view.p, view.q, view.g, &group));
    ffc_key_set_group(k, group);
    return STATUS_SUCCESS;
}
