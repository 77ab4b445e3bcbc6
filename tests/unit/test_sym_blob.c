/* sym_blob.c: the layout of KeyDataBlob, and what damaged blobs get. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
