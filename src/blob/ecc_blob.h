/* Key blobs of elliptic curves: BCRYPT_ECCKEY_BLOB, BCRYPT_ECCFULLKEY_BLOB, SSL_ECCKEY_BLOB, and
 * curve parameters. */
#ifndef BLOB_ECC_BLOB_H
#define BLOB_ECC_BLOB_H

#include "rd.h"
#include "wr.h"

enum ecc_form {
    ECC_FORM_PUBLIC,
    ECC_FORM_PRIVATE,
    ECC_FORM_FULL_PUBLIC,
    ECC_FORM_FULL_PRIVATE,
    ECC_FORM_ANY_PUBLIC,
    ECC_FORM_ANY_PRIVATE,
    ECC_FORM_SSL_PUBLIC
};

enum ecc_use { ECC_USE_ECDH, ECC_USE_ECDSA };

/* Explicit domain parameters, big-endian values in the lengths of the blob. */
struct ecc_params_view {
    uint32_t curve_type; /* BCRYPT_ECC_PRIME_..._CURVE */
    uint32_t generation; /* dwCurveGenerationAlgId */
    size_t field_bytes;
    size_t order_bytes;
    struct num p, a, b, gx, gy, order, cofactor;
    struct span seed;
};

struct ecc_view {
    enum ecc_use use;
    uint32_t fixed_bits; /* 256, 384, 521 where the magic names the curve; 0 for a generic magic */
    size_t key_bytes;    /* cbKey, or the field length of a full blob */
    bool has_private;
    bool has_params;
    struct ecc_params_view params; /* full forms */
    uint32_t tls_curve;            /* SSL form: the named-curve id */
    struct num x, y, d; /* raw bytes as in the blob; for curve25519 they are RFC 7748 bytes */
};

/* Wrong magic for the form, or a cbKey that cannot be its curve's: STATUS_INVALID_PARAMETER. Total
 * size wrong: STATUS_INVALID_BUFFER_SIZE. The ANY forms read plain and full layouts, and write
 * plain ones. A private layout passed for a public form is not decided here: PUBLIC and ANY_PUBLIC
 * accept it with has_private set, the caller decides (Windows takes an ECKV blob of curve25519 as
 * ECCPUBLICBLOB). */
NTSTATUS ecc_blob_decode(int form, struct span in, struct ecc_view *out) MUST_CHECK;

/* Writes from a view: use, fixed_bits, key_bytes (and params for the full
 * forms) choose magic and widths. */
void ecc_blob_encode(int form, const struct ecc_view *v, struct wr *w);

/* BCRYPT_ECC_PARAMETER_HEADER and its numbers (property ECCParameters). */
NTSTATUS ecc_params_decode(struct span in, struct ecc_params_view *out) MUST_CHECK;
void ecc_params_encode(const struct ecc_params_view *v, struct wr *w);

#endif
