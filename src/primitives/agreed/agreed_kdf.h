/*
 * Between the secret object (agreed_dh.c) and its key derivation functions, one file each
 * (agreed_*.c).
 *
 * The dispatcher has checked a call's parameters against the function's row before the function
 * sees them: it finds only types that it takes, single ones once, and all that it needs.
 */
#ifndef PRIMITIVES_AGREED_KDF_H
#define PRIMITIVES_AGREED_KDF_H

#include <stdatomic.h>

#include "agreed_dh.h"
#include "digest.h"

enum hkdf_state { HKDF_NEW, HKDF_HASH_SET, HKDF_BUSY, HKDF_FINAL };

struct agreed_dh {
    struct agreed base;
    struct secret z;
    const char *concat_hash;

    _Atomic int hkdf_state; /* enum hkdf_state; what follows is settled once final */
    const struct digest *hkdf_hash;
    struct secret hkdf_prk;
};

struct kdf_call {
    struct agreed_dh *secret;
    const struct params *params;
    uint32_t flags;
    const struct out *out;
};

NTSTATUS agreed_kdf_hash(const struct kdf_call *call) MUST_CHECK;
NTSTATUS agreed_kdf_hmac(const struct kdf_call *call) MUST_CHECK;
NTSTATUS agreed_kdf_tls(const struct kdf_call *call) MUST_CHECK;
NTSTATUS agreed_kdf_concat(const struct kdf_call *call) MUST_CHECK;
NTSTATUS agreed_kdf_raw(const struct kdf_call *call) MUST_CHECK;
NTSTATUS agreed_kdf_hkdf(const struct kdf_call *call) MUST_CHECK;

/* The parameter of a type; NULL: not given. */
const struct param *kdf_param(const struct kdf_call *call, uint32_t type);

/* The bytes of a parameter; empty when it is not given. */
struct span kdf_bytes(const struct kdf_call *call, uint32_t type);

/* The hash that KDF_HASH_ALGORITHM names, else `otherwise`. A name that is no hash, or none that
 * libcrypto has, is STATUS_NOT_SUPPORTED, in size queries too (observed on Windows). */
NTSTATUS kdf_hash(const struct kdf_call *call, const char *otherwise,
                  const struct digest **d) MUST_CHECK;

/* The same for a name. */
NTSTATUS kdf_hash_named(const struct name *name, const struct digest **d) MUST_CHECK;

/* Answers with as much of the value as fits; a size query with the length
 * of all of it (observed on Windows). */
NTSTATUS kdf_answer(const struct kdf_call *call, const uint8_t *value, size_t n) MUST_CHECK;

#endif
