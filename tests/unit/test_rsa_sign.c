/* RSA signatures: every hash and salt against libcrypto in both directions,
 * known answers, and what is refused. */
#include "rsa_fixture.h"

#include <pthread.h>

#include <openssl/err.h>

static const char *const hashes[] = {"MD5",    "SHA1",     "SHA256",   "SHA384",
                                     "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"};

struct signature {
    uint8_t p[RSA_MAX_BYTES];
    uint32_t n;
};

static NTSTATUS sign(struct key *key, const struct padding *pad, struct span hash,
                     struct signature *sig)
{
    const struct out query = {NULL, 0, &sig->n, WIDTH_16};
    TRY(rsa_class.asym->sign(key, pad, (struct span){0}, &query));
    assert_int_equal(sig->n, rsa_key_of(key)->n_bytes);
    const struct out o = {sig->p, sig->n, &sig->n, WIDTH_16};
    NTSTATUS status = rsa_class.asym->sign(key, pad, hash, &o);
    assert_no_errors_left();
    return status;
}

static NTSTATUS verify(struct key *key, const struct padding *pad, struct span hash,
                       const struct signature *sig)
{
    NTSTATUS status = rsa_class.asym->verify(key, pad, hash, (struct span){sig->p, sig->n});
    assert_no_errors_left();
    return status;
}

static struct bytes hash_of(const char *name)
{
    struct bytes b = {.n = digest_named(name)->length};
    fill(b.p, b.n, 17);
    return b;
}

/* ---- libcrypto ------------------------------------------------------------------------------ */

static EVP_PKEY_CTX *oracle_ctx(EVP_PKEY *pkey, const struct padding *pad, bool signing)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    assert_int_equal(signing ? EVP_PKEY_sign_init(ctx) : EVP_PKEY_verify_init(ctx), 1);
    bool pss = pad->flags == BCRYPT_PAD_PSS;
    assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) >
                0);
    if (pad->has_hash)
        assert_true(EVP_PKEY_CTX_set_signature_md(ctx, digest_md(digest_find(&pad->hash))) > 0);
    if (pss)
        assert_true(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)pad->salt) > 0);
    return ctx;
}

static void check_both_ways(struct key *key, EVP_PKEY *pkey, const struct padding *pad)
{
    struct bytes hash = hash_of(pad->has_hash ? pad->hash.s : "SHA1");
    struct signature sig;
    assert_int_equal(sign(key, pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(verify(key, pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
    EVP_PKEY_CTX *ctx = oracle_ctx(pkey, pad, false);
    assert_int_equal(EVP_PKEY_verify(ctx, sig.p, sig.n, hash.p, hash.n), 1);
    EVP_PKEY_CTX_free(ctx);

    struct signature theirs;
    size_t n = sizeof theirs.p;
    ctx = oracle_ctx(pkey, pad, true);
    assert_int_equal(EVP_PKEY_sign(ctx, theirs.p, &n, hash.p, hash.n), 1);
    EVP_PKEY_CTX_free(ctx);
    theirs.n = (uint32_t)n;
    assert_int_equal(verify(key, pad, bytes_span(&hash), &theirs), STATUS_SUCCESS);
    if (pad->flags == BCRYPT_PAD_PKCS1)
        assert_memory_equal(sig.p, theirs.p, n);

    hash.p[0] ^= 1;
    assert_int_equal(verify(key, pad, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    hash.p[0] ^= 1;
    sig.p[sig.n - 1] ^= 1;
    assert_int_equal(verify(key, pad, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
}

static void check_key(struct key *key)
{
    EVP_PKEY *pkey = oracle_of(key);
    size_t n = (atomic_load(&rsa_key_of(key)->bits) - 1 + 7) / 8;
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        size_t length = digest_named(hashes[i])->length;
        const struct padding pkcs1 = padding_of(BCRYPT_PAD_PKCS1, hashes[i]);
        check_both_ways(key, pkey, &pkcs1);
        const size_t salts[] = {0, 1, length, n - length - 2};
        for (size_t k = 0; k < ARRAY_COUNT(salts); k++) {
            if (salts[k] > n - length - 2)
                continue;
            const struct padding pss = pss_of(hashes[i], (uint32_t)salts[k]);
            check_both_ways(key, pkey, &pss);
        }
    }
    const struct padding bare = padding_of(BCRYPT_PAD_PKCS1, NULL);
    check_both_ways(key, pkey, &bare);
    EVP_PKEY_free(pkey);
    key_free(key);
}

static void agrees_with_libcrypto(void **state)
{
    (void)state;
    check_key(generate(1088));
    check_key(generate(2048));
    /* Moduli of 8i + 1 bits: the encoding of PSS is a byte shorter. */
    static const int odd[] = {1032, 1041, 1047};
    for (size_t i = 0; i < ARRAY_COUNT(odd); i++) {
        RSA *rsa = oracle_rsa(odd[i], 3);
        struct numbers *all = numbers_of(rsa);
        struct key_blob *blob = encode(RSA_FORM_PRIVATE, &all->view);
        check_key(import_good("RSAPRIVATEBLOB", blob_span(blob)));
        free(blob);
        free(all);
        RSA_free(rsa);
    }
}

/* ---- known answer --------------------------------------------------------------------------- */

/* Key and second test of Wycheproof's rsa_pkcs1_1024_sig_gen: SHA-1 of twenty zero bytes. */
static void known_answer(void **state)
{
    (void)state;
    const struct bytes n = bytes_of_hex(
        "d0941e63a980fa92fb25ed4c7b3307f827023034ae7f1a7491f0699ca7607285e62ad8e994bac21b"
        "8b6e305e334f4874067d28e304230dca7f0e85f7ce595770b6e054c9f844ba86c0696eeba0769d8d"
        "4a347e8fe85c724ac1c44994af18a39e719f721f1bc50c46a39e6c075fcd1649f01f22608ce7dc69"
        "55502258336987d9");
    const struct bytes p = bytes_of_hex(
        "e882d12d5f0be26a80359f13c08210bdcbf759dfee695313efa8886919659b064e3c656a267af627"
        "5ed1af89a5dfe9e25b31a02bafbd59445b7507a22989a681");
    const struct bytes q = bytes_of_hex(
        "e5a65cfa668bd857d59135a78c18c8adb7c222368e9d74abad8e83299f7ac3c2ad7aa44ddb05deea"
        "6d9b20dbaf09a8615284a17c72d3723240334685ea7e2559");
    const struct bytes hash = bytes_of_hex("6768033e216468247bd031a0a2d9876d79818f8f");
    const struct bytes expected = bytes_of_hex(
        "1d19763e80121e228ac4dbb3be8448560aac613ec74b168efe1d8a8335b77e6d8c3cc0f641de8c8e"
        "26a2aff9d32a4ab77340912fec0e60e89257b5b6b19c8deb866c2d2349fe63a06ac6b72397b478cd"
        "d4198ead64f8d36b9df29651e95ac7b886978cffbb5f7498f136b1ded7580cbcbb31620415eb71cd"
        "b5bd615b47eff813");
    const struct rsa_view v = {.e = num_be("\1\0\1", 3),
                               .n = num_be(n.p, n.n),
                               .p = num_be(p.p, p.n),
                               .q = num_be(q.p, q.n)};
    struct key_blob *blob = encode(RSA_FORM_PRIVATE, &v);
    struct key *key = import_good("RSAPRIVATEBLOB", blob_span(blob));
    const struct padding pad = padding_of(BCRYPT_PAD_PKCS1, "SHA1");
    struct signature sig;
    assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(sig.n, expected.n);
    assert_memory_equal(sig.p, expected.p, expected.n);
    key_free(key);
    free(blob);
}

/* ---- forms of PKCS #1 ----------------------------------------------------------------------- */

/* Signs an encoded message of our own. */
static void sign_raw(struct key *key, const uint8_t *tail, size_t n, struct signature *sig)
{
    uint8_t em[RSA_MAX_BYTES];
    size_t k = rsa_key_of(key)->n_bytes;
    memset(em, 0xFF, k);
    em[0] = 0;
    em[1] = 1;
    em[k - n - 1] = 0;
    memcpy(em + k - n, tail, n);
    RSA *rsa = rsa_key_of(key)->rsa;
    assert_int_equal(RSA_private_encrypt((int)k, em, sig->p, rsa, RSA_NO_PADDING), k);
    sig->n = (uint32_t)k;
}

static void digest_info_is_compared(void **state)
{
    (void)state;
    struct key *key = generate(1024);
    const struct padding named = padding_of(BCRYPT_PAD_PKCS1, "SHA256");
    const struct padding bare = padding_of(BCRYPT_PAD_PKCS1, NULL);
    struct padding optional = named;
    optional.flags |= BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID;
    const struct bytes hash = hash_of("SHA256");
    struct signature sig;

    /* A name against none, and the reverse, are wrong signatures (observed on Windows). */
    assert_int_equal(sign(key, &named, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(verify(key, &bare, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    assert_int_equal(verify(key, &optional, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(sign(key, &bare, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(verify(key, &named, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    assert_int_equal(verify(key, &bare, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(verify(key, &optional, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(sign(key, &optional, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);

    uint8_t info[64] = {0x30, 0x2F, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48,
                        0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20};
    memcpy(info + 17, hash.p, 32);
    sign_raw(key, info, 49, &sig); /* without parameters */
    assert_int_equal(verify(key, &named, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(verify(key, &optional, bytes_span(&hash), &sig), STATUS_SUCCESS);
    sign_raw(key, info, 50, &sig); /* a byte behind the hash */
    assert_int_equal(verify(key, &named, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    assert_int_equal(verify(key, &optional, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    info[14] = 0x02; /* another hash's identifier */
    sign_raw(key, info, 49, &sig);
    assert_int_equal(verify(key, &named, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    info[14] = 0x01;
    info[15] = 0x24; /* another tag */
    sign_raw(key, info, 49, &sig);
    assert_int_equal(verify(key, &named, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    key_free(key);
}

static void bare_input_of_any_length(void **state)
{
    (void)state;
    struct key *key = generate(512);
    const struct padding bare = padding_of(BCRYPT_PAD_PKCS1, NULL);
    uint8_t input[64];
    fill(input, sizeof input, 3);
    struct signature sig;
    for (size_t n = 0; n <= 53; n++) {
        assert_int_equal(sign(key, &bare, (struct span){input, n}, &sig), STATUS_SUCCESS);
        assert_int_equal(verify(key, &bare, (struct span){input, n}, &sig), STATUS_SUCCESS);
        assert_int_equal(verify(key, &bare, (struct span){input, n + 1}, &sig),
                         n == 53 ? STATUS_INVALID_PARAMETER : STATUS_INVALID_SIGNATURE);
    }
    assert_int_equal(sign(key, &bare, (struct span){input, 54}, &sig), STATUS_INVALID_PARAMETER);
    key_free(key);
}

/* ---- refusals ------------------------------------------------------------------------------- */

static void refuses_paddings(void **state)
{
    (void)state;
    struct key *key = generate(512);
    const struct bytes hash = hash_of("SHA1");
    struct signature sig = {.n = 64};
    static const uint32_t flags[] = {0, 1, 4, 16, 32, 64, 2 | 8, 8 | 16, 2 | 4, 2 | 0x100};
    for (size_t i = 0; i < ARRAY_COUNT(flags); i++) {
        const struct padding pad = padding_of(flags[i], "SHA1");
        assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
        assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    }
    struct padding pad = padding_of(BCRYPT_PAD_PKCS1, "SHA1");
    pad.present = false;
    assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    pad = padding_of(BCRYPT_PAD_PSS, NULL);
    assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    static const char *const no_hash[] = {"AES", "RNG", "", "SHA-1", "SHA224"};
    for (size_t i = 0; i < ARRAY_COUNT(no_hash); i++) {
        pad = padding_of(BCRYPT_PAD_PKCS1, no_hash[i]);
        assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_NOT_SUPPORTED);
        assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_NOT_SUPPORTED);
    }
    pad = pss_of("SHAKE128", 0); /* takes 32 bytes */
    assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    key_free(key);
}

static void refuses_lengths(void **state)
{
    (void)state;
    struct key *key = generate(512);
    const struct bytes hash = hash_of("SHA1");
    struct signature sig;
    const struct padding pkcs1 = padding_of(BCRYPT_PAD_PKCS1, "SHA1");
    assert_int_equal(sign(key, &pkcs1, bytes_span(&hash), &sig), STATUS_SUCCESS);
    for (size_t n = 0; n < hash.n + 2; n++) {
        const struct padding pads[] = {pkcs1, pss_of("SHA1", 4)};
        for (size_t i = 0; i < ARRAY_COUNT(pads) && n != hash.n; i++) {
            struct signature other;
            assert_int_equal(sign(key, &pads[i], (struct span){hash.p, n}, &other),
                             STATUS_INVALID_PARAMETER);
            assert_int_equal(verify(key, &pads[i], (struct span){hash.p, n}, &sig),
                             STATUS_INVALID_PARAMETER);
        }
    }
    assert_int_equal(verify(key, &pkcs1, (struct span){NULL, 0}, &sig), STATUS_INVALID_PARAMETER);
    /* The signature's length, and its value. */
    sig.n = 63;
    assert_int_equal(verify(key, &pkcs1, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    sig.n = 65;
    assert_int_equal(verify(key, &pkcs1, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    sig.n = 64;
    memset(sig.p, 0xFF, sig.n);
    assert_int_equal(verify(key, &pkcs1, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    memset(sig.p, 0, sig.n);
    assert_int_equal(verify(key, &pkcs1, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);

    /* Hashes and salts that the key has no room for. */
    const struct bytes wide = hash_of("SHA512");
    const struct padding big = padding_of(BCRYPT_PAD_PKCS1, "SHA512");
    assert_int_equal(sign(key, &big, bytes_span(&wide), &sig), STATUS_INVALID_PARAMETER);
    const uint32_t most = 64 - 20 - 2;
    const uint32_t salts[] = {most + 1, most + 2, 1000, UINT32_MAX};
    for (size_t i = 0; i < ARRAY_COUNT(salts); i++) {
        const struct padding pss = pss_of("SHA1", salts[i]);
        assert_int_equal(sign(key, &pss, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
        assert_int_equal(verify(key, &pss, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
    }
    key_free(key);
}

/* A salt of another length than the verifier names is a wrong signature. */
static void salt_is_exact(void **state)
{
    (void)state;
    struct key *key = generate(1024);
    const struct bytes hash = hash_of("SHA256");
    for (uint32_t salt = 0; salt <= 128 - 32 - 2; salt += 47) {
        const struct padding pad = pss_of("SHA256", salt);
        struct signature sig;
        assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
        for (uint32_t other = 0; other <= 128 - 32 - 2; other++) {
            const struct padding pss = pss_of("SHA256", other);
            assert_int_equal(verify(key, &pss, bytes_span(&hash), &sig),
                             other == salt ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE);
        }
    }
    key_free(key);
}

/* Encodings of PSS that are right but for one bit, signed by the key's owner. What a signature comes to is less than the modulus: a bit above
 * the encoding is there in some of them only. */
static void pss_is_compared(void **state)
{
    (void)state;
    static const struct {
        int bits;
        size_t at; /* counted from the end where it is `last` */
        bool last;
        uint8_t flip;
    } cases[] = {
        {1088, 0, false, 0x80},                         /* above the encoding, in its first byte */
        {1047, 0, false, 0x40}, {1041, 0, false, 0x01}, /* in a byte before it */
        {1041, 1, false, 0x80}, {1088, 1, true, 0x01},  /* the trailer */
        {1088, 1, true, 0x80},  {1088, 2, true, 0x01},  /* the hash */
    };
    const struct padding pad = pss_of("SHA256", 20);
    const struct bytes hash = hash_of("SHA256");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        RSA *rsa = oracle_rsa(cases[i].bits, 3);
        struct numbers *all = numbers_of(rsa);
        struct key_blob *blob = encode(RSA_FORM_PRIVATE, &all->view);
        struct key *key = import_good("RSAPRIVATEBLOB", blob_span(blob));
        int k = RSA_size(rsa);
        struct signature sig;
        uint8_t em[RSA_MAX_BYTES];
        bool made = false;
        for (int round = 0; round < 200 && !made; round++) {
            assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
            assert_int_equal(RSA_public_decrypt(k, sig.p, em, rsa, RSA_NO_PADDING), k);
            assert_int_equal(RSA_private_encrypt(k, em, sig.p, rsa, RSA_NO_PADDING), k);
            assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
            em[cases[i].last ? (size_t)k - cases[i].at : cases[i].at] ^= cases[i].flip;
            made = RSA_private_encrypt(k, em, sig.p, rsa, RSA_NO_PADDING) == k;
            ERR_clear_error();
        }
        assert_true(made);
        assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_SIGNATURE);
        key_free(key);
        free(blob);
        free(all);
        RSA_free(rsa);
    }
}

static void public_keys_do_not_sign(void **state)
{
    (void)state;
    struct key *pair = generate(512);
    struct key_blob *blob = export_good(pair, "RSAPUBLICBLOB");
    struct key *key = import_good("RSAPUBLICBLOB", blob_span(blob));
    const struct bytes hash = hash_of("SHA1");
    const struct padding pad = padding_of(BCRYPT_PAD_PKCS1, "SHA1");
    struct signature sig;
    assert_int_equal(sign(key, &pad, bytes_span(&hash), &sig), STATUS_INVALID_PARAMETER);
    assert_int_equal(sig.n, 64); /* the size query worked */
    const struct out none = {sig.p, 0, &sig.n, WIDTH_16};
    assert_int_equal(rsa_class.asym->sign(key, &pad, bytes_span(&hash), &none),
                     STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(sig.n, 64);
    assert_int_equal(sign(pair, &pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
    assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
    key_free(key);
    key_free(pair);
    free(blob);
}

/* ---- threads and faults --------------------------------------------------------------------- */

static void *sign_and_verify(void *p)
{
    struct key *key = p;
    const struct bytes hash = hash_of("SHA256");
    const struct padding pads[] = {padding_of(BCRYPT_PAD_PKCS1, "SHA256"), pss_of("SHA256", 32)};
    for (int i = 0; i < 20; i++) {
        struct signature sig;
        if (sign(key, &pads[i & 1], bytes_span(&hash), &sig) != STATUS_SUCCESS ||
            verify(key, &pads[i & 1], bytes_span(&hash), &sig) != STATUS_SUCCESS)
            return NULL;
    }
    return key;
}

/* The first operations of a fresh key, in four threads at once. */
static void threads_share_a_key(void **state)
{
    (void)state;
    struct key *pair = generate(1024);
    struct key_blob *blob = export_good(pair, "RSAPRIVATEBLOB");
    struct key *key = import_good("RSAPRIVATEBLOB", blob_span(blob));
    pthread_t threads[4];
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sign_and_verify, key), 0);
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, key);
    }
    key_free(key);
    key_free(pair);
    free(blob);
}

/* A fault in one half of the Chinese remainders must not leave the library: it would give the
 * factors away. */
static void faults_do_not_leave(void **state)
{
    (void)state;
    struct key *key = generate(1024);
    const struct bytes hash = hash_of("SHA256");
    const struct padding pad = padding_of(BCRYPT_PAD_PKCS1, "SHA256");
    RSA *rsa = rsa_key_of(key)->rsa;
    const BIGNUM *halves[] = {RSA_get0_dmp1(rsa), RSA_get0_dmq1(rsa), RSA_get0_iqmp(rsa)};
    for (size_t i = 0; i < ARRAY_COUNT(halves); i++) {
        for (int bit = 1; bit < 500; bit += 50) {
            BIGNUM *faulty = (BIGNUM *)(uintptr_t)halves[i];
            bool was = BN_is_bit_set(faulty, bit);
            assert_int_equal(was ? BN_clear_bit(faulty, bit) : BN_set_bit(faulty, bit), 1);
            struct signature sig;
            if (sign(key, &pad, bytes_span(&hash), &sig) == STATUS_SUCCESS)
                assert_int_equal(verify(key, &pad, bytes_span(&hash), &sig), STATUS_SUCCESS);
            assert_int_equal(was ? BN_set_bit(faulty, bit) : BN_clear_bit(faulty, bit), 1);
        }
    }
    key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_libcrypto),   cmocka_unit_test(known_answer),
        cmocka_unit_test(digest_info_is_compared), cmocka_unit_test(bare_input_of_any_length),
        cmocka_unit_test(refuses_paddings),        cmocka_unit_test(refuses_lengths),
        cmocka_unit_test(pss_is_compared),         cmocka_unit_test(salt_is_exact),
        cmocka_unit_test(public_keys_do_not_sign), cmocka_unit_test(threads_share_a_key),
        cmocka_unit_test(faults_do_not_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
