/*
 * A key of HMAC, ready for many messages: what its two first blocks make of the hash's state is kept,
 * so that a short message costs two compressions instead of four, and nothing is allocated.
 *
 * For one thread at a time.
 */
#ifndef PRIMITIVES_HMAC_KEY_H
#define PRIMITIVES_HMAC_KEY_H

#include "digest_state.h"

#define HMAC_KEY_BLOCK SHA512_CBLOCK

/* A zeroed one holds nothing. */
struct hmac_key {
    const struct digest *digest;
    struct digest_state inner; /* after K ^ ipad */
    struct digest_state outer; /* after K ^ opad */
    struct digest_state work;  /* the message in the making */
    uint8_t last
        [HMAC_KEY_BLOCK]; /* of the outer hash: the inner digest, and the padding, which stays */
};

/* Takes a key of any length, 0 too; the object is then ready for a message. XOFs, and hashes that
 * the installed libcrypto lacks: STATUS_NOT_SUPPORTED. */
NTSTATUS hmac_key_init(struct hmac_key *k, const struct digest *d, struct span key) MUST_CHECK;
NTSTATUS hmac_key_copy(struct hmac_key *to, const struct hmac_key *from) MUST_CHECK;
void hmac_key_done(struct hmac_key *k);

/* One message in parts: add what there is, then finish into out[digest->length]. Restart drops what was
 * added, and starts the next message. */
NTSTATUS hmac_key_add(struct hmac_key *k, struct span part) MUST_CHECK;
NTSTATUS hmac_key_finish(struct hmac_key *k, uint8_t *out) MUST_CHECK;
NTSTATUS hmac_key_restart(struct hmac_key *k) MUST_CHECK;

/* HMAC of the concatenation of `count` spans into out[digest->length]. `out` may lie in a part. Drops
 * what was added, as a finish does. */
NTSTATUS hmac_key_mac(struct hmac_key *k, const struct span *parts, size_t count,
                      uint8_t *out) MUST_CHECK;

/* The code from what the inner hash gave, for whoever computes that one himself. Drops what was added. */
NTSTATUS hmac_key_finish_outer(struct hmac_key *k, const struct digest_value *inner,
                               uint8_t *out) MUST_CHECK;

#endif
