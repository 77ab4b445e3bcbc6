/*
 * Contents: AES-256-GCM without associated data, since everything in front is bound to the key already.
 *
 *   at once      ciphertext | tag[16]
 *   segments     of as many bytes of plaintext as the header says, each with its tag; only the last may be shorter, and
 *                only that of an empty content is empty. The nonce of a segment is the header's, of which the bytes 7
 *                to 10 are combined by exclusive or with the segment's number (big-endian), and the byte 11 with
 *                1 in the last segment: none can be moved, left out, or be cut off.
 */
#include "protect_parts.h"

static void nonce_of(const struct content_key *k, uint32_t number, bool final,
                     uint8_t nonce[PROTECT_NONCE_BYTES])
{
    memcpy(nonce, k->nonce, PROTECT_NONCE_BYTES);
    if (k->segment == 0)
        return;
    for (size_t i = 0; i < 4; i++)
        nonce[7 + i] ^= (uint8_t)(number >> (24 - 8 * i));
    nonce[11] ^= final;
}

NTSTATUS content_seal(const struct content_key *k, uint32_t number, bool final, struct span plain,
                      uint8_t *out)
{
    uint8_t nonce[PROTECT_NONCE_BYTES];
    nonce_of(k, number, final, nonce);
    return store_gcm_seal(k->key.p, nonce, (struct span){NULL, 0}, plain, out);
}

NTSTATUS content_open(const struct content_key *k, uint32_t number, bool final, struct span sealed,
                      uint8_t *out)
{
    uint8_t nonce[PROTECT_NONCE_BYTES];
    nonce_of(k, number, final, nonce);
    NTSTATUS status = store_gcm_open(k->key.p, nonce, (struct span){NULL, 0}, sealed, out);
    return status == NTE_BAD_DATA ? NTE_DECRYPTION_FAILURE : status;
}

/* Bytes that the last segment takes, of a content that has `sealed` in all; 0: it cannot be. */
static size_t last_segment(const struct content_key *k, size_t sealed)
{
    if (k->segment == 0)
        return sealed;
    size_t full = (size_t)k->segment + PROTECT_TAG_BYTES;
    size_t last = sealed % full;
    if (last == 0)
        last = sealed == 0 ? 0 : full;
    return last > PROTECT_TAG_BYTES || last == sealed ? last : 0;
}

NTSTATUS content_size(const struct content_key *k, size_t sealed, size_t *plain)
{
    size_t last = last_segment(k, sealed);
    if (last < PROTECT_TAG_BYTES)
        return NTE_BAD_DATA;
    size_t full = (sealed - last) / ((size_t)k->segment + PROTECT_TAG_BYTES);
    if (full > UINT32_MAX)
        return NTE_BAD_DATA;
    *plain = sealed - (full + 1) * PROTECT_TAG_BYTES;
    return STATUS_SUCCESS;
}

static NTSTATUS open_segments(const struct content_key *k, struct span sealed, uint8_t *out)
{
    size_t last = last_segment(k, sealed.n);
    for (uint32_t number = 0;; number++) {
        bool final = sealed.n == last;
        size_t n = final ? last : (size_t)k->segment + PROTECT_TAG_BYTES;
        TRY(content_open(k, number, final, (struct span){sealed.p, n}, out));
        if (final)
            return STATUS_SUCCESS;
        sealed = (struct span){sealed.p + n, sealed.n - n};
        out += k->segment;
    }
}

NTSTATUS content_open_all(const struct content_key *k, struct span sealed, uint8_t *out)
{
    size_t plain;
    TRY(content_size(k, sealed.n, &plain));
    NTSTATUS status = open_segments(k, sealed, out);
    if (status < 0)
        wipe(out, plain);
    return status;
}
