/* DH: groups and the life of keys; libcrypto's EVP interface is the other party. */
#include "dh_fixture.h"
#include "ffc_evp.h"

#include <openssl/dh.h>

/* ---- libcrypto ------------------------------------------------------------------------------ */

/* Our key in libcrypto. */
static EVP_PKEY *evp_of(struct key *key)
{
    CLEANUP(bld_done) OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    push_ffc_key(bld, ffc_key_of(key));
    return evp_of_params("DH", bld);
}

static struct buf evp_agree(EVP_PKEY *own, EVP_PKEY *peer)
{
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    struct buf z = {.n = 0};
    size_t n = sizeof z.p;
    assert_int_equal(EVP_PKEY_derive_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_dh_pad(ctx, 1), 1);
    assert_int_equal(EVP_PKEY_derive_set_peer(ctx, peer), 1);
    assert_int_equal(EVP_PKEY_derive(ctx, z.p, &n), 1);
    z.n = (uint32_t)n;
    return z;
}

/* ---- tests: groups -------------------------------------------------------------------------- */

/* The standard groups are the ones of the standards, by libcrypto's own check of them. */
static void test_standard_groups(void **state)
{
    (void)state;
    static const struct {
        size_t bits;
        int nid;
    } rows[] = {
        {1536, NID_modp_1536}, {2048, NID_ffdhe2048}, {3072, NID_ffdhe3072}, {4096, NID_ffdhe4096}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct ffc_group *group = standard(rows[i].bits);
        DH *dh = DH_new_by_nid(rows[i].nid);
        assert_int_equal(BN_cmp(group->p, DH_get0_p(dh)), 0);
        assert_int_equal(BN_cmp(group->q, DH_get0_q(dh)), 0);
        assert_true(BN_is_word(group->g, 2));
        DH_free(dh);
    }
    /* RFC 2409's generator has the order q, too. */
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    static const size_t sizes[] = {768, 1024, 1536, 2048, 3072, 4096};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct ffc_group *group = standard(sizes[i]);
        assert_true(group->shared && group->safe_prime);
        assert_int_equal(ffc_check_order(group, group->g, ctx), STATUS_SUCCESS);
        assert_ptr_equal(standard(sizes[i]), group);
    }
    assert_null(standard(2112));
}

/* Every standard prime is known by its value, whatever the width; with another generator it is a
 * group of its own. */
static void test_recognition(void **state)
{
    (void)state;
    static const int nids[] = {NID_modp_1536, NID_modp_2048, NID_modp_3072, NID_modp_4096,
                               NID_modp_6144, NID_modp_8192, NID_ffdhe2048, NID_ffdhe3072,
                               NID_ffdhe4096, NID_ffdhe6144, NID_ffdhe8192};
    for (size_t i = 0; i < ARRAY_COUNT(nids); i++) {
        DH *dh = DH_new_by_nid(nids[i]);
        struct buf p = {.n = 0}, g = {.n = 0};
        size_t n = (size_t)BN_num_bytes(DH_get0_p(dh));
        put_bn(&p, DH_get0_p(dh), n + i);
        put_bn(&g, DH_get0_g(dh), n);
        struct ffc_group *group = NULL;
        struct num none = num_be(NULL, 0);
        assert_int_equal(dh_group_of(num_be(p.p, p.n), none, num_be(g.p, g.n), &group),
                         STATUS_SUCCESS);
        assert_true(group->shared);
        g.p[g.n - 1] = 3;
        assert_int_equal(dh_group_of(num_be(p.p, p.n), none, num_be(g.p, g.n), &group),
                         STATUS_SUCCESS);
        assert_false(group->shared);
        assert_int_equal(group->exponent_bits, ffc_exponent_bits(8 * n));
        ffc_group_free(group);
        p.p[p.n - 20] ^= 0x10;
        g.p[g.n - 1] = 2;
        assert_int_equal(dh_group_of(num_be(p.p, p.n), none, num_be(g.p, g.n), &group),
                         STATUS_SUCCESS);
        assert_false(group->shared);
        assert_int_equal(group->exponent_bits, 0);
        ffc_group_free(group);
        DH_free(dh);
    }
}

static void test_fresh_groups(void **state)
{
    (void)state;
    static const size_t sizes[] = {512, 576, 832, 960, 1088, 1600};
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct ffc_group *group = NULL;
        assert_int_equal(dh_group_fresh(sizes[i], &group), STATUS_SUCCESS);
        assert_int_equal(BN_num_bits(group->p), sizes[i]);
        assert_int_equal(BN_check_prime(group->p, ctx, NULL), 1);
        /* (p-1)/2 has no small factors, and the generator is a square. */
        SCOPED_BN *half = BN_new();
        assert_int_equal(BN_rshift1(half, group->p), 1);
        for (BN_ULONG f = 2; f < 5000; f++)
            assert_true(BN_mod_word(half, f) != 0);
        assert_int_equal(BN_kronecker(group->g, group->p, ctx), 1);
        assert_true(group->exponent_bits >= 192);
        ffc_group_free(group);
    }
}

/* ---- tests: life ---------------------------------------------------------------------------- */

static void test_lengths(void **state)
{
    (void)state;
    static const struct length_row rows[] = {{0, STATUS_INVALID_PARAMETER},
                                             {256, STATUS_INVALID_PARAMETER},
                                             {448, STATUS_INVALID_PARAMETER},
                                             {511, STATUS_INVALID_PARAMETER},
                                             {512, STATUS_SUCCESS},
                                             {513, STATUS_INVALID_PARAMETER},
                                             {544, STATUS_INVALID_PARAMETER},
                                             {576, STATUS_SUCCESS},
                                             {4096, STATUS_SUCCESS},
                                             {4160, STATUS_INVALID_PARAMETER},
                                             {0x80000000u, STATUS_INVALID_PARAMETER},
                                             {0xFFFFFFFFu, STATUS_INVALID_PARAMETER}};
    check_lengths(&dh_class, rows, ARRAY_COUNT(rows));
}

static void test_key_length_property(void **state)
{
    (void)state;
    KEY *key = generate_empty(&dh_class, 1024);
    assert_int_equal(get_u32(key, "KeyLength"), 1024);
    assert_int_equal(get_u32(key, "KeyStrength"), 1024);
    uint32_t bits = 768;
    assert_int_equal(set_prop(key, "KeyLength", &bits, 2), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_prop(key, "KeyLength", &bits, 4), STATUS_SUCCESS);
    bits = 770;
    assert_int_equal(set_prop(key, "KeyLength", &bits, 4), STATUS_INVALID_PARAMETER);
    bits = 8192;
    assert_int_equal(set_prop(key, "KeyLength", &bits, 4), STATUS_INVALID_PARAMETER);
    finalize(key);
    assert_int_equal(get_u32(key, "KeyLength"), 768);
    assert_int_equal(get_u32(key, "PublicKeyLength"), 768);
    assert_int_equal(export(key, "DHPUBLICBLOB").n, 8 + 3 * 96);
}

/* Generate, export, import, agree with each other and with libcrypto, at all kinds of sizes. */
static void test_life(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {512, 768, 1024, 1536, 2048, 3072};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        size_t n = sizes[i] / 8;
        KEY *own = generate(&dh_class, sizes[i]);
        struct buf params = get_params(own, "DHParameters");
        assert_int_equal(params.n, 12 + 2 * n);
        KEY *other = generate_empty(&dh_class, sizes[i]);
        assert_int_equal(set_prop(other, "DHParameters", params.p, params.n), STATUS_SUCCESS);
        finalize(other);
        struct buf again = get_params(other, "DHParameters");
        assert_same(&again, &params);

        struct buf pub = export(own, "DHPUBLICBLOB");
        struct buf priv = export(own, "DHPRIVATEBLOB");
        assert_int_equal(pub.n, 8 + 3 * n);
        assert_int_equal(priv.n, 8 + 4 * n);
        assert_memory_equal(priv.p + 8, pub.p + 8, 3 * n);
        KEY *own_public = import(&dh_class, "DHPUBLICBLOB", &pub);
        KEY *own_again = import(&dh_class, "PRIVATEBLOB", &priv);
        assert_false(own_public->has_private);
        assert_true(own_again->has_private);
        struct buf pub_again = export(own_public, "PUBLICBLOB");
        struct buf priv_again = export(own_again, "DHPRIVATEBLOB");
        assert_same(&pub_again, &pub);
        assert_same(&priv_again, &priv);

        struct buf z = agree(own, other);
        struct buf z2 = agree(other, own_public);
        struct buf z3 = agree(own_again, other);
        assert_int_equal(z.n, n);
        assert_same(&z, &z2);
        assert_same(&z, &z3);
        SCOPED_PKEY *evp_own = evp_of(own);
        SCOPED_PKEY *evp_other = evp_of(other);
        struct buf z4 = evp_agree(evp_own, evp_other);
        assert_same(&z, &z4);
        assert_int_equal(agree(own, own).n, n);
    }
}

/* A key that libcrypto made, imported and used by us. */
static void test_key_from_libcrypto(void **state)
{
    (void)state;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){"modp_2048"}, 0),
        OSSL_PARAM_construct_end()};
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
    SCOPED_PKEY *pkey = NULL;
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_params(ctx, params), 1);
    assert_int_equal(EVP_PKEY_generate(ctx, &pkey), 1);
    SCOPED_BN *p = NULL;
    SCOPED_BN *g = NULL;
    SCOPED_BN *y = NULL;
    SCOPED_BN *x = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_FFC_P, &p), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_FFC_G, &g), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, &y), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &x), 1);
    struct buf blob = blob_of(p, g, y, x, 256);
    KEY *own = import(&dh_class, "DHPRIVATEBLOB", &blob);
    KEY *peer = generate_empty(&dh_class, 2048);
    struct buf dh_params = params_of(p, g, 256);
    assert_int_equal(set_prop(peer, "DHParameters", dh_params.p, dh_params.n), STATUS_SUCCESS);
    finalize(peer);
    SCOPED_PKEY *evp_peer = evp_of(peer);
    struct buf ours = agree(own, peer);
    struct buf theirs = evp_agree(pkey, evp_peer);
    assert_same(&ours, &theirs);
}

static void test_known_answer(void **state)
{
    (void)state;
    const struct ffc_group *group = standard(2048);
    SCOPED_BN *x = bn_hex(acvp_dh_x);
    SCOPED_BN *y = bn_hex(acvp_dh_y);
    SCOPED_BN *peer = bn_hex(acvp_dh_peer);
    struct buf own_blob = blob_of(group->p, group->g, y, x, 256);
    struct buf peer_blob = blob_of(group->p, group->g, peer, NULL, 256);
    KEY *own_key = import(&dh_class, "DHPRIVATEBLOB", &own_blob);
    KEY *peer_key = import(&dh_class, "DHPUBLICBLOB", &peer_blob);
    struct buf want = hex(acvp_dh_z);
    struct buf got = agree(own_key, peer_key);
    assert_same(&got, &want);
}

/* ---- tests: DHParameters -------------------------------------------------------------------- */

static NTSTATUS set_params(const BIGNUM *p, const BIGNUM *g, size_t n, uint32_t bits)
{
    KEY *key = generate_empty(&dh_class, bits);
    struct buf b = params_of(p, g, n);
    return set_prop(key, "DHParameters", b.p, b.n);
}

static void test_parameters(void **state)
{
    (void)state;
    const struct ffc_group *group = standard(768);
    SCOPED_BN *even = bn_near(group->p, -1);
    SCOPED_BN *past = bn_near(group->p, 1);
    SCOPED_BN *zero = bn_word(0);
    SCOPED_BN *one = bn_word(1);
    SCOPED_BN *small = bn_word(23);
    assert_int_equal(set_params(group->p, group->g, 96, 768), STATUS_SUCCESS);
    /* P must be as long as the key. */
    assert_int_equal(set_params(group->p, group->g, 96, 1024), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(group->p, group->g, 128, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(even, group->g, 96, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(zero, group->g, 96, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(small, group->g, 96, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(group->p, zero, 96, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(group->p, one, 96, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(group->p, even, 96, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(group->p, group->p, 96, 768), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_params(group->p, past, 96, 768), STATUS_INVALID_PARAMETER);

    KEY *key = generate_empty(&dh_class, 768);
    struct buf good = params_of(group->p, group->g, 96);
    for (uint32_t n = 0; n < good.n; n++)
        assert_int_equal(set_prop(key, "DHParameters", good.p, n), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_prop(key, "DHParameters", good.p, good.n + 1), STATUS_INVALID_PARAMETER);
    for (size_t i = 0; i < 12; i++) {
        struct buf bad = good;
        bad.p[i] ^= 1;
        assert_int_equal(set_prop(key, "DHParameters", bad.p, bad.n), STATUS_INVALID_PARAMETER);
    }
    /* They decide the size from then on, and may be set again. */
    assert_int_equal(set_prop(key, "DHParameters", good.p, good.n), STATUS_SUCCESS);
    uint32_t bits = 1024;
    assert_int_equal(set_prop(key, "KeyLength", &bits, 4), STATUS_INVALID_PARAMETER);
    bits = 768;
    assert_int_equal(set_prop(key, "KeyLength", &bits, 4), STATUS_SUCCESS);
    assert_int_equal(set_prop(key, "DHParameters", good.p, good.n), STATUS_SUCCESS);
    finalize(key);
    assert_true(ffc_key_of(key)->group->shared);
    assert_true(prop_of(&dh_class, "DHParameters")->only_final);
}

/* A group that nobody knows: exponents are as long as p. */
static void test_unknown_group(void **state)
{
    (void)state;
    SCOPED_BN *p = BN_new();
    SCOPED_BN *g = bn_word(5);
    assert_int_equal(BN_generate_prime_ex(p, 576, 0, NULL, NULL, NULL), 1);
    struct buf params = params_of(p, g, 72);
    KEY *a = generate_empty(&dh_class, 576);
    KEY *b = generate_empty(&dh_class, 576);
    assert_int_equal(set_prop(a, "DHParameters", params.p, params.n), STATUS_SUCCESS);
    assert_int_equal(set_prop(b, "DHParameters", params.p, params.n), STATUS_SUCCESS);
    finalize(a);
    finalize(b);
    assert_true(BN_num_bits(ffc_key_of(a)->x) > 500);
    struct buf za = agree(a, b);
    struct buf zb = agree(b, a);
    assert_same(&za, &zb);
    struct buf priv = export(a, "DHPRIVATEBLOB");
    KEY *again = import(&dh_class, "DHPRIVATEBLOB", &priv);
    struct buf zc = agree(again, b);
    assert_same(&za, &zc);
}

/* ---- tests: the row ------------------------------------------------------------------------- */

static void test_row(void **state)
{
    (void)state;
    assert_int_equal(dh_class.interface_id, 4);
    assert_null(dh_class.asym->sign);
    assert_null(dh_class.asym->verify);
    assert_null(dh_class.asym->encrypt);
    assert_null(dh_class.asym->decrypt);
    assert_null(prop_of(&dh_class, "PaddingSchemes"));
    assert_null(prop_of(&dh_class, "SignatureLength"));
    assert_null(prop_of(&dh_class, "PrivKeyVal"));
    assert_non_null(prop_of(&dh_class, "HkdfHashAlgorithm"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_standard_groups, teardown),
        cmocka_unit_test_teardown(test_recognition, teardown),
        cmocka_unit_test_teardown(test_fresh_groups, teardown),
        cmocka_unit_test_teardown(test_lengths, teardown),
        cmocka_unit_test_teardown(test_key_length_property, teardown),
        cmocka_unit_test_teardown(test_life, teardown),
        cmocka_unit_test_teardown(test_key_from_libcrypto, teardown),
        cmocka_unit_test_teardown(test_known_answer, teardown),
        cmocka_unit_test_teardown(test_parameters, teardown),
        cmocka_unit_test_teardown(test_unknown_group, teardown),
        cmocka_unit_test_teardown(test_row, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
