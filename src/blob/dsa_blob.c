/*
 * Key blobs and parameters of DSA. CNG's numbers are big-endian; lengths are bytes.
 *
 *   version 1, up to 1024 bits
 *   BCRYPT_DSA_KEY_BLOB                BCRYPT_DSA_PARAMETER_HEADER
 *                                       0  cbLength      of header and numbers
 *    0  dwMagic    DSPB, DSPV           4  dwMagic       DSPM
 *    4  cbKey      bytes of P           8  cbKeyLength
 *    8  Count[4]   big-endian          12  Count[4]
 *   12  Seed[20]                       16  Seed[20]
 *   32  q[20]                          36  q[20]
 *   52  P G Y [cbKey each]             56  P G [cbKeyLength each]
 *       X[20]            private
 *
 *   version 2
 *   BCRYPT_DSA_KEY_BLOB_V2             BCRYPT_DSA_PARAMETER_HEADER_V2
 *                                       0  cbLength      of header and the rest
 *    0  dwMagic    DPB2, DPV2           4  dwMagic       DPM2
 *    4  cbKey      bytes of P           8  cbKeyLength
 *    8  hashAlgorithm    0..2          12  hashAlgorithm
 *   12  standardVersion  0..1          16  standardVersion
 *   16  cbSeedLength                   20  cbSeedLength
 *   20  cbGroupSize      bytes of q    24  cbGroupSize
 *   24  Count[4]   big-endian          28  Count[4]
 *   28  Seed[cbSeedLength]             32  Seed[cbSeedLength]
 *       q[cbGroupSize]                     q[cbGroupSize]
 *       P G Y [cbKey each]                 P G [cbKeyLength each]
 *       X[cbGroupSize]   private
 *
 *   CryptoAPI version 2 (little-endian; header and DSSSEED drawn in capi_blob.c, version 3 too)
 *    0  header
 *    8  magic      DSS1 public, DSS2 private
 *   12  bitlen     bits of p
 *   16  p[bitlen/8] q[20] g[bitlen/8]
 *       y[bitlen/8]      public
 *       x[20]            private
 *       DSSSEED
 *
 * Source: Microsoft's documentation of the BCRYPT_DSA structures and of the DSS provider's key
 * blobs. The order Seed, q, P, G, Y, X of version 2 is what programs on Windows rely on; its
 * documentation leaves Seed and q out.
 */
#include "dsa_blob.h"

#include <string.h>

#include "capi_blob.h"

/* q, x and the seed of version 1. */
#define V1_BYTES 20

/* The largest P of version 1, in bytes. */
#define V1_MOST 128

struct layout {
    uint32_t magic;
    uint32_t forms; /* bits of enum dsa_form */
    bool v2;
    bool is_private;
};

#define FORMS_PUBLIC (1u << DSA_FORM_PUBLIC | 1u << DSA_FORM_ANY_PUBLIC)
#define FORMS_PRIVATE (1u << DSA_FORM_PRIVATE | 1u << DSA_FORM_ANY_PRIVATE)

static const struct layout layouts[] = {
    {BCRYPT_DSA_PUBLIC_MAGIC, FORMS_PUBLIC, false, false},
    {BCRYPT_DSA_PUBLIC_MAGIC_V2, FORMS_PUBLIC, true, false},
    {BCRYPT_DSA_PRIVATE_MAGIC, FORMS_PRIVATE, false, true},
    {BCRYPT_DSA_PRIVATE_MAGIC_V2, FORMS_PRIVATE, true, true},
};

/* In the order of struct capi_kind. A row of no type is one of CNG's own forms. */
#define DSS CAPI_ALG_DSS_SIGN
#define BAD_SIZE STATUS_INVALID_BUFFER_SIZE
static const struct capi_kind capi_kinds[] = {
    [DSA_FORM_CAPI_V2_PUBLIC] = {CAPI_TYPE_PUBLIC, 2, {DSS, DSS}, 0x31535344, BAD_SIZE},
    [DSA_FORM_CAPI_V2_PRIVATE] = {CAPI_TYPE_PRIVATE, 2, {DSS, DSS}, 0x32535344, BAD_SIZE},
    [DSA_FORM_CAPI_V3_PUBLIC] = {CAPI_TYPE_PUBLIC, 3, {DSS, DSS}, 0x33535344, BAD_SIZE},
    [DSA_FORM_CAPI_V3_PRIVATE] = {CAPI_TYPE_PRIVATE, 3, {DSS, DSS}, 0x34535344, BAD_SIZE},
};

/* The seed as a number: that is how CryptoAPI turns it round. */
static struct num seed_num(const struct dsa_view *v)
{
    return (struct num){v->seed.p, v->seed.n, v->seed_little};
}

/* ---- the parts that keys and parameters share ----------------------------------------------- */

/* From the field behind cbKey to q. What is short shows in `r`. */
static void v1_read(struct rd *r, struct dsa_view *v)
{
    struct span count = rd_span(r, sizeof v->count);
    if (count.n == sizeof v->count)
        memcpy(v->count, count.p, sizeof v->count);
    v->seed = rd_span(r, V1_BYTES);
    v->group_bytes = V1_BYTES;
    v->q = rd_num_be(r, v->group_bytes);
}

static void v1_write(struct wr *w, const struct dsa_view *v)
{
    if (v->seed.n == V1_BYTES) {
        wr_bytes(w, v->count, sizeof v->count);
        wr_num_be(w, seed_num(v), V1_BYTES);
    } else {
        /* Not given. */
        for (size_t i = 0; i < sizeof v->count + V1_BYTES; i++)
            wr_u8(w, 0xFF);
    }
    wr_num_be(w, v->q, V1_BYTES);
}

static NTSTATUS v2_read(struct rd *r, struct dsa_view *v)
{
    v->v2 = true;
    v->hash = rd_le32(r);
    v->standard = rd_le32(r);
    size_t seed_bytes = rd_le32(r);
    v->group_bytes = rd_le32(r);
    struct span count = rd_span(r, sizeof v->count);
    if (!rd_ok(r))
        return STATUS_INVALID_BUFFER_SIZE;
    memcpy(v->count, count.p, sizeof v->count);
    if (v->hash > DSA_HASH_ALGORITHM_SHA512 || v->standard > DSA_FIPS186_3 || v->group_bytes == 0)
        return STATUS_INVALID_PARAMETER;
    v->seed = rd_span(r, seed_bytes);
    v->q = rd_num_be(r, v->group_bytes);
    return STATUS_SUCCESS;
}

static void v2_write(struct wr *w, const struct dsa_view *v)
{
    wr_le32(w, v->hash);
    wr_le32(w, v->standard);
    wr_le32(w, (uint32_t)v->seed.n);
    wr_le32(w, (uint32_t)v->group_bytes);
    wr_bytes(w, v->count, sizeof v->count);
    wr_num_be(w, seed_num(v), v->seed.n);
    wr_num_be(w, v->q, v->group_bytes);
}

/* ---- CNG ------------------------------------------------------------------------------------ */

static NTSTATUS cng_decode(int form, struct span in, struct dsa_view *out)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    if (!rd_ok(&r))
        return STATUS_INVALID_BUFFER_SIZE;
    const struct layout *layout = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(layouts); i++) {
        if (layouts[i].magic == magic && (layouts[i].forms >> form & 1) != 0)
            layout = &layouts[i];
    }
    if (layout == NULL)
        return STATUS_INVALID_PARAMETER;
    struct dsa_view v = {.key_bytes = rd_le32(&r)};
    if (layout->v2)
        TRY(v2_read(&r, &v));
    else
        v1_read(&r, &v);
    v.p = rd_num_be(&r, v.key_bytes);
    v.g = rd_num_be(&r, v.key_bytes);
    v.y = rd_num_be(&r, v.key_bytes);
    if (layout->is_private)
        v.x = rd_num_be(&r, v.group_bytes);
    if (!rd_end(&r) || v.key_bytes == 0)
        return STATUS_INVALID_BUFFER_SIZE;
    *out = v;
    return STATUS_SUCCESS;
}

static void cng_encode(int form, const struct dsa_view *v, struct wr *w)
{
    const struct layout *layout = layouts;
    while ((layout->forms >> form & 1) == 0 || layout->v2 != v->v2)
        layout++;
    wr_le32(w, layout->magic);
    wr_le32(w, (uint32_t)v->key_bytes);
    if (layout->v2)
        v2_write(w, v);
    else
        v1_write(w, v);
    wr_num_be(w, v->p, v->key_bytes);
    wr_num_be(w, v->g, v->key_bytes);
    wr_num_be(w, v->y, v->key_bytes);
    if (layout->is_private)
        wr_num_be(w, v->x, layout->v2 ? v->group_bytes : V1_BYTES);
}

/* ---- CryptoAPI ------------------------------------------------------------------------------ */

/* What a CryptoAPI blob does not say: CNG's layout for a key of this size,
 * and the hash that goes with q. */
static void fill_from_capi(struct dsa_view *v, const struct capi_seed *seed)
{
    v->v2 = v->key_bytes > V1_MOST;
    if (v->v2) {
        v->standard = DSA_FIPS186_3;
        v->hash = v->group_bytes <= 20   ? DSA_HASH_ALGORITHM_SHA1
                  : v->group_bytes <= 32 ? DSA_HASH_ALGORITHM_SHA256
                                         : DSA_HASH_ALGORITHM_SHA512;
    }
    v->seed = (struct span){seed->bytes.p, seed->bytes.n};
    v->seed_little = true;
    memcpy(v->count, seed->count, sizeof v->count);
}

static struct capi_seed capi_seed_of(const struct dsa_view *v)
{
    struct capi_seed seed = {.bytes = seed_num(v)};
    memcpy(seed.count, v->count, sizeof seed.count);
    return seed;
}

static NTSTATUS capi_v2_decode(const struct capi_kind *kind, struct span in, struct dsa_view *out)
{
    struct rd r = rd_of(in);
    TRY(capi_open(&r, kind));
    struct dsa_view v = {.key_bytes = capi_bytes(rd_le32(&r)), .group_bytes = CAPI_DSS_BYTES};
    v.p = rd_num_le(&r, v.key_bytes);
    v.q = rd_num_le(&r, v.group_bytes);
    v.g = rd_num_le(&r, v.key_bytes);
    if (kind->type == CAPI_TYPE_PRIVATE)
        v.x = rd_num_le(&r, v.group_bytes);
    else
        v.y = rd_num_le(&r, v.key_bytes);
    struct capi_seed seed;
    capi_seed_read(&r, &seed);
    if (!rd_end(&r) || v.key_bytes == 0)
        return kind->bad_size;
    fill_from_capi(&v, &seed);
    *out = v;
    return STATUS_SUCCESS;
}

/* Version 2 has no place for a longer q: such a key fails in `w`, in a count too. */
static void capi_v2_encode(const struct capi_kind *kind, const struct dsa_view *v, struct wr *w)
{
    const struct capi_seed seed = capi_seed_of(v);
    if (v->group_bytes != CAPI_DSS_BYTES)
        w->bad = true;
    capi_start(w, kind);
    wr_le32(w, (uint32_t)(8 * v->key_bytes));
    wr_num_le(w, v->p, v->key_bytes);
    wr_num_le(w, v->q, CAPI_DSS_BYTES);
    wr_num_le(w, v->g, v->key_bytes);
    if (kind->type == CAPI_TYPE_PRIVATE)
        wr_num_le(w, v->x, CAPI_DSS_BYTES);
    else
        wr_num_le(w, v->y, v->key_bytes);
    capi_seed_write(w, &seed);
}

static NTSTATUS capi_decode(const struct capi_kind *kind, struct span in, struct dsa_view *out)
{
    if (kind->version == 2)
        return capi_v2_decode(kind, in, out);
    struct capi_v3 body;
    TRY(capi_v3_decode(kind, in, &body));
    struct dsa_view v = {
        .key_bytes = body.p_bytes,
        .group_bytes = body.q_bytes,
        .p = body.p,
        .q = body.q,
        .g = body.g,
        .y = body.y,
        .x = body.x,
    };
    if (v.group_bytes == 0)
        return STATUS_INVALID_PARAMETER;
    fill_from_capi(&v, &body.seed);
    *out = v;
    return STATUS_SUCCESS;
}

static void capi_encode(const struct capi_kind *kind, const struct dsa_view *v, struct wr *w)
{
    if (kind->version == 2) {
        capi_v2_encode(kind, v, w);
        return;
    }
    const struct capi_v3 body = {
        .p_bytes = v->key_bytes,
        .q_bytes = v->group_bytes,
        .x_bytes = v->group_bytes,
        .p = v->p,
        .q = v->q,
        .g = v->g,
        .y = v->y,
        .x = v->x,
        .seed = capi_seed_of(v),
    };
    capi_v3_encode(kind, &body, w);
}

/* ---- the contract --------------------------------------------------------------------------- */

NTSTATUS dsa_blob_decode(int form, struct span in, struct dsa_view *out)
{
    const struct capi_kind *capi = &capi_kinds[form];
    return capi->type != 0 ? capi_decode(capi, in, out) : cng_decode(form, in, out);
}

void dsa_blob_encode(int form, const struct dsa_view *v, struct wr *w)
{
    const struct capi_kind *capi = &capi_kinds[form];
    if (capi->type != 0)
        capi_encode(capi, v, w);
    else
        cng_encode(form, v, w);
}

NTSTATUS dsa_params_decode(struct span in, struct dsa_view *out)
{
    struct rd r = rd_of(in);
    uint32_t length = rd_le32(&r);
    uint32_t magic = rd_le32(&r);
    if (magic != BCRYPT_DSA_PARAMETERS_MAGIC && magic != BCRYPT_DSA_PARAMETERS_MAGIC_V2)
        return STATUS_INVALID_PARAMETER;
    struct dsa_view v = {.key_bytes = rd_le32(&r)};
    if (magic == BCRYPT_DSA_PARAMETERS_MAGIC)
        v1_read(&r, &v);
    else if (v2_read(&r, &v) < 0)
        return STATUS_INVALID_PARAMETER;
    v.p = rd_num_be(&r, v.key_bytes);
    v.g = rd_num_be(&r, v.key_bytes);
    if (!rd_end(&r) || length != in.n || v.key_bytes == 0)
        return STATUS_INVALID_PARAMETER;
    *out = v;
    return STATUS_SUCCESS;
}

void dsa_params_encode(const struct dsa_view *v, struct wr *w)
{
    size_t head = sizeof(BCRYPT_DSA_PARAMETER_HEADER);
    if (v->v2)
        head = sizeof(BCRYPT_DSA_PARAMETER_HEADER_V2) + v->seed.n + v->group_bytes;
    wr_le32(w, (uint32_t)(head + 2 * v->key_bytes));
    wr_le32(w, v->v2 ? BCRYPT_DSA_PARAMETERS_MAGIC_V2 : BCRYPT_DSA_PARAMETERS_MAGIC);
    wr_le32(w, (uint32_t)v->key_bytes);
    if (v->v2)
        v2_write(w, v);
    else
        v1_write(w, v);
    wr_num_be(w, v->p, v->key_bytes);
    wr_num_be(w, v->g, v->key_bytes);
}
