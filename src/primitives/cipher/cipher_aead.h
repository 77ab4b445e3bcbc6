/*
 * Authenticated encryption: the caller's structure, the sizes of nonce and tag, size queries, and what
 * happens to the output when a tag is wrong. An engine gets one message (aead_run_fn) or a call of a chain.
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

#ifndef __NO_INLINE__
#define AEAD_INLINE static inline __attribute__((always_inline)) MUST_CHECK
#else /* once each: branches are counted, or somebody steps through them */
#define AEAD_INLINE static inline MUST_CHECK
#endif

/* All of one message. What it needs no output for may come first; then aead_output, and what it returns goes through aead_ended. */
typedef NTSTATUS aead_run_fn(struct cipher_key *k, const struct crypt *call, const struct out *o);

/* One call of a chain, checked; whole blocks unless it is the last. A wrong tag is STATUS_AUTH_TAG_MISMATCH. */
typedef NTSTATUS aead_chain_fn(struct cipher_key *k, const struct crypt *call, uint8_t *out);

/* Increments are powers of two, or 0 where there is one length: a division would take as long as all the rest. */
AEAD_INLINE bool aead_tag_fits(const BCRYPT_AUTH_TAG_LENGTHS_STRUCT *tags, ULONG n)
{
    return n >= tags->dwMinLength && n <= tags->dwMaxLength &&
           ((n - tags->dwMinLength) & (tags->dwIncrement - 1)) == 0;
}

/* Whether the structure is one, and the nonce in it can be read. */
AEAD_INLINE bool aead_begins(const struct aead *aead, const struct aead_info *info)
{
    return info != NULL && info->cbSize == sizeof *info &&
           info->dwInfoVersion == BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION &&
           info->pbNonce != NULL && info->cbNonce >= aead->nonce_min &&
           info->cbNonce <= aead->nonce_max;
}

/* Whether the rest of it is one that a call may have; the tag may be missing where the call does not reach it. */
AEAD_INLINE bool aead_goes_on(const struct aead *aead, const struct aead_info *info,
                              bool to_the_tag)
{
    return aead_tag_fits(&aead->tags, info->cbTag) && (info->pbTag != NULL || !to_the_tag) &&
           (info->pbAuthData != NULL || info->cbAuthData == 0) &&
           (info->dwFlags & ~(ULONG)AEAD_CHAIN_FLAGS) == 0;
}

AEAD_INLINE NTSTATUS aead_room(const struct crypt *call, const struct out *o)
{
    const struct span in = call->in;
    if (UNLIKELY(o->cap < in.n))
        return STATUS_BUFFER_TOO_SMALL;
    return UNLIKELY(cipher_overlaps(in.p, in.n, o->p, in.n)) ? STATUS_INVALID_PARAMETER
                                                             : STATUS_SUCCESS;
}

/* All that aead_begins left open, of one message. Before it neither the tag nor the output is looked at. libcrypto begins a message by
 * copying its nonce and waits for the copy when the data come: what is checked in between costs nothing. */
AEAD_INLINE NTSTATUS aead_output(const struct aead *aead, const struct crypt *call,
                                 const struct out *o, uint8_t **out)
{
    if (UNLIKELY(!aead_goes_on(aead, call->info, true)))
        return STATUS_INVALID_PARAMETER;
    *out = o->p;
    return aead_room(call, o);
}

/* What a forged message decrypts to is nobody's business. */
NTSTATUS aead_failed(const struct crypt *call, uint8_t *out, NTSTATUS status) MUST_CHECK;

AEAD_INLINE NTSTATUS aead_ended(const struct crypt *call, uint8_t *out, NTSTATUS status)
{
    return LIKELY(status >= 0) ? status : aead_failed(call, out, status);
}

/* Flags that are refused, padding only after the room for it was looked at, as on Windows. Rare, and apart so that the usual call needs
 * few registers. */
NTSTATUS aead_refuse_flags(const struct crypt *call, const struct out *o, bool query) MUST_CHECK;

/* A mode's `crypt`. `chain` is NULL where the mode needs all data at once. */
AEAD_INLINE NTSTATUS aead_crypt(struct cipher_key *k, const struct aead *aead, aead_run_fn *run,
                                aead_chain_fn *chain, const struct crypt *call, const struct out *o)
{
    const struct aead_info *info = call->info;
    bool query = out_is_query(o) && (call->in.p != NULL || call->in.n > 0);
    *o->result = (uint32_t)call->in.n;

    if (UNLIKELY((call->flags & ~(uint32_t)BCRYPT_BUFFERS_LOCKED_FLAG) != 0))
        return aead_refuse_flags(call, o, query);
    if (UNLIKELY(!aead_begins(aead, info)))
        return STATUS_INVALID_PARAMETER;
    bool chained = (info->dwFlags & AEAD_CHAIN_FLAGS) != 0;
    if (LIKELY(!chained && !query))
        return run(k, call, o);

    if (!aead_goes_on(aead, info, false))
        return STATUS_INVALID_PARAMETER;
    if (chained && chain == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG) != 0 &&
        call->in.n % CIPHER_BLOCK_MAX != 0)
        return STATUS_INVALID_BUFFER_SIZE;
    if (query)
        return STATUS_SUCCESS;
    TRY(aead_room(call, o));
    return aead_ended(call, o->p, chain(k, call, o->p));
}

#endif
