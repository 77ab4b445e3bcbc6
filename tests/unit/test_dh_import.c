/* DH: blobs that must not be imported, agreements that must be refused, and the ones of which it
 * could be thought. */
#include <pthread.h>

#include "dh_fixture.h"

/* ---- tests: bad imports --------------------------------------------------------------------- */

static void test_bad_public_values(void **state)
{
    (void)state;
    const struct ffc_group *group = standard(1024);
    for (unsigned v = 0; v < 3; v++) {
        SCOPED_BN *low = bn_word(v);
        SCOPED_BN *high = bn_near(group->p, (int)v - 1);
        SCOPED_BN *good = bn_word(4);
        NTSTATUS low_wanted = v < 2 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
        assert_int_equal(import_in(group, low, NULL, 0), low_wanted);
        assert_int_equal(import_in(group, high, NULL, 0), STATUS_INVALID_PARAMETER);
        /* Without validation, too, y has to be a residue. */
        if (v > 0)
            assert_int_equal(import_in(group, high, NULL, BCRYPT_NO_KEY_VALIDATION),
                             STATUS_INVALID_PARAMETER);
        /* The generator. */
        struct buf b = blob_of(group->p, low, good, NULL, 128);
        assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0), low_wanted);
        b = blob_of(group->p, high, good, NULL, 128);
        assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
        /* The modulus: even, or zero. */
        b = blob_of(high, good, good, NULL, 128);
        assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0),
                         v == 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
        b = blob_of(low, good, good, NULL, 128);
        assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
    }
    SCOPED_BN *second_last = bn_near(group->p, -2);
    assert_int_equal(import_in(group, second_last, NULL, 0), STATUS_SUCCESS);
}

/* The order of y: refused at import on demand, else by the agreement, never
 * when the caller renounced. */
static void test_order(void **state)
{
    (void)state;
    const struct ffc_group *group = standard(1024);
    SCOPED_BN *square = bn_word(9);
    SCOPED_BN *other = bn_near(group->p, -9); /* -1 is no square modulo these primes */
    KEY *own = generate(&dh_class, 1024);
    static const struct {
        uint32_t flags;
        NTSTATUS import, agree;
    } rows[] = {
        {0, STATUS_SUCCESS, STATUS_INVALID_PARAMETER},
        {BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER, STATUS_INVALID_PARAMETER, STATUS_SUCCESS},
        {BCRYPT_KEY_VALIDATION_RANGE, STATUS_SUCCESS, STATUS_SUCCESS},
        {BCRYPT_NO_KEY_VALIDATION, STATUS_SUCCESS, STATUS_SUCCESS},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(import_in(group, square, NULL, rows[i].flags), STATUS_SUCCESS);
        struct buf b = blob_of(group->p, group->g, other, NULL, 128);
        KEY *peer;
        assert_int_equal(try_import(&dh_class, "DHPUBLICBLOB", &b, rows[i].flags, &peer),
                         rows[i].import);
        for (int k = 0; k < 2 && peer != NULL; k++)
            assert_int_equal(agree_status(own, peer), rows[i].agree);
    }
    struct buf b = blob_of(group->p, group->g, square, NULL, 128);
    KEY *peer = import(&dh_class, "DHPUBLICBLOB", &b);
    assert_int_equal(agree_status(own, peer), STATUS_SUCCESS);
    assert_int_equal(agree_status(own, peer), STATUS_SUCCESS);
    /* Where q is not known the check cannot be had. */
    SCOPED_BN *g = bn_word(3);
    b = blob_of(group->p, g, square, NULL, 128);
    assert_int_equal(
        import_flags(&dh_class, "DHPUBLICBLOB", &b, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER),
        STATUS_INVALID_PARAMETER);
}

static void test_bad_private_values(void **state)
{
    (void)state;
    const struct ffc_group *group = standard(1024);
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *zero = bn_word(0);
    SCOPED_BN *one = bn_word(1);
    SCOPED_BN *five = bn_word(5);
    SCOPED_BN *y = bn_word(32);
    SCOPED_BN *wrong = bn_word(33);
    assert_int_equal(import_in(group, y, five, 0), STATUS_SUCCESS);
    assert_int_equal(import_in(group, group->g, one, 0), STATUS_SUCCESS);
    assert_int_equal(import_in(group, wrong, five, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(import_in(group, wrong, five, BCRYPT_NO_KEY_VALIDATION), STATUS_SUCCESS);
    assert_int_equal(
        import_in(group, wrong, five, BCRYPT_NO_KEY_VALIDATION | BCRYPT_KEY_VALIDATION_REGENERATE),
        STATUS_INVALID_PARAMETER);
    assert_int_equal(import_in(group, wrong, zero, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(import_in(group, wrong, zero, BCRYPT_NO_KEY_VALIDATION),
                     STATUS_INVALID_PARAMETER);

    /* Observed on Windows: x above q is refused, and taken without validation. */
    SCOPED_BN *x = BN_dup(group->q);
    SCOPED_BN *unit = bn_word(1);
    assert_int_equal(import_in(group, unit, x, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(BN_add_word(x, 5), 1);
    assert_int_equal(import_in(group, y, x, 0), STATUS_INVALID_PARAMETER);
    struct buf b = blob_of(group->p, group->g, y, x, 128);
    KEY *key;
    assert_int_equal(try_import(&dh_class, "DHPRIVATEBLOB", &b, BCRYPT_NO_KEY_VALIDATION, &key),
                     STATUS_SUCCESS);
    struct buf again = export(key, "DHPRIVATEBLOB");
    assert_same(&again, &b);
    KEY *peer = generate(&dh_class, 1024);
    struct buf z1 = agree(key, peer);
    SCOPED_BN *want = BN_new();
    assert_int_equal(BN_mod_exp(want, ffc_key_of(peer)->y, five, group->p, ctx), 1);
    struct buf z2 = {.n = 0};
    put_bn(&z2, want, 128);
    assert_same(&z1, &z2);
    /* The largest x of all. */
    SCOPED_BN *most = bn_near(group->q, -1);
    SCOPED_BN *most_y = BN_new();
    assert_int_equal(BN_mod_exp(most_y, group->g, most, group->p, ctx), 1);
    assert_int_equal(import_in(group, most_y, most, 0), STATUS_SUCCESS);
}

static void test_bad_sizes(void **state)
{
    (void)state;
    const struct ffc_group *group = standard(768);
    SCOPED_BN *small = bn_word(0xFFFFFFFBu);
    SCOPED_BN *two = bn_word(2);
    SCOPED_BN *four = bn_word(4);
    struct buf b = blob_of(small, two, four, NULL, 96);
    assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
    /* 10008 bits; and 10000, that far we go along. */
    SCOPED_BN *huge = BN_new();
    assert_int_equal(BN_rand(huge, 10008, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
    b = blob_of(huge, two, four, NULL, 1251);
    assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(BN_rshift(huge, huge, 8), 1);
    assert_int_equal(BN_set_bit(huge, 0), 1);
    b = blob_of(huge, two, four, NULL, 1250);
    assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0), STATUS_SUCCESS);
    /* Another algorithm's magic, and public for private. */
    b = blob_of(group->p, two, four, NULL, 96);
    assert_int_equal(import_flags(&dh_class, "DHPRIVATEBLOB", &b, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(import_flags(&dh_class, "PUBLICBLOB", &b, 0), STATUS_SUCCESS);
    memcpy(b.p, "DSPB", 4);
    assert_int_equal(import_flags(&dh_class, "DHPUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(import_flags(&dh_class, "PUBLICBLOB", &b, 0), STATUS_INVALID_PARAMETER);

    static const size_t words[] = {0, 4};
    SCOPED_BN *x = bn_word(2);
    b = blob_of(group->p, two, four, NULL, 96);
    damage(&dh_class, "DHPUBLICBLOB", &b, 1, words, 2);
    b = blob_of(group->p, two, four, x, 96);
    damage(&dh_class, "DHPRIVATEBLOB", &b, 1, words, 2);
}

/* ---- tests: agreement ----------------------------------------------------------------------- */

/* Programs pad a peer's numbers to a size of their own. */
static void test_padded_peer(void **state)
{
    (void)state;
    KEY *own = generate(&dh_class, 1024);
    KEY *peer = generate(&dh_class, 1024);
    const struct ffc_key *k = ffc_key_of(peer);
    struct buf wide = blob_of(k->group->p, k->group->g, k->y, NULL, 200);
    KEY *padded = import(&dh_class, "DHPUBLICBLOB", &wide);
    struct buf a = agree(own, peer);
    struct buf b = agree(own, padded);
    assert_same(&a, &b);
    struct buf again = export(padded, "DHPUBLICBLOB");
    assert_same(&again, &wide);
    assert_int_equal(get_u32(padded, "KeyLength"), 1024);
}

static void test_refused_agreements(void **state)
{
    (void)state;
    KEY *own = generate(&dh_class, 1024);
    KEY *other_size = generate(&dh_class, 768);
    assert_int_equal(agree_status(own, other_size), STATUS_INVALID_PARAMETER);
    struct buf pub = export(own, "DHPUBLICBLOB");
    KEY *own_public = import(&dh_class, "DHPUBLICBLOB", &pub);
    assert_int_equal(agree_status(own_public, own), STATUS_INVALID_PARAMETER);
    /* The same p with another generator is another group. */
    const struct ffc_group *group = standard(1024);
    SCOPED_BN *nine = bn_word(9);
    struct buf b = blob_of(group->p, nine, group->g, NULL, 128);
    KEY *other_g = import(&dh_class, "DHPUBLICBLOB", &b);
    assert_int_equal(agree_status(own, other_g), STATUS_INVALID_PARAMETER);
    /* Trivial secrets: y is 0, 1 or p - 1, which no validation let in. */
    for (int i = 0; i < 3; i++) {
        SCOPED_BN *y = i == 2 ? BN_dup(group->last) : bn_word((unsigned)i);
        b = blob_of(group->p, group->g, y, NULL, 128);
        KEY *trivial;
        assert_int_equal(
            try_import(&dh_class, "DHPUBLICBLOB", &b, BCRYPT_NO_KEY_VALIDATION, &trivial),
            STATUS_SUCCESS);
        assert_int_equal(agree_status(own, trivial), STATUS_INVALID_PARAMETER);
    }
}

/* Leading zeros of Z are kept. */
static void test_leading_zeros(void **state)
{
    (void)state;
    const struct ffc_group *group = standard(1024);
    SCOPED_BN *one = bn_word(1);
    SCOPED_BN *four = bn_word(4);
    struct buf own_blob = blob_of(group->p, group->g, group->g, one, 128);
    struct buf peer_blob = blob_of(group->p, group->g, four, NULL, 128);
    KEY *own = import(&dh_class, "DHPRIVATEBLOB", &own_blob);
    KEY *peer = import(&dh_class, "DHPUBLICBLOB", &peer_blob);
    struct buf z = agree(own, peer);
    struct buf want = {.n = 0};
    put_bn(&want, four, 128);
    assert_same(&z, &want);
}

/* ---- tests: threads -------------------------------------------------------------------------- */

struct pair {
    struct key *own, *peer;
    struct buf want;
    NTSTATUS status;
};

static void *agree_often(void *arg)
{
    struct pair *p = arg;
    for (int i = 0; i < 8; i++) {
        struct buf z = agree(p->own, p->peer);
        if (z.n != p->want.n || memcmp(z.p, p->want.p, z.n) != 0)
            p->status = STATUS_UNSUCCESSFUL;
    }
    return NULL;
}

/* Keys fresh from import, whose constants and checks all threads come upon at once. */
static void test_threads(void **state)
{
    (void)state;
    SCOPED_BN *p = BN_new();
    SCOPED_BN *g = bn_word(4);
    SCOPED_BN *x = bn_word(77777);
    SCOPED_BN *y = BN_new();
    SCOPED_BN *z = BN_new();
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    assert_int_equal(BN_generate_prime_ex(p, 640, 0, NULL, NULL, NULL), 1);
    assert_int_equal(BN_mod_exp(y, g, x, p, ctx) & BN_mod_exp(z, y, x, p, ctx), 1);
    struct buf own = blob_of(p, g, y, x, 80), peer = blob_of(p, g, y, NULL, 80);
    KEY *own_key = import(&dh_class, "DHPRIVATEBLOB", &own);
    KEY *peer_key = import(&dh_class, "DHPUBLICBLOB", &peer);
    struct pair pairs[4];
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        pairs[i] = (struct pair){own_key, peer_key, {.n = 0}, STATUS_SUCCESS};
        put_bn(&pairs[i].want, z, 80);
        assert_int_equal(pthread_create(&threads[i], NULL, agree_often, &pairs[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(pairs[i].status, STATUS_SUCCESS);
    }
}

/* ---- tests: CryptoAPI ----------------------------------------------------------------------- */

static void put_le_bn(struct buf *b, const BIGNUM *v, size_t n)
{
    uint8_t bytes[1024];
    assert_int_equal(BN_bn2lebinpad(v, bytes, (int)n), n);
    put(b, bytes, n);
}

static struct buf capi_of(const BIGNUM *p, const BIGNUM *q, const BIGNUM *g, const BIGNUM *y,
                          const BIGNUM *x, size_t n, size_t qn)
{
    struct buf b = {.n = 0};
    put(&b,
        "\x07\x03\x00\x00\x01\xAA\x00\x00\x00"
        "DH4",
        12);
    put_le32(&b, (uint32_t)(8 * n));
    put_le32(&b, (uint32_t)(8 * qn));
    put_le32(&b, 0);
    put_le32(&b, (uint32_t)(8 * qn));
    put_run(&b, 0xFF, 24);
    put_le_bn(&b, p, n);
    put_le_bn(&b, q, qn);
    put_le_bn(&b, g, n);
    put_le_bn(&b, y, n);
    put_le_bn(&b, x, qn);
    return b;
}

static void test_capi(void **state)
{
    (void)state;
    /* A subgroup of a prime of its own, as CryptoAPI's version 3 describes it. */
    SCOPED_BN *p = bn_hex(acvp_sig_p);
    SCOPED_BN *q = bn_hex(acvp_sig_q);
    SCOPED_BN *g = bn_hex(acvp_sig_g);
    SCOPED_BN *y = bn_hex(acvp_sig_y);
    SCOPED_BN *x = bn_hex(acvp_sig_x);
    struct buf b = capi_of(p, q, g, y, x, 256, 32);
    KEY *key = import(&dh_class, "CAPIDHPRIVATEBLOB", &b);
    assert_int_equal(get_u32(key, "KeyLength"), 2048);
    struct buf cng = export(key, "DHPRIVATEBLOB");
    struct buf want = blob_of(p, g, y, x, 256);
    assert_same(&cng, &want);
    struct buf capi = export(key, "CAPIDHPRIVATEBLOB");
    KEY *again = import(&dh_class, "CAPIDHPRIVATEBLOB", &capi);
    struct buf cng_again = export(again, "DHPRIVATEBLOB");
    assert_same(&cng_again, &want);
    assert_true(export(key, "CAPIDHPUBLICBLOB").n > 3 * 256);
    assert_null(format_of(&dh_class, "CAPIDHPUBLICBLOB")->import);
    static const size_t words[] = {4, 8, 12, 16, 24};
    damage(&dh_class, "CAPIDHPRIVATEBLOB", &b, 7, words, 5);

    /* A q that is not the order of g. */
    SCOPED_BN *wrong_q = bn_near(q, 2);
    struct buf bad = capi_of(p, wrong_q, g, y, x, 256, 32);
    assert_int_equal(import_flags(&dh_class, "CAPIDHPRIVATEBLOB", &bad, 0),
                     STATUS_INVALID_PARAMETER);
    SCOPED_BN *one = bn_word(1);
    bad = capi_of(p, one, g, y, x, 256, 32);
    assert_int_equal(import_flags(&dh_class, "CAPIDHPRIVATEBLOB", &bad, 0),
                     STATUS_INVALID_PARAMETER);
    /* q is known here: a peer outside of the subgroup is refused. */
    SCOPED_BN *five = bn_word(5);
    struct buf peer_blob = capi_of(p, q, g, five, x, 256, 32);
    KEY *peer;
    assert_int_equal(
        try_import(&dh_class, "CAPIDHPRIVATEBLOB", &peer_blob, BCRYPT_NO_KEY_VALIDATION, &peer),
        STATUS_SUCCESS);
    assert_int_equal(import_flags(&dh_class, "CAPIDHPRIVATEBLOB", &peer_blob,
                                  BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER),
                     STATUS_INVALID_PARAMETER);
    /* x of q or more, y that does not fit. */
    SCOPED_BN *x_plus = BN_dup(q);
    bad = capi_of(p, q, g, y, x_plus, 256, 32);
    assert_int_equal(import_flags(&dh_class, "CAPIDHPRIVATEBLOB", &bad, 0),
                     STATUS_INVALID_PARAMETER);
    bad = capi_of(p, q, g, g, x, 256, 32);
    assert_int_equal(import_flags(&dh_class, "CAPIDHPRIVATEBLOB", &bad, 0),
                     STATUS_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_bad_public_values, teardown),
        cmocka_unit_test_teardown(test_order, teardown),
        cmocka_unit_test_teardown(test_bad_private_values, teardown),
        cmocka_unit_test_teardown(test_bad_sizes, teardown),
        cmocka_unit_test_teardown(test_padded_peer, teardown),
        cmocka_unit_test_teardown(test_refused_agreements, teardown),
        cmocka_unit_test_teardown(test_leading_zeros, teardown),
        cmocka_unit_test_teardown(test_threads, teardown),
        cmocka_unit_test_teardown(test_capi, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
