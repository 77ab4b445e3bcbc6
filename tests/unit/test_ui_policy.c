/* ui_policy.c: a policy from a program's structure to the provider's block and back, and blocks that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ui_policy.h"

#include "ncrypt.h"
#include "ncrypt_provider.h"

static const uint16_t title16[] = {'T', 0x20AC, 0};
static const uint32_t title32[] = {'T', 0x20AC, 0};
static const uint32_t text32[] = {'d', 0x1F511, 0};

static struct in policy_of(NCRYPT_UI_POLICY *policy, const void *title, const void *description,
                           enum width w)
{
    *policy = (NCRYPT_UI_POLICY){.dwVersion = 1, .dwFlags = 2};
    policy->pszCreationTitle = title;
    policy->pszDescription = description;
    return (struct in){policy, sizeof *policy, w};
}

static void test_both_ways(void **state)
{
    (void)state;
    NCRYPT_UI_POLICY policy;
    struct in in = policy_of(&policy, title32, text32, WIDTH_32);
    SECRET block = {NULL, 0};
    assert_int_equal(ui_policy_encode(&in, &block), STATUS_SUCCESS);
    NCRYPT_UI_POLICY_BLOB head;
    memcpy(&head, block.p, sizeof head);
    assert_int_equal(head.dwFlags, 2);
    assert_int_equal(head.cbCreationTitle, sizeof title16);
    assert_int_equal(head.cbFriendlyName, 0);
    assert_int_equal(head.cbDescription, 8); /* a pair of surrogates */
    assert_int_equal(block.n, sizeof head + sizeof title16 + 8);
    assert_memory_equal(block.p + sizeof head, title16, sizeof title16);

    uint8_t back[128];
    uint32_t n;
    struct out o = {NULL, 0, &n, WIDTH_32};
    assert_int_equal(ui_policy_decode(secret_span(&block), &o), STATUS_SUCCESS);
    assert_int_equal(n, sizeof policy + sizeof title32 + sizeof text32);
    o = (struct out){back, n, &n, WIDTH_32};
    assert_int_equal(ui_policy_decode(secret_span(&block), &o), STATUS_SUCCESS);
    memcpy(&policy, back, sizeof policy);
    assert_int_equal(policy.dwVersion, 1);
    assert_null(policy.pszFriendlyName);
    assert_memory_equal(policy.pszCreationTitle, title32, sizeof title32);
    assert_memory_equal(policy.pszDescription, text32, sizeof text32);
    o.cap = n - 1;
    assert_int_equal(ui_policy_decode(secret_span(&block), &o), STATUS_BUFFER_TOO_SMALL);
}

static void test_structures_that_are_none(void **state)
{
    (void)state;
    static const uint16_t half[] = {0xD83D, 0};
    NCRYPT_UI_POLICY policy;
    SECRET block = {NULL, 0};
    struct in in = policy_of(&policy, half, NULL, WIDTH_16);
    assert_int_equal(ui_policy_encode(&in, &block), STATUS_INVALID_PARAMETER);
    in = policy_of(&policy, NULL, NULL, WIDTH_16);
    in.n--;
    assert_int_equal(ui_policy_encode(&in, &block), STATUS_INVALID_PARAMETER);
    in.n++;
    assert_int_equal(ui_policy_encode(&in, &block), STATUS_SUCCESS);
    assert_int_equal(block.n, sizeof(NCRYPT_UI_POLICY_BLOB));
}

/* Every block that is cut short, and every text that does not end where its size says. */
static void test_blocks_that_are_none(void **state)
{
    (void)state;
    NCRYPT_UI_POLICY policy;
    struct in in = policy_of(&policy, title16, title16, WIDTH_16);
    SECRET block = {NULL, 0};
    uint32_t n;
    const struct out o = {NULL, 0, &n, WIDTH_16};
    assert_int_equal(ui_policy_encode(&in, &block), STATUS_SUCCESS);
    for (size_t cut = 0; cut < block.n; cut++)
        assert_int_equal(ui_policy_decode(span_of(block.p, cut), &o), STATUS_INVALID_PARAMETER);
    static const uint32_t sizes[] = {1, 5, 4, 7, 0x7FFFFFFF, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memcpy(block.p + offsetof(NCRYPT_UI_POLICY_BLOB, cbCreationTitle), &sizes[i], 4);
        assert_int_equal(ui_policy_decode(secret_span(&block), &o), STATUS_INVALID_PARAMETER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_structures_that_are_none),
        cmocka_unit_test(test_blocks_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
