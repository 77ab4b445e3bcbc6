/*
 * Between the secret object (agreed_dh.c) and its key derivation functions, one file each
 * (agreed_*.c).
 *
 * The dispatcher has checked a call's parameters against the function's row before the function
 * sees them.
 */
#ifndef PRIMITIVES_AGREED_KDF_H
#define PRIMITIVES_AGREED_KDF_H

#include "agreed_dh.h"
#include "hkdf_state.h"
#include "kdf_params.h"

struct agreed_dh {
    struct agreed base;
    struct secret z;
    const char *concat_hash;
    struct hkdf_state hkdf;
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

/* Answers with as much of the value as fits; a size query with the length
 * of all of it (observed on Windows). */
NTSTATUS kdf_answer(const struct kdf_call *call, const uint8_t *value, size_t n) MUST_CHECK;

#endif
