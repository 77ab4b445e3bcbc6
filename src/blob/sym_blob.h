/* Key blobs of symmetric keys, of ciphers and of key derivation functions: BCRYPT_KEY_DATA_BLOB. */
#ifndef BLOB_SYM_BLOB_H
#define BLOB_SYM_BLOB_H

#include "rd.h"
#include "wr.h"

/* The key's bytes, inside `in`. Whatever is wrong, sizes that do not add up too, is
 * STATUS_INVALID_PARAMETER. */
NTSTATUS sym_blob_decode(struct span in, struct span *key) MUST_CHECK;
void sym_blob_encode(struct span key, struct wr *w);

#endif
