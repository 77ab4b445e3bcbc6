/* ECDSA: known answers, every curve, libcrypto's EVP in both directions, and what is refused. */
#include "ecc_fixture.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/objects.h>

/* RFC 6979 A.2.5 to A.2.7, message "sample". A verifier does not see how the nonce was made. */
static const struct answer {
    const struct alg_class *class;
    uint32_t magic;
    const char *hash, *x, *y, *r, *s;
} answers[] = {
    {&ecdsa_p256_class, BCRYPT_ECDSA_PUBLIC_P256_MAGIC, "SHA256",
     "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
     "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
     "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {&ecdsa_p384_class, BCRYPT_ECDSA_PUBLIC_P384_MAGIC, "SHA384",
     "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480B"
     "C13",
     "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264"
     "720",
     "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FAB"
     "E46",
     "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628"
     "AC8"},
    {&ecdsa_p521_class, BCRYPT_ECDSA_PUBLIC_P521_MAGIC, "SHA512",
     "01894550D0785932E00EAA23B694F213F8C3121F86DC97A04E5A7167DB4E5BCD3"
     "71123D46E45DB6B5D5370A7F20FB633155D38FFA16D2BD761DCAC474B9A2F5023A4",
     "00493101C962CD4D2FDDF782285E64584139C2F91B47F87FF82354D6630F746A2"
     "8A0DB25741B5B34A828008B22ACC23F924FAAFBD4D33F81EA66956DFEAA2BFDFCF5",
     "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F1"
     "74E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA",
     "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF2"
     "82623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A"},
};

static struct bytes hash_of(const char *name, const char *text)
{
    struct bytes h;
    const struct digest *d = digest_named(name);
    const struct span part = text_span(text);
    assert_int_equal(digest_spans(d, &part, 1, h.p), STATUS_SUCCESS);
    h.n = d->length;
    return h;
}

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        const struct answer *a = &answers[i];
        struct bytes blob = blob_of(a->magic, a->x, a->y, NULL);
        struct key *key = import_key(a->class, NULL, "ECCPUBLICBLOB", &blob);
        struct bytes hash = hash_of(a->hash, "sample");
        struct bytes sig = bytes_of_hex(a->r);
        put_hex(&sig, a->s);
        assert_int_equal(verify_hash(key, bytes_span(&hash), &sig), STATUS_SUCCESS);
        hash.p[0] ^= 1;
        assert_int_equal(verify_hash(key, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
        key_free(key);
    }
}

/* On a twisted Edwards curve, where r is the Edwards x of the nonce's point. Computed from the
 * definition, in affine Edwards coordinates, for SymCrypt's ECDH key pair of this curve and
 * SHA-256("sample"). */
static void test_edwards_answer(void **state)
{
    (void)state;
    struct bytes blob =
        blob_of(BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC,
                "4E911BB0A5F4F850D8C61F1A87A4D7E689713597CA8740320D0F9B4AF4CE5D4D",
                "3F9ED46B9C702B3B7C267A79C1C75B02ADFF274919B708F094A1088762ED71CD", NULL);
    struct key *key = import_key(&ecdsa_class, "numsP256t1", "ECCPUBLICBLOB", &blob);
    struct bytes hash = hash_of("SHA256", "sample");
    struct bytes sig =
        bytes_of_hex("3C033FEACE5AE2DD6AED3BD0BA3BBB9CEE90C6C42AD380BAB3F53A6BE64F07D9"
                     "1AAEA62746570AEF54D81F3C16BE7F78B68FE8EE549DD8E0C60DE7F0842A399E");
    assert_int_equal(verify_hash(key, bytes_span(&hash), &sig), STATUS_SUCCESS);
    hash.p[31] ^= 4;
    assert_int_equal(verify_hash(key, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    key_free(key);
}

/* One curve through the whole life: generate, sign, export, import, verify; every part of it
 * damaged once. */
static void exercise(const char *curve)
{
    struct key *key = generate_named(&ecdsa_class, curve);
    const struct prop_target t = on_key(key);
    uint32_t sig_len = prop_u32(&t, "SignatureLength");
    struct bytes hash = {.n = 48};
    fill(hash.p, hash.n, 7);
    struct bytes sig;
    assert_int_equal(sign_hash(key, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(sig.n, sig_len);
    assert_int_equal(verify_hash(key, bytes_span(&hash), &sig), STATUS_SUCCESS);

    struct bytes public_blob, private_blob;
    export_key(key, "ECCPUBLICBLOB", &public_blob);
    export_key(key, "ECCPRIVATEBLOB", &private_blob);
    struct key *verifier = import_key(&ecdsa_class, curve, "ECCPUBLICBLOB", &public_blob);
    struct key *signer = import_key(&ecdsa_class, curve, "ECCPRIVATEBLOB", &private_blob);
    assert_int_equal(verify_hash(verifier, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(sign_hash(signer, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(verify_hash(verifier, bytes_span(&hash), &sig), STATUS_SUCCESS);

    for (size_t at = 0; at < sig.n; at += sig.n / 2 - 1) {
        struct bytes bad = sig;
        bad.p[at] ^= 0x10;
        assert_int_equal(verify_hash(verifier, bytes_span(&hash), &bad), STATUS_INVALID_SIGNATURE);
    }
    hash.p[0] ^= 0x80;
    assert_int_equal(verify_hash(verifier, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    key_free(key);
    key_free(verifier);
    key_free(signer);
}

static void test_every_curve(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        if (curves[i].domain->form->signs)
            exercise(curves[i].name);
    }
}

static void test_no_curve25519(void **state)
{
    (void)state;
    struct test_alg a;
    struct alg *alg = alg_open(&a, &ecdsa_class);
    const struct prop_target t = on_alg(alg);
    assert_int_equal(set_curve(&t, "curve25519"), STATUS_NOT_SUPPORTED);
    assert_int_equal(set_curve(&t, "secP256r1"), STATUS_SUCCESS);
    assert_int_equal(set_curve(&t, "secP256r2"), STATUS_NOT_SUPPORTED);
    assert_curve(&t, "secP256r1");
    alg_close(alg);
}

/* A hash may have any length from one byte; of a longer one the leftmost bits count. */
static void test_hash_lengths(void **state)
{
    (void)state;
    static const char *const some[] = {"nistP256", "nistP521", "secP160r1", "numsP256t1",
                                       "x962P239v1"};
    for (size_t i = 0; i < ARRAY_COUNT(some); i++) {
        struct key *key = generate_named(&ecdsa_class, some[i]);
        struct bytes hash = {.n = 500};
        fill(hash.p, hash.n, (unsigned)i);
        struct bytes sig;
        for (size_t n = 1; n <= 140; n += n < 30 ? 13 : 1) {
            assert_int_equal(sign_hash(key, span_of(hash.p, n), &sig), STATUS_SUCCESS);
            assert_int_equal(verify_hash(key, span_of(hash.p, n), &sig), STATUS_SUCCESS);
        }
        /* Bytes behind the order's do not matter, those before do. */
        assert_int_equal(sign_hash(key, span_of(hash.p, 500), &sig), STATUS_SUCCESS);
        assert_int_equal(verify_hash(key, span_of(hash.p, 67), &sig), STATUS_SUCCESS);
        assert_int_equal(verify_hash(key, span_of(hash.p, 10), &sig), STATUS_INVALID_SIGNATURE);
        key_free(key);
    }
    /* Not a hash. */
    struct key *key = generate_named(&ecdsa_class, "nistP256");
    struct bytes sig;
    assert_int_equal(sign_hash(key, span_of("", 0), &sig), STATUS_INVALID_PARAMETER);
    sig.n = 64;
    assert_int_equal(verify_hash(key, span_of("", 0), &sig), STATUS_INVALID_PARAMETER);
    key_free(key);
}

static void test_bad_signatures(void **state)
{
    (void)state;
    static const char *const some[] = {"nistP256", "brainpoolP256r1", "numsP256t1", "secP160r1"};
    for (size_t i = 0; i < ARRAY_COUNT(some); i++) {
        struct key *key = generate_named(&ecdsa_class, some[i]);
        const struct ecc_group *g = ecc_key_of(key)->curve.group;
        struct bytes hash = {.n = 32};
        fill(hash.p, hash.n, 3);
        struct bytes good;
        assert_int_equal(sign_hash(key, bytes_span(&hash), &good), STATUS_SUCCESS);
        size_t half = g->order_bytes;

        struct bytes bad = good;
        bad.n = good.n - 2;
        assert_int_equal(verify_hash(key, bytes_span(&hash), &bad), STATUS_INVALID_PARAMETER);
        bad.n = good.n + 1;
        assert_int_equal(verify_hash(key, bytes_span(&hash), &bad), STATUS_INVALID_PARAMETER);
        bad.n = 0;
        assert_int_equal(verify_hash(key, bytes_span(&hash), &bad), STATUS_INVALID_PARAMETER);

        for (size_t at = 0; at <= half; at += half) {
            bad = good;
            memset(bad.p + at, 0, half); /* 0 */
            assert_int_equal(verify_hash(key, bytes_span(&hash), &bad), STATUS_INVALID_SIGNATURE);
            memcpy(bad.p + at, g->params.order.p, half); /* n */
            assert_int_equal(verify_hash(key, bytes_span(&hash), &bad), STATUS_INVALID_SIGNATURE);
            memset(bad.p + at, 0xFF, half);
            assert_int_equal(verify_hash(key, bytes_span(&hash), &bad), STATUS_INVALID_SIGNATURE);
        }
        memset(bad.p, 0, bad.n);
        assert_int_equal(verify_hash(key, bytes_span(&hash), &bad), STATUS_INVALID_SIGNATURE);
        key_free(key);
    }
}

static void test_refused(void **state)
{
    (void)state;
    const struct answer *a = &answers[0];
    struct bytes blob = blob_of(a->magic, a->x, a->y, NULL);
    struct key *key = import_key(a->class, NULL, "ECCPUBLICBLOB", &blob);
    struct bytes hash = {.n = 32};
    struct bytes sig;

    /* A public key answers the size query and signs nothing. */
    const struct padding none = {0};
    uint32_t n = 0;
    const struct out query = {NULL, 0, &n, WIDTH_16};
    assert_int_equal(key->class->asym->sign(key, &none, bytes_span(&hash), &query), STATUS_SUCCESS);
    assert_int_equal(n, 64);
    assert_int_equal(sign_hash(key, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    const struct out small = {sig.p, 63, &n, WIDTH_16};
    assert_int_equal(key->class->asym->sign(key, &none, bytes_span(&hash), &small),
                     STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(n, 64);

    /* Padding belongs to RSA. */
    sig = bytes_of_hex(a->r);
    put_hex(&sig, a->s);
    const struct padding pkcs1 = {.flags = BCRYPT_PAD_PKCS1};
    assert_int_equal(key->class->asym->verify(key, &pkcs1, bytes_span(&hash), bytes_span(&sig)),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(key->class->asym->sign(key, &pkcs1, bytes_span(&hash), &query),
                     STATUS_INVALID_PARAMETER);
    assert_null(key->class->asym->agree);
    key_free(key);
}

/* ---- EVP in both directions ---- */

static EVP_PKEY *evp_of(const struct bytes *blob, const struct curve *c, bool private)
{
    uint32_t n = get_u32(blob, 4);
    EC_KEY *ec = EC_KEY_new_by_curve_name(c->domain->nid);
    uint8_t octets[1 + 2 * 66] = {4};
    memcpy(octets + 1, blob->p + 8, 2 * n);
    assert_int_equal(EC_KEY_oct2key(ec, octets, 1 + 2 * n, NULL), 1);
    if (private)
        assert_int_equal(EC_KEY_oct2priv(ec, blob->p + 8 + 2 * n, n), 1);
    EVP_PKEY *pkey = EVP_PKEY_new();
    assert_int_equal(EVP_PKEY_assign_EC_KEY(pkey, ec), 1);
    return pkey;
}

static void test_evp(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        const struct curve *c = &curves[i];
        EC_GROUP *known = c->domain->nid == 0 ? NULL : EC_GROUP_new_by_curve_name(c->domain->nid);
        ERR_clear_error();
        /* ECPRIVATEKEY wants the length of the order; where that is not the field's there is
         * nothing to compare. */
        if (known == NULL || EC_GROUP_order_bits(known) > c->domain->bits) {
            EC_GROUP_free(known);
            continue;
        }
        EC_GROUP_free(known);
        struct key *key = generate_named(&ecdsa_class, c->name);
        size_t half = ecc_key_of(key)->curve.group->order_bytes;
        struct bytes blob;
        export_key(key, "ECCPRIVATEBLOB", &blob);
        EVP_PKEY *pkey = evp_of(&blob, c, true);
        struct bytes hash = {.n = 32};
        fill(hash.p, hash.n, (unsigned)i);

        struct bytes sig;
        assert_int_equal(sign_hash(key, bytes_span(&hash), &sig), STATUS_SUCCESS);
        ECDSA_SIG *parts = ECDSA_SIG_new();
        ECDSA_SIG_set0(parts, BN_bin2bn(sig.p, (int)half, NULL),
                       BN_bin2bn(sig.p + half, (int)half, NULL));
        uint8_t *der = NULL;
        int der_len = i2d_ECDSA_SIG(parts, &der);
        ECDSA_SIG_free(parts);
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
        assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
        assert_int_equal(EVP_PKEY_verify(ctx, der, (size_t)der_len, hash.p, hash.n), 1);
        OPENSSL_free(der);

        uint8_t made[200];
        size_t made_len = sizeof made;
        assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
        assert_int_equal(EVP_PKEY_sign(ctx, made, &made_len, hash.p, hash.n), 1);
        const uint8_t *at = made;
        parts = d2i_ECDSA_SIG(NULL, &at, (long)made_len);
        assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(parts), sig.p, (int)half), half);
        assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(parts), sig.p + half, (int)half), half);
        ECDSA_SIG_free(parts);
        assert_int_equal(verify_hash(key, bytes_span(&hash), &sig), STATUS_SUCCESS);
        EVP_PKEY_CTX_free(ctx);
        EVP_PKEY_free(pkey);
        key_free(key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_edwards_answer),
        cmocka_unit_test(test_every_curve),   cmocka_unit_test(test_no_curve25519),
        cmocka_unit_test(test_hash_lengths),  cmocka_unit_test(test_bad_signatures),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_evp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
