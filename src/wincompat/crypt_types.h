/*
 * The structures that CryptDecodeObjectEx and CryptEncodeObjectEx know, as rows: a number, the object
 * identifier that means the same, and the two directions.
 *
 * A decoded structure and all that it points to lie in one block. It is walked twice: first with no
 * block, to learn the size, then into it.
 */
#ifndef CRYPT_TYPES_H
#define CRYPT_TYPES_H

#include "crypt_der.h"

#include "bcrypt.h"
#include "wincrypt.h"

/* ---- the block ------------------------------------------------------------------------------- */

struct block {
    BYTE *p; /* NULL: count only */
    size_t n;
};

/* Room for n bytes, aligned to 8; NULL when only counting. The structure itself is taken first. */
void *block_take(struct block *b, size_t n);

/* Copies into the block, as they are or reversed (wincrypt.h's numbers are little-endian). */
CRYPT_DATA_BLOB block_bytes(struct block *b, struct bytes v);
CRYPT_DATA_BLOB block_reversed(struct block *b, struct bytes v);

/* The fields of a blob's header, which are little-endian on every machine, as the machine's own
 * numbers, or back. */
void fields_turn(DWORD *fields, size_t count);

/* An OBJECT IDENTIFIER as dotted text; NULL when only counting. */
LPSTR block_oid(struct block *b, struct der *d);

/* ---- the types ------------------------------------------------------------------------------- */

struct crypt_type {
    LPCSTR number;
    const char *oid; /* or NULL */

    /* Decodes one element; the reader's error tells what went wrong. */
    void (*decode)(struct der *d, DWORD flags, struct block *b);

    /* Encodes; bad when the structure holds what has no encoding. */
    void (*encode)(struct der_out *o, DWORD flags, const void *info);
};

/* The row, or NULL. `type` is a number below 65536 cast to a pointer, or an object identifier. */
const struct crypt_type *crypt_type_find(LPCSTR type);

/* crypt_rsa.c, crypt_key.c, crypt_simple.c */
void rsa_csp_public_decode(struct der *d, DWORD flags, struct block *b);
void rsa_csp_public_encode(struct der_out *o, DWORD flags, const void *info);
void rsa_csp_private_decode(struct der *d, DWORD flags, struct block *b);
void rsa_csp_private_encode(struct der_out *o, DWORD flags, const void *info);
void rsa_cng_public_decode(struct der *d, DWORD flags, struct block *b);
void rsa_cng_public_encode(struct der_out *o, DWORD flags, const void *info);
void rsa_cng_private_decode(struct der *d, DWORD flags, struct block *b);
void rsa_cng_private_encode(struct der_out *o, DWORD flags, const void *info);
void public_key_decode(struct der *d, DWORD flags, struct block *b);
void public_key_encode(struct der_out *o, DWORD flags, const void *info);
void private_key_decode(struct der *d, DWORD flags, struct block *b);
void private_key_encode(struct der_out *o, DWORD flags, const void *info);
void encrypted_key_decode(struct der *d, DWORD flags, struct block *b);
void encrypted_key_encode(struct der_out *o, DWORD flags, const void *info);
void ecc_key_decode(struct der *d, DWORD flags, struct block *b);
void ecc_key_encode(struct der_out *o, DWORD flags, const void *info);
void sequence_decode(struct der *d, DWORD flags, struct block *b);
void sequence_encode(struct der_out *o, DWORD flags, const void *info);
void number_decode(struct der *d, DWORD flags, struct block *b);
void number_encode(struct der_out *o, DWORD flags, const void *info);
void dss_parameters_decode(struct der *d, DWORD flags, struct block *b);
void dss_parameters_encode(struct der_out *o, DWORD flags, const void *info);
void dss_signature_decode(struct der *d, DWORD flags, struct block *b);
void dss_signature_encode(struct der_out *o, DWORD flags, const void *info);
void ecc_signature_decode(struct der *d, DWORD flags, struct block *b);
void ecc_signature_encode(struct der_out *o, DWORD flags, const void *info);

#endif
