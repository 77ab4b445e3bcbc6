/* Keys of DSA as numbers, their blobs as the documentation draws them, and signatures, for the
 * tests of DSA. */
#ifndef TESTS_UNIT_DSA_FIXTURE_H
#define TESTS_UNIT_DSA_FIXTURE_H

#include "ffc_fixture.h"

#include "dsa_key.h"

#define PUBLIC_V1 0x42505344u
#define PRIVATE_V1 0x56505344u
#define PUBLIC_V2 0x32425044u
#define PRIVATE_V2 0x32565044u
#define PARAMS_V1 0x4D505344u
#define PARAMS_V2 0x324D5044u

/* ---- numbers of a key, and blobs as the documentation draws them ---------------------------- */

struct numbers {
    BIGNUM *p, *q, *g, *y, *x;
    struct buf seed;
    uint32_t count;
    uint32_t hash, standard; /* version 2 */
};

static inline void numbers_done(struct numbers *n)
{
    BN_free(n->p);
    BN_free(n->q);
    BN_free(n->g);
    BN_free(n->y);
    BN_free(n->x);
}

#define NUMBERS CLEANUP(numbers_done) struct numbers

/* The example of FIPS 186-2, 512 bits, with its seed. */
static inline struct numbers small_key(void)
{
    return (struct numbers){
        .p = bn_hex(fips1862_p),
        .q = bn_hex(fips1862_q),
        .g = bn_hex(fips1862_g),
        .y = bn_hex(fips1862_y),
        .x = bn_hex(fips1862_x),
        .seed = hex(fips1862_seed),
        .count = FIPS1862_COUNT,
    };
}

/* A key of 2048 bits, without a seed. */
static inline struct numbers large_key(void)
{
    struct numbers n = {
        .p = bn_hex(acvp_sig_p),
        .q = bn_hex(acvp_sig_q),
        .g = bn_hex(acvp_sig_g),
        .y = bn_hex(acvp_sig_y),
        .x = bn_hex(acvp_sig_x),
        .count = 0xFFFFFFFFu,
        .hash = 1,
        .standard = 1,
    };
    put_run(&n.seed, 0xFF, 32);
    return n;
}

/* Parameters with a seed of FIPS 186-3, and a key of ours. */
static inline struct numbers seeded_key(void)
{
    struct numbers n = {
        .p = bn_hex(acvp_pqg_p),
        .q = bn_hex(acvp_pqg_q),
        .g = BN_new(),
        .y = BN_new(),
        .x = bn_word(12345),
        .seed = hex(acvp_pqg_seed),
        .count = ACVP_PQG_COUNT,
        .hash = 1,
        .standard = 1,
    };
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *e = bn_near(n.p, -1);
    SCOPED_BN *two = bn_word(2);
    assert_int_equal(BN_div(e, NULL, e, n.q, ctx), 1);
    assert_int_equal(BN_mod_exp(n.g, two, e, n.p, ctx), 1);
    assert_int_equal(BN_mod_exp(n.y, n.g, n.x, n.p, ctx), 1);
    return n;
}

static inline bool is_v2(const struct numbers *n)
{
    return BN_num_bits(n->p) > 1024;
}

static inline void put_count(struct buf *b, uint32_t v)
{
    put(b, &(uint8_t[]){(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v}, 4);
}

/* The part that keys and parameters share, from behind cbKey to G. */
static inline void put_domain(struct buf *b, const struct numbers *n, size_t p_bytes,
                              size_t q_bytes, bool v2)
{
    if (v2) {
        put_le32(b, n->hash);
        put_le32(b, n->standard);
        put_le32(b, n->seed.n);
        put_le32(b, (uint32_t)q_bytes);
    }
    put_count(b, n->count);
    put(b, n->seed.p, n->seed.n);
    put_bn(b, n->q, q_bytes);
    put_bn(b, n->p, p_bytes);
    put_bn(b, n->g, p_bytes);
}

static inline struct buf blob_as(const struct numbers *n, bool with_x, bool v2)
{
    struct buf b = {.n = 0};
    size_t p_bytes = (size_t)BN_num_bytes(n->p);
    size_t q_bytes = (size_t)BN_num_bytes(n->q);
    put_le32(&b, v2 ? (with_x ? PRIVATE_V2 : PUBLIC_V2) : (with_x ? PRIVATE_V1 : PUBLIC_V1));
    put_le32(&b, (uint32_t)p_bytes);
    put_domain(&b, n, p_bytes, q_bytes, v2);
    put_bn(&b, n->y, p_bytes);
    if (with_x)
        put_bn(&b, n->x, q_bytes);
    return b;
}

static inline struct buf blob_of(const struct numbers *n, bool with_x)
{
    return blob_as(n, with_x, is_v2(n));
}

static inline struct buf params_of(const struct numbers *n)
{
    struct buf b = {.n = 0};
    size_t p_bytes = (size_t)BN_num_bytes(n->p);
    size_t q_bytes = (size_t)BN_num_bytes(n->q);
    size_t head = is_v2(n) ? 32 + n->seed.n + q_bytes : 56;
    put_le32(&b, (uint32_t)(head + 2 * p_bytes));
    put_le32(&b, is_v2(n) ? PARAMS_V2 : PARAMS_V1);
    put_le32(&b, (uint32_t)p_bytes);
    put_domain(&b, n, p_bytes, q_bytes, is_v2(n));
    return b;
}

static inline NTSTATUS import_public(const struct numbers *n, uint32_t flags)
{
    struct buf b = blob_of(n, false);
    return import_flags(&dsa_class, "DSAPUBLICBLOB", &b, flags);
}

static inline NTSTATUS import_private(const struct numbers *n, uint32_t flags)
{
    struct buf b = blob_of(n, true);
    return import_flags(&dsa_class, "DSAPRIVATEBLOB", &b, flags);
}

/* Replaces a number by a new one. */
static inline void change(BIGNUM **v, BIGNUM *to)
{
    BN_free(*v);
    *v = to;
}

/* ---- signatures ----------------------------------------------------------------------------- */

static const struct padding no_padding = {.flags = 0};

static inline struct buf sign(struct key *key, const struct buf *hash)
{
    struct buf sig = {.n = 0};
    uint32_t need = 0;
    struct out query = {NULL, 0, &need, WIDTH_16};
    assert_int_equal(dsa_class.asym->sign(key, &no_padding, span_of(NULL, 0), &query),
                     STATUS_SUCCESS);
    struct out small = {sig.p, need - 1, &sig.n, WIDTH_16};
    assert_int_equal(dsa_class.asym->sign(key, &no_padding, buf_span(hash), &small),
                     STATUS_BUFFER_TOO_SMALL);
    struct out o = {sig.p, need, &sig.n, WIDTH_16};
    assert_int_equal(dsa_class.asym->sign(key, &no_padding, buf_span(hash), &o), STATUS_SUCCESS);
    assert_int_equal(sig.n, need);
    return sig;
}

static inline NTSTATUS verify(struct key *key, const struct buf *hash, const struct buf *sig)
{
    NTSTATUS status = dsa_class.asym->verify(key, &no_padding, buf_span(hash), buf_span(sig));
    assert_int_equal(ERR_peek_error(), 0);
    return status;
}

static inline struct buf some_hash(struct key *key, uint8_t start)
{
    struct buf h = {.n = 0};
    for (size_t i = 0; i < dsa_key_q_bytes(dsa_key_of(key)); i++)
        put(&h, &(uint8_t){(uint8_t)(start + 7 * i)}, 1);
    return h;
}

#endif
