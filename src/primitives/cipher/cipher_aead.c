/*
 * Authenticated encryption: the caller's structure, the sizes of nonce and tag, size queries, and what
 * happens to the output when a tag is wrong. An engine gets one checked operation (struct aead).
 *
 * No input and no output together are not a question for the size but a text of no bytes, whose tag is
 * made or checked (observed on Windows).
 */
#include "cipher_aead.h"

#include <string.h>

/* Increments are powers of two, or 0 where there is one length: a division would take as long as all the rest. */
static bool tag_fits(const BCRYPT_AUTH_TAG_LENGTHS_STRUCT *tags, ULONG n)
{
    return n >= tags->dwMinLength && n <= tags->dwMaxLength &&
           ((n - tags->dwMinLength) & (tags->dwIncrement - 1)) == 0;
}

static bool is_chained(const struct aead_info *info)
{
    return (info->dwFlags & AEAD_CHAIN_FLAGS) != 0;
}

/* Whether the structure is one that a call may have; the tag may be missing where the call does not reach it. */
static bool info_fits(const struct aead *aead, const struct aead_info *info, bool query)
{
    if (info == NULL || info->cbSize != sizeof *info ||
        info->dwInfoVersion != BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION)
        return false;
    if (info->pbNonce == NULL || info->cbNonce < aead->nonce_min ||
        info->cbNonce > aead->nonce_max || !tag_fits(&aead->tags, info->cbTag) ||
        (info->pbTag == NULL && !query && !is_chained(info)) ||
        (info->pbAuthData == NULL && info->cbAuthData > 0))
        return false;
    return (info->dwFlags & ~(ULONG)AEAD_CHAIN_FLAGS) == 0;
}

/* Padding is refused, but only after the room for it was looked at, as on Windows. The rare ends of a call are apart, so that the usual
 * one needs few registers. */
static __attribute__((noinline)) NTSTATUS refuse_flags(const struct crypt *call,
                                                       const struct out *o, bool query)
{
    uint64_t n = call->in.n;
    uint64_t padded = n - n % CIPHER_BLOCK_MAX + CIPHER_BLOCK_MAX;
    bool small = (call->flags & BCRYPT_BLOCK_PADDING) != 0 && !query && o->cap < padded;
    if (small && padded <= UINT32_MAX)
        *o->result = (uint32_t)padded;
    return small ? STATUS_BUFFER_TOO_SMALL : STATUS_INVALID_PARAMETER;
}

/* What a forged message decrypts to is nobody's business. A call that was refused wrote nothing. */
static __attribute__((noinline)) NTSTATUS failed(const struct crypt *call, const struct out *o,
                                                 NTSTATUS status)
{
    bool refused = status == STATUS_INVALID_PARAMETER || status == STATUS_INVALID_BUFFER_SIZE;
    if (!refused && call->in.n > 0)
        wipe(o->p, call->in.n);
    return status;
}

NTSTATUS cipher_aead_crypt(struct cipher_key *k, const struct cipher_mode *mode,
                           const struct crypt *call, const struct out *o)
{
    const struct aead *aead = mode->aead;
    const struct aead_info *info = call->info;
    const struct span in = call->in;
    bool query = out_is_query(o) && (in.p != NULL || in.n > 0);
    *o->result = (uint32_t)in.n;

    if (UNLIKELY((call->flags & ~(uint32_t)BCRYPT_BUFFERS_LOCKED_FLAG) != 0))
        return refuse_flags(call, o, query);
    if (UNLIKELY(!info_fits(aead, info, query)))
        return STATUS_INVALID_PARAMETER;
    aead_fn *run = UNLIKELY(is_chained(info)) ? aead->chain : aead->run;
    if (UNLIKELY(run == NULL))
        return STATUS_NOT_SUPPORTED;
    if (UNLIKELY(query))
        return STATUS_SUCCESS;
    if (UNLIKELY(o->cap < in.n))
        return STATUS_BUFFER_TOO_SMALL;
    if (cipher_overlaps(in.p, in.n, o->p, in.n))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = run(k, call, o->p);
    return LIKELY(status >= 0) ? status : failed(call, o, status);
}
