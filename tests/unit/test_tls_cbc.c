/* Records of TLS with CBC: every padding, content around every block boundary and headers of many lengths
 * are accepted, every kind of damage is refused. */
#include "hash_fixture.h"

#include <sys/mman.h>
#include <unistd.h>

static const struct tls_row {
    const char *label;
    ULONG_PTR pseudo;
    LPCWSTR alg;
    ULONG code;
    const char *md;
} rows[] = {
    {"SHA1", 0xA1, L"SHA1", 20, "SHA1"},
    {"SHA256", 0xB1, L"SHA256", 32, "SHA2-256"},
    {"SHA384", 0xC1, L"SHA384", 48, "SHA2-384"},
};

static uint8_t key[48], noise[40000];

/* content || HMAC(header || content) || padding, in record[]; its length */
static size_t record_make(const struct tls_row *row, size_t n_header, size_t n_content,
                          size_t padding, uint8_t *record)
{
    uint8_t message[2 * sizeof noise];
    size_t written;
    memcpy(message, noise, n_header);
    memcpy(message + n_header, noise + 7, n_content);
    memcpy(record, noise + 7, n_content);
    assert_non_null(EVP_Q_mac(ossl_ctx(), "HMAC", NULL, row->md, NULL, key, sizeof key, message,
                              n_header + n_content, record + n_content, row->code, &written));
    size_t n = n_content + row->code;
    memset(record + n, (int)padding, padding + 1);
    return n + padding + 1;
}

static NTSTATUS verify(BCRYPT_HASH_HANDLE hash, size_t n_header, const uint8_t *record, size_t n)
{
    assert_int_equal(BCryptHashData(hash, noise, (ULONG)n_header, 0), 0);
    return BCryptHashData(hash, bytes_at(record), (ULONG)n, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG);
}

static BCRYPT_HASH_HANDLE make(const struct tls_row *row)
{
    BCRYPT_HASH_HANDLE hash = NULL;
    assert_int_equal(
        BCryptCreateHash((BCRYPT_ALG_HANDLE)row->pseudo, &hash, NULL, 0, key, sizeof key, 0), 0);
    return hash;
}

static void test_good_records(void **state)
{
    (void)state;
    static const size_t headers[] = {0, 5, 13, 51, 63, 64, 115, 127, 128, 129, 1000};
    static uint8_t record[sizeof noise];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        BCRYPT_HASH_HANDLE hash = make(&rows[i]);
        for (size_t h = 0; h < ARRAY_COUNT(headers); h++) {
            for (size_t content = 0; content < 700; content += content < 140 ? 1 : 37) {
                size_t padding = (content * 31 + h * 7) % 256;
                size_t n = record_make(&rows[i], headers[h], content, padding, record);
                assert_int_equal(verify(hash, headers[h], record, n), 0);
            }
        }
        for (size_t padding = 0; padding < 256; padding++) {
            for (size_t content = 0; content < 300; content += 59) {
                size_t n = record_make(&rows[i], 13, content, padding, record);
                assert_int_equal(verify(hash, 13, record, n), 0);
            }
        }
        size_t n = record_make(&rows[i], 13, 16384, 200, record);
        assert_int_equal(verify(hash, 13, record, n), 0);
        assert_int_equal(BCryptDestroyHash(hash), 0);
    }
    assert_no_errors_left();
}

/* Each byte of a record counts, but for what a shorter padding would leave out. */
static void test_damage(void **state)
{
    (void)state;
    uint8_t record[1000];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        BCRYPT_HASH_HANDLE hash = make(&rows[i]);
        for (size_t padding = 0; padding < 256; padding += 17) {
            for (size_t content = 0; content <= 100; content += 25) {
                size_t n = record_make(&rows[i], 13, content, padding, record);
                for (size_t at = 0; at < n; at++) {
                    uint8_t damage = (uint8_t)(1 << at % 8);
                    record[at] ^= damage;
                    assert_int_equal(verify(hash, 13, record, n), STATUS_INVALID_SIGNATURE);
                    record[at] ^= damage;
                }
                assert_int_equal(verify(hash, 12, record, n), STATUS_INVALID_SIGNATURE);
                assert_int_equal(verify(hash, 13, record, n), 0);
            }
        }
        assert_int_equal(BCryptDestroyHash(hash), 0);
    }
    assert_no_errors_left();
}

static void test_impossible_records(void **state)
{
    (void)state;
    uint8_t record[400];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        BCRYPT_HASH_HANDLE hash = make(&rows[i]);
        for (int last = 0; last < 256; last += 5) {
            memset(record, last, sizeof record);
            for (size_t n = 0; n < sizeof record; n += 3)
                assert_int_equal(verify(hash, 13, record, n), STATUS_INVALID_SIGNATURE);
        }
        assert_int_equal(BCryptHashData(hash, NULL, 0, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG),
                         STATUS_INVALID_SIGNATURE);

        /* the object is fresh after each of them */
        uint8_t out[48], expected[48];
        size_t written;
        assert_int_equal(BCryptHashData(hash, noise, 20, 0), 0);
        assert_int_equal(BCryptFinishHash(hash, out, rows[i].code, 0), 0);
        assert_non_null(EVP_Q_mac(ossl_ctx(), "HMAC", NULL, rows[i].md, NULL, key, sizeof key,
                                  noise, 20, expected, sizeof expected, &written));
        assert_memory_equal(out, expected, rows[i].code);
        assert_int_equal(BCryptDestroyHash(hash), 0);
    }
}

/* Records that end where the memory does, with every length of a padding that they could have. */
static void test_nothing_behind_is_read(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *pages =
        mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED && mprotect(pages + page, page, PROT_NONE) == 0);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        BCRYPT_HASH_HANDLE hash = make(&rows[i]);
        for (size_t content = 0; content < 300; content++) {
            uint8_t record[700];
            size_t n = record_make(&rows[i], 13, content, (content * 5) % 256, record);
            memcpy(pages + page - n, record, n);
            assert_int_equal(verify(hash, 13, pages + page - n, n), 0);
            pages[page - 1] ^= 0xFF; /* another length of the padding */
            assert_int_equal(verify(hash, 13, pages + page - n, n), STATUS_INVALID_SIGNATURE);
        }
        assert_int_equal(BCryptDestroyHash(hash), 0);
    }
    assert_int_equal(munmap(pages, 2 * page), 0);
}

/* An algorithm that was opened for it, copies of its objects, and what cannot do it. */
static void test_handles(void **state)
{
    (void)state;
    uint8_t record[400];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        BCRYPT_ALG_HANDLE alg = NULL;
        BCRYPT_HASH_HANDLE hash = NULL, copy = NULL;
        assert_int_equal(BCryptOpenAlgorithmProvider(&alg, rows[i].alg, NULL,
                                                     BCRYPT_ALG_HANDLE_HMAC_FLAG |
                                                         BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG),
                         0);
        assert_int_equal(BCryptCreateHash(alg, &hash, NULL, 0, key, sizeof key, 0), 0);
        size_t n = record_make(&rows[i], 13, 100, 9, record);
        assert_int_equal(verify(hash, 13, record, n), 0);
        assert_int_equal(BCryptHashData(hash, noise, 13, 0), 0);
        assert_int_equal(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
        assert_int_equal(BCryptDestroyHash(hash), 0);
        assert_int_equal(verify(copy, 0, record, n), 0);
        assert_int_equal(verify(copy, 13, record, n), 0);
        assert_int_equal(BCryptDestroyHash(copy), 0);
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
        assert_int_equal(
            BCryptOpenAlgorithmProvider(&alg, rows[i].alg, NULL, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG),
            STATUS_NOT_SUPPORTED);
    }
    for (size_t i = 0; i < ARRAY_COUNT(hash_rows); i++) {
        const struct hash_row *row = &hash_rows[i];
        bool can = row->mac != NULL && row->md != NULL &&
                   (strcmp(row->md, "SHA1") == 0 || strcmp(row->md, "SHA2-256") == 0 ||
                    strcmp(row->md, "SHA2-384") == 0);
        BCRYPT_ALG_HANDLE alg = NULL;
        assert_int_equal(BCryptOpenAlgorithmProvider(&alg, row->alg, NULL,
                                                     row->flags | BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG),
                         can ? 0 : STATUS_NOT_SUPPORTED);
        if (can)
            assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
        BCRYPT_HASH_HANDLE hash = row_hash(row, (BCRYPT_ALG_HANDLE)row->pseudo, noise, 0);
        assert_int_equal(BCryptHashData(hash, noise, 100, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG),
                         can ? STATUS_INVALID_SIGNATURE : STATUS_NOT_SUPPORTED);
        assert_int_equal(BCryptDestroyHash(hash), 0);
    }
}

static int setup(void **state)
{
    (void)state;
    fill(key, sizeof key, 1);
    fill(noise, sizeof noise, 2);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_records),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_impossible_records),
        cmocka_unit_test(test_nothing_behind_is_read),
        cmocka_unit_test(test_handles),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
