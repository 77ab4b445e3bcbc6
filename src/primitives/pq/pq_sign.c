/* ML-DSA and SLH-DSA at work (pq_sign.h): what is signed, and with which parameters. */
#include "pq_sign.h"

#include <string.h>

#include <openssl/params.h>

#include "digest.h"
#include "wr.h"

#define MAX_CONTEXT_BYTES 255
#define MU_BYTES 64
#define MAX_PREHASH_BYTES                                                                          \
    (2 + MAX_CONTEXT_BYTES + sizeof((struct digest *)0)->oid + DIGEST_MAX_BYTES)

/*
 * How a call signs its input:
 *   pure      M' = 00 | context length | context | message       libcrypto puts it together
 *   prehash   M' = 01 | context length | context | OID | digest  encoded here, FIPS 204 5.4.1 and
 *                                                                FIPS 205 10.2.2
 *   mu        the input is the hash of tr and M' already         ML-DSA only, FIPS 204 6.2
 */
struct scheme {
    struct span context; /* pure: what libcrypto is to add */
    bool encode;         /* libcrypto adds the pure prefix */
    bool mu;
    const struct digest *prehash; /* NULL: none */
    struct span input;            /* what libcrypto gets, once the input is known */
    uint8_t encoded[MAX_PREHASH_BYTES];
};

/* ---- what the flags and the padding structure ask for ---------------------------------------- */

/* The hash functions of the prehash variants; CNG's other hashes are too weak for them. */
static NTSTATUS find_prehash(const struct name *name, const struct digest **digest)
{
    static const char *const names[] = {
        "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512", "SHAKE128", "SHAKE256",
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (name_is(name, names[i]))
            *digest = digest_named(names[i]);
    return *digest == NULL ? STATUS_NOT_SUPPORTED : STATUS_SUCCESS;
}

/* BCRYPT_PQDSA_PADDING_INFO: the context is NULL exactly when its length is 0. */
static NTSTATUS read_padding(struct scheme *s, const struct padding *pad)
{
    if ((pad->context.p == NULL) != (pad->context.n == 0) || pad->context.n > MAX_CONTEXT_BYTES)
        return STATUS_INVALID_PARAMETER;
    s->context = pad->context;
    return pad->has_hash ? find_prehash(&pad->hash, &s->prehash) : STATUS_SUCCESS;
}

/* One flag or none, and a structure exactly with BCRYPT_PAD_PQDSA: mu already holds a context, so
 * the two flags exclude each other. */
static NTSTATUS read_scheme(struct scheme *s, const struct key *key, const struct padding *pad)
{
    s->context = span_of(NULL, 0);
    s->encode = true;
    s->mu = pad->flags == BCRYPT_MLDSA_EXTERNAL_MU && pq_family_of(key->class)->external_mu;
    s->prehash = NULL;
    if (pad->present != (pad->flags == BCRYPT_PAD_PQDSA))
        return STATUS_INVALID_PARAMETER;
    if (pad->present)
        return read_padding(s, pad);
    return pad->flags == 0 || s->mu ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static void encode_prehash(struct scheme *s, struct span digest)
{
    struct wr w = wr_into(s->encoded, sizeof s->encoded);
    wr_u8(&w, 1);
    wr_u8(&w, (uint8_t)s->context.n);
    wr_span(&w, s->context);
    wr_bytes(&w, s->prehash->oid, s->prehash->oid_length);
    wr_span(&w, digest);
    s->input = span_of(s->encoded, w.n);
    s->context = span_of(NULL, 0);
    s->encode = false;
}

static NTSTATUS read_input(struct scheme *s, struct span input)
{
    s->input = input.p != NULL ? input : span_of("", 0);
    if (s->mu && input.n != MU_BYTES)
        return STATUS_INVALID_PARAMETER;
    if (s->prehash == NULL)
        return STATUS_SUCCESS;
    if (input.n != s->prehash->length)
        return STATUS_INVALID_PARAMETER;
    encode_prehash(s, input);
    return STATUS_SUCCESS;
}

/* ---- libcrypto's contexts -------------------------------------------------------------------- */

static void release_ctx(void *ctx)
{
    EVP_MD_CTX_free(ctx);
}

void pq_sign_done(struct key *key)
{
    pq_key_done(key, release_ctx);
}

/* Initialises a context for one operation. The key goes in only the first time; afterwards just the
 * parameters are set, and all of them, because a context remembers those of its last use. */
static bool ctx_init(EVP_MD_CTX *ctx, bool sign, EVP_PKEY *pkey, const struct scheme *s)
{
    int encode = s->encode;
    int mu = s->mu;
    struct span context = s->context.n > 0 ? s->context : span_of("", 0);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string("context-string", (void *)(uintptr_t)context.p,
                                          context.n),
        OSSL_PARAM_construct_int("message-encoding", &encode),
        OSSL_PARAM_construct_int("mu", &mu),
        OSSL_PARAM_construct_end(),
    };
    OSSL_LIB_CTX *libctx = pkey == NULL ? NULL : ossl_ctx();
    return (sign ? EVP_DigestSignInit_ex(ctx, NULL, NULL, libctx, NULL, pkey, params)
                 : EVP_DigestVerifyInit_ex(ctx, NULL, NULL, libctx, NULL, pkey, params)) == 1;
}

static NTSTATUS ctx_take(struct pq_key *k, struct ctx_pool *pool, const struct scheme *s,
                         EVP_MD_CTX **ctx)
{
    bool sign = pool == &k->forward;
    CLEANUP(evp_md_ctx_done) EVP_MD_CTX *idle = ctx_pool_take(pool);
    bool made = idle == NULL;
    if (made)
        idle = EVP_MD_CTX_new();
    if (idle == NULL || !ctx_init(idle, sign, made ? k->pkey : NULL, s))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    *ctx = idle;
    idle = NULL;
    return STATUS_SUCCESS;
}

static void ctx_give(struct ctx_pool *pool, EVP_MD_CTX *ctx)
{
    if (!ctx_pool_give(pool, ctx))
        release_ctx(ctx);
}

/* ---- operations ------------------------------------------------------------------------------ */

NTSTATUS pq_sign(struct key *key, const struct padding *pad, struct span hash, const struct out *o)
{
    struct pq_key *k = pq_key_of(key);
    size_t n = pq_key_set(k)->result;
    struct scheme s;
    TRY(read_scheme(&s, key, pad));
    uint8_t *dst;
    TRY(out_begin(o, n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    if (!key->has_private)
        return pq_family_of(key->class)->no_private;
    TRY(read_input(&s, hash));

    EVP_MD_CTX *ctx = NULL;
    TRY(ctx_take(k, &k->forward, &s, &ctx));
    pq_evp_begin();
    if (pq_evp_succeeded(EVP_DigestSign(ctx, dst, &n, s.input.p, s.input.n))) {
        ctx_give(&k->forward, ctx);
        return STATUS_SUCCESS;
    }
    release_ctx(ctx); /* one that ran out of memory half-way is not fit for another call (3.5) */
    wipe(dst, n);     /* SLH-DSA writes its signature piece by piece */
    return ossl_failed(STATUS_INTERNAL_ERROR);
}

NTSTATUS pq_verify(struct key *key, const struct padding *pad, struct span hash, struct span sig)
{
    struct pq_key *k = pq_key_of(key);
    struct scheme s;
    TRY(read_scheme(&s, key, pad));
    TRY(read_input(&s, hash));
    if (sig.n != pq_key_set(k)->result)
        return STATUS_INVALID_PARAMETER;

    EVP_MD_CTX *ctx = NULL;
    TRY(ctx_take(k, &k->backward, &s, &ctx));
    pq_evp_begin();
    bool right = pq_evp_succeeded(EVP_DigestVerify(ctx, sig.p, sig.n, s.input.p, s.input.n));
    NTSTATUS status = right ? STATUS_SUCCESS : ossl_failed(STATUS_INVALID_SIGNATURE);
    if (status == STATUS_NO_MEMORY)
        release_ctx(ctx);
    else
        ctx_give(&k->backward, ctx);
    return status;
}
