/* RSA encryption: paddings against libcrypto in both directions, raw
 * exponentiation, and what is refused. */
#include "rsa_fixture.h"

#include "rsa_pad.h"

#define UNTOUCHED 0xA5

struct text {
    uint8_t p[RSA_MAX_BYTES];
    uint32_t n;
};

static struct span text_of(const struct text *t)
{
    return (struct span){t->p, t->n};
}

static NTSTATUS encrypt(struct key *key, const struct padding *pad, struct span in,
                        struct text *out)
{
    const struct out query = {NULL, 0, &out->n, WIDTH_16};
    TRY(rsa_class.asym->encrypt(key, pad, in, &query));
    assert_int_equal(out->n, rsa_key_of(key)->n_bytes);
    const struct out o = {out->p, out->n, &out->n, WIDTH_16};
    NTSTATUS status = rsa_class.asym->encrypt(key, pad, in, &o);
    assert_no_errors_left();
    return status;
}

/* Decrypts; on failure nothing may have been written. */
static NTSTATUS decrypt(struct key *key, const struct padding *pad, struct span in,
                        struct text *out)
{
    memset(out->p, UNTOUCHED, sizeof out->p);
    out->n = sizeof out->p;
    const struct out o = {out->p, out->n, &out->n, WIDTH_16};
    NTSTATUS status = rsa_class.asym->decrypt(key, pad, in, &o);
    assert_no_errors_left();
    for (size_t i = status < 0 ? 0 : out->n; i < sizeof out->p; i++)
        assert_int_equal(out->p[i], UNTOUCHED);
    return status;
}

static struct padding oaep_of(const char *hash, const char *label)
{
    struct padding pad = padding_of(BCRYPT_PAD_OAEP, hash);
    if (label != NULL)
        pad.label = text_span(label);
    return pad;
}

static const struct padding pkcs1 = {.flags = BCRYPT_PAD_PKCS1};
static const struct padding raw = {.flags = BCRYPT_PAD_NONE};

/* ---- libcrypto ------------------------------------------------------------------------------ */

static void oracle_set(EVP_PKEY_CTX *ctx, const struct padding *pad)
{
    bool oaep = pad->flags == BCRYPT_PAD_OAEP;
    assert_true(
        EVP_PKEY_CTX_set_rsa_padding(ctx, oaep ? RSA_PKCS1_OAEP_PADDING : RSA_PKCS1_PADDING) > 0);
    if (!oaep)
        return;
    const EVP_MD *md = digest_md(digest_find(&pad->hash));
    assert_true(EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md) > 0);
    assert_true(EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) > 0);
    if (pad->label.n > 0) {
        void *label = OPENSSL_memdup(pad->label.p, pad->label.n);
        assert_true(EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, label, (int)pad->label.n) > 0);
    }
}

static void check_both_ways(struct key *key, EVP_PKEY *pkey, const struct padding *pad, size_t n)
{
    uint8_t message[RSA_MAX_BYTES];
    fill(message, sizeof message, (unsigned)n);
    struct text cipher, plain;
    assert_int_equal(encrypt(key, pad, (struct span){message, n}, &cipher), STATUS_SUCCESS);
    uint32_t need = 12345;
    const struct out query = {NULL, 0, &need, WIDTH_16};
    assert_int_equal(rsa_class.asym->decrypt(key, pad, text_of(&cipher), &query), STATUS_SUCCESS);
    assert_int_equal(need, n); /* the true length (observed on Windows) */
    assert_int_equal(decrypt(key, pad, text_of(&cipher), &plain), STATUS_SUCCESS);
    assert_int_equal(plain.n, n);
    assert_memory_equal(plain.p, message, n);
    if (n > 0) {
        const struct out shorter = {plain.p, (uint32_t)n - 1, &need, WIDTH_16};
        need = 0;
        memset(plain.p, UNTOUCHED, sizeof plain.p);
        assert_int_equal(rsa_class.asym->decrypt(key, pad, text_of(&cipher), &shorter),
                         STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(need, n);
        assert_int_equal(plain.p[0], UNTOUCHED);
    }

    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    uint8_t buffer[RSA_MAX_BYTES];
    size_t length = sizeof buffer;
    assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
    oracle_set(ctx, pad);
    assert_int_equal(EVP_PKEY_decrypt(ctx, buffer, &length, cipher.p, cipher.n), 1);
    assert_int_equal(length, n);
    assert_memory_equal(buffer, message, n);

    length = sizeof buffer;
    assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
    oracle_set(ctx, pad);
    assert_int_equal(EVP_PKEY_encrypt(ctx, buffer, &length, message, n), 1);
    EVP_PKEY_CTX_free(ctx);
    assert_int_equal(decrypt(key, pad, (struct span){buffer, length}, &plain), STATUS_SUCCESS);
    assert_int_equal(plain.n, n);
    assert_memory_equal(plain.p, message, n);
}

static void agrees_with_libcrypto(void **state)
{
    (void)state;
    static const char *const hashes[] = {"MD5",    "SHA1",     "SHA256",  "SHA384",
                                         "SHA512", "SHA3-256", "SHA3-512"};
    static const uint32_t sizes[] = {1088, 2048};
    for (size_t s = 0; s < ARRAY_COUNT(sizes); s++) {
        struct key *key = generate(sizes[s]);
        EVP_PKEY *pkey = oracle_of(key);
        size_t k = sizes[s] / 8;
        const size_t lengths[] = {0, 1, 33, k - 11};
        for (size_t i = 0; i < ARRAY_COUNT(lengths); i++)
            check_both_ways(key, pkey, &pkcs1, lengths[i]);
        for (size_t h = 0; h < ARRAY_COUNT(hashes); h++) {
            size_t most = k - 2 * digest_named(hashes[h])->length - 2;
            const size_t oaep_lengths[] = {0, 1, most};
            for (size_t i = 0; i < ARRAY_COUNT(oaep_lengths); i++) {
                struct padding pad = oaep_of(hashes[h], NULL);
                check_both_ways(key, pkey, &pad, oaep_lengths[i]);
                pad = oaep_of(hashes[h], "a label");
                check_both_ways(key, pkey, &pad, oaep_lengths[i]);
            }
        }
        EVP_PKEY_free(pkey);
        key_free(key);
    }
}

/* ---- limits --------------------------------------------------------------------------------- */

static void message_limits(void **state)
{
    (void)state;
    struct key *key = generate(640);
    uint8_t message[80] = {1};
    struct text cipher;
    const struct padding oaep = oaep_of("SHA256", NULL);
    const struct padding wide = oaep_of("SHA512", NULL);
    assert_int_equal(encrypt(key, &pkcs1, (struct span){message, 69}, &cipher), STATUS_SUCCESS);
    assert_int_equal(encrypt(key, &pkcs1, (struct span){message, 70}, &cipher),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(encrypt(key, &oaep, (struct span){message, 14}, &cipher), STATUS_SUCCESS);
    assert_int_equal(encrypt(key, &oaep, (struct span){message, 15}, &cipher),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(encrypt(key, &wide, (struct span){message, 0}, &cipher),
                     STATUS_INVALID_PARAMETER);
    /* An empty message needs a pointer (observed on Windows). */
    assert_int_equal(encrypt(key, &pkcs1, (struct span){message, 0}, &cipher), STATUS_SUCCESS);
    assert_int_equal(encrypt(key, &pkcs1, (struct span){NULL, 0}, &cipher),
                     STATUS_INVALID_PARAMETER);
    /* A ciphertext of another length. */
    struct text plain;
    for (uint32_t n = 0; n < 82; n++) {
        if (n == 80)
            continue;
        assert_int_equal(decrypt(key, &pkcs1, (struct span){cipher.p, n}, &plain),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(decrypt(key, &raw, (struct span){cipher.p, n}, &plain),
                         STATUS_INVALID_PARAMETER);
    }
    memset(cipher.p, 0xFF, 80);
    assert_int_equal(decrypt(key, &pkcs1, (struct span){cipher.p, 80}, &plain),
                     STATUS_INVALID_PARAMETER);
    key_free(key);
}

static void refuses_paddings(void **state)
{
    (void)state;
    struct key *key = generate(1024);
    uint8_t message[128] = {0, 7};
    struct text cipher, plain;
    const struct padding good = oaep_of("SHA1", NULL);
    assert_int_equal(encrypt(key, &good, (struct span){message, 9}, &cipher), STATUS_SUCCESS);

    static const uint32_t flags[] = {8, 16, 32, 2 | 4, 1 | 2, 0x80, 0x100};
    for (size_t i = 0; i < ARRAY_COUNT(flags); i++) {
        const struct padding pad = padding_of(flags[i], "SHA1");
        assert_int_equal(encrypt(key, &pad, (struct span){message, 9}, &plain),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(decrypt(key, &pad, text_of(&cipher), &plain), STATUS_INVALID_PARAMETER);
    }
    /* Without a structure the size is told, but nothing is done (observed on Windows). */
    struct padding pad = good;
    pad.present = false;
    pad.has_hash = false;
    assert_int_equal(encrypt(key, &pad, (struct span){message, 9}, &plain),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(plain.n, 128);
    const struct out small = {plain.p, 127, &plain.n, WIDTH_16};
    assert_int_equal(rsa_class.asym->encrypt(key, &pad, (struct span){message, 9}, &small),
                     STATUS_BUFFER_TOO_SMALL);
    const struct out query = {NULL, 0, &plain.n, WIDTH_16};
    assert_int_equal(rsa_class.asym->decrypt(key, &pad, text_of(&cipher), &query),
                     STATUS_INVALID_PARAMETER);
    pad = oaep_of(NULL, NULL);
    assert_int_equal(encrypt(key, &pad, (struct span){message, 9}, &plain),
                     STATUS_INVALID_PARAMETER);
    static const char *const no_hash[] = {"AES", "SHA224", "MGF1"};
    for (size_t i = 0; i < ARRAY_COUNT(no_hash); i++) {
        pad = oaep_of(no_hash[i], NULL);
        assert_int_equal(encrypt(key, &pad, (struct span){message, 9}, &plain),
                         STATUS_NOT_SUPPORTED);
        assert_int_equal(decrypt(key, &pad, text_of(&cipher), &plain), STATUS_NOT_SUPPORTED);
    }
    pad = good;
    pad.label = (struct span){NULL, 4};
    assert_int_equal(encrypt(key, &pad, (struct span){message, 9}, &plain),
                     STATUS_INVALID_PARAMETER);
    /* Another hash or label than the sender's. */
    pad = oaep_of("SHA256", NULL);
    assert_int_equal(decrypt(key, &pad, text_of(&cipher), &plain), STATUS_INVALID_PARAMETER);
    pad = oaep_of("SHA1", "x");
    assert_int_equal(decrypt(key, &pad, text_of(&cipher), &plain), STATUS_INVALID_PARAMETER);
    key_free(key);
}

static void public_keys_do_not_decrypt(void **state)
{
    (void)state;
    struct key *pair = generate(512);
    struct key_blob *blob = export_good(pair, "RSAPUBLICBLOB");
    struct key *key = import_good("RSAPUBLICBLOB", blob_span(blob));
    struct text cipher, plain;
    assert_int_equal(encrypt(key, &pkcs1, text_span("text"), &cipher), STATUS_SUCCESS);
    assert_int_equal(decrypt(key, &pkcs1, text_of(&cipher), &plain), STATUS_INVALID_PARAMETER);
    assert_int_equal(decrypt(key, &raw, text_of(&cipher), &plain), STATUS_INVALID_PARAMETER);
    assert_int_equal(decrypt(pair, &pkcs1, text_of(&cipher), &plain), STATUS_SUCCESS);
    assert_int_equal(plain.n, 4);
    key_free(key);
    key_free(pair);
    free(blob);
}

/* ---- wrong paddings ------------------------------------------------------------------------- */

/* Encrypts an encoded message of our own and expects the one status, query and call alike. */
static void expect_wrong(struct key *key, const struct padding *pad, const uint8_t *em)
{
    size_t k = rsa_key_of(key)->n_bytes;
    struct text cipher, plain;
    assert_int_equal(encrypt(key, &raw, (struct span){em, k}, &cipher), STATUS_SUCCESS);
    assert_int_equal(decrypt(key, pad, text_of(&cipher), &plain), STATUS_INVALID_PARAMETER);
    uint32_t need = 77;
    const struct out query = {NULL, 0, &need, WIDTH_16};
    assert_int_equal(rsa_class.asym->decrypt(key, pad, text_of(&cipher), &query),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(need, 77);
}

static void wrong_pkcs1(void **state)
{
    (void)state;
    struct key *key = generate(512);
    uint8_t good[64];
    memset(good, 0x33, sizeof good);
    good[0] = 0;
    good[1] = 2;
    good[20] = 0;
    struct text cipher, plain;
    assert_int_equal(encrypt(key, &raw, (struct span){good, 64}, &cipher), STATUS_SUCCESS);
    assert_int_equal(decrypt(key, &pkcs1, text_of(&cipher), &plain), STATUS_SUCCESS);
    assert_int_equal(plain.n, 43);

    uint8_t em[64];
    memcpy(em, good, 64);
    em[0] = 1;
    expect_wrong(key, &pkcs1, em);
    em[0] = 0;
    for (int type = 0; type < 8; type++) {
        em[1] = (uint8_t)type;
        if (type != 2)
            expect_wrong(key, &pkcs1, em);
    }
    em[1] = 2;
    em[20] = 0x33; /* no end */
    expect_wrong(key, &pkcs1, em);
    for (size_t end = 2; end < 10; end++) { /* fewer than eight bytes of padding */
        memcpy(em, good, 64);
        em[end] = 0;
        expect_wrong(key, &pkcs1, em);
    }
    memcpy(em, good, 64);
    em[10] = 0; /* exactly eight */
    assert_int_equal(encrypt(key, &raw, (struct span){em, 64}, &cipher), STATUS_SUCCESS);
    assert_int_equal(decrypt(key, &pkcs1, text_of(&cipher), &plain), STATUS_SUCCESS);
    assert_int_equal(plain.n, 53);
    memset(em, 0, sizeof em);
    expect_wrong(key, &pkcs1, em);
    key_free(key);
}

static void wrong_oaep(void **state)
{
    (void)state;
    struct key *key = generate(512);
    const struct padding pad = oaep_of("SHA1", "label");
    const struct digest *d = digest_named("SHA1");
    struct text cipher, plain;
    /* DB of 43 bytes: hash, zeros, one, message. Bytes of it are changed before they are masked. */
    for (size_t i = 0; i < 44; i++) {
        uint8_t em[64] = {0}, label_hash[20];
        const struct span label = text_span("label");
        assert_int_equal(digest_spans(d, &label, 1, label_hash), STATUS_SUCCESS);
        fill(em + 1, 20, 9);
        memcpy(em + 21, label_hash, 20);
        em[60] = 1;
        em[61] = 0x41;
        if (i < 40) /* the hash and the zeros */
            em[21 + i] ^= 0x80;
        if (i == 40)
            em[60] = 0; /* no one, but a byte that is neither */
        if (i == 41)
            memset(em + 60, 0, 4); /* nothing but zeros */
        if (i == 42)
            em[60] = 3;
        const struct span seed = {em + 1, 20}, db = {em + 21, 43};
        assert_int_equal(pad_mask(d, seed, em + 21, 43), STATUS_SUCCESS);
        assert_int_equal(pad_mask(d, db, em + 1, 20), STATUS_SUCCESS);
        if (i < 43) {
            expect_wrong(key, &pad, em);
            continue;
        }
        assert_int_equal(encrypt(key, &raw, (struct span){em, 64}, &cipher), STATUS_SUCCESS);
        assert_int_equal(decrypt(key, &pad, text_of(&cipher), &plain), STATUS_SUCCESS);
        assert_int_equal(plain.n, 3);
        assert_int_equal(plain.p[0], 0x41);
        em[0] = 1; /* Manger's byte */
        expect_wrong(key, &pad, em);
    }
    key_free(key);
}

/* Random bytes as ciphertext: an error or, once in 2^16 or so, a padding that happens to be right.
 * */
static void random_ciphertexts(void **state)
{
    (void)state;
    struct key *key = generate(512);
    const struct padding oaep = oaep_of("SHA1", NULL);
    for (unsigned i = 0; i < 50; i++) {
        struct text cipher = {.n = 64}, plain;
        fill(cipher.p, cipher.n, i);
        cipher.p[0] = 0;
        NTSTATUS status = decrypt(key, &pkcs1, text_of(&cipher), &plain);
        assert_true(status == STATUS_INVALID_PARAMETER || status == STATUS_SUCCESS);
        assert_int_equal(decrypt(key, &oaep, text_of(&cipher), &plain), STATUS_INVALID_PARAMETER);
    }
    key_free(key);
}

/* ---- no padding ----------------------------------------------------------------------------- */

static void raw_round_trip(void **state)
{
    (void)state;
    struct key *key = generate(1024);
    struct text cipher, plain;
    uint8_t message[128];
    fill(message, sizeof message, 5);
    message[0] = 0;
    static const uint32_t flags[] = {0, BCRYPT_PAD_NONE, BCRYPT_BUFFERS_LOCKED_FLAG};
    for (size_t i = 0; i < ARRAY_COUNT(flags); i++) {
        const struct padding pad = {.flags = flags[i]};
        assert_int_equal(encrypt(key, &pad, (struct span){message, 128}, &cipher), STATUS_SUCCESS);
        assert_int_equal(decrypt(key, &pad, text_of(&cipher), &plain), STATUS_SUCCESS);
        assert_int_equal(plain.n, 128);
        assert_memory_equal(plain.p, message, 128);
        /* In place. */
        const struct out o = {cipher.p, cipher.n, &cipher.n, WIDTH_16};
        assert_int_equal(rsa_class.asym->decrypt(key, &pad, text_of(&cipher), &o), STATUS_SUCCESS);
        assert_memory_equal(cipher.p, message, 128);
        /* Any input answers a query, only one of the right length a call (observed on Windows). */
        for (size_t n = 0; n < 128; n += 127) {
            assert_int_equal(encrypt(key, &pad, (struct span){message, n}, &cipher),
                             STATUS_INVALID_PARAMETER);
            assert_int_equal(cipher.n, 128);
        }
        const struct rsa_view v = rsa_key_view(rsa_key_of(key));
        assert_int_equal(encrypt(key, &pad, (struct span){v.n.p, 128}, &cipher),
                         STATUS_INVALID_PARAMETER);
    }
    key_free(key);
}

/* A public key with any odd modulus and any exponent is a modular exponentiation: so do callers
 * compute Diffie-Hellman, with their secret as the exponent. */
static void check_power(size_t n_bytes, size_t e_bytes, unsigned seed, bool even)
{
    uint8_t n[RSA_MAX_BYTES], e[RSA_MAX_BYTES], x[RSA_MAX_BYTES];
    fill(n, n_bytes, seed);
    fill(e, e_bytes, seed + 1);
    fill(x, n_bytes, seed + 2);
    n[0] |= 0x80;
    n[n_bytes - 1] |= 1;
    e[0] = e_bytes == n_bytes ? 0x01 : (uint8_t)(e[0] | 1);
    x[0] = 0;
    e[e_bytes - 1] = even ? (uint8_t)(e[e_bytes - 1] & 0xFE) : (uint8_t)(e[e_bytes - 1] | 1);
    const struct rsa_view v = {.e = num_be(e, e_bytes), .n = num_be(n, n_bytes)};
    struct key_blob *blob = encode(RSA_FORM_PUBLIC, &v);
    struct key *key = import_good("RSAPUBLICBLOB", blob_span(blob));
    struct text result;
    assert_int_equal(encrypt(key, &raw, (struct span){x, n_bytes}, &result), STATUS_SUCCESS);

    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *base = BN_bin2bn(x, (int)n_bytes, NULL), *exponent = BN_bin2bn(e, (int)e_bytes, NULL);
    BIGNUM *modulus = BN_bin2bn(n, (int)n_bytes, NULL), *power = BN_new();
    assert_int_equal(BN_mod_exp(power, base, exponent, modulus, ctx), 1);
    uint8_t expected[RSA_MAX_BYTES];
    assert_int_equal(BN_bn2binpad(power, expected, (int)n_bytes), n_bytes);
    assert_memory_equal(result.p, expected, n_bytes);
    BN_free(base), BN_free(exponent), BN_free(modulus), BN_free(power);
    BN_CTX_free(ctx);
    key_free(key);
    free(blob);
}

static void any_power(void **state)
{
    (void)state;
    check_power(64, 1, 1, false);
    check_power(65, 9, 2, false);
    check_power(128, 127, 3, false);
    check_power(128, 128, 4, true);
    check_power(129, 2, 5, true);
    check_power(256, 32, 6, true);
    check_power(512, 64, 7, false); /* libcrypto's own RSA functions refuse this exponent */
    check_power(512, 512, 8, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_libcrypto),
        cmocka_unit_test(message_limits),
        cmocka_unit_test(refuses_paddings),
        cmocka_unit_test(public_keys_do_not_decrypt),
        cmocka_unit_test(wrong_pkcs1),
        cmocka_unit_test(wrong_oaep),
        cmocka_unit_test(random_ciphertexts),
        cmocka_unit_test(raw_round_trip),
        cmocka_unit_test(any_power),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
