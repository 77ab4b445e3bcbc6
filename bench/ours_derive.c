/* Key derivation and random numbers through bcrypt.h (ours_sym.h). */
#include "ours_sym.h"

#include <wchar.h>

static PUCHAR bytes(const uint8_t *p)
{
    return (PUCHAR)(uintptr_t)p;
}

/* HKDF takes its hash and its salt as properties of the key. */
static bool settle(const struct ours_derive *d, BCRYPT_KEY_HANDLE key)
{
    if (d->hash == NULL)
        return true;
    ULONG n = (ULONG)((wcslen(d->hash) + 1) * sizeof *d->hash);
    return ours_ok(
               BCryptSetProperty(key, BCRYPT_HKDF_HASH_ALGORITHM, (PUCHAR)(uintptr_t)d->hash, n, 0),
               "BCryptSetProperty") &&
           ours_ok(
               BCryptSetProperty(key, BCRYPT_HKDF_SALT_AND_FINALIZE, bytes(d->salt), d->salt_n, 0),
               "BCryptSetProperty");
}

static bool make(const struct ours_derive *d, BCRYPT_KEY_HANDLE *key)
{
    return ours_ok(
               BCryptGenerateSymmetricKey(d->alg, key, NULL, 0, bytes(d->secret), d->secret_n, 0),
               "BCryptGenerateSymmetricKey") &&
           settle(d, *key);
}

static bool derive(struct ours_derive *d, BCRYPT_KEY_HANDLE key)
{
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, d->list_n, d->list};
    ULONG n;
    return ours_ok(BCryptKeyDerivation(key, &list, d->out, d->out_n, &n, 0), "BCryptKeyDerivation");
}

bool ours_derive_init(struct ours_derive *d)
{
    return make(d, &d->key);
}

void ours_derive_done(struct ours_derive *d)
{
    if (d->key != NULL)
        BCryptDestroyKey(d->key);
    d->key = NULL;
}

bool ours_derive_kept(void *arg)
{
    struct ours_derive *d = arg;
    return derive(d, d->key);
}

bool ours_derive_key(void *arg)
{
    BCRYPT_KEY_HANDLE key;
    return make(arg, &key) && derive(arg, key) &&
           ours_ok(BCryptDestroyKey(key), "BCryptDestroyKey");
}

bool ours_random_bytes(void *arg)
{
    struct ours_random *r = arg;
    return ours_ok(BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, r->out, r->n, 0), "BCryptGenRandom");
}
