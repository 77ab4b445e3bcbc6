/* What PKCS #8 holds for each algorithm: one row for each identifier, both directions. */
#ifndef SOFTKSP_SOFT_PKCS8_H
#define SOFTKSP_SOFT_PKCS8_H

#include "soft_format.h"

#include "pkcs8.h"

struct soft_pkcs8_row;

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

struct soft_pkcs8_row {
    const char *oid;
    const char *group;     /* of the keys that are written so */
    const char *set;       /* parameter set that the identifier stands for; NULL: none */
    const char *curve;     /* likewise the curve */
    uint16_t seed_bytes, expanded_bytes; /* of the parameter set */
    bool null_params;      /* the parameters are written as NULL; else absent, unless `write` puts some */
    bool only_read;
    uint8_t usage;         /* attribute that is written */
    /* Fills m->alg, type, bytes. */
    NTSTATUS (*read)(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                     struct soft_material *m);
    /* Makes the contents of the OCTET STRING, and the parameters where there are any. */
    NTSTATUS (*write)(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                      struct secret *key, struct secret *params);
};

/* clang-format on */

/* Fills in algorithm and blob type. NTE_NOT_SUPPORTED: the installed libcrypto lacks it. */
NTSTATUS soft_pkcs8_name(struct soft_material *m, const char *alg, const char *type) MUST_CHECK;

NTSTATUS soft_pkcs8_read_rsa(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                             struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write_rsa(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                              struct secret *key, struct secret *params) MUST_CHECK;
NTSTATUS soft_pkcs8_read_ec(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                            struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write_ec(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                             struct secret *key, struct secret *params) MUST_CHECK;
NTSTATUS soft_pkcs8_read_x25519(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                                struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write_x25519(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                                 struct secret *key, struct secret *params) MUST_CHECK;
NTSTATUS soft_pkcs8_read_dsa(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                             struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write_dsa(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                              struct secret *key, struct secret *params) MUST_CHECK;
NTSTATUS soft_pkcs8_read_dh(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                            struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write_dh(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                             struct secret *key, struct secret *params) MUST_CHECK;
NTSTATUS soft_pkcs8_read_seeded(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                                struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write_seeded(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                                 struct secret *key, struct secret *params) MUST_CHECK;
NTSTATUS soft_pkcs8_read_raw(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                             struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write_raw(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                              struct secret *key, struct secret *params) MUST_CHECK;

/* ---- encoding into secret memory (soft_pkcs8.c) --------------------------------------------- */

typedef void soft_put_blob(const void *v, struct wr *w);
typedef void soft_put_der(const void *v, struct asn1_out *o);

/* Runs an encoder twice, to count and to write. NTE_BAD_DATA: a number that does not fit. */
NTSTATUS soft_encode_blob(soft_put_blob *put, const void *v, struct secret *out) MUST_CHECK;
NTSTATUS soft_encode_der(soft_put_der *put, const void *v, struct secret *out) MUST_CHECK;

/* ---- encryption (soft_pbe.c) ---------------------------------------------------------------- */

/* Opens an envelope with the caller's password. */
NTSTATUS soft_pbe_open(const struct pkcs8_sealed *sealed, const struct in *password,
                       struct secret *plain) MUST_CHECK;

/* Encrypts as the parameter list says, straight into the caller's buffer. */
NTSTATUS soft_pbe_seal(struct span plain, const struct ksp_params *params,
                       const struct out *o) MUST_CHECK;

#endif
