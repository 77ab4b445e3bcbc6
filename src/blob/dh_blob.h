/* Key blobs and parameters of Diffie-Hellman: BCRYPT_DH_KEY_BLOB, BCRYPT_DH_PARAMETER_HEADER,
 * CryptoAPI's forms. */
#ifndef BLOB_DH_BLOB_H
#define BLOB_DH_BLOB_H

#include "rd.h"
#include "wr.h"

enum dh_form {
    DH_FORM_PUBLIC,
    DH_FORM_PRIVATE,
    DH_FORM_ANY_PUBLIC,
    DH_FORM_ANY_PRIVATE,
    DH_FORM_CAPI_PUBLIC,
    DH_FORM_CAPI_PRIVATE
};

struct dh_view {
    size_t key_bytes; /* cbKey: bytes of p */
    struct num p, g, y;
    struct num x; /* private forms */
    struct num q; /* CryptoAPI version 3 only; else empty */
};

/* Wrong magic: STATUS_INVALID_PARAMETER. Private blob not of the exact size:
 * STATUS_INVALID_PARAMETER (seen on Windows); public: STATUS_INVALID_BUFFER_SIZE. CAPI_PUBLIC
 * decodes version 3. */
NTSTATUS dh_blob_decode(int form, struct span in, struct dh_view *out) MUST_CHECK;
void dh_blob_encode(int form, const struct dh_view *v, struct wr *w);

/* Property DHParameters: 12-byte header, P, G. cbLength must be the total size. */
NTSTATUS dh_params_decode(struct span in, struct dh_view *out) MUST_CHECK;
void dh_params_encode(const struct dh_view *v, struct wr *w);

#endif
