/* pq_blob.c: the one layout, its two widths of text, and what damaged blobs get. */
#include "blob_check.h"

#include "pq_blob.h"

enum { KEY = 0x21, KEY_BYTES = 64, STRICT = 0, LOOSE = 1 };

/* Forms STRICT and LOOSE: without and with bytes behind the key. */
static NTSTATUS decode(int form, struct span in)
{
    struct pq_view v, before;
    memset(&v, 0xA5, sizeof v);
    before = v;
    NTSTATUS status = pq_blob_decode(in, form == LOOSE, &v);
    if (status != STATUS_SUCCESS) {
        assert_memory_equal(&v, &before, sizeof v);
        return status;
    }
    touch_bytes(v.key.p, v.key.n);
    assert_true(strlen(v.set.s) < sizeof v.set.s);
    return status;
}

static struct blob make(const char *set, size_t unit)
{
    struct blob b = {{0}, 0};
    put_le32(&b, BCRYPT_MLKEM_PRIVATE_SEED_MAGIC);
    put_le32(&b, (uint32_t)((strlen(set) + 1) * unit));
    put_le32(&b, KEY_BYTES);
    for (size_t i = 0; i <= strlen(set); i++) {
        put_u8(&b, (uint8_t)set[i]);
        for (size_t k = 1; k < unit; k++)
            put_u8(&b, 0);
    }
    put_run(&b, KEY, KEY_BYTES);
    return b;
}

static void test_fields(void **state)
{
    (void)state;
    static const char *const sets[] = {"7", "44", "768", "1024", "SLH-DSA-SHAKE-256f"};
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        struct blob narrow = make(sets[i], 2);
        for (size_t unit = 2; unit <= 4; unit += 2) {
            struct blob b = make(sets[i], unit);
            struct pq_view v;
            assert_int_equal(pq_blob_decode(blob_span(&b), false, &v), STATUS_SUCCESS);
            assert_int_equal(v.magic, BCRYPT_MLKEM_PRIVATE_SEED_MAGIC);
            assert_string_equal(v.set.s, sets[i]);
            assert_int_equal(v.key.n, KEY_BYTES);
            assert_int_equal(v.key.p[0], KEY);
            /* Written as UTF-16, whatever was read. */
            check_encoded(&narrow, pq_blob_encode(&v, w));
        }
    }
}

static void test_any_magic(void **state)
{
    (void)state;
    struct blob b = make("65", 2);
    set_le32(&b, 0, 0x12345678);
    struct pq_view v;
    assert_int_equal(pq_blob_decode(blob_span(&b), false, &v), STATUS_SUCCESS);
    assert_int_equal(v.magic, 0x12345678);
}

static void test_trailing(void **state)
{
    (void)state;
    struct blob b = make("512", 2);
    check_trailing(decode, STRICT, &b, STATUS_INVALID_BUFFER_SIZE);
    check_trailing(decode, LOOSE, &b, STATUS_SUCCESS);
    struct blob longer = b;
    put_run(&longer, 0, 2);
    struct pq_view v;
    assert_int_equal(pq_blob_decode(blob_span(&longer), true, &v), STATUS_SUCCESS);
    assert_int_equal(v.key.n, KEY_BYTES);
    check_encoded(&b, pq_blob_encode(&v, w));
}

static void test_damage(void **state)
{
    (void)state;
    for (size_t unit = 2; unit <= 4; unit += 2) {
        struct blob b = make("768", unit);
        check_cuts(decode, STRICT, &b, STATUS_INVALID_BUFFER_SIZE);
        check_cuts(decode, LOOSE, &b, STATUS_INVALID_BUFFER_SIZE);
        check_length(decode, STRICT, &b, 4, STATUS_INVALID_BUFFER_SIZE, STATUS_INVALID_PARAMETER);
        check_length(decode, STRICT, &b, 8, STATUS_INVALID_BUFFER_SIZE, STATUS_INVALID_BUFFER_SIZE);
        check_length(decode, LOOSE, &b, 4, STATUS_INVALID_BUFFER_SIZE, STATUS_INVALID_PARAMETER);
        /* Lengths whose sum wraps. */
        set_le32(&b, 4, 0x80000000u + 8);
        set_le32(&b, 8, 0x80000000u + KEY_BYTES);
        assert_int_equal(decode_copy(decode, LOOSE, b.p, b.n), STATUS_INVALID_BUFFER_SIZE);
    }
}

/* The text of parameter sets that are none, with sizes that add up. */
static void test_bad_names(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        uint8_t text[12];
    } rows[] = {
        {0, {0}},                                     /* not even a NUL */
        {1, {0}},                                     /* half of one */
        {2, {0, 0}},                                  /* empty */
        {4, {0, 0, 0, 0}},                            /* empty, wide */
        {6, {'7', 0, '6', 0, '8', 0}},                /* no NUL */
        {5, {'7', 0, '6', 0, 0}},                     /* a NUL that is cut */
        {8, {'7', 0, 0, 0, '8', 0, 0, 0}},            /* wide, no NUL */
        {6, {'7', 0, 0, 0, '8', 0}},                  /* text behind the NUL */
        {6, {'7', 0, 0, 0, 0, 0}},                    /* a second NUL that makes no wide one */
        {6, {'7', 1, '6', 0, 0, 0}},                  /* not ASCII */
        {8, {'7', 0, 1, 0, 0, 0, 0, 0}},              /* not ASCII, wide */
        {12, {'7', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}, /* wide, two NULs */
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct blob b = {{0}, 0};
        put_le32(&b, BCRYPT_MLDSA_PUBLIC_MAGIC);
        put_le32(&b, (uint32_t)rows[i].n);
        put_le32(&b, KEY_BYTES);
        for (size_t k = 0; k < rows[i].n; k++)
            put_u8(&b, rows[i].text[k]);
        put_run(&b, KEY, KEY_BYTES);
        assert_int_equal(decode_copy(decode, STRICT, b.p, b.n), STATUS_INVALID_PARAMETER);
    }
    /* Longer than any identifier. */
    char longest[NAME_MAX_BYTES + 1];
    memset(longest, 'a', sizeof longest);
    for (size_t n = NAME_MAX_BYTES - 2; n <= NAME_MAX_BYTES; n++) {
        longest[n] = '\0';
        for (size_t unit = 2; unit <= 4; unit += 2) {
            struct blob b = make(longest, unit);
            assert_int_equal(decode_copy(decode, STRICT, b.p, b.n),
                             n < NAME_MAX_BYTES - 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
        }
        longest[n] = 'a';
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),    cmocka_unit_test(test_any_magic),
        cmocka_unit_test(test_trailing),  cmocka_unit_test(test_damage),
        cmocka_unit_test(test_bad_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
