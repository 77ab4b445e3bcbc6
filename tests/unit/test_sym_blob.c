/* sym_blob.c: the layout of KeyDataBlob, that of HKDF too, and what damaged blobs get. */
#include "blob_check.h"

#include "sym_blob.h"

enum { KEY = 0x31, MAGIC_AT = 0, VERSION_AT = 4, LENGTH_AT = 8, HEADER = 12 };

static NTSTATUS decode(int form, struct span in)
{
    (void)form;
    struct span key = {(const uint8_t *)"before", 6}, before = key;
    NTSTATUS status = sym_blob_decode(in, &key);
    if (status != STATUS_SUCCESS) {
        assert_ptr_equal(key.p, before.p);
        assert_int_equal(key.n, before.n);
        return status;
    }
    touch_bytes(key.p, key.n);
    return status;
}

static struct blob make(size_t key_bytes)
{
    struct blob b = {{0}, 0};
    put_le32(&b, 0x4D42444B);
    put_le32(&b, 1);
    put_le32(&b, (uint32_t)key_bytes);
    put_run(&b, KEY, key_bytes);
    return b;
}

static void test_fields(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 16, 32, 257, 1024};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct blob b = make(sizes[i]);
        struct span key;
        assert_int_equal(sym_blob_decode(blob_span(&b), &key), STATUS_SUCCESS);
        assert_int_equal(key.n, sizes[i]);
        assert_memory_equal(key.p, b.p + HEADER, key.n);
        check_encoded(&b, sym_blob_encode(key, w));
    }
}

static void test_damage(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 16, 100};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct blob b = make(sizes[i]);
        check_cuts(decode, 0, &b, STATUS_INVALID_PARAMETER);
        check_trailing(decode, 0, &b, STATUS_INVALID_PARAMETER);
        check_length(decode, 0, &b, LENGTH_AT, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER);
        check_field_bits(decode, 0, &b, MAGIC_AT);
        check_field_bits(decode, 0, &b, VERSION_AT);
    }
}

/* ---- HKDF ----------------------------------------------------------------------------------- */

enum { NAME_AT = 12, PRK_BYTES = 32 };

static NTSTATUS decode_hkdf(int form, struct span in)
{
    (void)form;
    struct sym_hkdf v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = sym_blob_hkdf_decode(in, &v);
    if (status != STATUS_SUCCESS) {
        assert_memory_equal(&v, &before, sizeof v);
        return status;
    }
    touch_bytes(v.prk.p, v.prk.n);
    assert_true(strlen(v.hash.s) < sizeof v.hash.s);
    return status;
}

static void put_be32(struct blob *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        put_u8(b, (uint8_t)(v >> shift));
}

/* With the first `units` units of the name, its NUL included. */
static struct blob make_hkdf(const char *name, size_t units, size_t prk_bytes)
{
    struct blob b = {{0}, 0};
    put_le32(&b, 0x4D42444B);
    put_le32(&b, 1);
    put_le32(&b, (uint32_t)(4 + 2 * units + prk_bytes));
    put_be32(&b, (uint32_t)(2 * units));
    for (size_t i = 0; i < units; i++) {
        put_u8(&b, (uint8_t)name[i]);
        put_u8(&b, 0);
    }
    put_run(&b, KEY, prk_bytes);
    return b;
}

static void test_hkdf_fields(void **state)
{
    (void)state;
    static const char *const names[] = {"SHA1", "SHA256", "SHA3-512", "x"};
    static const size_t sizes[] = {0, 20, 64, 1000};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct blob b = make_hkdf(names[i], strlen(names[i]) + 1, sizes[i]);
        struct sym_hkdf v;
        assert_int_equal(sym_blob_hkdf_decode(blob_span(&b), &v), STATUS_SUCCESS);
        assert_string_equal(v.hash.s, names[i]);
        assert_int_equal(v.prk.n, sizes[i]);
        assert_memory_equal(v.prk.p, b.p + b.n - sizes[i], sizes[i]);
        check_encoded(&b, sym_blob_hkdf_encode(names[i], v.prk, w));
        /* The NUL may be missing. */
        struct blob bare = make_hkdf(names[i], strlen(names[i]), sizes[i]);
        assert_int_equal(sym_blob_hkdf_decode(blob_span(&bare), &v), STATUS_SUCCESS);
        assert_string_equal(v.hash.s, names[i]);
        check_encoded(&b, sym_blob_hkdf_encode(v.hash.s, v.prk, w));
    }
}

static void test_hkdf_damage(void **state)
{
    (void)state;
    struct blob b = make_hkdf("SHA256", 7, PRK_BYTES);
    check_cuts(decode_hkdf, 0, &b, STATUS_INVALID_PARAMETER);
    check_trailing(decode_hkdf, 0, &b, STATUS_INVALID_PARAMETER);
    check_length(decode_hkdf, 0, &b, LENGTH_AT, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER);
    check_field_bits(decode_hkdf, 0, &b, MAGIC_AT);
    check_field_bits(decode_hkdf, 0, &b, VERSION_AT);
    /* Names that are none: no bytes, half a unit, more behind the NUL, longer than the data. */
    static const uint32_t bad[] = {
        0, 1, 3, 13, 15, 16, 18, 14 + PRK_BYTES + 2, 0x80000000u, 0xFFFFFFFE, 0xFFFFFFFF};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct blob wrong = b;
        for (int k = 0; k < 4; k++)
            wrong.p[NAME_AT + k] = (uint8_t)(bad[i] >> (24 - 8 * k));
        assert_int_equal(decode_copy(decode_hkdf, 0, wrong.p, wrong.n), STATUS_INVALID_PARAMETER);
    }
    /* Not ASCII, half of a pair, too long, and the longest. */
    for (uint8_t high = 1; high != 0; high++) {
        struct blob wrong = b;
        wrong.p[NAME_AT + 5] = high;
        assert_int_equal(decode_copy(decode_hkdf, 0, wrong.p, wrong.n), STATUS_INVALID_PARAMETER);
    }
    char longest[NAME_MAX_BYTES + 1];
    memset(longest, 'a', sizeof longest);
    for (size_t units = NAME_MAX_BYTES - 1; units <= NAME_MAX_BYTES + 1; units++) {
        longest[units - 1] = '\0';
        struct blob named = make_hkdf(longest, units, PRK_BYTES);
        assert_int_equal(decode_copy(decode_hkdf, 0, named.p, named.n),
                         units <= NAME_MAX_BYTES ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
        longest[units - 1] = 'a';
    }
    /* A raw key is none of HKDF. */
    struct blob raw = make(PRK_BYTES);
    assert_int_equal(decode_copy(decode_hkdf, 0, raw.p, raw.n), STATUS_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_hkdf_fields),
        cmocka_unit_test(test_hkdf_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
