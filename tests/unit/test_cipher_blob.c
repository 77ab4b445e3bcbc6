/* cipher_blob.c: the layouts of OpaqueKeyBlob and PKCS11RsaAesWrapBlob, and what damaged blobs get. */
#include "blob_check.h"

#include "cipher_blob.h"

enum { OPAQUE, RSA_AES };

/* The numbers at which the layouts put their fields. */
enum {
    OPAQUE_VERSION_AT = 4,
    OPAQUE_NAME_LENGTH_AT = 8,
    OPAQUE_CHAIN_AT = 24,
    OPAQUE_KEY_LENGTH_AT = 40,
    OPAQUE_HEADER = 44,
    RSA_AES_KEY_LENGTH_AT = 4,
    RSA_AES_HASH_LENGTH_AT = 8,
    RSA_AES_LABEL_LENGTH_AT = 12,
    RSA_AES_HEADER = 16,
};

static NTSTATUS decode_opaque(struct span in)
{
    struct opaque_blob b = {.mode = 77}, before = b;
    NTSTATUS status = opaque_blob_decode(in, &b);
    if (status < 0) {
        assert_memory_equal(&b, &before, sizeof b);
        return status;
    }
    touch_bytes(b.algorithm.p, b.algorithm.n);
    touch_bytes(b.chain.p, b.chain.n);
    touch_bytes(b.key.p, b.key.n);
    return status;
}

static NTSTATUS decode_rsa_aes(struct span in)
{
    struct rsa_aes_blob b = {.key.n = 77}, before = b;
    NTSTATUS status = rsa_aes_blob_decode(in, &b);
    if (status < 0) {
        assert_memory_equal(&b, &before, sizeof b);
        return status;
    }
    touch_bytes(b.key.p, b.key.n);
    touch_bytes(b.hash.p, b.hash.n);
    touch_bytes(b.label.p, b.label.n);
    return status;
}

static NTSTATUS decode(int form, struct span in)
{
    return form == OPAQUE ? decode_opaque(in) : decode_rsa_aes(in);
}

static struct blob make_opaque(const char *name, size_t key_bytes)
{
    struct blob b = {{0}, 0};
    put_le32(&b, 0x424B434F);
    put_le32(&b, 1);
    put_le32(&b, (uint32_t)strlen(name));
    put_le32(&b, 2);
    put_le32(&b, 16);
    put_le32(&b, 128);
    put_run(&b, 0x50, 16);
    put_le32(&b, (uint32_t)key_bytes);
    for (size_t i = 0; name[i] != '\0'; i++)
        put_u8(&b, (uint8_t)name[i]);
    put_run(&b, 0x31, key_bytes);
    return b;
}

static struct blob make_rsa_aes(size_t key_bytes, size_t hash_bytes, size_t label_bytes)
{
    struct blob b = {{0}, 0};
    put_le32(&b, 0x57504152);
    put_le32(&b, (uint32_t)key_bytes);
    put_le32(&b, (uint32_t)hash_bytes);
    put_le32(&b, (uint32_t)label_bytes);
    put_run(&b, 0x10, key_bytes);
    put_run(&b, 0x20, hash_bytes);
    put_run(&b, 0x30, label_bytes);
    return b;
}

static void test_opaque_fields(void **state)
{
    (void)state;
    struct blob blob = make_opaque("AES", 32);
    struct opaque_blob b;
    assert_int_equal(opaque_blob_decode(blob_span(&blob), &b), STATUS_SUCCESS);
    assert_int_equal(b.algorithm.n, 3);
    assert_memory_equal(b.algorithm.p, "AES", 3);
    assert_int_equal(b.mode, 2);
    assert_int_equal(b.segment, 16);
    assert_int_equal(b.effective, 128);
    assert_int_equal(b.chain.n, OPAQUE_CHAIN_BYTES);
    assert_ptr_equal(b.chain.p, blob.p + OPAQUE_CHAIN_AT);
    assert_int_equal(b.key.n, 32);
    assert_ptr_equal(b.key.p, blob.p + OPAQUE_HEADER + 3);
    check_encoded(&blob, opaque_blob_encode(&b, w));
}

static void test_rsa_aes_fields(void **state)
{
    (void)state;
    struct blob blob = make_rsa_aes(300, 14, 5);
    struct rsa_aes_blob b;
    assert_int_equal(rsa_aes_blob_decode(blob_span(&blob), &b), STATUS_SUCCESS);
    assert_int_equal(b.key.n, 300);
    assert_ptr_equal(b.key.p, blob.p + RSA_AES_HEADER);
    assert_int_equal(b.hash.n, 14);
    assert_ptr_equal(b.hash.p, blob.p + RSA_AES_HEADER + 300);
    assert_int_equal(b.label.n, 5);
    assert_ptr_equal(b.label.p, blob.p + RSA_AES_HEADER + 314);
    check_encoded(&blob, rsa_aes_blob_encode(&b, w));
}

static void check_damage(int form, struct blob *b, const size_t *lengths, size_t count)
{
    check_cuts(decode, form, b, STATUS_INVALID_PARAMETER);
    check_trailing(decode, form, b, STATUS_INVALID_PARAMETER);
    check_field_bits(decode, form, b, 0);
    for (size_t i = 0; i < count; i++)
        check_length(decode, form, b, lengths[i], STATUS_INVALID_PARAMETER,
                     STATUS_INVALID_PARAMETER);
}

static void test_damage(void **state)
{
    (void)state;
    static const size_t opaque_lengths[] = {OPAQUE_NAME_LENGTH_AT, OPAQUE_KEY_LENGTH_AT};
    static const size_t rsa_aes_lengths[] = {RSA_AES_KEY_LENGTH_AT, RSA_AES_HASH_LENGTH_AT,
                                             RSA_AES_LABEL_LENGTH_AT};
    struct blob opaque = make_opaque("CHACHA20_POLY1305", 32);
    struct blob rsa_aes = make_rsa_aes(40, 10, 0);
    check_damage(OPAQUE, &opaque, opaque_lengths, ARRAY_COUNT(opaque_lengths));
    check_field_bits(decode, OPAQUE, &opaque, OPAQUE_VERSION_AT);
    check_damage(RSA_AES, &rsa_aes, rsa_aes_lengths, ARRAY_COUNT(rsa_aes_lengths));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opaque_fields),
        cmocka_unit_test(test_rsa_aes_fields),
        cmocka_unit_test(test_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
