/* RSA key pairs: generating, importing, exporting, properties, and what bad blobs get. */
#include "rsa_fixture.h"

#include "rsa_roca.h"

static const char *const private_types[] = {"RSAPRIVATEBLOB", "RSAFULLPRIVATEBLOB", "PRIVATEBLOB",
                                            "CAPIPRIVATEBLOB"};

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* ---- generation ----------------------------------------------------------------------------- */

/* The key is what libcrypto calls one, its blobs have the documented sizes, and importing them gives it back. */
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
    for (size_t i = 0; i < ARRAY_COUNT(private_types); i++) {
        struct key_blob *blob = export_good(key, private_types[i]);
        struct key *again = import_good(private_types[i], blob_span(blob));
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

/* A modulus that is a power of 65537 modulo each small prime, as two weak primes make it. */
static void weak_keys_are_recognised(void **state)
{
    (void)state;
    static const unsigned primes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,
                                      37,  41,  43,  47,  53,  59,  61,  67,  71,  73,
                                      79,  83,  89,  97,  101, 103, 107, 109, 113, 127,
                                      131, 137, 139, 149, 151, 157, 163, 167};
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

/* ---- import --------------------------------------------------------------------------------- */

/* A full blob comes out as it went in, whatever made its d; the short one gives the same key. */
static void check_round_trip(const RSA *rsa)
{
    struct numbers *all = numbers_of(rsa);
    struct key_blob *full = encode(RSA_FORM_FULL, &all->view);
    struct key *key = import_good("RSAFULLPRIVATEBLOB", blob_span(full));
    struct key_blob *again = export_good(key, "RSAFULLPRIVATEBLOB");
    assert_int_equal(again->n, full->n);
    assert_memory_equal(again->p, full->p, full->n);

    struct key_blob *short_blob = encode(RSA_FORM_PRIVATE, &all->view);
    struct key *derived = import_good("RSAPRIVATEBLOB", blob_span(short_blob));
    const struct rsa_view v = rsa_key_view(rsa_key_of(derived));
    assert_true(num_equal_public(v.dp, all->view.dp));
    assert_true(num_equal_public(v.dq, all->view.dq));
    assert_true(num_equal_public(v.qi, all->view.qi));
    key_free(derived);
    free(short_blob);
    free(again);
    key_free(key);
    free(full);
    free(all);
}

static void imports_odd_sizes(void **state)
{
    (void)state;
    static const int sizes[] = {1032, 1080, 1023, 1025};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        RSA *rsa = oracle_rsa(sizes[i], 65537);
        check_round_trip(rsa);
        RSA_free(rsa);
    }
}

static BIGNUM *prime_of(int bits)
{
    BIGNUM *p = BN_new();
    do
        assert_int_equal(BN_generate_prime_ex(p, bits, 0, NULL, NULL, NULL), 1);
    while (BN_mod_word(p, 65537) == 1 || BN_mod_word(p, 3) == 1);
    return p;
}

static void imports_unequal_primes(void **state)
{
    (void)state;
    static const int sizes[][2] = {{512, 512}, {300, 724}, {724, 300}, {128, 896}, {500, 524}};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        BIGNUM *p = prime_of(sizes[i][0]);
        BIGNUM *q = prime_of(sizes[i][1]);
        for (int turn = 0; turn < 2; turn++) {
            RSA *rsa = oracle_rsa_of(p, q, turn == 0 ? 65537 : 3);
            check_round_trip(rsa);
            RSA_free(rsa);
            BN_swap(p, q);
        }
        BN_free(p);
        BN_free(q);
    }
}

/* Exponents in eight bytes, and primes in more bytes than they need, are read; what is exported is natural. */
static void tolerates_leading_zeros(void **state)
{
    (void)state;
    RSA *rsa = oracle_rsa(1024, 65537);
    struct numbers *all = numbers_of(rsa);
    struct key_blob *natural = encode(RSA_FORM_PRIVATE, &all->view);
    static const uint8_t e[8] = {0, 0, 0, 0, 0, 1, 0, 1};
    uint8_t p[70] = {0};
    memcpy(p + 6, all->view.p.p, 64);
    struct key_blob *padded = calloc(1, sizeof *padded);
    struct wr w = wr_into(padded->p, sizeof padded->p);
    wr_le32(&w, BCRYPT_RSAPRIVATE_MAGIC);
    wr_le32(&w, 77); /* BitLength is not looked at */
    wr_le32(&w, sizeof e);
    wr_le32(&w, 128);
    wr_le32(&w, sizeof p);
    wr_le32(&w, 64);
    wr_bytes(&w, e, sizeof e);
    wr_bytes(&w, all->view.n.p, 128);
    wr_bytes(&w, p, sizeof p);
    wr_bytes(&w, all->view.q.p, 64);
    padded->n = (uint32_t)w.n;
    struct key *key = import_good("RSAPRIVATEBLOB", blob_span(padded));
    struct key_blob *out = export_good(key, "RSAPRIVATEBLOB");
    assert_int_equal(out->n, natural->n);
    assert_memory_equal(out->p, natural->p, natural->n);
    free(out);
    key_free(key);
    free(padded);
    free(natural);
    free(all);
    RSA_free(rsa);
}

/* A private export of a public key is stopped by the router; the row has to say so. */
static void rows_say_what_is_private(void **state)
{
    (void)state;
    assert_false(format_named("RSAPUBLICBLOB")->is_private);
    assert_false(format_named("PUBLICBLOB")->is_private);
    assert_null(format_named("CAPIPUBLICBLOB")->import);
    for (size_t i = 0; i < ARRAY_COUNT(private_types); i++)
        assert_true(format_named(private_types[i])->is_private);
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

/* ---- refusals ------------------------------------------------------------------------------- */

static void expect_public(struct num e, struct num n, NTSTATUS expected)
{
    const struct rsa_view v = {.e = e, .n = n};
    struct key_blob *blob = encode(RSA_FORM_PUBLIC, &v);
    struct key *key;
    assert_int_equal(import_as(&rsa_class, "RSAPUBLICBLOB", blob_span(blob), 0, &key), expected);
    key_free(key);
    free(blob);
}

static void public_keys(void **state)
{
    (void)state;
    static uint8_t n[RSA_MAX_BYTES + 1];
    memset(n, 0xFF, sizeof n);
    const struct num e = num_be("\1\0\1", 3);
    expect_public(e, num_be(n, 64), STATUS_SUCCESS);
    expect_public(e, num_be(n, 63), STATUS_INVALID_PARAMETER);
    expect_public(e, num_be(n, RSA_MAX_BYTES), STATUS_SUCCESS);
    expect_public(e, num_be(n, RSA_MAX_BYTES + 1), STATUS_INVALID_PARAMETER);
    expect_public(num_be("\0", 1), num_be(n, 64), STATUS_INVALID_PARAMETER);
    expect_public(num_be("\1", 1), num_be(n, 64), STATUS_SUCCESS);
    expect_public(num_be("\2", 1), num_be(n, 64), STATUS_SUCCESS);
    expect_public(num_be(n, 64), num_be(n, 64), STATUS_INVALID_PARAMETER);
    expect_public(num_be(n, 63), num_be(n, 64), STATUS_SUCCESS);
    expect_public(num_be(n, 65), num_be(n, 64), STATUS_INVALID_PARAMETER);
    n[63] = 0xFE;
    expect_public(num_be(n, 64), num_be(n + 64, 64), STATUS_SUCCESS);
    expect_public(e, num_be(n, 64), STATUS_INVALID_PARAMETER);
}

static NTSTATUS import_view(int form, const char *type, const struct rsa_view *v, uint32_t flags)
{
    struct key_blob *blob = encode(form, v);
    struct key *key;
    NTSTATUS status = import_as(&rsa_class, type, blob_span(blob), flags, &key);
    key_free(key);
    free(blob);
    return status;
}

/* Each number of a full private blob wrong in its turn, with validation and without. */
static void private_numbers_must_fit(void **state)
{
    (void)state;
    RSA *rsa = oracle_rsa(1024, 65537);
    struct numbers *all = numbers_of(rsa);
    const size_t lengths[8] = {3, 128, 64, 64, 64, 64, 64, 128};
    static const uint32_t flags[] = {0, BCRYPT_NO_KEY_VALIDATION};
    for (size_t f = 0; f < ARRAY_COUNT(flags); f++) {
        for (size_t i = 0; i < 8; i++) {
            uint8_t *last = &all->bytes[i][lengths[i] - 1];
            *last ^= 4;
            assert_int_equal(
                import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, flags[f]),
                STATUS_INVALID_PARAMETER);
            if (i >= 1 && i <= 3) { /* another e is as good as any */
                assert_int_equal(
                    import_view(RSA_FORM_PRIVATE, "RSAPRIVATEBLOB", &all->view, flags[f]),
                    STATUS_INVALID_PARAMETER);
            }
            *last ^= 4;
        }
    }
    assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, 0),
                     STATUS_SUCCESS);
    /* d + (p-1)(q-1) is congruent, but not below n. */
    memset(all->bytes[7], 0xFF, 128);
    assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, 0),
                     STATUS_INVALID_PARAMETER);
    free(all);
    RSA_free(rsa);
}

static void private_exponents(void **state)
{
    (void)state;
    RSA *rsa = oracle_rsa(1024, 65537);
    struct numbers *all = numbers_of(rsa);
    struct rsa_view v = all->view;
    v.dp = v.dq = v.qi = v.d = (struct num){0};
    static uint8_t wide[33] = {1, [32] = 1};
    const struct num bad[] = {num_be("\1", 1), num_be("\2", 1), num_be("\1\0\0", 3),
                              num_be(wide, sizeof wide)};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        v.e = bad[i];
        assert_int_equal(import_view(RSA_FORM_PRIVATE, "RSAPRIVATEBLOB", &v, 0),
                         STATUS_INVALID_PARAMETER);
    }
    /* An exponent that shares a factor with p-1. */
    BIGNUM *p1 = BN_dup(RSA_get0_p(rsa));
    assert_int_equal(BN_sub_word(p1, 1), 1);
    uint8_t factor[1] = {3};
    while (BN_mod_word(p1, factor[0]) != 0 && factor[0] < 253)
        factor[0] += 2;
    v.e = num_be(factor, 1);
    if (factor[0] < 253)
        assert_int_equal(import_view(RSA_FORM_PRIVATE, "RSAPRIVATEBLOB", &v, 0),
                         STATUS_INVALID_PARAMETER);
    BN_free(p1);
    free(all);
    RSA_free(rsa);
}

/* Everything fits but that p is not prime: a Carmichael number of 1024 bits would do, but any will. */
static void composite_factors(void **state)
{
    (void)state;
    BIGNUM *a = prime_of(256), *b = prime_of(256), *q = prime_of(512);
    BIGNUM *p = BN_new();
    BN_CTX *ctx = BN_CTX_new();
    assert_int_equal(BN_mul(p, a, b, ctx), 1);
    RSA *rsa = oracle_rsa_of(p, q, 65537);
    struct numbers *all = numbers_of(rsa);
    assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view,
                                 BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(
        import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, BCRYPT_NO_KEY_VALIDATION),
        STATUS_SUCCESS);
    /* What was let through without a test is not remembered as tested. */
    assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, 0),
                     STATUS_INVALID_PARAMETER);
    free(all);
    RSA_free(rsa);

    /* Equal factors. */
    rsa = oracle_rsa_of(q, a, 65537);
    all = numbers_of(rsa);
    all->view.q = all->view.p;
    assert_int_equal(BN_sqr(p, q, ctx), 1);
    all->view.n = number(all, 1, p, 128);
    assert_int_equal(import_view(RSA_FORM_PRIVATE, "RSAPRIVATEBLOB", &all->view, 0),
                     STATUS_INVALID_PARAMETER);
    free(all);
    RSA_free(rsa);
    BN_CTX_free(ctx);
    BN_free(a), BN_free(b), BN_free(p), BN_free(q);
}

/* A blob cut at every length, and with a byte too many. */
static void damaged_blobs(void **state)
{
    (void)state;
    struct key *key = generate(512);
    for (size_t i = 0; i < ARRAY_COUNT(private_types); i++) {
        struct key_blob *blob = export_good(key, private_types[i]);
        for (uint32_t n = 0; n <= blob->n + 1; n++) {
            struct key *again;
            NTSTATUS status = import_as(&rsa_class, private_types[i],
                                        (struct span){blob->p, n}, 0, &again);
            if (n == blob->n)
                assert_int_equal(status, STATUS_SUCCESS);
            else
                assert_true(status == NTE_BAD_DATA || status == STATUS_INVALID_PARAMETER);
            key_free(again);
        }
        free(blob);
    }
    struct key_blob *public = export_good(key, "RSAPUBLICBLOB");
    struct key *none;
    assert_int_equal(import_as(&rsa_class, "RSAPRIVATEBLOB", blob_span(public), 0, &none),
                     STATUS_INVALID_PARAMETER);
    free(public);
    key_free(key);
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
        cmocka_unit_test(generates_keys),
        cmocka_unit_test(refuses_lengths),
        cmocka_unit_test(length_is_settable),
        cmocka_unit_test(weak_keys_are_recognised),
        cmocka_unit_test(imports_odd_sizes),
        cmocka_unit_test(imports_unequal_primes),
        cmocka_unit_test(tolerates_leading_zeros),
        cmocka_unit_test(rows_say_what_is_private),
        cmocka_unit_test(capi_public_export),
        cmocka_unit_test(public_keys),
        cmocka_unit_test(private_numbers_must_fit),
        cmocka_unit_test(private_exponents),
        cmocka_unit_test(composite_factors),
        cmocka_unit_test(damaged_blobs),
        cmocka_unit_test(locked_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
