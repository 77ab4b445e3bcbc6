/* The key blobs that are ncrypt.h's own: envelopes with a name around the blob of another library. */
#ifndef BLOB_NCRYPT_BLOB_H
#define BLOB_NCRYPT_BLOB_H

#include "name.h"
#include "rd.h"
#include "wr.h"

/* What is observed of blobs on Windows: another magic at `at` is NTE_INVALID_PARAMETER, a blob without a whole header
 * NTE_BAD_DATA. */
NTSTATUS ncrypt_head_check(struct span in, size_t header_bytes, size_t at,
                           uint32_t magic) MUST_CHECK;

/* NCRYPT_KEY_BLOB_HEADER: CipherKeyBlob, KDFKeyBlob, ProtectedKeyBlob. */
struct key_envelope {
    uint32_t magic;
    struct name alg;
    struct span data;
};

/* Another magic: NTE_INVALID_PARAMETER. Sizes that do not add up: NTE_BAD_DATA. */
NTSTATUS key_envelope_decode(uint32_t magic, struct span in, struct key_envelope *out) MUST_CHECK;
void key_envelope_encode(const struct key_envelope *e, struct wr *w);

/* Whether the data of a symmetric key are a BCRYPT_KEY_DATA_BLOB; the same statuses. */
NTSTATUS key_data_check(struct span data) MUST_CHECK;

/* NCRYPT_PQ_BLOB: PQPrivateKeyBlob. */
struct pq_envelope {
    struct name type; /* of the blob inside */
    struct span data;
};

NTSTATUS pq_envelope_decode(struct span in, struct pq_envelope *out) MUST_CHECK;
void pq_envelope_encode(const struct pq_envelope *e, struct wr *w);

#endif
