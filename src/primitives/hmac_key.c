/* HMAC from kept states (hmac_key.h), FIPS 198-1. */
#include "hmac_key.h"

#include <string.h>

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

static NTSTATUS states_init(struct hmac_key *k, const struct digest *d)
{
    k->digest = d;
    TRY(digest_state_init(&k->inner, d));
    TRY(digest_state_init(&k->outer, d));
    return digest_state_init(&k->work, d);
}

/* The outer hash has two blocks, and all of the second but the inner digest is the same for each message. */
static void last_block_init(struct hmac_key *k)
{
    const struct digest *d = k->digest;
    if (k->outer.core == NULL)
        return;
    k->last[d->length] = 0x80;
    digest_state_length(&k->outer, d->block + d->length,
                        k->last + d->block - digest_state_length_bytes(&k->outer));
}

static NTSTATUS fill(struct hmac_key *k, const struct digest *d, struct span key)
{
    DIGEST_PAD pad;
    TRY(digest_pad_inner(&pad, d, key));
    TRY(states_init(k, d));
    TRY(done(digest_state_add(&k->inner, span_of(pad.p, d->block))));
    digest_pad_outer(&pad, d);
    TRY(done(digest_state_add(&k->outer, span_of(pad.p, d->block))));
    last_block_init(k);
    return hmac_key_restart(k);
}

NTSTATUS hmac_key_init(struct hmac_key *k, const struct digest *d, struct span key)
{
    *k = (struct hmac_key){.digest = NULL};
    NTSTATUS status = fill(k, d, key);
    if (status < 0)
        hmac_key_done(k);
    return status;
}

NTSTATUS hmac_key_copy(struct hmac_key *to, const struct hmac_key *from)
{
    *to = (struct hmac_key){.digest = NULL};
    NTSTATUS status = states_init(to, from->digest);
    if (status >= 0)
        status = done(digest_state_set(&to->inner, &from->inner) &&
                      digest_state_set(&to->outer, &from->outer) &&
                      digest_state_set(&to->work, &from->work));
    memcpy(to->last, from->last, sizeof to->last);
    if (status < 0)
        hmac_key_done(to);
    return status;
}

void hmac_key_done(struct hmac_key *k)
{
    digest_state_done(&k->inner);
    digest_state_done(&k->outer);
    digest_state_done(&k->work);
    wipe(k->last, sizeof k->last);
    k->digest = NULL;
}

NTSTATUS hmac_key_restart(struct hmac_key *k)
{
    return done(digest_state_set(&k->work, &k->inner));
}

NTSTATUS hmac_key_add(struct hmac_key *k, struct span part)
{
    return done(digest_state_add(&k->work, part));
}

/* The outer hash, of the inner one; `work` is free for it. */
static bool finish(struct hmac_key *k, const struct digest_value *inner, uint8_t *out)
{
    if (!digest_state_set(&k->work, &k->outer))
        return false;
    if (k->work.core != NULL) {
        memcpy(k->last, inner->p, k->digest->length);
        digest_state_compress(&k->work, k->last);
        digest_state_value(&k->work, out);
        return true;
    }
    return digest_state_add(&k->work, span_of(inner->p, k->digest->length)) &&
           digest_state_finish(&k->work, out);
}

NTSTATUS hmac_key_finish(struct hmac_key *k, uint8_t *out)
{
    DIGEST_VALUE inner;
    return done(digest_state_finish(&k->work, inner.p) && finish(k, &inner, out));
}

NTSTATUS hmac_key_mac(struct hmac_key *k, const struct span *parts, size_t count, uint8_t *out)
{
    TRY(hmac_key_restart(k));
    for (size_t i = 0; i < count; i++)
        TRY(hmac_key_add(k, parts[i]));
    return hmac_key_finish(k, out);
}

NTSTATUS hmac_key_finish_outer(struct hmac_key *k, const struct digest_value *inner, uint8_t *out)
{
    return done(finish(k, inner, out));
}
