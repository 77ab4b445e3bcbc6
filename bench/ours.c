/* Operations through bcrypt.h (ours.h). */
#include "ours.h"

#include <stdio.h>

bool ours_failed;

bool ours_ok(NTSTATUS status, const char *what)
{
    if (!BCRYPT_SUCCESS(status)) {
        fprintf(stderr, "bench: %s: status 0x%08X\n", what, (unsigned)status);
        ours_failed = true; /* written by nobody else: two threads would wait for each other */
    }
    return BCRYPT_SUCCESS(status);
}

BCRYPT_ALG_HANDLE ours_open(LPCWSTR name)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    return BCRYPT_SUCCESS(BCryptOpenAlgorithmProvider(&alg, name, NULL, 0)) ? alg : NULL;
}

BCRYPT_KEY_HANDLE ours_key_new(const struct ours_generate *how)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (!ours_ok(BCryptGenerateKeyPair(how->alg, &key, how->bits, how->flags),
                 "BCryptGenerateKeyPair"))
        return NULL;
    bool ok = how->property == NULL ||
              ours_ok(BCryptSetProperty(key, how->property, (PUCHAR)(uintptr_t)how->value,
                                        how->value_n, 0),
                      "BCryptSetProperty");
    ok = ok && ours_ok(BCryptFinalizeKeyPair(key, 0), "BCryptFinalizeKeyPair");
    if (ok)
        return key;
    BCryptDestroyKey(key);
    return NULL;
}

BCRYPT_KEY_HANDLE ours_key_import(const struct ours_import *what)
{
    BCRYPT_KEY_HANDLE key = NULL;
    NTSTATUS status =
        BCryptImportKeyPair(what->alg, NULL, what->type, &key, (PUCHAR)(uintptr_t)what->blob->bytes,
                            what->blob->n, what->flags);
    return ours_ok(status, "BCryptImportKeyPair") ? key : NULL;
}

static bool destroy(BCRYPT_KEY_HANDLE key)
{
    return key != NULL && ours_ok(BCryptDestroyKey(key), "BCryptDestroyKey");
}

bool ours_generate(void *arg)
{
    return destroy(ours_key_new(arg));
}

bool ours_import(void *arg)
{
    return destroy(ours_key_import(arg));
}

bool ours_export(void *arg)
{
    struct ours_export *e = arg;
    return ours_ok(
        BCryptExportKey(e->key, NULL, e->type, e->blob.bytes, sizeof e->blob.bytes, &e->blob.n, 0),
        "BCryptExportKey");
}

bool ours_sign(void *arg)
{
    struct ours_call *c = arg;
    return ours_ok(BCryptSignHash(c->key, c->padding, c->in.bytes, c->in.n, c->out.bytes,
                                  sizeof c->out.bytes, &c->out.n, c->flags),
                   "BCryptSignHash");
}

bool ours_verify(void *arg)
{
    struct ours_call *c = arg;
    return ours_ok(BCryptVerifySignature(c->key, c->padding, c->in.bytes, c->in.n, c->out.bytes,
                                         c->out.n, c->flags),
                   "BCryptVerifySignature");
}

bool ours_encrypt(void *arg)
{
    struct ours_call *c = arg;
    return ours_ok(BCryptEncrypt(c->key, c->in.bytes, c->in.n, c->padding, NULL, 0, c->out.bytes,
                                 sizeof c->out.bytes, &c->out.n, c->flags),
                   "BCryptEncrypt");
}

bool ours_decrypt(void *arg)
{
    struct ours_call *c = arg;
    return ours_ok(BCryptDecrypt(c->key, c->in.bytes, c->in.n, c->padding, NULL, 0, c->out.bytes,
                                 sizeof c->out.bytes, &c->out.n, c->flags),
                   "BCryptDecrypt");
}

bool ours_encapsulate(void *arg)
{
    struct ours_call *c = arg;
    UCHAR secret[32];
    ULONG n;
    return ours_ok(BCryptEncapsulate(c->key, secret, sizeof secret, &n, c->out.bytes,
                                     sizeof c->out.bytes, &c->out.n, 0),
                   "BCryptEncapsulate");
}

bool ours_decapsulate(void *arg)
{
    struct ours_call *c = arg;
    UCHAR secret[32];
    ULONG n;
    return ours_ok(BCryptDecapsulate(c->key, c->in.bytes, c->in.n, secret, sizeof secret, &n, 0),
                   "BCryptDecapsulate");
}

bool ours_use(void *arg)
{
    struct ours_use *u = arg;
    u->call.key = ours_key_import(&u->import);
    if (u->call.key == NULL)
        return false;
    bool ok = u->run(&u->call);
    return destroy(u->call.key) && ok;
}

bool ours_agree(void *arg)
{
    struct ours_agree *a = arg;
    BCRYPT_SECRET_HANDLE secret;
    if (!ours_ok(BCryptSecretAgreement(a->own, a->peer, &secret, 0), "BCryptSecretAgreement"))
        return false;
    ULONG n;
    bool ok = ours_ok(
        BCryptDeriveKey(secret, BCRYPT_KDF_RAW_SECRET, NULL, a->secret, sizeof a->secret, &n, 0),
        "BCryptDeriveKey");
    return ours_ok(BCryptDestroySecret(secret), "BCryptDestroySecret") && ok;
}

bool ours_ephemeral(void *arg)
{
    struct ours_ephemeral *e = arg;
    e->agree.own = ours_key_new(&e->generate);
    if (e->agree.own == NULL)
        return false;
    bool ok = ours_agree(&e->agree);
    return destroy(e->agree.own) && ok;
}
