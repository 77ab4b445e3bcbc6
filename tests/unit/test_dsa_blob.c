/* dsa_blob.c: both of CNG's versions and both of CryptoAPI's, the parameters, and damaged ones. */
#include "blob_check.h"

#include "dsa_blob.h"

enum {
    P = 0x81,
    G = 0x02,
    Y = 0x31,
    X = 0x51,
    Q = 0xC1,
    SEED = 0xA1,
    COUNT = 0x10,
    V1 = 64,
    V2 = 160
};

static void touch(const struct dsa_view *v)
{
    const struct num all[] = {v->p, v->q, v->g, v->y, v->x};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        touch_num(all[i]);
    touch_bytes(v->seed.p, v->seed.n);
}

static NTSTATUS decode(int form, struct span in)
{
    struct dsa_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = dsa_blob_decode(form, in, &v);
    if (status != STATUS_SUCCESS)
        assert_memory_equal(&v, &before, sizeof v);
    else
        touch(&v);
    return status;
}

static NTSTATUS decode_params(int form, struct span in)
{
    (void)form;
    struct dsa_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = dsa_params_decode(in, &v);
    if (status != STATUS_SUCCESS)
        assert_memory_equal(&v, &before, sizeof v);
    else
        touch(&v);
    return status;
}

static void put_v1_body(struct blob *b)
{
    put_le32(b, V1);
    put_run(b, COUNT, 4);
    put_run(b, SEED, 20);
    put_run(b, Q, 20);
    put_run(b, P, V1);
    put_run(b, G, V1);
}

static void put_v2_body(struct blob *b)
{
    put_le32(b, V2);
    put_le32(b, DSA_HASH_ALGORITHM_SHA256);
    put_le32(b, DSA_FIPS186_3);
    put_le32(b, 32);
    put_le32(b, 28);
    put_run(b, COUNT, 4);
    put_run(b, SEED, 32);
    put_run(b, Q, 28);
    put_run(b, P, V2);
    put_run(b, G, V2);
}

static struct blob cng_v1(bool is_private)
{
    struct blob b = {{0}, 0};
    put_le32(&b, is_private ? 0x56505344 : 0x42505344);
    put_v1_body(&b);
    put_run(&b, Y, V1);
    if (is_private)
        put_run(&b, X, 20);
    return b;
}

static struct blob cng_v2(bool is_private)
{
    struct blob b = {{0}, 0};
    put_le32(&b, is_private ? 0x32565044 : 0x32425044);
    put_v2_body(&b);
    put_run(&b, Y, V2);
    if (is_private)
        put_run(&b, X, 28);
    return b;
}

static void put_capi_head(struct blob *b, bool is_private, uint8_t version, uint32_t magic)
{
    put_u8(b, is_private ? 7 : 6);
    put_u8(b, version);
    put_u8(b, 0);
    put_u8(b, 0);
    put_le32(b, 0x2200);
    put_le32(b, magic);
}

static struct blob capi_v2(bool is_private)
{
    struct blob b = {{0}, 0};
    put_capi_head(&b, is_private, 2, is_private ? 0x32535344 : 0x31535344);
    put_le32(&b, 8 * V1);
    put_run_back(&b, P, V1);
    put_run_back(&b, Q, 20);
    put_run_back(&b, G, V1);
    if (is_private)
        put_run_back(&b, X, 20);
    else
        put_run_back(&b, Y, V1);
    put_run_back(&b, COUNT, 4); /* the DWORD 10111213 */
    put_run_back(&b, SEED, 20);
    return b;
}

static struct blob capi_v3(bool is_private, size_t p_bytes, size_t q_bytes, size_t j_bytes)
{
    struct blob b = {{0}, 0};
    put_capi_head(&b, is_private, 3, is_private ? 0x34535344 : 0x33535344);
    put_le32(&b, (uint32_t)(8 * p_bytes));
    put_le32(&b, (uint32_t)(8 * q_bytes));
    put_le32(&b, (uint32_t)(8 * j_bytes));
    if (is_private)
        put_le32(&b, (uint32_t)(8 * q_bytes));
    put_run_back(&b, COUNT, 4);
    put_run_back(&b, SEED, 20);
    put_run_back(&b, P, p_bytes);
    put_run_back(&b, Q, q_bytes);
    put_run_back(&b, G, p_bytes);
    put_run(&b, 0xEE, j_bytes);
    put_run_back(&b, Y, p_bytes);
    if (is_private)
        put_run_back(&b, X, q_bytes);
    return b;
}

static void test_v1(void **state)
{
    (void)state;
    static const struct {
        bool is_private;
        int form;
    } rows[] = {{false, DSA_FORM_PUBLIC},
                {false, DSA_FORM_ANY_PUBLIC},
                {true, DSA_FORM_PRIVATE},
                {true, DSA_FORM_ANY_PRIVATE}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct blob b = cng_v1(rows[i].is_private);
        assert_int_equal(b.n, 52 + 3 * V1 + (rows[i].is_private ? 20 : 0));
        struct dsa_view v;
        assert_int_equal(dsa_blob_decode(rows[i].form, blob_span(&b), &v), STATUS_SUCCESS);
        assert_false(v.v2);
        assert_int_equal(v.key_bytes, V1);
        assert_int_equal(v.group_bytes, 20);
        assert_true(is_run(v.p, P, V1) && is_run(v.g, G, V1) && is_run(v.y, Y, V1));
        assert_true(is_run(v.q, Q, 20) && v.seed.n == 20 && v.seed.p[0] == SEED);
        assert_false(v.seed_little);
        assert_int_equal(v.count[0], COUNT);
        assert_int_equal(v.count[3], COUNT + 3);
        assert_int_equal(v.x.n, rows[i].is_private ? 20 : 0);
        check_encoded(&b, dsa_blob_encode(rows[i].form, &v, w));
        check_cuts(decode, rows[i].form, &b, STATUS_INVALID_BUFFER_SIZE);
        check_trailing(decode, rows[i].form, &b, STATUS_INVALID_BUFFER_SIZE);
        check_length(decode, rows[i].form, &b, 4, STATUS_INVALID_BUFFER_SIZE,
                     STATUS_INVALID_BUFFER_SIZE);
    }
}

static void test_v2(void **state)
{
    (void)state;
    for (int is_private = 0; is_private < 2; is_private++) {
        int form = is_private ? DSA_FORM_PRIVATE : DSA_FORM_PUBLIC;
        struct blob b = cng_v2(is_private);
        struct dsa_view v;
        assert_int_equal(dsa_blob_decode(form, blob_span(&b), &v), STATUS_SUCCESS);
        assert_true(v.v2);
        assert_int_equal(v.hash, DSA_HASH_ALGORITHM_SHA256);
        assert_int_equal(v.standard, DSA_FIPS186_3);
        assert_int_equal(v.key_bytes, V2);
        assert_int_equal(v.group_bytes, 28);
        assert_true(is_run(v.p, P, V2) && is_run(v.g, G, V2) && is_run(v.y, Y, V2));
        assert_true(is_run(v.q, Q, 28) && v.seed.n == 32 && v.seed.p[31] == SEED + 31);
        if (is_private)
            assert_true(is_run(v.x, X, 28));
        check_encoded(&b, dsa_blob_encode(form, &v, w));
        check_cuts(decode, form, &b, STATUS_INVALID_BUFFER_SIZE);
        check_trailing(decode, form, &b, STATUS_INVALID_BUFFER_SIZE);
        check_length(decode, form, &b, 4, STATUS_INVALID_BUFFER_SIZE, STATUS_INVALID_BUFFER_SIZE);
        check_length(decode, form, &b, 16, STATUS_INVALID_BUFFER_SIZE, STATUS_INVALID_BUFFER_SIZE);
        check_length(decode, form, &b, 20, STATUS_INVALID_BUFFER_SIZE, STATUS_INVALID_PARAMETER);
        struct blob wrong = b;
        set_le32(&wrong, 8, 3); /* no such hash */
        assert_int_equal(decode_copy(decode, form, wrong.p, wrong.n), STATUS_INVALID_PARAMETER);
        wrong = b;
        set_le32(&wrong, 12, 2); /* no such standard */
        assert_int_equal(decode_copy(decode, form, wrong.p, wrong.n), STATUS_INVALID_PARAMETER);
    }
}

static void test_magics(void **state)
{
    (void)state;
    const struct blob blobs[] = {cng_v1(false), cng_v2(false), cng_v1(true), cng_v2(true)};
    for (size_t i = 0; i < ARRAY_COUNT(blobs); i++) {
        int wrong[] = {i < 2 ? DSA_FORM_PRIVATE : DSA_FORM_PUBLIC,
                       i < 2 ? DSA_FORM_ANY_PRIVATE : DSA_FORM_ANY_PUBLIC};
        for (size_t f = 0; f < 2; f++) {
            assert_int_equal(decode_copy(decode, wrong[f], blobs[i].p, blobs[i].n),
                             STATUS_INVALID_PARAMETER);
            assert_int_equal(decode_copy(decode, wrong[f], blobs[i].p, 4),
                             STATUS_INVALID_PARAMETER);
        }
        struct blob b = blobs[i];
        static const uint32_t foreign[] = {0, BCRYPT_DSA_PARAMETERS_MAGIC, BCRYPT_DH_PUBLIC_MAGIC,
                                           BCRYPT_MLDSA_PUBLIC_MAGIC};
        for (size_t f = 0; f < ARRAY_COUNT(foreign); f++) {
            set_le32(&b, 0, foreign[f]);
            assert_int_equal(decode_copy(decode, DSA_FORM_PUBLIC, b.p, b.n),
                             STATUS_INVALID_PARAMETER);
            assert_int_equal(decode_copy(decode, DSA_FORM_PRIVATE, b.p, b.n),
                             STATUS_INVALID_PARAMETER);
        }
    }
}

static void test_capi_v2(void **state)
{
    (void)state;
    for (int is_private = 0; is_private < 2; is_private++) {
        int form = is_private ? DSA_FORM_CAPI_V2_PRIVATE : DSA_FORM_CAPI_V2_PUBLIC;
        struct blob b = capi_v2(is_private);
        struct dsa_view v;
        assert_int_equal(dsa_blob_decode(form, blob_span(&b), &v), STATUS_SUCCESS);
        assert_false(v.v2);
        assert_int_equal(v.key_bytes, V1);
        assert_int_equal(v.group_bytes, 20);
        assert_true(is_run(v.p, P, V1) && is_run(v.q, Q, 20) && is_run(v.g, G, V1));
        assert_int_equal(v.x.n, is_private ? 20 : 0);
        assert_int_equal(v.y.n, is_private ? 0 : V1);
        assert_int_equal(v.count[0], COUNT);
        assert_int_equal(v.count[3], COUNT + 3);
        assert_true(v.seed_little && v.seed.n == 20 && v.seed.p[19] == SEED);
        check_encoded(&b, dsa_blob_encode(form, &v, w));
        check_cuts(decode, form, &b, STATUS_INVALID_BUFFER_SIZE);
        check_trailing(decode, form, &b, STATUS_INVALID_BUFFER_SIZE);
        check_field_bits(decode, form, &b, 4);
        check_field_bits(decode, form, &b, 8);
    }
    /* In CNG's layout counter and seed are turned round. */
    struct blob b = capi_v2(false), want = cng_v1(false);
    struct dsa_view v;
    assert_int_equal(dsa_blob_decode(DSA_FORM_CAPI_V2_PUBLIC, blob_span(&b), &v), STATUS_SUCCESS);
    check_encoded(&want, dsa_blob_encode(DSA_FORM_PUBLIC, &v, w));
    /* And back. */
    assert_int_equal(dsa_blob_decode(DSA_FORM_PUBLIC, blob_span(&want), &v), STATUS_SUCCESS);
    check_encoded(&b, dsa_blob_encode(DSA_FORM_CAPI_V2_PUBLIC, &v, w));
    /* No seed. */
    v.seed = (struct span){NULL, 0};
    memset(b.p + b.n - 24, 0xFF, 24);
    check_encoded(&b, dsa_blob_encode(DSA_FORM_CAPI_V2_PUBLIC, &v, w));
    memset(want.p + 8, 0xFF, 24);
    check_encoded(&want, dsa_blob_encode(DSA_FORM_PUBLIC, &v, w));
}

static void test_capi_v3(void **state)
{
    (void)state;
    static const struct {
        size_t p, q, j;
    } sizes[] = {{V1, 20, 0}, {V1, 20, 5}, {V2, 28, 0}, {V2, 32, 7}, {V2, 20, 0}, {V2, 40, 0}};
    static const uint32_t hashes[] = {0,
                                      0,
                                      DSA_HASH_ALGORITHM_SHA256,
                                      DSA_HASH_ALGORITHM_SHA256,
                                      DSA_HASH_ALGORITHM_SHA1,
                                      DSA_HASH_ALGORITHM_SHA512};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        for (int is_private = 0; is_private < 2; is_private++) {
            int form = is_private ? DSA_FORM_CAPI_V3_PRIVATE : DSA_FORM_CAPI_V3_PUBLIC;
            struct blob b = capi_v3(is_private, sizes[i].p, sizes[i].q, sizes[i].j);
            struct dsa_view v;
            assert_int_equal(dsa_blob_decode(form, blob_span(&b), &v), STATUS_SUCCESS);
            assert_int_equal(v.v2, sizes[i].p > 128);
            assert_int_equal(v.hash, hashes[i]);
            assert_int_equal(v.standard, sizes[i].p > 128 ? DSA_FIPS186_3 : DSA_FIPS186_2);
            assert_int_equal(v.group_bytes, sizes[i].q);
            assert_true(is_run(v.p, P, sizes[i].p) && is_run(v.q, Q, sizes[i].q));
            assert_true(is_run(v.g, G, sizes[i].p) && is_run(v.y, Y, sizes[i].p));
            assert_int_equal(v.x.n, is_private ? sizes[i].q : 0);
            struct blob again = capi_v3(is_private, sizes[i].p, sizes[i].q, 0);
            check_encoded(&again, dsa_blob_encode(form, &v, w));
            check_cuts(decode, form, &b, STATUS_INVALID_BUFFER_SIZE);
            check_trailing(decode, form, &b, STATUS_INVALID_BUFFER_SIZE);
            check_field_bits(decode, form, &b, 8);
        }
    }
    /* A q of no bits is a number that a key cannot have. */
    struct blob b = capi_v3(false, V1, 0, 0);
    assert_int_equal(decode_copy(decode, DSA_FORM_CAPI_V3_PUBLIC, b.p, b.n),
                     STATUS_INVALID_PARAMETER);
}

static void test_capi_lengths(void **state)
{
    (void)state;
    static const uint32_t bad[] = {0,       8,          9,           2048,       0xFFFF,
                                   0x10000, 0x7FFFFFFF, 0x80000000u, 0xFFFFFFF8, 0xFFFFFFFF};
    for (int is_private = 0; is_private < 2; is_private++) {
        const struct {
            int form;
            struct blob b;
            size_t end;
        } rows[] = {
            {is_private ? DSA_FORM_CAPI_V2_PRIVATE : DSA_FORM_CAPI_V2_PUBLIC, capi_v2(is_private),
             16},
            {is_private ? DSA_FORM_CAPI_V3_PRIVATE : DSA_FORM_CAPI_V3_PUBLIC,
             capi_v3(is_private, V1, 20, 5), is_private ? 28 : 24},
        };
        for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
            for (size_t at = 12; at < rows[i].end; at += 4) {
                for (size_t k = 0; k < ARRAY_COUNT(bad); k++) {
                    struct blob wrong = rows[i].b;
                    set_le32(&wrong, at, bad[k]);
                    assert_int_equal(decode_copy(decode, rows[i].form, wrong.p, wrong.n),
                                     STATUS_INVALID_BUFFER_SIZE);
                }
            }
        }
    }
}

/* Of the right size in all its fields, and yet without numbers. */
static void test_empty(void **state)
{
    (void)state;
    static const struct {
        struct blob head;
        int form;
        size_t n; /* bytes, zero behind the head */
    } rows[] = {
        {{"DSPB", 4}, DSA_FORM_PUBLIC, 8 + 4 + 20 + 20},
        {{"DSPV", 4}, DSA_FORM_PRIVATE, 8 + 4 + 20 + 20 + 20},
        {{"\6\2\0\0\0\x22\0\0DSS1", 12}, DSA_FORM_CAPI_V2_PUBLIC, 16 + 20 + 24},
        {{"\7\2\0\0\0\x22\0\0DSS2", 12}, DSA_FORM_CAPI_V2_PRIVATE, 16 + 20 + 20 + 24},
        {{"\6\3\0\0\0\x22\0\0DSS3", 12}, DSA_FORM_CAPI_V3_PUBLIC, 24 + 24},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct blob empty = {.n = rows[i].n};
        memcpy(empty.p, rows[i].head.p, rows[i].head.n);
        assert_int_equal(decode_copy(decode, rows[i].form, empty.p, empty.n),
                         STATUS_INVALID_BUFFER_SIZE);
    }
    struct blob params = {{0}, 0};
    put_le32(&params, 56);
    put_le32(&params, BCRYPT_DSA_PARAMETERS_MAGIC);
    put_le32(&params, 0);
    put_run(&params, COUNT, 4);
    put_run(&params, SEED, 20);
    put_run(&params, Q, 20);
    assert_int_equal(params.n, 56);
    assert_int_equal(decode_copy(decode_params, 0, params.p, params.n), STATUS_INVALID_PARAMETER);
}

/* CryptoAPI's version 2 has 20 bytes for q, its seed 20 in both versions. */
static void test_capi_cannot_hold(void **state)
{
    (void)state;
    struct blob b = cng_v2(true);
    struct dsa_view v;
    assert_int_equal(dsa_blob_decode(DSA_FORM_PRIVATE, blob_span(&b), &v), STATUS_SUCCESS);
    struct wr counted = wr_count();
    dsa_blob_encode(DSA_FORM_CAPI_V2_PRIVATE, &v, &counted);
    assert_true(counted.bad);
    struct blob v3 = capi_v3(true, V2, 28, 0);
    memset(v3.p + 28, 0xFF, 24); /* the 32-byte seed is left out */
    check_encoded(&v3, dsa_blob_encode(DSA_FORM_CAPI_V3_PRIVATE, &v, w));
}

static void test_params(void **state)
{
    (void)state;
    for (int v2 = 0; v2 < 2; v2++) {
        struct blob b = {{0}, 0};
        put_le32(&b, 0);
        put_le32(&b, v2 ? BCRYPT_DSA_PARAMETERS_MAGIC_V2 : BCRYPT_DSA_PARAMETERS_MAGIC);
        if (v2)
            put_v2_body(&b);
        else
            put_v1_body(&b);
        set_le32(&b, 0, (uint32_t)b.n);
        assert_int_equal(b.n, v2 ? 32 + 32 + 28 + 2 * V2 : 56 + 2 * V1);
        struct dsa_view v;
        assert_int_equal(dsa_params_decode(blob_span(&b), &v), STATUS_SUCCESS);
        assert_int_equal(v.v2, v2);
        assert_true(is_run(v.p, P, v.key_bytes) && is_run(v.g, G, v.key_bytes));
        assert_true(is_run(v.q, Q, v.group_bytes));
        check_encoded(&b, dsa_params_encode(&v, w));
        check_cuts(decode_params, 0, &b, STATUS_INVALID_PARAMETER);
        check_trailing(decode_params, 0, &b, STATUS_INVALID_PARAMETER);
        check_length(decode_params, 0, &b, 0, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER);
        check_length(decode_params, 0, &b, 8, STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER);
        if (v2) {
            check_length(decode_params, 0, &b, 20, STATUS_INVALID_PARAMETER,
                         STATUS_INVALID_PARAMETER);
            check_length(decode_params, 0, &b, 24, STATUS_INVALID_PARAMETER,
                         STATUS_INVALID_PARAMETER);
        }
        check_field_bits(decode_params, 0, &b, 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_v1),      cmocka_unit_test(test_v2),
        cmocka_unit_test(test_magics),  cmocka_unit_test(test_capi_v2),
        cmocka_unit_test(test_capi_v3), cmocka_unit_test(test_capi_lengths),
        cmocka_unit_test(test_empty),   cmocka_unit_test(test_capi_cannot_hold),
        cmocka_unit_test(test_params),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
