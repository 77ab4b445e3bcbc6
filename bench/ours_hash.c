/* Hashes and codes through bcrypt.h (ours_sym.h). */
#include "ours_sym.h"

static PUCHAR bytes(const uint8_t *p)
{
    return (PUCHAR)(uintptr_t)p;
}

BCRYPT_ALG_HANDLE ours_open_flags(LPCWSTR name, ULONG flags)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    return BCRYPT_SUCCESS(BCryptOpenAlgorithmProvider(&alg, name, NULL, flags)) ? alg : NULL;
}

static bool create(const struct ours_hash *h, BCRYPT_HASH_HANDLE *hash, ULONG flags)
{
    return ours_ok(BCryptCreateHash(h->alg, hash, NULL, 0, bytes(h->key), h->key_n, flags),
                   "BCryptCreateHash");
}

static bool use(struct ours_hash *h, BCRYPT_HASH_HANDLE hash)
{
    return ours_ok(BCryptHashData(hash, bytes(h->in), h->in_n, 0), "BCryptHashData") &&
           ours_ok(BCryptFinishHash(hash, h->out, h->out_n, 0), "BCryptFinishHash");
}

static bool destroy(BCRYPT_HASH_HANDLE hash)
{
    return ours_ok(BCryptDestroyHash(hash), "BCryptDestroyHash");
}

bool ours_hash_init(struct ours_hash *h, ULONG flags)
{
    return create(h, &h->hash, flags);
}

void ours_hash_done(struct ours_hash *h)
{
    if (h->hash != NULL)
        BCryptDestroyHash(h->hash);
    h->hash = NULL;
}

bool ours_hash_once(void *arg)
{
    struct ours_hash *h = arg;
    return ours_ok(
        BCryptHash(h->alg, bytes(h->key), h->key_n, bytes(h->in), h->in_n, h->out, h->out_n),
        "BCryptHash");
}

bool ours_hash_object(void *arg)
{
    BCRYPT_HASH_HANDLE hash;
    if (!create(arg, &hash, 0))
        return false;
    bool ok = use(arg, hash);
    return destroy(hash) && ok;
}

bool ours_hash_kept(void *arg)
{
    struct ours_hash *h = arg;
    return use(h, h->hash);
}

bool ours_hash_duplicate(void *arg)
{
    struct ours_hash *h = arg;
    BCRYPT_HASH_HANDLE copy;
    if (!ours_ok(BCryptDuplicateHash(h->hash, &copy, NULL, 0, 0), "BCryptDuplicateHash"))
        return false;
    bool ok = use(h, copy);
    return destroy(copy) && ok;
}

bool ours_hash_empty(void *arg)
{
    BCRYPT_HASH_HANDLE hash;
    return create(arg, &hash, 0) && destroy(hash);
}
