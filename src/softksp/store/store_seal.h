/* Between a container and its sealed payload: the only two functions that see both a KEK and a private part,
 * and the same for bytes that are not a key's. */
#ifndef STORE_STORE_SEAL_H
#define STORE_STORE_SEAL_H

#include "store_container.h"
#include "store_kek.h"

/* Bytes on the heap; nothing secret in the clear. */
struct bytes {
    uint8_t *p;
    size_t n;
};

void bytes_done(struct bytes *b);
#define BYTES CLEANUP(bytes_done) struct bytes

SECURITY_STATUS bytes_new(struct bytes *b, size_t n) MUST_CHECK;

/* Encodes and seals under the current KEK, with a fresh salt and nonce. The record's kek_id is set. */
SECURITY_STATUS seal_key(const struct ring *ring, struct container *c,
                         const struct store_payload *payload, struct bytes *out) MUST_CHECK;

/* Opens the payload. NTE_NO_KEY when the ring has not the KEK that it is sealed under. `storage` owns what
 * `payload` points into. */
SECURITY_STATUS unseal_key(const struct ring *ring, const struct container *c,
                           struct secret *storage, struct store_payload *payload) MUST_CHECK;

#endif
