/* Key blobs of the post-quantum algorithms: BCRYPT_MLKEM_KEY_BLOB and
 * BCRYPT_PQDSA_KEY_BLOB, one layout. */
#ifndef BLOB_PQ_BLOB_H
#define BLOB_PQ_BLOB_H

#include "name.h"
#include "rd.h"
#include "wr.h"

struct pq_view {
    uint32_t magic;  /* BCRYPT_MLKEM_..._MAGIC, BCRYPT_MLDSA_..._MAGIC, BCRYPT_SLHDSA_..._MAGIC */
    struct name set; /* parameter set, "768" */
    struct span key;
};

/* Any magic is accepted here; the family compares it with what its format wants. The parameter set
 * is read as UTF-16, and as UTF-32 from programs with 32-bit wchar_t that fill the blob with a
 * string of their own (the two cannot be confused: cbParameterSet counts the NUL). Trailing bytes:
 * accepted when `trailing_ok`. Sizes that do not add up: STATUS_INVALID_BUFFER_SIZE. */
NTSTATUS pq_blob_decode(struct span in, bool trailing_ok, struct pq_view *out) MUST_CHECK;

/* Always writes the parameter set as UTF-16, as Windows does. */
void pq_blob_encode(const struct pq_view *v, struct wr *w);

#endif
