/*
 * The envelopes of ncrypt.h. Numbers are little-endian, strings UTF-16 with a NUL that counts.
 *
 *   NCRYPT_KEY_BLOB_HEADER                      NCRYPT_PQ_BLOB
 *    0  cbSize = 16                              0  dwMagic "PQPR"
 *    4  dwMagic "CPHR", "KDF1"                   4  cbBCryptType
 *    8  cbAlgName                                8  cbBCryptBlob
 *   12  cbKeyData                               12  type  [cbBCryptType]
 *   16  name [cbAlgName]                            blob  [cbBCryptBlob]
 *       data [cbKeyData]
 *
 * The data of a cipher's key is a whole BCRYPT_KEY_DATA_BLOB (observed on Windows); that of a key
 * derivation function's is the same here.
 */
#include "ncrypt_blob.h"

#include "ncrypt.h"
#include "sym_blob.h"

#define HEADER_BYTES 16
#define PQ_HEADER_BYTES 12
#define KEY_DATA_HEADER_BYTES 12

static size_t bytes_of(const char *utf8)
{
    return (wide_length(utf8, WIDTH_16) + 1) * sizeof(uint16_t);
}

NTSTATUS ncrypt_head_check(struct span in, size_t header_bytes, size_t at, uint32_t magic)
{
    struct rd r = rd_of(in);
    (void)rd_span(&r, at);
    uint32_t found = rd_le32(&r);
    if (in.n < header_bytes)
        return NTE_BAD_DATA;
    return found == magic ? STATUS_SUCCESS : NTE_INVALID_PARAMETER;
}

NTSTATUS key_envelope_decode(uint32_t magic, struct span in, struct key_envelope *out)
{
    TRY(ncrypt_head_check(in, HEADER_BYTES, sizeof(uint32_t), magic));
    struct rd r = rd_of(in);
    uint32_t header = rd_le32(&r);
    out->magic = rd_le32(&r);
    uint32_t name_bytes = rd_le32(&r);
    uint32_t data_bytes = rd_le32(&r);
    struct span name = rd_span(&r, name_bytes);
    out->data = rd_span(&r, data_bytes);
    if (!rd_end(&r) || header != HEADER_BYTES || name_bytes == 0)
        return NTE_BAD_DATA;
    return name_read_stored(&out->alg, name);
}

void key_envelope_encode(const struct key_envelope *e, struct wr *w)
{
    wr_le32(w, HEADER_BYTES);
    wr_le32(w, e->magic);
    wr_le32(w, (uint32_t)bytes_of(e->alg.s));
    wr_le32(w, (uint32_t)e->data.n);
    wr_utf16(w, e->alg.s);
    wr_span(w, e->data);
}

NTSTATUS key_data_check(struct span data)
{
    struct span key;
    TRY(ncrypt_head_check(data, KEY_DATA_HEADER_BYTES, 0, BCRYPT_KEY_DATA_BLOB_MAGIC));
    return sym_blob_decode(data, &key) < 0 ? NTE_BAD_DATA : STATUS_SUCCESS;
}

NTSTATUS pq_envelope_decode(struct span in, struct pq_envelope *out)
{
    TRY(ncrypt_head_check(in, PQ_HEADER_BYTES, 0, NCRYPT_PQ_PRIVATE_BLOB_MAGIC));
    struct rd r = rd_of(in);
    (void)rd_le32(&r);
    uint32_t type_bytes = rd_le32(&r);
    uint32_t blob_bytes = rd_le32(&r);
    struct span type = rd_span(&r, type_bytes);
    out->data = rd_span(&r, blob_bytes);
    if (!rd_end(&r) || type_bytes == 0)
        return NTE_BAD_DATA;
    return name_read_stored(&out->type, type);
}

void pq_envelope_encode(const struct pq_envelope *e, struct wr *w)
{
    wr_le32(w, NCRYPT_PQ_PRIVATE_BLOB_MAGIC);
    wr_le32(w, (uint32_t)bytes_of(e->type.s));
    wr_le32(w, (uint32_t)e->data.n);
    wr_utf16(w, e->type.s);
    wr_span(w, e->data);
}
