/*
 * PKCS #8: private keys of every algorithm in one envelope (RFC 5208, RFC 5958), plain or encrypted
 * under a password (RFC 8018, RFC 7292).
 *
 * The envelope is in pkcs8.c; what it holds for an algorithm is in pkcs8_rsa.c, pkcs8_ec.c, pkcs8_ffc.c and
 * pkcs8_pq.c, both directions in one file.
 */
#ifndef BLOB_PKCS8_H
#define BLOB_PKCS8_H

#include "asn1.h"
#include "dh_blob.h"
#include "dsa_blob.h"
#include "ecc_blob.h"
#include "rsa_blob.h"

/* Bits of X.509's key usage, as the attribute tells them. */
enum pkcs8_usage { PKCS8_SIGNS = 0x80, PKCS8_AGREES = 0x08 };

struct pkcs8 {
    struct asn1_oid oid;
    struct span params; /* one element; empty: absent */
    struct span key;    /* contents of the OCTET STRING */
    uint8_t usage;      /* first byte of the attribute; 0: there is none */
};

/* Malformed: NTE_BAD_DATA. Attributes other than key usage are passed over. */
NTSTATUS pkcs8_decode(struct span in, struct pkcs8 *out) MUST_CHECK;
void pkcs8_encode(const struct pkcs8 *v, struct asn1_out *o);

/* ---- RSA ------------------------------------------------------------------------------------ */

NTSTATUS pkcs8_rsa_decode(struct span key, struct rsa_view *out) MUST_CHECK;
void pkcs8_rsa_encode(const struct rsa_view *v, struct asn1_out *o);

/* ---- elliptic curves ------------------------------------------------------------------------ */

/* A curve that has an identifier. */
struct pkcs8_curve {
    const char *name; /* value of ECCCurveName */
    const char *oid;
    uint16_t bits;       /* of the field */
    uint16_t magic_bits; /* 256, 384, 521: algorithms and blobs are named after it; else 0 */
};

/* The first name of a curve is that of its identifier. NULL: none. */
const struct pkcs8_curve *pkcs8_curve_named(const char *name);
const struct pkcs8_curve *pkcs8_curve_of(const char *oid);

struct pkcs8_ec {
    const struct pkcs8_curve *curve; /* NULL: explicit parameters */
    struct ecc_params_view params;   /* then these */
    bool montgomery;                 /* which are curve25519's; its numbers are RFC 7748's bytes */
    struct num x, y;                 /* empty: not told */
    struct num d;
};

/* NTE_NOT_SUPPORTED: a curve that has no name here, a field of characteristic two, a compressed point. */
NTSTATUS pkcs8_ec_decode(const struct pkcs8 *in, struct pkcs8_ec *out) MUST_CHECK;

/* AlgorithmIdentifier's parameters, and the key. */
void pkcs8_ec_encode_params(const struct pkcs8_ec *v, struct asn1_out *o);
void pkcs8_ec_encode_key(const struct pkcs8_ec *v, struct asn1_out *o);

/* ---- finite fields -------------------------------------------------------------------------- */

/* Fill p, q, g and x; there is no y in these files. */
NTSTATUS pkcs8_dsa_decode(const struct pkcs8 *in, struct dsa_view *out) MUST_CHECK;
NTSTATUS pkcs8_dh_decode(const struct pkcs8 *in, struct dh_view *out) MUST_CHECK;
void pkcs8_dsa_encode_params(const struct dsa_view *v, struct asn1_out *o);
void pkcs8_dh_encode_params(const struct dh_view *v, struct asn1_out *o);

/* ---- post-quantum --------------------------------------------------------------------------- */

struct pkcs8_seeded {
    struct span seed;     /* empty: not there */
    struct span expanded; /* the same */
};

/* The lengths are the parameter set's; what has others is malformed. */
NTSTATUS pkcs8_seeded_decode(struct span key, size_t seed_bytes, size_t expanded_bytes,
                             struct pkcs8_seeded *out) MUST_CHECK;

/* The seed alone where there is one (which RFC 9881 and RFC 9935 recommend), else the expanded key. */
void pkcs8_seeded_encode(const struct pkcs8_seeded *v, struct asn1_out *o);

/* ---- encryption ----------------------------------------------------------------------------- */

enum pkcs8_kdf { PKCS8_PBKDF2, PKCS8_PKCS12 };

struct pkcs8_sealed {
    enum pkcs8_kdf kdf;
    const char *hash;   /* "SHA256": of HMAC in PBKDF2 */
    const char *cipher; /* "AES", "3DES" */
    uint32_t key_bytes;
    uint32_t iterations;
    struct span salt;
    struct span iv; /* PKCS #12 derives it: empty */
    struct span ciphertext;
};

/* NTE_NOT_SUPPORTED: another scheme, hash or cipher. */
NTSTATUS pkcs8_sealed_decode(struct span in, struct pkcs8_sealed *out) MUST_CHECK;

/* Whether the bytes are such an envelope, rather than a plain one. */
bool pkcs8_is_sealed(struct span in);

/* With a ciphertext whose p is NULL, zeros stand for it. */
void pkcs8_sealed_encode(const struct pkcs8_sealed *v, struct asn1_out *o);

#endif
