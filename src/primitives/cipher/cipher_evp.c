/* Methods and contexts of libcrypto's ciphers (cipher_evp.h). */
#include "cipher_evp.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/core_names.h>
#include <openssl/provider.h>

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

static void functions_read(struct evp_functions *m, const OSSL_DISPATCH *d)
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
            functions_read(&m->direct, a->implementation);
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
    return !direct_off && m != NULL && m->direct.newctx != NULL;
}

void evp_allow_direct(bool on)
{
    direct_off = !on;
}

/* ---- EVP in a provider's place -------------------------------------------------------------------- */

static void through_free(void *state)
{
    EVP_CIPHER_CTX_free(state);
}

/* A new vector; keys are EVP's from the beginning. */
static int through_init(void *state, const unsigned char *key, size_t key_bytes,
                        const unsigned char *iv, size_t iv_bytes, const OSSL_PARAM params[])
{
    (void)key;
    (void)key_bytes;
    (void)iv_bytes;
    return EVP_CipherInit_ex2(state, NULL, NULL, iv, -1, params); /* the direction stays */
}

/* Without input it is the end of a message. */
static int through_run(void *state, unsigned char *out, size_t *written, size_t room,
                       const unsigned char *in, size_t n)
{
    (void)room;
    *written = n;
    return EVP_Cipher(state, out, in, (unsigned)n) >= 0;
}

static int through_final(void *state, unsigned char *out, size_t *written, size_t room)
{
    (void)room;
    int n = 0;
    int good = EVP_CipherFinal_ex(state, out, &n);
    *written = (size_t)n;
    return good;
}

static int through_get(void *state, OSSL_PARAM params[])
{
    return EVP_CIPHER_CTX_get_params(state, params);
}

static int through_set(void *state, const OSSL_PARAM params[])
{
    return EVP_CIPHER_CTX_set_params(state, params);
}

static const struct evp_functions through_evp = {
    .freectx = through_free,
    .init = {through_init, through_init},
    .run = through_run,
    .final = through_final,
    .get = through_get,
    .set = through_set,
};

/* ---- contexts ----------------------------------------------------------------------------------- */

static bool begin_direct(struct evp_ctx *ctx, const struct evp_method *m, const uint8_t *key,
                         bool encrypt)
{
    size_t key_bytes = (size_t)EVP_CIPHER_get_key_length(m->cipher);
    ctx->state = m->direct.newctx(m->provider);
    return ctx->state != NULL &&
           m->direct.init[encrypt](ctx->state, key, key_bytes, NULL, 0, NULL) == 1;
}

static bool begin_evp(struct evp_ctx *ctx, const struct evp_method *m, const uint8_t *key,
                      bool encrypt)
{
    ctx->state = EVP_CIPHER_CTX_new();
    if (ctx->state == NULL)
        return false;
    /* Its padding is left on, although nothing here comes near it: libcrypto would turn it off again with
     * every new vector, which takes as long as a block. */
    EVP_CIPHER_CTX_set_flags(ctx->state, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    return EVP_CipherInit_ex2(ctx->state, m->cipher, key, NULL, encrypt, NULL) == 1;
}

struct evp_ctx *evp_context(const struct evp_method *method, const uint8_t *key, bool encrypt)
{
    SCOPED_EVP_CTX *made = aligned_alloc(CACHE_LINE, sizeof *made);
    if (made == NULL)
        return NULL;
    bool direct = method->direct.newctx != NULL && !direct_off;
    const struct evp_functions *f = direct ? &method->direct : &through_evp;
    *made = (struct evp_ctx){
        .kind = method->kind,
        .iv_bytes = method->iv_bytes,
        .run = f->run,
        .init = f->init[encrypt],
        .get = f->get,
        .functions = f,
        .tag = {OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, NULL, 0), OSSL_PARAM_END}};
    if (!(direct ? begin_direct : begin_evp)(made, method, key, encrypt))
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
        c->functions->freectx(c->state);
    free(c);
}

struct evp_ctx *evp_replace(struct evp_ctx *old, const struct cipher_key *k, enum evp_kind kind,
                            bool encrypt)
{
    evp_release(old);
    const struct evp_method *method = evp_method(kind, k->secret.n);
    return method == NULL ? NULL : evp_context(method, k->secret.p, encrypt);
}

NTSTATUS evp_missing(const struct cipher_key *k, enum evp_kind kind)
{
    bool known = evp_method(kind, k->secret.n) != NULL;
    return ossl_failed(known ? STATUS_NO_MEMORY : STATUS_NOT_SUPPORTED);
}

/* ---- calls -------------------------------------------------------------------------------------- */

NTSTATUS evp_update_long(struct evp_ctx *ctx, const uint8_t *in, uint8_t *out, size_t n)
{
    while (n > 0) {
        size_t part = n < EVP_UPDATE_MOST ? n : EVP_UPDATE_MOST;
        TRY(evp_update(ctx, in, out, part));
        in += part;
        if (out != NULL)
            out += part;
        n -= part;
    }
    return STATUS_SUCCESS;
}
