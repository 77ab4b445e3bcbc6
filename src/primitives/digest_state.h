/*
 * A hash in the making.
 *
 * MD5, SHA-1 and SHA-2 are libcrypto's low-level functions over a state inside the struct: no
 * allocation, a copy is a few hundred bytes, and a short message costs half of what EVP's calls take
 * around the compression. The other hashes are EVP contexts (digest_ctx.h).
 */
#ifndef PRIMITIVES_DIGEST_STATE_H
#define PRIMITIVES_DIGEST_STATE_H

#include "digest.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

/* A zeroed one holds nothing. */
struct digest_state {
    const struct digest *digest;
    const struct digest_core *core; /* NULL: EVP */
    union {
        EVP_MD_CTX *evp;
        MD5_CTX md5;
        SHA_CTX sha1;
        SHA256_CTX sha256;
        SHA512_CTX sha512;
    } in;
};

/* Ready for data, until digest_state_done. STATUS_NOT_SUPPORTED: the installed libcrypto lacks the
 * hash. */
NTSTATUS digest_state_init(struct digest_state *s, const struct digest *d) MUST_CHECK;

/* Wipes and releases; safe on a zeroed one. */
void digest_state_done(struct digest_state *s);

/* Makes a state that was made of the same hash what another is. */
bool digest_state_set(struct digest_state *s, const struct digest_state *from) MUST_CHECK;

/* Without data again. */
bool digest_state_restart(struct digest_state *s) MUST_CHECK;

bool digest_state_add(struct digest_state *s, struct span part) MUST_CHECK;

/* The result, into out[digest->length]; afterwards there is only set, restart and done. */
bool digest_state_finish(struct digest_state *s, uint8_t *out) MUST_CHECK;

/* The hash of `head` and then the parts, into out[d->length]. Statuses as of init. */
NTSTATUS digest_state_once(const struct digest *d, struct span head, const struct span *parts,
                           size_t count, uint8_t *out) MUST_CHECK;

/* ---- one compression at a time; of hashes with low-level functions only ------------------------ */

/* Bytes that were added, and those since the last whole block. */
uint64_t digest_state_count(const struct digest_state *s);
struct span digest_state_pending(const struct digest_state *s);

/* One block into the chaining value, past what is pending. */
void digest_state_compress(struct digest_state *s, const uint8_t *block);

/* The chaining value as a result, into out[digest->length]. */
void digest_state_value(const struct digest_state *s, uint8_t *out);

/* The end of the last block: a message of n bytes in bits, in digest_state_length_bytes of them. Constant
 * time in n. */
size_t digest_state_length_bytes(const struct digest_state *s);
void digest_state_length(const struct digest_state *s, uint64_t n, uint8_t *out);

#endif
