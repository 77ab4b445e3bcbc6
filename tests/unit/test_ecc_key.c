/* Elliptic-curve keys: generation, properties, blobs byte for byte, what
 * imports refuse, and threads. */
#include "ecc_fixture.h"

#include <pthread.h>

/* RFC 6979 A.2.5: a P-256 key pair. */
#define P256_D "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"
#define P256_X "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
#define P256_Y "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"
#define P256_P "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"
#define P256_N "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
#define P256_GX "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
#define P256_GY "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
#define ZERO32 "0000000000000000000000000000000000000000000000000000000000000000"

#define ECS1 BCRYPT_ECDSA_PUBLIC_P256_MAGIC
#define ECS2 BCRYPT_ECDSA_PRIVATE_P256_MAGIC
#define ECDP BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC
#define ECDV BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC

static const struct fixed {
    const struct alg_class *class;
    uint32_t bits;
    const char *curve;
    const char *public_magic, *private_magic;
} fixed[] = {
    {&ecdsa_p256_class, 256, "nistP256", "ECS1", "ECS2"},
    {&ecdsa_p384_class, 384, "nistP384", "ECS3", "ECS4"},
    {&ecdsa_p521_class, 521, "nistP521", "ECS5", "ECS6"},
    {&ecdh_p256_class, 256, "nistP256", "ECK1", "ECK2"},
    {&ecdh_p384_class, 384, "nistP384", "ECK3", "ECK4"},
    {&ecdh_p521_class, 521, "nistP521", "ECK5", "ECK6"},
};

static NTSTATUS generate_status(struct alg *alg, uint32_t bits)
{
    struct key *key = NULL;
    NTSTATUS status = alg->class->asym->generate(alg, bits, 0, &key);
    key_free(key);
    return status;
}

static void test_generate_fixed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(fixed); i++) {
        const struct fixed *f = &fixed[i];
        struct test_alg a;
        struct alg *alg = alg_open(&a, f->class);
        assert_int_equal(generate_status(alg, 0), STATUS_INVALID_PARAMETER);
        assert_int_equal(generate_status(alg, f->bits - 1), STATUS_INVALID_PARAMETER);
        assert_int_equal(generate_status(alg, f->bits + 1), STATUS_INVALID_PARAMETER);
        assert_int_equal(generate_status(alg, f->bits == 256 ? 384 : 256),
                         STATUS_INVALID_PARAMETER);

        struct key *key = generate_on(alg, f->bits);
        assert_true(key->has_private);
        const struct prop_target t = on_key(key);
        assert_int_equal(prop_u32(&t, "KeyLength"), f->bits);
        assert_int_equal(prop_u32(&t, "KeyStrength"), f->bits);
        assert_int_equal(prop_u32(&t, "PublicKeyLength"), f->bits);
        assert_curve(&t, f->curve);
        assert_int_equal(set_curve(&t, "nistP256"), STATUS_NOT_SUPPORTED);

        size_t n = (f->bits + 7) / 8;
        struct bytes blob;
        export_key(key, "ECCPUBLICBLOB", &blob);
        assert_int_equal(blob.n, 8 + 2 * n);
        assert_memory_equal(blob.p, f->public_magic, 4);
        assert_int_equal(blob.p[4], n);
        struct bytes same;
        export_key(key, "PUBLICBLOB", &same);
        assert_memory_equal(same.p, blob.p, blob.n);
        export_key(key, "ECCPRIVATEBLOB", &blob);
        assert_int_equal(blob.n, 8 + 3 * n);
        assert_memory_equal(blob.p, f->private_magic, 4);
        struct key *copy = import_key(f->class, NULL, "PRIVATEBLOB", &blob);
        export_key(copy, "PRIVATEBLOB", &same);
        assert_memory_equal(same.p, blob.p, blob.n);
        key_free(copy);
        key_free(key);

        uint32_t lengths[3];
        uint32_t got = 0;
        const struct prop_target s = on_alg(alg);
        assert_int_equal(prop_get(&s, "KeyLengths", lengths, sizeof lengths, &got), STATUS_SUCCESS);
        assert_int_equal(got, 12);
        assert_int_equal(lengths[0], f->bits);
        assert_int_equal(lengths[1], f->bits);
        assert_int_equal(lengths[2], 0);
        alg_close(alg);
    }
}

static void test_generate_generic(void **state)
{
    (void)state;
    static const struct alg_class *const classes[] = {&ecdsa_class, &ecdh_class};
    for (size_t c = 0; c < ARRAY_COUNT(classes); c++) {
        struct test_alg a;
        struct alg *alg = alg_open(&a, classes[c]);
        /* Without a curve: an empty key, which can have no key material. */
        struct key *key = NULL;
        assert_int_equal(alg->class->asym->generate(alg, 0, 0, &key), STATUS_SUCCESS);
        const struct prop_target t = on_key(key);
        uint32_t v;
        uint32_t n;
        assert_int_equal(prop_get(&t, "KeyStrength", &v, 4, &n), STATUS_INVALID_HANDLE);
        assert_int_equal(alg->class->asym->finalize(key, 0), STATUS_INVALID_PARAMETER);
        /* It may still get one. */
        assert_int_equal(set_curve(&t, "nistP521"), STATUS_SUCCESS);
        assert_int_equal(prop_u32(&t, "KeyStrength"), 521);
        assert_int_equal(set_curve(&t, "brainpoolP320t1"), STATUS_SUCCESS);
        assert_int_equal(prop_u32(&t, "KeyStrength"), 320);
        assert_int_equal(alg->class->asym->finalize(key, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER),
                         STATUS_SUCCESS);
        assert_curve(&t, "brainpoolP320t1");
        key_free(key);

        /* A size that was asked for has to be the curve's. */
        assert_int_equal(alg->class->asym->generate(alg, 256, 0, &key), STATUS_SUCCESS);
        const struct prop_target u = on_key(key);
        assert_int_equal(set_curve(&u, "nistP384"), STATUS_INVALID_PARAMETER);
        assert_int_equal(set_curve(&u, "nistP256"), STATUS_SUCCESS);
        key_free(key);
        assert_int_equal(generate_status(alg, 100000), STATUS_INVALID_PARAMETER);

        /* The curve of the algorithm; keys that exist keep theirs. */
        const struct prop_target s = on_alg(alg);
        assert_int_equal(prop_get(&s, "ECCCurveName", NULL, 0, &n), STATUS_NOT_SUPPORTED);
        assert_int_equal(set_curve(&s, "secP256r1"), STATUS_SUCCESS);
        assert_int_equal(generate_status(alg, 255), STATUS_INVALID_PARAMETER);
        assert_int_equal(generate_status(alg, 384), STATUS_INVALID_PARAMETER);
        key = generate_on(alg, 256);
        assert_int_equal(set_curve(&s, "wtls9"), STATUS_SUCCESS);
        struct key *other = generate_on(alg, 0);
        const struct prop_target k = on_key(key);
        const struct prop_target o = on_key(other);
        assert_curve(&k, "secP256r1");
        assert_curve(&o, "wtls9");
        assert_int_equal(prop_u32(&o, "KeyLength"), 160);
        assert_int_equal(prop_u32(&o, "KeyStrength"), 161);
        key_free(key);
        key_free(other);
        alg_close(alg);
    }

    struct test_alg a;
    struct alg *alg = alg_open(&a, &ecdh_class);
    const struct prop_target s = on_alg(alg);
    assert_int_equal(set_curve(&s, "curve25519"), STATUS_SUCCESS);
    assert_int_equal(generate_status(alg, 0), STATUS_SUCCESS);
    assert_int_equal(generate_status(alg, 255), STATUS_SUCCESS);
    assert_int_equal(generate_status(alg, 256), STATUS_INVALID_PARAMETER);
    assert_null(prop_of(&ecdh_class, "SignatureLength"));
    alg_close(alg);
}

static void test_key_lengths(void **state)
{
    (void)state;
    struct test_alg a;
    struct alg *alg = alg_open(&a, &ecdsa_class);
    const struct prop_target t = on_alg(alg);
    uint32_t lengths[3];
    uint32_t n = 0;
    assert_int_equal(prop_get(&t, "KeyLengths", lengths, 12, &n), STATUS_SUCCESS);
    assert_int_equal(lengths[0], 160);
    assert_int_equal(lengths[1], 521);
    assert_int_equal(prop_get(&t, "KeyLength", lengths, 12, &n), STATUS_NOT_SUPPORTED);
    assert_int_equal(set_curve(&t, "x962P239v2"), STATUS_SUCCESS);
    assert_int_equal(prop_get(&t, "KeyLengths", lengths, 12, &n), STATUS_SUCCESS);
    assert_int_equal(lengths[0], 239);
    assert_int_equal(lengths[1], 239);
    assert_int_equal(prop_u32(&t, "KeyLength"), 239);
    assert_int_equal(prop_get(&t, "KeyLengths", lengths, 11, &n), STATUS_BUFFER_TOO_SMALL);
    alg_close(alg);
}

static void test_name_list(void **state)
{
    (void)state;
    struct test_alg a;
    struct alg *alg = alg_open(&a, &ecdh_class);
    const struct prop_target t = on_alg(alg);
    uint32_t need = 0;
    assert_int_equal(prop_get(&t, "ECCCurveNameList", NULL, 0, &need), STATUS_SUCCESS);
    uint8_t *p = calloc(1, need);
    assert_non_null(p);
    uint32_t n = 0;
    assert_int_equal(prop_get(&t, "ECCCurveNameList", p, need, &n), STATUS_SUCCESS);
    BCRYPT_ECC_CURVE_NAMES list;
    memcpy(&list, p, sizeof list);
    assert_int_equal(list.dwEccCurveNames, CURVE_COUNT);
    const struct prop_target s = on_alg(alg);
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        const uint16_t *wide;
        memcpy(&wide, (const uint8_t *)list.pEccCurveNames + i * sizeof wide, sizeof wide);
        struct name name;
        assert_int_equal(name_read(&name, wide, WIDTH_16), STATUS_SUCCESS);
        assert_string_equal(name.s, curves[i].name);
        assert_int_equal(set_curve(&s, name.s), STATUS_SUCCESS);
    }
    free(p);
    alg_close(alg);
}

/* Fixed algorithms take their own magic, generic ones the generic magic of the curve that is set
 * and the magics of P-256, P-384, P-521, which bring their curve along. */
static void test_magics(void **state)
{
    (void)state;
    struct bytes own = blob_of(ECS1, P256_X, P256_Y, NULL);
    struct bytes generic = blob_of(ECDP, P256_X, P256_Y, NULL);
    struct bytes ecdh = blob_of(BCRYPT_ECDH_PUBLIC_P256_MAGIC, P256_X, P256_Y, NULL);
    struct bytes ecdh_generic = blob_of(BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, P256_X, P256_Y, NULL);
    struct bytes unknown = blob_of(0x12345678, P256_X, P256_Y, NULL);
    const char *type = "ECCPUBLICBLOB";

    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &own, 0), STATUS_SUCCESS);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &generic, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &ecdh, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &unknown, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p384_class, NULL, type, &own, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdh_p256_class, NULL, type, &own, 0),
                     STATUS_INVALID_PARAMETER);

    assert_int_equal(import_status(&ecdsa_class, NULL, type, &own, 0), STATUS_SUCCESS);
    assert_int_equal(import_status(&ecdsa_class, NULL, type, &generic, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_class, "nistP256", type, &own, 0), STATUS_SUCCESS);
    assert_int_equal(import_status(&ecdsa_class, "nistP256", type, &generic, 0), STATUS_SUCCESS);
    assert_int_equal(import_status(&ecdsa_class, "nistP384", type, &own, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_class, "nistP384", type, &generic, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_class, "secP256k1", type, &generic, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_class, "nistP256", type, &ecdh, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_class, "nistP256", type, &ecdh_generic, 0),
                     STATUS_INVALID_PARAMETER);

    /* The name is the one that was set, else the first; the magic goes out
     * that imports everywhere. */
    static const char *const names[] = {NULL, "secP256r1", "x962P256v1"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct key *key = import_key(&ecdsa_class, names[i], type, &own);
        const struct prop_target t = on_key(key);
        assert_curve(&t, names[i] != NULL ? names[i] : "nistP256");
        struct bytes out;
        export_key(key, type, &out);
        assert_int_equal(out.n, own.n);
        assert_memory_equal(out.p, own.p, own.n);
        key_free(key);
    }

    /* Public for private and the reverse. */
    struct bytes private = blob_of(ECS2, P256_X, P256_Y, P256_D);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, "ECCPRIVATEBLOB", &own, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, "PRIVATEBLOB", &own, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &private, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, "PUBLICBLOB", &private, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, "ECCFULLPUBLICBLOB", &own, 0),
                     STATUS_INVALID_PARAMETER);
}

/* Of a curve without a magic of its own. */
static void test_generic_blobs(void **state)
{
    (void)state;
    struct key *key = generate_named(&ecdsa_class, "secP256k1");
    struct bytes blob, full, out;
    export_key(key, "ECCPRIVATEBLOB", &blob);
    assert_memory_equal(blob.p, "ECDV", 4);
    assert_int_equal(blob.n, 8 + 96);
    struct key *copy = import_key(&ecdsa_class, "secP256k1", "ECCPRIVATEBLOB", &blob);
    export_key(copy, "ECCPRIVATEBLOB", &out);
    assert_memory_equal(out.p, blob.p, blob.n);
    export_key(copy, "ECCFULLPRIVATEBLOB", &full);
    assert_memory_equal(full.p, "ECDV", 4);
    key_free(copy);
    copy = import_key(&ecdsa_class, NULL, "PRIVATEBLOB", &full);
    const struct prop_target t = on_key(copy);
    assert_curve(&t, "secP256k1");
    export_key(copy, "ECCPRIVATEBLOB", &out);
    assert_memory_equal(out.p, blob.p, blob.n);
    key_free(copy);
    key_free(key);
}

/* SSL_ECCKEY_BLOB: TLS' number of the curve where the magic stands. */
static void test_ssl_blob(void **state)
{
    (void)state;
    struct bytes ssl = blob_of(23, P256_X, P256_Y, NULL);
    struct bytes own = blob_of(ECS1, P256_X, P256_Y, NULL);
    struct bytes out;
    struct key *key = import_key(&ecdsa_class, NULL, "SSLECCPUBLICBLOB", &ssl);
    export_key(key, "ECCPUBLICBLOB", &out);
    assert_memory_equal(out.p, own.p, own.n);
    export_key(key, "SSLECCPUBLICBLOB", &out);
    assert_int_equal(out.n, ssl.n);
    assert_memory_equal(out.p, ssl.p, ssl.n);
    key_free(key);
    assert_int_equal(import_status(&ecdh_p256_class, NULL, "SSLECCPUBLICBLOB", &ssl, 0),
                     STATUS_SUCCESS);
    assert_int_equal(import_status(&ecdh_p384_class, NULL, "SSLECCPUBLICBLOB", &ssl, 0),
                     STATUS_INVALID_PARAMETER);
    ssl.p[0] = 24;
    assert_int_equal(import_status(&ecdsa_class, NULL, "SSLECCPUBLICBLOB", &ssl, 0),
                     STATUS_INVALID_PARAMETER);
    ssl.p[0] = 200;
    assert_int_equal(import_status(&ecdsa_class, NULL, "SSLECCPUBLICBLOB", &ssl, 0),
                     STATUS_NOT_SUPPORTED);
    ssl.p[0] = 29;
    assert_int_equal(import_status(&ecdsa_class, NULL, "SSLECCPUBLICBLOB", &ssl, 0),
                     STATUS_NOT_SUPPORTED);

    key = generate_named(&ecdsa_class, "x962P239v1");
    assert_int_equal(export_status(key, "SSLECCPUBLICBLOB", &out), STATUS_NOT_SUPPORTED);
    key_free(key);
}

static void test_sizes(void **state)
{
    (void)state;
    const struct bytes blob = blob_of(ECS1, P256_X, P256_Y, NULL);
    for (size_t n = 0; n <= blob.n + 3; n++) {
        struct bytes cut = blob;
        cut.n = n;
        cut.p[blob.n] = 0;
        NTSTATUS status = import_status(&ecdsa_p256_class, NULL, "ECCPUBLICBLOB", &cut, 0);
        if (n == blob.n)
            assert_int_equal(status, STATUS_SUCCESS);
        else
            assert_true(status == STATUS_INVALID_BUFFER_SIZE || status == STATUS_INVALID_PARAMETER);
    }
    struct bytes odd = blob;
    odd.p[4] = 2; /* observed on Windows */
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, "ECCPUBLICBLOB", &odd, 0),
                     STATUS_INVALID_PARAMETER);
    odd.p[4] = 31;
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, "ECCPUBLICBLOB", &odd, 0),
                     STATUS_INVALID_PARAMETER);
    odd = blob_of(ECDP, "00" P256_X, "00" P256_Y, NULL);
    assert_int_equal(import_status(&ecdsa_class, "nistP256", "ECCPUBLICBLOB", &odd, 0),
                     STATUS_INVALID_PARAMETER);
}

#define WITHOUT BCRYPT_NO_KEY_VALIDATION
#define REGENERATE BCRYPT_KEY_VALIDATION_REGENERATE

/* A point on every flag: coordinates at or above p, off the curve, at infinity. */
static void test_bad_points(void **state)
{
    (void)state;
    static const struct {
        const char *x, *y;
    } points[] = {
        {ZERO32, ZERO32},
        {P256_X, ZERO32},
        {ZERO32, P256_Y},
        {P256_Y, P256_X},
        {P256_P, P256_Y},
        {P256_X, P256_P},
        {"60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB7", P256_Y},
        /* x + p of a point with a small x would be another writing of the same point. */
        {"FFFFFFFF00000001000000000000000000000001000000000000000000000004",
         "19719BEBF6AEA13F25C96DFD7C71F5225D4C8FC09EB5A0AB9F39E9178E55C121"},
    };
    static const uint32_t flags[] = {0, WITHOUT, BCRYPT_KEY_VALIDATION_RANGE,
                                     BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER};
    for (size_t i = 0; i < ARRAY_COUNT(points); i++) {
        for (size_t f = 0; f < ARRAY_COUNT(flags); f++) {
            struct bytes blob = blob_of(ECS1, points[i].x, points[i].y, NULL);
            assert_int_equal(
                import_status(&ecdsa_p256_class, NULL, "ECCPUBLICBLOB", &blob, flags[f]),
                STATUS_INVALID_PARAMETER);
            /* With a private number (0, 0) means that there is no public point. */
            blob = blob_of(ECS2, points[i].x, points[i].y, P256_D);
            assert_int_equal(
                import_status(&ecdsa_p256_class, NULL, "ECCPRIVATEBLOB", &blob, flags[f]),
                i == 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
        }
    }
    /* Off the twisted Edwards curve, and its points of order 1, 2 and 4. */
    static const char *const edwards[][2] = {
        {ZERO32, ZERO32},
        {ZERO32, "0000000000000000000000000000000000000000000000000000000000000001"},
        {ZERO32, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF42"},
        {"0000000000000000000000000000000000000000000000000000000000000005",
         "0000000000000000000000000000000000000000000000000000000000000001"},
        {"0000000000000000000000000000000000000000000000000000000000000005",
         "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF42"},
        {"000000000000000000000000000000000000000000000000000000000000000E",
         "7D0AB41E2A1276DBA3D330B39FA046BFBE2A6D63824D303F707F6FB5331CADBA"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(edwards); i++) {
        struct bytes blob = blob_of(ECDP, edwards[i][0], edwards[i][1], NULL);
        assert_int_equal(import_status(&ecdsa_class, "numsP256t1", "ECCPUBLICBLOB", &blob, WITHOUT),
                         STATUS_INVALID_PARAMETER);
    }
}

static void test_private_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *d;
        NTSTATUS status;
    } numbers[] = {
        {P256_D, STATUS_SUCCESS},
        {ZERO32, STATUS_INVALID_PARAMETER},
        {"0000000000000000000000000000000000000000000000000000000000000001", STATUS_SUCCESS},
        {"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550", STATUS_SUCCESS},
        {P256_N, STATUS_INVALID_PARAMETER},
        {"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632552",
         STATUS_INVALID_PARAMETER},
        {"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
         STATUS_INVALID_PARAMETER},
    };
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        struct bytes blob = blob_of(ECS2, ZERO32, ZERO32, numbers[i].d);
        assert_int_equal(import_status(&ecdsa_p256_class, NULL, "ECCPRIVATEBLOB", &blob, 0),
                         numbers[i].status);
        assert_int_equal(import_status(&ecdsa_p256_class, NULL, "ECCPRIVATEBLOB", &blob, WITHOUT),
                         numbers[i].status);
    }

    /* The public point of d = 1 is the generator, that of n - 1 its negative. */
    struct bytes blob = blob_of(ECS2, ZERO32, ZERO32, numbers[2].d);
    struct key *key = import_key(&ecdsa_p256_class, NULL, "ECCPRIVATEBLOB", &blob);
    struct bytes want = blob_of(ECS1, P256_GX, P256_GY, NULL);
    struct bytes got;
    export_key(key, "ECCPUBLICBLOB", &got);
    assert_memory_equal(got.p, want.p, want.n);
    key_free(key);
}

/* A private number and somebody else's point. */
static void test_mismatched_pair(void **state)
{
    (void)state;
    struct bytes blob = blob_of(ECS2, P256_GX, P256_GY, P256_D);
    const char *type = "ECCPRIVATEBLOB";
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &blob, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(
        import_status(&ecdsa_p256_class, NULL, type, &blob, BCRYPT_KEY_VALIDATION_RANGE),
        STATUS_INVALID_PARAMETER);
    assert_int_equal(
        import_status(&ecdsa_p256_class, NULL, type, &blob, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER),
        STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &blob, REGENERATE),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &blob, WITHOUT | REGENERATE),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_p256_class, NULL, type, &blob, WITHOUT), STATUS_SUCCESS);

    struct key *a = generate_named(&ecdsa_class, "numsP384t1");
    struct key *b = generate_named(&ecdsa_class, "numsP384t1");
    struct bytes other;
    export_key(a, type, &blob);
    export_key(b, type, &other);
    memcpy(blob.p + 8, other.p + 8, 96);
    assert_int_equal(import_status(&ecdsa_class, "numsP384t1", type, &blob, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&ecdsa_class, "numsP384t1", type, &blob, WITHOUT),
                     STATUS_SUCCESS);
    key_free(a);
    key_free(b);
}

/* The order of secP160r1 has 161 bits: ECCPRIVATEBLOB holds 160 of them. */
static void test_long_order(void **state)
{
    (void)state;
    struct key *key = generate_named(&ecdsa_class, "secP160r1");
    struct bytes blob, full, out;
    export_key(key, "ECCPRIVATEBLOB", &blob);
    assert_int_equal(blob.n, 8 + 3 * 20);
    export_key(key, "ECCFULLPRIVATEBLOB", &full);
    assert_int_equal(full.n, 32 + 5 * 20 + 21 + 1 + 2 * 20 + 21);
    assert_memory_equal(full.p + full.n - 20, blob.p + blob.n - 20, 20);
    assert_int_equal(full.p[full.n - 21], 0);
    struct key *copy = import_key(&ecdsa_class, NULL, "ECCFULLPRIVATEBLOB", &full);
    export_key(copy, "ECCPRIVATEBLOB", &out);
    assert_memory_equal(out.p, blob.p, blob.n);
    key_free(copy);

    /* n - 1 = 2^160 + ...: fits into the full blob only. Its public point is -G. */
    full.n -= 20 + 20 + 21;
    const struct ecc_params_view *p = &ecc_key_of(key)->curve.group->params;
    put(&full, p->gx.p, 20);
    uint8_t zero[41] = {0};
    put(&full, zero, 20);
    put(&full, p->order.p, 21);
    full.p[full.n - 1] -= 1;
    memset(full.p + full.n - 61, 0, 40);
    copy = import_key(&ecdsa_class, NULL, "ECCFULLPRIVATEBLOB", &full);
    assert_int_equal(export_status(copy, "ECCFULLPRIVATEBLOB", &out), STATUS_SUCCESS);
    assert_memory_equal(out.p + out.n - 21, full.p + full.n - 21, 21);
    assert_memory_equal(out.p + out.n - 61, p->gx.p, 20);
    const struct key_format *f = format_of(&ecdsa_class, "ECCPRIVATEBLOB");
    uint32_t n = 0;
    const struct out o = {out.p, sizeof out.p, &n, WIDTH_16};
    assert_int_equal(f->export(copy, f, &o), STATUS_NOT_SUPPORTED);
    key_free(copy);
    key_free(key);
}

/* ---- threads ---- */

static struct test_alg shared_alg;
static struct key *shared_key;
static struct bytes shared_params;
static _Atomic bool stop;

static void *change_curves(void *seed)
{
    struct alg *alg = &shared_alg.u.base;
    const struct prop_target t = {.class = alg->class, .alg = alg};
    for (unsigned i = 0; !atomic_load(&stop); i++) {
        if ((i + (unsigned)(uintptr_t)seed) % 2 == 0)
            (void)set_curve(&t, "nistP256");
        else
            (void)prop_set(&t, "ECCParameters", shared_params.p, shared_params.n);
    }
    return NULL;
}

static char failed[] = "failed";

static void *use_curves(void *arg)
{
    (void)arg;
    struct alg *alg = &shared_alg.u.base;
    for (int i = 0; i < 300; i++) {
        struct key *key = NULL;
        if (alg->class->asym->generate(alg, 0, 0, &key) >= 0 &&
            alg->class->asym->finalize(key, 0) < 0)
            return failed;
        struct bytes blob;
        const struct key_format *f = &alg->class->asym->formats[0];
        uint32_t n = 0;
        const struct out o = {blob.p, sizeof blob.p, &n, WIDTH_16};
        if (shared_key->class->asym->formats[0].export(shared_key, f, &o) < 0)
            return failed;
        struct bytes hash = {.n = 32};
        const struct padding none = {0};
        const struct out s = {blob.p, sizeof blob.p, &n, WIDTH_16};
        if (key->class->asym->sign(key, &none, span_of(hash.p, 32), &s) < 0 ||
            key->class->asym->verify(key, &none, span_of(hash.p, 32), span_of(blob.p, n)) < 0)
            return failed;
        key_free(key);
    }
    return NULL;
}

/* Handles whose curve changes while keys are made from them, and one key's
 * coordinates wanted by all at once. */
static void test_threads(void **state)
{
    (void)state;
    alg_open(&shared_alg, &ecdsa_class);
    const struct prop_target t = on_alg(&shared_alg.u.base);
    struct key *k = generate_named(&ecdsa_class, "secP224k1");
    /* Parameters with a seed make a group that is not the named curve's own. */
    const struct prop_target from = on_key(k);
    uint32_t n = 0;
    assert_int_equal(prop_get(&from, "ECCParameters", shared_params.p, sizeof shared_params.p, &n),
                     STATUS_SUCCESS);
    shared_params.n = n;
    shared_params.p[24] = 4;
    put_hex(&shared_params, "01020304");
    assert_int_equal(prop_set(&t, "ECCParameters", shared_params.p, shared_params.n),
                     STATUS_SUCCESS);
    shared_key = k;

    pthread_t setters[2], users[3];
    for (uintptr_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&setters[i], NULL, change_curves, (void *)i), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&users[i], NULL, use_curves, NULL), 0);
    for (size_t i = 0; i < 3; i++) {
        void *result = NULL;
        pthread_join(users[i], &result);
        assert_null(result);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < 2; i++)
        pthread_join(setters[i], NULL);
    key_free(k);
    alg_close(&shared_alg.u.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generate_fixed),  cmocka_unit_test(test_generate_generic),
        cmocka_unit_test(test_key_lengths),     cmocka_unit_test(test_name_list),
        cmocka_unit_test(test_magics),          cmocka_unit_test(test_generic_blobs),
        cmocka_unit_test(test_ssl_blob),        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_bad_points),      cmocka_unit_test(test_private_numbers),
        cmocka_unit_test(test_mismatched_pair), cmocka_unit_test(test_long_order),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
