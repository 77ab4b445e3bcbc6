/*
 * Blobs of symmetric keys. Lengths are bytes.
 *
 *   BCRYPT_KEY_DATA_BLOB_HEADER
 *    0  dwMagic     KDBM
 *    4  dwVersion   1
 *    8  cbKeyData
 *   12  key [cbKeyData]
 *
 * A key of no bytes is a key of a key derivation function.
 *
 * Source: Microsoft's documentation of BCRYPT_KEY_DATA_BLOB_HEADER. That nothing may follow the key
 * is this library's choice.
 */
#include "sym_blob.h"

NTSTATUS sym_blob_decode(struct span in, struct span *key)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    uint32_t version = rd_le32(&r);
    struct span data = rd_span(&r, rd_le32(&r));
    if (!rd_end(&r) || magic != BCRYPT_KEY_DATA_BLOB_MAGIC ||
        version != BCRYPT_KEY_DATA_BLOB_VERSION1)
        return STATUS_INVALID_PARAMETER;
    *key = data;
    return STATUS_SUCCESS;
}

void sym_blob_encode(struct span key, struct wr *w)
{
    wr_le32(w, BCRYPT_KEY_DATA_BLOB_MAGIC);
    wr_le32(w, BCRYPT_KEY_DATA_BLOB_VERSION1);
    wr_le32(w, (uint32_t)key.n);
    wr_span(w, key);
}
