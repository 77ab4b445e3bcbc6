/* The concatenation key derivation function: RFC 7518's example and libcrypto's SSKDF. */
#include "crypto_check.h"

#include "ct.h"
#include "kdf_concat.h"

/* RFC 7518 appendix C, which gives Z and OtherInfo as byte lists. */
static void test_jose_example(void **state)
{
    (void)state;
    struct bytes z =
        bytes_of_hex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4");
    struct bytes algorithm = bytes_of_hex("000000074131323847434d");
    struct bytes party_u = bytes_of_hex("00000005416c696365");
    struct bytes party_v = bytes_of_hex("00000003426f62");
    struct bytes public_info = bytes_of_hex("00000080");
    struct bytes expected = bytes_of_hex("56aa8deaf8236d205c2228cd71a7101a");
    const struct span fields[] = {bytes_span(&algorithm), bytes_span(&party_u),
                                  bytes_span(&party_v), bytes_span(&public_info)};
    uint8_t out[17];
    memset(out, 0xEE, sizeof out);
    assert_int_equal(kdf_concat(digest_named("SHA256"), bytes_span(&z), fields, 4, out, 16),
                     STATUS_SUCCESS);
    assert_memory_equal(out, expected.p, 16);
    assert_int_equal(out[16], 0xEE);
}

static void test_agrees_with_libcrypto(void **state)
{
    (void)state;
    static const char *const hashes[] = {"SHA1", "SHA256", "SHA384", "SHA512", "SHA3-384"};
    static uint8_t z[66], info[100], out[10000], expected[10000];
    fill(z, sizeof z, 1);
    fill(info, sizeof info, 2);
    for (size_t i = 0; i < ARRAY_COUNT(hashes); i++) {
        const struct digest *d = digest_named(hashes[i]);
        const OSSL_PARAM params[] = {STRING(OSSL_KDF_PARAM_DIGEST, d->ossl_name),
                                     OCTETS(OSSL_KDF_PARAM_SECRET, span_of(z, sizeof z)),
                                     OCTETS(OSSL_KDF_PARAM_INFO, span_of(info, sizeof info)),
                                     OSSL_PARAM_construct_end()};
        const struct span one[] = {span_of(info, sizeof info)};
        const struct span five[] = {span_of(info, 10), span_of(NULL, 0), span_of(info + 10, 20),
                                    span_of(info + 30, 1), span_of(info + 31, sizeof info - 31)};
        const size_t lengths[] = {1, 16, d->length, d->length + 1u, 3u * d->length, sizeof out};
        for (size_t k = 0; k < ARRAY_COUNT(lengths); k++) {
            oracle_kdf("SSKDF", params, expected, lengths[k]);
            assert_int_equal(kdf_concat(d, span_of(z, sizeof z), one, 1, out, lengths[k]),
                             STATUS_SUCCESS);
            assert_memory_equal(out, expected, lengths[k]);
            memset(out, 0, sizeof out);
            assert_int_equal(kdf_concat(d, span_of(z, sizeof z), five, 5, out, lengths[k]),
                             STATUS_SUCCESS);
            assert_memory_equal(out, expected, lengths[k]);
            assert_true(ct_all_zero(out + lengths[k], sizeof out - lengths[k]));
        }
    }
}

static void test_refusals(void **state)
{
    (void)state;
    const struct span fields[6] = {{NULL, 0}};
    uint8_t out[32] = {0};
    assert_int_equal(kdf_concat(digest_named("SHA256"), text_span("z"), fields, 6, out, 32),
                     STATUS_INVALID_PARAMETER);
    uint64_t too_much = UINT64_C(1) << 38;
    if (too_much <= SIZE_MAX)
        assert_int_equal(
            kdf_concat(digest_named("SHA256"), text_span("z"), fields, 0, out, (size_t)too_much),
            STATUS_INVALID_PARAMETER);
    assert_true(ct_all_zero(out, sizeof out));
    assert_int_equal(kdf_concat(digest_named("SHA256"), text_span("z"), fields, 0, out, 32),
                     STATUS_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jose_example),
        cmocka_unit_test(test_agrees_with_libcrypto),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
