/* Key blobs of ciphers beside the raw bytes: the library's own BCRYPT_OPAQUE_KEY_BLOB, and
 * BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB. */
#ifndef BLOB_CIPHER_BLOB_H
#define BLOB_CIPHER_BLOB_H

#include "rd.h"
#include "wr.h"

/* All of a cipher's key. */
struct opaque_blob {
    struct span algorithm; /* its name in ASCII */
    uint32_t mode;         /* its number in the algorithm's row */
    uint32_t segment;
    uint32_t effective;
    struct span chain; /* OPAQUE_CHAIN_BYTES */
    struct span key;
};

#define OPAQUE_CHAIN_BYTES 16

NTSTATUS opaque_blob_decode(struct span in, struct opaque_blob *blob) MUST_CHECK;
void opaque_blob_encode(const struct opaque_blob *blob, struct wr *w);

/* A key wrapped for the owner of an RSA key (PKCS #11, CKM_RSA_AES_KEY_WRAP). */
struct rsa_aes_blob {
    struct span key;   /* what RSA and AES encrypted */
    struct span hash;  /* of OAEP: its name in UTF-16 with its NUL */
    struct span label; /* of OAEP */
};

NTSTATUS rsa_aes_blob_decode(struct span in, struct rsa_aes_blob *blob) MUST_CHECK;
void rsa_aes_blob_encode(const struct rsa_aes_blob *blob, struct wr *w);

#endif
