/*
 * GCM over several calls.
 *
 * The key keeps nothing between the calls; everything is in the caller's memory, so that chains may be
 * interleaved on one key and copied:
 *
 *   pbMacContext   the running GHASH value, 16 bytes
 *   pbIV           the next counter block, 16 bytes (nonce || counter), which the next call checks
 *   cbAAD, cbData  what went in so far
 *
 * A caller may use one buffer for pbIV and pbMacContext; then the check of the counter is left out, because
 * the hash value is what survives there. The counter follows from the nonce and cbData anyway.
 *
 * libcrypto's GHASH cannot be stopped and resumed, but it is linear. Its GMAC over the blocks A1…Am
 * under a known nonce gives, with the encrypted nonce taken off,
 *
 *     f(A1…Am) = A1·H^(m+1) + … + Am·H² + L·H        L: the block with the length of A1…Am
 *
 * so that going on from the value Y with blocks B1…Bn is one GMAC and one multiplication of our own:
 *
 *     (Y+B1)·H^n + B2·H^(n-1) + … + Bn·H = f(Y+B1, B2…Bn-1) + (L + Bn)·H
 */
#include "cipher_aead.h"
#include "ct.h"

#include <endian.h>
#include <string.h>

#include <openssl/core_names.h>

#define BLOCK 16
#define MOST_DATA ((UINT64_C(1) << 36) - 32) /* SP 800-38D */

struct value {
    uint8_t p[BLOCK];
};

static void value_done(struct value *v)
{
    wipe(v, sizeof *v);
}

#define VALUE CLEANUP(value_done) struct value

static void value_add(struct value *v, const uint8_t *with)
{
    for (size_t i = 0; i < BLOCK; i++)
        v->p[i] ^= with[i];
}

/* The bits of a block as GCM counts them, most significant first. */
struct bits {
    uint64_t high;
    uint64_t low;
};

static uint64_t load64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return be64toh(v);
}

static void store64(uint8_t *p, uint64_t v)
{
    v = htobe64(v);
    memcpy(p, &v, sizeof v);
}

/* The low 64 bits of the product of two polynomials over GF(2), in constant time: of each number every fourth bit, so that
 * what an ordinary multiplication carries is lost in the three bits between. */
static uint64_t product_low(uint64_t x, uint64_t y)
{
    const uint64_t m0 = UINT64_C(0x1111111111111111);
    const uint64_t m1 = m0 << 1;
    const uint64_t m2 = m0 << 2;
    const uint64_t m3 = m0 << 3;
    const uint64_t a[4] = {x & m0, x & m1, x & m2, x & m3};
    const uint64_t b[4] = {y & m0, y & m1, y & m2, y & m3};
    return (((a[0] * b[0]) ^ (a[1] * b[3]) ^ (a[2] * b[2]) ^ (a[3] * b[1])) & m0) |
           (((a[0] * b[1]) ^ (a[1] * b[0]) ^ (a[2] * b[3]) ^ (a[3] * b[2])) & m1) |
           (((a[0] * b[2]) ^ (a[1] * b[1]) ^ (a[2] * b[0]) ^ (a[3] * b[3])) & m2) |
           (((a[0] * b[3]) ^ (a[1] * b[2]) ^ (a[2] * b[1]) ^ (a[3] * b[0])) & m3);
}

static uint64_t mirror(uint64_t x)
{
    x = (x >> 1 & UINT64_C(0x5555555555555555)) | (x & UINT64_C(0x5555555555555555)) << 1;
    x = (x >> 2 & UINT64_C(0x3333333333333333)) | (x & UINT64_C(0x3333333333333333)) << 2;
    x = (x >> 4 & UINT64_C(0x0F0F0F0F0F0F0F0F)) | (x & UINT64_C(0x0F0F0F0F0F0F0F0F)) << 4;
    return __builtin_bswap64(x);
}

/* All 127 bits of the product; its high half is that of the mirrored numbers, mirrored. */
static struct bits product(uint64_t x, uint64_t y)
{
    return (struct bits){mirror(product_low(mirror(x), mirror(y))) >> 1, product_low(x, y)};
}

/* v·h in GCM's field, in constant time: by Karatsuba's three products. A block's bits stand in the opposite order of
 * their powers, hence the shift by one, and the reduction from below. */
static void value_multiply(struct value *v, const struct value *h)
{
    const struct bits x = {load64(v->p), load64(v->p + 8)};
    const struct bits y = {load64(h->p), load64(h->p + 8)};
    struct bits high = product(x.high, y.high);
    struct bits low = product(x.low, y.low);
    struct bits cross = product(x.high ^ x.low, y.high ^ y.low);
    cross.high ^= high.high ^ low.high;
    cross.low ^= high.low ^ low.low;
    /* 255 bits in four words, the lowest first. */
    uint64_t w[4] = {low.low, low.high ^ cross.low, high.low ^ cross.high, high.high};
    for (unsigned i = 3; i > 0; i--)
        w[i] = w[i] << 1 | w[i - 1] >> 63;
    w[0] <<= 1;
    for (unsigned i = 0; i < 2; i++) { /* x^128 = x^7 + x^2 + x + 1 */
        w[i + 1] ^= w[i] << 63 ^ w[i] << 62 ^ w[i] << 57;
        w[i + 2] ^= w[i] ^ w[i] >> 1 ^ w[i] >> 2 ^ w[i] >> 7;
    }
    store64(v->p, w[3]);
    store64(v->p + 8, w[2]);
}

/* ---- libcrypto's parts --------------------------------------------------------------------------- */

/* Contexts of one key that a chained call needs, kept together in the key's pool. */
struct tools {
    EVP_CIPHER_CTX *ecb, *ctr, *gmac;
    struct value h;    /* the encrypted zero block */
    struct value mask; /* what GMAC adds under the zero nonce */
};

static void tools_release(void *p)
{
    struct tools *t = p;
    if (t == NULL)
        return;
    EVP_CIPHER_CTX_free(t->ecb);
    EVP_CIPHER_CTX_free(t->ctr);
    EVP_CIPHER_CTX_free(t->gmac);
    secret_free(t, sizeof *t);
}

void gcm_chain_drain(struct cipher_key *k)
{
    ctx_pool_drain(&k->chains, tools_release);
}

static NTSTATUS encrypt_block(struct tools *t, const uint8_t *in, struct value *out)
{
    return evp_update(t->ecb, in, out->p, BLOCK);
}

static const uint8_t zero_nonce[12];

static NTSTATUS tools_fill(struct tools *t, const struct cipher_key *k)
{
    const EVP_CIPHER *ecb = evp_method(EVP_KIND_ECB, k->secret.n);
    const EVP_CIPHER *ctr = evp_method(EVP_KIND_CTR, k->secret.n);
    const EVP_CIPHER *gcm = evp_method(EVP_KIND_GCM, k->secret.n);
    if (ecb == NULL || ctr == NULL || gcm == NULL)
        return ossl_failed(STATUS_NOT_SUPPORTED);
    t->ecb = evp_context(ecb, k->secret.p, true);
    t->ctr = evp_context(ctr, k->secret.p, true);
    t->gmac = evp_context(gcm, k->secret.p, true);
    if (t->ecb == NULL || t->ctr == NULL || t->gmac == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    uint8_t block[BLOCK] = {0};
    TRY(encrypt_block(t, block, &t->h));
    block[BLOCK - 1] = 1;
    return encrypt_block(t, block, &t->mask);
}

struct tools_use {
    struct tools *tools;
    struct cipher_key *key;
};

static void tools_give(struct tools_use *u)
{
    if (u->tools != NULL && !ctx_pool_give(&u->key->chains, u->tools))
        tools_release(u->tools);
}

static NTSTATUS tools_take(struct cipher_key *k, struct tools_use *u)
{
    *u = (struct tools_use){.key = k, .tools = ctx_pool_take(&k->chains)};
    if (u->tools != NULL)
        return STATUS_SUCCESS;
    struct tools *made = secret_calloc(sizeof *made);
    if (made == NULL)
        return STATUS_NO_MEMORY;
    NTSTATUS status = tools_fill(made, k);
    if (status < 0)
        tools_release(made);
    else
        u->tools = made;
    return status;
}

#define TOOLS_USE CLEANUP(tools_give) struct tools_use

/* f of the head of this file over `first` and the blocks at p. */
static NTSTATUS gmac(struct tools *t, const struct value *first, const uint8_t *p, size_t blocks,
                     struct value *f)
{
    uint8_t rest[BLOCK];
    int n = 0;
    if (EVP_CipherInit_ex2(t->gmac, NULL, NULL, zero_nonce, 1, NULL) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(evp_update(t->gmac, first->p, NULL, BLOCK));
    TRY(evp_update(t->gmac, p, NULL, blocks * BLOCK));
    OSSL_PARAM tag[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, f->p, BLOCK),
        OSSL_PARAM_construct_end(),
    };
    if (EVP_CipherFinal_ex(t->gmac, rest, &n) != 1 || EVP_CIPHER_CTX_get_params(t->gmac, tag) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    value_add(f, t->mask.p);
    return STATUS_SUCCESS;
}

static void length_block(struct value *v, uint64_t aad, uint64_t data)
{
    store64(v->p, aad * 8);
    store64(v->p + 8, data * 8);
}

/* y goes on over n bytes, of which the last block is filled up with zeros. */
static NTSTATUS ghash(struct tools *t, struct value *y, const uint8_t *p, size_t n)
{
    size_t blocks = (n + BLOCK - 1) / BLOCK;
    if (blocks == 0)
        return STATUS_SUCCESS;
    VALUE last = {{0}};
    memcpy(last.p, p + (blocks - 1) * BLOCK, n - (blocks - 1) * BLOCK);
    if (blocks == 1) {
        value_add(y, last.p);
        value_multiply(y, &t->h);
        return STATUS_SUCCESS;
    }
    VALUE f;
    VALUE length;
    value_add(y, p);
    TRY(gmac(t, y, p + BLOCK, blocks - 2, &f));
    length_block(&length, (blocks - 1) * BLOCK, 0);
    value_add(&last, length.p);
    value_multiply(&last, &t->h);
    value_add(&f, last.p);
    *y = f;
    return STATUS_SUCCESS;
}

/* ---- one call -------------------------------------------------------------------------------------- */

static void counter_block(uint8_t *block, const struct aead_info *info, uint64_t data)
{
    uint32_t counter = (uint32_t)(2 + data / BLOCK);
    memcpy(block, info->pbNonce, 12);
    for (size_t i = 0; i < 4; i++)
        block[12 + i] = (uint8_t)(counter >> (24 - 8 * i));
}

/* Whether the call can be the next one of its chain. */
static NTSTATUS check_call(const struct crypt *call, const struct aead_info *info, bool first,
                           bool last)
{
    if (call->iv == NULL || call->iv_size != BLOCK || info->pbMacContext == NULL ||
        info->cbMacContext < BLOCK || (last && info->pbTag == NULL))
        return STATUS_INVALID_PARAMETER;
    if (first)
        return info->cbAAD != 0 || info->cbData != 0 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    uint8_t counter[BLOCK];
    counter_block(counter, info, info->cbData);
    bool in_step = call->iv == info->pbMacContext || ct_equal(call->iv, counter, BLOCK);
    return !in_step || info->cbAuthData > 0 || info->cbData % BLOCK != 0 ? STATUS_INVALID_PARAMETER
                                                                         : STATUS_SUCCESS;
}

static NTSTATUS crypt_data(struct tools *t, const struct crypt *call, const struct aead_info *info,
                           struct value *y, uint8_t *out)
{
    if (call->in.n == 0)
        return STATUS_SUCCESS;
    uint8_t counter[BLOCK];
    counter_block(counter, info, info->cbData);
    if (EVP_CipherInit_ex2(t->ctr, NULL, NULL, counter, 1, NULL) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    if (!call->encrypt)
        TRY(ghash(t, y, call->in.p, call->in.n));
    TRY(evp_update(t->ctr, call->in.p, out, call->in.n));
    return call->encrypt ? ghash(t, y, out, call->in.n) : STATUS_SUCCESS;
}

/* The tag: the value over the lengths too, masked with the encrypted first counter block. */
static NTSTATUS finish(struct tools *t, const struct crypt *call, struct aead_info *info,
                       struct value *y, uint64_t aad)
{
    VALUE length;
    VALUE mask;
    uint8_t first[BLOCK];
    length_block(&length, aad, info->cbData + call->in.n);
    value_add(y, length.p);
    value_multiply(y, &t->h);
    memcpy(first, info->pbNonce, 12);
    memcpy(first + 12, (const uint8_t[]){0, 0, 0, 1}, 4);
    TRY(encrypt_block(t, first, &mask));
    value_add(y, mask.p);
    if (call->encrypt) {
        memcpy(info->pbTag, y->p, info->cbTag);
        return STATUS_SUCCESS;
    }
    return ct_equal(info->pbTag, y->p, info->cbTag) ? STATUS_SUCCESS : STATUS_AUTH_TAG_MISMATCH;
}

NTSTATUS gcm_chain(struct cipher_key *k, const struct crypt *call, uint8_t *out)
{
    struct aead_info *info = call->info;
    bool first = (info->dwFlags & BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG) == 0;
    bool last = (info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG) == 0;
    TRY(check_call(call, info, first, last));
    if (!last && call->in.n % BLOCK != 0)
        return STATUS_INVALID_BUFFER_SIZE;
    if (info->cbData > MOST_DATA || call->in.n > MOST_DATA - info->cbData)
        return STATUS_INVALID_PARAMETER;

    TOOLS_USE u;
    TRY(tools_take(k, &u));
    VALUE y = {{0}};
    uint64_t aad = first ? info->cbAuthData : info->cbAAD;
    if (first)
        TRY(ghash(u.tools, &y, info->pbAuthData, info->cbAuthData));
    else
        memcpy(y.p, info->pbMacContext, BLOCK);
    TRY(crypt_data(u.tools, call, info, &y, out));
    if (last) {
        TRY(finish(u.tools, call, info, &y, aad));
        info->dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
        info->cbAAD = 0;
        info->cbData = 0;
        return STATUS_SUCCESS;
    }
    info->dwFlags |= BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
    info->cbAAD = (ULONG)aad;
    info->cbData += call->in.n;
    counter_block(call->iv, info, info->cbData);
    memcpy(info->pbMacContext, y.p, BLOCK);
    return STATUS_SUCCESS;
}
