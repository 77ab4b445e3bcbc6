/*
 * RC4. The place in the key stream is part of the key, so that a call goes on where the last one
 * ended, and calls of one key take turns. The key counts the bytes in its chaining value, so that an
 * opaque blob of it continues in the same place: a key stream must not be used twice. The count is
 * little-endian, as all of the blob. By libcrypto's own function, which needs no provider; where libcrypto was built
 * without it, by nettle's.
 */
#include "cipher_key.h"

#include <endian.h>
#include <string.h>

#ifndef OPENSSL_NO_RC4

#include <openssl/rc4.h>

typedef RC4_KEY rc4_state;

static void rc4_set(rc4_state *state, struct span key)
{
    RC4_set_key(state, (int)key.n, key.p);
}

static void rc4_xor(rc4_state *state, const uint8_t *in, uint8_t *out, size_t n)
{
    RC4(state, n, in, out);
}

#else

#include <nettle/arcfour.h>

typedef struct arcfour_ctx rc4_state;

static void rc4_set(rc4_state *state, struct span key)
{
    arcfour_set_key(state, key.n, key.p);
}

static void rc4_xor(rc4_state *state, const uint8_t *in, uint8_t *out, size_t n)
{
    arcfour_crypt(state, n, out, in);
}

#endif

NTSTATUS rc4_expand(struct cipher_key *k)
{
    TRY(secret_new(&k->state, sizeof(rc4_state)));
    rc4_set((rc4_state *)(void *)k->state.p, secret_span(&k->secret));
    return STATUS_SUCCESS;
}

static uint64_t position_get(const struct cipher_key *k)
{
    uint64_t n;
    memcpy(&n, k->iv, sizeof n);
    return le64toh(n);
}

static void position_add(struct cipher_key *k, size_t n)
{
    uint64_t position = htole64(position_get(k) + n);
    memcpy(k->iv, &position, sizeof position);
}

#define SKIP_MOST (UINT64_C(1) << 30) /* bytes; about a second */

NTSTATUS rc4_resume(struct cipher_key *k)
{
    uint8_t skipped[1024] = {0};
    uint64_t left = position_get(k);
    if (left > SKIP_MOST)
        return STATUS_INVALID_PARAMETER;
    while (left > 0) {
        size_t n = left < sizeof skipped ? (size_t)left : sizeof skipped;
        rc4_xor((rc4_state *)(void *)k->state.p, skipped, skipped, n);
        left -= n;
    }
    wipe(skipped, sizeof skipped);
    return STATUS_SUCCESS;
}

static NTSTATUS rc4_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    struct cipher_key *k = cipher_key_of(key);
    struct span in = call->in;
    *o->result = (uint32_t)in.n;
    if ((call->flags & ~(uint32_t)BCRYPT_BUFFERS_LOCKED_FLAG) != 0 || call->iv != NULL)
        return STATUS_INVALID_PARAMETER;
    if (out_is_query(o))
        return STATUS_SUCCESS;
    if (o->cap < in.n)
        return STATUS_BUFFER_TOO_SMALL;
    if (cipher_overlaps(in.p, in.n, o->p, in.n))
        return STATUS_INVALID_PARAMETER;
    BUSY held = busy_take(&k->base.busy);
    if (in.n > 0)
        rc4_xor((rc4_state *)(void *)k->state.p, in.p, o->p, in.n);
    position_add(k, in.n);
    return STATUS_SUCCESS;
}

const struct cipher_mode rc4_mode = {
    .name = "ChainingModeN/A",
    .crypt = rc4_crypt,
};
