/* RSA key pairs: generating and exporting them, and their properties. */
#include "rsa_fixture.h"

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* ---- generation ----------------------------------------------------------------------------- */

/* The key is what libcrypto calls one, its blobs have the documented sizes, and importing them
 * gives it back. */
static void check_generated(uint32_t bits)
{
    struct key *key = generate(bits);
    assert_true(key->has_private);
    EVP_PKEY *pkey = oracle_of(key);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(EVP_PKEY_check(ctx), 1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);

    uint32_t n = bits / 8;
    struct key_blob *public = export_good(key, "RSAPUBLICBLOB");
    assert_int_equal(public->n, 24 + 3 + n);
    assert_int_equal(le32(public->p), BCRYPT_RSAPUBLIC_MAGIC);
    assert_int_equal(le32(public->p + 4), bits);
    assert_memory_equal(public->p + 24, "\1\0\1", 3);
    struct key_blob *full = export_good(key, "RSAFULLPRIVATEBLOB");
    assert_int_equal(full->n, 24 + 3 + 2 * n + 5 * (n / 2));
    for (size_t i = 0; i < ARRAY_COUNT(rsa_private_types); i++) {
        struct key_blob *blob = export_good(key, rsa_private_types[i]);
        struct key *again = import_good(rsa_private_types[i], blob_span(blob));
        struct key_blob *full_again = export_good(again, "RSAFULLPRIVATEBLOB");
        assert_int_equal(full->n, full_again->n);
        assert_memory_equal(full->p, full_again->p, full->n);
        free(full_again);
        key_free(again);
        free(blob);
    }
    free(full);
    free(public);
    key_free(key);
}

static void generates_keys(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {512, 576, 640, 1024, 1088, 2048};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++)
        check_generated(sizes[i]);
}

static void refuses_lengths(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 448, 511, 513, 520, 1080, 16384 + 64, UINT32_MAX};
    struct alg alg = alg_of(&rsa_class);
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct key *key = NULL;
        assert_int_equal(rsa_class.asym->generate(&alg, sizes[i], 0, &key),
                         STATUS_INVALID_PARAMETER);
        assert_null(key);
    }
}

/* ---- properties ----------------------------------------------------------------------------- */

static const struct prop_row *row_named(const char *name)
{
    for (const struct prop_row *row = rsa_class.props; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

static uint32_t read_u32(struct key *key, const char *name)
{
    const struct prop_target t = {.class = &rsa_class, .key = key};
    uint32_t value = 0, n = 0;
    const struct out o = {(uint8_t *)&value, sizeof value, &n, WIDTH_16};
    assert_non_null(row_named(name));
    assert_int_equal(row_named(name)->get(&t, &o), STATUS_SUCCESS);
    assert_int_equal(n, sizeof value);
    return value;
}

static NTSTATUS set_bytes(struct key *key, const void *p, uint32_t n)
{
    const struct prop_target t = {.class = &rsa_class, .key = key};
    const struct in in = {p, n, WIDTH_16};
    return row_named("KeyLength")->set(&t, &in);
}

static void length_is_settable(void **state)
{
    (void)state;
    struct alg alg = alg_of(&rsa_class);
    struct key *key;
    assert_int_equal(rsa_class.asym->generate(&alg, 2048, 0, &key), STATUS_SUCCESS);
    assert_int_equal(read_u32(key, "KeyStrength"), 2048);
    const uint32_t good = 1024;
    const uint32_t bad[] = {0, 1000, 20480};
    assert_int_equal(set_bytes(key, &good, 2), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_bytes(key, &good, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(set_bytes(key, NULL, 4), STATUS_INVALID_PARAMETER);
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
        assert_int_equal(set_bytes(key, &bad[i], 4), STATUS_INVALID_PARAMETER);
    assert_int_equal(read_u32(key, "KeyLength"), 2048);
    assert_int_equal(set_bytes(key, &good, 4), STATUS_SUCCESS);
    assert_int_equal(finalize(key), STATUS_SUCCESS);
    assert_int_equal(read_u32(key, "KeyLength"), 1024);
    assert_int_equal(read_u32(key, "KeyStrength"), 1024);
    assert_int_equal(read_u32(key, "PublicKeyLength"), 1024);
    assert_int_equal(read_u32(key, "SignatureLength"), 128);
    assert_int_equal(read_u32(key, "IsIfxTpmWeakKey"), 0);
    assert_int_equal(read_u32(key, "PaddingSchemes"), 0x1E);
    key_free(key);
}

/* opencng_keygen.h */
static void threads_are_settable(void **state)
{
    (void)state;
    const char *name = "OpenCNG Key Generation Threads";
    struct alg alg = alg_of(&rsa_class);
    struct key *key;
    assert_int_equal(rsa_class.asym->generate(&alg, 1024, 0, &key), STATUS_SUCCESS);
    assert_int_equal(read_u32(key, name), 1);
    const struct prop_target t = {.class = &rsa_class, .key = key};
    const uint32_t values[] = {0, 3, UINT32_MAX, 2};
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        const struct in in = {&values[i], sizeof values[i], WIDTH_16};
        assert_int_equal(row_named(name)->set(&t, &in),
                         values[i] == 2 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
    }
    assert_int_equal(read_u32(key, name), 2);
    assert_int_equal(finalize(key), STATUS_SUCCESS);
    assert_int_equal(read_u32(key, name), 2);
    key_free(key);
}

/* A modulus that is a power of 65537 modulo each small prime, as two weak primes make it. */
static void weak_keys_are_recognised(void **state)
{
    (void)state;
    static const unsigned primes[] = {
        3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
        73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *m = BN_new(), *n = BN_new(), *a = BN_new(), *g = BN_new();
    assert_int_equal(BN_set_word(m, 2), 1);
    for (size_t i = 0; i < ARRAY_COUNT(primes); i++)
        assert_int_equal(BN_mul_word(m, primes[i]), 1);
    assert_int_equal(BN_set_word(g, 65537), 1);
    assert_int_equal(BN_set_word(a, 123456789), 1);
    assert_int_equal(BN_mod_exp(n, g, a, m, ctx), 1); /* odd, because m is even */
    assert_int_equal(BN_lshift(a, m, 400), 1);
    assert_int_equal(BN_add(n, n, a), 1);
    uint8_t bytes[128];
    for (int weak = 1; weak >= 0; weak--) {
        size_t len = (size_t)BN_bn2bin(n, bytes);
        const struct rsa_view v = {.e = num_be("\3", 1), .n = num_be(bytes, len)};
        struct key_blob *blob = encode(RSA_FORM_PUBLIC, &v);
        struct key *key = import_good("RSAPUBLICBLOB", blob_span(blob));
        assert_int_equal(read_u32(key, "IsIfxTpmWeakKey"), weak);
        key_free(key);
        free(blob);
        assert_int_equal(BN_add_word(n, 2), 1);
    }
    BN_free(m), BN_free(n), BN_free(a), BN_free(g);
    BN_CTX_free(ctx);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* A private export of a public key is stopped by the router; the row has to say so. */
static void rows_say_what_is_private(void **state)
{
    (void)state;
    assert_false(format_named("RSAPUBLICBLOB")->is_private);
    assert_false(format_named("PUBLICBLOB")->is_private);
    assert_null(format_named("CAPIPUBLICBLOB")->import);
    for (size_t i = 0; i < ARRAY_COUNT(rsa_private_types); i++)
        assert_true(format_named(rsa_private_types[i])->is_private);
    assert_null(rsa_sign_class.asym->encrypt);
    assert_null(rsa_sign_class.asym->decrypt);
}

/* CryptoAPI's blob has four bytes for the exponent. */
static void capi_public_export(void **state)
{
    (void)state;
    struct key *key = generate(512);
    struct key_blob *blob = export_good(key, "CAPIPUBLICBLOB");
    assert_int_equal(blob->n, 20 + 64);
    free(blob);
    key_free(key);

    uint8_t n[64] = {0x80, [63] = 1};
    const struct rsa_view v = {.e = num_be("\1\0\0\0\0\0\1", 7), .n = num_be(n, sizeof n)};
    struct key_blob *wide = encode(RSA_FORM_PUBLIC, &v);
    key = import_good("RSAPUBLICBLOB", blob_span(wide));
    uint32_t need = 0;
    const struct out query = {NULL, 0, &need, WIDTH_16};
    const struct key_format *format = format_named("CAPIPUBLICBLOB");
    assert_int_equal(format->export(key, format, &query), STATUS_NOT_SUPPORTED);
    key_free(key);
    free(wide);
}

static void locked_keys(void **state)
{
    (void)state;
    struct alg alg = {.class = &rsa_class, .flags = BCRYPT_PROV_DISPATCH};
    struct key *key;
    assert_int_equal(rsa_class.asym->generate(&alg, 512, 0, &key), STATUS_SUCCESS);
    assert_true(key->locked);
    assert_int_equal(finalize(key), STATUS_SUCCESS);
    key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generates_keys),           cmocka_unit_test(refuses_lengths),
        cmocka_unit_test(length_is_settable),       cmocka_unit_test(threads_are_settable),
        cmocka_unit_test(weak_keys_are_recognised), cmocka_unit_test(rows_say_what_is_private),
        cmocka_unit_test(capi_public_export),       cmocka_unit_test(locked_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
