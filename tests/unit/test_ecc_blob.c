/* ecc_blob.c: plain, full and SSL blobs and curve parameters, and what damaged ones get. */
#include "blob_check.h"

#include "ecc_blob.h"

enum {
    X = 0x10,
    Y = 0x40,
    D = 0x90,
    CP = 0x01,
    CA = 0x21,
    CB = 0x31,
    GX = 0x51,
    GY = 0x61,
    ORDER = 0x71,
    COFACTOR = 0x04,
    SEED = 0xC0
};
enum { FIELD = 24, ORDER_BYTES = 25, SEED_BYTES = 20 };

static void touch_params(const struct ecc_params_view *v)
{
    const struct num all[] = {v->p, v->a, v->b, v->gx, v->gy, v->order, v->cofactor};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        touch_num(all[i]);
    touch_bytes(v->seed.p, v->seed.n);
}

static NTSTATUS decode(int form, struct span in)
{
    struct ecc_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = ecc_blob_decode(form, in, &v);
    if (status != STATUS_SUCCESS) {
        assert_memory_equal(&v, &before, sizeof v);
        return status;
    }
    touch_num(v.x);
    touch_num(v.y);
    touch_num(v.d);
    touch_params(&v.params);
    return status;
}

static NTSTATUS decode_params(int form, struct span in)
{
    (void)form;
    struct ecc_params_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = ecc_params_decode(in, &v);
    if (status != STATUS_SUCCESS)
        assert_memory_equal(&v, &before, sizeof v);
    else
        touch_params(&v);
    return status;
}

static struct blob plain(uint32_t magic, size_t bytes, bool is_private)
{
    struct blob b = {{0}, 0};
    put_le32(&b, magic);
    put_le32(&b, (uint32_t)bytes);
    put_run(&b, X, bytes);
    put_run(&b, Y, bytes);
    if (is_private)
        put_run(&b, D, bytes);
    return b;
}

static void put_params(struct blob *b)
{
    put_le32(b, 1);
    put_le32(b, BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE);
    put_le32(b, 7);
    put_le32(b, FIELD);
    put_le32(b, ORDER_BYTES);
    put_le32(b, 1);
    put_le32(b, SEED_BYTES);
    put_run(b, CP, FIELD);
    put_run(b, CA, FIELD);
    put_run(b, CB, FIELD);
    put_run(b, GX, FIELD);
    put_run(b, GY, FIELD);
    put_run(b, ORDER, ORDER_BYTES);
    put_run(b, COFACTOR, 1);
    put_run(b, SEED, SEED_BYTES);
}

static struct blob full(uint32_t magic, bool is_private)
{
    struct blob b = {{0}, 0};
    put_le32(&b, magic);
    put_params(&b);
    put_run(&b, X, FIELD);
    put_run(&b, Y, FIELD);
    if (is_private)
        put_run(&b, D, ORDER_BYTES);
    return b;
}

static void check_params(const struct ecc_params_view *v)
{
    assert_int_equal(v->curve_type, BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE);
    assert_int_equal(v->generation, 7);
    assert_int_equal(v->field_bytes, FIELD);
    assert_int_equal(v->order_bytes, ORDER_BYTES);
    assert_true(is_run(v->p, CP, FIELD) && is_run(v->a, CA, FIELD) && is_run(v->b, CB, FIELD));
    assert_true(is_run(v->gx, GX, FIELD) && is_run(v->gy, GY, FIELD));
    assert_true(is_run(v->order, ORDER, ORDER_BYTES) && is_run(v->cofactor, COFACTOR, 1));
    assert_int_equal(v->seed.n, SEED_BYTES);
    assert_int_equal(v->seed.p[0], SEED);
}

static const struct {
    uint32_t magic;
    enum ecc_use use;
    uint32_t bits;
    size_t bytes;
    bool is_private;
} rows[] = {
    {0x314B4345, ECC_USE_ECDH, 256, 32, false},  {0x324B4345, ECC_USE_ECDH, 256, 32, true},
    {0x334B4345, ECC_USE_ECDH, 384, 48, false},  {0x344B4345, ECC_USE_ECDH, 384, 48, true},
    {0x354B4345, ECC_USE_ECDH, 521, 66, false},  {0x364B4345, ECC_USE_ECDH, 521, 66, true},
    {0x504B4345, ECC_USE_ECDH, 0, 32, false},    {0x564B4345, ECC_USE_ECDH, 0, 20, true},
    {0x31534345, ECC_USE_ECDSA, 256, 32, false}, {0x32534345, ECC_USE_ECDSA, 256, 32, true},
    {0x33534345, ECC_USE_ECDSA, 384, 48, false}, {0x34534345, ECC_USE_ECDSA, 384, 48, true},
    {0x35534345, ECC_USE_ECDSA, 521, 66, false}, {0x36534345, ECC_USE_ECDSA, 521, 66, true},
    {0x50444345, ECC_USE_ECDSA, 0, 66, false},   {0x56444345, ECC_USE_ECDSA, 0, 64, true},
};

static void test_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        static const int public_forms[] = {ECC_FORM_PUBLIC, ECC_FORM_ANY_PUBLIC};
        static const int private_forms[] = {ECC_FORM_PRIVATE, ECC_FORM_ANY_PRIVATE};
        struct blob b = plain(rows[i].magic, rows[i].bytes, rows[i].is_private);
        for (size_t f = 0; f < 2; f++) {
            int form = rows[i].is_private ? private_forms[f] : public_forms[f];
            struct ecc_view v;
            assert_int_equal(ecc_blob_decode(form, blob_span(&b), &v), STATUS_SUCCESS);
            assert_int_equal(v.use, rows[i].use);
            assert_int_equal(v.fixed_bits, rows[i].bits);
            assert_int_equal(v.key_bytes, rows[i].bytes);
            assert_int_equal(v.has_private, rows[i].is_private);
            assert_false(v.has_params);
            assert_true(is_run(v.x, X, rows[i].bytes) && is_run(v.y, Y, rows[i].bytes));
            assert_int_equal(v.d.n, rows[i].is_private ? rows[i].bytes : 0);
            if (rows[i].is_private)
                assert_true(is_run(v.d, D, rows[i].bytes));
            check_encoded(&b, ecc_blob_encode(form, &v, w));
        }
        check_cuts(decode, ECC_FORM_ANY_PUBLIC, &b, STATUS_INVALID_BUFFER_SIZE);
        check_trailing(decode, ECC_FORM_ANY_PUBLIC, &b, STATUS_INVALID_BUFFER_SIZE);
        if (rows[i].is_private) {
            /* A known program passes more than the blob; see ecc_blob.c. */
            check_cuts(decode, ECC_FORM_PRIVATE, &b, STATUS_INVALID_BUFFER_SIZE);
            check_trailing(decode, ECC_FORM_PRIVATE, &b, STATUS_SUCCESS);
        }
        /* On a curve that the magic names a wrong cbKey is known for wrong at once. */
        check_length(decode, ECC_FORM_PUBLIC, &b, 4, STATUS_INVALID_PARAMETER,
                     rows[i].bits != 0 ? STATUS_INVALID_PARAMETER : STATUS_INVALID_BUFFER_SIZE);
    }
}

static void test_small_key_length(void **state)
{
    (void)state;
    /* Seen on Windows: cbKey 2. Here also where the magic is generic. */
    struct blob b = plain(BCRYPT_ECDSA_PUBLIC_P256_MAGIC, 32, false);
    set_le32(&b, 4, 2);
    assert_int_equal(decode_copy(decode, ECC_FORM_PUBLIC, b.p, b.n), STATUS_INVALID_PARAMETER);
    set_le32(&b, 0, BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC);
    assert_int_equal(decode_copy(decode, ECC_FORM_PUBLIC, b.p, b.n), STATUS_INVALID_PARAMETER);
    b = plain(BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC, 2, false);
    assert_int_equal(decode_copy(decode, ECC_FORM_PUBLIC, b.p, b.n), STATUS_INVALID_PARAMETER);
}

/* A public form takes private layouts and says so; a private form takes no public ones. */
static void test_public_and_private(void **state)
{
    (void)state;
    struct blob b = plain(BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC, 32, true);
    static const int forms[] = {ECC_FORM_PUBLIC, ECC_FORM_ANY_PUBLIC};
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        struct ecc_view v;
        assert_int_equal(ecc_blob_decode(forms[i], blob_span(&b), &v), STATUS_SUCCESS);
        assert_true(v.has_private);
        /* The public part of it is what a public form writes. */
        struct blob public = plain(BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, 32, false);
        check_encoded(&public, ecc_blob_encode(forms[i], &v, w));
    }
    b = plain(BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, 32, false);
    assert_int_equal(decode_copy(decode, ECC_FORM_PRIVATE, b.p, b.n), STATUS_INVALID_PARAMETER);
    assert_int_equal(decode_copy(decode, ECC_FORM_ANY_PRIVATE, b.p, b.n), STATUS_INVALID_PARAMETER);
    assert_int_equal(decode_copy(decode, ECC_FORM_PRIVATE, b.p, 4), STATUS_INVALID_PARAMETER);
}

/* The point of curve25519 has no Y. */
static void test_missing_y(void **state)
{
    (void)state;
    uint8_t u[32];
    for (size_t i = 0; i < sizeof u; i++)
        u[i] = (uint8_t)(X + i);
    struct ecc_view v = {.use = ECC_USE_ECDH, .key_bytes = 32, .x = num_be(u, sizeof u)};
    struct blob b = plain(BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, 32, false);
    memset(b.p + 40, 0, 32);
    check_encoded(&b, ecc_blob_encode(ECC_FORM_PUBLIC, &v, w));
}

static void test_no_magic(void **state)
{
    (void)state;
    uint8_t text[100];
    struct ecc_view v = {.use = ECC_USE_ECDH, .fixed_bits = 192, .key_bytes = 24};
    struct wr w = wr_into(text, sizeof text);
    ecc_blob_encode(ECC_FORM_PUBLIC, &v, &w);
    assert_true(w.bad);
}

static void test_full(void **state)
{
    (void)state;
    static const struct {
        uint32_t magic;
        enum ecc_use use;
        bool is_private;
        int form, any;
    } kinds[] = {
        {BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, ECC_USE_ECDH, false, ECC_FORM_FULL_PUBLIC,
         ECC_FORM_ANY_PUBLIC},
        {BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC, ECC_USE_ECDH, true, ECC_FORM_FULL_PRIVATE,
         ECC_FORM_ANY_PRIVATE},
        {BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC, ECC_USE_ECDSA, false, ECC_FORM_FULL_PUBLIC,
         ECC_FORM_ANY_PUBLIC},
        {BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC, ECC_USE_ECDSA, true, ECC_FORM_FULL_PRIVATE,
         ECC_FORM_ANY_PRIVATE},
    };
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        struct blob b = full(kinds[i].magic, kinds[i].is_private);
        const int forms[] = {kinds[i].form, kinds[i].any};
        for (size_t f = 0; f < 2; f++) {
            struct ecc_view v;
            assert_int_equal(ecc_blob_decode(forms[f], blob_span(&b), &v), STATUS_SUCCESS);
            assert_int_equal(v.use, kinds[i].use);
            assert_int_equal(v.fixed_bits, 0);
            assert_int_equal(v.key_bytes, FIELD);
            assert_int_equal(v.has_private, kinds[i].is_private);
            assert_true(v.has_params);
            check_params(&v.params);
            assert_true(is_run(v.x, X, FIELD) && is_run(v.y, Y, FIELD));
            if (kinds[i].is_private)
                assert_true(is_run(v.d, D, ORDER_BYTES));
            check_encoded(&b, ecc_blob_encode(kinds[i].form, &v, w));
        }
        check_cuts(decode, kinds[i].form, &b, STATUS_INVALID_BUFFER_SIZE);
        /* The form that takes both layouts sees a full one from a whole header on; its version is no length of a key. */
        for (size_t n = 8; n < b.n; n++)
            assert_int_equal(decode_copy(decode, kinds[i].any, b.p, n),
                             n < 32 ? STATUS_INVALID_PARAMETER : STATUS_INVALID_BUFFER_SIZE);
        check_trailing(decode, kinds[i].form, &b, STATUS_INVALID_BUFFER_SIZE);
        for (size_t at = 16; at < 32; at += 4)
            check_length(decode, kinds[i].form, &b, at, STATUS_INVALID_BUFFER_SIZE,
                         STATUS_INVALID_PARAMETER);
        check_field_bits(decode, kinds[i].form, &b, 4); /* version */
        static const uint32_t types[] = {0, 4, 0x10001, 0xFFFFFFFF};
        for (size_t t = 0; t < ARRAY_COUNT(types); t++) {
            struct blob wrong = b;
            set_le32(&wrong, 8, types[t]);
            assert_int_equal(decode_copy(decode, kinds[i].form, wrong.p, wrong.n),
                             STATUS_INVALID_PARAMETER);
        }
        /* Only generic magics open a full blob. */
        struct blob fixed = b;
        set_le32(&fixed, 0, BCRYPT_ECDSA_PUBLIC_P256_MAGIC + (kinds[i].is_private ? 0x1000000 : 0));
        assert_int_equal(decode_copy(decode, kinds[i].form, fixed.p, fixed.n),
                         STATUS_INVALID_PARAMETER);
    }
    struct blob b = full(BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC, true);
    assert_int_equal(decode_copy(decode, ECC_FORM_FULL_PUBLIC, b.p, b.n), STATUS_INVALID_PARAMETER);
    /* The plain form of a full blob: its version is no length. */
    assert_int_equal(decode_copy(decode, ECC_FORM_PUBLIC, b.p, b.n), STATUS_INVALID_PARAMETER);
    /* The other way round. */
    b = plain(BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, 32, false);
    assert_int_equal(decode_copy(decode, ECC_FORM_FULL_PUBLIC, b.p, b.n), STATUS_INVALID_PARAMETER);
}

/* Lengths whose sum wraps in 32 bits. */
static void test_wrapping_sum(void **state)
{
    (void)state;
    struct blob b = full(BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, false);
    set_le32(&b, 16, 0x40000000 + FIELD);
    assert_int_equal(decode_copy(decode, ECC_FORM_FULL_PUBLIC, b.p, b.n),
                     STATUS_INVALID_BUFFER_SIZE);
    set_le32(&b, 16, FIELD);
    set_le32(&b, 20, 0x80000000u + ORDER_BYTES);
    set_le32(&b, 24, 0x80000001u);
    assert_int_equal(decode_copy(decode, ECC_FORM_FULL_PUBLIC, b.p, b.n),
                     STATUS_INVALID_BUFFER_SIZE);
    memset(b.p + 16, 0xFF, 16);
    assert_int_equal(decode_copy(decode, ECC_FORM_FULL_PUBLIC, b.p, b.n),
                     STATUS_INVALID_BUFFER_SIZE);
}

static void test_params(void **state)
{
    (void)state;
    struct blob b = {{0}, 0};
    put_params(&b);
    struct ecc_params_view v;
    assert_int_equal(ecc_params_decode(blob_span(&b), &v), STATUS_SUCCESS);
    check_params(&v);
    check_encoded(&b, ecc_params_encode(&v, w));
    check_cuts(decode_params, 0, &b, STATUS_INVALID_PARAMETER);
    check_trailing(decode_params, 0, &b, STATUS_INVALID_PARAMETER);
    for (size_t at = 12; at < 28; at += 4)
        check_length(decode_params, 0, &b, at, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER);
    check_field_bits(decode_params, 0, &b, 0);
}

static void test_ssl(void **state)
{
    (void)state;
    struct blob b = plain(23, 32, false);
    struct ecc_view v;
    assert_int_equal(ecc_blob_decode(ECC_FORM_SSL_PUBLIC, blob_span(&b), &v), STATUS_SUCCESS);
    assert_int_equal(v.tls_curve, 23);
    assert_int_equal(v.key_bytes, 32);
    assert_false(v.has_private);
    assert_true(is_run(v.x, X, 32) && is_run(v.y, Y, 32));
    check_encoded(&b, ecc_blob_encode(ECC_FORM_SSL_PUBLIC, &v, w));
    check_cuts(decode, ECC_FORM_SSL_PUBLIC, &b, STATUS_INVALID_BUFFER_SIZE);
    check_trailing(decode, ECC_FORM_SSL_PUBLIC, &b, STATUS_INVALID_BUFFER_SIZE);
    check_length(decode, ECC_FORM_SSL_PUBLIC, &b, 4, STATUS_INVALID_BUFFER_SIZE,
                 STATUS_INVALID_PARAMETER);
}

static void test_foreign_magic(void **state)
{
    (void)state;
    static const uint32_t magics[] = {0,
                                      BCRYPT_RSAPUBLIC_MAGIC,
                                      BCRYPT_DH_PUBLIC_MAGIC,
                                      BCRYPT_ECC_PARAMETERS_MAGIC,
                                      0x374B4345,
                                      0xFFFFFFFF};
    static const int forms[] = {ECC_FORM_PUBLIC,       ECC_FORM_PRIVATE,    ECC_FORM_FULL_PUBLIC,
                                ECC_FORM_FULL_PRIVATE, ECC_FORM_ANY_PUBLIC, ECC_FORM_ANY_PRIVATE};
    for (size_t i = 0; i < ARRAY_COUNT(magics); i++) {
        struct blob b = plain(magics[i], 32, false);
        for (size_t f = 0; f < ARRAY_COUNT(forms); f++) {
            assert_int_equal(decode_copy(decode, forms[f], b.p, b.n), STATUS_INVALID_PARAMETER);
            assert_int_equal(decode_copy(decode, forms[f], b.p, 4), STATUS_INVALID_PARAMETER);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_small_key_length),
        cmocka_unit_test(test_public_and_private),
        cmocka_unit_test(test_missing_y),
        cmocka_unit_test(test_no_magic),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_wrapping_sum),
        cmocka_unit_test(test_params),
        cmocka_unit_test(test_ssl),
        cmocka_unit_test(test_foreign_magic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
