/* MD2 and MD4 as hashes of the library context: the answers of their RFCs, any split, copies. */
#include "crypto_check.h"

static const struct {
    const char *text, *md2, *md4;
} rows[] = {
    {"", "8350e5a3e24c153df2275c9f80692773", "31d6cfe0d16ae931b73c59d7e0c089c0"},
    {"a", "32ec01ec4a6dac72c0ab96fb34c0b5d1", "bde52cb31de33e46245e05fbdbd6fb24"},
    {"message digest", "ab4f496bfb2a530b219ff33031fe06b0", "d9130a8164549fe818874806e1c7014b"},
    {"abcdefghijklmnopqrstuvwxyz", "4e8ddff3650292ab5a4108c3aa47940b",
     "d79e1c308aa5bbcdeea8ed63df412da9"},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
     "da33def2a42df13975352846c30338cd", "043f8582f241db351ce627e153e7f0e4"},
    {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     "d5976f79d83d3a0dc9806c3c66f3efd8", "e33b4ddc9c38f2199c3e7b164fcc0536"},
};

static void check(const EVP_MD *md, const char *text, const char *hex)
{
    struct bytes expected = bytes_of_hex(hex);
    size_t n = strlen(text);
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned written = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new(), *copy = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestInit_ex2(ctx, md, NULL), 1);
    for (size_t at = 0; at <= n; at += 3) {
        assert_int_equal(EVP_DigestInit_ex2(ctx, NULL, NULL), 1);
        assert_int_equal(EVP_DigestUpdate(ctx, text, at), 1);
        assert_int_equal(EVP_MD_CTX_copy_ex(copy, ctx), 1); /* a new one, then a used one */
        assert_int_equal(EVP_DigestUpdate(ctx, "other", 5), 1);
        assert_int_equal(EVP_DigestFinal_ex(ctx, out, NULL), 1);
        assert_int_equal(EVP_DigestUpdate(copy, text + at, n - at), 1);
        assert_int_equal(EVP_DigestFinal_ex(copy, out, &written), 1);
        assert_int_equal(written, 16);
        assert_memory_equal(out, expected.p, 16);
    }
    EVP_MD_CTX_free(ctx);
    EVP_MD_CTX_free(copy);
}

static void test_published_answers(void **state)
{
    (void)state;
    EVP_MD *md2 = EVP_MD_fetch(ossl_ctx(), "MD2", NULL);
    EVP_MD *md4 = EVP_MD_fetch(ossl_ctx(), "MD4", NULL);
    assert_non_null(md2);
    assert_non_null(md4);
    assert_int_equal(EVP_MD_get_block_size(md2), 16);
    assert_int_equal(EVP_MD_get_block_size(md4), 64);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        check(md2, rows[i].text, rows[i].md2);
        check(md4, rows[i].text, rows[i].md4);
    }
    EVP_MD_free(md2);
    EVP_MD_free(md4);
    assert_no_errors_left();
}

/* By their identifiers too, as signatures name them. */
static void test_identifiers(void **state)
{
    (void)state;
    EVP_MD *md2 = EVP_MD_fetch(ossl_ctx(), "1.2.840.113549.2.2", NULL);
    EVP_MD *md4 = EVP_MD_fetch(ossl_ctx(), "1.2.840.113549.2.4", NULL);
    assert_true(EVP_MD_is_a(md2, "MD2"));
    assert_true(EVP_MD_is_a(md4, "MD4"));
    EVP_MD_free(md2);
    EVP_MD_free(md4);
}

/* The provider is our context's, not the program's. */
static void test_only_in_our_context(void **state)
{
    (void)state;
    assert_null(EVP_MD_fetch(NULL, "MD2", "provider=opencng-old-digests"));
    ERR_clear_error();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_answers),
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_only_in_our_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
