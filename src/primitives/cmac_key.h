/*
 * A key of AES-CMAC (SP 800-38B, RFC 4493), ready for many messages: key schedule and subkeys are
 * made once.
 *
 * For one thread at a time.
 */
#ifndef PRIMITIVES_CMAC_KEY_H
#define PRIMITIVES_CMAC_KEY_H

#include "ossl.h"

#define CMAC_BYTES 16

struct CMAC_CTX_st;

/* A zeroed one holds nothing. */
struct cmac_key {
    struct CMAC_CTX_st *ctx;
    size_t n; /* bytes of the key */
    bool
        spent; /* there is a message in the context that is over: it is restarted when the next one comes */
};

/* Takes a key of 16, 24 or 32 bytes, others are STATUS_INVALID_PARAMETER; the object is then ready
 * for a message. */
NTSTATUS cmac_key_init(struct cmac_key *k, struct span key) MUST_CHECK;
NTSTATUS cmac_key_copy(struct cmac_key *to, const struct cmac_key *from) MUST_CHECK;
void cmac_key_done(struct cmac_key *k);

/* One message in parts: add what there is, then finish into out[CMAC_BYTES], which also starts the
 * next message. Restart drops what was added. */
NTSTATUS cmac_key_add(struct cmac_key *k, struct span part) MUST_CHECK;
NTSTATUS cmac_key_finish(struct cmac_key *k, uint8_t *out) MUST_CHECK;
NTSTATUS cmac_key_restart(struct cmac_key *k) MUST_CHECK;

/* CMAC of the concatenation of `count` spans into out[CMAC_BYTES], where no message is begun. */
NTSTATUS cmac_key_mac(struct cmac_key *k, const struct span *parts, size_t count,
                      uint8_t *out) MUST_CHECK;

#endif
