/* HMAC objects (hash_hmac.h): a key whose states are kept, so that reuse costs nothing. */
#include "hash_hmac.h"

#include "tls_cbc.h"

static struct hmac_key *key_of(struct hash *h)
{
    return &CONTAINER_OF(h, struct hash_hmac, hash)->key;
}

NTSTATUS hash_hmac_init(struct hash *h, const struct alg *alg, struct span key)
{
    (void)alg;
    return hmac_key_init(key_of(h), h->class->params, key);
}

NTSTATUS hash_hmac_data(struct hash *h, struct span in)
{
    return hmac_key_add(key_of(h), in);
}

NTSTATUS hash_hmac_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    (void)n, (void)more;
    return hmac_key_finish(key_of(h), out);
}

NTSTATUS hash_hmac_reset(struct hash *h)
{
    return hmac_key_restart(key_of(h));
}

NTSTATUS hash_hmac_copy(struct hash *to, const struct hash *from)
{
    return hmac_key_copy(key_of(to), &CONST_CONTAINER_OF(from, struct hash_hmac, hash)->key);
}

void hash_hmac_done(struct hash *h)
{
    hmac_key_done(key_of(h));
}

NTSTATUS hash_hmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    (void)n;
    return digest_hmac(alg->class->params, key, &in, 1, out);
}

NTSTATUS hash_hmac_tls_verify(struct hash *h, struct span record)
{
    return tls_cbc_verify(key_of(h), record);
}
