/*
 * Blobs of ciphers' keys. Lengths are bytes.
 *
 *   BCRYPT_OPAQUE_KEY_BLOB, this library's
 *    0  magic       OCKB
 *    4  version     1
 *    8  cbAlgorithm
 *   12  mode
 *   16  segment
 *   20  effective key length
 *   24  chaining value [16]
 *   40  cbKey
 *   44  algorithm [cbAlgorithm]  key [cbKey]
 *
 *   BCRYPT_PKCS11_RSA_AES_WRAP_BLOB
 *    0  dwMagic     RAPW
 *    4  cbKey
 *    8  cbPaddingAlgId
 *   12  cbPaddingLabel
 *   16  key [cbKey]  hash name, UTF-16 [cbPaddingAlgId]  label [cbPaddingLabel]
 *
 * Source of the second: bcrypt.h and PKCS #11. That nothing may follow is this library's choice.
 */
#include "cipher_blob.h"

#define OPAQUE_MAGIC 0x424B434F
#define OPAQUE_VERSION 1

NTSTATUS opaque_blob_decode(struct span in, struct opaque_blob *blob)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    uint32_t version = rd_le32(&r);
    uint32_t algorithm_n = rd_le32(&r);
    struct opaque_blob b;
    b.mode = rd_le32(&r);
    b.segment = rd_le32(&r);
    b.effective = rd_le32(&r);
    b.chain = rd_span(&r, OPAQUE_CHAIN_BYTES);
    uint32_t key_n = rd_le32(&r);
    b.algorithm = rd_span(&r, algorithm_n);
    b.key = rd_span(&r, key_n);
    if (!rd_end(&r) || magic != OPAQUE_MAGIC || version != OPAQUE_VERSION)
        return STATUS_INVALID_PARAMETER;
    *blob = b;
    return STATUS_SUCCESS;
}

void opaque_blob_encode(const struct opaque_blob *blob, struct wr *w)
{
    wr_le32(w, OPAQUE_MAGIC);
    wr_le32(w, OPAQUE_VERSION);
    wr_le32(w, (uint32_t)blob->algorithm.n);
    wr_le32(w, blob->mode);
    wr_le32(w, blob->segment);
    wr_le32(w, blob->effective);
    wr_span(w, blob->chain);
    wr_le32(w, (uint32_t)blob->key.n);
    wr_span(w, blob->algorithm);
    wr_span(w, blob->key);
}

NTSTATUS rsa_aes_blob_decode(struct span in, struct rsa_aes_blob *blob)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    uint32_t key_n = rd_le32(&r);
    uint32_t hash_n = rd_le32(&r);
    uint32_t label_n = rd_le32(&r);
    struct rsa_aes_blob b;
    b.key = rd_span(&r, key_n);
    b.hash = rd_span(&r, hash_n);
    b.label = rd_span(&r, label_n);
    if (!rd_end(&r) || magic != BCRYPT_PKCS11_RSA_AES_WRAP_BLOB_MAGIC)
        return STATUS_INVALID_PARAMETER;
    *blob = b;
    return STATUS_SUCCESS;
}

void rsa_aes_blob_encode(const struct rsa_aes_blob *blob, struct wr *w)
{
    wr_le32(w, BCRYPT_PKCS11_RSA_AES_WRAP_BLOB_MAGIC);
    wr_le32(w, (uint32_t)blob->key.n);
    wr_le32(w, (uint32_t)blob->hash.n);
    wr_le32(w, (uint32_t)blob->label.n);
    wr_span(w, blob->key);
    wr_span(w, blob->hash);
    wr_span(w, blob->label);
}
