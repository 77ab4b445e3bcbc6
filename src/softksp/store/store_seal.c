/* Sealing and unsealing (store_seal.h). Each sealing has a key of its own, derived from the KEK with a fresh salt: a
 * nonce cannot repeat under one key, however often a key is written anew. */
#include "store_seal.h"

#include <stdlib.h>
#include <string.h>

#include "rd.h"
#include "store_explain.h"
#include "wr.h"

#define PURPOSE "OpenCNG key file v1"
#define WRAP_PURPOSE "OpenCNG wrap v1 "

void bytes_done(struct bytes *b)
{
    free(b->p);
    *b = (struct bytes){NULL, 0};
}

SECURITY_STATUS bytes_new(struct bytes *b, size_t n)
{
    b->p = malloc(n > 0 ? n : 1);
    b->n = b->p == NULL ? 0 : n;
    return b->p == NULL ? NTE_NO_MEMORY : STATUS_SUCCESS;
}

/* HKDF(KEK, salt, purpose | KEK id). */
static SECURITY_STATUS derive(const uint8_t *kek, const uint8_t id[STORE_KEK_ID_BYTES],
                              struct span salt, struct span purpose, struct secret *out)
{
    uint8_t info[256];
    struct wr w = wr_into(info, sizeof info);
    wr_span(&w, purpose);
    wr_bytes(&w, id, STORE_KEK_ID_BYTES);
    if (w.bad)
        return NTE_INVALID_PARAMETER;
    SECRET key = {NULL, 0};
    TRY(store_status(secret_new(&key, STORE_KEY_BYTES)));
    TRY(store_hkdf(span_of(kek, STORE_KEY_BYTES), salt, span_of(info, w.n), key.p));
    *out = key;
    key = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

static SECURITY_STATUS payload_encode(const struct store_payload *payload, struct secret *out)
{
    if (payload->type.n == 0 || payload->type.n > 255 || payload->blob.n > STORE_FILE_MAX)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "this private part cannot be stored",
                            NULL);
    TRY(store_status(secret_new(out, 1 + payload->type.n + payload->blob.n)));
    struct wr w = wr_into(out->p, out->n);
    wr_u8(&w, (uint8_t)payload->type.n);
    wr_span(&w, payload->type);
    wr_span(&w, payload->blob);
    return STATUS_SUCCESS;
}

SECURITY_STATUS seal_key(const struct ring *ring, struct container *c,
                         const struct store_payload *payload, struct bytes *out)
{
    SECRET plain = {NULL, 0}, key = {NULL, 0};
    TRY(payload_encode(payload, &plain));
    memcpy(c->record.kek_id, ring->id, sizeof ring->id);
    TRY(store_random(c->salt, sizeof c->salt));
    TRY(derive(ring->keys.p, ring->id, span_of(c->salt, sizeof c->salt),
               span_of(PURPOSE, sizeof PURPOSE - 1), &key));

    struct wr count = wr_count();
    container_encode(c, plain.n, &count);
    size_t n = count.n + STORE_NONCE_BYTES + plain.n + STORE_TAG_BYTES;
    if (n > STORE_FILE_MAX)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "this key is too large to be stored",
                            NULL);
    BYTES bytes = {NULL, 0};
    TRY(bytes_new(&bytes, n));
    struct wr w = wr_into(bytes.p, count.n);
    container_encode(c, plain.n, &w);
    uint8_t *nonce = bytes.p + count.n;
    TRY(store_random(nonce, STORE_NONCE_BYTES));
    TRY(store_gcm_seal(key.p, nonce, span_of(bytes.p, count.n), secret_span(&plain),
                       nonce + STORE_NONCE_BYTES));
    *out = bytes;
    bytes = (struct bytes){NULL, 0};
    return STATUS_SUCCESS;
}

SECURITY_STATUS unseal_key(const struct ring *ring, const struct container *c,
                           struct secret *storage, struct store_payload *payload)
{
    const uint8_t *kek = ring_find(ring, c->record.kek_id);
    if (kek == NULL)
        return NTE_NO_KEY;
    SECRET key = {NULL, 0}, plain = {NULL, 0};
    TRY(derive(kek, c->record.kek_id, span_of(c->salt, sizeof c->salt),
               span_of(PURPOSE, sizeof PURPOSE - 1), &key));
    TRY(store_status(secret_new(&plain, c->sealed.n - STORE_TAG_BYTES)));
    TRY(store_gcm_open(key.p, c->nonce.p, c->head, c->sealed, plain.p));
    struct rd r = rd_of(secret_span(&plain));
    payload->type = rd_span(&r, rd_u8(&r));
    payload->blob = rd_span(&r, r.n);
    if (!rd_end(&r) || payload->type.n == 0)
        return NTE_BAD_DATA;
    *storage = plain;
    plain = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

/* --- other bytes -------------------------------------------------------------------------------------- */

static SECURITY_STATUS wrap_key(const struct ring *ring, const uint8_t id[STORE_KEK_ID_BYTES],
                                struct span salt, const char *purpose, struct secret *key)
{
    const uint8_t *kek = ring_find(ring, id);
    if (kek == NULL)
        return store_refuse(
            NTE_DECRYPTION_FAILURE, NULL, NULL,
            "these bytes were sealed by another store, or before its KEK was rotated", NULL);
    char text[128];
    struct wr w = wr_into(text, sizeof text);
    wr_bytes(&w, WRAP_PURPOSE, sizeof WRAP_PURPOSE - 1);
    wr_bytes(&w, purpose, strlen(purpose));
    if (w.bad)
        return NTE_INVALID_PARAMETER;
    return derive(kek, id, salt, span_of(text, w.n), key);
}

/* What is authenticated: the id, the salt, and the caller's bytes. */
static SECURITY_STATUS wrap_aad(struct span head, struct span aad, struct bytes *out)
{
    TRY(bytes_new(out, head.n + aad.n));
    struct wr w = wr_into(out->p, out->n);
    wr_span(&w, head);
    wr_span(&w, aad);
    return STATUS_SUCCESS;
}

#define WRAP_HEAD_BYTES (STORE_KEK_ID_BYTES + STORE_SALT_BYTES)

_Static_assert(sizeof(char[STORE_WRAP_OVERHEAD]) ==
                   WRAP_HEAD_BYTES + STORE_NONCE_BYTES + STORE_TAG_BYTES,
               "what store.h promises");

static SECURITY_STATUS keys_enter(struct store *s, struct folder *keys)
{
    TRY(place_enter(&s->places.keys, true, &keys->fd));
    keys->path = s->places.keys.path;
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_wrap(struct store *s, struct span passphrase, const char *purpose,
                           struct span aad, struct span plain, uint8_t *out)
{
    SCOPED_FD fd = -1;
    struct folder keys;
    TRY(keys_enter(s, &keys));
    fd = keys.fd;
    RING ring = {.has_retired = false};
    bool made;
    TRY(ring_get_or_make(s, &keys, passphrase, NULL, &ring, &made));
    uint8_t head[WRAP_HEAD_BYTES + STORE_NONCE_BYTES];
    memcpy(head, ring.id, STORE_KEK_ID_BYTES);
    TRY(store_random(head + STORE_KEK_ID_BYTES, STORE_SALT_BYTES + STORE_NONCE_BYTES));
    SECRET key = {NULL, 0};
    TRY(wrap_key(&ring, ring.id, span_of(head + STORE_KEK_ID_BYTES, STORE_SALT_BYTES), purpose,
                 &key));
    BYTES all = {NULL, 0};
    TRY(wrap_aad(span_of(head, WRAP_HEAD_BYTES), aad, &all));
    TRY(store_gcm_seal(key.p, head + WRAP_HEAD_BYTES, span_of(all.p, all.n), plain,
                       out + sizeof head));
    memcpy(out, head, sizeof head);
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_unwrap(struct store *s, struct span passphrase, const char *purpose,
                             struct span aad, struct span wrapped, struct secret *plain)
{
    struct rd r = rd_of(wrapped);
    struct span head = rd_span(&r, WRAP_HEAD_BYTES);
    struct span nonce = rd_span(&r, STORE_NONCE_BYTES);
    struct span sealed = rd_span(&r, r.n);
    if (!rd_ok(&r) || sealed.n < STORE_TAG_BYTES)
        return NTE_BAD_DATA;
    RING ring = {.has_retired = false};
    TRY(ring_get(s, passphrase, &ring));
    SECRET key = {NULL, 0}, found = {NULL, 0};
    TRY(wrap_key(&ring, head.p, span_of(head.p + STORE_KEK_ID_BYTES, STORE_SALT_BYTES), purpose,
                 &key));
    BYTES all = {NULL, 0};
    TRY(wrap_aad(head, aad, &all));
    TRY(store_status(secret_new(&found, sealed.n - STORE_TAG_BYTES)));
    TRY(store_gcm_open(key.p, nonce.p, span_of(all.p, all.n), sealed, found.p));
    *plain = found;
    found = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}
