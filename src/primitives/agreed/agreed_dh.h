/* The secret that DH and ECDH agree on, and what BCryptDeriveKey makes of it. */
#ifndef PRIMITIVES_AGREED_DH_H
#define PRIMITIVES_AGREED_DH_H

#include "provider.h"

extern const struct agreed_class agreed_dh_class;

/* The settings of HKDF, which are properties of the secret. Classes that
 * agree put these rows into their lists. */
NTSTATUS agreed_hkdf_set_hash(const struct prop_target *t, const struct in *in) MUST_CHECK;
NTSTATUS agreed_hkdf_set_salt(const struct prop_target *t, const struct in *in) MUST_CHECK;
NTSTATUS agreed_hkdf_set_prk(const struct prop_target *t, const struct in *in) MUST_CHECK;

#define PROP_ROW_HKDF_HASH                                                                         \
    {                                                                                              \
        .name = "HkdfHashAlgorithm", .settable_on = ON_SECRET, .set = agreed_hkdf_set_hash         \
    }
#define PROP_ROW_HKDF_SALT                                                                         \
    {                                                                                              \
        .name = "HkdfSaltAndFinalize", .settable_on = ON_SECRET, .set = agreed_hkdf_set_salt       \
    }
#define PROP_ROW_HKDF_PRK                                                                          \
    {                                                                                              \
        .name = "HkdfPrkAndFinalize", .settable_on = ON_SECRET, .set = agreed_hkdf_set_prk         \
    }
#define AGREED_HKDF_PROP_ROWS PROP_ROW_HKDF_HASH, PROP_ROW_HKDF_SALT, PROP_ROW_HKDF_PRK

/* A secret object with room for a shared value Z of n bytes (group or field length, big-endian; for
 * curve25519 RFC 7748's bytes), which the caller fills in through *z. `concat_hash` names the hash
 * of SP800_56A_CONCAT. */
NTSTATUS agreed_dh_new(const struct key *own, size_t n, const char *concat_hash,
                       struct agreed **secret, uint8_t **z) MUST_CHECK;

#endif
