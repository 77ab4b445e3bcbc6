/*
 * What CryptoAPI's key blobs have in common: the header, and the body of version 3, which is the
 * same for Diffie-Hellman and DSA (layouts drawn in capi_blob.c). The family codecs lead here;
 * nobody else does.
 */
#ifndef BLOB_CAPI_BLOB_H
#define BLOB_CAPI_BLOB_H

#include "rd.h"
#include "wr.h"

/* PUBLICKEYSTRUC.bType */
#define CAPI_TYPE_PUBLIC 6
#define CAPI_TYPE_PRIVATE 7

/* PUBLICKEYSTRUC.aiKeyAlg */
#define CAPI_ALG_RSA_KEYX 0x0000A400u
#define CAPI_ALG_RSA_SIGN 0x00002400u
#define CAPI_ALG_DSS_SIGN 0x00002200u
#define CAPI_ALG_DH_SF 0x0000AA01u
#define CAPI_ALG_DH_EPHEM 0x0000AA02u

/* Bytes of q and of the seed where the layout leaves no choice. */
#define CAPI_DSS_BYTES 20

/* How a kind of blob opens, and what a length that does not fit gets. */
struct capi_kind {
    uint8_t type;
    uint8_t version;
    uint32_t algs[2]; /* either is read, the first is written */
    uint32_t magic;
    NTSTATUS bad_size;
};

/* DSSSEED. */
struct capi_seed {
    uint8_t count[4]; /* big-endian, as in CNG's blobs; all FF: not given */
    struct num bytes; /* taken for a number, because CryptoAPI turns it round like one */
};

/* The numbers of a version-3 blob. j = (p-1)/q follows from the others: it
 * is skipped, and not written. */
struct capi_v3 {
    size_t p_bytes, q_bytes, x_bytes;
    struct num p, q, g, y;
    struct num x; /* private blobs */
    struct capi_seed seed;
};

/* Reads header and magic; anything else than `kind` there is STATUS_INVALID_PARAMETER. */
NTSTATUS capi_open(struct rd *r, const struct capi_kind *kind) MUST_CHECK;
void capi_start(struct wr *w, const struct capi_kind *kind);

/* Bytes that a number of so many bits takes. */
size_t capi_bytes(uint32_t bits);

void capi_seed_read(struct rd *r, struct capi_seed *out);

/* A seed that is not 20 bytes long has no place here: it is written as one that was not given. */
void capi_seed_write(struct wr *w, const struct capi_seed *seed);

NTSTATUS capi_v3_decode(const struct capi_kind *kind, struct span in,
                        struct capi_v3 *out) MUST_CHECK;

void capi_v3_encode(const struct capi_kind *kind, const struct capi_v3 *v, struct wr *w);

#endif
