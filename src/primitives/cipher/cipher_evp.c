/* Methods and contexts of libcrypto's ciphers (cipher_evp.h). */
#include "cipher_evp.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/provider.h>

#define CACHE_LINE 64 /* what a context has to be in for a call to find all of it at once */

#define EVP_SIZES 3 /* AES-128, AES-192, AES-256 */

/* What libcrypto calls them; how long their vectors are, and whether EVP has to be asked all the same: CCM gets its key again with
 * other sizes, wrapping is not for the pool. */
static const struct {
    const char *names[EVP_SIZES];
    uint32_t iv_bytes;
    bool by_evp;
} kinds[EVP_KINDS] = {
    [EVP_KIND_ECB] = {{"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"}, 0, false},
    [EVP_KIND_CBC] = {{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}, 16, false},
    [EVP_KIND_CFB8] = {{"AES-128-CFB8", "AES-192-CFB8", "AES-256-CFB8"}, 16, false},
    [EVP_KIND_CFB128] = {{"AES-128-CFB", "AES-192-CFB", "AES-256-CFB"}, 16, false},
    [EVP_KIND_CTR] = {{"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"}, 16, false},
    [EVP_KIND_GCM] = {{"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"}, 12, false},
    [EVP_KIND_CCM] = {{"AES-128-CCM", "AES-192-CCM", "AES-256-CCM"}, 0, true},
    [EVP_KIND_XTS] = {{"AES-128-XTS", NULL, "AES-256-XTS"}, 16, false},
    [EVP_KIND_WRAP] = {{"AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"}, 0, true},
    [EVP_KIND_WRAP_PAD] = {{"AES-128-WRAP-PAD", "AES-192-WRAP-PAD", "AES-256-WRAP-PAD"}, 0, true},
    [EVP_KIND_CHACHA20_POLY1305] = {{NULL, NULL, "ChaCha20-Poly1305"}, 12, false},
};

static _Atomic(const struct evp_method *) methods[EVP_KINDS][EVP_SIZES];
static bool direct_off;

/* ---- methods ------------------------------------------------------------------------------------ */

/* Whether a provider's list, "AES-128-GCM:id-aes128-GCM:2.16…", has the name. */
static bool list_has(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (;; list++) {
        if (strncasecmp(list, name, n) == 0 && (list[n] == ':' || list[n] == '\0'))
            return true;
        list = strchr(list, ':');
        if (list == NULL)
            return false;
    }
}

static void functions_read(struct evp_method *m, const OSSL_DISPATCH *d)
{
    for (; d->function_id != 0; d++) {
        switch (d->function_id) {
        case OSSL_FUNC_CIPHER_NEWCTX:
            m->newctx = OSSL_FUNC_cipher_newctx(d);
            break;
        case OSSL_FUNC_CIPHER_FREECTX:
            m->freectx = OSSL_FUNC_cipher_freectx(d);
            break;
        case OSSL_FUNC_CIPHER_ENCRYPT_INIT:
            m->init[1] = OSSL_FUNC_cipher_encrypt_init(d);
            break;
        case OSSL_FUNC_CIPHER_DECRYPT_INIT:
            m->init[0] = OSSL_FUNC_cipher_decrypt_init(d);
            break;
        case OSSL_FUNC_CIPHER_CIPHER:
            m->run = OSSL_FUNC_cipher_cipher(d);
            break;
        case OSSL_FUNC_CIPHER_FINAL:
            m->final = OSSL_FUNC_cipher_final(d);
            break;
        case OSSL_FUNC_CIPHER_GET_CTX_PARAMS:
            m->get = OSSL_FUNC_cipher_get_ctx_params(d);
            break;
        case OSSL_FUNC_CIPHER_SET_CTX_PARAMS:
            m->set = OSSL_FUNC_cipher_set_ctx_params(d);
            break;
        default:
            break;
        }
    }
    bool all = m->newctx != NULL && m->freectx != NULL && m->init[0] != NULL &&
               m->init[1] != NULL && m->run != NULL && m->final != NULL && m->get != NULL &&
               m->set != NULL;
    if (!all)
        m->newctx = NULL;
}

/* The functions that EVP's method calls. */
static void functions_find(struct evp_method *m, const char *name)
{
    const OSSL_PROVIDER *provider = EVP_CIPHER_get0_provider(m->cipher);
    int no_cache = 0;
    const OSSL_ALGORITHM *all =
        provider == NULL ? NULL
                         : OSSL_PROVIDER_query_operation(provider, OSSL_OP_CIPHER, &no_cache);
    m->provider = provider == NULL ? NULL : OSSL_PROVIDER_get0_provider_ctx(provider);
    for (const OSSL_ALGORITHM *a = all; a != NULL && a->algorithm_names != NULL; a++) {
        if (list_has(a->algorithm_names, name)) {
            functions_read(m, a->implementation);
            break;
        }
    }
    if (all != NULL)
        OSSL_PROVIDER_unquery_operation(provider, OSSL_OP_CIPHER, all);
}

static struct evp_method *method_make(enum evp_kind kind, size_t size)
{
    struct evp_method *m = calloc(1, sizeof *m);
    OSSL_LIB_CTX *ctx = ossl_ctx();
    if (m == NULL || ctx == NULL ||
        (m->cipher = EVP_CIPHER_fetch(ctx, kinds[kind].names[size], NULL)) == NULL) {
        free(m);
        return NULL;
    }
    m->kind = kind;
    m->iv_bytes = kinds[kind].iv_bytes;
    if (!kinds[kind].by_evp)
        functions_find(m, kinds[kind].names[size]);
    return m;
}

const struct evp_method *evp_method(enum evp_kind kind, size_t key_bytes)
{
    size_t size = (kind == EVP_KIND_XTS ? key_bytes / 2 : key_bytes) / 8 - 2;
    if (size >= EVP_SIZES || kinds[kind].names[size] == NULL)
        return NULL;
    _Atomic(const struct evp_method *) *slot = &methods[kind][size];
    const struct evp_method *method = atomic_load_explicit(slot, memory_order_acquire);
    if (method != NULL)
        return method;
    struct evp_method *made = method_make(kind, size);
    if (made != NULL && !atomic_compare_exchange_strong(slot, &method, made)) {
        EVP_CIPHER_free(made->cipher);
        free(made);
        return method;
    }
    return made;
}

bool evp_is_direct(void)
{
    const struct evp_method *m = evp_method(EVP_KIND_ECB, 16);
    return !direct_off && m != NULL && m->newctx != NULL;
}

void evp_allow_direct(bool on)
{
    direct_off = !on;
}

/* ---- contexts ----------------------------------------------------------------------------------- */

static bool begin_direct(struct evp_ctx *ctx, const uint8_t *key, size_t key_bytes)
{
    const struct evp_method *m = ctx->method;
    ctx->state = m->newctx(m->provider);
    ctx->run = m->run;
    ctx->get = m->get;
    ctx->init = m->init[ctx->encrypt];
    return ctx->state != NULL && ctx->init(ctx->state, key, key_bytes, NULL, 0, NULL) == 1;
}

static bool begin_evp(struct evp_ctx *ctx, const uint8_t *key)
{
    ctx->evp = EVP_CIPHER_CTX_new();
    if (ctx->evp == NULL)
        return false;
    /* Its padding is left on, although nothing here comes near it: libcrypto would turn it off again with
     * every new vector, which takes as long as a block. */
    EVP_CIPHER_CTX_set_flags(ctx->evp, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    return EVP_CipherInit_ex2(ctx->evp, ctx->method->cipher, key, NULL, ctx->encrypt, NULL) == 1;
}

struct evp_ctx *evp_context(const struct evp_method *method, const uint8_t *key, bool encrypt)
{
    SCOPED_EVP_CTX *made = aligned_alloc(CACHE_LINE, CACHE_LINE);
    if (made == NULL)
        return NULL;
    _Static_assert(sizeof *made <= CACHE_LINE, "a context is a line");
    *made = (struct evp_ctx){
        .kind = method->kind, .iv_bytes = method->iv_bytes, .method = method, .encrypt = encrypt};
    bool direct = method->newctx != NULL && !direct_off;
    size_t key_bytes = (size_t)EVP_CIPHER_get_key_length(method->cipher);
    if (!(direct ? begin_direct(made, key, key_bytes) : begin_evp(made, key)))
        return NULL;
    struct evp_ctx *ready = made;
    made = NULL;
    return ready;
}

void evp_release(void *ctx)
{
    struct evp_ctx *c = ctx;
    if (c == NULL)
        return;
    if (c->state != NULL)
        c->method->freectx(c->state);
    EVP_CIPHER_CTX_free(c->evp);
    free(c);
}

NTSTATUS evp_replace(struct cipher_key *k, enum evp_kind kind, bool encrypt, struct evp_use *u)
{
    evp_release(u->ctx);
    u->ctx = NULL;
    const struct evp_method *method = evp_method(kind, k->secret.n);
    if (method == NULL)
        return ossl_failed(STATUS_NOT_SUPPORTED);
    u->ctx = evp_context(method, k->secret.p, encrypt);
    return u->ctx == NULL ? ossl_failed(STATUS_NO_MEMORY) : STATUS_SUCCESS;
}

/* ---- calls -------------------------------------------------------------------------------------- */

NTSTATUS evp_update_slow(struct evp_ctx *ctx, const uint8_t *in, uint8_t *out, size_t n)
{
    while (n > 0) {
        size_t part = n < EVP_UPDATE_MOST ? n : EVP_UPDATE_MOST;
        if (ctx->evp == NULL)
            TRY(evp_update(ctx, in, out, part));
        else if (EVP_Cipher(ctx->evp, out, in, (unsigned)part) < 0)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        in += part;
        if (out != NULL)
            out += part;
        n -= part;
    }
    return STATUS_SUCCESS;
}

bool evp_restart_slow(struct evp_ctx *ctx, const uint8_t *iv)
{
    return EVP_CipherInit_ex2(ctx->evp, NULL, NULL, iv, ctx->encrypt, NULL) == 1;
}

bool evp_end(struct evp_ctx *ctx)
{
    uint8_t rest[CIPHER_BLOCK_MAX]; /* nothing comes */
    size_t written = 0;
    int n = 0;
    return ctx->evp != NULL ? EVP_CipherFinal_ex(ctx->evp, rest, &n) == 1
                            : ctx->method->final(ctx->state, rest, &written, sizeof rest) == 1;
}

bool evp_end_gcm(struct evp_ctx *ctx)
{
    size_t written = 0;
    return ctx->evp != NULL ? EVP_Cipher(ctx->evp, NULL, NULL, 0) >= 0
                            : ctx->run(ctx->state, NULL, &written, 0, NULL, 0) == 1;
}
