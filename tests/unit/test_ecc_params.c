/*
 * Explicit curve parameters, as property and in full blobs: named curves recognised, look-alikes
 * refused, unknown curves examined and used.
 */
#include "ecc_fixture.h"

#include <time.h>

#include <openssl/ec.h>

struct numbers {
    uint32_t version, type, generation;
    const char *p, *a, *b, *gx, *gy, *n, *h, *seed;
};

#define WEIERSTRASS BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE

static const struct numbers nist_p256 = {
    1,
    WEIERSTRASS,
    0,
    "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
    "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC",
    "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
    "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
    "01",
    "",
};

/* SEC 2 version 1: a curve of prime order and one with cofactor 4 that have no name on Windows. */
static const struct numbers secp112r1 = {
    1,
    WEIERSTRASS,
    0,
    "DB7C2ABF62E35E668076BEAD208B",
    "DB7C2ABF62E35E668076BEAD2088",
    "659EF8BA043916EEDE8911702B22",
    "09487239995A5EE76B55F9C2F098",
    "A89CE5AF8724C0A23E0E0FF77500",
    "DB7C2ABF62E35E7628DFAC6561C5",
    "01",
    "",
};
static const struct numbers secp128r2 = {
    1,
    WEIERSTRASS,
    0,
    "FFFFFFFDFFFFFFFFFFFFFFFFFFFFFFFF",
    "D6031998D1B3BBFEBF59CC9BBFF9AEE1",
    "5EEEFCA380D02919DC2C6558BB6D8A5D",
    "7B6AA5D85E572983E6FB32A7CDEBC140",
    "27B6916A894D3AEE7106FE805FC34B44",
    "3FFFFFFF7FFFFFFFBE0024720613B5A3",
    "04",
    "",
};

static void put_params(struct bytes *b, const struct numbers *v)
{
    put_u32(b, v->version);
    put_u32(b, v->type);
    put_u32(b, v->generation);
    put_u32(b, (uint32_t)strlen(v->p) / 2);
    put_u32(b, (uint32_t)strlen(v->n) / 2);
    put_u32(b, (uint32_t)strlen(v->h) / 2);
    put_u32(b, (uint32_t)strlen(v->seed) / 2);
    const char *const numbers[] = {v->p, v->a, v->b, v->gx, v->gy, v->n, v->h, v->seed};
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
        put_hex(b, numbers[i]);
}

static struct bytes params_blob(const struct numbers *v)
{
    struct bytes b = {.n = 0};
    put_params(&b, v);
    return b;
}

static NTSTATUS set_on_alg(const struct alg_class *class, const struct numbers *v)
{
    struct test_alg a;
    struct alg *alg = alg_open(&a, class);
    const struct prop_target t = on_alg(alg);
    struct bytes b = params_blob(v);
    NTSTATUS status = prop_set(&t, "ECCParameters", b.p, b.n);
    alg_close(alg);
    return status;
}

/* The property gives back what was set, for an algorithm, for its keys, and in full blobs. */
static void test_unnamed(void **state)
{
    (void)state;
    static const struct numbers *const some[] = {&secp112r1, &secp128r2};
    for (size_t i = 0; i < ARRAY_COUNT(some); i++) {
        struct test_alg a;
        struct alg *alg = alg_open(&a, &ecdsa_class);
        const struct prop_target t = on_alg(alg);
        struct bytes want = params_blob(some[i]);
        assert_int_equal(prop_set(&t, "ECCParameters", want.p, want.n), STATUS_SUCCESS);
        assert_curve(&t, "");
        struct bytes got;
        uint32_t n = 0;
        assert_int_equal(prop_get(&t, "ECCParameters", got.p, sizeof got.p, &n), STATUS_SUCCESS);
        assert_int_equal(n, want.n);
        assert_memory_equal(got.p, want.p, n);

        struct key *key = generate_on(alg, 0);
        const struct prop_target k = on_key(key);
        assert_int_equal(prop_u32(&k, "KeyLength"), strlen(some[i]->p) * 4);
        assert_int_equal(prop_get(&k, "ECCParameters", got.p, sizeof got.p, &n), STATUS_SUCCESS);
        assert_int_equal(n, want.n);
        assert_memory_equal(got.p, want.p, n);

        struct bytes hash = {.n = 20};
        struct bytes sig, blob, again;
        assert_int_equal(sign_hash(key, bytes_span(&hash), &sig), STATUS_SUCCESS);
        export_key(key, "ECCFULLPUBLICBLOB", &blob);
        assert_memory_equal(blob.p, "ECDP", 4);
        assert_memory_equal(blob.p + 4, want.p, want.n);
        struct key *public = import_key(&ecdsa_class, NULL, "ECCFULLPUBLICBLOB", &blob);
        assert_int_equal(verify_hash(public, bytes_span(&hash), &sig), STATUS_SUCCESS);
        export_key(public, "ECCFULLPUBLICBLOB", &again);
        assert_int_equal(again.n, blob.n);
        assert_memory_equal(again.p, blob.p, blob.n);
        export_key(key, "ECCFULLPRIVATEBLOB", &blob);
        assert_int_equal(blob.n, 4 + want.n + strlen(some[i]->p) + strlen(some[i]->n) / 2);
        struct key *private = import_key(&ecdsa_class, NULL, "ECCFULLPRIVATEBLOB", &blob);
        assert_int_equal(sign_hash(private, bytes_span(&hash), &sig), STATUS_SUCCESS);
        assert_int_equal(verify_hash(public, bytes_span(&hash), &sig), STATUS_SUCCESS);
        export_key(private, "ECCFULLPRIVATEBLOB", &again);
        assert_memory_equal(again.p, blob.p, blob.n);

        /* The plain blob needs the algorithm to know the curve. */
        export_key(key, "ECCPUBLICBLOB", &blob);
        assert_int_equal(import_status(&ecdsa_class, NULL, "ECCPUBLICBLOB", &blob, 0),
                         STATUS_INVALID_PARAMETER);
        struct key *plain;
        assert_int_equal(import_on(alg, "ECCPUBLICBLOB", bytes_span(&blob), 0, &plain),
                         STATUS_SUCCESS);
        assert_int_equal(verify_hash(plain, bytes_span(&hash), &sig), STATUS_SUCCESS);
        key_free(plain);
        alg_close(alg); /* before its keys */
        key_free(key);
        key_free(public);
        key_free(private);
    }
}

/* Agreement between keys whose equal parameters were given twice. */
static void test_unnamed_agree(void **state)
{
    (void)state;
    struct key *keys[2];
    struct bytes want = params_blob(&secp112r1);
    for (size_t i = 0; i < 2; i++) {
        struct test_alg a;
        struct alg *alg = alg_open(&a, &ecdh_class);
        const struct prop_target t = on_alg(alg);
        assert_int_equal(prop_set(&t, "ECCParameters", want.p, want.n), STATUS_SUCCESS);
        keys[i] = generate_on(alg, i == 0 ? 0 : 112);
        alg_close(alg);
    }
    struct bytes z, w;
    assert_int_equal(agree_raw(keys[0], keys[1], &z), STATUS_SUCCESS);
    assert_int_equal(agree_raw(keys[1], keys[0], &w), STATUS_SUCCESS);
    assert_int_equal(z.n, 14);
    assert_memory_equal(z.p, w.p, 14);
    key_free(keys[0]);
    key_free(keys[1]);
}

/* A named curve's parameters are that curve: name, blobs, agreement. */
static void test_named(void **state)
{
    (void)state;
    struct key *named = generate_named(&ecdh_class, "x962P256v1");
    struct bytes blob, full, again, z, w;
    export_key(named, "ECCFULLPRIVATEBLOB", &full);
    struct bytes want = {.n = 0};
    put_u32(&want, BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC);
    put_params(&want, &nist_p256);
    assert_memory_equal(full.p, want.p, want.n);
    assert_int_equal(full.n, want.n + 3 * 32);

    struct key *key = import_key(&ecdh_class, NULL, "ECCFULLPRIVATEBLOB", &full);
    const struct prop_target t = on_key(key);
    assert_curve(&t, "nistP256");
    assert_int_equal(agree_raw(key, named, &z), STATUS_SUCCESS);
    assert_int_equal(agree_raw(named, named, &w), STATUS_SUCCESS);
    assert_memory_equal(z.p, w.p, 32);
    export_key(key, "ECCPUBLICBLOB", &blob);
    assert_memory_equal(blob.p, "ECK1", 4);
    key_free(key);

    /* With the curve set, the name is the one that was set. */
    key = import_key(&ecdh_class, "secP256r1", "ECCFULLPRIVATEBLOB", &full);
    const struct prop_target s = on_key(key);
    assert_curve(&s, "secP256r1");
    key_free(key);
    assert_int_equal(import_status(&ecdh_class, "secP256k1", "ECCFULLPRIVATEBLOB", &full, 0),
                     STATUS_INVALID_PARAMETER);
    key = import_key(&ecdh_p256_class, NULL, "ECCFULLPRIVATEBLOB", &full);
    key_free(key);
    assert_int_equal(import_status(&ecdh_p384_class, NULL, "ECCFULLPRIVATEBLOB", &full, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_class, NULL, "ECCFULLPRIVATEBLOB", &full, 0),
                     STATUS_INVALID_PARAMETER);

    /* A seed and its algorithm come back as they were, and the curve stays the named one. */
    struct numbers seeded = nist_p256;
    seeded.generation = 0x8004;
    seeded.seed = "C49D360886E704936A6678E1139D26B7819F7E90";
    want.n = 0;
    put_u32(&want, BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC);
    put_params(&want, &seeded);
    put(&want, full.p + full.n - 96, 96);
    key = import_key(&ecdh_class, NULL, "ECCFULLPRIVATEBLOB", &want);
    const struct prop_target k = on_key(key);
    assert_curve(&k, "nistP256");
    export_key(key, "ECCFULLPRIVATEBLOB", &again);
    assert_int_equal(again.n, want.n);
    assert_memory_equal(again.p, want.p, want.n);
    assert_int_equal(agree_raw(key, named, &z), STATUS_SUCCESS);
    assert_memory_equal(z.p, w.p, 32);
    key_free(key);
    key_free(named);
}

/* CVE-2020-0601: same field and equation, another generator (here Q itself, whose private key is
 * 1), order, cofactor. */
static void test_lookalikes(void **state)
{
    (void)state;
    struct numbers v = nist_p256;
    v.gx = "7CF27B188D034F7E8A52380304B51AC3C08969E277F21B35A60B48FC47669978"; /* 2 G */
    v.gy = "07775510DB8ED040293D9AC69F7430DBBA7DADE63CE982299E04B79D227873D1";
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_INVALID_PARAMETER);
    struct bytes blob = {.n = 0};
    put_u32(&blob, BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC);
    put_params(&blob, &v);
    put_hex(&blob, v.gx);
    put_hex(&blob, v.gy);
    assert_int_equal(import_status(&ecdsa_class, NULL, "ECCFULLPUBLICBLOB", &blob, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(
        import_status(&ecdsa_class, NULL, "ECCFULLPUBLICBLOB", &blob, BCRYPT_NO_KEY_VALIDATION),
        STATUS_INVALID_PARAMETER);
    v = nist_p256;
    v.gy = "B01CBD1C01E58065711814B583F061E9D431CCA994CEA1313449BF97C840AE0A"; /* -G */
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_INVALID_PARAMETER);
    v = nist_p256;
    v.h = "02";
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_INVALID_PARAMETER);
    v = nist_p256;
    v.n = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632553";
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_INVALID_PARAMETER);
    /* Leading zeros make no difference. */
    v = nist_p256;
    v.h = "0001";
    v.n = "00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_SUCCESS);
}

/* Each has exactly one fault. */
static void test_unsound(void **state)
{
    (void)state;
    struct numbers v;
#define FAULT(base, field, value)                                                                  \
    v = base;                                                                                      \
    v.field = value;                                                                               \
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_INVALID_PARAMETER)

    FAULT(secp112r1, p, "DB7C2ABF62E35E668076BEAD208D"); /* composite */
    FAULT(secp112r1, p, "DB7C2ABF62E35E668076BEAD208A"); /* even */
    FAULT(secp112r1, p, "0000000000000000000000000000");
    FAULT(secp112r1, p, "0000000000000000000000000003");
    FAULT(secp112r1, a, "DB7C2ABF62E35E668076BEAD208B"); /* p */
    FAULT(secp112r1, b, "659EF8BA043916EEDE8911702B23"); /* generator off the curve */
    FAULT(secp112r1, gx, "09487239995A5EE76B55F9C2F099");
    FAULT(secp112r1, gy, "00000000000000000000000000FF");
    FAULT(secp112r1, n, "DB7C2ABF62E35E7628DFAC6561C7"); /* not its order */
    FAULT(secp112r1, n, "DB7C2ABF62E35E668076BEAD208B"); /* p */
    FAULT(secp112r1, n, "0000000000000000000000000001");
    FAULT(secp112r1, n, "0000000000000000000000000000");
    FAULT(secp112r1, h, "00");
    FAULT(secp112r1, h, "02");
    FAULT(secp112r1, h, "");
    FAULT(secp128r2, h, "01");
    FAULT(secp128r2, h, "03");
    FAULT(secp112r1, version, 2);
    FAULT(secp112r1, type, 0);
    FAULT(secp112r1, type, 4);
#undef FAULT

    /* Singular: y^2 = x^3. */
    v = secp112r1;
    v.a = v.b = "0000000000000000000000000000";
    v.gx = v.gy = "0000000000000000000000000001";
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_INVALID_PARAMETER);

    /* Anomalous, n = p: a known example (Smart's attack). */
    const struct numbers anomalous = {
        1,
        WEIERSTRASS,
        0,
        "800000000000000022BFE7B0154D1A5CDDD6196B",
        "4A9155F77369EA270678586D3A7ACF3D3983D99A",
        "239F1C05B30EB93B682FB4D73C8C32151836D536",
        "0000000000000000000000000000000000000001",
        "3664EFD6686AF60A4989FCE81C9E8A51BF2D3A7C",
        "800000000000000022BFE7B0154D1A5CDDD6196B",
        "01",
        "",
    };
    assert_int_equal(set_on_alg(&ecdsa_class, &anomalous), STATUS_INVALID_PARAMETER);

    /* Supersingular, y^2 = x^3 + x with p = 3 mod 4: embedding degree 2. */
    const struct numbers supersingular = {
        1,
        WEIERSTRASS,
        0,
        "0100000000000000000000000000004683",
        "0000000000000000000000000000000001",
        "0000000000000000000000000000000000",
        "00CD076A33534162FDF90C7DBE91BEFE34",
        "003EDE0AECC590E15BE001AA0E06466ACA",
        "400000000000000000000000000011A1",
        "04",
        "",
    };
    assert_int_equal(set_on_alg(&ecdsa_class, &supersingular), STATUS_INVALID_PARAMETER);
}

/* Other forms are known for the named curves alone. */
static void test_forms(void **state)
{
    (void)state;
    static const char *const names[] = {"curve25519", "numsP256t1", "numsP384t1", "numsP512t1"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct key *key = generate_named(&ecdh_class, names[i]);
        struct bytes blob, again, z, w;
        export_key(key, "ECCFULLPRIVATEBLOB", &blob);
        assert_int_equal(blob.p[8], i == 0 ? BCRYPT_ECC_PRIME_MONTGOMERY_CURVE
                                           : BCRYPT_ECC_PRIME_TWISTED_EDWARDS_CURVE);
        struct key *copy = import_key(&ecdh_class, NULL, "ECCFULLPRIVATEBLOB", &blob);
        const struct prop_target t = on_key(copy);
        assert_curve(&t, names[i]);
        export_key(copy, "ECCFULLPRIVATEBLOB", &again);
        assert_int_equal(again.n, blob.n);
        assert_memory_equal(again.p, blob.p, blob.n);
        assert_int_equal(agree_raw(key, copy, &z), STATUS_SUCCESS);
        assert_int_equal(agree_raw(copy, key, &w), STATUS_SUCCESS);
        assert_memory_equal(z.p, w.p, z.n);
        key_free(copy);

        uint32_t field = get_u32(&blob, 16);
        again = blob;
        again.p[32 + 3 * field - 1] ^= 1; /* B */
        assert_int_equal(import_status(&ecdh_class, NULL, "ECCFULLPRIVATEBLOB", &again, 0),
                         STATUS_NOT_SUPPORTED);
        again = blob;
        again.p[32 + 4 * field - 1] ^= 1; /* Gx */
        assert_int_equal(import_status(&ecdh_class, NULL, "ECCFULLPRIVATEBLOB", &again, 0),
                         STATUS_INVALID_PARAMETER);
        again = blob;
        again.p[8] = WEIERSTRASS;
        assert_int_equal(import_status(&ecdh_class, NULL, "ECCFULLPRIVATEBLOB", &again, 0),
                         STATUS_INVALID_PARAMETER);
        key_free(key);
    }
    struct numbers v = nist_p256;
    v.type = BCRYPT_ECC_PRIME_TWISTED_EDWARDS_CURVE;
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_NOT_SUPPORTED);
    v.type = BCRYPT_ECC_PRIME_MONTGOMERY_CURVE;
    assert_int_equal(set_on_alg(&ecdsa_class, &v), STATUS_NOT_SUPPORTED);

    /* curve25519 is not for ECDSA in this form either. */
    struct key *key = generate_named(&ecdh_class, "curve25519");
    const struct prop_target t = on_key(key);
    struct bytes params;
    uint32_t n = 0;
    assert_int_equal(prop_get(&t, "ECCParameters", params.p, sizeof params.p, &n), STATUS_SUCCESS);
    struct test_alg a;
    struct alg *alg = alg_open(&a, &ecdsa_class);
    const struct prop_target s = on_alg(alg);
    assert_int_equal(prop_set(&s, "ECCParameters", params.p, n), STATUS_NOT_SUPPORTED);
    alg_close(alg);
    key_free(key);
}

/* On a curve with a cofactor a point may be on the curve and no multiple of the generator. */
static void test_order(void **state)
{
    (void)state;
    struct bytes want = params_blob(&secp128r2);
    struct test_alg a;
    struct alg *alg = alg_open(&a, &ecdh_class);
    const struct prop_target t = on_alg(alg);
    assert_int_equal(prop_set(&t, "ECCParameters", want.p, want.n), STATUS_SUCCESS);
    struct key *own = generate_on(alg, 0);
    const struct ecc_group *g = ecc_key_of(own)->curve.group;

    /* The first x with a point outside the generator's group. */
    EC_POINT *p = EC_POINT_new(g->ec);
    EC_POINT *q = EC_POINT_new(g->ec);
    BIGNUM *x = BN_new(), *y = BN_new();
    for (BN_ULONG i = 1;; i++) {
        BN_set_word(x, i);
        if (EC_POINT_set_compressed_coordinates(g->ec, p, x, 0, NULL) == 1 &&
            EC_POINT_mul(g->ec, q, NULL, p, EC_GROUP_get0_order(g->ec), NULL) == 1 &&
            !EC_POINT_is_at_infinity(g->ec, q))
            break;
        ERR_clear_error();
    }
    assert_int_equal(EC_POINT_get_affine_coordinates(g->ec, p, x, y, NULL), 1);
    struct bytes blob = {.n = 0};
    put_u32(&blob, BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC);
    put_u32(&blob, 16);
    blob.n += 32;
    assert_true(bn_write(x, blob.p + 8, 16) && bn_write(y, blob.p + 24, 16));
    BN_free(x);
    BN_free(y);
    EC_POINT_free(p);
    EC_POINT_free(q);

    static const struct {
        uint32_t flags;
        NTSTATUS status;
    } cases[] = {
        {0, STATUS_INVALID_PARAMETER},
        {BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER, STATUS_INVALID_PARAMETER},
        {BCRYPT_KEY_VALIDATION_RANGE, STATUS_SUCCESS},
        {BCRYPT_NO_KEY_VALIDATION, STATUS_SUCCESS},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct key *peer;
        assert_int_equal(import_on(alg, "ECCPUBLICBLOB", bytes_span(&blob), cases[i].flags, &peer),
                         cases[i].status);
        struct bytes z;
        if (peer != NULL)
            assert_int_equal(agree_raw(own, peer, &z), STATUS_INVALID_PARAMETER);
        key_free(peer);
    }
    key_free(own);
    alg_close(alg);
}

/* Parameters set on a key between generate and finalize. */
static void test_on_key(void **state)
{
    (void)state;
    struct test_alg a;
    struct alg *alg = alg_open(&a, &ecdsa_class);
    struct key *key;
    assert_int_equal(alg->class->asym->generate(alg, 112, 0, &key), STATUS_SUCCESS);
    const struct prop_target t = on_key(key);
    struct bytes wrong = params_blob(&secp128r2);
    struct bytes right = params_blob(&secp112r1);
    assert_int_equal(prop_set(&t, "ECCParameters", wrong.p, wrong.n), STATUS_INVALID_PARAMETER);
    assert_int_equal(prop_set(&t, "ECCParameters", right.p, right.n - 1), STATUS_INVALID_PARAMETER);
    assert_int_equal(prop_set(&t, "ECCParameters", right.p, right.n + 1), STATUS_INVALID_PARAMETER);
    assert_int_equal(prop_set(&t, "ECCParameters", right.p, 4), STATUS_INVALID_PARAMETER);
    assert_int_equal(prop_set(&t, "ECCParameters", NULL, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(prop_set(&t, "ECCParameters", right.p, right.n), STATUS_SUCCESS);
    assert_int_equal(prop_set(&t, "ECCParameters", right.p, right.n), STATUS_SUCCESS);
    assert_int_equal(alg->class->asym->finalize(key, 0), STATUS_SUCCESS);
    key_free(key);

    /* The name takes the parameters' place and the reverse. */
    const struct prop_target s = on_alg(alg);
    assert_int_equal(prop_set(&s, "ECCParameters", right.p, right.n), STATUS_SUCCESS);
    assert_int_equal(set_curve(&s, "secP224k1"), STATUS_SUCCESS);
    assert_curve(&s, "secP224k1");
    assert_int_equal(prop_set(&s, "ECCParameters", wrong.p, wrong.n), STATUS_SUCCESS);
    assert_curve(&s, "");
    alg_close(alg);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The largest numbers that are looked at, and larger ones that are not, take no noticeable time. */
static void test_bounded_work(void **state)
{
    (void)state;
    for (size_t bytes = 64; bytes <= 8192; bytes *= 2) {
        size_t n = 28 + 6 * bytes + 1;
        uint8_t *p = calloc(1, n);
        assert_non_null(p);
        const uint32_t head[] = {1, WEIERSTRASS, 0, (uint32_t)bytes, (uint32_t)bytes, 1, 0};
        memcpy(p, head, sizeof head);
        BIGNUM *prime = BN_new();
        if (bytes <= 128) {
            assert_int_equal(BN_generate_prime_ex(prime, (int)bytes * 8, 0, NULL, NULL, NULL), 1);
            assert_true(bn_write(prime, p + 28, bytes));
            BN_add_word(prime, 2);
            assert_true(bn_write(prime, p + 28 + 5 * bytes, bytes));
        } else {
            memset(p + 28, 0xFF, bytes);
            memset(p + 28 + 5 * bytes, 0xFF, bytes);
        }
        BN_free(prime);
        p[28 + 2 * bytes - 1] = 1;
        p[28 + 3 * bytes - 1] = 7;
        p[n - 1] = 1;
        struct test_alg a;
        struct alg *alg = alg_open(&a, &ecdsa_class);
        const struct prop_target t = on_alg(alg);
        double start = seconds();
        assert_int_equal(prop_set(&t, "ECCParameters", p, n), STATUS_INVALID_PARAMETER);
        assert_true(seconds() - start < 1.0);
        alg_close(alg);
        free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unnamed),      cmocka_unit_test(test_unnamed_agree),
        cmocka_unit_test(test_named),        cmocka_unit_test(test_lookalikes),
        cmocka_unit_test(test_unsound),      cmocka_unit_test(test_forms),
        cmocka_unit_test(test_order),        cmocka_unit_test(test_on_key),
        cmocka_unit_test(test_bounded_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
