/* Key blobs and parameters of DSA: versions 1 (up to 1024 bits) and 2, and
 * CryptoAPI's versions 2 and 3. */
#ifndef BLOB_DSA_BLOB_H
#define BLOB_DSA_BLOB_H

#include "rd.h"
#include "wr.h"

enum dsa_form {
    DSA_FORM_PUBLIC,
    DSA_FORM_PRIVATE,
    DSA_FORM_ANY_PUBLIC,
    DSA_FORM_ANY_PRIVATE,
    DSA_FORM_CAPI_V2_PUBLIC,
    DSA_FORM_CAPI_V2_PRIVATE,
    DSA_FORM_CAPI_V3_PUBLIC,
    DSA_FORM_CAPI_V3_PRIVATE
};

struct dsa_view {
    bool v2;            /* layout: BCRYPT_DSA_KEY_BLOB_V2 */
    uint32_t hash;      /* HASHALGORITHM_ENUM (v2) */
    uint32_t standard;  /* DSAFIPSVERSION_ENUM (v2) */
    size_t key_bytes;   /* bytes of p */
    size_t group_bytes; /* bytes of q */
    struct num p, q, g, y;
    struct num x;     /* private forms; CryptoAPI version 2 private has x and no y */
    struct span seed; /* domain-parameter seed as in the blob */
    bool seed_little; /* its bytes stand in reverse order (decoded from CryptoAPI's forms) */
    uint8_t count[4]; /* big-endian counter as in the blob; all FF: not given */
};

/* DSA_FORM_PUBLIC and _PRIVATE take version 1 or 2 from the magic; encoding takes it from v2. Wrong
 * magic: STATUS_INVALID_PARAMETER; sizes that do not add up: STATUS_INVALID_BUFFER_SIZE.
 * CryptoAPI's forms get v2, hash and standard as the sizes ask for. Encoding version 2 of CryptoAPI
 * fails in `w` when q has not 20 bytes. */
NTSTATUS dsa_blob_decode(int form, struct span in, struct dsa_view *out) MUST_CHECK;
void dsa_blob_encode(int form, const struct dsa_view *v, struct wr *w);

/* Property DSAParameters, BCRYPT_DSA_PARAMETER_HEADER or _V2 by magic.
 * cbLength must be the total size. */
NTSTATUS dsa_params_decode(struct span in, struct dsa_view *out) MUST_CHECK;
void dsa_params_encode(const struct dsa_view *v, struct wr *w);

#endif
