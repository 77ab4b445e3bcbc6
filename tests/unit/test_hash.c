/* Every hash and code of the family through the API: libcrypto's answers whatever the splits, copies at
 * random points, reuse, properties, and what is refused. */
#include "hash_fixture.h"

#include <pthread.h>

#define TEXT_BYTES 1500

static unsigned seed = 1;

static size_t below(size_t n)
{
    return (size_t)rand_r(&seed) % n;
}

/* ---- answers -------------------------------------------------------------------------------- */

static void feed(BCRYPT_HASH_HANDLE hash, const uint8_t *p, size_t n)
{
    while (n > 0) {
        size_t part = below(4) == 0 ? below(n) + 1 : below(n < 40 ? n : 40) + 1;
        assert_int_equal(BCryptHashData(hash, bytes_at(p), (ULONG)part, 0), 0);
        p += part;
        n -= part;
    }
}

static void check_result(const struct hash_row *row, BCRYPT_HASH_HANDLE hash,
                         const uint8_t *expected, size_t n)
{
    uint8_t out[MAX_RESULT + 1];
    out[n] = 0xEE;
    assert_int_equal(BCryptFinishHash(hash, out, (ULONG)n, 0), 0);
    assert_memory_equal(out, expected, n);
    assert_int_equal(out[n], 0xEE);
    (void)row;
}

static void check_row(const struct hash_row *row, const uint8_t *key, const uint8_t *text)
{
    BCRYPT_ALG_HANDLE alg = row_open(row, 0);
    BCRYPT_ALG_HANDLE reusable = row_open(row, BCRYPT_HASH_REUSABLE_FLAG);
    BCRYPT_HASH_HANDLE again = row_hash(row, reusable, key, 0);
    for (int round = 0; round < 40; round++) {
        uint8_t expected[MAX_RESULT];
        size_t n = round < 2 ? 0 : below(TEXT_BYTES - 16);
        size_t offset = below(16);
        size_t length = row->xof ? below(MAX_RESULT) + 1 : row->length;
        const uint8_t *p = text + offset;
        oracle_hash(row, span_of(key, row->key), span_of(p, n), expected, length);

        /* an object, and its copies */
        BCRYPT_HASH_HANDLE hash = row_hash(row, alg, key, 0), copy;
        size_t at = below(n + 1);
        feed(hash, p, at);
        assert_int_equal(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
        feed(hash, p + at, n - at);
        check_result(row, hash, expected, length);
        assert_int_equal(BCryptHashData(hash, bytes_at(p), 1, 0), STATUS_INVALID_HANDLE);
        assert_int_equal(BCryptFinishHash(hash, expected, 0, 0), STATUS_INVALID_HANDLE);
        assert_int_equal(BCryptDuplicateHash(hash, &hash, NULL, 0, 0), STATUS_INVALID_HANDLE);
        assert_int_equal(BCryptDestroyHash(hash), 0);
        feed(copy, p + at, n - at);
        check_result(row, copy, expected, length);
        assert_int_equal(BCryptDestroyHash(copy), 0);

        /* one object for all rounds */
        if (round > 0)
            row_set_nonce(row, again);
        feed(again, p, n);
        check_result(row, again, expected, length);

        /* in one call */
        uint8_t out[MAX_RESULT];
        memset(out, 0, sizeof out);
        NTSTATUS status = BCryptHash(alg, row->mac != NULL ? bytes_at(key) : NULL, (ULONG)row->key,
                                     n == 0 ? NULL : bytes_at(p), (ULONG)n, out, (ULONG)length);
        if (row_needs_nonce(row)) {
            assert_int_equal(status, STATUS_INVALID_PARAMETER);
        } else {
            assert_int_equal(status, 0);
            assert_memory_equal(out, expected, length);
        }
    }
    assert_int_equal(BCryptDestroyHash(again), 0);
    assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    assert_int_equal(BCryptCloseAlgorithmProvider(reusable, 0), 0);
    assert_no_errors_left();
}

static void test_answers(void **state)
{
    (void)state;
    uint8_t key[256], text[TEXT_BYTES];
    fill(key, sizeof key, 5);
    fill(text, sizeof text, 6);
    for (size_t i = 0; i < ARRAY_COUNT(hash_rows); i++)
        check_row(&hash_rows[i], key, text);
}

/* A XOF gives the same bytes in pieces as at once; the copy of a squeezed one goes on by itself. */
static void test_squeezing(void **state)
{
    (void)state;
    static const ULONG steps[] = {1, 0, 167, 1, 33, 168, 136, 5, 600, 2};
    uint8_t key[256], text[300], expected[4096], out[4096];
    fill(key, sizeof key, 5);
    fill(text, sizeof text, 6);
    for (size_t i = 0; i < ARRAY_COUNT(hash_rows); i++) {
        const struct hash_row *row = &hash_rows[i];
        if (!row->xof)
            continue;
        BCRYPT_ALG_HANDLE alg = row_open(row, BCRYPT_HASH_REUSABLE_FLAG);
        for (int round = 0; round < 3; round++) {
            BCRYPT_HASH_HANDLE hash = row_hash(row, alg, key, 0), whole = NULL, copy;
            assert_int_equal(BCryptHashData(hash, text, sizeof text, 0), 0);
            assert_int_equal(BCryptDuplicateHash(hash, &whole, NULL, 0, 0), 0);
            assert_int_equal(
                BCryptFinishHash(whole, expected, sizeof expected, BCRYPT_HASH_DONT_RESET_FLAG), 0);
            size_t at = 0;
            for (size_t s = 0; s < ARRAY_COUNT(steps); s++) {
                assert_int_equal(
                    BCryptFinishHash(hash, out + at, steps[s], BCRYPT_HASH_DONT_RESET_FLAG), 0);
                at += steps[s];
                assert_int_equal(BCryptHashData(hash, text, 1, 0), STATUS_INVALID_HANDLE);
            }
            assert_memory_equal(out, expected, at);
            assert_int_equal(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
            assert_int_equal(BCryptFinishHash(hash, out, 500, 0), 0);
            assert_memory_equal(out, expected + at, 500);
            assert_int_equal(BCryptFinishHash(copy, out, 700, BCRYPT_HASH_DONT_RESET_FLAG), 0);
            assert_int_equal(BCryptFinishHash(copy, out + 700, 9, 0), 0);
            assert_memory_equal(out, expected + at, 709);

            /* and both are fresh again */
            uint8_t empty[64];
            oracle_hash(row, span_of(key, row->key), span_of(text, 0), empty, sizeof empty);
            check_result(row, hash, empty, sizeof empty);
            check_result(row, copy, empty, sizeof empty);
            assert_int_equal(BCryptDestroyHash(hash), 0);
            assert_int_equal(BCryptDestroyHash(copy), 0);
            assert_int_equal(BCryptDestroyHash(whole), 0);
        }
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    }
    assert_no_errors_left();
}

/* Without more output to come, SHAKE in pieces is a prefix of what it gives at once; KMAC is not. */
static void test_output_length_of_kmac(void **state)
{
    (void)state;
    uint8_t fixed[64], any[64], shorter[32];
    BCRYPT_HASH_HANDLE hash = NULL;
    uint8_t key[32] = {1};
    assert_int_equal(
        BCryptCreateHash(BCRYPT_KMAC128_ALG_HANDLE, &hash, NULL, 0, key, sizeof key, 0), 0);
    assert_int_equal(BCryptFinishHash(hash, fixed, 64, 0), 0);
    assert_int_equal(BCryptFinishHash(hash, shorter, 32, 0), 0);
    assert_int_equal(BCryptFinishHash(hash, any, 64, BCRYPT_HASH_DONT_RESET_FLAG), 0);
    assert_int_equal(BCryptFinishHash(hash, NULL, 0, 0), 0);
    assert_memory_not_equal(fixed, any, 32);
    assert_memory_not_equal(fixed, shorter, 32);
    oracle_hash(&(struct hash_row){.mac = "KMAC-128", .xof = true}, span_of(key, 32),
                span_of(key, 0), any, 64);
    assert_memory_equal(fixed, any, 64);
    assert_int_equal(BCryptDestroyHash(hash), 0);
}

/* ---- SP 800-185 ----------------------------------------------------------------------------- */

static void set_string(BCRYPT_HASH_HANDLE hash, LPCWSTR name, const char *value)
{
    assert_int_equal(
        BCryptSetProperty(hash, name, bytes_at((const uint8_t *)value), (ULONG)strlen(value), 0),
        0);
}

/* NIST's sample values: cSHAKE samples 1 and 3, KMAC samples 1, 2 and 4, KMACXOF sample 1. */
static void test_published_answers(void **state)
{
    (void)state;
    uint8_t key[32], data[200], out[64];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(0x40 + i);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)i;
    static const struct {
        ULONG_PTR alg;
        bool keyed, more;
        const char *custom;
        ULONG data, length;
        const char *expected;
    } rows[] = {
        {0x411, false, false, "Email Signature", 4, 32,
         "c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5"},
        {0x421, false, false, "Email Signature", 4, 64,
         "d008828e2b80ac9d2218ffee1d070c48b8e4c87bff32c9699d5b6896eee0edd1"
         "64020e2be0560858d9c00c037e34a96937c561a74c412bb4c746469527281c8c"},
        {0x431, true, false, "", 4, 32,
         "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e"},
        {0x431, true, false, "My Tagged Application", 4, 32,
         "3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e2811324aa5"},
        {0x441, true, false, "My Tagged Application", 4, 64,
         "20c570c31346f703c9ac36c61c03cb64c3970d0cfc787e9b79599d273a68d2f7"
         "f69d4cc3de9d104a351689f27cf6f5951f0103f33f4f24871024d9c27773a8dd"},
        {0x431, true, true, "", 4, 32,
         "cd83740bbd92ccc8cf032b1481a0f4460e7ca9dd12b08a0c4031178bacd6ec35"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        BCRYPT_HASH_HANDLE hash = NULL;
        assert_int_equal(BCryptCreateHash((BCRYPT_ALG_HANDLE)rows[i].alg, &hash, NULL, 0,
                                          rows[i].keyed ? key : NULL,
                                          rows[i].keyed ? sizeof key : 0, 0),
                         0);
        set_string(hash, BCRYPT_CUSTOMIZATION_STRING, rows[i].custom);
        struct bytes expected = bytes_of_hex(rows[i].expected);
        for (int round = 0; round < 2; round++) { /* a reset keeps the strings */
            assert_int_equal(BCryptHashData(hash, data, rows[i].data, 0), 0);
            assert_int_equal(BCryptFinishHash(hash, out, rows[i].length,
                                              rows[i].more ? BCRYPT_HASH_DONT_RESET_FLAG : 0),
                             0);
            assert_memory_equal(out, expected.p, rows[i].length);
            if (rows[i].more)
                assert_int_equal(BCryptFinishHash(hash, NULL, 0, 0), 0);
        }
        assert_int_equal(BCryptDestroyHash(hash), 0);
    }
}

static void oracle_kmac(const char *mac, struct span key, struct span custom, struct span text,
                        uint8_t *out, size_t n)
{
    EVP_MAC *method = EVP_MAC_fetch(ossl_ctx(), mac, NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(method);
    const OSSL_PARAM params[] = {OCTETS("custom", custom), OSSL_PARAM_construct_size_t("size", &n),
                                 OSSL_PARAM_construct_end()};
    assert_int_equal(EVP_MAC_init(ctx, key.p, key.n, params), 1);
    assert_int_equal(EVP_MAC_update(ctx, text.p, text.n), 1);
    assert_int_equal(EVP_MAC_final(ctx, out, NULL, n), 1);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(method);
}

/* Customization of every kind of length: where its encoding grows, and where it fills a block. */
static void test_custom_strings(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 31, 32, 100, 127, 128, 136, 168, 255, 256, 400};
    uint8_t key[64], custom[400], text[50], out[48], expected[48];
    fill(key, sizeof key, 1);
    fill(custom, sizeof custom, 2);
    fill(text, sizeof text, 3);
    for (size_t i = 0; i < ARRAY_COUNT(lengths); i++) {
        for (int strong = 0; strong < 2; strong++) {
            BCRYPT_HASH_HANDLE hash = NULL, copy = NULL;
            assert_int_equal(
                BCryptCreateHash(strong ? BCRYPT_KMAC256_ALG_HANDLE : BCRYPT_KMAC128_ALG_HANDLE,
                                 &hash, NULL, 0, key, sizeof key, 0),
                0);
            assert_int_equal(
                BCryptSetProperty(hash, BCRYPT_CUSTOMIZATION_STRING, custom, (ULONG)lengths[i], 0),
                0);
            assert_int_equal(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
            oracle_kmac(strong ? "KMAC-256" : "KMAC-128", span_of(key, sizeof key),
                        span_of(custom, lengths[i]), span_of(text, sizeof text), expected,
                        sizeof expected);
            BCRYPT_HASH_HANDLE both[] = {hash, copy};
            for (size_t k = 0; k < 4; k++) {
                assert_int_equal(BCryptHashData(both[k % 2], text, sizeof text, 0), 0);
                assert_int_equal(BCryptFinishHash(both[k % 2], out, sizeof out, 0), 0);
                assert_memory_equal(out, expected, sizeof out);
            }
            assert_int_equal(BCryptDestroyHash(hash), 0);
            assert_int_equal(BCryptDestroyHash(copy), 0);
        }
    }
    assert_no_errors_left();
}

/* cSHAKE with KMAC's name, its padded key as data and the length behind it is KMAC. */
static void test_function_name(void **state)
{
    (void)state;
    uint8_t block[168 + 4 + 2] = {1, 168, 2, 1, 0}; /* bytepad(encode_string(32 bytes)) … */
    uint8_t key[32], out[32], expected[32];
    fill(key, sizeof key, 1);
    memcpy(block + 5, key, sizeof key);
    memcpy(block + 168, "text\x00\x01", 6); /* the data, right_encode(0) */
    BCRYPT_HASH_HANDLE shake = NULL, kmac = NULL;
    assert_int_equal(BCryptCreateHash(BCRYPT_CSHAKE128_ALG_HANDLE, &shake, NULL, 0, NULL, 0, 0), 0);
    set_string(shake, BCRYPT_FUNCTION_NAME_STRING, "KMAC");
    set_string(shake, BCRYPT_CUSTOMIZATION_STRING, "tag");
    assert_int_equal(BCryptHashData(shake, block, sizeof block, 0), 0);
    assert_int_equal(BCryptFinishHash(shake, out, 32, BCRYPT_HASH_DONT_RESET_FLAG), 0);
    assert_int_equal(BCryptCreateHash(BCRYPT_KMAC128_ALG_HANDLE, &kmac, NULL, 0, key, 32, 0), 0);
    set_string(kmac, BCRYPT_CUSTOMIZATION_STRING, "tag");
    assert_int_equal(BCryptHashData(kmac, (PUCHAR) "text", 4, 0), 0);
    assert_int_equal(BCryptFinishHash(kmac, expected, 32, BCRYPT_HASH_DONT_RESET_FLAG), 0);
    assert_memory_equal(out, expected, 32);
    assert_int_equal(BCryptSetProperty(kmac, BCRYPT_FUNCTION_NAME_STRING, key, 3, 0),
                     STATUS_NOT_SUPPORTED);
    assert_int_equal(BCryptDestroyHash(shake), 0);
    assert_int_equal(BCryptDestroyHash(kmac), 0);
}

/* Strings come before the data, at any time when there is none; emptied ones are none. */
static void test_strings_out_of_order(void **state)
{
    (void)state;
    uint8_t out[32], expected[32], text[] = "text";
    const struct hash_row *shake = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(hash_rows); i++) {
        if (strcmp(hash_rows[i].label, "CSHAKE128") == 0)
            shake = &hash_rows[i];
    }
    BCRYPT_ALG_HANDLE alg = row_open(shake, 0);
    BCRYPT_HASH_HANDLE hash = row_hash(shake, alg, NULL, 0);
    set_string(hash, BCRYPT_CUSTOMIZATION_STRING, "one");
    set_string(hash, BCRYPT_FUNCTION_NAME_STRING, "two");
    assert_int_equal(BCryptHashData(hash, NULL, 0, 0), 0);
    set_string(hash, BCRYPT_CUSTOMIZATION_STRING, "");
    set_string(hash, BCRYPT_FUNCTION_NAME_STRING, "");
    assert_int_equal(BCryptHashData(hash, text, 4, 0), 0);
    assert_int_equal(BCryptSetProperty(hash, BCRYPT_CUSTOMIZATION_STRING, text, 4, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(BCryptFinishHash(hash, out, 20, BCRYPT_HASH_DONT_RESET_FLAG), 0);
    assert_int_equal(BCryptSetProperty(hash, BCRYPT_FUNCTION_NAME_STRING, text, 4, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(BCryptFinishHash(hash, out + 20, 12, 0), 0);
    oracle_hash(shake, span_of(NULL, 0), span_of(text, 4), expected, 32);
    assert_memory_equal(out, expected, 32);
    assert_int_equal(BCryptSetProperty(hash, BCRYPT_CUSTOMIZATION_STRING, text, 4, 0),
                     STATUS_INVALID_HANDLE);
    assert_int_equal(BCryptDestroyHash(hash), 0);
    assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
}

/* ---- GMAC ----------------------------------------------------------------------------------- */

static void test_gmac_needs_a_nonce(void **state)
{
    (void)state;
    uint8_t key[16] = {1}, out[16], again[16], nonce[13] = {2}, text[] = "text";
    BCRYPT_HASH_HANDLE hash = NULL;
    assert_int_equal(BCryptCreateHash(BCRYPT_AES_GMAC_ALG_HANDLE, &hash, NULL, 0, key, 16, 0), 0);
    assert_int_equal(BCryptHashData(hash, text, 4, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(BCryptFinishHash(hash, out, 16, 0), STATUS_INVALID_PARAMETER);
    for (ULONG n = 0; n <= 13; n++)
        assert_int_equal(BCryptSetProperty(hash, BCRYPT_INITIALIZATION_VECTOR, nonce, n, 0),
                         n == 12 ? 0 : STATUS_INVALID_PARAMETER);
    assert_int_equal(BCryptHashData(hash, text, 4, 0), 0);
    assert_int_equal(BCryptSetProperty(hash, BCRYPT_INITIALIZATION_VECTOR, nonce, 12, 0),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(BCryptFinishHash(hash, out, 16, 0), 0);
    assert_int_equal(BCryptFinishHash(hash, again, 16, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(BCryptHashData(hash, text, 4, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(BCryptSetProperty(hash, BCRYPT_INITIALIZATION_VECTOR, nonce, 12, 0), 0);
    assert_int_equal(BCryptHashData(hash, text, 4, 0), 0);
    assert_int_equal(BCryptFinishHash(hash, again, 16, 0), 0);
    assert_memory_equal(out, again, 16);
    assert_int_equal(BCryptDestroyHash(hash), 0);
    assert_no_errors_left();
}

/* GCM test case 1 of its authors (McGrew, Viega): no data, no plaintext. */
static void test_gmac_known_answer(void **state)
{
    (void)state;
    uint8_t zero[16] = {0}, out[16];
    BCRYPT_HASH_HANDLE hash = NULL;
    assert_int_equal(BCryptCreateHash(BCRYPT_AES_GMAC_ALG_HANDLE, &hash, NULL, 0, zero, 16, 0), 0);
    assert_int_equal(BCryptSetProperty(hash, BCRYPT_INITIALIZATION_VECTOR, zero, 12, 0), 0);
    assert_int_equal(BCryptFinishHash(hash, out, 16, 0), 0);
    struct bytes expected = bytes_of_hex("58e2fccefa7e3061367f1d57a4e7455a");
    assert_memory_equal(out, expected.p, 16);
    assert_int_equal(BCryptDestroyHash(hash), 0);
}

/* ---- keys ----------------------------------------------------------------------------------- */

static void test_keys(void **state)
{
    (void)state;
    uint8_t key[256] = {1};
    for (size_t i = 0; i < ARRAY_COUNT(hash_rows); i++) {
        const struct hash_row *row = &hash_rows[i];
        BCRYPT_ALG_HANDLE alg = row_open(row, 0);
        for (ULONG n = 0; n <= 40; n++) {
            BCRYPT_HASH_HANDLE hash = key;
            bool fits = row->mac == NULL      ? n == 0
                        : row->cipher != NULL ? n == 16 || n == 24 || n == 32
                                              : true;
            assert_int_equal(BCryptCreateHash(alg, &hash, NULL, 0, key, n, 0),
                             fits ? 0 : STATUS_INVALID_PARAMETER);
            if (fits)
                assert_int_equal(BCryptDestroyHash(hash), 0);
            else
                assert_ptr_equal(hash, key);
        }
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    }
    assert_no_errors_left();
}

/* ---- properties ----------------------------------------------------------------------------- */

static ULONG get_u32(BCRYPT_HANDLE h, LPCWSTR name)
{
    ULONG value = 0, n = 0;
    assert_int_equal(BCryptGetProperty(h, name, (PUCHAR)&value, sizeof value, &n, 0), 0);
    assert_int_equal(n, sizeof value);
    return value;
}

static void check_properties(const struct hash_row *row, BCRYPT_HANDLE h, bool reusable)
{
    assert_int_equal(get_u32(h, BCRYPT_HASH_LENGTH), row->length);
    assert_int_equal(get_u32(h, BCRYPT_HASH_BLOCK_LENGTH), row->block);
    assert_int_equal(get_u32(h, BCRYPT_IS_KEYED_HASH), row->mac != NULL);
    assert_int_equal(get_u32(h, BCRYPT_IS_REUSABLE_HASH), reusable);
    assert_in_range(get_u32(h, BCRYPT_OBJECT_LENGTH), 1, 1024);
    ULONG n;
    assert_int_equal(BCryptGetProperty(h, BCRYPT_BLOCK_LENGTH, NULL, 0, &n, 0),
                     STATUS_NOT_SUPPORTED);
}

static void test_properties(void **state)
{
    (void)state;
    uint8_t key[256] = {1};
    for (size_t i = 0; i < ARRAY_COUNT(hash_rows); i++) {
        const struct hash_row *row = &hash_rows[i];
        for (int reusable = 0; reusable < 2; reusable++) {
            BCRYPT_ALG_HANDLE alg = row_open(row, reusable ? BCRYPT_HASH_REUSABLE_FLAG : 0);
            check_properties(row, alg, reusable);
            BCRYPT_HASH_HANDLE hash = row_hash(row, alg, key, 0);
            check_properties(row, hash, reusable);
            assert_int_equal(BCryptDestroyHash(hash), 0);
            hash = row_hash(row, alg, key, BCRYPT_HASH_REUSABLE_FLAG);
            check_properties(row, hash, true);
            assert_int_equal(BCryptDestroyHash(hash), 0);
            BCRYPT_KEY_LENGTHS_STRUCT lengths;
            ULONG n;
            NTSTATUS status =
                BCryptGetProperty(alg, BCRYPT_KEY_LENGTHS, (PUCHAR)&lengths, sizeof lengths, &n, 0);
            assert_int_equal(status, row->cipher != NULL ? 0 : STATUS_NOT_SUPPORTED);
            if (status == 0) {
                assert_int_equal(lengths.dwMinLength, 128);
                assert_int_equal(lengths.dwMaxLength, 256);
                assert_int_equal(lengths.dwIncrement, 64);
            }
            assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
        }
        check_properties(row, (BCRYPT_HANDLE)row->pseudo, true);
    }
}

static void test_oids(void **state)
{
    (void)state;
    static const char *const names[] = {"SHAKE128", "SHA1", "SHA512", "MD2"};
    static const LPCWSTR algs[] = {L"SHAKE128", L"SHA1", L"SHA512", L"MD2"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        const struct digest *d = digest_named(names[i]);
        BCRYPT_ALG_HANDLE alg = NULL;
        assert_int_equal(BCryptOpenAlgorithmProvider(&alg, algs[i], NULL, 0), 0);
        union {
            BCRYPT_OID_LIST list;
            uint8_t bytes[128];
        } value;
        ULONG n, m;
        assert_int_equal(BCryptGetProperty(alg, BCRYPT_HASH_OID_LIST, NULL, 0, &n, 0), 0);
        assert_int_equal(BCryptGetProperty(alg, BCRYPT_HASH_OID_LIST, value.bytes, n - 1, &m, 0),
                         STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(m, n);
        assert_int_equal(BCryptGetProperty(alg, BCRYPT_HASH_OID_LIST, value.bytes, n, &m, 0), 0);
        assert_int_equal(m, n);
        assert_int_equal(value.list.dwOIDCount, 2);
        const BCRYPT_OID *oids = value.list.pOIDs;
        assert_int_equal(oids[0].cbOID, d->oid_length + 2);
        assert_memory_equal(oids[0].pbOID, d->oid, d->oid_length);
        assert_memory_equal(oids[0].pbOID + d->oid_length, "\x05\x00", 2);
        assert_int_equal(oids[1].cbOID, d->oid_length);
        assert_memory_equal(oids[1].pbOID, d->oid, d->oid_length);
        assert_true(oids[1].pbOID + oids[1].cbOID == value.bytes + n);
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    }
}

/* ---- threads -------------------------------------------------------------------------------- */

/* What comes out is anybody's guess; that nothing breaks is not. */
static void *use_much(void *arg)
{
    BCRYPT_HASH_HANDLE hash = arg;
    uint8_t text[200] = {0}, out[16];
    for (int i = 0; i < 2000; i++) {
        BCRYPT_HASH_HANDLE copy;
        (void)BCryptHashData(hash, text, (ULONG)(i % 200), 0);
        if (BCryptDuplicateHash(hash, &copy, NULL, 0, 0) == 0)
            BCryptDestroyHash(copy);
        if (i % 7 == 0)
            (void)BCryptFinishHash(hash, out, 16, i % 2);
        (void)BCryptSetProperty(hash, BCRYPT_CUSTOMIZATION_STRING, text, (ULONG)(i % 30), 0);
        (void)BCryptSetProperty(hash, BCRYPT_INITIALIZATION_VECTOR, text, 12, 0);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    uint8_t key[256] = {1};
    for (size_t i = 0; i < ARRAY_COUNT(hash_rows); i++) {
        const struct hash_row *row = &hash_rows[i];
        BCRYPT_HASH_HANDLE hash = row_hash(row, (BCRYPT_ALG_HANDLE)row->pseudo, key, 0);
        pthread_t threads[2];
        for (size_t t = 0; t < 2; t++)
            assert_int_equal(pthread_create(&threads[t], NULL, use_much, hash), 0);
        for (size_t t = 0; t < 2; t++)
            assert_int_equal(pthread_join(threads[t], NULL), 0);
        assert_int_equal(BCryptDestroyHash(hash), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_squeezing),
        cmocka_unit_test(test_output_length_of_kmac),
        cmocka_unit_test(test_published_answers),
        cmocka_unit_test(test_custom_strings),
        cmocka_unit_test(test_function_name),
        cmocka_unit_test(test_strings_out_of_order),
        cmocka_unit_test(test_gmac_needs_a_nonce),
        cmocka_unit_test(test_gmac_known_answer),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_oids),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
