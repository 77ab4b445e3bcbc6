/*
 * Key blobs and parameters of elliptic curves. Numbers are big-endian, lengths are bytes.
 *
 *   BCRYPT_ECCKEY_BLOB                SSL_ECCKEY_BLOB
 *    0  dwMagic                        0  dwCurveType   TLS number of the curve
 *    4  cbKey      bytes of X          4  cbKey
 *    8  X Y [cbKey each]               8  X Y [cbKey each]
 *       d   [cbKey]      private
 *
 *   BCRYPT_ECCFULLKEY_BLOB            BCRYPT_ECC_PARAMETER_HEADER
 *    0  dwMagic
 *    4  dwVersion               1      0  dwVersion
 *    8  dwCurveType             1..3   4  dwCurveType
 *   12  dwCurveGenerationAlgId         8  dwCurveGenerationAlgId
 *   16  cbFieldLength                 12  cbFieldLength
 *   20  cbSubgroupOrder               16  cbSubgroupOrder
 *   24  cbCofactor                    20  cbCofactor
 *   28  cbSeed                        24  cbSeed
 *   32  parameters                    28  parameters
 *       Qx Qy [cbFieldLength each]
 *       d     [cbSubgroupOrder]       private
 *
 *   parameters
 *       P A B Gx Gy [cbFieldLength each]
 *       order[cbSubgroupOrder] cofactor[cbCofactor] seed[cbSeed]
 *
 * A generic magic opens both layouts. Where the form leaves it to the magic, the next field
 * tells them apart: 1 is the version of a full blob, and no curve has coordinates of one byte.
 *
 * Observed on Windows: a cbKey that is not the curve's is STATUS_INVALID_PARAMETER. What follows
 * the numbers of an ECCPRIVATEBLOB is ignored, because libssh2 1.11.1 passes more than there is (the
 * size of the blob's name instead of that of its header), and is used on Windows so.
 *
 * Source: Microsoft's documentation of BCRYPT_ECCKEY_BLOB; bcrypt.h for the full and the SSL
 * header.
 */
#include "ecc_blob.h"

#define FULL_HEADER 32

/* Coordinates outside these bounds belong to no curve (secp112r1 and, with much to spare,
 * P-521). Tighter bounds are the business of whoever knows the curve. */
#define LEAST_COORDINATE 14
#define MOST_COORDINATE 256

struct magic {
    uint32_t magic;
    enum ecc_use use;
    uint32_t bits; /* 0: generic, the curve comes from elsewhere */
    bool is_private;
};

static const struct magic magics[] = {
    {BCRYPT_ECDH_PUBLIC_P256_MAGIC, ECC_USE_ECDH, 256, false},
    {BCRYPT_ECDH_PRIVATE_P256_MAGIC, ECC_USE_ECDH, 256, true},
    {BCRYPT_ECDH_PUBLIC_P384_MAGIC, ECC_USE_ECDH, 384, false},
    {BCRYPT_ECDH_PRIVATE_P384_MAGIC, ECC_USE_ECDH, 384, true},
    {BCRYPT_ECDH_PUBLIC_P521_MAGIC, ECC_USE_ECDH, 521, false},
    {BCRYPT_ECDH_PRIVATE_P521_MAGIC, ECC_USE_ECDH, 521, true},
    {BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, ECC_USE_ECDH, 0, false},
    {BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC, ECC_USE_ECDH, 0, true},
    {BCRYPT_ECDSA_PUBLIC_P256_MAGIC, ECC_USE_ECDSA, 256, false},
    {BCRYPT_ECDSA_PRIVATE_P256_MAGIC, ECC_USE_ECDSA, 256, true},
    {BCRYPT_ECDSA_PUBLIC_P384_MAGIC, ECC_USE_ECDSA, 384, false},
    {BCRYPT_ECDSA_PRIVATE_P384_MAGIC, ECC_USE_ECDSA, 384, true},
    {BCRYPT_ECDSA_PUBLIC_P521_MAGIC, ECC_USE_ECDSA, 521, false},
    {BCRYPT_ECDSA_PRIVATE_P521_MAGIC, ECC_USE_ECDSA, 521, true},
    {BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC, ECC_USE_ECDSA, 0, false},
    {BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC, ECC_USE_ECDSA, 0, true},
};

enum layouts { PLAIN = 1, FULL = 2, EITHER = PLAIN | FULL };

/* What a form takes. Encoding writes the plain layout unless only the full one is named. */
struct form {
    enum layouts layouts;
    bool reads_public, reads_private;
    bool writes_private;
    bool trailing_ok;
};

static const struct form forms[] = {
    [ECC_FORM_PUBLIC] = {PLAIN, true, true, false},
    [ECC_FORM_PRIVATE] = {PLAIN, false, true, true, .trailing_ok = true},
    [ECC_FORM_FULL_PUBLIC] = {FULL, true, false, false},
    [ECC_FORM_FULL_PRIVATE] = {FULL, false, true, true},
    [ECC_FORM_ANY_PUBLIC] = {EITHER, true, true, false},
    [ECC_FORM_ANY_PRIVATE] = {EITHER, false, true, true},
    [ECC_FORM_SSL_PUBLIC] = {0}, /* a layout of its own: ssl_read and ssl_write */
};

static const struct magic *magic_find(uint32_t magic)
{
    for (size_t i = 0; i < ARRAY_COUNT(magics); i++) {
        if (magics[i].magic == magic)
            return &magics[i];
    }
    return NULL;
}

static const struct magic *magic_for(enum ecc_use use, uint32_t bits, bool is_private)
{
    for (size_t i = 0; i < ARRAY_COUNT(magics); i++) {
        if (magics[i].use == use && magics[i].bits == bits && magics[i].is_private == is_private)
            return &magics[i];
    }
    return NULL;
}

/* Everything from dwVersion to the seed; what is short shows in `r`. */
static NTSTATUS params_read(struct rd *r, struct ecc_params_view *out)
{
    uint32_t version = rd_le32(r);
    out->curve_type = rd_le32(r);
    out->generation = rd_le32(r);
    out->field_bytes = rd_le32(r);
    out->order_bytes = rd_le32(r);
    size_t cofactor_bytes = rd_le32(r);
    size_t seed_bytes = rd_le32(r);
    if (!rd_ok(r))
        return STATUS_INVALID_BUFFER_SIZE;
    if (version != BCRYPT_ECC_FULLKEY_BLOB_V1 ||
        out->curve_type < BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE ||
        out->curve_type > BCRYPT_ECC_PRIME_MONTGOMERY_CURVE)
        return STATUS_INVALID_PARAMETER;
    if (out->field_bytes == 0 || out->order_bytes == 0)
        return STATUS_INVALID_PARAMETER;
    out->p = rd_num_be(r, out->field_bytes);
    out->a = rd_num_be(r, out->field_bytes);
    out->b = rd_num_be(r, out->field_bytes);
    out->gx = rd_num_be(r, out->field_bytes);
    out->gy = rd_num_be(r, out->field_bytes);
    out->order = rd_num_be(r, out->order_bytes);
    out->cofactor = rd_num_be(r, cofactor_bytes);
    out->seed = rd_span(r, seed_bytes);
    return STATUS_SUCCESS;
}

static void params_write(struct wr *w, const struct ecc_params_view *v)
{
    wr_le32(w, BCRYPT_ECC_FULLKEY_BLOB_V1);
    wr_le32(w, v->curve_type);
    wr_le32(w, v->generation);
    wr_le32(w, (uint32_t)v->field_bytes);
    wr_le32(w, (uint32_t)v->order_bytes);
    wr_le32(w, (uint32_t)v->cofactor.n);
    wr_le32(w, (uint32_t)v->seed.n);
    wr_num_be(w, v->p, v->field_bytes);
    wr_num_be(w, v->a, v->field_bytes);
    wr_num_be(w, v->b, v->field_bytes);
    wr_num_be(w, v->gx, v->field_bytes);
    wr_num_be(w, v->gy, v->field_bytes);
    wr_num_be(w, v->order, v->order_bytes);
    wr_num_be(w, v->cofactor, v->cofactor.n);
    wr_span(w, v->seed);
}

/* cbKey and the coordinates. */
static NTSTATUS plain_read(struct rd *r, struct ecc_view *v)
{
    size_t most = v->fixed_bits == 0 ? MOST_COORDINATE : (v->fixed_bits + 7) / 8;
    size_t least = v->fixed_bits == 0 ? LEAST_COORDINATE : most;
    v->key_bytes = rd_le32(r);
    if (!rd_ok(r))
        return STATUS_INVALID_BUFFER_SIZE;
    if (v->key_bytes < least || v->key_bytes > most)
        return STATUS_INVALID_PARAMETER;
    v->x = rd_num_be(r, v->key_bytes);
    v->y = rd_num_be(r, v->key_bytes);
    if (v->has_private)
        v->d = rd_num_be(r, v->key_bytes);
    return STATUS_SUCCESS;
}

static NTSTATUS full_read(struct rd *r, struct ecc_view *v)
{
    if (v->fixed_bits != 0)
        return STATUS_INVALID_PARAMETER;
    TRY(params_read(r, &v->params));
    v->has_params = true;
    v->key_bytes = v->params.field_bytes;
    v->x = rd_num_be(r, v->key_bytes);
    v->y = rd_num_be(r, v->key_bytes);
    if (v->has_private)
        v->d = rd_num_be(r, v->params.order_bytes);
    return STATUS_SUCCESS;
}

static NTSTATUS ssl_read(struct rd *r, struct ecc_view *v)
{
    v->tls_curve = rd_le32(r);
    return plain_read(r, v);
}

/* Whether a blob of either layout is a full one; `r` stands behind the magic. */
static bool looks_full(struct rd r, size_t blob_bytes, const struct magic *m)
{
    return m->bits == 0 && blob_bytes >= FULL_HEADER && rd_le32(&r) == BCRYPT_ECC_FULLKEY_BLOB_V1;
}

static NTSTATUS cng_read(int form, struct rd *r, struct ecc_view *v)
{
    const struct form *f = &forms[form];
    size_t blob_bytes = r->n;
    uint32_t magic = rd_le32(r);
    if (!rd_ok(r))
        return STATUS_INVALID_BUFFER_SIZE;
    const struct magic *m = magic_find(magic);
    if (m == NULL || !(m->is_private ? f->reads_private : f->reads_public))
        return STATUS_INVALID_PARAMETER;
    v->use = m->use;
    v->fixed_bits = m->bits;
    v->has_private = m->is_private;
    bool full = f->layouts == FULL || (f->layouts == EITHER && looks_full(*r, blob_bytes, m));
    return full ? full_read(r, v) : plain_read(r, v);
}

NTSTATUS ecc_blob_decode(int form, struct span in, struct ecc_view *out)
{
    struct ecc_view v = {0};
    struct rd r = rd_of(in);
    TRY(form == ECC_FORM_SSL_PUBLIC ? ssl_read(&r, &v) : cng_read(form, &r, &v));
    if (!rd_ok(&r) || (!forms[form].trailing_ok && !rd_end(&r)))
        return STATUS_INVALID_BUFFER_SIZE;
    *out = v;
    return STATUS_SUCCESS;
}

static void ssl_write(struct wr *w, const struct ecc_view *v)
{
    wr_le32(w, v->tls_curve);
    wr_le32(w, (uint32_t)v->key_bytes);
    wr_num_be(w, v->x, v->key_bytes);
    wr_num_be(w, v->y, v->key_bytes);
}

static void cng_write(int form, struct wr *w, const struct ecc_view *v)
{
    const struct form *f = &forms[form];
    bool full = f->layouts == FULL;
    const struct magic *m = magic_for(v->use, full ? 0 : v->fixed_bits, f->writes_private);
    if (m == NULL) {
        w->bad = true;
        return;
    }
    wr_le32(w, m->magic);
    if (full)
        params_write(w, &v->params);
    else
        wr_le32(w, (uint32_t)v->key_bytes);
    wr_num_be(w, v->x, v->key_bytes);
    wr_num_be(w, v->y, v->key_bytes);
    if (m->is_private)
        wr_num_be(w, v->d, full ? v->params.order_bytes : v->key_bytes);
}

void ecc_blob_encode(int form, const struct ecc_view *v, struct wr *w)
{
    if (form == ECC_FORM_SSL_PUBLIC)
        ssl_write(w, v);
    else
        cng_write(form, w, v);
}

NTSTATUS ecc_params_decode(struct span in, struct ecc_params_view *out)
{
    struct ecc_params_view v = {0};
    struct rd r = rd_of(in);
    /* The value of a property: a wrong size has no status of its own, as it has in a blob. */
    if (params_read(&r, &v) < 0 || !rd_end(&r))
        return STATUS_INVALID_PARAMETER;
    *out = v;
    return STATUS_SUCCESS;
}

void ecc_params_encode(const struct ecc_params_view *v, struct wr *w)
{
    params_write(w, v);
}
