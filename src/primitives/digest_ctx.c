/*
 * Contexts of hashes (digest_ctx.h): for each hash one that never gets data, a pool of idle ones for
 * objects, and one in each thread for hashing in one go, which shares nothing with other threads.
 */
#include "digest_ctx.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "ctx_pool.h"

static struct {
    _Atomic(EVP_MD_CTX *) fresh; /* initialised, constant; NULL: not made yet */
    struct ctx_pool idle;        /* copies of it */
} kept[DIGEST_ROWS];

static const EVP_MD_CTX *fresh_make(const struct digest *d)
{
    const EVP_MD *md = digest_md(d);
    SCOPED_MD_CTX *made = EVP_MD_CTX_new();
    if (md == NULL || made == NULL || EVP_DigestInit_ex2(made, md, NULL) != 1)
        return NULL;
    EVP_MD_CTX *first = NULL;
    if (!atomic_compare_exchange_strong(&kept[digest_index(d)].fresh, &first, made))
        return first;
    first = made;
    made = NULL;
    return first;
}

static const EVP_MD_CTX *fresh_get(const struct digest *d)
{
    const EVP_MD_CTX *fresh =
        atomic_load_explicit(&kept[digest_index(d)].fresh, memory_order_acquire);
    return fresh != NULL ? fresh : fresh_make(d);
}

static NTSTATUS context_make(const struct digest *d, EVP_MD_CTX **ctx)
{
    const EVP_MD_CTX *fresh = fresh_get(d);
    if (fresh == NULL)
        return ossl_failed(digest_md(d) == NULL ? STATUS_NOT_SUPPORTED : STATUS_NO_MEMORY);
    SCOPED_MD_CTX *made = EVP_MD_CTX_new();
    if (made == NULL || EVP_MD_CTX_copy_ex(made, fresh) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    *ctx = made;
    made = NULL;
    return STATUS_SUCCESS;
}

bool digest_ctx_restart(const struct digest *d, EVP_MD_CTX *ctx)
{
    return EVP_MD_CTX_copy_ex(ctx, fresh_get(d)) == 1;
}

/* ---- of objects ----------------------------------------------------------------------------- */

NTSTATUS digest_ctx_take(const struct digest *d, EVP_MD_CTX **ctx)
{
    EVP_MD_CTX *idle = ctx_pool_take(&kept[digest_index(d)].idle);
    if (idle == NULL)
        return context_make(d, ctx);
    *ctx = idle;
    return STATUS_SUCCESS;
}

void digest_ctx_give(const struct digest *d, EVP_MD_CTX *ctx)
{
    if (ctx == NULL)
        return;
    if (!digest_ctx_restart(d, ctx) || !ctx_pool_give(&kept[digest_index(d)].idle, ctx))
        EVP_MD_CTX_free(ctx);
}

/* ---- of a thread ---------------------------------------------------------------------------- */

struct contexts {
    EVP_MD_CTX *ready[DIGEST_ROWS]; /* or NULL */
};

static _Thread_local struct contexts *mine __attribute__((tls_model("initial-exec")));
static pthread_key_t exit_key;
static bool exit_key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void contexts_free(void *p)
{
    struct contexts *c = p;
    mine = NULL;
    for (size_t i = 0; i < DIGEST_ROWS; i++)
        EVP_MD_CTX_free(c->ready[i]);
    free(c);
}

static void start(void)
{
    exit_key_made = pthread_key_create(&exit_key, contexts_free) == 0;
}

static struct contexts *contexts_make(void)
{
    pthread_once(&once, start);
    struct contexts *c = exit_key_made ? calloc(1, sizeof *c) : NULL;
    if (c == NULL)
        return NULL;
    if (pthread_setspecific(exit_key, c) != 0) {
        free(c);
        return NULL;
    }
    mine = c;
    return c;
}

NTSTATUS digest_ctx_lend(const struct digest *d, EVP_MD_CTX **ctx)
{
    struct contexts *c = mine != NULL ? mine : contexts_make();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    EVP_MD_CTX **ready = &c->ready[digest_index(d)];
    if (*ready == NULL)
        TRY(context_make(d, ready));
    *ctx = *ready;
    return STATUS_SUCCESS;
}

void digest_ctx_lend_end(const struct digest *d)
{
    EVP_MD_CTX **ready = &mine->ready[digest_index(d)];
    if (digest_ctx_restart(d, *ready))
        return;
    EVP_MD_CTX_free(*ready);
    *ready = NULL;
}
