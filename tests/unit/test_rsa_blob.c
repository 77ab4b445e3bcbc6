/* rsa_blob.c: the layouts byte by byte, and what damaged blobs get. */
#include "blob_check.h"

#include "rsa_blob.h"

/* A number of each size that is unlike the others; the decoder does not care about mathematics. */
enum { E = 0x11, N = 0x81, P = 0x21, Q = 0x31, DP = 0x41, DQ = 0x51, QI = 0x61, D = 0x71 };

static NTSTATUS decode(int form, struct span in)
{
    struct rsa_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = rsa_blob_decode(form, in, &v);
    if (status != STATUS_SUCCESS) {
        assert_memory_equal(&v, &before, sizeof v);
        return status;
    }
    const struct num all[] = {v.e, v.n, v.p, v.q, v.dp, v.dq, v.qi, v.d};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        touch_num(all[i]);
    return status;
}

/* e of 3 bytes, n of 16, p of 9, q of 8; `parts` 1, 2 or 3 as in the magic. */
static struct blob cng(int parts)
{
    struct blob b = {{0}, 0};
    put_le32(&b, 0x00415352u | (uint32_t)('0' + parts) << 24);
    put_le32(&b, 128);
    put_le32(&b, 3);
    put_le32(&b, 16);
    put_le32(&b, parts > 1 ? 9 : 0);
    put_le32(&b, parts > 1 ? 8 : 0);
    put_run(&b, E, 3);
    put_run(&b, N, 16);
    if (parts > 1) {
        put_run(&b, P, 9);
        put_run(&b, Q, 8);
    }
    if (parts > 2) {
        put_run(&b, DP, 9);
        put_run(&b, DQ, 8);
        put_run(&b, QI, 9);
        put_run(&b, D, 16);
    }
    return b;
}

static struct blob capi(bool is_private, size_t n_bytes)
{
    size_t half = (n_bytes + 1) / 2;
    struct blob b = {{0}, 0};
    put_u8(&b, is_private ? 7 : 6);
    put_u8(&b, 2);
    put_u8(&b, 0);
    put_u8(&b, 0);
    put_le32(&b, 0xA400);
    put_le32(&b, is_private ? 0x32415352 : 0x31415352);
    put_le32(&b, (uint32_t)(8 * n_bytes));
    put_run_back(&b, E, 3);
    put_u8(&b, 0);
    put_run_back(&b, N, n_bytes);
    if (is_private) {
        put_run_back(&b, P, half);
        put_run_back(&b, Q, half);
        put_run_back(&b, DP, half);
        put_run_back(&b, DQ, half);
        put_run_back(&b, QI, half);
        put_run_back(&b, D, n_bytes);
    }
    return b;
}

static void test_fields(void **state)
{
    (void)state;
    struct rsa_view v;
    struct blob b = cng(3);
    assert_int_equal(b.n, 24 + 3 + 16 + 9 + 8 + 9 + 8 + 9 + 16);
    assert_int_equal(rsa_blob_decode(RSA_FORM_FULL, blob_span(&b), &v), STATUS_SUCCESS);
    assert_true(is_run(v.e, E, 3) && v.e.n == 3);
    assert_true(is_run(v.n, N, 16) && v.n.n == 16);
    assert_true(is_run(v.p, P, 9) && is_run(v.q, Q, 8));
    assert_true(is_run(v.dp, DP, 9) && is_run(v.dq, DQ, 8));
    assert_true(is_run(v.qi, QI, 9) && is_run(v.d, D, 16));

    b = cng(2);
    assert_int_equal(rsa_blob_decode(RSA_FORM_PRIVATE, blob_span(&b), &v), STATUS_SUCCESS);
    assert_true(is_run(v.p, P, 9) && is_run(v.q, Q, 8));
    assert_int_equal(v.dp.n + v.dq.n + v.qi.n + v.d.n, 0);

    b = cng(1);
    assert_int_equal(rsa_blob_decode(RSA_FORM_PUBLIC, blob_span(&b), &v), STATUS_SUCCESS);
    assert_true(is_run(v.e, E, 3) && is_run(v.n, N, 16));
    assert_int_equal(v.p.n + v.q.n + v.d.n, 0);
}

static void test_capi_fields(void **state)
{
    (void)state;
    static const size_t sizes[] = {16, 129}; /* 1032 bits: primes of 65 bytes */
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct rsa_view v;
        size_t n = sizes[i], half = (sizes[i] + 1) / 2;
        struct blob b = capi(true, n);
        assert_int_equal(rsa_blob_decode(RSA_FORM_CAPI_PRIVATE, blob_span(&b), &v), STATUS_SUCCESS);
        assert_true(is_run(v.e, E, 3) && is_run(v.n, N, n));
        assert_true(is_run(v.p, P, half) && is_run(v.q, Q, half));
        assert_true(is_run(v.dp, DP, half) && is_run(v.dq, DQ, half));
        assert_true(is_run(v.qi, QI, half) && is_run(v.d, D, n));
        check_encoded(&b, rsa_blob_encode(RSA_FORM_CAPI_PRIVATE, &v, w));

        b = capi(false, n);
        assert_int_equal(rsa_blob_decode(RSA_FORM_CAPI_PUBLIC, blob_span(&b), &v), STATUS_SUCCESS);
        assert_true(is_run(v.e, E, 3) && is_run(v.n, N, n) && v.p.n == 0);
        check_encoded(&b, rsa_blob_encode(RSA_FORM_CAPI_PUBLIC, &v, w));
    }
}

static void test_round_trips(void **state)
{
    (void)state;
    static const struct {
        int parts, form;
    } rows[] = {{1, RSA_FORM_PUBLIC},
                {1, RSA_FORM_ANY_PUBLIC},
                {2, RSA_FORM_PRIVATE},
                {2, RSA_FORM_ANY_PRIVATE},
                {3, RSA_FORM_FULL}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct blob b = cng(rows[i].parts);
        struct rsa_view v;
        assert_int_equal(rsa_blob_decode(rows[i].form, blob_span(&b), &v), STATUS_SUCCESS);
        check_encoded(&b, rsa_blob_encode(rows[i].form, &v, w));
    }
    /* The generic private type reads full blobs and writes plain private ones. */
    struct blob full = cng(3), plain = cng(2);
    struct rsa_view v;
    assert_int_equal(rsa_blob_decode(RSA_FORM_ANY_PRIVATE, blob_span(&full), &v), STATUS_SUCCESS);
    assert_true(is_run(v.d, D, 16));
    check_encoded(&plain, rsa_blob_encode(RSA_FORM_ANY_PRIVATE, &v, w));
}

/* From one byte order into the other. */
static void test_between_forms(void **state)
{
    (void)state;
    struct blob from = capi(true, 16), to = cng(3);
    struct rsa_view v;
    assert_int_equal(rsa_blob_decode(RSA_FORM_CAPI_PRIVATE, blob_span(&from), &v), STATUS_SUCCESS);
    uint8_t text[256];
    struct wr w = wr_into(text, sizeof text);
    rsa_blob_encode(RSA_FORM_FULL, &v, &w);
    assert_false(w.bad);
    /* e lost its leading zero; both primes have 8 bytes here. */
    assert_int_equal(w.n, 24 + 3 + 16 + 5 * 8 + 16);
    assert_memory_equal(text + 24, to.p + 24, 3 + 16 + 8);
    assert_int_equal(text[4], 128);
}

static void test_leading_zeros(void **state)
{
    (void)state;
    struct blob b = {{0}, 0};
    put_le32(&b, BCRYPT_RSAPUBLIC_MAGIC);
    put_le32(&b, 0xDEADBEEF); /* not looked at */
    put_le32(&b, 8);
    put_le32(&b, 20);
    put_le32(&b, 0);
    put_le32(&b, 0);
    put_run(&b, 0, 0);
    for (int i = 0; i < 5; i++)
        put_u8(&b, 0);
    put_run(&b, E, 3);
    for (int i = 0; i < 4; i++)
        put_u8(&b, 0);
    put_run(&b, N, 16);
    struct rsa_view v;
    assert_int_equal(rsa_blob_decode(RSA_FORM_PUBLIC, blob_span(&b), &v), STATUS_SUCCESS);
    assert_int_equal(v.e.n, 8);
    assert_int_equal(v.n.n, 20);
    struct blob natural = cng(1);
    check_encoded(&natural, rsa_blob_encode(RSA_FORM_PUBLIC, &v, w));
}

static void test_magic(void **state)
{
    (void)state;
    /* rows: blob; columns: form */
    static const bool accepts[3][5] = {
        /* PUBLIC PRIVATE FULL ANY_PUBLIC ANY_PRIVATE */
        {true, false, false, true, false},
        {false, true, false, false, true},
        {false, false, true, false, true},
    };
    static const int forms[] = {RSA_FORM_PUBLIC, RSA_FORM_PRIVATE, RSA_FORM_FULL,
                                RSA_FORM_ANY_PUBLIC, RSA_FORM_ANY_PRIVATE};
    for (int parts = 1; parts <= 3; parts++) {
        struct blob b = cng(parts);
        for (size_t f = 0; f < ARRAY_COUNT(forms); f++) {
            NTSTATUS want = accepts[parts - 1][f] ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
            assert_int_equal(decode_copy(decode, forms[f], b.p, b.n), want);
            /* The magic comes before the sizes. */
            if (want != STATUS_SUCCESS)
                assert_int_equal(decode_copy(decode, forms[f], b.p, 4), want);
        }
    }
    struct blob b = cng(1);
    set_le32(&b, 0, BCRYPT_DH_PUBLIC_MAGIC);
    assert_int_equal(decode_copy(decode, RSA_FORM_PUBLIC, b.p, b.n), STATUS_INVALID_PARAMETER);
    assert_int_equal(decode_copy(decode, RSA_FORM_PUBLIC, b.p, 4), STATUS_INVALID_PARAMETER);
    assert_int_equal(decode_copy(decode, RSA_FORM_PUBLIC, b.p, 3), NTE_BAD_DATA);
}

static void test_damage(void **state)
{
    (void)state;
    static const int forms[] = {RSA_FORM_PUBLIC, RSA_FORM_PRIVATE, RSA_FORM_FULL};
    for (int parts = 1; parts <= 3; parts++) {
        struct blob b = cng(parts);
        int form = forms[parts - 1];
        check_cuts(decode, form, &b, NTE_BAD_DATA);
        check_trailing(decode, form, &b, NTE_BAD_DATA);
        for (size_t at = 8; at < 24; at += 4)
            check_length(decode, form, &b, at, NTE_BAD_DATA, NTE_BAD_DATA);
    }
    /* A public blob has no primes, even where the sizes would add up. */
    struct blob b = cng(1);
    set_le32(&b, 16, 9);
    set_le32(&b, 20, 8);
    put_run(&b, P, 17);
    assert_int_equal(decode_copy(decode, RSA_FORM_PUBLIC, b.p, b.n), NTE_BAD_DATA);
    /* A header of nothing but the largest lengths. */
    memset(b.p + 8, 0xFF, 16);
    assert_int_equal(decode_copy(decode, RSA_FORM_PUBLIC, b.p, 24), NTE_BAD_DATA);
}

static void test_capi_damage(void **state)
{
    (void)state;
    for (int is_private = 0; is_private < 2; is_private++) {
        int form = is_private ? RSA_FORM_CAPI_PRIVATE : RSA_FORM_CAPI_PUBLIC;
        struct blob b = capi(is_private, 16);
        check_cuts(decode, form, &b, NTE_BAD_DATA);
        check_trailing(decode, form, &b, NTE_BAD_DATA);
        check_length(decode, form, &b, 12, NTE_BAD_DATA, NTE_BAD_DATA);
        check_field_bits(decode, form, &b, 8);
        struct blob sign = b;
        set_le32(&sign, 4, 0x2400); /* a signature key */
        assert_int_equal(decode_copy(decode, form, sign.p, sign.n), STATUS_SUCCESS);
        static const uint32_t algs[] = {0, 0x2200, 0xAA01, 0xFFFFFFFF};
        for (size_t i = 0; i < ARRAY_COUNT(algs); i++) {
            set_le32(&sign, 4, algs[i]);
            assert_int_equal(decode_copy(decode, form, sign.p, sign.n), STATUS_INVALID_PARAMETER);
        }
        struct blob other = b;
        other.p[0] ^= 1; /* the other type */
        assert_int_equal(decode_copy(decode, form, other.p, other.n), STATUS_INVALID_PARAMETER);
        other = b;
        other.p[1] = 3;
        assert_int_equal(decode_copy(decode, form, other.p, other.n), STATUS_INVALID_PARAMETER);
    }
}

/* Keys that CryptoAPI's form cannot hold fail while counting already. */
static void test_capi_cannot_hold(void **state)
{
    (void)state;
    static const uint8_t e5[] = {1, 0, 0, 0, 1};
    struct blob b = cng(2);
    struct rsa_view v;
    assert_int_equal(rsa_blob_decode(RSA_FORM_PRIVATE, blob_span(&b), &v), STATUS_SUCCESS);
    assert_int_equal(v.p.n, 9); /* more than half of 16 */
    struct wr w = wr_count();
    rsa_blob_encode(RSA_FORM_CAPI_PRIVATE, &v, &w);
    assert_true(w.bad);
    w = wr_count();
    rsa_blob_encode(RSA_FORM_CAPI_PUBLIC, &v, &w);
    assert_false(w.bad);
    v.e = num_be(e5, sizeof e5);
    w = wr_count();
    rsa_blob_encode(RSA_FORM_CAPI_PUBLIC, &v, &w);
    assert_true(w.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),           cmocka_unit_test(test_capi_fields),
        cmocka_unit_test(test_round_trips),      cmocka_unit_test(test_between_forms),
        cmocka_unit_test(test_leading_zeros),    cmocka_unit_test(test_magic),
        cmocka_unit_test(test_damage),           cmocka_unit_test(test_capi_damage),
        cmocka_unit_test(test_capi_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
