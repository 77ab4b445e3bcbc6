/* out.c: the size-query convention, strings in both widths, and values that are being set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "out.h"

static const enum width widths[] = {WIDTH_16, WIDTH_32};

/* Writers under test take no arguments; each fills `o`. */
typedef NTSTATUS (*writer)(const struct out *o);

static NTSTATUS write_bytes(const struct out *o)
{
    return out_bytes(o, "hello", 5);
}

static NTSTATUS write_nothing(const struct out *o)
{
    return out_bytes(o, NULL, 0);
}

static NTSTATUS write_u32(const struct out *o)
{
    return out_u32(o, 0x01020304);
}

static NTSTATUS write_pointer(const struct out *o)
{
    return out_pointer(o, widths);
}

static NTSTATUS write_string(const struct out *o)
{
    return out_string(o, "SHA256", 0);
}

static NTSTATUS write_filled_string(const struct out *o)
{
    return out_string(o, "ChainingModeN/A", 32);
}

static NTSTATUS write_long_string(const struct out *o)
{
    return out_string(o, "longer than four", 4);
}

static const char *const curve_names[] = {"curve25519", "nistP256", "x"};

static NTSTATUS write_names(const struct out *o)
{
    return out_names(o, curve_names, ARRAY_COUNT(curve_names));
}

static NTSTATUS write_no_names(const struct out *o)
{
    return out_names(o, NULL, 0);
}

/* Asks for the size, tries every smaller buffer, the exact one and a larger
 * one. The exact one is returned. */
static uint8_t *check_convention(writer write, enum width w, size_t want)
{
    uint32_t n = 0xEEEEEEEE;
    struct out query = {.p = NULL, .cap = 0, .result = &n, .width = w};
    assert_true(out_is_query(&query));
    assert_int_equal(write(&query), STATUS_SUCCESS);
    assert_int_equal(n, want);
    n = 0xEEEEEEEE;
    query.cap = 1; /* a query whatever the count says */
    assert_int_equal(write(&query), STATUS_SUCCESS);
    assert_int_equal(n, want);

    for (size_t cap = 0; cap < want; cap++) {
        uint8_t *small = malloc(cap + 1);
        assert_non_null(small);
        memset(small, 0xEE, cap + 1);
        n = 0;
        const struct out o = {.p = small, .cap = (uint32_t)cap, .result = &n, .width = w};
        assert_false(out_is_query(&o));
        assert_int_equal(write(&o), STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(n, want);
        for (size_t i = 0; i <= cap; i++)
            assert_int_equal(small[i], 0xEE);
        free(small);
    }

    uint8_t *large = malloc(want + 3);
    assert_non_null(large);
    memset(large, 0xEE, want + 3);
    n = 0;
    struct out o = {.p = large, .cap = (uint32_t)want + 3, .result = &n, .width = w};
    assert_int_equal(write(&o), STATUS_SUCCESS);
    assert_int_equal(n, want);
    for (size_t i = want; i < want + 3; i++)
        assert_int_equal(large[i], 0xEE);
    free(large);

    uint8_t *exact = malloc(want);
    assert_non_null(exact);
    n = 0;
    o = (struct out){.p = exact, .cap = (uint32_t)want, .result = &n, .width = w};
    assert_int_equal(write(&o), STATUS_SUCCESS);
    assert_int_equal(n, want);
    return exact;
}

static void test_values(void **state)
{
    (void)state;
    uint8_t *p = check_convention(write_bytes, WIDTH_16, 5);
    assert_memory_equal(p, "hello", 5);
    free(p);
    p = check_convention(write_nothing, WIDTH_16, 0);
    free(p);
    p = check_convention(write_u32, WIDTH_32, 4);
    static const uint32_t v = 0x01020304;
    assert_memory_equal(p, &v, sizeof v);
    free(p);
    p = check_convention(write_pointer, WIDTH_16, sizeof(void *));
    const void *at;
    memcpy(&at, p, sizeof at);
    assert_ptr_equal(at, widths);
    free(p);
}

static void check_text(const uint8_t *p, const char *want, size_t units, enum width w)
{
    for (size_t i = 0; i < units; i++) {
        uint16_t narrow = 0;
        uint32_t unit = 0;
        if (w == WIDTH_16) {
            memcpy(&narrow, p + i * w, sizeof narrow);
            unit = narrow;
        } else {
            memcpy(&unit, p + i * w, sizeof unit);
        }
        assert_int_equal(unit, i < strlen(want) ? (uint32_t)want[i] : 0);
    }
}

static void test_strings(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(widths); i++) {
        enum width w = widths[i];
        uint8_t *p = check_convention(write_string, w, 7 * (size_t)w);
        check_text(p, "SHA256", 7, w);
        free(p);
        p = check_convention(write_filled_string, w, 32 * (size_t)w);
        check_text(p, "ChainingModeN/A", 32, w);
        free(p);
        p = check_convention(write_long_string, w, 17 * (size_t)w);
        check_text(p, "longer than four", 17, w);
        free(p);
    }
}

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(widths); i++) {
        enum width w = widths[i];
        size_t size =
            sizeof(BCRYPT_ECC_CURVE_NAMES) + 3 * sizeof(void *) + (11 + 9 + 2) * (size_t)w;
        uint8_t *p = check_convention(write_names, w, size);
        BCRYPT_ECC_CURVE_NAMES head;
        memcpy(&head, p, sizeof head);
        assert_int_equal(head.dwEccCurveNames, 3);
        const uint8_t *table = (const uint8_t *)head.pEccCurveNames;
        for (size_t k = 0; k < 3; k++) {
            const uint8_t *name;
            memcpy(&name, table + k * sizeof name, sizeof name);
            assert_true(name >= p && name < p + size);
            check_text(name, curve_names[k], strlen(curve_names[k]) + 1, w);
        }
        free(p);
        free(check_convention(write_no_names, w, sizeof(BCRYPT_ECC_CURVE_NAMES)));
    }
}

static const uint8_t first_oid[] = {6, 1, 42}, second_oid[] = {6, 2, 43, 14};

static NTSTATUS write_oids(const struct out *o)
{
    const struct span oids[] = {span_of(first_oid, sizeof first_oid),
                                span_of(second_oid, sizeof second_oid)};
    return out_oids(o, oids, ARRAY_COUNT(oids));
}

static void test_oids(void **state)
{
    (void)state;
    size_t size = sizeof(BCRYPT_OID_LIST) + 2 * sizeof(BCRYPT_OID) + 7;
    uint8_t *p = check_convention(write_oids, WIDTH_16, size);
    BCRYPT_OID_LIST head;
    BCRYPT_OID oids[2];
    memcpy(&head, p, sizeof head);
    assert_int_equal(head.dwOIDCount, 2);
    assert_true((uint8_t *)head.pOIDs == p + sizeof head);
    memcpy(oids, p + sizeof head, sizeof oids);
    assert_true(oids[0].pbOID == p + sizeof head + sizeof oids);
    assert_int_equal(oids[0].cbOID, sizeof first_oid);
    assert_memory_equal(oids[0].pbOID, first_oid, sizeof first_oid);
    assert_true(oids[1].pbOID == oids[0].pbOID + sizeof first_oid);
    assert_int_equal(oids[1].cbOID, sizeof second_oid);
    assert_memory_equal(oids[1].pbOID, second_oid, sizeof second_oid);
    free(p);
}

#if SIZE_MAX > UINT32_MAX
static void test_too_much(void **state)
{
    (void)state;
    uint32_t n = 5;
    uint8_t *dst = NULL;
    const struct out o = {.p = NULL, .cap = 0, .result = &n, .width = WIDTH_16};
    assert_int_equal(out_begin(&o, (size_t)UINT32_MAX + 1, &dst), STATUS_INVALID_PARAMETER);
    assert_int_equal(n, 5);
    assert_int_equal(out_begin(&o, UINT32_MAX, &dst), STATUS_SUCCESS);
    assert_int_equal(n, UINT32_MAX);
    assert_null(dst);
}
#endif

static void test_in(void **state)
{
    (void)state;
    uint8_t bytes[6];
    uint32_t v = 0x01020304;
    memcpy(bytes + 1, &v, sizeof v);
    v = 7;
    struct in in = {bytes + 1, 4, WIDTH_16}; /* any alignment */
    assert_int_equal(in_u32(&in, &v), STATUS_SUCCESS);
    assert_int_equal(v, 0x01020304);
    static const uint32_t wrong[] = {0, 1, 2, 3, 5, 8, UINT32_MAX};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        v = 7;
        in.n = wrong[i];
        assert_int_equal(in_u32(&in, &v), STATUS_INVALID_PARAMETER);
        assert_int_equal(v, 7);
    }
    in = (struct in){NULL, 4, WIDTH_16};
    assert_int_equal(in_u32(&in, &v), STATUS_INVALID_PARAMETER);
    assert_int_equal(in_span(&in).n, 0);

    static const uint16_t narrow[] = {'n', 'i', 's', 't', 0};
    static const uint32_t wide[] = {'n', 'i', 's', 't', 0};
    struct name name;
    for (size_t units = 4; units <= 5; units++) {
        in = (struct in){narrow, (uint32_t)(2 * units), WIDTH_16};
        assert_int_equal(in_name(&in, &name), STATUS_SUCCESS);
        assert_string_equal(name.s, "nist");
        in = (struct in){wide, (uint32_t)(4 * units), WIDTH_32};
        assert_int_equal(in_name(&in, &name), STATUS_SUCCESS);
        assert_string_equal(name.s, "nist");
    }
    in = (struct in){NULL, 0, WIDTH_16};
    assert_int_equal(in_name(&in, &name), STATUS_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_oids),
#if SIZE_MAX > UINT32_MAX
        cmocka_unit_test(test_too_much),
#endif
        cmocka_unit_test(test_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
