/* DSA: domain parameters and the life of keys, beside libcrypto. */
#include "dsa_evp.h"

/* ---- tests: domain parameters ---------------------------------------------------------------- */

/* Fresh ones at all kinds of sizes, checked by us and by libcrypto: primes, order, and that the
 * seed gives them. */
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
        /* libcrypto knows FIPS 186-4's sizes only; at these it derives p
         * and q again, all counters included. */
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
    static const struct length_row rows[] = {{0, STATUS_INVALID_PARAMETER},
                                             {448, STATUS_INVALID_PARAMETER},
                                             {512, STATUS_SUCCESS},
                                             {520, STATUS_INVALID_PARAMETER},
                                             {1024, STATUS_SUCCESS},
                                             {1088, STATUS_SUCCESS},
                                             {3072, STATUS_SUCCESS},
                                             {3136, STATUS_INVALID_PARAMETER},
                                             {0xFFFFFFC0u, STATUS_INVALID_PARAMETER}};
    check_lengths(&dsa_class, rows, ARRAY_COUNT(rows));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_generation, teardown),
        cmocka_unit_test_teardown(test_origin, teardown),
        cmocka_unit_test_teardown(test_lengths, teardown),
        cmocka_unit_test_teardown(test_properties, teardown),
        cmocka_unit_test_teardown(test_life, teardown),
        cmocka_unit_test_teardown(test_known_answers, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
