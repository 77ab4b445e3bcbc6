/*
 * Key blobs and parameters of Diffie-Hellman. CNG's numbers are big-endian; lengths are bytes.
 *
 *   BCRYPT_DH_KEY_BLOB                 BCRYPT_DH_PARAMETER_HEADER
 *    0  dwMagic      DHPB, DHPV         0  cbLength     of header and numbers
 *    4  cbKey        bytes of P         4  dwMagic      DHPM
 *    8  P G Y [cbKey each]              8  cbKeyLength  bytes of P
 *       X     [cbKey]     private      12  P G [cbKeyLength each]
 *
 *   CryptoAPI's form is version 3, drawn in capi_blob.c.
 *
 * Observed on Windows: a private blob that is not of the exact size is STATUS_INVALID_PARAMETER.
 *
 * Source: Microsoft's documentation of BCRYPT_DH_KEY_BLOB and BCRYPT_DH_PARAMETER_HEADER.
 */
#include "dh_blob.h"

#include "capi_blob.h"

struct layout {
    uint32_t magic;
    bool is_private;
    NTSTATUS bad_size;
};

static const struct layout layout_public = {BCRYPT_DH_PUBLIC_MAGIC, false,
                                            STATUS_INVALID_BUFFER_SIZE};
static const struct layout layout_private = {BCRYPT_DH_PRIVATE_MAGIC, true,
                                             STATUS_INVALID_PARAMETER};

static const struct capi_kind capi_public = {
    .type = CAPI_TYPE_PUBLIC,
    .version = 3,
    .algs = {CAPI_ALG_DH_SF, CAPI_ALG_DH_EPHEM},
    .magic = 0x33484400,
    .bad_size = STATUS_INVALID_BUFFER_SIZE,
};
static const struct capi_kind capi_private = {
    .type = CAPI_TYPE_PRIVATE,
    .version = 3,
    .algs = {CAPI_ALG_DH_SF, CAPI_ALG_DH_EPHEM},
    .magic = 0x34484400,
    .bad_size = STATUS_INVALID_PARAMETER,
};

/* Where a form is encoded and decoded; one of the two is set. */
struct form {
    const struct layout *cng;
    const struct capi_kind *capi;
};

static const struct form forms[] = {
    [DH_FORM_PUBLIC] = {.cng = &layout_public},
    [DH_FORM_PRIVATE] = {.cng = &layout_private},
    [DH_FORM_ANY_PUBLIC] = {.cng = &layout_public},
    [DH_FORM_ANY_PRIVATE] = {.cng = &layout_private},
    [DH_FORM_CAPI_PUBLIC] = {.capi = &capi_public},
    [DH_FORM_CAPI_PRIVATE] = {.capi = &capi_private},
};

static NTSTATUS cng_decode(const struct layout *layout, struct span in, struct dh_view *out)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    if (!rd_ok(&r))
        return layout->bad_size;
    if (magic != layout->magic)
        return STATUS_INVALID_PARAMETER;
    struct dh_view v = {.key_bytes = rd_le32(&r)};
    v.p = rd_num_be(&r, v.key_bytes);
    v.g = rd_num_be(&r, v.key_bytes);
    v.y = rd_num_be(&r, v.key_bytes);
    if (layout->is_private)
        v.x = rd_num_be(&r, v.key_bytes);
    if (!rd_end(&r) || v.key_bytes == 0)
        return layout->bad_size;
    *out = v;
    return STATUS_SUCCESS;
}

static void cng_encode(const struct layout *layout, const struct dh_view *v, struct wr *w)
{
    wr_le32(w, layout->magic);
    wr_le32(w, (uint32_t)v->key_bytes);
    wr_num_be(w, v->p, v->key_bytes);
    wr_num_be(w, v->g, v->key_bytes);
    wr_num_be(w, v->y, v->key_bytes);
    if (layout->is_private)
        wr_num_be(w, v->x, v->key_bytes);
}

static NTSTATUS capi_decode(const struct capi_kind *kind, struct span in, struct dh_view *out)
{
    struct capi_v3 v;
    TRY(capi_v3_decode(kind, in, &v));
    *out =
        (struct dh_view){.key_bytes = v.p_bytes, .p = v.p, .g = v.g, .y = v.y, .x = v.x, .q = v.q};
    return STATUS_SUCCESS;
}

/* q and x keep the widths of the view; there is no seed. */
static void capi_encode(const struct capi_kind *kind, const struct dh_view *v, struct wr *w)
{
    const struct capi_v3 body = {
        .p_bytes = v->key_bytes,
        .q_bytes = v->q.n,
        .x_bytes = v->x.n,
        .p = v->p,
        .q = v->q,
        .g = v->g,
        .y = v->y,
        .x = v->x,
    };
    capi_v3_encode(kind, &body, w);
}

NTSTATUS dh_blob_decode(int form, struct span in, struct dh_view *out)
{
    const struct form *f = &forms[form];
    return f->capi != NULL ? capi_decode(f->capi, in, out) : cng_decode(f->cng, in, out);
}

void dh_blob_encode(int form, const struct dh_view *v, struct wr *w)
{
    const struct form *f = &forms[form];
    if (f->capi != NULL)
        capi_encode(f->capi, v, w);
    else
        cng_encode(f->cng, v, w);
}

NTSTATUS dh_params_decode(struct span in, struct dh_view *out)
{
    struct rd r = rd_of(in);
    uint32_t length = rd_le32(&r);
    uint32_t magic = rd_le32(&r);
    struct dh_view v = {.key_bytes = rd_le32(&r)};
    v.p = rd_num_be(&r, v.key_bytes);
    v.g = rd_num_be(&r, v.key_bytes);
    if (!rd_end(&r) || length != in.n || magic != BCRYPT_DH_PARAMETERS_MAGIC || v.key_bytes == 0)
        return STATUS_INVALID_PARAMETER;
    *out = v;
    return STATUS_SUCCESS;
}

void dh_params_encode(const struct dh_view *v, struct wr *w)
{
    wr_le32(w, (uint32_t)(sizeof(BCRYPT_DH_PARAMETER_HEADER) + 2 * v->key_bytes));
    wr_le32(w, BCRYPT_DH_PARAMETERS_MAGIC);
    wr_le32(w, (uint32_t)v->key_bytes);
    wr_num_be(w, v->p, v->key_bytes);
    wr_num_be(w, v->g, v->key_bytes);
}
