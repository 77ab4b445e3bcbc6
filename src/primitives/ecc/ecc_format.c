/*
 * Key blobs of elliptic curves: which curve a blob is on, what is checked before it becomes a key,
 * and the way back.
 *
 * The curve comes from the blob where it says one: the magic of P-256, P-384 or P-521, the TLS
 * number, explicit parameters. A handle that has a curve of its own must agree with it; only where
 * the blob says nothing does the handle decide. Then the key has the name that was set on the
 * handle, else the first name of the curve.
 *
 * Exports carry the magic of P-256, P-384 and P-521 for keys on these curves, whatever name or
 * algorithm they were made under: it imports everywhere, while a generic magic means nothing to
 * ECDSA_P256.
 */
#include "ecc_key.h"

#include <string.h>

#include "ct.h"

/* ---- import --------------------------------------------------------------------------------- */

static NTSTATUS choose_magic(uint32_t bits, struct ecc_choice *out)
{
    for (size_t i = 0; i < DOMAIN_COUNT; i++) {
        if (curve_domains[i].magic_bits == bits)
            return ecc_choice_domain(&curve_domains[i], out);
    }
    return STATUS_INVALID_PARAMETER;
}

static NTSTATUS choose_tls(enum ecc_use use, uint32_t tls, struct ecc_choice *out)
{
    const struct curve *curve = curve_of_tls(tls);
    if (curve == NULL || (use == ECC_USE_ECDSA && !curve->domain->form->signs))
        return STATUS_NOT_SUPPORTED;
    return ecc_choice_domain(curve->domain, out);
}

/* The curve that the blob states; no group where it states none. */
static NTSTATUS choose_stated(const struct ecc_row *row, int form, const struct ecc_view *v,
                              struct ecc_choice *out)
{
    if (form == ECC_FORM_SSL_PUBLIC)
        return choose_tls(row->use, v->tls_curve, out);
    if (v->use != row->use)
        return STATUS_INVALID_PARAMETER; /* observed on Windows */
    if (v->has_params)
        return ecc_choice_explicit(row->use, &v->params, out);
    return v->fixed_bits != 0 ? choose_magic(v->fixed_bits, out) : STATUS_SUCCESS;
}

static NTSTATUS choose_curve(struct alg *alg, int form, const struct ecc_view *v,
                             struct ecc_choice *out)
{
    const struct ecc_row *row = ecc_row_of(alg->class);
    SCOPED_CHOICE stated = {0};
    TRY(choose_stated(row, form, v, &stated));
    SCOPED_CHOICE own = {0};
    TRY(ecc_alg_choice(alg, &own));
    if (stated.group == NULL && (own.group == NULL || row->fixed != NULL))
        return STATUS_INVALID_PARAMETER;
    if (stated.group != NULL && own.group != NULL && !ecc_group_same(stated.group, own.group))
        return STATUS_INVALID_PARAMETER;

    struct ecc_choice *from = stated.group != NULL ? &stated : &own;
    *out = (struct ecc_choice){own.group != NULL ? own.name : stated.name, from->group};
    from->group = NULL;
    return STATUS_SUCCESS;
}

/* BCRYPT_KEY_VALIDATION_RANGE and _RANGE_AND_ORDER share a field of two bits with
 * BCRYPT_NO_KEY_VALIDATION. */
static struct ecc_import import_of(uint32_t flags)
{
    uint32_t field = flags & BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER;
    bool regenerate = (flags & BCRYPT_KEY_VALIDATION_REGENERATE) != 0;
    return (struct ecc_import){
        .check_order = field == 0 || field == BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER,
        .check_pair = field != BCRYPT_NO_KEY_VALIDATION || regenerate,
    };
}

struct raw_key {
    uint8_t xy[2 * ECC_MOST_FIELD_BYTES];
    uint8_t d[ECC_MOST_ORDER_BYTES];
};

static void raw_key_done(struct raw_key *raw)
{
    wipe(raw->d, sizeof raw->d);
}

#define RAW_KEY CLEANUP(raw_key_done) struct raw_key

static NTSTATUS load(struct ecc_key *k, const struct ecc_view *v, bool is_private, uint32_t flags)
{
    const struct ecc_group *g = k->curve.group;
    struct ecc_import in = import_of(flags);
    RAW_KEY raw;
    size_t n = g->field_bytes;
    if ((!v->has_params && v->key_bytes != n) || !num_to_be(v->x, raw.xy, n) ||
        !num_to_be(v->y, raw.xy + n, n) || (is_private && !num_to_be(v->d, raw.d, g->order_bytes)))
        return STATUS_INVALID_PARAMETER;
    k->order_checked = in.check_order || g->prime_order;
    k->base.has_private = is_private;
    /* Without X and Y the public point of a private key is computed (observed on Windows). */
    in.xy = is_private && ct_all_zero(raw.xy, 2 * n) ? NULL : raw.xy;
    in.d = raw.d;
    TRY(is_private ? g->form->set_private(k, &in) : g->form->set_public(k, &in));
    if (in.xy != NULL)
        ecc_key_keep_point(k, in.xy);
    return STATUS_SUCCESS;
}

static NTSTATUS import(struct alg *alg, const struct key_format *format, struct span blob,
                       uint32_t flags, struct key **key)
{
    struct ecc_view v;
    TRY(ecc_blob_decode(format->form, blob, &v));
    SCOPED_CHOICE choice = {0};
    TRY(choose_curve(alg, format->form, &v, &choice));
    if (v.has_private && !format->is_private && !choice.group->form->private_as_public)
        return STATUS_INVALID_PARAMETER;

    struct key *made = key_alloc(alg, sizeof(struct ecc_key));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    struct ecc_key *k = ecc_key_of(made);
    k->curve = choice;
    choice.group = NULL;
    NTSTATUS status = load(k, &v, format->is_private, flags);
    if (status < 0) {
        key_free(made);
        return status;
    }
    *key = made;
    return STATUS_SUCCESS;
}

/* ---- export --------------------------------------------------------------------------------- */

/* Reads the private number, and sees to it that the layout has room for it: an order may be a bit
 * longer than the field (secP160r1), and ECCPRIVATEBLOB has a field element's room. */
static NTSTATUS read_private(struct ecc_key *k, int form, uint8_t *d)
{
    const struct ecc_group *g = k->curve.group;
    TRY(g->form->get_private(k, d));
    bool tight = form != ECC_FORM_FULL_PRIVATE && g->order_bytes > g->field_bytes;
    return tight && d[0] != 0 ? STATUS_NOT_SUPPORTED : STATUS_SUCCESS;
}

static NTSTATUS export(struct key *key, const struct key_format *format, const struct out *o)
{
    struct ecc_key *k = ecc_key_of(key);
    const struct ecc_group *g = k->curve.group;
    struct ecc_view v = {
        .use = ecc_row_of(key->class)->use,
        .fixed_bits = g->domain != NULL ? g->domain->magic_bits : 0,
        .key_bytes = g->field_bytes,
        .has_private = format->is_private,
        .has_params = true,
        .params = g->params,
        .tls_curve = k->curve.name != NULL ? k->curve.name->tls : 0,
    };
    if (format->form == ECC_FORM_SSL_PUBLIC && v.tls_curve == 0)
        return STATUS_NOT_SUPPORTED;
    struct wr count = wr_count();
    ecc_blob_encode(format->form, &v, &count);
    uint8_t *dst;
    TRY(out_begin(o, count.n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;

    RAW_KEY raw;
    TRY(ecc_key_point(k, raw.xy));
    v.x = num_be(raw.xy, g->field_bytes);
    v.y = num_be(raw.xy + g->field_bytes, g->field_bytes);
    if (format->is_private) {
        TRY(read_private(k, format->form, raw.d));
        v.d = num_be(raw.d, g->order_bytes);
    }
    struct wr w = wr_into(dst, count.n);
    ecc_blob_encode(format->form, &v, &w);
    return w.bad ? STATUS_INTERNAL_ERROR : STATUS_SUCCESS;
}

const struct key_format ecc_formats[] = {
    {"ECCPUBLICBLOB", false, ECC_FORM_PUBLIC, import, export},
    {"ECCPRIVATEBLOB", true, ECC_FORM_PRIVATE, import, export},
    {"ECCFULLPUBLICBLOB", false, ECC_FORM_FULL_PUBLIC, import, export},
    {"ECCFULLPRIVATEBLOB", true, ECC_FORM_FULL_PRIVATE, import, export},
    {"PUBLICBLOB", false, ECC_FORM_ANY_PUBLIC, import, export},
    {"PRIVATEBLOB", true, ECC_FORM_ANY_PRIVATE, import, export},
    {"SSLECCPUBLICBLOB", false, ECC_FORM_SSL_PUBLIC, import, export},
    {.name = NULL},
};
