/*
 * Authenticated encryption: the caller's structure, the sizes of nonce and tag, size queries, and what
 * happens to the output when a tag is wrong. An engine gets one checked operation (aead_fn).
 *
 * No input and no output together are not a question for the size but a text of no bytes, whose tag is
 * made or checked (observed on Windows).
 *
 * All of it is laid out for each mode, whose sizes and functions are constants then: short messages are many, and
 * the checks of one take a tenth of its time otherwise.
 */
#ifndef PRIMITIVES_CIPHER_AEAD_H
#define PRIMITIVES_CIPHER_AEAD_H

#include "cipher_evp.h"

/* The name has a length that only Windows' headers are proud of. */
#define aead_info _BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO

#define AEAD_CHAIN_FLAGS (BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG | BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG)

#define AEAD_INLINE static inline __attribute__((always_inline)) MUST_CHECK

/* All of one message, or one call of a chain, checked; call->info holds nonce, associated data and tag. A wrong tag is
 * STATUS_AUTH_TAG_MISMATCH; the caller erases the output. */
typedef NTSTATUS aead_fn(struct cipher_key *k, const struct crypt *call, uint8_t *out);

/* Increments are powers of two, or 0 where there is one length: a division would take as long as all the rest. */
AEAD_INLINE bool aead_tag_fits(const BCRYPT_AUTH_TAG_LENGTHS_STRUCT *tags, ULONG n)
{
    return n >= tags->dwMinLength && n <= tags->dwMaxLength &&
           ((n - tags->dwMinLength) & (tags->dwIncrement - 1)) == 0;
}

AEAD_INLINE bool aead_is_chained(const struct aead_info *info)
{
    return (info->dwFlags & AEAD_CHAIN_FLAGS) != 0;
}

/* Whether the structure is one that a call may have; the tag may be missing where the call does not reach it. */
AEAD_INLINE bool aead_info_fits(const struct aead *aead, const struct aead_info *info, bool query)
{
    if (info == NULL || info->cbSize != sizeof *info ||
        info->dwInfoVersion != BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION)
        return false;
    if (info->pbNonce == NULL || info->cbNonce < aead->nonce_min ||
        info->cbNonce > aead->nonce_max || !aead_tag_fits(&aead->tags, info->cbTag) ||
        (info->pbTag == NULL && !query && !aead_is_chained(info)) ||
        (info->pbAuthData == NULL && info->cbAuthData > 0))
        return false;
    return (info->dwFlags & ~(ULONG)AEAD_CHAIN_FLAGS) == 0;
}

/* The rare ends of a call, apart so that the usual one needs few registers. Flags that are refused: padding only after the room for it
 * was looked at, as on Windows. And a failure: what a forged message decrypts to is nobody's business. */
NTSTATUS aead_refuse_flags(const struct crypt *call, const struct out *o, bool query) MUST_CHECK;
NTSTATUS aead_failed(const struct crypt *call, const struct out *o, NTSTATUS status) MUST_CHECK;

/* A mode's `crypt`. `chain` is NULL where the mode needs all data at once. */
AEAD_INLINE NTSTATUS aead_crypt(struct cipher_key *k, const struct aead *aead, aead_fn *run,
                                aead_fn *chain, const struct crypt *call, const struct out *o)
{
    const struct aead_info *info = call->info;
    const struct span in = call->in;
    bool query = out_is_query(o) && (in.p != NULL || in.n > 0);
    *o->result = (uint32_t)in.n;

    if (UNLIKELY((call->flags & ~(uint32_t)BCRYPT_BUFFERS_LOCKED_FLAG) != 0))
        return aead_refuse_flags(call, o, query);
    if (UNLIKELY(!aead_info_fits(aead, info, query)))
        return STATUS_INVALID_PARAMETER;
    bool chained = UNLIKELY(aead_is_chained(info));
    if (chained && chain == NULL)
        return STATUS_NOT_SUPPORTED;
    if (UNLIKELY(query))
        return STATUS_SUCCESS;
    if (UNLIKELY(o->cap < in.n))
        return STATUS_BUFFER_TOO_SMALL;
    if (UNLIKELY(cipher_overlaps(in.p, in.n, o->p, in.n)))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = chained ? chain(k, call, o->p) : run(k, call, o->p);
    return LIKELY(status >= 0) ? status : aead_failed(call, o, status);
}

#endif
