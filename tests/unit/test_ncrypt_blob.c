/* ncrypt_blob.c and security_blob.c: the envelopes of ncrypt.h, and security descriptors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ncrypt.h"
#include "ncrypt_blob.h"
#include "security_blob.h"

/* The example of the specification: AES, with data of two bytes. */
static const uint8_t cipher[] = {16, 0, 0, 0,   'C', 'P', 'H', 'R', 8, 0, 0, 0, 2,
                                 0,  0, 0, 'A', 0,   'E', 0,   'S', 0, 0, 0, 1, 2};

static void test_key_envelope(void **state)
{
    (void)state;
    struct key_envelope e;
    const struct span in = span_of(cipher, sizeof cipher);
    assert_int_equal(key_envelope_decode(NCRYPT_CIPHER_KEY_BLOB_MAGIC, in, &e), STATUS_SUCCESS);
    assert_string_equal(e.alg.s, "AES");
    assert_int_equal(e.data.n, 2);
    uint8_t bytes[sizeof cipher];
    struct wr w = wr_into(bytes, sizeof bytes);
    key_envelope_encode(&e, &w);
    assert_false(w.bad);
    assert_memory_equal(bytes, cipher, sizeof cipher);
    assert_int_equal(key_envelope_decode(NCRYPT_KDF_KEY_BLOB_MAGIC, in, &e), NTE_INVALID_PARAMETER);
    for (size_t n = 0; n < sizeof cipher; n++)
        assert_int_equal(key_envelope_decode(NCRYPT_CIPHER_KEY_BLOB_MAGIC, span_of(cipher, n), &e),
                         NTE_BAD_DATA);
    static const uint8_t nameless[] = {16, 0, 0, 0, 'C', 'P', 'H', 'R', 0,
                                       0,  0, 0, 2, 0,   0,   0,   1,   2};
    assert_int_equal(
        key_envelope_decode(NCRYPT_CIPHER_KEY_BLOB_MAGIC, span_of(nameless, sizeof nameless), &e),
        NTE_BAD_DATA);
}

static const uint8_t key_data[] = {'K', 'D', 'B', 'M', 1, 0, 0, 0, 2, 0, 0, 0, 1, 2, 0};

static void test_key_data(void **state)
{
    (void)state;
    for (size_t n = 0; n <= sizeof key_data; n++)
        assert_int_equal(key_data_check(span_of(key_data, n)),
                         n == sizeof key_data - 1 ? STATUS_SUCCESS : NTE_BAD_DATA);
    uint8_t other[sizeof key_data - 1];
    memcpy(other, key_data, sizeof other);
    other[0] ^= 1;
    assert_int_equal(key_data_check(span_of(other, sizeof other)), NTE_INVALID_PARAMETER);
}

static void test_pq_envelope(void **state)
{
    (void)state;
    struct pq_envelope e = {.data = {(const uint8_t *)"blob", 4}};
    strcpy(e.type.s, "PQDSAPRIVATEBLOB");
    uint8_t bytes[64];
    struct wr w = wr_into(bytes, sizeof bytes);
    pq_envelope_encode(&e, &w);
    assert_false(w.bad);
    assert_int_equal(w.n, 12 + 34 + 4);
    assert_memory_equal(bytes, "PQPR", 4);
    struct pq_envelope back;
    assert_int_equal(pq_envelope_decode(span_of(bytes, w.n), &back), STATUS_SUCCESS);
    assert_string_equal(back.type.s, e.type.s);
    assert_int_equal(back.data.n, 4);
    for (size_t n = 0; n < w.n; n++)
        assert_int_equal(pq_envelope_decode(span_of(bytes, n), &back), NTE_BAD_DATA);
    bytes[0] ^= 1;
    assert_int_equal(pq_envelope_decode(span_of(bytes, w.n), &back), NTE_INVALID_PARAMETER);
}

static size_t descriptor(const struct security_view *v, uint8_t *bytes, size_t cap)
{
    struct wr w = wr_into(bytes, cap);
    security_encode(v, &w);
    assert_false(w.bad);
    return w.n;
}

static void test_descriptor(void **state)
{
    (void)state;
    uint8_t bytes[256];
    for (unsigned parts = 0; parts < 16; parts++) {
        const struct security_view v = {
            .has_owner = parts & 1,
            .has_group = parts & 2,
            .has_acl = parts & 4,
            .owner = 1000,
            .group = 100,
            .group_reads = (parts & 12) == 12,
        };
        size_t n = descriptor(&v, bytes, sizeof bytes);
        struct security_view back;
        assert_int_equal(security_decode(span_of(bytes, n), &back), STATUS_SUCCESS);
        assert_int_equal(back.has_owner, v.has_owner || v.has_acl);
        assert_int_equal(back.has_acl, v.has_acl);
        assert_int_equal(back.group_reads, v.group_reads);
        assert_int_equal(back.owner, back.has_owner ? 1000 : 0);
        assert_int_equal(back.group, back.has_group ? 100 : 0);
        for (size_t cut = 0; cut < n; cut++)
            assert_int_equal(security_decode(span_of(bytes, cut), &back), NTE_BAD_DATA);
    }
}

/* Well-formed, and more than owner, group and their rights can say. */
static void test_inexpressible(void **state)
{
    (void)state;
    uint8_t bytes[256];
    const struct security_view v = {.has_owner = true, .has_acl = true, .owner = 1000};
    size_t n = descriptor(&v, bytes, sizeof bytes);
    const size_t ace = 20 + 16 + 8;
    struct security_view back;
    bytes[ace] = 1; /* an entry that denies */
    assert_int_equal(security_decode(span_of(bytes, n), &back), NTE_NOT_SUPPORTED);
    bytes[ace] = 0;
    bytes[ace + 8 + 7] = 1; /* S-1-1-...: everybody's authority */
    assert_int_equal(security_decode(span_of(bytes, n), &back), NTE_NOT_SUPPORTED);
    bytes[ace + 8 + 7] = 22;
    bytes[ace + 8 + 12] ^= 1; /* another user */
    assert_int_equal(security_decode(span_of(bytes, n), &back), NTE_NOT_SUPPORTED);
    bytes[ace + 8 + 12] ^= 1;
    bytes[12] = 20; /* a system list */
    assert_int_equal(security_decode(span_of(bytes, n), &back), NTE_NOT_SUPPORTED);
    bytes[12] = 0;
    bytes[16] = 0; /* present and NULL: everybody may do everything */
    assert_int_equal(security_decode(span_of(bytes, n), &back), NTE_NOT_SUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_envelope),  cmocka_unit_test(test_key_data),
        cmocka_unit_test(test_pq_envelope),   cmocka_unit_test(test_descriptor),
        cmocka_unit_test(test_inexpressible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
