/* Key blobs of symmetric keys, of ciphers and of key derivation functions: BCRYPT_KEY_DATA_BLOB. */
#ifndef BLOB_SYM_BLOB_H
#define BLOB_SYM_BLOB_H

#include "name.h"
#include "rd.h"
#include "wr.h"

/* The key's bytes, inside `in`. Whatever is wrong, sizes that do not add up too, is
 * STATUS_INVALID_PARAMETER. */
NTSTATUS sym_blob_decode(struct span in, struct span *key) MUST_CHECK;
void sym_blob_encode(struct span key, struct wr *w);

/* What the blob of a final key of HKDF holds. */
struct sym_hkdf {
    struct name hash;
    struct span prk; /* the pseudorandom key, inside the blob */
};

/* The same for a key of HKDF. Any name in ASCII is accepted here, with or without its NUL. */
NTSTATUS sym_blob_hkdf_decode(struct span in, struct sym_hkdf *out) MUST_CHECK;

/* `hash` is one of our names, which are ASCII. */
void sym_blob_hkdf_encode(const char *hash, struct span prk, struct wr *w);

#endif
