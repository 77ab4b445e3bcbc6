/*
 * A libcrypto provider of two hashes (old_digests.h): MD2 from Nettle, MD4 from libcrypto's own
 * low-level functions, or from Nettle where libcrypto was built without them.
 *
 * A state knows its row; so only making one and telling the constants take a function for each hash.
 */
#include "old_digests.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <nettle/md2.h>

#ifdef OPENSSL_NO_MD4
#include <nettle/md4.h>
typedef struct md4_ctx md4_state;
#else
#include <openssl/md4.h>
typedef MD4_CTX md4_state;
#endif

#define RESULT_BYTES 16 /* of both */

struct row {
    size_t block;
    bool (*init)(void *state);
    bool (*update)(void *state, const uint8_t *in, size_t n);
    bool (*final)(void *state, uint8_t *out);
};

struct hashing {
    const struct row *row;
    union {
        struct md2_ctx md2;
        md4_state md4;
    } state;
};

/* ---- the hashes ----------------------------------------------------------------------------- */

static bool md2_start(void *state)
{
    md2_init(state);
    return true;
}

static bool md2_add(void *state, const uint8_t *in, size_t n)
{
    md2_update(state, n, in);
    return true;
}

static bool md2_end(void *state, uint8_t *out)
{
    md2_digest(state, RESULT_BYTES, out);
    return true;
}

static const struct row md2_row = {MD2_BLOCK_SIZE, md2_start, md2_add, md2_end};

#ifdef OPENSSL_NO_MD4

static bool md4_start(void *state)
{
    md4_init(state);
    return true;
}

static bool md4_add(void *state, const uint8_t *in, size_t n)
{
    md4_update(state, n, in);
    return true;
}

static bool md4_end(void *state, uint8_t *out)
{
    md4_digest(state, RESULT_BYTES, out);
    return true;
}

#else

static bool md4_start(void *state)
{
    return MD4_Init(state) == 1;
}

static bool md4_add(void *state, const uint8_t *in, size_t n)
{
    return MD4_Update(state, in, n) == 1;
}

static bool md4_end(void *state, uint8_t *out)
{
    return MD4_Final(out, state) == 1;
}

#endif

static const struct row md4_row = {64, md4_start, md4_add, md4_end};

/* ---- as libcrypto calls them ---------------------------------------------------------------- */

static void *hashing_new(const struct row *row)
{
    struct hashing *h = calloc(1, sizeof *h);
    if (h != NULL)
        h->row = row;
    return h;
}

static void *md2_new(void *provider)
{
    (void)provider;
    return hashing_new(&md2_row);
}

static void *md4_new(void *provider)
{
    (void)provider;
    return hashing_new(&md4_row);
}

static void hashing_free(void *hashing)
{
    if (hashing == NULL)
        return;
    wipe(hashing, sizeof(struct hashing));
    free(hashing);
}

static void *hashing_dup(void *hashing)
{
    struct hashing *copy = malloc(sizeof *copy);
    if (copy != NULL)
        memcpy(copy, hashing, sizeof *copy);
    return copy;
}

#ifdef OSSL_FUNC_DIGEST_COPYCTX
static void hashing_copy(void *to, void *from)
{
    memcpy(to, from, sizeof(struct hashing));
}
#endif

static int hashing_init(void *hashing, const OSSL_PARAM params[])
{
    struct hashing *h = hashing;
    (void)params;
    return h->row->init(&h->state);
}

static int hashing_update(void *hashing, const unsigned char *in, size_t n)
{
    struct hashing *h = hashing;
    return h->row->update(&h->state, in, n);
}

static int hashing_final(void *hashing, unsigned char *out, size_t *written, size_t room)
{
    struct hashing *h = hashing;
    if (room < RESULT_BYTES || !h->row->final(&h->state, out))
        return 0;
    *written = RESULT_BYTES;
    return 1;
}

static int set_size(OSSL_PARAM params[], const char *name, size_t value)
{
    OSSL_PARAM *p = OSSL_PARAM_locate(params, name);
    return p == NULL || OSSL_PARAM_set_size_t(p, value) == 1;
}

static int row_params(const struct row *row, OSSL_PARAM params[])
{
    return set_size(params, OSSL_DIGEST_PARAM_BLOCK_SIZE, row->block) &&
           set_size(params, OSSL_DIGEST_PARAM_SIZE, RESULT_BYTES);
}

static int md2_params(OSSL_PARAM params[])
{
    return row_params(&md2_row, params);
}

static int md4_params(OSSL_PARAM params[])
{
    return row_params(&md4_row, params);
}

static const OSSL_PARAM *gettable_params(void *provider)
{
    static const OSSL_PARAM names[] = {
        OSSL_PARAM_size_t(OSSL_DIGEST_PARAM_BLOCK_SIZE, NULL),
        OSSL_PARAM_size_t(OSSL_DIGEST_PARAM_SIZE, NULL),
        OSSL_PARAM_END,
    };
    (void)provider;
    return names;
}

#define SLOT(id, fn)                                                                               \
    {                                                                                              \
        (id), (void (*)(void))(fn)                                                                 \
    }

#ifdef OSSL_FUNC_DIGEST_COPYCTX
#define COPY_SLOT SLOT(OSSL_FUNC_DIGEST_COPYCTX, hashing_copy),
#else
#define COPY_SLOT
#endif

/* clang-format off */
#define SLOTS(new, params)                                                                         \
    {                                                                                              \
        SLOT(OSSL_FUNC_DIGEST_NEWCTX, new),                                                        \
        SLOT(OSSL_FUNC_DIGEST_FREECTX, hashing_free),                                              \
        SLOT(OSSL_FUNC_DIGEST_DUPCTX, hashing_dup),                                                \
        COPY_SLOT                                                                                  \
        SLOT(OSSL_FUNC_DIGEST_INIT, hashing_init),                                                 \
        SLOT(OSSL_FUNC_DIGEST_UPDATE, hashing_update),                                             \
        SLOT(OSSL_FUNC_DIGEST_FINAL, hashing_final),                                               \
        SLOT(OSSL_FUNC_DIGEST_GET_PARAMS, params),                                                 \
        SLOT(OSSL_FUNC_DIGEST_GETTABLE_PARAMS, gettable_params),                                   \
        {0, NULL}                                                                                  \
    }
/* clang-format on */

static const OSSL_DISPATCH md2_slots[] = SLOTS(md2_new, md2_params);
static const OSSL_DISPATCH md4_slots[] = SLOTS(md4_new, md4_params);

/* ---- the provider --------------------------------------------------------------------------- */

#define PROVIDER_NAME "opencng-old-digests"
#define PROPERTIES "provider=" PROVIDER_NAME

static const OSSL_ALGORITHM digests[] = {
    {"MD2:1.2.840.113549.2.2", PROPERTIES, md2_slots, NULL},
    {"MD4:1.2.840.113549.2.4", PROPERTIES, md4_slots, NULL},
    {NULL, NULL, NULL, NULL},
};

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_store)
{
    (void)provider;
    *no_store = 0;
    return operation == OSSL_OP_DIGEST ? digests : NULL;
}

static int provider_init(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in,
                         const OSSL_DISPATCH **out, void **provider)
{
    static const OSSL_DISPATCH slots[] = {
        SLOT(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
        {0, NULL},
    };
    (void)in;
    *provider = (void *)(uintptr_t)core; /* which libcrypto wants to be anything but NULL */
    *out = slots;
    return 1;
}

bool old_digests_add(OSSL_LIB_CTX *ctx)
{
    return OSSL_PROVIDER_add_builtin(ctx, PROVIDER_NAME, provider_init) == 1 &&
           OSSL_PROVIDER_load(ctx, PROVIDER_NAME) != NULL;
}
