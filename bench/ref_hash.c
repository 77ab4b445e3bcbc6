/* Hashes and codes on libcrypto (ref_sym.h). */
#include "ref_sym.h"

/* ---- hashes ------------------------------------------------------------------------------------------------------ */

bool ref_hash_init(struct ref_hash *h)
{
    h->md = EVP_MD_fetch(NULL, h->name, NULL);
    h->ctx = EVP_MD_CTX_new();
    h->start = EVP_MD_CTX_new();
    return ref_ok(h->md != NULL && EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1 &&
                      EVP_DigestInit_ex2(h->start, h->md, NULL) == 1,
                  h->name);
}

void ref_hash_done(struct ref_hash *h)
{
    EVP_MD_CTX_free(h->ctx);
    EVP_MD_CTX_free(h->start);
    EVP_MD_free(h->md);
    h->ctx = h->start = NULL;
    h->md = NULL;
}

static bool absorb(struct ref_hash *h, EVP_MD_CTX *ctx)
{
    return EVP_DigestUpdate(ctx, h->in, h->in_n) == 1 &&
           (h->xof ? EVP_DigestFinalXOF(ctx, h->out, h->out_n)
                   : EVP_DigestFinal_ex(ctx, h->out, NULL)) == 1;
}

bool ref_hash_kept(void *arg)
{
    struct ref_hash *h = arg;
    return ref_ok(EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1 && absorb(h, h->ctx),
                  "EVP_DigestFinal_ex");
}

bool ref_hash_once(void *arg)
{
    struct ref_hash *h = arg;
    return ref_ok(EVP_Digest(h->in, h->in_n, h->out, NULL, h->md, NULL) == 1, "EVP_Digest");
}

static bool with_context(struct ref_hash *h, const EVP_MD *md)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL) == 1 && absorb(h, ctx);
    EVP_MD_CTX_free(ctx);
    return ref_ok(ok, "EVP_DigestFinal_ex");
}

static bool empty_context(const EVP_MD *md)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL) == 1;
    EVP_MD_CTX_free(ctx);
    return ref_ok(ok, "EVP_DigestInit_ex2");
}

bool ref_hash_object(void *arg)
{
    struct ref_hash *h = arg;
    return with_context(h, h->md);
}

bool ref_hash_copy(void *arg)
{
    struct ref_hash *h = arg;
    return ref_ok(EVP_MD_CTX_copy_ex(h->ctx, h->start) == 1 && absorb(h, h->ctx),
                  "EVP_MD_CTX_copy_ex");
}

bool ref_hash_empty(void *arg)
{
    struct ref_hash *h = arg;
    return empty_context(h->md);
}

bool ref_hash_fetch(void *arg)
{
    struct ref_hash *h = arg;
    EVP_MD *md = EVP_MD_fetch(NULL, h->name, NULL);
    EVP_MD_free(md);
    return ref_ok(md != NULL, "EVP_MD_fetch");
}

bool naive_hash(void *arg)
{
    struct ref_hash *h = arg;
    return with_context(h, h->implicit());
}

bool naive_hash_copy(void *arg)
{
    struct ref_hash *h = arg;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && EVP_MD_CTX_copy_ex(ctx, h->start) == 1 && absorb(h, ctx);
    EVP_MD_CTX_free(ctx);
    return ref_ok(ok, "EVP_MD_CTX_copy_ex");
}

bool naive_hash_empty(void *arg)
{
    struct ref_hash *h = arg;
    return empty_context(h->implicit());
}

/* ---- codes ------------------------------------------------------------------------------------------------------- */

bool ref_mac_init(struct ref_mac *m)
{
    m->params[0] = m->params[1] = OSSL_PARAM_construct_end();
    if (m->option != NULL)
        m->params[0] = OSSL_PARAM_construct_utf8_string(m->option, (char *)(uintptr_t)m->choice, 0);
    m->mac = EVP_MAC_fetch(NULL, m->name, NULL);
    m->ctx = m->mac == NULL ? NULL : EVP_MAC_CTX_new(m->mac);
    return ref_ok(m->ctx != NULL && EVP_MAC_init(m->ctx, m->key, m->key_n, m->params) == 1,
                  m->name);
}

void ref_mac_done(struct ref_mac *m)
{
    EVP_MAC_CTX_free(m->ctx);
    EVP_MAC_free(m->mac);
    m->ctx = NULL;
    m->mac = NULL;
}

static bool finish(struct ref_mac *m, EVP_MAC_CTX *ctx)
{
    size_t n;
    return EVP_MAC_update(ctx, m->in, m->in_n) == 1 &&
           EVP_MAC_final(ctx, m->out, &n, sizeof m->out) == 1;
}

bool ref_mac_kept(void *arg)
{
    struct ref_mac *m = arg;
    return ref_ok(EVP_MAC_init(m->ctx, NULL, 0, NULL) == 1 && finish(m, m->ctx), "EVP_MAC_final");
}

bool ref_mac_key(void *arg)
{
    struct ref_mac *m = arg;
    return ref_ok(EVP_MAC_init(m->ctx, m->key, m->key_n, NULL) == 1 && finish(m, m->ctx),
                  "EVP_MAC_final");
}

bool ref_mac_object(void *arg)
{
    struct ref_mac *m = arg;
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(m->mac);
    bool ok = ctx != NULL && EVP_MAC_init(ctx, m->key, m->key_n, m->params) == 1 && finish(m, ctx);
    EVP_MAC_CTX_free(ctx);
    return ref_ok(ok, "EVP_MAC_final");
}

bool naive_mac(void *arg)
{
    struct ref_mac *m = arg;
    size_t n;
    return ref_ok(EVP_Q_mac(NULL, m->name, NULL, m->choice, NULL, m->key, m->key_n, m->in, m->in_n,
                            m->out, sizeof m->out, &n) != NULL,
                  "EVP_Q_mac");
}
