/* Key derivation and random numbers on libcrypto (ref_sym.h). */
#include "ref_sym.h"

#include <openssl/kdf.h>
#include <openssl/rand.h>

static EVP_KDF_CTX *context_new(const char *name)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, name, NULL);
    EVP_KDF_CTX *ctx = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    EVP_KDF_free(kdf);
    return ctx;
}

bool ref_derive_new(struct ref_derive *d)
{
    d->ctx = context_new(d->name);
    return ref_ok(d->ctx != NULL, d->name);
}

void ref_derive_free(struct ref_derive *d)
{
    EVP_KDF_CTX_free(d->ctx);
    d->ctx = NULL;
}

bool ref_derive_kept(void *arg)
{
    struct ref_derive *d = arg;
    return ref_ok(EVP_KDF_derive(d->ctx, d->out, d->out_n, d->params) == 1, "EVP_KDF_derive");
}

bool naive_derive(void *arg)
{
    struct ref_derive *d = arg;
    EVP_KDF_CTX *ctx = context_new(d->name);
    bool ok = ctx != NULL && EVP_KDF_derive(ctx, d->out, d->out_n, d->params) == 1;
    EVP_KDF_CTX_free(ctx);
    return ref_ok(ok, "EVP_KDF_derive");
}

bool ref_random_bytes(void *arg)
{
    struct ref_random *r = arg;
    return ref_ok(RAND_bytes(r->out, (int)r->n) == 1, "RAND_bytes");
}
