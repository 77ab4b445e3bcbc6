/* Keyed states of HMAC and AES-CMAC: libcrypto's answers for every hash, key length and split; what a
 * message leaves behind does not reach the next. */
#include "crypto_check.h"
#include "prf.h"

static const char *const hashes[] = {"MD2",    "MD4",    "MD5",      "SHA1",     "SHA256",
                                     "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"};

static size_t oracle_mac(const char *mac, const char *digest, const char *cipher, struct span key,
                         struct span text, uint8_t *out)
{
    EVP_MAC *method = EVP_MAC_fetch(ossl_ctx(), mac, NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(method);
    assert_non_null(ctx);
    const OSSL_PARAM params[] = {digest != NULL ? STRING("digest", digest)
                                                : STRING("cipher", cipher),
                                 OSSL_PARAM_construct_end()};
    size_t n = 0;
    static const uint8_t nothing;
    assert_int_equal(EVP_MAC_init(ctx, key.p != NULL ? key.p : &nothing, key.n, params), 1);
    assert_int_equal(EVP_MAC_update(ctx, text.p, text.n), 1);
    assert_int_equal(EVP_MAC_final(ctx, out, &n, DIGEST_MAX_BYTES), 1);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(method);
    return n;
}

static void check_messages(struct prf *f, const char *mac, const char *digest, const char *cipher,
                           struct span key)
{
    uint8_t text[300], out[DIGEST_MAX_BYTES + 1], expected[DIGEST_MAX_BYTES];
    fill(text, sizeof text, 3);
    for (size_t n = 0; n <= sizeof text; n += n < 20 ? 1 : 35) {
        const struct span parts[] = {span_of(text, n / 3), span_of(NULL, 0),
                                     span_of(text + n / 3, n - n / 3)};
        assert_int_equal(oracle_mac(mac, digest, cipher, key, span_of(text, n), expected),
                         f->length);
        out[f->length] = 0xEE;
        assert_int_equal(prf_mac(f, parts, ARRAY_COUNT(parts), out), STATUS_SUCCESS);
        assert_memory_equal(out, expected, f->length);
        assert_int_equal(out[f->length], 0xEE);
    }
}

static void test_hmac(void **state)
{
    (void)state;
    uint8_t key[200];
    fill(key, sizeof key, 1);
    static const size_t lengths[] = {0, 1, 16, 63, 64, 65, 127, 128, 129, 143, 144, 145, 200};
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        const struct digest *d = digest_named(hashes[i]);
        for (size_t k = 0; k < ARRAY_COUNT(lengths); k++) {
            PRF f;
            struct span secret = span_of(key, lengths[k]);
            assert_int_equal(prf_init_hmac(&f, d, secret), STATUS_SUCCESS);
            assert_int_equal(f.length, d->length);
            check_messages(&f, "HMAC", d->ossl_name, NULL, secret);
        }
    }
    assert_no_errors_left();
}

static void test_cmac(void **state)
{
    (void)state;
    uint8_t key[40];
    fill(key, sizeof key, 2);
    for (size_t n = 0; n <= sizeof key; n++) {
        const char *cipher = n == 16   ? "AES-128-CBC"
                             : n == 24 ? "AES-192-CBC"
                             : n == 32 ? "AES-256-CBC"
                                       : NULL;
        PRF f;
        struct span secret = span_of(key, n);
        assert_int_equal(prf_init_cmac(&f, secret),
                         cipher != NULL ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
        if (cipher != NULL)
            check_messages(&f, "CMAC", NULL, cipher, secret);
    }
    assert_no_errors_left();
}

/* RFC 4493, examples 1 to 4. */
static void test_cmac_known_answers(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        const char *mac;
    } rows[] = {
        {0, "bb1d6929e95937287fa37d129b756746"},
        {16, "070a16b46b4d4144f79bdd9dd04a287c"},
        {40, "dfa66747de9ae63030ca32611497c827"},
        {64, "51f0bebf7e3b9d92fc49741779363cfe"},
    };
    struct bytes key = bytes_of_hex("2b7e151628aed2a6abf7158809cf4f3c");
    struct bytes text =
        bytes_of_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                     "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    PRF f;
    assert_int_equal(prf_init(&f, &(struct name){"aes-cmac"}, bytes_span(&key)), STATUS_SUCCESS);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t out[CMAC_BYTES];
        const struct span part = span_of(text.p, rows[i].n);
        struct bytes expected = bytes_of_hex(rows[i].mac);
        assert_int_equal(prf_mac(&f, &part, 1, out), STATUS_SUCCESS);
        assert_memory_equal(out, expected.p, expected.n);
    }
}

static void test_names(void **state)
{
    (void)state;
    static const char *const refused[] = {"SHAKE128", "SHAKE256", "RNG", "AES", "AES-GMAC", ""};
    const struct span key = text_span("0123456789abcdef");
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        struct name name = {""};
        strcpy(name.s, refused[i]);
        PRF f;
        assert_int_equal(prf_init(&f, &name, key), STATUS_NOT_SUPPORTED);
    }
    PRF f;
    assert_int_equal(prf_init(&f, &(struct name){"sha256"}, key), STATUS_SUCCESS);
    assert_int_equal(f.length, 32);
    assert_no_errors_left();
}

/* A message in parts, dropped ones, and copies in the middle. */
static void test_streams(void **state)
{
    (void)state;
    uint8_t out[32], expected[32];
    const struct span key = text_span("Jefe");
    const struct span text = text_span("what do ya want for nothing?");
    for (int round = 0; round < 3; round++) {
        struct hmac_key k, copy;
        assert_int_equal(hmac_key_init(&k, digest_named("SHA256"), key), STATUS_SUCCESS);
        assert_int_equal(hmac_key_add(&k, text), STATUS_SUCCESS);
        assert_int_equal(hmac_key_restart(&k), STATUS_SUCCESS);
        assert_int_equal(hmac_key_add(&k, span_of(text.p, 5)), STATUS_SUCCESS);
        assert_int_equal(hmac_key_copy(&copy, &k), STATUS_SUCCESS);
        assert_int_equal(hmac_key_add(&k, text), STATUS_SUCCESS);
        assert_int_equal(hmac_key_finish(&k, out), STATUS_SUCCESS);
        hmac_key_done(&k);
        assert_int_equal(hmac_key_add(&copy, span_of(text.p + 5, text.n - 5)), STATUS_SUCCESS);
        oracle_mac("HMAC", "SHA2-256", NULL, key, text, expected);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(hmac_key_finish(&copy, out), STATUS_SUCCESS);
            assert_memory_equal(out, expected, 32);
            assert_int_equal(hmac_key_restart(&copy), STATUS_SUCCESS);
            assert_int_equal(hmac_key_add(&copy, text), STATUS_SUCCESS);
        }
        hmac_key_done(&copy);
    }

    const struct span secret = text_span("0123456789abcdef");
    struct cmac_key k, copy;
    assert_int_equal(cmac_key_init(&k, secret), STATUS_SUCCESS);
    assert_int_equal(cmac_key_add(&k, span_of(text.p, 17)), STATUS_SUCCESS);
    assert_int_equal(cmac_key_copy(&copy, &k), STATUS_SUCCESS);
    cmac_key_done(&k);
    assert_int_equal(cmac_key_add(&copy, span_of(text.p + 17, text.n - 17)), STATUS_SUCCESS);
    oracle_mac("CMAC", NULL, "AES-128-CBC", secret, text, expected);
    assert_int_equal(cmac_key_finish(&copy, out), STATUS_SUCCESS);
    assert_memory_equal(out, expected, CMAC_BYTES);
    cmac_key_done(&copy);
    assert_no_errors_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_cmac),
        cmocka_unit_test(test_cmac_known_answers),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
