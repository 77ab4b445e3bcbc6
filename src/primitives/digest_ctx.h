/*
 * libcrypto's contexts of hashes, always ready for data.
 *
 * Making one costs three allocations and a reference count that all threads share; one that is kept
 * costs a few nanoseconds. It is made ready again by copying a context that never had data over it,
 * which also overwrites what it held: initialising anew leaves the last input block of SHA-384,
 * SHA-512 and the sponges in place, and the input is often a secret.
 */
#ifndef PRIMITIVES_DIGEST_CTX_H
#define PRIMITIVES_DIGEST_CTX_H

#include "digest.h"

/* The calling thread's own context of a hash, for work that ends before the call does. Put it back
 * into its first state with digest_ctx_lend_end, whatever happened. STATUS_NOT_SUPPORTED: the
 * installed libcrypto lacks the hash. */
NTSTATUS digest_ctx_lend(const struct digest *d, EVP_MD_CTX **ctx) MUST_CHECK;
void digest_ctx_lend_end(const struct digest *d);

/* A context that is the caller's until digest_ctx_give; the same statuses. */
NTSTATUS digest_ctx_take(const struct digest *d, EVP_MD_CTX **ctx) MUST_CHECK;
void digest_ctx_give(const struct digest *d, EVP_MD_CTX *ctx); /* NULL is fine */

/* Wipes what went in. */
bool digest_ctx_restart(const struct digest *d, EVP_MD_CTX *ctx) MUST_CHECK;

#endif
