/* DSA: parameters and blobs, good and bad. */
#include "dsa_fixture.h"

/* ---- tests: DSAParameters ------------------------------------------------------------------- */

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
    /* Lengths, magic, hash and standard; behind them the count, which says
     * nothing beside a seed of FF. */
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
    /* p and q that fit together but are not prime: q = a b with two primes
     * of 80 bits, p = 2kq + 1. */
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

/* ---- tests: imports ------------------------------------------------------------------------- */

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

/* ---- tests: CryptoAPI ----------------------------------------------------------------------- */

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
    assert_int_equal(
        import_flags(&dsa_class, "V2CAPIDSAPRIVATEBLOB", &bad, BCRYPT_NO_KEY_VALIDATION),
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
        assert_memory_equal(capi.p,
                            "\x07\x03\x00\x00\x00\x22\x00\x00"
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
