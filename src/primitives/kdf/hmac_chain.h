/*
 * HMAC of its own result, again and again, and the sum of all results: the inner loop of PBKDF2.
 * Each round is two calls of the hash's compression function on a block whose padding never changes;
 * copying contexts and passing through the layers of EVP would cost another third.
 */
#ifndef PRIMITIVES_HMAC_CHAIN_H
#define PRIMITIVES_HMAC_CHAIN_H

#include "digest.h"

#include <openssl/sha.h>

/* libcrypto's context, of which the chaining value is used. */
union hmac_chain_state {
    SHA_CTX sha1;
    SHA256_CTX sha256;
    SHA512_CTX sha512;
};

/* What is known of a hash; hmac_chain.c has the rows. */
struct hmac_chain_hash;

struct hmac_chain {
    const struct digest *digest;
    const struct hmac_chain_hash *hash;
    union hmac_chain_state inner, outer; /* after K ^ ipad and K ^ opad */
};

/* Takes a key of any length. STATUS_NOT_SUPPORTED: the hash's compression function is none that
 * libcrypto shows; HMAC through its contexts (hmac_key.h) gives the same. */
NTSTATUS hmac_chain_init(struct hmac_chain *c, const struct digest *d, struct span key) MUST_CHECK;
void hmac_chain_done(struct hmac_chain *c);

/* `count` times: u = HMAC(u), sum ^= u. Both have digest->length bytes; what follows them is kept. */
void hmac_chain_run(const struct hmac_chain *c, uint64_t count, struct digest_value *u,
                    struct digest_value *sum);

#define HMAC_CHAIN CLEANUP(hmac_chain_done) struct hmac_chain

#endif
