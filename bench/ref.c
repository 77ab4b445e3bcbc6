/* The operations on libcrypto that do not depend on the family (ref.h). */
#include "ref.h"

#include <stdio.h>

#include <openssl/core_names.h>
#include <openssl/err.h>

bool ref_failed;

bool ref_ok(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "bench: libcrypto: %s failed\n", what);
        ERR_print_errors_fp(stderr);
        ref_failed = true;
    }
    return ok;
}

/* ---- setting up ------------------------------------------------------------------------------------------------ */

bool ref_call_init(struct ref_call *c, EVP_PKEY *pkey, struct ref_prepare prepare)
{
    c->pkey = pkey;
    c->prepare = prepare;
    c->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    return ref_ok(c->ctx != NULL && prepare.run(c->ctx, prepare.arg), "initialising a context");
}

void ref_call_done(struct ref_call *c)
{
    EVP_PKEY_CTX_free(c->ctx);
    c->ctx = NULL;
}

EVP_PKEY_CTX *ref_import_ctx(const char *key_type)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, key_type, NULL);
    ref_ok(ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1, "EVP_PKEY_fromdata_init");
    return ctx;
}

EVP_PKEY_CTX *ref_generate_ctx(const char *key_type, const OSSL_PARAM *params)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, key_type, NULL);
    ref_ok(ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1 &&
               (params == NULL || EVP_PKEY_CTX_set_params(ctx, params) == 1),
           "EVP_PKEY_keygen_init");
    return ctx;
}

EVP_PKEY_CTX *ref_generate_like_ctx(EVP_PKEY *parameters)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
    ref_ok(ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1, "EVP_PKEY_keygen_init");
    return ctx;
}

static OSSL_PARAM *next_param(struct ref_export *e, size_t n, uint8_t **at)
{
    if (e->count + 1 >= REF_MOST_PARAMS || e->used + n > sizeof e->bytes)
        return NULL;
    *at = e->bytes + e->used;
    e->used += n;
    e->params[e->count + 1] = OSSL_PARAM_construct_end();
    return &e->params[e->count++];
}

void ref_export_number(struct ref_export *e, const char *name, size_t n)
{
    uint8_t *at;
    OSSL_PARAM *p = next_param(e, n, &at);
    if (ref_ok(p != NULL, "room for an export"))
        *p = OSSL_PARAM_construct_BN(name, at, n);
}

void ref_export_octets(struct ref_export *e, const char *name, size_t n)
{
    uint8_t *at;
    OSSL_PARAM *p = next_param(e, n, &at);
    if (ref_ok(p != NULL, "room for an export"))
        *p = OSSL_PARAM_construct_octet_string(name, at, n);
}

/* ECC and FFC groups have a name, RSA has none. Numbers are copied into BIGNUMs for the builder. */
OSSL_PARAM *ref_params(const char *group, const struct ref_field *fields, size_t count)
{
    BIGNUM *numbers[REF_MOST_PARAMS] = {NULL};
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    bool ok = build != NULL && count <= REF_MOST_PARAMS &&
              (group == NULL ||
               OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1);
    for (size_t i = 0; ok && i < count; i++) {
        const struct ref_field *f = &fields[i];
        if (f->octets) {
            ok = OSSL_PARAM_BLD_push_octet_string(build, f->name, f->p, f->n) == 1;
        } else {
            numbers[i] = BN_bin2bn(f->p, (int)f->n, NULL);
            ok = numbers[i] != NULL && OSSL_PARAM_BLD_push_BN(build, f->name, numbers[i]) == 1;
        }
    }
    OSSL_PARAM *params = ok ? OSSL_PARAM_BLD_to_param(build) : NULL;
    OSSL_PARAM_BLD_free(build);
    for (size_t i = 0; i < REF_MOST_PARAMS; i++)
        BN_free(numbers[i]);
    ref_ok(params != NULL, "building parameters");
    return params;
}

bool ref_sign_init(EVP_PKEY_CTX *ctx, void *ossl_params)
{
    return EVP_PKEY_sign_init_ex(ctx, ossl_params) == 1;
}

bool ref_verify_init(EVP_PKEY_CTX *ctx, void *ossl_params)
{
    return EVP_PKEY_verify_init_ex(ctx, ossl_params) == 1;
}

bool ref_derive_init(EVP_PKEY_CTX *ctx, void *peer_pkey)
{
    return EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer_ex(ctx, peer_pkey, 0) == 1;
}

/* ---- the sides of rows ----------------------------------------------------------------------------------------- */

static bool check_key(EVP_PKEY *pkey, int (*check)(EVP_PKEY_CTX *ctx))
{
    if (check == NULL)
        return true;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool ok = ctx != NULL && check(ctx) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ref_ok(ok, "checking a key");
}

bool ref_generate(void *arg)
{
    struct ref_generate *g = arg;
    EVP_PKEY *pkey = NULL;
    bool ok = ref_ok(EVP_PKEY_generate(g->ctx, &pkey) == 1, "EVP_PKEY_generate") &&
              check_key(pkey, g->check);
    EVP_PKEY_free(pkey);
    return ok;
}

EVP_PKEY *ref_key_import(const struct ref_import *what)
{
    EVP_PKEY *pkey = NULL;
    bool ok = ref_ok(EVP_PKEY_fromdata(what->ctx, &pkey, what->selection, what->params) == 1,
                     "EVP_PKEY_fromdata");
    if (ok && check_key(pkey, what->check))
        return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

bool ref_import(void *arg)
{
    EVP_PKEY *pkey = ref_key_import(arg);
    EVP_PKEY_free(pkey);
    return pkey != NULL;
}

bool ref_export(void *arg)
{
    struct ref_export *e = arg;
    return ref_ok(EVP_PKEY_get_params(e->pkey, e->params) == 1, "EVP_PKEY_get_params");
}

bool ref_sign(void *arg)
{
    struct ref_call *c = arg;
    c->out_n = sizeof c->out;
    return ref_ok(EVP_PKEY_sign(c->ctx, c->out, &c->out_n, c->in, c->in_n) == 1, "EVP_PKEY_sign");
}

bool ref_verify(void *arg)
{
    struct ref_call *c = arg;
    return ref_ok(EVP_PKEY_verify(c->ctx, c->out, c->out_n, c->in, c->in_n) == 1,
                  "EVP_PKEY_verify");
}

bool ref_encrypt(void *arg)
{
    struct ref_call *c = arg;
    c->out_n = sizeof c->out;
    return ref_ok(EVP_PKEY_encrypt(c->ctx, c->out, &c->out_n, c->in, c->in_n) == 1,
                  "EVP_PKEY_encrypt");
}

bool ref_decrypt(void *arg)
{
    struct ref_call *c = arg;
    c->out_n = sizeof c->out;
    return ref_ok(EVP_PKEY_decrypt(c->ctx, c->out, &c->out_n, c->in, c->in_n) == 1,
                  "EVP_PKEY_decrypt");
}

bool ref_derive(void *arg)
{
    struct ref_call *c = arg;
    c->out_n = sizeof c->out;
    return ref_ok(EVP_PKEY_derive(c->ctx, c->out, &c->out_n) == 1, "EVP_PKEY_derive");
}

bool ref_encapsulate(void *arg)
{
    struct ref_call *c = arg;
    uint8_t secret[32];
    size_t n = sizeof secret;
    c->out_n = sizeof c->out;
    return ref_ok(EVP_PKEY_encapsulate(c->ctx, c->out, &c->out_n, secret, &n) == 1,
                  "EVP_PKEY_encapsulate");
}

bool ref_decapsulate(void *arg)
{
    struct ref_call *c = arg;
    uint8_t secret[32];
    size_t n = sizeof secret;
    return ref_ok(EVP_PKEY_decapsulate(c->ctx, secret, &n, c->in, c->in_n) == 1,
                  "EVP_PKEY_decapsulate");
}

/* As the manual's examples do it. */
bool naive_call(void *arg)
{
    struct ref_call *c = arg;
    EVP_PKEY_CTX *kept = c->ctx;
    bool ok = ref_call_init(c, c->pkey, c->prepare) && c->run(c);
    ref_call_done(c);
    c->ctx = kept;
    return ok;
}

bool ref_use(void *arg)
{
    struct ref_use *u = arg;
    EVP_PKEY *pkey = ref_key_import(&u->import);
    bool ok = pkey != NULL && ref_call_init(&u->call, pkey, u->prepare) && u->run(&u->call);
    ref_call_done(&u->call);
    EVP_PKEY_free(pkey);
    return ok;
}

bool ref_ephemeral(void *arg)
{
    struct ref_ephemeral *e = arg;
    EVP_PKEY *own = NULL;
    size_t n = sizeof e->out;
    bool ok = EVP_PKEY_generate(e->ctx, &own) == 1;
    EVP_PKEY_CTX *ctx = ok ? EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL) : NULL;
    ok = ctx != NULL && EVP_PKEY_derive_init_ex(ctx, NULL) == 1 &&
         EVP_PKEY_derive_set_peer_ex(ctx, e->peer, 0) == 1 && EVP_PKEY_derive(ctx, e->out, &n) == 1;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(own);
    return ref_ok(ok, "EVP_PKEY_derive");
}
