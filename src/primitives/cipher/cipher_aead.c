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

/* The structure as one call may have it; the tag may be missing where the call does not reach it. */
static NTSTATUS check_info(const struct aead *aead, const struct aead_info *info, bool needs_tag)
{
    if (info == NULL || info->cbSize != sizeof *info ||
        info->dwInfoVersion != BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION)
        return STATUS_INVALID_PARAMETER;
    if (info->pbNonce == NULL || info->cbNonce < aead->nonce_min ||
        info->cbNonce > aead->nonce_max || !tag_fits(&aead->tags, info->cbTag) ||
        (needs_tag && info->pbTag == NULL) || (info->pbAuthData == NULL && info->cbAuthData > 0))
        return STATUS_INVALID_PARAMETER;
    return (info->dwFlags & ~(ULONG)AEAD_CHAIN_FLAGS) != 0 ? STATUS_INVALID_PARAMETER
                                                           : STATUS_SUCCESS;
}

NTSTATUS cipher_aead_crypt(struct cipher_key *k, const struct cipher_mode *mode,
                           const struct crypt *call, const struct out *o)
{
    const struct aead *aead = mode->aead;
    const struct aead_info *info = call->info;
    struct span in = call->in;
    bool query = out_is_query(o) && (in.p != NULL || in.n > 0);
    bool chained =
        info != NULL && info->cbSize == sizeof *info && (info->dwFlags & AEAD_CHAIN_FLAGS) != 0;
    *o->result = (uint32_t)in.n;

    if ((call->flags & BCRYPT_BLOCK_PADDING) != 0) {
        /* Refused, but only after the room for the padding was looked at, as on Windows. */
        size_t padded = in.n - in.n % CIPHER_BLOCK_MAX + CIPHER_BLOCK_MAX;
        bool small = !query && o->cap < padded;
        if (small && padded <= UINT32_MAX)
            *o->result = (uint32_t)padded;
        return small ? STATUS_BUFFER_TOO_SMALL : STATUS_INVALID_PARAMETER;
    }
    if ((call->flags & ~(uint32_t)BCRYPT_BUFFERS_LOCKED_FLAG) != 0)
        return STATUS_INVALID_PARAMETER;
    TRY(check_info(aead, info, !query && !chained));
    if (chained && aead->chain == NULL)
        return STATUS_NOT_SUPPORTED;
    if (query)
        return STATUS_SUCCESS;
    if (o->cap < in.n)
        return STATUS_BUFFER_TOO_SMALL;
    if (cipher_overlaps(in.p, in.n, o->p, in.n))
        return STATUS_INVALID_PARAMETER;

    NTSTATUS status = (chained ? aead->chain : aead->run)(k, call, o->p);
    /* What a forged message decrypts to is nobody's business. A call that was refused wrote nothing. */
    bool refused = status == STATUS_INVALID_PARAMETER || status == STATUS_INVALID_BUFFER_SIZE;
    if (status < 0 && !refused && in.n > 0)
        wipe(o->p, in.n);
    return status;
}
