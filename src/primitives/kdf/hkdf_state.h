/*
 * HKDF whose settings are properties of an object, a key of HKDF or an agreed secret, set in order:
 *
 *     new --HkdfHashAlgorithm--> hash set --HkdfSaltAndFinalize or HkdfPrkAndFinalize--> final
 *
 * after which the object expands keys as often as it is asked to. A step out of order is
 * STATUS_INVALID_HANDLE, which is how Windows answers for objects that are not in the right state.
 * Setting is exclusive: a second thread that sets at the same moment is out of order.
 */
#ifndef PRIMITIVES_HKDF_STATE_H
#define PRIMITIVES_HKDF_STATE_H

#include <stdatomic.h>

#include "digest.h"

enum hkdf_step { HKDF_NEW, HKDF_HASH_SET, HKDF_BUSY, HKDF_FINAL };

/* Zeroed memory is new. */
struct hkdf_state {
    _Atomic int step; /* enum hkdf_step; what follows is settled once final */
    const struct digest *hash;
    struct secret prk;
};

/* A hash by its name; STATUS_NOT_SUPPORTED where HMAC cannot have it. */
NTSTATUS hkdf_state_hash(const struct name *name, const struct digest **hash) MUST_CHECK;

/* The setters of the properties. `secret` is the object's own: the input keying material, or with
 * HkdfPrkAndFinalize the pseudorandom key. */
NTSTATUS hkdf_state_set_hash(struct hkdf_state *s, const struct in *in) MUST_CHECK;
NTSTATUS hkdf_state_set_salt(struct hkdf_state *s, struct span secret,
                             const struct in *in) MUST_CHECK;
NTSTATUS hkdf_state_set_prk(struct hkdf_state *s, struct span secret,
                            const struct in *in) MUST_CHECK;

/* What a final one expands; any other is STATUS_INVALID_HANDLE. */
NTSTATUS hkdf_state_final(const struct hkdf_state *s, const struct digest **hash,
                          struct span *prk) MUST_CHECK;

/* Makes a new one final. */
NTSTATUS hkdf_state_make(struct hkdf_state *s, const struct digest *hash,
                         struct span prk) MUST_CHECK;

/* Makes a new one like another, which nobody sets meanwhile. */
NTSTATUS hkdf_state_copy(struct hkdf_state *to, const struct hkdf_state *from) MUST_CHECK;
void hkdf_state_done(struct hkdf_state *s);

#endif
