/* dh_blob.c: CNG's and CryptoAPI's blobs, the parameters, and what damaged ones get. */
#include "blob_check.h"

#include "dh_blob.h"

enum { P = 0x81, G = 0x02, Y = 0x31, X = 0x51, Q = 0x61, J = 0xA1, BYTES = 24 };

static NTSTATUS decode(int form, struct span in)
{
    struct dh_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = dh_blob_decode(form, in, &v);
    if (status != STATUS_SUCCESS) {
        assert_memory_equal(&v, &before, sizeof v);
        return status;
    }
    const struct num all[] = {v.p, v.g, v.y, v.x, v.q};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        touch_num(all[i]);
    return status;
}

static NTSTATUS decode_params(int form, struct span in)
{
    (void)form;
    struct dh_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = dh_params_decode(in, &v);
    if (status != STATUS_SUCCESS) {
        assert_memory_equal(&v, &before, sizeof v);
    } else {
        touch_num(v.p);
        touch_num(v.g);
    }
    return status;
}

static struct blob cng(bool is_private)
{
    struct blob b = {{0}, 0};
    put_le32(&b, is_private ? 0x56504844 : 0x42504844);
    put_le32(&b, BYTES);
    put_run(&b, P, BYTES);
    put_run(&b, G, BYTES);
    put_run(&b, Y, BYTES);
    if (is_private)
        put_run(&b, X, BYTES);
    return b;
}

static struct blob capi(bool is_private, uint32_t q_bits, uint32_t j_bits)
{
    struct blob b = {{0}, 0};
    put_u8(&b, is_private ? 7 : 6);
    put_u8(&b, 3);
    put_u8(&b, 0);
    put_u8(&b, 0);
    put_le32(&b, 0xAA01);
    put_le32(&b, is_private ? 0x34484400 : 0x33484400);
    put_le32(&b, 8 * BYTES);
    put_le32(&b, q_bits);
    put_le32(&b, j_bits);
    if (is_private)
        put_le32(&b, 8 * 10);
    for (int i = 0; i < 24; i++)
        put_u8(&b, 0xFF);
    put_run_back(&b, P, BYTES);
    put_run_back(&b, Q, (q_bits + 7) / 8);
    put_run_back(&b, G, BYTES);
    put_run_back(&b, J, (j_bits + 7) / 8);
    put_run_back(&b, Y, BYTES);
    if (is_private)
        put_run_back(&b, X, 10);
    return b;
}

static void test_round_trips(void **state)
{
    (void)state;
    static const struct {
        bool is_private;
        int form;
    } rows[] = {{false, DH_FORM_PUBLIC},
                {false, DH_FORM_ANY_PUBLIC},
                {true, DH_FORM_PRIVATE},
                {true, DH_FORM_ANY_PRIVATE}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct blob b = cng(rows[i].is_private);
        struct dh_view v;
        assert_int_equal(dh_blob_decode(rows[i].form, blob_span(&b), &v), STATUS_SUCCESS);
        assert_int_equal(v.key_bytes, BYTES);
        assert_true(is_run(v.p, P, BYTES) && is_run(v.g, G, BYTES) && is_run(v.y, Y, BYTES));
        assert_int_equal(v.x.n, rows[i].is_private ? BYTES : 0);
        if (rows[i].is_private)
            assert_true(is_run(v.x, X, BYTES));
        assert_int_equal(v.q.n, 0);
        check_encoded(&b, dh_blob_encode(rows[i].form, &v, w));
    }
}

/* Numbers narrower than P are padded on the left. */
static void test_padding(void **state)
{
    (void)state;
    static const uint8_t p[] = {0xF1, 0xF2, 0xF3, 0xF4}, two[] = {2}, x[] = {9, 8};
    const struct dh_view v = {.key_bytes = 4,
                              .p = num_be(p, 4),
                              .g = num_be(two, 1),
                              .y = num_le(x, 2),
                              .x = num_be(x, 2)};
    static const uint8_t want[] = {'D', 'H', 'P', 'V', 4, 0, 0, 0, 0xF1, 0xF2, 0xF3, 0xF4,
                                   0,   0,   0,   2,   0, 0, 8, 9, 0,    0,    9,    8};
    struct blob b = {{0}, 0};
    memcpy(b.p, want, sizeof want);
    b.n = sizeof want;
    check_encoded(&b, dh_blob_encode(DH_FORM_PRIVATE, &v, w));
}

static void test_damage(void **state)
{
    (void)state;
    for (int is_private = 0; is_private < 2; is_private++) {
        struct blob b = cng(is_private);
        int form = is_private ? DH_FORM_PRIVATE : DH_FORM_PUBLIC;
        int other = is_private ? DH_FORM_PUBLIC : DH_FORM_PRIVATE;
        NTSTATUS bad_size = is_private ? STATUS_INVALID_PARAMETER : STATUS_INVALID_BUFFER_SIZE;
        check_cuts(decode, form, &b, bad_size);
        check_trailing(decode, form, &b, bad_size);
        check_length(decode, form, &b, 4, bad_size, bad_size);
        check_field_bits(decode, form, &b, 0);
        assert_int_equal(decode_copy(decode, other, b.p, b.n), STATUS_INVALID_PARAMETER);
    }
    /* 0x40000000 + 24 times four is 96 in 32 bits. */
    struct blob b = cng(true);
    set_le32(&b, 4, 0x40000000 + BYTES);
    assert_int_equal(decode_copy(decode, DH_FORM_PRIVATE, b.p, b.n), STATUS_INVALID_PARAMETER);
}

static void test_capi(void **state)
{
    (void)state;
    static const struct {
        uint32_t q_bits, j_bits;
    } sizes[] = {{0, 0}, {160, 0}, {160, 32}, {161, 27}};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        for (int is_private = 0; is_private < 2; is_private++) {
            int form = is_private ? DH_FORM_CAPI_PRIVATE : DH_FORM_CAPI_PUBLIC;
            size_t q_bytes = (sizes[i].q_bits + 7) / 8;
            struct blob b = capi(is_private, sizes[i].q_bits, sizes[i].j_bits);
            struct dh_view v;
            assert_int_equal(dh_blob_decode(form, blob_span(&b), &v), STATUS_SUCCESS);
            assert_int_equal(v.key_bytes, BYTES);
            assert_true(is_run(v.p, P, BYTES) && is_run(v.g, G, BYTES) && is_run(v.y, Y, BYTES));
            assert_int_equal(v.q.n, q_bytes);
            assert_true(is_run(v.q, Q, q_bytes));
            assert_int_equal(v.x.n, is_private ? 10 : 0);
            if (is_private)
                assert_true(is_run(v.x, X, 10));
            /* j is not kept, and lengths are written in whole bytes. */
            struct blob again = capi(is_private, (uint32_t)(8 * q_bytes), 0);
            check_encoded(&again, dh_blob_encode(form, &v, w));
        }
    }
}

static void test_capi_damage(void **state)
{
    (void)state;
    for (int is_private = 0; is_private < 2; is_private++) {
        struct blob b = capi(is_private, 160, 32);
        int form = is_private ? DH_FORM_CAPI_PRIVATE : DH_FORM_CAPI_PUBLIC;
        NTSTATUS bad_size = is_private ? STATUS_INVALID_PARAMETER : STATUS_INVALID_BUFFER_SIZE;
        check_cuts(decode, form, &b, bad_size);
        check_trailing(decode, form, &b, bad_size);
        check_field_bits(decode, form, &b, 8);
        /* In bits: one bit fewer takes as many bytes, so the changes are of whole bytes. */
        static const uint32_t bad[] = {0,          8,         9,          168 + 8 * BYTES,
                                       0xFFFF,     0x10000,   0x7FFFFFFF, 0x80000000u,
                                       0xFFFFFFF8, 0xFFFFFFFF};
        for (size_t at = 12; at < (is_private ? 28u : 24u); at += 4) {
            for (size_t k = 0; k < ARRAY_COUNT(bad); k++) {
                struct blob wrong = b;
                set_le32(&wrong, at, bad[k]);
                assert_int_equal(decode_copy(decode, form, wrong.p, wrong.n), bad_size);
            }
        }
        struct blob empty = {.n = is_private ? 28 + 24 + 1
                                             : 24 + 24}; /* x is one byte, the rest none */
        memcpy(empty.p, b.p, 12);
        if (is_private)
            set_le32(&empty, 24, 8);
        assert_int_equal(decode_copy(decode, form, empty.p, empty.n), bad_size);
        struct blob ephemeral = b;
        set_le32(&ephemeral, 4, 0xAA02);
        assert_int_equal(decode_copy(decode, form, ephemeral.p, ephemeral.n), STATUS_SUCCESS);
        set_le32(&ephemeral, 4, 0xA400);
        assert_int_equal(decode_copy(decode, form, ephemeral.p, ephemeral.n),
                         STATUS_INVALID_PARAMETER);
        struct blob v2 = b;
        v2.p[1] = 2;
        assert_int_equal(decode_copy(decode, form, v2.p, v2.n), STATUS_INVALID_PARAMETER);
    }
}

static void test_params(void **state)
{
    (void)state;
    struct blob b = {{0}, 0};
    put_le32(&b, 12 + 2 * BYTES);
    put_le32(&b, BCRYPT_DH_PARAMETERS_MAGIC);
    put_le32(&b, BYTES);
    put_run(&b, P, BYTES);
    put_run(&b, G, BYTES);
    struct dh_view v;
    assert_int_equal(dh_params_decode(blob_span(&b), &v), STATUS_SUCCESS);
    assert_int_equal(v.key_bytes, BYTES);
    assert_true(is_run(v.p, P, BYTES) && is_run(v.g, G, BYTES));
    check_encoded(&b, dh_params_encode(&v, w));
    check_cuts(decode_params, 0, &b, STATUS_INVALID_PARAMETER);
    check_trailing(decode_params, 0, &b, STATUS_INVALID_PARAMETER);
    check_length(decode_params, 0, &b, 0, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER);
    check_length(decode_params, 0, &b, 8, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER);
    check_field_bits(decode_params, 0, &b, 4);
    struct blob empty = {{0}, 0};
    put_le32(&empty, 12);
    put_le32(&empty, BCRYPT_DH_PARAMETERS_MAGIC);
    put_le32(&empty, 0);
    assert_int_equal(decode_copy(decode_params, 0, empty.p, empty.n), STATUS_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips), cmocka_unit_test(test_padding),
        cmocka_unit_test(test_damage),      cmocka_unit_test(test_capi),
        cmocka_unit_test(test_capi_damage), cmocka_unit_test(test_params),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
