/* AES-CMAC objects (hash_cmac.h). */
#include "hash_cmac.h"

static struct cmac_key *key_of(struct hash *h)
{
    return &CONTAINER_OF(h, struct hash_cmac, hash)->key;
}

NTSTATUS hash_cmac_init(struct hash *h, const struct alg *alg, struct span key)
{
    (void)alg;
    return cmac_key_init(key_of(h), key);
}

NTSTATUS hash_cmac_data(struct hash *h, struct span in)
{
    return cmac_key_add(key_of(h), in);
}

NTSTATUS hash_cmac_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    (void)n, (void)more;
    return cmac_key_finish(key_of(h), out);
}

NTSTATUS hash_cmac_reset(struct hash *h)
{
    return cmac_key_restart(key_of(h));
}

NTSTATUS hash_cmac_copy(struct hash *to, const struct hash *from)
{
    return cmac_key_copy(key_of(to), &CONST_CONTAINER_OF(from, struct hash_cmac, hash)->key);
}

void hash_cmac_done(struct hash *h)
{
    cmac_key_done(key_of(h));
}

static void once_done(struct cmac_key *k)
{
    cmac_key_done(k);
}

NTSTATUS hash_cmac_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    (void)alg, (void)n;
    CLEANUP(once_done) struct cmac_key k = {.ctx = NULL};
    TRY(cmac_key_init(&k, key));
    return cmac_key_mac(&k, &in, 1, out);
}
