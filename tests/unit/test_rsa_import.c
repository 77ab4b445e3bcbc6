/* RSA blobs: what is imported, in which form it comes out again, and what is refused. */
#include "rsa_fixture.h"
#include "rsa_known.h"

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

/* What is left out of the short blob is computed as Windows does: d modulo (p-1)(q-1). */
static void derives_windows_exponent(void **state)
{
    (void)state;
    BIGNUM *p = prime_of(512), *q = prime_of(512), *phi = BN_new(), *d = BN_new();
    BN_CTX *ctx = BN_CTX_new();
    RSA *rsa = oracle_rsa_of(p, q, 65537);
    struct numbers *all = numbers_of(rsa);
    struct key_blob *blob = encode(RSA_FORM_PRIVATE, &all->view);
    struct key *key = import_good("RSAPRIVATEBLOB", blob_span(blob));
    assert_int_equal(BN_sub_word(p, 1) & BN_sub_word(q, 1) & BN_mul(phi, p, q, ctx), 1);
    assert_non_null(BN_mod_inverse(d, RSA_get0_e(rsa), phi, ctx));
    uint8_t expected[128];
    assert_int_equal(BN_bn2binpad(d, expected, 128), 128);
    assert_memory_equal(rsa_key_view(rsa_key_of(key)).d.p, expected, 128);
    key_free(key);
    free(blob);
    free(all);
    RSA_free(rsa);
    BN_CTX_free(ctx);
    BN_free(p), BN_free(q), BN_free(phi), BN_free(d);
}

/* The modulus that was found to be of two primes is remembered, that one and no other. */
static void remembers_what_it_checked(void **state)
{
    (void)state;
    RSA *rsa = oracle_rsa(1024, 65537);
    struct numbers *all = numbers_of(rsa);
    struct key_blob *blob = encode(RSA_FORM_PRIVATE, &all->view);
    struct span modulus = {all->view.n.p, all->view.n.n};
    uint8_t other[128];
    assert_int_equal(modulus.n, sizeof other);
    memcpy(other, modulus.p, sizeof other);
    other[sizeof other - 1] ^= 2;
    assert_false(rsa_known_has(modulus));
    key_free(import_good("RSAPRIVATEBLOB", blob_span(blob)));
    assert_true(rsa_known_has(modulus));
    assert_false(rsa_known_has((struct span){other, sizeof other}));
    free(blob);
    free(all);
    RSA_free(rsa);
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

/* Exponents in eight bytes, and primes in more bytes than they need, are
 * read; what is exported is natural. */
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

/* Imports a full blob with a wrong number in it without validation: where that is not noticed at
 * once, it is when the key is used. */
static void expect_useless(const struct rsa_view *v, bool noticed)
{
    struct key_blob *blob = encode(RSA_FORM_FULL, v);
    struct key *key;
    NTSTATUS status = import_as(&rsa_class, "RSAFULLPRIVATEBLOB", blob_span(blob),
                                BCRYPT_NO_KEY_VALIDATION, &key);
    assert_int_equal(status, noticed ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS);
    if (!noticed) {
        const struct padding pad = padding_of(BCRYPT_PAD_PKCS1, "SHA1");
        uint8_t sig[128], hash[20] = {0};
        uint32_t n = 0;
        const struct out o = {sig, sizeof sig, &n, WIDTH_16};
        for (int again = 0; again < 2; again++)
            assert_int_equal(rsa_class.asym->sign(key, &pad, span_of(hash, sizeof hash), &o),
                             STATUS_INVALID_PARAMETER);
        assert_no_errors_left();
        key_free(key);
    }
    free(blob);
}

/* Each number of a full private blob wrong in its turn. */
static void private_numbers_must_fit(void **state)
{
    (void)state;
    RSA *rsa = oracle_rsa(1024, 65537);
    struct numbers *all = numbers_of(rsa);
    const size_t lengths[8] = {3, 128, 64, 64, 64, 64, 64, 128};
    for (size_t i = 0; i < 8; i++) {
        bool in_product = i >= 1 && i <= 3;
        uint8_t *last = &all->bytes[i][lengths[i] - 1];
        *last ^= 4;
        assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, 0),
                         STATUS_INVALID_PARAMETER);
        expect_useless(&all->view, in_product);
        if (in_product) {
            assert_int_equal(import_view(RSA_FORM_PRIVATE, "RSAPRIVATEBLOB", &all->view,
                                         BCRYPT_NO_KEY_VALIDATION),
                             STATUS_INVALID_PARAMETER);
        }
        *last ^= 4;
    }
    assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, 0),
                     STATUS_SUCCESS);
    /* A private exponent above n. */
    memset(all->bytes[7], 0xFF, 128);
    assert_int_equal(import_view(RSA_FORM_FULL, "RSAFULLPRIVATEBLOB", &all->view, 0),
                     STATUS_INVALID_PARAMETER);
    expect_useless(&all->view, false);
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

/* Everything fits but that p is not prime: a Carmichael number of 1024 bits would do, but any will.
 * */
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
    for (size_t i = 0; i < ARRAY_COUNT(rsa_private_types); i++) {
        struct key_blob *blob = export_good(key, rsa_private_types[i]);
        for (uint32_t n = 0; n <= blob->n + 1; n++) {
            struct key *again;
            NTSTATUS status =
                import_as(&rsa_class, rsa_private_types[i], (struct span){blob->p, n}, 0, &again);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derives_windows_exponent), cmocka_unit_test(remembers_what_it_checked),
        cmocka_unit_test(imports_odd_sizes),        cmocka_unit_test(imports_unequal_primes),
        cmocka_unit_test(tolerates_leading_zeros),  cmocka_unit_test(public_keys),
        cmocka_unit_test(private_numbers_must_fit), cmocka_unit_test(private_exponents),
        cmocka_unit_test(composite_factors),        cmocka_unit_test(damaged_blobs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
