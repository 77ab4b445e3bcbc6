/* DSA: domain parameters, the life of keys, blobs good and bad, signatures; libcrypto's EVP interface is the other
 * party. */
#include "ffc_fixture.h"

#include "dsa_key.h"

#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/param_build.h>

#define PUBLIC_V1 0x42505344u
#define PRIVATE_V1 0x56505344u
#define PUBLIC_V2 0x32425044u
#define PRIVATE_V2 0x32565044u
#define PARAMS_V1 0x4D505344u
#define PARAMS_V2 0x324D5044u

/* ---- numbers of a key, and blobs as the documentation draws them ------------------------------ */

struct numbers {
    BIGNUM *p, *q, *g, *y, *x;
    struct buf seed;
    uint32_t count;
    uint32_t hash, standard; /* version 2 */
};

static void numbers_done(struct numbers *n)
{
    BN_free(n->p);
    BN_free(n->q);
    BN_free(n->g);
    BN_free(n->y);
    BN_free(n->x);
}

#define NUMBERS CLEANUP(numbers_done) struct numbers

/* The example of FIPS 186-2, 512 bits, with its seed. */
static struct numbers small_key(void)
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
static struct numbers large_key(void)
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
static struct numbers seeded_key(void)
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

static bool is_v2(const struct numbers *n)
{
    return BN_num_bits(n->p) > 1024;
}

static void put_count(struct buf *b, uint32_t v)
{
    put(b, &(uint8_t[]){(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v}, 4);
}

/* The part that keys and parameters share, from behind cbKey to G. */
static void put_domain(struct buf *b, const struct numbers *n, size_t p_bytes, size_t q_bytes,
                       bool v2)
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

static struct buf blob_as(const struct numbers *n, bool with_x, bool v2)
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

static struct buf blob_of(const struct numbers *n, bool with_x)
{
    return blob_as(n, with_x, is_v2(n));
}

static struct buf params_of(const struct numbers *n)
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

static NTSTATUS import_public(const struct numbers *n, uint32_t flags)
{
    struct buf b = blob_of(n, false);
    return import_flags(&dsa_class, "DSAPUBLICBLOB", &b, flags);
}

static NTSTATUS import_private(const struct numbers *n, uint32_t flags)
{
    struct buf b = blob_of(n, true);
    return import_flags(&dsa_class, "DSAPRIVATEBLOB", &b, flags);
}

/* Replaces a number by a new one. */
static void change(BIGNUM **v, BIGNUM *to)
{
    BN_free(*v);
    *v = to;
}

/* ---- signatures ----------------------------------------------------------------------------- */

static const struct padding no_padding = {.flags = 0};

static struct buf sign(struct key *key, const struct buf *hash)
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

static NTSTATUS verify(struct key *key, const struct buf *hash, const struct buf *sig)
{
    NTSTATUS status =
        dsa_class.asym->verify(key, &no_padding, buf_span(hash), buf_span(sig));
    assert_int_equal(ERR_peek_error(), 0);
    return status;
}

static struct buf some_hash(struct key *key, uint8_t start)
{
    struct buf h = {.n = 0};
    for (size_t i = 0; i < dsa_key_q_bytes(dsa_key_of(key)); i++)
        put(&h, &(uint8_t){(uint8_t)(start + 7 * i)}, 1);
    return h;
}

OSSL_CLEANUP(OSSL_PARAM_BLD, bld_done, OSSL_PARAM_BLD_free)
OSSL_CLEANUP(OSSL_PARAM, param_done, OSSL_PARAM_free)
OSSL_CLEANUP(DSA_SIG, sig_done, DSA_SIG_free)

static EVP_PKEY *evp_of(struct key *key, bool with_seed)
{
    const struct dsa_key *k = dsa_key_of(key);
    CLEANUP(bld_done) OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, k->ffc.group->p), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_Q, k->ffc.group->q), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, k->ffc.group->g), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, k->ffc.y), 1);
    if (k->ffc.x != NULL)
        assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, k->ffc.x), 1);
    if (with_seed) {
        const uint8_t *c = k->origin.count;
        int count = c[0] << 24 | c[1] << 16 | c[2] << 8 | c[3];
        const char *digest = k->origin.hash == 0 ? "SHA1" : "SHA256";
        assert_int_equal(OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_FFC_SEED,
                                                          k->origin.seed, k->origin.seed_bytes),
                         1);
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_PCOUNTER, count), 1);
        assert_int_equal(OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_FFC_DIGEST, digest, 0),
                         1);
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_VALIDATE_PQ, 1), 1);
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_VALIDATE_G, 1), 1);
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_VALIDATE_LEGACY,
                                                 k->origin.standard == DSA_FIPS186_2),
                         1);
    }
    CLEANUP(param_done) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    EVP_PKEY *pkey = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params), 1);
    return pkey;
}

static bool evp_verify(EVP_PKEY *pkey, const struct buf *hash, const struct buf *sig)
{
    CLEANUP(sig_done) DSA_SIG *s = DSA_SIG_new();
    int half = (int)sig->n / 2;
    assert_int_equal(
        DSA_SIG_set0(s, BN_bin2bn(sig->p, half, NULL), BN_bin2bn(sig->p + half, half, NULL)), 1);
    unsigned char der[256], *end = der;
    int n = i2d_DSA_SIG(s, &end);
    assert_true(n > 0);
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    return EVP_PKEY_verify(ctx, der, (size_t)n, hash->p, hash->n) == 1;
}

static struct buf evp_sign(EVP_PKEY *pkey, const struct buf *hash)
{
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    unsigned char der[256];
    const unsigned char *at = der;
    size_t n = sizeof der;
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, der, &n, hash->p, hash->n), 1);
    CLEANUP(sig_done) DSA_SIG *s = d2i_DSA_SIG(NULL, &at, (long)n);
    struct buf sig = {.n = 0};
    const BIGNUM *r_value, *s_value;
    DSA_SIG_get0(s, &r_value, &s_value);
    put_bn(&sig, r_value, hash->n);
    put_bn(&sig, s_value, hash->n);
    return sig;
}

/* ---- tests: domain parameters ---------------------------------------------------------------- */

/* Fresh ones at all kinds of sizes, checked by us and by libcrypto: primes, order, and that the seed gives them. */
static void test_generation(void **state)
{
    (void)state;
    static const size_t sizes[] = {512, 576, 768, 1024, 1088, 1536, 2048};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        KEY *key = generate(&dsa_class, (uint32_t)sizes[i]);
        const struct dsa_key *k = dsa_key_of(key);
        SCOPED_BN_CTX *ctx = ffc_ctx_new();
        assert_int_equal(BN_num_bits(k->ffc.group->p), sizes[i]);
        assert_int_equal(BN_num_bits(k->ffc.group->q), sizes[i] > 1024 ? 256 : 160);
        assert_int_equal(BN_check_prime(k->ffc.group->p, ctx, NULL), 1);
        assert_int_equal(BN_check_prime(k->ffc.group->q, ctx, NULL), 1);
        assert_int_equal(ffc_check_order(k->ffc.group, k->ffc.group->g, ctx), STATUS_SUCCESS);
        assert_int_equal(ffc_check_order(k->ffc.group, k->ffc.y, ctx), STATUS_SUCCESS);
        assert_true(dsa_origin_given(&k->origin));
        assert_int_equal(dsa_origin_check(&k->origin, k->ffc.group, ctx), STATUS_SUCCESS);
        assert_int_equal(k->origin.standard, sizes[i] > 1024 ? 1 : 0);
        assert_int_equal(k->origin.hash, sizes[i] > 1024 ? 1 : 0);
        /* libcrypto knows FIPS 186-4's sizes only; at these it derives p and q again, all counters included. */
        if (sizes[i] == 1024 || sizes[i] == 2048) {
            SCOPED_PKEY *pkey = evp_of(key, true);
            SCOPED_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
            assert_int_equal(EVP_PKEY_param_check(check), 1);
        }
    }
}

static void origin_of(struct dsa_origin *o, const struct numbers *n)
{
    *o = (struct dsa_origin){
        .hash = n->hash,
        .standard = n->standard,
        .seed_bytes = n->seed.n,
        .count = {(uint8_t)(n->count >> 24), (uint8_t)(n->count >> 16), (uint8_t)(n->count >> 8),
                  (uint8_t)n->count},
    };
    memcpy(o->seed, n->seed.p, n->seed.n);
}

/* The published examples of both standards, and each of their numbers changed. */
static void test_origin(void **state)
{
    (void)state;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    NUMBERS small = small_key();
    NUMBERS seeded = seeded_key();
    struct numbers *rows[] = {&small, &seeded};
    for (size_t i = 0; i < 2; i++) {
        struct ffc_group *group = NULL;
        assert_int_equal(ffc_group_adopt(rows[i]->p, rows[i]->q, rows[i]->g, &group),
                         STATUS_SUCCESS);
        rows[i]->p = rows[i]->q = rows[i]->g = NULL;
        struct dsa_origin o;
        origin_of(&o, rows[i]);
        assert_true(dsa_origin_given(&o));
        assert_int_equal(dsa_origin_check(&o, group, ctx), STATUS_SUCCESS);
        struct dsa_origin bad = o;
        bad.seed[3] ^= 1;
        assert_int_equal(dsa_origin_check(&bad, group, ctx), STATUS_INVALID_PARAMETER);
        bad = o;
        bad.count[3] ^= 1;
        assert_int_equal(dsa_origin_check(&bad, group, ctx), STATUS_INVALID_PARAMETER);
        bad = o;
        bad.count[0] = 1;
        assert_int_equal(dsa_origin_check(&bad, group, ctx), STATUS_INVALID_PARAMETER);
        bad = o;
        bad.hash = 2;
        assert_int_equal(dsa_origin_check(&bad, group, ctx), STATUS_INVALID_PARAMETER);
        bad = o;
        bad.seed_bytes--;
        assert_int_equal(dsa_origin_check(&bad, group, ctx), STATUS_INVALID_PARAMETER);
        assert_int_equal(dsa_check_sizes(group), STATUS_SUCCESS);
        assert_int_equal(dsa_check_divides(group, ctx), STATUS_SUCCESS);
        assert_int_equal(dsa_check_primes(group, ctx), STATUS_SUCCESS);
        ffc_group_free(group);
    }
}

/* ---- tests: life ---------------------------------------------------------------------------- */

static void test_lengths(void **state)
{
    (void)state;
    static const struct {
        uint32_t bits;
        NTSTATUS status;
    } rows[] = {{0, STATUS_INVALID_PARAMETER},    {448, STATUS_INVALID_PARAMETER},
                {512, STATUS_SUCCESS},            {520, STATUS_INVALID_PARAMETER},
                {1024, STATUS_SUCCESS},           {1088, STATUS_SUCCESS},
                {3072, STATUS_SUCCESS},           {3136, STATUS_INVALID_PARAMETER},
                {0xFFFFFFC0u, STATUS_INVALID_PARAMETER}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        KEY *key = NULL;
        assert_int_equal(try_generate(&dsa_class, rows[i].bits, &key), rows[i].status);
        assert_int_equal(key != NULL, rows[i].status == STATUS_SUCCESS);
    }
}

static void test_properties(void **state)
{
    (void)state;
    KEY *key = generate_empty(&dsa_class, 2048);
    assert_int_equal(get_u32(key, "SignatureLength"), 64);
    uint32_t bits = 768;
    assert_int_equal(set_prop(key, "KeyLength", &bits, 4), STATUS_SUCCESS);
    assert_int_equal(get_u32(key, "SignatureLength"), 40);
    bits = 4096;
    assert_int_equal(set_prop(key, "KeyLength", &bits, 4), STATUS_INVALID_PARAMETER);
    finalize(key);
    assert_int_equal(get_u32(key, "KeyLength"), 768);
    assert_int_equal(get_u32(key, "KeyStrength"), 768);
    assert_int_equal(get_u32(key, "PublicKeyLength"), 768);
    assert_null(prop_of(&dsa_class, "PaddingSchemes"));
    assert_int_equal(dsa_class.interface_id, 5);
    assert_null(dsa_class.asym->encrypt);
    assert_null(dsa_class.asym->agree);
}

/* Generate, export, import, sign, verify, with ourselves and with libcrypto. */
static void test_life(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {512, 960, 1024, 1088, 2048};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        size_t p_bytes = sizes[i] / 8;
        size_t head = sizes[i] > 1024 ? 28 + 32 + 32 : 52;
        size_t q_bytes = sizes[i] > 1024 ? 32 : 20;
        KEY *key = generate(&dsa_class, sizes[i]);
        struct buf pub = export(key, "DSAPUBLICBLOB");
        struct buf priv = export(key, "DSAPRIVATEBLOB");
        assert_int_equal(pub.n, head + 3 * p_bytes);
        assert_int_equal(priv.n, head + 3 * p_bytes + q_bytes);
        KEY *public = import(&dsa_class, "PUBLICBLOB", &pub);
        KEY *private = import(&dsa_class, "DSAPRIVATEBLOB", &priv);
        struct buf pub_again = export(public, "DSAPUBLICBLOB");
        struct buf priv_again = export(private, "PRIVATEBLOB");
        assert_same(&pub_again, &pub);
        assert_same(&priv_again, &priv);

        SCOPED_PKEY *pkey = evp_of(key, false);
        for (uint8_t k = 0; k < 8; k++) {
            struct buf hash = some_hash(key, (uint8_t)(k * 29));
            struct buf sig = sign(k % 2 == 0 ? key : private, &hash);
            assert_int_equal(sig.n, 2 * q_bytes);
            assert_int_equal(verify(public, &hash, &sig), STATUS_SUCCESS);
            assert_true(evp_verify(pkey, &hash, &sig));
            struct buf theirs = evp_sign(pkey, &hash);
            assert_int_equal(verify(public, &hash, &theirs), STATUS_SUCCESS);
            hash.p[k] ^= 0x40;
            assert_int_equal(verify(public, &hash, &sig), STATUS_INVALID_SIGNATURE);
        }
    }
}

static void test_known_answers(void **state)
{
    (void)state;
    NUMBERS small = small_key();
    NUMBERS large = large_key();
    struct buf small_blob = blob_of(&small, true), large_blob = blob_of(&large, false);
    KEY *small_k = import(&dsa_class, "DSAPRIVATEBLOB", &small_blob);
    KEY *large_k = import(&dsa_class, "DSAPUBLICBLOB", &large_blob);
    struct buf small_hash = hex(fips1862_hash), small_sig = hex(fips1862_sig);
    struct buf large_hash = hex(acvp_sig_hash), large_sig = hex(acvp_sig_sig);
    /* More often than the table for y needs to come into being. */
    for (int i = 0; i < 6; i++) {
        assert_int_equal(verify(small_k, &small_hash, &small_sig), STATUS_SUCCESS);
        assert_int_equal(verify(large_k, &large_hash, &large_sig), STATUS_SUCCESS);
        large_sig.p[40] ^= 1;
        assert_int_equal(verify(large_k, &large_hash, &large_sig), STATUS_INVALID_SIGNATURE);
        large_sig.p[40] ^= 1;
    }
    assert_non_null(atomic_load(&dsa_key_of(large_k)->y_comb));
}

/* ---- tests: signatures ------------------------------------------------------------------------ */

static NTSTATUS sign_status(struct key *key, const struct padding *pad, struct span hash)
{
    struct buf sig;
    struct out o = {sig.p, sizeof sig.p, &sig.n, WIDTH_16};
    return dsa_class.asym->sign(key, pad, hash, &o);
}

static void test_bad_calls(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf blob = blob_of(&n, true), public_blob = blob_of(&n, false);
    KEY *key = import(&dsa_class, "DSAPRIVATEBLOB", &blob);
    KEY *public = import(&dsa_class, "DSAPUBLICBLOB", &public_blob);
    struct buf hash = hex(fips1862_hash), sig = hex(fips1862_sig);
    struct span whole = buf_span(&hash);
    /* Hashes of another length than q, in both calls. */
    for (size_t len = 0; len < 20; len++)
        assert_int_equal(sign_status(key, &no_padding, span_of(hash.p, len)),
                         STATUS_INVALID_PARAMETER);
    struct buf longer = hash;
    put_run(&longer, 0, 12);
    assert_int_equal(sign_status(key, &no_padding, buf_span(&longer)), STATUS_INVALID_PARAMETER);
    assert_int_equal(verify(key, &longer, &sig), STATUS_INVALID_PARAMETER);
    /* Flags; a public key, which may ask for the size. */
    const struct padding pkcs1 = {.flags = BCRYPT_PAD_PKCS1};
    assert_int_equal(sign_status(key, &pkcs1, whole), STATUS_INVALID_PARAMETER);
    assert_int_equal(dsa_class.asym->verify(key, &pkcs1, whole, buf_span(&sig)),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(sign_status(public, &no_padding, whole), STATUS_INVALID_PARAMETER);
    uint32_t need = 0;
    struct out query = {NULL, 0, &need, WIDTH_16};
    assert_int_equal(dsa_class.asym->sign(public, &no_padding, span_of(NULL, 0), &query),
                     STATUS_SUCCESS);
    assert_int_equal(need, 40);
    /* Signatures of another length. */
    for (uint32_t len = 1; len < 60; len++) {
        struct buf cut = sig;
        put_run(&cut, 0, 20);
        cut.n = len;
        assert_int_equal(verify(key, &hash, &cut),
                         len == 40 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
    }
}

/* r and s out of range, and every bit of a signature. */
static void test_bad_signatures(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf blob = blob_of(&n, false);
    KEY *key = import(&dsa_class, "DSAPUBLICBLOB", &blob);
    struct buf hash = hex(fips1862_hash), good = hex(fips1862_sig);
    for (unsigned bit = 0; bit < 8 * good.n; bit += 3) {
        struct buf bad = good;
        bad.p[bit / 8] ^= (uint8_t)(1 << (bit % 8));
        assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
    }
    SCOPED_BN *q_plus = bn_near(n.q, 1);
    const BIGNUM *values[] = {n.q, q_plus};
    for (int half = 0; half < 2; half++) {
        struct buf bad = good;
        memset(bad.p + 20 * half, 0, 20);
        assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
        memset(bad.p + 20 * half, 0xFF, 20);
        assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
        for (size_t i = 0; i < 2; i++) {
            assert_true(bn_write(values[i], bad.p + 20 * half, 20));
            assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
        }
    }
    struct buf zero = {.n = 0};
    put_run(&zero, 0, 40);
    assert_int_equal(verify(key, &hash, &zero), STATUS_INVALID_SIGNATURE);
}

/* Hashes at and above q, and two signatures of one hash are not the same. */
static void test_large_hashes(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf blob = blob_of(&n, true);
    KEY *key = import(&dsa_class, "DSAPRIVATEBLOB", &blob);
    SCOPED_PKEY *pkey = evp_of(key, false);
    for (int i = 0; i < 4; i++) {
        struct buf hash = {.n = 0};
        if (i < 2)
            put_run(&hash, i == 0 ? 0 : 0xFF, 20);
        else
            put_bn(&hash, n.q, 20);
        hash.p[19] = (uint8_t)(hash.p[19] + (i == 3));
        struct buf sig = sign(key, &hash);
        struct buf other = sign(key, &hash);
        assert_memory_not_equal(sig.p, other.p, 20);
        assert_int_equal(verify(key, &hash, &sig), STATUS_SUCCESS);
        assert_true(evp_verify(pkey, &hash, &sig));
    }
}

/* ---- tests: DSAParameters ---------------------------------------------------------------------- */

static NTSTATUS set_params(const struct numbers *n, uint32_t bits)
{
    KEY *key = generate_empty(&dsa_class, bits);
    struct buf b = params_of(n);
    NTSTATUS status = set_prop(key, "DSAParameters", b.p, b.n);
    assert_int_equal(ERR_peek_error(), 0);
    return status;
}

static void test_parameters(void **state)
{
    (void)state;
    NUMBERS small = small_key();
    NUMBERS large = large_key();
    NUMBERS seeded = seeded_key();
    const struct {
        const struct numbers *n;
        uint32_t bits;
    } good[] = {{&small, 512}, {&large, 2048}, {&seeded, 2048}};
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        KEY *key = generate_empty(&dsa_class, good[i].bits);
        struct buf b = params_of(good[i].n);
        assert_int_equal(set_prop(key, "DSAParameters", b.p, b.n), STATUS_SUCCESS);
        finalize(key);
        struct buf again = get_params(key, "DSAParameters");
        assert_same(&again, &b);
        assert_int_equal(BN_cmp(ffc_key_of(key)->group->g, good[i].n->g), 0);
        struct buf hash = some_hash(key, 1);
        struct buf sig = sign(key, &hash);
        assert_int_equal(verify(key, &hash, &sig), STATUS_SUCCESS);
    }
    assert_int_equal(set_params(&small, 576), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(&large, 1024), STATUS_INVALID_PARAMETER);
    assert_true(prop_of(&dsa_class, "DSAParameters")->only_final);

    KEY *key = generate_empty(&dsa_class, 2048);
    struct buf b = params_of(&large);
    for (uint32_t n = 0; n < b.n; n += n < 40 ? 1 : 13)
        assert_int_equal(set_prop(key, "DSAParameters", b.p, n), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_prop(key, "DSAParameters", b.p, b.n + 1), STATUS_INVALID_PARAMETER);
    /* Lengths, magic, hash and standard; behind them the count, which says nothing beside a seed of FF. */
    for (size_t i = 0; i < 28; i++) {
        struct buf bad = b;
        bad.p[i] ^= 0x82;
        assert_int_equal(set_prop(key, "DSAParameters", bad.p, bad.n), STATUS_INVALID_PARAMETER);
    }
}

/* Parameters are validated in full. */
static void test_bad_parameters(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        NUMBERS n = i == 8 || i == 9 ? small_key() : large_key();
        switch (i) {
        case 0:
            change(&n.p, bn_near(n.p, 2));
            break;
        case 1:
            change(&n.q, bn_near(n.q, 2));
            break;
        case 2:
            change(&n.g, bn_word(2)); /* of another order */
            break;
        case 3:
            change(&n.g, bn_word(1));
            break;
        case 4:
            change(&n.g, bn_near(n.p, -1));
            break;
        case 5:
            change(&n.g, BN_dup(n.p));
            break;
        case 6:
            change(&n.p, bn_near(n.p, 1)); /* even */
            break;
        case 7:
            change(&n.q, bn_near(n.q, 1)); /* even */
            break;
        case 8:
            n.seed.p[0] ^= 1;
            break;
        default:
            n.count++;
            break;
        }
        assert_int_equal(set_params(&n, (uint32_t)BN_num_bytes(n.p) * 8), STATUS_INVALID_PARAMETER);
    }
    /* p and q that fit together but are not prime: q = a b with two primes of 80 bits, p = 2kq + 1. */
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    NUMBERS n = small_key();
    SCOPED_BN *a = BN_new();
    SCOPED_BN *b = BN_new();
    do {
        assert_int_equal(BN_generate_prime_ex(a, 80, 0, NULL, NULL, NULL), 1);
        assert_int_equal(BN_generate_prime_ex(b, 80, 0, NULL, NULL, NULL), 1);
        assert_int_equal(BN_mul(n.q, a, b, ctx), 1);
    } while (BN_num_bits(n.q) != 160);
    do {
        assert_int_equal(BN_rand(a, 351, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ANY), 1);
        assert_int_equal(BN_mul(n.p, n.q, a, ctx) & BN_lshift1(n.p, n.p) & BN_add_word(n.p, 1), 1);
    } while (BN_num_bits(n.p) != 512 || BN_check_prime(n.p, ctx, NULL) != 1);
    assert_int_equal(BN_lshift1(a, a) & BN_set_word(b, 2) & BN_mod_exp(n.g, b, a, n.p, ctx), 1);
    n.count = 0xFFFFFFFFu;
    assert_int_equal(set_params(&n, 512), STATUS_INVALID_PARAMETER);
}

/* ---- tests: imports ---------------------------------------------------------------------------- */

static void test_seeds(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        NUMBERS n = i == 0 ? small_key() : seeded_key();
        assert_int_equal(import_public(&n, 0), STATUS_SUCCESS);
        assert_int_equal(import_private(&n, 0), STATUS_SUCCESS);
        /* Zero: only without validation. */
        struct buf seed = n.seed;
        memset(n.seed.p, 0, n.seed.n);
        assert_int_equal(import_public(&n, 0), STATUS_INVALID_PARAMETER);
        assert_int_equal(import_private(&n, BCRYPT_KEY_VALIDATION_RANGE), STATUS_INVALID_PARAMETER);
        assert_int_equal(import_private(&n, BCRYPT_NO_KEY_VALIDATION), STATUS_SUCCESS);
        /* All FF: not given. */
        memset(n.seed.p, 0xFF, n.seed.n);
        n.count = 0xFFFFFFFFu;
        assert_int_equal(import_private(&n, 0), STATUS_SUCCESS);
        n.seed = seed;
        assert_int_equal(import_private(&n, 0), STATUS_SUCCESS);
        n.count = 7;
        assert_int_equal(import_private(&n, 0), STATUS_INVALID_PARAMETER);
    }
    /* Version 2 with the older standard or a hash that is too short: no seed can be right. */
    NUMBERS n = seeded_key();
    n.standard = 0;
    assert_int_equal(import_public(&n, 0), STATUS_INVALID_PARAMETER);
    n.standard = 1;
    n.hash = 0;
    assert_int_equal(import_public(&n, 0), STATUS_INVALID_PARAMETER);
    n.hash = 3;
    assert_int_equal(import_public(&n, BCRYPT_NO_KEY_VALIDATION), STATUS_INVALID_PARAMETER);
    /* Without a seed they are only kept. */
    NUMBERS large = large_key();
    large.hash = 0;
    large.standard = 0;
    large.seed.n = 0;
    struct buf b = blob_of(&large, true);
    KEY *key = import(&dsa_class, "DSAPRIVATEBLOB", &b);
    struct buf again = export(key, "DSAPRIVATEBLOB");
    assert_same(&again, &b);
}

static void test_bad_public_values(void **state)
{
    (void)state;
    for (int i = 0; i < 13; i++) {
        NUMBERS n = large_key();
        switch (i) {
        case 0:
            change(&n.y, bn_word(0));
            break;
        case 1:
            change(&n.y, bn_word(1));
            break;
        case 2:
            change(&n.y, bn_near(n.p, -1));
            break;
        case 3:
            change(&n.y, BN_dup(n.p));
            break;
        case 4:
            change(&n.y, bn_near(n.p, 1));
            break;
        case 5:
            change(&n.g, bn_word(0));
            break;
        case 6:
            change(&n.g, bn_word(1));
            break;
        case 7:
            change(&n.g, bn_near(n.p, -1));
            break;
        case 8:
            change(&n.g, BN_dup(n.p));
            break;
        case 9:
            change(&n.q, bn_near(n.q, 2)); /* does not divide p - 1 */
            break;
        case 10:
            change(&n.q, bn_near(n.q, 1));
            break;
        case 11:
            change(&n.p, bn_near(n.p, -1));
            break;
        default:
            change(&n.p, bn_near(n.p, 2));
            break;
        }
        assert_int_equal(import_public(&n, 0), STATUS_INVALID_PARAMETER);
        assert_int_equal(import_private(&n, 0), STATUS_INVALID_PARAMETER);
    }
    /* Of another order: seen where the caller asks for it. */
    for (int i = 0; i < 2; i++) {
        NUMBERS n = large_key();
        change(i == 0 ? &n.y : &n.g, bn_word(2));
        assert_int_equal(import_public(&n, 0), STATUS_SUCCESS);
        assert_int_equal(import_public(&n, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(import_private(&n, 0), STATUS_INVALID_PARAMETER);
    }
    NUMBERS n = large_key();
    assert_int_equal(import_public(&n, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER), STATUS_SUCCESS);
    assert_int_equal(import_private(&n, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER |
                                            BCRYPT_KEY_VALIDATION_REGENERATE),
                     STATUS_SUCCESS);
}

static void test_bad_private_values(void **state)
{
    (void)state;
    NUMBERS n = large_key();
    SCOPED_BN *x = BN_dup(n.x);
    change(&n.x, bn_near(x, 1));
    assert_int_equal(import_private(&n, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(import_private(&n, BCRYPT_NO_KEY_VALIDATION), STATUS_SUCCESS);
    change(&n.x, bn_word(0));
    assert_int_equal(import_private(&n, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(import_private(&n, BCRYPT_NO_KEY_VALIDATION), STATUS_INVALID_PARAMETER);
    change(&n.x, BN_dup(n.q));
    assert_int_equal(import_private(&n, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(import_private(&n, BCRYPT_NO_KEY_VALIDATION), STATUS_INVALID_PARAMETER);
    /* y = g^x for an x above q, which is as good as x - q. */
    change(&n.x, BN_dup(x));
    SCOPED_BN *above = BN_dup(x);
    assert_int_equal(BN_add(above, above, n.q), 1);
    if (BN_num_bits(above) <= 256) {
        change(&n.x, BN_dup(above));
        assert_int_equal(import_private(&n, 0), STATUS_INVALID_PARAMETER);
    }
}

static void test_bad_sizes(void **state)
{
    (void)state;
    NUMBERS small = small_key();
    NUMBERS large = large_key();
    /* The other version's layout. */
    struct buf b = blob_as(&small, false, true);
    assert_int_equal(import_flags(&dsa_class, "DSAPUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
    /* Widths: q of 28 bytes, p of 1000 bits, p of 2048 bits that begins with zeros. */
    change(&large.q, BN_dup(large.q));
    assert_int_equal(BN_rshift(large.q, large.q, 32), 1);
    assert_int_equal(BN_set_bit(large.q, 0), 1);
    assert_int_equal(import_public(&large, BCRYPT_NO_KEY_VALIDATION), STATUS_INVALID_PARAMETER);
    NUMBERS odd = small_key();
    assert_int_equal(BN_lshift(odd.p, odd.p, 488) & BN_set_bit(odd.p, 0), 1);
    assert_int_equal(import_public(&odd, BCRYPT_NO_KEY_VALIDATION), STATUS_INVALID_PARAMETER);
    NUMBERS wide = large_key();
    b = blob_of(&wide, false);
    b.p[28 + 32 + 32] &= 0x7F;
    assert_int_equal(import_flags(&dsa_class, "DSAPUBLICBLOB", &b, BCRYPT_NO_KEY_VALIDATION),
                     STATUS_INVALID_PARAMETER);
    /* Too small and too large: 448 and 3136 bits. */
    NUMBERS tiny = small_key();
    assert_int_equal(BN_rshift(tiny.p, tiny.p, 64) & BN_set_bit(tiny.p, 0), 1);
    change(&tiny.g, bn_word(2));
    change(&tiny.y, bn_word(4));
    assert_int_equal(import_public(&tiny, BCRYPT_NO_KEY_VALIDATION), STATUS_INVALID_PARAMETER);
    NUMBERS huge = large_key();
    assert_int_equal(BN_lshift(huge.p, huge.p, 1088) & BN_set_bit(huge.p, 0), 1);
    assert_int_equal(import_public(&huge, BCRYPT_NO_KEY_VALIDATION), STATUS_INVALID_PARAMETER);

    static const size_t v1[] = {0, 4}, v2[] = {0, 4, 16, 20};
    b = blob_of(&small, false);
    damage(&dsa_class, "DSAPUBLICBLOB", &b, 3, v1, 2);
    b = blob_of(&small, true);
    damage(&dsa_class, "DSAPRIVATEBLOB", &b, 3, v1, 2);
    b = blob_of(&wide, false);
    damage(&dsa_class, "DSAPUBLICBLOB", &b, 17, v2, 4);
    b = blob_of(&wide, true);
    damage(&dsa_class, "PRIVATEBLOB", &b, 17, v2, 4);
    /* A private layout where a public one is named, and the reverse; DH's magic. */
    b = blob_of(&wide, true);
    assert_int_equal(import_flags(&dsa_class, "DSAPUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
    memcpy(b.p, "DHPB", 4);
    assert_int_equal(import_flags(&dsa_class, "PUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
}

/* ---- tests: CryptoAPI -------------------------------------------------------------------------- */

static void put_le_bn(struct buf *b, const BIGNUM *v, size_t n)
{
    uint8_t bytes[512];
    assert_int_equal(BN_bn2lebinpad(v, bytes, (int)n), n);
    put(b, bytes, n);
}

/* Version 2: no y; the seed, whatever it says, comes back as it was. */
static void test_capi_v2(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf b = {.n = 0};
    put(&b, "\x07\x02\x00\x00\x00\x22\x00\x00", 8);
    put(&b, "DSS2", 4);
    put_le32(&b, 512);
    put_le_bn(&b, n.p, 64);
    put_le_bn(&b, n.q, 20);
    put_le_bn(&b, n.g, 64);
    put_le_bn(&b, n.x, 20);
    put_le32(&b, 0x01020304);
    for (uint8_t i = 0; i < 20; i++)
        put(&b, &i, 1);
    KEY *key = import(&dsa_class, "V2CAPIDSAPRIVATEBLOB", &b);
    assert_int_equal(BN_cmp(ffc_key_of(key)->y, n.y), 0);
    struct buf again = export(key, "V2CAPIDSAPRIVATEBLOB");
    assert_same(&again, &b);
    assert_int_equal(export(key, "V2CAPIDSAPUBLICBLOB").n, 16 + 64 + 20 + 64 + 64 + 24);
    assert_null(format_of(&dsa_class, "V2CAPIDSAPUBLICBLOB")->import);
    assert_null(format_of(&dsa_class, "CAPIDSAPUBLICBLOB")->import);
    struct buf hash = hex(fips1862_hash), sig = hex(fips1862_sig);
    assert_int_equal(verify(key, &hash, &sig), STATUS_SUCCESS);
    static const size_t words[] = {0, 4, 8, 12};
    damage(&dsa_class, "V2CAPIDSAPRIVATEBLOB", &b, 1, words, 4);
    /* x of zero and of q; a generator of another order. */
    struct buf bad = b;
    memset(bad.p + 16 + 64 + 20 + 64, 0, 20);
    assert_int_equal(import_flags(&dsa_class, "V2CAPIDSAPRIVATEBLOB", &bad, 0),
                     STATUS_INVALID_PARAMETER);
    memset(bad.p + 16 + 64 + 20 + 64, 0xFF, 20);
    assert_int_equal(import_flags(&dsa_class, "V2CAPIDSAPRIVATEBLOB", &bad, 0),
                     STATUS_INVALID_PARAMETER);
    bad = b;
    memset(bad.p + 16 + 64 + 20, 0, 64);
    bad.p[16 + 64 + 20] = 3;
    assert_int_equal(import_flags(&dsa_class, "V2CAPIDSAPRIVATEBLOB", &bad, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_flags(&dsa_class, "V2CAPIDSAPRIVATEBLOB", &bad, BCRYPT_NO_KEY_VALIDATION),
                     STATUS_SUCCESS);
}

/* Version 3 carries every key; version 2 has no place for a q of 32 bytes. */
static void test_capi_v3(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        NUMBERS n = i == 0 ? small_key() : large_key();
        struct buf cng = blob_of(&n, true);
        KEY *key = import(&dsa_class, "DSAPRIVATEBLOB", &cng);
        struct buf capi = export(key, "CAPIDSAPRIVATEBLOB");
        assert_memory_equal(capi.p, "\x07\x03\x00\x00\x00\x22\x00\x00"
                                    "DSS4",
                            12);
        KEY *again = import(&dsa_class, "CAPIDSAPRIVATEBLOB", &capi);
        struct buf capi_again = export(again, "CAPIDSAPRIVATEBLOB");
        assert_same(&capi_again, &capi);
        assert_int_equal(BN_cmp(ffc_key_of(again)->x, n.x), 0);
        struct buf hash = some_hash(key, 3);
        struct buf sig = sign(again, &hash);
        assert_int_equal(verify(key, &hash, &sig), STATUS_SUCCESS);
        static const size_t words[] = {0, 8, 12, 16, 24};
        damage(&dsa_class, "CAPIDSAPRIVATEBLOB", &capi, 7, words, 5);
        if (i == 1) {
            uint32_t need = 0;
            struct out o = {NULL, 0, &need, WIDTH_16};
            const struct key_format *f = format_of(&dsa_class, "V2CAPIDSAPRIVATEBLOB");
            assert_int_equal(f->export(key, f, &o), STATUS_NOT_SUPPORTED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_generation, teardown),
        cmocka_unit_test_teardown(test_origin, teardown),
        cmocka_unit_test_teardown(test_lengths, teardown),
        cmocka_unit_test_teardown(test_properties, teardown),
        cmocka_unit_test_teardown(test_life, teardown),
        cmocka_unit_test_teardown(test_known_answers, teardown),
        cmocka_unit_test_teardown(test_bad_calls, teardown),
        cmocka_unit_test_teardown(test_bad_signatures, teardown),
        cmocka_unit_test_teardown(test_large_hashes, teardown),
        cmocka_unit_test_teardown(test_parameters, teardown),
        cmocka_unit_test_teardown(test_bad_parameters, teardown),
        cmocka_unit_test_teardown(test_seeds, teardown),
        cmocka_unit_test_teardown(test_bad_public_values, teardown),
        cmocka_unit_test_teardown(test_bad_private_values, teardown),
        cmocka_unit_test_teardown(test_bad_sizes, teardown),
        cmocka_unit_test_teardown(test_capi_v2, teardown),
        cmocka_unit_test_teardown(test_capi_v3, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
