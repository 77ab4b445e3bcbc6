/* Hash objects of the hashes with a fixed length (hash_plain.h). */
#include "hash_plain.h"

#include "kdf_capi.h"

static struct digest_state *state_of(struct hash *h)
{
    return &CONTAINER_OF(h, struct hash_plain, hash)->state;
}

static NTSTATUS done(bool ok)
{
    return ok ? STATUS_SUCCESS : ossl_failed(STATUS_INTERNAL_ERROR);
}

NTSTATUS hash_plain_init(struct hash *h, const struct alg *alg, struct span key)
{
    (void)alg, (void)key;
    return digest_state_init(state_of(h), h->class->params);
}

NTSTATUS hash_plain_data(struct hash *h, struct span in)
{
    return done(digest_state_add(state_of(h), in));
}

NTSTATUS hash_plain_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    (void)n, (void)more;
    return done(digest_state_finish(state_of(h), out));
}

NTSTATUS hash_plain_reset(struct hash *h)
{
    return done(digest_state_restart(state_of(h)));
}

NTSTATUS hash_plain_copy(struct hash *to, const struct hash *from)
{
    TRY(hash_plain_init(to, NULL, span_of(NULL, 0)));
    return done(
        digest_state_set(state_of(to), &CONST_CONTAINER_OF(from, struct hash_plain, hash)->state));
}

void hash_plain_done(struct hash *h)
{
    digest_state_done(state_of(h));
}

NTSTATUS hash_plain_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    (void)key, (void)n;
    return digest_state_once(alg->class->params, span_of(NULL, 0), &in, 1, out);
}

NTSTATUS hash_plain_capi(struct hash *h, bool expand, uint8_t *out, size_t n)
{
    const struct digest *d = h->class->params;
    DIGEST_VALUE value;
    TRY(hash_plain_finish(h, value.p, d->length, false));
    return kdf_capi(d, &value, expand, out, n);
}
