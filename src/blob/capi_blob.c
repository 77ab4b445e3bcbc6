/*
 * The common parts of CryptoAPI's key blobs. Everything is little-endian, the numbers too.
 * Lengths are given in bits; a number takes as many bytes as its bits need.
 *
 *   PUBLICKEYSTRUC                          DSSSEED (24 bytes)
 *    0  bType       6 public, 7 private      0  counter    FFFFFFFF: no seed
 *    1  bVersion    2 or 3                   4  seed[20]   least significant byte first
 *    2  reserved    0
 *    4  aiKeyAlg
 *    8  magic       belongs to the structure that follows
 *
 *   version 3, public                       version 3, private
 *   (DHPUBKEY_VER3, DSSPUBKEY_VER3)         (DHPRIVKEY_VER3, DSSPRIVKEY_VER3)
 *    8  magic       DH3  DSS3                8  magic       DH4  DSS4
 *   12  bitlenP                             12  bitlenP
 *   16  bitlenQ                             16  bitlenQ
 *   20  bitlenJ                             20  bitlenJ
 *   24  DSSSEED                             24  bitlenX
 *   48  p q g j y                           28  DSSSEED
 *                                           52  p q g j y x
 *
 *   p, g and y take bitlenP, q bitlenQ, j bitlenJ, x bitlenX. q and j may have no bits.
 *
 * Source: Microsoft's documentation of the provider key blobs ("DSS Version 3 Private Key
 * BLOBs", "Diffie-Hellman Version 3 Private Key BLOBs"). That the seed is reversed like the
 * numbers is what .NET does on Windows.
 */
#include "capi_blob.h"

NTSTATUS capi_open(struct rd *r, const struct capi_kind *kind)
{
    uint8_t type = rd_u8(r);
    uint8_t version = rd_u8(r);
    (void)rd_le16(r); /* reserved: CryptoAPI does not look at it either */
    uint32_t alg = rd_le32(r);
    uint32_t magic = rd_le32(r);
    if (!rd_ok(r))
        return kind->bad_size;
    if (type != kind->type || version != kind->version || magic != kind->magic)
        return STATUS_INVALID_PARAMETER;
    if (alg != kind->algs[0] && alg != kind->algs[1])
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

void capi_start(struct wr *w, const struct capi_kind *kind)
{
    wr_u8(w, kind->type);
    wr_u8(w, kind->version);
    wr_le16(w, 0);
    wr_le32(w, kind->algs[0]);
    wr_le32(w, kind->magic);
}

size_t capi_bytes(uint32_t bits)
{
    return bits / 8 + (bits % 8 != 0);
}

void capi_seed_read(struct rd *r, struct capi_seed *out)
{
    uint32_t counter = rd_le32(r);
    for (size_t i = 0; i < sizeof out->count; i++)
        out->count[i] = (uint8_t)(counter >> (24 - 8 * i));
    out->bytes = rd_num_le(r, CAPI_DSS_BYTES);
}

void capi_seed_write(struct wr *w, const struct capi_seed *seed)
{
    if (seed->bytes.n != CAPI_DSS_BYTES) {
        for (size_t i = 0; i < sizeof seed->count + CAPI_DSS_BYTES; i++)
            wr_u8(w, 0xFF);
        return;
    }
    for (size_t i = sizeof seed->count; i > 0; i--)
        wr_u8(w, seed->count[i - 1]);
    wr_num_le(w, seed->bytes, CAPI_DSS_BYTES);
}

NTSTATUS capi_v3_decode(const struct capi_kind *kind, struct span in, struct capi_v3 *out)
{
    bool is_private = kind->type == CAPI_TYPE_PRIVATE;
    struct rd r = rd_of(in);
    TRY(capi_open(&r, kind));
    struct capi_v3 v = {.p_bytes = capi_bytes(rd_le32(&r))};
    v.q_bytes = capi_bytes(rd_le32(&r));
    size_t j_bytes = capi_bytes(rd_le32(&r));
    v.x_bytes = is_private ? capi_bytes(rd_le32(&r)) : 0;
    capi_seed_read(&r, &v.seed);
    v.p = rd_num_le(&r, v.p_bytes);
    v.q = rd_num_le(&r, v.q_bytes);
    v.g = rd_num_le(&r, v.p_bytes);
    (void)rd_span(&r, j_bytes);
    v.y = rd_num_le(&r, v.p_bytes);
    v.x = rd_num_le(&r, v.x_bytes);
    if (!rd_end(&r) || v.p_bytes == 0 || (is_private && v.x_bytes == 0))
        return kind->bad_size;
    *out = v;
    return STATUS_SUCCESS;
}

void capi_v3_encode(const struct capi_kind *kind, const struct capi_v3 *v, struct wr *w)
{
    bool is_private = kind->type == CAPI_TYPE_PRIVATE;
    capi_start(w, kind);
    wr_le32(w, (uint32_t)(8 * v->p_bytes));
    wr_le32(w, (uint32_t)(8 * v->q_bytes));
    wr_le32(w, 0);
    if (is_private)
        wr_le32(w, (uint32_t)(8 * v->x_bytes));
    capi_seed_write(w, &v->seed);
    wr_num_le(w, v->p, v->p_bytes);
    wr_num_le(w, v->q, v->q_bytes);
    wr_num_le(w, v->g, v->p_bytes);
    wr_num_le(w, v->y, v->p_bytes);
    if (is_private)
        wr_num_le(w, v->x, v->x_bytes);
}
